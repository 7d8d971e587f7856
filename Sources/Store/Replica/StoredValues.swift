import Bytes
import Replica

// Most shapes are null and most values texts, dates and ids: reading them needs neither a copy of their bytes nor a tree.
extension Query {
    /// The shape of an operation.
    func shape(_ column: Int) throws(DecodeError) -> CBOR {
        let short = unsafe withBytes(column) { bytes -> CBOR? in
            guard bytes.count == 1 else { return nil }
            switch unsafe bytes[0] {
            case 0xF6: return .null
            case 0...23: return unsafe .unsigned(UInt64(bytes[0]))
            default: return nil
            }
        }
        if let short { return short }
        return try CBOR(decoding: bytes(column))
    }

    /// A value.
    func value(_ column: Int) throws(DecodeError) -> Value {
        let common = unsafe withBytes(column) { bytes -> Value? in
            let span = unsafe bytes.assumingMemoryBound(to: UInt8.self).span
            var offset = 0
            guard let value = CommonValue.read(span, &offset, depth: 0), offset == span.count else { return nil }
            return value
        }
        if let common { return common }
        return Value(try CBOR(decoding: bytes(column)))
    }
}

/// Reads the common forms of values; nil for all others, which are read by way of a tree.
private enum CommonValue {
    static func read(_ bytes: Span<UInt8>, _ offset: inout Int, depth: Int) -> Value? {
        guard let first = next(bytes, &offset) else { return nil }
        switch first {
        case 0...23: return .integer(Int64(first))
        case 0x60...0x79: return text(first, bytes, &offset).map { .text($0) }
        case 0x80...0x97:
            // Groups and lists of groups.
            guard depth < 3 else { return nil }
            var items: [Value] = []
            items.reserveCapacity(Int(first - 0x80))
            for _ in 0x80..<first {
                guard let item = read(bytes, &offset, depth: depth + 1) else { return nil }
                items.append(item)
            }
            return .array(items)
        case 0xD8:
            guard next(bytes, &offset) == 39, next(bytes, &offset) == 0x50, let range = take(16, bytes, &offset)
            else { return nil }
            return .id(range.map { bytes[$0] })
        case 0xD9:
            guard next(bytes, &offset) == 0x03, next(bytes, &offset) == 0xEC, let head = next(bytes, &offset),
                (0x60...0x77).contains(head)
            else { return nil }
            return text(head, bytes, &offset).map { .date($0) }
        case 0xF4: return .boolean(false)
        case 0xF5: return .boolean(true)
        case 0xF6: return .null
        default: return nil
        }
    }

    private static func next(_ bytes: Span<UInt8>, _ offset: inout Int) -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    private static func take(_ count: Int, _ bytes: Span<UInt8>, _ offset: inout Int) -> Range<Int>? {
        guard count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return offset..<(offset + count)
    }

    /// The text after its first byte.
    private static func text(_ head: UInt8, _ bytes: Span<UInt8>, _ offset: inout Int) -> String? {
        var count = Int(head - 0x60)
        if head == 0x78 {
            guard let byte = next(bytes, &offset), byte >= 24 else { return nil }
            count = Int(byte)
        } else if head == 0x79 {
            guard let high = next(bytes, &offset), let low = next(bytes, &offset), high > 0 else { return nil }
            count = Int(high) << 8 | Int(low)
        }
        guard let range = take(count, bytes, &offset),
            let text = try? UTF8Span(validating: bytes.extracting(range))
        else { return nil }
        return String(copying: text)
    }
}
