"""Writes Protocol/vectors/channel/*.txt with the implementation of Noise that peer.py uses, not with ours.

usage: make_vectors.py FOLDER
"""

import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from peer import Peer, with_length

HINT = bytes.fromhex("0123456789abcdef")
SAY_I = [b"hello", bytes(300)]
SAY_R = [b"good day", b"\x00"]
PAYLOAD_2 = b"certificate of the responder"
PAYLOAD_3 = b"certificate of the initiator"


def secret(name):
    return hashlib.sha256(b"liaison vector " + name.encode()).digest()


def public(key):
    return X25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


KEYS = {
    role: (secret(role + " static"), secret(role + " ephemeral")) for role in ("initiator", "responder")
}


class Run:
    """A whole conversation; every message of it apart, so that vectors can damage one."""

    def __init__(self, payload_2=PAYLOAD_2, payload_3=PAYLOAD_3):
        i = Peer("initiator", HINT, *KEYS["initiator"])
        r = Peer("responder", HINT, *KEYS["responder"])
        self.preface = i.preface
        m1 = i.write(lambda _: b"")
        r.read(m1)
        m2 = r.write(lambda _: payload_2)
        i.read(m2)
        m3 = i.write(lambda _: payload_3)
        r.read(m3)
        assert i.handshake_hash == r.handshake_hash and i.transcript() == r.transcript()
        self.handshake_hash, self.transcript = i.handshake_hash, i.transcript()
        self.m1, self.m2, self.m3 = map(with_length, (m1, m2, m3))
        self.frames_i = [with_length(i.noise.encrypt(text)) for text in SAY_I]
        self.frames_r = [with_length(r.noise.encrypt(text)) for text in SAY_R]
        self.close_i = with_length(i.noise.encrypt(b""))
        self.close_r = with_length(r.noise.encrypt(b""))


def flip(message, index):
    return message[:index] + bytes([message[index] ^ 1]) + message[index + 1 :]


def write(folder, name, role, comment, body, *, layer=None, error=None, section="frames", run=None, stage=0, frames=0,
          writes=None, payload=None, peer_payload=None):
    """`stage`: 0 nothing learned, 1 the peer known, 2 open. `body`: bytes, or a list of flights."""
    ours, theirs = (role, "responder") if role == "initiator" else (role, "initiator")
    lines = [("spec", "06-channel.md#" + section), ("expect", f"{layer} failure" if layer else "success")]
    if error:
        lines.append(("error", error))
    lines += [("comment", comment), ("role", role), ("hint", HINT.hex())]
    lines += [("static", KEYS[ours][0].hex()), ("ephemeral", KEYS[ours][1].hex())]
    payload = (PAYLOAD_3 if role == "initiator" else PAYLOAD_2) if payload is None else payload
    peer_payload = (PAYLOAD_2 if role == "initiator" else PAYLOAD_3) if peer_payload is None else peer_payload
    lines.append(("payload", payload.hex()))
    if stage >= 1:
        lines += [("peer", public(KEYS[theirs][0]).hex()), ("peer-payload", peer_payload.hex())]
        lines.append(("handshake-hash", run.handshake_hash.hex()))
    if stage >= 2:
        lines.append(("transcript", run.transcript.hex()))
        lines += [("send", text.hex()) for text in (SAY_I if role == "initiator" else SAY_R)]
    lines += [("frame", text.hex()) for text in (SAY_R if role == "initiator" else SAY_I)[:frames]]
    lines.append(("writes", writes.hex()))
    text = "".join(f"{key}: {value}".rstrip() + "\n" for key, value in lines)
    for flight in body if isinstance(body, list) else [body]:
        digits = flight.hex()
        text += "\n" + "".join(digits[at : at + 96] + "\n" for at in range(0, len(digits), 96))
    (folder / f"{name}.txt").write_text(text)


def write_good(folder, run):
    opening, frames = run.preface + run.m1 + run.m3, b"".join(run.frames_i)
    said_r = run.preface + run.m2 + b"".join(run.frames_r)
    write(folder, "001-responder", "responder", "a whole conversation, as the responder reads it",
          [opening, frames + run.close_i], run=run, stage=2, frames=2, writes=said_r)
    write(folder, "002-initiator", "initiator", "the same conversation, as the initiator reads it",
          [run.preface + run.m2, b"".join(run.frames_r) + run.close_r],
          run=run, stage=2, frames=2, writes=opening + frames)
    write(folder, "003-after-close", "responder", "bytes that follow a close are not read",
          [opening, frames + run.close_i + bytes(40)], run=run, stage=2, frames=2, writes=said_r)
    longest = Run(bytes([2]) * 2048, bytes([3]) * 2048)
    write(folder, "004-longest-payloads", "responder", "both payloads have 2,048 bytes",
          [longest.preface + longest.m1 + longest.m3, b"".join(longest.frames_i) + longest.close_i],
          run=longest, stage=2, frames=2, payload=bytes([2]) * 2048, peer_payload=bytes([3]) * 2048,
          section="payloads-and-the-handshake-hash",
          writes=longest.preface + longest.m2 + b"".join(longest.frames_r))
    empty = Run(b"", b"")
    write(folder, "005-empty-payloads", "initiator", "both payloads are empty, and the responder closes at once",
          [empty.preface + empty.m2, b"".join(empty.frames_r) + empty.close_r], run=empty, stage=2, frames=2,
          payload=b"", peer_payload=b"", section="payloads-and-the-handshake-hash",
          writes=empty.preface + empty.m1 + empty.m3 + b"".join(empty.frames_i))


def write_bad_prefaces(folder, run):
    def bad(name, role, comment, body, error, writes):
        write(folder, name, role, comment, body, layer="preface", error=error, section="preface", writes=writes)

    opening = run.preface + run.m1
    version_2 = b"LIAISON\x02"
    bad("010-magic", "responder", "the first byte is wrong, and no answer is given", b"G", "not-liaison", b"")
    bad("011-magic-last", "responder", "the last byte of the magic is wrong", flip(opening, 6), "not-liaison", b"")
    bad("012-version", "responder", "handshake version 2 is known from eight bytes; the answer is our preface",
        version_2, "other-handshake-version", run.preface)
    bad("013-network", "responder", "the last byte of the hint differs; the answer is our preface",
        flip(opening, 15), "other-network", run.preface)
    bad("014-initiator-magic", "initiator", "a web server answers", b"HTTP/1.1 400 Bad Request\r\n", "not-liaison", opening)
    bad("015-initiator-version", "initiator", "the responder answers with version 2", version_2 + HINT,
        "other-handshake-version", opening)
    bad("016-initiator-network", "initiator", "the responder answers from another network", flip(run.preface, 8),
        "other-network", opening)


def write_bad_handshakes(folder, run):
    said_i, said_r = run.preface + run.m1, run.preface + run.m2

    def bad(name, role, comment, body, error, writes, **learned):
        write(folder, name, role, comment, body, layer="handshake", error=error, section="handshake", writes=writes,
              **learned)

    bad("020-message-1-length", "responder", "message 1 with a payload of one byte", run.preface + b"\x00\x21",
        "frame-length", b"")
    bad("021-message-1-zero-key", "responder", "an ephemeral key of zeros", run.preface + b"\x00\x20" + bytes(32),
        "low-order-key", b"")
    bad("022-message-1-low-order", "responder", "an ephemeral key of low order: p - 1",
        run.preface + b"\x00\x20" + (2**255 - 20).to_bytes(32, "little"), "low-order-key", b"")
    bad("023-message-2-long", "initiator", "message 2 with a payload of 2,049 bytes", run.preface + b"\x08\x61",
        "frame-length", said_i)
    bad("024-message-2-short", "initiator", "message 2 without room for its payload's tag", run.preface + b"\x00\x5f",
        "frame-length", said_i)
    bad("025-message-2-key", "initiator", "a bit of the ephemeral key", flip(said_r, 18), "authentication", said_i)
    bad("026-message-2-static", "initiator", "a bit of the static key", flip(said_r, 18 + 32), "authentication", said_i)
    bad("027-message-2-payload", "initiator", "a bit of the payload", flip(said_r, 18 + 80), "authentication", said_i)
    bad("028-message-2-extra", "initiator", "bytes before message 3 was sent", said_r + run.frames_r[0],
        "authentication", said_i, run=run, stage=1)
    bad("029-message-3-length", "responder", "message 3 without room for its payload's tag", said_i + b"\x00\x3f",
        "frame-length", said_r)
    bad("030-message-3-static", "responder", "a bit of the static key", said_i + flip(run.m3, 2), "authentication", said_r)
    bad("031-message-3-payload", "responder", "the last bit of the payload's tag",
        said_i + flip(run.m3, len(run.m3) - 1), "authentication", said_r)
    # The ignored top bit of an X25519 key is part of what is hashed.
    m1 = run.m1[:-1] + bytes([run.m1[-1] ^ 0x80])
    ours = Peer("responder", HINT, *KEYS["responder"])
    ours.read(m1[2:])
    bad("032-message-1-top-bit", "responder", "the ignored top bit of the ephemeral key: message 3 does not verify",
        run.preface + m1 + run.m3, "authentication", run.preface + with_length(ours.write(lambda _: PAYLOAD_2)))


def write_bad_frames(folder, run):
    opening = run.preface + run.m1 + run.m3
    said_r = run.preface + run.m2 + b"".join(run.frames_r)

    def bad(name, comment, body, error, frames, layer="frame"):
        write(folder, name, "responder", comment, [opening, body], layer=layer, error=error, run=run, stage=2, frames=frames,
              writes=said_r)

    first, second = run.frames_i
    bad("040-frame-bit", "a bit of the second frame; the first stands", first + flip(second, 2), "authentication", 1)
    bad("041-frame-tag", "a bit of the first frame's tag", flip(first, len(first) - 1) + second, "authentication", 0)
    bad("042-frame-short", "a length of 15", first + b"\x00\x0f", "frame-length", 1)
    bad("043-frame-replayed", "the first frame twice", first + first, "authentication", 1)
    bad("044-frame-dropped", "the second frame without the first", second, "authentication", 0)
    bad("045-frame-reflected", "the responder's own frame", run.frames_r[0], "authentication", 0)
    bad("046-close-forged", "a close of zeros", first + b"\x00\x10" + bytes(16), "authentication", 1)
    bad("050-no-close", "the stream ends after a whole frame", first + second, "truncated", 2, layer="stream")
    bad("051-cut", "the stream ends inside the close", first + second + run.close_i[:-1], "truncated", 2, layer="stream")


def main():
    folder = pathlib.Path(sys.argv[1])
    run = Run()
    write_good(folder, run)
    write_bad_prefaces(folder, run)
    write_bad_handshakes(folder, run)
    write_bad_frames(folder, run)


if __name__ == "__main__":
    main()
