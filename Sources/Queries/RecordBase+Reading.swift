import Bytes
import Crypto
import Records
import Replica

/// Reading no more records than a question needs, where the store finds them by what their fields hold.
extension RecordBase {
    /// The live records of a kind that hold a day or a time in a field from one day to another, both included; what
    /// people disagree about counts with each of its days.
    func live(
        _ kind: String, _ field: String, from first: String, to last: String
    ) throws(QueryError) -> [RecordView] {
        guard first <= last, let kind = try? schema.kind(named: kind), let row = kind.field(named: field) else {
            return []
        }
        let range: (Value, Value) =
            switch row.type {
            case .instant:
                (
                    .instant(seconds: (CivilTime.dayNumber(first) ?? 0) * 86_400, zone: nil),
                    .instant(seconds: (CivilTime.dayNumber(last) ?? 0) * 86_400 + 86_399, zone: nil)
                )
            default: (.date(first), .date(last))
            }
        return try standing(kind) { (note) throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: row.number, from: range.0, to: range.1, note)
        }
    }

    /// The live records of a kind that hold an id in a field.
    func live(_ kind: String, _ field: String, _ id: ShortID) throws(QueryError) -> [RecordView] {
        guard let kind = try? schema.kind(named: kind), let row = kind.field(named: field) else { return [] }
        return try standing(kind) { (note) throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: row.number, equals: .id(id.bytes), note)
        }
    }

    /// The records of a kind that are handed over, without those that are deleted or merged into another.
    private func standing(
        _ kind: Kind, _ each: ((RecordState) -> Void) throws(RecordStoreError) -> Void
    ) throws(QueryError) -> [RecordView] {
        var views: [RecordView] = []
        try read { () throws(RecordStoreError) in
            try each { if !$0.isDeleted { views.append(RecordView($0, kind)) } }
        }
        var live: [RecordView] = []
        for view in views {
            if view.id("merged_into") != nil, try stands(for: view.id) != view.id { continue }
            live.append(view)
        }
        return live
    }

    /// The record that somebody typed, as `find` knows it, unless it is deleted.
    func findLive(_ text: String, _ kinds: [String]) throws(QueryError) -> RecordView {
        let found = try find(text, kinds)
        guard !found.state.isDeleted else { throw .record(.deleted(record: found.id)) }
        return found
    }

    /// The record that stands for another one since both were merged; the record itself for most.
    ///
    /// Where two offices merged two records into each other, the one with the lesser id stands for both.
    func stands(for id: ShortID) throws(QueryError) -> ShortID {
        var path = [id]
        while let record = try record(path[path.count - 1]), let next = record.id("merged_into") {
            if let place = path.firstIndex(of: next) { return path[place...].min() ?? next }
            guard let target = try self.record(next), !target.state.isDeleted, target.kind == record.kind else { break }
            path.append(next)
        }
        return path[path.count - 1]
    }

    /// The records that were merged into one that stands for itself, that one first.
    func all(behind id: ShortID) throws(QueryError) -> [ShortID] {
        var found = [id]
        var next = 0
        while next < found.count {
            for record in try naming(found[next], in: ["merged_into"]) where !found.contains(record.id) {
                if try stands(for: record.id) == id { found.append(record.id) }
            }
            next += 1
        }
        return found
    }

    /// The live records that name an id in any field, or in one of some, ascending by id.
    func referrers(to id: ShortID, in fields: [String]? = nil) throws(QueryError) -> [RecordView] {
        var live: [RecordView] = []
        for record in try naming(id, in: fields) {
            if record.id("merged_into") != nil, try stands(for: record.id) != record.id { continue }
            live.append(record)
        }
        return live
    }

    /// The same with those that were merged into another.
    private func naming(_ id: ShortID, in fields: [String]?) throws(QueryError) -> [RecordView] {
        var seen: Set<ShortID> = []
        var views: [RecordView] = []
        for referrer in try read({ () throws(RecordStoreError) in try store.referrers(to: id) }) {
            guard let kind = schema.kind(referrer.kind), let field = kind.field(referrer.field),
                fields?.contains(field.name) ?? true, seen.insert(referrer.record).inserted,
                let record = try record(referrer.record), !record.state.isDeleted
            else { continue }
            views.append(record)
        }
        return views
    }
}
