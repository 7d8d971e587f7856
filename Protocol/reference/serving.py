"""Answers one replica after the other over a pipe, for tests that try thousands of small histories.

A message is its length, 4 bytes big-endian, and so many bytes. The first request is a CBOR array of a charter and
the explicit segments that all replicas hold. Each other one is an array of explicit segments: of a replica that holds
them beside those. Its answer is a text of lines, compared as a whole with what another implementation says.
"""

import struct

from cbor import Reader, Refused
from entries import LIST, REMARK, SET
from merging import Judgement, Merge, QUARANTINED
from replica import Replica


def byte_strings(data):
    reader = Reader(data, "cbor")
    items = [reader.bytes(0, 2**32) for _ in range(reader.array(0, 2**32))]
    reader.finish()
    return items


def receive(stream):
    """The next message, or None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    return stream.read(struct.unpack(">I", head)[0])


def send(stream, text):
    data = text.encode()
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def serve(requests, answers):
    charter, *segments = byte_strings(receive(requests))
    base = Replica(charter)
    base.receive(segments)
    while (message := receive(requests)) is not None:
        replica = base.copy()
        try:
            replica.receive(byte_strings(message))
            send(answers, "\n".join(lines(replica)))
        except Refused as error:
            send(answers, f"refused: {error}")


def lines(replica):
    """Digests, counts, and what a reader sees of each record, in the order of its id."""
    judgement = Judgement(replica)
    merge = Merge(judgement, "net")
    inside = [e for e in replica.entries.values() if judgement.inside(e)]
    control = sum(e.descriptor.space == "policy" for e in inside)
    yield f"policy {judgement.frontier('policy')[1].hex()} {judgement.policy_state().hex()} {control}"
    yield f"net {judgement.frontier('net')[1].hex()} {merge.state().hex()} {len(inside) - control} {len(merge.records)}"
    quarantined = sum(judgement.verdict(e) == QUARANTINED for e in replica.entries.values())
    yield f"quarantined {quarantined} not understood {judgement.not_understood()}"
    deleted, contested = merge.deletion()
    fields = {}
    for name in merge.left:
        if is_shown(merge.op(name)):
            fields.setdefault(merge.entries[name[0]].record, []).append(name)
    counters, lists = merge.counters(), merge.lists()
    for record in sorted(merge.records):
        state = "deleted" if record in deleted else "contested" if record in contested else "there"
        yield f"record {record.hex()} {state}"
        names = fields.get(record, [])
        for name in sorted(names, key=lambda n: (-merge.op(n).field, *merge.rank(n)), reverse=True):
            yield f"left {operation(merge, name)}"
        for field in sorted({merge.op(name).field for name in names}):
            if (record, field) in counters:
                yield f"counter {field} {counters[record, field]}"
            for element in lists.get((record, field), []):
                values = ", ".join(operation(merge, name) for name in element.values)
                yield f"element {field} {element.position.hex()} {values}"


def is_shown(op):
    """Whether readers see an operation that is left: no delete, restore, remark or remove."""
    if op.field == 0 or op.type == REMARK:
        return False
    return not (op.type == SET and op.shape == 1) and not (op.type == LIST and op.shape[0] == 2)


def operation(merge, name):
    entry, op = merge.entries[name[0]], merge.op(name)
    value = "none"
    if op.carries_value():
        held = merge.value(name)
        value = "erased" if held is None else held.hex()
    return f"{op.field} {op.type} {entry.id.hex()} {name[1]} {merge.orders[name]} {value}"
