import Bytes
import Crypto
import Records
import Replica

/// Headers, operations, values and bodies, and what is read out of values.
package struct EntriesTarget: FuzzTarget {
    package static let name = "entries"

    private let keys: KeyRing
    private let descriptor: LogDescriptor

    package init() throws {
        keys = try KeyRing()
        descriptor = LogDescriptor(
            space: SpaceName.net, logClass: .data, device: keys.devices[0].verifyingKey, incarnation: ShortID(1, 2))
    }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        switch script.byte() % 6 {
        case 0: try header(script.rest())
        case 1: try operation(script.rest())
        case 2: try value(&script)
        case 3: try body(&script)
        case 4: try rawBody(script.rest())
        default: try positions(&script)
        }
    }

    private func header(_ bytes: [UInt8]) throws {
        guard let header = try? Header(decoding: bytes) else { return }
        try require(header.encoded == bytes, "a header has two encodings")
        try require(EntryLimits.time.contains(header.time), "a time of \(header.time)")
        try require(header.nameCount <= EntryLimits.references + 1, "\(header.nameCount) names")
        try require((try? header.checkConsistency()) != nil, "a header that was read contradicts itself")
        _ = (header.isUnderstood, header.following, header.valueCount)
        guard let statement = try? Statement(header) else { return }
        if case .unknown = statement { return }
        try require(statement.operation == header.operations[0], "a statement has two encodings")
    }

    private func operation(_ bytes: [UInt8]) throws {
        var reader = CBORReader(bytes)
        guard let operation = try? Operation(from: &reader) else { return }
        var writer = CBORWriter()
        operation.write(to: &writer)
        try require(writer.bytes == Array(bytes[..<reader.offset]), "an operation has two encodings")
        _ = operation.hasValue
        guard operation.type == .list, let shape = try? CBOR(decoding: operation.shape) else { return }
        guard let change = ListChange(shape) else { throw Violation("a list takes a shape that it cannot read") }
        try require(change.shape.encoded == operation.shape, "a shape has two encodings")
    }

    private func value(_ script: inout Script) throws {
        let kind = script.choice(Schema.standard.kinds)
        let bytes = script.rest()
        guard let value = try? Value(decoding: bytes) else { return }
        try require(value.encoded == bytes, "a value has two encodings")
        _ = ValueRendering.document(value, nil)
        for field in kind.fields {
            _ = ValueRendering.document(value, field.type)
            _ = ValueCheck.faults(value, field.type)
        }
    }

    /// A body that is made of pieces: whatever is erased of it, its commitment stays.
    private func body(_ script: inout Script) throws {
        let leaf = ShortID(UInt64(script.byte()), 7)
        let erased = Set((0..<Int(script.byte() % 4)).map { _ in Int(script.byte() % 8) })
        var values: [[UInt8]] = []
        while !script.isAtEnd, values.count < EntryLimits.operations {
            let piece = script.piece()
            values.append((try? CBOR(decoding: piece)) != nil ? piece : CBOR.bytes(piece).encoded)
        }
        guard !values.isEmpty else { return }
        let full = Body.full(leaf: leaf, values: values)
        let left = full.erasing(erased)
        try require(left.commitment == full.commitment, "an erasure changed a commitment")
        try require(left.count == full.count && full.value(at: values.count) == nil, "a body's count")
        for index in values.indices {
            let isGone = erased.contains(index)
            try require(left.value(at: index) == (isGone ? nil : values[index]), "value \(index)")
        }
        var header = Header(
            sequence: 5, previous: Digest(), auth: nil, time: 0, record: .new(kind: 900),
            operations: values.map { _ in Operation(field: 16, type: .register, references: [], shape: [0xF6]) })
        header.bodySize = full.size ?? 0
        let isPartial = erased.contains { values.indices.contains($0) }
        let entry = keys.entry(header, isPartial ? left : full)
        let segment = ExplicitSegment(descriptor: descriptor, entries: [entry], seal: Signature())
        do {
            let again = try ExplicitSegment(decoding: segment.encoded, network: keys.network)
            try require(again == segment, "a segment is read as another one")
        } catch let error as SegmentError {
            let isTooLarge = entry.size > SegmentLimits.bytes || values.contains { $0.count > EntryLimits.valueBytes }
            try require(isTooLarge, "a segment cannot be read: \(error)")
        }
    }

    /// A header and a body as they stand in an explicit segment.
    private func rawBody(_ bytes: [UInt8]) throws {
        guard case .array(let parts)? = try? CBOR(decoding: bytes), parts.count == 2 else { return }
        var writer = CBORWriter()
        writer.writeArray(count: 4)
        writer.write(0)
        descriptor.write(to: &writer)
        writer.write(CBOR.array([.array([parts[0], .array([]), parts[1]])]))
        writer.write(Signature())
        guard let segment = try? ExplicitSegment(decoding: writer.bytes, network: keys.network) else { return }
        try require(segment.encoded == writer.bytes, "a body has two encodings")
    }

    /// What lies between two positions lies between them.
    private func positions(_ script: inout Script) throws {
        let (low, high) = (script.piece(), script.piece())
        let after = ListPosition.after(low)
        try require(low.lexicographicallyPrecedes(after), "a position is not behind another")
        for (low, high) in [(low, high), (nil, high), (low, nil)] as [([UInt8]?, [UInt8]?)] {
            guard let between = ListPosition.between(low, high) else { continue }
            try require(low?.lexicographicallyPrecedes(between) ?? true, "a position is not behind")
            try require(high.map { between.lexicographicallyPrecedes($0) } ?? true, "a position is not before")
            try require(between.last != 0, "nothing fits before a position")
        }
    }

    package static func seeds() throws -> [[UInt8]] {
        let shapes: [(MergeType, CBOR)] = [
            (.register, .null), (.set, .unsigned(0)), (.set, .unsigned(1)), (.counter, .int(-5)), (.map, .text("fr")),
            (.map, .bytes([UInt8](repeating: 1, count: 16))), (.list, ListChange.put([0x80]).shape),
            (.list, ListChange.move([0x40]).shape), (.list, ListChange.remove.shape),
            (.workflow, .array([.null, .unsigned(1), .unsigned(1)])),
            (.workflow, .array([.unsigned(1), .unsigned(2), .unsigned(1)])),
            (.text, .array([.unsigned(1), .unsigned(2), .unsigned(3)])), (.remark, .null),
            (MergeType(rawValue: 77), .text("later")),
        ]
        let operations = shapes.map { type, shape in
            var writer = CBORWriter()
            Operation(
                field: 16, type: type, references: [Reference(log: 0, sequence: 3, operation: 1)], shape: shape.encoded
            ).write(to: &writer)
            return [1] + writer.bytes
        }
        let values: [Value] = [
            .null, .text("Dakar"), .integer(-7), .boolean(true), .bytes([1]), .decimal(mantissa: 1_250, exponent: -2),
            .date("2027-02-28"), .instant(seconds: 1_800_000_000, zone: "Africa/Dakar"),
            .instant(seconds: .max, zone: nil), .id([UInt8](repeating: 3, count: 16)),
            .array([.text("a"), .date("2027-01-01"), .null, .array([.decimal(mantissa: .max, exponent: 400)])]),
            .other(.tag(4, .array([.null]))), .text("https://example.org/é?q=1"), .text("+221 33 000 00 00"),
            .decimal(mantissa: .min, exponent: .min), .text("a@example.org"),
        ]
        let lists: [[UInt8]] = [
            [5] + Script.piece([0x80]) + Script.piece([0x80, 1]), [5] + Script.piece([]) + Script.piece([0xFF]),
            [5] + Script.piece([0x7F, 0xFF, 0xFF]) + Script.piece([0x80]), [5] + Script.piece([0, 1]),
        ]
        let bodies: [[UInt8]] = [
            [3, 9, 0] + Script.piece([0x61, 0x61]) + Script.piece([0x05]),
            [3, 9, 2, 0, 2] + Script.piece([0x61, 0x61]) + Script.piece([0x05]) + Script.piece([0xF6]),
        ]
        return try Vectors.bytes(in: "header").map { [0] + $0 } + operations
            + values.enumerated().map { [2, UInt8($0 % 28)] + $1.encoded } + bodies + lists
            + Vectors.bytes(in: "body").map { [4] + $0 }
    }

    package static func large() -> [[UInt8]] {
        let references = (0..<EntryLimits.references).map { Reference(log: 0, sequence: $0, operation: 0) }
        var header = Header(
            sequence: 5_000, previous: Digest(), auth: nil, time: 0, record: .new(kind: 900),
            operations: [Operation(field: 18, type: .set, references: references, shape: [1])])
        header.context = ShortID(1, 1)
        let values: [CBOR] = [
            .array(Array(repeating: .null, count: 16_000)), .text(String(repeating: "é", count: 8_000)),
            .array(Array(repeating: .tag(4, .array([.int(-2), .int(5)])), count: 3_000)),
            .array(Array(repeating: .text("a@b.org"), count: 2_000)),
        ]
        let kinds = UInt8(Schema.standard.kinds.count)
        return [[0] + header.encoded] + (0..<kinds).flatMap { kind in values.map { [2, kind] + $0.encoded } }
            + [[5] + Script.piece([UInt8](repeating: 0xFF, count: 60_000)), [5, 0] + Script.piece([0, 0, 0, 1])]
    }
}
