import Bytes
package import Crypto
package import Records
package import Replica

/// Reading no more records than a question needs, where the store finds them by what their fields hold.
extension RecordBase {
    /// The live records of a kind that hold a day or a time in a field from one day to another, both included,
    /// ascending by id; what people disagree about counts with each of its days, and of an instant its day in UTC.
    /// - Parameter first: `YYYY-MM-DD`, as is `last`; what is no date finds nothing.
    package func records(
        _ kind: Kind, _ name: String, from first: String, to last: String
    ) throws(QueryError) -> [RecordView] {
        guard let field = kind.field(named: name), let begin = CivilTime.dayNumber(first),
            let end = CivilTime.dayNumber(last), begin <= end
        else { return [] }
        var low = Value.date(first)
        var high = Value.date(last)
        if field.type == .instant {
            low = .instant(seconds: begin * 86_400, zone: nil)
            high = .instant(seconds: end * 86_400 + 86_399, zone: nil)
        }
        return try counting(kind, { $0[field.number]?.has { $0.lies(from: low, to: high) } == true }) {
            (note) throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: field.number, from: low, to: high, note)
        }
    }

    /// The live records of a kind that hold a value in a field, ascending by id; of a conflict any value counts, of a
    /// workflow the value is the code of a state as text, and an id is also that of a record that counts as it.
    package func records(_ kind: Kind, where name: String, equals value: Value) throws(QueryError) -> [RecordView] {
        guard let field = kind.field(named: name) else { return [] }
        var wanted = [value]
        if case .workflow(let workflow) = field.merge, case .text(let code) = value {
            guard let state = workflow.state(code: code) else { return [] }
            wanted = [.integer(Int64(state.number))]
        } else if case .id(let bytes) = value, let id = ShortID(bytes) {
            wanted = try all(behind: id).map { .id($0.bytes) }
        }
        return try counting(
            kind, { state in wanted.contains { one in state[field.number]?.has { $0.holds(one) } == true } }
        ) { (note) throws(RecordStoreError) in
            for one in wanted { try store.forEach(kind: kind.number, field: field.number, equals: one, note) }
        }
    }

    /// The same for the kind of this name; none when the table does not have it.
    func live(_ kind: String, _ field: String, from first: String, to last: String) throws(QueryError) -> [RecordView] {
        guard let kind = try? schema.kind(named: kind) else { return [] }
        return try records(kind, field, from: first, to: last)
    }

    /// Likewise with the id of a record.
    func live(_ kind: String, _ field: String, _ id: ShortID) throws(QueryError) -> [RecordView] {
        guard let kind = try? schema.kind(named: kind) else { return [] }
        return try records(kind, where: field, equals: .id(id.bytes))
    }

    /// The records that count for those that are handed over, ascending by id, if they hold what was looked for
    /// themselves: what one lacks may stand in another that counts as it, and gives way where it does not.
    private func counting(
        _ kind: Kind, _ holds: (RecordState) -> Bool,
        _ each: ((RecordState) -> Void) throws(RecordStoreError) -> Void
    ) throws(QueryError) -> [RecordView] {
        let merges = try merges()
        var views: [ShortID: RecordView] = [:]
        var others: Set<ShortID> = []
        try read { () throws(RecordStoreError) in
            try each { state in
                let root = merges.canonical(state.id)
                if root == state.id, merges.merged(into: root).isEmpty {
                    views[root] = RecordView(state, kind, merges)
                } else {
                    others.insert(root)
                }
            }
        }
        for root in others.sorted() {
            if let view = try record(root), holds(view.state) { views[root] = view }
        }
        return views.values.filter { !$0.state.isDeleted }.sorted { $0.id < $1.id }
    }

    /// A record and those that count as it.
    func all(behind id: ShortID) throws(QueryError) -> [ShortID] { try [id] + merges().merged(into: id) }

    /// The live records that name a record, or one that counts as it, in any field or in one of some, each once.
    package func naming(_ id: ShortID, in fields: [String]? = nil) throws(QueryError) -> [RecordView] {
        var seen: Set<ShortID> = []
        var views: [RecordView] = []
        for name in try all(behind: id) {
            for referrer in try read({ () throws(RecordStoreError) in try store.referrers(to: name) }) {
                guard let kind = schema.kind(referrer.kind), let field = kind.field(referrer.field),
                    field.number != ReservedField.mergedInto, fields?.contains(field.name) ?? true,
                    let record = try record(referrer.record), !record.state.isDeleted, seen.insert(record.id).inserted
                else { continue }
                views.append(record)
            }
        }
        return views
    }
}
