"""Seals, explicit and compact segments: 03-segments.md."""

import zstandard

import statements
from cbor import Map, Reader, Refused, encode, head
from crypto import H, verify
from entries import (
    CONTROL, DATA, MAXIMUM_BODY, MAXIMUM_SEQUENCE, STATEMENT, TIME, Body, Descriptor, Header, body_commit_of, context_of, descend, encode_header,
    node_of, read_extension, read_operations, read_record, record_form, verify_body,
)  # fmt: skip

MAXIMUM_ENTRIES, MAXIMUM_BYTES = 256, 49152
MAXIMUM_EXPANDED, MAXIMUM_ENCODED = 524288, 1048576


def seal_message(log, seq, entry):
    return encode(["liaison seal", log, seq, entry])


def verify_seal(key, log, seq, entry, seal):
    if not verify(key, seal_message(log, seq, entry), seal):
        raise Refused("seal", "seal")


class Member:
    """One entry of a segment: header, ids of the entries named, body or None."""

    def __init__(self, header, names, body):
        self.header, self.names, self.body = header, names, body


class Segment:
    """A decoded segment: descriptor, members, seal."""

    def __init__(self, descriptor, members, seal):
        self.descriptor, self.members, self.seal = descriptor, members, seal
        # How full the full segment of each member is, as it is placed (replica.py).
        self.fills = []

    def encode(self):
        """The explicit form."""
        rows = [[m.header.raw, m.names, m.body.form() if m.body else None] for m in self.members]
        return encode([0, self.descriptor.form(), rows, self.seal])


def refuse(error, why=""):
    raise Refused("segment", error, why)


def check_run(members):
    """Size and order of transactions of a run that is a whole segment."""
    if sum(m.header.size() for m in members) > MAXIMUM_BYTES:
        refuse("tooLarge")
    expected = None
    for position, member in enumerate(members):
        following = member.header.following()
        if expected is not None and following != expected:
            refuse("chain", "count of a transaction")
        if position and member.header.auth is not None:
            refuse("chain", "a grant is stated within the segment")
        expected = following - 1 if following else None
    if expected is not None:
        refuse("chain", "the segment ends inside a transaction")


def check_class(descriptor, members):
    """What stands in control logs and what in data logs."""
    if (descriptor.space, descriptor.log_class) not in (("policy", CONTROL), ("net", DATA)):
        refuse("invalid", "space or class")
    for header in (m.header for m in members if m.header.understood()):
        if descriptor.log_class == DATA:
            if any(op.type == STATEMENT for op in header.ops):
                refuse("invalid", "statement in a data log")
        else:
            statements.check(header, descriptor)


def decode_explicit(data, network):
    """Form, headers, order of transactions, size."""
    if len(data) > MAXIMUM_ENCODED:
        refuse("tooLarge")
    reader = Reader(data, "segment")
    reader.array(4)
    reader.uint(0)
    descriptor = Descriptor.read(reader, network)
    members = [read_member(reader) for _ in range(reader.array(1, MAXIMUM_ENTRIES))]
    seal = reader.bytes(64)
    reader.finish()
    check_run(members)
    check_class(descriptor, members)
    return Segment(descriptor, members, seal)


def read_member(reader):
    reader.array(3)
    header = Header(reader.bytes(0, 2**32))
    names = [reader.bytes(32) for _ in range(reader.array(0, 2**32))]
    body = read_body(reader)
    if len(names) != len(header.names()):
        refuse("invalid", "number of names")
    return Member(header, names, body)


def read_body(reader):
    if reader.null():
        return None
    reader.array(2)
    if not reader.null():
        leaf = reader.bytes(16)
        return Body(leaf, [reader.bytes(0, 2**32) for _ in range(reader.array(1, 256))])
    parts = [read_part(reader, lambda: reader.bytes(0, 2**32)) for _ in range(reader.array(1, 256))]
    check_parts(parts)
    return Body(None, parts=parts)


def read_part(reader, read_value):
    if reader.peek() == 2:
        return reader.bytes(32)
    reader.array(2)
    return (reader.bytes(16), read_value())


def check_parts(parts):
    if not any(type(part) is bytes for part in parts):
        refuse("invalid", "single salts though nothing was erased")


def verify_chain(segment, before=None):
    """The chain within a segment, and to `before`, the header of the entry before the first, if it is known."""
    log, first = segment.descriptor.log, segment.members[0].header
    if first.seq == 0 and first.prev != log:
        refuse("chain", "prev of the first entry")
    if before is not None and (first.prev != before.id or first.seq != before.seq + 1):
        refuse("chain", "prev of the segment")
    for a, b in zip(segment.members, segment.members[1:]):
        if b.header.prev != a.header.id or b.header.seq != a.header.seq + 1:
            refuse("chain")


def verify_contexts(segment, table):
    """The context of every entry; `table` has the log ids introduced before the segment, index 1 first."""
    logs = [segment.descriptor.log] + list(table)
    for member in segment.members:
        logs += member.header.intro
        pairs = member.header.names()
        if any(index >= len(logs) for index, _ in pairs):
            raise Refused("context", "context", "index")
        triples = [(logs[index], seq, name) for (index, seq), name in zip(pairs, member.names)]
        if context_of(triples) != member.header.context:
            raise Refused("context", "context")


def verify_rest(segment):
    """Commitments and seal."""
    for member in segment.members:
        verify_body(member.header, member.body)
    last, descriptor = segment.members[-1].header, segment.descriptor
    verify_seal(descriptor.key, descriptor.log, last.seq, last.id, segment.seal)


def verify_alone(segment, before=None, table=()):
    """Everything that can be said without a replica."""
    verify_chain(segment, before)
    verify_contexts(segment, table)
    verify_rest(segment)


# Compact form


def compact_rows(segment):
    rows, time = [], 0
    for member in segment.members:
        h = member.header
        if h.version != 1:
            raise ValueError("an entry of another version travels in explicit form")
        row = [h.flags, h.auth, h.intro, h.time - time, record_form(h.record), [op.form() for op in h.ops]]
        parts = encode(row)[1:]
        if member.body is None:
            parts += encode([])
        elif member.body.leaf is not None:
            parts += head(4, len(member.body.values)) + b"".join(member.body.values)
        else:
            singles = [
                encode(part) if type(part) is bytes else head(4, 2) + encode(part[0]) + part[1]
                for part in member.body.parts
            ]
            parts += head(5, 2) + encode(0) + head(4, len(singles)) + b"".join(singles) + encode(1) + encode(h.body_size)
        if h.ext is not None:
            parts += encode(h.ext)
        rows.append(head(4, 7 if h.ext is None else 8) + parts)
        time = h.time
    return head(4, len(rows)) + b"".join(rows)


def check_of(prev, contexts):
    return H("liaison segment", prev + b"".join(c for c in contexts if c is not None))[:8]


def covered(level, seq):
    """The sequence numbers of the leaves under the node of `level` above the leaf of `seq`."""
    width = 1 << (8 - level)
    return range(seq - seq % width, seq - seq % width + width)


def seeds_for(segment, roots=None):
    """The fewest seeds, from roots by block number; without roots the leaves that the segment holds."""
    seqs = {m.header.seq: m for m in segment.members}
    needed = [s for s, m in seqs.items() if m.body and m.body.leaf is not None]
    allowed = {s for s, m in seqs.items() if m.body is None or m.body.leaf is not None}
    done, seeds = set(), []
    for seq in needed:
        if seq in done:
            continue
        levels = range(9) if roots else [8]
        level = next(l for l in levels if all(s in allowed and s not in done for s in covered(l, seq)))
        done.update(covered(level, seq))
        node = node_of(roots[seq // 256], level, seq % 256) if roots else seqs[seq].body.leaf
        seeds.append(bytes([level]) + node)
    return seeds


def encode_compact(segment, method=0, roots=None):
    """The compact form; the payload is the same for both methods."""
    contexts = [m.header.context for m in segment.members]
    first = segment.members[0].header
    payload = head(4, 5) + encode(first.seq) + encode(check_of(first.prev, contexts))
    payload += encode(seeds_for(segment, roots)) + compact_rows(segment) + encode(segment.seal)
    if method == 1:
        payload = zstandard.ZstdCompressor(level=3).compress(payload)
    return bytes([1, method]) + payload


def inflate(payload):
    """One frame with a declared size within the limit, and nothing after it."""
    if payload[:4] != bytes.fromhex("28b52ffd"):
        refuse("invalid", "no zstd frame")
    try:
        declared = zstandard.get_frame_parameters(payload)
        size = zstandard.frame_content_size(payload)
        if size < 0:
            refuse("invalid", "no declared size")
        if size > MAXIMUM_EXPANDED:
            refuse("tooLarge")
        if declared.dict_id:
            refuse("invalid", "dictionary")
        expanded = zstandard.ZstdDecompressor().decompress(payload, allow_extra_data=False)
    except zstandard.ZstdError as error:
        refuse("invalid", str(error))
    if len(expanded) != size:
        refuse("invalid", "inflated size")
    return expanded


class Row:
    """One row of a compact segment."""

    def __init__(self, reader, time):
        elements = reader.array(7, 8)
        self.flags = reader.uint()
        self.auth = None if reader.null() else reader.bytes(32)
        self.intro = [reader.bytes(32) for _ in range(reader.array(0, 256))]
        delta = reader.int()
        self.time = time + delta
        if not TIME[0] <= self.time <= TIME[1]:
            reader.refuse("outOfRange", "time")
        self.record = read_record(reader)
        self.ops = read_operations(reader)
        self.values, self.parts, self.size = [], None, None
        if reader.peek() == 5:
            reader.count(5, 2, 2)
            reader.uint(0)
            self.parts = [read_part(reader, reader.raw_item) for _ in range(reader.array(1, 256))]
            check_parts(self.parts)
            reader.uint(1, 1)
            self.size = reader.uint(MAXIMUM_BODY)
        else:
            self.values = [reader.raw_item() for _ in range(reader.array(0, 256))]
            self.size = len(head(4, len(self.values))) + sum(map(len, self.values)) if self.values else 0
        self.ext = read_extension(reader) if elements == 8 else None


def spread_seeds(first, rows, seeds):
    """The leaf of each entry that needs one, by sequence number."""
    needed = [first + i for i, row in enumerate(rows) if row.values]
    allowed = {first + i for i, row in enumerate(rows) if row.parts is None}
    leaves = {}
    for seed in seeds:
        seq = next((s for s in needed if s not in leaves), None)
        level = seed[0]
        if seq is None or level > 8:
            refuse("seeds")
        for position in covered(level, seq):
            if position not in allowed or position in leaves:
                refuse("seeds")
            leaves[position] = descend(seed[1:], level, position % 256)
    if any(s not in leaves for s in needed):
        refuse("seeds")
    return leaves


def decode_compact(data, descriptor, prev, table, resolve):
    """A segment from its compact form.

    `prev` is the id of the entry before (the log id at sequence 0), `table` the logs introduced before, index 1 first;
    `resolve(log id, seq)` gives the id of an entry that is named.
    """
    if len(data) > MAXIMUM_ENCODED:
        refuse("tooLarge")
    if len(data) < 2:
        refuse("invalid", "no version or method")
    if data[0] != 1 or data[1] > 1:
        refuse("invalid", "version or method")
    payload = inflate(data[2:]) if data[1] else data[2:]
    if len(payload) > MAXIMUM_EXPANDED:
        refuse("tooLarge")
    reader = Reader(payload, "segment")
    reader.array(5)
    first = reader.uint(MAXIMUM_SEQUENCE)
    check = reader.bytes(8)
    seeds = [reader.bytes(17) for _ in range(reader.array(0, MAXIMUM_ENTRIES))]
    rows, time = [], 0
    for _ in range(reader.array(1, MAXIMUM_ENTRIES)):
        rows.append(Row(reader, time))
        time = rows[-1].time
    seal = reader.bytes(64)
    reader.finish()
    leaves = spread_seeds(first, rows, seeds)
    members, contexts, last, logs = [], [], prev, [descriptor.log, *table]
    for i, row in enumerate(rows):
        logs += row.intro
        member = rebuild(row, first + i, last, leaves.get(first + i), logs, resolve)
        contexts.append(member.header.context)
        last = member.header.id
        members.append(member)
    check_run(members)
    check_class(descriptor, members)
    if check_of(prev, contexts) != check:
        raise Refused("context", "context", "check")
    return Segment(descriptor, members, seal)


def rebuild(row, seq, prev, leaf, logs, resolve):
    """Header and body of one row."""
    fields = dict(
        version=1, flags=row.flags, seq=seq, prev=prev, auth=row.auth, intro=row.intro, context=None, time=row.time,
        record=record_form(row.record), ops=[op.form() for op in row.ops], body_size=row.size, body_commit=None, ext=row.ext,
    )  # fmt: skip
    body = None
    if row.parts is not None:
        body = Body(None, parts=row.parts)
    elif row.values:
        body = Body(leaf, row.values)
    if body:
        fields["body_commit"] = body_commit_of(body.commitments())
    pairs = ([row.record] if type(row.record) is tuple and row.record[0] != "pair" else []) + [
        ref[:2] for op in row.ops for ref in op.refs
    ]
    if any(index >= len(logs) for index, _ in pairs):
        raise Refused("context", "context", "index")
    names = [resolve(logs[index], seq) for index, seq in pairs]
    fields["context"] = context_of([(logs[index], seq, name) for (index, seq), name in zip(pairs, names)])
    return Member(Header(encode_header(fields)), names, body)
