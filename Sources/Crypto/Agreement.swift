internal import CSodium

/// An X25519 public key, 32 bytes; any bytes are a key, and those of low order fail when they are used.
package struct AgreementPublicKey: FixedBytes {
    private let word0, word1, word2, word3: UInt64

    /// All zero bytes, with which no key agrees.
    package init() { (word0, word1, word2, word3) = (0, 0, 0, 0) }

    package static func < (left: AgreementPublicKey, right: AgreementPublicKey) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}

/// An X25519 secret key in locked memory, with its public key (RFC 7748).
package final class AgreementKey: Sendable {
    /// The number of bytes of a seed, which is the scalar before clamping.
    package static let seedByteCount = 32

    private let secret: SecretBytes

    /// The public half.
    package let publicKey: AgreementPublicKey

    /// The key of 32 bytes; nil for another number of them.
    ///
    /// The caller wipes its own copy.
    package init?(seed: [UInt8]) {
        guard seed.count == Self.seedByteCount else { return nil }
        secret = SecretBytes(seed)
        publicKey = Self.publicKey(of: secret)
    }

    /// A new key from 32 bytes of the caller's entropy, kept where the secrets of sessions are.
    package init(from entropy: inout some Entropy) {
        var seed = entropy.fill(Self.seedByteCount)
        precondition(seed.count == Self.seedByteCount, "entropy gave \(seed.count) bytes")
        secret = SecretBytes(ofSession: seed[...])
        publicKey = Self.publicKey(of: secret)
        Crypto.wipe(&seed)
    }

    /// The shared secret of 32 bytes with a peer; the caller wipes it.
    /// - Throws: `lowOrderKey` if the result is all zero: the peer's key adds nothing of its own (N3).
    package func agree(with peer: AgreementPublicKey) throws(CryptoError) -> [UInt8] {
        var shared = [UInt8](repeating: 0, count: 32)
        let result = unsafe secret.withBytes { secret in
            unsafe peer.withBytes { peer in
                unsafe crypto_scalarmult_curve25519(&shared, secret, peer)
            }
        }
        guard result == 0, shared.contains(where: { $0 != 0 }) else { throw .lowOrderKey }
        return shared
    }

    /// Lends the seed for storing; the copy is wiped afterwards.
    package func withSeed<R, E>(_ body: ([UInt8]) throws(E) -> R) throws(E) -> R {
        try secret.withCopy(body)
    }

    private static func publicKey(of secret: SecretBytes) -> AgreementPublicKey {
        var publicKey = AgreementPublicKey()
        unsafe publicKey.fill { target in
            unsafe secret.withBytes { secret in
                let result = unsafe crypto_scalarmult_curve25519_base(target, secret)
                precondition(result == 0, "X25519 could not derive a key")
            }
        }
        return publicKey
    }
}
