import Crypto
import MemoryDisk
import Testing

@testable import Store

extension StoreSchema {
    /// A table that is enough for the disk itself.
    static let sample = StoreSchema(
        version: 1, oldest: 1, creation: "CREATE TABLE item (id INTEGER PRIMARY KEY, content BLOB)")
}

extension Connection {
    /// One transaction that adds an item of so many bytes.
    func add(_ byteCount: Int) throws(StoreError) {
        try transaction { () throws(StoreError) in
            try query("INSERT INTO item (content) VALUES (?1)")
                .bind(1, [UInt8](repeating: UInt8(truncatingIfNeeded: byteCount), count: byteCount)).run()
        }
    }

    func itemCount() throws(StoreError) -> Int {
        try query("SELECT count(*) FROM item").first { row in row.int(0) } ?? -1
    }
}

@Suite struct MemoryDiskTests {
    @Test func `a store opens on the disk with its settings and opens again`() throws {
        let disk = MemoryDisk()
        let first = try disk.connection(schema: .sample)
        #expect(try first.scalar("PRAGMA synchronous") == "2")
        #expect(try first.scalar("PRAGMA journal_mode") == "wal")
        #expect(try first.scalar("PRAGMA locking_mode") == "exclusive")
        try first.add(10_000)
        #expect(disk.size(of: "store.db-wal") ?? 0 > 10_000)
        #expect(disk.size(of: "store.db-shm") == nil)
        #expect(throws: StoreError.busy(path: "store.db")) { try disk.connection(schema: .sample) }
        first.close()
        #expect(disk.size(of: "store.db-wal") == nil)
        #expect(try disk.connection(schema: .sample).itemCount() == 1)
    }

    @Test func `S1: no loss of power, at any call, loses an acknowledged commit or harms the file`() throws {
        // How many calls a history makes; the loss comes at each of them.
        var end = 0
        do {
            let disk = MemoryDisk()
            _ = try history(on: disk)
            end = disk.calls
        }
        #expect(end > 100)
        var injected = MemoryDisk.Injected()
        for call in 0..<end {
            for seed in [1, 2, 3] as [UInt64] {
                let disk = MemoryDisk()
                disk.crash(atCall: call)
                let acknowledged = try history(on: disk)
                disk.powerLoss(seed: seed &* 1000 &+ UInt64(call))
                let connection = try disk.connection(schema: .sample)
                let count = try connection.itemCount()
                #expect(count == acknowledged || count == acknowledged + 1, "call \(call), seed \(seed)")
                #expect(try connection.findings() == [], "call \(call), seed \(seed)")
                injected.tornSectors += disk.injected.tornSectors
                injected.lostSectors += disk.injected.lostSectors
                injected.lostLengths += disk.injected.lostLengths
                injected.lostNames += disk.injected.lostNames
            }
        }
        #expect(injected.tornSectors > 10 && injected.lostSectors > 100)
        #expect(injected.lostLengths > 10 && injected.lostNames > 10)
    }

    @Test func `S10: a loss of power at any call of recovering, once and again, leaves a store that recovers`() throws {
        var interrupted = 0
        for call in stride(from: 40, to: 130, by: 9) {
            let lost = MemoryDisk()
            lost.crash(atCall: call)
            let acknowledged = try history(on: lost)
            lost.powerLoss(seed: UInt64(call))
            for second in 0..<60 {
                let disk = lost.copy(asImage: true)
                for turn in 0..<3 as Range<UInt64> {
                    disk.crash(atCall: disk.calls + second + Int(turn))
                    guard (try? disk.connection(schema: .sample)) == nil else { break }
                    interrupted += 1
                    disk.powerLoss(seed: turn &* 100 &+ UInt64(second))
                }
                disk.restart()
                let connection = try disk.connection(schema: .sample)
                let count = try connection.itemCount()
                #expect(count == acknowledged || count == acknowledged + 1, "calls \(call) and \(second)")
                #expect(try connection.findings() == [], "calls \(call) and \(second)")
            }
        }
        #expect(interrupted > 200)
    }

    /// Commits of several sizes, a checkpoint, a closing and more commits.
    /// - Returns: how many were acknowledged before the disk crashed.
    private func history(on disk: MemoryDisk) throws -> Int {
        var acknowledged = 0
        for round in 0..<2 {
            do throws(StoreError) {
                let connection = try disk.connection(schema: .sample)
                for size in [10, 9_000, 100] {
                    try connection.add(size + round)
                    acknowledged += 1
                }
                try connection.checkpoint()
                try connection.add(5)
                acknowledged += 1
            } catch {
                if !disk.isCrashed { throw error }
                return acknowledged
            }
        }
        return acknowledged
    }

    @Test func `a disk that lies about fsync loses acknowledged commits, and this proof sees it`() throws {
        var lost = 0
        for seed in 0..<40 as Range<UInt64> {
            let disk = MemoryDisk()
            let connection = try disk.connection(schema: .sample)
            disk.isLying = true
            for _ in 0..<5 { try connection.add(100) }
            disk.powerLoss(seed: seed)
            if (try? disk.connection(schema: .sample).itemCount()) != 5 { lost += 1 }
        }
        #expect(lost > 10)
    }

    @Test func `one seed gives one outcome`() throws {
        func outcome(_ seed: UInt64) throws -> [MemoryDisk.Injected] {
            try stride(from: 10, to: 90, by: 7).map { call in
                let disk = MemoryDisk()
                disk.crash(atCall: call)
                _ = try history(on: disk)
                disk.powerLoss(seed: seed)
                return disk.injected
            }
        }
        #expect(try outcome(5) == outcome(5))
        #expect(try Set((0..<20).map { try outcome($0) }).count > 5)
    }

    @Test func `faults come where they are asked for and have their types`() throws {
        for (fault, expected) in [
            (MemoryDisk.Fault.full, true), (.shortWrite, true), (.io, false), (.fsync, false),
        ] {
            let disk = MemoryDisk()
            let connection = try disk.connection(schema: .sample)
            try connection.add(100)
            disk.fail(atCall: disk.calls, with: fault)
            do throws(StoreError) {
                try connection.add(100)
                Issue.record("a write that failed was acknowledged: \(fault)")
            } catch {
                switch error {
                case .full: #expect(expected, "\(fault)")
                case .io(_, _, _, _, let message):
                    #expect(!expected && message.contains("I/O error"), "\(fault): \(message)")
                default: Issue.record("\(fault): \(error)")
                }
            }
            #expect(disk.injected.faults == 1)
            #expect(try connection.itemCount() == 1)
        }
    }

    @Test func `S4: beyond its capacity a disk is full, and resumes when there is space`() throws {
        let disk = MemoryDisk()
        let connection = try disk.connection(schema: .sample)
        disk.capacity = disk.used + 20_000
        #expect(throws: StoreError.full(path: "store.db")) { for _ in 0..<20 { try connection.add(5_000) } }
        let count = try connection.itemCount()
        #expect(count > 0 && count < 20)
        disk.capacity = nil
        try connection.add(5_000)
        #expect(try connection.itemCount() == count + 1)
    }

    @Test func `the marker lies on the disk, tears like everything, and is bound to it`() throws {
        let incarnation = ShortID(7, 9)
        let disk = MemoryDisk()
        var marker = disk.marker
        #expect(try marker.read() == .absent)
        try marker.create(incarnation)
        try marker.raise(to: 5)
        for seed in 0..<50 as Range<UInt64> {
            let mark = UInt64(10 + seed)
            disk.crash(atCall: disk.calls + Int(seed % 3))
            let isRaised = (try? marker.raise(to: mark)) != nil
            disk.powerLoss(seed: seed)
            guard case .fits(incarnation, let found) = try marker.read() else {
                Issue.record("seed \(seed)")
                return
            }
            #expect(isRaised ? found == mark : found <= mark && found >= 5, "seed \(seed)")
        }
        #expect(disk.injected.tornSectors > 0)
        for (copy, fits) in [(disk.copy(), false), (disk.copy(asImage: true), true)] {
            var reading = copy.marker
            if case .fits = try reading.read() { #expect(fits) } else { #expect(!fits) }
        }
        disk.restore(from: disk.copy())
        guard case .foreign = try marker.read() else {
            Issue.record("a restored marker fits")
            return
        }
    }

    @Test func `a copy and its original go their own ways`() throws {
        let disk = MemoryDisk()
        let connection = try disk.connection(schema: .sample)
        for _ in 0..<3 { try connection.add(3_000) }
        let copy = disk.copy()
        try connection.add(3_000)
        let twin = try copy.connection(schema: .sample)
        #expect(try twin.itemCount() == 3)
        for _ in 0..<4 { try twin.add(1_000) }
        #expect(try twin.itemCount() == 7)
        #expect(try connection.itemCount() == 4)
        #expect(disk.flipBit(seed: 1, in: "nothing") == nil)
        #expect(disk.flipBit(seed: 1, in: "store.db")?.file == "store.db")
        #expect(try twin.findings() == [])
    }
}
