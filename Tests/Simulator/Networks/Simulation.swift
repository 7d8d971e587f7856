import Crypto
import MemoryDisk
import Node
import Reactor
import Replica
import Store

/// A year or so of a network of real nodes, all of it drawn from one seed: time, links, disks, people and faults.
///
/// First with faults, checked after each step; then without, until all hold the same.
package final class Simulation {
    /// What was done, for the figures.
    package struct Figures: Sendable {
        package var machines = 0
        package var edits = 0
        package var sessions = 0
        package var restarts = 0
        package var repairs = 0
        package var rounds = 0
        /// The time that all machines together have lived, milliseconds.
        package var machineTime: Int64 = 0
        package var coverage = Coverage()
        /// What peers gone bad did, by act.
        package var acts = [Int](repeating: 0, count: ByzantineAct.allCases.count)

        package init() {}

        /// Takes another simulation's figures in.
        package mutating func add(_ other: Figures) {
            machines += other.machines
            edits += other.edits
            sessions += other.sessions
            restarts += other.restarts
            repairs += other.repairs
            rounds = max(rounds, other.rounds)
            machineTime += other.machineTime
            coverage.add(other.coverage)
            for (act, count) in other.acts.enumerated() { acts[act] += count }
        }

        /// Days of machines that count: each year of them has its edits and sessions in it.
        package var nodeDays: Int {
            min(
                Int(machineTime / Simulation.day), edits * 365 / Simulation.editsInYear,
                sessions * 365 / Simulation.sessionsInYear)
        }
    }

    package let seed: UInt64
    package let world = World()
    package internal(set) var machines: [Machine] = []
    package internal(set) var figures = Figures()
    var random: SimulationRandom
    var editor: RandomEditor
    let plan: FaultPlan
    /// The number of the machine whose keys are abused.
    var traitorNumber: Int?
    var traitor: Traitor?
    let charter: Charter
    let root: SigningKey
    /// The records of the network, the oldest first.
    var records: [ShortID] = []
    /// The state of `net` by its frontier, as the first machine that had it said.
    var states: [Digest: Digest] = [:]
    /// Is told in words what happens, for people who look for a cause.
    package var narrator: ((String) -> Void)?
    /// How long the first phase lasts, milliseconds.
    let length: Int64

    /// - Parameter plan: nil to draw it from the seed.
    package init(seed: UInt64, plan: FaultPlan? = nil) throws {
        self.seed = seed
        random = SimulationRandom(seed: seed)
        let plan = plan ?? FaultPlan(random: &random)
        self.plan = plan
        editor = RandomEditor(random: SeededEntropy(seed: random.next()))
        var entropy = SeededEntropy(seed: random.next())
        root = SigningKey(from: &entropy)
        guard let nonce = ShortID(entropy.fill(16)) else { preconditionFailure("entropy gives what was asked for") }
        charter = Charter(name: "Simulated", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: nonce)
        let (count, days) = Simulation.size(&random)
        length = Int64(days) * Simulation.day
        for number in 0..<count {
            let version: Machine.Version =
                number == 0
                ? .current
                : plan.draws(.olderTable, &random) ? .older : plan.draws(.nextTable, &random) ? .next : .current
            let machine = Machine(
                number: number, signingKey: SigningKey(from: &entropy), channelKey: AgreementKey(from: &entropy),
                version: version, disk: MemoryDisk(identity: random.next()))
            machines.append(machine)
            try admit(machine)
        }
        figures.machines = count
        chooseTraitor()
        world.weather = { [unowned self] from, to in self.weather(from, to) }
        world.hit = { [unowned self] hit, from, to in self.note(hit, from, to) }
    }

    static let day: Int64 = 86_400_000
    /// What a year of a machine needs to count.
    static let (editsInYear, sessionsInYear) = (300, 50)

    /// Mostly a handful of machines for a year or two; now and then many for a short time.
    private static func size(_ random: inout SimulationRandom) -> (machines: Int, days: Int) {
        switch random.below(200) {
        case 0: return (40 + random.below(61), 14)
        case 1...4: return (9 + random.below(16), 100)
        default:
            // Some five years of machines, with their twins: what one writes has to be taken in by all others, so that
            // few are cheaper.
            let machines = 3 + min(random.below(5), random.below(5), random.below(5))
            return (machines, 1_650 / machines)
        }
    }

    // MARK: Beginning

    /// Gives a machine its place in the network, and its first process.
    private func admit(_ machine: Machine) throws {
        let founder = machines[0]
        if machine.number == 0 {
            try machine.start(in: world, entropy: entropy(), charter: charter)
            guard let store = machine.store else { return }
            machine.grant = try Founding.found(
                store, root: root, device: machine.signingKey, channelKey: machine.channelKey, organisation: "Sector",
                time: 1_800_000_000
            ).id
            machine.certificate = try machine.grant.flatMap { try store.certificate(for: $0)?.encoded }
        } else if let store = founder.store {
            let isNext = plan.draws(.nextRuleSet, &random)
            let admission = Statement.Admission(
                ruleSet: isNext ? Founding.ruleSet + 1 : Founding.ruleSet, rank: .organisationAdmin, organisation: nil,
                name: "Institute \(machine.number)", device: machine.signingKey.verifyingKey,
                channelKey: machine.channelKey.publicKey, label: 0)
            machine.hasNextRuleSet = isNext
            let grant = try store.write(.admission(admission), time: 1_800_000_000)
            machine.grant = grant
            machine.certificate = try store.certificate(for: grant)?.encoded
            try machine.start(in: world, entropy: entropy(), charter: charter)
        }
        if let certificate = machine.certificate { try machine.store?.setMeta("certificate", certificate) }
        if machine.number > 0 { try sync(machine, founder) }
        machine.noteHeld()
        founder.noteHeld()
    }

    func entropy() -> SeededEntropy { SeededEntropy(seed: random.next()) }

    // MARK: Running

    /// Both phases.
    /// - Returns: the hash of all that happened.
    /// - Throws: `SimulationDefect`, or what the code under test threw without a cause.
    package func run() throws -> Trace {
        defer { for machine in machines { end(machine, isHeard: false) } }
        let end = world.time + length
        while world.time < end {
            // About 100 steps for a machine in a year.
            let mean = Simulation.day * 365 / 100 / Int64(machines.count)
            let gap = mean / 2 + Int64(random.below(Int(mean)))
            world.sleep(milliseconds: gap)
            figures.machineTime += gap * Int64(machines.count)
            try step()
        }
        try heal()
        return world.trace
    }

    func tell(_ text: @autoclosure () -> String) {
        guard let narrator else { return }
        narrator("\(world.time / Simulation.day).\(world.time % Simulation.day / 1000) \(text())")
    }

    /// A machine, whatever it is at.
    func pick() -> Machine { machines[random.below(machines.count)] }
}

/// A promise was broken: the seed shows it again.
package struct SimulationDefect: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
