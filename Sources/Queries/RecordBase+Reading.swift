import Bytes
import Crypto
import Records
import Replica

/// Reading no more records than a question needs, where the store finds them by what their fields hold.
extension RecordBase {
    /// The live records of a kind that hold a day or a time in a field from one day to another, both included,
    /// ascending by id; what people disagree about counts with each of its days, and of an instant its day in UTC.
    func live(
        _ kind: String, _ field: String, from first: String, to last: String
    ) throws(QueryError) -> [RecordView] {
        guard let kind = try? schema.kind(named: kind), let row = kind.field(named: field),
            let begin = CivilTime.dayNumber(first), let end = CivilTime.dayNumber(last), begin <= end
        else { return [] }
        var low = Value.date(first)
        var high = Value.date(last)
        if row.type == .instant {
            low = .instant(seconds: begin * 86_400, zone: nil)
            high = .instant(seconds: end * 86_400 + 86_399, zone: nil)
        }
        return try counting(kind, { $0[row.number]?.has { $0.lies(from: low, to: high) } == true }) {
            (note) throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: row.number, from: low, to: high, note)
        }
    }

    /// The live records of a kind that hold the id of a record in a field, or that of one that counts as it.
    func live(_ kind: String, _ field: String, _ id: ShortID) throws(QueryError) -> [RecordView] {
        guard let kind = try? schema.kind(named: kind), let row = kind.field(named: field) else { return [] }
        let names = try all(behind: id).map { Value.id($0.bytes) }
        return try counting(
            kind, { state in names.contains { name in state[row.number]?.has { $0.holds(name) } == true } }
        ) { (note) throws(RecordStoreError) in
            for name in names { try store.forEach(kind: kind.number, field: row.number, equals: name, note) }
        }
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

    /// The record that somebody typed, as `find` knows it, unless it is deleted.
    func findLive(_ text: String, _ kinds: [String]) throws(QueryError) -> RecordView {
        let found = try find(text, kinds)
        guard !found.state.isDeleted else { throw .record(.deleted(record: found.id)) }
        return found
    }

    /// A record and those that count as it.
    func all(behind id: ShortID) throws(QueryError) -> [ShortID] { try [id] + merges().merged(into: id) }

    /// The live records that name a record, or one that counts as it, in any field or in one of some, each once.
    func naming(_ id: ShortID, in fields: [String]? = nil) throws(QueryError) -> [RecordView] {
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
