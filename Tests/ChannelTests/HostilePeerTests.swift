import Crypto
import Testing

@testable import Channel

@Suite struct HostilePeerTests {
    // MARK: Preface

    @Test func `N5: another network is named by both sides`() throws {
        var pair = Pair(initiatorNetwork: 1, responderNetwork: 2)
        #expect(throws: ChannelError.otherNetwork) {
            try pair.responder.receive(pair.initiator.takeOutbox())
        }
        #expect(pair.responder.outbox.count == 16)
        #expect(throws: ChannelError.otherNetwork) { try pair.initiator.receive(pair.responder.takeOutbox()) }
        #expect(pair.responder.hasLearnedNothing && pair.initiator.hasLearnedNothing)
    }

    @Test func `N5: another handshake version is named by both sides, from eight bytes on`() throws {
        var pair = Pair()
        var bytes = pair.initiator.takeOutbox()
        bytes[7] = 9
        try pair.responder.receive(Array(bytes.prefix(7)))
        #expect(throws: ChannelError.otherHandshakeVersion(theirs: 9)) { try pair.responder.receive([bytes[7]]) }
        var answer = pair.responder.takeOutbox()
        #expect(answer == Array(pair.initiator.written.prefix(16)))
        answer[7] = 3
        #expect(throws: ChannelError.otherHandshakeVersion(theirs: 3)) { try pair.initiator.receive(answer) }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "SSH-2.0-OpenSSH", "L", "\u{0}", "LIAISOM"])
    func `N5: a stranger is refused at its first wrong byte and gets no answer`(greeting: String) throws {
        var pair = Pair()
        if greeting == "L" {
            try pair.responder.receive(Array(greeting.utf8))
            #expect(throws: ChannelError.notLiaison) { try pair.responder.receive([0]) }
        } else {
            #expect(throws: ChannelError.notLiaison) { try pair.responder.receive(Array(greeting.utf8)) }
        }
        #expect(pair.responder.written.isEmpty)
        #expect(throws: ChannelError.notLiaison) { try pair.initiator.receive([0]) }
    }

    // MARK: Handshake

    @Test func `Every single bit of the handshake counts`() throws {
        let honest = try Pair.open()
        let initiatorBits = honest.initiator.written.count * 8
        let responderBits = honest.responder.written.count * 8
        for bit in 0..<initiatorBits + responderBits {
            var pair = Pair()
            let error = carry(&pair, flipping: bit, initiatorBits: initiatorBits)
            #expect(error != nil, "bit \(bit) of \(initiatorBits) + \(responderBits)")
            #expect(pair.responder.hasLearnedNothing, "bit \(bit)")
            // Only what the responder sees can be wrong after the initiator is done: message 3.
            let isMessage3 = bit >= (16 + 34) * 8 && bit < initiatorBits
            #expect(pair.initiator.hasLearnedNothing != isMessage3, "bit \(bit)")
        }
    }

    @Test func `N2: every truncation of handshake and frames is noticed`() throws {
        var pair = try Pair.open()
        try pair.initiator.send([1, 2, 3])
        try pair.responder.send([4, 5, 6])
        try pair.run()
        for isInitiator in [true, false] {
            let fromPeer = isInitiator ? pair.responder.written : pair.initiator.written
            for count in 0...fromPeer.count {
                let fresh = Pair()
                var side = isInitiator ? fresh.initiator : fresh.responder
                for piece in Array(fromPeer.prefix(count)).pieces(of: 1) { try side.receive(piece) }
                #expect(side.frames.isEmpty == (count < fromPeer.count))
                #expect(throws: ChannelError.truncated) { try side.channel.streamEnded() }
                #expect(!side.channel.isOpen)
            }
        }
    }

    @Test func `N4: a replayed recording yields nothing`() throws {
        var recorded = try Pair.open(seed: 1)
        try recorded.initiator.send([1, 2, 3])
        let recording = recorded.initiator.written
        // The same responder key, in a new connection: other ephemeral keys.
        var entropy = SeededEntropy(seed: 77)
        var responder = Side(
            channel: Channel(
                role: .responder(payload: [2]), staticKey: recorded.responderKey, networkHint: Pair.network,
                entropy: &entropy))
        responder.start()
        #expect(throws: ChannelError.authentication) { try responder.receive(recording) }
        #expect(responder.hasLearnedNothing)

        var initiator = Side(
            channel: Channel(
                role: .initiator, staticKey: recorded.initiatorKey, networkHint: Pair.network, entropy: &entropy))
        initiator.start()
        #expect(throws: ChannelError.authentication) { try initiator.receive(recorded.responder.written) }
        #expect(initiator.hasLearnedNothing)
    }

    static let lowOrderKeys = [
        [UInt8](repeating: 0, count: 32),
        [1] + [UInt8](repeating: 0, count: 31),
        [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
    ]

    @Test(arguments: lowOrderKeys)
    func `N3: ephemeral keys of low order fail in both messages`(key: [UInt8]) throws {
        let preface = Preface(networkHint: Pair.network).bytes
        var pair = Pair()
        #expect(throws: ChannelError.lowOrderKey) { try pair.responder.receive(preface + [0, 32] + key) }
        #expect(pair.responder.written.isEmpty)
        #expect(throws: ChannelError.lowOrderKey) {
            try pair.initiator.receive(preface + [0, 96] + key + [UInt8](repeating: 0, count: 64))
        }
    }

    @Test(arguments: lowOrderKeys)
    func `N3: a static key of low order, properly encrypted, fails in message 2`(key: [UInt8]) throws {
        let preface = Preface(networkHint: Pair.network).bytes
        var pair = Pair()
        var entropy = SeededEntropy(seed: 5)
        let ephemeral = AgreementKey(from: &entropy)
        let initiatorEphemeral = try #require(AgreementPublicKey(pair.initiator.takeOutbox()[18..<50]))
        var symmetric = SymmetricState(name: "Noise_XX_25519_ChaChaPoly_BLAKE2b", prologue: preface)
        symmetric.mixHash(initiatorEphemeral.bytes)
        symmetric.mixHash([])
        var message = ephemeral.publicKey.bytes
        symmetric.mixHash(message)
        try symmetric.mixAgreement(ephemeral, initiatorEphemeral)
        symmetric.encryptAndHash(key, appendingTo: &message)
        message += [UInt8](repeating: 0, count: 16)
        #expect(throws: ChannelError.lowOrderKey) { try pair.initiator.receive(preface + [0, 96] + message) }
    }

    @Test(arguments: lowOrderKeys)
    func `N3: a static key of low order, properly encrypted, fails in message 3`(key: [UInt8]) throws {
        let preface = Preface(networkHint: Pair.network).bytes
        var entropy = SeededEntropy(seed: 5)
        let ephemeral = AgreementKey(from: &entropy)
        var pair = Pair()
        try pair.responder.receive(preface + [0, 32] + ephemeral.publicKey.bytes)
        var symmetric = SymmetricState(name: "Noise_XX_25519_ChaChaPoly_BLAKE2b", prologue: preface)
        symmetric.mixHash(ephemeral.publicKey.bytes)
        symmetric.mixHash([])
        let reply = pair.responder.takeOutbox().dropFirst(18)
        let remoteEphemeral = try #require(AgreementPublicKey(reply.prefix(32)))
        symmetric.mixHash(reply.prefix(32))
        try symmetric.mixAgreement(ephemeral, remoteEphemeral)
        let remoteStatic = try symmetric.decryptAndHash(reply.dropFirst(32).prefix(48))
        try symmetric.mixAgreement(ephemeral, #require(AgreementPublicKey(remoteStatic)))
        _ = try symmetric.decryptAndHash(reply.dropFirst(80))
        var message: [UInt8] = []
        symmetric.encryptAndHash(key, appendingTo: &message)
        message += [UInt8](repeating: 0, count: 16)
        #expect(throws: ChannelError.lowOrderKey) { try pair.responder.receive([0, 64] + message) }
        #expect(pair.responder.hasLearnedNothing)
    }

    @Test func `Lengths that cannot stand are refused before their bytes`() throws {
        let preface = Preface(networkHint: Pair.network).bytes
        for length in 0...65_535 {
            let header = [UInt8(length >> 8), UInt8(length & 255)]
            let isMessage1 = length == 32
            let isMessage2 = (96...2_144).contains(length)
            // Every length is tried around the limits, elsewhere each hundred-and-first.
            guard isMessage1 || length < 200 || (2_000..<2_300).contains(length) || length % 101 == 0 else { continue }
            var pair = Pair()
            #expect(refusesLength(&pair.responder, preface + header) != isMessage1, "message 1 of \(length)")
            pair = Pair()
            #expect(refusesLength(&pair.initiator, preface + header) != isMessage2, "message 2 of \(length)")
        }
        for length in [0, 32, 63, 64, 2_112, 2_113, 65_535] {
            var pair = Pair()
            try pair.responder.receive(pair.initiator.takeOutbox())
            let header = [UInt8(length >> 8), UInt8(length & 255)]
            #expect(refusesLength(&pair.responder, header) != (64...2_112).contains(length), "message 3 of \(length)")
        }
        for length in [0, 1, 15, 16, 17, 65_535] {
            var pair = try Pair.open()
            let header = [UInt8(length >> 8), UInt8(length & 255)]
            #expect(refusesLength(&pair.responder, header) != (length >= 16), "frame of \(length)")
        }
    }

    @Test func `Bytes that come before message 3 was sent are refused, not kept`() throws {
        var pair = Pair()
        try pair.responder.receive(pair.initiator.takeOutbox())
        var actions: [ChannelAction] = []
        try pair.initiator.channel.received(pair.responder.takeOutbox(), now: 0, actions: &actions)
        #expect(throws: ChannelError.authentication) {
            try pair.initiator.channel.received([0], now: 0, actions: &actions)
        }
        #expect(pair.initiator.channel.unread.isEmpty)
    }

    // MARK: Frames

    @Test func `N1: a flipped bit anywhere ends the channel; the counter does not move`() throws {
        var sender = try Pair.open()
        try sender.initiator.send([1])
        let first = sender.initiator.takeOutbox()
        try sender.initiator.send([2, 3, 4])
        let second = sender.initiator.takeOutbox()
        for bit in 16..<second.count * 8 {
            var pair = try Pair.open()
            try pair.responder.receive(first)
            guard case .open(var transport) = pair.responder.channel.state else {
                Issue.record("not open")
                return
            }
            let bad = second.flipping(bit: bit)
            #expect(throws: ChannelError.authentication) { try transport.open(bad[2...]) }
            #expect(transport.receivedFrameCount == 1)
            #expect(try transport.open(second[2...]) == [2, 3, 4])

            #expect(throws: ChannelError.authentication) { try pair.responder.receive(bad) }
            #expect(!pair.responder.channel.isOpen)
            // What follows, even if honest, is not read.
            try pair.responder.receive(second)
            #expect(pair.responder.events == [.frame([1])])
            #expect(throws: ChannelError.truncated) { try pair.responder.channel.streamEnded() }
        }
    }

    @Test func `N2: frames left out, doubled, swapped or turned back are refused`() throws {
        var sender = try Pair.open()
        var frames: [[UInt8]] = []
        for number in UInt8(0)..<3 {
            try sender.initiator.send([number])
            frames.append(sender.initiator.takeOutbox())
        }
        for order in [[1], [0, 2], [0, 0], [1, 0], [0, 1, 1]] {
            var pair = try Pair.open()
            #expect(throws: ChannelError.authentication) {
                try pair.responder.receive(order.flatMap { frames[$0] })
            }
            #expect(pair.responder.frames.count == order.count - 1 - (order == [1, 0] ? 1 : 0))
        }
        var pair = try Pair.open()
        #expect(throws: ChannelError.authentication) { try pair.initiator.receive(frames[0]) }
    }

    @Test func `R4: memory grows with what has come in, not with what is announced`() throws {
        var pair = try Pair.open()
        try pair.responder.receive([0xff, 0xff])
        for count in 3...2_000 {
            try pair.responder.receive([0])
            #expect(pair.responder.channel.unread.count == count)
            #expect(pair.responder.channel.unread.capacity <= 2 * count + 256)
        }
        var busy = try Pair.open()
        for _ in 0..<40 { try busy.initiator.send([UInt8](repeating: 1, count: 40_000)) }
        let bytes = busy.initiator.takeOutbox()
        try busy.responder.receive(bytes + [0xff, 0xff, 1])
        #expect(busy.responder.frames.count == 40)
        #expect(busy.responder.channel.unread == [0xff, 0xff, 1])
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `Random damage only ever throws`(seed: UInt64) throws {
        var entropy = SeededEntropy(seed: seed)
        var recorded = try Pair.open(seed: 1)
        try recorded.initiator.send([UInt8](repeating: 9, count: 200))
        recorded.initiator.close()
        let recording = recorded.initiator.written
        for _ in 0..<20 {
            var bytes = recording
            for _ in 0..<1 + entropy.next() % 3 {
                let index = Int(entropy.next() % UInt64(bytes.count))
                switch entropy.next() % 4 {
                case 0: bytes[index] = UInt8(entropy.next() & 255)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: entropy.fill(Int(entropy.next() % 40)), at: index)
                default: bytes.removeSubrange(index...)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            var pair = Pair()
            var isClean = true
            do {
                for piece in bytes.pieces(of: 1 + Int(entropy.next() % 90)) { try pair.responder.receive(piece) }
                try pair.responder.channel.streamEnded()
            } catch {
                isClean = false
            }
            // Bytes after the close are the only damage that may go unseen.
            #expect(isClean == bytes.starts(with: recording), "seed \(seed)")
        }
    }

    // MARK: Aids

    /// Runs a handshake with one bit turned over on the wire: first those of the initiator, then the responder's.
    private func carry(_ pair: inout Pair, flipping bit: Int, initiatorBits: Int) -> ChannelError? {
        var counts = (initiator: 0, responder: 0)
        func flip(_ bytes: [UInt8], _ position: Int) -> [UInt8] {
            (0..<bytes.count * 8).contains(position) ? bytes.flipping(bit: position) : bytes
        }
        do throws(ChannelError) {
            while !pair.initiator.outbox.isEmpty || !pair.responder.outbox.isEmpty {
                let request = pair.initiator.takeOutbox()
                let isOfInitiator = bit < initiatorBits
                try pair.responder.receive(isOfInitiator ? flip(request, bit - counts.initiator * 8) : request)
                counts.initiator += request.count
                let reply = pair.responder.takeOutbox()
                try pair.initiator.receive(
                    isOfInitiator ? reply : flip(reply, bit - initiatorBits - counts.responder * 8))
                counts.responder += reply.count
            }
            // A length turned greater leaves a side waiting: the stream's end or the owner's timer ends that.
            if !pair.responder.channel.isOpen { try pair.responder.channel.streamEnded() }
            return nil
        } catch {
            return error
        }
    }

    private func refusesLength(_ side: inout Side, _ bytes: [UInt8]) -> Bool {
        do {
            try side.receive(bytes)
            return false
        } catch {
            if case .frameLength = error { return true }
            Issue.record("\(error)")
            return true
        }
    }
}
