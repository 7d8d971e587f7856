import Crypto
import Replica

@testable import Sync

/// Two sessions back to back over byte streams, with a clock of its own; every input runs its actions at once.
struct Link {
    enum Side: Int {
        case initiator = 0
        case responder = 1

        var other: Side { self == .initiator ? .responder : .initiator }
    }

    let stores: [MemoryStore]
    var sessions: [Session]
    /// Bytes on their way to each side.
    var streams: [[UInt8]] = [[], []]
    var outcomes: [Outcome?] = [nil, nil]
    var closes: [[RefusalCode?]] = [[], []]
    /// Bytes that were delivered to each side, and flights that were sent by each.
    var delivered = [0, 0]
    var flights = [0, 0]
    /// How often a side was told that the connection takes more.
    var grants = 0
    var timers: [Int?] = [nil, nil]
    var now = 0
    /// Bytes of a delivery at most.
    var pieceBytes = Int.max
    /// Called before each delivery: what happens elsewhere in the meantime.
    var meanwhile: ((inout Link, Int) -> Void)?

    static let devices = [ShortID(100, 0), ShortID(200, 0)]

    init(_ initiator: MemoryStore, _ responder: MemoryStore, limits: SyncLimits = SyncLimits(), transcript: UInt8 = 7) {
        stores = [initiator, responder]
        sessions = [Session.Role.initiator, .responder].map { role in
            Session(
                role: role, peer: Self.devices[role == .initiator ? 1 : 0],
                transcript: [UInt8](repeating: transcript, count: 64), network: MemoryStore.network, limits: limits)
        }
    }

    /// Starts both and runs until nothing is on its way.
    mutating func run() {
        start()
        settle()
    }

    mutating func start() {
        for side in [Side.initiator, .responder] {
            act(side) { session, store, actions in session.start(now: 0, store: store, actions: &actions) }
        }
    }

    /// Delivers until nothing is on its way; gives up after so many deliveries that something must be wrong.
    mutating func settle(limit: Int = 100_000) {
        var steps = 0
        while steps < limit {
            for index in 0...1 where sessions[index].phase == .idle { streams[index] = [] }
            if let side = [Side.initiator, .responder].first(where: { !streams[$0.rawValue].isEmpty }) {
                deliver(side)
            } else if let side = [Side.initiator, .responder].first(where: { sessions[$0.rawValue].wantsToSend }) {
                let time = now
                grants += 1
                act(side) { $0.writable(budget: 4_096, now: time, store: $1, actions: &$2) }
            } else {
                return
            }
            steps += 1
        }
        preconditionFailure("the sessions do not come to rest")
    }

    /// Delivers the next piece to a side.
    mutating func deliver(_ side: Side) {
        meanwhile?(&self, delivered[0] + delivered[1])
        let index = side.rawValue
        let piece = Array(streams[index].prefix(pieceBytes))
        streams[index].removeFirst(piece.count)
        delivered[index] += piece.count
        now += 1
        let time = now
        act(side) { $0.received(piece, now: time, store: $1, actions: &$2) }
    }

    /// An entry is written at a side while the session runs.
    mutating func write(_ side: Side, device: Int, nonce: UInt64, names: [Digest] = []) {
        let changed = stores[side.rawValue].write(device: device, nonce: nonce, names: names)
        act(side) { $0.localChange(changed, store: $1, actions: &$2) }
    }

    /// Puts bytes into a side's stream that the other never sent.
    mutating func inject(_ message: Message, to side: Side) {
        streams[side.rawValue].append(contentsOf: message.encoded)
        settle()
    }

    mutating func fireTimer(_ side: Side) {
        guard let time = timers[side.rawValue] else { return }
        now = max(now, time)
        timers[side.rawValue] = nil
        let at = now
        act(side) { $0.timerFired(now: at, store: $1, actions: &$2) }
    }

    mutating func cut() {
        streams = [[], []]
        for side in [Side.initiator, .responder] {
            act(side) { session, _, actions in session.closed(actions: &actions) }
        }
    }

    mutating func act(_ side: Side, _ input: (inout Session, MemoryStore, inout [Action]) -> Void) {
        let index = side.rawValue
        var actions: [Action] = []
        input(&sessions[index], stores[index], &actions)
        var next = 0
        while next < actions.count {
            switch actions[next] {
            case .send(let bytes):
                flights[index] += 1
                streams[side.other.rawValue].append(contentsOf: bytes)
            case .ingest(let batch):
                let result = stores[index].ingest(batch)
                var more: [Action] = []
                sessions[index].ingested(result, now: now, store: stores[index], actions: &more)
                actions.insert(contentsOf: more, at: next + 1)
            case .saveCheckpoint(let peer, let checkpoint): stores[index].checkpoints[peer] = checkpoint
            case .finished(let outcome): outcomes[index] = outcome
            case .setTimer(let time): timers[index] = time
            case .close(let code): closes[index].append(code)
            }
            next += 1
        }
    }

    var areEqual: Bool { stores[0].frontierIDs == stores[1].frontierIDs }
    var isIdentical: Bool { outcomes.allSatisfy { $0?.identical == true && $0?.failure == nil } }
}

/// Replicas for tests.
enum Sample {
    /// A store with devices 1…n, each with an opening and entries that name those of others.
    static func store(devices: Int, entries: Int, seed: UInt64) -> MemoryStore {
        let store = MemoryStore()
        for device in 1...max(1, devices) { store.write(device: device, .control, nonce: UInt64(device)) }
        var random = SeededEntropy(seed: seed)
        grow(store, devices: Array(1...max(1, devices)), entries: entries, &random)
        return store
    }

    /// Adds entries by some of the devices, each naming up to two that the store holds.
    static func grow(_ store: MemoryStore, devices: [Int], entries: Int, _ random: inout SeededEntropy) {
        for _ in 0..<entries {
            let device = devices.randomElement(using: &random) ?? 1
            let ids = store.frontierIDs
            let names = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in ids.randomElement(using: &random)
            }
            store.write(device: device, nonce: .random(in: 0...1_000_000, using: &random), names: names)
        }
    }

    /// Two equal stores that know each other by a checkpoint.
    static func pair(devices: Int, entries: Int, seed: UInt64 = 1) -> (MemoryStore, MemoryStore) {
        let left = store(devices: devices, entries: entries, seed: seed)
        let right = left.cloned()
        var link = Link(left, right)
        link.run()
        precondition(link.isIdentical, "equal stores are equal")
        return (left, right)
    }
}
