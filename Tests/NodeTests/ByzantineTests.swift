import Bytes
import Crypto
import Foundation
import Node
import Reactor
import Replica
import Simulator
import Store
import Testing

/// What peers that do not keep to the protocol can do to nodes that do, which is nothing but to be members: nobody
/// traps, what others wrote stays as it was, and whatever was accepted is the same everywhere.
@Suite struct ByzantineTests {
    /// The first seeds, or as many as `LIAISON_SEEDS` says from `LIAISON_FIRST_SEED` on.
    private static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["LIAISON_FIRST_SEED"].flatMap { UInt64($0) } ?? 1
        return Array(first..<first + (environment["LIAISON_SEEDS"].flatMap { UInt64($0) } ?? 2))
    }()

    @Test(arguments: [ByzantineAct.forkLog, .writeAnywhere], seeds)
    func `A10: forks that an insider shows to each peer differently merge in the same way everywhere`(
        act: ByzantineAct, seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure([act], attacks: 16)
        if act == .forkLog { #expect(ordeal.honest.allSatisfy { !$0.store.forks().isEmpty }, "seed \(seed)") }
    }

    @Test(arguments: [ByzantineAct.forgeReferences, .breakChain, .breakTransactions, .writeUnauthorised], seeds)
    func `A11: forged refs, chains, transactions and grants fall with what names them and touch nothing else`(
        act: ByzantineAct, seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure([act], attacks: 20)
    }

    @Test(arguments: [ByzantineAct.stealLog, .smuggleStranger, .forgeStatements, .showFalseCertificate], seeds)
    func `A12: nobody passes off as another, as a member, or as an admin`(act: ByzantineAct, seed: UInt64) throws {
        var ordeal = try Ordeal(seed: seed)
        let grants = ordeal.honest[0].store.authority.grants
        try ordeal.endure([act], attacks: 20)
        #expect(ordeal.honest[0].store.authority.grants == grants, "seed \(seed)")
    }

    @Test(arguments: [ByzantineAct.alterEntries, .alterMessages, .alterHandshake], seeds)
    func `A13: what was altered on its way is refused`(act: ByzantineAct, seed: UInt64) throws {
        var ordeal = try Ordeal(seed: seed)
        let before = try ordeal.views()
        try ordeal.endure([act], attacks: 24)
        #expect(try ordeal.views() == before, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func `C10: seals that libraries disagree about, and segments of a wrong form, are refused by every node`(
        seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure([.deformSegments], attacks: 36)
    }

    @Test(arguments: [ByzantineAct.writeLaterVersion, .speakLaterVersion], seeds)
    func `C6: what a later version writes and says is kept, passed on and shows nowhere as a fault`(
        act: ByzantineAct, seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure([act], attacks: 16)
        guard act == .writeLaterVersion else { return }
        #expect(ordeal.honest.allSatisfy { $0.store.totals(of: SpaceName.net).notUnderstood > 0 }, "seed \(seed)")
    }

    @Test(arguments: [ByzantineAct.replayConnection, .replayFrames, .replayMessages, .sendGarbageBytes], seeds)
    func `N4: recorded connections, frames and messages bring no data and no state when they come again`(
        act: ByzantineAct, seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        let before = try ordeal.views()
        try ordeal.endure([act], attacks: 16)
        #expect(try ordeal.views() == before, "seed \(seed)")
    }

    @Test(arguments: [ByzantineAct.withholdEntries, .fallSilent, .lieAboutFrontier, .denyEquality], seeds)
    func `R10: a peer that announces and withholds costs a session and hides nothing that others have`(
        act: ByzantineAct, seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure([act], attacks: 16)
    }

    @Test(
        arguments: [ByzantineAct.repeatEntries, .lieAboutEquality, .leaveSession, .leaveInFrame, .leaveHandshake], seeds
    )
    func `R11: a bad copy of what others offer, a false word or a sudden end leave their state as it was`(
        act: ByzantineAct, seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure([act], attacks: 16)
    }

    @Test(
        arguments: [
            ByzantineAct.sendGarbageMessages, .contradictHello, .speakOutOfTurn, .oversizeMessages, .rambleOn,
            .askToJoin,
        ], seeds)
    func `what is no session ends the connection and nothing else`(act: ByzantineAct, seed: UInt64) throws {
        var ordeal = try Ordeal(seed: seed)
        let before = try ordeal.views()
        try ordeal.endure([act], attacks: 24)
        #expect(try ordeal.views() == before, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func `an outsider gets as far as the handshake whatever it does`(seed: UInt64) throws {
        var ordeal = try Ordeal(seed: seed, isInsider: false)
        let before = try ordeal.views()
        try ordeal.endure(ByzantineAct.allCases, attacks: 3 * ByzantineAct.allCases.count)
        #expect(try ordeal.views() == before, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func `A11: all acts together leave replicas that the second implementation reads in the same way`(
        seed: UInt64
    ) throws {
        var ordeal = try Ordeal(seed: seed)
        try ordeal.endure(ByzantineAct.allCases, attacks: 5 * ByzantineAct.allCases.count)
        for (act, count) in ordeal.peer.wasPlayed { #expect(count > 0, "seed \(seed): \(act) was not played") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "liaison-\(UInt64.random(in: 0 ... .max))"
        ).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let export = ordeal.honest[1].node.submit(Request(verb: "export segments", arguments: [folder])).response
        try #require(export?.exitCode == .done, "seed \(seed): \(String(describing: export))")
        try ReferenceReading.expect(folder, agreesWith: ordeal.honest[0].store)
    }

    @Test func `a seed of a Byzantine peer gives the same connections again`() throws {
        func trace(_ seed: UInt64) throws -> [ByzantinePeer.Attack] {
            var ordeal = try Ordeal(seed: seed)
            try ordeal.endure(ByzantineAct.allCases, attacks: 2 * ByzantineAct.allCases.count)
            return ordeal.attacks
        }
        let (first, second) = (try trace(5), try trace(5))
        #expect(first == second)
        #expect(try trace(6) != first)
    }
}

/// Three honest nodes, and a fourth whose device went bad after it had written honestly.
struct Ordeal {
    let network: SimulatedNetwork
    let peer: ByzantinePeer
    private let seed: UInt64
    private let insider: VerifyingKey?
    private var random: SeededEntropy
    private(set) var attacks: [ByzantinePeer.Attack] = []

    /// What a node holds, as far as it can be compared.
    struct View: Equatable {
        let policy: Digest
        let net: Digest
        let state: Digest
        /// The heads of the logs of everybody but the insider.
        let honestHeads: [[Digest]]
    }

    init(seed: UInt64, isInsider: Bool = true) throws {
        self.seed = seed
        print("seed \(seed)")
        random = SeededEntropy(seed: seed ^ 0xB12A)
        network = try SimulatedNetwork(members: 4, seed: seed)
        var editor = RandomEditor(random: SeededEntropy(seed: seed ^ 0x51))
        for _ in 0..<2 {
            for index in 0..<4 {
                for _ in 0..<5 { try editor.edit(network.nodes[index].store) }
                if index > 0 { _ = network.sync(index, 0) }
            }
        }
        for index in 1..<4 { _ = network.sync(index, 0) }
        let source = network.nodes[3].store
        var member: ByzantinePeer.Member?
        if isInsider, let identity = source.identity, let grant = identity.grant,
            let certificate = try source.meta("certificate")
        {
            member = .init(
                signingKey: identity.signingKey, channelKey: identity.channelKey, grant: grant,
                certificate: certificate)
        }
        insider = member?.signingKey.verifyingKey
        let wire = network.world.makeNetwork()
        peer = ByzantinePeer(
            network: wire, networkID: source.network, member: member, source: source,
            random: SeededEntropy(seed: seed ^ 0xBAD))
        wire.owner = peer
        try peer.listen(on: #require(Endpoint(Self.address)))
        network.world.chunks = SeededEntropy(seed: seed)
    }

    private static let address = "10.0.9.9:7420"

    var honest: [SimulatedNetwork.SimulatedNode] { Array(network.nodes[0..<3]) }

    func views() throws -> [View] {
        honest.map { node in
            let store = node.store
            var heads: [[Digest]] = []
            for log in store.sessionLogs() where log.device != insider {
                let id = log.id(network: store.network)
                heads.append(store.sharedBranches().filter { $0.log == id }.map(\.headID).sorted())
            }
            return View(
                policy: store.frontier(of: SpaceName.policy), net: store.frontier(of: SpaceName.net),
                state: store.state(of: SpaceName.net), honestHeads: heads)
        }
    }

    /// Plays acts one after the other against the honest nodes, which sync with each other in between.
    mutating func endure(_ acts: [ByzantineAct], attacks count: Int) throws {
        for number in 0..<count {
            let act = acts[number % acts.count]
            let index = Int.random(in: 0..<3, using: &random)
            // What was refused for an offence may call again.
            network.world.sleep(milliseconds: 3_600_000)
            network.world.run()
            let before = try views()[index]
            let victim = honest[index]
            let entries = self.entries(victim.store)
            // A third of the time the victim calls.
            if Int.random(in: 0..<3, using: &random) == 0 {
                peer.actForCallers = act
                let (_, job) = victim.node.submit(Request(verb: "sync", arguments: [Self.address]))
                network.world.run(milliseconds: 200_000) { !peer.isAtRest || victim.node.progress(of: job) != nil }
                #expect(victim.node.answer(to: job) != nil, "seed \(seed): \(act): the victim still waits")
            } else {
                peer.attack(try #require(Endpoint(victim.address)), act: act)
            }
            network.world.run(milliseconds: 200_000) { !peer.isAtRest }
            network.world.run()
            #expect(peer.isAtRest, "seed \(seed): \(act) did not end")
            for attack in peer.takeAttacks() {
                attacks.append(attack)
                guard attack.isOffence else { continue }
                let isClosed = if case .refused = attack.end { true } else { attack.end == .closed }
                #expect(isClosed, "seed \(seed), attack \(number): \(attack) was not ended by the victim")
            }
            let after = try views()[index]
            #expect(after.honestHeads == before.honestHeads, "seed \(seed), attack \(number): \(act)")
            if self.entries(victim.store) == entries {
                #expect(after == before, "seed \(seed), attack \(number): \(act) changed what is held")
            }
            if number % 5 == 4 {
                try sync(Int.random(in: 0..<3, using: &random), Int.random(in: 0..<2, using: &random))
            }
        }
        try agree()
    }

    private func entries(_ store: ReplicaStore) -> Int {
        store.totals(of: SpaceName.policy).entries + store.totals(of: SpaceName.net).entries
    }

    private func sync(_ a: Int, _ offset: Int) throws {
        let answer = try #require(network.sync(a, (a + 1 + offset) % 3), "seed \(seed): the sync stalled")
        #expect(answer.exitCode == .done, "seed \(seed): \(answer)")
        let peer = answer.document?["peers"]?.items?.first
        #expect(peer?["identical"]?.flag == true, "seed \(seed): \(answer)")
    }

    /// The honest nodes come to hold the same, whatever each was shown; everything derived is as it should be.
    private mutating func agree() throws {
        for (a, offset) in [(1, 1), (2, 0), (1, 1), (2, 1)].shuffled(using: &random) + [(1, 1), (2, 0), (1, 1)] {
            try sync(a, offset)
        }
        let all = try views()
        for (index, view) in all.enumerated() where index > 0 { #expect(view == all[0], "seed \(seed): node \(index)") }
        for node in honest {
            let state = node.store.state(of: SpaceName.net)
            #expect(try node.store.verify() == [], "seed \(seed)")
            try node.store.rebuild()
            #expect(node.store.state(of: SpaceName.net) == state, "seed \(seed): rebuilt")
        }
    }
}
