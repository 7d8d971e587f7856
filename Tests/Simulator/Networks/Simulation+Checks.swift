import Crypto
import MemoryDisk
import Node
import Reactor
import Replica
import Store

// What has to hold after each step, and in the end.
extension Simulation {
    /// Everything that was reported as written, or that was durable before, is there.
    func checkKept(_ machine: Machine) throws {
        guard let store = machine.store, !machine.isDamaged, !machine.isSick else { return }
        for promise in machine.promised where try !store.holds(entry: promise.entry) {
            throw SimulationDefect("machine \(machine.number) lost entry \(promise.entry.hex) that it had acknowledged")
        }
        let heads = Set(store.sharedBranches().map(\.headID))
        for head in machine.held where try !heads.contains(head) && !store.holds(entry: head) {
            throw SimulationDefect("machine \(machine.number) lost entry \(head.hex) that it had held")
        }
    }

    /// Equal frontiers give equal states, on all machines at all times.
    func checkState(_ machine: Machine) throws {
        guard let store = machine.store, !machine.isDamaged, !machine.isSick else { return }
        let frontier = store.frontier(of: SpaceName.net)
        let state = store.state(of: SpaceName.net)
        if let known = states[frontier], known != state {
            throw SimulationDefect("machine \(machine.number) computes another state of frontier \(frontier.hex)")
        }
        states[frontier] = state
        world.trace.add(state.bytes)
    }

    /// Looks at a disk of which a bit was flipped, and mends what is wrong.
    func repair(_ machine: Machine) throws {
        // From the disk itself: a running process may have sound pages in memory, and what SQLite's log holds after
        // the bit is gone when it is opened again, as after a loss of power that came too early.
        stop(machine, losesPower: false, isHeard: true)
        _ = try? machine.start(in: world, entropy: entropy(), charter: nil)
        figures.repairs += 1
        machine.state = .repairing
        defer { machine.state = .idle }
        if let store = machine.store, try isSound(store) || (try? store.rebuild()) != nil && isSound(store) {
            tell("\(machine.number) is sound again")
            machine.isDamaged = false
            machine.promised = try machine.promised.filter { try store.holds(entry: $0.entry) }
            machine.held = try machine.held.filter { try store.holds(entry: $0) }
            // What SQLite's log held after the bit is gone, and may be the admission: a copy of it is shown instead.
            if store.ownGrant == nil, let certificate = machine.certificate {
                try store.setMeta("certificate", certificate)
            }
            return
        }
        tell("\(machine.number) gets a new disk")
        // Nothing helps: the disk is replaced, with the keys of before.
        stop(machine, losesPower: false, isHeard: true)
        machine.disk = MemoryDisk(identity: random.next())
        machine.counted = machine.disk.injected
        (machine.promised, machine.held, machine.endedLives, machine.backup) = ([], [], [], nil)
        machine.isDamaged = false
        try machine.start(in: world, entropy: entropy(), charter: charter)
        if let certificate = machine.certificate { try machine.store?.setMeta("certificate", certificate) }
    }

    private func isSound(_ store: ReplicaStore) throws -> Bool { (try? store.verify())?.isEmpty == true }

    // MARK: The end

    /// Faults end, and all have to agree within a bounded number of rounds.
    func heal() throws {
        if let traitor { world.remove(traitor.network, isHeard: true) }
        traitor = nil
        world.weather = nil
        world.hit = nil
        for machine in machines {
            machine.disk.clearFaults()
            machine.disk.capacity = nil
            if machine.isSick || machine.disk.isCrashed { stop(machine, losesPower: false, isHeard: true) }
            if machine.isDamaged { try repair(machine) }
            guard try isRunning(machine) else { throw SimulationDefect("machine \(machine.number) does not start") }
            machine.process?.network.isAsleep = false
            (machine.clock, machine.drift) = (0, 0)
            machine.process?.network.clock = 0
        }
        // Longer than any device is refused for what somebody else did with its keys.
        world.sleep(milliseconds: Simulation.day)
        try rest(milliseconds: 120_000)
        for round in 1...Simulation.mostRounds {
            // A star around a random machine, then around another one; twins cannot meet each other.
            let single = machines.filter { one in machines.count { $0.device == one.device } == 1 }
            let hub = single.isEmpty ? pick() : single[random.below(single.count)]
            for machine in machines where machine.device != hub.device { try sync(machine, hub) }
            figures.rounds = max(figures.rounds, round)
            if try areEqual() { break }
            if round == Simulation.mostRounds {
                let frontiers = machines.map { $0.store?.frontier(of: SpaceName.net).hex.prefix(8) ?? "-" }
                throw SimulationDefect("no agreement after \(round) rounds: \(frontiers)")
            }
        }
        try checkEnd()
    }

    /// A star reaches all in two; where all have twins, it takes some more.
    static let mostRounds = 6

    private func areEqual() throws -> Bool {
        var frontiers: Set<Digest> = []
        for machine in machines {
            guard let store = machine.store else { return false }
            try checkState(machine)
            frontiers.insert(store.frontier(of: SpaceName.net))
            frontiers.insert(store.frontier(of: SpaceName.policy))
        }
        return frontiers.count == 2
    }

    private func checkEnd() throws {
        guard let first = machines[0].store else { return }
        for machine in machines {
            try checkKept(machine)
            for promise in machine.promised where try !first.holds(entry: promise.entry) {
                throw SimulationDefect("entry \(promise.entry.hex) of machine \(machine.number) reached nobody")
            }
        }
        let allowed = Set(machines.filter(\.mayFork).map(\.device))
        for fork in first.forks() where !allowed.contains(fork.device) {
            throw SimulationDefect("log \(fork.log.hex) of device \(fork.device.hex) was forked")
        }
        // Derived anew, everything is the same: on one machine of each third network, as it is dear.
        guard random.below(3) == 0 else { return }
        let machine = machines[random.below(machines.count)]
        guard let store = machine.store else { return }
        let problems = try store.verify()
        guard problems.isEmpty else {
            throw SimulationDefect("verify of machine \(machine.number): \(problems)")
        }
    }
}
