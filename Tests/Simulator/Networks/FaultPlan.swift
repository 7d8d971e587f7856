/// How often each kind of fault comes in one simulation, drawn from its seed.
///
/// Each kind is left out of half of all simulations, and those that come do so at rates that differ by a factor of
/// sixteen: what always happens together hides what happens alone (swarm testing: Groce et al., ISSTA 2012).
package struct FaultPlan: Sendable {
    /// So many in a million opportunities, by fault.
    private var rates = [Int](repeating: 0, count: Fault.allCases.count)

    /// No faults.
    package init() {}

    package init(random: inout SimulationRandom) {
        for fault in Fault.allCases {
            let isOn = random.below(2) == 0
            let base = (FaultPlan.base(fault) << random.below(5)) / 4
            rates[fault.rawValue] = isOn ? base : 0
        }
    }

    /// Whether a fault comes at this opportunity.
    package func draws(_ fault: Fault, _ random: inout SimulationRandom) -> Bool {
        rates[fault.rawValue] > 0 && random.chance(perMillion: rates[fault.rawValue])
    }

    /// So many in a million opportunities.
    package func rate(_ fault: Fault) -> Int { rates[fault.rawValue] }

    /// The rate in the middle, in a million opportunities: connections, steps of a machine, calls of a disk, or
    /// machines, as each kind has it.
    private static func base(_ fault: Fault) -> Int {
        switch fault {
        case .refusedDial: 150_000
        case .cut, .cutUnheard: 80_000
        case .silentTowards, .silentFrom: 45_000
        case .slowLink, .tinyChunks: 80_000
        case .lostBytes, .doubledBytes, .swappedBytes, .flippedBytes, .inventedBytes: 60_000
        case .sleep: 150_000
        case .ioError, .fullDisk, .shortWrite, .failedSync: 40
        case .powerLoss, .killAtCall, .kill, .restart: 6_000
        case .flippedBit: 2_000
        case .restoredCopy, .restoredImage, .clonedCopy, .clonedImage: 3_000
        case .clockAt1970, .clockAt2099, .clockBack, .clockForward, .drift: 200_000
        case .olderTable, .nextTable: 300_000
        case .nextRuleSet: 200_000
        case .unknownOperation, .unknownKind: 50_000
        case .byzantine: 100_000
        }
    }
}
