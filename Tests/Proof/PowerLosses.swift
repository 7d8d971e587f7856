import Bytes
import Crypto
import MemoryDisk

/// The power fails, at any call of the disk: the store opens again, holds what it acknowledged, and never contradicts
/// what it has handed out.
///
/// Each seed is one history of a store on a disk in memory, with a peer that survives, and twenty losses. Faults of
/// calls come between. Whatever fails on a disk that was not told to fail is a defect.
struct PowerLosses: Proof {
    static let name = "powerlosses"

    /// Losses of one history; more would make the store grow, and with it the cost of each.
    static let lossesPerHistory = 20

    private var tally = LossTally()

    mutating func run(seed: UInt64) throws -> Digest {
        var history = try LossHistory(seed: seed)
        defer { tally.add(history) }
        do {
            for _ in 0..<Self.lossesPerHistory { try history.round() }
            try history.end()
        } catch {
            tally.note("\(error)")
            throw error
        }
        return Hash.blake2b(.stored, history.trace)
    }

    var counts: [(name: String, count: Int)] { tally.counts }
}

/// What was done in all histories so far.
private struct LossTally {
    private var sums: [String: Int] = [:]
    /// What must never come of a loss, with the words that such a defect begins with.
    private static let failures = [
        (name: "corrupt", words: "corrupt"), (name: "acknowledged and lost", words: "acknowledged and lost"),
        (name: "forks of oneself", words: "a fork of oneself"),
    ]
    private var failureCounts = [Int](repeating: 0, count: failures.count)

    /// Counts a defect under the words that it begins with.
    mutating func note(_ defect: String) {
        for (index, failure) in Self.failures.enumerated() where defect.hasPrefix(failure.words) {
            failureCounts[index] += 1
        }
    }

    mutating func add(_ history: LossHistory) {
        let injected = history.disk.injected
        let figures: [(String, Int)] = [
            ("power losses", injected.powerLosses), ("processes killed", history.kills),
            ("losses while recovering", history.lossesWhileRecovering),
            ("commits acknowledged", history.acknowledged), ("entries handed out", history.handedOut),
            ("stores verified", history.verified), ("lives", history.lives),
            ("faults of io", injected.ioErrors), ("faults of fsync", injected.failedSyncs),
            ("full disks", injected.fullDisks), ("short writes", injected.shortWrites),
            ("sectors lost", injected.lostSectors), ("sectors torn", injected.tornSectors),
            ("lengths lost", injected.lostLengths), ("names lost", injected.lostNames),
        ]
        for (name, count) in figures { sums[name, default: 0] += count }
    }

    var counts: [(name: String, count: Int)] {
        sums.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
            + zip(Self.failures, failureCounts).map { (name: $0.name, count: $1) }
    }
}
