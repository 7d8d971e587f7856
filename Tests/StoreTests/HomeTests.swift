import Bytes
import Crypto
import Glibc
import Testing

@testable import Store

@Suite(.serialized) struct HomeTests {
    let folder = TemporaryFolder()

    @Test(arguments: [0, 0o777])
    func `K1: folder and files are closed to others from birth, whatever the umask`(mask: Int) async throws {
        let path = folder("home")
        // In a process of its own, because the umask is the whole process's.
        await #expect(processExitsWith: .success) { [path = path as String, mask = mask as Int] in
            umask(mode_t(mask))
            let home = try Home.create(path)
            try home.writeSeeds([SecretBytes([UInt8](repeating: 7, count: 32))], to: .rootKey)
            try home.write(Home.File("note"), [1, 2, 3])
            try home.keepBallast()
            var marker = LifeMarker(home)
            try marker.create(ShortID(1, 2))
            let connection = try Connection.open(in: home, schema: .sample)
            try connection.transaction { () throws(StoreError) in try connection.add([1]) }
            #expect(mode(of: path) == 0o700)
            for file in ["root.key", "note", "ballast", "life", "lock", "store.db", "store.db-wal"] {
                #expect(mode(of: "\(path)/\(file)") == 0o600, "\(file)")
            }
        }
        #expect(mode(of: path + "/store.db") == 0o600)
    }

    @Test func `K1: lax modes are refused and named`() throws {
        let path = folder("home")
        do {
            let home = try Home.create(path)
            try home.write(.life, [1])
        }
        unsafe chmod(path, 0o750)
        #expect(throws: StoreError.laxMode(path: path, mode: 0o750)) { try Home.open(path) }
        unsafe chmod(path, 0o700)
        unsafe chmod(path + "/life", 0o604)
        let home = try Home.open(path)
        #expect(throws: StoreError.laxMode(path: path + "/life", mode: 0o604)) { try home.read(.life, upTo: 9) }
        #expect(StoreError.laxMode(path: "/a", mode: 0o4).description.contains("0004"))
    }

    @Test func `X2: links and other special files are not followed`() throws {
        let path = folder("home")
        let home = try Home.create(path)
        write([9, 9, 9], to: folder("outside"))
        unsafe symlink(folder("outside"), path + "/root.key")
        #expect(throws: StoreError.notPlain(path: path + "/root.key")) { try home.read(.rootKey, upTo: 9) }
        // A rename puts the file in the link's place and leaves its target alone.
        try home.write(.rootKey, [1])
        #expect(contents(of: folder("outside")) == [9, 9, 9])
        #expect(try home.read(.rootKey, upTo: 9) == [1])

        unsafe symlink(folder("outside"), path + "/store.db")
        #expect(throws: StoreError.notPlain(path: path + "/store.db")) {
            try Connection.open(in: home, schema: .sample)
        }
        #expect(contents(of: folder("outside")) == [9, 9, 9])
        unsafe mkfifo(path + "/life", 0o600)
        #expect(throws: StoreError.notPlain(path: path + "/life")) { try home.read(.life, upTo: 9) }
    }

    @Test func `X2: a folder that is a link or a file is refused`() throws {
        _ = try Home.create(folder("home"))
        unsafe symlink(folder("home"), folder("link"))
        write([], to: folder("file"))
        #expect(throws: StoreError.notPlain(path: folder("link"))) { try Home.open(folder("link")) }
        #expect(throws: StoreError.notPlain(path: folder("file"))) { try Home.open(folder("file")) }
        #expect(throws: StoreError.notFound(path: folder("none"))) { try Home.open(folder("none")) }
        #expect(throws: StoreError.notFound(path: folder("none/below"))) { try Home.create(folder("none/below")) }
    }

    @Test func `S7: a second opener is refused and told who holds the folder`() throws {
        let path = folder("home")
        let home = try Home.create(path)
        let refusal = StoreError.alreadyOpen(path: path, process: Int(getpid()))
        #expect(throws: refusal) { try Home.open(path) }
        #expect(refusal.description.contains("process \(getpid())"))
        #expect(throws: refusal) { try Home.create(path) }
        withExtendedLifetime(home) {}
    }

    @Test func `S7: the lock holds between processes and ends with its process`() async throws {
        let path = folder("home")
        do {
            let home = try Home.create(path)
            let holder = Int(getpid())
            await #expect(processExitsWith: .success) { [path = path as String, holder = holder as Int] in
                #expect(throws: StoreError.alreadyOpen(path: path, process: holder)) { try Home.open(path) }
            }
            withExtendedLifetime(home) {}
        }
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let home = try Home.open(path)
            raise(SIGKILL)
            withExtendedLifetime(home) {}
        }
        _ = try Home.open(path)
    }

    @Test func `a file written whole is replaced only when asked`() throws {
        let home = try Home.create(folder("home"))
        let file = Home.File("note")
        try home.write(file, [1], replacing: false)
        #expect(throws: StoreError.alreadyExists(path: home.path(of: file))) {
            try home.write(file, [2], replacing: false)
        }
        #expect(try home.read(file, upTo: 1) == [1])
        try home.write(file, [3, 4])
        #expect(try home.read(file, upTo: 2) == [3, 4])
        #expect(throws: StoreError.damagedFile(path: home.path(of: file), what: "longer than 1 bytes")) {
            try home.read(file, upTo: 1)
        }
        try home.remove(file)
        #expect(throws: StoreError.notFound(path: home.path(of: file))) { try home.read(file, upTo: 1) }
        try home.remove(file)
    }

    @Test func `a leftover of a crash is no obstacle and does not stay`() throws {
        let path = folder("home")
        _ = try Home.create(path)
        write([1, 2], to: path + "/.root.key.new")
        let home = try Home.open(path)
        #expect(mode(of: path + "/.root.key.new") == -1)
        write([1, 2], to: path + "/.note.new")
        try home.write(Home.File("note"), [5])
        #expect(contents(of: path + "/note") == [5])
        #expect(mode(of: path + "/.note.new") == -1)
    }

    @Test func `seeds come back whole and any flipped bit is found`() throws {
        let home = try Home.create(folder("home"))
        let seeds = [SecretBytes(Array(0..<32)), SecretBytes(Array(32..<64))]
        try home.writeSeeds(seeds, to: .deviceKey)
        let read = try home.readSeeds(.deviceKey, count: 2)
        #expect(read.map { seed in seed.withCopy { $0 } } == [Array(0..<32), Array(32..<64)])
        #expect(throws: StoreError.self) { try home.writeSeeds(seeds, to: .deviceKey) }
        #expect(throws: StoreError.self) { try home.readSeeds(.deviceKey, count: 1) }
        let bytes = contents(of: home.path(of: .deviceKey))
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            write(damaged, to: home.path(of: .deviceKey))
            #expect(throws: StoreError.self) { try home.readSeeds(.deviceKey, count: 2) }
        }
    }

    @Test func `the ballast takes its space and gives it back`() throws {
        let home = try Home.create(folder("home"))
        #expect(try home.keepBallast())
        #expect(contents(of: home.path(of: .ballast)).count == Home.ballastByteCount)
        #expect(try home.keepBallast())
        try home.releaseBallast()
        #expect(try !home.exists(.ballast))
    }
}
