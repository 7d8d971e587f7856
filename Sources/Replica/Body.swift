import Bytes
package import Crypto

/// The values of an entry, as far as they are still there.
///
/// Source: Protocol/02-entries.md#body-and-values.
package enum Body: Hashable, Sendable {
    /// The entry has no values.
    case none
    /// All values, encoded, salted under the entry's leaf.
    case full(leaf: ShortID, values: [[UInt8]])
    /// At least one value was erased; the leaf is gone with it.
    case partial([Item])

    /// One value or what is left of it.
    package enum Item: Hashable, Sendable {
        case value(salt: ShortID, bytes: [UInt8])
        case erased(commitment: Digest)

        /// Whether the value is gone.
        package var isErased: Bool { if case .erased = self { true } else { false } }

        /// The commitment, computed for values that are there.
        package var commitment: Digest {
            switch self {
            case .value(let salt, let bytes): SaltTree.commitment(salt: salt, value: bytes)
            case .erased(let commitment): commitment
            }
        }
    }

    /// How many values the entry has or had.
    package var count: Int {
        switch self {
        case .none: 0
        case .full(_, let values): values.count
        case .partial(let items): items.count
        }
    }

    /// The body-commit; nil without values.
    package var commitment: Digest? {
        switch self {
        case .none: return nil
        case .full(let leaf, let values):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(values.count * Digest.byteCount)
            for (index, value) in values.enumerated() {
                bytes += SaltTree.commitment(salt: SaltTree.salt(leaf: leaf, index: index), value: value).bytes
            }
            return Hash.blake2b(.body, bytes)
        case .partial(let items):
            return Hash.blake2b(.body, items.flatMap(\.commitment.bytes))
        }
    }

    /// The length of the encoded body; nil where an erased value leaves it unknown.
    package var size: Int? {
        switch self {
        case .none: 0
        case .full(_, let values): values.reduce(values.count < 24 ? 1 : values.count < 256 ? 2 : 3) { $0 + $1.count }
        case .partial: nil
        }
    }

    /// The encoded value with this index; nil if it was erased.
    package func value(at index: Int) -> [UInt8]? {
        switch self {
        case .none: return nil
        case .full(_, let values): return index < values.count ? values[index] : nil
        case .partial(let items):
            guard index < items.count, case .value(_, let bytes) = items[index] else { return nil }
            return bytes
        }
    }

    /// The body without the values at these indexes: their salts are gone too, and the other salts stand alone.
    package func erasing(_ indexes: Set<Int>) -> Body {
        switch self {
        case .none: return .none
        case .full(let leaf, let values):
            let items = values.enumerated().map { index, value in
                Item.value(salt: SaltTree.salt(leaf: leaf, index: index), bytes: value)
            }
            return Body.partial(items).erasing(indexes)
        case .partial(let items):
            return .partial(
                items.enumerated().map { index, item in
                    indexes.contains(index) ? .erased(commitment: item.commitment) : item
                })
        }
    }
}

extension Body.Item {
    /// Reads values that stand one by one, each with its salt, and commitments where a value was erased: at least one.
    /// - Parameter value: reads the value itself, which the two forms of a segment write differently.
    static func read(
        _ count: Int, from reader: inout CBORReader,
        value: (inout CBORReader) throws(DecodeError) -> [UInt8]
    ) throws(DecodeError) -> [Body.Item] {
        var items: [Body.Item] = []
        for _ in 0..<count {
            if reader.nextMajorType == 2 {
                items.append(.erased(commitment: try reader.readFixed("commitment")))
            } else {
                try reader.readArray(count: 2, "salt and value")
                let salt: ShortID = try reader.readFixed("salt")
                items.append(.value(salt: salt, bytes: try value(&reader)))
            }
        }
        guard items.contains(where: \.isErased) else {
            throw .invalid(what: "salts stand alone and nothing is erased")
        }
        return items
    }
}
