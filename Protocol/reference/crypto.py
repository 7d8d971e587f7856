"""Hashes (01-conventions.md) and Ed25519 under the rules of 03-segments.md, Seal."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cbor import encode


def H(tag, data):
    """H(tag, bytes); anything but bytes is hashed as its encoding."""
    data = data if isinstance(data, bytes) else encode(data)
    return hashlib.blake2b(data, digest_size=32, person=tag.encode("ascii")).digest()


# The curve −x² + y² = 1 + d·x²·y² over the field of 2²⁵⁵ − 19 (RFC 8032 §5.1), in affine coordinates: slow and plain.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
NEUTRAL = (0, 1)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P,
    )


def multiply(scalar, point):
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decode_point(data):
    """The point of an encoding, y taken modulo p, or None if there is none."""
    number = int.from_bytes(data, "little")
    y, sign = (number & (2**255 - 1)) % P, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return (P - x if x & 1 != sign and x else x, y)


def encode_point(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
TORSION = decode_point(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))  # order 8


def small_order(data):
    point = decode_point(data)
    return point is not None and multiply(8, point) == NEUTRAL


# Whether a point is of small order shows in y alone: both points with one y are each other's inverse.
SMALL_Y = {multiply(number, TORSION)[1] for number in range(8)}


def small_order_quickly(data):
    """The same; the tests compare the two."""
    return (int.from_bytes(data, "little") & (2**255 - 1)) % P in SMALL_Y


def challenge(r, key, message):
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L


checked_keys = {}


def key_is_acceptable(key):
    if key not in checked_keys:
        canonical = int.from_bytes(key, "little") & (2**255 - 1) < P
        checked_keys[key] = canonical and decode_point(key) is not None and not small_order(key)
    return checked_keys[key]


def verify(key, message, signature):
    """True if libsodium 1.0.18 would accept the signature."""
    if int.from_bytes(signature[32:], "little") >= L or small_order_quickly(signature[:32]):
        return False
    if not key_is_acceptable(key):
        return False
    try:
        # OpenSSL decides the equation without a cofactor and compares R byte for byte, as libsodium does.
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except InvalidSignature:
        return False


def verify_slowly(key, message, signature):
    """The same without OpenSSL; the tests compare the two."""
    s = int.from_bytes(signature[32:], "little")
    if s >= L or small_order(signature[:32]) or not key_is_acceptable(key):
        return False
    k = challenge(signature[:32], key, message)
    x, y = multiply(k, decode_point(key))
    return encode_point(add(multiply(s, BASE), (P - x if x else 0, y))) == signature[:32]


class SigningKey:
    """An Ed25519 key pair from a seed of 32 bytes."""

    def __init__(self, seed):
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.private.public_key().public_bytes_raw()

    def sign(self, message):
        return self.private.sign(message)
