"""Authority (05) and merging (04): pure functions of the entries that a replica holds. Everything is worked out anew."""

import functools

from crypto import H
from entries import CONTROL, COUNTER, EXISTENCE, LIST, MAP, MERGED, REGISTER, REMARK, WORKFLOW
from statements import Admission, Opening, statement_of

APPLIED, QUARANTINED, NOT_UNDERSTOOD = "applied", "quarantined", "not understood"


def life(entry):
    """The incarnation in whose log an entry stands."""
    return (entry.descriptor.key, entry.descriptor.incarnation)


class Judgement:
    """Which admissions stand, and what becomes of every entry."""

    def __init__(self, replica):
        self.replica, self.charter = replica, replica.charter
        control = [e for e in replica.entries.values() if e.descriptor.log_class == CONTROL]
        self.statements = {e.id: statement_of(e.header) for e in control}
        # Lives that an opening which counts has opened, and admissions that stand: both only ever grow.
        self.opened, self.standing, self.founder, self.sector = set(), set(), None, None
        self.open(control)
        founders = [e.id for e in control if self.given_by_root(e) and self.statements[e.id].organisation is None]
        if founders:
            self.founder = min(founders)
            self.sector = self.statements[self.founder].organisation_id(self.charter.id)
        while self.admit(control) or self.open(control):
            pass
        self.inside_data = {}
        data = [e for e in replica.entries.values() if e.descriptor.log_class != CONTROL]
        for entry in sorted(data, key=lambda e: e.seq):
            below = entry.parent is None or self.inside_data[entry.parent.id]
            self.inside_data[entry.id] = below and self.whole(entry)

    def open(self, control):
        """Opens the lives whose openings count by now; whether there are more than before."""
        before = len(self.opened)
        for entry in control:
            if type(self.statements[entry.id]) is Opening:
                if entry.descriptor.key in self.charter.root_keys or self.grant(entry) is not None:
                    self.opened.add(life(entry))
        return len(self.opened) > before

    def admit(self, control):
        """Lets the admissions stand that may be given by now; whether there are more than before."""
        before = len(self.standing)
        self.standing |= {e.id for e in control if type(self.statements[e.id]) is Admission and self.may_stand(e)}
        return len(self.standing) > before

    def given_by_root(self, entry):
        """An admission of rank 1 by a root key, in a log whose opening counts."""
        admission = self.statements[entry.id]
        return (
            type(admission) is Admission
            and entry.auth is None
            and entry.descriptor.key in self.charter.root_keys
            and admission.rank == 1
            and life(entry) in self.opened
        )

    def grant(self, entry):
        """The admission under which an entry is written, if it stands and is for the key of the log."""
        if entry.auth not in self.standing:
            return None
        admission = self.statements[entry.auth]
        return admission if admission.signing_key == entry.descriptor.key else None

    def may_stand(self, entry):
        """Whether the writer of an admission may give it, as far as is known."""
        admission = self.statements[entry.id]
        if self.given_by_root(entry):
            return entry.id == self.founder or admission.organisation == self.sector
        above = self.grant(entry)
        if above is None or life(entry) not in self.opened:
            return False
        own = admission.organisation == above.organisation_id(self.charter.id)
        if above.rank == 1:
            return (admission.rank == 2 and admission.organisation is None) or (admission.rank == 3 and own)
        return above.rank == 2 and admission.rank == 3 and own

    @functools.cache
    def whole(self, entry):
        """Whether the entry has a grant, and so have the rest of its transaction on one branch at least."""
        rest = entry.header.following()
        if life(entry) not in self.opened:
            return False
        return self.grant(entry) is not None and (rest == 0 or any(self.whole(c) for c in entry.children))

    def inside(self, entry):
        """Whether the entry is inside the frontier."""
        if entry.descriptor.log_class == CONTROL:
            return life(entry) in self.opened
        return self.inside_data[entry.id]

    def verdict(self, entry):
        if not self.inside(entry):
            return QUARANTINED
        if not entry.header.understood():
            return NOT_UNDERSTOOD
        if entry.descriptor.log_class != CONTROL and self.grant(entry).rule_set != 1:
            return NOT_UNDERSTOOD
        return APPLIED

    def frontier(self, space):
        """The heads of each log of a space, {log id: [head id]}, and the digest over them."""
        heads = {}
        for entry in self.replica.entries.values():
            if entry.descriptor.space == space and self.inside(entry) and not any(map(self.inside, entry.children)):
                heads.setdefault(entry.descriptor.log, []).append(entry.id)
        rows = [[log, sorted(ids)] for log, ids in sorted(heads.items())]
        return rows, H("liaison frontier", rows)

    def not_understood(self):
        """The count of 04, Counts."""
        count = 0
        for entry in self.replica.entries.values():
            verdict = self.verdict(entry)
            unmerged = any(op.type not in MERGED for op in entry.header.ops)
            count += verdict == NOT_UNDERSTOOD or (verdict == APPLIED and unmerged)
        return count

    def policy_state(self):
        """The `state` of `policy`: every statement inside the frontier."""
        control = [e for e in self.replica.entries.values() if e.descriptor.log_class == CONTROL and self.inside(e)]
        return sum_of(term(e.record, 0, e.id, 0) for e in control)


def term(record, field, entry, index):
    return int.from_bytes(H("liaison state", [record, field, entry, index]), "big")


def sum_of(terms):
    return (sum(terms) % 2**256).to_bytes(32, "big")


class Merge:
    """The data of one space. An operation is named by (entry id, index)."""

    def __init__(self, judgement, space):
        self.judgement = judgement
        held = judgement.replica.entries.values()
        self.entries = {e.id: e for e in held if e.descriptor.space == space and e.descriptor.log_class != CONTROL}
        self.applied = {e.id for e in self.entries.values() if judgement.verdict(e) == APPLIED}
        self.records = {self.entries[e].record for e in self.applied}
        replaced = set()
        for entry in self.applied:
            for index in range(len(self.entries[entry].header.ops)):
                replaced |= self.reach((entry, index))
        self.orders = {}
        # Entries stand in the order in which they were taken in, so all that one names comes before it.
        for entry in self.entries.values():
            for index in range(len(entry.header.ops)):
                below = [self.orders[target] for target in self.names((entry.id, index))]
                self.orders[entry.id, index] = 1 + max(below, default=0)
        self.left = {
            (e, i) for e in self.applied for i in range(len(self.entries[e].header.ops)) if (e, i) not in replaced
        }

    def op(self, name):
        return self.entries[name[0]].header.ops[name[1]]

    def field_key(self, name):
        """Record, field and key: operations that share them can replace each other."""
        op = self.op(name)
        key = None if op.key() is None else (type(op.key()), op.key())
        return (self.entries[name[0]].record, op.field, key)

    @functools.cache
    def names(self, name):
        """The operations that the refs of this one name to replace them."""
        op = self.op(name)
        if op.type == REMARK or op.is_delete():
            return []
        found = []
        for entry, index in self.entries[name[0]].targets(name[1]):
            target = (entry.id, index)
            if index < len(entry.header.ops) and self.field_key(target) == self.field_key(name):
                if self.op(target).type != REMARK:
                    found.append(target)
        return found

    def reach(self, name):
        """All that an operation replaces: what it names, and on through operations that are not applied."""
        reached, todo = set(), [name]
        while todo:
            for target in self.names(todo.pop()):
                if target not in reached:
                    reached.add(target)
                    if target[0] not in self.applied:
                        todo.append(target)
        return reached

    def rank(self, name):
        return (self.orders[name], name[0], name[1])

    def shown(self):
        """For each register, map key and workflow: {(record, field, key, type): operation shown}."""
        groups = {}
        for name in self.left:
            if self.op(name).type in (REGISTER, MAP, WORKFLOW):
                groups.setdefault(self.field_key(name) + (self.op(name).type,), []).append(name)
        return {group: max(names, key=self.rank) for group, names in groups.items()}

    def behaves(self):
        """For each workflow: {(record, field): number of the state it behaves as}."""
        result = {}
        for (record, field, _, type_), top in self.shown().items():
            if type_ == WORKFLOW:
                steps = [n for n in self.left if self.field_key(n)[:2] == (record, field) and self.op(n).type == WORKFLOW]
                caution = max(self.op(n).shape[2] for n in steps)
                states = [self.op(n).shape[1] for n in steps if self.op(n).shape[2] == caution]
                result[record, field] = (
                    self.op(top).shape[1] if self.op(top).shape[1] in states else max(states)
                )
        return result

    def counters(self):
        """For each counter with a delta left: {(record, field): the sum that is shown}."""
        sums = {}
        for name in self.left:
            if self.op(name).type == COUNTER:
                field = self.field_key(name)[:2]
                sums[field] = sums.get(field, 0) + self.op(name).shape
        return {field: max(-(2**63), min(2**63 - 1, total)) for field, total in sums.items()}

    def lists(self):
        """For each list with something to show its elements in order: {(record, field): [Element]}."""
        steps = [
            (entry, index) for entry in self.entries for index, op in enumerate(self.entries[entry].header.ops)
            if op.type == LIST
        ]  # fmt: skip
        reached = {
            name: {target for target in self.reach(name) if self.op(target).type == LIST}
            for name in steps if name[0] in self.applied
        }  # fmt: skip
        shown = {}
        for members in joined(reached):
            element = Element(self, members, reached)
            if element.is_there():
                shown.setdefault(self.field_key(min(members))[:2], []).append(element)
        return {field: sorted(elements, key=lambda e: (e.position, e.beginning)) for field, elements in shown.items()}

    def value(self, name):
        """The encoded value of an operation that carries one; None if it was erased."""
        entry = self.entries[name[0]]
        return entry.body.value(sum(op.carries_value() for op in entry.header.ops[: name[1]]))

    def deletion(self):
        """The records that are deleted, and those that are contested."""
        deleted, contested = set(), set()
        deletes = {}
        for name in self.left:
            if self.op(name).is_delete():
                deletes.setdefault(self.entries[name[0]].record, []).append(name)
        for record, standing in deletes.items():
            matter = [
                e for e in self.entries.values()
                if e.record == record and e.id in self.applied and not all(op.is_delete() for op in e.header.ops)
            ]  # fmt: skip
            whole = any(all(self.covers(name, e) for e in matter) for name in standing)
            (deleted if whole else contested).add(record)
        return deleted, contested

    def covers(self, name, entry):
        return any(entry.at_or_below(target) for target, _ in self.entries[name[0]].targets(name[1]))

    def state(self):
        return sum_of(term(self.entries[e].record, self.op((e, i)).field, e, i) for e, i in self.left)


def joined(reached):
    """The sets of operations that hang together through what they reach."""
    groups = []
    for name, targets in reached.items():
        group = {name} | targets
        apart = []
        for other in groups:
            if group & other:
                group |= other
            else:
                apart.append(other)
        groups = apart + [group]
    return groups


class Element:
    """One element of a list: `members` are all its operations, named by (entry id, index)."""

    def __init__(self, merge, members, reached):
        self.merge, self.members, self.reached = merge, members, reached
        self.values = self.topmost(0)
        if self.values:
            moves = self.topmost(1)
            self.position = merge.op((moves or self.values)[0]).shape[1]
            self.beginning = min(n for n in members if not any(merge.op(t).type == LIST for t in merge.names(n)))

    def is_there(self):
        left = [name for name in self.members if name in self.merge.left]
        return bool(self.values) and any(self.merge.op(name).shape[0] != 2 for name in left)

    def topmost(self, action):
        """The applied operations with this action above which no other one lies, the greatest first."""
        such = [n for n in self.members if n in self.reached and self.merge.op(n).shape[0] == action]
        top = [n for n in such if not any(n in self.above(other) for other in such)]
        return sorted(top, key=self.merge.rank, reverse=True)

    def above(self, name):
        """All operations that `name` lies above."""
        below, todo = set(), [name]
        while todo:
            for target in self.reached.get(todo.pop(), ()):
                if target not in below:
                    below.add(target)
                    todo.append(target)
        return below

    def disputed(self):
        """Whether values that can be seen differ."""
        return len({self.merge.value(name) for name in self.values} - {None}) > 1


def summary(replica):
    """What `state` prints."""
    judgement = Judgement(replica)
    spaces = []
    for space in ("net", "policy"):
        merge = Merge(judgement, space)
        entries = [e for e in replica.entries.values() if e.descriptor.space == space and judgement.inside(e)]
        spaces.append(
            {
                "space": space,
                "records": len(merge.records),
                "entries": len(entries),
                "frontier": judgement.frontier(space)[1].hex(),
                "state": (merge.state() if space == "net" else judgement.policy_state()).hex(),
            }
        )
    quarantined = sum(judgement.verdict(e) == QUARANTINED for e in replica.entries.values())
    return {
        "network": replica.network.hex(),
        "spaces": spaces,
        "quarantined": quarantined,
        "notUnderstood": judgement.not_understood(),
    }
