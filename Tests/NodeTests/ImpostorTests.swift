import Bytes
import Crypto
import Node
import Replica
import Simulator
import Store
import Testing

/// Somebody who shows what belongs to another.
@Suite struct ImpostorTests {
    @Test func `A12: a certificate that another device was given opens no session`() throws {
        let network = try SimulatedNetwork(members: 3, seed: 12)
        let (founder, victim, thief) = (network.nodes[0], network.nodes[1], network.nodes[2])
        // Certificates are shown to everybody who asks, so anybody has them.
        let stolen = try #require(try victim.store.meta("certificate"))
        try thief.store.setMeta("certificate", stolen)
        var editor = RandomEditor(random: SeededEntropy(seed: 12))
        for _ in 0..<5 { try editor.edit(thief.store) }
        let (state, frontier) = (founder.store.state(of: SpaceName.net), founder.store.frontier(of: SpaceName.net))
        for (from, to) in [(2, 0), (0, 2), (1, 2)] {
            let answer = try #require(network.sync(from, to), "\(from) with \(to)")
            #expect(answer.exitCode != .done, "\(from) with \(to): \(answer)")
        }
        #expect(founder.store.state(of: SpaceName.net) == state)
        #expect(founder.store.frontier(of: SpaceName.net) == frontier)
        // With its own it is let in again.
        let own = try #require(thief.store.identity?.grant.flatMap { try? founder.store.certificate(for: $0) })
        try thief.store.setMeta("certificate", own.encoded)
        #expect(try #require(network.sync(2, 0)).exitCode == .done)
        #expect(founder.store.state(of: SpaceName.net) != state)
    }
}
