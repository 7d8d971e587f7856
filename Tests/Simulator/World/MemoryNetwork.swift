package import Reactor

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
    /// Each network has an address of its own, as each office has.
    private let ordinal: Int
    /// Where those who have just connected are.
    private var callers: [ConnectionID: Endpoint] = [:]
    /// A number by which whoever made it knows it again.
    package var label = 0
    private var events: [(ConnectionID, Event)] = []
    private var firstEvent = 0
    private var timers: [(id: TimerID, at: Int64, order: Int)] = []
    private var timerOrder = 0
    private var pipes: [ConnectionID: (pipe: Pipe, end: Int)] = [:]
    /// A network that is off reaches nobody.
    package var isOnline = true
    /// A machine that sleeps hears nothing and its timers wait; what was sent to it comes when it wakes.
    package var isAsleep = false
    /// Whether the process was ended inside of the event at hand: what it still says is not heard.
    package var isEnded: () -> Bool = { false }

    private var address: Endpoint? {
        Endpoint("10.\(ordinal >> 16 & 255).\(ordinal >> 8 & 255).\(ordinal & 255):4000")
    }

    init(world: World, clock: Int64, ordinal: Int) {
        self.world = world
        self.ordinal = ordinal
        self.clock = clock
    }

    package var now: Instant {
        Instant(monotonicMilliseconds: world.time, unixSeconds: 1_800_000_000 + world.time / 1_000 + clock)
    }

    package func listen(on endpoint: Endpoint) throws(ReactorError) -> (listener: ListenerID, bound: Endpoint) {
        let id = ListenerID(world.number())
        world.listeners[endpoint.description] = (self, id)
        return (id, endpoint)
    }

    package func listenLocally(at path: String) throws(ReactorError) -> ListenerID { ListenerID(world.number()) }

    package func closeListener(_ listener: ListenerID) {
        for (name, entry) in world.listeners where entry.id == listener { world.listeners[name] = nil }
    }

    package func connect(to endpoint: Endpoint) -> ConnectionID {
        let id = ConnectionID(world.number())
        guard isOnline, !isEnded(), let target = world.listeners[endpoint.description], target.network.isOnline else {
            events.append((id, .connectFailed))
            return id
        }
        let other = ConnectionID(world.number())
        guard let pipe = world.join(self, id, to: target.network, other) else {
            events.append((id, .connectFailed))
            return id
        }
        pipes[id] = (pipe, 0)
        target.network.pipes[other] = (pipe, 1)
        events.append((id, .connected(endpoint)))
        target.network.callers[other] = address
        target.network.events.append((other, .accepted(target.id)))
        return id
    }

    package func write(_ bytes: [UInt8], to connection: ConnectionID) {
        guard !isEnded(), let (pipe, end) = pipes[connection], !pipe.isClosed, !pipe.ends[1 - end].isGone else {
            return
        }
        pipe.write(bytes, from: end, now: world.time)
    }

    package func unsentByteCount(of connection: ConnectionID) -> Int {
        guard let (pipe, end) = pipes[connection] else { return 0 }
        return pipe.ends[end].outgoing.count
    }

    package func pauseReading(of connection: ConnectionID) {}
    package func resumeReading(of connection: ConnectionID) {}

    package func close(_ connection: ConnectionID) {
        guard let (pipe, end) = pipes.removeValue(forKey: connection), !isEnded() else { return }
        pipe.ends[end].wantsClose = true
        pipe.ends[end].isGone = true
        forget(connection)
    }

    package func abort(_ connection: ConnectionID) {
        guard let (pipe, end) = pipes.removeValue(forKey: connection) else { return }
        forget(connection)
        guard !pipe.isClosed else { return }
        pipe.isClosed = true
        pipe.tell(1 - end, .disconnected)
    }

    package func setTimer(_ timer: TimerID, at monotonicMilliseconds: Int64) {
        cancelTimer(timer)
        timerOrder += 1
        timers.append((timer, monotonicMilliseconds, timerOrder))
    }

    package func cancelTimer(_ timer: TimerID) { timers.removeAll { $0.id == timer } }
    package func stop() {}

    private func forget(_ connection: ConnectionID) {
        events.removeSubrange(0..<firstEvent)
        firstEvent = 0
        events.removeAll { $0.0 == connection }
    }

    // MARK: What the world does

    /// Lets go of all connections, which hold this network in turn.
    func forgetAll() {
        pipes = [:]
        callers = [:]
        events = []
        firstEvent = 0
        timers = []
    }

    func deliver(_ event: Event, to connection: ConnectionID) {
        guard pipes[connection] != nil else { return }
        events.append((connection, event))
    }

    var nextDeadline: Int64? { timers.map(\.at).min() }

    func fireDue() {
        // What is set meanwhile waits for the next turn, so that a timer which is always due ends nothing else.
        let last = timerOrder
        while let index = timers.indices.filter({ timers[$0].at <= world.time && timers[$0].order <= last }).min(by: {
            (timers[$0].at, timers[$0].order) < (timers[$1].at, timers[$1].order)
        }) {
            let timer = timers.remove(at: index)
            owner?.timerFired(timer.id, now: now)
        }
    }

    func deliverEvent() -> Bool {
        guard !isAsleep, firstEvent < events.count else { return false }
        let (connection, event) = events[firstEvent]
        firstEvent += 1
        if firstEvent == events.count {
            events.removeAll(keepingCapacity: true)
            firstEvent = 0
        }
        switch event {
        case .connected(let endpoint): owner?.connected(connection, to: endpoint, now: now)
        case .connectFailed:
            owner?.connectFailed(connection, error: .system(call: "connect", subject: "memory", number: 111), now: now)
        case .accepted(let listener):
            guard let endpoint = callers.removeValue(forKey: connection) else { return true }
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
