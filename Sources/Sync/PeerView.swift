import Crypto
import Replica

/// What this side holds, and what of it the peer holds too: per branch, the next sequence number that the peer lacks.
struct PeerView {
    private(set) var branches: [Int: Branch] = [:]
    /// The branches of each log, in the order in which they were met: each after its parent.
    private(set) var logs: [Digest: [Int]] = [:]
    /// The peer holds the branch up to before this number; nothing of its own where there is none.
    private var held: [Int: Int] = [:]

    /// Takes over a branch that is new or moved.
    mutating func update(_ branch: Branch) {
        if branches.updateValue(branch, forKey: branch.number) == nil {
            logs[branch.log, default: []].append(branch.number)
        }
    }

    /// All logs, ascending.
    var sortedLogs: [Digest] { logs.keys.sorted() }

    // MARK: What this side holds

    /// The branches at whose end no other begins: those with the heads of a log.
    func leaves(_ log: Digest) -> [Branch] {
        let own = logs[log, default: []].compactMap { branches[$0] }.filter { !$0.isEmpty }
        guard own.count > 1 else { return own }
        var covered: Set<Int> = []
        for branch in own {
            guard let parent = branch.parent.flatMap({ branches[$0] }) else { continue }
            if branch.parentSequence >= parent.count - 1 { covered.insert(parent.number) }
        }
        return own.filter { !covered.contains($0.number) }
    }

    /// The heads of a log, ascending.
    func heads(_ log: Digest) -> [Head] {
        leaves(log).map { Head(sequence: $0.count - 1, prefix: $0.head.word0) }.sorted()
    }

    /// What is said of a log while counts can say it.
    func item(_ log: Digest, limits: SyncLimits) -> LogItem {
        let heads = heads(log)
        if heads.count > 1 { return .heads(Array(heads.prefix(limits.heads))) }
        return .count(heads.first.map { $0.sequence + 1 } ?? 0)
    }

    /// Whether a log has more than one head.
    func isForked(_ log: Digest) -> Bool { leaves(log).count > 1 }

    /// The descriptor of a log; nil if nothing of it is held.
    func descriptor(_ log: Digest) -> LogDescriptor? {
        logs[log]?.first.flatMap { branches[$0] }?.descriptor
    }

    /// The branch that holds the entry which the chain of `branch` has at `sequence`.
    func branch(of sequence: Int, below branch: Branch) -> Branch {
        var branch = branch
        while sequence <= branch.parentSequence, let parent = branch.parent.flatMap({ branches[$0] }) {
            branch = parent
        }
        return branch
    }

    // MARK: What the peer holds

    /// The first number of the branch that the peer lacks.
    func heldCount(_ number: Int) -> Int {
        held[number] ?? ((branches[number]?.parentSequence ?? -1) + 1)
    }

    /// Whether the peer lacks something of the branch.
    func lacks(_ number: Int) -> Bool {
        guard let branch = branches[number] else { return false }
        return heldCount(number) < branch.count
    }

    /// The peer holds the chain of the branch up to before `end`, with all that lies below.
    mutating func mark(_ number: Int, upTo end: Int) {
        var number = number
        var end = end
        while true {
            guard let branch = branches[number] else {
                // Kept outside of the frontier for now; known if it comes inside.
                held[number] = max(held[number] ?? 0, end)
                return
            }
            if end > branch.parentSequence + 1 {
                if let known = held[number], known >= end { return }
                held[number] = end
            }
            guard let parent = branch.parent else { return }
            number = parent
            end = min(end, branch.parentSequence + 1)
        }
    }

    /// The peer holds this many entries of a log of which it has one head, as this side has.
    mutating func mark(_ log: Digest, count: Int) {
        let leaves = leaves(log)
        guard let leaf = leaves.count == 1 ? leaves.first : logs[log]?.first.flatMap({ branches[$0] }) else { return }
        mark(leaf.number, upTo: min(count, leaf.count))
    }

    /// The peer holds all of a log.
    mutating func markAll(_ log: Digest) {
        for leaf in leaves(log) { mark(leaf.number, upTo: leaf.count) }
    }

    /// Forgets what the peer was thought to hold of a log.
    mutating func forget(_ log: Digest) {
        for number in logs[log, default: []] { held[number] = nil }
    }

    /// Forgets what the peer was thought to hold.
    mutating func forgetAll() { held = [:] }
}

/// Branches that wait to be sent: control first, then in the order in which the store took their entries in.
struct SendQueue {
    /// Where a branch stands.
    struct Place: Comparable {
        let isControl: Bool
        let order: Int
        let branch: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.isControl ? 0 : 1, left.order, left.branch) < (right.isControl ? 0 : 1, right.order, right.branch)
        }
    }

    /// A binary heap, the least place first.
    private var heap: [Place] = []
    private var members: Set<Int> = []

    var isEmpty: Bool { heap.isEmpty }

    /// Whether the branch waits already.
    func contains(_ branch: Int) -> Bool { members.contains(branch) }

    mutating func insert(_ place: Place) {
        guard members.insert(place.branch).inserted else { return }
        heap.append(place)
        var index = heap.count - 1
        while index > 0, heap[index] < heap[(index - 1) / 2] {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func popFirst() -> Place? {
        guard let first = heap.first else { return nil }
        members.remove(first.branch)
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0] < heap[$1] }), heap[least] < heap[index] else { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}
