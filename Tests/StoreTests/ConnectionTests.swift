import Crypto
import Glibc
import Testing

@testable import Store

@Suite(.serialized) struct ConnectionTests {
    let folder = TemporaryFolder()

    @Test func `a store is created once and opened again with its settings`() throws {
        let home = try Home.create(folder("home"))
        let first = try Connection.open(in: home, schema: .sample)
        #expect(first.isNew && first.schemaVersion == 3)
        #expect(try first.scalar("PRAGMA synchronous") == "2")
        #expect(try first.scalar("PRAGMA journal_mode") == "wal")
        #expect(try first.scalar("PRAGMA locking_mode") == "exclusive")
        #expect(try first.scalar("PRAGMA secure_delete") == "1")
        #expect(try first.scalar("PRAGMA temp_store") == "2")
        #expect(try first.scalar("PRAGMA mmap_size") == "0")
        #expect(try first.scalar("PRAGMA foreign_keys") == "0")
        try first.transaction { () throws(StoreError) in try first.add([1, 2]) }
        first.close()
        #expect(throws: StoreError.closed) { try first.itemCount() }
        let second = try Connection.open(in: home, schema: .sample)
        #expect(!second.isNew)
        #expect(try second.itemCount() == 1)
        #expect(try second.findings() == [])
    }

    @Test func `S2: a changed journal mode or synchronous is refused and named`() throws {
        let home = try Home.create(folder("home"))
        try Connection.open(in: home, schema: .sample).close()
        var settings = Connection.Settings()
        settings.synchronous = 1
        let path = home.path(of: .store)
        #expect(throws: StoreError.refusedSetting(path: path, name: "synchronous", found: "1", needed: "2")) {
            try Connection.open(in: home, schema: .sample, settings: settings)
        }
        #expect(shell("sqlite3 '\(path)' 'PRAGMA journal_mode=DELETE' >/dev/null") == 0)
        #expect(throws: StoreError.refusedSetting(path: path, name: "journal_mode", found: "delete", needed: "wal")) {
            try Connection.open(in: home, schema: .sample)
        }
        #expect(shell("sqlite3 '\(path)' 'PRAGMA journal_mode=WAL' >/dev/null") == 0)
        #expect(try Connection.open(in: home, schema: .sample).itemCount() == 0)
    }

    @Test func `S5: the database is locked for everybody else`() throws {
        let home = try Home.create(folder("home"))
        let connection = try Connection.open(in: home, schema: .sample)
        let path = home.path(of: .store)
        #expect(throws: StoreError.busy(path: path)) { try Connection.open(path: path, schema: .sample) }
        #expect(shell("sqlite3 '\(path)' 'SELECT * FROM item' >/dev/null 2>&1") != 0)
        #expect(try connection.itemCount() == 0)
    }

    @Test func `newer, older and strange databases are refused with both versions`() throws {
        let home = try Home.create(folder("home"))
        let path = home.path(of: .store)
        try Connection.open(in: home, schema: .sample).close()
        #expect(throws: StoreError.newer(path: path, found: 3, known: 2)) {
            try Connection.open(in: home, schema: StoreSchema(version: 2, oldest: 1, creation: ""))
        }
        #expect(StoreError.newer(path: path, found: 3, known: 2).description.contains("format 3"))
        #expect(throws: StoreError.older(path: path, found: 3, oldest: 4)) {
            try Connection.open(in: home, schema: StoreSchema(version: 5, oldest: 4, creation: ""))
        }
        // In between the caller migrates.
        let connection = try Connection.open(in: home, schema: StoreSchema(version: 4, oldest: 2, creation: ""))
        #expect(connection.schemaVersion == 3)
        try connection.transaction { () throws(StoreError) in try connection.setSchemaVersion(4) }
        connection.close()
        #expect(
            try Connection.open(in: home, schema: StoreSchema(version: 4, oldest: 4, creation: "")).schemaVersion == 4)

        #expect(shell("sqlite3 '\(path)' 'PRAGMA application_id=7' >/dev/null") == 0)
        #expect(throws: StoreError.notAStore(path: path)) { try Connection.open(in: home, schema: .sample) }
        write(Array(String(repeating: "This is a letter and no database. ", count: 9).utf8), to: path)
        #expect(throws: StoreError.self) { try Connection.open(in: home, schema: .sample) }
    }

    @Test func `a creation that was cut short is done again`() throws {
        let home = try Home.create(folder("home"))
        try home.create(.store)
        let broken = StoreSchema(version: 1, oldest: 1, creation: "CREATE TABLE a (b); nonsense")
        #expect(throws: StoreError.self) {
            try Connection.open(in: home, schema: broken)
        }
        let connection = try Connection.open(in: home, schema: .sample)
        #expect(connection.isNew)
        #expect(try connection.itemCount() == 0)
    }

    @Test func `a transaction that throws leaves nothing behind`() throws {
        struct Own: CarriesStoreError, Equatable {
            var text = "own"
            init() {}
            init(store: StoreError) { text = store.description }
        }
        let connection = try Connection.inMemory(schema: .sample)
        #expect(throws: Own()) {
            try connection.transaction(throwing: Own.self) { () throws(Own) in
                do throws(StoreError) { try connection.add([1]) } catch { throw Own(store: error) }
                throw Own()
            }
        }
        #expect(try connection.itemCount() == 0)
        #expect(!connection.isInTransaction)
        let value = try connection.transaction { () throws(StoreError) in try connection.add([5]) }
        #expect(value == 1)
        #expect(try connection.itemCount() == 1)
    }

    @Test func `a statement left in the middle of its rows does not hold up a commit`() throws {
        let home = try Home.create(folder("home"))
        let connection = try Connection.open(in: home, schema: .sample)
        try connection.transaction { () throws(StoreError) in for byte in 0..<9 { try connection.add([UInt8(byte)]) } }
        let rows = try connection.query("SELECT id FROM item ORDER BY id")
        #expect(try rows.step())
        #expect(rows.int(0) == 1)
        try connection.transaction { () throws(StoreError) in try connection.add([9]) }
        rows.reset()
        #expect(try rows.all { row in row.int(0) } == Array(1...10))
        let one = try connection.prepare("SELECT content FROM item WHERE id = ?1")
        #expect(try one.bind(1, 4).first { row in row.bytes(0) } == [3])
        // Parameters are forgotten with the reset, so that none is used twice by mistake.
        #expect(try one.first { row in row.bytes(0) } == nil)
        #expect(try one.bind(1, 5).first { row in row.bytes(0) } == [4])
        try connection.checkpoint()
        #expect(contents(of: home.path(of: .storeLog)) == [])
    }

    @Test func `every type comes back as it was bound`() throws {
        let connection = try Connection.inMemory(schema: .sample)
        let digest = Digest(1, .max, 0x0102_0304_0506_0708, 0)
        let echo = try connection.prepare("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7")
        echo.bind(1, Int64.min).bind(2, digest).bind(3, [UInt8]()).bind(4, "").bind(5, "né\0e").bindNull(6)
        echo.bind(7, Digest?.none)
        #expect(try echo.step())
        #expect(echo.int64(0) == .min)
        #expect(try echo.fixed(1, as: Digest.self) == digest)
        #expect(throws: StoreError.self) { try echo.fixed(1, as: ShortID.self) }
        #expect(!echo.isNull(2) && echo.bytes(2) == [])
        #expect(!echo.isNull(3) && echo.text(3) == "")
        #expect(echo.text(4) == "né\0e")
        #expect(echo.isNull(5) && echo.int(5) == 0 && echo.bytes(5) == [])
        #expect(try echo.optionalFixed(6, as: Digest.self) == nil)
        #expect(try !echo.step())
    }

    @Test func `P11: parameters are values and never statements`() throws {
        let connection = try Connection.inMemory(schema: .sample)
        let hostile = "'); DROP TABLE item; -- \" ; ` % _ \\ \u{0} \u{1F4A3}"
        try connection.transaction { () throws(StoreError) in try connection.add(Array(hostile.utf8), words: hostile) }
        let found = try connection.query("SELECT words FROM item WHERE words = ?1").bind(1, hostile)
            .all { row in row.text(0) }
        #expect(found == [hostile])
    }

    @Test func `a statement that SQLite refuses is a typed error`() throws {
        let connection = try Connection.inMemory(schema: .sample)
        #expect(throws: StoreError.self) { try connection.prepare("SELECT nothing FROM nowhere") }
        // A file that was meddled with can neither load code nor be opened up to writing its own schema.
        #expect(throws: StoreError.self) { try connection.prepare("SELECT load_extension('x')").run() }
        try connection.execute("PRAGMA writable_schema=ON")
        #expect(throws: StoreError.self) { try connection.execute("DELETE FROM sqlite_schema") }
    }
}
