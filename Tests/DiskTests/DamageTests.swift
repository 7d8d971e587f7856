import Crypto
import MemoryDisk
import Node
import Replica
import Sync
import Testing

@testable import Store

/// What becomes of bytes that are not what was written.
///
/// `Tests/Proof/FlippedBits.swift` flips bits by the thousand.
@Suite struct DamageTests {
    @Test func `S8: a flipped bit of a segment is found before it is handed out, and others give it whole`() throws {
        let disk = try DiskStore(seed: 81)
        try disk.store.create(3, "one")
        try disk.founder.receive(disk.store)
        let branch = try #require(disk.store.sharedBranches().last)
        try disk.store.connection.execute(
            """
            UPDATE segments SET bytes = substr(bytes, 1, 40) || X'00' || substr(bytes, 42)
            WHERE branch = \(branch.number)
            """
        )
        let shared = SharedStore(store: disk.store)
        #expect(throws: SessionStoreError.self) { try handOut(shared, branch) }
        #expect(try disk.store.verify() != [])
        // Another store of the same network is made whole by whoever holds it.
        let other = try ReplicaStore.inMemory(charter: disk.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        try other.receive(disk.founder)
        #expect(try other.count(of: "one") == 3)
        #expect(try other.verify() == [])
    }

    private func handOut(_ shared: SharedStore, _ branch: SharedBranch) throws {
        _ = try shared.segment(branch: branch.number, from: branch.parentSequence + 1)
    }

    @Test func `S8: a flipped bit of what is derived is shown until verify finds it, and rebuild mends it`() throws {
        let disk = try DiskStore(seed: 82)
        try disk.store.create(2, "one")
        try disk.store.connection.execute("UPDATE current SET value = X'636F6E65' WHERE value = X'636F6E65'")
        #expect(try disk.store.verify() == [])
        // One bit: "nne" in place of "one". No reader can tell: this is what verify is for.
        try disk.store.connection.execute("UPDATE current SET value = X'636E6E65' WHERE value = X'636F6E65'")
        #expect(try disk.store.count(of: "nne") == 2)
        #expect(try disk.store.verify() != [])
        // It is no entry: peers get the segments.
        try disk.founder.receive(disk.store)
        #expect(try disk.founder.count(of: "one") == 2)
        try disk.store.rebuild()
        #expect(try disk.store.count(of: "one") == 2)
        #expect(try disk.store.verify() == [])
    }

    @Test(arguments: [
        "DELETE FROM candidates", "UPDATE candidates SET record = 77", "UPDATE records SET isPresent = 3",
        "UPDATE records SET isPresent = 0",
    ])
    func `S8: records and conflicts that are hidden are found`(sql: String) throws {
        let disk = try DiskStore(seed: 83)
        let record = try #require(try disk.store.create(1, "one").first).record
        try disk.founder.receive(disk.store)
        for (store, text) in [(disk.store, "two"), (disk.founder, "three")] {
            let left = try #require(try RecordAccess(store, time: 0).state(of: record)?[16]?.left)
            let draft = OperationDraft(field: 16, type: .register, replaces: left.map(\.id), value: .text(text))
            _ = try store.write(
                [EntryDraft(target: .existing(record), operations: [draft])], space: SpaceName.net, time: 6)
        }
        try disk.store.receive(disk.founder)
        #expect(try RecordAccess(disk.store, time: 0).conflictCandidates() == [record])
        #expect(try disk.store.verify() == [])
        try disk.store.connection.execute(sql)
        #expect(try disk.store.verify() != [])
        try disk.store.rebuild()
        #expect(try disk.store.verify() == [])
        #expect(try RecordAccess(disk.store, time: 0).conflictCandidates() == [record])
    }

    @Test func `S11: a damaged piece is a typed error, and an export has everything that is whole`() throws {
        let disk = try DiskStore(seed: 84)
        for _ in 0..<3 { try disk.store.create(40, "one") }
        _ = try disk.founder.create(5, "theirs")
        try disk.store.receive(disk.founder)
        let own = try #require(
            disk.store.sharedBranches().first { disk.store.isOwn(branch: $0.number) && $0.head > 100 })
        try disk.store.connection.execute(
            "UPDATE segments SET hash = zeroblob(32) WHERE branch = \(own.number) AND first = 0")
        #expect(throws: StoreError.self) { try export(disk.store, leavingOut: nil) }
        var damage: [String] = []
        let segments = try export(disk.store) { damage.append($0) }
        #expect(damage.count == 1 && damage[0].contains("does not fit its hash"))
        let whole = try export(disk.founder) { damage.append($0) }
        #expect(damage.count == 1)
        // All of the founder's, and of its own what lies above the damage.
        #expect(whole.allSatisfy { run in segments.contains(run) })
        let pieces = segments.filter { $0.descriptor == own.descriptor }
        #expect(pieces.count == 1)
        let rest = try ExplicitSegment(decoding: try #require(pieces.first).bytes, network: disk.store.network)
        #expect(rest.entries.last?.id == own.headID)
        #expect((rest.entries.first?.header.sequence ?? 0) > 0)
        #expect(throws: StoreError.self) { try disk.store.rebuild() }
        #expect(try disk.store.count(of: "one") == 120)
    }

    @Test(arguments: ["bytes = X'01'", "log = X'01'", "bytes = substr(bytes, 1, 3) || X'FF' || substr(bytes, 5)"])
    func `S11: damage in quarantine, on which nothing depends, keeps nobody from the rest`(damage: String) throws {
        var disk = try DiskStore(seed: 87)
        try disk.store.create(3, "kept")
        var entropy = SeededEntropy(seed: 6)
        let late = try disk.late(&entropy).explicit(of: .data)
        var waiting = WaitingRoom()
        _ = try disk.store.ingest(late, waiting: &waiting)
        #expect(disk.store.quarantine.logs.count == 1)
        try disk.store.connection.execute("UPDATE quarantine SET \(damage)")
        try disk.open(seed: 1)
        #expect(disk.store.quarantine.logs.isEmpty)
        #expect(try disk.store.count(of: "kept") == 3)
        _ = try disk.store.ingest(late, waiting: &waiting)
        #expect(try disk.store.verify() == [])
    }

    private func export(
        _ store: ReplicaStore, leavingOut: ((String) -> Void)?
    ) throws(StoreError) -> [Store.IncomingSegment] {
        var segments: [Store.IncomingSegment] = []
        try store.exportSegments(leavingOut: leavingOut) { (descriptor, _, bytes) throws(StoreError) in
            segments.append(Store.IncomingSegment(descriptor: descriptor, bytes: bytes))
        }
        return segments
    }

    @Test(arguments: [
        "UPDATE logs SET n = n + 7 WHERE n = 1", "UPDATE logs SET id = zeroblob(32) WHERE n = 0",
        "UPDATE branches SET log = 99 WHERE n = 1", "UPDATE branches SET parent = n WHERE n = 1",
        "UPDATE branches SET head = 1 << 62 WHERE n = 1", "UPDATE branches SET head = -5 WHERE n = 1",
        "UPDATE branches SET fillBytes = 1 << 62 WHERE n = 1", "UPDATE spaces SET records = 1 << 62",
        "UPDATE entries SET n = 1 << 62 WHERE n = 2", "UPDATE segments SET bytes = X'01' WHERE n = 1",
    ])
    func `S11: a store with a number that cannot be refuses to open and says that it is damaged`(sql: String) throws {
        var disk = try DiskStore(seed: 85)
        try disk.store.connection.execute(sql)
        do throws(StoreError) {
            try disk.open(seed: 1)
            Issue.record("it opens")
        } catch {
            guard case .corrupt = error else { throw error }
        }
    }

    @Test func `F7: what a session brought and what the journal says are one transaction, wherever it is cut`() throws {
        let base = try DiskStore(seed: 86)
        _ = try base.founder.create(30, "theirs")
        let calls: Int
        do {
            let disk = try base.copy(seed: 1)
            let first = disk.disk.calls
            try arrive(disk)
            calls = disk.disk.calls - first
        }
        var cut = 0
        for offset in 0...calls {
            var disk = try base.copy(seed: UInt64(offset))
            disk.disk.crash(atCall: disk.disk.calls + offset)
            if (try? arrive(disk)) == nil { cut += 1 }
            disk.disk.powerLoss(seed: UInt64(offset))
            try disk.open(seed: 900 + UInt64(offset))
            let noted = try RecordAccess(disk.store, time: 0).sessions().reduce(0) { $0 + $1.received }
            #expect(try disk.store.count(of: "theirs") == noted, "call \(offset)")
            #expect(noted == 0 || noted == 30, "call \(offset)")
        }
        #expect(cut > 5)
    }

    private func arrive(_ disk: DiskStore) throws {
        var waiting = WaitingRoom()
        var session = OpenSession(device: ShortID(1, 1), peer: "founder")
        _ = try disk.store.ingest(disk.founder.shared(), waiting: &waiting, from: &session, time: 4)
    }
}
