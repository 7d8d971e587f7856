internal import CSodium

/// ChaCha20-Poly1305 with nonces of 12 bytes (RFC 8439 §2.8).
package enum AEAD {
    /// Bytes of a key.
    package static let keyByteCount = 32
    /// Bytes of a nonce.
    package static let nonceByteCount = 12
    /// Bytes that sealing adds.
    package static let tagByteCount = 16

    /// The ciphertext of `plaintext`, followed by a tag over it and `associatedData`.
    /// - Parameter nonce: 12 bytes, never used twice with one key.
    package static func seal(
        _ plaintext: [UInt8], key: SecretBytes, nonce: [UInt8], associatedData: [UInt8] = []
    ) -> [UInt8] {
        var output: [UInt8] = []
        seal(plaintext, key: key, nonce: nonce, associatedData: associatedData, appendingTo: &output)
        return output
    }

    /// Appends what `seal` gives, so that a frame with its length in front needs no second copy.
    package static func seal(
        _ plaintext: [UInt8], key: SecretBytes, nonce: [UInt8], associatedData: [UInt8] = [],
        appendingTo output: inout [UInt8]
    ) {
        precondition(key.count == keyByteCount && nonce.count == nonceByteCount, "key or nonce of a wrong length")
        let start = output.count
        // Encrypted where it stands, which libsodium allows.
        output += plaintext
        output += [UInt8](repeating: 0, count: tagByteCount)
        let result = unsafe output.withUnsafeMutableBufferPointer { target in
            guard let base = target.baseAddress else { return Int32(-1) }
            return unsafe key.withBytes { key in
                unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
                    base + start, nil, base + start, UInt64(plaintext.count),
                    associatedData, UInt64(associatedData.count), nil, nonce, key)
            }
        }
        precondition(result == 0, "ChaCha20-Poly1305 could not seal")
    }

    /// The plaintext of a ciphertext with its tag.
    /// - Throws: `authenticationFailed`, without a hint which of the parts is wrong; nothing of the plaintext is given.
    package static func open(
        _ ciphertext: ArraySlice<UInt8>, key: SecretBytes, nonce: [UInt8], associatedData: [UInt8] = []
    ) throws(CryptoError) -> [UInt8] {
        precondition(key.count == keyByteCount && nonce.count == nonceByteCount, "key or nonce of a wrong length")
        guard ciphertext.count >= tagByteCount else { throw .authenticationFailed }
        // Longer than the plaintext, so that it has an address even for an empty one.
        var output = [UInt8](repeating: 0, count: ciphertext.count)
        let result = unsafe ciphertext.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return Int32(-1) }
            return unsafe key.withBytes { key in
                unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
                    &output, nil, nil, base, UInt64(source.count),
                    associatedData, UInt64(associatedData.count), nonce, key)
            }
        }
        guard result == 0 else { throw .authenticationFailed }
        output.removeLast(tagByteCount)
        return output
    }
}
