import Bytes
import Crypto
import Foundation
import Node
import Replica
import Simulator
import Store
import Testing

/// What a sync answers.
@Suite struct AnswerTests {
    /// The founder and a member that has the founder as a peer and has written what the founder lacks.
    private func apart(seed: UInt64) throws -> SimulatedNetwork {
        let network = try SimulatedNetwork(members: 2, seed: seed)
        let (founder, member) = (network.nodes[0], network.nodes[1])
        try member.store.save(PeerRow(name: "founder", address: founder.address))
        var editor = RandomEditor(random: SeededEntropy(seed: seed))
        for _ in 0..<12 { try editor.edit(member.store) }
        try editor.edit(founder.store)
        return network
    }

    private func holdSame(_ network: SimulatedNetwork) -> Bool {
        let (first, second) = (network.nodes[0].store, network.nodes[1].store)
        return first.frontier(of: SpaceName.net) == second.frontier(of: SpaceName.net)
            && first.frontier(of: SpaceName.policy) == second.frontier(of: SpaceName.policy)
            && first.state(of: SpaceName.net) == second.state(of: SpaceName.net)
    }

    @Test func `O2: a sync that was cut anywhere is done only where both hold the same`() throws {
        let whole = try apart(seed: 5)
        let before = whole.world.carriedByteCount
        let answer = try #require(whole.sync(1, 0))
        #expect(answer.exitCode == .done && holdSame(whole))
        #expect(try whole.nodes[1].store.peers().first?.lastSync != nil)
        let size = whole.world.carriedByteCount - before
        var (missing, complete) = (0, 0)
        let first = Int.random(in: 1...29)
        print("O2: cutting a session of \(size) bytes from byte \(first) on")
        for cut in stride(from: first, through: size, by: 29) {
            let network = try apart(seed: 5)
            network.world.cutNextAfter = cut
            let answer = try #require(network.sync(1, 0), "cut at \(cut)")
            let peer = try #require(answer.document?["peers"]?.items?.first, "cut at \(cut)")
            let lastSync = try network.nodes[1].store.peers().first?.lastSync
            if holdSame(network) {
                complete += 1
            } else {
                missing += 1
                #expect(answer.exitCode != .done && peer["identical"]?.flag != true, "cut at \(cut): \(answer)")
                #expect(peer["result"]?.text != "complete" && lastSync == nil, "cut at \(cut): \(answer)")
            }
            #expect((answer.exitCode == .done) == (lastSync != nil), "cut at \(cut)")
        }
        #expect(missing > 20 && missing > complete)
    }

    @Test func `O2: what was written after the last sync is no part of what it said`() throws {
        let network = try apart(seed: 6)
        _ = network.sync(1, 0)
        let met = try #require(try network.nodes[1].store.peers().first?.lastSync)
        network.nodes[0].network.isOnline = false
        var editor = RandomEditor(random: SeededEntropy(seed: 7))
        network.world.run(milliseconds: 5_000)
        for _ in 0..<5 { try editor.edit(network.nodes[1].store) }
        let answer = try #require(network.sync(1, 0))
        #expect(answer.exitCode == .noPeer && !holdSame(network))
        #expect(try network.nodes[1].store.peers().first?.lastSync == met)
    }
}
