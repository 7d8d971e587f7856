package import Crypto
package import Replica

/// How much is kept of what sessions brought.
package enum JournalLimits {
    /// The newest sessions that brought something, and as many that only handed out.
    package static let sessions = 1_000
}

/// A session that goes on, for the journal: it has a row there once it has brought or handed out something.
package struct OpenSession: Hashable, Sendable {
    /// The device at the other end.
    package let device: ShortID
    /// The name of the peer here, if it has one.
    package let peer: String?
    /// Its number in the journal.
    package fileprivate(set) var number: Int?
    fileprivate var sent = 0

    package init(device: ShortID, peer: String?) {
        self.device = device
        self.peer = peer
    }
}

// The journal of sessions: which entries came from whom. It names branches and sequence numbers, which stay as they are
// when everything is derived anew; the order in which entries came does not.
extension ReplicaStore {
    /// Takes in segments as `ingest` does, and notes in the same transaction which entries the session brought.
    /// - Parameter time: seconds since 1970 by our clock.
    package func ingest(
        _ segments: [IncomingSegment], waiting: inout WaitingRoom, from session: inout OpenSession, time: Int64
    ) throws(StoreError) -> [IngestOutcome] {
        arriving = (session, time)
        defer { arriving = nil }
        let outcomes = try ingest(segments, waiting: &waiting)
        if let arriving { session = arriving.session }
        return outcomes
    }

    /// Notes how many entries a session has handed out so far.
    /// - Parameter time: seconds since 1970 by our clock.
    package func noteSent(_ count: Int, in session: inout OpenSession, time: Int64) throws(StoreError) {
        guard count > session.sent else { return }
        var noted = session
        noted.sent = count
        try connection.transaction { () throws(StoreError) in
            try save(&noted, received: 0, statements: 0, time: time)
        }
        session = noted
    }

    /// Notes what a batch brought; inside its transaction.
    func noteArrivals(_ placements: [Placement], _ works: [SegmentWork]) throws(StoreError) {
        guard let time = arriving?.time, var session = arriving?.session else { return }
        var (received, statements) = (0, 0)
        for placement in placements where placement.new > 0 {
            if works[placement.work].descriptor.logClass == .control {
                statements += placement.new
            } else {
                received += placement.new
            }
        }
        guard received + statements > 0 else { return }
        let number = try save(&session, received: received, statements: statements, time: time)
        for placement in placements where placement.new > 0 {
            guard works[placement.work].descriptor.logClass == .data, let last = placement.position else { continue }
            try noteArrival(session: number, branch: last.branch, last.sequence - placement.new + 1...last.sequence)
        }
        arriving = (session, time)
    }

    private func noteArrival(session: Int, branch: Int, _ sequences: ClosedRange<Int>) throws(StoreError) {
        try connection.query("UPDATE arrivals SET last = ? WHERE session = ? AND branch = ? AND last = ?")
            .bind(1, sequences.upperBound).bind(2, session).bind(3, branch).bind(4, sequences.lowerBound - 1).run()
        guard connection.changedRows == 0 else { return }
        try connection.query("INSERT INTO arrivals(session, branch, first, last) VALUES(?, ?, ?, ?)")
            .bind(1, session).bind(2, branch).bind(3, sequences.lowerBound).bind(4, sequences.upperBound).run()
    }

    /// Makes room for one more row.
    ///
    /// Those that only handed out make room among themselves: a device that asks again and again makes nobody forget
    /// what others brought (R8).
    private func dropOldSessions() throws(StoreError) {
        for hasBrought in [0, 1] {
            let last = try connection.query(
                "SELECT n FROM sessions WHERE (received + statements > 0) = ? ORDER BY n DESC LIMIT 1 OFFSET ?"
            ).bind(1, hasBrought).bind(2, JournalLimits.sessions - 1).first { $0.int(0) }
            guard let last else { continue }
            try connection.query("DELETE FROM sessions WHERE n <= ? AND (received + statements > 0) = ?")
                .bind(1, last).bind(2, hasBrought).run()
            try connection.query("DELETE FROM arrivals WHERE session <= ? AND session NOT IN (SELECT n FROM sessions)")
                .bind(1, last).run()
        }
    }

    /// Adds to the row of a session, which is made where there is none.
    @discardableResult
    private func save(_ session: inout OpenSession, received: Int, statements: Int, time: Int64) throws(StoreError)
        -> Int
    {
        let number: Int
        if let known = session.number {
            number = known
        } else {
            number = (try connection.query("SELECT max(n) FROM sessions").first { $0.int(0) } ?? 0) + 1
            session.number = number
            try dropOldSessions()
        }
        // A transaction that was undone has taken the row with it.
        try connection.query(
            """
            INSERT INTO sessions(n, device, peer, began, ended, received, statements, sent)
            VALUES(?, ?, ?, ?4, ?4, ?5, ?6, ?7)
            ON CONFLICT(n) DO UPDATE SET ended = ?4, received = received + ?5, statements = statements + ?6, sent = ?7
            """
        ).bind(1, number).bind(2, session.device).bind(3, session.peer).bind(4, time).bind(5, received)
            .bind(6, statements).bind(7, session.sent).run()
        return number
    }
}

extension RecordAccess {
    /// The newest sessions that brought or handed out something.
    package func sessions() throws(RecordStoreError) -> [SessionNote] {
        try wrap { () throws(StoreError) in
            try store.connection.query(
                "SELECT n, device, peer, began, ended, received, statements, sent FROM sessions ORDER BY n DESC"
            ).all { (r) throws(StoreError) in
                SessionNote(
                    number: r.int(0), device: try r.fixed(1), peer: r.isNull(2) ? nil : r.text(2), began: r.int64(3),
                    ended: r.int64(4), received: r.int(5), statements: r.int(6), sent: r.int(7))
            }
        }
    }

    /// The entries that sessions brought.
    package func arrivals(in sessions: [Int]) throws(RecordStoreError) -> [Arrival] {
        try wrap { () throws(StoreError) in
            var came: [ShortID: [(number: Int, entry: Digest, isFirst: Bool)]] = [:]
            let rows = try store.connection.query(
                """
                SELECT records.id, entries.n, entries.id, records.creator = entries.n
                FROM arrivals JOIN entries ON entries.branch = arrivals.branch
                    AND entries.sequence BETWEEN arrivals.first AND arrivals.last
                JOIN records ON records.n = entries.record
                WHERE arrivals.session = ? AND records.isPresent = 1
                """)
            for session in Set(sessions).sorted() {
                for row in try rows.bind(1, session).all({ (r) throws(StoreError) in
                    (
                        record: try r.fixed(0, as: ShortID.self),
                        arrival: (r.int(1), try r.fixed(2, as: Digest.self), r.int(3) == 1)
                    )
                }) {
                    came[row.record, default: []].append(row.arrival)
                }
            }
            return came.sorted { $0.key < $1.key }.map { record, entries in
                Arrival(
                    record: record, entries: entries.sorted { $0.number < $1.number }.map(\.entry),
                    isNew: entries.contains { $0.isFirst })
            }
        }
    }
}
