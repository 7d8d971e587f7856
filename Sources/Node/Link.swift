import Channel
package import Crypto
import Reactor
import Replica
package import Store
package import Sync

/// One TCP connection to another node: its channel, and once that stands its session.
final class Link {
    /// What a connection is for.
    enum Purpose {
        /// Somebody dialled us.
        case answering
        /// A running node keeps in touch with a peer.
        case keepingUp(peer: String)
        /// A command wants one reconciliation: a job and which of its targets.
        case syncing(job: Int, target: Int)
    }

    let connection: ConnectionID
    let purpose: Purpose
    /// The host and port that we dialled or that dialled us, for people.
    let address: String
    /// Whom we dialled, if the peer is to be one certain device or of one organisation.
    let expected: PeerRow?
    var channel: Channel
    /// What counts as the peer's address; nil until it is connected.
    var neighbourhood: String?
    /// Bytes of the peer that are kept for it and not stored.
    var heldByteCount = 0
    var session: Session?
    /// The device at the other end, once its certificate was accepted.
    var device: ShortID?
    /// A message for a joiner, sent as soon as the channel stands; then the connection is closed.
    var welcome: [UInt8]?
    var outcome: Outcome?
    /// What the journal knows of the session, from its beginning on.
    var journal: OpenSession?
    /// Bytes of frames after the handshake, as they are on the wire.
    var sentBytes = 0
    var receivedBytes = 0
    /// Why the connection was given up before a session, for people.
    var refusal: String?

    init(connection: ConnectionID, purpose: Purpose, address: String, expected: PeerRow?, channel: Channel) {
        self.connection = connection
        self.purpose = purpose
        self.address = address
        self.expected = expected
        self.channel = channel
    }

    /// The timer that bounds the handshake.
    var handshakeTimer: TimerID { Link.handshakeTimer(connection) }
    static func handshakeTimer(_ connection: ConnectionID) -> TimerID { TimerID(connection.number << 2) }
    /// The timer of the session.
    var sessionTimer: TimerID { TimerID(connection.number << 2 | 1) }
}

/// What a session reads of the replica store.
///
/// Own entries leave it only after the mark of this life was raised over them.
package struct SharedStore {
    private let store: ReplicaStore

    package init(store: ReplicaStore) { self.store = store }

    private func wrap<R>(_ body: () throws(StoreError) -> R) throws(SessionStoreError) -> R {
        do { return try body() } catch { throw SessionStoreError("\(error)") }
    }
}

extension SharedStore: SessionStore {
    package func policyFrontier() throws(SessionStoreError) -> Digest { store.frontier(of: SpaceName.policy) }

    package func spaces() throws(SessionStoreError) -> [SpaceDigests] {
        [
            SpaceDigests(
                name: SpaceName.net, frontier: store.frontier(of: SpaceName.net), state: store.state(of: SpaceName.net))
        ]
    }

    package func branches() throws(SessionStoreError) -> [Branch] { store.sharedBranches().map(Branch.init) }

    package func sessionLogs() throws(SessionStoreError) -> [Digest] {
        store.sessionLogs().map { $0.id(network: store.network) }
    }

    package func entryID(branch: Int, sequence: Int) throws(SessionStoreError) -> Digest? {
        try wrap { () throws(StoreError) in try store.entryID(branch: branch, sequence: sequence) }
    }

    package func branchHolding(log: Digest, head: Head) throws(SessionStoreError) -> Int? {
        var prefix: [UInt8] = []
        for shift in stride(from: 56, through: 0, by: -8) {
            prefix.append(UInt8(truncatingIfNeeded: head.prefix >> UInt64(shift)))
        }
        return try wrap { () throws(StoreError) in try store.branch(holding: prefix, log: log, sequence: head.sequence)
        }
    }

    package func order(branch: Int, sequence: Int) throws(SessionStoreError) -> Int {
        try wrap { () throws(StoreError) in try store.nextPlace(branch: branch, from: sequence)?.place ?? 0 }
    }

    package func segment(branch: Int, from sequence: Int) throws(SessionStoreError) -> Run? {
        try wrap { () throws(StoreError) in
            guard let run = try store.segment(branch: branch, from: sequence) else { return nil }
            if store.isOwn(branch: branch) { try store.noteHandOut() }
            return Run(bytes: run.bytes, first: run.first, last: run.last)
        }
    }

    package func explicitSegment(log: Digest, first: Int, last: Int, head: Digest) throws(SessionStoreError) -> [UInt8]?
    {
        try wrap { () throws(StoreError) in
            guard let bytes = try store.explicitSegment(log: log, last: last, head: head) else { return nil }
            // The run may have grown since it was sent in the compact form.
            if store.isOwn(log: log) { try store.noteHandOut() }
            return bytes
        }
    }

    package func checkpoint(peer device: ShortID) throws(SessionStoreError) -> Checkpoint? {
        try wrap { () throws(StoreError) in try store.checkpoint(with: device).flatMap { Checkpoint(decoding: $0) } }
    }
}

extension Branch {
    /// A branch as sessions see it.
    package init(_ shared: SharedBranch) {
        self.init(
            number: shared.number, log: shared.log, descriptor: shared.descriptor, parent: shared.parent,
            parentSequence: shared.parentSequence, count: shared.head + 1, head: shared.headID)
    }
}

/// How far a connection with another node has come.
package enum LinkPhase: Hashable, Sendable, CaseIterable {
    case handshaking
    case exchanging
    case live
}

extension Node {
    /// How far the connections with other nodes have come, the oldest first.
    package var linkPhases: [LinkPhase] {
        links.values.sorted { $0.connection < $1.connection }.map { link in
            guard let session = link.session else { return .handshaking }
            return session.isLive ? .live : .exchanging
        }
    }
}
