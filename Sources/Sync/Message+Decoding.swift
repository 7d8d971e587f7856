import Bytes
import Crypto
import Replica

extension Message {
    /// Decodes the item that one byte string of the stream holds; nil for a type that is reserved or not known.
    ///
    /// - Throws: `malformed` or `limit`; the peer's fault.
    package static func decode(_ bytes: [UInt8], limits: SyncLimits) throws(SyncError) -> Message? {
        do throws(DecodeError) {
            var reader = CBORReader(bytes)
            let count = try reader.readArray(upTo: .max, "message")
            let type = try reader.readUInt()
            guard let (message, used) = try decode(type, count - 1, &reader, limits) else {
                var whole = CBORReader(bytes)
                _ = try whole.readItem()
                try whole.finish()
                return nil
            }
            guard used <= count - 1 else { throw DecodeError.invalid(what: "elements of \(message.name)") }
            // Elements of later versions are ignored, but must be well-formed.
            for _ in 0..<(count - 1 - used) { _ = try reader.readItem() }
            try reader.finish()
            return message
        } catch {
            throw .malformed(error)
        }
    }

    /// The message and the number of elements that were read after the type.
    private static func decode(
        _ type: UInt64, _ count: Int, _ reader: inout CBORReader, _ limits: SyncLimits
    ) throws(DecodeError) -> (Message, Int)? {
        switch type {
        case 0: return (.hello(try hello(&reader, limits)), 4)
        case 1: return (.equal, 0)
        case 2:
            let policy = try reader.readPrefix("policy")
            var logs: [ControlLog] = []
            for _ in 0..<(try reader.readArray(upTo: limits.logs, "control logs")) {
                try reader.readArray(count: 2, "control log")
                let descriptor = try LogDescriptor(from: &reader)
                logs.append(ControlLog(descriptor: descriptor, heads: try reader.readHeads(limits, from: 1)))
            }
            let more = try readMore(&reader, count, after: 2)
            return (.control(policy: policy, logs: logs, more: more), more ? 3 : 2)
        case 3:
            let policy = try reader.readPrefix("policy")
            var items: [LogItem] = []
            for _ in 0..<(try reader.readArray(upTo: limits.logs, "vector")) {
                items.append(try reader.readItem(limits))
            }
            return (.vector(policy: policy, items: items), 2)
        case 4:
            var logs: [LogHeads] = []
            for _ in 0..<(try reader.readArray(upTo: limits.logs, "logs")) {
                try reader.readArray(count: 2, "log")
                let log: Digest = try reader.readFixed("log id")
                logs.append(LogHeads(log: log, heads: try reader.readHeads(limits, from: 0)))
            }
            let more = try readMore(&reader, count, after: 1)
            return (.heads(logs, more: more), more ? 2 : 1)
        case 5:
            let log = try reader.readLogName(limits)
            return (.segment(log: log, bytes: try reader.readBytes(upTo: limits.messageBytes, "segment")), 2)
        case 6: return (.sent, 0)
        case 7: return (.digest(try reader.readPrefix("digest")), 1)
        default: return try decodeRest(type, &reader, limits)
        }
    }

    private static func decodeRest(
        _ type: UInt64, _ reader: inout CBORReader, _ limits: SyncLimits
    ) throws(DecodeError) -> (Message, Int)? {
        switch type {
        case 8:
            let log: Digest = try reader.readFixed("log id")
            let first = try reader.readInt(upTo: EntryLimits.sequence, "first")
            let last = try reader.readInt(upTo: EntryLimits.sequence, "last")
            guard first <= last else { throw .invalid(what: "first and last") }
            return (.explicit(log: log, first: first, last: last, head: try reader.readFixed("head")), 4)
        case 11:
            let code = try reader.readInt(upTo: 0xFFFF, "code")
            return (.refused(code: code, text: try reader.readText(upTo: 1_024, "text")), 2)
        case 12:
            let certificate = try reader.readBytes(upTo: CertificateLimits.bytes, "certificate")
            let ruleSet = try reader.readInt(upTo: EntryLimits.number, "rule set")
            let organisation = try reader.readText(upTo: CharterLimits.nameBytes, "organisation")
            return (.welcome(certificate: certificate, ruleSet: ruleSet, organisation: organisation), 3)
        default: return nil
        }
    }

    private static func hello(_ reader: inout CBORReader, _ limits: SyncLimits) throws(DecodeError) -> Hello {
        let version = try reader.readInt(upTo: 0xFFFF, "version")
        guard version > 0 else { throw .invalid(what: "version") }
        let digest = try reader.readPrefix("digest")
        let checkpoint = reader.readNull() ? nil : try reader.readPrefix("checkpoint")
        var moved: [Move] = []
        for _ in 0..<(try reader.readArray(upTo: limits.logs, "moved logs")) {
            try reader.readArray(count: 2, "moved log")
            let log = try reader.readLogName(limits)
            moved.append(Move(log: log, item: try reader.readItem(limits)))
        }
        guard checkpoint != nil || moved.isEmpty else { throw .invalid(what: "moved logs without a checkpoint") }
        var hello = Hello(digest: digest, checkpoint: checkpoint, moved: moved)
        hello.version = version
        return hello
    }

    /// Whether an element `true` follows, which says that the list goes on in another message.
    private static func readMore(
        _ reader: inout CBORReader, _ count: Int, after: Int
    ) throws(DecodeError) -> Bool {
        guard count > after, reader.nextMajorType == 7 else { return false }
        var ahead = reader
        guard try ahead.readBool() else { return false }
        reader = ahead
        return true
    }
}

extension CBORReader {
    /// Eight bytes as a number.
    mutating func readPrefix(_ what: String) throws(DecodeError) -> UInt64 {
        bytes[try readRange(count: 8, what)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Heads, of which there are `least` at least.
    mutating func readHeads(_ limits: SyncLimits, from least: Int) throws(DecodeError) -> [Head] {
        let count = try readArray(upTo: limits.heads, "heads")
        guard count >= least else { throw .invalid(what: "no heads") }
        var heads: [Head] = []
        for _ in 0..<count {
            try readArray(count: 2, "head")
            let sequence = try readInt(upTo: EntryLimits.sequence, "sequence")
            heads.append(Head(sequence: sequence, prefix: try readPrefix("id")))
        }
        return heads
    }

    fileprivate mutating func readItem(_ limits: SyncLimits) throws(DecodeError) -> LogItem {
        nextMajorType == 4
            ? .heads(try readHeads(limits, from: 1)) : .count(try readInt(upTo: EntryLimits.sequence + 1, "count"))
    }

    fileprivate mutating func readLogName(_ limits: SyncLimits) throws(DecodeError) -> LogName {
        nextMajorType == 4
            ? .descriptor(try LogDescriptor(from: &self)) : .number(try readInt(upTo: limits.logs, "log"))
    }
}
