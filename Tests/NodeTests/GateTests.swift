import Crypto
import Reactor
import Testing

@testable import Node

/// Who may go on of those that connect, without network or handshake.
@Suite struct GateTests {
    private func connection(_ number: Int) -> ConnectionID { ConnectionID(UInt64(number)) }

    private func device(_ number: Int) -> ShortID { ShortID(UInt64(number), 7) }

    // MARK: Callers

    @Test func `R1: ten thousand callers from ten thousand addresses have their places and no more`() {
        var gate = Gate(now: 0)
        gate.met(at: "known")
        var live: Set<ConnectionID> = []
        for number in 1...10_000 {
            let evicted = gate.accepted(connection(number), from: "10.0.\(number / 250).\(number % 250)")
            live.subtract(evicted)
            live.insert(connection(number))
            #expect(live.count <= gate.limits.callers && gate.sizes.places == live.count)
        }
        #expect(live.count == gate.limits.callers)
        // The oldest went.
        #expect(live.min() == connection(10_001 - gate.limits.callers))
        // Places of known addresses are free all the while.
        #expect(gate.accepted(connection(20_000), from: "known") == [])
        gate.greeted(connection(20_000))
        #expect(gate.takeNext(now: 0)?.caller == connection(20_000))
    }

    @Test func `R1: one address displaces its own callers and nobody else's`() {
        var gate = Gate(now: 0)
        #expect(gate.accepted(connection(1), from: "honest") == [])
        for number in 2...1_000 {
            let evicted = gate.accepted(connection(number), from: "flood")
            #expect(evicted == (number - 1 > gate.limits.callersPerAddress ? [connection(number - 16)] : []))
        }
        gate.greeted(connection(1))
        #expect(gate.takeNext(now: 0)?.caller == connection(1))
    }

    @Test func `R1: when all places are taken the busiest address makes room`() {
        var limits = GateLimits()
        limits.callers = 8
        limits.callersPerAddress = 6
        var gate = Gate(limits: limits, now: 0)
        for number in 1...3 { #expect(gate.accepted(connection(number), from: "office \(number)") == []) }
        for number in 4...8 { #expect(gate.accepted(connection(number), from: "flood") == []) }
        #expect(gate.accepted(connection(9), from: "office 4") == [connection(4)])
        #expect(gate.accepted(connection(10), from: "office 5") == [connection(5)])
    }

    @Test func `R1: a caller that was answered is displaced after those that were not`() {
        var limits = GateLimits()
        limits.callers = 4
        var gate = Gate(limits: limits, now: 0)
        _ = gate.accepted(connection(1), from: "slow link")
        gate.greeted(connection(1))
        #expect(gate.takeNext(now: 0)?.caller == connection(1))
        for number in 2...100 { #expect(!gate.accepted(connection(number), from: "\(number)").contains(connection(1))) }
    }

    @Test func `R3: handshakes are measured out to each address and to all`() {
        var gate = Gate(now: 0)
        var next = 1
        func flood(_ gate: inout Gate, from address: (Int) -> String, now: Int64) -> Int {
            var answered = 0
            for index in 0..<1_000 {
                _ = gate.accepted(connection(next), from: address(index))
                gate.greeted(connection(next))
                next += 1
                while let (caller, _) = gate.takeNext(now: now) {
                    gate.ended(caller)
                    answered += 1
                }
            }
            return answered
        }
        #expect(flood(&gate, from: { _ in "one" }, now: 0) == gate.limits.addressHandshakeBurst)
        #expect(flood(&gate, from: { _ in "one" }, now: 1_000) == gate.limits.addressHandshakesPerSecond)
        // What is left to all others.
        let rest = gate.limits.handshakeBurst - gate.limits.addressHandshakesPerSecond
        #expect(flood(&gate, from: { "address \($0)" }, now: 1_000) == rest)
        #expect(flood(&gate, from: { "other \($0)" }, now: 2_000) == gate.limits.handshakesPerSecond)
        #expect(gate.sizes.places <= gate.limits.callers)
        // Known addresses have a measure of their own, also one that was not known and had spent its own.
        gate.met(at: "one")
        gate.met(at: "known")
        #expect(flood(&gate, from: { _ in "one" }, now: 2_000) == gate.limits.knownAddressHandshakeBurst)
        let left = gate.limits.knownHandshakeBurst - gate.limits.knownAddressHandshakeBurst
        #expect(flood(&gate, from: { _ in "known" }, now: 2_000) == left)
    }

    @Test func `R3: who has to wait is answered when the time has come`() throws {
        var limits = GateLimits()
        limits.addressHandshakeBurst = 1
        limits.addressHandshakesPerSecond = 2
        var gate = Gate(limits: limits, now: 0)
        for number in 1...3 {
            _ = gate.accepted(connection(number), from: "office")
            gate.greeted(connection(number))
        }
        #expect(gate.takeNext(now: 0)?.caller == connection(3))
        #expect(gate.takeNext(now: 0) == nil)
        #expect(gate.nextTime(now: 0) == 500)
        #expect(gate.takeNext(now: 499) == nil)
        #expect(gate.takeNext(now: 500)?.caller == connection(2))
        #expect(gate.nextTime(now: 500) == 1_000)
        #expect(gate.takeNext(now: 1_000)?.caller == connection(1))
        #expect(gate.nextTime(now: 1_000) == nil)
    }

    @Test func `R3: answered callers have a bound of their own`() {
        var limits = GateLimits()
        limits.answeredCallers = 2
        var gate = Gate(limits: limits, now: 0)
        var evicted: [ConnectionID] = []
        for number in 1...4 {
            _ = gate.accepted(connection(number), from: "\(number)")
            gate.greeted(connection(number))
            evicted += gate.takeNext(now: 0)?.evicted ?? []
        }
        #expect(evicted == [connection(1), connection(2)])
    }

    // MARK: Sessions

    /// Lets a device in through a connection of its own.
    private func enter(
        _ gate: inout Gate, _ number: Int, _ device: ShortID, isKnown: Bool = false, now: Int64 = 0
    ) -> Gate.Verdict {
        _ = gate.accepted(connection(number), from: "address \(number)")
        return gate.authenticated(connection(number), as: device, isKnown: isKnown, now: now)
    }

    @Test func `R1: no caller takes the place of a session`() {
        var gate = Gate(now: 0)
        #expect(enter(&gate, 1, device(1)) == .admitted(evicted: []))
        for number in 2...1_000 {
            let evicted = gate.accepted(connection(number), from: "\(number % 700)")
            #expect(!evicted.contains(connection(1)))
        }
    }

    @Test func `R1: one device has its share of sessions, and its newest displaces its oldest`() {
        var gate = Gate(now: 0)
        _ = enter(&gate, 1, device(1))
        for number in 2...50 {
            let oldest = number - gate.limits.sessionsPerDevice
            #expect(enter(&gate, number, device(2)) == .admitted(evicted: oldest >= 2 ? [connection(oldest)] : []))
        }
        #expect(gate.sizes.places == 1 + gate.limits.sessionsPerDevice)
    }

    @Test func `R1: devices that are known have places that no stranger takes`() {
        var limits = GateLimits()
        limits.sessions = 6
        limits.strangersSessions = 4
        var gate = Gate(limits: limits, now: 0)
        for number in 1...4 { #expect(enter(&gate, number, device(number)) == .admitted(evicted: [])) }
        #expect(enter(&gate, 5, device(5)) == .admitted(evicted: [connection(1)]))
        for number in 6...7 { #expect(enter(&gate, number, device(number), isKnown: true) == .admitted(evicted: [])) }
        // All six are taken: a known device displaces a stranger, and a stranger another one.
        #expect(enter(&gate, 8, device(8), isKnown: true) == .admitted(evicted: [connection(2)]))
        for number in 9...11 {
            #expect(
                enter(&gate, number, device(number), isKnown: true) == .admitted(evicted: [connection(number - 6)]))
        }
        #expect(enter(&gate, 12, device(12), isKnown: true) == .full)
        #expect(enter(&gate, 13, device(13)) == .full)
    }

    // MARK: Offences

    @Test func `R12: a device that offends is refused for growing times, with an end`() {
        var gate = Gate(now: 0)
        var now: Int64 = 0
        var rests: [Int64] = []
        for _ in 0..<12 {
            gate.offended(device(1), now: now)
            guard case .refused(let until) = enter(&gate, 1, device(1), now: now) else {
                Issue.record("not refused")
                return
            }
            rests.append(until - now)
            #expect(gate.refusal(of: device(1), now: until - 1) == until)
            #expect(gate.refusal(of: device(1), now: until) == nil)
            now = until
        }
        #expect(rests.prefix(4) == [10_000, 20_000, 40_000, 80_000])
        #expect(rests.suffix(3) == [3_600_000, 3_600_000, 3_600_000])
        // Whoever has behaved for as long again begins anew.
        now += 3_600_000
        gate.offended(device(1), now: now)
        #expect(gate.refusal(of: device(1), now: now) == now + 10_000)
    }

    @Test func `R12: neighbours of an offender at the same address are let in`() {
        var gate = Gate(now: 0)
        gate.offended(device(1), now: 0)
        for number in 1...3 {
            _ = gate.accepted(connection(number), from: "office")
            let verdict = gate.authenticated(connection(number), as: device(number), isKnown: false, now: 0)
            #expect(verdict == (number == 1 ? .refused(until: 10_000) : .admitted(evicted: [])))
        }
    }

    // MARK: Tables

    @Test func `R8: every table of the gate is bounded, and what was used last stays`() {
        var limits = GateLimits()
        limits.addresses = 64
        limits.knownAddresses = 32
        limits.offenders = 16
        var gate = Gate(limits: limits, now: 0)
        for number in 1...2_000 {
            _ = gate.accepted(connection(number), from: "\(number)")
            gate.greeted(connection(number))
            while let (caller, _) = gate.takeNext(now: Int64(number) * 100) { gate.ended(caller) }
            gate.met(at: "met \(number)")
            gate.met(at: "hub")
            gate.offended(device(number), now: 0)
            let sizes = gate.sizes
            #expect(sizes.addresses <= 64 && sizes.knownAddresses <= 32 && sizes.offenders <= 16)
        }
        #expect(gate.sizes.addresses > 32)
        // The hub is known still.
        for number in 20_001...20_300 { _ = gate.accepted(connection(number), from: "\(number)") }
        #expect(gate.accepted(connection(30_000), from: "hub") == [])
        #expect(gate.refusal(of: device(2_000), now: 1) != nil && gate.refusal(of: device(1), now: 1) == nil)
    }

    @Test func `R8: a full table drops what was not used for longest`() {
        var table = RecencyTable<Int, Int>(capacity: 16)
        for key in 0..<16 { table[key] = key }
        #expect(table[0] == 0)
        table[16] = 16
        #expect(table.count <= 16)
        #expect(table.contains(0) && table.contains(16) && !table.contains(1))
        var small = RecencyTable<Int, Int>(capacity: 1)
        for key in 0..<5 {
            small[key] = key
            #expect(small.count == 1 && small[key] == key)
        }
        small[4] = nil
        #expect(small.count == 0)
    }

    @Test func `R1: where few connections can be had the places shrink together`() {
        let few = GateLimits(acceptedConnectionCount: 64)
        #expect(few.callers + few.knownCallers + few.sessions <= 64)
        #expect(few.strangersSessions < few.sessions && few.answeredCallers <= few.callers)
        let usual = GateLimits()
        #expect(GateLimits(acceptedConnectionCount: ReactorLimits().acceptedConnectionCount) == usual)
        #expect(usual.callers + usual.knownCallers + usual.sessions <= ReactorLimits().acceptedConnectionCount)
    }
}
