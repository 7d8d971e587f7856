import Crypto
import Replica

/// Puts the stored pieces into empty projections again, each entry after those that it names.
struct Replay {
    private let store: ReplicaStore
    private var touched = ReplicaStore.Touched()
    /// Members of transactions of forked logs that are not the last: a branch may leave another after one.
    private var members: [Digest: Member] = [:]

    private struct Member {
        let size: Int
        let previous: Digest
        let sequence: Int
        let statesAuth: Bool
    }

    /// A piece that is being filled in.
    private struct Piece {
        let number: Int
        let row: ReplicaStore.SegmentRow
        let work: SegmentWork
        var resolver: StoredResolver?
        var entries: [SegmentEntry] = []
        /// How many of the entries are placed.
        var next = 0
        var count: Int
    }

    init(_ store: ReplicaStore) { self.store = store }

    /// - Throws: `corrupt` where a piece does not fit its hash, or names what no piece holds.
    mutating func run() throws(StoreError) {
        for var branch in store.topology.branches {
            branch.fill = SegmentFill()
            store.topology.update(branch)
        }
        let numbers = try store.connection.query("SELECT n FROM segments ORDER BY place, n").all { $0.int(0) }
        var open: [Piece] = []
        for (index, number) in numbers.enumerated() {
            try store.tell(WorkProgress("deriving from segments", done: index, of: numbers.count))
            open.append(try piece(number))
            var progressed = true
            while progressed {
                progressed = false
                for place in open.indices where try advance(&open[place]) { progressed = true }
                open.removeAll { $0.next == $0.count }
            }
        }
        guard open.isEmpty else { throw store.damaged("\(open.count) segments name what is not held") }
        try store.refreshDeletions(touched)
        try store.saveTotals()
    }

    private func piece(_ number: Int) throws(StoreError) -> Piece {
        let row = try store.segmentRow(number)
        let descriptor = store.topology.logs[store.topology.branches[row.branch].log].descriptor
        let log = store.topology.logs[store.topology.branches[row.branch].log].id
        func work(_ form: SegmentWork.Form, _ seal: Signature) -> SegmentWork {
            SegmentWork(
                index: 0, descriptor: descriptor, log: log, form: form, byteCount: 0, seal: seal,
                base: SegmentWork.Base(previous: log, branch: nil, table: [], auth: row.auth))
        }
        do throws(SegmentError) {
            if row.bytes.first == 0x01 {
                let segment = try CompactSegment(decoding: row.bytes)
                return Piece(
                    number: number, row: row, work: work(.compact(segment, leaves: segment.leaves), segment.seal),
                    count: segment.rows.count)
            }
            let segment = try ExplicitSegment(decoding: row.bytes, network: store.network)
            return Piece(
                number: number, row: row, work: work(.explicit(segment), segment.seal), entries: segment.entries,
                count: segment.entries.count)
        } catch { throw store.damaged("segment \(number): \(error)") }
    }

    /// Fills in and places what can be placed.
    /// - Returns: true if anything was.
    private mutating func advance(_ piece: inout Piece) throws(StoreError) -> Bool {
        let before = piece.next
        while true {
            while piece.next < piece.entries.count, try place(&piece) {}
            // Also where entries are left: a transaction waits for members that can be filled in only now, as they
            // name what was just placed.
            guard piece.entries.count < piece.count, try fillIn(&piece) else { break }
        }
        if piece.next == piece.count, before < piece.count {
            try store.connection.query("UPDATE segments SET place = ? WHERE n = ?").bind(1, store.nextEntry - 1).bind(
                2, piece.number
            ).run()
        }
        return piece.next > before
    }

    /// - Returns: true if there is one entry more at least.
    private func fillIn(_ piece: inout Piece) throws(StoreError) -> Bool {
        guard case .compact(let segment, let leaves) = piece.work.form else { return false }
        var previous = piece.work.log
        if piece.row.first > 0 {
            let holder = store.topology.holder(of: piece.row.first - 1, below: piece.row.branch)
            guard let id = try store.entryID(branch: holder, sequence: piece.row.first - 1) else { return false }
            previous = id
        }
        if piece.resolver == nil { piece.resolver = try store.resolver(of: piece.row) }
        guard var resolver = piece.resolver else { return false }
        let count = piece.entries.count
        do throws(SegmentError) {
            let expansion = try segment.expand(
                log: piece.work.log, descriptor: piece.work.descriptor, previous: previous, leaves: leaves,
                resolver: &resolver,
                entries: &piece.entries)
            guard expansion != .mismatch else { throw .context(sequence: piece.row.first) }
        } catch { throw store.damaged("segment \(piece.number): \(error)") }
        piece.resolver = resolver
        return piece.entries.count > count
    }

    private mutating func place(_ piece: inout Piece) throws(StoreError) -> Bool {
        let entry = piece.entries[piece.next]
        if piece.next == 0, entry.header.sequence > 0, try store.place(of: entry.header.previous) == nil {
            return false
        }
        var names: [NamedRow] = []
        for id in entry.names {
            guard let row = try store.namedRow(id) else { return false }
            names.append(row)
        }
        guard try refill(piece) else { return false }
        try store.append(entry, of: piece.work, to: piece.row.branch, names: names, &touched)
        piece.next += 1
        return true
    }

    /// Follows the fill of the segment that an entry goes to, as `append` writes it down.
    /// - Returns: false if the rest of its transaction is not filled in yet.
    private mutating func refill(_ piece: Piece) throws(StoreError) -> Bool {
        let (index, entry) = (piece.next, piece.entries[piece.next])
        var branch = store.topology.branches[piece.row.branch]
        if index == 0 || piece.entries[index - 1].header.following == 0 {
            guard index + entry.header.following < piece.entries.count else {
                guard piece.entries.count < piece.count else {
                    throw store.damaged("segment \(piece.number) ends inside a transaction")
                }
                return false
            }
            let own = piece.entries[index...(index + entry.header.following)]
            var (count, bytes) = (own.count, own.reduce(0) { $0 + $1.size })
            var (statesAuth, sequence) = (entry.header.auth != nil, entry.header.sequence)
            var below = index == 0 ? members[entry.header.previous] : nil
            while let member = below {
                (count, bytes) = (count + 1, bytes + member.size)
                (statesAuth, sequence) = (member.statesAuth, member.sequence)
                below = members[member.previous]
            }
            if entry.header.sequence == branch.parentSequence + 1 {
                branch.fill = SegmentFill()
                if sequence > 0, let parent = branch.parent {
                    branch.fill = try store.fill(
                        at: (store.topology.holder(of: sequence - 1, below: parent), sequence - 1))
                }
            }
            _ = branch.fill.add(count: count, bytes: bytes, statesAuth: statesAuth)
            store.topology.update(branch)
        }
        if entry.header.following > 0, store.topology.branches(of: branch.log).count > 1 {
            members[entry.id] = Member(
                size: entry.size, previous: entry.header.previous, sequence: entry.header.sequence,
                statesAuth: entry.header.auth != nil)
        }
        return true
    }
}
