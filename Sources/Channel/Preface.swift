/// The 16 clear bytes with which both sides begin (`Protocol/06-channel.md#preface`).
struct Preface {
    static let byteCount = 16
    static let magic = Array("LIAISON".utf8)
    static let handshakeVersion: UInt8 = 1

    /// The preface of this program in a network.
    let bytes: [UInt8]

    init(networkHint: UInt64) {
        let hint = (0..<8).map { UInt8(truncatingIfNeeded: networkHint >> UInt64(56 - 8 * $0)) }
        bytes = Self.magic + [Self.handshakeVersion] + hint
    }

    /// Checks as much of the peer's preface as has come in.
    ///
    /// - Returns: whether all of it is there.
    /// - Throws: `notLiaison`, `otherHandshakeVersion` or `otherNetwork`, the first that applies.
    func matches(_ received: [UInt8]) throws(ChannelError) -> Bool {
        guard received.starts(with: Self.magic) || Self.magic.starts(with: received) else { throw .notLiaison }
        guard received.count > Self.magic.count else { return false }
        let version = received[Self.magic.count]
        guard version == Self.handshakeVersion else { throw .otherHandshakeVersion(theirs: version) }
        guard received.count >= Self.byteCount else { return false }
        guard received.starts(with: bytes) else { throw .otherNetwork }
        return true
    }
}
