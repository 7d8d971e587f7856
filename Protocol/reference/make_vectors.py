"""Writes this implementation's half of the vectors: numbers below 500 of each folder."""

import base64

from cbor import Map, Raw, Tag, encode
from crypto import BASE, L, P, TORSION, H, SigningKey, add, challenge, decode_point, encode_point, multiply
from entries import Body, Header, body_commit_of, encode_charter, encode_header, leaf_of
from entries import salt_of, siblings_without
from make_replica_vectors import replica_vectors
from make_segment_vectors import segment_vectors
from segments import seal_message
from certificates import encode_code
from writing import TIME, named_bytes


class Maker:
    """Writes files; numbers them by folder in the order of the calls."""

    def __init__(self, folder):
        self.folder, self.numbers = folder, {}

    def write(self, folder, name, spec, comment, data, fails=None, **lines):
        """`fails` is (layer, error); a list as a line's value repeats the line."""
        number = self.numbers[folder] = self.numbers.get(folder, 0) + 1
        layer, error = fails or (folder, None)
        top = [f"spec: {spec}", f"expect: {layer} {'failure' if error else 'success'}"]
        top += [f"error: {error}"] if error else []
        top.append(f"comment: {comment}")
        for key, values in lines.items():
            for value in values if isinstance(values, list) else [values]:
                value = value.hex() if isinstance(value, bytes) else value
                top.append(f"{key.replace('_', '-')}: {value}")
        rows = [data[i : i + 64].hex() for i in range(0, len(data), 64)]
        path = self.folder / folder / f"{number:03}-{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(top + [""] + rows) + "\n", "utf-8")


def cbor_vectors(make):
    spec = "01-conventions.md#encoding"

    def good(name, comment, item):
        make.write("cbor", name, spec, comment, item if isinstance(item, bytes) else encode(item))

    def bad(name, error, comment, data):
        make.write("cbor", name, spec, comment, bytes.fromhex(data) if isinstance(data, str) else data, ("cbor", error))

    good("integers", "every length of a head, both signs, both ends of the range", encode(
        [0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, -1, -24, -25, -256, -257, -(2**63)]))
    good("strings", "bytes and text, empty, ASCII and beyond", encode([b"", b"\x00\xff", "", "Liaison", "Việt Nam", "اليونسكو"]))
    good("map", "keys ascend by their encodings: 10, 100, -1, \"z\", \"aa\", [100], [-1], false", encode(
        Map([(10, 1), (100, 2), (-1, 3), ("z", 4), ("aa", 5), ([100], 6), ([-1], 7), (False, 8)])))
    good("tags", "tags of the value forms, and one of the greatest number", encode(
        [Tag(4, [-2, 12345]), Tag(1004, "2026-11-23"), Tag(1001, Map([(1, 0), (-10, "Europe/Paris")])), Tag(39, bytes(16)), Tag(2**64 - 1, None)]))
    good("simple", "false, true, null", [False, True, None])
    good("depth-32", "32 arrays in each other with an integer in the innermost", b"\x81" * 32 + b"\x00")
    good("depth-32-mixed", "tags, maps and arrays count alike", b"\xc0\xa1\x00\x81" * 10 + b"\xc0\xa1\x00\xf6")
    bad("empty", "truncated", "no item at all", "")
    bad("truncated-head", "truncated", "a head of two bytes is cut", "18")
    bad("truncated-string", "truncated", "a byte string of 4 bytes has 3", "44010203")
    bad("huge-string", "truncated", "a byte string announces 2^63 - 1 bytes", "5b7fffffffffffffff")
    bad("huge-array", "truncated", "an array announces 2^32 - 1 items", "9affffffff")
    bad("truncated-map", "truncated", "a map without the value of its key", "a101")
    bad("truncated-tag", "truncated", "a tag without its item", "c4")
    bad("trailing", "trailing", "a second item follows", "0000")
    bad("overlong-8", "notDeterministic", "23 in two bytes", "1817")
    bad("overlong-16", "notDeterministic", "255 in three bytes", "1900ff")
    bad("overlong-32", "notDeterministic", "65535 in five bytes", "1a0000ffff")
    bad("overlong-64", "notDeterministic", "2^32 - 1 in nine bytes", "1b00000000ffffffff")
    bad("overlong-length", "notDeterministic", "the length of a byte string in two bytes", "580100")
    bad("overlong-tag", "notDeterministic", "the number of a tag in two bytes", "d80400")
    bad("indefinite-array", "unsupported", "an array of indefinite length", "9f00ff")
    bad("indefinite-text", "unsupported", "text in pieces", "7f6161ff")
    bad("map-order", "notDeterministic", "keys 2 and 1", "a202000100")
    bad("map-duplicate", "notDeterministic", "key 1 twice", "a201000100")
    bad("half-float", "unsupported", "1.0 as a half float", "f93c00")
    bad("double", "unsupported", "1.0 as a double", "fb3ff0000000000000")
    bad("undefined", "unsupported", "undefined", "f7")
    bad("simple-value", "unsupported", "simple value 16", "f0")
    bad("simple-value-long", "unsupported", "simple value 32 in two bytes", "f820")
    bad("reserved", "unsupported", "additional information 28", "1c")
    bad("break", "unsupported", "a break without a beginning", "ff")
    bad("invalid-text", "invalidText", "a byte that UTF-8 never has", "62c328")
    bad("surrogate", "invalidText", "half of a surrogate pair", "63eda080")
    bad("overlong-utf8", "invalidText", "a slash in two bytes", "62c0af")
    bad("unsigned-64", "outOfRange", "2^63 in an open item", "1b8000000000000000")
    bad("negative-64", "outOfRange", "-2^63 - 1 in an open item", "3b8000000000000000")
    bad("depth-33", "tooDeep", "33 arrays in each other", b"\x81" * 33 + b"\x00")
    bad("depth-33-empty", "tooDeep", "33 arrays, the innermost empty", b"\x81" * 32 + b"\x80")


def charter_vectors(make):
    spec = "02-entries.md#charter"
    keys = [SigningKey(named_bytes(f"root {i}", 32)).public for i in range(17)]
    nonce = named_bytes("nonce", 16)

    def good(name, comment, data):
        make.write("charter", name, spec, comment, data, network=H("liaison charter", data))

    def bad(name, error, comment, *elements):
        make.write("charter", name, spec, comment, encode(list(elements)), ("charter", error))

    good("one-key", "a usual charter", encode_charter("Example network", keys[:1], TIME, nonce))
    good("many-keys", "16 root keys of which one is enough, a name in three scripts",
         encode_charter("Réseau · شبكة · 网络", keys[:16], 0, nonce))
    bad("version", "invalid", "version 2", 2, "Example", keys[:1], 1, TIME, nonce)
    bad("threshold", "invalid", "two keys needed", 1, "Example", keys[:2], 2, TIME, nonce)
    bad("no-keys", "outOfRange", "no root key", 1, "Example", [], 1, TIME, nonce)
    bad("many-keys", "outOfRange", "17 root keys", 1, "Example", keys, 1, TIME, nonce)
    bad("no-name", "outOfRange", "an empty name", 1, "", keys[:1], 1, TIME, nonce)
    bad("long-name", "outOfRange", "a name of 101 bytes", 1, "é" * 50 + "e", keys[:1], 1, TIME, nonce)
    bad("short-nonce", "outOfRange", "a nonce of 15 bytes", 1, "Example", keys[:1], 1, TIME, nonce[:15])
    bad("time", "outOfRange", "founded after the year 9999", 1, "Example", keys[:1], 1, 253402300800, nonce)
    bad("elements", "outOfRange", "a seventh element", 1, "Example", keys[:1], 1, TIME, nonce, None)


REF = [[0, 3, 0]]


def header_fields(**changes):
    """A header that creates a record of kind 32 with one register."""
    fields = dict(
        version=1, flags=0, seq=5, prev=named_bytes("prev", 32), auth=None, intro=[], context=None, time=TIME, record=32,
        ops=[[16, 1, [], None]], body_size=6, body_commit=named_bytes("commit", 32), ext=None,
    )  # fmt: skip
    fields.update(changes)
    return fields


NAMES = dict(context=named_bytes("context", 16), record=[0, 3])
NO_BODY = dict(body_size=0, body_commit=None)


def header_vectors(make):
    spec = "02-entries.md#header"

    def good(name, comment, spec=spec, **changes):
        data = encode_header(header_fields(**changes))
        header = Header(data)
        understood = "yes" if header.understood() else "no"
        make.write("header", name, spec, comment, data, id=header.id, understood=understood, values=header.value_count())

    def bad(name, error, comment, spec=spec, **changes):
        make.write("header", name, spec, comment, encode_header(header_fields(**changes)), ("header", error))

    ops = "02-entries.md#header"
    good("create", "creates a record with a register")
    good("replace", "replaces a register of an entry's record; 127 bytes at most with these numbers", **NAMES,
         ops=[[16, 1, REF, None]])
    good("bounded", "one operation, one ref, 32-bit sequence numbers, 8-bit table indices: within 128 bytes", seq=2**32 - 1,
         context=NAMES["context"], record=[200, 2**32 - 2], ops=[[200, 1, [[200, 2**32 - 2, 0]], None]], body_size=16000)
    good("pair", "a record that all create as one", record=[0, 40, [named_bytes("x", 16), named_bytes("y", 16)]])
    good("pair-8", "a pair of 8 ids", record=[0, 40, [bytes([i]) * 16 for i in range(8)]])
    good("grant", "states its grant and introduces two logs, one of them twice", auth=named_bytes("auth", 32),
         intro=[named_bytes("l", 32), named_bytes("m", 32), named_bytes("l", 32)])
    good("first", "sequence number 0", seq=0)
    good("last", "the greatest sequence number and the latest time", seq=2**48 - 1, time=253402300799)
    good("earliest", "the earliest time", time=-62135596800)
    good("transaction", "255 more entries follow", flags=255)
    good("extension", "a header extension with keys that nobody knows", ext=Map([(0, "x"), ("k", [1, Map([(b"", None)])])]))
    good("version-2", "a greater version with these elements is not understood", version=2)
    good("flags", "an unknown flag is not understood", flags=256 + 3)
    good("delete", "existence: delete", **NAMES, ops=[[0, 0, [[0, 3, 0], [0, 4, 0]], 0]], **NO_BODY)
    good("restore", "existence: restore", **NAMES, ops=[[0, 0, REF, 1]], **NO_BODY)
    good("set-add", "set: add", ops=[[17, 2, [], 0]])
    good("set-remove", "set: remove, no value", **NAMES, ops=[[17, 2, REF, 1]], **NO_BODY)
    good("counter", "counter: a delta below zero", ops=[[18, 3, [], -(2**63)]], **NO_BODY)
    good("list-insert", "list: insert", ops=[[19, 4, [], [0, b"\x80"]]])
    good("list-move", "list: move, no value", **NAMES, ops=[[19, 4, REF, [1, b"\x80\x01"]]], **NO_BODY)
    good("list-remove", "list: remove, no value", **NAMES, ops=[[19, 4, REF, [2]]], **NO_BODY)
    good("map-text", "map: a code as key", ops=[[20, 5, [], "fr"]])
    good("map-id", "map: an id as key", ops=[[20, 5, [], bytes(range(16))]])
    good("workflow-first", "workflow: from nothing", ops=[[21, 6, [], [None, 0, 3]]], **NO_BODY)
    good("workflow-step", "workflow: a step", **NAMES, ops=[[21, 6, REF, [0, 1, 2]]], **NO_BODY)
    good("text-insert", "text: inserts and deletes", ops=[[22, 7, [], [3, 5, 2]]])
    good("text-delete", "text: deletes only, no value", ops=[[22, 7, [], [3, 0, 2]]], **NO_BODY)
    good("remark", "remark: a reason in field 1", ops=[[16, 1, [], None], [1, 8, [], None]])
    good("statement", "statement: any shape", record=6, ops=[[0, 9, [], [[Map([(1, 2)])], 0]]], **NO_BODY)
    good("unknown-odd", "an unknown type of an odd number carries a value", ops=[[16, 99, [], ["any", Map([(1, b"")])]]])
    good("unknown-even", "an unknown type of an even number carries none", ops=[[16, 2**32 - 2, [], None]], **NO_BODY)
    good("kinds", "the greatest numbers of kind and field", record=2**32 - 1, ops=[[2**32 - 1, 1, [], None]])
    good("version-2-body", "what the body of a later version holds is its own affair", version=2, ops=[[16, 6, [], [None, 0, 0]]])
    good("shape-depth", "a shape of depth 32", ops=[[16, 98, [], nested(32)]], **NO_BODY)
    good("256-operations", "256 operations with a value each", ops=[[16 + i, 1, [], None] for i in range(256)])

    good_bytes = encode_header(header_fields())
    make.write("header", "truncated", spec, "the last byte is missing", good_bytes[:-1], ("header", "truncated"))
    make.write("header", "trailing", spec, "a null follows", good_bytes + b"\xf6", ("header", "trailing"))
    make.write("header", "elements", spec, "11 elements", b"\x8b" + good_bytes[1:-34], ("header", "outOfRange"))
    make.write("header", "overlong", spec, "the version in two bytes", b"\x8c\x18\x01" + good_bytes[2:], ("header", "notDeterministic"))
    bad("version-0", "outOfRange", "version 0", version=0)
    bad("version-large", "outOfRange", "version 2^32", version=2**32)
    bad("flags-negative", "wrongType", "flags below zero", flags=-1)
    bad("seq", "outOfRange", "sequence number 2^48", seq=2**48)
    bad("prev", "outOfRange", "prev of 31 bytes", prev=bytes(31))
    bad("prev-null", "wrongType", "prev is null", prev=None)
    bad("auth", "wrongType", "auth is text", auth="root")
    bad("intro", "outOfRange", "a log id of 16 bytes", intro=[bytes(16)])
    bad("many-intros", "outOfRange", "257 logs introduced", intro=[bytes(32)] * 257)
    bad("context-missing", "invalid", "names an entry and has no context", record=[0, 3])
    bad("context-without-names", "invalid", "has a context and names nothing", context=bytes(16))
    bad("context-short", "outOfRange", "a context of 8 bytes", context=bytes(8), record=[0, 3])
    bad("time-late", "outOfRange", "one second after the year 9999", time=253402300800)
    bad("time-early", "outOfRange", "the least 64-bit time", time=-(2**63))
    bad("time-null", "wrongType", "time is null", time=None)
    bad("kind-0", "outOfRange", "kind 0", record=0)
    bad("kind-large", "outOfRange", "kind 2^32", record=2**32)
    bad("pair-kind-0", "outOfRange", "a pair of kind 0", record=[0, 0, [bytes(16)]])
    bad("record-text", "wrongType", "record is text", record="contact")
    bad("record-long", "outOfRange", "a record of 4 elements", record=[0, 32, [bytes(16)], 0])
    bad("pair-marker", "outOfRange", "a pair begins with 1", record=[1, 32, [bytes(16)]])
    bad("pair-empty", "outOfRange", "a pair of no ids", record=[0, 32, []])
    bad("pair-9", "outOfRange", "a pair of 9 ids", record=[0, 32, [bytes(16)] * 9])
    bad("pair-id", "outOfRange", "a pair over an id of 32 bytes", record=[0, 32, [bytes(32)]])
    bad("itself", "invalid", "names itself", context=bytes(16), record=[0, 5])
    bad("later", "invalid", "a ref to a later entry of the same chain", context=bytes(16), ops=[[16, 1, [[0, 6, 0]], None]])
    bad("no-operations", "outOfRange", "no operation", ops=[], **NO_BODY)
    bad("257-operations", "outOfRange", "257 operations", ops=[[16, 1, [], None]] * 257)
    bad("operation-elements", "outOfRange", "an operation of 3 elements", ops=[[16, 1, []]])
    bad("ref-elements", "outOfRange", "a ref of 2 elements", context=bytes(16), ops=[[16, 1, [[0, 3]], None]])
    bad("ref-seq", "outOfRange", "a ref to sequence number 2^48", context=bytes(16), ops=[[16, 1, [[1, 2**48, 0]], None]])
    bad("ref-index", "outOfRange", "a ref through index 2^32", context=bytes(16), ops=[[16, 1, [[2**32, 3, 0]], None]])
    bad("ref-operation", "outOfRange", "a ref to operation 256", context=bytes(16), ops=[[16, 1, [[0, 3, 256]], None]])
    bad("field-large", "outOfRange", "field 2^32", ops=[[2**32, 1, [], None]])
    bad("type-large", "outOfRange", "type 2^32", ops=[[16, 2**32 + 1, [], None]])
    bad("field-0", "invalid", "a register in field 0", ops, ops=[[0, 1, [], None]])
    bad("existence-field", "invalid", "existence in field 16", ops, ops=[[16, 0, [], 0]], **NO_BODY)
    bad("1025-refs", "outOfRange", "1,025 refs in two operations", context=bytes(16),
        ops=[[16, 1, [[0, 3, 0]] * 1000, None], [17, 1, [[0, 3, 0]] * 25, None]])
    for name, type_, shape in [
        ("existence", 0, 2), ("register", 1, 0), ("set", 2, 2), ("counter", 3, "1"), ("list-action", 4, [3]),
        ("list-position", 4, [0]), ("list-remove", 4, [2, b"\x80"]), ("map-number", 5, 7), ("map-id", 5, bytes(15)), ("workflow", 6, [0, 1]),
        ("workflow-caution", 6, [0, 1, None]), ("text", 7, [0, -1, 0]), ("text-large", 7, [2**32, 0, 0]), ("remark", 8, ""), ("statement", 9, 0),
    ]:  # fmt: skip
        bad("shape-" + name, "invalid", f"a shape that type {type_} does not have", ops, ops=[[0 if type_ in (0, 9) else 16, type_, [], shape]])
    bad("shape-float", "unsupported", "a float in the shape of an unknown type", ops, ops=[[16, 99, [], Raw(b"\xf9\x3c\x00")]])
    bad("shape-order", "notDeterministic", "map keys out of order in a shape", ops, ops=[[16, 99, [], Raw(b"\xa2\x02\x00\x01\x00")]])
    bad("shape-depth", "tooDeep", "a shape of depth 33", ops, ops=[[16, 99, [], nested(33)]])
    bad("shape-range", "outOfRange", "2^63 in a shape", ops, ops=[[21, 6, [], [None, 2**63, 0]]])
    bad("commit-missing", "invalid", "a body without a commitment", body_commit=None)
    bad("size-large", "outOfRange", "a body of more than 49,152 bytes", body_size=49153)
    bad("size-missing", "invalid", "a commitment without a body", body_size=0)
    bad("body-missing", "invalid", "an operation with a value and no body", **NO_BODY)
    bad("body-without-values", "invalid", "a body though no operation carries a value", ops=[[0, 0, [], 0]])
    bad("extension-empty", "outOfRange", "an empty extension", ext=Map([]))
    bad("extension-array", "wrongType", "an extension that is no map", ext=[1])
    bad("extension-long", "outOfRange", "an extension of more than 4,096 bytes", ext=Map([(0, bytes(4096))]))
    bad("long", "outOfRange", "a header of more than 32,768 bytes", ops=[[16, 98, [], bytes(32768)]], **NO_BODY)


def nested(depth):
    return [] if depth == 1 else [nested(depth - 1)]


def body_vectors(make):
    spec = "02-entries.md#salts"
    leaf = leaf_of(named_bytes("block", 16), 5)
    values = [encode("Amina Example"), encode(None), encode(["a", Tag(4, [-2, 1050])])]

    def entry(values, size=None, count=None):
        commit = body_commit_of(Body(leaf, values).commitments())
        ops = [[16 + i, 1, [], None] for i in range(count or len(values))]
        real = len(encode([None] * len(values))) - len(values) + sum(map(len, values))
        return encode_header(header_fields(ops=ops, body_size=size or real, body_commit=commit))

    def put(name, comment, header, body, fails=None, spec=spec):
        make.write("body", name, spec, comment, encode([header, body and body.form()]), fails)

    whole = Body(leaf, values)
    put("whole", "three values under the leaf", entry(values), whole)
    put("erased-one", "the second value was erased", entry(values), whole.erased(1))
    put("erased-all", "all values were erased", entry(values), whole.erased(0).erased(1).erased(2))
    longest = [encode(bytes(16381))]
    put("longest", "a value of 16,384 bytes", entry(longest), Body(leaf, longest))
    deep = [b"\x81" * 32 + b"\xf6"]
    put("deep", "a value of depth 32", entry(deep), Body(leaf, deep))
    put("value", "another value", entry(values), Body(leaf, [values[0], encode(0), values[2]]), ("body", "commitment"))
    put("order", "two values change places", entry(values), Body(leaf, [values[1], values[0], values[2]]), ("body", "commitment"))
    put("leaf", "another leaf", entry(values), Body(named_bytes("leaf", 16), values), ("body", "commitment"))
    parts = whole.erased(1).parts
    put("salt", "another salt for one value", entry(values), Body(None, parts=[(bytes(16), values[0])] + parts[1:]), ("body", "commitment"))
    put("erased-commitment", "another commitment for the erased value", entry(values),
        Body(None, parts=[parts[0], bytes(32), parts[2]]), ("body", "commitment"))
    put("size", "body-size is one more than the length", entry(values, size=40), whole, ("body", "commitment"))
    too_long = [encode(bytes(16382))]
    put("too-long", "a value of 16,385 bytes", entry(too_long), Body(leaf, too_long), ("body", "outOfRange"))
    floating = [bytes.fromhex("f93c00")]
    put("float", "a value that is a float", entry(floating), Body(leaf, floating), ("body", "unsupported"))
    two = [encode(1) + encode(2)]
    put("two-items", "a value of two items", entry(two), Body(leaf, two), ("body", "trailing"))
    overlong = [bytes.fromhex("1801")]
    put("overlong", "a value in a longer encoding", entry(overlong), Body(leaf, overlong), ("body", "notDeterministic"))
    too_deep = [b"\x81" * 33 + b"\xf6"]
    put("too-deep", "a value of depth 33", entry(too_deep), Body(leaf, too_deep), ("body", "tooDeep"))
    form = "03-segments.md#explicit-form"
    put("none", "no body where there should be one", entry(values), None, ("body", "commitment"), form)
    put("fewer", "two of three values", entry(values), Body(leaf, values[:2]), ("body", "commitment"), form)
    put("count", "three values that fit the commitment, for two operations", entry(values, count=2), whole, ("body", "invalid"), form)
    put("nothing-erased", "single salts though nothing was erased", entry(values),
        Body(None, parts=[(salt_of(leaf, i), v) for i, v in enumerate(values)]), ("segment", "invalid"), form)


def salt_vectors(make):
    for seq in (0, 1, 127, 255, 256 + 170):
        root = named_bytes(f"root {seq}", 16)
        leaf = leaf_of(root, seq)
        make.write("salts", f"sequence-{seq}", "02-entries.md#salts",
                   "the leaf and salts of an entry, and the seeds that are left of its block when the leaf is destroyed", root,
                   seq=str(seq), leaf=leaf, salt=[salt_of(leaf, i) for i in range(3)], seed=siblings_without(root, seq))


def seal_vectors(make):
    spec = "03-segments.md#seal"
    secret = SigningKey(named_bytes("sealer", 32))
    log, entry = named_bytes("log", 32), named_bytes("entry", 32)

    def put(name, comment, signature, key=secret.public, seq=7, fails=("seal", "seal"), entry=entry):
        make.write("seal", name, spec, comment, signature, fails, key=key, log=log, seq=str(seq), entry=entry)

    message = seal_message(log, 7, entry)
    good = secret.sign(message)
    s = int.from_bytes(good[32:], "little")
    put("good", "a usual seal", good, fails=None)
    put("other-entry", "the seal of another entry", good, entry=named_bytes("other", 32))
    put("other-sequence", "the seal of another sequence number", good, seq=8)
    put("other-key", "the seal of another device", good, key=SigningKey(named_bytes("other", 32)).public)
    put("flipped", "one bit of R is flipped", bytes([good[0] ^ 1]) + good[1:])
    put("zero", "64 zero bytes", bytes(64))
    put("s-plus-l", "S + L instead of S", good[:32] + (s + L).to_bytes(32, "little"))
    # A key A' = A + T with T of order 8, signed with the secret scalar a of A: [S]B − [k]A' = R − [k]T.
    a, r = 8 * 12345678901234567890, 987654321987654321
    r_bytes = encode_point(multiply(r, BASE))
    mixed = encode_point(add(multiply(a, BASE), TORSION))
    for seq in range(64):
        k = challenge(r_bytes, mixed, seal_message(log, seq, entry))
        if seq == 0 or k % 8 == 0:
            signature = r_bytes + ((r + k * a) % L).to_bytes(32, "little")
            if k % 8 == 0:
                put("mixed-order-holds", "a key with a part of order 8; the equation holds without a cofactor", signature, mixed, seq, None)
                break
            put("mixed-order-fails", "a key with a part of order 8; the equation holds with a cofactor only", signature, mixed, seq)
    # Small orders: with the key of order 8 (and k a multiple of 8) or the neutral key the equation would hold.
    neutral = encode_point((0, 1))
    k = challenge(r_bytes, neutral, message)
    put("key-neutral", "the neutral element as key; the equation holds", r_bytes + r.to_bytes(32, "little"), neutral)
    order8 = encode_point(TORSION)
    seq = next(q for q in range(99) if challenge(r_bytes, order8, seal_message(log, q, entry)) % 8 == 0)
    put("key-order-8", "a key of order 8; the equation holds", r_bytes + r.to_bytes(32, "little"), order8, seq)
    k = challenge(neutral, encode_point(multiply(a, BASE)), message)
    put("r-neutral", "R is the neutral element; the equation holds", neutral + (k * a % L).to_bytes(32, "little"), encode_point(multiply(a, BASE)))
    put("r-zero-key-zero", "key and R are the encoding of y = 0, of order 4; S is 0", bytes(64), bytes(32))
    overlong = (P + 1).to_bytes(32, "little")
    put("key-not-canonical", "the key is p + 1, another encoding of the neutral element", r_bytes + r.to_bytes(32, "little"), overlong)
    put("r-not-canonical", "R is p + 1", overlong + (k * a % L).to_bytes(32, "little"), encode_point(multiply(a, BASE)))
    put("key-no-point", "a key that is no point", good, no_point())


def no_point():
    return next(bytes([i]) + bytes(31) for i in range(2, 256) if decode_point(bytes([i]) + bytes(31)) is None)


def code_vectors(make):
    spec = "05-authority.md#joining"
    network, key, secret = named_bytes("network", 32), named_bytes("inviter", 32), named_bytes("secret", 16)

    def put(name, comment, text, error=None, address="node.example.org:7420"):
        lines = {} if error else dict(network=network, channel_key=key, secret=secret, address=address)
        make.write("code", name, spec, comment, text.encode(), ("code", error) if error else None, **lines)

    good = encode_code(network, key, secret, "node.example.org:7420")
    put("usual", "a usual code", good)
    spaced = good.upper()[:40] + " " + good[40:80] + "\r\n\t" + good[80:] + "\n"
    put("spaced", "capitals, a space, a tab and line breaks", spaced)
    shortest = "a:1"
    put("shortest", "the shortest address", encode_code(network, key, secret, shortest), address=shortest)
    longest = "n" * 58 + ":65535"
    put("longest", "the longest address", encode_code(network, key, secret, longest), address=longest)
    six = "[2001:db8::1]:7420"
    put("ipv6", "an address with colons", encode_code(network, key, secret, six), address=six)
    put("digit", "the digit 1 is none of base 32", "1" + good[1:], "notBase32")
    put("letter", "a letter beyond ASCII that lower case turns into k", "\u212a" + good[1:], "notBase32")
    put("padding", "padding", encode_code(network, key, secret, "a:1") + "=", "notBase32")
    put("empty", "nothing", "", "wrongLength")
    put("cut", "the last 8 digits are missing from the shortest code", encode_code(network, key, secret, shortest)[:-8], "wrongLength")
    put("too-long", "an address of 65 bytes", encode_code(network, key, secret, "n" * 60 + ":1234"), "wrongLength")
    put("version", "version 2", encode_code(network, key, secret, "node.example.org:7420", version=2), "wrongVersion")
    put("checksum", "one bit of the secret is flipped", flipped(good, 70), "wrongChecksum")
    put("first-byte", "one bit of the version is flipped", flipped(good, 0), "wrongChecksum")
    put("no-port", "an address without a port", encode_code(network, key, secret, "node.example.org"), "noAddress")
    put("port-0", "port 0", encode_code(network, key, secret, "node.example.org:0"), "noAddress")
    put("port-large", "port 65536", encode_code(network, key, secret, "node.example.org:65536"), "noAddress")
    put("no-host", "no host", encode_code(network, key, secret, ":7420"), "noAddress")
    unused = encode_code(network, key, secret, "node.example.org:74")
    assert len(unused) * 5 % 8
    last = "abcdefghijklmnopqrstuvwxyz234567".index(unused[-1])
    put("unused-bits", "a bit that no byte uses is 1", unused[:-1] + "abcdefghijklmnopqrstuvwxyz234567"[last | 1], "notBase32")


def flipped(code, position):
    """The code with one bit changed; the checksum stays."""
    data = bytearray(base64.b32decode(code.upper() + "=" * (-len(code) % 8)))
    data[position] ^= 1
    return base64.b32encode(bytes(data)).decode().lower().rstrip("=")


def write_all(folder):
    make = Maker(folder)
    for each in (cbor_vectors, charter_vectors, header_vectors, body_vectors, salt_vectors, seal_vectors, code_vectors):
        each(make)
    segment_vectors(make)
    replica_vectors(make)
    for name, count in make.numbers.items():
        print(f"{name}: {count}")
    return 0
