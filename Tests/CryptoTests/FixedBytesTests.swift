import Bytes
import Crypto
import Testing

@Suite struct FixedBytesTests {
    let counting = [UInt8](0..<32)

    @Test func `Bytes go in and come out in order`() throws {
        let digest = try #require(Digest(counting))
        #expect(digest.bytes == counting)
        #expect(digest.word0 == 0x0001_0203_0405_0607)
        #expect(digest.hex == counting.hex)
        #expect("\(digest)" == digest.hex)
        #expect(Digest(hex: digest.hex) == digest)
        #expect(digest.prefix(8) == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(digest.prefix(99) == counting)
        #expect(digest.prefix(-1) == [])
        #expect(digest.short.bytes == [UInt8](0..<16))
        var bytes: [UInt8] = [9]
        digest.short.append(to: &bytes)
        #expect(bytes == [9] + (0..<16))
    }

    @Test func `Any other length is refused`() {
        for count in 0..<80 {
            let bytes = [UInt8](repeating: 1, count: count)
            #expect((Digest(bytes) != nil) == (count == 32))
            #expect((ShortID(bytes[...]) != nil) == (count == 16))
            #expect((Signature(bytes) != nil) == (count == 64))
        }
        #expect(Digest(hex: "00") == nil)
        #expect(ShortID(hex: String(repeating: "zz", count: 16)) == nil)
    }

    @Test func `Order is the order of the bytes`() throws {
        var entropy = SeededEntropy(seed: 1)
        for _ in 0..<200 {
            var left = entropy.fill(32)
            let right = entropy.fill(32)
            // Half of the pairs share a random number of first bytes.
            if left[0] & 1 == 0 { left.replaceSubrange(0..<Int(left[1] % 32), with: right.prefix(Int(left[1] % 32))) }
            let isBefore = left.lexicographicallyPrecedes(right)
            #expect(try (#require(Digest(left)) < #require(Digest(right))) == isBefore)
            #expect(try (#require(VerifyingKey(left)) < #require(VerifyingKey(right))) == isBefore)
        }
        #expect(ShortID(0, 1) < ShortID(1, 0))
        #expect(!(ShortID(1, 0) < ShortID(1, 0)))
    }
}
