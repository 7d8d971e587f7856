import Bytes
import Crypto
import Replica
import Sync

/// The stream of messages, wherever it is cut, and each message.
package struct MessagesTarget: FuzzTarget {
    package static let name = "messages"

    package init() {}

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        let size = 1 + Int(script.byte())
        let isOne = size.isMultiple(of: 2)
        var limits = SyncLimits()
        if size.isMultiple(of: 3) { (limits.heads, limits.logs) = (2, 2) }
        let bytes = script.rest()
        if isOne { return try message(bytes, limits) }
        var stream = MessageStream(messageBytes: 2_048)
        var whole = MessageStream(messageBytes: 2_048)
        var (found, foundWhole): ([[UInt8]], [[UInt8]]) = ([], [])
        var (failure, failureWhole): (SyncError?, SyncError?) = (nil, nil)
        for start in stride(from: 0, to: bytes.count, by: size) where failure == nil {
            stream.append(Array(bytes[start..<min(start + size, bytes.count)]))
            failure = read(&stream, &found)
        }
        whole.append(bytes)
        failureWhole = read(&whole, &foundWhole)
        try require(found == foundWhole && failure == failureWhole, "a stream reads otherwise where it is cut")
        for item in found { try message(item, limits) }
    }

    private func read(_ stream: inout MessageStream, _ found: inout [[UInt8]]) -> SyncError? {
        do throws(SyncError) {
            while let bytes = try stream.next() { found.append(bytes) }
            return nil
        } catch { return error }
    }

    private func message(_ bytes: [UInt8], _ limits: SyncLimits) throws {
        guard let message = try? Message.decode(bytes, limits: limits) else { return }
        var stream = MessageStream(messageBytes: limits.messageBytes)
        stream.append(message.encoded)
        guard let again = try stream.next() else { throw Violation("\(message.name) is cut") }
        try require(try Message.decode(again, limits: limits) == message, "\(message.name) is written as another one")
        // What a later version adds is left out, and nothing else.
        try require(again.count <= bytes.count, "\(message.name) becomes longer")
        try require(!message.name.isEmpty, "a message without a name")
    }

    package static func seeds() -> [[UInt8]] {
        let key = VerifyingKey([UInt8](repeating: 5, count: 32)) ?? VerifyingKey()
        let descriptor = LogDescriptor(
            space: SpaceName.policy, logClass: .control, device: key, incarnation: ShortID(5, 1))
        let heads = [Head(sequence: 4, prefix: 7), Head(sequence: 300, prefix: .max)]
        let messages: [Message] = [
            .hello(Hello(digest: 1, checkpoint: nil, moved: [])),
            .hello(
                Hello(
                    digest: .max, checkpoint: 9,
                    moved: [
                        Move(log: .number(3), item: .count(70_000)),
                        Move(log: .descriptor(descriptor), item: .heads(heads)),
                    ])),
            .equal, .control(policy: 3, logs: [ControlLog(descriptor: descriptor, heads: heads)], more: false),
            .control(policy: 3, logs: [], more: true), .vector(policy: 8, items: [.count(0), .heads(heads)]),
            .heads([LogHeads(log: Digest(1, 2, 3, 4), heads: heads), LogHeads(log: Digest(), heads: [])], more: false),
            .heads([], more: true), .segment(log: .number(0), bytes: [1, 2, 3]),
            .segment(log: .descriptor(descriptor), bytes: [UInt8](repeating: 9, count: 30)), .sent, .digest(1),
            .explicit(log: Digest(4, 3, 2, 1), first: 256, last: 511, head: Digest(0, 0, 0, 1)),
            .refused(code: 3, text: "outOfTurn"), .welcome(certificate: [4, 5], ruleSet: 1, organisation: "é"),
        ]
        var seeds = messages.flatMap { message -> [[UInt8]] in
            var stream = MessageStream(messageBytes: 1 << 20)
            stream.append(message.encoded)
            let item = (try? stream.next()) ?? []
            return [[1] + item, [4] + message.encoded]
        }
        seeds.append([6] + messages.flatMap(\.encoded))
        seeds += [[4, 0x5B, 255], [4, 0x5A, 0x80, 0, 0, 0], [4, 0x58, 5], [4, 0x5F], [4, 0x81]]
        return seeds + [[1, 0x82, 0x18, 99, 0xF6], [1, 0x83, 6, 0xF6, 0x81, 0], [1, 0x80]]
    }

    package static func large() -> [[UInt8]] {
        let heads = (0..<1_024).map { Head(sequence: $0, prefix: 1) }
        let messages: [Message] = [
            .vector(policy: 1, items: (0..<65_536).map { .count($0) }),
            .heads((0..<500).map { LogHeads(log: Digest(UInt64($0), 0, 0, 0), heads: heads.suffix(100)) }, more: false),
            .hello(
                Hello(digest: 1, checkpoint: 1, moved: (0..<60_000).map { Move(log: .number($0), item: .count(1)) })),
            .segment(log: .number(0), bytes: [UInt8](repeating: 1, count: 1_048_000)),
        ]
        let items = messages.map { message in
            var stream = MessageStream(messageBytes: 1 << 21)
            stream.append(message.encoded)
            return (try? stream.next()) ?? []
        }
        // Many small messages, in pieces of five bytes.
        let small = (0..<10_000).flatMap { _ in Message.sent.encoded }
        return items.map { [1] + $0 } + [[4] + small, [4] + [UInt8](repeating: 0x40, count: 1 << 16)]
    }
}
