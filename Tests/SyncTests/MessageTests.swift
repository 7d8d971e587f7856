import Bytes
import Crypto
import Replica
import Testing

@testable import Sync

struct MessageTests {
    static let descriptor = MemoryStore.descriptor(device: 5, .control)
    static let heads = [Head(sequence: 4, prefix: 7), Head(sequence: 300, prefix: .max)]
    static let samples: [Message] = [
        .hello(Hello(digest: 1, checkpoint: nil, moved: [])),
        .hello(
            Hello(
                digest: .max, checkpoint: 9,
                moved: [
                    Move(log: .number(3), item: .count(70_000)),
                    Move(log: .descriptor(descriptor), item: .heads(heads)),
                ])),
        .equal,
        .control(policy: 3, logs: [ControlLog(descriptor: descriptor, heads: heads)], more: false),
        .control(policy: 3, logs: [], more: true),
        .vector(policy: 8, items: [.count(0), .heads(heads), .count(24)]),
        .heads([LogHeads(log: Digest(1, 2, 3, 4), heads: heads), LogHeads(log: Digest(), heads: [])], more: false),
        .heads([], more: true),
        .segment(log: .number(0), bytes: [1, 2, 3]),
        .segment(log: .descriptor(descriptor), bytes: [UInt8](repeating: 9, count: 300)),
        .sent,
        .digest(0x0102_0304_0506_0708),
        .explicit(log: Digest(4, 3, 2, 1), first: 256, last: 511, head: Digest(0, 0, 0, 1)),
        .refused(code: 3, text: "outOfTurn"),
        .welcome(certificate: [4, 5], ruleSet: 1, organisation: "Institut d’études"),
    ]

    /// The content of the byte string that a message is.
    static func item(_ message: Message) throws -> [UInt8] {
        var stream = MessageStream(messageBytes: 1_048_576)
        stream.append(message.encoded)
        return try #require(try stream.next())
    }

    @Test(arguments: samples) func `every message comes back as it was`(message: Message) throws {
        #expect(try Message.decode(Self.item(message), limits: SyncLimits()) == message)
    }

    @Test(arguments: samples) func `P1: every message cut at every byte is a typed error`(message: Message) throws {
        let bytes = try Self.item(message)
        for count in bytes.indices {
            #expect(throws: SyncError.self, "\(message.name) of \(count) bytes") {
                try Message.decode(Array(bytes.prefix(count)), limits: SyncLimits())
            }
        }
        #expect(throws: SyncError.self) { try Message.decode(bytes + [0], limits: SyncLimits()) }
    }

    @Test(arguments: samples) func `a flipped bit never traps, and what decodes encodes the same`(message: Message)
        throws
    {
        let bytes = try Self.item(message)
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            guard let decoded = try? Message.decode(flipped, limits: SyncLimits()) else { continue }
            // `more: false` says the same as no such element, and so the shorter form comes back.
            let again = try Self.item(decoded)
            #expect(try Message.decode(again, limits: SyncLimits()) == decoded)
        }
    }

    @Test func `P4: unknown types are skipped and unknown elements ignored`() throws {
        #expect(try Message.decode([0x82, 0x18, 99, 0xF6], limits: SyncLimits()) == nil)
        #expect(try Message.decode([0x82, 0x09, 0x41, 1], limits: SyncLimits()) == nil)
        #expect(try Message.decode([0x83, 0x06, 0xF6, 0x81, 0x00], limits: SyncLimits()) == .sent)
        // Even what is not understood must be deterministic CBOR.
        #expect(throws: SyncError.self) { try Message.decode([0x82, 0x18, 99, 0xFF], limits: SyncLimits()) }
        #expect(throws: SyncError.self) { try Message.decode([0x82, 0x06, 0x18, 0x05], limits: SyncLimits()) }
    }

    @Test func `P2: counts beyond a limit are refused`() throws {
        var limits = SyncLimits()
        limits.heads = 1
        limits.logs = 1
        for message in Self.samples {
            guard let bytes = try? Self.item(message) else { continue }
            let isSmall = (try? Message.decode(bytes, limits: limits)) != nil
            switch message {
            case .hello(let hello): #expect(isSmall == (hello.moved.count < 2))
            case .control(_, let logs, _): #expect(isSmall == logs.isEmpty)
            case .vector: #expect(!isSmall)
            case .heads(let logs, _): #expect(isSmall == logs.isEmpty)
            default: #expect(isSmall)
            }
        }
    }

    @Test func `R6: a million tiny items in one message are refused at the count, wherever they stand`() {
        func head(_ major: UInt8, _ count: UInt32) -> [UInt8] {
            [major << 5 | 26] + (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32(24 - 8 * $0)) }
        }
        let prefix: [UInt8] = [0x48] + [UInt8](repeating: 1, count: 8)
        let many = head(4, 1_000_000) + [UInt8](repeating: 0, count: 1_000_000)
        let pairs = head(4, 1_000_000) + [UInt8](repeating: 0x80, count: 1_000_000)
        let digest: [UInt8] = [0x58, 32] + [UInt8](repeating: 1, count: 32)
        let messages: [[UInt8]] = [
            [0x85, 0, 1] + prefix + prefix + pairs, [0x83, 2] + prefix + pairs, [0x83, 3] + prefix + many,
            [0x83, 3] + prefix + [0x81] + pairs, [0x82, 4] + pairs, [0x82, 4, 0x81, 0x82] + digest + pairs,
            [0x83, 5] + many + [0x40], [0x82, 7] + many, [0x85, 8] + many, [0x83, 11, 1] + many, [0x84, 12] + many,
        ]
        for message in messages {
            let failure = #expect(throws: SyncError.self) { try Message.decode(message, limits: SyncLimits()) }
            // Told where the count stands, so that nothing behind it was read.
            if case .malformed(.outOfRange(_, let place))? = failure { #expect(place < 60) }
        }
        // A type that nobody knows is skipped, and its million elements with it.
        #expect(throws: Never.self) { try Message.decode([0x82, 0x18, 99] + many, limits: SyncLimits()) }
    }

    @Test func `a stream finds messages wherever plaintexts end`() throws {
        let whole = Self.samples.flatMap(\.encoded)
        for size in [1, 2, 3, 7, 64, whole.count] {
            var stream = MessageStream(messageBytes: 4_096)
            var found: [Message] = []
            var start = 0
            while start < whole.count {
                stream.append(Array(whole[start..<min(start + size, whole.count)]))
                start += size
                while let bytes = try stream.next() {
                    found.append(try #require(try Message.decode(bytes, limits: SyncLimits())))
                }
            }
            #expect(found == Self.samples)
            #expect(stream.byteCount == 0)
        }
    }

    @Test func `P2: a stream refuses lengths before it makes room`() throws {
        let cases: [([UInt8], SyncError?)] = [
            ([0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .limit("messageBytes")),
            ([0x5A, 0x80, 0, 0, 0], .limit("messageBytes")),
            ([0x59, 0x10, 0x01], .limit("messageBytes")),
            ([0x58, 0x05], .malformed(.notDeterministic(at: 0))),
            ([0x5F], .malformed(.unsupported(at: 0))),
            ([0x81], .malformed(.wrongType(expected: "byte string", at: 0))),
            ([0x59, 0x10], nil),
            ([0x43, 1, 2], nil),
        ]
        for (bytes, expected) in cases {
            var stream = MessageStream(messageBytes: 4_096)
            stream.append(bytes)
            if let expected {
                #expect(throws: expected) { try stream.next() }
            } else {
                #expect(try stream.next() == nil)
            }
        }
    }
}
