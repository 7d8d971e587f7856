"""Reads and runs vector files; their form is described in vectors/README.md."""

import pathlib

from cbor import Reader, Refused, decode, encode
from entries import (
    Charter, Descriptor, Header, children, encode_header, leaf_of, salt_of, siblings_without, verify_body,
)  # fmt: skip
from merging import Judgement, Merge, summary
from replica import Replica
from segments import (
    decode_compact, decode_explicit, encode_compact, inflate, read_body, verify_alone, verify_seal,
)  # fmt: skip
from certificates import Code, decode_certificate, encode_code

COMMON = {"spec", "expect", "error", "comment"}
# Lines that may stand once, and lines that may be repeated, by folder.
ONCE = {
    "cbor": set(),
    "charter": {"network"},
    "header": {"id", "understood", "values"},
    "body": set(),
    "salts": {"seq", "leaf"},
    "seal": {"key", "log", "seq", "entry"},
    "explicit": {"network", "log", "before"},
    "compact": {"network", "descriptor", "prev", "id"},
    "certificate": {"network", "key", "channel-key", "rank", "organisation"},
    "code": {"network", "channel-key", "secret", "address"},
    "replica": {"state", "frontier", "policy-state", "policy-frontier", "records", "entries", "quarantined", "not-understood"},
}
REPEATED = {
    "salts": {"salt", "seed"},
    "explicit": {"table", "id"},
    "compact": {"table", "named", "root"},
    "replica": {"left", "shown", "behaves", "counter", "element", "disputed", "deleted", "contested"},
}


class Vector:
    """One file: its folder, lines by name, and bytes."""

    def __init__(self, path):
        self.path, self.folder = path, path.parent.name
        top, _, rest = path.read_text("utf-8").partition("\n\n")
        self.lines = {}
        for line in top.split("\n"):
            name, colon, value = line.partition(": ")
            if not colon:
                raise ValueError(f"no header line: {line!r}")
            self.lines.setdefault(name, []).append(value)
        self.check_names()
        self.data = bytes.fromhex(rest)
        layer, verdict = self.one("expect").split(" ")
        if verdict not in ("success", "failure") or (verdict == "failure") != ("error" in self.lines):
            raise ValueError("expect and error do not fit")
        self.expected = (layer, self.one("error")) if verdict == "failure" else None

    def check_names(self):
        for name, values in self.lines.items():
            once = name in COMMON or name in ONCE[self.folder]
            if not once and name not in REPEATED.get(self.folder, ()):
                raise ValueError(f"unknown line {name!r}")
            if once and len(values) > 1:
                raise ValueError(f"{name!r} stands twice")
        if not {"spec", "expect", "comment"} <= set(self.lines):
            raise ValueError("spec, expect or comment is missing")

    def one(self, name):
        return self.lines[name][0]

    def bytes(self, name):
        return bytes.fromhex(self.one(name))

    def many(self, name):
        return self.lines.get(name, [])


def run_cbor(v):
    return {}, encode(decode(v.data))


def run_charter(v):
    charter = Charter(v.data)
    again = encode([1, charter.name, charter.root_keys, 1, charter.created, charter.nonce])
    return {"network": [charter.id.hex()]}, again


def run_header(v):
    header = Header(v.data)
    facts = {
        "id": [header.id.hex()],
        "understood": ["yes" if header.understood() else "no"],
        "values": [str(header.value_count())],
    }
    return facts, encode_header(header.fields())


def run_body(v):
    reader = Reader(v.data, "segment")
    reader.array(2)
    raw = reader.bytes(0, 2**32)
    header, body = Header(raw), read_body(reader)
    reader.finish()
    verify_body(header, body)
    return {}, encode([raw, body.form() if body else None])


def run_salts(v):
    seq = int(v.one("seq"))
    leaf = leaf_of(v.data, seq)
    salts = [salt_of(leaf, i).hex() for i in range(len(v.many("salt")))]
    seeds = [seed.hex() for seed in siblings_without(v.data, seq)]
    return {"leaf": [leaf.hex()], "salt": salts, "seed": seeds}, v.data


def run_seal(v):
    verify_seal(v.bytes("key"), v.bytes("log"), int(v.one("seq")), v.bytes("entry"), v.data)
    return {}, v.data


class Before:
    """The entry before a segment, as a vector names it: its sequence number and id."""

    def __init__(self, line):
        seq, entry = line.split(" ")
        self.seq, self.id = int(seq), bytes.fromhex(entry)


def run_explicit(v):
    segment = decode_explicit(v.data, v.bytes("network"))
    before = Before(v.one("before")) if "before" in v.lines else None
    verify_alone(segment, before, [bytes.fromhex(log) for log in v.many("table")])
    facts = {"log": [segment.descriptor.log.hex()], "id": [m.header.id.hex() for m in segment.members]}
    return facts, segment.encode()


def run_compact(v):
    descriptor = Descriptor.read(Reader(v.bytes("descriptor"), "segment"), v.bytes("network"))
    table = [bytes.fromhex(log) for log in v.many("table")]
    names = iter(v.many("named"))
    segment = decode_compact(v.data, descriptor, v.bytes("prev"), table, lambda log, seq: bytes.fromhex(next(names)))
    verify_alone(segment, None, table)
    facts = {"id": [segment.members[-1].header.id.hex()]}
    roots = {int(line.split(" ")[0]): bytes.fromhex(line.split(" ")[1]) for line in v.many("root")}
    again = encode_compact(segment, 0, roots)
    if v.data[1] == 1:
        # Compressors differ; what is compressed does not.
        again = v.data if inflate(v.data[2:]) == again[2:] else again
    return facts, again


def run_certificate(v):
    admission = decode_certificate(v.data, v.bytes("network"))
    organisation = admission.organisation_id(v.bytes("network"))
    facts = {"key": [admission.signing_key.hex()], "channel-key": [admission.channel_key.hex()]}
    return facts | {"rank": [str(admission.rank)], "organisation": [organisation.hex()]}, v.data


def run_code(v):
    try:
        text = v.data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("code", "notBase32") from None
    code = Code(text)
    encoded = encode_code(code.network, code.channel_key, code.secret, code.address)
    folded = "".join(text.split()).lower()
    facts = {"network": [code.network.hex()], "channel-key": [code.channel_key.hex()]}
    facts |= {"secret": [code.secret.hex()], "address": [code.address]}
    return facts, v.data if folded == encoded else encoded.encode()


def replica_facts(replica):
    """The header lines of a replica vector."""
    judgement = Judgement(replica)
    merge = Merge(judgement, "net")
    found = summary(replica)
    net, policy = found["spaces"]
    deleted, contested = merge.deletion()

    def line(name, *more):
        record, field, _ = merge.field_key(name)
        return " ".join([record.hex(), str(field), name[0].hex(), str(name[1]), *map(str, more)])

    return {
        "state": [net["state"]],
        "frontier": [net["frontier"]],
        "policy-state": [policy["state"]],
        "policy-frontier": [policy["frontier"]],
        "records": [str(net["records"])],
        "entries": [str(net["entries"])],
        "quarantined": [str(found["quarantined"])],
        "not-understood": [str(found["notUnderstood"])],
        "left": sorted(line(name, merge.orders[name]) for name in merge.left),
        "shown": sorted(line(name) for name in merge.shown().values()),
        "counter": sorted(f"{r.hex()} {field} {total}" for (r, field), total in merge.counters().items()),
        "element": sorted(element_lines(merge)),
        "disputed": sorted(
            f"{r.hex()} {field} {e.beginning[0].hex()} {e.beginning[1]}"
            for (r, field), elements in merge.lists().items() for e in elements if e.disputed()
        ),
        "behaves": sorted(f"{r.hex()} {field} {state}" for (r, field), state in merge.behaves().items()),
        "deleted": sorted(r.hex() for r in deleted),
        "contested": sorted(r.hex() for r in contested),
    }


def element_lines(merge):
    """Each element of a list: its place from 1, what it began with, its position and the value on top."""
    for (record, field), elements in merge.lists().items():
        for place, e in enumerate(elements, 1):
            top = e.values[0]
            yield f"{record.hex()} {field} {place} {e.beginning[0].hex()} {e.beginning[1]} {e.position.hex() or '-'} {top[0].hex()} {top[1]}"


def run_replica(v):
    reader = Reader(v.data, "segment")
    reader.array(2)
    charter = reader.bytes(0, 2**32)
    segments = [reader.bytes(0, 2**32) for _ in range(reader.array(0, 2**32))]
    reader.finish()
    replica = Replica(charter)
    replica.receive(segments)
    exported = replica.export(lambda entry: True)
    same = sorted(exported) == sorted(segments)
    return replica_facts(replica), v.data if same else encode([charter, exported])


RUN = {
    "cbor": run_cbor, "charter": run_charter, "header": run_header, "body": run_body, "salts": run_salts, "seal": run_seal,
    "explicit": run_explicit, "compact": run_compact, "certificate": run_certificate, "code": run_code, "replica": run_replica,
}  # fmt: skip


def run(path):
    """What is wrong with a vector, or None."""
    try:
        vector = Vector(path)
    except (ValueError, KeyError) as error:
        return f"form: {error}"
    try:
        facts, again = RUN[vector.folder](vector)
    except Refused as refused:
        found = (refused.layer, refused.error)
        return None if found == vector.expected else f"expected {vector.expected}, found {refused}"
    if vector.expected:
        return f"expected {vector.expected}, found success"
    for name, values in facts.items():
        if vector.many(name) != values:
            return f"{name}: expected {vector.many(name)}, found {values}"
    return None if again == vector.data else f"encoded again it is {again.hex()}"


def run_all(folder):
    paths = sorted(p for name in RUN for p in (pathlib.Path(folder) / name).glob("*.txt"))
    wrong = 0
    for path in paths:
        fault = run(path)
        if fault:
            wrong += 1
            print(f"{path}: {fault}")
    print(f"{len(paths)} vectors, {wrong} wrong")
    return 1 if wrong or not paths else 0
