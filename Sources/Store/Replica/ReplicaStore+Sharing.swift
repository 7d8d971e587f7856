import Bytes
package import Crypto
package import Replica

/// One branch of a log, as a session needs it.
package struct SharedBranch: Hashable, Sendable {
    package let number: Int
    package let log: Digest
    package let descriptor: LogDescriptor
    package let parent: Int?
    /// −1 if the branch begins with the log.
    package let parentSequence: Int
    /// The sequence number of the newest entry.
    package let head: Int
    package let headID: Digest
}

extension ReplicaStore {
    /// All branches inside the frontier, oldest first.
    package func sharedBranches() -> [SharedBranch] {
        topology.branches.map { row in
            let log = topology.logs[row.log]
            return SharedBranch(
                number: row.number, log: log.id, descriptor: log.descriptor, parent: row.parent,
                parentSequence: row.parentSequence,
                head: row.head, headID: row.headID)
        }
    }

    /// The next stored run of a branch from a sequence number on, ending with a seal; compact where the receiver
    /// can resolve it.
    /// - Returns: the bytes, the sequence numbers of the first and last entry (the first is lower than what was asked
    ///   for where that lies inside of a transaction), and its place in the order of arrival; nil at the head.
    package func segment(
        branch: Int, from sequence: Int
    ) throws(StoreError) -> (bytes: [UInt8], first: Int, last: Int, place: Int)? {
        let row = try connection.query(
            """
            SELECT n, first, last, place, bytes, hash FROM segments WHERE branch = ? AND last >= ?
            ORDER BY first LIMIT 1
            """
        )
        .bind(1, branch).bind(2, sequence).first { (r) throws(StoreError) in
            (
                number: r.int(0), first: r.int(1), last: r.int(2), place: r.int(3), bytes: r.bytes(4),
                hash: try r.fixed(5, as: Digest.self)
            )
        }
        guard let row else { return nil }
        // What is damaged here is no offence of ours that a peer has to find.
        guard Hash.blake2b(.stored, row.bytes) == row.hash else {
            throw damaged("segment \(row.number) does not fit its hash")
        }
        let isForked = topology.branches(of: topology.branches[branch].log).count > 1
        if row.first == sequence, !isForked { return (row.bytes, row.first, row.last, row.place) }
        let piece = try storedSegment(row.number)
        let entries = try wholeTransactions(Array(piece.entries[max(0, sequence - piece.first)...]))
        let descriptor = topology.logs[topology.branches[branch].log].descriptor
        if isForked || !CompactSegment.canHold(entries) {
            return (
                ExplicitSegment(descriptor: descriptor, entries: entries, seal: piece.seal).encoded,
                entries[0].header.sequence, row.last, row.place
            )
        }
        return (
            CompactSegment.encode(entries, seeds: ReplicaStore.cover(piece.seeds, for: entries), seal: piece.seal),
            entries[0].header.sequence, row.last, row.place
        )
    }

    /// Where in the order of arrival the next run of a branch stands.
    package func nextPlace(branch: Int, from sequence: Int) throws(StoreError) -> (place: Int, last: Int)? {
        try connection.query("SELECT place, last FROM segments WHERE branch = ? AND last >= ? ORDER BY first LIMIT 1")
            .bind(1, branch)
            .bind(2, sequence).first { ($0.int(0), $0.int(1)) }
    }

    /// A run with the members before it of the transaction that it begins in: a branch may leave another inside of one.
    func wholeTransactions(_ entries: [SegmentEntry]) throws(StoreError) -> [SegmentEntry] {
        var entries = entries
        while let first = entries.first, first.header.sequence > 0, let below = try place(of: first.header.previous),
            try membersAfter(below) > 0
        {
            guard
                let number = try connection.query(
                    "SELECT n FROM segments WHERE branch = ? AND first <= ?2 AND last >= ?2"
                )
                .bind(1, below.branch).bind(2, below.sequence).first({ $0.int(0) })
            else { throw damaged("the piece that holds entry \(first.header.previous.hex)") }
            let piece = try storedSegment(number)
            let end = below.sequence - piece.first
            guard piece.entries.indices.contains(end) else {
                throw damaged("segment \(number) is shorter than it says")
            }
            entries = piece.entries[piece.entries.firstOfTransaction(at: end)...end] + entries
        }
        return entries
    }

    /// The stored pieces that hold these sequence numbers of a log, all branches, in explicit form.
    package func explicitSegments(log: Digest, first: Int, last: Int) throws(StoreError) -> [[UInt8]] {
        guard let row = topology.log(log) else { return [] }
        var result: [[UInt8]] = []
        for branch in topology.branches(of: row.number) {
            let numbers = try connection.query(
                "SELECT n FROM segments WHERE branch = ? AND last >= ? AND first <= ? ORDER BY first"
            )
            .bind(1, branch).bind(2, first).bind(3, last).all { $0.int(0) }
            for number in numbers {
                let piece = try storedSegment(number)
                let entries = try wholeTransactions(piece.entries)
                result.append(ExplicitSegment(descriptor: row.descriptor, entries: entries, seal: piece.seal).encoded)
            }
        }
        return result
    }

    /// The branch that holds an entry of a log with this sequence number and beginning of its id.
    package func branch(holding idPrefix: [UInt8], log: Digest, sequence: Int) throws(StoreError) -> Int? {
        guard let row = topology.log(log) else { return nil }
        for branch in topology.branches(of: row.number) where sequence > topology.branches[branch].parentSequence {
            if let id = try entryID(branch: branch, sequence: sequence), id.prefix(idPrefix.count) == idPrefix {
                return branch
            }
        }
        return nil
    }

    /// The id of the entry with this sequence number on the chain that leads to a branch.
    package func entryID(onChainOf branch: Int, sequence: Int) throws(StoreError) -> Digest? {
        try entryID(branch: topology.holder(of: sequence, below: branch), sequence: sequence)
    }

    /// The ids, ascending, of all control logs inside the frontier and of the `net` data log of every opening that
    /// counts.
    package func sessionLogs() -> [LogDescriptor] {
        let control = topology.logs.filter { $0.descriptor.space == SpaceName.policy }.map(\.descriptor)
        let data = authority.openings.map {
            LogDescriptor(space: SpaceName.net, logClass: .data, device: $0.device, incarnation: $0.incarnation)
        }
        return (control + data).map { ($0.id(network: network), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension ReplicaStore {
    /// Whether a branch is of this very life of the store.
    package func isOwn(branch: Int) -> Bool { isOwn(topology.logs[topology.branches[branch].log].descriptor) }

    /// Whether a log is of this very life of the store.
    package func isOwn(log: Digest) -> Bool { topology.log(log).map { isOwn($0.descriptor) } ?? false }

    private func isOwn(_ descriptor: LogDescriptor) -> Bool {
        descriptor.device == identity?.signingKey.verifyingKey && descriptor.incarnation == incarnation
    }

    /// What a log that is held is the log of.
    package func descriptor(of log: Digest) -> LogDescriptor? { topology.log(log)?.descriptor }

    /// The id of the entry before a sequence number on the oldest chain of a log that reaches there.
    package func headBelow(log: Digest, sequence: Int) -> Digest? {
        guard sequence > 0, let row = topology.log(log) else { return nil }
        for branch in topology.branches(of: row.number) where topology.branches[branch].head >= sequence - 1 {
            return (try? entryID(onChainOf: branch, sequence: sequence - 1)) ?? nil
        }
        return nil
    }

    /// The stored run of a log that ends with an entry, in explicit form; nil if that entry is not held.
    package func explicitSegment(log: Digest, last: Int, head: Digest) throws(StoreError) -> [UInt8]? {
        guard let row = topology.log(log), let place = try place(of: head), place.sequence == last,
            topology.branches[place.branch].log == row.number,
            let number = try connection.query(
                "SELECT n FROM segments WHERE branch = ? AND first <= ? AND last >= ? ORDER BY first LIMIT 1"
            )
            .bind(1, place.branch).bind(2, last).bind(3, last).first({ $0.int(0) })
        else { return nil }
        let piece = try storedSegment(number)
        return ExplicitSegment(
            descriptor: row.descriptor, entries: try wholeTransactions(piece.entries), seal: piece.seal
        ).encoded
    }
}
