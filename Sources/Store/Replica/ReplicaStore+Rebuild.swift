package import Crypto
import Replica

extension ReplicaStore {
    /// Derives all projections again from the segments; in one transaction, so that a crash leaves the old ones.
    ///
    /// Reads nothing of the old projections, so that it mends whatever is wrong with them.
    package func rebuild() throws(StoreError) {
        do throws(StoreError) {
            try connection.transaction { () throws(StoreError) in
                try clearProjections()
                var replay = Replay(self)
                try replay.run()
                try setMeta("projection", [UInt8(ReplicaSchema.projectionVersion)])
                try setMeta("indexed", indexed.digest.bytes)
            }
        } catch {
            try load()
            throw error
        }
        try load()
    }

    private func clearProjections() throws(StoreError) {
        // A store of an older version may have had others.
        for table in ReplicaSchema.projectionTables { try connection.execute("DROP TABLE \(table)") }
        try connection.execute(ReplicaSchema.projections)
        try connection.execute("DELETE FROM introductions")
        (nextEntry, nextRecord, nextAuthor, authors, authorRows, spaces) = (1, 1, 1, [:], [:], [:])
        (tables, absentRecords, recent) = ([:], [], RecentRows())
    }

    /// Re-hashes every entry and seal, derives everything aside and compares.
    /// - Returns: what is wrong, one line each; empty if all is well.
    package func verify() throws(StoreError) -> [String] {
        var problems = try connection.findings()
        let aside = try ReplicaStore.inMemory(
            charter: charter, identity: nil, entropy: entropy, indexed: indexed)
        let numbers = try connection.query("SELECT n FROM segments ORDER BY place").all { $0.int(0) }
        var incoming: [IncomingSegment] = []
        var byteCount = 0
        for (index, number) in numbers.enumerated() {
            try tell(WorkProgress("reading segments", done: index, of: numbers.count, byteCount: byteCount))
            let piece: StoredSegment
            do { piece = try storedSegment(number) } catch {
                problems.append("\(error)")
                continue
            }
            let descriptor = topology.logs[topology.branches[piece.branch].log].descriptor
            problems += try misplaced(piece)
            let entries = try wholeTransactions(piece.entries)
            let bytes = ExplicitSegment(descriptor: descriptor, entries: entries, seal: piece.seal).encoded
            byteCount += bytes.count
            incoming.append(IncomingSegment(descriptor: descriptor, bytes: bytes))
        }
        var waiting = WaitingRoom()
        let control = incoming.filter { $0.descriptor.logClass == .control }
        for outcome in try aside.ingest(control, waiting: &waiting) { problems += ReplicaStore.problem(outcome) }
        var data = incoming.filter { $0.descriptor.logClass == .data }[...]
        let dataCount = data.count
        while !data.isEmpty {
            try tell(WorkProgress("checking segments", done: dataCount - data.count, of: dataCount))
            for outcome in try aside.ingest(Array(data.prefix(16)), waiting: &waiting) {
                problems += ReplicaStore.problem(outcome)
            }
            data = data.dropFirst(16)
        }
        if waiting.count > 0 { problems.append("\(waiting.count) segments name entries that are not held") }
        for space in [SpaceName.policy, SpaceName.net] {
            if frontier(of: space) != aside.frontier(of: space) {
                problems.append("\(space): the segments give another frontier")
            }
            if state(of: space) != aside.state(of: space) {
                problems.append("\(space): the segments give another state")
            }
            if totals(of: space) != aside.totals(of: space) {
                problems.append("\(space): the segments give other counts")
            }
        }
        problems += try missingCandidates()
        let (ours, theirs) = (try projectionDigest(), try aside.projectionDigest())
        if problems.isEmpty, ours != theirs {
            problems.append("what is shown differs from what the segments give: run rebuild")
        }
        return problems
    }

    /// Whether what is written beside a piece says the same as the piece itself.
    private func misplaced(_ piece: StoredSegment) throws(StoreError) -> [String] {
        let branch = topology.branches[piece.branch]
        let fits = try connection.query(
            """
            SELECT 1 FROM segments WHERE n = ? AND first = ? AND last = ? AND entryCount = ?
            AND start <= first AND auth IS ?
            """
        ).bind(1, piece.number).bind(2, piece.first).bind(3, piece.last).bind(4, piece.entries.count)
            .bind(5, piece.entries[0].header.auth ?? piece.auth).first { _ in true }
        var problems = fits == nil ? ["what is written beside segment \(piece.number) does not fit it"] : []
        if piece.last == branch.head, piece.entries.last?.id != branch.headID {
            problems.append("the head of branch \(branch.number) is another")
        }
        return problems
    }

    /// Whether each record that has something to decide about is among those that are looked at.
    ///
    /// Lists are left out: whether an element has several values is only seen when the record is read.
    private func missingCandidates() throws(StoreError) -> [String] {
        let query = try connection.query(
            """
            SELECT 1 FROM (
                SELECT record FROM current WHERE type IN (1, 6) GROUP BY record, field HAVING count(*) > 1
                UNION SELECT record FROM current WHERE type = 5 GROUP BY record, field, shape HAVING count(*) > 1
                UNION SELECT n FROM records WHERE contested = 1
            ) WHERE record NOT IN (SELECT record FROM candidates)
            UNION SELECT 1 FROM candidates WHERE record NOT IN (SELECT n FROM records)
            """)
        return try query.first { _ in true } == nil ? [] : ["conflicts are not listed: run rebuild"]
    }

    private static func problem(_ outcome: IngestOutcome) -> [String] {
        switch outcome {
        case .stored, .waiting: []
        case .quarantined(_, let reason, _): ["a stored segment is not authorised: \(reason.text)"]
        case .explicitNeeded: ["a stored segment does not resolve"]
        case .offence(let error): ["a stored segment is not valid: \(error)"]
        case .overflow: ["too much waits for what is not held"]
        }
    }

    /// A hash over everything that readers see, without local numbers.
    func projectionDigest() throws(StoreError) -> Digest {
        var hash = IncrementalHash(.stored)
        try hashOperations(
            try connection.query(
                """
                SELECT records.id, records.kind, records.deleted, records.contested, o.field, entries.id,
                    o.place, o.type, o.depth, o.shape,
                    o.held, o.value, entries.time
                FROM current AS o JOIN records ON records.n = o.record JOIN entries ON entries.n = o.entry
                ORDER BY records.id, o.field, entries.id, o.place
                """), into: &hash)
        hash.update([0])
        try hashOperations(
            try connection.query(
                """
                SELECT records.id, records.kind, records.deleted, records.contested, o.field, entries.id,
                    o.place, o.type, o.depth, o.shape,
                    o.held, o.value, entries.time
                FROM past AS o JOIN records ON records.n = o.record JOIN entries ON entries.n = o.entry
                ORDER BY records.id, o.field, entries.id, o.place
                """), into: &hash)
        let entries = try connection.query(
            """
            SELECT entries.id, entries.sequence, entries.status, entries.following,
                CASE following WHEN 0 THEN fillEntries END,
                CASE following WHEN 0 THEN fillBytes END, authors.device,
                authors.auth, authors.organisation
            FROM entries JOIN authors ON authors.n = entries.author ORDER BY entries.id
            """)
        defer { entries.reset() }
        while try entries.step() {
            hash.update(entries.bytes(0))
            for column in 1...5 { hash.update(littleEndian(entries.int64(column))) }
            for column in 6...8 { hash.update(entries.bytes(column)) }
        }
        hash.update([1])
        try hashFacts(into: &hash)
        hash.update([2])
        let records = try connection.query("SELECT id, kind, isPresent, space FROM records ORDER BY id")
        defer { records.reset() }
        while try records.step() {
            hash.update(records.bytes(0))
            for column in 1...2 { hash.update(littleEndian(records.int64(column))) }
            hash.update(Array(records.text(3).utf8) + [0])
        }
        return hash.finish()
    }

    private func hashFacts(into hash: inout IncrementalHash) throws(StoreError) {
        let facts = try connection.query(
            """
            SELECT facts.kind, facts.field, facts.key, records.id
            FROM facts JOIN records ON records.n = facts.record ORDER BY 1, 2, 3, 4
            """)
        defer { facts.reset() }
        while try facts.step() {
            for column in 0...1 { hash.update(littleEndian(facts.int64(column))) }
            let key = facts.bytes(2)
            hash.update(littleEndian(Int64(key.count)))
            hash.update(key)
            hash.update(facts.bytes(3))
        }
    }

    private func hashOperations(_ rows: Query, into hash: inout IncrementalHash) throws(StoreError) {
        defer { rows.reset() }
        while try rows.step() {
            hash.update(rows.bytes(0))
            for column in [1, 2, 3, 4, 6, 7, 8, 10, 12] { hash.update(littleEndian(rows.int64(column))) }
            hash.update(rows.bytes(5))
            for column in [9, 11] {
                let bytes = rows.bytes(column)
                hash.update(littleEndian(Int64(bytes.count)))
                hash.update(bytes)
            }
        }
    }

    private func littleEndian(_ value: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    // MARK: Digests

    /// The digest of which entries a space holds.
    package func frontier(of space: String) -> Digest {
        FrontierDigest.digest(
            topology.logs.filter { $0.descriptor.space == space }.map { log in
                (log.id, heads(of: log.number))
            })
    }

    /// The digest of what is left of a space.
    package func state(of space: String) -> Digest { (spaces[space] ?? SpaceRow()).state.digest }

    /// The newest entries of a log, one for each branch.
    package func heads(of log: Int) -> [Digest] { topology.branches(of: log).map { topology.branches[$0].headID } }
}
