/// Why a channel failed: always the peer's or the network's doing, and always its end.
///
/// Nothing of it is told to the peer. Names in `Protocol/06-channel.md#errors`.
package enum ChannelError: Error, Hashable, Sendable {
    /// The first bytes are not those of this protocol.
    case notLiaison
    /// The peer speaks another version of the handshake.
    case otherHandshakeVersion(theirs: UInt8)
    /// The peer belongs to another network.
    case otherNetwork
    /// A handshake message or frame announces a length that cannot stand in its place.
    case frameLength(Int)
    /// A key exchange gave zero (N3).
    case lowOrderKey
    /// A ciphertext does not verify; one case for all reasons.
    case authentication
    /// The stream ended without a close (N2).
    case truncated
    /// Something was to be sent through a channel that is not open, or no longer.
    case notOpen
}
