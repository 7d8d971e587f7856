package import Replica

/// Says what is wrong with values that arrived merged: what a person entered was checked, but perhaps by another
/// version, or by nobody.
package enum ValueCheck {
    /// One thing that is wrong with a value.
    package struct Fault: Hashable, Sendable {
        /// What is broken.
        package enum Kind: Hashable, Sendable {
            /// The value is none that its field can hold.
            case value
            /// Of two parts that ascend the first is greater.
            case order
        }

        package let kind: Kind
        /// Where in the value: `to`, `2.date`, or nothing for the whole value.
        package let path: String
        /// In words, without a full stop.
        package let reason: String
    }

    /// Everything that is wrong with a value of a type; nothing for a field that was unset.
    package static func faults(_ value: Value, _ type: ValueType) -> [Fault] {
        value == .null ? [] : faults(value, type, path: "")
    }

    private static func faults(_ value: Value, _ type: ValueType, path: String) -> [Fault] {
        switch (type, value) {
        case (.group(let group), .array(let parts)): return faults(parts, group, path: path)
        case (.list(let item, let maximumCount), .array(let items)):
            let tooMany = items.count > maximumCount ? "\(items.count) items are more than \(maximumCount)" : nil
            return fault(tooMany, path)
                + items.enumerated().flatMap { faults($1, item, path: inner(path, String($0 + 1))) }
        default: return fault(reason(value, type), path)
        }
    }

    private static func faults(_ parts: [Value], _ group: ValueType.Group, path: String) -> [Fault] {
        var faults: [Fault] = []
        for (index, part) in group.parts.enumerated() {
            // Parts are only ever added at the end, so an older writer gave fewer.
            let value = index < parts.count ? parts[index] : .null
            if value != .null {
                faults += self.faults(value, part.type, path: inner(path, part.name))
            } else if part.isRequired {
                faults += fault("the part is missing", inner(path, part.name))
            }
        }
        if let first = group.ascending.first, let last = group.ascending.last,
            let low = part(first, parts, group), let high = part(last, parts, group), !isAscending(low, high)
        {
            faults.append(Fault(kind: .order, path: path, reason: "\(first) is greater than \(last)"))
        }
        return faults
    }

    private static func part(_ name: String, _ parts: [Value], _ group: ValueType.Group) -> Value? {
        guard let index = group.parts.firstIndex(where: { $0.name == name }), index < parts.count else { return nil }
        return parts[index]
    }

    /// What is wrong with a single value; nil when nothing is.
    private static func reason(_ value: Value, _ type: ValueType) -> String? {
        switch (type, value) {
        case (.text(let form, let maximumLength), .text(let text)):
            return reason(text, form, maximumLength)
        case (.code(let codes), .text(let word)):
            return codes.contains { $0.word == word }
                ? nil : "\(shortened(word)) is a code that this version does not know"
        case (.integer(let range), .integer(let number)):
            return range.contains(number)
                ? nil : "\(number) is not within \(range.lowerBound) to \(range.upperBound)"
        case (.boolean, .boolean), (.id, .id): return nil
        case (.decimal(let range), .decimal(let mantissa, let exponent)):
            return reason((mantissa, exponent), range)
        case (.date, .date(let text)): return CivilTime.isDate(text) ? nil : "\(shortened(text)) is no date"
        case (.instant, .instant(let seconds, let zone)):
            guard CivilTime.writable.contains(seconds) else { return "a time outside of the years 1 to 9999" }
            return zone.map(TextCheck.isZone) ?? true ? nil : "\(shortened(zone ?? "")) is no time zone"
        default: return "the value has another form than \(name(of: type))"
        }
    }

    private static func reason(_ text: String, _ form: TextForm, _ maximumLength: Int) -> String? {
        let count = text.unicodeScalars.count
        guard count <= maximumLength else { return "\(count) characters are more than \(maximumLength)" }
        do {
            _ = try TextCheck.check(text, form)
            return nil
        } catch {
            return error.reason
        }
    }

    private static func reason(_ number: (Int64, Int64), _ range: ClosedRange<Int64>) -> String? {
        let text = DecimalNumber.text(mantissa: number.0, exponent: number.1)
        guard (Int64(-DecimalNumber.maximumScale)...0).contains(number.1) else { return "\(text) is no decimal number" }
        let isWithin =
            DecimalNumber.isAscending((range.lowerBound, 0), number)
            && DecimalNumber.isAscending(number, (range.upperBound, 0))
        return isWithin ? nil : "\(text) is not within \(range.lowerBound) to \(range.upperBound)"
    }

    /// Whether the first value is not greater than the second; true for values that have no order.
    private static func isAscending(_ low: Value, _ high: Value) -> Bool {
        switch (low, high) {
        case (.date(let first), .date(let second)): first <= second
        case (.instant(let first, _), .instant(let second, _)): first <= second
        case (.integer(let first), .integer(let second)): first <= second
        case (.decimal(let mantissa, let exponent), .decimal(let otherMantissa, let otherExponent)):
            DecimalNumber.isAscending((mantissa, exponent), (otherMantissa, otherExponent))
        default: true
        }
    }

    private static func name(of type: ValueType) -> String {
        switch type {
        case .text: "text"
        case .code: "a code"
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .decimal: "a decimal number"
        case .date: "a date"
        case .instant: "a time"
        case .id: "the id of a record"
        case .group: "a group"
        case .list: "a list"
        }
    }

    private static func fault(_ reason: String?, _ path: String) -> [Fault] {
        reason.map { [Fault(kind: .value, path: path, reason: $0)] } ?? []
    }

    private static func inner(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The beginning of a text that somebody reads in the middle of a sentence.
    private static func shortened(_ text: String) -> String {
        text.unicodeScalars.count > 40 ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(40))) + "…" : text
    }
}
