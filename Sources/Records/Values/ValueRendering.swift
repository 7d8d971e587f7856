package import Bytes
package import Replica

/// Turns values into documents, by the type that the table gives them or, without one, by their own form.
package enum ValueRendering {
    /// What stands for a value that was destroyed.
    package static let erased = Document.pairs(["erased": .bool(true)])

    /// How deep unknown arrays are shown; deeper ones appear as their encoding.
    private static let maximumDepth = 6

    /// The document of a value; parts of groups get their names, ids are hexadecimal, decimals are strings.
    package static func document(_ value: Value, _ type: ValueType?) -> Document {
        switch (type, value) {
        case (.group(let group), .array(let parts)):
            let known = group.parts.enumerated().map { index, part in
                Document.Member(part.name, index < parts.count ? document(parts[index], part.type) : .null)
            }
            // Parts of a later version have numbers for names.
            let later = parts.enumerated().dropFirst(known.count).map { index, value in
                Document.Member("#\(index)", document(value, nil))
            }
            return .object(known + later)
        case (.list(let item, _), .array(let items)): return .array(items.map { document($0, item) })
        default: return plain(value, depth: 0)
        }
    }

    private static func plain(_ value: Value, depth: Int) -> Document {
        switch value {
        case .null: return .null
        case .text(let text): return .string(text)
        case .integer(let number): return .int(number)
        case .boolean(let flag): return .bool(flag)
        case .bytes(let bytes): return .pairs(["bytes": .string(bytes.hex)])
        case .decimal(let mantissa, let exponent):
            return .string(DecimalNumber.text(mantissa: mantissa, exponent: exponent))
        case .date(let text): return .string(text)
        case .instant(let seconds, let zone):
            guard CivilTime.writable.contains(seconds) else { return encoding(value) }
            return .string(CivilTime.text(seconds) + (zone.map { "[\($0)]" } ?? ""))
        case .id(let bytes): return .string(bytes.hex)
        case .array(let items):
            return depth < maximumDepth ? .array(items.map { plain($0, depth: depth + 1) }) : encoding(value)
        case .other: return encoding(value)
        }
    }

    private static func encoding(_ value: Value) -> Document { .pairs(["cbor": .string(value.encoded.hex)]) }

    /// Ascending: texts by their Unicode scalars, then everything else by its encoding.
    static func isBefore(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.text(let first), .text(let second)): first.utf8.lexicographicallyPrecedes(second.utf8)
        case (.text, _): true
        case (_, .text): false
        default: a.encoded.lexicographicallyPrecedes(b.encoded)
        }
    }
}
