/// Why a cryptographic operation on bytes from outside was refused.
package enum CryptoError: Error, Hashable, Sendable {
    /// An X25519 exchange gave zero: the peer's key has a low order (RFC 7748 §6.1).
    case lowOrderKey
    /// A ciphertext, its associated data, its nonce or the key is not the one that was sealed.
    case authenticationFailed
}
