import Channel
import Crypto
import Reactor
import Replica
import Store
import Sync

/// What somebody who connected has said, until it is answered: at most `Channel.openingByteCount` bytes, and no keys.
struct Opening {
    let endpoint: Endpoint
    var bytes: [UInt8] = []
    /// It has said what a caller says first, and waits.
    var isWhole = false
}

// From an accepted connection to a link with a device: `Gate` says who may go on, and who makes room.
extension Node {
    /// The timer that answers callers which had to wait.
    ///
    /// No connection has the number 0.
    static let gateTimer = TimerID(3)

    /// Somebody connected to where we listen for peers.
    func called(_ connection: ConnectionID, from endpoint: Endpoint, now: Instant) {
        guard !isStopping else { return network.abort(connection) }
        displace(gate.accepted(connection, from: endpoint.neighbourhood), now: now)
        openings[connection] = Opening(endpoint: endpoint)
        network.setTimer(
            Link.handshakeTimer(connection),
            at: now.monotonicMilliseconds + ChannelLimits.handshakeTimeoutMilliseconds)
    }

    /// A caller said something.
    func receivedOpening(_ bytes: [UInt8], from connection: ConnectionID, now: Instant) {
        guard var opening = openings[connection] else { return }
        // Nobody has more to say before the answer.
        guard !opening.isWhole else { return dropOpening(connection) }
        opening.bytes += bytes
        switch Channel.opening(opening.bytes, networkHint: store.network.word0) {
        case .foreign:
            return dropOpening(connection)
        case .incomplete:
            break
        case .complete:
            opening.bytes = Array(opening.bytes.prefix(Channel.openingByteCount))
            opening.isWhole = true
            // What it sends meanwhile is the system's to keep, and so its own to wait for.
            network.pauseReading(of: connection)
            gate.greeted(connection)
        }
        openings[connection] = opening
        if opening.isWhole { answerCallers(now: now) }
    }

    /// Begins the handshakes that may begin.
    func answerCallers(now: Instant) {
        while let (caller, evicted) = gate.takeNext(now: now.monotonicMilliseconds) {
            displace(evicted, now: now)
            answer(caller, now: now)
        }
        if let time = gate.nextTime(now: now.monotonicMilliseconds) { network.setTimer(Node.gateTimer, at: time) }
    }

    private func answer(_ connection: ConnectionID, now: Instant) {
        guard let opening = openings.removeValue(forKey: connection) else { return }
        guard let certificate = ownCertificate() else {
            gate.ended(connection)
            network.cancelTimer(Link.handshakeTimer(connection))
            return network.abort(connection)
        }
        let channel = Channel(
            role: .responder(payload: certificate), staticKey: channelKey, networkHint: store.network.word0,
            entropy: &entropy)
        let link = Link(
            connection: connection, purpose: .answering, address: opening.endpoint.description, expected: nil,
            channel: channel)
        link.neighbourhood = opening.endpoint.neighbourhood
        links[connection] = link
        begin(link, now: now)
        network.resumeReading(of: connection)
        take(opening.bytes, from: link, now: now)
    }

    /// Ends a caller that was not answered.
    func dropOpening(_ connection: ConnectionID) {
        forgetOpening(connection)
        network.abort(connection)
    }

    func forgetOpening(_ connection: ConnectionID) {
        openings[connection] = nil
        gate.ended(connection)
        network.cancelTimer(Link.handshakeTimer(connection))
    }

    /// Ends those that make room for others.
    private func displace(_ connections: [ConnectionID], now: Instant) {
        for connection in connections {
            if openings[connection] != nil {
                dropOpening(connection)
            } else if let link = links[connection] {
                if link.session == nil {
                    drop(link, reason: "others took its place", now: now)
                } else {
                    turnAway(link, "this node is busy", now: now)
                }
            }
        }
    }

    /// Gives a certified device its place, or tells it why not as soon as the channel stands.
    func letIn(_ link: Link, _ device: ShortID, now: Instant) {
        let time = now.monotonicMilliseconds
        switch gate.authenticated(link.connection, as: device, isKnown: isKnown(device), now: time) {
        case .admitted(let evicted): displace(evicted, now: now)
        case .full: link.welcome = Node.busy("this node is busy")
        case .refused(let until):
            let seconds = (until - time + 999) / 1_000
            link.welcome = Node.busy("this device sent what no honest node sends: refused for \(seconds) s")
        }
    }

    private static func busy(_ text: String) -> [UInt8] {
        Message.refused(code: RefusalCode.busy.rawValue, text: text).encoded
    }

    /// Ends a session without anybody's fault.
    private func turnAway(_ link: Link, _ text: String, now: Instant) {
        send(Node.busy(text), on: link, now: now)
        guard links[link.connection] === link else { return }
        link.refusal = text
        end(link, now: now)
    }

    /// How many seconds a device is still left alone for what it did; nil if it is not.
    func refusal(of device: ShortID, now: Instant) -> Int64? {
        gate.refusal(of: device, now: now.monotonicMilliseconds).map { ($0 - now.monotonicMilliseconds + 999) / 1_000 }
    }

    /// Whether a device is a peer here, or has synced before.
    private func isKnown(_ device: ShortID) -> Bool {
        let peers = (try? store.peers()) ?? []
        return peers.contains { $0.device == device } || ((try? store.hasCheckpoint(with: device)) ?? false)
    }

    /// Lets the gate know where peers are whose addresses are numbers; others are learned when they are reached.
    func noteAddressesOfPeers() {
        for peer in (try? store.peers()) ?? [] {
            if let endpoint = Endpoint(peer.address) { gate.met(at: endpoint.neighbourhood) }
        }
    }

    // MARK: Bytes

    /// Counts what a link keeps of what came, and ends the one that keeps most while all together keep too much.
    func weigh(_ link: Link, now: Instant) {
        guard links[link.connection] === link else { return }
        let byteCount = link.channel.heldByteCount + (link.session?.heldByteCount ?? 0)
        heldByteCount += byteCount - link.heldByteCount
        link.heldByteCount = byteCount
        while heldByteCount > gate.limits.heldBytes {
            // Numbers are unequal: the order of the dictionary does not matter.
            let most = links.values.max { ($0.heldByteCount, $1.connection) < ($1.heldByteCount, $0.connection) }
            guard let most, most.heldByteCount > 0 else { return }
            turnAway(most, "this node is busy", now: now)
            // Whatever became of it: it keeps nothing any more.
            guard links[most.connection] !== most else { return }
        }
    }
}
