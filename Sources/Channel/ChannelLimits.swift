/// The numbers of a channel; the same names stand in `Protocol/08-limits.md`.
package enum ChannelLimits {
    /// Bytes of the certificate or join request in handshake message 2 or 3, at most.
    package static let payloadByteCount = 2_048
    /// Bytes of a frame's ciphertext, at most.
    package static let frameByteCount = 65_535
    /// Bytes of a frame's plaintext, at most; an empty one is a close.
    package static let plaintextByteCount = 65_519
    /// From the connection to the end of the handshake; the owner's timer, which then drops the connection.
    package static let handshakeTimeoutMilliseconds: Int64 = 10_000
    /// The age at which a channel asks for a fresh handshake.
    package static let renewalAgeMilliseconds: Int64 = 3_600_000
    /// The bytes of frames, both ways together, at which a channel asks for a fresh handshake.
    package static let renewalByteCount = 1 << 30
}
