import Crypto
import MemoryDisk
import Replica
import Testing

@testable import Store

/// A disk that says that it has synced and has not: no program can keep its promises on it.
///
/// It shows that these proofs can fail, and that a store survives what it has caused.
@Suite struct LyingDiskTests {
    @Test func `S1: a disk that lies about fsync loses what was acknowledged, and the store survives that`() throws {
        let base = try DiskStore(seed: 91)
        try base.store.create(3, "before")
        var (lost, refused, forked, unharmed) = (0, 0, 0, 0)
        for seed in 0..<40 as Range<UInt64> {
            var disk = try base.copy(seed: 1_000 + seed)
            let peer = try ReplicaStore.inMemory(
                charter: base.charter, identity: nil, entropy: SeededEntropy(seed: seed))
            disk.disk.isLying = true
            for _ in 0..<4 { try disk.store.create(2, "acknowledged") }
            try disk.store.noteHandOut()
            try peer.receive(disk.store)
            let acknowledged = LossCount(disk.store).entries
            disk.disk.powerLoss(seed: seed)
            disk.disk.isLying = false
            do throws(StoreError) { try disk.open(seed: 2_000 + seed) } catch {
                // A damaged store says so; here it has been damaged beyond opening.
                guard case .corrupt = error else { throw error }
                refused += 1
                continue
            }
            let held = LossCount(disk.store).entries
            if held == acknowledged { unharmed += 1 } else { lost += 1 }
            guard (try? disk.store.verify()) == [] else { continue }
            // It writes before it learns what it has lost: perhaps another branch of its own log.
            try disk.store.create(1, "after")
            var waiting = WaitingRoom()
            _ = try disk.store.ingest(peer.explicit(), waiting: &waiting)
            _ = try peer.ingest(disk.store.explicit(), waiting: &waiting)
            if !peer.forks().isEmpty { forked += 1 }
            try disk.store.create(1, "at last")
            #expect(try disk.store.lifeFits(), "seed \(seed)")
            _ = try peer.ingest(disk.store.explicit(), waiting: &waiting)
            #expect(peer.frontier(of: SpaceName.net) == disk.store.frontier(of: SpaceName.net), "seed \(seed)")
            #expect(peer.state(of: SpaceName.net) == disk.store.state(of: SpaceName.net), "seed \(seed)")
            #expect(try disk.store.count(of: "acknowledged") == 8, "seed \(seed)")
            #expect(try disk.store.verify() == [], "seed \(seed)")
        }
        print("\(lost) stores lost commits, \(refused) could not be opened, \(forked) forked, \(unharmed) unharmed")
        #expect(lost > 10)
    }
}

extension ReplicaStore {
    /// Everything in explicit form, which also forked logs can be told in.
    func explicit() throws(StoreError) -> [IncomingSegment] {
        var segments: [IncomingSegment] = []
        try exportSegments { (descriptor, _, bytes) throws(StoreError) in
            segments.append(IncomingSegment(descriptor: descriptor, bytes: bytes))
        }
        return segments
    }
}
