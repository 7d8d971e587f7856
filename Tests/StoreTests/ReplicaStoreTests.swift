import Bytes
import Crypto
import Replica
import Simulator
import Testing

@testable import Store

/// A few members of one network, each with a store in memory, that exchange segments by hand.
struct TestNetwork {
    var entropy: SeededEntropy
    let charter: Charter
    var stores: [ReplicaStore] = []
    let root: SigningKey
    private let indexed: IndexedFields

    /// - Parameter members: the founder and so many more organisations.
    init(members: Int, seed: UInt64, indexed: IndexedFields = .none) throws {
        self.indexed = indexed
        var entropy = SeededEntropy(seed: seed)
        root = SigningKey(from: &entropy)
        charter = Charter(
            name: "Test", rootKeys: [root.verifyingKey], threshold: 1, created: 0,
            nonce: try #require(ShortID(entropy.fill(16))))
        self.entropy = entropy
        let founder = try ReplicaStore.inMemory(
            charter: charter, identity: nil, entropy: SeededEntropy(seed: seed &+ 1), indexed: indexed)
        _ = try Founding.found(
            founder, root: root, device: SigningKey(from: &self.entropy), channelKey: AgreementKey(from: &self.entropy),
            organisation: "Sector", time: 1)
        stores = [founder]
        for index in 1..<max(members, 1) {
            try addMember("Institute \(index)", seed: seed &+ 1 &+ UInt64(index))
        }
    }

    mutating func addMember(_ name: String, seed: UInt64) throws {
        let (device, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
        let grant = try #require(
            try Founding.admit(
                device.verifyingKey, channelKey: channel.publicKey, to: .organisation(name: name), in: stores[0],
                time: 2))
        let store = try ReplicaStore.inMemory(
            charter: charter, identity: .init(signingKey: device, channelKey: channel, grant: grant),
            entropy: SeededEntropy(seed: seed), indexed: indexed)
        try TestNetwork.copy(from: stores[0], to: store)
        try store.openIncarnation(time: 3)
        stores.append(store)
    }

    /// Sends everything that one store holds to the other, in batches.
    static func copy(from: ReplicaStore, to: ReplicaStore, batch: Int = 1000) throws {
        var waiting = WaitingRoom()
        var segments: [(place: Int, segment: IncomingSegment)] = []
        for branch in from.sharedBranches() {
            var next = branch.parentSequence + 1
            while let run = try from.segment(branch: branch.number, from: next) {
                segments.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        segments.sort { $0.place < $1.place }
        var rest = segments.map(\.segment)[...]
        while !rest.isEmpty {
            var outcomes = try to.ingest(Array(rest.prefix(batch)), waiting: &waiting)
            while let outcome = outcomes.popLast() {
                switch outcome {
                case .stored, .waiting: break
                case .explicitNeeded(let log, let first, let last):
                    for bytes in try from.explicitSegments(log: log, first: first, last: last) {
                        let descriptor = try #require(from.sharedBranches().first { $0.log == log }).descriptor
                        outcomes += try to.ingest(
                            [IncomingSegment(descriptor: descriptor, bytes: bytes)], waiting: &waiting)
                    }
                default: Issue.record("\(outcome)")
                }
            }
            rest = rest.dropFirst(batch)
        }
        #expect(waiting.count == 0)
    }
}

extension ReplicaStore {
    /// All records of specimens as readers see them.
    func shown() throws -> [RecordState] {
        var states: [RecordState] = []
        try RecordAccess(self, time: 0).forEach(kind: 900) { states.append($0) }
        return states
    }
}

@Suite struct ReplicaStoreTests {
    @Test func `texts in several languages may be no conflict, two in one language are`() throws {
        let network = try TestNetwork(members: 3, seed: 801)
        let (first, second) = (network.stores[1], network.stores[2])
        func text(_ key: String, _ text: String) -> OperationDraft {
            OperationDraft(field: 19, type: .map, replaces: [], shape: .text(key), value: .text(text))
        }
        let draft = EntryDraft(target: .new(kind: 900), operations: [text("fr", "un"), text("en", "one")])
        let record = try #require(try first.write([draft], space: SpaceName.net, time: 5).first).record
        let access = RecordAccess(first, time: 0)
        #expect(try access.conflictCandidates() == [])
        try meet([first, second])
        for store in [first, second] {
            let again = EntryDraft(target: .existing(record), operations: [text("ar", "by \(store === first)")])
            _ = try store.write([again], space: SpaceName.net, time: 6)
        }
        #expect(try access.conflictCandidates() == [])
        try meet([first, second])
        #expect(try access.conflictCandidates() == [record])
        try first.rebuild()
        #expect(try access.conflictCandidates() == [record])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `random edits on three stores that meet in random pairs give one state`(seed: UInt64) throws {
        print("seed \(seed)")
        let network = try TestNetwork(members: 3, seed: seed &* 1000, indexed: .specimens)
        var editor = RandomEditor(random: SeededEntropy(seed: seed))
        for _ in 0..<120 {
            let store = try #require(network.stores.randomElement(using: &editor.random))
            try editor.edit(store)
            if Int.random(in: 0..<6, using: &editor.random) == 0 {
                let pair = network.stores.shuffled(using: &editor.random)
                try TestNetwork.copy(from: pair[0], to: pair[1], batch: Int.random(in: 1...5, using: &editor.random))
            }
        }
        for _ in 0..<2 {
            for a in network.stores { for b in network.stores where a !== b { try TestNetwork.copy(from: a, to: b) } }
        }
        let first = network.stores[0]
        for store in network.stores {
            #expect(store.frontier(of: SpaceName.policy) == first.frontier(of: SpaceName.policy))
            #expect(store.frontier(of: SpaceName.net) == first.frontier(of: SpaceName.net))
            #expect(store.state(of: SpaceName.net) == first.state(of: SpaceName.net))
            #expect(try store.projectionDigest() == first.projectionDigest())
            #expect(try store.shown() == first.shown())
            #expect(try store.verify() == [])
            let before = try store.projectionDigest()
            try store.rebuild()
            #expect(try store.projectionDigest() == before)
            #expect(try store.shown() == first.shown())
            #expect(store.state(of: SpaceName.net) == first.state(of: SpaceName.net))
        }
        var exports: [[[UInt8]]] = []
        for store in network.stores {
            var runs: [[UInt8]] = []
            try store.exportSegments { (_, _, bytes) throws(StoreError) in runs.append(bytes) }
            exports.append(runs)
        }
        #expect(exports[0] == exports[1])
        #expect(exports[0] == exports[2])
    }

    @Test func `the last words of an organisation are those of its devices on records`() throws {
        let network = try TestNetwork(members: 2, seed: 5)
        let organisations = network.stores.map { $0.ownGrant?.organisation }
        let (first, second) = (try #require(organisations[0]), try #require(organisations[1]))
        let draft = EntryDraft(
            target: .new(kind: 900),
            operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .text("x"))])
        for time in [500, 900, 700] as [Int64] {
            _ = try network.stores[1].write([draft], space: SpaceName.net, time: time)
        }
        try TestNetwork.copy(from: network.stores[1], to: network.stores[0])
        for store in network.stores {
            let access = RecordAccess(store, time: 0)
            // Admissions and openings are no words.
            #expect(try access.lastWritten(by: first, before: .max) == nil)
            #expect(try access.lastWritten(by: second, before: .max) == 900)
            #expect(try access.lastWritten(by: second, before: 900) == 700)
            #expect(try access.lastWritten(by: second, before: 500) == nil)
            #expect(access.digests(of: SpaceName.net).frontier == network.stores[1].frontier(of: SpaceName.net))
            #expect(access.digests(of: SpaceName.net).state == network.stores[1].state(of: SpaceName.net))
        }
    }
}
