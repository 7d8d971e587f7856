import Bytes
import Crypto
import Testing

@Suite struct AEADTests {
    let key = SecretBytes([UInt8](0x80...0x9f))
    let nonce: [UInt8] = [7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47]
    let data: [UInt8] = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7]

    @Test func `The answer of RFC 8439, section 2.8.2`() throws {
        let plaintext = Array(
            ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                + "sunscreen would be it.").utf8)
        let sealed = AEAD.seal(plaintext, key: key, nonce: nonce, associatedData: data)
        #expect(
            sealed.hex == "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                + "3ff4def08e4b7a9de576d26586cec64b6116" + "1ae10b594f09e26a7e902ecbd0600691")
        #expect(try AEAD.open(sealed[...], key: key, nonce: nonce, associatedData: data) == plaintext)
    }

    @Test(arguments: [0, 1, 64, 100])
    func `Every bit of everything counts`(count: Int) throws {
        let plaintext = SeededEntropyBytes.make(seed: 10, count: count)
        let sealed = AEAD.seal(plaintext, key: key, nonce: nonce, associatedData: data)
        #expect(sealed.count == count + AEAD.tagByteCount)
        #expect(try AEAD.open(sealed[...], key: key, nonce: nonce, associatedData: data) == plaintext)
        for bit in 0..<sealed.count * 8 { refuses(sealed.flipping(bit: bit), nonce, data) }
        for bit in 0..<96 {
            refuses(sealed, nonce.flipping(bit: bit), data)
            refuses(sealed, nonce, data.flipping(bit: bit))
        }
        for length in 0..<sealed.count { refuses(Array(sealed.prefix(length)), nonce, data) }
        refuses(sealed + [0], nonce, data)
        refuses(sealed, nonce, [])
        #expect(throws: CryptoError.authenticationFailed) {
            try AEAD.open(sealed[...], key: SecretBytes([UInt8](0x81...0xa0)), nonce: nonce, associatedData: data)
        }
    }

    private func refuses(_ sealed: [UInt8], _ nonce: [UInt8], _ data: [UInt8]) {
        #expect(throws: CryptoError.authenticationFailed) {
            try AEAD.open(sealed[...], key: key, nonce: nonce, associatedData: data)
        }
    }
}
