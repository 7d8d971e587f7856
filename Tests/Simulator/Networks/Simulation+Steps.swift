import Crypto
import MemoryDisk
import Node
import Reactor
import Replica
import Store

// What people, machines and misfortune do.
extension Simulation {
    /// One step: something happens to one machine, and then it works.
    func step() throws {
        let machine = pick()
        tick(machine)
        try suffer(machine)
        guard try isRunning(machine) else { return }
        machine.process?.network.isAsleep = false
        switch random.below(1_000) {
        // Edits take most of the time: as many as are due, or up to a dozen where machines were off or away.
        case 0..<850: if isDue(figures.edits, Simulation.editsInYear) { try edit(machine) }
        case 850..<900: try read(machine)
        case 900..<902: try care(for: machine)
        case 902..<908:
            let days = random.below(10) == 0 ? random.below(400) : random.below(60)
            machine.awayUntil = world.time + Int64(days) * Simulation.day
        default: break
        }
        // Meetings: each machine has one every week, as it dials or as it is dialled.
        let meets = isDue(sessions, Simulation.sessionsInYear) ? 400 : 50
        if random.below(1_000) < meets, machine.awayUntil <= world.time {
            let other = pick()
            if other.awayUntil <= world.time, other !== machine, other.device != machine.device,
                try isRunning(other)
            {
                // Where links are bad, people try again.
                let before = sessions
                for _ in 0..<5 where sessions == before {
                    guard try isRunning(machine), try isRunning(other) else { break }
                    other.process?.network.isAsleep = false
                    try meet(machine, other)
                }
            }
        }
        try betray()
        if machine.backup == nil || random.below(200) == 0 { backUp(machine) }
        try rest(milliseconds: Int64(random.below(3_000)))
        try settle()
    }

    /// Lets everything go on that is under way, and requires that it comes to rest.
    func rest(milliseconds: Int64) throws {
        guard world.run(milliseconds: milliseconds, events: Simulation.mostEvents) else {
            throw SimulationDefect("machines talk without end")
        }
    }

    /// Whether a year at the pace so far would have too few.
    private func isDue(_ count: Int, _ inYear: Int) -> Bool {
        Int64(count) * 365 * Simulation.day <= figures.machineTime * Int64(inYear)
    }

    /// Sessions so far, as each of their machines counts them.
    private var sessions: Int {
        machines.reduce(figures.sessions) { $0 + ($1.process?.node.sessionCount ?? 0) }
    }

    /// A link that carries a byte at a time needs an event for each.
    static let mostEvents = 1_000_000
    /// A slow link in small pieces carries some bytes in a second.
    static let longest: Int64 = 7_200_000

    private func tick(_ machine: Machine) {
        if machine.drift != 0 { machine.clock += machine.drift }
        machine.process?.network.clock = machine.clock
        world.trace.add(machine.number)
    }

    // MARK: Work

    private func edit(_ machine: Machine) throws {
        guard let process = machine.process, process.node.store.ownGrant != nil else { return }
        let (node, network, store) = (process.node, process.network, process.node.store)
        machine.state = .writing
        let extra = (
            operation: machine.version == .next && plan.draws(.unknownOperation, &random),
            kind: machine.version == .next && plan.draws(.unknownKind, &random)
        )
        if extra.operation { machine.hasWritten.unknownOperation = true }
        if extra.kind { machine.hasWritten.unknownKind = true }
        do {
            let time = 1_800_000_000 + world.time / 1_000 + machine.clock
            let written = try editor.edit(
                store, known: &records,
                count: 1 + random.below(isDue(figures.edits + 40, Simulation.editsInYear) ? 12 : 7), time: time,
                extra: extra)
            tell("\(machine.number) writes \(written.count) in life \(store.incarnation?.hex.prefix(4) ?? "")")
            if let last = written.last, let life = store.incarnation {
                guard !machine.endedLives.contains(life) else {
                    throw SimulationDefect("machine \(machine.number) goes on in a life that somebody else lives too")
                }
                promise(machine, life, last.entry)
            }
            figures.edits += written.count
            node.tellSessions(now: network.now)
        } catch let error as RecordStoreError {
            try excuse(machine, "an edit: \(error)")
        }
        noteDisk(machine)
        try look(after: machine)
    }

    private func promise(_ machine: Machine, _ life: ShortID, _ entry: Digest) {
        guard !machine.disk.isCrashed else { return }
        if machine.promised.last?.life == life { machine.promised.removeLast() }
        machine.promised.append((life, entry))
    }

    private func read(_ machine: Machine) throws {
        guard let node = machine.process?.node else { return }
        machine.state = .reading
        let request =
            switch random.below(5) {
            case 0: Request(verb: "status", arguments: [])
            case 1: Request(verb: "conflicts", arguments: [])
            case 2: Request(verb: "list", arguments: ["organisation"])
            case 3: Request(verb: "peer list", arguments: [])
            default:
                Request(verb: "show", arguments: [records.isEmpty ? "0" : records[random.below(records.count)].hex])
            }
        let answer = node.submit(request).response
        world.trace.add(Int(answer?.exitCode.rawValue ?? 99))
        // `show` names a record that the machine may not have, and `conflicts` says whether there are any.
        let allowed: Set<ExitCode> = [.done, request.verb == "show" ? .notFound : .undecided]
        if answer.map({ !allowed.contains($0.exitCode) }) ?? true {
            try excuse(machine, "\(request.verb): \(answer.map { "\($0.exitCode), \($0.error ?? "")" } ?? "no answer")")
        }
        noteDisk(machine)
        try look(after: machine)
    }

    /// Somebody lets the node verify what it holds, or derive it anew.
    private func care(for machine: Machine) throws {
        guard let store = machine.store else { return }
        machine.state = .repairing
        tell("\(machine.number) is cared for")
        do {
            if random.below(2) == 0 {
                let problems = try store.verify()
                // No failing call makes what is stored wrong: a flipped bit does.
                if !problems.isEmpty, !machine.isDamaged {
                    throw SimulationDefect("verify of machine \(machine.number): \(problems)")
                }
            } else {
                try store.rebuild()
            }
        } catch let error as StoreError {
            try excuse(machine, "verify or rebuild: \(error)")
        }
        noteDisk(machine)
        try look(after: machine)
    }

    /// Two nodes meet.
    private func meet(_ a: Machine, _ b: Machine) throws {
        if machines.count > 2, plan.draws(.sleep, &random) {
            b.process?.network.isAsleep = true
            figures.coverage.add(.sleep, in: b.linkState)
        }
        try sync(a, b)
    }

    /// One node syncs with another once, and nothing that must not happen happens.
    func sync(_ a: Machine, _ b: Machine) throws {
        guard let node = a.process?.node else { return }
        (a.state, b.state) = (.exchanging, .exchanging)
        let (response, job) = node.submit(Request(verb: "sync", arguments: [b.address]))
        var answer = response
        if answer == nil {
            let came = world.run(milliseconds: Simulation.longest, events: Simulation.mostEvents) {
                answer = node.answer(to: job)
                return answer == nil && !a.disk.isCrashed
            }
            guard came else { throw SimulationDefect("machines \(a.number) and \(b.number) talk without end") }
        }
        // What the other side still has in hand.
        try rest(milliseconds: 0)
        tell("\(a.number) syncs with \(b.number): \(answer?.exitCode.rawValue ?? -1) \(answer?.notes ?? [])")
        if let answer {
            world.trace.add(Int(answer.exitCode.rawValue))
            if answer.notes.contains(where: { $0.contains("defect") }), !a.isDamaged, !b.isDamaged {
                throw SimulationDefect("machines \(a.number) and \(b.number): \(answer.notes)")
            }
        } else if !a.disk.isCrashed {
            throw SimulationDefect("the sync of machine \(a.number) with \(b.number) came to no end")
        }
        for machine in [a, b] { noteDisk(machine) }
        try look(after: a)
        try look(after: b)
    }
}
