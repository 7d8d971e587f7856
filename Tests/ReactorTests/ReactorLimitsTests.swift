import Glibc
import Reactor
import Testing

@Suite struct ReactorLimitsTests {
    @Test func `R5: a peer that never reads ends its own connection, and no other`() throws {
        var limits = ReactorLimits()
        limits.unsentByteCountPerConnection = 1 << 20
        let (reactor, owner, bound) = try listening(limits)
        owner.isDeaf = true
        let connection = reactor.connect(to: bound)
        let other = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { owner.accepted.count == 2 })
        for _ in 0..<1_000 where owner.ending(of: connection) == nil {
            reactor.write([UInt8](repeating: 1, count: 65_536), to: connection)
            reactor.runOnce(for: owner, waitingMilliseconds: 0)
            #expect(reactor.unsentByteCount(of: connection) <= 1 << 20)
        }
        #expect(owner.ending(of: connection) == .sendQueueFull)
        #expect(owner.ending(of: other) == nil)
    }

    @Test func `R5: the connection with most unsent bytes goes when all together have too many`() throws {
        var limits = ReactorLimits()
        limits.unsentByteCount = 2 << 20
        let (reactor, owner, bound) = try listening(limits)
        owner.isDeaf = true
        let greedy = reactor.connect(to: bound)
        let modest = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { owner.accepted.count == 2 })
        while reactor.unsentByteCount(of: modest) < 600 << 10 {
            reactor.write([UInt8](repeating: 1, count: 65_536), to: modest)
        }
        for _ in 0..<1_000 where owner.ending(of: greedy) == nil {
            reactor.write([UInt8](repeating: 1, count: 65_536), to: greedy)
            reactor.runOnce(for: owner, waitingMilliseconds: 0)
        }
        #expect(owner.ending(of: greedy) == .sendBudgetSpent)
        #expect(owner.ending(of: modest) == nil)
    }

    @Test func `R1: connections that are closed and linger take no places, and the earliest of too many goes`() throws {
        var limits = ReactorLimits()
        limits.acceptedConnectionCount = 3
        limits.closingConnectionCount = 2
        limits.unsentByteCountPerConnection = 64 << 20
        let (reactor, owner, bound) = try listening(limits)
        // Each is closed while its peer takes nothing, so that it has bytes left to send for as long as it may.
        var dialled: [ConnectionID] = []
        for count in 1...6 {
            let connection = reactor.connect(to: bound)
            dialled.append(connection)
            #expect(reactor.run(for: owner) { owner.accepted.count == count })
            reactor.pauseReading(of: connection)
            let accepted = owner.accepted[count - 1]
            reactor.write([UInt8](repeating: 1, count: 16 << 20), to: accepted)
            reactor.close(accepted)
            #expect(reactor.lingeringCount <= 2)
        }
        #expect(reactor.lingeringCount == 2)
        // Those that had to go were cut.
        for connection in dialled.prefix(4) { reactor.resumeReading(of: connection) }
        #expect(reactor.run(for: owner) { dialled.prefix(4).allSatisfy { owner.ending(of: $0) != nil } })
    }

    @Test func `R1: a system that gives few descriptors gets fewer connections of each kind`() {
        let few = ReactorLimits(descriptorCount: 256)
        #expect(few.acceptedConnectionCount == 115 && few.dialledConnectionCount == 57)
        #expect(few.closingConnectionCount == 14 && few.localConnectionCount == 14)
        #expect(ReactorLimits(descriptorCount: 100_000) == ReactorLimits())
        let usual = ReactorLimits()
        let all =
            usual.acceptedConnectionCount + usual.dialledConnectionCount + usual.closingConnectionCount
            + usual.localConnectionCount
        #expect(all + 64 <= usual.descriptorCount)
    }

    @Test func `R1: all accepted connections together are limited, and dialled ones are not counted with them`() throws
    {
        var limits = ReactorLimits()
        limits.acceptedConnectionCount = 2
        limits.dialledConnectionCount = 4
        let (reactor, owner, bound) = try listening(limits)
        let connections = (0..<5).map { _ in reactor.connect(to: bound) }
        #expect(
            reactor.run(for: owner) {
                connections[..<4].count { owner.ending(of: $0) != nil || owner.failure(of: $0) != nil } == 2
            })
        #expect(owner.accepted.count == 2)
        let expected = ReactorError.tooManyConnections(subject: bound.description, limit: 4)
        #expect(owner.failure(of: connections[4]) == expected)
    }

    @Test func `R1: without descriptors a listener rests instead of spinning, and goes on by itself`() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var limits = ReactorLimits()
            limits.acceptRestMilliseconds = 100
            let (reactor, owner, bound) = try listening(limits)
            _ = reactor.connect(to: bound)
            var limit = rlimit()
            guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(2) }
            let usual = limit.rlim_cur
            // Below every descriptor that is open: no other thread that closes one makes room.
            limit.rlim_cur = 0
            guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(3) }
            let end = reactor.now.monotonicMilliseconds + 500
            var turnCount = 0
            while reactor.now.monotonicMilliseconds < end {
                reactor.runOnce(for: owner, waitingMilliseconds: end - reactor.now.monotonicMilliseconds)
                turnCount += 1
            }
            // One for each rest, one for the connection itself and a few at the edges; a spin makes thousands.
            guard turnCount < 30, owner.accepted.isEmpty else { exit(4) }
            limit.rlim_cur = usual
            guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(5) }
            exit(reactor.run(for: owner) { owner.accepted.count == 1 } ? 0 : 6)
        }
    }

    @Test func namesThatWaitAreLimited() throws {
        var limits = ReactorLimits()
        limits.unresolvedNameCount = 2
        let (reactor, owner, _) = try listening(limits)
        let name = try #require(Endpoint("nothing.invalid:1"))
        let connections = (0..<4).map { _ in reactor.connect(to: name) }
        #expect(reactor.run(for: owner) { connections.allSatisfy { owner.failure(of: $0) != nil } })
        #expect(owner.failure(of: connections[3]) == .resolverBusy(name: "nothing.invalid"))
        #expect(owner.failure(of: connections[0]) != .resolverBusy(name: "nothing.invalid"))
    }

    @Test func anAttemptToConnectHasATimeLimit() throws {
        var limits = ReactorLimits()
        limits.connectMilliseconds = 0
        let (reactor, owner, _) = try listening(limits)
        // The lookup takes a thread switch at least, and a deadline of no time is over before it.
        let unknown = reactor.connect(to: try #require(Endpoint("nothing.invalid:1")))
        #expect(reactor.run(for: owner) { owner.failure(of: unknown) != nil })
        #expect(owner.failure(of: unknown) == .timedOut(call: "resolve", subject: "nothing.invalid:1"))
    }
}

private func listening(_ limits: ReactorLimits) throws -> (Reactor, Recorder, Endpoint) {
    let reactor = try Reactor(limits: limits)
    let bound = try reactor.listen(on: #require(anyPort)).bound
    return (reactor, Recorder(reactor), bound)
}
