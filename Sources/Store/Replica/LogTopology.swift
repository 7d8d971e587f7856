package import Crypto
package import Replica

/// A log that this replica holds, by its local number.
package struct LogRow: Hashable, Sendable {
    package let number: Int
    package let id: Digest
    package let descriptor: LogDescriptor
}

/// One branch of a log: a chain that leaves another branch, or begins with the log.
///
/// Numbers are local and stable; nothing that is hashed depends on them.
package struct BranchRow: Hashable, Sendable {
    package let number: Int
    package let log: Int
    /// The branch that it leaves; nil if it begins with the log.
    package let parent: Int?
    /// The last sequence number shared with the parent; −1 if it begins with the log.
    package let parentSequence: Int
    /// The sequence number of the newest entry.
    package var head: Int
    package var headID: Digest
    /// How full the newest segment of the chain is.
    var fill: SegmentFill
    /// The sequence number with which the newest full-sized segment of the chain begins.
    package var start: Int
    /// The grant under which the newest entry was written; nil for a root key.
    package var auth: Digest?
}

/// Where an entry stands: the branch that itself holds it, and its sequence number.
typealias Place = (branch: Int, sequence: Int)

/// Which logs and branches a replica holds, and what lies below what.
struct LogTopology {
    private(set) var logs: [LogRow] = []
    private var logNumbers: [Digest: Int] = [:]
    private(set) var branches: [BranchRow] = []
    private var branchesByLog: [[Int]] = []

    mutating func add(_ log: LogRow) {
        precondition(log.number == logs.count, "logs are numbered from 0 without gaps")
        logs.append(log)
        logNumbers[log.id] = log.number
        branchesByLog.append([])
    }

    /// Whether a branch that was read from a file goes with those before it.
    func canAdd(_ branch: BranchRow) -> Bool {
        guard branch.number == branches.count, logs.indices.contains(branch.log),
            (-1..<EntryLimits.sequence).contains(branch.parentSequence), branch.head > branch.parentSequence,
            branch.head <= EntryLimits.sequence,
            (0...branch.head).contains(branch.start), branch.fill.isPossible
        else { return false }
        guard let parent = branch.parent else { return branch.parentSequence == -1 }
        return branches.indices.contains(parent) && branches[parent].log == branch.log
            && (-1...branches[parent].head).contains(branch.parentSequence)
    }

    /// Whether a place that was read from a file can be one.
    func canHold(_ place: Place) -> Bool {
        guard branches.indices.contains(place.branch) else { return false }
        let row = branches[place.branch]
        return place.sequence > row.parentSequence && place.sequence <= row.head
    }

    mutating func add(_ branch: BranchRow) {
        precondition(branch.number == branches.count, "branches are numbered from 0 without gaps")
        branches.append(branch)
        branchesByLog[branch.log].append(branch.number)
    }

    mutating func update(_ branch: BranchRow) { branches[branch.number] = branch }

    /// Whether any log has more than one branch.
    var hasForks: Bool { branches.count > logs.count }

    /// The log with this id.
    func log(_ id: Digest) -> LogRow? { logNumbers[id].map { logs[$0] } }

    /// The branches of a log, oldest first.
    func branches(of log: Int) -> [Int] { branchesByLog[log] }

    /// The branch that holds a sequence number on the chain that leads to `branch`.
    func holder(of sequence: Int, below branch: Int) -> Int {
        var number = branch
        while sequence <= branches[number].parentSequence, let parent = branches[number].parent { number = parent }
        return number
    }

    /// Whether an entry is the other or lies below it.
    func isAtOrBelow(_ place: (branch: Int, sequence: Int), _ other: (branch: Int, sequence: Int)) -> Bool {
        place.sequence <= other.sequence && holder(of: place.sequence, below: other.branch) == place.branch
    }

    /// The branch that holds the one entry of a log with this sequence number; nil if there is none or there are
    /// several.
    func onlyHolder(of sequence: Int, in log: Int) -> Int? {
        let all = branchesByLog[log]
        if all.count == 1 { return sequence <= branches[all[0]].head ? all[0] : nil }
        let holders = Set(all.filter { sequence <= branches[$0].head }.map { holder(of: sequence, below: $0) })
        return holders.count == 1 ? holders.first : nil
    }
}
