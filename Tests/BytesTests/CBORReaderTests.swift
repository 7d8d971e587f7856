import Bytes
import Testing

/// What hostile CBOR can say that no form of ours says; the verdicts on single items are in `Protocol/vectors/cbor`.
@Suite struct CBORReaderTests {
    /// Every way to read a number, each of which must refuse what does not fit.
    private func readings(_ bytes: [UInt8]) -> [DecodeError?] {
        func failure(_ body: (inout CBORReader) throws(DecodeError) -> Void) -> DecodeError? {
            var reader = CBORReader(bytes)
            do { try body(&reader) } catch { return error }
            return nil
        }
        return [
            failure { (reader) throws(DecodeError) in _ = try reader.readInt(upTo: 1_000_000, "number") },
            failure { (reader) throws(DecodeError) in _ = try reader.readSigned() },
            failure { (reader) throws(DecodeError) in _ = try reader.readBytes(upTo: 1_000_000, "bytes") },
            failure { (reader) throws(DecodeError) in _ = try reader.readText(upTo: .max, "text") },
            failure { (reader) throws(DecodeError) in _ = try reader.readArray(upTo: .max, "array") },
            failure { (reader) throws(DecodeError) in _ = try reader.readMap(upTo: .max, "map") },
            failure { (reader) throws(DecodeError) in _ = try reader.readItem() },
        ]
    }

    private func head(_ major: UInt8, _ number: UInt64) -> [UInt8] {
        [major << 5 | 27] + (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    @Test(arguments: [1 << 31, 1 << 32, 1 << 62, 1 << 63, .max - 1, .max] as [UInt64])
    func `P2: a length or count beyond the input is refused before anything is made room for`(length: UInt64) {
        for major in 2...5 as ClosedRange<UInt8> {
            for body in [[], [0], [UInt8](repeating: 0xF6, count: 100)] as [[UInt8]] {
                #expect(readings(head(major, length) + body).allSatisfy { $0 != nil }, "major type \(major)")
            }
        }
    }

    @Test func `P3: numbers and sums beyond 64 bits are typed errors`() {
        for number in [1 << 63, .max - 1, .max] as [UInt64] {
            for major in 0...1 as ClosedRange<UInt8> {
                let bytes = head(major, number)
                #expect(readings(bytes).allSatisfy { $0 != nil }, "\(major) \(number)")
                #expect(throws: DecodeError.self) { try CBOR(decoding: bytes) }
            }
        }
        for (bytes, number) in [
            (head(0, 1 << 63 - 1), Int64.max), (head(1, 1 << 63 - 1), .min),
        ] {
            var reader = CBORReader(bytes)
            #expect((try? reader.readSigned()) == number)
        }
        // A head whose length reaches the end of the address space from where it stands.
        for length in (UInt64(Int.max) - 20)...UInt64(Int.max) {
            #expect(readings([0x82] + head(2, length)).last != .some(nil))
            #expect(throws: DecodeError.self) { try CBOR(decoding: [0x82] + head(3, length)) }
        }
    }

    @Test func `P5: a million arrays, maps or tags inside of each other are refused at the depth limit`() {
        let nests: [[UInt8]] = [[0x81], [0xA1, 0x00], [0xC1], [0xA1], [0x82, 0x00]]
        for nest in nests {
            for count in [33, 500, 1_000_000 / nest.count] {
                let bytes = Array(repeatElement(nest, count: count).joined()) + [0xF6]
                #expect(throws: DecodeError.self) { try CBOR(decoding: bytes) }
                #expect(throws: DecodeError.self) { try Document(decoding: bytes) }
                var reader = CBORReader(bytes)
                #expect(throws: DecodeError.self) { try reader.readItem() }
            }
        }
        let deepest = [UInt8](repeating: 0x81, count: CBOR.maximumDepth) + [0xF6]
        #expect(throws: Never.self) { try CBOR(decoding: deepest) }
        #expect(throws: DecodeError.tooDeep(at: 32)) { try CBOR(decoding: [0x81] + deepest) }
        for open in ["[", "{\"a\":", "[{\"a\":"] {
            #expect(throws: JSONError.self) { try JSONReader.read(String(repeating: open, count: 200_000)) }
        }
    }

    @Test func `P6: floats for whole numbers, duplicate keys and second spellings are refused everywhere`() {
        let wrong: [[UInt8]] = [
            [0xF9, 0x3C, 0x00], [0xFA, 0x3F, 0x80, 0, 0], [0xFB, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0], [0x18, 0x17],
            [0x19, 0, 0xFF], [0x1A, 0, 0, 0xFF, 0xFF], [0x1B, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [0x38, 0x17],
            [0x58, 1, 0], [0x78, 1, 0x61], [0x98, 1, 0], [0xB8, 1, 0, 0], [0xD8, 4, 0], [0x9F, 0, 0xFF],
            [0x5F, 0x41, 0, 0xFF], [0xF7], [0xF8, 0x20], [0xE0], [0xFF], [0x1C], [0x62, 0xC3, 0x28],
        ]
        for bytes in wrong {
            #expect(readings(bytes).allSatisfy { $0 != nil }, "\(bytes.hex)")
            for around in [[0x81], [0xA1, 0x00], [0xC1]] as [[UInt8]] {
                #expect(throws: DecodeError.self, "\(bytes.hex)") { try CBOR(decoding: around + bytes) }
            }
        }
        for pairs in [[0xA2, 1, 0, 1, 0], [0xA2, 2, 0, 1, 0], [0xA2, 0x61, 0x62, 0, 0x61, 0x61, 0]] as [[UInt8]] {
            #expect(throws: DecodeError.self) { try CBOR(decoding: pairs) }
        }
        #expect(throws: JSONError.self) { try JSONReader.read(#"{"a":1,"b":2,"a":1}"#) }
        #expect(throws: JSONError.self) { try JSONReader.read("1e2") }
    }
}
