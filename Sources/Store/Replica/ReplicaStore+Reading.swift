import Bytes
package import Crypto
package import Replica

/// A record that is there, as its row says.
struct HeldRecord {
    let number: Int
    let id: ShortID
    let kind: Int
    let space: String
    let isDeleted: Bool
    let isContested: Bool

    /// Reads the columns n, id, kind, space, deleted, contested.
    init(_ r: Query) throws(StoreError) {
        number = r.int(0)
        id = try r.fixed(1)
        kind = r.int(2)
        space = r.text(3)
        isDeleted = r.int(4) == 1
        isContested = r.int(5) == 1
    }
}

// Reading many records: their rows first and then each by its range of `current`, so that whoever is handed a record
// may read others meanwhile.
extension RecordAccess {
    /// Reads with one view of the database.
    package func reading<R, E>(_ body: () throws(E) -> R) throws(E) -> R { try store.connection.reading(body) }

    /// The kinds of which records are held, ascending.
    package func kinds() throws(RecordStoreError) -> [Int] {
        try wrap { () throws(StoreError) in
            // From each kind to the next in the index: there are few kinds and many records.
            let next = try store.connection.query(
                "SELECT kind FROM records WHERE kind > ? AND isPresent = 1 ORDER BY kind LIMIT 1")
            var kinds: [Int] = []
            while let kind = try next.bind(1, kinds.last ?? 0).first({ $0.int(0) }) { kinds.append(kind) }
            return kinds
        }
    }

    /// Every record of a kind, ascending by id.
    package func forEach(kind: Int, _ body: (RecordState) -> Void) throws(RecordStoreError) {
        try wrapReading { () throws(StoreError) in
            let rows = try store.connection.query(
                """
                SELECT n, id, kind, space, deleted, contested FROM records WHERE kind = ? AND isPresent = 1
                ORDER BY id
                """
            ).bind(1, kind).all { (r) throws(StoreError) in try HeldRecord(r) }
            for row in rows { body(try store.state(of: row, try store.operationsLeft(of: row.number))) }
        }
    }

    /// The records found by a value, from the facts where the field is indexed.
    package func forEach(
        kind: Int, field: Int, equals value: Value, _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        try forEach(kind: kind, holding: [FieldValue(field: field, value: value)], body)
    }

    /// The records found by several values: those that all facts have in common.
    package func forEach(
        kind: Int, holding wanted: [FieldValue], _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        func check(_ state: RecordState) {
            if wanted.allSatisfy({ one in state[one.field]?.has { $0.holds(one.value) } == true }) { body(state) }
        }
        let found = wanted.filter { store.indexed.form(kind: kind, field: $0.field) == .value }
        guard let first = found.first else { return try forEach(kind: kind, check) }
        try wrapReading { () throws(StoreError) in
            var numbers = try store.recordNumbers(kind: kind, first)
            for one in found.dropFirst() { numbers.formIntersection(try store.recordNumbers(kind: kind, one)) }
            let rows = try store.heldRecords(numbers.sorted()).sorted { $0.id < $1.id }
            for row in rows { check(try store.state(of: row, try store.operationsLeft(of: row.number))) }
        }
    }

    /// The records found by a range of days, from the facts where the field is indexed.
    package func forEach(
        kind: Int, field: Int, from first: Value, to last: Value, _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        try forEach(
            kind: kind, field: field, keys: KeyRange.all(from: first, to: last),
            where: { $0.has { $0.lies(from: first, to: last) } }, body)
    }

    /// Hands over the records of a kind with a field of which the closure says so.
    /// - Parameter keys: what such fields are found by, and perhaps others.
    private func forEach(
        kind: Int, field: Int, keys: [KeyRange], where isWanted: (FieldState) -> Bool, _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        func check(_ state: RecordState) { if state[field].map(isWanted) == true { body(state) } }
        guard store.indexed.form(kind: kind, field: field) == .value else { return try forEach(kind: kind, check) }
        try wrapReading { () throws(StoreError) in
            var numbers: Set<Int> = []
            for range in keys + keys.map(\.inLists) {
                numbers.formUnion(try store.recordNumbers(kind: kind, field: field, range))
            }
            let rows = try store.heldRecords(numbers.sorted()).sorted { $0.id < $1.id }
            for row in rows { check(try store.state(of: row, try store.operationsLeft(of: row.number))) }
        }
    }

    /// The fields that name an id, from the facts.
    package func referrers(to id: ShortID) throws(RecordStoreError) -> [Referrer] {
        let key = Value.id(id.bytes).encoded
        let range = KeyRange(key, key)
        return try wrapReading { () throws(StoreError) in
            var found: Set<Referrer> = []
            for row in store.indexed.rows {
                let named = try store.recordNumbers(kind: row.kind, field: row.field, range)
                for record in try store.heldRecords(named) {
                    found.insert(Referrer(record: record.id, kind: row.kind, field: row.field))
                }
                // Of lists the record itself must say whether it still has the element.
                let once = try store.recordNumbers(kind: row.kind, field: row.field, range.inLists)
                for record in try store.heldRecords(once) {
                    let state = try store.state(of: record, try store.operationsLeft(of: record.number))
                    guard state[row.field]?.has({ $0.names(id) }) == true else { continue }
                    found.insert(Referrer(record: record.id, kind: row.kind, field: row.field))
                }
            }
            return found.sorted()
        }
    }

    /// One field of a record, and nothing else of it.
    package func state(of record: ShortID, field: (_ kind: Int) -> Int?) throws(RecordStoreError) -> RecordState? {
        try wrap { () throws(StoreError) in
            guard let row = try store.heldRecord(record) else { return nil }
            guard let field = field(row.kind), field != ReservedField.existence else {
                return try store.state(of: row, [])
            }
            return try store.state(of: row, try store.operationsLeft(of: row.number, field: field))
        }
    }

    /// As many digits as the neighbours in the index of ids leave ambiguous, and one more.
    package func digits(of record: ShortID, atLeast least: Int) throws(RecordStoreError) -> Int {
        try wrap { () throws(StoreError) in
            // From the index alone: which records are not there is known without their rows.
            let before = try store.nearest(
                try store.connection.query("SELECT n, id FROM records WHERE id < ? ORDER BY id DESC"), to: record)
            let after = try store.nearest(
                try store.connection.query("SELECT n, id FROM records WHERE id > ? ORDER BY id"), to: record)
            let common = [before, after].compactMap { $0.map { ReplicaStore.commonDigits($0, record) } }.max() ?? 0
            return min(max(least, common + 1), ShortID.byteCount * 2)
        }
    }
}

/// The keys of facts from one to another, both included.
struct KeyRange {
    let low: [UInt8]
    let high: [UInt8]

    init(_ low: [UInt8], _ high: [UInt8]) {
        self.low = low
        self.high = high
    }

    /// The same among the elements of lists.
    var inLists: KeyRange { KeyRange([IndexedFields.listMark] + low, [IndexedFields.listMark] + high) }

    /// What finds every date, or every instant, from one to another, and perhaps others.
    static func all(from first: Value, to last: Value) -> [KeyRange] {
        switch (first, last) {
        // Texts of one length lie in the order of what is in them.
        case (.date, .date): return [KeyRange(first.encoded, last.encoded)]
        case (.instant(let first, _), .instant(let last, _)):
            // A map of one or two pairs; integers from 0 on lie in their order, those below it in the reverse one.
            let heads: [[UInt8]] = [[0xD9, 0x03, 0xE9, 0xA1, 0x01], [0xD9, 0x03, 0xE9, 0xA2, 0x01]]
            return heads.flatMap { head -> [KeyRange] in
                var ranges: [KeyRange] = []
                if first < 0 { ranges.append(KeyRange(head + [0x20], head + [0x3C])) }
                if last >= 0 {
                    ranges.append(
                        KeyRange(
                            head + CBOR.int(max(first, 0)).encoded,
                            head + CBOR.int(last).encoded + [IndexedFields.listMark]))
                }
                return ranges
            }
        default: return []
        }
    }
}

extension ReplicaStore {
    /// The first record that is there of those whose ids lie before or after another.
    func nearest(_ records: Query, to id: ShortID) throws(StoreError) -> ShortID? {
        _ = records.bind(1, id)
        defer { records.reset() }
        while try records.step() {
            if !absentRecords.contains(records.int(0)) { return try records.fixed(1) }
        }
        return nil
    }

    /// How many hexadecimal digits two ids begin with alike.
    static func commonDigits(_ a: ShortID, _ b: ShortID) -> Int {
        let differing = zip(a.bytes, b.bytes).prefix { $0 == $1 }.count
        guard differing < ShortID.byteCount else { return ShortID.byteCount * 2 }
        return differing * 2 + ((a.bytes[differing] ^ b.bytes[differing]) < 16 ? 1 : 0)
    }

    /// The records that are found in a field by one of these keys, ascending.
    func recordNumbers(kind: Int, field: Int, _ keys: KeyRange) throws(StoreError) -> [Int] {
        if keys.low == keys.high {
            return try connection.query("SELECT record FROM facts WHERE kind = ? AND field = ? AND key = ?")
                .bind(1, kind).bind(2, field).bind(3, keys.low).all { $0.int(0) }
        }
        return try connection.query("SELECT record FROM facts WHERE kind = ? AND field = ? AND key BETWEEN ? AND ?")
            .bind(1, kind).bind(2, field).bind(3, keys.low).bind(4, keys.high).all { $0.int(0) }.sorted()
    }

    /// The records that are found by a value, of lists also those that had it once.
    func recordNumbers(kind: Int, _ wanted: FieldValue) throws(StoreError) -> Set<Int> {
        let key = IndexedFields.key(wanted.value.encoded)
        let keys = KeyRange(key, key)
        return Set(try recordNumbers(kind: kind, field: wanted.field, keys))
            .union(try recordNumbers(kind: kind, field: wanted.field, keys.inLists))
    }

    /// The rows of these records that are there, in their order.
    func heldRecords(_ numbers: [Int]) throws(StoreError) -> [HeldRecord] {
        let row = try connection.query(
            "SELECT n, id, kind, space, deleted, contested FROM records WHERE n = ? AND isPresent = 1")
        var rows: [HeldRecord] = []
        for number in numbers {
            if let held = try row.bind(1, number).first({ (r) throws(StoreError) in try HeldRecord(r) }) {
                rows.append(held)
            }
        }
        return rows
    }

    /// The row of a record; nil when no applied entry names it.
    func heldRecord(_ id: ShortID) throws(StoreError) -> HeldRecord? {
        try connection.query(
            "SELECT n, id, kind, space, deleted, contested FROM records WHERE id = ? AND isPresent = 1"
        ).bind(1, id).first { (r) throws(StoreError) in try HeldRecord(r) }
    }

    /// What is left of a record, by field.
    func operationsLeft(of record: Int) throws(StoreError) -> [OperationView] {
        try connection.query(
            """
            SELECT entry, place, field, type, shape, depth, held, value FROM current WHERE record = ? ORDER BY field
            """
        ).bind(1, record).all { (r) throws(StoreError) in try view(r) }
    }

    /// What is left of one field of a record.
    func operationsLeft(of record: Int, field: Int) throws(StoreError) -> [OperationView] {
        try connection.query(
            """
            SELECT entry, place, field, type, shape, depth, held, value FROM current WHERE record = ? AND field = ?
            """
        ).bind(1, record).bind(2, field).all { (r) throws(StoreError) in try view(r) }
    }

    /// Reads the columns entry, place, field, type, shape, depth, held, value.
    func view(_ r: Query) throws(StoreError) -> OperationView {
        let entry = try entryRow(r.int(0))
        guard let author = authorRows[entry.author] else { throw damaged("the author of an entry") }
        let shape: CBOR
        var value = HeldValue.none
        do throws(DecodeError) {
            shape = try r.shape(4)
            switch Held(rawValue: r.int(6)) {
            case .present: value = .present(try r.value(7))
            case .erased: value = .erased
            default: break
            }
        } catch { throw damaged("an operation") }
        return OperationView(
            id: OperationID(entry: entry.id, index: r.int(1)), field: r.int(2), type: MergeType(rawValue: r.int(3)),
            shape: shape, order: r.int(5), value: value, device: author.device, organisation: author.organisation,
            claimedAt: entry.time)
    }

    private func entryRow(_ number: Int) throws(StoreError) -> EntryRow {
        if let known = recent.written[number] { return known }
        let row = try connection.query("SELECT id, author, time FROM entries WHERE n = ?").bind(1, number).first {
            (r) throws(StoreError) in EntryRow(id: try r.fixed(0), author: r.int(1), time: r.int64(2))
        }
        guard let row else { throw damaged("entry \(number)") }
        recent.note(number, row)
        return row
    }
}
