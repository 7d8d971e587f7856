import Crypto
import Testing

@testable import Channel

@Suite struct ChannelTests {
    @Test(arguments: [1, 2, 3, 7, 100, Int.max])
    func `Both sides learn of each other and agree, however the stream is cut`(pieceByteCount: Int) throws {
        var pair = Pair(payload2: [UInt8](repeating: 2, count: 2_048), payload3: [UInt8](repeating: 3, count: 2_048))
        try pair.run(pieceByteCount: pieceByteCount)
        guard case .peerPayload(let payload2, let responderKey, let hash2) = pair.initiator.events.first,
            case .peerPayload(let payload3, let initiatorKey, let hash3) = pair.responder.events.first
        else {
            Issue.record("no payloads: \(pair.initiator.events) \(pair.responder.events)")
            return
        }
        #expect(payload2 == [UInt8](repeating: 2, count: 2_048))
        #expect(payload3 == [UInt8](repeating: 3, count: 2_048))
        #expect(responderKey == pair.responderKey.publicKey)
        #expect(initiatorKey == pair.initiatorKey.publicKey)
        #expect(hash2 == hash3)
        #expect(hash2.count == 64)
        let transcript = try #require(pair.initiator.transcript)
        #expect(transcript == pair.responder.transcript)
        #expect(transcript.count == 64)
        #expect(transcript != hash2)
        #expect(pair.initiator.channel.isOpen && pair.responder.channel.isOpen)

        for count in [1, 2, 1_000] {
            try pair.initiator.send([UInt8](repeating: 7, count: count))
            try pair.responder.send([UInt8](repeating: 8, count: count))
        }
        try pair.run(pieceByteCount: pieceByteCount)
        #expect(pair.responder.frames == [1, 2, 1_000].map { [UInt8](repeating: 7, count: $0) })
        #expect(pair.initiator.frames == [1, 2, 1_000].map { [UInt8](repeating: 8, count: $0) })
    }

    @Test func `Empty payloads and the largest frame pass`() throws {
        var pair = Pair(payload2: [], payload3: [])
        try pair.run()
        let largest = [UInt8](repeating: 5, count: ChannelLimits.plaintextByteCount)
        try pair.initiator.send(largest)
        #expect(pair.initiator.outbox.count == 2 + ChannelLimits.frameByteCount)
        try pair.run(pieceByteCount: 1_000)
        #expect(pair.responder.frames == [largest])
    }

    @Test func `An initiator says nothing of itself before its owner has judged the peer`() throws {
        var pair = Pair()
        try pair.responder.receive(pair.initiator.takeOutbox())
        var actions: [ChannelAction] = []
        try pair.initiator.channel.received(pair.responder.takeOutbox(), now: 0, actions: &actions)
        #expect(actions.count == 1)
        guard case .peerPayload([2], _, _) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        pair.initiator.close()
        #expect(pair.initiator.outbox.isEmpty)
        #expect(throws: ChannelError.notOpen) {
            var actions: [ChannelAction] = []
            try pair.initiator.channel.provide(payload: [], now: 0, actions: &actions)
        }
    }

    @Test func `F9: each handshake has keys of its own, whatever was used before`() throws {
        let first = try Pair.open(seed: 1)
        let second = try Pair.open(seed: 2)
        #expect(first.initiator.written != second.initiator.written)
        #expect(Array(first.initiator.written.prefix(16)) == Array(second.initiator.written.prefix(16)))
    }

    @Test func `A close is told from a cut, and nothing is read after it`() throws {
        var pair = try Pair.open()
        try pair.initiator.send([1])
        pair.initiator.close()
        #expect(!pair.initiator.channel.isOpen)
        try pair.responder.receive(pair.initiator.takeOutbox() + [0, 0, 99])
        #expect(pair.responder.events == [.frame([1]), .closedByPeer])
        #expect(pair.responder.channel.unread.isEmpty)
        try pair.responder.receive([1, 2, 3])
        #expect(pair.responder.events.count == 2)
        try pair.responder.channel.streamEnded()
        try pair.initiator.channel.streamEnded()
        #expect(throws: ChannelError.notOpen) { try pair.responder.send([1]) }
        #expect(throws: ChannelError.notOpen) { try pair.initiator.send([1]) }
        pair.initiator.close()
        pair.responder.close()
        #expect(pair.initiator.outbox.isEmpty && pair.responder.outbox.isEmpty)
    }

    @Test func `Both may close at once`() throws {
        var pair = try Pair.open()
        pair.initiator.close()
        pair.responder.close()
        try pair.run()
        #expect(pair.initiator.hasLearnedNothing && pair.responder.hasLearnedNothing)
        try pair.initiator.channel.streamEnded()
        try pair.responder.channel.streamEnded()
    }

    @Test func `Before the handshake is done nothing can be sent`() throws {
        var pair = Pair()
        #expect(throws: ChannelError.notOpen) { try pair.initiator.send([1]) }
        #expect(throws: ChannelError.notOpen) { try pair.responder.send([1]) }
        try pair.run()
        try pair.initiator.send([1])
    }

    @Test func `N9: after an hour a fresh handshake is asked for, once`() throws {
        let hour = ChannelLimits.renewalAgeMilliseconds
        var pair = try Pair.open()
        try pair.initiator.send([1], now: hour - 1)
        try pair.responder.receive(pair.initiator.takeOutbox(), now: hour - 1)
        #expect(pair.initiator.events == [])
        #expect(pair.responder.events == [.frame([1])])
        try pair.initiator.send([2], now: hour)
        try pair.responder.receive(pair.initiator.takeOutbox(), now: hour)
        #expect(pair.initiator.events == [.renewalDue])
        #expect(pair.responder.events == [.frame([1]), .frame([2]), .renewalDue])
        try pair.initiator.send([3], now: hour + 1)
        #expect(pair.initiator.events == [.renewalDue])

        var idle = try Pair.open()
        var actions: [ChannelAction] = []
        idle.initiator.channel.timePassed(now: hour - 1, actions: &actions)
        #expect(actions == [])
        idle.initiator.channel.timePassed(now: hour, actions: &actions)
        idle.initiator.channel.timePassed(now: hour + 1, actions: &actions)
        #expect(actions == [.renewalDue])
    }

    @Test func `N9: after a gibibyte a fresh handshake is asked for`() throws {
        #expect(ChannelLimits.renewalByteCount == 1_073_741_824)
        var channel = try Pair.open().initiator.channel
        let plaintext = [UInt8](repeating: 0, count: ChannelLimits.plaintextByteCount)
        // 16,383 frames of 65,537 bytes stay below by 49,153; one more reaches it.
        for _ in 0..<16_383 {
            var actions: [ChannelAction] = []
            try channel.send(plaintext, now: 0, actions: &actions)
            guard actions.count == 1 else {
                Issue.record("asked for too early")
                return
            }
        }
        var actions: [ChannelAction] = []
        try channel.send(plaintext, now: 0, actions: &actions)
        #expect(actions.last == .renewalDue)
    }
}
