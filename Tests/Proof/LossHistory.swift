import Bytes
import Crypto
import MemoryDisk
import Replica
import Simulator
import Store

/// One store on a disk in memory, with a peer that survives, from its founding through many losses of power.
struct LossHistory {
    let seed: UInt64
    let disk: MemoryDisk
    var random: SeededEntropy
    var store: ReplicaStore
    private var connection: Connection
    let peer: ReplicaStore
    private let charter: Charter
    private let identity: ReplicaStore.Identity
    var editor: RandomEditor
    var peerEditor: RandomEditor
    var ledger = LossLedger()
    /// Entries of others that were there before the journal began.
    private var foreignAtFirst = 0
    /// What a checkpoint that was saved vouches for.
    var vouched: [[UInt8]: [SharedBranch]] = [:]
    /// What happened, in bytes: equal in two runs of a seed.
    private(set) var trace: [UInt8] = []

    private(set) var kills = 0
    private(set) var lossesWhileRecovering = 0
    private(set) var verified = 0
    private(set) var lives = 0
    var acknowledged = 0
    var handedOut = 0

    private static let indexed = IndexedFields([16, 18, 29, 30].map { .init(kind: 900, field: $0, form: .value) })

    init(seed: UInt64) throws {
        self.seed = seed
        var random = SeededEntropy(seed: seed)
        disk = MemoryDisk(identity: seed)
        editor = RandomEditor(random: SeededEntropy(seed: random.next()))
        peerEditor = RandomEditor(random: SeededEntropy(seed: random.next()))
        let isFounder = seed % 6 == 0
        let keys = (0..<3).map { _ in SigningKey(from: &random) }
        let channels = (0..<2).map { _ in AgreementKey(from: &random) }
        guard let nonce = ShortID(random.fill(16)) else { throw Defect("entropy gives what was asked for") }
        charter = Charter(name: "Losses", rootKeys: [keys[0].verifyingKey], threshold: 1, created: 0, nonce: nonce)
        if isFounder { try Self.cutFoundings(disk, charter, keys, channels, &random) }
        let memory = try ReplicaStore.inMemory(
            charter: charter, identity: nil, entropy: SeededEntropy(seed: random.next()), indexed: Self.indexed)
        let connection = try disk.connection(schema: ReplicaStore.schema)
        let victim = try ReplicaStore(
            connection: connection, charter: charter, identity: nil, marker: disk.marker,
            entropy: SeededEntropy(seed: random.next()), indexed: Self.indexed)
        let (founder, member) = isFounder ? (victim, memory) : (memory, victim)
        _ = try Founding.found(
            founder, root: keys[0], device: keys[1], channelKey: channels[0], organisation: "Sector", time: 1)
        guard
            let grant = try Founding.admit(
                keys[2].verifyingKey, channelKey: channels[1].publicKey, to: .organisation(name: "Institute"),
                in: founder, time: 2)
        else { throw Defect("the founder admits") }
        member.setIdentity(.init(signingKey: keys[2], channelKey: channels[1], grant: grant))
        (store, peer, self.connection) = (victim, memory, connection)
        guard let own = victim.identity else { throw Defect("the store has keys") }
        identity = own
        self.random = random
        if isFounder { try push() } else { try pull(journal: false) }
        foreignAtFirst = foreignCount(victim.sharedBranches())
        try member.openIncarnation(time: 3)
        ledger.acknowledge(victim)
    }

    /// Foundings that the power cuts: what is left can be opened and thrown away.
    private static func cutFoundings(
        _ disk: MemoryDisk, _ charter: Charter, _ keys: [SigningKey], _ channels: [AgreementKey],
        _ random: inout SeededEntropy
    ) throws {
        let empty = disk.copy()
        for _ in 0..<4 {
            disk.crash(atCall: disk.calls + Int.random(in: 0..<150, using: &random))
            for attempt in 0..<2 {
                do throws(StoreError) {
                    let store = try ReplicaStore(
                        connection: disk.connection(schema: ReplicaStore.schema), charter: charter, identity: nil,
                        marker: disk.marker, entropy: SeededEntropy(seed: random.next()), indexed: indexed)
                    if attempt == 0 {
                        _ = try Founding.found(
                            store, root: keys[0], device: keys[1], channelKey: channels[0], organisation: "Sector",
                            time: 1)
                    } else if try store.verify() != [] {
                        throw .closed
                    }
                } catch {
                    if attempt == 1 || !disk.isCrashed { throw Defect("a founding that was cut: \(error)") }
                }
                disk.powerLoss(seed: random.next())
            }
            disk.restore(from: empty)
        }
    }

    // MARK: Losing and opening again

    /// Some work, a loss, and what is there then.
    mutating func round() throws {
        let span = [10, 60, 300, 1_500].randomElement(using: &random) ?? 30
        if Int.random(in: 0..<6, using: &random) > 0 {
            disk.crash(atCall: disk.calls + Int.random(in: 0..<span, using: &random))
        }
        let hasFaults = Int.random(in: 0..<5, using: &random) == 0
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            if hasFaults { disk.failAtRandom(seed: random.next(), perMillion: 30_000) }
            try work()
            if disk.isCrashed || needsOpening { break }
        }
        disk.failAtRandom(seed: 0, perMillion: 0)
        // Where an fsync has failed, memory shows what the disk does not have, until the power fails.
        if Int.random(in: 0..<(needsOpening ? 2 : 8), using: &random) == 0 {
            kills += 1
            disk.restart()
        } else {
            disk.powerLoss(seed: random.next())
        }
        try open()
        try check()
    }

    /// The store said that it has to be opened again.
    var needsOpening = false

    /// Opens the store, through losses that come while it recovers.
    mutating func open() throws {
        connection.close()
        while true {
            disk.clearFaults()
            if Int.random(in: 0..<4, using: &random) == 0 {
                disk.crash(atCall: disk.calls + Int.random(in: 0..<40, using: &random))
            }
            do throws(StoreError) {
                connection = try disk.connection(schema: ReplicaStore.schema)
                store = try ReplicaStore(
                    connection: connection, charter: nil, identity: identity, marker: disk.marker,
                    entropy: SeededEntropy(seed: random.next()), indexed: Self.indexed)
                disk.clearFaults()
                needsOpening = false
                return
            } catch {
                guard disk.isCrashed else { throw Defect("corrupt: the store does not open: \(error)") }
                lossesWhileRecovering += 1
                connection.close()
                disk.powerLoss(seed: random.next())
            }
        }
    }

    /// A process that ends as it should and starts again.
    mutating func closeAndOpen() throws(StoreError) {
        // Until it is open again nothing can be asked of it.
        needsOpening = true
        connection.close()
        connection = try disk.connection(schema: ReplicaStore.schema)
        store = try ReplicaStore(
            connection: connection, charter: nil, identity: identity, marker: disk.marker,
            entropy: SeededEntropy(seed: random.next()), indexed: Self.indexed)
        needsOpening = false
    }

    /// Empties the log of the database.
    func checkpoint() throws(StoreError) { try connection.checkpoint() }

    // MARK: Checking

    private mutating func check() throws {
        try ledger.check(store)
        try ledger.adopt(store)
        if !(try store.lifeFits()) {
            guard ledger.isOpening, !store.isSuperseded else { throw Defect("a life ended that nobody has ended") }
            lives += 1
            try store.openIncarnation(time: 7)
            ledger.acknowledge(store)
        }
        ledger.isOpening = false
        try checkJournal()
        try checkPeer()
        if Int.random(in: 0..<6, using: &random) == 0 {
            let findings = try connection.findings()
            guard findings.isEmpty else { throw Defect("corrupt: \(findings[0])") }
        }
        if Int.random(in: 0..<16, using: &random) == 0 { try verify() }
        if Int.random(in: 0..<2, using: &random) == 0 {
            // What is written now must go on from what the peer has been given.
            try editor.edit(store)
            ledger.acknowledge(store)
            try push()
            try pull()
            ledger.acknowledge(store)
            try checkPeer()
        }
        store.frontier(of: SpaceName.net).append(to: &trace)
        store.frontier(of: SpaceName.policy).append(to: &trace)
        Digest(UInt64(disk.calls), UInt64(disk.injected.lostSectors), 0, 0).append(to: &trace)
    }

    private mutating func verify() throws {
        verified += 1
        let problems = try store.verify()
        guard problems.isEmpty else { throw Defect("corrupt: \(problems[0])") }
    }

    private func foreignCount(_ branches: [SharedBranch]) -> Int {
        LossLedger.count(branches.filter { $0.descriptor.device != identity.signingKey.verifyingKey })
    }

    /// F7: what the journal says came is there, and nothing else came: both are one transaction.
    private func checkJournal() throws {
        let noted = try RecordAccess(store, time: 0).sessions().reduce(0) { $0 + $1.received + $1.statements }
        let held = foreignCount(store.sharedBranches()) - foreignAtFirst
        guard noted == held else { throw Defect("the journal notes \(noted) entries, and \(held) came") }
        for (content, branches) in vouched where try store.checkpoint(with: Self.peerDevice) == content {
            for branch in branches where try !holds(branch.log, branch.head, branch.headID, store) {
                throw Defect("a checkpoint vouches for an entry that is not held")
            }
        }
    }

    /// What the peer was given is never contradicted.
    private func checkPeer() throws {
        for side in [store, peer] {
            guard side.forks().isEmpty else { throw Defect("a fork of oneself") }
        }
        for branch in peer.sharedBranches() where branch.descriptor.device == identity.signingKey.verifyingKey {
            guard try holds(branch.log, branch.head, branch.headID, store) else {
                throw Defect("a fork of oneself: handed out and lost: entry \(branch.head)")
            }
        }
    }

    private func holds(_ log: Digest, _ sequence: Int, _ id: Digest, _ store: ReplicaStore) throws -> Bool {
        try store.branch(holding: id.bytes, log: log, sequence: sequence) != nil
    }

    /// Where checkpoints are kept.
    static let peerDevice = ShortID(5, 5)

    /// The whole of what is left is sound, and both sides agree.
    mutating func end() throws {
        disk.clearFaults()
        try push()
        try pull()
        try push()
        try verify()
        guard store.frontier(of: SpaceName.net) == peer.frontier(of: SpaceName.net),
            store.state(of: SpaceName.net) == peer.state(of: SpaceName.net),
            store.frontier(of: SpaceName.policy) == peer.frontier(of: SpaceName.policy)
        else { throw Defect("two stores met and differ") }
        guard try peer.verify().isEmpty else { throw Defect("the peer was given what does not verify") }
        try checkPeer()
    }
}
