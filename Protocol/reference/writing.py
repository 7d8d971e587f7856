"""A writer of entries, for vectors and tests: what a node does when somebody edits. Keys and salts come from names."""

import hashlib

from cbor import encode
from crypto import H, SigningKey
from entries import CONTROL, DATA, Body, Descriptor, Header, body_commit_of, context_of, encode_charter
from entries import encode_header, leaf_of, record_form
from replica import Replica
from segments import Member, Segment, seal_message
from statements import ADMISSION, OPENING, Admission, statement_of

TIME = 1_790_000_000


def named_bytes(name, size):
    """Reproducible bytes from a name. A real node draws them at random."""
    return hashlib.shake_256(name.encode()).digest(size)


class Device:
    """A device with its keys and one incarnation."""

    def __init__(self, name, incarnation=0):
        self.name = name
        self.key = SigningKey(named_bytes("signing " + name, 32))
        self.channel_key = named_bytes("channel " + name, 32)
        self.incarnation = named_bytes(f"incarnation {name} {incarnation}", 16)
        self.label = incarnation

    @property
    def id(self):
        return H("liaison device", self.key.public)[:16]


class Log:
    """One branch of a log that its device writes into a replica.

    The replica is what the device holds; `write` takes each entry in at once. `fork` gives a second branch.
    """

    def __init__(self, replica, device, space="net", log_class=DATA):
        self.replica, self.device = replica, device
        self.descriptor = Descriptor(replica.network, space, log_class, device.key.public, device.incarnation)
        self.head, self.unsealed = None, []
        # Set to a list, it takes finished segments instead of the replica: for those that no replica takes.
        self.loose = None
        self.table, self.paths = [self.descriptor.log], {}

    def fork(self, replica=None):
        twin = Log(replica or self.replica, self.device, self.descriptor.space, self.descriptor.log_class)
        twin.head, twin.table, twin.paths = self.head, list(self.table), dict(self.paths)
        return twin

    def root(self, seq):
        """The root of the salt tree of a block; twins that fork use the same, as copies of a store do."""
        return named_bytes(f"block {self.descriptor.log.hex()} {seq // 256}", 16)

    def index_of(self, entry, intro):
        """The table index through which an entry is named, on whose path it lies."""
        if self.head and entry.descriptor.log == self.descriptor.log and entry.at_or_below(self.head):
            return 0
        for index, log in enumerate(self.table):
            path = self.paths.get(index)
            if index and log == entry.descriptor.log:
                if path is None or entry.at_or_below(path) or path.at_or_below(entry):
                    return index
        self.table.append(entry.descriptor.log)
        intro.append(entry.descriptor.log)
        return len(self.table) - 1

    def name(self, entry, intro):
        index = self.index_of(entry, intro)
        if index not in self.paths or self.paths[index].seq < entry.seq:
            self.paths[index] = entry
        return (index, entry.seq)

    def write(self, record, ops, values=(), time=TIME, auth=None, flags=0, ext=None, version=1):
        """Writes one entry. `record` is a kind, a pair or an entry id; ops are (field, type, [(entry id, op)], shape)."""
        held = self.replica.entries
        intro, names = [], []
        if type(record) is bytes:
            names.append(held[record])
            record = self.name(held[record], intro)
        forms = []
        for field, type_, refs, shape in ops:
            named = [held[entry] for entry, _ in refs]
            names += named
            short = [[*self.name(entry, intro), ref[1]] for entry, ref in zip(named, refs)]
            forms.append([field, type_, short, shape])
        seq = self.head.seq + 1 if self.head else 0
        encoded = [encode(value) for value in values]
        body = Body(leaf_of(self.root(seq), seq), encoded) if encoded else None
        fields = dict(
            version=version, flags=flags, seq=seq, prev=self.head.id if self.head else self.descriptor.log, auth=auth,
            intro=intro, context=context_of([(e.descriptor.log, e.seq, e.id) for e in names]), time=time,
            record=record_form(record), ops=forms, body_size=len(encode(list(values))) if values else 0,
            body_commit=body_commit_of(body.commitments()) if body else None, ext=ext,
        )  # fmt: skip
        return self.append(Member(Header(encode_header(fields)), [e.id for e in names], body))

    def append(self, member):
        """Takes a finished member; the replica gets the run as soon as its transaction is complete."""
        self.unsealed.append(member)
        if member.header.following() == 0:
            self.flush()
        return member.header.id

    def flush(self):
        last = self.unsealed[-1].header
        seal = self.device.key.sign(seal_message(self.descriptor.log, last.seq, last.id))
        data = Segment(self.descriptor, self.unsealed, seal).encode()
        self.unsealed = []
        if self.loose is not None:
            self.loose.append(data)
            return data
        self.replica.receive([data])
        self.head = self.replica.entries[last.id]
        return data

    def transaction(self, writes):
        """Several entries at once, as keyword arguments of `write`; none may name another of them."""
        ids = []
        for position, write in enumerate(writes):
            ids.append(self.write(**write, flags=len(writes) - 1 - position))
            if self.unsealed:
                self.head = Pending(self.unsealed[-1].header, self.head)
        return ids


class Pending:
    """The head while a transaction is being written: it has an id and a sequence number and is held nowhere yet."""

    def __init__(self, header, parent):
        self.id, self.seq, self.parent = header.id, header.seq, parent


class Network:
    """A network with one root key, a Sector and its admin, written into one replica."""

    def __init__(self, name="Example network"):
        self.root = Device(name + " root")
        nonce = named_bytes("nonce " + name, 16)
        self.charter = encode_charter(name, [self.root.key.public], TIME, nonce)
        self.replica = Replica(self.charter)
        self.control, self.admissions = {}, {}
        self.admin = Device(name + " admin")
        self.open(self.root, None)
        self.sector = self.admit(self.root, self.admin, 1, name="The Sector")
        self.open(self.admin, self.admissions[self.admin.name])

    def open(self, device, auth):
        log = Log(self.replica, device, "policy", CONTROL)
        shape = [device.key.public, device.incarnation, device.label]
        log.write(OPENING, [(0, 9, [], shape)], auth=auth)
        self.control[device.name] = log
        return log

    def admit(self, writer, device, rank, organisation=None, name=None, rule_set=1, **more):
        """Writes an admission and returns the organisation's id."""
        shape = [rule_set, rank, organisation, name, device.key.public, device.channel_key, 0]
        auth = self.admissions.get(writer.name)
        entry = self.control[writer.name].write(ADMISSION, [(0, 9, [], shape)], auth=auth, **more)
        self.admissions[device.name] = entry
        return Admission(shape, entry).organisation_id(self.replica.network)

    def member(self, name, institute=True, replica=None):
        """A device that is admitted, as first admin of a new organisation or to the Sector, and its data log."""
        device = Device(name)
        if institute:
            self.admit(self.admin, device, 2, name="Institute of " + name)
        else:
            self.admit(self.admin, device, 3, organisation=self.sector)
        self.open(device, self.admissions[name])
        return Writer(self, device, replica or self.replica)


class Writer(Log):
    """The data log of a member; the first entry states the grant."""

    def __init__(self, network, device, replica):
        super().__init__(replica, device)
        self.grant = network.admissions.get(device.name)

    def write(self, record, ops, values=(), auth="own", **more):
        if auth == "own":
            auth = self.grant if self.head is None else None
        return super().write(record, ops, values, auth=auth, **more)

    def fork(self, replica=None):
        twin = Writer.__new__(Writer)
        twin.__dict__.update(self.__dict__)
        twin.table, twin.paths, twin.unsealed = list(self.table), dict(self.paths), []
        twin.replica = replica or self.replica
        return twin


def everything(replica):
    """All that a replica holds as a list of explicit segments, in the order of an export, quarantined ones too."""
    return replica.export(lambda entry: True)
