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

    @Test func `R1: one address has its share of connections, and its next one is refused`() throws {
        var limits = ReactorLimits()
        limits.acceptedConnectionCountPerAddress = 3
        let (reactor, owner, bound) = try listening(limits)
        let connections = (0..<5).map { _ in reactor.connect(to: bound) }
        #expect(
            reactor.run(for: owner) {
                connections.count { owner.ending(of: $0) != nil || owner.failure(of: $0) != nil } == 2
            })
        #expect(owner.accepted.count == 3)
        // A place that is given back can be taken again.
        reactor.abort(owner.accepted[0])
        _ = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { owner.accepted.count == 4 })
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
