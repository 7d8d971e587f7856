package import Crypto
package import Reactor

/// Many nodes in one process, with virtual time and connections in memory: the same seed gives the same run.
package final class World {
    /// Monotonic milliseconds.
    package private(set) var time: Int64 = 1_000
    /// Draws the size of each delivery; nil delivers everything that is there.
    package var chunks: SeededEntropy?
    fileprivate var networks: [MemoryNetwork] = []
    fileprivate var listeners: [String: (network: MemoryNetwork, id: ListenerID)] = [:]
    fileprivate var nextNumber: UInt64 = 1
    fileprivate var pipes: [Pipe] = []

    package init() {}

    /// A network for one more node.
    /// - Parameter clock: how far its wall clock is off, seconds.
    package func makeNetwork(clock: Int64 = 0) -> MemoryNetwork {
        let network = MemoryNetwork(world: self, clock: clock)
        networks.append(network)
        return network
    }

    /// The bytes that connections have carried, both ways, handshakes included.
    package private(set) var carriedByteCount = 0

    /// Cuts the newest connection when it has carried so many bytes both ways together; nil for never.
    package var cutNextAfter: Int?

    /// Delivers until nothing moves any more and no timer is due before `limit` milliseconds have passed.
    /// - Returns: true if it came to rest.
    @discardableResult
    package func run(milliseconds limit: Int64 = 0, while condition: () -> Bool = { true }) -> Bool {
        let end = time + limit
        var steps = 0
        while condition() {
            steps += 1
            if steps > 1_000_000 { return false }
            if deliverOne() { continue }
            guard let next = networks.compactMap(\.nextDeadline).min(), next <= end else { break }
            time = max(time, next)
            for network in networks { network.fireDue() }
        }
        return true
    }

    private func deliverOne() -> Bool {
        for network in networks where network.deliverEvent() { return true }
        for pipe in pipes where !pipe.isClosed {
            let before = pipe.carried
            guard pipe.move(chunks: &chunks) else { continue }
            carriedByteCount += pipe.carried - before
            return true
        }
        pipes.removeAll(where: \.isClosed)
        return false
    }
}

/// One connection between two networks.
final class Pipe {
    struct End {
        let network: MemoryNetwork
        let id: ConnectionID
        /// What this end has written and the other has not been given.
        var outgoing: [UInt8] = []
        /// It was told to write less, and is owed a word when it may write more.
        var owesDrained = false
        var wantsClose = false
    }

    var ends: [End]
    var carried = 0
    var cutAfter: Int?
    var isClosed = false

    init(_ a: End, _ b: End, cutAfter: Int?) {
        ends = [a, b]
        self.cutAfter = cutAfter
    }

    /// Moves some bytes to one end.
    func move(chunks: inout SeededEntropy?) -> Bool {
        for index in [0, 1] where !ends[index].outgoing.isEmpty {
            var count = ends[index].outgoing.count
            if var draw = chunks {
                count = Int.random(in: 1...count, using: &draw)
                chunks = draw
            }
            if let cutAfter { count = min(count, cutAfter - carried) }
            let bytes = Array(ends[index].outgoing.prefix(count))
            ends[index].outgoing.removeFirst(count)
            carried += count
            if ends[index].owesDrained, ends[index].outgoing.count <= ReactorLimits().lowWaterByteCount {
                ends[index].owesDrained = false
                ends[index].network.deliver(.drained, to: ends[index].id)
            }
            let other = ends[1 - index]
            if !bytes.isEmpty { other.network.deliver(.received(bytes), to: other.id) }
            if let cutAfter, carried >= cutAfter {
                isClosed = true
                for end in ends { end.network.deliver(.disconnected, to: end.id) }
            }
            return true
        }
        for index in [0, 1] where ends[index].wantsClose {
            isClosed = true
            let other = ends[1 - index]
            other.network.deliver(.disconnected, to: other.id)
            return true
        }
        return false
    }
}

/// The network of one node in a `World`.
package final class MemoryNetwork: Network {
    enum Event {
        case connected(Endpoint)
        case connectFailed
        case accepted(ListenerID)
        case received([UInt8])
        case drained
        case disconnected
    }

    private unowned let world: World
    /// How far the wall clock is off, seconds.
    package var clock: Int64
    /// Whom events go to.
    package weak var owner: (any NetworkOwner)?
    private var events: [(ConnectionID, Event)] = []
    private var timers: [(id: TimerID, at: Int64, order: Int)] = []
    private var timerOrder = 0
    private var pipes: [ConnectionID: (pipe: Pipe, end: Int)] = [:]
    /// A network that is off reaches nobody.
    package var isOnline = true

    init(world: World, clock: Int64) {
        self.world = world
        self.clock = clock
    }

    package var now: Instant {
        Instant(monotonicMilliseconds: world.time, unixSeconds: 1_800_000_000 + world.time / 1_000 + clock)
    }

    package func listen(on endpoint: Endpoint) throws(ReactorError) -> (listener: ListenerID, bound: Endpoint) {
        let id = ListenerID(number())
        world.listeners[endpoint.description] = (self, id)
        return (id, endpoint)
    }

    package func listenLocally(at path: String) throws(ReactorError) -> ListenerID { ListenerID(number()) }

    package func closeListener(_ listener: ListenerID) {
        for (name, entry) in world.listeners where entry.id == listener { world.listeners[name] = nil }
    }

    package func connect(to endpoint: Endpoint) -> ConnectionID {
        let id = ConnectionID(number())
        guard isOnline, let target = world.listeners[endpoint.description], target.network.isOnline else {
            events.append((id, .connectFailed))
            return id
        }
        let other = ConnectionID(number())
        let pipe = Pipe(
            .init(network: self, id: id), .init(network: target.network, id: other), cutAfter: world.cutNextAfter)
        world.cutNextAfter = nil
        world.pipes.append(pipe)
        pipes[id] = (pipe, 0)
        target.network.pipes[other] = (pipe, 1)
        events.append((id, .connected(endpoint)))
        target.network.events.append((other, .accepted(target.id)))
        return id
    }

    package func write(_ bytes: [UInt8], to connection: ConnectionID) {
        guard let (pipe, end) = pipes[connection], !pipe.isClosed else { return }
        pipe.ends[end].outgoing += bytes
        let limits = ReactorLimits()
        if pipe.ends[end].outgoing.count > limits.highWaterByteCount { pipe.ends[end].owesDrained = true }
    }

    package func unsentByteCount(of connection: ConnectionID) -> Int {
        guard let (pipe, end) = pipes[connection] else { return 0 }
        return pipe.ends[end].outgoing.count
    }

    package func pauseReading(of connection: ConnectionID) {}
    package func resumeReading(of connection: ConnectionID) {}

    package func close(_ connection: ConnectionID) {
        guard let (pipe, end) = pipes.removeValue(forKey: connection) else { return }
        pipe.ends[end].wantsClose = true
        events.removeAll { $0.0 == connection }
    }

    package func abort(_ connection: ConnectionID) {
        guard let (pipe, end) = pipes.removeValue(forKey: connection) else { return }
        events.removeAll { $0.0 == connection }
        guard !pipe.isClosed else { return }
        pipe.isClosed = true
        let other = pipe.ends[1 - end]
        other.network.deliver(.disconnected, to: other.id)
    }

    package func setTimer(_ timer: TimerID, at monotonicMilliseconds: Int64) {
        cancelTimer(timer)
        timerOrder += 1
        timers.append((timer, monotonicMilliseconds, timerOrder))
    }

    package func cancelTimer(_ timer: TimerID) { timers.removeAll { $0.id == timer } }
    package func stop() {}

    private func number() -> UInt64 {
        world.nextNumber += 1
        return world.nextNumber
    }

    // MARK: What the world does

    func deliver(_ event: Event, to connection: ConnectionID) {
        guard pipes[connection] != nil else { return }
        events.append((connection, event))
    }

    var nextDeadline: Int64? { timers.map(\.at).min() }

    func fireDue() {
        while let index = timers.indices.filter({ timers[$0].at <= world.time }).min(by: {
            (timers[$0].at, timers[$0].order) < (timers[$1].at, timers[$1].order)
        }) {
            let timer = timers.remove(at: index)
            owner?.timerFired(timer.id, now: now)
        }
    }

    func deliverEvent() -> Bool {
        guard !events.isEmpty else { return false }
        let (connection, event) = events.removeFirst()
        switch event {
        case .connected(let endpoint): owner?.connected(connection, to: endpoint, now: now)
        case .connectFailed:
            owner?.connectFailed(connection, error: .system(call: "connect", subject: "memory", number: 111), now: now)
        case .accepted(let listener):
            guard let endpoint = Endpoint("127.0.0.1:1") else { return true }
            owner?.accepted(connection, from: .tcp(endpoint), on: listener, now: now)
        case .drained: owner?.drained(connection, now: now)
        case .received(let bytes): owner?.received(bytes, from: connection, now: now)
        case .disconnected:
            pipes[connection] = nil
            owner?.disconnected(connection, reason: .closedByPeer, now: now)
        }
        return true
    }
}
