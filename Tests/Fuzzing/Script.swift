/// An input that is read as a list of small steps; behind its end there are zeros, so that every input is a script.
struct Script {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func byte() -> UInt8 {
        guard offset < bytes.count else { return 0 }
        offset += 1
        return bytes[offset - 1]
    }

    /// A number from 0 up to before `count`, which is at least 1.
    mutating func number(below count: Int) -> Int {
        (count > 256 ? Int(byte()) << 8 | Int(byte()) : Int(byte())) % count
    }

    /// One of some values, of which there is at least one.
    mutating func choice<Value>(_ values: [Value]) -> Value { values[number(below: values.count)] }

    /// Bytes with their length before them, as far as there are any.
    mutating func piece() -> [UInt8] {
        var count = Int(byte())
        if count == 255 { count = Int(byte()) << 8 | Int(byte()) }
        let end = min(bytes.count, offset + count)
        defer { offset = max(offset, end) }
        return Array(bytes[min(offset, bytes.count)..<max(end, min(offset, bytes.count))])
    }

    /// Everything that is left.
    mutating func rest() -> [UInt8] {
        defer { offset = bytes.count }
        return Array(bytes[min(offset, bytes.count)...])
    }

    /// What `piece` reads.
    static func piece(_ bytes: [UInt8]) -> [UInt8] {
        let count = bytes.count
        return (count < 255 ? [UInt8(count)] : [255, UInt8(count >> 8 & 255), UInt8(count & 255)]) + bytes
    }
}
