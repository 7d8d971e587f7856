"""Certificates and joining codes: 05-authority.md."""

import base64

from cbor import Reader, Refused
from crypto import H
from entries import CONTROL, Charter, Descriptor, Header
from segments import verify_seal
from statements import Admission, statement_of


def decode_certificate(data, network):
    """The last admission of a certificate for the network, checked without any other state."""

    def refuse(why):
        raise Refused("certificate", "certificate", why)

    if len(data) > 1536:
        refuse("length")
    try:
        reader = Reader(data, "certificate")
        reader.array(2)
        charter = Charter(reader.bytes(0, 1536))
        links = []
        for _ in range(reader.array(1, 4)):
            reader.array(3)
            links.append((Header(reader.bytes(0, 1536)), Descriptor.read(reader, network), reader.bytes(64)))
        reader.finish()
        if charter.id != network:
            refuse("other network")
        above = None
        for header, descriptor, seal in links:
            above = check_link(header, descriptor, seal, above, charter, refuse)
    except Refused as refused:
        raise Refused("certificate", "certificate", str(refused)) from None
    return above


def check_link(header, descriptor, seal, above, charter, refuse):
    admission = statement_of(header)
    if type(admission) is not Admission or (descriptor.space, descriptor.log_class) != ("policy", CONTROL):
        refuse("no admission in a control log")
    verify_seal(descriptor.key, descriptor.log, header.seq, header.id, seal)
    if above is None:
        if descriptor.key not in charter.root_keys or header.auth is not None or admission.rank != 1:
            refuse("not given by the root")
    else:
        if descriptor.key != above.signing_key or header.auth != above.entry:
            refuse("not given by the link before")
        own = admission.organisation == above.organisation_id(charter.id)
        founds = above.rank == 1 and admission.rank == 2 and admission.organisation is None
        if not (founds or (above.rank in (1, 2) and admission.rank == 3 and own)):
            refuse("rank or organisation")
    return admission


# Joining codes

DIGITS = "abcdefghijklmnopqrstuvwxyz234567"


def encode_code(network, channel_key, secret, address, version=1):
    code = bytes([version]) + network + channel_key + secret + address.encode("utf-8")
    code += H("liaison code", code)[:4]
    return base64.b32encode(code).decode("ascii").lower().rstrip("=")


class Code:
    """A joining code, read from what somebody pasted."""

    def __init__(self, text):
        def refuse(error):
            raise Refused("code", error)

        digits = "".join(c for c in text if c not in " \t\r\n")
        # Only ASCII letters have two cases here: other letters that lower() maps to ASCII are no digits.
        digits = "".join(c.lower() if c.isascii() else c for c in digits)
        if any(c not in DIGITS for c in digits) or len(digits) % 8 in (1, 3, 6):
            refuse("notBase32")
        number = 0
        for digit in digits:
            number = number << 5 | DIGITS.index(digit)
        spare = len(digits) * 5 % 8
        if number & ((1 << spare) - 1):
            refuse("notBase32")
        code = (number >> spare).to_bytes(len(digits) * 5 // 8, "big")
        if not 81 + 3 <= len(code) - 4 <= 81 + 64:
            refuse("wrongLength")
        if H("liaison code", code[:-4])[:4] != code[-4:]:
            refuse("wrongChecksum")
        if code[0] != 1:
            refuse("wrongVersion")
        self.network, self.channel_key, self.secret = code[1:33], code[33:65], code[65:81]
        try:
            self.address = code[81:-4].decode("utf-8")
        except UnicodeDecodeError:
            refuse("noAddress")
        host, colon, port = self.address.rpartition(":")
        valid = host and colon and port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535
        if not valid:
            refuse("noAddress")
