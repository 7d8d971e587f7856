import Bytes
import Crypto
import Replica

/// A stored run of entries with everything filled in.
struct StoredSegment {
    let number: Int
    let branch: Int
    /// Where the canonical segment that it is a piece of begins.
    let start: Int
    let auth: Digest?
    let entries: [SegmentEntry]
    let seeds: [Seed]
    let seal: Signature

    var first: Int { entries[0].header.sequence }
    var last: Int { first + entries.count - 1 }
}

// A canonical segment is stored in one or several *pieces*, each ending with a seal. Pieces of equal length are
// joined as they come, like the digits of
// a binary counter, so that a log written one entry at a time costs a logarithm of rewriting and not a square.
extension ReplicaStore {
    /// Stores a run of entries; inside a transaction, after its entries.
    func insertPiece(
        branch: Int, start: Int, entries: [SegmentEntry], seeds: [Seed], seal: Signature, auth: Digest?
    ) throws(StoreError) {
        let first = entries[0].header.sequence
        let last = first + entries.count - 1
        let bytes: [UInt8]
        if CompactSegment.canHold(entries) {
            bytes = CompactSegment.encode(entries, seeds: seeds, seal: seal)
        } else {
            let descriptor = topology.logs[topology.branches[branch].log].descriptor
            bytes = ExplicitSegment(descriptor: descriptor, entries: entries, seal: seal).encoded
        }
        let place =
            try connection.query("SELECT n FROM entries WHERE branch = ? AND sequence = ?").bind(1, branch).bind(
                2, last
            )
            .first { $0.int(0) } ?? 0
        let names = entries.flatMap(\.names)
        let resolutions = try isPlain(names, branch: branch) ? nil : names.flatMap(\.bytes)
        try connection.query(
            """
            INSERT INTO segments(branch, first, last, start, entryCount, place, auth, bytes, hash, resolutions)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, branch).bind(2, first).bind(3, last).bind(4, start).bind(5, entries.count).bind(6, place).bind(
            7, auth
        ).bind(8, bytes)
            .bind(9, Hash.blake2b(.stored, bytes)).bind(10, resolutions).run()
    }

    /// Whether every name lies in a log with a single branch, so that its place alone tells it.
    private func isPlain(_ names: [Digest], branch: Int) throws(StoreError) -> Bool {
        guard topology.hasForks else { return true }
        // In their order: how much is read depends on no hash.
        var seen: Set<Digest> = []
        for name in names where seen.insert(name).inserted {
            guard let place = try place(of: name) else { continue }
            if topology.branches(of: topology.branches[place.branch].log).count > 1 { return false }
        }
        return true
    }

    /// Stores the newest entries of a branch, joined with the pieces before them that are not longer, and joins all
    /// pieces of the segment before, which is full.
    func addPiece(
        branch: Int, start: Int, entries: [SegmentEntry], seeds: [Seed], seal: Signature, auth: Digest?
    ) throws(StoreError) {
        try joinSegment(before: start, of: branch)
        var pieces: [StoredSegment] = []
        var count = entries.count
        for last in try pieceNumbers(of: branch, start: start).reversed() {
            guard last.count <= count else { break }
            pieces.insert(try storedSegment(last.number), at: 0)
            count += last.count
        }
        guard !pieces.isEmpty else {
            return try insertPiece(
                branch: branch, start: start, entries: entries, seeds: seeds, seal: seal, auth: auth)
        }
        try join(pieces, and: entries, seeds: seeds, seal: seal, auth: auth)
    }

    private func joinSegment(before start: Int, of branch: Int) throws(StoreError) {
        let before = try connection.query(
            "SELECT start FROM segments WHERE branch = ? AND first < ? ORDER BY first DESC LIMIT 1"
        )
        .bind(1, branch).bind(2, start).first { $0.int(0) }
        guard let before else { return }
        var pieces = try pieceNumbers(of: branch, start: before)
        guard pieces.count > 1, let last = pieces.popLast() else { return }
        let newest = try storedSegment(last.number)
        try connection.query("DELETE FROM segments WHERE n = ?").bind(1, last.number).run()
        try join(
            pieces.map { (piece) throws(StoreError) in try storedSegment(piece.number) }, and: newest.entries,
            seeds: newest.seeds, seal: newest.seal, auth: newest.auth)
    }

    private func pieceNumbers(of branch: Int, start: Int) throws(StoreError) -> [(number: Int, count: Int)] {
        // The place of the first entry has an index, that of the segment has none.
        try connection.query(
            "SELECT n, entryCount FROM segments WHERE branch = ? AND first >= ? AND start = ? ORDER BY first"
        ).bind(1, branch).bind(2, start).bind(3, start).all { ($0.int(0), $0.int(1)) }
    }

    /// Puts one piece in the place of stored ones and of the entries that follow them, whose seal counts.
    private func join(
        _ pieces: [StoredSegment], and entries: [SegmentEntry], seeds: [Seed], seal: Signature, auth: Digest?
    ) throws(StoreError) {
        let (branch, start) = (pieces[0].branch, pieces[0].start)
        for piece in pieces { try connection.query("DELETE FROM segments WHERE n = ?").bind(1, piece.number).run() }
        let all = pieces.flatMap(\.entries) + entries
        let held = try ownSeeds(branch: branch, entries: all) ?? pieces.flatMap(\.seeds) + seeds
        try insertPiece(
            branch: branch, start: start, entries: all, seeds: ReplicaStore.cover(held, for: all), seal: seal,
            auth: auth)
    }

    // MARK: Reading

    /// A stored piece with everything filled in from the projections.
    /// - Throws: `corrupt` if the stored bytes are not what was stored, or do not fit what is held.
    func storedSegment(_ number: Int) throws(StoreError) -> StoredSegment {
        let row = try segmentRow(number)
        let descriptor = topology.logs[topology.branches[row.branch].log].descriptor
        if row.bytes.first == 0x01 { return try expand(row, number: number, descriptor: descriptor) }
        let segment: ExplicitSegment
        do { segment = try ExplicitSegment(decoding: row.bytes, network: network) } catch {
            throw damaged("segment \(number): \(error)")
        }
        return StoredSegment(
            number: number, branch: row.branch, start: row.start, auth: row.auth, entries: segment.entries,
            seeds: segment.entries.leafSeeds, seal: segment.seal)
    }

    /// What is stored of a piece.
    /// - Throws: `corrupt` if the stored bytes are not what was stored.
    func segmentRow(_ number: Int) throws(StoreError) -> SegmentRow {
        let row = try connection.query(
            "SELECT branch, start, auth, bytes, hash, resolutions, first FROM segments WHERE n = ?"
        )
        .bind(1, number).first { (r) throws(StoreError) in
            SegmentRow(
                branch: r.int(0), start: r.int(1), auth: try r.optionalFixed(2), bytes: r.bytes(3),
                hash: try r.fixed(4),
                resolutions: r.isNull(5) ? nil : r.bytes(5), first: r.int(6))
        }
        guard let row else { throw damaged("segment \(number) is missing") }
        guard Hash.blake2b(.stored, row.bytes) == row.hash else {
            throw damaged("segment \(number) does not fit its hash")
        }
        guard topology.branches.indices.contains(row.branch) else {
            throw damaged("segment \(number) lies on no branch")
        }
        return row
    }

    /// What resolves the refs of a stored piece.
    func resolver(of row: SegmentRow) throws(StoreError) -> StoredResolver {
        StoredResolver(
            store: self, branch: row.branch, log: topology.logs[topology.branches[row.branch].log].id, first: row.first,
            table: try table(of: row.branch, below: row.first),
            resolutions: row.resolutions.map { bytes in
                stride(from: 0, to: bytes.count, by: 32).compactMap { Digest(bytes[$0..<min($0 + 32, bytes.count)]) }
            })
    }

    struct SegmentRow {
        let branch: Int
        let start: Int
        let auth: Digest?
        let bytes: [UInt8]
        let hash: Digest
        let resolutions: [UInt8]?
        let first: Int
    }

    func damaged(_ what: String) -> StoreError { .corrupt(path: connection.path, code: 11, message: what) }

    private func expand(_ row: SegmentRow, number: Int, descriptor: LogDescriptor) throws(StoreError) -> StoredSegment {
        let segment: CompactSegment
        do { segment = try CompactSegment(decoding: row.bytes) } catch { throw damaged("segment \(number): \(error)") }
        let log = topology.logs[topology.branches[row.branch].log].id
        var previous = log
        if row.first > 0 {
            let holder = topology.holder(of: row.first - 1, below: row.branch)
            guard let id = try entryID(branch: holder, sequence: row.first - 1) else {
                throw damaged("the entry before segment \(number)")
            }
            previous = id
        }
        var resolver = try resolver(of: row)
        var entries: [SegmentEntry] = []
        let expansion: CompactSegment.Expansion
        do {
            expansion = try segment.expand(
                log: log, descriptor: descriptor, previous: previous, leaves: segment.leaves, resolver: &resolver,
                entries: &entries)
        } catch { throw damaged("segment \(number): \(error)") }
        guard expansion == .complete else { throw damaged("segment \(number) names what is not held") }
        return StoredSegment(
            number: number, branch: row.branch, start: row.start, auth: row.auth, entries: entries,
            seeds: segment.seeds, seal: segment.seal)
    }

    /// The stored pieces of all logs of a class, in the order in which their entries came.
    func storedSegments(of logClass: LogClass) throws(StoreError) -> [(LogDescriptor, StoredSegment)] {
        let numbers = try connection.query(
            """
            SELECT segments.n FROM segments JOIN branches ON branches.n = segments.branch
                JOIN logs ON logs.n = branches.log
            WHERE logs.class = ? ORDER BY segments.place
            """
        ).bind(1, logClass.rawValue).all { $0.int(0) }
        return try numbers.map { (number) throws(StoreError) -> (LogDescriptor, StoredSegment) in
            let segment = try storedSegment(number)
            return (topology.logs[topology.branches[segment.branch].log].descriptor, segment)
        }
    }
}

/// Resolves the refs of a stored segment: by its resolutions where a log was forked, by their places otherwise.
struct StoredResolver: NameResolver {
    let store: ReplicaStore
    let branch: Int
    let log: Digest
    let first: Int
    let table: [Digest]
    /// Every name of the segment in order, those inside of it included.
    let resolutions: [Digest]?

    private var next = 0

    init(store: ReplicaStore, branch: Int, log: Digest, first: Int, table: [Digest], resolutions: [Digest]?) {
        self.store = store
        self.branch = branch
        self.log = log
        self.first = first
        self.table = table
        self.resolutions = resolutions
    }

    var resolvesAll: Bool { resolutions != nil }

    mutating func resolve(log index: Int, sequence: Int, introduced: [Digest]) -> NamedEntry? {
        guard index <= table.count + introduced.count else { return nil }
        let named = index == 0 ? log : index <= table.count ? table[index - 1] : introduced[index - table.count - 1]
        if let resolutions {
            guard next < resolutions.count else { return nil }
            next += 1
            return NamedEntry(log: named, sequence: sequence, id: resolutions[next - 1])
        }
        // Without resolutions the log had one branch when the segment came: its oldest.
        guard let row = store.topology.log(named),
            let holder = index == 0
                ? store.topology.holder(of: sequence, below: branch) : store.topology.branches(of: row.number).first,
            let id = (try? store.entryID(branch: holder, sequence: sequence)).flatMap(\.self)
        else { return nil }
        return NamedEntry(log: named, sequence: sequence, id: id)
    }
}

extension [SegmentEntry] {
    /// The index of the first entry of the transaction that an entry belongs to, as far as it is here.
    func firstOfTransaction(at index: Int) -> Int {
        var first = index
        while first > 0, self[first - 1].header.following > 0 { first -= 1 }
        return first
    }

    /// A leaf for each entry with a full body.
    var leafSeeds: [Seed] {
        compactMap { entry in
            guard case .full(let leaf, _) = entry.body else { return nil }
            return Seed(level: 8, first: entry.header.sequence, node: leaf)
        }
    }
}
