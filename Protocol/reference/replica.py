"""What a node holds: chains, names and the export of runs (02, 03). Nothing is stored unless all of it is verified."""

import copy

from cbor import Refused
from entries import Charter, record_id
from segments import MAXIMUM_BYTES, MAXIMUM_ENTRIES, Member, Segment, decode_explicit, verify_chain, verify_contexts, verify_rest


class Entry:
    """An entry that is held. `table` has the logs that its chain has introduced; `fill` is that of its full segment."""

    def __init__(self, header, descriptor, parent, named, names, body, table, record, fill):
        self.header, self.descriptor, self.parent, self.body = header, descriptor, parent, body
        self.named, self.names, self.table, self.record, self.fill = named, names, table, record, fill
        self.id, self.seq, self.children = header.id, header.seq, []
        self.auth = header.auth if header.auth is not None or parent is None else parent.auth

    def chain(self):
        """Itself and all below, downwards."""
        entry = self
        while entry:
            yield entry
            entry = entry.parent

    def at_or_below(self, other):
        """Whether it is `other` or lies below it in its chain."""
        while other and other.seq > self.seq:
            other = other.parent
        return other is self

    def targets(self, index):
        """The (entry, operation index) that the refs of one operation name, in order."""
        first = len(self.named) - sum(len(op.refs) for op in self.header.ops[index:])
        refs = self.header.ops[index].refs
        return [(self.named[first + i], ref[2]) for i, ref in enumerate(refs)]


def names_an_entry(header):
    return type(header.record) is tuple and header.record[0] != "pair"


class Batch:
    """Segments that are taken in together: what one of them names may stand in another."""

    def __init__(self, replica, segments):
        self.replica, self.segments = replica, segments
        self.entries = {}
        self.next = [0] * len(segments)

    def held(self, entry):
        return self.entries.get(entry) or self.replica.entries.get(entry)

    def resolve(self):
        """Makes an entry of every member, in an order in which everything named comes first."""
        for segment in self.segments:
            verify_chain(segment)
        progress = True
        while progress:
            progress = False
            for i, segment in enumerate(self.segments):
                while self.next[i] < len(segment.members) and self.ready(segment.members[self.next[i]]):
                    self.add(segment, self.next[i])
                    self.next[i] += 1
                    progress = True
        for i, segment in enumerate(self.segments):
            if self.next[i] < len(segment.members):
                header = segment.members[self.next[i]].header
                if header.seq > 0 and self.held(header.prev) is None:
                    raise Refused("segment", "chain", "the entry before is not held")
                raise Refused("context", "context", "an entry named is not held")

    def ready(self, member):
        header = member.header
        return (header.seq == 0 or self.held(header.prev)) and all(self.held(name) for name in member.names)

    def add(self, segment, position):
        member, descriptor = segment.members[position], segment.descriptor
        header = member.header
        parent = self.held(header.prev) if header.seq > 0 else None
        if position == 0 and parent:
            verify_chain(segment, parent.header)
            if parent.descriptor.log != descriptor.log:
                raise Refused("segment", "chain", "prev stands in another log")
            if parent.header.following():
                raise Refused("segment", "chain", "the segment begins inside a transaction")
        fill = self.fill(segment, position, parent)
        segment.fills.append(fill)
        if self.held(header.id):
            return
        before = parent.table if parent else [descriptor.log]
        table = before + header.intro
        named = [self.held(name) for name in member.names]
        for (index, seq), entry in zip(header.names(), named):
            follow(index, seq, entry, table, descriptor.space)
        verify_contexts(Segment(descriptor, [member], None), before[1:])
        record = None
        if names_an_entry(header):
            record = named[0].record
        record = record_id(self.replica.network, descriptor.space, header, record)
        self.entries[header.id] = Entry(
            header, descriptor, parent, named, member.names, member.body, table, record, fill
        )

    def fill(self, segment, position, parent):
        """Entries and bytes of the full segment up to the end of the transaction; a run may not go beyond its end."""
        header = segment.members[position].header
        if parent and parent.header.following():
            return segment.fills[position - 1]
        transaction = [m.header for m in segment.members[position : position + header.following() + 1]]
        count, size = len(transaction), sum(h.size() for h in transaction)
        if parent and not begins(header, parent.fill, count, size):
            return (parent.fill[0] + count, parent.fill[1] + size)
        if position > 0:
            raise Refused("segment", "chain", "the segment goes on beyond the end of a full segment")
        return (count, size)


def begins(header, fill, count, size):
    """Whether a transaction begins a new full segment above one that is so full."""
    return header.auth is not None or fill[0] + count > MAXIMUM_ENTRIES or fill[1] + size > MAXIMUM_BYTES


def follow(index, seq, named, table, space):
    """One name must be of the log and sequence that the ref says, and in the space."""
    if index >= len(table):
        raise Refused("context", "context", "index")
    if named.descriptor.log != table[index] or named.seq != seq or named.descriptor.space != space:
        raise Refused("context", "context", "log, sequence or space")


class Replica:
    def __init__(self, charter):
        self.charter = Charter(charter)
        self.network = self.charter.id
        self.entries, self.seals = {}, {}

    def copy(self):
        """Another replica that holds the same; what one of them receives does not change the other."""
        other = copy.copy(self)
        other.entries, other.seals = {}, dict(self.seals)
        # Each comes after all that it follows and names.
        for entry in self.entries.values():
            twin = other.entries[entry.id] = copy.copy(entry)
            twin.named, twin.children = [other.entries[each.id] for each in entry.named], []
            if entry.parent:
                twin.parent = other.entries[entry.parent.id]
                twin.parent.children.append(twin)
        return other

    def receive(self, segments):
        """Verifies explicit segments, given in any order, and stores all of them or nothing."""
        decoded = [decode_explicit(data, self.network) for data in segments]
        batch = Batch(self, decoded)
        batch.resolve()
        for segment in decoded:
            verify_rest(segment)
        for entry in batch.entries.values():
            self.entries[entry.id] = entry
            if entry.parent:
                entry.parent.children.append(entry)
        for segment in decoded:
            self.seals[segment.members[-1].header.id] = segment.seal

    def export(self, inside):
        """The runs of explicit segments (03, Explicit form), ascending by log, first sequence and last id."""
        runs = []
        starts = [e for e in self.entries.values() if e.parent is None and inside(e)]
        while starts:
            runs += export_chain(starts.pop(), starts, inside)
        runs.sort(key=lambda run: (run[0].descriptor.log, run[0].seq, run[-1].id))
        return [self.encode_run(run) for run in runs]

    def encode_run(self, run):
        members = [Member(e.header, e.names, e.body) for e in run]
        return Segment(run[0].descriptor, members, self.seals[run[-1].id]).encode()


def export_chain(start, starts, inside):
    """The runs of one chain from `start` up; other branches met on the way are added to `starts`."""
    chain = [*start.chain()][::-1]
    first = len(chain) - 1
    while following := sorted((c for c in chain[-1].children if inside(c)), key=lambda c: c.id):
        chain.append(following[0])
        starts += following[1:]
    runs, size, position = [[]], 0, 0
    while position < len(chain):
        end = position + chain[position].header.following() + 1
        transaction = chain[position:end]
        added = sum(e.header.size() for e in transaction)
        if begins(transaction[0].header, (len(runs[-1]), size), len(transaction), added):
            runs.append([])
            size = 0
        runs[-1] += [(e, end > first) for e in transaction]
        size += added
        position = end
    kept = [[entry for entry, keep in run if keep] for run in runs]
    return [run for run in kept if run]
