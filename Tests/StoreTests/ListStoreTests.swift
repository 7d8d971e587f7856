import Bytes
import Crypto
import Replica
import Simulator
import Testing

@testable import Store

/// Lists and counters in a store: read from what is left and what was replaced, by whoever wrote them.
@Suite struct ListStoreTests {
    private func put(_ text: String, at position: UInt8, over named: [OperationID] = []) -> OperationDraft {
        OperationDraft(
            field: 30, type: .list, replaces: named, shape: ListChange.put([position]).shape, value: .text(text))
    }

    private func move(to position: UInt8, over named: [OperationID]) -> OperationDraft {
        OperationDraft(field: 30, type: .list, replaces: named, shape: ListChange.move([position]).shape)
    }

    @discardableResult
    private func write(_ store: ReplicaStore, _ record: ShortID, _ operations: OperationDraft...) throws -> Digest {
        try #require(
            try store.write(
                [EntryDraft(target: .existing(record), operations: operations)], space: SpaceName.net, time: 5
            ).first
        ).entry
    }

    private func elements(_ store: ReplicaStore, _ record: ShortID) throws -> [ListElement] {
        try store.state(ofRecord: record)?[30]?.elements ?? []
    }

    private func texts(_ store: ReplicaStore, _ record: ShortID) throws -> [String] {
        try elements(store, record).map { element in
            if case .present(.text(let text))? = element.present.first?.value { text } else { "erased" }
        }
    }

    private func candidates(_ store: ReplicaStore) throws -> [ShortID] {
        try RecordAccess(store, time: 0).conflictCandidates()
    }

    /// Two members with a record that has the elements a, b and c.
    private func sample(seed: UInt64) throws -> (TestNetwork, ShortID) {
        let network = try TestNetwork(members: 3, seed: seed)
        let record = try network.stores[1].create("with a list").record
        try write(network.stores[1], record, put("a", at: 0x40), put("b", at: 0x80), put("c", at: 0xC0))
        try meet(network.stores)
        return (network, record)
    }

    @Test func `what is edited, moved and removed apart comes together alike everywhere`() throws {
        let (network, record) = try sample(seed: 151)
        let (one, two) = (network.stores[1], network.stores[2])
        let seen = try elements(one, record)
        try write(one, record, put("a, edited", at: 0x40, over: seen[0].left), move(to: 0x20, over: seen[2].left))
        try write(
            two, record, move(to: 0xE0, over: seen[0].left),
            OperationDraft(field: 30, type: .list, replaces: seen[1].left, shape: ListChange.remove.shape),
            OperationDraft(field: 30, type: .list, replaces: seen[2].left, shape: ListChange.remove.shape))
        try write(one, record, OperationDraft(field: 29, type: .counter, replaces: [], shape: .int(7)))
        try write(two, record, OperationDraft(field: 29, type: .counter, replaces: [], shape: .int(-2)))
        #expect(try texts(one, record) == ["c", "a, edited", "b"])
        #expect(try texts(two, record) == ["a"])
        try meet(network.stores)
        for store in network.stores {
            #expect(try texts(store, record) == ["c", "a, edited"])
            let left = try #require(try store.state(ofRecord: record)?[29]?.left)
            #expect(CounterMerge.total(left) == 5)
            #expect(store.totals(of: SpaceName.net).notUnderstood == 0)
        }
        try expectEqual(network.stores, "lists")
        for store in network.stores { #expect(try texts(store, record) == ["c", "a, edited"]) }
    }

    @Test func `records whose lists may have a conflict are candidates, others are none`() throws {
        let (network, record) = try sample(seed: 161)
        let (one, two) = (network.stores[1], network.stores[2])
        for text in ["b2", "b3"] {
            try write(one, record, put(text, at: 0x80, over: try elements(one, record)[1].left))
            try write(one, record, move(to: 0x90, over: try elements(one, record)[1].left))
        }
        try meet(network.stores)
        for store in network.stores { #expect(try candidates(store) == []) }
        let seen = try elements(one, record)
        try write(one, record, put("b, by one", at: 0x90, over: seen[1].left))
        try write(two, record, move(to: 0x91, over: seen[1].left))
        try write(two, record, put("b, by two", at: 0x91, over: try elements(two, record)[1].left))
        #expect(try candidates(one) == [] && candidates(two) == [])
        try meet(network.stores)
        for store in network.stores {
            #expect(try elements(store, record)[1].values.count == 2)
            #expect(try candidates(store) == [record])
            try store.rebuild()
            #expect(try candidates(store) == [record])
        }
        // An element with several roots, as no honest writer makes one.
        let (other, second) = try sample(seed: 162)
        let store = other.stores[1]
        let all = try elements(store, second)
        try write(store, second, move(to: 0x10, over: all[0].left + all[1].left))
        #expect(try elements(store, second).map(\.values.count) == [2, 1])
        #expect(try candidates(store) == [second])
    }

    @Test func `an erased element stays where it is`() throws {
        let (network, record) = try sample(seed: 171)
        let store = network.stores[1]
        let element = try elements(store, record)[1]
        try write(store, record, move(to: 0x20, over: element.left))
        try store.eraseValue(entry: element.beginning.entry, operation: element.beginning.index)
        #expect(try texts(store, record) == ["erased", "a", "c"])
        try store.rebuild()
        #expect(try texts(store, record) == ["erased", "a", "c"])
        #expect(try store.verify() == [])
        try TestNetwork.copy(from: store, to: network.stores[2])
        #expect(network.stores[2].state(of: SpaceName.net) == store.state(of: SpaceName.net))
        #expect(try texts(network.stores[2], record) == ["b", "a", "c"])
    }

    @Test func `removes are not shown, and a list of which all went is no field`() throws {
        let (network, record) = try sample(seed: 181)
        let store = network.stores[1]
        for element in try elements(store, record) {
            try write(
                store, record,
                OperationDraft(field: 30, type: .list, replaces: element.left, shape: ListChange.remove.shape))
        }
        #expect(try store.state(ofRecord: record)?[30] == nil)
        #expect(try store.history(of: record).count == 5)
    }

    /// A store that the version before this one wrote: counters and lists counted as not understood, and no list was a
    /// candidate.
    @Test func `projections of an older version are derived anew when a store is opened`() throws {
        let folder = TemporaryFolder()
        let (network, record) = try sample(seed: 191)
        let (one, two) = (network.stores[1], network.stores[2])
        let seen = try elements(one, record)
        try write(one, record, put("by one", at: 0x80, over: seen[1].left))
        try write(two, record, put("by two", at: 0x80, over: seen[1].left))
        try meet(network.stores)
        let digest = try one.projectionDigest()
        let state = one.state(of: SpaceName.net)
        try one.setMeta("projection", [1])
        for sql in [
            "DELETE FROM candidates", "UPDATE spaces SET notUnderstood = 3 WHERE name = 'net'",
        ] { try one.connection.execute(sql) }
        let opened = try one.twin(in: folder, name: "older", seed: 192)
        #expect(try opened.meta("projection") == [UInt8(ReplicaSchema.projectionVersion)])
        #expect(opened.totals(of: SpaceName.net).notUnderstood == 0)
        #expect(try candidates(opened) == [record])
        #expect(try opened.projectionDigest() == digest)
        #expect(opened.state(of: SpaceName.net) == state)
        #expect(try opened.verify() == [])
        // Opened once more, nothing is left to do.
        let again = try ReplicaStore(
            connection: opened.connection, charter: nil, identity: opened.identity, marker: nil,
            entropy: SeededEntropy(seed: 193), indexed: .none)
        #expect(try candidates(again) == [record])
    }
}
