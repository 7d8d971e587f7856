"""Vectors of explicit and compact segments and of certificates."""

from certificates import decode_certificate
from cbor import Map, Raw, encode, head
from crypto import H
from entries import Body, Descriptor, Header, body_commit_of, context_of, encode_header, leaf_of, node_of
from segments import Member, Segment, check_of, compact_rows, decode_explicit, encode_compact, seal_message, seeds_for
from writing import TIME, Device, Network, Writer, everything, named_bytes

NETWORK = named_bytes("a network", 32)


class Run:
    """A segment built entry by entry with any fault; what is not stated is right."""

    def __init__(self, name="device", space="net", log_class=1, first=0, prev=None, table=()):
        self.device = Device(name)
        self.descriptor = Descriptor(NETWORK, space, log_class, self.device.key.public, self.device.incarnation)
        self.members, self.logs = [], [self.descriptor.log, *table]
        self.seq, self.prev = first, prev or self.descriptor.log

    def root(self, block):
        return named_bytes(f"block {self.descriptor.log.hex()} {block}", 16)

    def add(self, ops=None, values=("x",), names=(), body=True, **changes):
        ops = [[16, 1, [], None]] if ops is None else ops
        encoded = [value.data if type(value) is Raw else encode(value) for value in values]
        made = Body(leaf_of(self.root(self.seq // 256), self.seq), encoded) if encoded else None
        fields = dict(
            version=1, flags=0, seq=self.seq, prev=self.prev, auth=None, intro=[], context=None, time=TIME, record=32, ops=ops,
            body_size=len(head(4, len(encoded))) + sum(map(len, encoded)) if encoded else 0,
            body_commit=body_commit_of(made.commitments()) if made else None, ext=None,
        )  # fmt: skip
        fields.update(changes)
        self.logs += fields["intro"]
        pairs = [fields["record"]] if type(fields["record"]) is list and len(fields["record"]) == 2 else []
        pairs += [ref[:2] for op in ops for ref in op[2]]
        if "context" not in changes:
            fields["context"] = context_of([(self.logs[i], s, n) for (i, s), n in zip(pairs, names)])
        header = Header.__new__(Header)
        raw = encode_header(fields)
        try:
            header = Header(raw)
        except Exception:
            # A header that is refused still needs its bytes and id.
            header.raw, header.id = raw, H("liaison entry", raw)
        self.members.append(Member(header, list(names), made if body else None))
        self.seq, self.prev = fields["seq"] + 1, header.id
        return header.id

    def segment(self, seal=None):
        last = self.seq - 1
        seal = seal or self.device.key.sign(seal_message(self.descriptor.log, last, self.prev))
        return Segment(self.descriptor, self.members, seal)


def usual():
    """Three entries: a record, a change that replaces its register, and one that names another log."""
    run = Run()
    other, far = named_bytes("other log", 32), named_bytes("far entry", 32)
    first = run.add(values=["Amina"], auth=named_bytes("grant", 32))
    run.add([[16, 1, [[0, 0, 0]], None]], ["Amina Example"], [first, first], record=[0, 0], time=TIME - 5)
    run.add([[0, 0, [[0, 1, 0], [1, 9, 0]], 0]], [], [first, run.prev, far], record=[0, 0], intro=[other])
    return run


def with_transaction(*flags):
    run = Run()
    for each in flags:
        run.add(flags=each)
    return run


def explicit_vectors(make):
    spec = "03-segments.md#explicit-form"

    def good(name, comment, run, **lines):
        segment = run if type(run) is Segment else run.segment()
        ids = [m.header.id for m in segment.members]
        make.write("explicit", name, spec, comment, segment.encode(), network=NETWORK, log=segment.descriptor.log, id=ids, **lines)

    def bad(name, layer, error, comment, run, **lines):
        data = run if type(run) is bytes else run.encode() if type(run) is Segment else run.segment().encode()
        make.write("explicit", name, spec, comment, data, (layer, error), network=NETWORK, **lines)

    good("usual", "three entries of a data log; the last deletes, and names an entry of another log", usual())
    control = Run(space="policy", log_class=0)
    control.add(*opening(control), record=1)
    good("control", "an opening", control)
    unknown = Run()
    unknown.add([[40, 99, [], Map([(7, [None])])], [41, 98, [], "x"]], [Map([(1, "kept")])], record=999, ext=Map([(5, b"kept")]))
    good("unknown", "a kind, types and an extension that nobody knows", unknown)
    version = Run()
    version.add(version=2)
    good("version-2", "a header of version 2", version)
    good("transaction", "a transaction of three between two entries alone", with_transaction(0, 2, 1, 0, 0))
    erased = usual()
    erased.members[1].body = erased.members[1].body.erased(0)
    good("erased", "the value of the second entry was erased", erased)
    later = Run(first=300, prev=named_bytes("before", 32), table=[named_bytes("t1", 32), named_bytes("t2", 32)])
    later.add([[16, 1, [[2, 4, 1]], None]], ["x"], [named_bytes("n", 32)])
    table = [named_bytes("t1", 32), named_bytes("t2", 32)]
    good("later", "a run that begins at 300, after an entry and two logs introduced before", later,
         before="299 " + named_bytes("before", 32).hex(), table=table)
    full = Run()
    for i in range(256):
        full.add([[16, 98, [], None]], [], flags=255 - i)
    good("256-entries", "256 entries, one transaction", full)

    data = usual().segment().encode()
    bad("empty", "segment", "truncated", "no bytes", b"")
    bad("truncated", "segment", "truncated", "the last byte is missing", data[:-1])
    bad("trailing", "segment", "trailing", "a null follows", data + b"\xf6")
    bad("form", "segment", "outOfRange", "a first element of 1", b"\x84\x01" + data[2:])
    bad("other-space", "segment", "invalid", "a space of a later version", space_run("org:x", 1))
    bad("policy-data", "segment", "invalid", "a data log of policy", space_run("policy", 1))
    bad("net-control", "segment", "invalid", "a control log of net", space_run("net", 0))
    bad("class", "segment", "outOfRange", "class 2", space_run("net", 2))
    bad("space-empty", "segment", "outOfRange", "a space without a name", space_run("", 1))
    nothing = Run()
    bad("no-entries", "segment", "outOfRange", "no entry", Segment(nothing.descriptor, [], bytes(64)))
    bad("seal-short", "segment", "outOfRange", "a seal of 63 bytes", usual().segment(bytes(63)))
    crowd = Run()
    for _ in range(257):
        crowd.add([[16, 98, [], None]], [])
    bad("257-entries", "segment", "outOfRange", "257 entries", crowd)
    big = Run()
    for _ in range(3):
        big.add(values=[bytes(16381)])
    bad("too-large", "segment", "tooLarge", "more than 49,152 bytes of headers and bodies", big)
    broken = usual()
    broken.add(version=0)
    bad("header", "header", "outOfRange", "the header of one entry is malformed", broken)
    bad("count", "segment", "chain", "a transaction counts 2, 0", with_transaction(2, 0))
    bad("count-restart", "segment", "chain", "a transaction begins within another: 2, 2, 1, 0", with_transaction(2, 2, 1, 0))
    bad("ends-inside", "segment", "chain", "the segment ends inside a transaction", with_transaction(0, 1))
    few = usual()
    few.members[1].names.pop()
    bad("few-names", "segment", "invalid", "one name too few", few)
    lost = usual()
    lost.members[0].body = None
    bad("no-body", "body", "commitment", "an entry without its body", lost)
    second = usual()
    second.add(auth=named_bytes("other grant", 32))
    bad("second-grant", "segment", "chain", "the last entry states a grant", second)
    statement_vectors(bad)
    wrong = Run()
    wrong.add(prev=bytes(32))
    bad("first-prev", "segment", "chain", "the first entry does not begin with the log id", wrong)
    wrong = Run()
    wrong.add()
    wrong.add(prev=bytes(32))
    bad("prev", "segment", "chain", "the second entry names another one before it", wrong)
    gap = Run()
    gap.add()
    gap.add(seq=2)
    bad("gap", "segment", "chain", "sequence number 2 after 0", gap)
    bad("before-id", "segment", "chain", "the entry before is another one", later, before="299 " + bytes(32).hex(), table=table)
    bad("before-seq", "segment", "chain", "the entry before has another number", later,
        before="298 " + named_bytes("before", 32).hex(), table=table)
    other = usual()
    other.members[2].names[2] = named_bytes("another branch", 32)
    bad("name", "context", "context", "the id of another entry is named", other)
    bad("table", "context", "context", "another log has the index", later,
        before="299 " + named_bytes("before", 32).hex(), table=[table[1], table[0]])
    bad("index", "context", "context", "an index that was not introduced", later, before="299 " + named_bytes("before", 32).hex())
    value = usual()
    value.members[0].body.values[0] = encode("Amine")
    bad("value", "body", "commitment", "another value", value)
    good_seal = usual().segment().seal
    bad("seal", "seal", "seal", "one bit of the seal is flipped", usual().segment(good_seal[:40] + bytes([good_seal[40] ^ 1]) + good_seal[41:]))
    short = usual().segment()
    bad("seal-of-other", "seal", "seal", "the seal of the third entry under the second", Segment(short.descriptor, short.members[:2], short.seal))


def opening(run):
    return [[0, 9, [], [run.device.key.public, run.device.incarnation, 0]]], []


def statement_vectors(bad):
    def case(name, comment, ops, values=(), first=False, **changes):
        run = Run(space="policy", log_class=0)
        if not first:
            run.add(*opening(run), record=1)
        run.add(ops, values, **changes)
        bad(name, "segment", "invalid", comment, run)

    key, other = Device("device").key.public, Device("other")
    good = [1, 3, bytes(16), None, key, bytes(32), 0]
    case("statement-register", "a register in a control log", [[16, 1, [], None]], ["x"])
    case("statement-two", "two statements in one entry", [[0, 9, [], good], [0, 9, [], good]], record=2)
    case("statement-pair", "a statement of a pair record", [[0, 9, [], good]], record=[0, 2, [bytes(16)]])
    case("statement-first", "a control log that begins with an admission", [[0, 9, [], good]], first=True, record=2)
    case("statement-second-opening", "an opening that is not first", *opening(Run(space="policy", log_class=0)), record=1)
    case("opening-other-key", "an opening of another key", [[0, 9, [], [other.key.public, Device("device").incarnation, 0]]], first=True, record=1)
    case("opening-other-life", "an opening of another incarnation", [[0, 9, [], [key, bytes(16), 0]]], first=True, record=1)
    case("opening-shape", "an opening of two elements", [[0, 9, [], [key, Device("device").incarnation]]], first=True, record=1)
    for name, comment, place, value in [
        ("rank", "rank 4", 1, 4), ("both", "an organisation and a name", 3, "x"), ("neither", "neither organisation nor name", 2, None),
        ("key", "a key of 31 bytes", 4, bytes(31)), ("label", "a label below zero", 6, -1), ("rule-set", "rule set 2^32", 0, 2**32),
    ]:  # fmt: skip
        case("admission-" + name, "an admission with " + comment, [[0, 9, [], good[:place] + [value] + good[place + 1 :]]], record=2)
    founding = good[:2] + [None, "x" * 101] + good[4:]
    case("admission-name", "an admission with a name of 101 bytes", [[0, 9, [], founding]], record=2)
    founding = good[:2] + [None, ""] + good[4:]
    case("admission-no-name", "an admission with an empty name", [[0, 9, [], founding]], record=2)
    data = Run()
    data.add([[0, 9, [], good]], [], record=2)
    bad("statement-in-data", "segment", "invalid", "a statement in a data log", data)


def space_run(space, log_class):
    run = Run(space=space, log_class=log_class)
    run.add()
    return run


def frame(content, declared=None, size_bytes=4, repeat=None):
    """A zstd frame of raw blocks (RFC 8878), or of one block that repeats a byte; the same in every library."""
    declared = len(content) if declared is None else declared
    flag = {0: 0, 4: 0xA0}[size_bytes]
    blocks, step = b"", 1 << 16
    if repeat:
        blocks = (repeat << 3 | 1 << 1 | 1).to_bytes(3, "little") + content[:1]
    else:
        for i in range(0, len(content), step):
            piece, last = content[i : i + step], i + step >= len(content)
            blocks += (len(piece) << 3 | last).to_bytes(3, "little") + piece
    window = b"" if size_bytes else b"\x50"
    return bytes.fromhex("28b52ffd") + bytes([flag]) + window + declared.to_bytes(size_bytes, "little")[:size_bytes] + blocks


def compact_vectors(make):
    spec = "03-segments.md#compact-form-version-1"

    def put(name, comment, segment, data=None, fails=None, method=0, table=(), roots=None, names=None):
        first = segment.members[0].header
        roots = {b: roots(b) for b in {m.header.seq // 256 for m in segment.members}} if roots else None
        data = encode_compact(segment, method, roots) if data is None else data
        lines = dict(network=NETWORK, descriptor=encode(segment.descriptor.form()), prev=first.prev, table=list(table))
        lines["named"] = [n for m in segment.members for n in m.names] if names is None else names
        if not fails:
            lines["root"] = [f"{block} {root.hex()}" for block, root in sorted((roots or {}).items())]
            lines["id"] = segment.members[-1].header.id
        make.write("compact", name, spec, comment, data, fails, **lines)

    run = usual()
    segment = run.segment()
    put("usual", "three entries, one seed for the first two", segment, roots=run.root)
    put("leaves", "the same from a node that holds leaves only", segment)
    payload = encode_compact(segment, 0, {0: run.root(0)})[2:]
    put("frame", "a zstd frame of one raw block", segment, b"\x01\x01" + frame(payload), roots=run.root)
    long = Run()
    for i in range(60):
        long.add(values=[f"value {i}"], time=TIME + 60 * i)
    put("compressed", "a compressed zstd frame of 60 entries", long.segment(), method=1, roots=long.root)
    block = Run()
    for i in range(256):
        block.add(values=[i])
    put("whole-block", "a whole block: one seed", block.segment(), roots=block.root)
    inner = Run(first=1, prev=named_bytes("before", 32))
    for i in range(254):
        inner.add(values=[i])
    put("14-seeds", "sequence numbers 1 to 254: 14 seeds, the most for a run within a block", inner.segment(), roots=inner.root)
    cross = Run(first=250, prev=named_bytes("before", 32), table=[named_bytes("t1", 32)])
    for i in range(12):
        names = [named_bytes("n", 32)] if i == 3 else []
        cross.add([[16, 1, [[1, 4, 0]] if names else [], None]], [i], names)
    put("two-blocks", "a run across the border of two blocks, and a name through an index from before", cross.segment(),
        roots=cross.root, table=[named_bytes("t1", 32)])
    sparse = Run()
    for i in range(8):
        sparse.add(*([[[16, 98, [], None]], []] if i in (0, 1, 5) else [None, (i,)]))
    put("without-bodies", "entries 0, 1 and 5 have no body: one seed covers all eight", sparse.segment(), roots=sparse.root)
    gone = Run()
    for i in range(8):
        gone.add([[16, 1, [], None], [17, 1, [], None]], ["kept", i])
    gone.members[3].body = gone.members[3].body.erased(1)
    put("erased", "a value of entry 3 was erased: its siblings remain", gone.segment(), roots=gone.root)
    put("transaction", "a transaction of three between two entries alone", with_transaction(0, 2, 1, 0, 0).segment(), roots=Run().root)
    unknown = Run()
    unknown.add([[40, 99, [], Map([(7, [None])])], [41, 98, [], "x"]], [Map([(1, "kept")])], record=999, ext=Map([(5, b"kept")]))
    unknown.add(record=[0, 40, [bytes(16)]], flags=0)
    unknown.add(flags=1 << 8)
    put("unknown", "unknown kinds, types, flags and an extension, and a pair", unknown.segment(), roots=unknown.root)
    control = Run(space="policy", log_class=0)
    control.add(*opening(control), record=1)
    put("control", "an opening: no seeds", control.segment(), roots=control.root)
    deep = Run()
    deep.add(values=[Raw(b"\x81" * 32 + b"\xf6")])
    put("deep", "a value of depth 32: depth counts from the value", deep.segment(), roots=deep.root)

    def bad(name, layer, error, comment, data, segment=segment, **more):
        put(name, comment, segment, data, (layer, error), **more)

    good = b"\x01\x00" + payload
    bad("empty", "segment", "invalid", "no bytes", b"")
    bad("truncated", "segment", "truncated", "the last byte is missing", good[:-1])
    bad("trailing", "segment", "trailing", "a null follows", good + b"\xf6")
    bad("version", "segment", "invalid", "version 2", b"\x02" + good[1:])
    bad("method", "segment", "invalid", "method 2", b"\x01\x02" + payload)
    bad("bomb", "segment", "tooLarge", "17 bytes that declare 524,289 and would inflate to 128 KiB", b"\x01\x01" + frame(b"\x00", 524289, repeat=131072))
    bad("bomb-lying", "segment", "invalid", "declares 100 bytes and inflates to 100,000", b"\x01\x01" + frame(b"\x00", 100, repeat=100000))
    bad("declares-more", "segment", "invalid", "declares one byte more than it holds", b"\x01\x01" + frame(payload, len(payload) + 1))
    bad("no-size", "segment", "invalid", "a frame without a declared size", b"\x01\x01" + frame(payload, 0, 0))
    bad("after-frame", "segment", "invalid", "a byte after the frame", b"\x01\x01" + frame(payload) + b"\x00")
    bad("two-frames", "segment", "invalid", "two frames", b"\x01\x01" + frame(payload[:100]) + frame(payload[100:]))
    bad("no-frame", "segment", "invalid", "method 1 without a frame", b"\x01\x01" + payload)

    def built(seeds=None, check=None, seal=segment.seal, rows=None, first=0):
        seeds = seeds_for(segment, {0: run.root(0)}) if seeds is None else seeds
        check = check or check_of(segment.descriptor.log, [m.header.context for m in segment.members])
        rows = rows or compact_rows(segment)
        return b"\x01\x00" + head(4, 5) + encode(first) + encode(check) + encode(seeds) + rows + encode(seal)

    root = run.root(0)
    leaf = lambda position: bytes([8]) + node_of(root, 8, position)
    bad("seeds-missing", "segment", "seeds", "the second entry has no leaf", built([leaf(0)]))
    bad("seeds-none", "segment", "seeds", "no seeds at all", built([]))
    bad("seeds-more", "segment", "seeds", "a seed that nothing needs", built([leaf(0), leaf(1), leaf(2)]))
    bad("seeds-level", "segment", "seeds", "level 9", built([bytes([9]) + bytes(16), leaf(1)]))
    bad("seeds-beyond", "segment", "seeds", "a seed that covers entry 3, which is not in the segment", built([bytes([6]) + node_of(root, 6, 0)]))
    overlap = Run(first=1, prev=named_bytes("before", 32))
    overlap.add()
    overlap.add()
    overlap_seeds = [bytes([8]) + node_of(overlap.root(0), 8, 1), bytes([7]) + node_of(overlap.root(0), 7, 2)]
    s = overlap.segment()
    data = b"\x01\x00" + head(4, 5) + encode(1) + encode(check_of(named_bytes("before", 32), [])) + encode(overlap_seeds)
    bad("seeds-end", "segment", "seeds", "a seed that covers the leaf after the last entry", data + compact_rows(s) + encode(s.seal), s)
    erased = gone.segment()
    data = b"\x01\x00" + head(4, 5) + encode(0) + encode(check_of(gone.descriptor.log, []))
    data += encode([bytes([5]) + node_of(gone.root(0), 5, 0)]) + compact_rows(erased) + encode(erased.seal)
    bad("seeds-erased", "segment", "seeds", "a seed that covers the leaf of an entry with an erasure", data, erased)
    flipped = seeds_for(segment, {0: root})[0]
    bad("seed-other", "seal", "seal", "one bit of a seed is flipped: other salts, other ids", built([flipped[:-1] + bytes([flipped[-1] ^ 1])]))
    bad("check", "context", "context", "another check", built(check=bytes(8)))
    names = [n for m in segment.members for n in m.names]
    bad("branch", "context", "context", "the receiver resolves a name to another branch", built(), names=names[:-1] + [bytes(32)])
    bad("index", "context", "context", "an index that was not introduced",
        encode_compact(cross.segment(), 0, {0: cross.root(0), 1: cross.root(1)}), cross.segment())
    bad("seal", "seal", "seal", "another seal", built(seal=bytes(64)))

    def row(flags=0, delta=TIME, values=("x",), body=None, ops=([16, 1, [], None],), more=()):
        return encode([[flags, None, [], delta, 32, list(ops), list(values) if body is None else body, *more]])

    zero = check_of(segment.descriptor.log, [])
    bad("no-rows", "segment", "outOfRange", "no row", built([], zero, rows=b"\x80"))
    bad("row-elements", "segment", "outOfRange", "a row of 9 elements", built([leaf(0)], zero, rows=row(more=[Map([(1, 1)]), None])))
    bad("values", "body", "invalid", "two values for one operation", built([leaf(0)], zero, rows=row(values=["x", "y"])))
    bad("time", "segment", "outOfRange", "a time that leaves the range", built([leaf(0)], zero, rows=row(delta=2**63 - 1)))
    bad("nothing-erased", "segment", "invalid", "single salts though nothing was erased",
        built([], zero, rows=row(body=Map([(0, [[bytes(16), "x"]]), (1, 3)]))))
    bad("erased-keys", "segment", "outOfRange", "an erased body with a key 2", built([], zero, rows=row(body=Map([(0, [bytes(32)]), (2, 3)]))))
    bad("ends-inside", "segment", "chain", "the last row begins a transaction", built([leaf(0)], zero, rows=row(flags=1)))
    bad("header", "header", "invalid", "an erased body of size 0",
        built([], zero, rows=row(body=Map([(0, [bytes(32)]), (1, 0)]))))
    bad("shape", "segment", "invalid", "a shape of a known type that is another", built([leaf(0)], zero, rows=row(ops=[[16, 1, [], 0]])))


def certificate_vectors(make):
    spec = "05-authority.md#certificate"
    net = Network()
    sector_admin, second, root = net.admin, Device("second"), net.root
    institute = net.member("institute").device
    laptop = Device("laptop")
    organisation = net.admit(institute, laptop, 3, organisation=organisation_of(net, "institute"))
    net.admit(sector_admin, second, 3, organisation=net.sector)
    net.open(laptop, net.admissions["laptop"])
    other_root = Device("impostor")
    net.open(other_root, None)
    net.admit(other_root, Device("guest"), 1, name="Another Sector")

    def link(name):
        entry = net.replica.entries[net.admissions[name]]
        return [entry.header.raw, entry.descriptor.form(), net.replica.seals[entry.id]]

    def certificate(*names, charter=net.charter, links=None):
        return encode([charter, links or [link(n) for n in names]])

    def good(name, comment, *names):
        data = certificate(*names)
        last = decode_certificate(data, net.replica.network)
        make.write("certificate", name, spec, comment, data, network=net.replica.network, key=last.signing_key,
                   channel_key=last.channel_key, rank=str(last.rank), organisation=last.organisation_id(net.replica.network))

    def bad(name, comment, data):
        make.write("certificate", name, spec, comment, data, ("certificate", "certificate"), network=net.replica.network)

    admin, chain = sector_admin.name, (sector_admin.name, "institute", "laptop")
    good("sector-admin", "the first admin: one link", admin)
    good("sector-device", "a device of the Sector", admin, "second")
    good("institute-admin", "the first admin of an institute", admin, "institute")
    good("institute-device", "a device of an institute: three links", *chain)
    whole = certificate(*chain)
    bad("truncated", "the last byte is missing", whole[:-1])
    bad("trailing", "a null follows", whole + b"\xf6")
    bad("charter", "one byte of the charter is another: another network", certificate(*chain, charter=net.charter[:-1] + bytes([net.charter[-1] ^ 1])))
    flipped = link("laptop")
    flipped[2] = flipped[2][:5] + bytes([flipped[2][5] ^ 1]) + flipped[2][6:]
    bad("seal", "one bit of the last seal is flipped", certificate(links=[link(admin), link("institute"), flipped]))
    bad("no-root", "the first link is not the root's", certificate("institute", "laptop"))
    bad("impostor", "a first link in the log of a key that is no root key", certificate("guest"))
    bad("gap", "the link in the middle is missing", certificate(admin, "laptop"))
    bad("order", "two links change places", certificate(admin, "laptop", "institute"))
    bad("no-links", "no link", encode([net.charter, []]))
    bad("five-links", "five links", certificate(admin, admin, admin, admin, admin))
    descriptor = link(admin)
    descriptor[1] = ["net", 1, *descriptor[1][2:]]
    bad("data-log", "the descriptor of a data log", certificate(links=[descriptor]))
    opening = net.replica.entries[net.admissions[admin]].parent
    bad("opening", "an opening instead of an admission",
        certificate(links=[[opening.header.raw, opening.descriptor.form(), net.replica.seals[opening.id]]]))

    def given(name, writer, rank, organisation=None, founds=None, auth="own"):
        device = Device(name)
        shape = [1, rank, organisation, founds, device.key.public, device.channel_key, 0]
        auth = net.admissions.get(writer.name) if auth == "own" else auth
        net.admissions[name] = net.control[writer.name].write(2, [(0, 9, [], shape)], auth=auth)

    own = organisation_of(net, "institute")
    given("r2-by-2", institute, 2, founds="A third one")
    bad("rank-2-by-2", "an admin of an institute founds another", certificate(admin, "institute", "r2-by-2"))
    given("r3-foreign", institute, 3, net.sector)
    bad("foreign", "an admin of an institute admits to the Sector", certificate(admin, "institute", "r3-foreign"))
    given("r2-own", sector_admin, 2, net.sector)
    bad("rank-2-sector", "a second admin of rank 2 within the Sector", certificate(admin, "r2-own"))
    given("by-device", laptop, 3, own)
    bad("by-device", "a device admits another", certificate(*chain, "by-device"))
    given("no-auth", institute, 3, own, auth=None)
    bad("no-auth", "an admission that leans on the grant of the entry before", certificate(admin, "institute", "no-auth"))
    given("r3-root", root, 3, net.sector)
    bad("rank-3-by-root", "the root admits a device", certificate("r3-root"))
    longer = encode([net.charter, [link(admin), link("institute"), [link("laptop")[0] + bytes(1000), *link("laptop")[1:]]]])
    bad("too-long", "more than 1,536 bytes", longer)


def organisation_of(net, name):
    return H("liaison record", [net.replica.network, "net", 32, [net.admissions[name][:16]]])[:16]


def segment_vectors(make):
    explicit_vectors(make)
    compact_vectors(make)
    certificate_vectors(make)
