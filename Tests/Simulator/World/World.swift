package import Crypto
import Reactor

/// Many nodes in one process, with virtual time and connections in memory: the same seed gives the same run.
package final class World {
    /// Monotonic milliseconds.
    package private(set) var time: Int64 = 1_000
    /// Draws the size of each delivery; nil delivers everything that is there.
    package var chunks: SeededEntropy?
    /// Everything that was carried, and when.
    package var trace = Trace()
    /// Says how each new connection fares; nil for perfect ones.
    package var weather: ((_ from: MemoryNetwork, _ to: MemoryNetwork) -> LinkWeather)?
    /// Is told when something of the weather of a connection has come true, with its two ends.
    package var hit: ((_ hit: LinkHit, _ from: MemoryNetwork, _ to: MemoryNetwork) -> Void)?
    /// The bytes that connections have carried, both ways, handshakes included.
    package private(set) var carriedByteCount = 0
    /// Events that owners were given.
    package private(set) var eventCount = 0
    /// Cuts the newest connection when it has carried so many bytes both ways together; nil for never.
    package var cutNextAfter: Int?

    private(set) var networks: [MemoryNetwork] = []
    var listeners: [String: (network: MemoryNetwork, id: ListenerID)] = [:]
    private var pipes: [Pipe] = []
    private var nextNumber: UInt64 = 1
    private var madeCount = 0

    package init() {}

    /// A network for one more node.
    /// - Parameter clock: how far its wall clock is off, seconds.
    package func makeNetwork(clock: Int64 = 0) -> MemoryNetwork {
        madeCount += 1
        let network = MemoryNetwork(world: self, clock: clock, ordinal: madeCount)
        networks.append(network)
        return network
    }

    /// The process of a network is gone, with whatever it had not sent.
    /// - Parameter isHeard: its peers see their connections break, as they do when a process ends; after a loss of
    ///   power they hear nothing.
    package func remove(_ network: MemoryNetwork, isHeard: Bool) {
        network.owner = nil
        network.forgetAll()
        networks.removeAll { $0 === network }
        for (name, entry) in listeners where entry.network === network { listeners[name] = nil }
        for pipe in pipes where !pipe.isClosed {
            for index in 0...1 where pipe.ends[index].network === network {
                pipe.ends[index].isGone = true
                pipe.ends[index].outgoing = []
                if isHeard {
                    pipe.isClosed = true
                    pipe.tell(1 - index, .disconnected)
                } else {
                    pipe.ends[1 - index].outgoing = []
                }
            }
        }
    }

    /// Delivers until nothing moves any more and no timer is due before `limit` milliseconds have passed.
    /// - Returns: true if it came to rest.
    @discardableResult
    package func run(
        milliseconds limit: Int64 = 0, events mostEvents: Int = 1_000_000, while condition: () -> Bool = { true }
    ) -> Bool {
        let end = time + limit
        let first = eventCount
        while condition() {
            if eventCount - first > mostEvents { return false }
            if deliverOne() { continue }
            guard let next = nextMoment, next <= end else { break }
            time = max(time, next)
            for network in networks where !network.isAsleep { network.fireDue() }
        }
        return true
    }

    /// Time passes while every machine sleeps: nothing is delivered, and what is due is due at once afterwards.
    package func sleep(milliseconds: Int64) {
        time += milliseconds
        trace.add(Int(time))
        for network in networks where !network.isAsleep { network.fireDue() }
    }

    private var nextMoment: Int64? {
        var next: Int64?
        for network in networks where !network.isAsleep {
            if let deadline = network.nextDeadline { next = min(next ?? .max, deadline) }
        }
        for pipe in pipes { if let arrival = pipe.nextArrival { next = min(next ?? .max, arrival) } }
        return next
    }

    private func deliverOne() -> Bool {
        for network in networks where network.deliverEvent() {
            eventCount += 1
            return true
        }
        for pipe in pipes where !pipe.isClosed {
            let before = pipe.carried
            guard pipe.move(world: self, now: time) else { continue }
            carriedByteCount += pipe.carried - before
            eventCount += 1
            return true
        }
        pipes.removeAll { $0.isClosed || $0.ends[0].isGone && $0.ends[1].isGone }
        return false
    }

    func join(_ from: MemoryNetwork, _ id: ConnectionID, to target: MemoryNetwork, _ other: ConnectionID) -> Pipe? {
        var link = weather?(from, target) ?? LinkWeather()
        if let cut = cutNextAfter { link.cutAfter = cut }
        cutNextAfter = nil
        guard !link.isRefused else {
            hit?(.refused, from, target)
            return nil
        }
        let pipe = Pipe(.init(network: from, id: id), .init(network: target, id: other), weather: link)
        pipes.append(pipe)
        return pipe
    }

    func drawChunk(upTo count: Int) -> Int {
        guard count > 1, var draw = chunks else { return count }
        let drawn = Int.random(in: 1...count, using: &draw)
        chunks = draw
        return drawn
    }

    func note(_ hit: LinkHit, on pipe: Pipe) { self.hit?(hit, pipe.ends[0].network, pipe.ends[1].network) }

    func number() -> UInt64 {
        nextNumber += 1
        return nextNumber
    }
}
