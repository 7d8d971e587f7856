import Crypto
import Glibc
import Testing

@testable import Store

struct LifeMarkerTests {
    let folder = TemporaryFolder()
    let incarnation = ShortID(0x0102_0304_0506_0708, 9)

    @Test func `a marker is absent, then fits, and its mark only rises`() throws {
        let home = try Home.create(folder("home"))
        var marker = LifeMarker(home)
        #expect(try marker.read() == .absent)
        try marker.create(incarnation)
        #expect(marker.highWater == 0)
        for mark: UInt64 in [5, 3, 6, 1000] { try marker.raise(to: mark) }
        #expect(marker.highWater == 1000)
        var again = LifeMarker(home)
        #expect(try again.read() == .fits(incarnation: incarnation, highWater: 1000))
        try again.raise(to: 1001)
        #expect(try LifeMarkerTests.reading(home) == .fits(incarnation: incarnation, highWater: 1001))
        try again.create(ShortID(7, 7))
        #expect(try LifeMarkerTests.reading(home) == .fits(incarnation: ShortID(7, 7), highWater: 0))
    }

    @Test(arguments: [
        "cp -a home copy", "cp -r --preserve=all --reflink=auto home copy",
        "mkdir -m 700 copy && tar -C home -cf - . | tar -C copy -xpf -",
    ])
    func `F2: a copied folder has a foreign marker`(command: String) throws {
        do {
            let home = try Home.create(folder("home"))
            var marker = LifeMarker(home)
            try marker.create(incarnation)
            try marker.raise(to: 42)
        }
        #expect(shell("cd '\(folder.path)' && \(command)") == 0)
        #expect(
            try LifeMarkerTests.reading(Home.open(folder("copy"))) == .foreign(incarnation: incarnation, highWater: 42))
        #expect(
            try LifeMarkerTests.reading(Home.open(folder("home"))) == .fits(incarnation: incarnation, highWater: 42))
    }

    @Test func `F2: a moved folder is the same life, another machine's is not`() throws {
        write(Array("machine-a\n".utf8), to: folder("machine"))
        do {
            var marker = LifeMarker(try Home.create(folder("home")), machineIDPath: folder("machine"))
            try marker.create(incarnation)
        }
        #expect(shell("mv '\(folder("home"))' '\(folder("moved"))'") == 0)
        let home = try Home.open(folder("moved"))
        var same = LifeMarker(home, machineIDPath: folder("machine"))
        #expect(try same.read() == .fits(incarnation: incarnation, highWater: 0))
        write(Array("machine-b\n".utf8), to: folder("machine"))
        #expect(try same.read() == .foreign(incarnation: incarnation, highWater: 0))
        var none = LifeMarker(home, machineIDPath: folder("no such file"))
        #expect(try none.read() == .foreign(incarnation: incarnation, highWater: 0))
    }

    @Test func `a torn write of either slot keeps the older mark`() throws {
        let home = try Home.create(folder("home"))
        var marker = LifeMarker(home)
        try marker.create(incarnation)
        try marker.raise(to: 10)
        try marker.raise(to: 20)
        // Turn 3 lies in the second slot, turn 2 in the first.
        let file = unsafe open(home.path(of: .life), O_RDWR)
        defer { close(file) }
        let whole = contents(of: home.path(of: .life))
        for offset in 0..<512 {
            var torn = whole[4096 + offset]
            torn ^= 0xFF
            #expect(unsafe pwrite(file, &torn, 1, off_t(4096 + offset)) == 1)
            #expect(try LifeMarkerTests.reading(home) == .fits(incarnation: incarnation, highWater: 10), "\(offset)")
            torn ^= 0xFF
            #expect(unsafe pwrite(file, &torn, 1, off_t(4096 + offset)) == 1)
        }
        #expect(try LifeMarkerTests.reading(home) == .fits(incarnation: incarnation, highWater: 20))
        for length in [off_t(0), 100, 511] {
            #expect(ftruncate(file, length) == 0)
            #expect(try LifeMarkerTests.reading(home) == .damaged)
        }
    }

    static func reading(_ home: Home) throws(StoreError) -> LifeMarker.Reading {
        var marker = LifeMarker(home)
        return try marker.read()
    }
}
