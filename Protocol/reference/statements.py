"""Statements: 05-authority.md."""

from cbor import Refused
from crypto import H
from entries import MAXIMUM_NUMBER, STATEMENT

OPENING, ADMISSION = 1, 2


def is_bytes(item, size):
    return type(item) is bytes and len(item) == size


def is_uint(item, maximum=MAXIMUM_NUMBER):
    return type(item) is int and 0 <= item <= maximum


def is_name(item):
    return type(item) is str and 1 <= len(item.encode("utf-8")) <= 100


class Opening:
    def __init__(self, shape):
        self.signing_key, self.incarnation, self.label = shape


class Admission:
    def __init__(self, shape, entry):
        self.rule_set, self.rank, self.organisation, self.name, self.signing_key, self.channel_key, self.label = shape
        self.entry = entry

    def organisation_id(self, network):
        """The organisation that it founds or admits to."""
        if self.organisation is not None:
            return self.organisation
        return H("liaison record", [network, "net", 32, [self.entry[:16]]])[:16]


def statement_of(header):
    """The opening or admission that a control entry holds, or None for all else; reserved shapes are not looked at."""
    if type(header.record) is not int or len(header.ops) != 1 or not header.understood():
        return None
    op = header.ops[0]
    if (op.field, op.type, op.refs) != (0, STATEMENT, []) or type(op.shape) is not list:
        return None
    s = op.shape
    if header.record == OPENING and len(s) == 3 and is_bytes(s[0], 32) and is_bytes(s[1], 16) and is_uint(s[2]):
        return Opening(s)
    if header.record == ADMISSION and len(s) == 7 and is_uint(s[0]) and is_uint(s[1], 3) and is_uint(s[6]):
        founds = s[2] is None and is_name(s[3])
        joins = is_bytes(s[2], 16) and s[3] is None
        if (founds or joins) and is_bytes(s[4], 32) and is_bytes(s[5], 32):
            return Admission(s, header.id)
    return None


def check(header, descriptor):
    """Refuses an entry of a control log that is malformed (an entry that is not understood is not checked)."""

    def refuse(why):
        raise Refused("segment", "invalid", why)

    if type(header.record) is not int or len(header.ops) != 1:
        refuse("form of a statement")
    op, statement = header.ops[0], statement_of(header)
    if (op.field, op.type, op.refs) != (0, STATEMENT, []):
        refuse("form of a statement")
    if header.record in (OPENING, ADMISSION) and statement is None:
        refuse("shape of a statement")
    if (type(statement) is Opening) != (header.seq == 0):
        refuse("a control log begins with its opening, and nothing else is one")
    if type(statement) is Opening and (statement.signing_key, statement.incarnation) != (
        descriptor.key,
        descriptor.incarnation,
    ):
        refuse("opening of another incarnation")
