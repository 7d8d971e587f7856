internal import CSQLite
internal import Glibc

extension Connection {
    /// Opens the database of a data folder, and creates it where there is none.
    ///
    /// - Throws: `newer`, `older`, `notAStore`, `refusedSetting`, `busy`, `corrupt`, or a failure of the disk.
    package static func open(
        in home: Home, schema: StoreSchema, settings: Settings = Settings()
    ) throws(StoreError) -> Connection {
        // From birth with its mode: SQLite would apply the umask. Its log takes the mode of the database.
        if !(try home.exists(.store)) { try home.create(.store) }
        try home.check(.store)
        let connection = try open(path: home.path(of: .store), schema: schema, settings: settings)
        if settings.fileSystem == nil {
            let files = try home.identities(of: [.lock, .store, .storeLog])
            connection.checkFiles = { () throws(StoreError) in try home.require(files) }
            try home.synchronize()
        }
        return connection
    }

    /// Opens a database by its path; it must exist unless the settings name a file system.
    package static func open(
        path: String, schema: StoreSchema, settings: Settings = Settings()
    ) throws(StoreError) -> Connection {
        var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE
        if settings.fileSystem != nil || path == memory { flags |= SQLITE_OPEN_CREATE }
        var database: OpaquePointer?
        let result: Int32
        if let fileSystem = settings.fileSystem {
            result = unsafe sqlite3_open_v2(path, &database, flags, fileSystem)
        } else {
            result = unsafe sqlite3_open_v2(path, &database, flags, nil)
        }
        guard let database = unsafe database else { throw .outOfMemory }
        let connection = unsafe Connection(path: path, database: database)
        guard result == SQLITE_OK else { throw connection.failure(result, "open") }
        let defended = unsafe liaison_sqlite_defend(database)
        guard defended == SQLITE_OK else { throw connection.failure(defended, "open") }
        try connection.configure(settings)
        try connection.prepare(schema, settings)
        return connection
    }

    /// A database that exists in memory alone, for tests and simulations.
    package static func inMemory(schema: StoreSchema, settings: Settings = Settings()) throws(StoreError) -> Connection
    {
        try open(path: memory, schema: schema, settings: settings)
    }

    /// SQLite's name for a database without a file.
    private static var memory: String { ":memory:" }

    /// Records that the caller has migrated the schema; inside the transaction that did it.
    package func setSchemaVersion(_ version: Int) throws(StoreError) {
        try execute("PRAGMA user_version=\(version)")
        schemaVersion = version
    }

    private func configure(_ settings: Settings) throws(StoreError) {
        // Exclusive before the journal is touched: then no shared memory is needed, and no second opener comes in.
        // No memory mapping: a disk that fails under it raises a signal instead of an error.
        try execute(
            """
            PRAGMA locking_mode=EXCLUSIVE;
            PRAGMA foreign_keys=OFF;
            PRAGMA cell_size_check=ON;
            PRAGMA temp_store=MEMORY;
            PRAGMA secure_delete=ON;
            PRAGMA cache_size=-\(settings.cacheKibibytes);
            PRAGMA mmap_size=0;
            """)
        if let maximumPages = settings.maximumPages { try execute("PRAGMA max_page_count=\(maximumPages)") }
    }

    private func prepare(_ schema: StoreSchema, _ settings: Settings) throws(StoreError) {
        let version = try scalar("PRAGMA user_version")
        let application = try scalar("PRAGMA application_id")
        guard let found = Int(version) else { throw .notAStore(path: path) }
        let tables = try scalar("SELECT count(*) FROM sqlite_schema")
        let isEmpty = found == 0 && application == "0" && tables == "0"
        if isEmpty {
            // FULL alone can lose the creation itself: EXTRA syncs the folder too.
            try execute("PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; PRAGMA synchronous=EXTRA")
        } else {
            guard application == String(StoreSchema.applicationID) else { throw .notAStore(path: path) }
            guard found <= schema.version else { throw .newer(path: path, found: found, known: schema.version) }
            guard found >= schema.oldest else { throw .older(path: path, found: found, oldest: schema.oldest) }
            // The mode is kept in the file: another one means that somebody changed it.
            if path != Self.memory { try require("journal_mode", "wal") }
            try setSynchronous(settings)
        }
        try execute("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=2000; PRAGMA journal_size_limit=16777216")
        if path != Self.memory {
            try require("journal_mode", "wal")
            try require("locking_mode", "exclusive")
        }
        schemaVersion = found
        guard isEmpty else {
            // Where the disk fails reading goes on, and nothing is built on the log until this has succeeded.
            if path != Self.memory { mustSettleLog = (try? settleLog()) == nil }
            return
        }
        try transaction { () throws(StoreError) in
            try execute(schema.creation)
            try execute("PRAGMA application_id=\(StoreSchema.applicationID); PRAGMA user_version=\(schema.version)")
        }
        schemaVersion = schema.version
        isNew = true
        try setSynchronous(settings)
    }

    private func setSynchronous(_ settings: Settings) throws(StoreError) {
        try execute("PRAGMA synchronous=\(settings.synchronous)")
        try require("synchronous", "2")
    }

    private func require(_ name: String, _ needed: String) throws(StoreError) {
        let found = try scalar("PRAGMA \(name)")
        guard found == needed else {
            throw .refusedSetting(path: path, name: name, found: found, needed: needed)
        }
    }
}

extension StoreError {
    /// The typed form of SQLite's result code.
    /// - Parameter systemCode: errno of the system call that failed, or 0.
    init(result: Int32, systemCode: Int32, message: String, path: String, statement: String) {
        let primary = result & 0xFF
        switch primary {
        case SQLITE_FULL:
            self = .full(path: path)
        case SQLITE_IOERR where systemCode == ENOSPC || systemCode == EDQUOT:
            self = .full(path: path)
        case SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_NOTADB:
            self = .corrupt(path: path, code: Int(result), message: message)
        case SQLITE_BUSY, SQLITE_LOCKED:
            self = .busy(path: path)
        case SQLITE_NOMEM:
            self = .outOfMemory
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_PROTOCOL:
            let cause = systemCode == 0 ? message : "\(message), \(systemMessage(systemCode))"
            self = .io(path: path, operation: "use", code: Int(primary), extendedCode: Int(result), message: cause)
        default:
            self = .refusedStatement(code: Int(result), message: message, statement: statement)
        }
    }
}
