import Bytes
import Crypto
import Foundation
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
            let first = try #require(network.sync(1, 0))
            #expect(first.exitCode == .done, "\(first)")
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

    /// Two nodes of which the second has written four logs, each one segment.
    private func apart(seed: UInt64) throws -> SimulatedNetwork {
        let network = try SimulatedNetwork(members: 2, seed: seed)
        let store = network.nodes[1].store
        for log in 0..<4 {
            try store.openIncarnation(time: Int64(log))
            for value in 0..<4 {
                _ = try store.write(
                    [EntryDraft(target: .new(kind: 900), operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .integer(Int64(value)))])],
                    space: SpaceName.net, time: 0)
            }
        }
        return network
    }

    private func entries(_ store: ReplicaStore) -> Int {
        store.totals(of: SpaceName.policy).entries + store.totals(of: SpaceName.net).entries
    }

    /// Every byte on demand (`LIAISON_EXHAUSTIVE=1`), every thirteenth from a random one otherwise.
    @Test func `a session that is cut at any byte is completed by the next, and nothing that came whole is sent again`() throws {
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
}
