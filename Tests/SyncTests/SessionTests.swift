import Crypto
import Replica
import Testing

@testable import Sync

struct SessionTests {
    /// What a frame of the channel adds: two bytes of length and a tag of sixteen.
    static let frameBytes = 18

    @Test func `equal stores say hello and equal, within 64 bytes`() {
        for count in [10, 200] {
            let (left, right) = Sample.pair(devices: count, entries: 3 * count)
            var link = Link(left, right, transcript: 9)
            link.run()
            #expect(link.isIdentical)
            #expect(link.outcomes.map { $0?.roundTrips } == [1, 1])
            #expect(link.flights == [1, 1])
            #expect(link.delivered.reduce(0, +) + 2 * Self.frameBytes <= 64)
            #expect(link.sessions.allSatisfy { $0.isLive })
        }
    }

    @Test(arguments: [Link.Side.initiator, .responder])
    func `one new entry crosses in two round trips from a checkpoint`(side: Link.Side) {
        let (left, right) = Sample.pair(devices: 100, entries: 500)
        var link = Link(left, right, transcript: 9)
        link.stores[side.rawValue].write(device: 3, nonce: 77)
        link.run()
        #expect(link.isIdentical && link.areEqual)
        #expect(link.outcomes[side.rawValue]?.sentEntries == 1)
        #expect(link.outcomes[side.other.rawValue]?.receivedEntries == 1)
        #expect(link.outcomes.map { $0?.roundTrips } == [2, 2])
        #expect(link.flights == [2, 2])
        // All but the segment itself: hellos, sent, digest, equal.
        let log = MemoryStore.descriptor(device: 3, .data).id(network: MemoryStore.network)
        let segment = link.stores[side.rawValue].segment(
            branch: link.stores[side.rawValue].branchHolding(
                log: log, head: link.sessions[side.rawValue].view.heads(log)[0]) ?? 0,
            from: link.sessions[side.rawValue].view.heads(log)[0].sequence)
        let rest = link.delivered.reduce(0, +) - (segment?.bytes.count ?? 0)
        #expect(rest <= 90, "\(rest) bytes beside the segment")
        // The next session is an idle one again.
        var next = Link(left, right, transcript: 10)
        next.run()
        #expect(next.outcomes.map { $0?.roundTrips } == [1, 1])
    }

    @Test func `changes on both sides cross at once`() {
        let (left, right) = Sample.pair(devices: 20, entries: 100)
        for nonce in 0..<9 { left.write(device: 1 + nonce % 3, nonce: UInt64(1_000 + nonce)) }
        for nonce in 0..<9 { right.write(device: 5 + nonce % 3, nonce: UInt64(2_000 + nonce)) }
        var link = Link(left, right)
        link.run()
        #expect(link.isIdentical && link.areEqual)
        #expect(left.duplicates == 0 && right.duplicates == 0)
        #expect(link.outcomes.map { $0?.sentEntries } == [9, 9])
    }

    @Test func `a cold session with equal policies sends what is missing and nothing twice`() {
        let left = Sample.store(devices: 10, entries: 60, seed: 2)
        let right = left.cloned()
        var random = SeededEntropy(seed: 3)
        Sample.grow(left, devices: [1, 2, 3], entries: 30, &random)
        Sample.grow(right, devices: [4, 5], entries: 20, &random)
        var link = Link(left, right)
        link.run()
        #expect(link.isIdentical && link.areEqual)
        #expect(left.duplicates == 0 && right.duplicates == 0)
        #expect(link.outcomes.map { $0?.sentEntries } == [30, 20])
    }

    @Test func `a new member gets everything, control first`() {
        let left = Sample.store(devices: 12, entries: 100, seed: 4)
        let right = MemoryStore()
        right.write(device: 99, .control, nonce: 1)
        var link = Link(right, left)
        link.run()
        #expect(link.isIdentical && link.areEqual)
        #expect(left.frontierIDs.count == 12 + 100 + 1)
        #expect(left.duplicates == 0 && right.duplicates == 0)
    }

    @Test func `an empty store joins one that is empty but for its founder`() {
        let left = MemoryStore()
        left.write(device: 1, .control, nonce: 1)
        var link = Link(MemoryStore(), left)
        link.run()
        #expect(link.isIdentical && link.areEqual)
    }

    @Test func `logs that name each other's entries wait for one another`() {
        let left = MemoryStore()
        for device in [1, 2] { left.write(device: device, .control, nonce: UInt64(device)) }
        var last: [Digest] = []
        for nonce in 0..<40 {
            let branch = left.write(device: 1 + nonce % 2, nonce: UInt64(nonce), names: last)
            last = branch.map(\.head)
        }
        let right = MemoryStore()
        var link = Link(left, right)
        link.pieceBytes = 50
        link.run()
        #expect(link.isIdentical && link.areEqual)
        #expect(link.outcomes.map { $0?.defect } == [false, false])
        #expect(right.duplicates == 0)
    }

    // MARK: Forks

    @Test func `F4: both branches of a fork reach everybody, whoever knows of it`() {
        for knows in [false, true] {
            let left = Sample.store(devices: 4, entries: 40, seed: 5)
            let right = left.cloned()
            for nonce in 0..<7 { left.write(device: 1, nonce: UInt64(100 + nonce)) }
            for nonce in 0..<(knows ? 3 : 7) { right.write(device: 1, nonce: UInt64(200 + nonce)) }
            if knows {
                // A third who has met the left already holds one branch, and then the other.
                let third = right.cloned()
                var first = Link(left, third)
                first.run()
                #expect(first.isIdentical && first.areEqual)
                var second = Link(third, right)
                second.run()
                #expect(second.isIdentical && second.areEqual)
            }
            var link = Link(left, right, transcript: 8)
            link.run()
            #expect(link.isIdentical && link.areEqual, "known: \(knows)")
            #expect(link.outcomes.map { $0?.defect } == [false, false])
        }
    }

    @Test func `a fork that a checkpoint hides is found by the digests`() {
        let (left, right) = Sample.pair(devices: 4, entries: 40)
        left.write(device: 2, nonce: 500)
        left.write(device: 3, nonce: 501, names: left.frontierIDs.suffix(2))
        right.write(device: 2, nonce: 600)
        right.write(device: 3, nonce: 601)
        var link = Link(left, right)
        link.run()
        #expect(link.isIdentical && link.areEqual)
    }

    @Test func `an entry that names the other branch of a forked log comes through`() {
        let left = Sample.store(devices: 3, entries: 12, seed: 6)
        let right = left.cloned()
        let mine = left.write(device: 1, nonce: 1_000).map(\.head)
        left.write(device: 2, nonce: 1_001, names: mine)
        right.write(device: 1, nonce: 2_000)
        right.write(device: 1, nonce: 2_001)
        var link = Link(left, right)
        link.run()
        #expect(link.isIdentical && link.areEqual)
    }

    @Test func `a forked control log converges as well`() {
        let left = Sample.store(devices: 3, entries: 9, seed: 7)
        let right = left.cloned()
        for nonce in 0..<3 { left.write(device: 2, .control, nonce: UInt64(50 + nonce)) }
        for nonce in 0..<5 { right.write(device: 2, .control, nonce: UInt64(70 + nonce)) }
        var link = Link(left, right)
        link.run()
        #expect(link.isIdentical && link.areEqual)
    }

    // MARK: Live

    @Test func `new entries are pushed in both directions and nothing else is said`() {
        let (left, right) = Sample.pair(devices: 5, entries: 20)
        var link = Link(left, right)
        link.run()
        let before = link.delivered
        link.write(.initiator, device: 1, nonce: 900)
        link.write(.responder, device: 2, nonce: 901)
        link.write(.initiator, device: 1, nonce: 902)
        link.settle()
        #expect(link.areEqual)
        #expect(left.duplicates == 0 && right.duplicates == 0)
        #expect(link.delivered[0] - before[0] > 0 && link.delivered[1] - before[1] > 0)
        #expect(link.flights == [3, 2])
    }

    @Test(arguments: 0..<60)
    func `C11: changes during a session are no defect and arrive`(moment: Int) {
        let left = Sample.store(devices: 6, entries: 40, seed: 8)
        let right = left.cloned()
        var random = SeededEntropy(seed: 9)
        Sample.grow(left, devices: [1, 2], entries: 12, &random)
        Sample.grow(right, devices: [3], entries: 12, &random)
        var link = Link(left, right)
        link.pieceBytes = 64
        var step = 0
        link.meanwhile = { link, _ in
            step += 1
            guard step == moment || step == moment + 2 else { return }
            link.write(.initiator, device: 5, nonce: UInt64(step))
            link.write(.responder, device: 6, nonce: UInt64(step))
        }
        link.run()
        link.settle()
        #expect(link.areEqual)
        #expect(link.isIdentical)
        #expect(link.outcomes.map { $0?.defect } == [false, false])
    }

    @Test(arguments: [1, 3, 10])
    func `C11: a node that lags catches up while its peer writes all the time`(gap: Int) {
        let left = Sample.store(devices: 6, entries: 40, seed: 18)
        let right = left.cloned()
        var random = SeededEntropy(seed: 19)
        Sample.grow(left, devices: [1, 2, 3], entries: 400, &random)
        var link = Link(left, right)
        link.pieceBytes = 64
        var (step, written) = (0, 0)
        link.meanwhile = { link, _ in
            step += 1
            guard step.isMultiple(of: gap), written < 300 else { return }
            written += 1
            link.write(.initiator, device: 5, nonce: UInt64(step))
        }
        link.run()
        #expect(written > 20)
        #expect(link.areEqual && link.isIdentical)
        #expect(link.outcomes.map { $0?.defect } == [false, false])
        #expect(right.duplicates == 0)
    }

    @Test func `equal entries with unequal states are a defect, told and not papered over`() {
        let (left, right) = Sample.pair(devices: 4, entries: 20)
        right.stateFlaw = 1
        var link = Link(left, right)
        link.run()
        #expect(link.areEqual)
        #expect(link.outcomes.map { $0?.defect } == [true, true])
        #expect(link.outcomes.map { $0?.identical } == [false, false])
        #expect(link.sessions.allSatisfy { $0.isLive })
        // Work goes on all the same.
        link.write(.initiator, device: 1, nonce: 5)
        link.settle()
        #expect(link.areEqual)
    }

    @Test func `a pushed entry waits for what it names`() {
        let (left, right) = Sample.pair(devices: 3, entries: 12)
        var link = Link(left, right)
        link.run()
        let named = left.write(device: 1, nonce: 70)
        link.write(.initiator, device: 2, nonce: 71, names: named.map(\.head))
        link.settle()
        #expect(!link.areEqual)
        link.act(.initiator) { $0.localChange(named, store: $1, actions: &$2) }
        link.settle()
        #expect(link.areEqual)
    }

    @Test func `a pushed entry that could not wait is asked for by comparing heads`() {
        let (left, right) = Sample.pair(devices: 3, entries: 12)
        var limits = SyncLimits()
        limits.waitingBytes = 0
        var link = Link(left, right, limits: limits)
        link.run()
        let named = left.write(device: 1, nonce: 70)
        link.write(.initiator, device: 2, nonce: 71, names: named.map(\.head))
        link.settle()
        link.act(.initiator) { $0.localChange(named, store: $1, actions: &$2) }
        link.settle()
        #expect(!link.areEqual)
        link.fireTimer(.responder)
        link.settle()
        #expect(link.areEqual && link.isIdentical)
    }

    @Test(arguments: 0..<6)
    func `C3: branches whose ids begin alike are taken for equal at first, and told apart by the next comparison`(
        tail: Int
    ) {
        for isCold in [true, false] {
            let (left, right) = Sample.pair(devices: 3, entries: 20)
            if isCold { left.checkpoints = [:] }
            for (side, store) in [left, right].enumerated() {
                store.write(device: 1, nonce: 7 << 40 | UInt64(side))
                // One goes on, or both do, by as much or by more; also with ids that begin alike.
                for number in 0..<(side == 0 ? tail % 3 : tail / 2) {
                    store.write(device: 1, nonce: UInt64(8 + number) << 40 | UInt64(side))
                }
            }
            var link = Link(left, right)
            link.run()
            #expect(link.isIdentical && link.areEqual, "tail \(tail), cold \(isCold)")
            #expect(link.outcomes.allSatisfy { $0?.defect == false })
        }
    }

    @Test func `C3: statements that begin alike are told apart too`() {
        let (left, right) = Sample.pair(devices: 3, entries: 20)
        left.checkpoints = [:]
        left.write(device: 1, .control, nonce: 7 << 40 | 1)
        right.write(device: 1, .control, nonce: 7 << 40 | 2)
        var link = Link(left, right)
        link.run()
        #expect(link.isIdentical && link.areEqual)
    }
}
