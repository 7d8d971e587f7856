/// Why a text is not JSON.
package struct JSONError: Error, Hashable, Sendable {
    /// The offset of the byte where reading stopped.
    package let offset: Int
    package let reason: String
}

/// Reads JSON (RFC 8259) that a person typed into a `Document`.
///
/// Numbers that are not whole become strings of their digits, because documents have no floats. At most
/// `maximumDepth` arrays and objects deep; a name may not stand twice in one object.
package struct JSONReader {
    /// How deep arrays and objects may nest.
    package static let maximumDepth = 16

    private let bytes: [UInt8]
    private var offset = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads exactly one value.
    package static func read(_ text: String) throws(JSONError) -> Document {
        var reader = JSONReader(text)
        let document = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.offset == reader.bytes.count else { throw reader.failure("more text follows the value") }
        return document
    }

    private func failure(_ reason: String) -> JSONError { JSONError(offset: offset, reason: reason) }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard let byte = next, UInt32(byte) == character.value else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> Document {
        guard depth < JSONReader.maximumDepth else { throw failure("nested too deep") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw failure("the text ends where a value should stand")
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ meaning: Document) throws(JSONError) -> Document {
        guard bytes[offset...].starts(with: word.utf8) else { throw failure("expected \(word)") }
        offset += word.utf8.count
        return meaning
    }

    private mutating func array(depth: Int) throws(JSONError) -> Document {
        _ = take("[")
        var items: [Document] = []
        if take("]") { return .array(items) }
        repeat { items.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw failure("expected , or ]") }
        return .array(items)
    }

    private mutating func object(depth: Int) throws(JSONError) -> Document {
        _ = take("{")
        var members: [Document.Member] = []
        var names: Set<String> = []
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("expected a name in quotes") }
            let name = try string()
            guard names.insert(name).inserted else { throw failure("the name \(name) stands twice") }
            guard take(":") else { throw failure("expected :") }
            members.append(Document.Member(name, try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw failure("expected , or }") }
        return .object(members)
    }

    private mutating func number() throws(JSONError) -> Document {
        let start = offset
        if next == UInt8(ascii: "-") { offset += 1 }
        let whole = digits()
        guard whole > 0 else { throw failure("expected a value") }
        if whole > 1, bytes[offset - whole] == UInt8(ascii: "0") { throw failure("a number begins with 0") }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            offset += 1
            guard digits() > 0 else { throw failure("expected digits") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            throw failure("numbers with an exponent are not used here")
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard isWhole else { return .string(text) }
        guard let number = Int64(text) else { throw failure("the number is too great") }
        return .int(number)
    }

    private mutating func digits() -> Int {
        let start = offset
        while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
        return offset - start
    }

    private mutating func string() throws(JSONError) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw failure("a control character stands in a text")
            default: text.append(byte)
            }
        }
        throw failure("the text has no closing quote")
    }

    private mutating func escape() throws(JSONError) -> Character {
        guard let byte = next else { throw failure("the text ends inside an escape") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try scalar())
        default: throw failure("unknown escape")
        }
    }

    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let first = try unit()
        guard (0xD800...0xDBFF).contains(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw failure("a lone surrogate") }
            return scalar
        }
        guard next == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else {
            throw failure("a lone surrogate")
        }
        offset += 2
        let second = try unit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("a lone surrogate") }
        return scalar
    }

    private mutating func unit() throws(JSONError) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw failure("the text ends inside an escape") }
        guard let pair = [UInt8](hex: String(decoding: bytes[offset..<offset + 4], as: UTF8.self)) else {
            throw failure("four hexadecimal digits belong after \\u")
        }
        offset += 4
        return UInt32(pair[0]) << 8 | UInt32(pair[1])
    }
}
