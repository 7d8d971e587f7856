import Bytes
import Crypto
import Node
import Replica
import Store
import Sync

/// A session of a real store with a real peer, between which somebody hostile stands who knows the channel's keys:
/// messages are cut, left out, turned over and made up, in every state that the two come to.
package struct SessionTarget: FuzzTarget {
    package static let name = "session"
    /// Two stores are verified, shown and made anew.
    package static let rounds = 5

    /// Everything there is; and stores that hold less, nothing of the records, as much, and few statements.
    private var peer: SmallStore
    private var victims: [SmallStore]
    private let transcript = [UInt8](repeating: 7, count: 64)

    package init() throws {
        let network = try SmallNetwork(KeyRing())
        peer = try SmallStore(network, member: 0)
        victims = [
            try SmallStore(network, part: 9), try SmallStore(network, part: 6), try SmallStore(network),
            try SmallStore(network, part: 3),
        ]
    }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        let flags = script.byte()
        let chosen = Int(flags >> 5) % victims.count
        var limits = SyncLimits()
        if flags & 8 != 0 {
            (limits.heads, limits.logs, limits.messageBytes, limits.waitingBytes) = (3, 12, 4_096, 600)
            limits.flightBytes = 200
        }
        var hostile = HostileLink(
            victims[chosen].store, peer.store, victimDials: flags & 1 == 0, transcript: transcript, limits: limits)
        try flags & 16 != 0 ? hostile.agreeOnCheckpoint() : hostile.forgetCheckpoints()
        try hostile.start()
        var steps = 0
        while !script.isAtEnd, steps < 200 {
            steps += 1
            try hostile.step(&script)
        }
        try hostile.settle()
        try hostile.check()
        try victims[chosen].renewIfChanged()
        try peer.renewIfChanged()
    }

    package static func seeds() throws -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        // The lowest bit says who dials, the highest which store it is.
        for flags in (0..<8).map({ UInt8(($0 / 2) << 5 | $0 & 1) }) {
            seeds += [[flags], [flags | 8], [flags | 16], [flags | 24]]
            for kind in UInt8(0)..<12 { seeds.append([flags, 0, 200, 1, 200, 5, kind, 1, 2, 3, 4, 5, 6, 7]) }
            seeds.append([flags, 0, 9, 3, 4, 1, 1, 200, 6, 7, 8])
            seeds.append([flags | 16, 1, 200, 0, 200, 1, 200, 0, 200, 1, 200, 0, 200, 6, 7, 9, 4, 0, 3])
        }
        return seeds
    }
}

extension SmallStore {
    /// Holds what came to the store's promises, and makes it as it was.
    fileprivate mutating func renewIfChanged() throws {
        if try isPristine() { return }
        try checkWhole()
        try renew()
    }
}

/// Two sessions and the streams between them, which a script may touch.
private struct HostileLink {
    private let stores: [ReplicaStore]
    private var sessions: [Session]
    private var streams: [[UInt8]] = [[], []]
    private var identical = [false, false]
    private var closes = [0, 0]
    private var now = 0
    private var isTouched = false
    private let limits: SyncLimits

    /// The victim is side 0.
    init(
        _ victim: ReplicaStore, _ peer: ReplicaStore, victimDials: Bool, transcript: [UInt8], limits: SyncLimits
    ) {
        stores = [victim, peer]
        self.limits = limits
        sessions = [victimDials, !victimDials].enumerated().map { side, dials in
            Session(
                role: dials ? .initiator : .responder, peer: ShortID(UInt64(2 - side), 0), transcript: transcript,
                network: victim.network, limits: side == 0 ? limits : SyncLimits())
        }
    }

    /// A checkpoint at what the store that holds less holds, as if the two had met then.
    mutating func agreeOnCheckpoint() throws {
        var logs: [Digest: (LogDescriptor, [Head])] = [:]
        for branch in stores[0].sharedBranches() {
            let head = Head(sequence: branch.head, prefix: branch.headID.word0)
            logs[branch.log] = (branch.descriptor, ((logs[branch.log]?.1 ?? []) + [head]).sorted())
        }
        let checkpoint = Checkpoint(
            name: 99,
            logs: logs.sorted { $0.key < $1.key }.map { .init(id: $0.key, descriptor: $0.value.0, heads: $0.value.1) })
        for side in 0...1 { try stores[side].saveCheckpoint(checkpoint.encoded, with: ShortID(UInt64(2 - side), 0)) }
    }

    /// Nothing that was kept by the input before; what cannot be read is none.
    func forgetCheckpoints() throws {
        for side in 0...1 { try stores[side].saveCheckpoint([], with: ShortID(UInt64(2 - side), 0)) }
    }

    mutating func start() throws {
        for side in 0...1 { try act(side) { $0.start(now: 0, store: $1, actions: &$2) } }
    }

    mutating func step(_ script: inout Script) throws {
        now += 1
        switch script.byte() % 10 {
        case 0: try deliver(0, 8 * Int(script.byte()))
        case 1: try deliver(1, 8 * Int(script.byte()))
        case 2:
            let bytes = script.piece()
            isTouched = true
            streams[0].insert(contentsOf: bytes, at: script.byte() & 1 == 0 ? 0 : streams[0].count)
        case 3:
            guard !streams[0].isEmpty else { return }
            isTouched = true
            streams[0][script.number(below: streams[0].count)] ^= 1 &<< (script.byte() & 7)
        case 4:
            let (start, count) = (script.number(below: streams[0].count + 1), Int(script.byte()))
            isTouched = true
            streams[0].removeSubrange(start..<min(streams[0].count, start + count))
        case 5:
            isTouched = true
            let message = message(&script)
            streams[0].insert(contentsOf: message.encoded, at: script.byte() & 1 == 0 ? 0 : streams[0].count)
        case 6:
            now += 30_000 * Int(script.byte() % 4)
            isTouched = true
            let time = now
            try act(0) { $0.timerFired(now: time, store: $1, actions: &$2) }
        case 7:
            let (budget, time) = (16 * Int(script.byte()), now)
            try act(0) { $0.writable(budget: budget, now: time, store: $1, actions: &$2) }
        case 8:
            let branches = stores[0].sharedBranches().map { Branch($0) }
            let changed = [script.choice(branches)]
            try act(0) { $0.localChange(changed, store: $1, actions: &$2) }
        default:
            guard script.byte() == 1 else { return }
            isTouched = true
            try act(0) { session, _, actions in session.closed(actions: &actions) }
        }
    }

    /// A message that names what there is, nearly.
    private mutating func message(_ script: inout Script) -> Message {
        let branches = stores[Int(script.byte() & 1)].sharedBranches()
        let branch = script.choice(branches)
        let head = Head(
            sequence: max(0, branch.head + Int(script.byte() % 5) - 2),
            prefix: script.byte() & 1 == 0 ? branch.headID.word0 : 5)
        let name: LogName =
            script.byte() & 1 == 0 ? .number(Int(script.byte()) % 20) : .descriptor(branch.descriptor)
        switch script.byte() % 12 {
        case 0:
            let checkpoint: UInt64? = script.byte() & 1 == 0 ? nil : 99
            return .hello(
                Hello(
                    digest: UInt64(script.byte()), checkpoint: checkpoint,
                    moved: checkpoint == nil ? [] : [Move(log: name, item: .heads([head]))]))
        case 1: return .equal
        case 2:
            let logs = [ControlLog(descriptor: branch.descriptor, heads: [head])]
            return .control(policy: 1, logs: logs, more: script.byte() & 1 == 1)
        case 3:
            let items = (0..<Int(script.byte() % 16)).map { LogItem.count($0) } + [.heads([head])]
            return .vector(policy: UInt64(script.byte() & 1), items: items)
        case 4: return .heads([LogHeads(log: branch.log, heads: [head])], more: script.byte() & 1 == 1)
        case 5:
            let bytes = script.piece()
            let held = (try? stores[1].segment(branch: script.number(below: branches.count), from: 0))??.bytes
            return .segment(log: name, bytes: bytes.isEmpty ? held ?? [] : bytes)
        case 6: return .sent
        case 7: return .digest(UInt64(script.byte()))
        case 8:
            let first = Int(script.byte())
            return .explicit(log: branch.log, first: first, last: max(first, head.sequence), head: branch.headID)
        case 9: return .refused(code: Int(script.byte()), text: "hostile")
        case 10: return .welcome(certificate: script.piece().prefix(9).map { $0 }, ruleSet: 1, organisation: "x")
        default: return .heads([], more: script.byte() & 1 == 1)
        }
    }

    private mutating func deliver(_ side: Int, _ count: Int) throws {
        let piece = Array(streams[side].prefix(count))
        guard !piece.isEmpty else { return }
        streams[side].removeFirst(piece.count)
        let time = now
        try act(side) { $0.received(piece, now: time, store: $1, actions: &$2) }
    }

    /// Delivers until nothing is on its way.
    mutating func settle() throws {
        for _ in 0..<2_000 {
            let time = now
            if let side = [0, 1].first(where: { !streams[$0].isEmpty }) {
                try deliver(side, .max)
            } else if let side = [0, 1].first(where: { sessions[$0].wantsToSend }) {
                try act(side) { $0.writable(budget: 4_096, now: time, store: $1, actions: &$2) }
            } else {
                return
            }
        }
        throw Violation("the sessions do not come to rest")
    }

    /// What nobody has touched ends in agreement.
    func check() throws {
        try require(closes.allSatisfy { $0 <= 1 }, "a session is closed twice")
        for session in sessions where session.isClosed {
            try require(!session.wantsToSend, "a closed session wants to send")
        }
        guard !isTouched, limits == SyncLimits() else { return }
        try require(identical == [true, true], "a session that nobody touched does not agree")
        let frontiers = stores.map { [$0.frontier(of: SpaceName.policy), $0.frontier(of: SpaceName.net)] }
        try require(frontiers[0] == frontiers[1], "sessions agree and stores do not")
    }

    private mutating func act(
        _ side: Int, _ input: (inout Session, SharedStore, inout [Action]) throws -> Void
    ) throws {
        var actions: [Action] = []
        let store = SharedStore(store: stores[side])
        try input(&sessions[side], store, &actions)
        var next = 0
        while next < actions.count {
            switch actions[next] {
            case .send(let bytes): streams[1 - side] += bytes
            case .ingest(let segments):
                let result = try ingest(segments, side)
                var more: [Action] = []
                sessions[side].ingested(result, now: now, store: store, actions: &more)
                actions.insert(contentsOf: more, at: next + 1)
            case .saveCheckpoint(let peer, let checkpoint):
                try stores[side].saveCheckpoint(checkpoint.encoded, with: peer)
            case .finished(let outcome):
                identical[side] = outcome.identical
                try require(!outcome.defect, "equal entries gave unequal states")
                if case .store(let text)? = outcome.failure { throw Violation("the store failed: \(text)") }
            case .setTimer: break
            case .close: closes[side] += 1
            }
            next += 1
        }
    }

    /// What a node does with segments.
    private mutating func ingest(_ segments: [Sync.IncomingSegment], _ side: Int) throws -> IngestResult {
        let store = stores[side]
        let before = store.sharedBranches()
        let table = Dictionary(store.sessionLogs().map { ($0.id(network: store.network), $0) }) { first, _ in first }
        var outcomes: [SegmentOutcome?] = []
        var known: [Store.IncomingSegment] = []
        for segment in segments {
            guard let descriptor = segment.descriptor ?? store.descriptor(of: segment.log) ?? table[segment.log] else {
                outcomes.append(.refused(.malformed))
                continue
            }
            outcomes.append(nil)
            known.append(Store.IncomingSegment(descriptor: descriptor, bytes: segment.bytes))
        }
        var waiting = WaitingRoom()
        var stored = try store.ingest(known, waiting: &waiting).makeIterator()
        let changed = store.sharedBranches().filter { branch in
            !before.contains { $0.number == branch.number && $0.headID == branch.headID }
        }
        return IngestResult(
            outcomes: outcomes.map { $0 ?? stored.next().map { outcome(of: $0, store) } ?? .waiting },
            changed: changed.map { Branch($0) })
    }

    private func outcome(of outcome: IngestOutcome, _ store: ReplicaStore) -> SegmentOutcome {
        switch outcome {
        case .stored(_, let branch, let last, let new): .stored(branch: branch, upTo: last + 1, newEntries: new)
        case .quarantined: .quarantined
        case .explicitNeeded(let log, let first, let last):
            .needsExplicit(first: first, last: last, head: store.headBelow(log: log, sequence: first) ?? Digest())
        case .waiting(let log, let first, let last, true):
            .compactWaiting(first: first, last: last, head: store.headBelow(log: log, sequence: first) ?? Digest())
        case .waiting: .waiting
        case .offence(let error): .refused(error == .seal ? .badSeal : .malformed)
        case .overflow: .refused(.limit)
        }
    }
}
