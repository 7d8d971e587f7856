"""Charter, descriptors, headers, bodies and salts: 02-entries.md."""

from cbor import Reader, Refused, encode, head
from crypto import H

MAXIMUM_SEQUENCE = 2**48 - 1
MAXIMUM_NUMBER = 2**32 - 1
MAXIMUM_BODY = 49152
TIME = (-62135596800, 253402300799)
EXISTENCE, REGISTER, SET, COUNTER, LIST, MAP, WORKFLOW, TEXT, REMARK, STATEMENT = range(10)
MERGED = {EXISTENCE, REGISTER, SET, COUNTER, LIST, MAP, WORKFLOW, REMARK, STATEMENT}
CONTROL, DATA = 0, 1


def encode_charter(name, root_keys, created, nonce, threshold=1):
    return encode([1, name, root_keys, threshold, created, nonce])


class Charter:
    """The founding of a network; `id` is the network id."""

    def __init__(self, data):
        reader = Reader(data, "charter")
        reader.array(6)
        version = reader.uint(MAXIMUM_NUMBER)
        self.name = reader.text(1, 100)
        self.root_keys = [reader.bytes(32) for _ in range(reader.array(1, 16))]
        threshold = reader.uint(MAXIMUM_NUMBER)
        self.created = reader.int(*TIME)
        self.nonce = reader.bytes(16)
        reader.finish()
        if version != 1 or threshold != 1:
            reader.refuse("invalid", "version or threshold")
        self.raw, self.id = data, H("liaison charter", data)


class Descriptor:
    """What a log is named by: [space, class, device key, incarnation]."""

    def __init__(self, network, space, log_class, key, incarnation):
        self.space, self.log_class, self.key, self.incarnation = space, log_class, key, incarnation
        self.log = H("liaison log", [network, space, log_class, key, incarnation])

    def form(self):
        return [self.space, self.log_class, self.key, self.incarnation]

    @staticmethod
    def read(reader, network):
        reader.array(4)
        return Descriptor(network, reader.text(1, 64), reader.uint(1), reader.bytes(32), reader.bytes(16))


class Operation:
    """One change to one field; `refs` are (index, seq, operation)."""

    def __init__(self, field, type_, refs, shape):
        self.field, self.type, self.refs, self.shape = field, type_, refs, shape

    def form(self):
        return [self.field, self.type, [list(ref) for ref in self.refs], self.shape]

    def carries_value(self):
        if self.type in (REGISTER, MAP, REMARK):
            return True
        if self.type in (EXISTENCE, COUNTER, WORKFLOW, STATEMENT):
            return False
        if self.type == SET:
            return self.shape == 0
        if self.type == LIST:
            return self.shape[0] == 0
        if self.type == TEXT:
            return self.shape[1] > 0
        return self.type % 2 == 1

    def is_delete(self):
        return self.field == 0 and self.type == EXISTENCE and self.shape == 0

    def key(self):
        return self.shape if self.type == MAP else None


def is_uint(item):
    return type(item) is int and item >= 0


def shape_fits(type_, shape):
    """Whether the shape is one of a known type; unknown types take any."""
    if type_ in (EXISTENCE, SET):
        return is_uint(shape) and shape <= 1
    if type_ in (REGISTER, REMARK):
        return shape is None
    if type_ == COUNTER:
        return type(shape) is int
    if type_ == LIST:
        if type(shape) is not list or not shape or not is_uint(shape[0]):
            return False
        if shape[0] in (0, 1):
            return len(shape) == 2 and type(shape[1]) is bytes
        return shape == [2]
    if type_ == MAP:
        return type(shape) is str or (type(shape) is bytes and len(shape) == 16)
    if type_ == WORKFLOW:
        return (
            type(shape) is list
            and len(shape) == 3
            and (shape[0] is None or is_uint(shape[0]))
            and is_uint(shape[1])
            and is_uint(shape[2])
        )
    if type_ == TEXT:
        return type(shape) is list and len(shape) == 3 and all(is_uint(n) and n <= MAXIMUM_NUMBER for n in shape)
    return type_ != STATEMENT or type(shape) is list


class Header:
    """A decoded header. `record` is a kind, (index, seq) or ("pair", kind, ids)."""

    def __init__(self, data):
        self.raw, self.id = data, H("liaison entry", data)
        reader = Reader(data, "header")
        if len(data) > 32768:
            reader.refuse("outOfRange", "length of the header")
        elements = reader.array(12, 13)
        self.version = reader.uint(MAXIMUM_NUMBER, 1)
        self.flags = reader.uint()
        self.seq = reader.uint(MAXIMUM_SEQUENCE)
        self.prev = reader.bytes(32)
        self.auth = None if reader.null() else reader.bytes(32)
        self.intro = [reader.bytes(32) for _ in range(reader.array(0, 256))]
        self.context = None if reader.null() else reader.bytes(16)
        self.time = reader.int(*TIME)
        self.record = read_record(reader)
        self.ops = read_operations(reader)
        self.body_size = reader.uint(MAXIMUM_BODY)
        self.body_commit = None if reader.null() else reader.bytes(32)
        self.ext = read_extension(reader) if elements == 13 else None
        reader.finish()
        self.check(reader)

    def check(self, reader):
        """Combinations, after all elements."""
        if (self.context is None) != (not self.names()):
            reader.refuse("invalid", "context")
        if (self.body_commit is None) != (self.body_size == 0):
            reader.refuse("invalid", "commitment without body, or body without commitment")
        if self.understood() and (self.body_size == 0) != (self.value_count() == 0):
            reader.refuse("invalid", "values and body size")
        if any(index == 0 and seq >= self.seq for index, seq in self.names()):
            reader.refuse("invalid", "ref to itself or a later entry")

    def names(self):
        """(index, seq) of the entries named, in the order of the context."""
        record = [self.record] if type(self.record) is tuple and self.record[0] != "pair" else []
        return record + [ref[:2] for op in self.ops for ref in op.refs]

    def value_count(self):
        return sum(op.carries_value() for op in self.ops)

    def following(self):
        """How many entries of the transaction follow."""
        return self.flags & 255

    def understood(self):
        return self.version == 1 and self.flags < 256

    def size(self):
        return len(self.raw) + self.body_size

    def fields(self):
        """The elements as they are encoded, by name."""
        return dict(
            version=self.version, flags=self.flags, seq=self.seq, prev=self.prev, auth=self.auth, intro=self.intro,
            context=self.context, time=self.time, record=record_form(self.record), ops=[op.form() for op in self.ops],
            body_size=self.body_size, body_commit=self.body_commit, ext=self.ext,
        )  # fmt: skip


def read_record(reader):
    if reader.peek() == 0:
        return reader.uint(MAXIMUM_NUMBER, 1)
    if reader.array(2, 3) == 2:
        return (reader.uint(MAXIMUM_NUMBER), reader.uint(MAXIMUM_SEQUENCE))
    reader.uint(0)
    kind = reader.uint(MAXIMUM_NUMBER, 1)
    return ("pair", kind, [reader.bytes(16) for _ in range(reader.array(1, 8))])


def record_form(record):
    if type(record) is int:
        return record
    return [0, record[1], record[2]] if record[0] == "pair" else list(record)


def read_operations(reader):
    ops, references = [], 0
    for _ in range(reader.array(1, 256)):
        reader.array(4)
        field, type_ = reader.uint(MAXIMUM_NUMBER), reader.uint(MAXIMUM_NUMBER)
        count = reader.array(0, 1024 - references)
        references += count
        refs = []
        for _ in range(count):
            reader.array(3)
            refs.append((reader.uint(MAXIMUM_NUMBER), reader.uint(MAXIMUM_SEQUENCE), reader.uint(255)))
        shape = reader.item()
        if not shape_fits(type_, shape):
            reader.refuse("invalid", f"shape {shape!r} of type {type_}")
        if (field == 0) != (type_ in (EXISTENCE, STATEMENT)):
            reader.refuse("invalid", "field 0")
        ops.append(Operation(field, type_, refs, shape))
    return ops


def read_extension(reader):
    start = reader.offset
    if reader.peek() != 5:
        reader.refuse("wrongType", "map expected")
    ext = reader.item()
    if not ext.pairs or reader.offset - start > 4096:
        reader.refuse("outOfRange", "length of the extension")
    return ext


def encode_header(fields):
    """The encoding of a header from the dictionary that `Header.fields` gives."""
    names = "version flags seq prev auth intro context time record ops body_size body_commit".split()
    return encode([fields[name] for name in names] + ([fields["ext"]] if fields["ext"] is not None else []))


def context_of(names):
    """The context of (log id, seq, entry id) triples."""
    return H("liaison context", [list(each) for each in names])[:16] if names else None


def record_id(network, space, header, named_record=None):
    """The id of the record that an entry changes; `named_record` is that of the entry that `record` names."""
    if type(header.record) is int:
        return H("liaison record", header.id)[:16]
    if header.record[0] == "pair":
        return H("liaison record", [network, space, header.record[1], header.record[2]])[:16]
    return named_record


# Salts


def children(node):
    digest = H("liaison ggm", node)
    return digest[:16], digest[16:]


def descend(node, level, position):
    """The leaf at `position` (0–255 within the block) under a node of `level`."""
    for bit in range(7 - level, -1, -1):
        node = children(node)[position >> bit & 1]
    return node


def leaf_of(root, seq):
    return descend(root, 0, seq % 256)


def node_of(root, level, position):
    """The node of `level` above the leaf at `position`."""
    node = root
    for bit in range(7, 7 - level, -1):
        node = children(node)[position >> bit & 1]
    return node


def siblings_without(root, seq):
    """The seeds that are left of a block when the leaf of `seq` is destroyed, ascending by leaf."""
    position, kept = seq % 256, []
    for level in range(1, 9):
        other = position ^ 1 << (8 - level)
        kept.append((other >> (8 - level), bytes([level]) + node_of(root, level, other), level))
    kept.sort(key=lambda each: each[0] << (8 - each[2]))
    return [seed for _, seed, _ in kept]


def salt_of(leaf, index):
    return H("liaison salt", leaf + bytes([index]))[:16]


def commitment_of(salt, value):
    return H("liaison commit", salt + value)


def body_commit_of(commitments):
    return H("liaison body", b"".join(commitments))


class Body:
    """Values of one entry: `leaf` with all `values`, or `parts` of (salt, value) and commitments."""

    def __init__(self, leaf, values=None, parts=None):
        self.leaf, self.values, self.parts = leaf, values, parts

    def form(self):
        if self.leaf is not None:
            return [self.leaf, self.values]
        return [None, [list(part) if type(part) is tuple else part for part in self.parts]]

    def value(self, index):
        """The encoded value with this index, or None if it was erased."""
        if self.leaf is not None:
            return self.values[index]
        return self.parts[index][1] if type(self.parts[index]) is tuple else None

    def commitments(self):
        if self.leaf is not None:
            return [commitment_of(salt_of(self.leaf, i), value) for i, value in enumerate(self.values)]
        return [commitment_of(*part) if type(part) is tuple else part for part in self.parts]

    def erased(self, index):
        """The same body without one value and its salt."""
        parts = self.parts or [(salt_of(self.leaf, i), value) for i, value in enumerate(self.values)]
        part = parts[index]
        commitment = commitment_of(*part) if type(part) is tuple else part
        return Body(None, parts=parts[:index] + [commitment] + parts[index + 1 :])


def check_value(value):
    if len(value) > 16384:
        raise Refused("body", "outOfRange", "length of a value")
    reader = Reader(value, "body")
    reader.item()
    reader.finish()


def verify_body(header, body):
    """The values that are there, the commitment, size and number that a header fixes."""
    count = len(body.values or body.parts) if body else 0
    for index in range(count):
        if body.value(index) is not None:
            check_value(body.value(index))
    if (body_commit_of(body.commitments()) if body else None) != header.body_commit:
        raise Refused("body", "commitment")
    if body and body.leaf is not None:
        if len(head(4, count)) + sum(map(len, body.values)) != header.body_size:
            raise Refused("body", "commitment", "body size")
    if header.understood() and count != header.value_count():
        raise Refused("body", "invalid", "number of values")
