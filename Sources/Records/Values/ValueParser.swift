package import Bytes
package import Crypto
package import Replica

/// Finds the record that a person means by the beginning of its id: the digits, and the kinds that may be meant
/// (all when empty).
package typealias RecordLookup = (_ prefix: String, _ kinds: [Int]) throws(RecordError) -> ShortID

/// Turns what a person typed into values, and refuses what does not fit its field.
package struct ValueParser {
    private let lookup: RecordLookup

    package init(lookup: @escaping RecordLookup) { self.lookup = lookup }

    /// The record of one of these kinds that a person means.
    func record(_ prefix: String, _ kinds: [Int]) throws(RecordError) -> ShortID { try lookup(prefix, kinds) }

    /// The value of a whole field or set member.
    /// - Throws: `RecordError.invalidValue` naming `field`, or what the lookup throws.
    package func value(_ text: String, _ type: ValueType, field: String) throws(RecordError) -> Value {
        switch type {
        case .group, .list:
            return try value(try json(text, type, field: field), type, field: field)
        case .text(let form, let maximumLength):
            return .text(try checked(text, form, maximumLength, field: field))
        case .code(let codes):
            guard codes.contains(where: { $0.word == text }) else {
                let words = codes.map(\.word).joined(separator: ", ")
                throw fault(field, "\(text) is none of its codes", "one of \(words)")
            }
            return .text(text)
        case .integer(let range):
            guard let number = Int64(text) else { throw fault(field, "\(text) is no whole number", "such as 3") }
            return try bounded(number, range, field: field)
        case .boolean:
            switch text {
            case "true", "yes": return .boolean(true)
            case "false", "no": return .boolean(false)
            default: throw fault(field, "\(text) is neither true nor false", "true or false")
            }
        case .decimal(let range):
            return try decimal(text, range, field: field)
        case .date:
            guard CivilTime.isDate(text) else { throw fault(field, "\(text) is no date", "such as 2027-03-01") }
            return .date(text)
        case .instant:
            return try instant(text, field: field)
        case .id(let kinds):
            return .id(try lookup(text, kinds).bytes)
        }
    }

    /// The value that stands for a document typed as JSON.
    package func value(_ document: Document, _ type: ValueType, field: String) throws(RecordError) -> Value {
        switch (type, document) {
        case (.group(let group), .object(let members)):
            var parts: [String: Value] = [:]
            for member in members where member.value != .null {
                guard let part = group.parts.first(where: { $0.name == member.name }) else {
                    throw unknownPart(member.name, group, field: field)
                }
                parts[part.name] = try value(member.value, part.type, field: "\(field).\(part.name)")
            }
            return try self.group(parts, group, field: field)
        case (.list(let item, let maximumCount), .array(let items)):
            guard items.count <= maximumCount else { throw fault(field, "more than \(maximumCount) items", nil) }
            return .array(try items.map { (one) throws(RecordError) in try value(one, item, field: field) })
        case (.group, _): throw fault(field, "an object belongs here", example(type))
        case (.list, _): throw fault(field, "a list belongs here", example(type))
        case (_, .string(let text)): return try value(text, type, field: field)
        case (_, .int(let number)): return try value(String(number), type, field: field)
        case (_, .bool(let flag)): return try value(flag ? "true" : "false", type, field: field)
        default: throw fault(field, "one value belongs here", nil)
        }
    }

    /// The value of a group of which these parts are given; the others are null.
    package func group(
        _ parts: [String: Value], _ group: ValueType.Group, field: String
    ) throws(RecordError) -> Value {
        for part in group.parts where part.isRequired && (parts[part.name] ?? .null) == .null {
            throw fault("\(field).\(part.name)", "it is set together with the other parts", "\(field).\(part.name)=…")
        }
        if let first = group.ascending.first, let last = group.ascending.last,
            let low = parts[first], let high = parts[last], !isAscending(low, high)
        {
            throw fault(field, "\(first) is greater than \(last)", nil)
        }
        guard parts.values.contains(where: { $0 != .null }) else {
            throw fault(field, "no part has a value", example(.group(group)))
        }
        return .array(group.parts.map { parts[$0.name] ?? .null })
    }

    /// The error for a part that the group does not have.
    func unknownPart(_ name: String, _ group: ValueType.Group, field: String) -> RecordError {
        fault(field, "it has no part \(name)", "parts are \(group.parts.map(\.name).joined(separator: ", "))")
    }

    private func isAscending(_ low: Value, _ high: Value) -> Bool {
        switch (low, high) {
        case (.date(let first), .date(let second)): first <= second
        case (.decimal(let mantissa, let exponent), .decimal(let otherMantissa, let otherExponent)):
            DecimalNumber.isAscending((mantissa, exponent), (otherMantissa, otherExponent))
        case (.integer(let first), .integer(let second)): first <= second
        case (.instant(let first, _), .instant(let second, _)): first <= second
        default: true
        }
    }

    private func json(_ text: String, _ type: ValueType, field: String) throws(RecordError) -> Document {
        do {
            return try JSONReader.read(text)
        } catch {
            throw fault(field, "not JSON at byte \(error.offset + 1): \(error.reason)", example(type))
        }
    }

    private func checked(
        _ text: String, _ form: TextForm, _ maximumLength: Int, field: String
    ) throws(RecordError) -> String {
        let count = text.unicodeScalars.count
        guard count <= maximumLength else {
            throw fault(field, "\(count) characters are more than \(maximumLength)", "a shorter text")
        }
        do {
            return try TextCheck.check(text, form)
        } catch {
            throw fault(field, error.reason, error.remedy)
        }
    }

    private func bounded(
        _ number: Int64, _ range: ClosedRange<Int64>, field: String
    ) throws(RecordError) -> Value {
        guard range.contains(number) else {
            throw fault(field, "\(number) is not within \(range.lowerBound) to \(range.upperBound)", nil)
        }
        return .integer(number)
    }

    private func decimal(_ text: String, _ range: ClosedRange<Int64>, field: String) throws(RecordError) -> Value {
        guard let number = DecimalNumber.parse(text) else {
            throw fault(field, "\(text) is no decimal number", "such as 12.50")
        }
        guard DecimalNumber.isAscending((range.lowerBound, 0), number),
            DecimalNumber.isAscending(number, (range.upperBound, 0))
        else { throw fault(field, "\(text) is not within \(range.lowerBound) to \(range.upperBound)", nil) }
        return .decimal(mantissa: number.mantissa, exponent: number.exponent)
    }

    /// RFC 3339 with an offset; the zone may follow in brackets (RFC 9557).
    private func instant(_ text: String, field: String) throws(RecordError) -> Value {
        var time = text[...]
        var zone: String?
        if text.hasSuffix("]"), let bracket = text.firstIndex(of: "[") {
            zone = String(text[text.index(after: bracket)...].dropLast())
            time = text[..<bracket]
        }
        guard let seconds = CivilTime.seconds(String(time)), zone.map(TextCheck.isZone) ?? true else {
            throw fault(
                field, "\(text) is no time with an offset",
                "such as 2027-03-01T09:00:00Z or 2027-03-01T10:00:00+01:00[Europe/Paris]")
        }
        return .instant(seconds: seconds, zone: zone)
    }

    private func fault(_ field: String, _ reason: String, _ remedy: String?) -> RecordError {
        .invalidValue(field: field, reason: reason, remedy: remedy)
    }

    private func example(_ type: ValueType) -> String {
        switch type {
        case .group(let group): "'{\(group.parts.map { "\"\($0.name)\":…" }.joined(separator: ","))}'"
        case .list(let item, _): "'[\(example(item).filter { $0 != "'" })]'"
        default: "…"
        }
    }
}
