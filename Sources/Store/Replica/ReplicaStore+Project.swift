import Bytes
import Crypto
import Replica

/// An entry that another names, by its local numbers.
struct NamedRow {
    let entry: Int
    let record: Int
}

extension ReplicaStore {
    func namedRow(_ id: Digest) throws(StoreError) -> NamedRow? {
        if let known = recent.entries[id] { return known }
        let row = try connection.query("SELECT n, record FROM entries WHERE id = ?").bind(1, id).first {
            NamedRow(entry: $0.int(0), record: $0.int(1))
        }
        if let row { recent.note(id, row) }
        return row
    }

    /// Adds an entry whose names are all held to the projections.
    func append(
        _ entry: SegmentEntry, of work: SegmentWork, to branch: Int, names: [NamedRow],
        _ touched: inout ReplicaStore.Touched
    ) throws(StoreError) {
        let header = entry.header
        let number = nextEntry
        nextEntry += 1
        for (place, log) in header.introductions.enumerated() {
            try connection.query("INSERT INTO introductions(branch, sequence, place, log) VALUES(?, ?, ?, ?)")
                .bind(1, branch).bind(2, header.sequence).bind(3, place).bind(4, log).run()
        }
        if !header.introductions.isEmpty, let known = tables[branch] { tables[branch] = known + header.introductions }

        let space = work.descriptor.space
        var totals = spaces[space] ?? SpaceRow()
        totals.entries += 1
        let isControl = work.descriptor.logClass == .control
        let understood =
            header.isUnderstood
            && (isControl || authority.judge(auth: work.auth, device: work.descriptor.device) != .notUnderstood)
        var record = 0
        if isControl {
            let statement = OperationID(entry: entry.id, index: 0)
            totals.state.add(
                StateSum.term(
                    record: RecordID.created(by: entry.id), field: ReservedField.existence, operation: statement))
        } else {
            let isNew: Bool
            (record, isNew) = try self.record(of: entry, space: space, number: number, names: names)
            if isNew, !understood {
                try connection.query("UPDATE records SET isPresent = 0 WHERE n = ?").bind(1, record).run()
                absentRecords.insert(record)
            } else if understood, isNew || absentRecords.contains(record) {
                // A record exists as soon as one applied entry names it.
                totals.records += 1
                if absentRecords.remove(record) != nil {
                    try connection.query("UPDATE records SET isPresent = 1 WHERE n = ?").bind(1, record).run()
                }
            }
        }
        let status = EntryStatus(understood: understood, deletesOnly: header.operations.allSatisfy(\.isDelete))
        let unknown = !understood || header.operations.contains { !$0.type.isMerged && $0.type != .statement }
        if unknown { totals.notUnderstood += 1 }
        spaces[space] = totals
        try connection.query(
            """
            INSERT INTO entries(n, id, branch, sequence, record, author, time, status, following, fillEntries,
                fillBytes)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, number).bind(2, entry.id).bind(3, branch).bind(4, header.sequence).bind(5, record)
            .bind(6, try author(of: work)).bind(7, header.time).bind(8, status.rawValue)
            .bind(9, header.following).bind(10, topology.branches[branch].fill.entries)
            .bind(11, topology.branches[branch].fill.bytes).run()
        if work.descriptor.logClass == .data {
            try project(
                entry, number: number, record: record, space: space, applied: understood, names: names, &touched)
        }
    }

    private func author(of work: SegmentWork) throws(StoreError) -> Int {
        let key = AuthorKey(device: work.descriptor.device.deviceID, auth: work.auth)
        if let known = authors[key] { return known }
        let number = nextAuthor
        nextAuthor += 1
        let organisation = work.auth.flatMap { authority.grants[$0]?.organisation }
        authors[key] = number
        authorRows[number] = AuthorRow(device: key.device, organisation: organisation)
        try connection.query("INSERT INTO authors(n, device, auth, organisation) VALUES(?, ?, ?, ?)")
            .bind(1, number).bind(2, key.device).bind(3, key.auth).bind(4, organisation).run()
        return number
    }

    /// The record that an entry changes, made if nobody has named it before.
    private func record(of entry: SegmentEntry, space: String, number: Int, names: [NamedRow]) throws(StoreError) -> (
        Int, isNew: Bool
    ) {
        let id: ShortID
        let kind: Int
        switch entry.header.record {
        case .named: return (names[0].record, false)
        case .new(let number): (id, kind) = (RecordID.created(by: entry.id), number)
        case .pair(let number, let ids):
            (id, kind) = (RecordID.pair(network: network, space: space, kind: number, ids: ids), number)
        }
        if let held = try connection.query("SELECT n FROM records WHERE id = ?").bind(1, id).first({ $0.int(0) }) {
            return (held, false)
        }
        let row = nextRecord
        nextRecord += 1
        try connection.query("INSERT INTO records(n, id, space, kind, creator) VALUES(?, ?, ?, ?, ?)")
            .bind(1, row).bind(2, id).bind(3, space).bind(4, kind).bind(5, number).run()
        return (row, true)
    }

    private func project(
        _ entry: SegmentEntry, number: Int, record: Int, space: String, applied: Bool, names: [NamedRow],
        _ touched: inout Touched
    ) throws(StoreError) {
        let header = entry.header
        var nextName = if case .named = header.record { 1 } else { 0 }
        var nextValue = 0
        var changesExistence = false
        for (place, operation) in header.operations.enumerated() {
            let targets = operation.references.enumerated().map { offset, reference in
                OperationKey(entry: names[nextName + offset].entry, place: reference.operation)
            }
            nextName += targets.count
            var value: [UInt8]?
            var held = Held.none
            if operation.hasValue {
                value = entry.body.value(at: nextValue)
                held = value == nil ? .erased : .present
                nextValue += 1
            }
            changesExistence = changesExistence || operation.type == .existence
            let row = OperationRow(
                record: record, field: operation.field, key: OperationKey(entry: number, place: place),
                type: operation.type, depth: 1,
                shape: operation.shape, held: held, value: value, replaced: targets)
            try apply(row, id: OperationID(entry: entry.id, index: place), space: space, applied: applied)
        }
        let touches = if changesExistence { true } else { try hasDeletes(record) }
        if touches { touched.records.insert(record) }
    }

    private func hasDeletes(_ record: Int) throws(StoreError) -> Bool {
        try connection.query("SELECT 1 FROM current WHERE record = ? AND field = 0 LIMIT 1").bind(1, record).first {
            _ in true
        } ?? false
    }

    /// Puts one operation into the projections and takes away what it replaces.
    private func apply(_ incoming: OperationRow, id: OperationID, space: String, applied: Bool) throws(StoreError) {
        var row = incoming
        var replaced: [OperationKey] = []
        if !row.isDelete {
            for target in row.replaced {
                guard let held = try operation(target, of: row), held.row.isReplaceable(by: row) else { continue }
                guard (1...EntryLimits.sequence).contains(held.row.depth) else {
                    throw damaged("the order of an operation of entry \(target.entry)")
                }
                row.depth = max(row.depth, held.row.depth + 1)
                replaced.append(target)
            }
            row.replaced = replaced
        }
        guard applied else { return try insert(row, into: .past) }
        let joins = row.type == .list ? try joinsBranches(row, replaced) : false
        let gone = row.isDelete ? [] : try remove(replaced, replacedBy: row, space: space)
        try insert(row, into: .current)
        guard let record = try recordRow(row.record) else { return }
        spaces[space, default: SpaceRow()].state.add(StateSum.term(record: record.id, field: row.field, operation: id))
        let left = try leftCount(row)
        try noteFacts(row, in: record.kind, replacing: gone, isAlone: left == 1 && row.type != .map)
        if joins || left > 1 {
            try connection.query("INSERT OR IGNORE INTO candidates(record) VALUES(?)").bind(1, row.record).run()
        }
    }

    /// How many operations are left of the field of a register or workflow, or of one key of a map; 0 for other types.
    private func leftCount(_ row: OperationRow) throws(StoreError) -> Int {
        if row.type == .map {
            return try connection.query(
                "SELECT count(*) FROM current WHERE record = ? AND field = ? AND type = ? AND shape = ?"
            ).bind(1, row.record).bind(2, row.field).bind(3, row.type.rawValue).bind(4, row.shape).first { $0.int(0) }
                ?? 0
        }
        guard [.register, .workflow].contains(row.type) else { return 0 }
        return try connection.query("SELECT count(*) FROM current WHERE record = ? AND field = ?").bind(1, row.record)
            .bind(2, row.field).first { $0.int(0) } ?? 0
    }

    /// Whether an element of a list may have several values from now on: of two operations that did not know of each
    /// other the second to arrive names what is replaced already, or one names several.
    private func joinsBranches(_ row: OperationRow, _ replaced: [OperationKey]) throws(StoreError) -> Bool {
        if replaced.count > 1 { return true }
        guard let only = replaced.first else { return false }
        let isLeft = try connection.query(
            "SELECT 1 FROM current WHERE record = ? AND field = ? AND entry = ? AND place = ?"
        ).bind(1, row.record).bind(2, row.field).bind(3, only.entry).bind(4, only.place).first { _ in true }
        return isLeft == nil
    }

    /// Takes operations out of what is left, and what those that are not applied had named.
    /// - Returns: those that were left.
    private func remove(_ targets: [OperationKey], replacedBy row: OperationRow, space: String) throws(StoreError)
        -> [OperationRow]
    {
        var gone: [OperationRow] = []
        var pending = targets
        var seen: Set<OperationKey> = []
        while let target = pending.popLast() {
            guard seen.insert(target).inserted, let held = try operation(target, of: row) else { continue }
            switch held.table {
            case .current:
                try connection.query("DELETE FROM current WHERE record = ? AND field = ? AND entry = ? AND place = ?")
                    .bind(1, row.record).bind(2, row.field).bind(3, target.entry).bind(4, target.place).run()
                try insert(held.row, into: .past)
                gone.append(held.row)
                guard let recordID = try recordID(row.record), let entry = try entryID(target.entry) else { continue }
                let id = OperationID(entry: entry, index: target.place)
                spaces[space, default: SpaceRow()].state.subtract(
                    StateSum.term(record: recordID, field: row.field, operation: id))
            case .past:
                // A delete covers and replaces nothing.
                if !held.row.isDelete, try !isApplied(target.entry) { pending += held.row.replaced }
            }
        }
        return gone
    }

    // MARK: Rows of operations

    enum OperationTable { case current, past }

    /// An operation of the same record and field, wherever it is.
    private func operation(_ key: OperationKey, of row: OperationRow) throws(StoreError) -> (
        row: OperationRow, table: OperationTable
    )? {
        let current = try connection.query(
            """
            SELECT type, depth, shape, held, value, replaced FROM current WHERE record = ? AND field = ?
            AND entry = ? AND place = ?
            """
        )
        if let held = try read(key, of: row, current) { return (held, .current) }
        let past = try connection.query(
            """
            SELECT type, depth, shape, held, value, replaced FROM past WHERE record = ? AND field = ?
            AND entry = ? AND place = ?
            """
        )
        return try read(key, of: row, past).map { ($0, .past) }
    }

    private func read(_ key: OperationKey, of row: OperationRow, _ statement: Query) throws(StoreError) -> OperationRow?
    {
        try statement.bind(1, row.record).bind(2, row.field).bind(3, key.entry).bind(4, key.place).first {
            OperationRow(
                record: row.record, field: row.field, key: key, type: MergeType(rawValue: $0.int(0)), depth: $0.int(1),
                shape: $0.bytes(2),
                held: Held(rawValue: $0.int(3)) ?? .none, value: $0.isNull(4) ? nil : $0.bytes(4),
                replaced: OperationKey.decode($0.bytes(5)))
        }
    }

    private func insert(_ row: OperationRow, into table: OperationTable) throws(StoreError) {
        let statement: Query
        switch table {
        case .current:
            statement = try connection.query(
                """
                INSERT INTO current(record, field, entry, place, type, depth, shape, held, value, replaced)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        case .past:
            statement = try connection.query(
                """
                INSERT INTO past(record, field, entry, place, type, depth, shape, held, value, replaced)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        }
        try statement.bind(1, row.record).bind(2, row.field).bind(3, row.key.entry).bind(4, row.key.place).bind(
            5, row.type.rawValue
        )
        .bind(6, row.depth).bind(7, row.shape).bind(8, row.held.rawValue).bind(9, row.value).bind(
            10, OperationKey.encode(row.replaced)
        )
        .run()
    }

    func recordID(_ number: Int) throws(StoreError) -> ShortID? { try recordRow(number)?.id }

    func recordRow(_ number: Int) throws(StoreError) -> RecordRow? {
        if let known = recent.records[number] { return known }
        let row = try connection.query("SELECT id, kind FROM records WHERE n = ?").bind(1, number).first {
            (r) throws(StoreError) in RecordRow(id: try r.fixed(0), kind: r.int(1))
        }
        if let row { recent.note(number, row) }
        return row
    }

    func entryID(_ number: Int) throws(StoreError) -> Digest? {
        try connection.query("SELECT id FROM entries WHERE n = ?").bind(1, number).first { (r) throws(StoreError) in
            try r.fixed(0)
        }
    }

    func isApplied(_ entry: Int) throws(StoreError) -> Bool {
        let status = try connection.query("SELECT status FROM entries WHERE n = ?").bind(1, entry).first {
            EntryStatus(rawValue: $0.int(0))
        }
        return status?.contains(.notUnderstood) == false
    }

    /// Writes the totals that are kept in memory.
    func saveTotals() throws(StoreError) {
        for (name, row) in spaces.sorted(by: { $0.key < $1.key }) {
            try connection.query(
                "INSERT OR REPLACE INTO spaces(name, state, records, entries, notUnderstood) VALUES(?, ?, ?, ?, ?)"
            )
            .bind(1, name).bind(2, row.state.digest).bind(3, row.records).bind(4, row.entries).bind(
                5, row.notUnderstood
            ).run()
        }
    }
}

/// Bits of an entry's status.
struct EntryStatus: OptionSet {
    let rawValue: Int

    /// It writes nothing: a later version's header or rule set.
    static let notUnderstood = EntryStatus(rawValue: 1)
    /// It holds nothing but deletes, so it does not keep a record alive.
    static let deletesOnly = EntryStatus(rawValue: 2)

    init(rawValue: Int) { self.rawValue = rawValue }

    init(understood: Bool, deletesOnly: Bool) {
        self = understood ? [] : .notUnderstood
        if deletesOnly { insert(.deletesOnly) }
    }
}

/// The local name of an operation.
struct OperationKey: Hashable {
    let entry: Int
    let place: Int

    static func encode(_ keys: [OperationKey]) -> [UInt8]? {
        if keys.isEmpty { return nil }
        var writer = CBORWriter(reserving: keys.count * 6)
        for key in keys {
            writer.write(key.entry)
            writer.write(key.place)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) -> [OperationKey] {
        var reader = CBORReader(bytes)
        var keys: [OperationKey] = []
        while !reader.isAtEnd, let entry = try? reader.readInt(upTo: .max, "entry"),
            let place = try? reader.readInt(upTo: .max, "place")
        {
            keys.append(OperationKey(entry: entry, place: place))
        }
        return keys
    }
}

/// Whether a value is there.
enum Held: Int {
    case none = 0
    case present = 1
    case erased = 2
}

/// One operation in the projections.
struct OperationRow {
    let record: Int
    let field: Int
    let key: OperationKey
    let type: MergeType
    /// Its order: 1 + the greatest among those that it replaces.
    var depth: Int
    let shape: [UInt8]
    let held: Held
    let value: [UInt8]?
    /// What it names of its field; for a delete, the entries that it covers.
    var replaced: [OperationKey]

    var isDelete: Bool { type == .existence && shape == [0] }

    /// Whether a ref of the other, of the same record and field, replaces this one: the same key of a map, or
    /// neither is one.
    func isReplaceable(by other: OperationRow) -> Bool {
        if type == .remark || other.type == .remark || other.isDelete { return false }
        return (type == .map) == (other.type == .map) && (type != .map || shape == other.shape)
    }
}

extension Operation {
    var isDelete: Bool { type == .existence && shape == [0] }
}
