import Bytes
import Crypto
import Testing

@Suite struct SigningTests {
    /// Seed, public key, message and signature of RFC 8032 §7.1, tests 1 to 3.
    static let answers = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test(arguments: answers)
    func `The answers of RFC 8032`(seed: String, key: String, message: String, signature: String) throws {
        let secret = try #require([UInt8](hex: seed).flatMap { SigningKey(seed: $0) })
        let bytes = try #require([UInt8](hex: message))
        #expect(secret.verifyingKey.hex == key)
        #expect(secret.sign(bytes).hex == signature)
        #expect(secret.verifyingKey.verify(try #require(Signature(hex: signature)), bytes))
        #expect(secret.withSeed { $0.hex } == seed)
    }

    @Test func `N8: a key signs with its own public half, and nothing lets a caller give it another`() throws {
        var entropy = SeededEntropy(seed: 6)
        let (own, other) = (SigningKey(from: &entropy), SigningKey(from: &entropy))
        let signature = own.sign([1, 2, 3])
        #expect(own.verifyingKey.verify(signature, [1, 2, 3]))
        #expect(!other.verifyingKey.verify(signature, [1, 2, 3]))
        // The form in which libraries keep a seed beside a public key, which may be another's, is no seed here.
        let mixed = own.withSeed { $0 } + other.verifyingKey.bytes
        #expect(SigningKey(seed: mixed) == nil)
        #expect(SigningKey(seed: Array(mixed.prefix(32)))?.verifyingKey == own.verifyingKey)
    }

    @Test func `A key is made from the caller's entropy, and a seed has 32 bytes`() throws {
        var entropy = SeededEntropy(seed: 5)
        var again = SeededEntropy(seed: 5)
        let key = SigningKey(from: &entropy)
        #expect(try #require(SigningKey(seed: again.fill(32))).verifyingKey == key.verifyingKey)
        #expect(SigningKey(from: &entropy).verifyingKey != key.verifyingKey)
        for count in [0, 31, 33, 64] { #expect(SigningKey(seed: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test func `A13: any bit of signature, key or message turned over is refused`() throws {
        var entropy = SeededEntropy(seed: 6)
        let key = SigningKey(from: &entropy)
        let message = entropy.fill(40)
        let signature = key.sign(message)
        #expect(key.verifyingKey.verify(signature, message))
        for bit in 0..<512 {
            #expect(!key.verifyingKey.verify(try #require(Signature(signature.bytes.flipping(bit: bit))), message))
        }
        for bit in 0..<256 {
            #expect(!(try #require(VerifyingKey(key.verifyingKey.bytes.flipping(bit: bit)))).verify(signature, message))
        }
        for bit in 0..<320 { #expect(!key.verifyingKey.verify(signature, message.flipping(bit: bit))) }
        #expect(!key.verifyingKey.verify(signature, message + [0]))
        #expect(!key.verifyingKey.verify(signature, Array(message.dropLast())))
    }

    @Test func `C10: S plus the group order is refused`() throws {
        let order = try #require(
            [UInt8](hex: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        var entropy = SeededEntropy(seed: 7)
        let key = SigningKey(from: &entropy)
        for number in UInt8(0)..<50 {
            var bytes = key.sign([number]).bytes
            var carry: UInt16 = 0
            for index in 0..<32 {
                carry += UInt16(bytes[32 + index]) + UInt16(order[index])
                bytes[32 + index] = UInt8(carry & 255)
                carry >>= 8
            }
            #expect(carry == 0)
            #expect(!key.verifyingKey.verify(try #require(Signature(bytes)), [number]))
        }
    }

    /// Each with R = B and S = 1, which the bare equation accepts for a key of order n and one message in n.
    @Test(arguments: [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        // The same points in encodings that are not canonical.
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0100000000000000000000000000000000000000000000000000000000000080",
    ])
    func `C10: keys of small order and other spellings verify nothing`(hex: String) throws {
        let key = try #require(VerifyingKey(hex: hex))
        let forged = try #require(
            Signature(hex: "58" + String(repeating: "66", count: 31) + "01" + String(repeating: "00", count: 31)))
        for number in UInt8(0)..<100 { #expect(!key.verify(forged, [number])) }
    }

    /// Made by affine arithmetic in Python with the seed 00 01 02 … 1f; each satisfies an equation that others accept.
    @Test(arguments: [
        // R is the neutral element, and the bare equation holds.
        (
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8", "6c696169736f6e",
            "0100000000000000000000000000000000000000000000000000000000000000"
                + "323585d335ec0a978c2eb46c507c76078190adf713da5e3b4309a15d69573303"
        ),
        // R has a part of order 8: only the equation with the cofactor holds.
        (
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8", "6c696169736f6e",
            "a4e02670605d3ad1f3c8a4310ebda13680ac94f1d453e0451259797863b57b9c"
                + "465c8b9092b7c0b383761cdfe8ba7f56ca8e5ed95f6106ac81d2f3fa0a9e5e04"
        ),
        // The key has a part of order 8: only the equation with the cofactor holds.
        (
            "b154bd62188ae283dd187fefe8c31f5e276edf083b4cff11c9d5cff856c74440", "6c696169736f6e00",
            "e44761086d21ddbc33f3bc3836c2d7e67b42db224785d434a5c7d18d985670c3"
                + "ce5739f31c991b7a7c6fb4a79f7c9c289816073b19ff72f9483347866b8a420c"
        ),
    ])
    func `C10: the verdict on edge cases is frozen`(key: String, message: String, signature: String) throws {
        let key = try #require(VerifyingKey(hex: key))
        #expect(!key.verify(try #require(Signature(hex: signature)), try #require([UInt8](hex: message))))
    }
}
