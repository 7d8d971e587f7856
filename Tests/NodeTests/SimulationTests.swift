import Bytes
import Crypto
import Node
import Replica
import Simulator
import Store
import Testing

@Suite struct SimulationTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
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
            if Bool.random(using: &editor.random) { network.world.cutNextAfter = Int.random(in: 0..<20_000, using: &editor.random) }
            let answer = try #require(network.sync(index, other), "seed \(seed): the sync stalled")
            #expect(answer.exitCode == .done || answer.exitCode == .failed)
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
            #expect(try node.store.verify() == [], "seed \(seed)")
        }
    }

    @Test func `nothing new costs the same with ten logs and with a thousand`() throws {
        func idleBytes(logs: Int) throws -> Int {
            let network = try SimulatedNetwork(members: 2, seed: 5)
            let store = network.nodes[1].store
            for index in 0..<logs {
                try store.openIncarnation(time: Int64(index))
                _ = try store.write(
                    [EntryDraft(target: .new(kind: 900), operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .integer(1))])],
                    space: SpaceName.net, time: 0)
            }
            _ = try #require(network.sync(1, 0))
            let answer = try #require(network.sync(1, 0)?.document?["peers"]?.items?.first)
            #expect(answer["identical"]?.flag == true)
            let sent = try #require(answer["sent"]?["bytes"]?.number)
            let received = try #require(answer["received"]?["bytes"]?.number)
            #expect(answer["roundTrips"]?.number == 1)
            return Int(sent + received)
        }
        let (few, many) = (try idleBytes(logs: 10), try idleBytes(logs: 1_000))
        print("idle sync: \(few) bytes of messages with 10 logs, \(many) with 1,000")
        #expect(abs(few - many) <= 8)
    }
}
