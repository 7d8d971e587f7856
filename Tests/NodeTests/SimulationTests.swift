import Bytes
import Crypto
import Foundation
import Node
import Replica
import Simulator
import Store
import Testing

/// The first seeds, or as many from `LIAISON_FIRST_SEED` on as `LIAISON_SEEDS` says.
private func seeds(_ count: UInt64) -> [UInt64] {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["LIAISON_FIRST_SEED"].flatMap { UInt64($0) } ?? 1
    let number = environment["LIAISON_SEEDS"].flatMap { UInt64($0) } ?? count
    return Array(first..<(first + number))
}

@Suite struct SimulationTests {
    @Test(arguments: seeds(8))
    func `five nodes with wrong clocks that sync in random pairs agree in the end`(seed: UInt64) throws {
        print("seed \(seed)")
        let now: Int64 = 1_800_000_000
        let network = try SimulatedNetwork(members: 5, seed: seed, clocks: [0, -now, 4_070_908_800 - now, 0, 2_460])
        var editor = RandomEditor(random: SeededEntropy(seed: seed ^ 0xA5A5))
        network.world.chunks = SeededEntropy(seed: seed)
        for _ in 0..<100 {
            let index = Int.random(in: 0..<5, using: &editor.random)
            try editor.edit(network.nodes[index].store)
            guard Int.random(in: 0..<4, using: &editor.random) == 0 else { continue }
            let other = (index + Int.random(in: 1..<5, using: &editor.random)) % 5
            if Bool.random(using: &editor.random) {
                network.world.cutNextAfter = Int.random(in: 0..<20_000, using: &editor.random)
            }
            let answer = try #require(network.sync(index, other), "seed \(seed): the sync stalled")
            #expect([.done, .failed, .noPeer].contains(answer.exitCode), "seed \(seed): \(answer)")
        }
        network.world.cutNextAfter = nil
        for _ in 0..<2 {
            for index in 1..<5 {
                let answer = try #require(network.sync(index, 0))
                #expect(answer.exitCode == .done, "seed \(seed): \(answer)")
                #expect(answer.document?["peers"]?.items?.first?["identical"]?.flag == true, "seed \(seed): \(answer)")
            }
        }
        let first = network.nodes[0].store
        for node in network.nodes {
            #expect(node.store.frontier(of: SpaceName.net) == first.frontier(of: SpaceName.net), "seed \(seed)")
            #expect(node.store.state(of: SpaceName.net) == first.state(of: SpaceName.net), "seed \(seed)")
            #expect(try shown(node.store) == shown(first), "seed \(seed)")
            #expect(try node.store.verify() == [], "seed \(seed)")
        }
    }

    /// All records of the random editor as readers see them.
    private func shown(_ store: ReplicaStore) throws -> [RecordState] {
        var states: [RecordState] = []
        try RecordAccess(store, time: 0).forEach(kind: 900) { states.append($0) }
        return states
    }

    @Test func `nothing new costs the same with ten logs and with a thousand`() throws {
        func idleBytes(logs: Int) throws -> Int {
            let network = try SimulatedNetwork(members: 2, seed: 5)
            let store = network.nodes[1].store
            for index in 0..<logs {
                try store.openIncarnation(time: Int64(index))
                _ = try store.write(
                    [
                        EntryDraft(
                            target: .new(kind: 900),
                            operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .integer(1))])
                    ],
                    space: SpaceName.net, time: 0)
            }
            let first = try #require(network.sync(1, 0))
            #expect(first.exitCode == .done, "\(first)")
            let answer = try #require(network.sync(1, 0)?.document?["peers"]?.items?.first)
            #expect(answer["identical"]?.flag == true)
            let sent = try #require(answer["sent"]?["bytes"]?.number)
            let received = try #require(answer["received"]?["bytes"]?.number)
            #expect(answer["roundTrips"]?.number == 1)
            return Int(sent + received)
        }
        func bytesOfOneEntry() throws -> Int64 {
            let network = try SimulatedNetwork(members: 2, seed: 6)
            let store = network.nodes[1].store
            var editor = RandomEditor(random: SeededEntropy(seed: 9))
            for _ in 0..<40 { try editor.edit(store) }
            _ = try #require(network.sync(1, 0))
            var access = RecordAccess(store, time: 1_800_000_000)
            var record: RecordState?
            try access.forEach(kind: 900) { record = record ?? $0 }
            let state = try #require(record)
            let draft = OperationDraft(
                field: 16, type: .register, replaces: state[16]?.left.map(\.id) ?? [], value: .text("away until May"))
            _ = try access.write([EntryDraft(target: .existing(state.id), operations: [draft])], space: SpaceName.net)
            let answer = try #require(network.sync(1, 0)?.document?["peers"]?.items?.first)
            #expect(answer["identical"]?.flag == true)
            return try #require(answer["sent"]?["bytes"]?.number) + #require(answer["received"]?["bytes"]?.number)
        }
        print("one new entry in a new session: \(try bytesOfOneEntry()) bytes both ways, frames included")
        let (few, many) = (try idleBytes(logs: 10), try idleBytes(logs: 1_000))
        print("nothing new: \(few) bytes both ways with 10 logs, \(many) with 1,000, frames included")
        #expect(abs(few - many) <= 8)
    }

    /// Two nodes of which the second has written four logs, each one segment.
    private func apart(seed: UInt64) throws -> SimulatedNetwork {
        let network = try SimulatedNetwork(members: 2, seed: seed)
        let store = network.nodes[1].store
        for log in 0..<4 {
            try store.openIncarnation(time: Int64(log))
            for value in 0..<4 {
                _ = try store.write(
                    [
                        EntryDraft(
                            target: .new(kind: 900),
                            operations: [
                                OperationDraft(field: 16, type: .register, replaces: [], value: .integer(Int64(value)))
                            ])
                    ],
                    space: SpaceName.net, time: 0)
            }
        }
        return network
    }

    private func entries(_ store: ReplicaStore) -> Int {
        store.totals(of: SpaceName.policy).entries + store.totals(of: SpaceName.net).entries
    }

    /// Every byte on demand (`LIAISON_EXHAUSTIVE=1`), every thirteenth from a random one otherwise.
    @Test func `a session that is cut at any byte is completed by the next, and nothing that came whole is sent again`()
        throws
    {
        let whole = try apart(seed: 11)
        let before = whole.world.carriedByteCount
        _ = try #require(whole.sync(1, 0))
        let size = whole.world.carriedByteCount - before
        #expect(size > 3_000)
        let isExhaustive = ProcessInfo.processInfo.environment["LIAISON_EXHAUSTIVE"] != nil
        let first = isExhaustive ? 0 : Int.random(in: 0..<13)
        print("cutting a session of \(size) bytes, from byte \(first)")
        for cut in stride(from: first, to: size, by: isExhaustive ? 1 : 13) {
            let network = try apart(seed: 11)
            let (sender, receiver) = (network.nodes[1].store, network.nodes[0].store)
            network.world.cutNextAfter = cut
            _ = network.sync(1, 0)
            network.world.cutNextAfter = nil
            let missing = entries(sender) - entries(receiver)
            let answer = try #require(network.sync(1, 0)?.document?["peers"]?.items?.first, "cut at \(cut)")
            #expect(answer["result"]?.text == "complete", "cut at \(cut)")
            #expect(answer["identical"]?.flag == true, "cut at \(cut)")
            #expect(answer["sent"]?["entries"]?.number == Int64(missing), "cut at \(cut)")
            #expect(entries(sender) == entries(receiver), "cut at \(cut)")
            #expect(sender.state(of: SpaceName.net) == receiver.state(of: SpaceName.net), "cut at \(cut)")
        }
    }

    @Test(arguments: seeds(6))
    func `F3: twins of one disk fork a log, every branch merges everywhere, and the second implementation agrees`(
        seed: UInt64
    ) throws {
        print("seed \(seed)")
        let network = try SimulatedNetwork(members: 4, seed: seed)
        var editor = RandomEditor(random: SeededEntropy(seed: seed ^ 0x77))
        func editSome(_ count: Int, _ nodes: [Int]) throws {
            for _ in 0..<count {
                guard let index = nodes.randomElement(using: &editor.random) else { return }
                try editor.edit(network.nodes[index].store)
            }
        }
        try editSome(10, [0, 1, 2, 3])
        for index in 1..<4 { _ = network.sync(index, 0) }
        try editSome(1, [1])
        let twin = try network.clone(1)
        try editSome(16, [1, twin])
        // The branches reach the others in different orders, and are written upon there.
        _ = network.sync(1, 2)
        _ = network.sync(twin, 3)
        try editSome(10, [0, 2, 3])
        for _ in 0..<30 {
            let a = Int.random(in: 0..<5, using: &editor.random)
            let b = (a + Int.random(in: 1..<5, using: &editor.random)) % 5
            // One device does not dial itself.
            guard Set([a, b]) != Set([1, twin]) else { continue }
            _ = network.sync(a, b)
            try editSome(2, [0, 1, 2, 3, twin])
        }
        for _ in 0..<3 { for index in 1..<5 { _ = network.sync(index, 0) } }
        let first = network.nodes[0].store
        #expect(first.forks().count >= 1)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "liaison-\(UInt64.random(in: 0 ... .max))"
        ).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var exports: [[[UInt8]]] = []
        for node in network.nodes {
            #expect(node.store.frontier(of: SpaceName.net) == first.frontier(of: SpaceName.net), "seed \(seed)")
            #expect(node.store.state(of: SpaceName.net) == first.state(of: SpaceName.net), "seed \(seed)")
            #expect(try node.store.verify() == [], "seed \(seed)")
            var runs: [[UInt8]] = []
            try node.store.exportSegments { (_, _, bytes) throws(StoreError) in runs.append(bytes) }
            exports.append(runs)
            try node.store.rebuild()
            #expect(node.store.state(of: SpaceName.net) == first.state(of: SpaceName.net), "seed \(seed)")
        }
        for export in exports { #expect(export == exports[0], "seed \(seed): equal replicas export other bytes") }
        let export = network.nodes[2].node.submit(Request(verb: "export segments", arguments: [folder])).response
        #expect(export?.exitCode == .done)
        try ReferenceReading.expect(folder, agreesWith: first)
    }
}
