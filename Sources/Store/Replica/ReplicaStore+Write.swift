import Bytes
package import Crypto
package import Replica

extension ReplicaStore {
    /// The seeds of this store's own logs that cover these entries; nil for logs of others.
    func ownSeeds(branch: Int, entries: [SegmentEntry]) throws(StoreError) -> [Seed]? {
        let log = topology.branches[branch].log
        guard let first = entries.first?.header.sequence, let last = entries.last?.header.sequence else { return nil }
        let rows = try connection.query(
            "SELECT first, level, node FROM seeds WHERE log = ? AND first <= ? AND first > ? ORDER BY first"
        )
        .bind(1, log).bind(2, last).bind(3, first - SaltTree.blockSize).all { (r) throws(StoreError) in
            try storedSeed(r)
        }
        // Whoever forked this log had other secrets: only what covers everything is of use.
        let needed = entries.filter { if case .full = $0.body { true } else { false } }
        let fits = needed.allSatisfy { entry in
            guard case .full(let leaf, _) = entry.body,
                let seed = rows.first(where: { $0.leaves.contains(entry.header.sequence) })
            else { return false }
            return SaltTree.leaf(of: seed, at: entry.header.sequence) == leaf
        }
        return rows.isEmpty || !fits ? nil : rows
    }

    /// Reads the columns first, level, node.
    func storedSeed(_ r: Query) throws(StoreError) -> Seed {
        let (first, level) = (r.int(0), r.int(1))
        guard (0...8).contains(level), (0...EntryLimits.sequence).contains(first), first % (1 << (8 - level)) == 0
        else { throw damaged("the secret of a block") }
        return Seed(level: level, first: first, node: try r.fixed(2))
    }

    /// The leaf for an own entry; the secret of its block is made when it is first needed.
    private func ownLeaf(log: Int, sequence: Int) throws(StoreError) -> ShortID {
        let block = sequence / SaltTree.blockSize * SaltTree.blockSize
        let rows = try connection.query(
            "SELECT first, level, node FROM seeds WHERE log = ? AND first >= ? AND first < ?"
        )
        .bind(1, log).bind(2, block).bind(3, block + SaltTree.blockSize).all { (r) throws(StoreError) in
            try storedSeed(r)
        }
        if let seed = rows.first(where: { $0.leaves.contains(sequence) }) {
            return SaltTree.leaf(of: seed, at: sequence)
        }
        // Where an erasure has taken the secrets of a part of the block, each further entry gets one of its own.
        let level = rows.isEmpty ? 0 : 8
        guard let node = ShortID(entropy.fill(16)) else {
            preconditionFailure("entropy gave another count than asked for")
        }
        let seed = Seed(level: level, first: level == 0 ? block : sequence, node: node)
        try connection.query("INSERT INTO seeds(log, first, level, node) VALUES(?, ?, ?, ?)").bind(1, log).bind(
            2, seed.first
        )
        .bind(3, level).bind(4, node).run()
        return SaltTree.leaf(of: seed, at: sequence)
    }

    // MARK: Lives

    /// Opens a life of the store: a new incarnation with its own logs.
    /// - Parameter time: what the clock says, seconds since 1970.
    package func openIncarnation(time: Int64) throws(StoreError) {
        guard let identity else { preconditionFailure("a store without keys opens no incarnation") }
        guard let id = ShortID(entropy.fill(16)) else {
            preconditionFailure("entropy gave another count than asked for")
        }
        let label = statements.count {
            if case .opening(let opening) = $0.statement {
                opening.device == identity.signingKey.verifyingKey
            } else {
                false
            }
        }
        let opening = Replica.Statement.opening(
            .init(device: identity.signingKey.verifyingKey, incarnation: id, label: label))
        try undoingMemory { () throws(StoreError) in
            try setMeta("incarnation", id.bytes)
            incarnation = id
            try writeOwn(space: SpaceName.policy, logClass: .control) { (log, position) throws(StoreError) in
                var header = Header(
                    sequence: position.sequence, previous: position.previous, auth: identity.grant, time: time,
                    record: .new(kind: opening.number),
                    operations: [opening.operation])
                header.flags = 0
                return [(header, [], [])]
            }
        }
        // After the database: a crash between the two gives one more life, never one life twice.
        try marker?.create(id)
        isSuperseded = false
    }

    /// A transaction after whose failure memory is read again from the disk: it had gone ahead.
    private func undoingMemory<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
        do throws(StoreError) { return try connection.transaction(body) } catch {
            try? load()
            throw error
        }
    }

    /// Whether this life of the store may go on: the marker outside of the database fits, and no peer has shown
    /// more of it.
    package func lifeFits() throws(StoreError) -> Bool {
        guard let incarnation, !isSuperseded else { return false }
        guard marker != nil else { return true }
        guard case .fits(let marked, let highWater)? = try marker?.read() else { return false }
        return marked == incarnation && highWater <= UInt64(ownEntryCount)
    }

    /// How many entries this life has written.
    package var ownEntryCount: Int {
        guard let identity, let incarnation else { return 0 }
        return topology.branches.reduce(0) { sum, branch in
            let descriptor = topology.logs[branch.log].descriptor
            let isOwn = descriptor.device == identity.signingKey.verifyingKey && descriptor.incarnation == incarnation
            return isOwn ? sum + branch.head - branch.parentSequence : sum
        }
    }

    /// Marks durably, outside of the database, that everything written so far may be known to others.
    ///
    /// Where the marker does not fit, this life has ended: nothing more will be written in it, so there is no mark
    /// to raise.
    package func noteHandOut() throws(StoreError) {
        try connection.requireDurable()
        guard marker != nil else { return }
        // A process that has written nothing yet has not read the marker.
        if marker?.highWater == nil, !(try lifeFits()) { return }
        try marker?.raise(to: UInt64(ownEntryCount))
    }

    // MARK: Writing

    /// What an entry is made from: header without context and body, values, names.
    typealias Draft = (header: Header, values: [[UInt8]], names: [NamedEntry])

    /// Where the next entry of an own log goes.
    struct Position {
        let sequence: Int
        let previous: Digest
        let branch: Int?
        let auth: Digest?
    }

    /// Writes a statement to this device's control log.
    /// - Returns: the entry id.
    package func write(_ statement: Replica.Statement, time: Int64) throws(StoreError) -> Digest {
        guard let identity else { preconditionFailure("a store without keys writes nothing") }
        if !(try lifeFits()) { try openIncarnation(time: time) }
        let ids = try undoingMemory { () throws(StoreError) in
            try writeOwn(space: SpaceName.policy, logClass: .control) { (_, position) throws(StoreError) in
                let header = Header(
                    sequence: position.sequence, previous: position.previous, auth: identity.grant, time: time,
                    record: .new(kind: statement.number), operations: [statement.operation])
                return [(header, [], [])]
            }
        }
        guard let id = ids.first else { preconditionFailure("a written statement has an id") }
        return id
    }

    /// Appends entries to an own log and seals them; inside a transaction.
    /// - Parameter make: drafts from the log's number and the place of the first.
    @discardableResult
    func writeOwn(
        space: String, logClass: LogClass, _ make: (Int?, Position) throws(StoreError) -> [Draft]
    ) throws(StoreError) -> [Digest] {
        guard let identity, let incarnation else { preconditionFailure("a store without a life writes nothing") }
        let descriptor = LogDescriptor(
            space: space, logClass: logClass, device: identity.signingKey.verifyingKey, incarnation: incarnation)
        let logID = descriptor.id(network: network)
        let log = topology.log(logID)
        // On a log that was forked all the same, the branch that this store wrote last goes on.
        let own = log.flatMap { ownBranch(of: $0.number) }
        let position = Position(
            sequence: (own?.head ?? -1) + 1, previous: own?.headID ?? logID, branch: own?.number, auth: own?.auth)
        let drafts = try make(log?.number, position)
        var entries: [SegmentEntry] = []
        for draft in drafts {
            var header = draft.header
            header.previous = entries.last?.id ?? position.previous
            header.context = NamedEntry.context(draft.names)
            var body = Body.none
            if !draft.values.isEmpty {
                let number = log?.number ?? topology.logs.count
                body = .full(leaf: try ownLeaf(log: number, sequence: header.sequence), values: draft.values)
                header.bodyCommitment = body.commitment
                header.bodySize = body.size ?? 0
            }
            let bytes = header.encoded
            entries.append(
                SegmentEntry(
                    id: Header.id(of: bytes), header: header, headerBytes: bytes, names: draft.names.map(\.id),
                    body: body))
        }
        try storeOwn(entries, descriptor: descriptor, log: logID, above: position)
        return entries.map(\.id)
    }

    private func ownBranch(of log: Int) -> BranchRow? { topology.branches(of: log).first.map { topology.branches[$0] } }

    /// Cuts own entries where full segments end, seals each run and stores it.
    private func storeOwn(_ entries: [SegmentEntry], descriptor: LogDescriptor, log: Digest, above position: Position)
        throws(StoreError)
    {
        guard let identity else { return }
        var fill = position.branch.map { topology.branches[$0].fill } ?? SegmentFill()
        var runs: [[SegmentEntry]] = []
        var index = 0
        while index < entries.count {
            let members = Array(entries[index...(index + entries[index].header.following)])
            let begins = fill.add(
                count: members.count, bytes: members.reduce(0) { $0 + $1.size },
                statesAuth: entries[index].header.auth != nil)
            if begins || runs.isEmpty { runs.append(members) } else { runs[runs.count - 1] += members }
            index += members.count
        }
        isWriting = true
        defer { isWriting = false }
        var auth = position.auth
        var previous = position.previous
        var written = 0
        for run in runs {
            try tell(WorkProgress("writing entries", done: written, of: entries.count))
            written += run.count
            let last = run[run.count - 1]
            let seal = identity.signingKey.sign(Seal.message(log: log, sequence: last.header.sequence, entry: last.id))
            let segment = ExplicitSegment(descriptor: descriptor, entries: run, seal: seal)
            auth = run[0].header.auth ?? auth
            let branch = try place(of: previous)?.branch
            let below = run[0].header.sequence == 0 ? nil : branch
            let table =
                try below.map { (number) throws(StoreError) in try self.table(of: number, below: run[0].header.sequence)
                } ?? []
            var works = [
                SegmentWork(
                    index: 0, descriptor: descriptor, log: log, form: .explicit(segment), byteCount: 0, seal: seal,
                    entries: run,
                    base: SegmentWork.Base(previous: previous, branch: below, table: table, auth: auth),
                    progress: .complete)
            ]
            do {
                _ = try store(&works)
            } catch {
                guard case .store(let failure) = error else {
                    // Nothing that is held lets it do that, unless what is held is damaged.
                    throw damaged("an own entry does not fit what is held: \(error)")
                }
                throw failure
            }
            previous = last.id
        }
    }
}
