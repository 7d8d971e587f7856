import Glibc
import Reactor
import Testing

@Suite struct ReactorTests {
    let reactor: Reactor
    let owner: Recorder
    let bound: Endpoint

    init() throws {
        reactor = try Reactor()
        owner = Recorder(reactor)
        bound = try reactor.listen(on: #require(anyPort)).bound
    }

    @Test func tenMegabytesComeBackUnderBackPressure() {
        owner.isEchoing = true
        let connection = reactor.connect(to: bound)
        let sent = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        var sentCount = 0
        let isDone = reactor.run(for: owner) {
            while sentCount < sent.count, reactor.unsentByteCount(of: connection) < 256 << 10 {
                let end = min(sentCount + 65_536, sent.count)
                reactor.write(Array(sent[sentCount..<end]), to: connection)
                sentCount = end
            }
            return owner.received[connection]?.count == sent.count
        }
        #expect(isDone)
        #expect(owner.received[connection] == sent)
        // A pause at the high-water mark keeps the echo within the mark and what one more read gives.
        #expect(owner.greatestUnsentByteCount <= (256 + 64) << 10)
    }

    @Test func singleBytesArriveInOrder() {
        owner.isEchoing = true
        let connection = reactor.connect(to: bound)
        let sent = (0..<200).map { UInt8($0) }
        for byte in sent {
            reactor.write([byte], to: connection)
            let countBefore = owner.received[connection]?.count ?? 0
            #expect(reactor.run(for: owner) { (owner.received[connection]?.count ?? 0) > countBefore })
        }
        #expect(owner.received[connection] == sent)
    }

    @Test func aSlowReaderIsToldWhenToGoOn() throws {
        owner.isDeaf = true
        let connection = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { !owner.accepted.isEmpty })
        // More than the system's own buffers take, so that some of it stays in the queue.
        while reactor.unsentByteCount(of: connection) <= ReactorLimits().highWaterByteCount {
            reactor.write([UInt8](repeating: 7, count: 65_536), to: connection)
        }
        reactor.runOnce(for: owner, waitingMilliseconds: 0)
        #expect(!owner.events.contains(.drained(connection)))
        reactor.resumeReading(of: try #require(owner.accepted.first))
        #expect(reactor.run(for: owner) { owner.events.contains(.drained(connection)) })
        #expect(reactor.unsentByteCount(of: connection) <= ReactorLimits().lowWaterByteCount)
    }

    @Test func refusedConnectionsFailWithTheAddress() throws {
        // A port that was bound and is free again.
        let other = try reactor.listen(on: #require(anyPort))
        reactor.closeListener(other.listener)
        let connection = reactor.connect(to: other.bound)
        #expect(reactor.run(for: owner) { owner.failure(of: connection) != nil })
        let expected = ReactorError.system(call: "connect", subject: other.bound.description, number: ECONNREFUSED)
        #expect(owner.failure(of: connection) == expected)
        #expect(expected.description == "connect \(other.bound): Connection refused")
    }

    @Test func localhostIsResolvedAndReached() throws {
        let connection = reactor.connect(to: try #require(Endpoint(host: "localhost", port: bound.port)))
        #expect(owner.events.isEmpty)
        #expect(reactor.run(for: owner) { owner.events.contains(.connected(connection)) })
    }

    @Test func anUnknownNameFailsWithoutStoppingTheRest() throws {
        owner.isEchoing = true
        let unknown = reactor.connect(to: try #require(Endpoint("nothing.invalid:7420")))
        let known = reactor.connect(to: bound)
        reactor.write([1, 2, 3], to: known)
        #expect(reactor.run(for: owner) { owner.failure(of: unknown) != nil && owner.received[known] == [1, 2, 3] })
        switch owner.failure(of: unknown) {
        // The second where no resolver answers at all.
        case .nameNotResolved(name: "nothing.invalid", _), .timedOut(call: "resolve", _): break
        case let other: Issue.record("unexpected: \(String(describing: other))")
        }
    }

    @Test func timersFireInTheOrderOfDeadlinesThenOfSetting() {
        let start = reactor.now.monotonicMilliseconds
        reactor.setTimer(TimerID(1), at: start + 30)
        reactor.setTimer(TimerID(2), at: start + 10)
        reactor.setTimer(TimerID(3), at: start + 10)
        reactor.setTimer(TimerID(4), at: start + 20)
        reactor.setTimer(TimerID(5), at: start - 5)
        reactor.setTimer(TimerID(6), at: start + 1)
        reactor.cancelTimer(TimerID(4))
        reactor.setTimer(TimerID(6), at: start + 20)
        let expected: [Recorder.Event] = [5, 2, 3, 6, 1].map { .fired(TimerID($0)) }
        #expect(reactor.run(for: owner) { owner.events.count == expected.count })
        #expect(owner.events == expected)
        #expect(reactor.now.monotonicMilliseconds >= start + 30)
    }

    @Test func aResetIsReportedWithItsCause() throws {
        let connection = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { !owner.accepted.isEmpty })
        reactor.abort(try #require(owner.accepted.first))
        #expect(reactor.run(for: owner) { owner.ending(of: connection) != nil })
        guard case .failed(let error) = owner.ending(of: connection) else {
            Issue.record("unexpected: \(owner.events)")
            return
        }
        #expect(error.isSystem(ECONNRESET))
    }

    @Test func closeDeliversEverythingFirst() throws {
        owner.greeting = [UInt8](repeating: 42, count: 3_000_000)
        let connection = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { !owner.accepted.isEmpty })
        let accepted = try #require(owner.accepted.first)
        reactor.close(accepted)
        // Bytes that nobody will read must not turn the close into a reset.
        reactor.write([1, 2, 3], to: connection)
        #expect(reactor.run(for: owner) { owner.ending(of: connection) != nil })
        #expect(owner.ending(of: connection) == .closedByPeer)
        #expect(owner.received[connection] == owner.greeting)
        #expect(owner.ending(of: accepted) == nil)
    }

    @Test func finishClosingSendsWhatIsLeft() throws {
        let connection = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { owner.events.contains(.connected(connection)) && !owner.accepted.isEmpty })
        reactor.write([9, 9], to: connection)
        reactor.close(connection)
        reactor.finishClosing(for: owner, withinMilliseconds: 5_000)
        #expect(owner.received[owner.accepted[0]] == [9, 9])
        #expect(reactor.run(for: owner) { owner.ending(of: owner.accepted[0]) == .closedByPeer })
    }

    @Test func anAddressInUseSaysSo() throws {
        let expected = ReactorError.system(call: "bind", subject: bound.description, number: EADDRINUSE)
        #expect(throws: expected) { try reactor.listen(on: bound) }
    }

    @Test func callsOnConnectionsThatAreGoneDoNothing() {
        let gone = ConnectionID(4_711)
        reactor.write([1], to: gone)
        reactor.pauseReading(of: gone)
        reactor.resumeReading(of: gone)
        reactor.close(gone)
        reactor.abort(gone)
        #expect(reactor.unsentByteCount(of: gone) == 0)
        reactor.runOnce(for: owner, waitingMilliseconds: 0)
        #expect(owner.events.isEmpty)
    }

    @Test func aConnectionClosedByItsOwnerIsNotHeardOfAgain() {
        let first = reactor.connect(to: bound)
        reactor.close(first)
        let second = reactor.connect(to: bound)
        #expect(reactor.run(for: owner) { owner.events.contains(.connected(second)) })
        reactor.abort(second)
        #expect(reactor.run(for: owner) { owner.accepted.contains { owner.ending(of: $0) != nil } })
        #expect(!owner.events.contains(.connected(first)))
        #expect(owner.failure(of: first) == nil)
        #expect(owner.ending(of: second) == nil)
    }
}
