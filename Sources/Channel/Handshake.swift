internal import Crypto

/// The pattern XX of Noise: writing and reading its three messages, in the order in which a side may call them.
struct Handshake {
    /// Bytes of a public key.
    static let keyByteCount = 32
    /// Bytes of a public key with its tag.
    static let sealedKeyByteCount = 48

    /// The length of message 1.
    static let message1ByteCount = 32...32
    /// The length of message 2: two keys and the payload.
    static let message2ByteCount = 96...96 + ChannelLimits.payloadByteCount
    /// The length of message 3: one key and the payload.
    static let message3ByteCount = 64...64 + ChannelLimits.payloadByteCount

    private var symmetric: SymmetricState
    private let staticKey: AgreementKey
    private let ephemeralKey: AgreementKey
    private var remoteEphemeral = AgreementPublicKey()
    /// The peer's static key, once message 2 or 3 has been read.
    private(set) var remoteStatic = AgreementPublicKey()
    /// Message 3 as far as it is written.
    private var message3: [UInt8] = []

    init(staticKey: AgreementKey, ephemeralKey: AgreementKey, prologue: [UInt8]) {
        self.staticKey = staticKey
        self.ephemeralKey = ephemeralKey
        symmetric = SymmetricState(name: "Noise_XX_25519_ChaChaPoly_BLAKE2b", prologue: prologue)
    }

    /// `h`, 64 bytes: covered by a proof in payload 3, and in the end the transcript.
    var hash: [UInt8] { symmetric.hash }

    /// Initiator: `→ e`.
    mutating func writeMessage1() -> [UInt8] {
        var message = ephemeralKey.publicKey.bytes
        symmetric.mixHash(message)
        symmetric.encryptAndHash([], appendingTo: &message)
        return message
    }

    /// Responder: `→ e`.
    mutating func readMessage1(_ message: ArraySlice<UInt8>) throws(ChannelError) {
        remoteEphemeral = try publicKey(message)
        symmetric.mixHash(message)
        symmetric.mixHash([])
    }

    /// Responder: `← e, ee, s, es`.
    mutating func writeMessage2(payload: [UInt8]) throws(ChannelError) -> [UInt8] {
        var message = ephemeralKey.publicKey.bytes
        symmetric.mixHash(message)
        try symmetric.mixAgreement(ephemeralKey, remoteEphemeral)
        symmetric.encryptAndHash(staticKey.publicKey.bytes, appendingTo: &message)
        try symmetric.mixAgreement(staticKey, remoteEphemeral)
        symmetric.encryptAndHash(payload, appendingTo: &message)
        return message
    }

    /// Initiator: `← e, ee, s, es`, then of message 3 what needs no payload, so that `hash` is the one to prove.
    mutating func readMessage2(_ message: ArraySlice<UInt8>) throws(ChannelError) -> [UInt8] {
        remoteEphemeral = try publicKey(message.prefix(Self.keyByteCount))
        symmetric.mixHash(message.prefix(Self.keyByteCount))
        try symmetric.mixAgreement(ephemeralKey, remoteEphemeral)
        let sealed = message.dropFirst(Self.keyByteCount)
        remoteStatic = try publicKey(symmetric.decryptAndHash(sealed.prefix(Self.sealedKeyByteCount))[...])
        try symmetric.mixAgreement(ephemeralKey, remoteStatic)
        let payload = try symmetric.decryptAndHash(sealed.dropFirst(Self.sealedKeyByteCount))
        symmetric.encryptAndHash(staticKey.publicKey.bytes, appendingTo: &message3)
        try symmetric.mixAgreement(staticKey, remoteEphemeral)
        return payload
    }

    /// Initiator: the payload of `→ s, se`.
    mutating func writeMessage3(payload: [UInt8]) -> [UInt8] {
        symmetric.encryptAndHash(payload, appendingTo: &message3)
        return message3
    }

    /// Responder: `→ s, se`.
    ///
    /// - Returns: the payload, and `h` as it was before the payload.
    mutating func readMessage3(
        _ message: ArraySlice<UInt8>
    ) throws(ChannelError) -> (payload: [UInt8], handshakeHash: [UInt8]) {
        let sealedKey = message.prefix(Self.sealedKeyByteCount)
        remoteStatic = try publicKey(symmetric.decryptAndHash(sealedKey)[...])
        try symmetric.mixAgreement(ephemeralKey, remoteStatic)
        let handshakeHash = symmetric.hash
        let payload = try symmetric.decryptAndHash(message.dropFirst(Self.sealedKeyByteCount))
        return (payload, handshakeHash)
    }

    /// The ciphers of the initiator's and of the responder's frames.
    func split() -> (initiator: CipherState, responder: CipherState) { symmetric.split() }

    private func publicKey(_ bytes: ArraySlice<UInt8>) throws(ChannelError) -> AgreementPublicKey {
        guard let key = AgreementPublicKey(bytes) else { throw .frameLength(bytes.count) }
        return key
    }
}
