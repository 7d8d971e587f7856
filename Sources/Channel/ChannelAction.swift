package import Crypto

/// What the owner of a channel must do, in order, also when the call that appended it then throws.
package enum ChannelAction: Hashable, Sendable {
    /// Send these bytes to the peer.
    case write([UInt8])
    /// Judge the peer by its payload, static key and the handshake hash (64 bytes) that a proof in payload 3 covers.
    ///
    /// An initiator answers with `provide(payload:)`, and shows nothing of itself before. A responder that refuses
    /// drops the channel, and with it the actions that follow.
    case peerPayload([UInt8], remoteStatic: AgreementPublicKey, handshakeHash: [UInt8])
    /// The handshake is done; `transcript` (64 bytes) names this channel and no other.
    case established(transcript: [UInt8])
    /// The peer said this, 1 to 65,519 bytes.
    case frame([UInt8])
    /// The peer has said everything and reads no more; the channel has ended, and its keys are wiped.
    case closedByPeer
    /// The channel has reached its age or size: pause the session, close, and connect again (N9). Reported once.
    case renewalDue
}
