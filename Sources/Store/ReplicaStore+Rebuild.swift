package import Crypto
import Replica

extension ReplicaStore {
    /// Derives all projections again from the segments; in one transaction, so that a crash leaves the old ones.
    package func rebuild() throws(StoreError) {
        let numbers = try connection.query("SELECT n FROM segments ORDER BY place").all { $0.int(0) }
        let pieces = try numbers.map { (number) throws(StoreError) in try storedSegment(number) }
        try connection.transaction { () throws(StoreError) in
            try clearProjections()
            try replay(pieces)
            try setMeta("projection", [UInt8(ReplicaSchema.projectionVersion)])
        }
        try load()
    }

    private func clearProjections() throws(StoreError) {
        for table in ReplicaSchema.projectionTables { try connection.execute("DELETE FROM \(table)") }
        try connection.execute("DELETE FROM introductions")
        (nextEntry, nextRecord, nextAuthor, authors, spaces) = (1, 1, 1, [:], [:])
        tables = [:]
    }

    /// Applies stored pieces again, each entry after those that it names.
    private func replay(_ pieces: [StoredSegment]) throws(StoreError) {
        var cursors = [Int](repeating: 0, count: pieces.count)
        var fills: [Int: SegmentFill] = [:]
        var touched = Touched()
        var remaining = pieces.reduce(0) { $0 + $1.entries.count }
        while remaining > 0 {
            let before = remaining
            for (index, piece) in pieces.enumerated() {
                let work = SegmentWork(stored: piece, descriptor: topology.logs[topology.branches[piece.branch].log].descriptor, network: network)
                while cursors[index] < piece.entries.count {
                    let entry = piece.entries[cursors[index]]
                    if cursors[index] == 0, entry.header.sequence > 0, try place(of: entry.header.previous) == nil { break }
                    var names: [NamedRow] = []
                    for id in entry.names { if let row = try namedRow(id) { names.append(row) } }
                    guard names.count == entry.names.count else { break }
                    try refill(piece, cursors[index], &fills)
                    try append(entry, of: work, to: piece.branch, names: names, &touched)
                    cursors[index] += 1
                    remaining -= 1
                }
            }
            guard remaining < before else { throw damaged("\(remaining) entries name what is not held") }
        }
        for (index, piece) in pieces.enumerated() where cursors[index] > 0 {
            guard let place = try connection.query("SELECT n FROM entries WHERE branch = ? AND sequence = ?").bind(1, piece.branch)
                .bind(2, piece.last).first({ $0.int(0) })
            else { continue }
            try connection.query("UPDATE segments SET place = ? WHERE n = ?").bind(1, place).bind(2, piece.number).run()
        }
        try refreshDeletions(touched)
        try saveTotals()
    }

    /// Follows the fill of the segment that an entry goes to, as `append` writes it down.
    private func refill(_ piece: StoredSegment, _ index: Int, _ fills: inout [Int: SegmentFill]) throws(StoreError) {
        let entry = piece.entries[index]
        var row = topology.branches[piece.branch]
        let isMember = index > 0 && piece.entries[index - 1].header.following > 0
        if !isMember {
            var fill = fills[piece.branch] ?? SegmentFill()
            if fills[piece.branch] == nil, let parent = row.parent {
                fill = try connection.query("SELECT fillEntries, fillBytes FROM entries WHERE branch = ? AND sequence = ?").bind(1, parent)
                    .bind(2, row.parentSequence).first { SegmentFill(entries: $0.int(0), bytes: $0.int(1)) } ?? SegmentFill()
            }
            let members = piece.entries[index...(index + entry.header.following)]
            _ = fill.add(count: members.count, bytes: members.reduce(0) { $0 + $1.size }, statesAuth: entry.header.auth != nil)
            fills[piece.branch] = fill
        }
        row.fill = fills[piece.branch] ?? SegmentFill()
        topology.update(row)
    }

    /// Re-hashes every entry and seal, derives everything aside and compares.
    /// - Returns: what is wrong, one line each; empty if all is well.
    package func verify() throws(StoreError) -> [String] {
        var problems = try connection.findings()
        let aside = try ReplicaStore.inMemory(charter: charter, identity: nil, entropy: entropy)
        let numbers = try connection.query("SELECT n FROM segments ORDER BY place").all { $0.int(0) }
        var incoming: [IncomingSegment] = []
        for number in numbers {
            let piece: StoredSegment
            do { piece = try storedSegment(number) } catch {
                problems.append("\(error)")
                continue
            }
            let descriptor = topology.logs[topology.branches[piece.branch].log].descriptor
            incoming.append(
                IncomingSegment(
                    descriptor: descriptor,
                    bytes: ExplicitSegment(descriptor: descriptor, entries: piece.entries, seal: piece.seal).encoded))
        }
        var waiting = WaitingRoom()
        let control = incoming.filter { $0.descriptor.logClass == .control }
        for outcome in try aside.ingest(control, waiting: &waiting) { problems += ReplicaStore.problem(outcome) }
        var data = incoming.filter { $0.descriptor.logClass == .data }[...]
        while !data.isEmpty {
            for outcome in try aside.ingest(Array(data.prefix(64)), waiting: &waiting) { problems += ReplicaStore.problem(outcome) }
            data = data.dropFirst(64)
        }
        if waiting.count > 0 { problems.append("\(waiting.count) segments name entries that are not held") }
        for space in [SpaceName.policy, SpaceName.net] {
            if frontier(of: space) != aside.frontier(of: space) { problems.append("\(space): the segments give another frontier") }
            if state(of: space) != aside.state(of: space) { problems.append("\(space): the segments give another state") }
        }
        let (ours, theirs) = (try projectionDigest(), try aside.projectionDigest())
        if problems.isEmpty, ours != theirs { problems.append("what is shown differs from what the segments give: run rebuild") }
        return problems
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
        let rows = try connection.query(
            """
            SELECT records.id, records.kind, records.deleted, records.contested, o.field, entries.id, o.place, o.type, o.depth, o.shape,
                o.held, o.value, entries.time
            FROM current AS o JOIN records ON records.n = o.record JOIN entries ON entries.n = o.entry
            ORDER BY records.id, o.field, entries.id, o.place
            """)
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
        return hash.finish()
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

extension SegmentWork {
    init(stored piece: StoredSegment, descriptor: LogDescriptor, network: Digest) {
        self.init(
            index: 0, descriptor: descriptor, log: descriptor.id(network: network),
            form: .explicit(ExplicitSegment(descriptor: descriptor, entries: piece.entries, seal: piece.seal)), byteCount: 0,
            seal: piece.seal, entries: piece.entries, base: Base(previous: piece.entries[0].header.previous, branch: nil, table: [], auth: piece.auth),
            progress: .complete)
    }
}
