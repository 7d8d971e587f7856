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
        guard first <= last, let kind = try? schema.kind(named: kind) else { return [] }
        return try live(among: try records(kind, field, from: first, to: last))
    }

    /// The live records of a kind that hold an id in a field.
    func live(_ kind: String, _ field: String, _ id: ShortID) throws(QueryError) -> [RecordView] {
        guard let kind = try? schema.kind(named: kind) else { return [] }
        return try live(among: try records(kind, where: field, equals: .id(id.bytes)))
    }

    /// These records without those that were merged into another.
    private func live(among records: [RecordView]) throws(QueryError) -> [RecordView] {
        var live: [RecordView] = []
        for record in records {
            if record.id("merged_into") != nil, try stands(for: record.id) != record.id { continue }
            live.append(record)
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
            for (record, field) in try referrers(to: found[next])
            where field.name == "merged_into" && !found.contains(record.id) {
                if try stands(for: record.id) == id { found.append(record.id) }
            }
            next += 1
        }
        return found
    }

    /// The live records that name an id in any field, or in one of some, each once, ascending by id.
    func naming(_ id: ShortID, in fields: [String]? = nil) throws(QueryError) -> [RecordView] {
        var seen: Set<ShortID> = []
        var found: [RecordView] = []
        for (record, field) in try referrers(to: id) where fields?.contains(field.name) ?? true {
            if seen.insert(record.id).inserted { found.append(record) }
        }
        return try live(among: found)
    }
}
