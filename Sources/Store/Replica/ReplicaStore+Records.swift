import Bytes
package import Crypto
package import Replica

/// A replica store with the clock of a command: what commands on records work with.
package struct RecordAccess {
    let store: ReplicaStore
    package let time: Int64

    package init(_ store: ReplicaStore, time: Int64) {
        self.store = store
        self.time = time
    }
}

extension RecordAccess: RecordStore {
    package var network: Digest { store.network }

    package var ownOrganisation: ShortID? { store.ownGrant?.organisation }

    package var ownDevice: ShortID? { store.identity?.device }

    package func find(idPrefix: String) throws(RecordStoreError) -> RecordMatch {
        try wrap { () throws(StoreError) in try store.find(idPrefix) }
    }

    package func state(of record: ShortID) throws(RecordStoreError) -> RecordState? {
        try wrap { () throws(StoreError) in try store.state(ofRecord: record) }
    }

    package func conflictCandidates() throws(RecordStoreError) -> [ShortID] {
        try wrap { () throws(StoreError) in
            try store.connection.query(
                "SELECT records.id FROM candidates JOIN records ON records.n = candidates.record ORDER BY records.id"
            )
            .all { (r) throws(StoreError) in try r.fixed(0) }
        }
    }

    package func history(of record: ShortID) throws(RecordStoreError) -> [EntryView] {
        try wrap { () throws(StoreError) in try store.history(of: record) }
    }

    package func lastEntries(of record: ShortID) throws(RecordStoreError) -> [Digest] {
        try wrap { () throws(StoreError) in try store.lastEntries(of: record) }
    }

    package func devices() throws(RecordStoreError) -> [AdmittedDevice] {
        store.authority.grants.values.map { grant in
            AdmittedDevice(
                device: grant.deviceID,
                record: RecordID.pair(
                    network: store.network, space: SpaceName.net, kind: store.deviceKind, ids: [grant.deviceID]),
                organisation: grant.organisation)
        }.sorted { $0.device < $1.device }
    }

    package func digests(of space: String) -> (frontier: Digest, state: Digest) {
        (store.frontier(of: space), store.state(of: space))
    }

    package func lastWritten(by organisation: ShortID, before end: Int64) throws(RecordStoreError) -> Int64? {
        try wrap { () throws(StoreError) in
            try store.connection.query(
                """
                SELECT max(newest) FROM (
                    SELECT (SELECT max(time) FROM entries WHERE author = authors.n AND time < ?2 AND record > 0)
                        AS newest
                    FROM authors WHERE organisation = ?1)
                """
            ).bind(1, organisation).bind(2, end).first { $0.isNull(0) ? nil : $0.int64(0) } ?? nil
        }
    }

    package mutating func write(_ drafts: [EntryDraft], space: String) throws(RecordStoreError) -> [WrittenEntry] {
        try store.write(drafts, space: space, time: time)
    }

    func wrap<R>(_ body: () throws(StoreError) -> R) throws(RecordStoreError) -> R {
        do { return try body() } catch { throw RecordStoreError(error) }
    }
}

extension ReplicaStore {
    /// The kind number of records of devices.
    package var deviceKind: Int { 33 }

    func find(_ prefix: String) throws(StoreError) -> RecordMatch {
        guard let low = ShortID(hex: prefix + String(repeating: "0", count: max(0, 32 - prefix.utf8.count))),
            let high = ShortID(hex: prefix + String(repeating: "f", count: max(0, 32 - prefix.utf8.count)))
        else { return .none }
        let found: [ShortID] = try connection.query(
            "SELECT id FROM records WHERE id BETWEEN ? AND ? AND isPresent = 1 ORDER BY id LIMIT 16"
        ).bind(1, low)
            .bind(2, high).all { (r) throws(StoreError) in try r.fixed(0) }
        guard let only = found.first else { return .none }
        return found.count == 1 ? .one(only) : .several(found)
    }

    /// A record as merging leaves it.
    package func state(ofRecord id: ShortID) throws(StoreError) -> RecordState? {
        guard let row = try heldRecord(id) else { return nil }
        return try state(of: row, try operationsLeft(of: row.number))
    }

    /// The record of a row with what is left of it.
    /// - Parameter operations: by field, as they lie in `current`.
    func state(of row: HeldRecord, _ operations: [OperationView]) throws(StoreError) -> RecordState {
        var lists: [Int: [ListMerge.Step]] = [:]
        if operations.contains(where: { $0.type == .list && !isRemove($0) }) { lists = try listSteps(of: row.number) }
        var fields: [FieldState] = []
        var deletes: [OperationView] = []
        var index = 0
        while index < operations.count {
            let field = operations[index].field
            var end = index
            while end < operations.count, operations[end].field == field { end += 1 }
            let left = operations[index..<end]
            index = end
            if field == ReservedField.existence {
                deletes = left.filter { $0.shape == .unsigned(0) }
            } else {
                let shown = left.filter { $0.type != .remark && !isRemove($0) }.sorted(by: OperationView.winsOver)
                let elements = lists[field].map(ListMerge.elements) ?? []
                if !shown.isEmpty { fields.append(FieldState(field: field, left: shown, elements: elements)) }
            }
        }
        deletes.sort(by: OperationView.winsOver)
        return RecordState(
            id: row.id, kind: row.kind, space: row.space, fields: fields, isDeleted: row.isDeleted,
            contested: row.isContested ? deletes : [], standingDeletes: deletes)
    }

    /// A remove of a set or a list is left for ever, and nobody wants to see it.
    private func isRemove(_ operation: OperationView) -> Bool {
        switch operation.type {
        case .set: operation.shape == .unsigned(1)
        case .list: ListChange(operation.shape) == .remove
        default: false
        }
    }

    /// All operations, left and past, of the fields of a record in which an operation of a list is left, by field:
    /// what an element of a list shows stands in what was replaced, too.
    private func listSteps(of record: Int) throws(StoreError) -> [Int: [ListMerge.Step]] {
        let rows = try connection.query(
            """
            SELECT o.entry, o.place, o.field, o.type, o.shape, o.depth, o.held, o.value, o.replaced, entries.status
            FROM (
                SELECT * FROM current WHERE record = ?1 AND field IN (
                    SELECT field FROM current WHERE record = ?1 AND type = ?2)
                UNION ALL
                SELECT * FROM past WHERE record = ?1 AND field IN (
                    SELECT field FROM current WHERE record = ?1 AND type = ?2)
                ) AS o
                JOIN entries ON entries.n = o.entry
            """
        ).bind(1, record).bind(2, MergeType.list.rawValue).all { (r) throws(StoreError) in
            (
                key: OperationKey(entry: r.int(0), place: r.int(1)), view: try view(r),
                replaced: OperationKey.decode(r.bytes(8)), status: EntryStatus(rawValue: r.int(9))
            )
        }
        // What an operation replaces is of its field, so it is among these.
        var ids: [OperationKey: OperationID] = [:]
        for row in rows { ids[row.key] = row.view.id }
        var steps: [Int: [ListMerge.Step]] = [:]
        for row in rows {
            steps[row.view.field, default: []].append(
                ListMerge.Step(
                    view: row.view, replaced: row.replaced.compactMap { ids[$0] },
                    isApplied: !row.status.contains(.notUnderstood)))
        }
        return steps
    }

    /// The entries of a record, each after those that it names.
    func history(of record: ShortID) throws(StoreError) -> [EntryView] {
        guard
            let number = try connection.query("SELECT n FROM records WHERE id = ?").bind(1, record).first({ $0.int(0) })
        else { return [] }
        let entries = try connection.query(
            """
            SELECT entries.n, entries.id, authors.device, authors.organisation, entries.time, entries.status
            FROM entries JOIN authors ON authors.n = entries.author WHERE entries.record = ? ORDER BY entries.n
            """
        ).bind(1, number).all { (r) throws(StoreError) in
            (
                number: r.int(0), id: try r.fixed(1, as: Digest.self), device: try r.fixed(2, as: ShortID.self),
                organisation: try r.optionalFixed(3) as ShortID?, time: r.int64(4),
                status: EntryStatus(rawValue: r.int(5))
            )
        }
        let rows = try connection.query(
            """
            SELECT entry, place, field, type, shape, depth, held, value, replaced
            FROM (SELECT * FROM current WHERE record = ?1 UNION ALL SELECT * FROM past WHERE record = ?1)
            ORDER BY entry, place
            """
        ).bind(1, number).all { (r) throws(StoreError) in
            (entry: r.int(0), view: try view(r), replaced: OperationKey.decode(r.bytes(8)))
        }
        var byEntry: [Int: [(view: OperationView, replaced: [OperationKey])]] = [:]
        for row in rows { byEntry[row.entry, default: []].append((row.view, row.replaced)) }
        return try entries.map { (entry) throws(StoreError) in
            let operations = byEntry[entry.number] ?? []
            let replaced = try operations.map { (operation) throws(StoreError) in
                var ids: [OperationID] = []
                for key in operation.replaced {
                    if let id = try entryID(key.entry) { ids.append(OperationID(entry: id, index: key.place)) }
                }
                return ids
            }
            return EntryView(
                entry: entry.id, device: entry.device, organisation: entry.organisation, claimedAt: entry.time,
                operations: operations.map(\.view), replaced: replaced,
                notApplied: entry.status.contains(.notUnderstood) ? "written under rules of a later version" : nil)
        }
    }

    /// Per branch that has written to a record its last entry there.
    func lastEntries(of record: ShortID) throws(StoreError) -> [Digest] {
        try connection.query(
            """
            SELECT e.id FROM entries AS e JOIN records ON records.n = e.record
            WHERE records.id = ? AND e.sequence = (
                SELECT max(o.sequence) FROM entries AS o WHERE o.record = e.record AND o.branch = e.branch)
            ORDER BY e.n
            """
        ).bind(1, record).all { (r) throws(StoreError) in try r.fixed(0) }
    }

    /// The totals of a space.
    package func totals(of space: String) -> (records: Int, entries: Int, notUnderstood: Int) {
        let row = spaces[space] ?? SpaceRow()
        return (row.records, row.entries, row.notUnderstood)
    }
}
