import Crypto
import Replica

extension ReplicaStore {
    /// Works out again which of the touched records are deleted or contested.
    ///
    /// Source: Protocol/04-merging.md#deletion.
    func refreshDeletions(_ touched: Touched) throws(StoreError) {
        for record in touched.records.sorted() {
            let deletes = try standingDeletes(of: record)
            var deleted = false
            if !deletes.isEmpty {
                let living = try livingEntries(of: record)
                for delete in deletes where !deleted {
                    let covered = try places(of: delete.covers)
                    deleted = living.allSatisfy { place in covered.contains { topology.isAtOrBelow(place, $0) } }
                }
            }
            let contested = !deletes.isEmpty && !deleted
            try connection.query("UPDATE records SET deleted = ?, contested = ? WHERE n = ?").bind(1, deleted ? 1 : 0)
                .bind(2, contested ? 1 : 0).bind(3, record).run()
            if contested {
                try connection.query("INSERT OR IGNORE INTO candidates(record) VALUES(?)").bind(1, record).run()
            }
        }
    }

    /// The deletes that no restore has replaced.
    func standingDeletes(of record: Int) throws(StoreError) -> [(key: OperationKey, covers: [OperationKey])] {
        try connection.query(
            "SELECT entry, place, replaced FROM current WHERE record = ? AND field = 0 AND type = 0 AND shape = X'00'"
        )
        .bind(1, record).all { (OperationKey(entry: $0.int(0), place: $0.int(1)), OperationKey.decode($0.bytes(2))) }
    }

    /// Where the applied entries stand that keep a record alive.
    private func livingEntries(of record: Int) throws(StoreError) -> [(branch: Int, sequence: Int)] {
        let places = try connection.query("SELECT branch, sequence FROM entries WHERE record = ? AND status = 0")
            .bind(1, record).all { (branch: $0.int(0), sequence: $0.int(1)) }
        guard places.allSatisfy(topology.canHold) else { throw damaged("the places of a record's entries") }
        return places
    }

    private func places(of keys: [OperationKey]) throws(StoreError) -> [(branch: Int, sequence: Int)] {
        var places: [(branch: Int, sequence: Int)] = []
        for key in keys {
            if let place = try connection.query("SELECT branch, sequence FROM entries WHERE n = ?").bind(1, key.entry)
                .first({ (branch: $0.int(0), sequence: $0.int(1)) })
            {
                guard topology.canHold(place) else { throw damaged("the place of entry \(key.entry)") }
                places.append(place)
            }
        }
        return places
    }
}
