import Bytes
import Crypto
import Node
import Replica
import Simulator
import Store
import Testing

/// Twins of which one has written a transaction where the other wrote single entries.
@Suite struct ForkedTransactionTests {
    private func write(_ count: Int, to store: ReplicaStore) throws {
        let drafts = (0..<count).map { number in
            EntryDraft(
                target: .new(kind: 900),
                operations: [
                    OperationDraft(field: 16, type: .register, replaces: [], value: .integer(Int64(number)))
                ])
        }
        _ = try store.write(drafts, space: SpaceName.net, time: 0)
    }

    /// A count says nothing of which branch is meant: one that ends inside of a transaction of the sender's branch made
    /// the receiver ask for an explicit form under numbers that the sender did not know.
    @Test(arguments: 1...5)
    func `C3: a peer whose count of a forked log ends inside of a transaction is sent the whole of it`(
        single: Int
    ) throws {
        let network = try SimulatedNetwork(members: 2, seed: 41)
        try write(1, to: network.nodes[1].store)
        _ = network.sync(1, 0)
        let twin = try network.clone(1)
        try write(5, to: network.nodes[1].store)
        for _ in 0..<single { try write(1, to: network.nodes[twin].store) }
        for (a, b) in [(twin, 0), (1, 0), (twin, 0)] {
            let answer = try #require(network.sync(a, b)?.document?["peers"]?.items?.first)
            #expect(answer["identical"]?.flag == true, "\(a) with \(b): \(answer)")
        }
        let states = [0, 1, twin].map { network.nodes[$0].store.state(of: SpaceName.net) }
        _ = network.sync(1, 0)
        #expect(states[0] == states[2] && network.nodes[1].store.state(of: SpaceName.net) == states[0])
    }
}
