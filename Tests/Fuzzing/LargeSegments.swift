import Bytes
import Crypto
import Replica

/// Payloads of compact segments that are as large as they may be, each in another direction.
struct LargeSegments {
    let payloads: [[UInt8]]
    private let keys: KeyRing

    init() throws {
        let keys = try KeyRing()
        self.keys = keys
        func payload(_ entries: [(record: Header.Record, operations: [Operation], values: [[UInt8]])]) -> [UInt8] {
            var headers: [SegmentEntry] = []
            for (index, entry) in entries.enumerated() {
                let header = Header(
                    sequence: index, previous: Digest(), auth: nil, time: 5, record: entry.record,
                    operations: entry.operations)
                let body: Body = entry.values.isEmpty ? .none : .full(leaf: ShortID(1, 1), values: entry.values)
                headers.append(keys.entry(header, body))
            }
            let seeds = entries.enumerated().filter { !$1.values.isEmpty }.map {
                Seed(level: 8, first: $0.offset, node: ShortID(1, 1))
            }
            return CompactSegment.payload(headers, seeds: seeds, seal: Signature())
        }
        let register = Operation(field: 16, type: .register, references: [], shape: [0xF6])
        let remove = Operation(field: 18, type: .set, references: [], shape: [1])
        func removing(_ count: Int, _ spread: Int) -> Operation {
            let references = (0..<count).map {
                Reference(log: 0, sequence: spread == 0 ? 0 : $0 % spread, operation: 0)
            }
            return Operation(field: 18, type: .set, references: references, shape: [1])
        }
        payloads = [
            payload(Array(repeating: (.new(kind: 900), [register], [[0x61, 0x78]]), count: 256)),
            payload(Array(repeating: (.new(kind: 34), [remove], []), count: 256)),
            payload(Array(repeating: (.new(kind: 900), [removing(1_024, 0)], []), count: 10)),
            payload(Array(repeating: (.new(kind: 900), [removing(1_024, 3)], []), count: 10)),
            payload(Array(repeating: (.named(log: 0, sequence: 0), [removing(1_024, 1)], []), count: 10)),
            payload(
                Array(
                    repeating: (
                        .new(kind: 900), Array(repeating: register, count: 256), Array(repeating: [0xF6], count: 256)
                    ), count: 20)),
            payload(Array(repeating: (.new(kind: 900), Array(repeating: removing(4, 3), count: 256), []), count: 8)),
            payload([(.new(kind: 900), [register], [CBOR.array(Array(repeating: .null, count: 16_000)).encoded])]),
        ]
    }

    private static let remove = Operation(field: 18, type: .set, references: [], shape: [1])

    private func payload(at sequence: Int, times: [Int64], flags: [UInt64]) -> [UInt8] {
        let entries = zip(times, flags).enumerated().map { index, entry in
            var header = Header(
                sequence: sequence + index, previous: Digest(), auth: nil, time: entry.0, record: .new(kind: 900),
                operations: [LargeSegments.remove])
            header.flags = entry.1
            return keys.entry(header, .none)
        }
        return CompactSegment.payload(entries, seeds: [], seal: Signature())
    }

    /// One entry near the beginning of a log, different for each index.
    func fork(_ index: Int) -> [UInt8] { payload(at: 1, times: [Int64(index)], flags: [0]) }

    /// The first entry of a log.
    var first: [UInt8] { payload(at: 0, times: [1], flags: [0]) }

    /// A payload that begins behind `fork`.
    func moved(_ payload: [UInt8]) -> [UInt8] { [payload[0], 2] + payload.dropFirst(2) }

    /// Three entries that count together.
    var transaction: [UInt8] { payload(at: 1, times: [1, 2, 3], flags: [2, 1, 0]) }

    /// An entry that leaves `transaction` behind its first member.
    func torn(_ index: Int) -> [UInt8] { payload(at: 2, times: [Int64(100 + index)], flags: [0]) }
}
