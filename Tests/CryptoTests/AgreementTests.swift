import Bytes
import Crypto
import Testing

@Suite struct AgreementTests {
    @Test func `The answers of RFC 7748`() throws {
        let scalar = try key("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
        let point = try #require(
            AgreementPublicKey(hex: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
        #expect(
            try scalar.agree(with: point).hex == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
        let alice = try key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
        let bob = try key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
        #expect(alice.publicKey.hex == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        #expect(bob.publicKey.hex == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
        #expect(try alice.agree(with: bob.publicKey).hex == shared)
        #expect(try bob.agree(with: alice.publicKey).hex == shared)
    }

    /// The points of order 1, 2, 4 and 8 on the curve and its twist, and the same ones above the prime.
    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
    ])
    func `N3: keys of low order agree with nobody`(hex: String) throws {
        var entropy = SeededEntropy(seed: 8)
        let peer = try #require(AgreementPublicKey(hex: hex))
        #expect(throws: CryptoError.lowOrderKey) { try AgreementKey(from: &entropy).agree(with: peer) }
    }

    @Test func `A key is made from the caller's entropy, and a seed has 32 bytes`() throws {
        var entropy = SeededEntropy(seed: 9)
        var again = SeededEntropy(seed: 9)
        let key = AgreementKey(from: &entropy)
        let seed = again.fill(32)
        #expect(try #require(AgreementKey(seed: seed)).publicKey == key.publicKey)
        #expect(key.withSeed { $0 } == seed)
        for count in [0, 31, 33] { #expect(AgreementKey(seed: [UInt8](repeating: 1, count: count)) == nil) }
    }

    private func key(_ hex: String) throws -> AgreementKey {
        try #require([UInt8](hex: hex).flatMap { AgreementKey(seed: $0) })
    }
}
