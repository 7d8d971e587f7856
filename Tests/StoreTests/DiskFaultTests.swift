import Crypto
import Glibc
import Testing

@testable import Store

@Suite(.serialized) struct DiskFaultTests {
    let folder = TemporaryFolder()

    @Test func `S4: a full disk undoes the transaction, stays readable and resumes`() throws {
        let home = try Home.create(folder("home"))
        var settings = Connection.Settings()
        settings.maximumPages = 40
        let connection = try Connection.open(in: home, schema: .sample, settings: settings)
        let block = [UInt8](repeating: 0xAB, count: 10_000)
        try connection.transaction { () throws(StoreError) in try connection.add(block) }
        #expect(throws: StoreError.full(path: home.path(of: .store))) {
            try connection.transaction { () throws(StoreError) in for _ in 0..<100 { try connection.add(block) } }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.itemCount() == 1)
        #expect(try connection.query("SELECT content FROM item").first { row in row.bytes(0) } == block)
        try connection.execute("PRAGMA max_page_count=4000")
        try connection.transaction { () throws(StoreError) in for _ in 0..<100 { try connection.add(block) } }
        #expect(try connection.itemCount() == 101)
        #expect(try connection.findings() == [])
    }

    @Test func `S4: a body that goes on after the disk was full is not told that it is durable`() throws {
        let home = try Home.create(folder("home"))
        var settings = Connection.Settings()
        settings.maximumPages = 20
        let connection = try Connection.open(in: home, schema: .sample, settings: settings)
        let outcome = Result { () throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                try connection.add([1])
                _ = try? connection.add([UInt8](repeating: 1, count: 100_000))
                if !connection.isInTransaction { throw .closed }
            }
        }
        // Either SQLite undid only the statement, and the rest is there, or all of it, and an error says so.
        switch outcome {
        case .success: #expect(try connection.itemCount() == 1)
        case .failure: #expect(try connection.itemCount() == 0)
        }
    }

    @Test func `S7: a file replaced under the program stops the writing`() throws {
        for name in ["store.db", "store.db-wal", "lock"] {
            let home = try Home.create(folder("home " + name))
            let connection = try Connection.open(in: home, schema: .sample)
            try connection.transaction { () throws(StoreError) in try connection.add([1]) }
            let path = home.path + "/" + name
            #expect(unsafe rename(path, path + ".away") == 0)
            #expect(throws: StoreError.replaced(path: path)) {
                try connection.transaction { () throws(StoreError) in try connection.add([2]) }
            }
            #expect(try connection.itemCount() == 1)
            #expect(throws: StoreError.failedBefore(path: home.path(of: .store))) {
                try connection.transaction { () throws(StoreError) in try connection.add([2]) }
            }
            #expect(unsafe rename(path + ".away", path) == 0)
        }
    }

    @Test func `S8: a flipped bit of the database's structure is a typed error, and never a trap`() throws {
        let path: String
        do {
            let home = try Home.create(folder("home"))
            path = home.path(of: .store)
            let connection = try Connection.open(in: home, schema: .sample)
            try connection.transaction { () throws(StoreError) in
                for index in 0..<200 { try connection.add([UInt8](repeating: UInt8(index), count: 200)) }
            }
            connection.close()
        }
        let whole = contents(of: path)
        #expect(whole.count > 10 * 4096)
        var found = 0
        // The header, then the head of every page, where a flip changes what SQLite makes of it.
        let offsets = Array(0..<100) + stride(from: 4096, to: whole.count, by: 4096).flatMap { $0..<($0 + 12) }
        for offset in offsets {
            var damaged = whole
            damaged[offset] ^= 0x81
            write(damaged, to: path)
            do throws(StoreError) {
                let connection = try Connection.open(in: Home.open(folder("home")), schema: .sample)
                let sum = try connection.query("SELECT content FROM item").all { row in row.bytes(0).count }
                let findings = try connection.findings()
                if !findings.isEmpty || sum.count != 200 { found += 1 }
            } catch {
                found += 1
            }
        }
        #expect(found > offsets.count / 2)
        var first = whole
        for index in 4096..<4104 { first[index] = 0xFF }
        write(first, to: path)
        let connection = try Connection.open(in: Home.open(folder("home")), schema: .sample)
        #expect {
            try connection.transaction { () throws(StoreError) in
                _ = try connection.query("SELECT content FROM item").all { row in row.bytes(0) }
            }
        } throws: { error in
            if case .corrupt = error as? StoreError { true } else { false }
        }
        // What is still whole stays readable.
        #expect(try connection.scalar("SELECT count(*) FROM sqlite_schema") == "1")
    }

    @Test(arguments: 1...12)
    func `a process killed while it commits loses no acknowledged commit`(round: Int) async throws {
        let path = folder("home")
        let acknowledged = folder("acknowledged")
        await #expect(processExitsWith: .signal(SIGALRM)) {
            [path = path as String, acknowledged = acknowledged as String, round = round as Int] in
            let home = try Home.create(path)
            let connection = try Connection.open(in: home, schema: .sample)
            let file = unsafe open(acknowledged, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            // The alarm's default is to end the process where it stands, as kill -9 does.
            signal(SIGALRM, SIG_DFL)
            ualarm(UInt32(1_000 + 3_777 * round), 0)
            while true {
                try connection.transaction { () throws(StoreError) in
                    for _ in 0..<8 { try connection.add([UInt8](repeating: 3, count: 900)) }
                }
                var byte: UInt8 = 1
                _ = unsafe Glibc.write(file, &byte, 1)
            }
        }
        let connection = try Connection.open(in: Home.open(path), schema: .sample)
        let count = try connection.itemCount()
        let promised = contents(of: acknowledged).count
        #expect(count % 8 == 0)
        #expect(count / 8 >= promised && count / 8 <= promised + 1, "round \(round): \(promised) acknowledged")
        #expect(try connection.findings() == [])
    }
}
