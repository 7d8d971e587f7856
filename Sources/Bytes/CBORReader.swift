/// Reads deterministic CBOR (RFC 8949 §4.2.1) from front to back and refuses every other encoding.
///
/// Nothing is allocated by a length that the input does not hold.
package struct CBORReader: Sendable {
    /// The whole input.
    package let bytes: [UInt8]
    /// The offset of the next byte to read.
    package private(set) var offset: Int
    private let end: Int

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    /// True when every byte was read.
    package var isAtEnd: Bool { offset == end }

    /// Requires that every byte was read.
    package func finish() throws(DecodeError) {
        guard isAtEnd else { throw .trailing(at: offset) }
    }

    /// The major type of the next item, 0 to 7, or nil at the end.
    package var nextMajorType: UInt8? { offset < end ? bytes[offset] >> 5 : nil }

    /// Reads an unsigned integer.
    package mutating func readUInt() throws(DecodeError) -> UInt64 {
        try head(0, "unsigned integer")
    }

    /// An unsigned integer of at most `maximum`.
    package mutating func readInt(upTo maximum: Int, _ what: String) throws(DecodeError) -> Int {
        let start = offset
        let value = try head(0, what)
        guard value <= UInt64(maximum) else { throw .outOfRange(what: what, at: start) }
        return Int(value)
    }

    /// An integer of either sign within 64 bits, two's complement.
    package mutating func readSigned() throws(DecodeError) -> Int64 {
        let start = offset
        guard nextMajorType == 1 else {
            let value = try head(0, "integer")
            guard let signed = Int64(exactly: value) else { throw .outOfRange(what: "integer", at: start) }
            return signed
        }
        let value = try head(1, "integer")
        guard let signed = Int64(exactly: value) else { throw .outOfRange(what: "integer", at: start) }
        return ~signed
    }

    /// A byte string of at most `maximum` bytes.
    package mutating func readBytes(upTo maximum: Int, _ what: String) throws(DecodeError) -> [UInt8] {
        let range = try string(2, upTo: maximum, what)
        return Array(bytes[range])
    }

    /// A byte string of exactly `count` bytes; the range of its content in `bytes`.
    package mutating func readRange(count: Int, _ what: String) throws(DecodeError) -> Range<Int> {
        let start = offset
        let range = try string(2, upTo: count, what)
        guard range.count == count else { throw .outOfRange(what: what, at: start) }
        return range
    }

    /// A text string of at most `maximum` bytes of UTF-8.
    package mutating func readText(upTo maximum: Int, _ what: String) throws(DecodeError) -> String {
        let start = offset
        let range = try string(3, upTo: maximum, what)
        guard let text = String(validating: bytes[range], as: UTF8.self) else { throw .invalidText(at: start) }
        return text
    }

    /// The head of an array of at most `maximum` items.
    package mutating func readArray(upTo maximum: Int, _ what: String) throws(DecodeError) -> Int {
        let start = offset
        let count = try head(4, what)
        // Every item takes a byte at least, so a count beyond what is left is a lie.
        guard count <= UInt64(maximum) else { throw .outOfRange(what: what, at: start) }
        guard count <= UInt64(end - offset) else { throw .truncated(at: start) }
        return Int(count)
    }

    /// The head of an array of exactly `count` items.
    package mutating func readArray(count: Int, _ what: String) throws(DecodeError) {
        let start = offset
        guard try readArray(upTo: count, what) == count else { throw .outOfRange(what: what, at: start) }
    }

    /// Reads true or false.
    package mutating func readBool() throws(DecodeError) -> Bool {
        guard offset < end else { throw .truncated(at: offset) }
        switch bytes[offset] {
        case 0xF4: offset += 1; return false
        case 0xF5: offset += 1; return true
        default: throw .wrongType(expected: "true or false", at: offset)
        }
    }

    /// Reads a null if one comes next.
    package mutating func readNull() -> Bool {
        guard offset < end, bytes[offset] == 0xF6 else { return false }
        offset += 1
        return true
    }

    /// Reads any item, checks it whole, and returns the range of its encoding.
    package mutating func readItem() throws(DecodeError) -> Range<Int> {
        let start = offset
        try skip(depth: 0)
        return start..<offset
    }

    private mutating func skip(depth: Int) throws(DecodeError) {
        let start = offset
        guard let major = nextMajorType else { throw .truncated(at: start) }
        // Only what holds other items nests.
        guard depth < CBOR.maximumDepth || !(4...6).contains(major) else { throw .tooDeep(at: start) }
        switch major {
        case 0, 1:
            guard try head(major, "integer") <= UInt64(Int64.max) else { throw .outOfRange(what: "integer", at: start) }
        case 2:
            _ = try string(2, upTo: .max, "bytes")
        case 3:
            let range = try string(3, upTo: .max, "text")
            guard String(validating: bytes[range], as: UTF8.self) != nil else { throw .invalidText(at: start) }
        case 4:
            for _ in 0..<(try readArray(upTo: .max, "array")) { try skip(depth: depth + 1) }
        case 5:
            let count = try head(5, "map")
            guard count <= UInt64((end - offset) / 2) else { throw .truncated(at: start) }
            var previous: Range<Int>?
            for _ in 0..<count {
                let keyStart = offset
                try skip(depth: depth + 1)
                let key = keyStart..<offset
                if let previous, !bytes[previous].lexicographicallyPrecedes(bytes[key]) {
                    throw .notDeterministic(at: keyStart)
                }
                previous = key
                try skip(depth: depth + 1)
            }
        case 6:
            _ = try head(6, "tag")
            try skip(depth: depth + 1)
        default:
            guard bytes[offset] == 0xF4 || bytes[offset] == 0xF5 || bytes[offset] == 0xF6 else {
                throw .unsupported(at: start)
            }
            offset += 1
        }
    }

    /// Reads the number of a tag; the tagged item follows.
    package mutating func readTag() throws(DecodeError) -> UInt64 { try head(6, "tag") }

    /// The head of a map of at most `maximum` pairs; the caller checks the order of keys.
    package mutating func readMap(upTo maximum: Int, _ what: String) throws(DecodeError) -> Int {
        let start = offset
        let count = try head(5, what)
        guard count <= UInt64(maximum) else { throw .outOfRange(what: what, at: start) }
        guard count <= UInt64((end - offset) / 2) else { throw .truncated(at: start) }
        return Int(count)
    }

    private mutating func string(_ major: UInt8, upTo maximum: Int, _ what: String) throws(DecodeError) -> Range<Int> {
        let start = offset
        let count = try head(major, what)
        guard count <= UInt64(maximum) else { throw .outOfRange(what: what, at: start) }
        guard count <= UInt64(end - offset) else { throw .truncated(at: start) }
        let range = offset..<(offset + Int(count))
        offset = range.upperBound
        return range
    }

    private mutating func head(_ major: UInt8, _ what: String) throws(DecodeError) -> UInt64 {
        let start = offset
        guard start < end else { throw .truncated(at: start) }
        let first = bytes[start]
        guard first >> 5 == major else { throw .wrongType(expected: what, at: start) }
        let info = first & 31
        if info < 24 {
            offset = start + 1
            return UInt64(info)
        }
        guard info <= 27 else { throw .unsupported(at: start) }
        let width = 1 << Int(info - 24)
        guard width <= end - start - 1 else { throw .truncated(at: start) }
        var value: UInt64 = 0
        for index in 1...width { value = value << 8 | UInt64(bytes[start + index]) }
        let least: UInt64 = [24, 0x100, 0x1_0000, 0x1_0000_0000][Int(info - 24)]
        guard value >= least else { throw .notDeterministic(at: start) }
        offset = start + 1 + width
        return value
    }
}
