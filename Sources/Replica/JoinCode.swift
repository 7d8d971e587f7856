package import Bytes
package import Crypto

/// The one line with which somebody joins.
///
/// Source: Protocol/05-authority.md#joining.
package struct JoinCode: Hashable, Sendable {
    package let network: Digest
    /// The static channel key of the node that issued it.
    package let inviter: AgreementPublicKey
    package let secret: ShortID
    /// `host:port`, 3 to `InvitationLimits.addressBytes` bytes of UTF-8.
    package let address: String

    package init(network: Digest, inviter: AgreementPublicKey, secret: ShortID, address: String) {
        self.network = network
        self.inviter = inviter
        self.secret = secret
        self.address = address
    }

    /// What is wrong with a code, told before anything is dialled.
    package enum Fault: Error, Hashable, Sendable {
        case notBase32
        case wrongLength
        case wrongVersion
        case wrongChecksum
        /// The address is not `host:port`.
        case noAddress
    }

    /// The code in base 32.
    package var text: String {
        let bytes = [1] + network.bytes + inviter.bytes + secret.bytes + Array(address.utf8)
        return Base32.encode(bytes + Hash.blake2b(.code, bytes).prefix(4))
    }

    /// Reads a code without regard to case and white space.
    package init(_ text: String) throws(Fault) {
        let letters = text.utf8.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard let bytes = Base32.decode(String(decoding: letters, as: UTF8.self)) else { throw .notBase32 }
        let fixed = 1 + 32 + 32 + 16
        guard bytes.count >= fixed + 3 + 4, bytes.count <= fixed + InvitationLimits.addressBytes + 4 else {
            throw .wrongLength
        }
        let content = Array(bytes.dropLast(4))
        guard Hash.blake2b(.code, content).prefix(4) == Array(bytes.suffix(4)) else { throw .wrongChecksum }
        guard bytes[0] == 1 else { throw .wrongVersion }
        guard let network = Digest(content[1..<33]), let inviter = AgreementPublicKey(content[33..<65]),
            let secret = ShortID(content[65..<81]), let address = String(validating: content[81...], as: UTF8.self)
        else { throw .noAddress }
        guard JoinCode.isAddress(address) else { throw .noAddress }
        self.init(network: network, inviter: inviter, secret: secret, address: address)
    }
}

extension JoinCode {
    /// Whether the text is a host that is not empty, a colon, and a port from 1 to 65535 in at most five digits.
    private static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let colon = bytes.lastIndex(of: 0x3A), colon > 0 else { return false }
        let port = bytes[(colon + 1)...]
        guard (1...5).contains(port.count), port.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return (1...65_535).contains(port.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
}

/// What a joiner says in the third message of the handshake.
package struct JoinRequest: Hashable, Sendable {
    package let device: VerifyingKey
    package let proof: Digest
    package let signature: Signature

    /// Makes a request; `h` is the handshake hash at that point.
    package init(device: SigningKey, channelKey: AgreementPublicKey, secret: ShortID, handshakeHash h: [UInt8]) {
        self.device = device.verifyingKey
        proof = JoinRequest.proof(secret: secret, handshakeHash: h)
        signature = device.sign(JoinRequest.message(channelKey: channelKey, handshakeHash: h))
    }

    /// The proof that a secret gives.
    package static func proof(secret: ShortID, handshakeHash h: [UInt8]) -> Digest {
        Hash.blake2b(.join, secret.bytes, h)
    }

    private static func message(channelKey: AgreementPublicKey, handshakeHash h: [UInt8]) -> [UInt8] {
        CBOR.array([.text("liaison join"), .bytes(h), .bytes(channelKey.bytes)]).encoded
    }

    /// Whether the joiner holds the signing key that it names, for this handshake and channel key.
    package func isSigned(channelKey: AgreementPublicKey, handshakeHash h: [UInt8]) -> Bool {
        device.verify(signature, JoinRequest.message(channelKey: channelKey, handshakeHash: h))
    }

    /// `[signing key, proof, signature]`.
    package var encoded: [UInt8] {
        CBOR.array([.bytes(device.bytes), .bytes(proof.bytes), .bytes(signature.bytes)]).encoded
    }

    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        var reader = CBORReader(bytes)
        try reader.readArray(count: 3, "join request")
        device = try reader.readFixed("signing key")
        proof = try reader.readFixed("proof")
        signature = try reader.readFixed("signature")
        try reader.finish()
    }
}
