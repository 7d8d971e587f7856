"""Deterministic CBOR as in 01-conventions.md, and the one error that every layer raises."""


class Refused(Exception):
    """A layer refuses something; `layer` and `error` are the names of 09-errors.md."""

    def __init__(self, layer, error, why=""):
        super().__init__(f"{layer}: {error}" + (f" ({why})" if why else ""))
        self.layer, self.error, self.why = layer, error, why


class Tag:
    """A tagged item."""

    def __init__(self, number, item):
        self.number, self.item = number, item

    def __eq__(self, other):
        return type(other) is Tag and encode(self) == encode(other)

    def __repr__(self):
        return f"{self.number}({self.item!r})"


class Map:
    """A map as pairs in ascending order of their encoded keys; keys may be any item."""

    def __init__(self, pairs):
        self.pairs = sorted(pairs, key=lambda pair: encode(pair[0]))

    def __eq__(self, other):
        return type(other) is Map and encode(self) == encode(other)

    def __repr__(self):
        return "{" + ", ".join(f"{k!r}: {v!r}" for k, v in self.pairs) + "}"


class Raw:
    """Bytes that stand in an item as they are: only to build what no encoder writes."""

    def __init__(self, data):
        self.data = data


MAXIMUM_DEPTH = 32
MAJOR = ["unsigned integer", "negative integer", "bytes", "text", "array", "map", "tag", "simple value"]


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for size, extra in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if number < 1 << (8 * size):
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError("number too large")


def encode(item):
    """The one encoding of an item made of int, bytes, str, list, tuple, Map, Tag, bool and None."""
    kind = type(item)
    if item is None:
        return b"\xf6"
    if kind is bool:
        return b"\xf5" if item else b"\xf4"
    if kind is int:
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if kind is bytes:
        return head(2, len(item)) + item
    if kind is str:
        text = item.encode("utf-8")
        return head(3, len(text)) + text
    if kind in (list, tuple):
        return head(4, len(item)) + b"".join(encode(each) for each in item)
    if kind is Map:
        return head(5, len(item.pairs)) + b"".join(encode(k) + encode(v) for k, v in item.pairs)
    if kind is Raw:
        return item.data
    if kind is Tag:
        return head(6, item.number) + encode(item.item)
    raise TypeError(kind)


class Reader:
    """Reads items from front to back; every fault is raised as Refused(layer, …)."""

    def __init__(self, data, layer):
        self.data, self.layer, self.offset = data, layer, 0

    def refuse(self, error, why=""):
        raise Refused(self.layer, error, f"{why} at {self.offset}".strip())

    def peek(self):
        """The major type of the next item."""
        if self.offset >= len(self.data):
            self.refuse("truncated")
        return self.data[self.offset] >> 5

    def take(self, count):
        if count > len(self.data) - self.offset:
            self.refuse("truncated")
        self.offset += count
        return self.data[self.offset - count : self.offset]

    def head(self, major, what=None):
        """The number in a head of the given major type (0–6)."""
        if self.peek() != major:
            self.refuse("wrongType", f"{what or MAJOR[major]} expected")
        info = self.take(1)[0] & 31
        if info < 24:
            return info
        if info == 31:
            self.refuse("unsupported", "indefinite length")
        if info > 27:
            self.refuse("unsupported", f"additional information {info}")
        size = 1 << (info - 24)
        number = int.from_bytes(self.take(size), "big")
        if number < 24 or (size > 1 and number < 1 << (4 * size)):
            self.refuse("notDeterministic", "longer head than needed")
        return number

    def uint(self, maximum=2**64 - 1, minimum=0):
        number = self.head(0)
        if not minimum <= number <= maximum:
            self.refuse("outOfRange", f"{number}")
        return number

    def int(self, minimum=-(2**63), maximum=2**63 - 1):
        number = self.head(0) if self.peek() != 1 else -1 - self.head(1)
        if not minimum <= number <= maximum:
            self.refuse("outOfRange", f"{number}")
        return number

    def count(self, major, minimum, maximum):
        """The length in the head of a string, array or map."""
        number = self.head(major)
        if not minimum <= number <= maximum:
            self.refuse("outOfRange", f"length {number}")
        if number * (2 if major == 5 else 1) > len(self.data) - self.offset:
            self.refuse("truncated")
        return number

    def bytes(self, minimum, maximum=None):
        return self.take(self.count(2, minimum, minimum if maximum is None else maximum))

    def text(self, minimum=0, maximum=2**64):
        raw = self.take(self.count(3, minimum, maximum))
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.refuse("invalidText")

    def array(self, minimum, maximum=None):
        return self.count(4, minimum, minimum if maximum is None else maximum)

    def null(self):
        """Reads a null if one comes next."""
        if self.offset < len(self.data) and self.data[self.offset] == 0xF6:
            self.offset += 1
            return True
        return False

    def item(self, depth=0):
        """An open item of any form."""
        major = self.peek()
        if major in (0, 1):
            return self.int()
        if major == 2:
            return self.bytes(0, 2**64)
        if major == 3:
            return self.text()
        if major == 7:
            simple = {0xF4: False, 0xF5: True, 0xF6: None}
            if self.data[self.offset] not in simple:
                self.refuse("unsupported", "float or simple value")
            return simple[self.take(1)[0]]
        if depth == MAXIMUM_DEPTH:
            self.refuse("tooDeep")
        if major == 4:
            return [self.item(depth + 1) for _ in range(self.array(0, 2**64))]
        if major == 6:
            return Tag(self.head(6), self.item(depth + 1))
        pairs, before = [], None
        for _ in range(self.count(5, 0, 2**64)):
            start = self.offset
            key = self.item(depth + 1)
            raw = self.data[start : self.offset]
            if before is not None and raw <= before:
                self.refuse("notDeterministic", "order of map keys")
            pairs.append((key, self.item(depth + 1)))
            before = raw
        return Map(pairs)

    def raw_item(self):
        """The encoding of an open item."""
        start = self.offset
        self.item()
        return self.data[start : self.offset]

    def finish(self):
        if self.offset != len(self.data):
            self.refuse("trailing")


def decode(data, layer="cbor"):
    """One open item and nothing after it."""
    reader = Reader(data, layer)
    item = reader.item()
    reader.finish()
    return item
