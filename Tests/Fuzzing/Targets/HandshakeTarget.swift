import Bytes
import Channel
import Crypto
import Replica

/// Both roles of a handshake with a peer that says what it should, or not; what comes of it is judged as a node does.
package struct HandshakeTarget: FuzzTarget {
    package static let name = "handshake"

    private let network: Digest

    package init() throws { network = try KeyRing().network }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        let flags = script.byte()
        let payload = Array(script.piece().prefix(ChannelLimits.payloadByteCount))
        // The other side is a real one, so that its messages fit as long as nobody touches them.
        let pair = ChannelPair(payload: flags & 1 == 0 ? payload : [2], hint: flags & 2 == 0 ? ChannelPair.hint : 7)
        var (victim, peer) = flags & 1 == 0 ? (pair.initiator, pair.responder) : (pair.responder, pair.initiator)
        var (fromVictim, fromPeer): ([ChannelAction], [ChannelAction]) = ([], [])
        victim.start(actions: &fromVictim)
        peer.start(actions: &fromPeer)
        var stream: [UInt8] = []
        var isDamaged = false
        var hasFailed = false
        var steps = 0
        repeat {
            steps += 1
            // The peer hears everything at once and answers.
            let heard = ChannelPair.written(fromVictim)
            fromVictim = []
            if !heard.isEmpty { try? peer.received(heard, now: 0, actions: &fromPeer) }
            if fromPeer.contains(where: { if case .peerPayload = $0 { true } else { false } }), !peer.isOpen {
                try? peer.provide(payload: payload, now: 0, actions: &fromPeer)
            }
            stream += ChannelPair.written(fromPeer)
            fromPeer = []
            isDamaged = disturb(&stream, &script) || isDamaged
            let count = script.isAtEnd ? stream.count : min(stream.count, script.number(below: 4_096))
            let piece = Array(stream.prefix(count))
            stream.removeFirst(count)
            do { try victim.received(piece, now: 0, actions: &fromVictim) } catch { hasFailed = true }
            try judge(fromVictim, &victim, &fromVictim)
        } while !hasFailed && steps < 64 && !(script.isAtEnd && stream.isEmpty && fromVictim.isEmpty)
        let mayOpen = flags & 2 == 0
        if victim.isOpen { try require(mayOpen, "another network was let in") }
        try require(!hasFailed || isDamaged || !mayOpen, "a clean handshake was refused")
        if hasFailed { try require(!victim.isOpen, "a channel is open after a fault") }
        _ = try? victim.streamEnded()
        var ignored: [ChannelAction] = []
        victim.close(actions: &ignored)
    }

    /// Adds to what is on its way, turns bits over or leaves something out.
    private func disturb(_ stream: inout [UInt8], _ script: inout Script) -> Bool {
        switch script.byte() % 5 {
        case 1:
            let bytes = script.piece()
            stream.insert(contentsOf: bytes, at: script.number(below: stream.count + 1))
            return !bytes.isEmpty
        case 2:
            guard !stream.isEmpty else { return false }
            let (place, bits) = (script.number(below: stream.count), script.byte())
            stream[place] ^= bits
            return bits != 0
        case 3:
            let count = min(stream.count, Int(script.byte()))
            stream.removeLast(count)
            return count > 0
        default: return false
        }
    }

    /// Looks at the peer's payload, and gives an own one where it is waited for.
    private func judge(
        _ actions: [ChannelAction], _ channel: inout Channel, _ more: inout [ChannelAction]
    ) throws {
        for case .peerPayload(let payload, let key, let hash) in actions {
            try require(hash.count == 64 && payload.count <= ChannelLimits.payloadByteCount, "a payload's size")
            if let request = try? JoinRequest(decoding: payload) {
                _ = request.isSigned(channelKey: key, handshakeHash: hash)
            } else if let grant = try? Certificate(decoding: payload).verify(network: network) {
                _ = grant.admission.channelKey == key
            }
            guard !channel.isOpen else { continue }
            try? channel.provide(payload: [UInt8](repeating: 5, count: 100), now: 0, actions: &more)
        }
    }

    package static func seeds() throws -> [[UInt8]] {
        let certificates = try SmallNetwork(KeyRing()).certificates().map(\.encoded)
        let request = JoinRequest(
            device: try KeyRing().devices[3], channelKey: AgreementPublicKey(), secret: ShortID(1, 1),
            handshakeHash: [UInt8](repeating: 1, count: 64)
        ).encoded
        var seeds: [[UInt8]] = []
        for flags in UInt8(0)..<4 {
            for payload in [[], [3]] + certificates.prefix(2) + [request] {
                seeds.append([flags] + Script.piece(payload))
            }
            seeds.append([flags, 1, 7, 0, 0, 20, 0, 0, 30, 0, 1, 0])
            seeds.append([flags, 1, 7, 2, 0, 17, 1])
            seeds.append([flags, 1, 7, 3, 5, 0, 200, 1] + Script.piece(Array("LIAISON".utf8)))
        }
        return seeds
    }
}
