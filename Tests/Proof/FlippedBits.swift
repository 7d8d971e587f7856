import Bytes
import Crypto
import MemoryDisk
import Node
import Replica
import Simulator
import Store

/// S8 and S11: one bit of a database is flipped, or one number in it is another.
///
/// Whatever the store does then, it does not trap and gives no harm on: what it shows is what it was, or `verify` finds
/// the damage, or a typed error says so; and no peer takes in an entry that nobody wrote.
struct FlippedBits: Proof {
    static let name = "flippedbits"

    /// Seeds that damage copies of one store.
    private static let seedsPerStore: UInt64 = 50

    private var sound: SoundStore?
    private var tally: [String: Int] = [:]

    mutating func run(seed: UInt64) throws -> Digest {
        let number = seed / Self.seedsPerStore
        if sound?.number != number { sound = try SoundStore(number: number) }
        guard let sound else { throw Defect("there is a store") }
        var random = SeededEntropy(seed: seed)
        let disk = sound.disk.copy(asImage: true)
        let what = try damage(disk, seed: seed, &random)
        tally["bits and numbers", default: 0] += 1
        let outcome: String
        do {
            outcome = try DamagedStore(sound: sound, disk: disk, seed: seed).outcome()
        } catch { throw Defect("\(what): \(error)") }
        tally[outcome, default: 0] += 1
        return Hash.blake2b(.stored, Array("\(what) \(outcome)".utf8))
    }

    /// - Returns: what was done, for messages.
    private func damage(_ disk: MemoryDisk, seed: UInt64, _ random: inout SeededEntropy) throws -> String {
        if seed % 2 == 0 {
            guard let flip = disk.flipBit(seed: seed, in: MemoryDisk.database) else { throw Defect("an empty file") }
            return "bit \(flip.bit) of byte \(flip.offset)"
        }
        let connection = try disk.connection(schema: ReplicaStore.schema)
        let columns = [
            ("logs", "n"), ("logs", "class"), ("branches", "n"), ("branches", "log"), ("branches", "parent"),
            ("branches", "parentSequence"), ("branches", "head"), ("branches", "fillEntries"),
            ("branches", "fillBytes"), ("branches", "start"), ("segments", "branch"), ("segments", "first"),
            ("segments", "last"), ("segments", "start"), ("segments", "entryCount"), ("segments", "place"),
            ("introductions", "sequence"), ("slots", "slot"), ("slots", "branch"), ("slots", "sequence"),
            ("seeds", "first"), ("seeds", "level"), ("sessions", "n"), ("sessions", "received"),
            ("arrivals", "branch"), ("arrivals", "first"), ("arrivals", "last"), ("authors", "n"), ("entries", "n"),
            ("entries", "branch"), ("entries", "sequence"), ("entries", "record"), ("entries", "author"),
            ("entries", "time"), ("entries", "status"), ("entries", "following"), ("entries", "fillEntries"),
            ("entries", "fillBytes"), ("records", "n"), ("records", "kind"), ("records", "creator"),
            ("records", "deleted"), ("records", "isPresent"), ("current", "record"), ("current", "field"),
            ("current", "entry"), ("current", "place"), ("current", "type"), ("current", "depth"),
            ("current", "held"), ("past", "entry"), ("past", "place"), ("past", "type"), ("past", "depth"),
            ("past", "held"), ("facts", "field"), ("facts", "record"), ("candidates", "record"),
            ("spaces", "records"), ("spaces", "entries"), ("spaces", "notUnderstood"),
        ]
        defer { connection.close() }
        // What finds no row, or one that has this number already, is no damage: another is drawn.
        while true {
            let (table, column) = columns.randomElement(using: &random) ?? columns[0]
            let statement = statement(table, column, &random)
            let isChanged = try connection.transaction { () throws(StoreError) in
                try connection.execute(statement)
                return try connection.query("SELECT changes()").first { $0.int(0) } ?? 0 > 0
            }
            if isChanged { return statement }
        }
    }

    /// Sets one number of a table to another one.
    private func statement(_ table: String, _ column: String, _ random: inout SeededEntropy) -> String {
        let values = ["-1", "0", "255", "1 << 31", "1 << 62", "9223372036854775807", "-9223372036854775808"]
        let bit = Int.random(in: 0..<63, using: &random)
        let value =
            Bool.random(using: &random)
            ? values.randomElement(using: &random) ?? "0"
            : "(\(column) | (1 << \(bit))) - (\(column) & (1 << \(bit)))"
        // A row without a rowid is named by its place in the order of the table.
        let offset = Int.random(in: 0..<1_000, using: &random)
        let row = "(SELECT \(column) FROM \(table) LIMIT 1 OFFSET \(offset) % max(1, (SELECT count(*) FROM \(table))))"
        return "UPDATE OR IGNORE \(table) SET \(column) = \(value) WHERE \(column) = \(row) AND \(column) <> \(value)"
    }

    var counts: [(name: String, count: Int)] {
        tally.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
    }
}

/// A store that is whole, with what it shows.
struct SoundStore {
    let number: UInt64
    let disk: MemoryDisk
    let charter: Charter
    let identity: ReplicaStore.Identity
    /// Everything that it shares.
    let segments: [IncomingSegment]
    /// What its peer has written since.
    let more: [IncomingSegment]
    let entries: Set<Digest>
    let shown: Shown

    /// What readers and peers see of a store.
    struct Shown: Equatable {
        let records: [RecordState]
        let conflicts: [ShortID]
        let digests: [Digest]
        let export: [[UInt8]]

        init(_ store: ReplicaStore) throws {
            let access = RecordAccess(store, time: 0)
            records = try Self.records(access)
            // Records that are only looked at, and found to be no conflict, may differ.
            conflicts = try access.conflictCandidates().filter { id in
                guard let record = try access.state(of: id) else { return true }
                return !record.contested.isEmpty
                    || [16, 17, 20].contains { record[$0].map { $0.left.count > 1 } ?? false }
            }
            digests = [SpaceName.policy, SpaceName.net].flatMap { [store.frontier(of: $0), store.state(of: $0)] }
            export = try Self.export(store)
        }

        private static func records(_ access: RecordAccess) throws -> [RecordState] {
            var records: [RecordState] = []
            for kind in try access.kinds() { try access.forEach(kind: kind) { records.append($0) } }
            return records
        }

        private static func export(_ store: ReplicaStore) throws(StoreError) -> [[UInt8]] {
            var export: [[UInt8]] = []
            try store.exportSegments { (_, _, bytes) throws(StoreError) in export.append(bytes) }
            return export
        }
    }

    static let indexed = IndexedFields([16, 18, 29].map { .init(kind: 900, field: $0, form: .value) })

    init(number: UInt64) throws {
        self.number = number
        var random = SeededEntropy(seed: number &* 77 &+ 5)
        let keys = [SigningKey(from: &random), SigningKey(from: &random), SigningKey(from: &random)]
        let channels = [AgreementKey(from: &random), AgreementKey(from: &random)]
        guard let nonce = ShortID(random.fill(16)) else { throw Defect("entropy gives what was asked for") }
        charter = Charter(name: "Bits", rootKeys: [keys[0].verifyingKey], threshold: 1, created: 0, nonce: nonce)
        disk = MemoryDisk(identity: number)
        let connection = try disk.connection(schema: ReplicaStore.schema)
        let store = try ReplicaStore(
            connection: connection, charter: charter, identity: nil, marker: disk.marker,
            entropy: SeededEntropy(seed: random.next()), indexed: Self.indexed)
        _ = try Founding.found(
            store, root: keys[0], device: keys[1], channelKey: channels[0], organisation: "Sector", time: 1)
        let peer = try ReplicaStore.inMemory(
            charter: charter, identity: nil, entropy: SeededEntropy(seed: random.next()), indexed: Self.indexed)
        guard
            let grant = try Founding.admit(
                keys[2].verifyingKey, channelKey: channels[1].publicKey, to: .organisation(name: "Institute"),
                in: store, time: 2), let own = store.identity
        else { throw Defect("the founder admits") }
        identity = own
        peer.setIdentity(.init(signingKey: keys[2], channelKey: channels[1], grant: grant))
        var waiting = WaitingRoom()
        _ = try peer.ingest(Self.shared(store), waiting: &waiting)
        try peer.openIncarnation(time: 3)
        var editor = RandomEditor(random: SeededEntropy(seed: random.next()))
        for round in 0..<4 {
            for _ in 0..<8 {
                try editor.edit(store)
                try editor.edit(peer)
            }
            _ = try peer.ingest(Self.shared(store), waiting: &waiting)
            var session = OpenSession(device: ShortID(4, 4), peer: "peer")
            if round < 3 { _ = try store.ingest(Self.shared(peer), waiting: &waiting, from: &session, time: 6) }
        }
        segments = try Self.shared(store)
        more = try Self.shared(peer)
        shown = try Shown(store)
        var entries: Set<Digest> = []
        for branch in store.sharedBranches() {
            for sequence in branch.parentSequence + 1...branch.head {
                if let id = try store.entryID(branch: branch.number, sequence: sequence) { entries.insert(id) }
            }
        }
        self.entries = entries
        connection.close()
    }

    /// Everything that a store shares, in the order in which it came.
    static func shared(_ store: ReplicaStore) throws(StoreError) -> [IncomingSegment] {
        var segments: [(place: Int, segment: IncomingSegment)] = []
        for branch in store.sharedBranches() {
            var next = branch.parentSequence + 1
            while next <= branch.head, let run = try store.segment(branch: branch.number, from: next) {
                segments.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                guard run.last >= next else { break }
                next = run.last + 1
            }
        }
        return segments.sorted { $0.place < $1.place }.map(\.segment)
    }
}

/// A store with one thing wrong in it.
private struct DamagedStore {
    let sound: SoundStore
    let disk: MemoryDisk
    let seed: UInt64

    /// The store's own errors; anything else is none that it may give.
    static func isTyped(_ error: any Error) -> Bool { error is StoreError || error is RecordStoreError }

    /// - Returns: how the damage was found, or that it does no harm.
    func outcome() throws -> String {
        guard let store = try orTyped(open) else { return "found at opening" }
        let outcome = try look(at: store)
        try give(store)
        // Whatever is done with it now: it does not trap.
        try orTyped { try edit(store, 1) }
        try orTyped { try takeIn(store) }
        try orTyped { try edit(store, 2) }
        try touch(store)
        try orTyped { try store.openIncarnation(time: 9) }
        try orTyped { try store.rebuild() }
        try orTyped { try edit(store, 3) }
        return outcome
    }

    /// What the body gives; nil where the store has refused it with an error of its own.
    @discardableResult
    private func orTyped<R>(_ body: () throws -> R) throws -> R? {
        do { return try body() } catch {
            guard Self.isTyped(error) else { throw error }
            return nil
        }
    }

    private func open() throws -> ReplicaStore {
        try ReplicaStore(
            connection: disk.connection(schema: ReplicaStore.schema), charter: nil, identity: sound.identity,
            marker: disk.marker, entropy: SeededEntropy(seed: seed), indexed: SoundStore.indexed)
    }

    private func edit(_ store: ReplicaStore, _ turn: UInt64) throws {
        var editor = RandomEditor(random: SeededEntropy(seed: seed &* 5 &+ turn))
        try editor.edit(store)
    }

    private func takeIn(_ store: ReplicaStore) throws {
        var waiting = WaitingRoom()
        _ = try store.ingest(sound.more, waiting: &waiting)
    }

    private func look(at store: ReplicaStore) throws -> String {
        let shown = try orTyped { try SoundStore.Shown(store) }
        guard let problems = try orTyped({ try store.verify() }), problems.isEmpty else { return "found by verify" }
        guard let shown else { throw Defect("reading fails, and verify finds nothing") }
        let whole = sound.shown
        guard shown.records == whole.records else { throw Defect("other records are shown, and verify finds nothing") }
        guard shown.conflicts == whole.conflicts else { throw Defect("other conflicts, and verify finds nothing") }
        guard shown.digests == whole.digests else { throw Defect("other digests, and verify finds nothing") }
        guard shown.export == whole.export else { throw Defect("another export, and verify finds nothing") }
        return "without harm"
    }

    /// A peer takes in nothing that nobody wrote.
    private func give(_ store: ReplicaStore) throws {
        guard let segments = try orTyped({ try SoundStore.shared(store) }) else { return }
        let peer = try ReplicaStore.inMemory(
            charter: sound.charter, identity: nil, entropy: SeededEntropy(seed: seed))
        var waiting = WaitingRoom()
        _ = try peer.ingest(segments, waiting: &waiting)
        for branch in peer.sharedBranches() {
            for sequence in branch.parentSequence + 1...branch.head {
                guard let id = try peer.entryID(branch: branch.number, sequence: sequence), sound.entries.contains(id)
                else { throw Defect("a peer took in an entry that nobody wrote") }
            }
        }
    }

    /// Everything else that reads or writes.
    private func touch(_ store: ReplicaStore) throws {
        let access = RecordAccess(store, time: 0)
        for record in sound.shown.records.prefix(12) {
            try orTyped { _ = try access.history(of: record.id) }
            try orTyped { _ = try access.lastEntries(of: record.id) }
        }
        try orTyped { _ = try access.arrivals(in: access.sessions().map(\.number)) }
        try orTyped { _ = try store.peers() }
        try orTyped { _ = try store.invitations() }
        for branch in store.sharedBranches() {
            try orTyped { try handOut(branch, of: store) }
            if branch.number % 3 == 0 { try orTyped { try eraseHead(of: branch, in: store) } }
        }
    }

    private func handOut(_ branch: SharedBranch, of store: ReplicaStore) throws {
        let shared = SharedStore(store: store)
        _ = try? shared.segment(branch: branch.number, from: branch.parentSequence + 1)
        _ = try? shared.explicitSegment(log: branch.log, first: 0, last: branch.head, head: branch.headID)
        _ = try store.explicitSegments(log: branch.log, first: 0, last: branch.head)
    }

    private func eraseHead(of branch: SharedBranch, in store: ReplicaStore) throws {
        guard let id = try store.entryID(branch: branch.number, sequence: branch.head) else { return }
        try store.eraseValue(entry: id, operation: 0)
    }
}
