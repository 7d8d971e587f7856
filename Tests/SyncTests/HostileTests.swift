import Bytes
import Crypto
import Replica
import Testing

@testable import Sync

/// A peer that sends what it must not: a typed error, REFUSED, a closed session, and nothing worse.
struct HostileTests {
    /// A link that has come to rest in live, from a checkpoint.
    static func live() -> Link {
        let (left, right) = Sample.pair(devices: 3, entries: 12)
        var link = Link(left, right)
        link.run()
        return link
    }

    /// A responder alone, which waits for a HELLO.
    static func fresh(_ store: MemoryStore) -> Link {
        var link = Link(MemoryStore(), store)
        link.act(.responder) { $0.start(now: 0, store: $1, actions: &$2) }
        return link
    }

    static let anything: [Message] = [
        .hello(Hello(digest: 1, checkpoint: nil, moved: [])), .equal, .vector(policy: 1, items: []),
        .control(policy: 1, logs: [], more: false), .sent, .digest(5),
        .explicit(log: Digest(), first: 0, last: 0, head: Digest()),
        .welcome(certificate: [], ruleSet: 1, organisation: "X"),
    ]

    @Test(arguments: anything) func `what is out of turn in a live session ends it`(message: Message) {
        var link = Self.live()
        link.inject(message, to: .responder)
        let outcome = link.outcomes[1]
        guard case .outOfTurn(let name, let state) = outcome?.failure else {
            Issue.record("\(message.name): \(String(describing: outcome?.failure))")
            return
        }
        #expect(name == message.name && state == "live")
        #expect(link.closes[1] == [.outOfTurn])
        #expect(outcome?.identical == false)
        // The other side was told.
        #expect(link.outcomes[0]?.failure == .refused(code: RefusalCode.outOfTurn.rawValue, text: "outOfTurn"))
        #expect(link.sessions.allSatisfy { $0.isClosed })
    }

    @Test(arguments: anything.dropFirst() + [.segment(log: .number(0), bytes: [1]), .heads([], more: false)])
    func `whoever does not begin with HELLO is refused`(message: Message) {
        var link = Self.fresh(Sample.store(devices: 2, entries: 5, seed: 1))
        link.inject(message, to: .responder)
        #expect(link.closes[1] == [.outOfTurn])
        #expect(link.sessions[1].isClosed)
    }

    @Test func `a checkpoint that was not offered and logs beyond the table are refused`() {
        var link = Link(Sample.store(devices: 2, entries: 5, seed: 1), MemoryStore())
        link.act(.initiator) { $0.start(now: 0, store: $1, actions: &$2) }
        link.streams = [[], []]
        link.inject(.hello(Hello(digest: 5, checkpoint: 77, moved: [])), to: .initiator)
        #expect(link.closes[0] == [.malformed])

        for name in [LogName.number(65_536), .number(1_000)] {
            var link = Self.live()
            link.inject(.segment(log: name, bytes: [1]), to: .initiator)
            #expect(link.outcomes[0]?.failure == .unknownLog)
        }
    }

    @Test func `a vector of another length is refused`() {
        let store = Sample.store(devices: 2, entries: 5, seed: 1)
        var link = Self.fresh(store)
        link.inject(.hello(Hello(digest: 5, checkpoint: nil, moved: [])), to: .responder)
        let policy = link.sessions[1].greeting.sentPolicy
        link.streams = [[], []]
        link.inject(.vector(policy: policy, items: [.count(1)]), to: .responder)
        #expect(link.closes[1] == [.malformed])
    }

    @Test func `a bad segment ends the session, what came whole before it is kept`() {
        var link = Self.live()
        let store = link.stores[0]
        store.write(device: 1, nonce: 4_000)
        let log = MemoryStore.descriptor(device: 1, .data).id(network: MemoryStore.network)
        let leaf = store.branches().first { $0.log == log }
        guard let leaf, let run = store.segment(branch: leaf.number, from: leaf.count - 1) else {
            Issue.record("no segment")
            return
        }
        var bad = run.bytes
        bad[bad.count - 1] ^= 1
        let count = link.stores[1].entries.count
        let descriptor = LogName.descriptor(leaf.descriptor)
        let good = Message.segment(log: descriptor, bytes: run.bytes)
        link.streams[1] = good.encoded + Message.segment(log: descriptor, bytes: bad).encoded + [0xFF]
        link.settle()
        #expect(link.stores[1].entries.count == count + 1)
        #expect(link.sessions[1].isClosed)
        #expect(link.outcomes[1]?.failure != nil)
    }

    @Test func `a seal that does not hold is told as such`() {
        var link = Self.live()
        let store = link.stores[0]
        store.write(device: 1, nonce: 4_000)
        let log = MemoryStore.descriptor(device: 1, .data).id(network: MemoryStore.network)
        guard let leaf = store.branches().first(where: { $0.log == log }),
            var bytes = store.segment(branch: leaf.number, from: leaf.count - 1)?.bytes
        else { return }
        bytes[bytes.count - 1] ^= 1
        let before = link.stores[1].frontierIDs
        link.inject(.segment(log: .descriptor(leaf.descriptor), bytes: bytes), to: .responder)
        #expect(link.outcomes[1]?.failure == .offence(.badSeal))
        #expect(link.closes[1] == [.badSeal])
        #expect(link.stores[1].frontierIDs == before)
    }

    @Test func `a list of heads that goes on for ever is refused`() {
        var limits = SyncLimits()
        limits.allHeads = 100
        for kind in ["HEADS", "CONTROL"] {
            let store = Sample.store(devices: 2, entries: 5, seed: 1)
            var link = Link(MemoryStore(), store, limits: limits)
            link.act(.responder) { $0.start(now: 0, store: $1, actions: &$2) }
            link.inject(.hello(Hello(digest: 5, checkpoint: nil, moved: [])), to: .responder)
            link.inject(.vector(policy: 1, items: []), to: .responder)
            if kind == "HEADS" {
                // An empty CONTROL, the end of that exchange, and policies that differ again: all heads are compared.
                link.inject(.control(policy: 1, logs: [], more: false), to: .responder)
                link.inject(.sent, to: .responder)
                link.inject(.vector(policy: 1, items: []), to: .responder)
            }
            let heads = (0..<9).map { Head(sequence: $0, prefix: 1) }
            for number in 0..<20 where !link.sessions[1].isClosed {
                let log = MemoryStore.descriptor(device: 100 + number, .control)
                let message: Message =
                    kind == "HEADS"
                    ? .heads([LogHeads(log: log.id(network: MemoryStore.network), heads: heads)], more: true)
                    : .control(policy: 1, logs: [ControlLog(descriptor: log, heads: heads)], more: true)
                link.inject(message, to: .responder)
            }
            #expect(link.outcomes[1]?.failure == .limit("allHeads"), "\(kind)")
        }
    }

    @Test func `whoever asks for comparisons without end is refused`() {
        var limits = SyncLimits()
        limits.comparisons = 3
        let (left, right) = Sample.pair(devices: 3, entries: 12)
        var link = Link(left, right, limits: limits)
        link.run()
        var count = 0
        while !link.sessions[1].isClosed, count < 10 {
            count += 1
            // What the other side answers is not looked at: this peer plays both parts of it.
            link.streams = [[], []]
            link.streams[1] = Message.heads([], more: false).encoded
            link.streams[1] += Message.sent.encoded
            while !link.streams[1].isEmpty { link.deliver(.responder) }
            link.streams[0] = []
            link.streams[1] = Message.equal.encoded
            while !link.streams[1].isEmpty { link.deliver(.responder) }
            link.streams[0] = []
        }
        #expect(count == 4)
        #expect(link.closes[1] == [.outOfTurn])
    }

    @Test func `whoever withholds is found out and stalls nobody`() {
        let left = Sample.store(devices: 3, entries: 20, seed: 1)
        let right = left.cloned()
        left.write(device: 1, nonce: 50)
        right.write(device: 2, nonce: 51)
        left.withholds = true
        var link = Link(left, right)
        link.run()
        #expect(link.sessions.allSatisfy { $0.isLive })
        #expect(link.outcomes.map { $0?.identical } == [false, false])
        #expect(link.outcomes.map { $0?.defect } == [false, false])
        #expect(left.entries.count == right.entries.count + 1)
    }

    @Test func `an explicit form is given once for what was sent`() {
        var link = Self.live()
        let changed = link.stores[0].write(device: 1, nonce: 60)
        link.act(.initiator) { $0.localChange(changed, store: $1, actions: &$2) }
        link.settle()
        guard let branch = changed.first else { return }
        let request = Message.explicit(
            log: branch.log, first: branch.count - 1, last: branch.count - 1, head: Digest())
        let before = link.delivered[1]
        link.inject(request, to: .initiator)
        #expect(link.delivered[1] > before && link.sessions[0].isLive)
        link.inject(request, to: .initiator)
        #expect(link.closes[0] == [.outOfTurn])
    }

    @Test func `R5: explicit forms are given as fast as they are taken, however many are asked for at once`() {
        let (left, right) = Sample.pair(devices: 3, entries: 12)
        var random = SeededEntropy(seed: 3)
        Sample.grow(left, devices: [1, 2, 3], entries: 100, &random)
        var limits = SyncLimits()
        limits.flightBytes = 1_000
        var link = Link(left, right, limits: limits)
        link.run()
        let runs = link.sessions[0].sentRuns
        #expect(link.isIdentical && runs.count > 20)
        for run in runs {
            link.streams[0] += Message.explicit(log: run.log, first: run.first, last: run.last, head: Digest()).encoded
        }
        link.deliver(.initiator)
        #expect(link.streams[1].count < 3_000 && link.sessions[0].wantsToSend)
        let before = link.delivered[1]
        link.settle()
        #expect(link.sessions[0].explicitDue.isEmpty && link.sessions.allSatisfy { $0.isLive })
        #expect(link.delivered[1] - before > 100 * runs.count)
    }

    @Test func `an explicit form is understood while the side that gives it numbers logs anew already`() {
        let left = Sample.store(devices: 3, entries: 12, seed: 1)
        let right = left.cloned()
        left.write(device: 4, .control, nonce: 4)
        let log = MemoryStore.descriptor(device: 4, .control).id(network: MemoryStore.network)
        var isAsked = false
        var link = Link(left, right)
        link.pieceBytes = 1
        link.meanwhile = { link, _ in
            // As where this side has sent all of its control and finds that a run does not fit.
            guard !isAsked, link.sessions[1].phase == .exchangingControl, link.sessions[1].exchange.mySent,
                link.sessions[0].sentRuns.contains(where: { $0.log == log })
            else { return }
            isAsked = true
            link.sessions[1].intake.awaitExplicit(log)
            link.streams[0] += Message.explicit(log: log, first: 0, last: 0, head: Digest()).encoded
        }
        link.run()
        #expect(isAsked && link.isIdentical && link.areEqual)
        #expect(link.closes == [[], []])
    }

    @Test func `a silent peer is left after a minute, a live one is not`() {
        var link = Self.fresh(MemoryStore())
        link.fireTimer(.responder)
        #expect(link.outcomes[1]?.failure == .idle)
        #expect(link.closes[1] == [RefusalCode?.none])
        var live = Self.live()
        live.fireTimer(.responder)
        #expect(live.sessions[1].isLive && live.closes[1].isEmpty)
    }

    @Test(arguments: 0..<200) func `random messages in random states only ever end the session`(seed: UInt64) {
        var random = SeededEntropy(seed: seed)
        let left = Sample.store(devices: 3, entries: 10, seed: seed)
        let right = left.cloned()
        Sample.grow(left, devices: [1, 2], entries: 5, &random)
        Sample.grow(right, devices: [2, 3], entries: 5, &random)
        var link = Link(left, right)
        link.pieceBytes = 40
        let moment = Int.random(in: 0..<30, using: &random)
        let message = (Self.anything + MessageTests.samples).randomElement(using: &random) ?? .equal
        var step = 0
        link.meanwhile = { link, _ in
            step += 1
            if step == moment { link.streams[Int.random(in: 0...1, using: &random)] += message.encoded }
        }
        link.run()
        let ended = link.sessions.allSatisfy { $0.isClosed } || link.outcomes.contains { $0?.failure != nil }
        #expect(ended || link.areEqual, "seed \(seed): \(message.name) at \(moment)")
    }
}
