import Crypto
import Replica
import Bytes

extension ReplicaStore {
    /// Stores the works that are complete and hang on nothing that is not; inside a transaction.
    /// - Returns: true if anything was stored or quarantined.
    func store(_ works: inout [SegmentWork]) throws(IngestFailure) -> Bool {
        var changed = false
        for index in works.indices {
            guard case .quarantined(let reason) = works[index].progress else { continue }
            let kept = try wrap { () throws(StoreError) in try keep(works[index], reason: reason) }
            works[index].progress = .finished(.quarantined(log: works[index].log, reason: reason, kept: kept))
            changed = true
        }
        let ready = try wrap { () throws(StoreError) in try closed(works) }
        guard !ready.isEmpty else { return changed }
        // Statements of the batch count for its entries, whatever their order.
        authority = authority(with: ready.map { works[$0] })
        var placements = claim(ready, works)
        var touched = Touched()
        var progressed = true
        while progressed {
            progressed = false
            for index in placements.indices {
                let work = works[placements[index].work]
                while placements[index].next < work.entries.count, try placeNext(work, &placements[index], &touched) {
                    progressed = true
                }
                if let position = placements[index].position {
                    if placements[index].isUnfinished(of: work.entries.count) {
                        touched.unfinished[position.branch] = index
                    } else if touched.unfinished[position.branch] == index {
                        touched.unfinished[position.branch] = nil
                    }
                }
            }
        }
        // Pieces of one branch are joined as they come, so they must come in order, however the segments came.
        for placement in placements.sorted(by: { ($0.position?.sequence ?? 0) < ($1.position?.sequence ?? 0) }) {
            let work = works[placement.work]
            // `closed` has shown that everything that is named is here or among the works.
            guard placement.next == work.entries.count else {
                throw .store(damaged("what segment \(work.first) of log \(work.log.hex) names"))
            }
            try wrap { () throws(StoreError) in try finish(work, placement) }
            guard let place = placement.position else { preconditionFailure("a segment has entries") }
            works[placement.work].progress = .finished(
                .stored(log: work.log, branch: place.branch, last: place.sequence, new: placement.new))
        }
        try wrap { () throws(StoreError) in
            try refreshDeletions(touched)
            try saveTotals()
            try noteArrivals(placements, works)
        }
        return true
    }

    /// How far a work has been put into its place.
    struct Placement {
        let work: Int
        var next = 0
        /// Where the last entry stands.
        var position: (branch: Int, sequence: Int)?
        /// The index of the first entry that was not held before.
        var firstNew: Int?
        /// The entries before this index are held, or stored by another work of the batch that holds them too.
        let claimed: Int
        /// Entries that are new here.
        var new = 0
        /// Where the canonical segment of the new entries begins.
        var start = 0

        func isUnfinished(of count: Int) -> Bool { firstNew != nil && next < count }
    }

    /// Gives each new entry to one work, where several hold it: what a work leaves to others is a beginning of its
    /// entries.
    ///
    /// Of two works with an entry in common the one that begins lower holds all of the chain between their
    /// beginnings, so it takes all that it holds.
    private func claim(_ ready: [Int], _ works: [SegmentWork]) -> [Placement] {
        var claimed: Set<Digest> = []
        let order = ready.sorted {
            (works[$0].first, -works[$0].entries.count, $0) < (works[$1].first, -works[$1].entries.count, $1)
        }
        return order.map { index in
            let entries = works[index].entries
            let others = entries.prefix { claimed.contains($0.id) }.count
            claimed.formUnion(entries.map(\.id))
            return Placement(work: index, claimed: others)
        }
    }

    /// What a batch changed, for what is refreshed once at its end.
    struct Touched {
        /// Records whose deletion may have changed.
        var records: Set<Int> = []
        /// The branches to whose end a segment is being added that waits for others in between: nobody else may
        /// extend them.
        var unfinished: [Int: Int] = [:]
    }

    private func wrap<R>(_ body: () throws(StoreError) -> R) throws(IngestFailure) -> R {
        do { return try body() } catch { throw .store(error) }
    }

    /// The complete works that name only what is held or what other such works hold.
    /// - Complexity: O(entries and names of the works): a long chain may hang on one that waits.
    func closed(_ works: [SegmentWork]) throws(StoreError) -> [Int] {
        let complete = works.indices.filter { works[$0].progress == .complete }
        guard works.contains(where: { $0.progress == .open }) else { return complete }
        // How many of them hold an entry, and which need it.
        var holders: [Digest: Int] = [:]
        var needing: [Digest: [Int]] = [:]
        for index in complete {
            for entry in works[index].entries { holders[entry.id, default: 0] += 1 }
        }
        var dropped: Set<Int> = []
        var queue: [Int] = []
        for index in complete {
            var isWhole = works[index].base != nil
            for id in needs(of: works[index]) {
                needing[id, default: []].append(index)
                if isWhole, holders[id] == nil { isWhole = try place(of: id) != nil }
            }
            if !isWhole, dropped.insert(index).inserted { queue.append(index) }
        }
        while let index = queue.popLast() {
            for entry in works[index].entries {
                let left = holders[entry.id, default: 0] - 1
                holders[entry.id] = left
                guard left == 0, let others = needing[entry.id], try place(of: entry.id) == nil else { continue }
                for other in others where dropped.insert(other).inserted { queue.append(other) }
            }
        }
        return complete.filter { !dropped.contains($0) }
    }

    /// The entries that must be held before a work can be stored.
    private func needs(of work: SegmentWork) -> Set<Digest> {
        var needed = Set(work.entries.flatMap(\.names))
        if let base = work.base, base.branch == nil, work.first > 0 { needed.insert(base.previous) }
        return needed
    }

    /// Puts the next entry of a work into its place.
    /// - Returns: false if it names an entry that has not been placed yet.
    private func placeNext(_ work: SegmentWork, _ placement: inout Placement, _ touched: inout Touched)
        throws(IngestFailure) -> Bool
    {
        let entry = work.entries[placement.next]
        if placement.next == 0, work.first > 0, placement.position == nil {
            guard let base = work.base else { return false }
            guard let below = try wrap({ () throws(StoreError) in try place(of: base.previous) }) else { return false }
            guard try wrap({ () throws(StoreError) in try membersAfter(below) }) == 0 else {
                throw .segment(.chain(sequence: work.first), work: work.index)
            }
            placement.position = below
        }
        if placement.firstNew == nil, let held = try wrap({ () throws(StoreError) in try place(of: entry.id) }) {
            placement.position = held
            placement.next += 1
            return true
        }
        guard placement.next >= placement.claimed else { return false }
        var names: [NamedRow] = []
        for id in entry.names {
            guard let row = try wrap({ () throws(StoreError) in try namedRow(id) }) else { return false }
            names.append(row)
        }
        let branch = try attach(work, entry, &placement, touched)
        try wrap { () throws(StoreError) in
            try append(entry, of: work, to: branch, names: names, &touched)
        }
        placement.position = (branch, entry.header.sequence)
        placement.new += 1
        placement.next += 1
        return true
    }

    /// Finds or makes the branch that an entry goes to, and counts it into the fill of its segment.
    private func attach(
        _ work: SegmentWork, _ entry: SegmentEntry, _ placement: inout Placement, _ touched: Touched
    ) throws(IngestFailure) -> Int {
        var branch: BranchRow
        if placement.firstNew == nil {
            placement.firstNew = placement.next
            branch = try wrap { () throws(StoreError) in try branchToExtend(work, above: placement.position, touched) }
        } else {
            guard let position = placement.position else { preconditionFailure("a second entry has one before it") }
            branch = topology.branches[position.branch]
        }
        // A transaction is counted once: with its first entry, or with the first that leaves another branch inside
        // of it.
        let begin = work.entries.firstOfTransaction(at: placement.next)
        if begin == placement.next || placement.firstNew == placement.next {
            if begin < placement.next {
                (branch.fill, branch.start) = try wrap { () throws(StoreError) in
                    try fill(before: work.entries[begin], branch: branch)
                }
            }
            let first = work.entries[begin]
            let members = work.entries[begin...(begin + first.header.following)]
            let begins = branch.fill.add(
                count: members.count, bytes: members.reduce(0) { $0 + $1.size }, statesAuth: first.header.auth != nil)
            if begins {
                guard begin == 0 else { throw .segment(.chain(sequence: first.header.sequence), work: work.index) }
                branch.start = first.header.sequence
            }
        }
        placement.start = branch.start
        branch.head = entry.header.sequence
        branch.headID = entry.id
        branch.auth = work.auth
        topology.update(branch)
        return branch.number
    }

    private func branchToExtend(
        _ work: SegmentWork, above position: (branch: Int, sequence: Int)?, _ touched: Touched
    ) throws(StoreError) -> BranchRow {
        let log: LogRow
        if let known = topology.log(work.log) { log = known } else { log = try addLog(work.descriptor, id: work.log) }
        guard let position else {
            return try addBranch(log: log.number, parent: nil, parentSequence: -1, fill: SegmentFill(), start: 0)
        }
        let below = topology.branches[position.branch]
        if below.head == position.sequence, touched.unfinished[position.branch] == nil { return below }
        let fill = try fill(at: position)
        return try addBranch(
            log: log.number, parent: position.branch, parentSequence: position.sequence, fill: fill,
            start: position.sequence - fill.entries + 1)
    }

    /// How full its segment was with an entry that ends a transaction.
    func fill(at place: (branch: Int, sequence: Int)) throws(StoreError) -> SegmentFill {
        let fill = try connection.query("SELECT fillEntries, fillBytes FROM entries WHERE branch = ? AND sequence = ?")
            .bind(1, place.branch).bind(2, place.sequence).first { SegmentFill(entries: $0.int(0), bytes: $0.int(1)) }
        guard let fill else { return SegmentFill() }
        guard fill.isPossible else { throw damaged("how full a segment was with entry \(place.sequence)") }
        return fill
    }

    /// How full the segment was before a transaction, and where it began.
    func fill(before first: SegmentEntry, branch: BranchRow) throws(StoreError) -> (SegmentFill, start: Int) {
        let sequence = first.header.sequence - 1
        guard sequence >= 0 else { return (SegmentFill(), 0) }
        let holder: Int
        if sequence > branch.parentSequence {
            holder = branch.number
        } else {
            guard let parent = branch.parent else { return (SegmentFill(), 0) }
            holder = topology.holder(of: sequence, below: parent)
        }
        let fill = try fill(at: (holder, sequence))
        return (fill, sequence - fill.entries + 1)
    }

    /// How many members of its transaction follow an entry.
    func membersAfter(_ place: (branch: Int, sequence: Int)) throws(StoreError) -> Int {
        let count =
            try connection.query("SELECT following FROM entries WHERE branch = ? AND sequence = ?")
            .bind(1, place.branch).bind(2, place.sequence).first { $0.int(0) } ?? 0
        guard (0..<SegmentLimits.entries).contains(count) else {
            throw damaged("the transaction of entry \(place.sequence)")
        }
        return count
    }

    private func addLog(_ descriptor: LogDescriptor, id: Digest) throws(StoreError) -> LogRow {
        let row = LogRow(number: topology.logs.count, id: id, descriptor: descriptor)
        try connection.query("INSERT INTO logs(n, id, space, class, device, incarnation) VALUES(?, ?, ?, ?, ?, ?)")
            .bind(1, row.number).bind(2, id).bind(3, descriptor.space).bind(4, descriptor.logClass.rawValue).bind(
                5, descriptor.device
            )
            .bind(6, descriptor.incarnation).run()
        topology.add(row)
        return row
    }

    private func addBranch(log: Int, parent: Int?, parentSequence: Int, fill: SegmentFill, start: Int)
        throws(StoreError) -> BranchRow
    {
        let row = BranchRow(
            number: topology.branches.count, log: log, parent: parent, parentSequence: parentSequence,
            head: parentSequence,
            headID: topology.logs[log].id, fill: fill, start: start, auth: nil)
        topology.add(row)
        return row
    }

    /// Writes the piece of a work that is new, its branch, and the logs that it introduced.
    private func finish(_ work: SegmentWork, _ placement: Placement) throws(StoreError) {
        guard let firstNew = placement.firstNew, let position = placement.position else { return }
        let entries = Array(work.entries[firstNew...])
        try saveBranch(position.branch)
        try addPiece(
            branch: position.branch, start: placement.start, entries: entries, seeds: seeds(of: work, for: entries),
            seal: work.seal, auth: work.auth)
        if let identity, work.descriptor.device == identity.signingKey.verifyingKey,
            work.descriptor.incarnation == incarnation, !isWriting
        {
            // Somebody else lives this life too: it must not go on here, nor after a restart.
            isSuperseded = true
            try setMeta("superseded", work.descriptor.incarnation.bytes)
        }
        guard work.descriptor.logClass == .control else { return }
        let placed: [PlacedStatement]
        do { placed = try self.placed(work) } catch { throw damaged("a statement that was judged: \(error)") }
        statements += placed.suffix(entries.count)
    }

    private func seeds(of work: SegmentWork, for entries: [SegmentEntry]) -> [Seed] {
        let held: [Seed]
        switch work.form {
        case .compact(let segment, _): held = segment.seeds
        case .explicit:
            held = entries.compactMap { entry in
                guard case .full(let leaf, _) = entry.body else { return nil }
                return Seed(level: 8, first: entry.header.sequence, node: leaf)
            }
        }
        return ReplicaStore.cover(held, for: entries)
    }

    /// The fewest nodes of held seeds that cover these entries and nothing else.
    static func cover(_ held: [Seed], for entries: [SegmentEntry]) -> [Seed] {
        guard let first = entries.first?.header.sequence else { return [] }
        let bodies = entries.map(\.body)
        return SaltTree.cover(
            held,
            needs: { sequence in
                guard bodies.indices.contains(sequence - first), case .full = bodies[sequence - first] else {
                    return false
                }
                return true
            },
            allows: { sequence in
                guard bodies.indices.contains(sequence - first) else { return false }
                if case .partial = bodies[sequence - first] { return false }
                return true
            })
    }

    func saveBranch(_ number: Int) throws(StoreError) {
        let row = topology.branches[number]
        try connection.query(
            """
            INSERT OR REPLACE INTO branches(n, log, parent, parentSequence, head, headID, fillEntries,
                fillBytes, start, auth)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, row.number).bind(2, row.log).bind(3, row.parent).bind(4, row.parentSequence).bind(5, row.head).bind(
            6, row.headID
        )
        .bind(7, row.fill.entries).bind(8, row.fill.bytes).bind(9, row.start).bind(10, row.auth).run()
    }
}
