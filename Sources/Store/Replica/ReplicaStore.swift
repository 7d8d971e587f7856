package import Crypto
package import Replica
import Bytes

/// Everything that one node holds: logs in segments, and what is derived from them.
///
/// One connection, one owner, no concurrency: the reactor's thread or a command. Every write is one transaction and
/// durable when it returns.
package final class ReplicaStore {
    let connection: Connection
    var topology = LogTopology()
    /// The logs that each branch names, in the order of their indexes from 1, as of its head.
    var tables: [Int: [Digest]] = [:]
    package private(set) var charter: Charter
    package private(set) var network: Digest
    /// Who may write, from all statements inside the frontier.
    package var authority: Authority
    var statements: [PlacedStatement] = []
    var spaces: [String: SpaceRow] = [:]
    /// Records that only entries which are not applied have named so far.
    var absentRecords: Set<Int> = []
    /// What was looked up lately.
    var recent = RecentRows()
    var nextEntry = 1
    var nextRecord = 1
    var nextAuthor = 1
    var authors: [AuthorKey: Int] = [:]
    /// The same by their numbers, as readers see them.
    var authorRows: [Int: AuthorRow] = [:]
    /// The fields by whose values records are found.
    let indexed: IndexedFields
    /// Whose store this is; nil for a store that only receives.
    package private(set) var identity: Identity?
    /// Which life of the store this is; nil until one was opened.
    package internal(set) var incarnation: ShortID?
    /// The mark outside of the database; nil where there is none to keep, as in memory.
    var marker: LifeMarker?
    var entropy: any Entropy
    /// Set when a peer showed entries of this very life that this store does not have.
    package internal(set) var isSuperseded = false
    /// What is kept outside of the frontier.
    var quarantine = QuarantineIndex()
    /// The quarantined logs of which something is authorised by now and names what is not held yet; nil where that was
    /// not asked yet.
    var releasable: Set<Digest>?
    /// What is stored just now was written here.
    var isWriting = false
    /// The session whose batch is being stored, and when.
    var arriving: (session: OpenSession, time: Int64)?
    /// Bytes that came since the releasable logs were tried last.
    var byteCountSinceRelease = 0
    /// How many seals were verified since it was opened, which is what intake costs most.
    var sealCheckCount = 0
    /// Is told how far a long call has come, and may end it: then nothing of it is kept.
    package var watcher: Watcher?

    /// The keys of a device and the grant under which it writes.
    package struct Identity: Sendable {
        package let signingKey: SigningKey
        package let channelKey: AgreementKey
        /// The device's admission; nil for a root key.
        package let grant: Digest?

        package init(signingKey: SigningKey, channelKey: AgreementKey, grant: Digest?) {
            self.signingKey = signingKey
            self.channelKey = channelKey
            self.grant = grant
        }

        /// The device id.
        package var device: ShortID { signingKey.verifyingKey.deviceID }
    }

    /// What is counted for a space.
    struct SpaceRow: Hashable, Sendable {
        var state = StateSum()
        var records = 0
        var entries = 0
        var notUnderstood = 0
    }

    struct AuthorKey: Hashable {
        let device: ShortID
        let auth: Digest?
    }

    /// In whose name an author writes.
    struct AuthorRow {
        let device: ShortID
        let organisation: ShortID?
    }

    /// Opens a replica in a connection that has `ReplicaStore.schema`.
    /// - Parameters:
    ///   - charter: the network; nil to read it from a store that was opened before.
    ///   - marker: where the life of the store is marked outside of the database.
    ///   - indexed: the fields by whose values records are found; the index follows when they change.
    ///   - values: what a new store keeps by name, in the same transaction as its charter.
    /// - Throws: `StoreError`, `corrupt` where what is stored contradicts itself.
    package init(
        connection: Connection, charter: Charter?, identity: Identity?, marker: LifeMarker?, entropy: any Entropy,
        indexed: IndexedFields, values: [String: [UInt8]] = [:]
    ) throws(StoreError) {
        self.connection = connection
        self.indexed = indexed
        self.marker = marker
        self.entropy = entropy
        let stored = try ReplicaStore.meta(connection, "charter")
        if let stored {
            do { self.charter = try Charter(decoding: stored) } catch {
                throw .corrupt(path: connection.path, code: 11, message: "the charter")
            }
        } else if let charter {
            self.charter = charter
        } else {
            throw .notAStore(path: connection.path)
        }
        network = self.charter.network
        authority = Authority(charter: self.charter, statements: [])
        self.identity = identity
        if stored == nil {
            let encoded = self.charter.encoded
            try connection.transaction { () throws(StoreError) in
                try ReplicaStore.setMeta(connection, "charter", encoded)
                try ReplicaStore.setMeta(connection, "projection", [UInt8(ReplicaSchema.projectionVersion)])
                try ReplicaStore.setMeta(connection, "indexed", indexed.digest.bytes)
                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                    try ReplicaStore.setMeta(connection, key, value)
                }
            }
        }
        try addMissingTables()
        try load()
        if try ReplicaStore.meta(connection, "projection") != [UInt8(ReplicaSchema.projectionVersion)] { try rebuild() }
        if try ReplicaStore.meta(connection, "indexed") != indexed.digest.bytes { try deriveFacts() }
    }

    /// Gives a store of an older version the tables that it lacks.
    private func addMissingTables() throws(StoreError) {
        guard connection.schemaVersion < ReplicaSchema.schema.version else { return }
        try connection.transaction { () throws(StoreError) in
            for version in connection.schemaVersion..<ReplicaSchema.schema.version {
                if let step = ReplicaSchema.steps[version] { try connection.execute(step) }
            }
            try connection.setSchemaVersion(ReplicaSchema.schema.version)
        }
    }

    /// The schema that the connection must have.
    package static var schema: StoreSchema { ReplicaSchema.schema }

    /// A replica in memory, for tests and simulations.
    package static func inMemory(
        charter: Charter, identity: Identity?, entropy: any Entropy, indexed: IndexedFields = .none
    ) throws(StoreError) -> ReplicaStore {
        try ReplicaStore(
            connection: try Connection.inMemory(schema: schema), charter: charter, identity: identity, marker: nil,
            entropy: entropy, indexed: indexed)
    }

    /// Names whose store this is, once an admission is known.
    package func setIdentity(_ identity: Identity) { self.identity = identity }

    // MARK: Small things kept by name

    /// A value kept under a name.
    package func meta(_ key: String) throws(StoreError) -> [UInt8]? { try ReplicaStore.meta(connection, key) }

    /// Keeps a value under a name, durably.
    package func setMeta(_ key: String, _ value: [UInt8]) throws(StoreError) {
        if connection.isInTransaction { return try ReplicaStore.setMeta(connection, key, value) }
        try connection.transaction { () throws(StoreError) in try ReplicaStore.setMeta(connection, key, value) }
    }

    /// Whether a store belongs to a network for good: its device has entered it.
    package static func hasEntered(_ connection: Connection) throws(StoreError) -> Bool {
        try meta(connection, "entered") != nil
    }

    private static func meta(_ connection: Connection, _ key: String) throws(StoreError) -> [UInt8]? {
        try connection.query("SELECT value FROM meta WHERE key = ?").bind(1, key).first { $0.bytes(0) }
    }

    private static func setMeta(_ connection: Connection, _ key: String, _ value: [UInt8]) throws(StoreError) {
        try connection.query("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)").bind(1, key).bind(2, value).run()
    }

    /// Tells whoever waits how far a call has come.
    /// - Throws: `cancelled` when they wait no longer.
    func tell(_ progress: WorkProgress) throws(StoreError) {
        guard let watcher, !watcher(progress) else { return }
        throw .cancelled
    }

    // MARK: Loading

    /// Reads what is kept in memory: topology, tables, totals, statements.
    ///
    /// If that fails the store serves no more: with a part of it a write would go on from where it did not end.
    func load() throws(StoreError) {
        do throws(StoreError) { try loadAll() } catch {
            connection.giveUp()
            throw error
        }
    }

    private func loadAll() throws(StoreError) {
        topology = LogTopology()
        tables = [:]
        try loadTopology()
        spaces = [:]
        let rows = try connection.query("SELECT name, state, records, entries, notUnderstood FROM spaces")
        for (name, row) in try rows.all({ (r) throws(StoreError) in
            (
                r.text(0),
                SpaceRow(state: StateSum(try r.fixed(1)), records: r.int(2), entries: r.int(3), notUnderstood: r.int(4))
            )
        }) {
            for count in [row.records, row.entries, row.notUnderstood] {
                guard (0...EntryLimits.sequence).contains(count) else { throw damaged("the counts of \(name)") }
            }
            spaces[name] = row
        }
        recent = RecentRows()
        absentRecords = Set(try connection.query("SELECT n FROM records WHERE isPresent = 0").all { $0.int(0) })
        nextEntry = try maximum("SELECT max(n) FROM entries") + 1
        nextRecord = try maximum("SELECT max(n) FROM records") + 1
        nextAuthor = try maximum("SELECT max(n) FROM authors") + 1
        try loadAuthors()
        incarnation = try meta("incarnation").flatMap { ShortID($0) }
        let superseded = try meta("superseded").flatMap { ShortID($0) }
        isSuperseded = superseded != nil && superseded == incarnation
        try loadStatements()
        try loadQuarantine()
    }

    private func loadAuthors() throws(StoreError) {
        (authors, authorRows) = ([:], [:])
        let rows = try connection.query("SELECT n, device, auth, organisation FROM authors").all {
            (r) throws(StoreError) in
            (
                number: r.int(0), key: AuthorKey(device: try r.fixed(1), auth: try r.optionalFixed(2)),
                organisation: try r.optionalFixed(3) as ShortID?
            )
        }
        for row in rows {
            authors[row.key] = row.number
            authorRows[row.number] = AuthorRow(device: row.key.device, organisation: row.organisation)
        }
    }

    private func maximum(_ sql: StaticString) throws(StoreError) -> Int {
        let number = try connection.query(sql).first { $0.int(0) } ?? 0
        guard (0..<EntryLimits.sequence).contains(number) else { throw damaged("a number of \(number)") }
        return number
    }

    private func loadTopology() throws(StoreError) {
        for row in try connection.query("SELECT n, id, space, class, device, incarnation FROM logs ORDER BY n").all({
            (r) throws(StoreError) in
            LogRow(
                number: r.int(0), id: try r.fixed(1),
                descriptor: LogDescriptor(
                    space: r.text(2), logClass: r.int(3) == 0 ? .control : .data, device: try r.fixed(4),
                    incarnation: try r.fixed(5)))
        }) {
            guard row.number == topology.logs.count, topology.log(row.id) == nil,
                row.descriptor.id(network: network) == row.id
            else { throw damaged("log \(row.number)") }
            topology.add(row)
        }
        let rows = try connection.query(
            """
            SELECT n, log, parent, parentSequence, head, headID, fillEntries, fillBytes, start, auth
            FROM branches ORDER BY n
            """
        )
        for row in try rows.all({ (r) throws(StoreError) in
            BranchRow(
                number: r.int(0), log: r.int(1), parent: r.isNull(2) ? nil : r.int(2), parentSequence: r.int(3),
                head: r.int(4),
                headID: try r.fixed(5), fill: SegmentFill(entries: r.int(6), bytes: r.int(7)), start: r.int(8),
                auth: try r.optionalFixed(9))
        }) {
            guard topology.canAdd(row) else { throw damaged("branch \(row.number)") }
            topology.add(row)
        }
    }

    /// The logs that a branch names, by index − 1, as of a sequence number.
    func table(of branch: Int, below sequence: Int) throws(StoreError) -> [Digest] {
        let row = topology.branches[branch]
        if sequence > row.head, let known = tables[branch] { return known }
        var logs: [Digest] = []
        if let parent = row.parent { logs = try table(of: parent, below: min(sequence, row.parentSequence + 1)) }
        logs += try connection.query(
            "SELECT log FROM introductions WHERE branch = ? AND sequence < ? ORDER BY sequence, place"
        ).bind(1, branch).bind(2, sequence).all { (r) throws(StoreError) in try r.fixed(0) }
        if sequence > row.head { tables[branch] = logs }
        return logs
    }
}

extension Query {
    /// An id, or nil for null.
    func optionalFixed<Value: FixedBytes>(_ column: Int) throws(StoreError) -> Value? {
        isNull(column) ? nil : try fixed(column)
    }
}
