import CLinux
import Channel
import Crypto
import Glibc

/// Hostile connections to one node, on one thread; each begins anew when it has ended.
final class Horde {
    /// How often something has happened.
    struct Tally {
        var connections = 0
        var endings = 0
        /// Answers to first messages, and channels that stood.
        var answers = 0
    }

    private struct Attacker {
        let behaviour: Behaviour
        let source: String
        var socket: Socket?
        var isConnected = false
        var conversation: Conversation?
        /// What a drip has still to say.
        var rest: ArraySlice<UInt8> = []
        /// When it acts next, monotonic milliseconds.
        var due: Int64
    }

    private var attackers: [Attacker] = []
    private let members: [Behaviour: Member]
    private let host: String
    private let port: UInt16
    private let network: UInt64
    private let poller = linux_epoll_create()
    private var entropy = SystemEntropy()
    private var random = SeededEntropy(seed: 1)
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private(set) var tallies: [Behaviour: Tally] = [:]

    /// - Parameter members: those with a home of their own; behaviours of members without one are left out.
    init(count: Int, host: String, port: UInt16, network: UInt64, members: [Behaviour: Member]) {
        self.members = members
        self.host = host
        self.port = port
        self.network = network
        let behaviours = Behaviour.allCases.filter { !$0.isMember || members[$0] != nil }
        let start = linux_monotonic_milliseconds()
        for index in 0..<count {
            let behaviour = behaviours[index % behaviours.count]
            let isNeighbour = behaviour.mayBeNeighbour && index / behaviours.count % 10 == 0
            attackers.append(
                Attacker(
                    behaviour: behaviour,
                    source: isNeighbour ? "127.0.0.1" : "127.66.\(index / 250).\(1 + index % 250)",
                    // All within two seconds.
                    due: start + Int64(index * 2_000 / count)))
        }
    }

    /// How many connections stand now.
    var openCount: Int { attackers.count { $0.isConnected } }

    /// One line of what has happened.
    var line: String {
        let parts = Behaviour.allCases.compactMap { behaviour in
            tallies[behaviour].map { "\(behaviour) \($0.connections)/\($0.answers)/\($0.endings)" }
        }
        return "open \(openCount); connections/answers/endings: \(parts.joined(separator: ", "))"
    }

    /// Goes on until a time, monotonic milliseconds.
    func run(until end: Int64) {
        while linux_monotonic_milliseconds() < end {
            let now = linux_monotonic_milliseconds()
            for index in attackers.indices where attackers[index].due <= now { act(index, now) }
            let next = attackers.map(\.due).min() ?? end
            var ready = [linux_ready](repeating: linux_ready(), count: 64)
            let wait = max(0, min(next, end) - linux_monotonic_milliseconds())
            let count = unsafe ready.withUnsafeMutableBufferPointer {
                unsafe linux_epoll_wait(poller, $0.baseAddress, 64, Int32(clamping: wait))
            }
            for event in ready.prefix(Int(max(0, count))) { handle(Int(event.token), event.flags) }
        }
    }

    private func opening() -> [UInt8] {
        // A key that nobody has the secret of is as good: that it costs its sender nothing is what makes a flood.
        let hint = (0..<8).map { UInt8(truncatingIfNeeded: network >> UInt64(56 - 8 * $0)) }
        return Array("LIAISON".utf8) + [1] + hint + [0, 32] + random.fill(32)
    }

    private func act(_ index: Int, _ now: Int64) {
        attackers[index].due = .max
        guard let socket = attackers[index].socket else { return begin(index, now) }
        // Only drips have more to do on a connection that stands.
        guard let byte = attackers[index].rest.popFirst() else { return }
        socket.send([byte])
        attackers[index].due = now + 9_000
    }

    private func begin(_ index: Int, _ now: Int64) {
        guard let socket = Socket(from: attackers[index].source, to: host, port: port) else {
            attackers[index].due = now + 1_000
            return
        }
        attackers[index].socket = socket
        let flags = UInt32(LINUX_WRITABLE) | UInt32(LINUX_READABLE)
        if linux_epoll_add(poller, socket.descriptor, flags, UInt64(index)) < 0 { end(index) }
    }

    private func handle(_ index: Int, _ flags: UInt32) {
        guard let socket = attackers[index].socket else { return }
        if !attackers[index].isConnected {
            guard linux_socket_error(socket.descriptor) == 0 else { return end(index) }
            attackers[index].isConnected = true
            tallies[attackers[index].behaviour, default: Tally()].connections += 1
            _ = linux_epoll_change(poller, socket.descriptor, UInt32(LINUX_READABLE), UInt64(index))
            greet(index, socket)
        }
        guard flags & (UInt32(LINUX_READABLE) | UInt32(LINUX_FAILED)) != 0 else { return }
        guard let bytes = socket.receive(&buffer) else { return end(index) }
        if !bytes.isEmpty { heard(bytes, index, socket) }
    }

    private func greet(_ index: Int, _ socket: Socket) {
        let behaviour = attackers[index].behaviour
        switch behaviour {
        case .idle: break
        case .drip:
            attackers[index].rest = opening()[...]
            attackers[index].due = linux_monotonic_milliseconds()
        case .garbage: socket.send(random.fill(Int.random(in: 1...4_096, using: &random)))
        case .flood: socket.send(opening())
        case .withhold, .deaf, .forge:
            guard let member = members[behaviour] else { return }
            var conversation = Conversation(member, behaviour, entropy: &entropy)
            socket.send(conversation.start())
            attackers[index].conversation = conversation
        }
    }

    private func heard(_ bytes: [UInt8], _ index: Int, _ socket: Socket) {
        let behaviour = attackers[index].behaviour
        guard var conversation = attackers[index].conversation else {
            tallies[behaviour, default: Tally()].answers += 1
            return end(index)
        }
        let wasEstablished = conversation.isEstablished
        guard let answer = conversation.heard(bytes) else { return end(index) }
        if !wasEstablished, conversation.isEstablished { tallies[behaviour, default: Tally()].answers += 1 }
        if !answer.isEmpty { socket.send(answer) }
        attackers[index].conversation = conversation
        if conversation.isDeaf { _ = linux_epoll_change(poller, socket.descriptor, 0, UInt64(index)) }
    }

    private func end(_ index: Int) {
        guard let socket = attackers[index].socket else { return }
        _ = linux_epoll_remove(poller, socket.descriptor)
        socket.close()
        let behaviour = attackers[index].behaviour
        if attackers[index].isConnected { tallies[behaviour, default: Tally()].endings += 1 }
        attackers[index].socket = nil
        attackers[index].isConnected = false
        attackers[index].conversation = nil
        attackers[index].rest = []
        attackers[index].due = linux_monotonic_milliseconds() + behaviour.rest
    }
}
