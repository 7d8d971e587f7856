/// Any item that our forms may hold, as a tree: for parts whose meaning a node need not know.
package enum CBOR: Hashable, Sendable {
    case unsigned(UInt64)
    /// The integer −1 − n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    /// Pairs in ascending order of their encoded keys.
    case map([Pair])
    indirect case tag(UInt64, CBOR)
    case bool(Bool)
    case null

    /// How deep arrays, maps and tags may nest.
    package static let maximumDepth = 32

    /// A key and its value.
    package struct Pair: Hashable, Sendable {
        package let key: CBOR
        package let value: CBOR

        package init(key: CBOR, value: CBOR) {
            self.key = key
            self.value = value
        }
    }

    /// An integer of either sign.
    package static func int(_ value: Int64) -> CBOR {
        value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(bitPattern: ~value))
    }

    /// The deterministic encoding.
    package var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.write(self)
        return writer.bytes
    }

    /// Decodes exactly one item.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        var reader = CBORReader(bytes)
        self = try reader.readTree()
        try reader.finish()
    }
}

extension CBORWriter {
    /// A whole tree; pairs of maps are put in order.
    package mutating func write(_ item: CBOR) {
        switch item {
        case .unsigned(let value): write(value)
        case .negative(let value):
            // Only values within 64-bit two's complement are ever built.
            write(Int64(bitPattern: ~value))
        case .bytes(let value): write(bytes: value)
        case .text(let value): write(value)
        case .array(let items):
            writeArray(count: items.count)
            for item in items { write(item) }
        case .map(let pairs):
            writeMap(count: pairs.count)
            let encoded = pairs.map { (key: $0.key.encoded, value: $0.value) }
            for pair in encoded.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                write(encoded: pair.key)
                write(pair.value)
            }
        case .tag(let number, let content):
            writeTag(number)
            write(content)
        case .bool(let value): write(value)
        case .null: writeNull()
        }
    }
}

extension CBORReader {
    /// Reads any item as a tree.
    package mutating func readTree() throws(DecodeError) -> CBOR {
        // The first pass checks depth, order of keys and text; the second only builds.
        var ahead = self
        _ = try ahead.readItem()
        return try tree()
    }

    private mutating func tree() throws(DecodeError) -> CBOR {
        switch nextMajorType {
        case 0: return .unsigned(try readUInt())
        case 1:
            return .int(try readSigned())
        case 2: return .bytes(try readBytes(upTo: .max, "bytes"))
        case 3: return .text(try readText(upTo: .max, "text"))
        case 4:
            var items: [CBOR] = []
            for _ in 0..<(try readArray(upTo: .max, "array")) { items.append(try tree()) }
            return .array(items)
        case 5:
            var pairs: [CBOR.Pair] = []
            for _ in 0..<(try readMap(upTo: .max, "map")) {
                let key = try tree()
                pairs.append(CBOR.Pair(key: key, value: try tree()))
            }
            return .map(pairs)
        case 6:
            let number = try readTag()
            return .tag(number, try tree())
        default:
            if readNull() { return .null }
            return .bool(try readBool())
        }
    }
}
