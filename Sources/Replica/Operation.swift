package import Bytes

/// The short name of an operation, or of an entry as operation 0, inside a log.
package struct Reference: Hashable, Sendable {
    /// Index in the log's table of logs; 0 is the log itself.
    package let log: Int
    package let sequence: Int
    package let operation: Int

    package init(log: Int, sequence: Int, operation: Int) {
        self.log = log
        self.sequence = sequence
        self.operation = operation
    }
}

/// One change to one field, without its value.
package struct Operation: Hashable, Sendable {
    package let field: Int
    package let type: MergeType
    package let references: [Reference]
    /// Any item, encoded: what merging and authority need without the value.
    package let shape: [UInt8]

    package init(field: Int, type: MergeType, references: [Reference], shape: [UInt8]) {
        self.field = field
        self.type = type
        self.references = references
        self.shape = shape
    }

    /// Whether the body holds a value for this operation.
    package var hasValue: Bool { type.hasValue(shape: shape) }

    /// Appends `[field, type, [* ref], shape]`.
    package func write(to writer: inout CBORWriter) {
        writer.writeArray(count: 4)
        writer.write(field)
        writer.write(type.rawValue)
        writer.writeArray(count: references.count)
        for reference in references {
            writer.writeArray(count: 3)
            writer.write(reference.log)
            writer.write(reference.sequence)
            writer.write(reference.operation)
        }
        writer.write(encoded: shape)
    }

    /// Reads `[field, type, [* ref], shape]` and checks the shape of types that are known.
    package init(from reader: inout CBORReader) throws(DecodeError) {
        try reader.readArray(count: 4, "operation")
        field = try reader.readInt(upTo: EntryLimits.number, "field")
        type = MergeType(rawValue: try reader.readInt(upTo: EntryLimits.number, "type"))
        let count = try reader.readArray(upTo: EntryLimits.references, "refs")
        var references: [Reference] = []
        references.reserveCapacity(count)
        for _ in 0..<count {
            try reader.readArray(count: 3, "ref")
            references.append(
                Reference(
                    log: try reader.readInt(upTo: EntryLimits.number, "ref index"),
                    sequence: try reader.readInt(upTo: EntryLimits.sequence, "ref sequence"),
                    operation: try reader.readInt(upTo: EntryLimits.operations - 1, "ref operation")))
        }
        self.references = references
        let range = try reader.readItem()
        shape = Array(reader.bytes[range])
        guard type.accepts(shape: shape) else {
            throw .invalid(what: "shape of an operation of type \(type.rawValue)")
        }
        guard (field == ReservedField.existence) == (type == .existence || type == .statement) else {
            throw .invalid(what: "field 0 is for existence and statements alone")
        }
    }
}

extension MergeType {
    /// Whether an operation of this type and shape carries a value.
    ///
    /// Types that are not known carry one exactly if their number is odd, so that older nodes still find the
    /// values of other operations.
    package func hasValue(shape: [UInt8]) -> Bool {
        switch self {
        case .existence, .counter, .workflow, .statement: false
        case .register, .map, .remark: true
        case .set: shape == [0]
        // [0, position] and [position, inserted, deleted]: the first item after the head of the array decides.
        case .list: shape.count > 1 && shape[1] == 0
        case .text: textInserted(shape) > 0
        default: !rawValue.isMultiple(of: 2)
        }
    }

    /// Whether the shape is one that Protocol/02-entries.md lists; always true for types that are not known.
    package func accepts(shape: [UInt8]) -> Bool {
        guard let item = try? CBOR(decoding: shape) else { return false }
        switch (self, item) {
        case (.existence, .unsigned(0...1)), (.set, .unsigned(0...1)), (.register, .null), (.remark, .null): return true
        case (.counter, .unsigned(let delta)): return delta <= UInt64(Int64.max)
        case (.counter, .negative): return true
        case (.map, .text): return true
        case (.map, .bytes(let key)): return key.count == 16
        case (.list, .array(let parts)):
            switch (parts.first, parts.count) {
            case (.unsigned(0...1), 2): if case .bytes = parts[1] { return true } else { return false }
            case (.unsigned(2), 1): return true
            default: return false
            }
        case (.workflow, .array(let parts)):
            guard parts.count == 3, case .unsigned = parts[1], case .unsigned = parts[2] else { return false }
            if case .unsigned = parts[0] { return true }
            return parts[0] == .null
        case (.text, .array(let parts)):
            return parts.count == 3
                && parts.allSatisfy { if case .unsigned(let number) = $0 { number < 1 << 32 } else { false } }
        case (.statement, .array): return true
        default: return rawValue > MergeType.statement.rawValue
        }
    }

    private func textInserted(_ shape: [UInt8]) -> UInt64 {
        guard case .array(let parts)? = try? CBOR(decoding: shape), parts.count == 3,
            case .unsigned(let inserted) = parts[1]
        else { return 0 }
        return inserted
    }
}
