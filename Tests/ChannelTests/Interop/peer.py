"""The other side of a channel, written from Protocol/06-channel.md over the PyPI package noiseprotocol.

usage: peer.py initiator|responder HINT STATIC PAYLOAD   (hexadecimal)

Speaks on standard input and output. As the initiator it puts PAYLOAD and the handshake hash into message 3. Once open it
sends one frame: handshake hash, transcript, the peer's static key, the peer's payload. Then it sends back every frame turned
around, until the peer closes (exit 0), or says "bye": then it closes by itself.
"""

import sys

from noise.connection import Keypair, NoiseConnection

NAME = b"Noise_XX_25519_ChaChaPoly_BLAKE2b"


class Peer:
    """One side with fixed or random keys; reading and writing are left to the caller."""

    def __init__(self, role, hint, static, ephemeral=None):
        self.preface = b"LIAISON" + bytes([1]) + hint
        self.noise = NoiseConnection.from_name(NAME)
        self.noise.set_prologue(self.preface)
        self.noise.set_keypair_from_private_bytes(Keypair.STATIC, static)
        if ephemeral is not None:
            self.noise.set_keypair_from_private_bytes(Keypair.EPHEMERAL, ephemeral)
        if role == "initiator":
            self.noise.set_as_initiator()
        else:
            self.noise.set_as_responder()
        self.noise.start_handshake()
        self.handshake_hash = None
        self.remote_static = None

    def read(self, message):
        """Reads a handshake message; remembers the hash as it was before the payload."""
        handshake = self.noise.noise_protocol.handshake_state
        symmetric = handshake.symmetric_state
        original = symmetric.decrypt_and_hash

        def record(ciphertext):
            self.handshake_hash = symmetric.get_handshake_hash()
            return original(ciphertext)

        symmetric.decrypt_and_hash = record
        payload = self.noise.read_message(message)
        symmetric.decrypt_and_hash = original
        if handshake.rs is not None and hasattr(handshake.rs, "public_bytes"):
            self.remote_static = handshake.rs.public_bytes
        return bytes(payload)

    def write(self, payload):
        """Writes a handshake message; `payload` is a function of the hash as it is before the payload."""
        symmetric = self.noise.noise_protocol.handshake_state.symmetric_state
        original = symmetric.encrypt_and_hash
        marker = b"the payload comes here"

        def replace(plaintext):
            if plaintext != marker:
                return original(plaintext)
            self.handshake_hash = symmetric.get_handshake_hash()
            return original(payload(self.handshake_hash))

        symmetric.encrypt_and_hash = replace
        message = self.noise.write_message(marker)
        symmetric.encrypt_and_hash = original
        return bytes(message)

    def transcript(self):
        return bytes(self.noise.get_handshake_hash())


def with_length(message):
    return len(message).to_bytes(2, "big") + message


def take(count):
    data = sys.stdin.buffer.read(count)
    if len(data) != count:
        sys.exit("the stream ended without a close")
    return data


def take_message():
    return take(int.from_bytes(take(2), "big"))


def say(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def main():
    role, hint, static, payload = sys.argv[1], *map(bytes.fromhex, sys.argv[2:5])
    peer = Peer(role, hint, static)
    if role == "initiator":
        say(peer.preface + with_length(peer.write(lambda _: b"")))
        if take(16) != peer.preface:
            sys.exit("another preface came back")
        remote_payload = peer.read(take_message())
        say(with_length(peer.write(lambda handshake_hash: payload + handshake_hash)))
    else:
        if take(16) != peer.preface:
            sys.exit("another preface came in")
        peer.read(take_message())
        say(peer.preface + with_length(peer.write(lambda _: payload)))
        remote_payload = peer.read(take_message())
    first = peer.handshake_hash + peer.transcript() + peer.remote_static + remote_payload
    say(with_length(peer.noise.encrypt(first)))
    while True:
        plaintext = bytes(peer.noise.decrypt(take_message()))
        if plaintext == b"":
            return
        if plaintext == b"bye":
            say(with_length(peer.noise.encrypt(b"")))
            return
        say(with_length(peer.noise.encrypt(plaintext[::-1])))


if __name__ == "__main__":
    main()
