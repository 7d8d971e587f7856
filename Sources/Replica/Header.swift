package import Bytes
package import Crypto

/// What an entry changes, and what of its log and of others it names: kept for ever, hashed into the entry id.
///
/// Source: Protocol/02-entries.md#header.
package struct Header: Hashable, Sendable {
    /// The record that an entry changes.
    package enum Record: Hashable, Sendable {
        /// The entry creates a record of this kind.
        case new(kind: Int)
        /// The record that this entry of the log table created or named as a pair.
        case named(log: Int, sequence: Int)
        /// The record that everybody creates as one.
        case pair(kind: Int, ids: [ShortID])
    }

    package var version = 1
    package var flags: UInt64 = 0
    package var sequence: Int
    package var previous: Digest
    /// The grant under which it is written; nil as in the entry before.
    package var auth: Digest?
    package var introductions: [Digest] = []
    package var context: ShortID?
    /// Claimed, seconds since 1970 in UTC.
    package var time: Int64
    package var record: Record
    package var operations: [Operation]
    package var bodySize = 0
    package var bodyCommitment: Digest?
    /// An encoded map that is not empty, or nil.
    package var extensions: [UInt8]?

    package init(
        sequence: Int, previous: Digest, auth: Digest?, time: Int64, record: Record, operations: [Operation]
    ) {
        self.sequence = sequence
        self.previous = previous
        self.auth = auth
        self.time = time
        self.record = record
        self.operations = operations
    }

    /// How many entries of the same transaction follow, 0 to 255.
    package var following: Int { Int(flags & 0xFF) }

    /// False for headers of a later version, whose meaning may differ.
    package var isUnderstood: Bool { version == 1 && flags <= 0xFF }

    /// The values that the body holds.
    package var valueCount: Int { operations.reduce(0) { $0 + ($1.hasValue ? 1 : 0) } }

    /// How many entries the context covers.
    package var nameCount: Int { Header.nameCount(record, operations) }

    static func nameCount(_ record: Record, _ operations: [Operation]) -> Int {
        let record = if case .named = record { 1 } else { 0 }
        return operations.reduce(record) { $0 + $1.references.count }
    }

    /// The entry id of an encoded header.
    package static func id(of encoded: [UInt8]) -> Digest { Hash.blake2b(.entry, encoded) }

    /// The deterministic encoding.
    package var encoded: [UInt8] {
        var writer = CBORWriter(reserving: 192)
        writer.writeArray(count: extensions == nil ? 12 : 13)
        writer.write(version)
        writer.write(flags)
        writer.write(sequence)
        writer.write(previous)
        writer.write(optional: auth)
        writer.writeArray(count: introductions.count)
        for log in introductions { writer.write(log) }
        writer.write(optional: context)
        writer.write(time)
        record.write(to: &writer)
        writer.writeArray(count: operations.count)
        for operation in operations { operation.write(to: &writer) }
        writer.write(bodySize)
        writer.write(optional: bodyCommitment)
        if let extensions { writer.write(encoded: extensions) }
        return writer.bytes
    }

    /// Decodes and checks everything that can be checked without other entries.
    /// - Throws: `DecodeError`, the fault of whoever wrote or sent it.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        guard bytes.count <= EntryLimits.headerBytes else { throw .outOfRange(what: "header", at: 0) }
        var reader = CBORReader(bytes)
        let count = try reader.readArray(upTo: 13, "header")
        guard count >= 12 else { throw .outOfRange(what: "header", at: 0) }
        version = try reader.readInt(upTo: EntryLimits.number, "version")
        guard version >= 1 else { throw .outOfRange(what: "version", at: 1) }
        flags = try reader.readUInt()
        sequence = try reader.readInt(upTo: EntryLimits.sequence, "sequence")
        previous = try reader.readFixed("prev")
        auth = try reader.readOptionalFixed("auth")
        introductions = try Header.readIntroductions(&reader)
        context = try reader.readOptionalFixed("context")
        time = try Header.readTime(&reader)
        record = try Record(from: &reader)
        operations = try Header.readOperations(&reader)
        bodySize = try reader.readInt(upTo: SegmentLimits.bytes, "body-size")
        bodyCommitment = try reader.readOptionalFixed("body-commit")
        extensions = count == 13 ? try Header.readExtensions(&reader) : nil
        try reader.finish()
        try checkConsistency()
    }

    /// Conditions between elements.
    package func checkConsistency() throws(DecodeError) {
        guard (bodySize == 0) == (bodyCommitment == nil) else { throw .invalid(what: "body-size and body-commit") }
        guard (nameCount == 0) == (context == nil) else { throw .invalid(what: "context and names") }
        guard names(below: sequence) else { throw .invalid(what: "it names itself, or what comes after it in its log") }
        // What a later version puts into a body is its own affair.
        guard !isUnderstood || (valueCount == 0) == (bodySize == 0) else {
            throw .invalid(what: "body-size and operations")
        }
    }

    /// Whether all that it names of its own log has a lower sequence number.
    func names(below sequence: Int) -> Bool {
        if case .named(0, let named) = record, named >= sequence { return false }
        return operations.allSatisfy { $0.references.allSatisfy { $0.log > 0 || $0.sequence < sequence } }
    }

    static func readIntroductions(_ reader: inout CBORReader) throws(DecodeError) -> [Digest] {
        var logs: [Digest] = []
        for _ in 0..<(try reader.readArray(upTo: EntryLimits.introductions, "intro")) {
            logs.append(try reader.readFixed("intro"))
        }
        return logs
    }

    static func readTime(_ reader: inout CBORReader) throws(DecodeError) -> Int64 {
        let start = reader.offset
        let time = try reader.readSigned()
        guard EntryLimits.time.contains(time) else { throw .outOfRange(what: "time", at: start) }
        return time
    }

    static func readOperations(_ reader: inout CBORReader) throws(DecodeError) -> [Operation] {
        let start = reader.offset
        let count = try reader.readArray(upTo: EntryLimits.operations, "operations")
        guard count > 0 else { throw .outOfRange(what: "operations", at: start) }
        var operations: [Operation] = []
        operations.reserveCapacity(count)
        var references = 0
        for _ in 0..<count {
            let operation = try Operation(from: &reader)
            references += operation.references.count
            guard references <= EntryLimits.references else { throw .outOfRange(what: "refs", at: start) }
            operations.append(operation)
        }
        return operations
    }

    static func readExtensions(_ reader: inout CBORReader) throws(DecodeError) -> [UInt8] {
        guard reader.nextMajorType == 5 else { throw .wrongType(expected: "ext", at: reader.offset) }
        let range = try reader.readItem()
        guard range.count > 1, range.count <= EntryLimits.extensionBytes else {
            throw .outOfRange(what: "ext", at: range.lowerBound)
        }
        return Array(reader.bytes[range])
    }
}

extension Header.Record {
    /// Appends a kind, `[index, seq]` or `[0, kind, [+ id]]`.
    func write(to writer: inout CBORWriter) {
        switch self {
        case .new(let kind):
            writer.write(kind)
        case .named(let log, let sequence):
            writer.writeArray(count: 2)
            writer.write(log)
            writer.write(sequence)
        case .pair(let kind, let ids):
            writer.writeArray(count: 3)
            writer.write(0)
            writer.write(kind)
            writer.writeArray(count: ids.count)
            for id in ids { writer.write(id) }
        }
    }

    init(from reader: inout CBORReader) throws(DecodeError) {
        guard reader.nextMajorType == 4 else {
            self = .new(kind: try Header.Record.readKind(&reader))
            return
        }
        let start = reader.offset
        let count = try reader.readArray(upTo: 3, "record")
        guard count >= 2 else { throw .outOfRange(what: "record", at: start) }
        if count == 2 {
            let log = try reader.readInt(upTo: EntryLimits.number, "record index")
            self = .named(log: log, sequence: try reader.readInt(upTo: EntryLimits.sequence, "record sequence"))
            return
        }
        _ = try reader.readInt(upTo: 0, "pair")
        let kind = try Header.Record.readKind(&reader)
        let idsStart = reader.offset
        var ids: [ShortID] = []
        for _ in 0..<(try reader.readArray(upTo: EntryLimits.pairIDs, "pair ids")) {
            ids.append(try reader.readFixed("id"))
        }
        guard !ids.isEmpty else { throw .outOfRange(what: "pair ids", at: idsStart) }
        self = .pair(kind: kind, ids: ids)
    }

    private static func readKind(_ reader: inout CBORReader) throws(DecodeError) -> Int {
        let start = reader.offset
        let kind = try reader.readInt(upTo: EntryLimits.number, "kind")
        guard kind >= 1 else { throw .outOfRange(what: "kind", at: start) }
        return kind
    }
}

/// Derived identifiers of records.
package enum RecordID {
    /// The record that an entry created.
    package static func created(by entry: Digest) -> ShortID { Hash.blake2b(.record, entry.bytes).short }

    /// The record that all create as one.
    package static func pair(network: Digest, space: String, kind: Int, ids: [ShortID]) -> ShortID {
        var writer = CBORWriter(reserving: 96)
        writer.writeArray(count: 4)
        writer.write(network)
        writer.write(space)
        writer.write(kind)
        writer.writeArray(count: ids.count)
        for id in ids { writer.write(id) }
        return Hash.blake2b(.record, writer.bytes).short
    }
}

/// An entry that another names.
package struct NamedEntry: Hashable, Sendable {
    package let log: Digest
    package let sequence: Int
    package let id: Digest

    package init(log: Digest, sequence: Int, id: Digest) {
        self.log = log
        self.sequence = sequence
        self.id = id
    }

    /// The context over what an entry names, in order, repeats kept; nil if it names nothing.
    package static func context(_ names: [NamedEntry]) -> ShortID? {
        if names.isEmpty { return nil }
        var writer = CBORWriter(reserving: names.count * 76 + 3)
        writer.writeArray(count: names.count)
        for name in names {
            writer.writeArray(count: 3)
            writer.write(name.log)
            writer.write(name.sequence)
            writer.write(name.id)
        }
        return Hash.blake2b(.context, writer.bytes).short
    }
}
