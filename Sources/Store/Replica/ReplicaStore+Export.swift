import Crypto
package import Replica

extension ReplicaStore {
    /// The runs of all logs inside the frontier in explicit form, cut as Protocol/03-segments.md says: equal
    /// replicas export equal bytes.
    ///
    /// Ascending by log id, first sequence number and last entry id.
    /// - Parameter leavingOut: is told of each damaged piece, which is left out then; nil to end at the first.
    package func exportSegments(
        leavingOut: ((String) -> Void)? = nil,
        _ body: (_ descriptor: LogDescriptor, _ first: Int, _ bytes: [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        var (count, byteCount) = (0, 0)
        for log in topology.logs.sorted(by: { $0.id < $1.id }) {
            let tree = try LogTree(of: log, in: self, leavingOut)
            for run in try tree.runs() {
                try tell(WorkProgress("exporting segments", done: count, byteCount: byteCount))
                guard let last = run.last, let seal = tree.seals[last.id] else {
                    throw damaged("a run of log \(log.id.hex) has no seal")
                }
                let segment = ExplicitSegment(descriptor: log.descriptor, entries: run, seal: seal)
                let bytes = segment.encoded
                try body(log.descriptor, run[0].header.sequence, bytes)
                (count, byteCount) = (count + 1, byteCount + bytes.count)
            }
        }
    }
}

/// All entries of one log, by what they follow.
private struct LogTree {
    private let log: Digest
    private var entries: [Digest: SegmentEntry] = [:]
    /// Ascending.
    private var children: [Digest: [Digest]] = [:]
    private(set) var seals: [Digest: Signature] = [:]

    init(of log: LogRow, in store: ReplicaStore, _ leavingOut: ((String) -> Void)?) throws(StoreError) {
        self.log = log.id
        for branch in store.topology.branches(of: log.number) {
            for number in try LogTree.numbers(of: branch, in: store, leavingOut) {
                let piece: StoredSegment
                do { piece = try store.storedSegment(number) } catch {
                    guard case .corrupt = error, let leavingOut else { throw error }
                    leavingOut("\(error)")
                    continue
                }
                for entry in piece.entries {
                    entries[entry.id] = entry
                    children[entry.header.previous, default: []].append(entry.id)
                }
                if let last = piece.entries.last { seals[last.id] = piece.seal }
            }
        }
        for (id, ids) in children { children[id] = ids.sorted() }
    }

    /// The pieces of a branch, ascending.
    private static func numbers(
        of branch: Int, in store: ReplicaStore, _ leavingOut: ((String) -> Void)?
    ) throws(StoreError) -> [Int] {
        var numbers: [Int] = []
        do {
            let rows = try store.connection.query("SELECT n FROM segments WHERE branch = ? ORDER BY first")
                .bind(1, branch)
            defer { rows.reset() }
            while try rows.step() { numbers.append(rows.int(0)) }
        } catch {
            guard case .corrupt = error, let leavingOut else { throw error }
            leavingOut("\(error)")
        }
        return numbers
    }

    /// A chain still to walk: what it begins with, and how full the segment is before that.
    private struct Chain {
        /// The members of the transaction inside of which it leaves another chain.
        var transaction: [SegmentEntry] = []
        let begin: Digest
        let fill: SegmentFill
    }

    func runs() throws(StoreError) -> [[SegmentEntry]] {
        var runs: [[SegmentEntry]] = []
        // Where a piece is left out a chain begins above it.
        let roots = children.keys.filter { $0 == log || entries[$0] == nil }.sorted()
        var chains = roots.flatMap { children[$0] ?? [] }.map { Chain(begin: $0, fill: SegmentFill()) }
        while let chain = chains.popLast() {
            var (transaction, fill): ([SegmentEntry], SegmentFill) = (chain.transaction, chain.fill)
            var next: Digest? = chain.begin
            var run: [SegmentEntry] = []
            while let id = next, let entry = entries[id] {
                transaction.append(entry)
                let after = children[id] ?? []
                next = after.first
                if entry.header.following > 0 {
                    chains += after.dropFirst().map { Chain(transaction: transaction, begin: $0, fill: fill) }
                    continue
                }
                let begins = fill.add(
                    count: transaction.count, bytes: transaction.reduce(0) { $0 + $1.size },
                    statesAuth: transaction[0].header.auth != nil)
                if begins, !run.isEmpty {
                    runs.append(sealed(run))
                    run = []
                }
                run += transaction
                transaction = []
                chains += after.dropFirst().map { Chain(begin: $0, fill: fill) }
            }
            if !run.isEmpty { runs.append(sealed(run)) }
        }
        return runs.sorted {
            ($0[0].header.sequence, $0[$0.count - 1].id) < ($1[0].header.sequence, $1[$1.count - 1].id)
        }
    }

    /// A run up to a seal.
    ///
    /// Where a chain ends a segment at a fork that lies within a segment of the other chain,
    /// nobody may have sealed that entry: then
    /// the run goes on along the other one.
    private func sealed(_ run: [SegmentEntry]) -> [SegmentEntry] {
        if let last = run.last, seals[last.id] != nil { return run }
        var best = run
        var paths = [run]
        while let path = paths.popLast(), let last = path.last {
            if seals[last.id] != nil {
                best = path
                break
            }
            paths += (children[last.id] ?? []).compactMap { entries[$0] }.map { path + [$0] }
        }
        return best
    }
}
