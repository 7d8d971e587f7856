internal import Crypto

/// The chaining key, handshake hash and cipher of a handshake (Noise §5.2).
struct SymmetricState {
    /// `h`: a hash over everything both sides have said.
    private(set) var hash: [UInt8]
    /// In locked memory, so that however the state is copied, the last copy that goes wipes it.
    private var chainingKey: SecretBytes
    private var cipher: CipherState?

    /// - Parameter name: the protocol's name, at most 64 bytes.
    init(name: String, prologue: [UInt8]) {
        let name = Array(name.utf8)
        hash = name + [UInt8](repeating: 0, count: HKDF.byteCount - name.count)
        chainingKey = SecretBytes(ofSession: hash[...])
        mixHash(prologue)
    }

    mutating func mixHash(_ bytes: some Collection<UInt8>) {
        hash = Hash.blake2b(byteCount: HKDF.byteCount, hash + bytes)
    }

    /// Mixes the shared secret of two keys into the chaining key.
    /// - Throws: `lowOrderKey`.
    mutating func mixAgreement(_ secret: AgreementKey, _ peer: AgreementPublicKey) throws(ChannelError) {
        var shared: [UInt8]
        do { shared = try secret.agree(with: peer) } catch { throw .lowOrderKey }
        var (first, second) = derive(shared)
        chainingKey = SecretBytes(ofSession: first[...])
        cipher = CipherState(truncating: second)
        Crypto.wipe(&shared)
        Crypto.wipe(&first)
        Crypto.wipe(&second)
    }

    /// Appends the text, encrypted once there is a key, and hashes what was appended.
    mutating func encryptAndHash(_ plaintext: [UInt8], appendingTo message: inout [UInt8]) {
        let start = message.count
        if cipher == nil {
            message += plaintext
        } else {
            cipher?.encrypt(plaintext, associatedData: hash, appendingTo: &message)
        }
        mixHash(message[start...])
    }

    /// The mirror of `encryptAndHash`.
    /// - Throws: `authentication`.
    mutating func decryptAndHash(_ bytes: ArraySlice<UInt8>) throws(ChannelError) -> [UInt8] {
        let plaintext = try cipher?.decrypt(bytes, associatedData: hash) ?? Array(bytes)
        mixHash(bytes)
        return plaintext
    }

    /// The ciphers of the initiator's and of the responder's frames.
    func split() -> (initiator: CipherState, responder: CipherState) {
        var (first, second) = derive([])
        defer {
            Crypto.wipe(&first)
            Crypto.wipe(&second)
        }
        return (CipherState(truncating: first), CipherState(truncating: second))
    }

    private func derive(_ input: [UInt8]) -> (first: [UInt8], second: [UInt8]) {
        chainingKey.withCopy { HKDF.derive(chainingKey: $0, input) }
    }
}
