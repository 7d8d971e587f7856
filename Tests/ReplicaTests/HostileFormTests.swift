import Bytes
import Crypto
import Testing

@testable import Replica

/// What hostile headers and segments can say; the verdicts on single ones are in `Protocol/vectors`.
@Suite struct HostileFormTests {
    private static let operation = Operation(field: 16, type: .register, references: [], shape: [0xF6])

    /// The encoding of a header whose time, sequence number and record are these bytes.
    private func header(time: [UInt8] = [0], sequence: [UInt8] = [5], operations: [UInt8]? = nil) -> [UInt8] {
        let digest: [UInt8] = [0x58, 32] + [UInt8](repeating: 1, count: 32)
        let usual: [UInt8] = [0x81, 0x84, 0x10, 1, 0x80, 0xF6]
        return [0x8C, 1, 0] + sequence + digest + [0xF6, 0x80, 0xF6] + time + [0x19, 0x03, 0x84] + (operations ?? usual)
            + [1] + digest
    }

    private func int(_ value: Int64) -> [UInt8] { CBOR.int(value).encoded }

    @Test func `T4: times at the ends of 64 bits are range errors, and so are numbers beyond theirs`() throws {
        #expect(try Header(decoding: header()).time == 0)
        for time in [EntryLimits.time.lowerBound, EntryLimits.time.upperBound] {
            #expect(try Header(decoding: header(time: int(time))).time == time)
        }
        for time in [.min, .min + 1, EntryLimits.time.lowerBound - 1, EntryLimits.time.upperBound + 1, .max] as [Int64]
        {
            let failure = #expect(throws: DecodeError.self) { try Header(decoding: header(time: int(time))) }
            guard case .outOfRange("time", _)? = failure else {
                Issue.record("\(time): \(String(describing: failure))")
                continue
            }
        }
        for sequence in [1 << 48, 1 << 53, .max] as [Int64] {
            #expect(throws: DecodeError.self) { try Header(decoding: header(sequence: int(sequence))) }
        }
        for number in [1 << 32, .max] as [Int64] {
            for parts in [[number, 1], [16, number]] {
                let operation = [0x81, 0x84] + int(parts[0]) + int(parts[1]) + [0x80, 0xF6]
                #expect(throws: DecodeError.self) { try Header(decoding: header(operations: operation)) }
            }
        }
        // Counters take any delta that 64 bits hold, and no other.
        for delta in [Int64.min, -1, 0, 1 << 32, .max] { #expect(MergeType.counter.accepts(shape: int(delta))) }
        #expect(!MergeType.counter.accepts(shape: [0x1B] + [UInt8](repeating: 0xFF, count: 8)))
    }

    /// A compact segment of rows with these times, each as the difference to the one before.
    private func compact(_ deltas: [Int64]) -> [UInt8] {
        var writer = CBORWriter()
        writer.writeArray(count: 5)
        writer.write(0)
        writer.write(bytes: [UInt8](repeating: 0, count: 8))
        writer.writeArray(count: 0)
        writer.writeArray(count: deltas.count)
        for delta in deltas {
            writer.writeArray(count: 7)
            writer.write(0)
            writer.writeNull()
            writer.writeArray(count: 0)
            writer.write(delta)
            writer.write(900)
            writer.writeArray(count: 1)
            Operation(field: 18, type: .set, references: [], shape: [1]).write(to: &writer)
            writer.writeArray(count: 0)
        }
        writer.write(Signature())
        return [1, 0] + writer.bytes
    }

    @Test func `P3: differences of times that leave 64 bits or the calendar are typed errors`() throws {
        let most = EntryLimits.time.upperBound
        #expect(try CompactSegment(decoding: compact([most, -most, -5])).rows.map(\.time) == [most, 0, -5])
        for deltas in [[.max], [.min], [most, 1], [most, .max], [-1, .min], [5, .max - 4], [5, .max]] as [[Int64]] {
            #expect(throws: SegmentError.self, "\(deltas)") { try CompactSegment(decoding: compact(deltas)) }
        }
    }

    @Test func `R6: more rows, operations, refs, names or seeds than allowed are refused at the count`() {
        #expect(throws: SegmentError.self) { try CompactSegment(decoding: compact([Int64](repeating: 0, count: 257))) }
        func head(_ count: Int) -> [UInt8] {
            var writer = CBORWriter()
            writer.writeArray(count: count)
            return writer.bytes
        }
        let many = 1_000_000
        let nulls = [UInt8](repeating: 0xF6, count: 30_000)
        for (count, limit) in [(257, EntryLimits.operations), (many, EntryLimits.operations)] {
            let failure = #expect(throws: DecodeError.self) {
                try Header(decoding: header(operations: head(count) + nulls))
            }
            guard case .outOfRange("operations", _)? = failure else {
                Issue.record("\(count) of \(limit): \(String(describing: failure))")
                continue
            }
        }
        let refs: [UInt8] = [0x81, 0x84, 0x10, 1] + head(1_025) + nulls
        let failure = #expect(throws: DecodeError.self) { try Header(decoding: header(operations: refs)) }
        guard case .outOfRange("refs", _)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func `R15: a segment inflates to what it declares, and that is bounded before anything is made room for`()
        throws
    {
        let limit = SegmentLimits.expandedBytes
        let zeros = Compression.compress([UInt8](repeating: 0, count: limit))
        #expect(zeros.count < 1_000)
        #expect(try Compression.decompress(zeros, upTo: limit).count == limit)
        let bomb = Compression.compress([UInt8](repeating: 0, count: limit + 1))
        #expect(throws: SegmentError.tooLarge) { try Compression.decompress(bomb, upTo: limit) }
        #expect(throws: SegmentError.tooLarge) { try CompactSegment(decoding: [1, 1] + bomb) }
        // The window and content size stand in the first bytes; whatever they are made to say, nothing more comes out.
        for place in 4..<min(zeros.count, 14) {
            for byte in UInt8.min...UInt8.max {
                var frame = zeros
                frame[place] = byte
                let inflated = try? Compression.decompress(frame, upTo: limit)
                #expect((inflated?.count ?? 0) <= limit)
            }
        }
        for frame in [zeros + zeros, zeros + [0], Array(zeros.dropLast()), [], [0x28, 0xB5, 0x2F, 0xFD]] {
            #expect(throws: SegmentError.self) { try Compression.decompress(frame, upTo: limit) }
        }
    }
}
