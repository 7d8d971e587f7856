import Glibc
import Reactor
import Testing

@Suite struct SignalTests {
    @Test func theRequestToEndStopsTheLoop() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let reactor = try Reactor()
            let owner = Recorder(reactor)
            try reactor.watchSignals()
            kill(getpid(), SIGTERM)
            reactor.run(for: owner)
            kill(getpid(), SIGINT)
            reactor.run(for: owner)
            exit(owner.events == [.signalled(.terminate), .signalled(.interrupt)] ? 0 : 1)
        }
    }

    @Test func aClosedPipeIsNoReasonToDie() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let reactor = try Reactor()
            try reactor.watchSignals()
            var ends: [Int32] = [0, 0]
            guard unsafe pipe(&ends) == 0 else { exit(2) }
            close(ends[0])
            let count = unsafe write(ends[1], "x", 1)
            exit(count == -1 && errno == EPIPE ? 0 : 3)
        }
    }

    @Test func oneReactorOfAProcessWatches() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let first = try Reactor()
            try first.watchSignals()
            let second = try Reactor()
            do throws(ReactorError) {
                try second.watchSignals()
                exit(1)
            } catch {
                exit(error.isSystem(EBUSY) ? 0 : 2)
            }
        }
    }
}
