import Bytes
import Crypto
import Records
import Replica
import Store

/// What people type for a field: a value or a list of them, and conditions by which records are found.
package struct ValuesTarget: FuzzTarget {
    package static let name = "values"

    private var states: [Int: [RecordState]] = [:]

    package init() throws {
        let access = RecordAccess(try SmallNetwork(KeyRing()).stores[2], time: 0)
        for kind in try access.kinds() { try access.forEach(kind: kind) { states[kind, default: []].append($0) } }
    }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        let kind = script.choice(Schema.standard.kinds)
        let field = script.choice(kind.fields)
        let key = script.choice(["", "fr", "ar-TN", "x", "from", "low", "family"])
        let text = String(decoding: script.rest(), as: UTF8.self)
        try parse(text, field)
        try numbers(text)
        let assignment = Assignment(field: field.name, key: key.isEmpty ? nil : key, text: text)
        let lookup: RecordLookup = { (_, _) throws(RecordError) in ShortID(1, 1) }
        if let filter = try? RecordFilter(kind, [assignment], language: "en", lookup: lookup) {
            for state in states[kind.number] ?? [] { _ = filter.accepts(state) }
        }
        let editor = RecordEditor(schema: .standard, language: "en", lookup: lookup)
        if let draft = try? editor.create(kind, [assignment]) {
            try require((1...EntryLimits.operations).contains(draft.operations.count), "a draft's operations")
        }
        for state in (states[kind.number] ?? []).prefix(2) {
            _ = try? editor.set(state, [assignment])
            _ = try? editor.add(state, [assignment])
            _ = try? editor.unset(state, [assignment.path])
        }
    }

    /// What may be typed is nothing to complain about once it has arrived.
    private func parse(_ text: String, _ field: Field) throws {
        let parser = ValueParser { (prefix, _) throws(RecordError) in
            guard let id = ShortID(hex: prefix) else {
                throw .invalidValue(field: "id", reason: "no id", remedy: nil)
            }
            return id
        }
        guard let value = try? parser.value(text, field.type, field: field.name) else { return }
        let faults = ValueCheck.faults(value, field.type)
        try require(faults.isEmpty, "\(field.name) takes what it complains about: \(faults)")
        try require(try Value(decoding: value.encoded) == value, "a value is written as another one")
        _ = JSONWriter.text(ValueRendering.document(value, field.type))
    }

    private func numbers(_ text: String) throws {
        if let day = CivilTime.dayNumber(text) {
            try require(CivilTime.date(ofDay: day) == text, "a day is another one")
        }
        if let seconds = CivilTime.seconds(text) {
            try require(CivilTime.writable.contains(seconds), "a time outside of the calendar")
            try require(CivilTime.seconds(CivilTime.text(seconds)) == seconds, "a time is written as another one")
        }
        if let tag = LanguageTag.checked(text) {
            try require(LanguageTag.checked(tag) == tag, "a language's tag is written in two ways")
        }
        _ = LanguageTag.ofLocale(text)
    }

    package static func seeds() throws -> [[UInt8]] {
        let texts = [
            "Dakar", "12.50", "-0.05", "90.0000001", "2027-02-28", "2027-03-01T10:00:00+01:00[Africa/Dakar]",
            "2027-03-01 10:00Z", "yes", "false", "17", "-3", "ffffffffffffffffffffffffffffffff", "SN", "fr-Latn-SN",
            "x@example.org", "+221 33 800 00 00", "https://example.org/a?b#c", "0000-0002-1825-0097", "03yrm5c26",
            "EUR",
            "Africa/Dakar", "small-words", "example.org:7420", "419", "two\nlines", "i-klingon", "zh-cmn-Hans-CN-x-a",
            #"{"from":"2027-01-01","to":"2027-12-31"}"#, #"[{"date":"2027-03-01","kind":"full"}]"#,
            #"{"amount":"12.5","currency":"EUR"}"#, #"{"organisation":"X","title":"Y","from":null}"#, "[1,2,3]",
            #"{"latitude":14.7,"longitude":-17.4}"#, #"{"low":5,"high":1}"#, "C", "fr_SN.UTF-8", "18446744073709551616",
        ]
        var seeds: [[UInt8]] = []
        for (index, kind) in Schema.standard.kinds.enumerated() {
            for (place, field) in kind.fields.enumerated() {
                // A text that this field takes, or the next one.
                let parser = ValueParser { (_, _) throws(RecordError) in ShortID(1, 1) }
                let fits = texts.filter { (try? parser.value($0, field.type, field: field.name)) != nil }
                let other = texts[(index * 7 + place) % texts.count]
                for text in Set([fits.last ?? other, other]).sorted() {
                    seeds.append([UInt8(index), UInt8(place), UInt8(place % 7)] + Array(text.utf8))
                }
            }
        }
        return seeds
    }

    package static func large() -> [[UInt8]] {
        let texts = [
            String(repeating: "x", count: 65_000), String(repeating: "[", count: 65_000),
            "[" + String(repeating: "{},", count: 20_000) + "1]", String(repeating: "9", count: 65_000),
            String(repeating: "a-", count: 32_000), String(repeating: "é\u{301}", count: 15_000),
        ]
        var inputs: [[UInt8]] = []
        for (index, kind) in Schema.standard.kinds.enumerated() {
            for place in stride(from: 0, to: kind.fields.count, by: 5) {
                let text = texts[(index + place) % texts.count]
                inputs.append([UInt8(index), UInt8(place), 0] + Array(text.utf8))
            }
        }
        return inputs
    }
}
