"""Vectors of whole replicas: merging (04) and authority (05)."""

import random

from cbor import Map, encode
from crypto import H
from entries import CONTROL, Body, Header, body_commit_of, context_of, encode_header
from replica import Replica
from segments import Member, Segment, decode_explicit, seal_message
from vectors import replica_facts
from writing import TIME, Device, Log, Network, Pending, Writer, everything, named_bytes

MERGING, AUTHORITY = "04-merging.md", "05-authority.md"
FAR_PAST, FAR_FUTURE = -62135596800, 253402300799


def register(field, *names):
    return (field, 1, [(name, 0) for name in names], None)


class Scenario:
    """Two members, `a` and `b`, of a small network, and one who is not admitted, `x`."""

    def __init__(self):
        self.network = Network()
        self.replica = self.network.replica
        self.a, self.b = self.network.member("a"), self.network.member("b")
        self.x = Writer(self.network, Device("x"), self.replica)
        self.x.grant = named_bytes("no grant", 32)

    def segments(self):
        return everything(self.replica)


def replica_vectors(make):
    def put(name, spec, comment, scenario, segments=None, fails=None):
        segments = scenario.segments() if segments is None else segments
        # Any order will do; a shuffled one shows it.
        random.Random(name).shuffle(segments)
        data = encode([scenario.network.charter, segments])
        facts = {}
        if not fails:
            replica = Replica(scenario.network.charter)
            replica.receive(segments)
            facts = replica_facts(replica)
        make.write("replica", name, spec, comment, data, fails, **facts)

    for each in (merging_vectors, deletion_vectors, fork_vectors, authority_vectors, failing_vectors, counter_vectors, list_vectors, opening_vectors):
        each(put)


def merging_vectors(put):
    s = Scenario()
    put("no-records", MERGING, "statements alone", s)

    s = Scenario()
    r = s.a.write(100, [register(16), register(17)], ["Amina", 1])
    one = s.a.write(r, [register(16, r)], ["Amina A."])
    two = s.b.write(r, [register(16, r)], ["Amina B."])
    put("concurrent", MERGING + "#types", "two registers replace the same one, apart: both are left", s)
    s.b.write(r, [register(16, one, two)], ["Amina B."])
    put("resolved", MERGING + "#types", "a third replaces both", s)

    s = Scenario()
    r = s.a.write(100, [register(16)], ["first"], time=FAR_FUTURE)
    long = s.a.write(r, [register(16, r)], ["longer"], time=FAR_PAST)
    s.a.write(r, [register(16, long)], ["longest"], time=FAR_PAST)
    for i in range(6):
        s.b.write(r, [register(16, r)], [f"short {i}"], time=FAR_FUTURE)
    put("order", MERGING + "#replacing-and-order", "order 3 is shown against six of order 2, whatever the clocks and ids say", s)

    s = Scenario()
    r = s.a.write(100, [register(16), register(17)], ["x", "y"])
    other = s.b.write(100, [register(16)], ["z"])
    s.a.write(r, [(16, 1, [(r, 1), (other, 0), (r, 7)], None)], ["mentions only"])
    put("mentions", MERGING + "#replacing-and-order", "refs to another field, another record and an operation that is not there replace nothing", s)

    s = Scenario()
    r = s.a.write(100, [(20, 2, [], 0), (20, 2, [], 0)], ["red", "green"])
    s.b.write(r, [(20, 2, [], 0)], ["red"])
    s.a.write(r, [(20, 2, [(r, 0)], 1)])
    put("set", MERGING + "#types", "a remove takes away the add that it names; a concurrent add of the same value stays", s)

    s = Scenario()
    r = s.a.write(100, [(21, 5, [], "fr"), (21, 5, [], "ar"), (21, 5, [], bytes(16)), (21, 5, [], "\0" * 16)], ["titre", "x", "id", "text"])
    s.a.write(r, [(21, 5, [(r, 0), (r, 1)], "fr")], ["nouveau titre"])
    s.b.write(r, [(21, 5, [(r, 0)], "fr")], ["autre titre"])
    s.b.write(r, [(21, 5, [(r, 3)], bytes(16))], ["an id is no text"])
    s.b.write(r, [(21, 1, [(r, 1)], None)], ["a register has no key"])
    put("map", MERGING + "#types", "registers by key; 16 zero bytes and text of 16 zero characters are two keys", s)

    s = Scenario()
    r = s.a.write(100, [(22, 6, [], [None, 0, 3])])
    step = s.a.write(r, [(22, 6, [(r, 0)], [0, 1, 2])])
    s.a.write(r, [(22, 6, [(step, 0)], [1, 4, 0])])
    s.b.write(r, [(22, 6, [(step, 0)], [1, 5, 9])])
    s.b.write(r, [(22, 6, [(step, 0)], [1, 6, 9])])
    put("workflow", MERGING + "#types", "three steps race: shown by order and id, behaves as the most cautious, of equal ones as the shown or the greater", s)

    s = Scenario()
    pair = ("pair", 60, [named_bytes("p", 16), named_bytes("q", 16)])
    s.a.write(pair, [register(16)], ["by a"])
    mine = s.b.write(pair, [register(17)], ["by b"])
    s.b.write(mine, [register(18)], ["through a ref"])
    s.b.write(("pair", 60, pair[2][::-1]), [register(16)], ["ids the other way round: another record"])
    put("pair", "02-entries.md#header", "two create one record; a ref to a pair's entry is the same record", s)

    s = Scenario()
    r = s.a.write(100, [register(16)], ["first"])
    hidden = s.x.write(r, [register(16, r)], ["by nobody"])
    hidden = s.x.write(r, [register(16, hidden)], ["by nobody again"])
    put("quarantined", MERGING + "#applied-quarantined-not-understood", "operations in quarantine replace nothing themselves", s)
    s.b.write(r, [register(16, hidden)], ["over both"])
    put("quarantined-between", MERGING + "#replacing-and-order", "who replaces them replaces what they named; they count for the order", s)

    s = Scenario()
    r = s.a.write(100, [register(16)], ["first"])
    newer = s.a.write(r, [register(16, r)], ["from a later version"], version=2)
    s.b.write(r, [register(16, newer)], ["over it"])
    s.b.write(r, [register(17)], ["x"], flags=1 << 9)
    put("not-understood", MERGING + "#applied-quarantined-not-understood", "version 2 and an unknown flag: not applied, passed through", s)

    s = Scenario()
    r = s.a.write(999, [(16, 99, [], ["?"]), (17, 98, [], 7)], [Map([(1, "x")])], ext=Map([(3, "kept")]))
    newer = s.b.write(r, [(16, 99, [(r, 0)], ["!"])], ["y"])
    s.b.write(r, [(17, 1, [(r, 1)], None), (16, 98, [], None)], ["z"])
    put("unknown", MERGING + "#replacing-and-order", "kind 999 and type 99: left until an operation of the field names them, whatever its type", s)

    s = Scenario()
    r = s.a.write(100, [(16, 98, [], 5), (17, 99, [], [0, b"\x80"]), (18, 7, [], [0, 5, 0])], ["item", "hello"])
    s.a.write(r, [(18, 7, [(r, 2)], [5, 1, 0])], ["!"])
    s.b.write(r, [(18, 1, [(r, 2)], None)], ["a register replaces text"])
    put("later-types", MERGING + "#types", "text and unknown types are kept, left and counted", s)

    s = Scenario()
    r = s.a.write(100, [register(16)], ["x"])
    note = s.a.write(r, [register(16, r), (1, 8, [], None)], ["y", "because"])
    s.b.write(r, [(1, 8, [(note, 1)], None), (16, 8, [(note, 0)], None)], ["no", "a remark on field 16"])
    s.b.write(r, [(16, 1, [(note, 0)], None), (1, 1, [(note, 1)], None)], ["z", "a register on field 1"])
    put("remarks", MERGING + "#types", "nothing replaces a remark, and a remark replaces nothing", s)

    s = Scenario()
    for i in range(3):
        r = s.a.write(100, [register(16)], [f"a{i}"])
        s.b.write(r, [register(16, r)], [f"b{i}"])
        s.a.write(r, [register(16, r), register(17)], [f"c{i}", 0])
    put("woven", "03-segments.md#export", "two segments of which each names entries of the other", s)

    s = Scenario()
    r = s.a.write(100, [register(16), register(17)], ["secret", "kept"])
    s.a.write(r, [register(16, r)], ["another secret"])
    put("before-erasure", MERGING + "#digests", "the same records as in the next vector, with all values", s)
    put("after-erasure", MERGING + "#digests", "two values erased: state, order and what is left stay", s, [erase(x, s) for x in s.segments()])


def erase(data, scenario):
    segment = decode_explicit(data, scenario.network.replica.network)
    for member in segment.members:
        if member.body:
            member.body = member.body.erased(0)
    return segment.encode()


def deletion_vectors(put):
    spec = MERGING + "#deletion"

    def scenario():
        s = Scenario()
        s.r = s.a.write(100, [register(16)], ["x"])
        s.second = s.b.write(s.r, [register(17)], ["y"])
        return s

    s = scenario()
    s.delete = s.a.write(s.r, [(0, 0, [(s.r, 0), (s.second, 0)], 0)])
    put("deleted", spec, "a delete that covers all", s)
    s.edit = s.b.write(s.r, [register(16, s.r)], ["z"])
    put("contested", spec, "an edit that the delete does not cover", s)
    again = s.a.write(s.r, [(0, 0, [(s.r, 0), (s.edit, 0)], 0)])
    put("deleted-again", spec, "a second delete covers the edit and what lies below it in its chain", s)
    restore = s.b.write(s.r, [(0, 0, [(s.delete, 0)], 1)])
    put("restored-half", spec, "a restore replaces one of two deletes; the other does not cover the restore", s)
    s.b.write(s.r, [(0, 0, [(again, 0), (restore, 0)], 1)])
    put("restored", spec, "a second restore replaces the other delete and the first restore", s)

    s = scenario()
    s.a.write(s.r, [(0, 0, [(s.r, 0)], 0)])
    s.b.write(s.r, [(0, 0, [(s.second, 0)], 0)])
    put("two-halves", spec, "two deletes that cover all only together: contested", s)

    s = scenario()
    s.x.write(s.r, [(0, 0, [(s.r, 0), (s.second, 0)], 0)])
    hidden = s.x.write(s.r, [register(18)], ["in quarantine"])
    put("deleted-by-nobody", spec, "a delete in quarantine", s)
    s.a.write(s.r, [(0, 0, [(s.r, 0), (s.second, 0)], 0)])
    put("deleted-over-quarantine", spec, "entries in quarantine need not be covered", s)

    s = scenario()
    s.a.write(s.r, [(0, 0, [(s.r, 0), (s.second, 0)], 0)])
    s.b.write(s.r, [(1, 8, [], None)], ["a remark"])
    put("remark-contests", spec, "an entry that holds a remark is one that must be covered", s)


def fork_vectors(put):
    s = Scenario()
    r = s.a.write(100, [register(16)], ["x"])
    twin = s.a.fork()
    one = s.a.write(r, [register(16, r)], ["left branch"])
    two = twin.write(r, [register(16, r)], ["right branch"])
    put("fork", "02-entries.md#logs", "two entries of one log and number: both branches merge as concurrent work", s)
    s.b.write(r, [register(16, one, two)], ["both"])
    put("fork-joined", "02-entries.md#header", "another log names both branches through two indices of one log id", s)
    s.a.write(r, [register(16, two)], ["own other branch"])
    put("fork-own", "02-entries.md#header", "a branch names the other branch of its own log through an index above 0", s)
    s.b.write(r, [(0, 0, [(s.a.head.id, 0), (two, 0), (s.b.head.id, 0)], 0)])
    put("fork-deleted", MERGING + "#deletion", "a delete names the last entry of each branch", s)

    s = Scenario()
    twin = s.a.fork()
    s.a.write(100, [register(16)], ["left"])
    twin.write(100, [register(16)], ["right"])
    put("fork-first", "02-entries.md#logs", "a log with two first entries", s)

    s = Scenario()
    s.a.write(100, [register(16)], ["x"])
    fork_inside(s.a, s.a.fork())
    put("fork-transaction", "02-entries.md#transactions", "a log forks inside a transaction; the run of the second branch repeats its first entry", s)

    s = Scenario()
    r = s.a.write(100, [register(16)], ["x"])
    writes = [dict(record=r, ops=[register(17 + i)], values=[i]) for i in range(3)]
    s.b.transaction(writes)
    put("transaction", "02-entries.md#transactions", "three entries at once", s)


def fork_inside(a, b):
    """Two branches that share the first member of a transaction of two."""
    a.write(100, [register(16)], ["shared"], flags=1)
    shared = a.unsealed[0]
    b.unsealed = [shared]
    heads = a.head
    for log, value in ((a, "left"), (b, "right")):
        log.head = Pending(shared.header, heads)
        log.write(100, [register(16)], [value])


def authority_vectors(put):
    spec = AUTHORITY + "#authorised-entries"
    s = Scenario()
    s.x.write(100, [register(16)], ["x"])
    put("unknown-grant", spec, "a grant that nobody knows", s)

    s = Scenario()
    s.x.grant = s.a.grant
    s.x.write(100, [register(16)], ["x"])
    put("foreign-grant", spec, "a standing grant of another device", s)

    s = Scenario()
    root = Writer(s.network, s.network.root, s.replica)
    root.write(100, [register(16)], ["x"])
    put("root-data", spec, "a data entry of the root key without a grant", s)

    s = Scenario()
    s.a.write(100, [register(16)], ["inside"])
    s.a.write(100, [register(16)], ["outside"], auth=named_bytes("unknown", 32))
    s.a.write(100, [register(16)], ["outside though its grant stands"], auth=s.a.grant)
    put("after-quarantine", spec, "what comes after an entry without a grant is outside, whatever its own grant", s)

    s = Scenario()
    device = Device("c")
    s.network.admit(s.network.admin, device, 3, organisation=s.network.sector, rule_set=2)
    s.network.open(device, s.network.admissions["c"])
    c = Writer(s.network, device, s.replica)
    r = c.write(100, [register(16)], ["under rule set 2"])
    s.b.write(r, [register(16, r)], ["over it"])
    put("rule-set-2", spec, "an unknown rule set: inside the frontier, not understood, not applied", s)

    spec = AUTHORITY + "#grants-that-stand"
    s = Scenario()
    impostor = Device("second sector")
    s.network.admit(s.network.root, impostor, 1, name="Another Sector")
    s.network.open(impostor, s.network.admissions["second sector"])
    Writer(s.network, impostor, s.replica).write(100, [register(16)], ["x"])
    s.a.write(100, [register(16)], ["y"])
    put("two-sectors", spec, "the root founds two organisations: the admission of smaller id stands, with all below it", s)

    s = Scenario()
    other = Device("second admin")
    s.network.admit(s.network.root, other, 1, organisation=s.network.sector)
    s.network.open(other, s.network.admissions["second admin"])
    s.network.admit(other, Device("d"), 3, organisation=s.network.sector)
    s.network.open(Device("d"), s.network.admissions["d"])
    Writer(s.network, Device("d"), s.replica).write(100, [register(16)], ["x"])
    put("second-admin", spec, "the root admits a second admin to the Sector; who is admitted by it writes", s)

    s = Scenario()
    n, institute = s.network, s.a.device
    own = organisation(s, "a")
    cases = [
        ("founds", institute, 2, dict(name="A third")), ("foreign", institute, 3, dict(organisation=n.sector)),
        ("rank1", n.admin, 1, dict(organisation=n.sector)), ("rank2", n.admin, 2, dict(organisation=n.sector)),
        ("rank3new", n.admin, 3, dict(name="New")), ("rank3foreign", n.admin, 3, dict(organisation=own)),
        ("rank0", n.root, 0, dict(organisation=n.sector)), ("rank3root", n.root, 3, dict(organisation=n.sector)),
        ("rank2root", n.root, 2, dict(name="Straight from the root")), ("good", institute, 3, dict(organisation=own)),
    ]  # fmt: skip
    for name, writer, rank, more in cases:
        device = Device(name)
        n.admit(writer, device, rank, **more)
        n.open(device, n.admissions[name])
        Writer(n, device, s.replica).write(100, [register(16)], [name])
    n.admit(Device("good"), Device("by-good"), 3, organisation=own)
    n.open(Device("by-good"), n.admissions["by-good"])
    Writer(n, Device("by-good"), s.replica).write(100, [register(16)], ["by-good"])
    put("ranks", spec, "ten admissions of which one stands, and one by a device of rank 3", s)

    s = Scenario()
    stranger = Device("stranger")
    s.network.open(stranger, None)
    s.network.admit(stranger, Device("guest"), 1, name="Strangers")
    s.network.open(Device("guest"), s.network.admissions["guest"])
    Writer(s.network, Device("guest"), s.replica).write(100, [register(16)], ["x"])
    put("stranger", spec, "the control log of a key without an admission is outside, and what it admits", s)

    s = Scenario()
    device = Device("e")
    s.network.admit(s.network.admin, device, 3, organisation=s.network.sector)
    e = Writer(s.network, device, s.replica)
    e.write(100, [register(16)], ["x"])
    twin = Writer(s.network, Device(s.a.device.name, 1), s.replica)
    twin.grant = s.a.grant
    twin.write(100, [register(16)], ["x"])
    put("not-opened", spec, "a device that is admitted and has opened nothing, and a second incarnation that is not opened", s)
    s.network.open(device, e.grant)
    put("opened", spec, "the same when the first of them is opened", s)

    s = Scenario()
    twin = Device(s.a.device.name, 1)
    s.network.open(twin, s.a.grant)
    second = Writer(s.network, twin, s.replica)
    r = s.a.write(100, [register(16)], ["first life"])
    second.write(r, [register(16, r)], ["second life"])
    put("second-incarnation", AUTHORITY + "#statements", "a second incarnation of one device under the same grant", s)

    s = Scenario()
    control = s.network.control[s.network.admin.name]
    grants = [s.a.grant]
    control.write(4, [(0, 9, [], [grants, 0, []])])
    control.write(7, [(0, 9, [], ["a later statement"])])
    control.write(2, [(0, 9, [], ["an admission of a later version"])], version=2)
    s.a.write(100, [register(16)], ["not revoked in this version"])
    put("other-statements", AUTHORITY + "#statements", "a revocation, an unknown statement and one of version 2: kept, without effect", s)


def organisation(s, name):
    return H("liaison record", [s.replica.network, "net", 32, [s.network.admissions[name][:16]]])[:16]


def failing_vectors(put):
    def scenario():
        s = Scenario()
        s.r = s.a.write(100, [register(16)], ["x"])
        s.edit = s.b.write(s.r, [register(16, s.r)], ["y"])
        return s

    def of_log(s, log):
        return [d for d in s.segments() if decode_explicit(d, s.replica.network).descriptor.log == log.descriptor.log]

    s = scenario()
    missing = [d for d in s.segments() if d not in of_log(s, s.a)]
    put("named-missing", "03-segments.md#verification", "an entry that is named is nowhere", s, missing, ("context", "context"))

    s = scenario()
    tail = s.a.write(s.r, [register(17)], ["z"])
    only = Segment(s.a.descriptor, [Member(s.replica.entries[tail].header, s.replica.entries[tail].names, s.replica.entries[tail].body)],
                   s.replica.seals[tail]).encode()
    without = [d for d in s.segments() if d not in of_log(s, s.a) + of_log(s, s.b)]
    put("predecessor-missing", "03-segments.md#verification", "the entry before a segment is nowhere", s, without + [only], ("segment", "chain"))

    def forged(s, log, fields_change, names):
        """One more entry of a log with a fault that the writer would not make."""
        fields = dict(
            version=1, flags=0, seq=log.head.seq + 1, prev=log.head.id, auth=None, intro=[], context=None, time=TIME, record=100,
            ops=[[16, 1, [], None]], body_size=0, body_commit=None, ext=None,
        )  # fmt: skip
        fields.update(fields_change)
        body = Body(bytes(16), [encode("x")])
        fields["body_size"], fields["body_commit"] = 1 + len(encode("x")), body_commit_of(body.commitments())
        triples = []
        pairs = [fields["record"]] if type(fields["record"]) is list else []
        pairs += [ref[:2] for op in fields["ops"] for ref in op[2]]
        table = log.table + fields["intro"]
        for (index, seq), name in zip(pairs, names):
            triples.append((table[index], seq, name))
        fields["context"] = context_of(triples)
        member = Member(Header(encode_header(fields)), names, body)
        seal = log.device.key.sign(seal_message(log.descriptor.log, fields["seq"], member.header.id))
        return Segment(log.descriptor, [member], seal).encode()

    def replaced(s, data):
        """The export of a replica that has taken in the forged segment too."""
        replica = Replica(s.network.charter)
        replica.receive(s.segments() + [data])
        return everything(replica)

    s = scenario()
    put("record-of-change", "02-entries.md#header", "`record` names an entry that did not create the record: it is of the same", s,
        replaced(s, forged(s, s.b, {"record": [0, 0]}, [s.edit])))

    s = scenario()
    opening = s.network.control["a"].head
    put("other-space", "02-entries.md#header", "a data entry names an entry of `policy`", s,
        s.segments() + [forged(s, s.b, {"intro": [opening.descriptor.log], "ops": [[16, 1, [[2, 0, 0]], None]]}, [opening.id])],
        ("context", "context"))

    s = scenario()
    twin = s.a.fork()
    one = s.a.write(s.r, [register(17)], ["left"])
    two = twin.write(s.r, [register(17)], ["right"])
    s.b.write(s.r, [register(17, one)], ["saw the left one"])
    put("other-path", "02-entries.md#header", "one index names entries of two branches, which no receiver refuses", s,
        replaced(s, forged(s, s.b, {"ops": [[16, 1, [[1, 1, 0]], None]]}, [two])))
    put("own-other-branch", "02-entries.md#header", "index 0 names an entry that is not below in the chain, which no receiver refuses", s,
        replaced(s, forged(s, s.a, {"ops": [[16, 1, [[0, 1, 0]], None]]}, [two])))
    put("wrong-seq", "02-entries.md#header", "a ref names an entry by another sequence number", s,
        s.segments() + [forged(s, s.b, {"ops": [[16, 1, [[1, 0, 0]], None]]}, [one])], ("context", "context"))

    s = Scenario()
    s.a.write(100, [register(16)], ["x"])
    twin = s.a.fork()
    fork_inside(s.a, twin)
    inside = []
    for data in s.segments():
        segment = decode_explicit(data, s.replica.network)
        if segment.members[0].header.following() == 1:
            segment.members = segment.members[1:]
        inside.append(segment.encode())
    put("begins-inside", "02-entries.md#transactions", "a segment begins with the second entry of a transaction", s, inside, ("segment", "chain"))

    s = Scenario()
    s.a.loose = []
    for value in (bytes(16380), bytes(16380), b"", bytes(16380)):
        s.a.write(100, [register(16)], [value])
        s.a.head = Pending(decode_explicit(s.a.loose[-1], s.replica.network).members[0].header, s.a.head)
    members = [decode_explicit(data, s.replica.network).members[0] for data in s.a.loose]
    seals = [decode_explicit(data, s.replica.network).seal for data in s.a.loose]
    parts = [Segment(s.a.descriptor, members[:2], seals[1]).encode(), Segment(s.a.descriptor, members[2:], seals[3]).encode()]
    put("beyond-end", "03-segments.md#where-segments-end", "the third entry still fits the full segment, the fourth does not: no segment holds both", s,
        s.segments() + parts, ("segment", "chain"))

    s = scenario()
    segments = s.segments()
    position = segments.index(of_log(s, s.b)[0])
    segments[position] = segments[position][:-1] + bytes([segments[position][-1] ^ 1])
    put("one-bad-seal", "03-segments.md#verification", "one of the segments has a bad seal: nothing is stored", s, segments, ("seal", "seal"))


def counter_vectors(put):
    spec = MERGING + "#types"

    def delta(number):
        return (16, 3, [], number)

    s = Scenario()
    r = s.a.write(100, [delta(5), delta(0)])
    s.b.write(r, [delta(3)])
    s.b.write(r, [delta(-10)])
    s.x.write(r, [delta(1000)])
    s.a.write(r, [(17, 3, [], 0)])
    put("counter", spec, "several writers add and take: 5 + 0 + 3 - 10, and 0 in another field; what is quarantined does not count", s)

    s = Scenario()
    r = s.a.write(100, [delta(2**63 - 1), delta(2**63 - 1)])
    s.b.write(r, [(17, 3, [], -(2**63)), (17, 3, [], -(2**63))])
    s.b.write(r, [(18, 3, [], 2**63 - 1), (18, 3, [], 2**63 - 1), (18, 3, [], -(2**63)), (18, 3, [], -(2**63))])
    put("counter-clamped", spec, "sums beyond 64 bits show the nearest number; one that comes back from there is exact: -2", s)

    s = Scenario()
    r = s.a.write(100, [delta(7), delta(1)])
    s.b.write(r, [(16, 3, [(r, 0)], 2)])
    s.b.write(r, [register(17)], ["x"])
    s.a.write(r, [(17, 3, [], 4)])
    put("counter-replaced", spec, "a delta that names another replaces it, as any operation does; beside a register each type stands apart", s)


def insert(position):
    return (16, 4, [], [0, position])


def replace(position, *names):
    return (16, 4, [name if type(name) is tuple else (name, 0) for name in names], [0, position])


def move(position, *names):
    return (16, 4, [name if type(name) is tuple else (name, 0) for name in names], [1, position])


def remove(*names):
    return (16, 4, [name if type(name) is tuple else (name, 0) for name in names], [2])


def list_vectors(put):
    spec = MERGING + "#lists"

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x81"), insert(b"\x80\x01")], ["first", "third", "second"])
    one = s.a.write(r, [insert(b"\x81\x80"), insert(b"\x81\xc0")], ["by a", "by a too"])
    s.b.write(r, [insert(b"\x81\x80"), insert(b"\x81\xc0")], ["by b", "by b too"])
    put("list", spec, "positions ascend, what ends first comes first; two insert at one place: equal positions, by entry id", s)
    s.b.write(r, [move(b"\x7f", (one, 1))])
    s.b.write(r, [remove((r, 1))])
    s.b.write(r, [replace(b"\x80", (r, 0))], ["first, again"])
    put("list-changed", spec, "a move to the front, a remove and a replace", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\xa0")], ["x", "y"])
    left = s.a.write(r, [move(b"\xc0", r)])
    right = s.b.write(r, [move(b"\x40", r)])
    put("list-moves", spec, "move against move: of equal order the greater entry counts", s)
    s.b.write(r, [move(b"\x60", left)])
    put("list-moves-order", spec, "a second move over one of them has the greater order", s)
    s.a.write(r, [move(b"\x90", right, (s.b.head.id, 0))])
    put("list-moves-joined", spec, "a move that names both is the only one on top", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\xa0")], ["x", "y"])
    s.a.write(r, [move(b"\xc0", r)])
    s.b.write(r, [replace(b"\x80", r)], ["x, edited"])
    put("list-move-edit", spec, "move against edit: the value of one, the position of the other, whatever position the edit says", s)
    s.b.write(r, [replace(b"\xc0", (s.a.head.id, 0), (s.b.head.id, 0))], ["x, edited again"])
    put("list-edited", spec, "an edit that names both: the move still gives the position", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x90"), insert(b"\xa0"), insert(b"\xb0")], ["w", "x", "y", "z"])
    gone = s.a.write(r, [remove((r, 0)), remove((r, 1)), remove((r, 2)), remove((r, 3))])
    s.b.write(r, [replace(b"\x80", (r, 0)), move(b"\x10", (r, 1)), remove((r, 2))], ["w, edited"])
    put("list-removes", spec, "a remove loses against an edit and a move, and wins against nothing and a remove", s)
    s.a.write(r, [remove((gone, 0), (s.b.head.id, 0)), move(b"\x20", (gone, 1), (s.b.head.id, 1))])
    put("list-removed", spec, "a remove that names both takes the element away, a move that does keeps it", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x90")], ["x", "y"])
    s.a.write(r, [replace(b"\x80", (r, 0)), replace(b"\x90", (r, 1))], ["x by a", "y by both"])
    s.b.write(r, [replace(b"\x80", (r, 0)), replace(b"\x90", (r, 1))], ["x by b", "y by both"])
    put("list-edits", spec, "edit against edit: two unequal values are a conflict, two equal ones are none", s)
    put("list-edits-erased", spec, "a value that cannot be seen is in no conflict, and its element stays where it was", s, [erase(x, s) for x in s.segments()])
    s.a.write(r, [move(b"\xc0", (s.a.head.id, 0), (s.b.head.id, 0))])
    put("list-conflict-moved", spec, "a move that names both values leaves them standing", s)
    s.b.write(r, [replace(b"\xc0", s.a.head.id)], ["x by a"])
    put("list-resolved", spec, "an edit above both ends the conflict", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x90"), insert(b"\xa0")], ["x", "y", "z"])
    s.b.write(r, [move(b"\xf0", (r, 0), (r, 1))])
    put("list-joined", spec, "an operation that names two elements makes one of them, with two values", s)
    s.b.write(r, [insert(b""), move(b"\x01", (r, 7)), remove(), insert(b"\x80\x00")], ["empty position", "ends with zero"])
    put("list-odd", spec, "an empty position, a move and a remove of nothing, a position that ends with a zero byte", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x90"), insert(b"\xa0")], ["x", "y", "z"])
    newer = s.a.write(r, [replace(b"\x80", (r, 0)), insert(b"\x70"), move(b"\x20", (r, 1), (r, 2))], ["later", "later too"], version=2)
    put("list-not-understood", spec, "what is not applied writes nothing, and joins nothing", s)
    s.b.write(r, [replace(b"\x88", (newer, 0)), move(b"\x30", (newer, 1)), move(b"\x40", (newer, 2))], ["x, edited"])
    s.b.write(r, [replace(b"\x30", (newer, 1)), remove((s.b.head.id, 1))], ["edited"])
    put("list-passed-through", spec, "who names what is not applied replaces what that had named, and is of one element with who else names it", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x90"), register(16)], ["x", "y", "a register"])
    s.b.write(r, [(16, 1, [(r, 1), (r, 2)], None)], ["over an element"])
    s.b.write(r, [replace(b"\x98", s.b.head.id), (17, 4, [(r, 0)], [0, b"\x80"])], ["over the register", "in another field"])
    put("list-register", spec, "a register takes an element away; a list operation over it begins another; refs to another field are mentions", s)

    s = Scenario()
    r = s.a.write(100, [insert(b"\x80"), insert(b"\x90"), insert(b"\xa0")], ["secret", "kept", "kept"])
    s.b.write(r, [move(b"\xc0", (r, 0))])
    put("list-erased", spec, "the value of an element is erased: it stays where it was moved", s, [erase(x, s) for x in s.segments()])


def opening_vectors(put):
    spec = AUTHORITY + "#grants-that-stand"
    s = Scenario()
    n, device = s.network, s.a.device
    other = Log(s.replica, device, "policy", CONTROL)
    other.write(1, [(0, 9, [], [device.key.public, device.incarnation, 7])])
    n.control["a"] = other
    n.admit(device, Device("guest"), 3, organisation=organisation(s, "a"))
    n.open(Device("guest"), n.admissions["guest"])
    Writer(n, Device("guest"), s.replica).write(100, [register(16)], ["x"])
    put("opening-forked", spec, "a log opened twice, once without a grant: the opening that counts is enough for all of it", s)

    s = Scenario()
    n, own = s.network, organisation(s, "a")
    n.admit(s.a.device, Device("a"), 3, organisation=own)
    second = n.admissions["a"]
    n.open(Device("a", 1), second)
    n.admissions["a"] = s.a.grant
    n.admit(Device("a", 1), Device("guest"), 3, organisation=own)
    n.open(Device("guest"), n.admissions["guest"])
    Writer(n, Device("guest"), s.replica).write(100, [register(16)], ["x"])
    put("opened-by-own-grant", spec, "an admin admits its own key as a device, opens a life so, and admits there as an admin", s)
