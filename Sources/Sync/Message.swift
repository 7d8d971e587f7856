import Bytes
package import Crypto
package import Replica

/// A place in a log: a sequence number and the first 8 bytes of the id of the entry there, as a big-endian number.
package struct Head: Hashable, Comparable, Sendable {
    package let sequence: Int
    package let prefix: UInt64

    package init(sequence: Int, prefix: UInt64) {
        self.sequence = sequence
        self.prefix = prefix
    }

    /// Ascending by sequence number, then by id.
    package static func < (left: Head, right: Head) -> Bool {
        (left.sequence, left.prefix) < (right.sequence, right.prefix)
    }
}

/// What a side holds of a log: a number of entries while it has one head at most, all heads otherwise.
package enum LogItem: Hashable, Sendable {
    /// The sequence number of the one head + 1; 0 if nothing is held.
    case count(Int)
    /// Ascending.
    case heads([Head])
}

/// How a message names a log.
package enum LogName: Hashable, Sendable {
    /// Its place in the session's table.
    case number(Int)
    /// The log is not in the table.
    case descriptor(LogDescriptor)
}

/// A log that moved since the checkpoint.
package struct Move: Hashable, Sendable {
    package let log: LogName
    package let item: LogItem

    package init(log: LogName, item: LogItem) {
        self.log = log
        self.item = item
    }
}

/// The first message of each side.
package struct Hello: Hashable, Sendable {
    /// The protocol's version, 1 or greater.
    package var version = 1
    /// The first 8 bytes of the session's digest.
    package let digest: UInt64
    /// The name of the checkpoint that is offered or agreed to.
    package let checkpoint: UInt64?
    /// Without a checkpoint empty.
    package let moved: [Move]

    package init(digest: UInt64, checkpoint: UInt64?, moved: [Move]) {
        self.digest = digest
        self.checkpoint = checkpoint
        self.moved = moved
    }
}

/// A control log and its heads.
package struct ControlLog: Hashable, Sendable {
    package let descriptor: LogDescriptor
    /// Ascending, not empty.
    package let heads: [Head]

    package init(descriptor: LogDescriptor, heads: [Head]) {
        self.descriptor = descriptor
        self.heads = heads
    }
}

/// A log's heads and ids sampled below them.
package struct LogHeads: Hashable, Sendable {
    package let log: Digest
    package let heads: [Head]

    package init(log: Digest, heads: [Head]) {
        self.log = log
        self.heads = heads
    }
}

/// One message of a session.
///
/// Source: Protocol/07-sync.md.
package enum Message: Hashable, Sendable {
    case hello(Hello)
    case equal
    /// `more`: another message of the type goes on with the list.
    case control(policy: UInt64, logs: [ControlLog], more: Bool)
    case vector(policy: UInt64, items: [LogItem])
    case heads([LogHeads], more: Bool)
    case segment(log: LogName, bytes: [UInt8])
    case sent
    case digest(UInt64)
    case explicit(log: Digest, first: Int, last: Int, head: Digest)
    case refused(code: Int, text: String)
    case welcome(certificate: [UInt8], ruleSet: Int, organisation: String)

    /// The name in the specification.
    package var name: String {
        switch self {
        case .hello: "HELLO"
        case .equal: "EQUAL"
        case .control: "CONTROL"
        case .vector: "VECTOR"
        case .heads: "HEADS"
        case .segment: "SEGMENT"
        case .sent: "SENT"
        case .digest: "DIGEST"
        case .explicit: "EXPLICIT"
        case .refused: "REFUSED"
        case .welcome: "WELCOME"
        }
    }

    /// The message as it stands in the stream: a byte string that holds the item.
    package var encoded: [UInt8] {
        var item = CBORWriter()
        write(to: &item)
        var writer = CBORWriter(reserving: item.bytes.count + 5)
        writer.write(bytes: item.bytes)
        return writer.bytes
    }

    private func write(to writer: inout CBORWriter) {
        switch self {
        case .hello(let hello):
            writer.begin(0, count: 4)
            writer.write(hello.version)
            writer.write(prefix: hello.digest)
            if let checkpoint = hello.checkpoint { writer.write(prefix: checkpoint) } else { writer.writeNull() }
            writer.writeArray(count: hello.moved.count)
            for move in hello.moved {
                writer.writeArray(count: 2)
                writer.write(move.log)
                writer.write(move.item)
            }
        case .equal: writer.begin(1, count: 0)
        case .control(let policy, let logs, let more):
            writer.begin(2, count: more ? 3 : 2)
            writer.write(prefix: policy)
            writer.writeArray(count: logs.count)
            for log in logs {
                writer.writeArray(count: 2)
                log.descriptor.write(to: &writer)
                writer.write(log.heads)
            }
            if more { writer.write(true) }
        case .vector(let policy, let items):
            writer.begin(3, count: 2)
            writer.write(prefix: policy)
            writer.writeArray(count: items.count)
            for item in items { writer.write(item) }
        case .heads(let logs, let more):
            writer.begin(4, count: more ? 2 : 1)
            writer.writeArray(count: logs.count)
            for log in logs {
                writer.writeArray(count: 2)
                writer.write(log.log)
                writer.write(log.heads)
            }
            if more { writer.write(true) }
        case .segment(let log, let bytes):
            writer.begin(5, count: 2)
            writer.write(log)
            writer.write(bytes: bytes)
        case .sent: writer.begin(6, count: 0)
        case .digest(let digest):
            writer.begin(7, count: 1)
            writer.write(prefix: digest)
        case .explicit(let log, let first, let last, let head):
            writer.begin(8, count: 4)
            writer.write(log)
            writer.write(first)
            writer.write(last)
            writer.write(head)
        case .refused(let code, let text):
            writer.begin(11, count: 2)
            writer.write(code)
            writer.write(text)
        case .welcome(let certificate, let ruleSet, let organisation):
            writer.begin(12, count: 3)
            writer.write(bytes: certificate)
            writer.write(ruleSet)
            writer.write(organisation)
        }
    }
}

extension CBORWriter {
    /// The head of a message with `count` elements after its type.
    fileprivate mutating func begin(_ type: Int, count: Int) {
        writeArray(count: count + 1)
        write(type)
    }

    /// Eight bytes.
    mutating func write(prefix: UInt64) {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: prefix)
        write(bytes: bytes)
    }

    fileprivate mutating func write(_ name: LogName) {
        switch name {
        case .number(let number): write(number)
        case .descriptor(let descriptor): descriptor.write(to: &self)
        }
    }

    fileprivate mutating func write(_ item: LogItem) {
        switch item {
        case .count(let count): write(count)
        case .heads(let heads): write(heads)
        }
    }

    mutating func write(_ heads: [Head]) {
        writeArray(count: heads.count)
        for head in heads {
            writeArray(count: 2)
            write(head.sequence)
            write(prefix: head.prefix)
        }
    }
}
