internal import CSodium

/// An Ed25519 public key, 32 bytes; whether they are a usable point shows when a signature is checked.
package struct VerifyingKey: FixedBytes {
    private let word0, word1, word2, word3: UInt64

    /// All zero bytes: a point of small order, under which nothing verifies.
    package init() { (word0, word1, word2, word3) = (0, 0, 0, 0) }

    /// Whether `signature` is this key's over `message`, by libsodium's rules.
    ///
    /// Beyond RFC 8032 §5.1.7: S not below the group order, small-order and non-canonical keys and a small-order R are
    /// refused, and the equation is the one without the cofactor. Every node gives one verdict.
    package func verify(_ signature: Signature, _ message: [UInt8]) -> Bool {
        unsafe withBytes { key in
            unsafe signature.withBytes { signature in
                unsafe crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), key) == 0
            }
        }
    }

    package static func < (left: VerifyingKey, right: VerifyingKey) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}

/// An Ed25519 signature, 64 bytes: R, then S.
package struct Signature: FixedBytes {
    private let word0, word1, word2, word3, word4, word5, word6, word7: UInt64

    /// All zero bytes, which verify under no key.
    package init() {
        (word0, word1, word2, word3) = (0, 0, 0, 0)
        (word4, word5, word6, word7) = (0, 0, 0, 0)
    }

    package static func < (left: Signature, right: Signature) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

/// An Ed25519 secret key in locked memory; its public key is derived, so that the two always match.
package final class SigningKey: Sendable {
    /// The number of bytes of a seed.
    package static let seedByteCount = 32

    /// Seed and public key, as libsodium wants them.
    private let secret: SecretBytes

    /// The public half.
    package let verifyingKey: VerifyingKey

    /// The key of a seed; nil unless it has 32 bytes.
    ///
    /// The caller wipes its own copy.
    package init?(seed: [UInt8]) {
        guard seed.count == Self.seedByteCount else { return nil }
        var verifyingKey = VerifyingKey()
        secret = unsafe verifyingKey.fill { publicKey in
            unsafe SecretBytes(count: 64) { target in
                let result = unsafe crypto_sign_ed25519_seed_keypair(publicKey, target, seed)
                precondition(result == 0, "Ed25519 could not derive a key")
            }
        }
        self.verifyingKey = verifyingKey
    }

    /// A new key from 32 bytes of the caller's entropy.
    package convenience init(from entropy: inout some Entropy) {
        var seed = entropy.fill(Self.seedByteCount)
        defer { Crypto.wipe(&seed) }
        guard let key = SigningKey(seed: seed) else { preconditionFailure("entropy gave \(seed.count) bytes") }
        self.init(key)
    }

    private init(_ other: SigningKey) {
        secret = other.secret
        verifyingKey = other.verifyingKey
    }

    /// The signature over `message` (RFC 8032 §5.1.6: deterministic).
    package func sign(_ message: [UInt8]) -> Signature {
        var signature = Signature()
        unsafe signature.fill { target in
            unsafe secret.withBytes { secret in
                let result = unsafe crypto_sign_ed25519_detached(
                    target, nil, message, UInt64(message.count), secret)
                precondition(result == 0, "Ed25519 could not sign")
            }
        }
        return signature
    }

    /// Lends the seed for storing; the copy is wiped afterwards.
    package func withSeed<R, E>(_ body: ([UInt8]) throws(E) -> R) throws(E) -> R {
        var seed = unsafe secret.withBytes { source in
            unsafe [UInt8](UnsafeBufferPointer(start: source, count: Self.seedByteCount))
        }
        defer { Crypto.wipe(&seed) }
        return try body(seed)
    }
}
