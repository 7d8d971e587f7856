"""What nodes must show, worked out the obvious way: every node knows a set of entries, and what is left of a field is
what it knows and nothing that it knows names.

Of the program it takes one thing: the ids of entries, because ties stand by them.
"""

COUNTER_RANGE = 1000
CAUTION = {"green": 10, "yellow": 20, "red": 30}


class Operation:
    """One change of one slot: a field, a key of a map, or an element of a list."""

    def __init__(self, slot, verb, value=None, names=()):
        self.slot, self.verb, self.value, self.names = slot, verb, value, list(names)
        self.order = 1 + max((each.order for each in self.names), default=0)
        self.entry = None

    def rank(self):
        return (self.order, self.entry.id, self.entry.operations.index(self))


class Entry:
    """What one command wrote. `covers` are the entries that a delete names or has below it."""

    def __init__(self, record, operations, covers=()):
        self.record, self.operations, self.covers, self.id = record, operations, set(covers), None
        for operation in operations:
            operation.entry = self

    def only_deletes(self):
        return all(operation.verb == "delete" for operation in self.operations)


class Refused(Exception):
    """A command ends with this exit code and writes nothing."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Node:
    """What one node knows, and what its commands write. A command gives an entry, or None where nothing changes."""

    def __init__(self):
        self.known = []

    def learn(self, other):
        self.known += [entry for entry in other.known if entry not in self.known]

    # What is left

    def entries(self, record):
        return [entry for entry in self.known if entry.record == record]

    def left(self, record, slot):
        """The operations of a slot that nobody names, the one shown first."""
        all_of_it = [op for entry in self.entries(record) for op in entry.operations if op.slot == slot]
        named = {id(each) for op in all_of_it for each in op.names}
        return sorted((op for op in all_of_it if id(op) not in named), key=Operation.rank, reverse=True)

    def deletes(self, record):
        return [op for op in self.left(record, "existence") if op.verb == "delete"]

    def is_deleted(self, record):
        living = {entry for entry in self.entries(record) if not entry.only_deletes()}
        return any(living <= delete.entry.covers for delete in self.deletes(record))

    def is_contested(self, record):
        return bool(self.deletes(record)) and not self.is_deleted(record)

    def is_disputed(self, record, slot):
        return len({op.value for op in self.left(record, slot)}) > 1

    def members(self, record):
        return [op for op in self.left(record, "set") if op.verb == "add"]

    def total(self, record):
        return sum(op.value for op in self.left(record, "counter"))

    def state(self, record):
        """The most cautious of the states left."""
        return max((op.value for op in self.left(record, "state")), key=CAUTION.get, default=None)

    def elements(self, record):
        """The slots of the list's elements that are there."""
        slots = []
        for entry in self.entries(record):
            for op in entry.operations:
                if type(op.slot) is tuple and op.slot[0] == "list" and op.slot not in slots:
                    slots.append(op.slot)
        return [slot for slot in slots if any(op.verb == "put" for op in self.left(record, slot))]

    def element_values(self, record, slot):
        """The values of an element: what was put and has nothing put above it, the one shown first."""
        puts = [op for e in self.entries(record) for op in e.operations if op.slot == slot and op.verb == "put"]
        below = {id(other) for put in puts for other in below_of(put) if other.verb == "put"}
        return sorted((put for put in puts if id(put) not in below), key=Operation.rank, reverse=True)

    def shown(self, record):
        """What `show` must say, in a form that can be compared."""
        fields = {}
        for slot in ("soft", "hard", "map.fr"):
            left = self.left(record, slot)
            if left and left[0].value is not None:
                fields[slot] = left[0].value
        conflicts = {slot for slot in ("hard", "state") if self.is_disputed(record, slot)}
        notes = {slot for slot in ("soft", "map.fr") if self.is_disputed(record, slot)}
        elements = [self.element_values(record, slot) for slot in self.elements(record)]
        return {
            "deleted": self.is_deleted(record),
            "contested": sorted(op.entry.id for op in self.deletes(record)) if self.is_contested(record) else [],
            "fields": fields,
            "set": sorted({op.value for op in self.members(record)}),
            "counter": self.total(record) if self.left(record, "counter") else None,
            "state": self.state(record),
            "list": sorted(values[0].value for values in elements),
            "disputed elements": sorted(v[0].value for v in elements if len({op.value for op in v}) > 1),
            "conflicts": sorted(conflicts),
            "notes": sorted(notes),
        }

    # Commands

    def editable(self, record):
        if self.is_deleted(record):
            raise Refused(3)

    def write(self, record, *operations):
        return Entry(record, list(operations)) if operations else None

    def set_register(self, record, slot, value):
        self.editable(record)
        left = self.left(record, slot)
        if slot == "hard" and self.is_disputed(record, slot):
            raise Refused(5)
        if (left[0].value if left else None) == value:
            return None
        return self.write(record, Operation(slot, "write", value, left))

    def resolve(self, record, slot, value):
        return self.write(record, Operation(slot, "write", value, self.left(record, slot)))

    def step(self, record, state):
        self.editable(record)
        if self.is_disputed(record, "state"):
            raise Refused(5)
        if self.state(record) == state:
            return None
        return self.write(record, Operation("state", "write", state, self.left(record, "state")))

    def add_member(self, record, value):
        self.editable(record)
        if value in [op.value for op in self.members(record)]:
            return None
        return self.write(record, Operation("set", "add", value))

    def remove_member(self, record, value):
        self.editable(record)
        named = [op for op in self.members(record) if op.value == value]
        return self.write(record, Operation("set", "remove", None, named)) if named else None

    def count(self, record, difference):
        self.editable(record)
        if not -COUNTER_RANGE <= self.total(record) + difference <= COUNTER_RANGE:
            raise Refused(6)
        return self.write(record, Operation("counter", "delta", difference))

    def set_counter(self, record, number):
        self.editable(record)
        if self.left(record, "counter") and self.total(record) == number:
            return None
        return self.write(record, Operation("counter", "delta", number - self.total(record)))

    def put_element(self, record, slot, value):
        """A new element where the slot is new, else another value for it."""
        self.editable(record)
        values = self.element_values(record, slot)
        if len({op.value for op in values}) > 1:
            raise Refused(5)
        return self.write(record, Operation(slot, "put", value, self.left(record, slot)))

    def remove_element(self, record, slot):
        self.editable(record)
        return self.write(record, Operation(slot, "remove", None, self.left(record, slot)))

    def delete(self, record):
        if self.is_deleted(record):
            return None
        return Entry(record, [Operation("existence", "delete")], covers=self.entries(record))

    def restore(self, record):
        deletes = self.deletes(record)
        return self.write(record, Operation("existence", "restore", None, deletes)) if deletes else None

    def undo(self, record, entry):
        """Takes back an entry with one write of a register that is left."""
        (op,) = entry.operations
        all_of_it = [each for e in self.entries(record) for each in e.operations if each.slot == op.slot]
        own = [b for b in op.names if not any(b in each.names for each in all_of_it if each is not op)]
        beside = [each for each in self.left(record, op.slot) if each is not op]
        back = (own + beside + op.names)[:1]
        value = back[0].value if back else None
        if value == op.value:
            return None
        self.editable(record)
        return self.write(record, Operation(op.slot, "write", value, [op]))


def below_of(operation):
    """All that an operation names, and what these name, and so on."""
    below, todo = [], list(operation.names)
    while todo:
        each = todo.pop()
        if each not in below:
            below.append(each)
            todo += each.names
    return below
