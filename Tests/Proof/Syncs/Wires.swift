import Crypto
import Reactor

/// A few nodes joined by streams in memory, which lag, come in pieces and are cut as a random source says.
///
/// Bytes of one direction of one connection come in order or not at all, as with TCP; everything else is drawn.
final class Wires {
    /// One connection between two nodes.
    final class Line {
        struct End {
            let wire: Wire
            let id: ConnectionID
            var outgoing: [UInt8] = []
            /// How many of those were delivered.
            var start = 0
            var owesDrained = false
            var wantsClose = false

            var pending: Int { outgoing.count - start }
        }

        var ends: [End]
        /// Bytes both ways together after which it breaks; nil for never.
        var cutAfter: Int?
        /// Bytes both ways so far.
        var carried = 0
        var isOver = false

        init(_ ends: [End], cutAfter: Int?) {
            self.ends = ends
            self.cutAfter = cutAfter
        }
    }

    var random: SeededEntropy
    /// Monotonic milliseconds; each piece takes one.
    private(set) var time: Int64 = 1_000
    /// The most bytes of a piece.
    var pieceBytes = Int.max
    /// Where the connections made from now on break, one after the other.
    var cuts: [Int?] = []
    /// How much more often the first direction of a connection moves than the second; 1 for equally often.
    var lag = 1
    private(set) var wires: [Wire] = []
    private var lines: [Line] = []
    private var number: UInt64 = 1
    fileprivate var listeners: [(endpoint: Endpoint, wire: Wire, id: ListenerID)] = []
    /// How many connections were cut.
    private(set) var cutCount = 0

    init(random: SeededEntropy) { self.random = random }

    func makeWire() -> Wire {
        let wire = Wire(self)
        wires.append(wire)
        return wire
    }

    fileprivate func nextNumber() -> UInt64 {
        number += 1
        return number
    }

    fileprivate func connect(_ wire: Wire, to endpoint: Endpoint) -> ConnectionID {
        let id = ConnectionID(nextNumber())
        guard let target = listeners.last(where: { $0.endpoint == endpoint }) else {
            wire.events.append((id, .connectFailed))
            return id
        }
        let other = ConnectionID(nextNumber())
        let line = Line([.init(wire: wire, id: id), .init(wire: target.wire, id: other)], cutAfter: nil)
        if !cuts.isEmpty { line.cutAfter = cuts.removeFirst() }
        lines.append(line)
        wire.lines.append((id, line, 0))
        target.wire.lines.append((other, line, 1))
        wire.events.append((id, .connected(endpoint)))
        target.wire.events.append((other, .accepted(target.id)))
        return id
    }

    /// Delivers until nothing moves and no timer is due within `limit` milliseconds, or the condition is over.
    /// - Returns: how many steps that took; nil if it did not come to rest.
    func run(for limit: Int64 = 0, most: Int = 200_000, while condition: (Int) throws -> Bool = { _ in true }) rethrows
        -> Int?
    {
        let end = time + limit
        var steps = 0
        while try condition(steps) {
            steps += 1
            if steps > most { return nil }
            if move() { continue }
            guard let next = wires.compactMap(\.nextDeadline).min(), next <= end else { return steps }
            time = max(time, next)
            for wire in wires { wire.fireDue() }
        }
        return steps
    }

    /// Delivers everything that is under way.
    /// - Returns: whether it came to rest.
    func rest() -> Bool { run(while: { _ in true }) != nil }

    /// Does one of the things that can happen now.
    private func move() -> Bool {
        lines.removeAll(where: \.isOver)
        // Each choice has a weight: what lags is chosen seldom.
        var weights: [Int] = []
        for wire in wires { weights.append(wire.events.isEmpty ? 0 : 4) }
        for line in lines {
            for index in [0, 1] {
                let canMove = line.ends[index].pending > 0 || line.ends[index].wantsClose
                weights.append(canMove ? (index == 0 ? lag : 1) : 0)
            }
        }
        let all = weights.reduce(0, +)
        guard all > 0 else { return false }
        var left = Int.random(in: 0..<all, using: &random)
        for (choice, weight) in weights.enumerated() {
            if left < weight {
                if choice < wires.count {
                    wires[choice].deliverEvent()
                } else {
                    move(lines[(choice - wires.count) / 2], from: (choice - wires.count) % 2)
                }
                return true
            }
            left -= weight
        }
        return false
    }

    private func move(_ line: Line, from index: Int) {
        time += 1
        let other = line.ends[1 - index]
        var count = line.ends[index].pending
        guard count > 0 else {
            line.isOver = true
            return other.wire.deliver(.disconnected, to: other.id)
        }
        if pieceBytes < Int.max { count = min(count, Int.random(in: 1...pieceBytes, using: &random)) }
        if let cutAfter = line.cutAfter { count = min(count, cutAfter - line.carried) }
        let start = line.ends[index].start
        let piece = Array(line.ends[index].outgoing[start..<start + count])
        line.ends[index].start += count
        if line.ends[index].pending == 0 {
            line.ends[index].outgoing = []
            line.ends[index].start = 0
        }
        line.carried += count
        if line.ends[index].owesDrained, line.ends[index].pending <= ReactorLimits().lowWaterByteCount {
            line.ends[index].owesDrained = false
            line.ends[index].wire.deliver(.drained, to: line.ends[index].id)
        }
        if !piece.isEmpty { other.wire.deliver(.received(piece), to: other.id) }
        guard let cutAfter = line.cutAfter, line.carried >= cutAfter else { return }
        // What was under way is lost. Both hear of it when they come to it; sometimes one never does.
        cutCount += 1
        line.isOver = true
        let deaf = Int.random(in: 0..<8, using: &random)
        for (index, end) in line.ends.enumerated() where index != deaf {
            end.wire.deliver(.disconnected, to: end.id)
        }
    }
}

/// The network of one node.
final class Wire: Network {
    enum Event {
        case connected(Endpoint)
        case connectFailed
        case accepted(ListenerID)
        case received([UInt8])
        case drained
        case disconnected
    }

    private unowned let wires: Wires
    weak var owner: (any NetworkOwner)?
    fileprivate var events: [(ConnectionID, Event)] = []
    fileprivate var lines: [(id: ConnectionID, line: Wires.Line, end: Int)] = []
    private var timers: [(id: TimerID, at: Int64)] = []
    /// How often it wrote, and how many bytes.
    private(set) var writeCount = 0
    private(set) var writtenByteCount = 0

    fileprivate init(_ wires: Wires) { self.wires = wires }

    var now: Instant {
        Instant(monotonicMilliseconds: wires.time, unixSeconds: 1_800_000_000 + wires.time / 1_000)
    }

    func listen(on endpoint: Endpoint) throws(ReactorError) -> (listener: ListenerID, bound: Endpoint) {
        let id = ListenerID(wires.nextNumber())
        wires.listeners.append((endpoint, self, id))
        return (id, endpoint)
    }

    func listenLocally(at path: String) throws(ReactorError) -> ListenerID { ListenerID(wires.nextNumber()) }
    func closeListener(_ listener: ListenerID) { wires.listeners.removeAll { $0.id == listener } }
    func connect(to endpoint: Endpoint) -> ConnectionID { wires.connect(self, to: endpoint) }

    func write(_ bytes: [UInt8], to connection: ConnectionID) {
        guard let (line, end) = find(connection), !line.isOver else { return }
        writeCount += 1
        writtenByteCount += bytes.count
        line.ends[end].outgoing += bytes
        if line.ends[end].pending > ReactorLimits().highWaterByteCount { line.ends[end].owesDrained = true }
    }

    func unsentByteCount(of connection: ConnectionID) -> Int {
        guard let (line, end) = find(connection) else { return 0 }
        return line.ends[end].pending
    }

    func pauseReading(of connection: ConnectionID) {}
    func resumeReading(of connection: ConnectionID) {}

    func close(_ connection: ConnectionID) {
        guard let (line, end) = find(connection) else { return }
        line.ends[end].wantsClose = true
        forget(connection)
    }

    func abort(_ connection: ConnectionID) {
        guard let (line, end) = find(connection) else { return }
        forget(connection)
        guard !line.isOver else { return }
        line.isOver = true
        line.ends[1 - end].wire.deliver(.disconnected, to: line.ends[1 - end].id)
    }

    func setTimer(_ timer: TimerID, at monotonicMilliseconds: Int64) {
        cancelTimer(timer)
        timers.append((timer, monotonicMilliseconds))
    }

    func cancelTimer(_ timer: TimerID) { timers.removeAll { $0.id == timer } }
    func stop() {}

    /// The node behind it ended without a word, and another one takes its place.
    func restart() {
        for (_, line, end) in lines where !line.isOver {
            line.isOver = true
            line.ends[1 - end].wire.deliver(.disconnected, to: line.ends[1 - end].id)
        }
        (events, lines, timers) = ([], [], [])
        wires.listeners.removeAll { $0.wire === self }
    }

    private func find(_ connection: ConnectionID) -> (Wires.Line, Int)? {
        lines.first { $0.id == connection }.map { ($0.line, $0.end) }
    }

    private func forget(_ connection: ConnectionID) {
        lines.removeAll { $0.id == connection }
        events.removeAll { $0.0 == connection }
    }

    // MARK: What the wires do

    fileprivate func deliver(_ event: Event, to connection: ConnectionID) {
        guard lines.contains(where: { $0.id == connection }) else { return }
        events.append((connection, event))
    }

    fileprivate var nextDeadline: Int64? { timers.map(\.at).min() }

    fileprivate func fireDue() {
        while let index = timers.indices.filter({ timers[$0].at <= wires.time }).min(by: {
            timers[$0].at < timers[$1].at
        }) {
            owner?.timerFired(timers.remove(at: index).id, now: now)
        }
    }

    fileprivate func deliverEvent() {
        let (connection, event) = events.removeFirst()
        switch event {
        case .connected(let endpoint): owner?.connected(connection, to: endpoint, now: now)
        case .connectFailed:
            owner?.connectFailed(connection, error: .system(call: "connect", subject: "wire", number: 111), now: now)
        case .accepted(let listener):
            guard let endpoint = Endpoint("127.0.0.1:1") else { return }
            owner?.accepted(connection, from: .tcp(endpoint), on: listener, now: now)
        case .received(let bytes): owner?.received(bytes, from: connection, now: now)
        case .drained: owner?.drained(connection, now: now)
        case .disconnected:
            lines.removeAll { $0.id == connection }
            owner?.disconnected(connection, reason: .closedByPeer, now: now)
        }
    }
}
