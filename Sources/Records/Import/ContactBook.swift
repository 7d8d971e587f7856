import Bytes
import Crypto
import Replica

/// The contacts that exist, by what an import recognises them by.
struct ContactBook {
    /// What two contacts may have in common.
    enum Key: Hashable {
        case uid(String)
        /// In small letters.
        case email(String)
        case name(display: String, organisation: String)
    }

    private var records: [Key: [RecordState]] = [:]

    init(_ states: [RecordState]) {
        for state in states where state.kind == Kind.contact.number && !state.isDeleted {
            for key in ContactBook.keys(state) { records[key, default: []].append(state) }
        }
    }

    /// The contacts that a row may mean: those of the first of its keys that anybody has.
    ///
    /// A contact that has another UID than the row is somebody else.
    func matches(_ row: ContactRow) -> [RecordState] {
        for key in row.keys {
            let hits = (records[key] ?? []).filter { state in
                let uid = ContactBook.text(state, "uid")
                return row.uid.isEmpty || uid.isEmpty || uid == row.uid
            }
            if !hits.isEmpty { return hits }
        }
        return []
    }

    private static func keys(_ state: RecordState) -> Set<Key> {
        var keys: Set<Key> = []
        let uid = text(state, "uid")
        if !uid.isEmpty { keys.insert(.uid(uid)) }
        keys.formUnion(emails(state).map { .email($0) })
        let organisations = Set(members(state, "affiliations").map(organisation))
        for organisation in organisations.isEmpty ? [""] : organisations {
            keys.insert(.name(display: text(state, "display"), organisation: organisation))
        }
        return keys
    }

    /// The e-mail addresses of a contact in small letters.
    static func emails(_ state: RecordState) -> Set<String> {
        Set(
            members(state, "emails").compactMap { email in
                if case .present(.text(let text)) = email.value { text.lowercased() } else { nil }
            })
    }

    /// The organisation of an affiliation; empty when it cannot be seen.
    static func organisation(_ affiliation: OperationView) -> String { part(affiliation, 0) }

    /// A part of a group that is a text; empty otherwise.
    static func part(_ group: OperationView, _ index: Int) -> String {
        guard case .present(.array(let parts)) = group.value, index < parts.count, case .text(let text) = parts[index]
        else { return "" }
        return text
    }

    private static func text(_ state: RecordState, _ name: String) -> String {
        guard let field = Kind.contact.field(named: name), case .text(let text) = state.reading(field)?.shown else {
            return ""
        }
        return text
    }

    private static func members(_ state: RecordState, _ name: String) -> [OperationView] {
        Kind.contact.field(named: name).flatMap { state.reading($0)?.present } ?? []
    }
}

/// One row of an address book.
struct ContactRow {
    let line: Int
    private let values: [ContactColumn: [String]]

    init(_ row: CSVReader.Row, _ columns: [ContactColumn?]) {
        line = row.line
        var values: [ContactColumn: [String]] = [:]
        for (cell, column) in zip(row.cells, columns) {
            if let column { values[column, default: []] += column.values(cell) }
        }
        self.values = values
    }

    private func first(_ column: ContactColumn) -> String { values[column]?.first ?? "" }

    /// The first column of one value that stands twice in the table with different values in this row.
    var doubled: ContactColumn? {
        ContactColumn.allCases.first { column in
            guard !column.isList, let all = values[column], let first = all.first else { return false }
            return all.contains { $0 != first }
        }
    }

    var uid: String { first(.uid) }
    var organisation: String { first(.organisation) }
    var jobTitle: String { first(.jobTitle) }

    /// The display name; without one, the given and family names.
    var display: String {
        let display = first(.display)
        return display.isEmpty
            ? [first(.given), first(.family)].filter { !$0.isEmpty }.joined(separator: " ") : display
    }

    /// What the row is recognised by, the strongest first; never empty.
    var keys: [ContactBook.Key] {
        var keys: [ContactBook.Key] = uid.isEmpty ? [] : [.uid(uid)]
        let email = first(.email)
        if !email.isEmpty { keys.append(.email(email.lowercased())) }
        return keys + [.name(display: display, organisation: organisation)]
    }

    /// The cells that are one value each.
    var registers: [Assignment] {
        let plain: [(ContactColumn, String)] = [
            (.honorific, "honorific"), (.primaryEmail, "primary_email"), (.country, "country"), (.uid, "uid"),
            (.orcid, "orcid"), (.availability, "availability"),
        ]
        var result = [Assignment(field: "display", text: display)]
        for (column, key) in [(ContactColumn.family, "family"), (.given, "given")] where !first(column).isEmpty {
            result.append(Assignment(field: "name", key: key, text: first(column)))
        }
        for (column, field) in plain where !first(column).isEmpty {
            result.append(Assignment(field: field, text: first(column)))
        }
        if !first(.nativeName).isEmpty {
            let language = values[.languages]?.first
            result.append(Assignment(field: "native_name", key: language, text: first(.nativeName)))
        }
        return result
    }

    /// The cells that are members of sets.
    var members: [Assignment] {
        let sets: [(ContactColumn, String)] = [
            (.email, "emails"), (.phone, "phones"), (.languages, "languages"), (.expertise, "expertise"),
            (.tags, "tags"),
        ]
        return sets.flatMap { column, field in (values[column] ?? []).map { Assignment(field: field, text: $0) } }
    }

    /// The affiliation that the row states, with the dates of the one known before.
    func affiliation(known: OperationView?) -> [Assignment] {
        guard !organisation.isEmpty else { return [] }
        var parts: [Document.Member] = [.init("organisation", .string(organisation))]
        if !jobTitle.isEmpty { parts.append(.init("title", .string(jobTitle))) }
        if let known, case .present(.array(let values)) = known.value {
            for (name, value) in zip(["from", "to"], values.dropFirst(2)) {
                if case .date(let date) = value { parts.append(.init(name, .string(date))) }
            }
        }
        return [Assignment(field: "affiliations", text: JSONWriter.text(.object(parts)))]
    }
}
