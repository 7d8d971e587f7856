import Bytes
package import Crypto
import Replica

/// A node that this one dials or has met.
package struct PeerRow: Hashable, Sendable {
    package let name: String
    /// `host:port`.
    package let address: String
    /// The device that must answer there; nil until the first certified one has.
    package var device: ShortID?
    /// The organisation whose devices may answer there.
    package var organisation: ShortID?
    /// When a session with it last ended with equal digests, seconds since 1970 by our clock.
    package var lastSync: Int64?

    package init(
        name: String, address: String, device: ShortID? = nil, organisation: ShortID? = nil, lastSync: Int64? = nil
    ) {
        self.name = name
        self.address = address
        self.device = device
        self.organisation = organisation
        self.lastSync = lastSync
    }
}

/// A code that was given out.
package struct Invitation: Hashable, Sendable {
    /// What has become of it; numbers as stored.
    package enum State: Int, Sendable {
        case open = 0
        case used = 1
        case cancelled = 2
    }

    package let secret: ShortID
    package let seat: Founding.Seat
    /// Seconds since 1970 by our clock.
    package let created: Int64
    package var state: State
    /// Who joined with it, and the admission that was given.
    package var usedBy: VerifyingKey?
    package var admission: Digest?

    package init(secret: ShortID, seat: Founding.Seat, created: Int64) {
        self.secret = secret
        self.seat = seat
        self.created = created
        state = .open
    }

    /// Whether its life is over by the clock.
    package func isExpired(at time: Int64) -> Bool { created < time - Int64(InvitationLimits.days) * 86_400 }
}

// What concerns this device alone and stands in no log.
extension ReplicaStore {
    private func write(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        if connection.isInTransaction { try body() } else { try connection.transaction(body) }
    }

    // MARK: Peers

    /// The peers, ascending by name.
    package func peers() throws(StoreError) -> [PeerRow] {
        try connection.query("SELECT name, address, device, organisation, lastSync FROM peers ORDER BY name").all {
            (r) throws(StoreError) in
            PeerRow(
                name: r.text(0), address: r.text(1), device: try r.optionalFixed(2),
                organisation: try r.optionalFixed(3),
                lastSync: r.isNull(4) ? nil : r.int64(4))
        }
    }

    /// Keeps a peer under its name.
    package func save(_ peer: PeerRow) throws(StoreError) {
        try write { () throws(StoreError) in
            let query = try connection.query(
                "INSERT OR REPLACE INTO peers(name, address, device, organisation, lastSync) VALUES(?, ?, ?, ?, ?)"
            )
            .bind(1, peer.name).bind(2, peer.address).bind(3, peer.device).bind(4, peer.organisation)
            if let time = peer.lastSync { _ = query.bind(5, time) } else { _ = query.bindNull(5) }
            try query.run()
        }
    }

    /// Forgets a peer.
    package func removePeer(_ name: String) throws(StoreError) {
        try write { () throws(StoreError) in
            try connection.query("DELETE FROM peers WHERE name = ?").bind(1, name).run()
        }
    }

    // MARK: Checkpoints

    /// The newest checkpoint with a device, as it was saved.
    package func checkpoint(with device: ShortID) throws(StoreError) -> [UInt8]? {
        try connection.query("SELECT content FROM checkpoints WHERE device = ?").bind(1, device).first { $0.bytes(0) }
    }

    /// Whether there is a checkpoint with a device: whether a session with it has ended in agreement.
    package func hasCheckpoint(with device: ShortID) throws(StoreError) -> Bool {
        try connection.query("SELECT 1 FROM checkpoints WHERE device = ?").bind(1, device).first { _ in true } ?? false
    }

    /// Keeps a checkpoint in place of the one before.
    package func saveCheckpoint(_ content: [UInt8], with device: ShortID) throws(StoreError) {
        try write { () throws(StoreError) in
            try connection.query("INSERT OR REPLACE INTO checkpoints(device, name, content) VALUES(?, X'', ?)").bind(
                1, device
            )
            .bind(2, content).run()
        }
    }

    // MARK: Invitations

    /// All invitations that were given out here.
    package func invitations() throws(StoreError) -> [Invitation] {
        try connection.query(
            "SELECT proofKey, name, created, state, usedBy, admission FROM invitations ORDER BY created, proofKey"
        )
        .all { (r) throws(StoreError) in
            var invitation = Invitation(
                secret: try r.fixed(0), seat: r.isNull(1) ? .device : .organisation(name: r.text(1)),
                created: r.int64(2))
            invitation.state = Invitation.State(rawValue: r.int(3)) ?? .cancelled
            invitation.usedBy = try r.optionalFixed(4)
            invitation.admission = try r.optionalFixed(5)
            return invitation
        }
    }

    /// Drops the oldest invitation that is used, cancelled or expired where there are as many as may be kept (R8).
    /// - Returns: whether there is room for one more.
    package func makeRoomForInvitation(keeping count: Int, at time: Int64) throws(StoreError) -> Bool {
        let all = try invitations()
        guard all.count >= count else { return true }
        guard let over = all.first(where: { $0.state != .open || $0.isExpired(at: time) }) else { return false }
        try write { () throws(StoreError) in
            try connection.query("DELETE FROM invitations WHERE proofKey = ?").bind(1, over.secret).run()
        }
        return true
    }

    /// Keeps an invitation, new or changed.
    package func save(_ invitation: Invitation) throws(StoreError) {
        let name: String? = if case .organisation(let name) = invitation.seat { name } else { nil }
        try write { () throws(StoreError) in
            try connection.query(
                """
                INSERT OR REPLACE INTO invitations(proofKey, name, created, state, usedBy, admission,
                code) VALUES(?, ?, ?, ?, ?, ?, '')
                """
            ).bind(1, invitation.secret).bind(2, name).bind(3, invitation.created).bind(4, invitation.state.rawValue)
                .bind(5, invitation.usedBy).bind(6, invitation.admission).run()
        }
    }
}

/// A log of which more than one branch is held.
package struct ForkedLog: Hashable, Sendable {
    package let device: ShortID
    package let log: Digest
    package let branches: Int
}

extension ReplicaStore {
    /// The logs that were forked.
    package func forks() -> [ForkedLog] {
        topology.logs.compactMap { row in
            let count = topology.branches(of: row.number).count
            return count > 1 ? ForkedLog(device: row.descriptor.device.deviceID, log: row.id, branches: count) : nil
        }
    }

    /// The devices whose newest claim on a record is later than a time, ascending by device id.
    package func claims(after end: Int64) throws(StoreError) -> [(device: ShortID, newest: Int64)] {
        try connection.query(
            """
            SELECT device, max(newest) FROM (
                SELECT device, (SELECT max(time) FROM entries WHERE author = authors.n AND record > 0) AS newest
                FROM authors)
            GROUP BY device HAVING max(newest) > ? ORDER BY device
            """
        ).bind(1, end).all { (r) throws(StoreError) in (try r.fixed(0, as: ShortID.self), r.int64(1)) }
    }

    /// Bytes that nobody can guess.
    package func randomBytes(_ count: Int) -> [UInt8] { entropy.fill(count) }
}
