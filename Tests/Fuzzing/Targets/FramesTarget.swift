import Channel
import Crypto

/// An open channel, whose peer knows the keys: frames that are sealed, damaged, left out, repeated, cut and made up.
package struct FramesTarget: FuzzTarget {
    package static let name = "frames"

    private let initiator: Channel
    private let responder: Channel

    package init() throws {
        let pair = try ChannelPair().opened()
        (initiator, responder) = (pair.initiator, pair.responder)
    }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        let isTurned = script.byte() & 1 != 0
        var (sender, receiver) = isTurned ? (responder, initiator) : (initiator, responder)
        var stream: [UInt8] = []
        var (sent, received): ([[UInt8]], [[UInt8]]) = ([], [])
        var (isDamaged, isClosing, isClosed, hasFailed) = (false, false, false, false)
        var actions: [ChannelAction] = []
        func take() {
            for case .frame(let plaintext) in actions { received.append(plaintext) }
            isClosed = isClosed || actions.contains(.closedByPeer)
            actions = []
        }
        while !script.isAtEnd, !hasFailed {
            switch script.byte() % 8 {
            case 0, 1:
                let plaintext = script.piece()
                guard !plaintext.isEmpty, !isClosing else { continue }
                var written: [ChannelAction] = []
                try sender.send(plaintext, now: 0, actions: &written)
                stream += ChannelPair.written(written)
                sent.append(plaintext)
            case 2:
                let bytes = script.piece()
                isDamaged = isDamaged || !bytes.isEmpty
                stream += bytes
            case 3:
                guard !stream.isEmpty else { continue }
                let (place, bits) = (script.number(below: stream.count), script.byte())
                isDamaged = isDamaged || bits != 0
                stream[place] ^= bits
            case 4:
                let count = min(stream.count, script.number(below: 65_536))
                let piece = Array(stream.prefix(count))
                stream.removeFirst(count)
                do { try receiver.received(piece, now: 0, actions: &actions) } catch { hasFailed = true }
                take()
            case 5:
                receiver.timePassed(now: Int64(script.byte()) << 56, actions: &actions)
                actions = []
            case 6:
                var written: [ChannelAction] = []
                sender.close(actions: &written)
                stream += ChannelPair.written(written)
                isClosing = true
            default:
                let count = min(stream.count, Int(script.byte()))
                isDamaged = isDamaged || count > 0
                stream.removeFirst(count)
            }
        }
        if !hasFailed {
            do { try receiver.received(stream, now: 0, actions: &actions) } catch { hasFailed = true }
            take()
        }
        try require(sent.starts(with: received), "a frame came that was not sent")
        try require(isDamaged || received == sent, "a frame that was sent did not come")
        try require(!hasFailed || isDamaged, "a clean stream was refused")
        try require(!isClosed || isClosing, "a close came that was not sent")
        try require(isClosed || !isClosing || isDamaged, "a close that was sent did not come")
        if hasFailed { try require(!receiver.isOpen, "a channel goes on after damage") }
        let endsCleanly = (try? receiver.streamEnded()) != nil
        try require(endsCleanly == isClosed, "an end is taken for another one")
    }

    package static func seeds() -> [[UInt8]] {
        let frame: [UInt8] = [0] + Script.piece(Array("hello".utf8))
        return [
            [0] + frame + [4, 255, 255], [1] + frame + frame + [3, 0, 5, 1, 4, 255, 255],
            [0] + frame + [7, 3] + frame, [0, 2] + Script.piece([0, 16] + [UInt8](repeating: 0, count: 16)),
            [0] + frame + [4, 0, 1, 4, 0, 9] + frame + [5, 127, 5, 128, 4, 0, 200],
            [0] + frame + [6] + frame + [4, 0, 255], [0, 6], [0] + frame + [6, 2, 2, 1, 1],
            [0, 0] + Script.piece([UInt8](repeating: 7, count: 300)), [0, 2] + Script.piece([0xFF, 0xFF, 1]),
        ]
    }
}

/// Two sides of a channel with fixed keys.
struct ChannelPair {
    static let hint: UInt64 = 0x0123_4567_89AB_CDEF

    var initiator: Channel
    var responder: Channel

    init(payload: [UInt8] = [2], hint: UInt64 = ChannelPair.hint) {
        var entropy = SeededEntropy(seed: 1)
        let keys = [AgreementKey(from: &entropy), AgreementKey(from: &entropy)]
        initiator = Channel(
            role: .initiator, staticKey: keys[0], networkHint: ChannelPair.hint, entropy: &entropy)
        responder = Channel(
            role: .responder(payload: payload), staticKey: keys[1], networkHint: hint, entropy: &entropy)
    }

    /// The pair after its handshake.
    func opened() throws -> ChannelPair {
        var pair = self
        var actions: [ChannelAction] = []
        pair.initiator.start(actions: &actions)
        var ignored: [ChannelAction] = []
        pair.responder.start(actions: &ignored)
        let first = ChannelPair.written(actions)
        actions = []
        try pair.responder.received(first, now: 0, actions: &actions)
        let second = ChannelPair.written(actions)
        actions = []
        try pair.initiator.received(second, now: 0, actions: &actions)
        try pair.initiator.provide(payload: [3], now: 0, actions: &actions)
        try pair.responder.received(ChannelPair.written(actions), now: 0, actions: &ignored)
        try require(pair.initiator.isOpen && pair.responder.isOpen, "a handshake does not open a channel")
        return pair
    }

    /// The bytes that actions write.
    static func written(_ actions: [ChannelAction]) -> [UInt8] {
        actions.flatMap { action -> [UInt8] in if case .write(let bytes) = action { bytes } else { [] } }
    }
}
