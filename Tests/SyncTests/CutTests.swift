import Crypto
import Replica
import Testing

@testable import Sync

/// Links that break and come back, at every byte; and replicas of any shape.
struct CutTests {
    /// Runs until so many bytes were delivered, then cuts; false if the session was over before.
    private static func run(_ link: inout Link, cutAfter count: Int) -> Bool {
        link.start()
        while true {
            let left = count - link.delivered[0] - link.delivered[1]
            if left == 0 {
                let isOver = link.streams.allSatisfy(\.isEmpty) && link.sessions.allSatisfy { $0.isLive }
                link.cut()
                return !isOver
            }
            guard let side = [Link.Side.initiator, .responder].first(where: { !link.streams[$0.rawValue].isEmpty })
            else { return false }
            link.pieceBytes = left
            link.deliver(side)
        }
    }

    private static func replicas(cold: Bool) -> (MemoryStore, MemoryStore) {
        var random = SeededEntropy(seed: 11)
        let (left, right) =
            cold
            ? { () -> (MemoryStore, MemoryStore) in
                let store = Sample.store(devices: 4, entries: 20, seed: 1)
                return (store, store.cloned())
            }() : Sample.pair(devices: 4, entries: 20)
        Sample.grow(left, devices: [1, 2], entries: 18, &random)
        Sample.grow(right, devices: [3], entries: 9, &random)
        return (left, right)
    }

    @Test(arguments: [false, true])
    func `a session cut after every byte loses nothing and repeats one segment at most`(cold: Bool) {
        var count = 0
        while true {
            let (left, right) = Self.replicas(cold: cold)
            let all = Set(left.frontierIDs).union(right.frontierIDs).sorted()
            var link = Link(left, right)
            let wasCut = Self.run(&link, cutAfter: count)
            var next = Link(left, right, transcript: 8)
            next.run()
            #expect(next.isIdentical && left.frontierIDs == all && right.frontierIDs == all, "cut after \(count)")
            #expect(left.duplicates <= MemoryStore.runLength && right.duplicates <= MemoryStore.runLength)
            #expect(!link.outcomes.contains { $0?.defect ?? false })
            guard wasCut else { break }
            count += 1
        }
        #expect(count > 700, "\(count) bytes were tried")
    }

    @Test(arguments: 0..<40) func `links that break all the time get there in the end`(seed: UInt64) {
        var random = SeededEntropy(seed: seed)
        let left = Sample.store(devices: 5, entries: 30, seed: seed)
        let right = MemoryStore()
        right.write(device: 50, .control, nonce: seed)
        for nonce in 0..<10 { right.write(device: 50, nonce: UInt64(nonce)) }
        for attempt in 0..<60 {
            var link = Link(left, right, transcript: UInt8(attempt))
            if !Self.run(&link, cutAfter: .random(in: 0..<2_500, using: &random)) { break }
        }
        var last = Link(left, right, transcript: 255)
        last.run()
        #expect(last.isIdentical && last.areEqual, "seed \(seed)")
    }

    @Test func `a drip of single bytes is the same as whole flights`() {
        let (left, right) = Self.replicas(cold: true)
        var link = Link(left, right)
        link.pieceBytes = 1
        link.run()
        #expect(link.isIdentical && link.areEqual)
        #expect(left.duplicates == 0 && right.duplicates == 0)
    }

    @Test func `a connection that takes little at a time gets no more than it takes`() {
        let store = Sample.store(devices: 5, entries: 200, seed: 3)
        let other = MemoryStore()
        other.write(device: 50, .control, nonce: 1)
        var limits = SyncLimits()
        limits.flightBytes = 100
        var link = Link(store, other, limits: limits)
        link.run()
        #expect(link.isIdentical && link.areEqual)
        // What goes beyond the first flight waits to be asked for, 4 KiB at a time.
        #expect(link.grants >= 2 && link.grants >= link.delivered[1] / 8_192, "\(link.grants) grants")
    }

    /// 10,000 pairs of replicas: any number of devices, common past, forks, checkpoints, sizes of pieces.
    @Test(arguments: 0..<40)
    func `C3: replicas of any shape become equal in a bounded number of rounds`(group: UInt64) {
        for seed in (group * 250)..<(group * 250 + 250) {
            var random = SeededEntropy(seed: seed)
            let devices = Int.random(in: 1...5, using: &random)
            let left = Sample.store(devices: devices, entries: .random(in: 0...14, using: &random), seed: seed)
            let right = Bool.random(using: &random) ? left.cloned() : MemoryStore()
            if right.entries.isEmpty { right.write(device: 60, .control, nonce: 1) }
            if Int.random(in: 0..<3, using: &random) == 0 {
                var link = Link(left, right)
                link.run()
                #expect(link.isIdentical, "seed \(seed), before")
            }
            for store in [left, right] {
                let writers = (1...devices).filter { device in
                    let control = MemoryStore.descriptor(device: device, .control).id(network: MemoryStore.network)
                    return store.isInside(control) && Int.random(in: 0...2, using: &random) > 0
                }
                let count = writers.isEmpty ? 0 : Int.random(in: 0...12, using: &random)
                Sample.grow(store, devices: writers, entries: count, &random)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    store.write(device: writers.first ?? 61, .control, nonce: .random(in: 0...9, using: &random))
                }
            }
            let all = Set(left.frontierIDs).union(right.frontierIDs)
            var link = Link(left, right, transcript: 3)
            link.pieceBytes = [7, 60, 500, .max].randomElement(using: &random) ?? 1
            link.run()
            #expect(link.isIdentical && link.areEqual, "seed \(seed)")
            #expect(all.isSubset(of: left.frontierIDs), "seed \(seed)")
            #expect(!link.outcomes.contains { $0?.defect ?? true }, "seed \(seed)")
            // With whole flights; in pieces they overlap, and a turn means nothing.
            let trips = link.outcomes.compactMap { $0?.roundTrips }.max() ?? 99
            if link.pieceBytes == .max { #expect(trips <= 8, "seed \(seed): \(trips) round trips") }
        }
    }
}
