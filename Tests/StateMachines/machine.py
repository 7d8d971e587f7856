"""Rules that drive three real nodes and a model side by side: after every step both must say the same."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from model import Entry, Node, Operation, Refused
from nodes import sync

NODES = st.sampled_from([0, 1, 2])
# Few of everything, so that what is written on one node meets what is written on another.
TEXTS = st.sampled_from(["one", "два"])
CHOICES = st.integers(0, 5)
STATES = st.sampled_from(["green", "yellow", "red"])
REGISTERS = st.sampled_from(["soft", "hard", "map.fr"])


class Nodes(RuleBasedStateMachine):
    """Writing to two records on three nodes that meet now and then."""

    # Set by run.py: real homes, which serve all examples one after the other.
    homes = []
    # How many commands were tried, and whether the nodes may have been left apart by an example that failed.
    steps, are_apart = 0, True

    def __init__(self):
        super().__init__()
        self.models = [Node() for _ in self.homes]
        self.elements = 0
        self.created = []

    # Beginning and end

    @initialize()
    def meet_before(self):
        if Nodes.are_apart:
            for home in [*self.homes[1:], self.homes[1]]:
                sync(home, self.homes[0])
        Nodes.are_apart = True

    def teardown(self):
        for home in self.homes:
            if home.server is None:
                home.serve()
        for index in (1, 2, 1):
            sync(self.homes[index], self.homes[0])
        Nodes.are_apart = False
        for index in (1, 2):
            self.models[0].learn(self.models[index])
        for model in self.models[1:]:
            model.known = list(self.models[0].known)
        digests = [home.digests() for home in self.homes]
        assert digests[0] == digests[1] == digests[2], f"nodes that met differ: {digests}"
        shown = []
        for index in range(len(self.homes)):
            for record in {entry.record for entry in self.models[index].known}:
                self.compare(index, record)
            shown.append(self.homes[index].call("list", "specimen"))
        assert shown[0] == shown[1] == shown[2], "nodes with equal digests list other records"

    # Commands

    def perform(self, node, record, expected, *words):
        """Runs a command; the model's `expected` gives the entry that it must write, or the refusal."""
        Nodes.steps += 1
        try:
            entry, code = expected(), 0
        except Refused as refusal:
            entry, code = None, refusal.code
        got, document, said = self.homes[node].run(*words)
        assert got == code, f"{' '.join(words)} ended with {got}, not {code}: {said}"
        if code == 0:
            assert (document["entry"] is None) == (entry is None), f"{' '.join(words)}: {document}"
        if entry is not None:
            entry.id = document["entry"]
            self.models[node].known.append(entry)
        self.compare(node, record)
        return entry

    def compare(self, node, record):
        document, said = self.homes[node].call("show", record), self.models[node].shown(record)
        fields = document["fields"]
        registers = {name: fields[name] for name in ("soft", "hard") if fields.get(name) is not None}
        if fields.get("map", {}).get("fr") is not None:
            registers["map.fr"] = fields["map"]["fr"]
        disputed = {name for name in document["conflicts"] if name.startswith("list.")}
        elements = fields.get("list", [])
        got = {
            "deleted": document["deleted"],
            "contested": sorted(document["contested"]),
            "fields": registers,
            "set": sorted(fields.get("set", [])),
            "counter": fields.get("counter"),
            "state": fields["state"]["state"] if fields.get("state") else None,
            "list": sorted(elements),
            "disputed elements": sorted(elements[int(name.removeprefix("list.")) - 1] for name in disputed),
            "conflicts": sorted(set(document["conflicts"]) - disputed),
            "notes": sorted(document["soft"]),
        }
        assert got == said, f"{self.homes[node].name} shows {got}, the model {said}"

    def record(self, node, choice):
        """A record that a node knows; where it knows none, it is told of one, or makes one."""
        known = [record for record in self.created if self.models[node].entries(record)]
        if not known and self.created and self.homes[0].server and node != 0:
            self.meet(node, 0)
            known = [record for record in self.created if self.models[node].entries(record)]
        return known[choice % len(known)] if known else self.create(node)

    def create(self, node):
        Nodes.steps += 1
        record = self.homes[node].call("new", "specimen", "soft=one", "hard=one", "state=green", "counter=0")["id"]
        operations = [
            Operation("soft", "write", "one"), Operation("hard", "write", "one"), Operation("state", "write", "green"),
            Operation("counter", "delta", 0),
        ]  # fmt: skip
        entry = Entry(record, operations)
        entry.id = self.homes[node].call("history", record)["entries"][0]["entry"]
        self.models[node].known.append(entry)
        self.created.append(record)
        self.compare(node, record)
        return record

    # Rules

    @rule(node=NODES)
    def new(self, node):
        if len(self.created) < 2:
            self.create(node)

    @rule(node=NODES, choice=CHOICES, slot=REGISTERS, value=st.none() | TEXTS)
    def write(self, node, choice, slot, value):
        record = self.record(node, choice)
        words = ["unset", record, slot] if value is None else ["set", record, f"{slot}={value}"]
        self.perform(node, record, lambda: self.models[node].set_register(record, slot, value), *words)

    @rule(node=NODES, choice=CHOICES, state=STATES)
    def step(self, node, choice, state):
        record = self.record(node, choice)
        self.perform(node, record, lambda: self.models[node].step(record, state), "set", record, f"state={state}")

    @rule(node=NODES, choice=CHOICES, value=TEXTS)
    def add(self, node, choice, value):
        record = self.record(node, choice)
        self.perform(node, record, lambda: self.models[node].add_member(record, value), "add", record, f"set={value}")

    @rule(node=NODES, choice=CHOICES, value=TEXTS)
    def remove(self, node, choice, value):
        record, model = self.record(node, choice), self.models[node]
        self.perform(node, record, lambda: model.remove_member(record, value), "remove", record, f"set={value}")

    @rule(node=NODES, choice=CHOICES, number=st.integers(1, 400), is_taking=st.booleans())
    def count(self, node, choice, number, is_taking):
        record, model = self.record(node, choice), self.models[node]
        verb, difference = ("remove", -number) if is_taking else ("add", number)
        self.perform(node, record, lambda: model.count(record, difference), verb, record, f"counter={number}")

    @rule(node=NODES, choice=CHOICES, number=st.integers(-1000, 1000))
    def set_counter(self, node, choice, number):
        record, model = self.record(node, choice), self.models[node]
        self.perform(node, record, lambda: model.set_counter(record, number), "set", record, f"counter={number}")

    @rule(node=NODES, choice=CHOICES)
    def append(self, node, choice):
        record, model = self.record(node, choice), self.models[node]
        # Values are never used twice, so that an element is known by what it shows.
        self.elements += 1
        value, slot = f"element {self.elements}", ("list", self.elements)
        self.perform(node, record, lambda: model.put_element(record, slot, value), "add", record, f"list={value}")

    def element(self, node, record, choice):
        """An element of a list, and its number as the node shows it; None where there is none."""
        model = self.models[node]
        slots = [] if model.is_deleted(record) else model.elements(record)
        if not slots:
            return None, None
        slot = slots[choice % len(slots)]
        shown = self.homes[node].call("show", record)["fields"]["list"]
        return slot, shown.index(model.element_values(record, slot)[0].value) + 1

    @rule(node=NODES, choice=CHOICES)
    def edit_element(self, node, choice):
        record, model = self.record(node, choice), self.models[node]
        slot, number = self.element(node, record, choice)
        if slot is None:
            return self.append(node, choice)
        self.elements += 1
        value = f"element {self.elements}"
        expected = lambda: model.put_element(record, slot, value)  # noqa: E731
        self.perform(node, record, expected, "set", record, f"list.{number}={value}")

    @rule(node=NODES, choice=CHOICES)
    def remove_element(self, node, choice):
        record, model = self.record(node, choice), self.models[node]
        slot, number = self.element(node, record, choice)
        if slot is not None and len({op.value for op in model.element_values(record, slot)}) == 1:
            self.perform(
                node, record, lambda: model.remove_element(record, slot), "unset", record, f"list.{number}"
            )

    @rule(node=NODES, choice=CHOICES)
    def delete(self, node, choice):
        record = self.record(node, choice)
        self.perform(node, record, lambda: self.models[node].delete(record), "delete", record)

    @rule(node=NODES, choice=CHOICES)
    def restore(self, node, choice):
        record = self.record(node, choice)
        self.perform(node, record, lambda: self.models[node].restore(record), "restore", record)

    @rule(node=NODES, choice=CHOICES)
    def resolve(self, node, choice):
        record, model = self.record(node, choice), self.models[node]
        disputed = [slot for slot in ("hard", "soft", "state") if model.is_disputed(record, slot)]
        if not disputed or model.is_deleted(record):
            return self.write(node, choice, "hard", "два")
        slot = disputed[choice % len(disputed)]
        left = model.left(record, slot)
        number = choice % len(left) + 1
        expected = lambda: model.resolve(record, slot, left[number - 1].value)  # noqa: E731
        self.perform(node, record, expected, "resolve", record, slot, "--keep", str(number))

    @rule(node=NODES, choice=CHOICES)
    def undo(self, node, choice):
        record, model = self.record(node, choice), self.models[node]
        entries = [
            entry for entry in model.entries(record)
            if len(entry.operations) == 1 and entry.operations[0].slot in ("soft", "hard", "map.fr")
            and entry.operations[0] in model.left(record, entry.operations[0].slot)
        ]  # fmt: skip
        if not entries or model.is_deleted(record):
            return self.write(node, choice, "soft", "два")
        entry = entries[choice % len(entries)]
        self.perform(node, record, lambda: model.undo(record, entry), "undo", entry.id)

    @rule(a=NODES, b=NODES)
    def meet(self, a, b):
        if a == b or self.homes[b].server is None:
            return
        Nodes.steps += 1
        sync(self.homes[a], self.homes[b])
        self.models[a].learn(self.models[b])
        self.models[b].learn(self.models[a])
        for record in {entry.record for entry in self.models[a].known}:
            self.compare(a, record)
            self.compare(b, record)

    @rule(node=NODES)
    def turn(self, node):
        """Off where it was on: commands then open the store themselves, and nobody reaches it."""
        home = self.homes[node]
        if home.server:
            home.stop()
        else:
            home.serve()
