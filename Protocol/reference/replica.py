"""What a node holds: chains, names and the export of runs (02, 03). Nothing is stored unless all of it is verified."""

from cbor import Refused
from entries import Charter, record_id
from segments import Member, Segment, decode_explicit, verify_chain, verify_contexts, verify_rest


class Entry:
    """An entry that is held. `table` and `paths` are those of its chain, itself included.

    `paths` has, for each index, the highest entry named through it; all others named through it lie below that one.
    """

    def __init__(self, header, descriptor, parent, named, names, body, table, paths, record):
        self.header, self.descriptor, self.parent, self.body = header, descriptor, parent, body
        self.named, self.names, self.table, self.paths, self.record = named, names, table, paths, record
        self.id, self.seq, self.children = header.id, header.seq, []
        self.auth = header.auth if header.auth is not None or parent is None else parent.auth
        self.root = parent.root if parent else self

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
        if self.held(header.id):
            return
        before = parent.table if parent else [descriptor.log]
        table, paths = before + header.intro, dict(parent.paths) if parent else {}
        named = [self.held(name) for name in member.names]
        for (index, seq), entry in zip(header.names(), named):
            follow(index, seq, entry, table, paths, parent, descriptor.space)
        verify_contexts(Segment(descriptor, [member], None), before[1:])
        record = None
        if names_an_entry(header):
            if names_an_entry(named[0].header):
                raise Refused("context", "context", "record names an entry that creates none")
            record = named[0].record
        record = record_id(self.replica.network, descriptor.space, header, record)
        self.entries[header.id] = Entry(
            header, descriptor, parent, named, member.names, member.body, table, paths, record
        )


def follow(index, seq, named, table, paths, parent, space):
    """One name must be of the log and sequence that the ref says, in the space, and on the path of its index."""
    if index >= len(table):
        raise Refused("context", "context", "index")
    fits = named.descriptor.log == table[index] and named.seq == seq and named.descriptor.space == space
    if fits and index == 0:
        fits = parent is not None and named.at_or_below(parent)
    elif fits and index in paths:
        fits = named.at_or_below(paths[index]) or paths[index].at_or_below(named)
    if not fits:
        raise Refused("context", "context", "log, sequence or path")
    if index not in paths or paths[index].seq < named.seq:
        paths[index] = named


class Replica:
    def __init__(self, charter):
        self.charter = Charter(charter)
        self.network = self.charter.id
        self.entries, self.seals = {}, {}

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
        if transaction[0].header.auth or len(runs[-1]) + len(transaction) > 256 or size + added > 49152:
            runs.append([])
            size = 0
        runs[-1] += [(e, end > first) for e in transaction]
        size += added
        position = end
    kept = [[entry for entry, keep in run if keep] for run in runs]
    return [run for run in kept if run]
