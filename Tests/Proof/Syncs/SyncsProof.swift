import Bytes
import Crypto
import Node
import Reactor
import Records
import Replica
import Store

/// C3, C5, C11: two nodes that share a history and write on apart are equal after one session without a fault, in
/// whatever way earlier sessions were cut, lagged, crossed each other or began from a checkpoint that is out of date.
///
/// Each seed is a network of two or three nodes that lives through some rounds: both sides change, sessions are
/// disturbed, and then a quiet one must make them equal.
struct SyncsProof: Proof {
    static let name = "syncs"

    /// Rounds of one seed.
    static let rounds = 24

    private var tally = SyncTally()

    mutating func run(seed: UInt64) throws -> Digest {
        var network = try SyncNetwork(seed: seed)
        // Also of a seed that ends in a defect: a stall is counted.
        defer { tally.add(network.tally) }
        for round in 0..<Self.rounds {
            do { try network.live() } catch let defect as Defect {
                throw Defect("round \(round): \(defect.description)")
            }
        }
        return network.trace
    }

    var counts: [(name: String, count: Int)] { tally.counts }
}

/// What was done.
struct SyncTally {
    /// Commands that were answered: each is at least one session.
    var syncs = 0
    var cuts = 0
    /// Commands that got no answer; a defect.
    var stalls = 0
    var quietSyncs = 0
    var forks = 0
    var twins = 0
    var restores = 0
    var openings = 0
    var crossings = 0
    var edits = 0
    var editsMeanwhile = 0
    var idleSyncs = 0
    var staleCheckpoints = 0
    var entriesSent = 0
    /// Entries of forked logs that a side was sent though it held them.
    var entriesSentTwice = 0

    private static var all: [(String, WritableKeyPath<SyncTally, Int>)] {
        [
            ("syncs", \.syncs), ("cuts", \.cuts), ("stalls", \.stalls), ("quiet syncs", \.quietSyncs),
            ("forks", \.forks), ("twins", \.twins), ("restores", \.restores), ("openings", \.openings),
            ("crossed dials", \.crossings), ("edits", \.edits), ("edits meanwhile", \.editsMeanwhile),
            ("syncs with nothing to do", \.idleSyncs),
            ("stale checkpoints", \.staleCheckpoints), ("entries sent", \.entriesSent),
            ("entries of forked logs sent twice", \.entriesSentTwice),
        ]
    }

    var counts: [(name: String, count: Int)] { Self.all.map { ($0.0, self[keyPath: $0.1]) } }

    mutating func add(_ other: SyncTally) {
        for (_, path) in Self.all { self[keyPath: path] += other[keyPath: path] }
    }
}
