import Bytes
package import Crypto

/// A segment with all ids in it, which can be verified with the named logs alone.
///
/// Source: Protocol/03-segments.md#explicit-form.
package struct ExplicitSegment: Hashable, Sendable {
    package let descriptor: LogDescriptor
    /// Not empty, consecutive.
    package let entries: [SegmentEntry]
    package let seal: Signature

    package init(descriptor: LogDescriptor, entries: [SegmentEntry], seal: Signature) {
        precondition(!entries.isEmpty, "a segment has entries")
        self.descriptor = descriptor
        self.entries = entries
        self.seal = seal
    }

    /// The deterministic encoding.
    package var encoded: [UInt8] {
        var writer = CBORWriter(reserving: 4096)
        writer.writeArray(count: 4)
        writer.write(0)
        descriptor.write(to: &writer)
        writer.writeArray(count: entries.count)
        for entry in entries {
            writer.writeArray(count: 3)
            writer.write(bytes: entry.headerBytes)
            writer.writeArray(count: entry.names.count)
            for name in entry.names { writer.write(name) }
            ExplicitSegment.write(entry.body, to: &writer)
        }
        writer.write(seal)
        return writer.bytes
    }

    private static func write(_ body: Body, to writer: inout CBORWriter) {
        switch body {
        case .none:
            writer.writeNull()
        case .full(let leaf, let values):
            writer.writeArray(count: 2)
            writer.write(leaf)
            writer.writeArray(count: values.count)
            for value in values { writer.write(bytes: value) }
        case .partial(let items):
            writer.writeArray(count: 2)
            writer.writeNull()
            writer.writeArray(count: items.count)
            for item in items {
                switch item {
                case .value(let salt, let bytes):
                    writer.writeArray(count: 2)
                    writer.write(salt)
                    writer.write(bytes: bytes)
                case .erased(let commitment):
                    writer.write(commitment)
                }
            }
        }
    }

    /// Decodes the form, the chain inside the segment and the commitments.
    ///
    /// Names, place in the log and seal are checked by `SegmentVerifier`'s caller.
    /// - Throws: `SegmentError`, the fault of whoever sent it.
    package init(decoding bytes: [UInt8], network: Digest) throws(SegmentError) {
        guard bytes.count <= SegmentLimits.encodedBytes else { throw .tooLarge }
        var reader = CBORReader(bytes)
        let raw: [RawEntry]
        do {
            try reader.readArray(count: 4, "explicit segment")
            _ = try reader.readInt(upTo: 0, "segment version")
            descriptor = try LogDescriptor(from: &reader)
            raw = try ExplicitSegment.readEntries(&reader)
            seal = try reader.readFixed("seal")
            try reader.finish()
        } catch { throw .malformed(error) }

        var entries: [SegmentEntry] = []
        entries.reserveCapacity(raw.count)
        for item in raw {
            let entry = SegmentEntry(
                id: Header.id(of: item.header), header: item.decoded, headerBytes: item.header, names: item.names,
                body: item.body)
            entries.append(entry)
        }
        self.entries = entries
        try SegmentCheck.check(entries, of: descriptor)
        guard let first = entries.first,
            first.header.sequence > 0 || first.header.previous == descriptor.id(network: network)
        else { throw .chain(sequence: 0) }
    }

    private struct RawEntry {
        let header: [UInt8]
        let decoded: Header
        let names: [Digest]
        let body: Body
    }

    private static func readEntries(_ reader: inout CBORReader) throws(DecodeError) -> [RawEntry] {
        let start = reader.offset
        let count = try reader.readArray(upTo: SegmentLimits.entries, "entries")
        guard count > 0 else { throw .outOfRange(what: "entries", at: start) }
        var entries: [RawEntry] = []
        for _ in 0..<count {
            try reader.readArray(count: 3, "explicit entry")
            let header = try reader.readBytes(upTo: EntryLimits.headerBytes, "header")
            let decoded = try Header(decoding: header)
            var names: [Digest] = []
            for _ in 0..<(try reader.readArray(upTo: EntryLimits.references + 1, "names")) {
                names.append(try reader.readFixed("name"))
            }
            guard names.count == decoded.nameCount else { throw .invalid(what: "names do not fit the refs") }
            entries.append(RawEntry(header: header, decoded: decoded, names: names, body: try readBody(&reader)))
        }
        return entries
    }

    private static func readBody(_ reader: inout CBORReader) throws(DecodeError) -> Body {
        if reader.readNull() { return .none }
        try reader.readArray(count: 2, "body")
        let leaf: ShortID? = try reader.readOptionalFixed("leaf")
        let start = reader.offset
        let count = try reader.readArray(upTo: EntryLimits.operations, "values")
        guard count > 0 else { throw .outOfRange(what: "values", at: start) }
        if let leaf {
            var values: [[UInt8]] = []
            for _ in 0..<count { values.append(try readValue(&reader)) }
            return .full(leaf: leaf, values: values)
        }
        return .partial(try Body.Item.read(count, from: &reader, value: readValue))
    }

    private static func readValue(_ reader: inout CBORReader) throws(DecodeError) -> [UInt8] {
        let bytes = try reader.readBytes(upTo: EntryLimits.valueBytes, "value")
        var value = CBORReader(bytes)
        _ = try value.readItem()
        try value.finish()
        return bytes
    }
}

/// What both forms of a segment must satisfy by themselves.
package enum SegmentCheck {
    /// Checks sequence numbers, `prev` and `auth` inside the segment, sizes, transactions and commitments.
    /// - Parameter areCommitted: whether the headers' commitments were just computed from the bodies.
    package static func check(
        _ entries: [SegmentEntry], of descriptor: LogDescriptor, areCommitted: Bool = false
    ) throws(SegmentError) {
        let known = [SpaceName.policy: LogClass.control, SpaceName.net: .data]
        guard known[descriptor.space] == descriptor.logClass else {
            throw .malformed(.invalid(what: "space and class of the log"))
        }
        var bytes = 0
        var following = 0
        for (index, entry) in entries.enumerated() {
            let header = entry.header
            if index > 0 {
                let before = entries[index - 1]
                guard header.sequence == before.header.sequence + 1, header.previous == before.id, header.auth == nil
                else {
                    throw .chain(sequence: header.sequence)
                }
            }
            if following > 0, header.following != following - 1 { throw .chain(sequence: header.sequence) }
            following = header.following
            bytes += entry.size
            try checkBody(entry, logClass: descriptor.logClass, isCommitted: areCommitted)
            if descriptor.logClass == .control, header.isUnderstood { try checkStatement(header, of: descriptor) }
        }
        guard following == 0 else { throw .chain(sequence: entries[entries.count - 1].header.sequence) }
        guard entries.count <= SegmentLimits.entries, bytes <= SegmentLimits.bytes else { throw .tooLarge }
    }

    /// A control log begins with the opening of its own incarnation, and no other entry is one.
    private static func checkStatement(_ header: Header, of descriptor: LogDescriptor) throws(SegmentError) {
        let statement: Statement
        do { statement = try Statement(header) } catch { throw .malformed(.invalid(what: "statement")) }
        if case .opening(let opening) = statement {
            guard header.sequence == 0, opening.device == descriptor.device,
                opening.incarnation == descriptor.incarnation
            else {
                throw .malformed(.invalid(what: "opening of another log"))
            }
        } else if header.sequence == 0 {
            throw .malformed(.invalid(what: "a control log begins with its opening"))
        }
    }

    private static func checkBody(_ entry: SegmentEntry, logClass: LogClass, isCommitted: Bool) throws(SegmentError) {
        let header = entry.header
        guard logClass == .data || header.bodySize == 0 else {
            throw .malformed(.invalid(what: "body in a control log"))
        }
        guard isCommitted || entry.body.commitment == header.bodyCommitment else {
            throw .commitment(sequence: header.sequence)
        }
        if let size = entry.body.size, size != header.bodySize { throw .commitment(sequence: header.sequence) }
        if header.isUnderstood, entry.body.count != header.valueCount {
            throw .malformed(.invalid(what: "number of values"))
        }
        if header.isUnderstood {
            for operation in header.operations {
                guard (operation.type == .statement) == (logClass == .control) else {
                    throw .malformed(.invalid(what: "statements stand in control logs, and nothing else does"))
                }
            }
        }
    }
}
