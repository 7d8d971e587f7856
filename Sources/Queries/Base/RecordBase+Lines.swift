import Crypto
import Records
import Replica

/// What a record is called on one line, also where its own title says little.
extension RecordBase {
    /// The names of the records that say what this one is about, else its title; nil when nobody has said.
    func line(_ record: RecordView) throws(QueryError) -> String? {
        switch record.kind.name {
        case "organisation": return record.text("short") ?? spoken(record)
        case "agreement": return try joined([try lineOf(record.id("org")), record.text("resolution")])
        case "engagement": return try joined([try lineOf(record.id("advisor")), try lineOf(record.id("institute"))])
        case "introduction": return try lineOf(record.id("subject")) ?? RecordBase.firstLine(spoken(record))
        case "publicity_request": return try lineOf(record.id("item")) ?? RecordBase.firstLine(spoken(record))
        case "pickup": return try record.id("request").map { (id) throws(QueryError) in try lineOf(id) } ?? nil
        case "rsvp": return try joined([try lineOf(record.id("meeting")), record.text("answer")])
        case "interest": return try joined([try lineOf(record.id("opportunity")), record.text("stance")])
        case "support": return try joined([try lineOf(record.id("from")), try lineOf(record.id("to"))])
        default: return RecordBase.firstLine(spoken(record))
        }
    }

    /// The same of the record with this id.
    func lineOf(_ id: ShortID?) throws(QueryError) -> String? {
        guard let id, let record = try record(id) else { return nil }
        return try line(record)
    }

    /// The title of a record in this language, else in the language without its region, else in
    /// English, which most read, else in the first that it has.
    func spoken(_ record: RecordView) -> String? {
        guard let field = record.kind.field(record.kind.titleField) else { return nil }
        guard case .map = field.merge else { return record.text(field.name) }
        return spoken(record, field.name)?.text
    }

    /// Likewise of any field with languages, with the language that it is in.
    func spoken(_ record: RecordView, _ field: String) -> (language: String, text: String)? {
        let all = record.texts(field)
        let primary = language.prefix { $0 != "-" }
        return all.first { $0.language == language } ?? all.first { $0.language == primary }
            ?? all.first { $0.language.prefix { $0 != "-" } == primary } ?? all.first { $0.language == "en" }
            ?? all.first
    }

    private func joined(_ parts: [String?]) throws(QueryError) -> String? {
        let known = parts.compactMap { $0 }
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    private static func firstLine(_ text: String?) -> String? {
        text.map { String($0.prefix { !$0.isNewline }) }
    }
}
