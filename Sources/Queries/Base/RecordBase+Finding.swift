import Bytes
import Crypto
import Records
import Replica

/// What several queries look up: kinds by their names, what people call a record, and records by what people type.
extension RecordBase {
    /// The records of a kind that are not deleted, ascending by id; none when the table does not have the kind.
    func live(_ kind: String) throws(QueryError) -> [RecordView] {
        guard let kind = schema.kinds.first(where: { $0.name == kind }) else { return [] }
        return try all(kind)
    }

    /// What people call a record on one line: its short name or its title, else the beginning of its id.
    func name(_ record: RecordView) -> String {
        record.text("short") ?? title(record) ?? String(record.id.hex.prefix(8))
    }

    /// What people call the record with this id.
    func name(_ id: ShortID) throws(QueryError) -> String {
        try record(id).map(name) ?? String(id.hex.prefix(8))
    }

    /// The record that somebody typed: by the beginning of its id, or by its short name,
    /// code or whole title; none that is deleted.
    func find(_ text: String, _ kinds: [String]) throws(QueryError) -> RecordView {
        let digits = text.lowercased()
        let isID = (1...32).contains(digits.utf8.count) && digits.utf8.allSatisfy { isDigit($0) }
        if isID {
            switch try read({ () throws(RecordStoreError) in try store.find(idPrefix: digits) }) {
            case .one(let id):
                if let found = try record(id), kinds.contains(found.kind.name) {
                    guard !found.state.isDeleted else { throw .record(.deleted(record: found.id)) }
                    return found
                }
            case .several(let ids):
                if ids.count > 1, digits.utf8.count >= 4 {
                    throw .record(.ambiguous(prefix: text, count: ids.count))
                }
            case .none: break
            }
        }
        for kind in kinds {
            let named = try live(kind).filter { record in
                var names = [record.text("short"), record.text("code")].compactMap(\.self)
                if let title = record.kind.field(record.kind.titleField)?.name {
                    names += record.texts(title).map(\.text) + (record.text(title).map { [$0] } ?? [])
                }
                return names.contains { $0.lowercased() == digits }
            }
            if let found = named.first, named.count == 1 { return found }
            if named.count > 1 {
                throw .record(
                    .ambiguousName(text, hits: named.prefix(8).map { "\($0.id.hex.prefix(8)) (\($0.kind.name))" }))
            }
        }
        let names = kinds.joined(separator: " or ")
        throw .record(.notFound("\(names) \(text)", remedy: "liaison list \(kinds.first ?? "KIND") shows their ids"))
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension RecordView {
    /// All values left of a register, the one that is shown first: more than one while people disagree.
    func values(_ name: String) -> [Value] {
        (reading(name)?.present ?? []).compactMap { operation in
            guard case .present(let value) = operation.value, value != .null else { return nil }
            return value
        }
    }

    /// All ids left of a register.
    func idsLeft(_ name: String) -> [ShortID] {
        values(name).compactMap { if case .id(let bytes) = $0 { ShortID(bytes) } else { nil } }
    }

    /// All texts left of a register.
    func textsLeft(_ name: String) -> [String] {
        values(name).compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    /// A part of a group that is a text.
    func textPart(_ name: String, _ part: String) -> String? {
        if case .text(let text)? = self.part(name, part) { text } else { nil }
    }

    /// A part of a group that is an id.
    func idPart(_ name: String, _ part: String) -> ShortID? {
        if case .id(let bytes)? = self.part(name, part) { ShortID(bytes) } else { nil }
    }

    /// A part of a group that is a date.
    func datePart(_ name: String, _ part: String) -> String? { RecordView.date(self.part(name, part)) }

    /// Whether a period with the parts `from` and `to` holds a day; what is left out is open.
    func isWithin(_ period: String, _ day: String) -> Bool {
        (datePart(period, "from").map { $0 <= day } ?? true) && (datePart(period, "to").map { day <= $0 } ?? true)
    }

    /// The operation by which a workflow came into the state that it behaves as.
    func step(_ name: String) -> OperationView? {
        guard let reading = reading(name), let effective = reading.effectiveStep else { return nil }
        return reading.left.first { WorkflowStep($0.shape)?.to == effective.to }
    }

    /// The operation that is shown of a register.
    func origin(_ name: String) -> OperationView? { reading(name)?.present.first }
}

extension Question {
    /// The number that an option gives.
    func number(_ name: String, in range: ClosedRange<Int>, or standard: Int) throws(QueryError) -> Int {
        guard let text = value(of: name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid(
                what: "--\(name): \(text) is no number from \(range.lowerBound) to \(range.upperBound)",
                remedy: "such as --\(name) \(standard)")
        }
        return number
    }

    /// The day that an option gives.
    func day(_ name: String) throws(QueryError) -> String? {
        guard let text = value(of: name) else { return nil }
        guard CivilTime.isDate(text) else {
            throw .invalid(what: "--\(name): \(text) is no date", remedy: "such as --\(name) 2027-03-01")
        }
        return text
    }
}

extension ShortID {
    /// As it stands in answers.
    var document: Document { .string(hex) }
}

extension Document {
    /// A text, or nothing.
    static func optional(_ text: String?) -> Document { text.map { .string($0) } ?? .null }

    /// The ids of records.
    static func ids(_ ids: [ShortID]) -> Document { .array(ids.map(\.document)) }
}
