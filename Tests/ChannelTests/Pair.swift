import Crypto

@testable import Channel

/// Entropy that gives the bytes it was made with, once.
struct FixedEntropy: Entropy {
    var bytes: [UInt8]

    mutating func fill(_ count: Int) -> [UInt8] {
        defer { bytes.removeFirst(count) }
        return Array(bytes.prefix(count))
    }
}

/// One side of a channel with its owner, who accepts every peer and notes what happens.
struct Side {
    var channel: Channel
    /// Put into message 3.
    var payload: [UInt8] = []
    /// Bytes to the peer that it has not been given yet.
    var outbox: [UInt8] = []
    /// Everything ever written.
    var written: [UInt8] = []
    /// All actions but writes.
    var events: [ChannelAction] = []

    /// Gives the channel bytes and carries out what it asks for, also when it throws.
    mutating func receive(_ bytes: [UInt8], now: Int64 = 0) throws(ChannelError) {
        var actions: [ChannelAction] = []
        defer { carryOut(actions) }
        try channel.received(bytes, now: now, actions: &actions)
    }

    mutating func start() {
        var actions: [ChannelAction] = []
        channel.start(actions: &actions)
        carryOut(actions)
    }

    mutating func send(_ plaintext: [UInt8], now: Int64 = 0) throws(ChannelError) {
        var actions: [ChannelAction] = []
        try channel.send(plaintext, now: now, actions: &actions)
        carryOut(actions)
    }

    mutating func close() {
        var actions: [ChannelAction] = []
        channel.close(actions: &actions)
        carryOut(actions)
    }

    /// The plaintexts of all frames received.
    var frames: [[UInt8]] {
        events.compactMap { if case .frame(let plaintext) = $0 { plaintext } else { nil } }
    }

    var transcript: [UInt8]? {
        events.compactMap { if case .established(let transcript) = $0 { transcript } else { nil } }.first
    }

    /// Whether the owner was shown anything at all.
    var hasLearnedNothing: Bool { events.isEmpty }

    mutating func takeOutbox() -> [UInt8] {
        defer { outbox = [] }
        return outbox
    }

    mutating func carryOut(_ actions: [ChannelAction]) {
        for action in actions {
            if case .write(let bytes) = action {
                outbox += bytes
                written += bytes
                continue
            }
            events.append(action)
            if case .peerPayload = action, case .waitingForPayload = channel.state {
                var more: [ChannelAction] = []
                do {
                    try channel.provide(payload: payload, now: 0, actions: &more)
                } catch {
                    preconditionFailure("\(error)")
                }
                carryOut(more)
            }
        }
    }
}

/// Two sides and the wire between them.
struct Pair {
    var initiator: Side
    var responder: Side
    let initiatorKey: AgreementKey
    let responderKey: AgreementKey

    static let network: UInt64 = 0x0123_4567_89ab_cdef

    init(
        seed: UInt64 = 1, payload2: [UInt8] = [2], payload3: [UInt8] = [3],
        initiatorNetwork: UInt64 = network, responderNetwork: UInt64 = network
    ) {
        var entropy = SeededEntropy(seed: seed)
        initiatorKey = AgreementKey(from: &entropy)
        responderKey = AgreementKey(from: &entropy)
        initiator = Side(
            channel: Channel(
                role: .initiator, staticKey: initiatorKey, networkHint: initiatorNetwork, entropy: &entropy),
            payload: payload3)
        responder = Side(
            channel: Channel(
                role: .responder(payload: payload2), staticKey: responderKey, networkHint: responderNetwork,
                entropy: &entropy))
        initiator.start()
        responder.start()
    }

    /// Carries bytes both ways until there are none, in pieces of at most `pieceByteCount`.
    mutating func run(pieceByteCount: Int = .max) throws(ChannelError) {
        while !initiator.outbox.isEmpty || !responder.outbox.isEmpty {
            for piece in initiator.takeOutbox().pieces(of: pieceByteCount) { try responder.receive(piece) }
            for piece in responder.takeOutbox().pieces(of: pieceByteCount) { try initiator.receive(piece) }
        }
    }

    /// A pair that has finished its handshake.
    static func open(seed: UInt64 = 1) throws(ChannelError) -> Pair {
        var pair = Pair(seed: seed)
        try pair.run()
        pair.initiator.events = []
        pair.responder.events = []
        return pair
    }
}

extension [UInt8] {
    func pieces(of byteCount: Int) -> [[UInt8]] {
        guard count > byteCount else { return [self] }
        return stride(from: 0, to: count, by: byteCount).map { Array(self[$0..<Swift.min($0 + byteCount, count)]) }
    }

    /// The bytes with one bit turned over; bit 0 is the lowest of the first byte.
    func flipping(bit: Int) -> [UInt8] {
        var bytes = self
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }
}
