/// Appends items in deterministic CBOR (RFC 8949 §4.2.1) to bytes that it owns.
package struct CBORWriter: Sendable {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// An unsigned integer.
    package mutating func write(_ value: UInt64) { head(0, value) }

    /// An integer of either sign.
    package mutating func write(_ value: Int64) {
        if value >= 0 { head(0, UInt64(value)) } else { head(1, UInt64(bitPattern: ~value)) }
    }

    /// A small non-negative count, index or code.
    package mutating func write(_ value: Int) { write(Int64(value)) }

    /// A byte string.
    package mutating func write(bytes value: some Collection<UInt8>) {
        head(2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// A text string, as it is: callers normalise.
    package mutating func write(_ value: String) {
        let utf8 = value.utf8
        head(3, UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    /// The head of an array of `count` items, which the caller writes next.
    package mutating func writeArray(count: Int) { head(4, UInt64(count)) }

    /// The head of a map of `count` pairs, which the caller writes next in ascending order of encoded keys.
    package mutating func writeMap(count: Int) { head(5, UInt64(count)) }

    /// The head of a tag, whose content the caller writes next.
    package mutating func writeTag(_ number: UInt64) { head(6, number) }

    /// Appends true or false.
    package mutating func write(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

    /// Appends null.
    package mutating func writeNull() { bytes.append(0xF6) }

    /// An item that is already encoded deterministically.
    package mutating func write(encoded item: some Sequence<UInt8>) { bytes.append(contentsOf: item) }

    private mutating func head(_ major: UInt8, _ value: UInt64) {
        let first = major << 5
        switch value {
        case 0..<24:
            bytes.append(first | UInt8(value))
        case 24...0xFF:
            bytes.append(first | 24)
            bytes.append(UInt8(value))
        case 0x100...0xFFFF:
            bytes.append(first | 25)
            bytes.append(bigEndian: UInt16(value))
        case 0x1_0000...0xFFFF_FFFF:
            bytes.append(first | 26)
            bytes.append(bigEndian: UInt32(value))
        default:
            bytes.append(first | 27)
            bytes.append(bigEndian: value)
        }
    }
}

extension [UInt8] {
    /// Appends an integer, most significant byte first.
    package mutating func append(bigEndian value: some FixedWidthInteger) {
        var shift = value.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
