import Crypto
import MemoryDisk
import Node
import Replica
import Sync
import Testing

@testable import Store

/// Single failures of the disk, each with what must not follow from it.
@Suite struct FailedCallTests {
    @Test func `S3: after an fsync that failed the connection writes no more until it is opened again`() throws {
        let disk = MemoryDisk()
        let connection = try disk.connection(schema: .sample)
        try connection.add(10)
        disk.fail(atCall: disk.calls, with: .fsync)
        #expect {
            try connection.add(10)
        } throws: { error in
            if case .io = error as? StoreError { true } else { false }
        }
        let written = disk.size(of: "store.db-wal")
        for _ in 0..<3 { #expect(throws: StoreError.failedBefore(path: "store.db")) { try connection.add(10) } }
        #expect(disk.size(of: "store.db-wal") == written)
        #expect(try connection.itemCount() == 1)
        disk.powerLoss(seed: 1)
        #expect(try (1...2).contains(disk.connection(schema: .sample).itemCount()))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `S3: what memory shows after a failed fsync is durable before anything is built on it`(seed: UInt64) throws {
        let disk = MemoryDisk(identity: seed)
        let connection = try disk.connection(schema: .sample)
        try connection.add(10)
        disk.fail(atCall: disk.calls, with: .fsync)
        #expect(throws: StoreError.self) { try connection.add(9_000) }
        // The process is killed; the system still shows the commit that did not reach the disk.
        disk.restart()
        let again = try disk.connection(schema: .sample)
        let shown = try again.itemCount()
        try again.add(20)
        disk.powerLoss(seed: seed)
        #expect(try disk.connection(schema: .sample).itemCount() == shown + 1)
    }

    @Test func `S4: what a statement releases from quarantine is released later where the disk was full`() throws {
        let base = try DiskStore(seed: 72)
        var entropy = SeededEntropy(seed: 5)
        let late = try base.late(&entropy)
        let device = try #require(late.identity).signingKey.verifyingKey
        let (control, data) = (try late.explicit(of: .control), try late.explicit(of: .data))
        var halves = 0
        for offset in 0..<60 {
            let disk = try base.copy(seed: UInt64(offset))
            var waiting = WaitingRoom()
            _ = try disk.store.ingest(data, waiting: &waiting)
            #expect(try !disk.store.quarantined().isEmpty)
            disk.disk.fail(atCall: disk.disk.calls + offset, with: .full)
            let isTaken = (try? disk.store.ingest(control, waiting: &waiting)) != nil
            disk.disk.clearFaults()
            if !isTaken, disk.store.authority.admits(device) { halves += 1 }
            _ = try disk.store.ingest(control, waiting: &waiting)
            #expect(try disk.store.quarantined().isEmpty, "call \(offset)")
            #expect(try disk.store.count(of: "late") == 20, "call \(offset)")
        }
        #expect(halves > 0)
    }

    @Test func `S3: a write that is durable is never reported as failed`() throws {
        let base = try DiskStore(seed: 71)
        var failures = 0
        for offset in 0..<40 {
            var disk = try base.copy(seed: UInt64(offset))
            try disk.store.connection.execute("PRAGMA cache_size=2")
            let before = LossCount(disk.store)
            disk.disk.fail(atCall: disk.disk.calls + offset, with: .io)
            let isWritten = (try? disk.store.create(3, "x")) != nil
            disk.disk.clearFaults()
            if !isWritten { failures += 1 }
            let shown = LossCount(disk.store).entries - before.entries
            // With no fsync that failed there is no doubt: all or nothing, as the answer said.
            if disk.disk.injected.faults > 0 { #expect(isWritten ? shown == 3 : shown == 0, "call \(offset)") }
            try disk.open(seed: 1)
            #expect(LossCount(disk.store).entries == before.entries + shown, "call \(offset)")
        }
        #expect(failures > 5)
    }

    @Test func `S3: a store whose memory could not be read back after a failure serves no more`() throws {
        let base = try DiskStore(seed: 72)
        try base.store.create(5, "before")
        base.store.connection.close()
        var refusals = 0
        for offset in 0..<16 {
            var disk = try base.copy(seed: UInt64(offset))
            try disk.store.connection.execute("PRAGMA cache_size=2")
            let before = LossCount(disk.store)
            // The disk is full, and from then on nothing can be read.
            disk.disk.fail(atCall: disk.disk.calls, with: .full)
            _ = try? disk.store.connection.transaction { () throws(StoreError) in
                disk.disk.fail(atCall: disk.disk.calls + offset, with: .io, forEver: true)
                throw .full(path: "store.db")
            }
            #expect(throws: (any Error).self) { try disk.store.create(60, "lost") }
            disk.disk.clearFaults()
            do {
                try disk.store.create(1, "after")
                #expect(LossCount(disk.store).entries == before.entries + 1, "call \(offset)")
            } catch {
                #expect("\(error)".contains("start the program again"), "call \(offset): \(error)")
                refusals += 1
            }
            try disk.open(seed: 2)
            try disk.store.create(1, "after")
            #expect(disk.store.forks() == [])
            #expect(try disk.store.verify() == [])
        }
        #expect(refusals > 0)
    }

    @Test func `F10: a mark that an fsync which failed has left in memory is written again before it counts`() throws {
        for seed in 0..<30 as Range<UInt64> {
            let disk = MemoryDisk(identity: seed)
            var marker = disk.marker
            try marker.create(ShortID(1, 2))
            try marker.raise(to: 5)
            disk.fail(atCall: disk.calls, with: .fsync)
            #expect(throws: StoreError.self) { try marker.raise(to: 9) }
            if seed % 2 == 0 {
                // Another process reads the mark from memory, and relies on it.
                disk.restart()
                marker = disk.marker
                _ = try marker.read()
            }
            try marker.raise(to: 9)
            disk.powerLoss(seed: seed)
            var after = disk.marker
            #expect(try after.read() == .fits(incarnation: ShortID(1, 2), highWater: 9), "seed \(seed)")
        }
    }

    @Test func `F10: what an explicit run has gained since it was sent is marked before it is handed out`() throws {
        let disk = try DiskStore(seed: 73)
        let store = disk.store
        let first = try #require(try store.create(1, "one").first)
        let shared = SharedStore(store: store)
        let branch = try #require(store.sharedBranches().last)
        _ = try shared.segment(branch: branch.number, from: 0)
        let mark = try #require(try disk.mark())
        try store.create(1, "two")
        let bytes = try #require(
            try shared.explicitSegment(log: branch.log, first: 0, last: branch.head, head: first.entry))
        let sent = try ExplicitSegment(decoding: bytes, network: store.network)
        #expect(sent.entries.count == 2)
        #expect(try disk.mark() == mark + 1)
    }

    @Test func `F10: an own entry leaves only when its mark is durable`() throws {
        let disk = try DiskStore(seed: 74)
        try disk.store.create(2, "one")
        let branch = try #require(disk.store.sharedBranches().last)
        let shared = SharedStore(store: disk.store)
        for fault in MemoryDisk.Fault.allCases {
            disk.disk.fail(atCall: disk.disk.calls, with: fault, forEver: true)
            #expect(throws: SessionStoreError.self, "\(fault)") {
                _ = try shared.segment(branch: branch.number, from: 0)
            }
            disk.disk.clearFaults()
        }
        #expect(try shared.segment(branch: branch.number, from: 0) != nil)
    }
}

extension DiskStore {
    /// The mark as it lies on the disk.
    func mark() throws -> UInt64? {
        var marker = disk.marker
        guard case .fits(_, let mark) = try marker.read() else { return nil }
        return mark
    }
}

/// How much a store shows from memory.
struct LossCount {
    let entries: Int

    init(_ store: ReplicaStore) {
        entries = store.sharedBranches().reduce(0) { $0 + $1.head - $1.parentSequence }
    }
}
