import Bytes
import Crypto
import Replica
import Simulator
import Testing

@testable import Store

extension ReplicaStore {
    /// A second store with the same keys, secrets and life, as from a copied disk; the folder must outlive it.
    func twin(in folder: TemporaryFolder, name: String, seed: UInt64) throws -> ReplicaStore {
        try connection.execute("VACUUM INTO '\(folder(name))'")
        // The copy is not in WAL mode, which two bytes of the header say (SQLite's file format, 1.3).
        var bytes = contents(of: folder(name))
        bytes.replaceSubrange(18...19, with: [2, 2])
        StoreTests.write(bytes, to: folder(name))
        let copy = try Connection.open(path: folder(name), schema: ReplicaStore.schema)
        let twin = try ReplicaStore(
            connection: copy, charter: nil, identity: identity, marker: nil, entropy: SeededEntropy(seed: seed),
            indexed: indexed)
        #expect(twin.incarnation == incarnation)
        return twin
    }

    /// Everything inside the frontiers, run by run.
    func exported() throws -> [[UInt8]] {
        var runs: [[UInt8]] = []
        try exportSegments { (_, _, bytes) throws(StoreError) in runs.append(bytes) }
        return runs
    }

    /// What is left of a record, per field the values shown first.
    func texts(_ record: ShortID, _ field: Int) throws -> Set<String> {
        Set(
            (try state(ofRecord: record)?[field]?.left ?? []).compactMap {
                if case .present(.text(let text)) = $0.value { text } else { nil }
            })
    }

    @discardableResult
    func set(_ record: ShortID, _ field: Int, _ text: String) throws -> WrittenEntry {
        let left = try state(ofRecord: record)?[field]?.left ?? []
        let draft = OperationDraft(field: field, type: .register, replaces: left.map(\.id), value: .text(text))
        return try #require(
            try write([EntryDraft(target: .existing(record), operations: [draft])], space: SpaceName.net, time: 5).first
        )
    }

    @discardableResult
    func create(_ text: String) throws -> WrittenEntry {
        let draft = OperationDraft(field: 16, type: .register, replaces: [], value: .text(text))
        return try #require(
            try write([EntryDraft(target: .new(kind: 900), operations: [draft])], space: SpaceName.net, time: 5).first)
    }
}

/// Lets all meet all, twice.
func meet(_ stores: [ReplicaStore]) throws {
    for _ in 0..<2 { for a in stores { for b in stores where a !== b { try TestNetwork.copy(from: a, to: b) } } }
}

/// Checks that stores hold the same, shown, verified, rebuilt and exported.
func expectEqual(_ stores: [ReplicaStore], _ what: String) throws {
    let first = stores[0]
    let (shown, exported) = (try first.projectionDigest(), try first.exported())
    for store in stores {
        for space in [SpaceName.policy, SpaceName.net] {
            #expect(store.frontier(of: space) == first.frontier(of: space), "\(what)")
            #expect(store.state(of: space) == first.state(of: space), "\(what)")
        }
        #expect(store.totals(of: SpaceName.net) == first.totals(of: SpaceName.net), "\(what)")
        #expect(try store.projectionDigest() == shown, "\(what)")
        #expect(try store.exported() == exported, "\(what)")
        #expect(try store.verify() == [], "\(what)")
        try store.rebuild()
        #expect(try store.projectionDigest() == shown, "\(what)")
        #expect(store.state(of: SpaceName.net) == first.state(of: SpaceName.net), "\(what)")
        #expect(try store.exported() == exported, "\(what)")
    }
}

@Suite struct ForkTests {
    @Test func `F3: a cloned store learns of its twin and opens a new life`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 2, seed: 31)
        let original = network.stores[1]
        let record = try original.create("before").record
        let twin = try original.twin(in: folder, name: "twin", seed: 32)
        try original.set(record, 16, "by the original")
        try twin.set(record, 16, "by the twin")
        #expect(try original.lifeFits())
        try TestNetwork.copy(from: twin, to: network.stores[0])
        try TestNetwork.copy(from: network.stores[0], to: original)
        #expect(original.isSuperseded)
        #expect(try !original.lifeFits())
        #expect(try original.texts(record, 16) == ["by the original", "by the twin"])
        let life = original.incarnation
        try original.set(record, 17, "later")
        #expect(original.incarnation != life)
        #expect(try original.lifeFits())
        try meet([original, network.stores[0], twin])
        #expect(twin.isSuperseded)
        try expectEqual([original, network.stores[0], twin], "twins")
    }

    @Test func `F1: an old copy is restored and written to, and its later log comes back`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 2, seed: 41)
        let original = network.stores[1]
        let record = try original.create("one").record
        let restored = try original.twin(in: folder, name: "old", seed: 42)
        for index in 0..<5 { try original.set(record, 16, "lost \(index)") }
        try TestNetwork.copy(from: original, to: network.stores[0])
        // Written before the own later log arrives: a branch of the old log.
        try restored.set(record, 17, "after the restore")
        try TestNetwork.copy(from: network.stores[0], to: restored)
        #expect(restored.isSuperseded)
        #expect(try restored.texts(record, 16) == ["lost 4"])
        #expect(try restored.texts(record, 17) == ["after the restore"])
        try restored.set(record, 16, "found again")
        try meet([restored, network.stores[0]])
        try expectEqual([restored, network.stores[0]], "restored")

        // Without a fork: the copy writes nothing before its log comes back.
        let other = try original.twin(in: folder, name: "older", seed: 43)
        try original.set(record, 18, "once more")
        try TestNetwork.copy(from: original, to: other)
        #expect(other.isSuperseded)
    }

    @Test func `A11: an explicit segment that exchanges the branches which an entry names is refused`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 3, seed: 45)
        let (founder, original, reader) = (network.stores[0], network.stores[1], network.stores[2])
        let record = try original.create("before").record
        let twin = try original.twin(in: folder, name: "twin", seed: 46)
        try original.set(record, 16, "by the original")
        try twin.set(record, 16, "by the twin")
        for store in [original, twin] { try TestNetwork.copy(from: store, to: founder) }
        try TestNetwork.copy(from: founder, to: reader)
        // It names an entry of each branch, both with one sequence number of one log.
        let joined = try reader.set(record, 16, "by the reader").entry
        let runs = try reader.exported().map { try ExplicitSegment(decoding: $0, network: reader.network) }
        let run = try #require(runs.first { $0.entries.last?.id == joined })
        let entry = run.entries[run.entries.count - 1]
        let places = try entry.names.map { try #require(try reader.place(of: $0)) }
        let pair = try #require(
            places.indices.lazy.flatMap { a in places.indices.map { (a, $0) } }.first { a, b in
                a < b && places[a].branch != places[b].branch && places[a].sequence == places[b].sequence
            })
        var names = entry.names
        names.swapAt(pair.0, pair.1)
        let exchanged = SegmentEntry(
            id: entry.id, header: entry.header, headerBytes: entry.headerBytes, names: names, body: entry.body)
        let bytes = ExplicitSegment(
            descriptor: run.descriptor, entries: run.entries.dropLast() + [exchanged], seal: run.seal
        ).encoded
        var waiting = WaitingRoom()
        let before = try founder.projectionDigest()
        #expect(
            try founder.ingest([IncomingSegment(descriptor: run.descriptor, bytes: bytes)], waiting: &waiting) == [
                .offence(.context(sequence: entry.header.sequence))
            ])
        #expect(try founder.projectionDigest() == before)
        try TestNetwork.copy(from: reader, to: founder)
        #expect(try founder.texts(record, 16) == ["by the reader"])
    }

    @Test func `F4: branches reach others in different orders, are named by others, and lie inside a segment`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 4, seed: 51)
        let (founder, writer, early, late) = (
            network.stores[0], network.stores[1], network.stores[2], network.stores[3]
        )
        let record = try writer.create("zero").record
        try writer.set(record, 17, "below the fork")
        let twins = [
            writer, try writer.twin(in: folder, name: "a", seed: 52), try writer.twin(in: folder, name: "b", seed: 53),
        ]
        for (index, twin) in twins.enumerated() {
            for step in 0...index { try twin.set(record, 16, "branch \(index) step \(step)") }
        }
        for twin in twins { try TestNetwork.copy(from: twin, to: early) }
        for twin in twins.reversed() { try TestNetwork.copy(from: twin, to: late) }
        let all: Set = ["branch 0 step 0", "branch 1 step 1", "branch 2 step 2"]
        #expect(try early.texts(record, 16) == all)
        #expect(try late.texts(record, 16) == all)
        #expect(early.frontier(of: SpaceName.net) == late.frontier(of: SpaceName.net))
        // Entries of others that name all three branches at once.
        try early.set(record, 16, "joined by early")
        try late.set(record, 16, "joined by late")
        try meet([founder, early, late])
        #expect(try founder.texts(record, 16) == ["joined by early", "joined by late"])
        try founder.set(record, 16, "settled")
        try meet([founder, early, late] + twins)
        #expect(try founder.texts(record, 16) == ["settled"])
        try expectEqual([founder, early, late] + twins, "three branches")
    }

    @Test(arguments: [2, 5] as [UInt64])
    func `random edits with forks, in compact and explicit form, give one state`(seed: UInt64) throws {
        print("seed \(seed)")
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 3, seed: seed &* 7000)
        var stores = network.stores
        var editor = RandomEditor(random: SeededEntropy(seed: seed &+ 500))
        for step in 0..<70 {
            let store = try #require(stores.randomElement(using: &editor.random))
            try editor.edit(store)
            if step == 20 || step == 35 || step == 50 {
                stores.append(try store.twin(in: folder, name: "twin\(step)", seed: seed &* 31 &+ UInt64(step)))
            }
            if Int.random(in: 0..<4, using: &editor.random) == 0 {
                let pair = stores.shuffled(using: &editor.random)
                try TestNetwork.copy(from: pair[0], to: pair[1], batch: Int.random(in: 1...5, using: &editor.random))
            }
        }
        try meet(stores)
        try expectEqual(stores, "seed \(seed)")
    }

    @Test func `a log forks inside a transaction where the two do not fit one segment alike`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 2, seed: 61)
        let (founder, writer) = (network.stores[0], network.stores[1])
        let long = String(repeating: "x", count: 9_000)
        let record = try writer.create(long).record
        for _ in 0..<2 { try writer.set(record, 16, long) }
        let twin = try writer.twin(in: folder, name: "twin", seed: 62)
        func draft(_ text: String, _ field: Int) -> EntryDraft {
            EntryDraft(
                target: .existing(record),
                operations: [OperationDraft(field: field, type: .register, replaces: [], value: .text(text))])
        }
        // The first member is the same entry in both; the leaf comes from the same secret and the time is the same.
        let first = draft("same", 17)
        let small = try writer.write([first, draft("small", 18)], space: SpaceName.net, time: 9)
        let large = try twin.write(
            [first, draft(String(repeating: "y", count: 15_000), 18)], space: SpaceName.net, time: 9)
        #expect(small[0].entry == large[0].entry)
        #expect(small[1].entry != large[1].entry)
        let others = try (0..<2).map { _ in
            try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        }
        try TestNetwork.copy(from: writer, to: others[0])
        try TestNetwork.copy(from: twin, to: others[0])
        try TestNetwork.copy(from: twin, to: others[1])
        try TestNetwork.copy(from: writer, to: others[1])
        try TestNetwork.copy(from: others[0], to: founder)
        try meet([writer, twin, founder] + others)
        try expectEqual([founder, writer, twin] + others, "inside a transaction")
    }
}
