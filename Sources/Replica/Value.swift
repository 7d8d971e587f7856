package import Bytes

/// What a field holds: one deterministic CBOR item of at most `Value.maximumByteCount` bytes.
///
/// Source: Protocol/02-entries.md#values.
package enum Value: Hashable, Sendable {
    /// Unset.
    case null
    /// Text, in Unicode normalisation form C where it was entered.
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    case bytes([UInt8])
    /// mantissa × 10^exponent (RFC 8949 §3.4.4); 1.50 and 1.5 are two values.
    case decimal(mantissa: Int64, exponent: Int64)
    /// A full date, `YYYY-MM-DD` (RFC 3339, RFC 8943).
    case date(String)
    /// Seconds since 1970 in UTC, with the IANA name of the zone it was meant in (RFC 9581).
    case instant(seconds: Int64, zone: String?)
    /// 16 bytes: a record, device or organisation.
    case id([UInt8])
    /// An atomic group in the order of its table, or a list of values.
    case array([Value])
    /// A form of a later version, or a known form with a content that we cannot read: kept as it is.
    case other(CBOR)

    /// The longest encoding of one value, bytes.
    package static let maximumByteCount = 16 * 1024

    /// Reads any deterministic item; what is not a form of ours becomes `other`.
    package init(_ item: CBOR) {
        self = Value.known(item) ?? .other(item)
    }

    /// Decodes one value.
    /// - Throws: when the bytes are not exactly one deterministic item.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        guard bytes.count <= Value.maximumByteCount else { throw .outOfRange(what: "value", at: 0) }
        self.init(try CBOR(decoding: bytes))
    }

    private static func known(_ item: CBOR) -> Value? {
        switch item {
        case .null: return .null
        case .text(let text): return .text(text)
        case .unsigned(let number): return Int64(exactly: number).map { .integer($0) }
        case .negative(let number): return Int64(exactly: number).map { .integer(~$0) }
        case .bool(let flag): return .boolean(flag)
        case .bytes(let bytes): return .bytes(bytes)
        case .array(let items): return .array(items.map { Value($0) })
        case .tag(4, .array(let parts)):
            guard parts.count == 2, case .integer(let exponent) = known(parts[0]),
                case .integer(let mantissa) = known(parts[1])
            else { return nil }
            return .decimal(mantissa: mantissa, exponent: exponent)
        case .tag(1004, .text(let text)): return .date(text)
        case .tag(1001, .map(let pairs)): return instant(pairs)
        case .tag(39, .bytes(let bytes)): return bytes.count == 16 ? .id(bytes) : nil
        default: return nil
        }
    }

    private static func instant(_ pairs: [CBOR.Pair]) -> Value? {
        guard let first = pairs.first, first.key == .unsigned(1), case .integer(let seconds) = known(first.value)
        else { return nil }
        if pairs.count == 1 { return .instant(seconds: seconds, zone: nil) }
        guard pairs.count == 2, pairs[1].key == .int(-10), case .text(let zone) = pairs[1].value else { return nil }
        return .instant(seconds: seconds, zone: zone)
    }

    /// The item that stands for this value.
    package var item: CBOR {
        switch self {
        case .null: .null
        case .text(let text): .text(text)
        case .integer(let number): .int(number)
        case .boolean(let flag): .bool(flag)
        case .bytes(let bytes): .bytes(bytes)
        case .decimal(let mantissa, let exponent): .tag(4, .array([.int(exponent), .int(mantissa)]))
        case .date(let text): .tag(1004, .text(text))
        case .instant(let seconds, let zone):
            .tag(1001, .map(instantPairs(seconds: seconds, zone: zone)))
        case .id(let bytes): .tag(39, .bytes(bytes))
        case .array(let items): .array(items.map(\.item))
        case .other(let item): item
        }
    }

    private func instantPairs(seconds: Int64, zone: String?) -> [CBOR.Pair] {
        let time = CBOR.Pair(key: .unsigned(1), value: .int(seconds))
        return zone.map { [time, CBOR.Pair(key: .int(-10), value: .text($0))] } ?? [time]
    }

    /// The deterministic encoding.
    package var encoded: [UInt8] { item.encoded }
}
