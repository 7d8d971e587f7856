import Bytes
import Crypto
import Testing

/// Answers of Python's hashlib, an implementation that is not libsodium.
@Suite struct HashTests {
    @Test func `BLAKE2b-512 of "abc" is the one of RFC 7693, appendix A`() {
        #expect(
            Hash.blake2b(byteCount: 64, Array("abc".utf8)).hex
                == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
    }

    @Test func `A domain is the personal field`() {
        #expect(
            Hash.blake2b(.entry, []).hex
                == "75d6e0df39003a8e8a8c73243f739535402e18ce137c26dac61107104ddd8c61")
        #expect(
            Hash.blake2b(.entry, Array("abc".utf8)).hex
                == "b339a15d4d709c50c89ccb22d183249c179940dce9935d9ef510ac7b904cc47b")
        let long = [UInt8](0...255) + [UInt8](repeating: 0, count: 100)
        #expect(
            Hash.blake2b(.entry, long).hex
                == "5e40bcd15102f235331d13224ab445514f2ec5e40e046d98bb7da9036c428aaa")
        #expect(
            Hash.blake2b(.entry, key: Array("key".utf8), Array("abc".utf8)).hex
                == "e0f701faaf57be17e8630efed2796e609697068e30f450f3c6e51889caeda6b6")
    }

    @Test func `Parts hash as their concatenation, however they are cut`() {
        let whole = SeededEntropyBytes.make(seed: 2, count: 400)
        let expected = Hash.blake2b(.state, whole)
        for first in stride(from: 0, through: 400, by: 7) {
            for second in stride(from: first, through: 400, by: 31) {
                let parts = [Array(whole[..<first]), Array(whole[first..<second]), Array(whole[second...])]
                #expect(Hash.blake2b(.state, parts[0], parts[1], parts[2]) == expected)
                #expect(Hash.blake2b(.state, parts[0] + parts[1], parts[2]) == expected)
                var hash = IncrementalHash(.state)
                for part in parts { hash.update(part) }
                #expect(hash.finish() == expected)
            }
        }
    }

    @Test func `Digests are fed as their bytes, and keys count`() {
        let digest = Hash.blake2b(.log, [1])
        var hash = IncrementalHash(.session, key: [7])
        hash.update(digest)
        hash.update(digest.short)
        #expect(hash.finish() == Hash.blake2b(.session, key: [7], digest.bytes + digest.short.bytes))
        #expect(Hash.blake2b(.session, key: [7], []) != Hash.blake2b(.session, []))
    }

    @Test func `Every domain fits 16 bytes and stands alone`() {
        #expect(Domain.all.allSatisfy { $0.personal.count == 16 && $0.personal.starts(with: Array("liaison ".utf8)) })
        #expect(Set(Domain.all.map { Hash.blake2b($0, []) }).count == Domain.all.count)
    }

    @Test func `HMAC and HKDF are those of Noise`() {
        #expect(
            HKDF.authenticate(key: Array("key".utf8), Array("message".utf8)).hex
                == "04e9ada930688cde75eec939782eed653073dd621d7643f813702976257cf037"
                + "d325b50eedd417c01b6ad1f978fbe2980a93d27d854044e8626df6fa279d6680")
        #expect(
            HKDF.authenticate(key: [UInt8](0..<200), []).hex
                == "7388546f6fc7f13d6a774d6c7ed213aafc3c82f27851f8fae9fa679c6f52eb7c"
                + "c873c4a7f0b574ce29ff40e0641a436015a41a2cfbb84b9906495d4f801dbe4c")
        let chainingKey = [UInt8](repeating: 1, count: 64)
        let temporary = HKDF.authenticate(key: chainingKey, [2])
        let (first, second) = HKDF.derive(chainingKey: chainingKey, [2])
        #expect(first == HKDF.authenticate(key: temporary, [1]))
        #expect(second == HKDF.authenticate(key: temporary, first + [2]))
    }

    @Test func `Comparing tells every difference`() {
        let bytes = [UInt8](0..<20)
        #expect(Crypto.constantTimeEqual(bytes, bytes))
        #expect(Crypto.constantTimeEqual([], []))
        #expect(!Crypto.constantTimeEqual(bytes, Array(bytes.dropLast())))
        for bit in 0..<160 { #expect(!Crypto.constantTimeEqual(bytes, bytes.flipping(bit: bit))) }
    }

    @Test func `A seed always gives the same random bytes, however they are drawn`() {
        var whole = SeededEntropy(seed: 3)
        var parts = SeededEntropy(seed: 3)
        #expect(whole.fill(100) == parts.fill(1) + parts.fill(0) + parts.fill(64) + parts.fill(35))
        #expect(whole.next() == parts.next())
        var other = SeededEntropy(seed: 4)
        var again = SeededEntropy(seed: 3)
        #expect(other.fill(32) != again.fill(32))
        var system = SystemEntropy()
        #expect(system.fill(0) == [])
        #expect(system.fill(32) != system.fill(32))
    }
}
