import Crypto
import Simulator
import Store

/// Correlated histories put together in many orders on real stores give one frontier, one state and one view.
struct Merges: Proof {
    static let name = "merges"

    private var network: FixedNetwork?
    private var trial: MergeTrial?
    /// Started with the first history that it is asked about.
    private var oracle: ReferenceOracle?
    private var asked = 0

    mutating func run(seed: UInt64) throws -> Digest {
        let network = try self.network ?? FixedNetwork()
        self.network = network
        var trial = self.trial ?? MergeTrial(network)
        let history = CorrelatedHistory(network, seed: seed)
        let shown: MergeTrial.Snapshot
        do {
            shown = try trial.run(history)
            // A tenth: each answer stands for all cases of its history.
            if seed % 10 == 0 { try ask(history, network, shown) }
        } catch { throw Defect("\(error)\n\(history)") }
        self.trial = trial
        var hash = IncrementalHash(.entropy)
        for digest in shown.frontiers + shown.states { hash.update(digest) }
        return hash.finish()
    }

    /// The Python implementation must say the same of the same segments.
    private mutating func ask(
        _ history: CorrelatedHistory, _ network: FixedNetwork, _ shown: MergeTrial.Snapshot
    ) throws {
        let oracle = try self.oracle ?? ReferenceOracle(network)
        self.oracle = oracle
        asked += 1
        var segments = history.pieces.indices.map { history.explicit($0).bytes }
        if history.hasLateAuthor { segments += network.lateExplicit }
        let answer = try oracle.answer(to: segments)
        let expected = shown.lines(quarantined: history.strangersCount)
        guard answer != expected else { return }
        throw Defect("the reference says\n\(answer)\nand the stores\n\(expected)")
    }

    var counts: [(name: String, count: Int)] {
        let counts = trial?.counts ?? MergeTrial.Counts()
        return [
            ("histories", counts.histories), ("histories through the reference", asked), ("entries", counts.entries),
            // A history, or a side of it, that one store takes in on a way of its own, and what it then holds.
            ("cases", counts.deliveries),
            ("merges compared", counts.comparisons), ("reloads", counts.reloads), ("rebuilds", counts.rebuilds),
            ("histories with forks", counts.forked), ("with quarantine", counts.quarantined),
            ("with a late admission", counts.lateAdmissions), ("with conflicts", counts.conflicts),
            ("with contested records", counts.contested), ("with entries not understood", counts.notUnderstood),
        ]
    }
}
