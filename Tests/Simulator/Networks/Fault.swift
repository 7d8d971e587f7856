/// What a simulation does to its machines, links and disks; each kind is counted by itself.
package enum Fault: Int, CaseIterable, Sendable {
    // Links.
    case refusedDial
    case cut
    case cutUnheard
    case silentTowards
    case silentFrom
    case slowLink
    case tinyChunks
    case lostBytes
    case doubledBytes
    case swappedBytes
    case flippedBytes
    case inventedBytes
    case sleep
    // Disks.
    case ioError
    case fullDisk
    case shortWrite
    case failedSync
    case powerLoss
    case flippedBit
    // Processes.
    case killAtCall
    case kill
    case restart
    case restoredCopy
    case restoredImage
    case clonedCopy
    case clonedImage
    // Clocks.
    case clockAt1970
    case clockAt2099
    case clockBack
    case clockForward
    case drift
    // Versions.
    case olderTable
    case nextTable
    case nextRuleSet
    case unknownOperation
    case unknownKind
    // Peers gone bad.
    case byzantine
}

/// What a machine was at when a fault came.
package enum VictimState: Int, CaseIterable, Sendable {
    case off
    case idle
    case opening
    case writing
    case reading
    case repairing
    case handshaking
    case exchanging
    case live
}

/// How often each kind of fault has hit each state of its victim.
package struct Coverage: Sendable {
    /// By fault, then by state.
    package private(set) var hits = [[Int]](
        repeating: [Int](repeating: 0, count: VictimState.allCases.count), count: Fault.allCases.count)

    package init() {}

    /// Notes faults.
    package mutating func add(_ fault: Fault, in state: VictimState, count: Int = 1) {
        hits[fault.rawValue][state.rawValue] += count
    }

    /// All faults of a kind.
    package func count(_ fault: Fault) -> Int { hits[fault.rawValue].reduce(0, +) }

    /// All faults.
    package var total: Int { Fault.allCases.reduce(0) { $0 + count($1) } }

    /// Takes another's counts in.
    package mutating func add(_ other: Coverage) {
        for fault in Fault.allCases {
            for state in VictimState.allCases {
                hits[fault.rawValue][state.rawValue] += other.hits[fault.rawValue][state.rawValue]
            }
        }
    }
}
