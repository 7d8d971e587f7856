import Crypto
import MemoryDisk
import Node
import Reactor
import Replica
import Store

// Misfortune: of links, processes, disks and clocks.
extension Simulation {
    // MARK: Links

    /// How a new connection fares.
    func weather(_ from: MemoryNetwork, _ to: MemoryNetwork) -> LinkWeather {
        var weather = LinkWeather()
        if plan.draws(.refusedDial, &random) {
            weather.isRefused = true
            return weather
        }
        noteVersions(machines[from.label], machines[to.label])
        noteVersions(machines[to.label], machines[from.label])
        // Most sessions have some thousand bytes; some cuts fall into the handshake.
        let place = random.below(random.below(2) == 0 ? 1_200 : 12_000)
        if plan.draws(.cut, &random) {
            weather.cutAfter = 1 + place
        } else if plan.draws(.cutUnheard, &random) {
            (weather.cutAfter, weather.isCutUnheard) = (1 + place, true)
        } else if plan.draws(.silentTowards, &random) {
            weather.silentAfter = [place, random.below(3) == 0 ? place : -1]
        } else if plan.draws(.silentFrom, &random) {
            weather.silentAfter = [random.below(3) == 0 ? place : -1, place]
        }
        let damages: [(Fault, ChunkDamage)] = [
            (.lostBytes, .lost), (.doubledBytes, .doubled), (.swappedBytes, .swapped), (.flippedBytes, .flippedBit),
            (.inventedBytes, .invented),
        ]
        for (fault, damage) in damages where weather.damage == nil && plan.draws(fault, &random) {
            weather.damage = (damage, random.below(24))
        }
        if plan.draws(.slowLink, &random) {
            weather.latency = [Int64(random.below(3_000)), Int64(random.below(3_000))]
            figures.coverage.add(.slowLink, in: machines[from.label].linkState)
        }
        if plan.draws(.tinyChunks, &random) {
            weather.chunk = 1 + random.below(400)
            figures.coverage.add(.tinyChunks, in: machines[to.label].linkState)
        }
        if weather != LinkWeather() { tell("the link from \(from.label) to \(to.label) has \(weather)") }
        return weather
    }

    /// What was drawn for a connection has come true.
    func note(_ hit: LinkHit, _ from: MemoryNetwork, _ to: MemoryNetwork) {
        let fault: Fault =
            switch hit {
            case .refused: .refusedDial
            case .cut(let isHeard): isHeard ? .cut : .cutUnheard
            case .silent(let direction): direction == 0 ? .silentTowards : .silentFrom
            case .damage(.lost): .lostBytes
            case .damage(.doubled): .doubledBytes
            case .damage(.swapped): .swappedBytes
            case .damage(.flippedBit): .flippedBytes
            case .damage(.invented): .inventedBytes
            }
        figures.coverage.add(fault, in: machines[random.below(2) == 0 ? from.label : to.label].linkState)
    }

    /// Machines of other versions meet those of this one with each dial.
    private func noteVersions(_ one: Machine, _ other: Machine) {
        guard one.device != other.device else { return }
        let state = other.linkState
        if one.version == .older { figures.coverage.add(.olderTable, in: state) }
        if one.version == .next { figures.coverage.add(.nextTable, in: state) }
        if one.hasNextRuleSet { figures.coverage.add(.nextRuleSet, in: state) }
        if one.hasWritten.unknownOperation { figures.coverage.add(.unknownOperation, in: state) }
        if one.hasWritten.unknownKind { figures.coverage.add(.unknownKind, in: state) }
    }

    // MARK: Machines

    /// What happens to a machine before it works.
    func suffer(_ machine: Machine) throws {
        changeClock(machine)
        guard machine.process != nil else { return }
        armDisk(machine)
        if plan.draws(.kill, &random) {
            figures.coverage.add(.kill, in: machine.linkState)
            stop(machine, losesPower: false, isHeard: random.below(2) == 0)
        } else if plan.draws(.powerLoss, &random) {
            figures.coverage.add(.powerLoss, in: machine.linkState)
            stop(machine, losesPower: true, isHeard: false)
        } else if plan.draws(.restart, &random) {
            figures.coverage.add(.restart, in: machine.linkState)
            machine.process?.node.stop()
            try rest(milliseconds: 100)
            end(machine, isHeard: true)
        } else if plan.draws(.flippedBit, &random), machine.disk.flipBit(seed: random.next()) != nil {
            figures.coverage.add(.flippedBit, in: machine.linkState)
            machine.isDamaged = true
            // What is lost so may have gone into a copy, which no mark tells of: the same numbers are written again.
            machine.mayFork = true
            machine.endedLives = []
            tell("\(machine.number) has a flipped bit")
        } else {
            try copy(machine)
        }
    }

    private func changeClock(_ machine: Machine) {
        let (clock, drift) = (machine.clock, machine.drift)
        var fault: Fault?
        if plan.draws(.clockAt1970, &random) {
            machine.clock = -1_800_000_000 - world.time / 1_000 + Int64(random.below(86_400))
            fault = .clockAt1970
        } else if plan.draws(.clockAt2099, &random) {
            machine.clock = 4_070_908_800 - 1_800_000_000 - world.time / 1_000
            fault = .clockAt2099
        } else if plan.draws(.clockBack, &random) {
            machine.clock -= Int64(random.below(10_000_000))
            fault = .clockBack
        } else if plan.draws(.clockForward, &random) {
            machine.clock += Int64(random.below(10_000_000))
            fault = .clockForward
        } else if plan.draws(.drift, &random) {
            machine.drift = Int64(random.below(200)) - 100
            fault = .drift
        } else if random.below(10) == 0 {
            (machine.clock, machine.drift) = (0, 0)
        }
        machine.process?.network.clock = machine.clock
        // A clock that stands at the same time once more is no further fault.
        guard let fault, abs(machine.clock - clock) > 86_400 || machine.drift != drift else { return }
        figures.coverage.add(fault, in: machine.linkState)
    }

    /// Sets what the disk does to the next calls.
    private func armDisk(_ machine: Machine) {
        let disk = machine.disk
        let rates: [(Fault, MemoryDisk.Fault)] = [
            (.ioError, .io), (.fullDisk, .full), (.shortWrite, .shortWrite), (.failedSync, .fsync),
        ]
        // A rate is one of calls; a step makes some dozen of them.
        for (fault, kind) in rates where random.chance(perMillion: plan.rate(fault) * 100) {
            disk.fail(atCall: disk.calls + random.below(60), with: kind, forEver: random.below(8) == 0)
            return
        }
        if plan.draws(.killAtCall, &random) { disk.crash(atCall: disk.calls + random.below(80)) }
    }

    /// Old copies come back, and second machines come to life.
    private func copy(_ machine: Machine) throws {
        if let backup = machine.backup, machine.number > 0 {
            let asImage = plan.draws(.restoredImage, &random)
            if asImage || plan.draws(.restoredCopy, &random) {
                figures.coverage.add(asImage ? .restoredImage : .restoredCopy, in: machine.linkState)
                stop(machine, losesPower: false, isHeard: true)
                tell("\(machine.number) gets an old copy\(asImage ? " as an image" : "")")
                machine.disk.restore(from: backup.disk, asImage: asImage)
                (machine.promised, machine.held) = (backup.promised, backup.held)
                machine.endedLives = []
                machine.isDamaged = backup.isDamaged
                if asImage { machine.mayFork = true }
                return
            }
        }
        guard machines.count < 120, machine.number > 0, !machine.isDamaged,
            machines.count(where: { $0.device == machine.device }) < 3
        else { return }
        let asImage = plan.draws(.clonedImage, &random)
        guard asImage || plan.draws(.clonedCopy, &random) else { return }
        figures.coverage.add(asImage ? .clonedImage : .clonedCopy, in: machine.linkState)
        let twin = Machine(
            number: machines.count, signingKey: machine.signingKey, channelKey: machine.channelKey,
            version: machine.version, disk: machine.disk.copy(asImage: asImage))
        (twin.grant, twin.certificate) = (machine.grant, machine.certificate)
        // A copy of files under a running process may miss what was not written yet.
        (twin.promised, twin.held) = ([], [])
        if asImage { (machine.mayFork, twin.mayFork) = (true, true) }
        machines.append(twin)
        tell("\(machine.number) has the twin \(twin.number)\(asImage ? " as an image" : "")")
    }

    func backUp(_ machine: Machine) {
        guard machine.process == nil || !machine.isSick, !machine.disk.isCrashed else { return }
        machine.backup = Machine.Backup(
            disk: machine.disk.copy(asImage: true), promised: machine.promised, held: machine.held,
            isDamaged: machine.isDamaged)
    }

    /// The process ends where it stands.
    func stop(_ machine: Machine, losesPower: Bool, isHeard: Bool) {
        let (inCall, isSick) = (machine.disk.isCrashed ? " in a call" : "", machine.isSick ? ", sick" : "")
        tell("\(machine.number) stops\(losesPower ? " as the power fails" : "")\(inCall)\(isSick)")
        if losesPower { machine.disk.powerLoss(seed: random.next()) } else { machine.disk.restart() }
        machine.disk.clearFaults()
        end(machine, isHeard: isHeard)
        machine.isSick = false
    }

    func end(_ machine: Machine, isHeard: Bool) {
        figures.sessions += machine.process?.node.sessionCount ?? 0
        // Whoever abuses its keys reads its store.
        if machine.number == traitorNumber, let peer = traitor {
            world.remove(peer.network, isHeard: isHeard)
            traitor = nil
        }
        machine.end(in: world, isHeard: isHeard)
    }

    // MARK: After the fault

    /// Requires that a failure has a cause.
    func excuse(_ machine: Machine, _ what: String) throws {
        tell("\(machine.number) fails at \(what)")
        if machine.disk.injected.faults > machine.atStart.faults || machine.disk.isCrashed {
            machine.isSick = true
        } else if !machine.isSick, !machine.isDamaged {
            throw SimulationDefect("machine \(machine.number) failed without a cause: \(what)")
        }
    }

    /// Counts what the disk did.
    func noteDisk(_ machine: Machine) {
        let (before, now) = (machine.counted, machine.disk.injected)
        guard now != before else { return }
        machine.counted = now
        let state = machine.state
        figures.coverage.add(.ioError, in: state, count: now.ioErrors - before.ioErrors)
        figures.coverage.add(.fullDisk, in: state, count: now.fullDisks - before.fullDisks)
        figures.coverage.add(.shortWrite, in: state, count: now.shortWrites - before.shortWrites)
        figures.coverage.add(.failedSync, in: state, count: now.failedSyncs - before.failedSyncs)
        figures.coverage.add(.killAtCall, in: state, count: now.crashes - before.crashes)
        guard now.faults > before.faults else { return }
        tell("\(machine.number) has a disk that failed \(now.faults - before.faults) times")
        machine.isSick = true
    }

    /// Ends a process that was killed inside of its work; notes what is durable otherwise.
    func look(after machine: Machine) throws {
        if machine.disk.isCrashed {
            let losesPower = random.below(2) == 0
            if losesPower { figures.coverage.add(.powerLoss, in: machine.state) }
            stop(machine, losesPower: losesPower, isHeard: !losesPower && random.below(2) == 0)
        } else {
            try checkKept(machine)
            try checkState(machine)
            machine.noteHeld()
        }
        machine.state = .idle
    }

    /// After each step: whoever is sick is started again, sooner or later.
    func settle() throws {
        for machine in machines where machine.process != nil {
            noteDisk(machine)
            if machine.disk.isCrashed { try look(after: machine) }
        }
        for machine in machines where machine.isSick && random.below(3) == 0 {
            stop(machine, losesPower: random.below(4) == 0, isHeard: true)
        }
        for machine in machines where machine.isDamaged && random.below(20) == 0 { try repair(machine) }
    }

    /// Starts a machine that does not run.
    /// - Returns: whether it runs now.
    func isRunning(_ machine: Machine) throws -> Bool {
        guard machine.process == nil else { return true }
        machine.state = .opening
        machine.isServing = random.below(12) == 0
        do {
            try machine.start(in: world, entropy: entropy(), charter: nil)
            figures.restarts += 1
            tell("\(machine.number) starts\(machine.isServing ? " and serves" : "")")
        } catch {
            try excuse(machine, "opening: \(error)")
        }
        noteDisk(machine)
        if machine.disk.isCrashed || machine.isSick {
            stop(machine, losesPower: machine.disk.isCrashed && random.below(2) == 0, isHeard: false)
            return false
        }
        if machine.isDamaged { return machine.process != nil }
        try checkKept(machine)
        if machine.isServing, let other = machines.first(where: { $0.device != machine.device }) {
            try machine.store?.save(PeerRow(name: "kept", address: other.address))
        }
        machine.state = .idle
        return machine.process != nil
    }
}
