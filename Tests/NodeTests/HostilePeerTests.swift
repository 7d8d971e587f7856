import Channel
import Crypto
import Reactor
import Replica
import Simulator
import Store
import Sync
import Testing

@testable import Node

/// Hostile callers and hostile members at a real node; time is virtual.
@Suite struct HostilePeerTests {
    // MARK: Connections and handshakes

    @Test func `R1: ten thousand connections take places of callers alone, and an honest device syncs meanwhile`()
        throws
    {
        let stage = try Stage()
        let honest = try Neighbour(stage.admit("Institute"), stage)
        #expect(try honest.sync(from: "10.9.9.9").isIdentical)
        let kept = Caller.session(try stage.admit("Kept"), stage, from: "10.8.8.8")
        for number in 0..<10_000 {
            _ = stage.connect(from: "172.16.\(number / 250).\(number % 250)")
            #expect(stage.node.openings.count <= GateLimits().callers)
            if number.isMultiple(of: 2_500) {
                var editor = RandomEditor(random: SeededEntropy(seed: UInt64(number)))
                try editor.edit(honest.store)
                #expect(try honest.sync(from: "10.9.9.9").isIdentical)
            }
        }
        #expect(kept.isOpen)
        #expect(stage.store.state(of: SpaceName.net) == honest.store.state(of: SpaceName.net))
        // Nobody said anything in time: nothing is left of them.
        stage.pass(milliseconds: ChannelLimits.handshakeTimeoutMilliseconds)
        #expect(stage.node.openings.isEmpty && stage.node.links.count == 1)
        #expect(stage.node.gate.sizes.places == 1)
    }

    @Test(arguments: [0, 1, 3, 40])
    func `R2: one byte every nine seconds does not prolong a handshake`(atOnce: Int) throws {
        let stage = try Stage()
        let bytes = stage.opening()
        let connection = stage.connect(from: "10.1.1.1")
        if atOnce > 0 { stage.send(Array(bytes.prefix(atOnce)), on: connection) }
        stage.pass(milliseconds: 9_000)
        #expect(stage.isOpen(connection))
        stage.send([bytes[atOnce]], on: connection)
        stage.pass(milliseconds: 999)
        #expect(stage.isOpen(connection))
        stage.pass(milliseconds: 1)
        #expect(!stage.isOpen(connection))
    }

    @Test func `R2: a handshake that was answered late has no more time than any`() throws {
        let stage = try Stage()
        let caller = Caller(stage.stranger(), stage, from: "10.1.1.1")
        stage.pass(milliseconds: 9_000)
        // Its channel stands at message 2; what it would say next is never said.
        stage.send(caller.firstBytes, on: caller.connection)
        #expect(stage.node.links[caller.connection] != nil)
        stage.pass(milliseconds: 1_000)
        #expect(!caller.isOpen && stage.node.links.isEmpty)
    }

    @Test func `R3: a flood of first messages is answered at the measured rate and leaves nothing behind`() throws {
        var limits = GateLimits()
        limits.handshakeBurst = 20
        limits.handshakesPerSecond = 10
        let stage = try Stage(limits: limits)
        let opening = stage.opening()
        var connections: [ConnectionID] = []
        for second in 0..<5 {
            for number in 0..<400 {
                let connection = stage.connect(from: "172.16.\(second).\(number % 200)")
                connections.append(connection)
                stage.send(opening, on: connection)
            }
            #expect(stage.node.links.count + stage.node.openings.count <= limits.callers)
            stage.pass(milliseconds: 1_000)
        }
        let answers = stage.network.written
        let answered = connections.count { answers[$0] != nil }
        #expect((60...71).contains(answered), "\(answered) were answered")
        #expect(stage.network.written.values.allSatisfy { $0.count < 2_300 })
        stage.pass(milliseconds: 10_000)
        #expect(stage.node.links.isEmpty && stage.node.openings.isEmpty && stage.node.gate.sizes.places == 0)
    }

    @Test func `R3: a caller that waits is not read, and whoever says more than its opening is dropped`() throws {
        var limits = GateLimits()
        limits.addressHandshakeBurst = 1
        limits.addressHandshakesPerSecond = 1
        let stage = try Stage(limits: limits)
        let first = stage.connect(from: "10.1.1.1")
        let second = stage.connect(from: "10.1.1.1")
        let third = stage.connect(from: "10.1.1.1")
        for connection in [first, second, third] { stage.send(stage.opening(), on: connection) }
        #expect(stage.node.links[first] != nil)
        #expect(stage.network.paused == [second, third])
        stage.send([1], on: third)
        #expect(!stage.isOpen(third))
        stage.pass(milliseconds: 1_000)
        #expect(stage.node.links[second] != nil && !stage.network.paused.contains(second))
        let talkative = stage.connect(from: "10.1.1.2")
        stage.send(stage.opening() + [0], on: talkative)
        #expect(!stage.isOpen(talkative) && stage.network.written[talkative] == nil)
    }

    @Test func `R1: strangers, other networks and message 3 of nobody end before there is a session`() throws {
        let stage = try Stage()
        for bytes in [Array("GET / HTTP/1.1\r\n\r\n".utf8), [0], [UInt8](repeating: 0, count: 70_000)] {
            let connection = stage.connect(from: "10.1.1.1")
            stage.send(bytes, on: connection)
            #expect(!stage.isOpen(connection) && stage.network.written[connection] == nil)
        }
        let other = stage.connect(from: "10.1.1.1")
        var opening = stage.opening()
        opening[15] ^= 1
        stage.send(opening, on: other)
        #expect(!stage.isOpen(other) && stage.network.written[other]?.count == 16)
        let nobody = Caller(stage.stranger(), stage, from: "10.1.1.1")
        nobody.run()
        #expect(!nobody.isOpen && stage.node.links.isEmpty)
        #expect(stage.node.gate.sizes.places == 0)
    }

    // MARK: Sessions

    @Test func `R1: a device displaces its own oldest session and is told`() throws {
        let stage = try Stage()
        let (greedy, modest) = (try stage.admit("Greedy"), try stage.admit("Modest"))
        let other = Caller.session(modest, stage, from: "10.2.2.2")
        let callers = (0..<9).map { _ in Caller.session(greedy, stage, from: "10.1.1.1") }
        callers[0].run()
        #expect(callers[0].refusal == .busy && !callers[0].isOpen)
        #expect(callers.dropFirst().allSatisfy { $0.isOpen } && other.isOpen)
        #expect(stage.node.links.count == 9)
    }

    @Test func `R2: a session that gives one byte every nine seconds ends in a total time`() throws {
        let stage = try Stage()
        let device = try stage.admit("Slow")
        let caller = Caller.session(device, stage, from: "10.1.1.1")
        // A great message is announced, and comes byte by byte.
        caller.say([0x5A, 0x00, 0x0F, 0xFF, 0xFF])
        var milliseconds: Int64 = 0
        while caller.isOpen, milliseconds < 600_000 {
            stage.pass(milliseconds: 9_000)
            milliseconds += 9_000
            if caller.isOpen { caller.say([7]) }
        }
        #expect((60_000...72_000).contains(milliseconds), "it ended after \(milliseconds) ms")
        // It was slow, which is no offence.
        #expect(stage.node.gate.refusal(of: device.id, now: stage.network.time) == nil)
    }

    @Test func `R2: messages that say nothing are no progress`() throws {
        let stage = try Stage()
        let caller = Caller.session(try stage.admit("Empty"), stage, from: "10.1.1.1")
        var milliseconds: Int64 = 0
        while caller.isOpen, milliseconds < 600_000 {
            stage.pass(milliseconds: 9_000)
            milliseconds += 9_000
            // A message of a type that nobody knows yet, which is skipped.
            if caller.isOpen { caller.say([0x42, 0x81, 0x17]) }
        }
        #expect(milliseconds <= 72_000)
    }

    @Test func `R4: what was announced takes no room, and all together have one budget`() throws {
        var limits = GateLimits()
        limits.heldBytes = 3 << 20
        let stage = try Stage(limits: limits)
        var callers: [Caller] = []
        for number in 0..<6 {
            let caller = Caller.session(try stage.admit("Institute \(number)"), stage, from: "10.1.1.\(number)")
            let before = stage.node.heldByteCount
            caller.say([0x5A, 0x00, 0x0F, 0xFF, 0xFF])
            #expect(stage.node.heldByteCount - before < 1_000)
            caller.say([UInt8](repeating: 0, count: 800_000 + number))
            callers.append(caller)
            #expect(stage.node.heldByteCount <= limits.heldBytes)
            let sum = stage.node.links.values.reduce(0) { $0 + $1.heldByteCount }
            #expect(stage.node.heldByteCount == sum)
        }
        for caller in callers { caller.run() }
        // Not all fit, some do, and who had to go was told.
        let closed = callers.filter { !$0.isOpen }
        #expect((1...4).contains(closed.count))
        #expect(closed.allSatisfy { $0.refusal == .busy })
        stage.pass(milliseconds: 120_000)
        #expect(stage.node.heldByteCount == 0 && stage.node.links.isEmpty)
    }

    @Test func `R5: who asks for much and never reads gets one flight, and is left in the end`() throws {
        let stage = try Stage()
        for number in 0..<400 {
            let text = Value.text(stage.entropy.fill(2_000).map { String($0, radix: 16) }.joined())
            let operation = OperationDraft(field: 16, type: .register, replaces: [], value: text)
            let draft = EntryDraft(target: .new(kind: 900), operations: [operation])
            _ = try stage.store.write([draft], space: SpaceName.net, time: Int64(number))
        }
        let device = try stage.admit("Deaf")
        let caller = Caller.session(device, stage, from: "10.1.1.1")
        stage.network.deaf.insert(caller.connection)
        // It holds nothing and wants all; from here on it takes no byte.
        for case .vector(let policy, let items) in caller.messages {
            caller.sayUnheard(.vector(policy: policy, items: items.map { _ in .count(0) }))
        }
        let sent = stage.network.written[caller.connection, default: []].count
        #expect(sent > 100_000 && sent < 256 << 10 + 128 << 10, "\(sent) bytes wait")
        stage.pass(milliseconds: 590_000)
        #expect(!caller.isOpen)
        #expect(stage.network.written[caller.connection, default: []].count < sent + 1_000)
    }

    @Test func `R10: a peer that withholds what it announced delays nobody else`() throws {
        let stage = try Stage()
        let hostile = try stage.admit("Withholding")
        let honest = try Neighbour(stage.admit("Institute"), stage)
        #expect(try honest.sync(from: "10.9.9.9").isIdentical)
        var editor = RandomEditor(random: SeededEntropy(seed: 5))
        for _ in 0..<20 { try editor.edit(honest.store) }
        // It says that it holds far more of every log than there is, and sends none of it.
        let caller = Caller.session(hostile, stage, from: "10.1.1.1")
        for case .vector(let policy, let items) in caller.messages {
            caller.say(.vector(policy: policy, items: items.map { _ in .count(1_000_000) }))
        }
        #expect(caller.isOpen)
        #expect(try honest.sync(from: "10.9.9.9").isIdentical)
        #expect(stage.store.state(of: SpaceName.net) == honest.store.state(of: SpaceName.net))
        stage.pass(milliseconds: 130_000)
        #expect(!caller.isOpen)
    }

    // MARK: Offences

    /// A segment of an honest device, as any relay could send it, with one bit of its seal turned over.
    private func forged(_ store: ReplicaStore, _ device: Stage.Device) throws -> Message {
        let key = device.signing.verifyingKey
        let branches = store.sharedBranches()
        let branch = try #require(branches.first { $0.descriptor.device == key && $0.descriptor.logClass == .data })
        let segment = try store.segment(branch: branch.number, from: branch.parentSequence + 1)
        let run = try #require(segment)
        let seal = try CompactSegment(decoding: run.bytes).seal.bytes
        var bytes = run.bytes
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: seal) })
        bytes[start] ^= 1
        return .segment(log: .descriptor(branch.descriptor), bytes: bytes)
    }

    @Test func `R11: a bad copy of what others offer ends its sender and touches nobody else`() throws {
        let stage = try Stage()
        let (hostile, device) = (try stage.admit("Hostile"), try stage.admit("Institute"))
        let honest = try Neighbour(device, stage)
        #expect(try honest.sync(from: "10.9.9.9").isIdentical)
        var editor = RandomEditor(random: SeededEntropy(seed: 6))
        for _ in 0..<20 { try editor.edit(honest.store) }
        let flight = try honest.dial(from: "10.9.9.9")
        for _ in 0..<3 { _ = flight.step() }
        let caller = Caller.session(hostile, stage, from: "10.9.9.9")
        for case .vector(let policy, let items) in caller.messages {
            caller.say(.vector(policy: policy, items: items.map { _ in .count(0) }))
        }
        caller.say(try forged(honest.store, device))
        #expect(!caller.isOpen && caller.refusal != nil)
        #expect(stage.node.gate.refusal(of: hostile.id, now: stage.network.time) != nil)
        // The author and the neighbours at the same address have done nothing.
        #expect(stage.node.gate.refusal(of: device.id, now: stage.network.time) == nil)
        #expect(flight.run().isIdentical)
        #expect(stage.store.state(of: SpaceName.net) == honest.store.state(of: SpaceName.net))
        #expect(try stage.store.verify() == [])
    }

    @Test func `R12: one forged seal ends the session and the device is left alone for growing times`() throws {
        let stage = try Stage()
        let (hostile, neighbour) = (try stage.admit("Hostile"), try stage.admit("Neighbour"))
        var rests: [Int64] = []
        for _ in 0..<3 {
            let caller = Caller.session(hostile, stage, from: "10.1.1.1")
            #expect(caller.isOpen)
            for case .vector(let policy, let items) in caller.messages {
                caller.say(.vector(policy: policy, items: items.map { _ in .count(0) }))
            }
            let bad = try forged(stage.store, founder(stage))
            caller.say(bad, bad, bad)
            #expect(!caller.isOpen && caller.refusal == .badSeal)
            let refusal = stage.node.gate.refusal(of: hostile.id, now: stage.network.time)
            let until = try #require(refusal)
            rests.append(until - stage.network.time)
            // It is known by its certificate, wherever it comes from, and told.
            let again = Caller.session(hostile, stage, from: "10.2.2.2")
            #expect(!again.isOpen && again.refusal == .busy)
            #expect(Caller.session(neighbour, stage, from: "10.1.1.1").isOpen)
            stage.pass(milliseconds: until - stage.network.time)
        }
        #expect(rests == [10_000, 20_000, 40_000])
        #expect(Caller.session(hostile, stage, from: "10.1.1.1").isOpen)
        #expect(try stage.store.verify() == [])
    }

    @Test func `R12: what an attacker between two devices does is charged to none`() throws {
        let stage = try Stage()
        let device = try stage.admit("Institute")
        let caller = Caller.session(device, stage, from: "10.1.1.1")
        stage.send([0, 40] + [UInt8](repeating: 9, count: 40), on: caller.connection)
        #expect(!caller.isOpen)
        #expect(stage.node.gate.refusal(of: device.id, now: stage.network.time) == nil)
        #expect(Caller.session(device, stage, from: "10.1.1.1").isOpen)
    }

    @Test func `R12: a person who types sync is not held up by an offence of before`() throws {
        let stage = try Stage()
        let honest = try Neighbour(stage.admit("Institute"), stage)
        let device = try #require(stage.store.identity?.device)
        honest.node.gate.offended(device, now: honest.network.time)
        #expect(try honest.sync(from: "10.9.9.9").isIdentical)
    }

    /// The stage's own device, as the author of what it wrote.
    private func founder(_ stage: Stage) throws -> Stage.Device {
        if stage.store.sharedBranches().allSatisfy({ $0.descriptor.logClass != .data }) {
            var editor = RandomEditor(random: SeededEntropy(seed: 8))
            for _ in 0..<5 { try editor.edit(stage.store) }
        }
        let identity = try #require(stage.store.identity)
        return Stage.Device(
            signing: identity.signingKey, channel: identity.channelKey, grant: identity.grant, certificate: [])
    }

    // MARK: Tables

    @Test func `R8: a node keeps nothing of peers that are gone, nor more peers and invitations than it may`() throws {
        let stage = try Stage()
        for number in 0..<20 {
            _ = stage.node.submit(Request(verb: "peer add", arguments: ["peer \(number)", "10.3.3.\(number):1"]))
        }
        for dialled in stage.network.dialled {
            stage.node.connectFailed(
                dialled.connection, error: .timedOut(call: "connect", subject: "x"), now: stage.network.now)
        }
        #expect(stage.node.redials.count == 20 && stage.node.links.isEmpty)
        for number in 0..<20 {
            _ = stage.node.submit(Request(verb: "peer remove", arguments: ["peer \(number)"]))
        }
        #expect(stage.node.redials.isEmpty && stage.node.keptUp.isEmpty)

        for number in 0..<ServingLimits.peers {
            try stage.store.save(PeerRow(name: "\(number)", address: "10.4.4.4:1"))
        }
        let more = stage.node.submit(Request(verb: "peer add", arguments: ["more", "10.5.5.5:1"])).response
        #expect(more?.exitCode == .failed)
        let again = stage.node.submit(Request(verb: "peer add", arguments: ["7", "10.5.5.5:1"])).response
        #expect(again?.exitCode == .done)

        let now = stage.network.now.unixSeconds
        for number in 0..<ServingLimits.invitations {
            let secret = ShortID(UInt64(number), 1)
            try stage.store.save(Invitation(secret: secret, seat: .device, created: now - 100 + Int64(number % 7)))
        }
        let invite = Request(verb: "invite", arguments: [], options: [Request.Option("organisation", "Sector")])
        #expect(stage.node.submit(invite).response?.exitCode == .failed)
        let all = try stage.store.invitations()
        var cancelled = try #require(all.last)
        cancelled.state = .cancelled
        try stage.store.save(cancelled)
        #expect(stage.node.submit(invite).response?.exitCode == .done)
        let kept = try stage.store.invitations()
        #expect(kept.count == ServingLimits.invitations && !kept.contains { $0.secret == cancelled.secret })
    }

    // MARK: Channel

    @Test func `N9: an hour after its handshake a channel ends, its keys are wiped, and a fresh one is welcome`() throws
    {
        let stage = try Stage()
        let device = try stage.admit("Institute")
        let honest = try Neighbour(device, stage)
        #expect(try honest.sync(from: "10.9.9.9").isIdentical)
        let caller = Caller(device, stage, from: "10.1.1.1")
        caller.run()
        let link = try #require(stage.node.links[caller.connection])
        #expect(link.channel.isOpen)
        // It holds what the node holds, so the session is live at once, and may stay so.
        stage.network.time += ChannelLimits.renewalAgeMilliseconds
        caller.say(.hello(Hello(digest: 1, checkpoint: nil, moved: [])))
        #expect(!caller.isOpen && !link.channel.isOpen)
        #expect(try honest.sync(from: "10.1.1.1").isIdentical)
    }
}
