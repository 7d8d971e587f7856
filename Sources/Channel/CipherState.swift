internal import Crypto

/// A key and its counter (Noise §5.1).
struct CipherState {
    private let key: SecretBytes
    private(set) var nonce: UInt64 = 0

    /// The key is the first 32 bytes of an output of HKDF, which the caller wipes.
    init(truncating output: [UInt8]) { key = SecretBytes(ofSession: output.prefix(AEAD.keyByteCount)) }

    /// Appends the ciphertext and moves the counter.
    mutating func encrypt(_ plaintext: [UInt8], associatedData: [UInt8] = [], appendingTo output: inout [UInt8]) {
        AEAD.seal(plaintext, key: key, nonce: nonceBytes, associatedData: associatedData, appendingTo: &output)
        nonce += 1
    }

    /// The plaintext; the counter moves only if it verifies (N1).
    mutating func decrypt(
        _ ciphertext: ArraySlice<UInt8>, associatedData: [UInt8] = []
    ) throws(ChannelError) -> [UInt8] {
        do {
            let plaintext = try AEAD.open(ciphertext, key: key, nonce: nonceBytes, associatedData: associatedData)
            nonce += 1
            return plaintext
        } catch {
            throw .authentication
        }
    }

    /// Four zeros, then the counter with its lowest byte first (Noise §12.3).
    private var nonceBytes: [UInt8] {
        [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
    }
}
