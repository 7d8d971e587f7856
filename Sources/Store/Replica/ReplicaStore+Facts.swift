import Bytes
import Crypto
import Replica

// `facts` has, for each field that is indexed, the records by the keys of the operations left; of lists by those of all
// applied operations that ever stood there, as what is left of an element may be a move without a value. Whoever reads
// them looks at the record itself as well.
extension ReplicaStore {
    /// Follows an applied operation and those that it has replaced.
    /// - Parameter isAlone: nothing else is left of its field.
    func noteFacts(_ row: OperationRow, in kind: Int, replacing gone: [OperationRow], isAlone: Bool) throws(StoreError)
    {
        guard let form = indexed.form(kind: kind, field: row.field) else { return }
        let keys = form.keys(type: row.type, shape: row.shape, value: row.value)
        let lost = gone.filter { $0.type != .list }.flatMap {
            form.keys(type: $0.type, shape: $0.shape, value: $0.value)
        }
        for key in lost where !keys.contains(key) {
            if isAlone { try removeFact(key, kind: kind, row) } else { try forget(key, kind: kind, form: form, row) }
        }
        for key in keys where !lost.contains(key) {
            try connection.query("INSERT OR IGNORE INTO facts(kind, field, key, record) VALUES(?, ?, ?, ?)")
                .bind(1, kind).bind(2, row.field).bind(3, key).bind(4, row.record).run()
        }
    }

    /// Takes the facts away that only an operation gave whose value was destroyed.
    func forgetFacts(_ row: OperationRow) throws(StoreError) {
        guard let kind = try recordRow(row.record)?.kind, let form = indexed.form(kind: kind, field: row.field)
        else { return }
        for key in form.keys(type: row.type, shape: row.shape, value: row.value) {
            try forget(key, kind: kind, form: form, row)
        }
    }

    /// Takes one fact away, unless an operation of the same record and field still gives it.
    private func forget(_ key: [UInt8], kind: Int, form: IndexedFields.Form, _ row: OperationRow) throws(StoreError) {
        if try givenKeys(record: row.record, field: row.field, form, wantsLists: row.type == .list).contains(key) {
            return
        }
        try removeFact(key, kind: kind, row)
    }

    private func removeFact(_ key: [UInt8], kind: Int, _ row: OperationRow) throws(StoreError) {
        try connection.query("DELETE FROM facts WHERE kind = ? AND field = ? AND key = ? AND record = ?")
            .bind(1, kind).bind(2, row.field).bind(3, key).bind(4, row.record).run()
    }

    /// The keys that the operations of a field give.
    /// - Parameter wantsLists: whether what operations of lists once gave counts.
    private func givenKeys(record: Int, field: Int, _ form: IndexedFields.Form, wantsLists: Bool) throws(StoreError)
        -> Set<[UInt8]>
    {
        var keys: Set<[UInt8]> = []
        let left = try connection.query("SELECT type, shape, value FROM current WHERE record = ? AND field = ?")
        for row in try left.bind(1, record).bind(2, field).all({ factKeys($0, form) }) { keys.formUnion(row) }
        guard wantsLists else { return keys }
        let past = try connection.query(
            "SELECT type, shape, value, entry FROM past WHERE record = ? AND field = ? AND type = 4")
        let rows = try past.bind(1, record).bind(2, field).all { (keys: factKeys($0, form), entry: $0.int(3)) }
        for row in rows where try isApplied(row.entry) { keys.formUnion(row.keys) }
        return keys
    }

    private func factKeys(_ r: Query, _ form: IndexedFields.Form) -> [[UInt8]] {
        form.keys(type: MergeType(rawValue: r.int(0)), shape: r.bytes(1), value: r.isNull(2) ? nil : r.bytes(2))
    }

    /// The operations at a place of an entry as they are held, at most one.
    func operations(entry id: Digest, place: Int) throws(StoreError) -> [OperationRow] {
        guard
            let entry = try connection.query("SELECT n, record FROM entries WHERE id = ?").bind(1, id).first({
                (number: $0.int(0), record: $0.int(1))
            })
        else { return [] }
        return try connection.query(
            """
            SELECT field, type, depth, shape, held, value, replaced FROM
                (SELECT * FROM current WHERE record = ?1 UNION ALL SELECT * FROM past WHERE record = ?1)
            WHERE entry = ?2 AND place = ?3
            """
        ).bind(1, entry.record).bind(2, entry.number).bind(3, place).all {
            OperationRow(
                record: entry.record, field: $0.int(0), key: OperationKey(entry: entry.number, place: place),
                type: MergeType(rawValue: $0.int(1)), depth: $0.int(2), shape: $0.bytes(3),
                held: Held(rawValue: $0.int(4)) ?? .none, value: $0.isNull(5) ? nil : $0.bytes(5),
                replaced: OperationKey.decode($0.bytes(6)))
        }
    }

    // MARK: Anew

    /// Derives all facts again from what is left, as when other fields are to be indexed; in one transaction.
    func deriveFacts() throws(StoreError) {
        try connection.transaction { () throws(StoreError) in
            try connection.execute("DELETE FROM facts")
            // Field by field and in their order, so that the table grows at its end.
            for row in indexed.rows {
                for fact in try givenFacts(row).sorted() {
                    try connection.query("INSERT INTO facts(kind, field, key, record) VALUES(?, ?, ?, ?)")
                        .bind(1, row.kind).bind(2, row.field).bind(3, fact.key).bind(4, fact.record).run()
                }
            }
            try setMeta("indexed", indexed.digest.bytes)
        }
    }

    private struct Fact: Hashable, Comparable {
        let key: [UInt8]
        let record: Int

        static func < (a: Fact, b: Fact) -> Bool {
            a.key == b.key ? a.record < b.record : a.key.lexicographicallyPrecedes(b.key)
        }
    }

    private func givenFacts(_ row: IndexedFields.Row) throws(StoreError) -> Set<Fact> {
        var facts: Set<Fact> = []
        let left = try connection.query(
            """
            SELECT o.type, o.shape, o.value, o.record FROM records JOIN current AS o ON o.record = records.n
            WHERE records.kind = ? AND o.field = ?
            """)
        let past = try connection.query(
            """
            SELECT o.type, o.shape, o.value, o.record FROM records JOIN past AS o ON o.record = records.n
                JOIN entries ON entries.n = o.entry
            WHERE records.kind = ? AND o.field = ? AND o.type = 4 AND entries.status & 1 = 0
            """)
        for rows in [left, past] {
            for (keys, record) in try rows.bind(1, row.kind).bind(2, row.field).all({
                (factKeys($0, row.form), $0.int(3))
            }) {
                for key in keys { facts.insert(Fact(key: key, record: record)) }
            }
        }
        return facts
    }
}
