import Bytes
import Crypto
import Replica
import Simulator
import Testing

@testable import Store

extension IndexedFields {
    /// Every field that random edits write, and those of kind 901: an id, a date, an instant, a group and a map of ids.
    static let specimens = IndexedFields(
        [16, 18, 19, 20, 29, 30].map { Row(kind: 900, field: $0, form: .value) } + [
            Row(kind: 32, field: 17, form: .value)
        ]
            + [16, 17, 18].map { Row(kind: 901, field: $0, form: .value) }
            + [19, 20, 21].map { Row(kind: 901, field: $0, form: .ids) })
}

/// A store whose index is not used: what it finds, it finds by reading all.
private struct SlowAccess: RecordStore {
    let access: RecordAccess

    var network: Digest { access.network }
    var ownOrganisation: ShortID? { access.ownOrganisation }
    var ownDevice: ShortID? { access.ownDevice }
    var time: Int64 { access.time }

    func find(idPrefix: String) throws(RecordStoreError) -> RecordMatch { try access.find(idPrefix: idPrefix) }
    func state(of record: ShortID) throws(RecordStoreError) -> RecordState? { try access.state(of: record) }
    func kinds() throws(RecordStoreError) -> [Int] { try access.kinds() }
    func forEach(kind: Int, _ body: (RecordState) -> Void) throws(RecordStoreError) {
        try access.forEach(kind: kind, body)
    }
    func conflictCandidates() throws(RecordStoreError) -> [ShortID] { try access.conflictCandidates() }
    func history(of record: ShortID) throws(RecordStoreError) -> [EntryView] { try access.history(of: record) }
    func lastEntries(of record: ShortID) throws(RecordStoreError) -> [Digest] { try access.lastEntries(of: record) }
    func devices() throws(RecordStoreError) -> [AdmittedDevice] { try access.devices() }
    func digests(of space: String) -> (frontier: Digest, state: Digest) { access.digests(of: space) }
    func lastWritten(by organisation: ShortID, before end: Int64) throws(RecordStoreError) -> Int64? {
        try access.lastWritten(by: organisation, before: end)
    }
    mutating func write(_ drafts: [EntryDraft], space: String) throws(RecordStoreError) -> [WrittenEntry] { [] }
}

/// Everything that facts say, by ids.
private struct Fact: Hashable {
    let kind: Int
    let field: Int
    let key: [UInt8]
    let record: ShortID
}

extension ReplicaStore {
    fileprivate func facts() throws -> Set<Fact> {
        let rows = try connection.prepare(
            """
            SELECT facts.kind, facts.field, facts.key, records.id FROM facts JOIN records ON records.n = facts.record
            """
        ).all { (r) throws(StoreError) in
            Fact(kind: r.int(0), field: r.int(1), key: r.bytes(2), record: try r.fixed(3))
        }
        #expect(Set(rows).count == rows.count)
        return Set(rows)
    }

    /// What facts should say: from the histories of all records, and what is left of them.
    fileprivate func givenFacts() throws -> Set<Fact> {
        let access = RecordAccess(self, time: 0)
        var facts: Set<Fact> = []
        for row in indexed.rows {
            var records: [(state: RecordState, history: [EntryView])] = []
            try access.forEach(kind: row.kind) { records.append(($0, [])) }
            for index in records.indices { records[index].history = try access.history(of: records[index].state.id) }
            for (state, history) in records {
                let once = history.filter { $0.notApplied == nil }.flatMap(\.operations).filter {
                    $0.type == .list && $0.field == row.field
                }
                let left = (state[row.field]?.left ?? []).filter { $0.type != .list }
                for operation in left + once {
                    let value: [UInt8]? =
                        if case .present(let value) = operation.value { value.encoded } else { nil }
                    for key in row.form.keys(type: operation.type, shape: operation.shape.encoded, value: value) {
                        facts.insert(Fact(kind: row.kind, field: row.field, key: key, record: state.id))
                    }
                }
            }
        }
        return facts
    }

    /// Adds or changes a record of kind 901 at random.
    fileprivate func editNamed(_ random: inout SeededEntropy) throws {
        let access = RecordAccess(self, time: 0)
        var records: [RecordState] = []
        for kind in [900, 901] { try access.forEach(kind: kind) { records.append($0) } }
        let known = records.map(\.id) + [ShortID(1, 2)]
        func id(_ random: inout SeededEntropy) -> Value {
            .id((known.randomElement(using: &random) ?? ShortID()).bytes)
        }
        let day = Int.random(in: 10...14, using: &random)
        let field = Int.random(in: 16...21, using: &random)
        let record = records.filter { $0.kind == 901 }.randomElement(using: &random)
        let left = record?[field]?.left ?? []
        var type = MergeType.register
        var shape = CBOR.null
        let value: Value
        switch field {
        case 16: value = id(&random)
        case 17: value = .date("2027-03-\(day)")
        case 18:
            let zone = [nil, "UTC", String(repeating: "z", count: 70)].randomElement(using: &random) ?? nil
            value = .instant(seconds: Int64.random(in: -3...3, using: &random) * 50_000_000_000, zone: zone)
        case 19: value = .array([.text("x"), id(&random), .array([id(&random)])])
        case 20:
            type = .map
            shape = .bytes((known.randomElement(using: &random) ?? ShortID()).bytes)
            value = .array([.integer(1), id(&random)])
        default:
            type = .list
            shape = ListChange.put([0x80]).shape
            value = .array([id(&random)])
        }
        let replaced = type == .list ? [] : left.filter { $0.shape == shape }.map(\.id)
        let operation = OperationDraft(field: field, type: type, replaces: replaced, shape: shape, value: value)
        let target = record.map { EntryDraft.Target.existing($0.id) } ?? .new(kind: 901)
        _ = try write([EntryDraft(target: target, operations: [operation])], space: SpaceName.net, time: 5)
    }
}

@Suite struct FactsTests {
    private func checkEqual(_ store: ReplicaStore, _ what: String) throws {
        let facts = try store.facts()
        #expect(try facts == store.givenFacts(), "\(what)")
        #expect(!facts.isEmpty, "\(what)")
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `facts are what naive reading gives, after edits, forks, erasures and rebuilds`(seed: UInt64) throws {
        print("seed \(seed)")
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 3, seed: seed &* 7000, indexed: .specimens)
        var editor = RandomEditor(random: SeededEntropy(seed: seed))
        for _ in 0..<8 { try editor.edit(network.stores[1]) }
        // A twin writes to the same log.
        let twin = try network.stores[1].twin(in: folder, name: "twin", seed: seed &* 7000 &+ 900)
        let stores = network.stores + [twin]
        for step in 0..<120 {
            let store = try #require(stores.randomElement(using: &editor.random))
            if Bool.random(using: &editor.random) {
                try editor.edit(store)
            } else {
                try store.editNamed(&editor.random)
            }
            if Int.random(in: 0..<5, using: &editor.random) == 0 {
                let pair = stores.shuffled(using: &editor.random)
                try TestNetwork.copy(from: pair[0], to: pair[1], batch: Int.random(in: 1...5, using: &editor.random))
            }
            if Int.random(in: 0..<12, using: &editor.random) == 0 {
                let entries = try store.connection.prepare("SELECT id FROM entries ORDER BY id").all {
                    (r) throws(StoreError) in try r.fixed(0, as: Digest.self)
                }
                try store.eraseValue(entry: try #require(entries.randomElement(using: &editor.random)), operation: 0)
            }
            if step % 40 == 39 { try checkEqual(store, "step \(step)") }
        }
        for _ in 0..<2 { for a in stores { for b in stores where a !== b { try TestNetwork.copy(from: a, to: b) } } }
        for store in stores {
            try checkEqual(store, "met")
            #expect(try store.verify() == [])
            let facts = try store.facts()
            try store.rebuild()
            #expect(try store.facts() == facts)
            try store.deriveFacts()
            #expect(try store.facts() == facts)
            try compareAnswers(store, &editor.random)
        }
    }

    /// Asks the index and the naive reading the same.
    private func compareAnswers(_ store: ReplicaStore, _ random: inout SeededEntropy) throws {
        let fast = RecordAccess(store, time: 0)
        let slow = SlowAccess(access: fast)
        #expect(try fast.kinds() == [32, 900, 901])
        var ids: [ShortID] = []
        for kind in [32, 900, 901] { try fast.forEach(kind: kind) { ids.append($0.id) } }
        var found = 0
        for row in IndexedFields.specimens.rows + [.init(kind: 900, field: 99, form: .value)] {
            var values: Set<Value> = [.integer(2), .text("nobody"), .id(ids[0].bytes)]
            try fast.forEach(kind: row.kind) { state in
                for operation in state[row.field]?.left ?? [] {
                    if case .present(let value) = operation.value { values.insert(value) }
                }
            }
            for value in values {
                let (quick, plain) = (Collected(), Collected())
                try fast.forEach(kind: row.kind, field: row.field, equals: value) { quick.states.append($0) }
                try slow.forEach(kind: row.kind, field: row.field, equals: value) { plain.states.append($0) }
                #expect(quick.states == plain.states, "\(row) \(value)")
                found += quick.states.count
            }
            for (first, last) in [
                (Value.date("2027-03-11"), Value.date("2027-03-13")), (.date("2027-03-12"), .date("2027-03-12")),
                (.date("2027-03-13"), .date("2027-03-11")),
                (.instant(seconds: -50_000_000_000, zone: nil), .instant(seconds: 50_000_000_000, zone: nil)),
                (.instant(seconds: -150_000_000_000, zone: nil), .instant(seconds: -1, zone: nil)),
                (.instant(seconds: 0, zone: nil), .instant(seconds: 0, zone: "UTC")),
                (.instant(seconds: 1, zone: nil), .date("2027-03-12")),
            ] {
                let (quick, plain) = (Collected(), Collected())
                try fast.forEach(kind: row.kind, field: row.field, from: first, to: last) { quick.states.append($0) }
                try slow.forEach(kind: row.kind, field: row.field, from: first, to: last) { plain.states.append($0) }
                #expect(quick.states == plain.states, "\(row) \(first) \(last)")
                found += quick.states.count
            }
        }
        #expect(found > 20)
        let two = [FieldValue(field: 18, value: .integer(2)), FieldValue(field: 20, value: .integer(3))]
        for wanted in [two, two + [FieldValue(field: 16, value: .null)], [two[1]], []] {
            let (quick, plain) = (Collected(), Collected())
            try fast.forEach(kind: 900, holding: wanted) { quick.states.append($0) }
            try slow.forEach(kind: 900, holding: wanted) { plain.states.append($0) }
            #expect(quick.states == plain.states, "\(wanted)")
        }
        var named = 0
        for id in ids + [ShortID(1, 2), ShortID(9, 9)] {
            let referrers = try fast.referrers(to: id)
            #expect(try referrers == slow.referrers(to: id))
            named += referrers.count
            #expect(try fast.digits(of: id, atLeast: 1) == slow.digits(of: id, atLeast: 1), "\(id)")
            #expect(try fast.digits(of: id, atLeast: 8) == slow.digits(of: id, atLeast: 8))
            #expect(try fast.state(of: id) { $0 == 901 ? 17 : 16 } == slow.state(of: id) { $0 == 901 ? 17 : 16 })
            #expect(try fast.state(of: id) { _ in nil } == slow.state(of: id) { _ in nil })
        }
        #expect(named > 3)
    }

    private final class Collected { var states: [RecordState] = [] }

    @Test func `a store whose fields changed is derived anew when it is opened`() throws {
        let store = try TestNetwork(members: 2, seed: 301).stores[1]
        var editor = RandomEditor(random: SeededEntropy(seed: 302))
        for _ in 0..<40 { try editor.edit(store) }
        #expect(try store.facts() == [])
        func reopened(_ indexed: IndexedFields) throws -> ReplicaStore {
            try ReplicaStore(
                connection: store.connection, charter: nil, identity: store.identity, marker: nil,
                entropy: SeededEntropy(seed: 303), indexed: indexed)
        }
        let more = try reopened(.specimens)
        try checkEqual(more, "more")
        #expect(try more.verify() == [])
        let some = try reopened(IndexedFields([.init(kind: 900, field: 20, form: .value)]))
        try checkEqual(some, "some")
        #expect(try some.facts().count < more.givenFacts().count)
        // Opened again with the same fields nothing is derived: what was put there by hand stays.
        try some.connection.execute("INSERT INTO facts(kind, field, key, record) VALUES(900, 20, X'FE', 1)")
        #expect(try reopened(some.indexed).facts().contains { $0.key == [0xFE] })
        #expect(try some.verify() == ["what is shown differs from what the segments give: run rebuild"])
        #expect(try reopened(.none).facts() == [])
    }

    @Test func `a store of the version before gets what it lacks when it is opened`() throws {
        let store = try TestNetwork(members: 2, seed: 311, indexed: .specimens).stores[1]
        var editor = RandomEditor(random: SeededEntropy(seed: 312))
        for _ in 0..<40 { try editor.edit(store) }
        let (facts, digest) = (try store.facts(), try store.projectionDigest())
        try store.connection.execute(
            """
            DROP TABLE facts; DROP TABLE sessions; DROP TABLE arrivals; DROP INDEX entriesByAuthor;
            DROP INDEX mergedRecords;
            DELETE FROM meta WHERE key = 'indexed';
            UPDATE meta SET value = X'01' WHERE key = 'projection'; PRAGMA user_version = 1
            """)
        store.connection.schemaVersion = 1
        let opened = try ReplicaStore(
            connection: store.connection, charter: nil, identity: store.identity, marker: nil,
            entropy: SeededEntropy(seed: 313), indexed: .specimens)
        #expect(opened.connection.schemaVersion == 2)
        #expect(try opened.facts() == facts)
        #expect(try opened.projectionDigest() == digest)
        #expect(try opened.verify() == [])
        #expect(try RecordAccess(opened, time: 0).sessions() == [])
        try editor.edit(opened)
        try checkEqual(opened, "edited")
    }

    @Test func `a value that was found goes from every file`() throws {
        let folder = TemporaryFolder()
        let author = try TestNetwork(members: 2, seed: 331, indexed: .specimens).stores[1].twin(
            in: folder, name: "author", seed: 332)
        var written: [WrittenEntry] = []
        for start in stride(from: 0, to: 3000, by: 100) {
            let drafts = (start..<start + 100).map { index in
                EntryDraft(
                    target: .new(kind: 900),
                    operations: [
                        OperationDraft(
                            field: 16, type: .register, replaces: [],
                            value: .text("secret number \(index * 7919 % 3000) of many"))
                    ])
            }
            written += try author.write(drafts, space: SpaceName.net, time: 5)
        }
        #expect(contents(of: folder("author-wal")).contains(Value.text("secret number 2999 of many").encoded))
        for index in stride(from: 0, to: 3000, by: 300) {
            let number = index * 7919 % 3000
            try author.eraseValue(entry: written[index].entry, operation: 0)
            let wanted = Value.text("secret number \(number) of many").encoded
            for file in ["author", "author-wal"] {
                #expect(!contents(of: folder(file)).contains(wanted), "\(number) in \(file)")
            }
        }
        #expect(try author.verify() == [])
        #expect(try author.facts().count == 2990)
    }

    @Test func `one of two equal values goes, and the record is still found by the other`() throws {
        let network = try TestNetwork(members: 3, seed: 321, indexed: .specimens)
        let (first, second) = (network.stores[1], network.stores[2])
        let record = try first.create("start").record
        try meet([first, second])
        let one = try first.set(record, 16, "same")
        try second.set(record, 16, "same")
        try meet([first, second])
        let key = Value.text("same").encoded
        #expect(try first.facts().contains { $0.key == key })
        try first.eraseValue(entry: one.entry, operation: 0)
        #expect(try first.facts().contains { $0.key == key })
        try checkEqual(first, "one erased")
        try first.set(record, 16, "other")
        #expect(try !first.facts().contains { $0.key == key })
        try checkEqual(first, "both replaced")
    }
}
