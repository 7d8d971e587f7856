internal import CSQLite

/// The one connection to a store's database: for one thread at a time, without a lock of its own.
///
/// Debian's SQLite still has the WAL-reset race, which needs two connections: the database is locked exclusively as
/// long as this one is open.
@safe package final class Connection {
    /// How a database is opened; all values but the defaults are for tests.
    package struct Settings: Sendable {
        /// The name of SQLite's virtual file system; nil for the system's own.
        package var fileSystem: String?
        /// The page cache, KiB.
        package var cacheKibibytes = 16_384
        /// The most pages that the file may have; nil for SQLite's own limit.
        package var maximumPages: Int?
        /// What `synchronous` is set to; anything but 2 (FULL) is refused when it is read back.
        package var synchronous = 2

        package init() {}
    }

    /// Where the database lies, for messages; ":memory:" for one in memory.
    package let path: String
    /// The version that the file has: at least `StoreSchema.oldest`, at most `StoreSchema.version`.
    package internal(set) var schemaVersion = 0
    /// True if this connection created the schema.
    package internal(set) var isNew = false

    private var database: OpaquePointer?
    private var statements: [Query] = []
    private var cache: [UInt: Query] = [:]
    /// The failure after which nothing more may be written: it is uncertain what is durable.
    private var writeFailure: StoreError?
    /// Set when what the owner keeps in memory could not be read back: nothing more is answered.
    private var isGivenUp = false
    /// A statement holds a view of the database for others.
    private var isReading = false
    /// What the log shows may not be on the disk.
    var mustSettleLog = false
    /// Asked before each commit whether the files are still the ones that were opened.
    var checkFiles: (() throws(StoreError) -> Void)?

    /// Takes over an open database; `open` and `inMemory` set it up.
    init(path: String, database: OpaquePointer) {
        self.path = path
        unsafe self.database = database
    }

    deinit { close() }

    /// Ends every statement and gives the database up; further calls do nothing.
    ///
    /// The log is checkpointed into the database file and removed.
    package func close() {
        for statement in statements { statement.finalize() }
        statements = []
        cache = [:]
        unsafe sqlite3_close_v2(database)
        unsafe database = nil
    }

    // MARK: Statements

    /// The statement of a literal text, prepared when it is first asked for and kept.
    ///
    /// Found by the literal's address: the same text in two places may give two statements.
    package func query(_ sql: StaticString) throws(StoreError) -> Query {
        precondition(sql.hasPointerRepresentation, "a statement is longer than one character")
        if isGivenUp { throw .failedBefore(path: path) }
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        if let statement = cache[key] { return statement }
        let statement = try prepare(sql.description)
        cache[key] = statement
        return statement
    }

    /// Prepares a statement that the caller keeps; it lives as long as the connection.
    package func prepare(_ sql: String) throws(StoreError) -> Query {
        guard let database = unsafe database else { throw .closed }
        if isGivenUp { throw .failedBefore(path: path) }
        var handle: OpaquePointer?
        let result = unsafe sqlite3_prepare_v3(
            database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard result == SQLITE_OK, let handle = unsafe handle else { throw failure(result, sql) }
        let statement = unsafe Query(self, handle)
        statements.append(statement)
        return statement
    }

    /// Runs statements without parameters that are used once, separated by semicolons.
    package func execute(_ script: String) throws(StoreError) {
        guard let database = unsafe database else { throw .closed }
        if isGivenUp { throw .failedBefore(path: path) }
        let result = unsafe sqlite3_exec(database, script, nil, nil, nil)
        guard result == SQLITE_OK else { throw failure(result, script) }
    }

    /// The number that SQLite gave to the row inserted last.
    package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(database) }

    /// How many rows the last change touched.
    package var changedRows: Int { Int(unsafe sqlite3_changes64(database)) }

    // MARK: Transactions

    /// Whether a transaction is open.
    package var isInTransaction: Bool {
        guard let database = unsafe database else { return false }
        return unsafe sqlite3_get_autocommit(database) == 0
    }

    /// Does all of the body or nothing: durable when this returns, undone if anything throws.
    ///
    /// A transaction inside another is our own fault and traps.
    @discardableResult
    package func transaction<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
        try transaction(throwing: StoreError.self, body)
    }

    /// As `transaction`, for a body that throws errors of its own.
    @discardableResult
    package func transaction<R, E: CarriesStoreError>(
        throwing: E.Type, _ body: () throws(E) -> R
    ) throws(E) -> R {
        do { try begin() } catch { throw E(store: error) }
        let value: R
        do {
            value = try body()
        } catch {
            rollBack()
            throw error
        }
        do { try commit() } catch { throw E(store: error) }
        return value
    }

    /// Reads many times with one view of the database, which spares each statement the beginning of its own.
    ///
    /// The body may write; it must not change the schema nor checkpoint. Inside another one, and inside a
    /// transaction, the view is there already.
    package func reading<R, E>(_ body: () throws(E) -> R) throws(E) -> R {
        guard !isInTransaction, !isReading, let view = try? query("SELECT 1 FROM sqlite_schema") else {
            return try body()
        }
        // Where it cannot be had, each statement finds out itself what is wrong.
        isReading = (try? view.step()) == true
        defer {
            isReading = false
            view.reset()
        }
        return try body()
    }

    private func begin() throws(StoreError) {
        // First: after a failure that could not be undone the transaction may be open still.
        if writeFailure != nil { throw .failedBefore(path: path) }
        try requireDurable()
        precondition(!isInTransaction, "a transaction inside another")
        try query("BEGIN IMMEDIATE").run()
    }

    private func commit() throws(StoreError) {
        do throws(StoreError) {
            // SQLite undoes a transaction by itself when some statements fail; a body that went on regardless must
            // not be told that its work is durable.
            guard isInTransaction else { throw .failedBefore(path: path) }
            try checkFiles?()
            try query("COMMIT").run()
        } catch {
            rollBack()
            // After a failed fsync the kernel may have dropped the pages and would report success to whoever asks
            // again: no retry, what is durable is read back at the next start.
            switch error {
            case .full, .busy, .outOfMemory: break
            default: writeFailure = error
            }
            throw error
        }
    }

    /// Answers nothing more, as what its owner keeps in memory is not what the database holds.
    func giveUp() { isGivenUp = true }

    /// Undoes an open transaction; after some failures SQLite has done so itself.
    private func rollBack() {
        for statement in statements { statement.reset() }
        guard isInTransaction else { return }
        do { try query("ROLLBACK").run() } catch { writeFailure = error }
    }

    // MARK: Care

    /// Moves the log into the database file and cuts it to nothing, so that no erased byte stays in it.
    package func checkpoint() throws(StoreError) {
        try query("PRAGMA wal_checkpoint(TRUNCATE)").run()
    }

    /// Requires that everything that can be read is durable, and may be handed out.
    func requireDurable() throws(StoreError) {
        guard mustSettleLog else { return }
        try settleLog()
        mustSettleLog = false
    }

    /// Makes durable what the log shows; before anything is built on it.
    func settleLog() throws(StoreError) {
        guard let database = unsafe database else { throw .closed }
        let result = unsafe liaison_sqlite_settle_log(database)
        guard result == SQLITE_OK else { throw failure(result, "open") }
    }

    /// What SQLite finds wrong with the file's structure, at most 100 findings; empty if it is sound.
    package func findings() throws(StoreError) -> [String] {
        try query("PRAGMA integrity_check(100)").all { row in row.text(0) }.filter { $0 != "ok" }
    }

    /// The first column of the only row that a query gives.
    func scalar(_ query: String) throws(StoreError) -> String {
        try prepare(query).first { row in row.text(0) } ?? ""
    }

    /// The typed form of a result code, with the words of the connection's last failure.
    @inline(never)
    func failure(_ result: Int32, _ statement: String) -> StoreError {
        let message = unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) } ?? "no message"
        let systemCode = unsafe sqlite3_system_errno(database)
        return StoreError(result: result, systemCode: systemCode, message: message, path: path, statement: statement)
    }
}
