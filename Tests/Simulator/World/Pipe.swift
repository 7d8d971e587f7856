import Reactor

/// One connection between two networks.
final class Pipe {
    struct End {
        let network: MemoryNetwork
        let id: ConnectionID
        /// What this end has written and the other has not been given, and from when on it may be.
        var outgoing: [UInt8] = []
        var readyAt: Int64 = 0
        var sent = 0
        /// It was told to write less, and is owed a word when it may write more.
        var owesDrained = false
        var wantsClose = false
        /// It hears nothing more of this connection.
        var isGone = false
    }

    var ends: [End]
    let weather: LinkWeather
    var carried = 0
    var chunks = 0
    private var held: [UInt8]?
    var isClosed = false

    init(_ a: End, _ b: End, weather: LinkWeather) {
        ends = [a, b]
        self.weather = weather
    }

    /// When the next bytes or the close of one end may arrive; nil if nothing is under way.
    var nextArrival: Int64? {
        guard !isClosed else { return nil }
        var next: Int64?
        for index in 0...1 where !isStuck(index) && (!ends[index].outgoing.isEmpty || ends[index].wantsClose) {
            next = min(next ?? .max, ends[index].readyAt)
        }
        return next
    }

    /// Whether nothing of this end passes: its direction went silent, or the other end sleeps.
    private func isStuck(_ index: Int) -> Bool {
        let silent = weather.silentAfter[index]
        return ends[1 - index].network.isAsleep || silent >= 0 && ends[index].sent >= silent
    }

    func write(_ bytes: [UInt8], from end: Int, now: Int64) {
        if ends[end].outgoing.isEmpty { ends[end].readyAt = now + weather.latency[end] }
        ends[end].outgoing += bytes
        if ends[end].outgoing.count > ReactorLimits().highWaterByteCount { ends[end].owesDrained = true }
    }

    /// Moves some bytes to one end, or tells it of the close.
    /// - Returns: false if nothing was due.
    func move(world: World, now: Int64) -> Bool {
        for index in [0, 1] where !ends[index].outgoing.isEmpty && ends[index].readyAt <= now && !isStuck(index) {
            moveBytes(index, world: world, now: now)
            return true
        }
        for index in [0, 1]
        where ends[index].wantsClose && ends[index].outgoing.isEmpty && ends[index].readyAt <= now && !isStuck(index) {
            isClosed = true
            tell(1 - index, .disconnected)
            return true
        }
        return false
    }

    private func moveBytes(_ index: Int, world: World, now: Int64) {
        var count = ends[index].outgoing.count
        if let chunk = weather.chunk { count = min(count, chunk) }
        count = world.drawChunk(upTo: count)
        if let cutAfter = weather.cutAfter { count = min(count, cutAfter - carried) }
        if weather.silentAfter[index] >= 0 { count = min(count, weather.silentAfter[index] - ends[index].sent) }
        let bytes = Array(ends[index].outgoing.prefix(count))
        ends[index].outgoing.removeFirst(count)
        ends[index].readyAt = now + weather.latency[index]
        ends[index].sent += count
        carried += count
        chunks += 1
        world.trace.add(bytes)
        if ends[index].owesDrained, ends[index].outgoing.count <= ReactorLimits().lowWaterByteCount {
            ends[index].owesDrained = false
            tell(index, .drained)
        }
        for part in damaged(bytes) where !part.isEmpty { tell(1 - index, .received(part)) }
        if let cutAfter = weather.cutAfter, carried >= cutAfter {
            isClosed = true
            world.note(.cut(isHeard: !weather.isCutUnheard), on: self)
            tell(0, .disconnected)
            if !weather.isCutUnheard { tell(1, .disconnected) }
        } else if weather.silentAfter[index] >= 0, ends[index].sent >= weather.silentAfter[index] {
            world.note(.silent(direction: index), on: self)
        }
        if let damage = weather.damage, chunks == damage.at + 1 { world.note(.damage(damage.kind), on: self) }
    }

    /// What arrives in place of a chunk.
    private func damaged(_ bytes: [UInt8]) -> [[UInt8]] {
        if let before = held {
            held = nil
            return [bytes, before]
        }
        guard let damage = weather.damage, chunks == damage.at + 1, !bytes.isEmpty else { return [bytes] }
        switch damage.kind {
        case .lost: return []
        case .doubled: return [bytes, bytes]
        case .swapped:
            held = bytes
            return []
        case .flippedBit:
            var bytes = bytes
            bytes[carried % bytes.count] ^= UInt8(1) << UInt8(carried & 7)
            return [bytes]
        case .invented: return [bytes, [UInt8](repeating: UInt8(carried & 0xFF), count: 1 + carried % 70)]
        }
    }

    func tell(_ end: Int, _ event: MemoryNetwork.Event) {
        guard !ends[end].isGone else { return }
        ends[end].network.deliver(event, to: ends[end].id)
    }
}
