package import Crypto
package import Replica

/// What a session reads of a store.
///
/// Everything is inside the frontier, durable, and may be shared with the peer.
package protocol SessionStore {
    /// The `frontier` of `policy`.
    func policyFrontier() throws(SessionStoreError) -> Digest

    /// The digests of the other shared spaces, ascending by name.
    func spaces() throws(SessionStoreError) -> [SpaceDigests]

    /// Every branch of every log, each after its parent.
    func branches() throws(SessionStoreError) -> [Branch]

    /// The table of logs of a cold session, ascending.
    func sessionLogs() throws(SessionStoreError) -> [Digest]

    /// The id of an entry that belongs to the branch itself and not to its parent.
    func entryID(branch: Int, sequence: Int) throws(SessionStoreError) -> Digest?

    /// The branch that holds, itself and not by its parent, the entry whose id begins so.
    func branchHolding(log: Digest, head: Head) throws(SessionStoreError) -> Int?

    /// The place of an entry in the order in which the store took them in: entries come after what they name.
    func order(branch: Int, sequence: Int) throws(SessionStoreError) -> Int

    /// The next run of a branch for a peer that holds it up to before `sequence`: at most one segment, ending with a
    /// seal, compact or explicit; nil if there is none.
    func segment(branch: Int, from sequence: Int) throws(SessionStoreError) -> Run?

    /// A run that was sent in the compact form, in the explicit one; `head` is the id of its last entry.
    func explicitSegment(log: Digest, first: Int, last: Int, head: Digest) throws(SessionStoreError) -> [UInt8]?

    /// The newest checkpoint with a peer.
    func checkpoint(peer device: ShortID) throws(SessionStoreError) -> Checkpoint?
}

/// A read of the store failed, as the text says.
package struct SessionStoreError: Error, Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}

/// What is compared of a space.
package struct SpaceDigests: Hashable, Sendable {
    package let name: String
    package let frontier: Digest
    package let state: Digest

    package init(name: String, frontier: Digest, state: Digest) {
        self.name = name
        self.frontier = frontier
        self.state = state
    }
}

/// A stretch of a log without a fork, from where it leaves its parent to its head.
package struct Branch: Hashable, Sendable {
    /// Stable in this store; means nothing elsewhere.
    package let number: Int
    package let log: Digest
    package let descriptor: LogDescriptor
    /// The branch that it leaves, of the same log; nil for one that begins with the log.
    package let parent: Int?
    /// The sequence number of the parent's last entry below this branch; −1 without a parent.
    package let parentSequence: Int
    /// The sequence number of the head + 1, inside the frontier; `parentSequence + 1` if the branch is empty.
    package let count: Int
    /// The id of the head.
    package let head: Digest

    package init(
        number: Int, log: Digest, descriptor: LogDescriptor, parent: Int?, parentSequence: Int, count: Int,
        head: Digest
    ) {
        precondition(parentSequence >= -1 && count > parentSequence, "branch \(parentSequence) to \(count)")
        self.number = number
        self.log = log
        self.descriptor = descriptor
        self.parent = parent
        self.parentSequence = parentSequence
        self.count = count
        self.head = head
    }

    var isControl: Bool { descriptor.logClass == .control }
    var isEmpty: Bool { count == parentSequence + 1 }
}

/// A run of entries that is ready to be sent.
package struct Run: Hashable, Sendable {
    /// The segment, compact or explicit.
    package let bytes: [UInt8]
    /// The sequence number of its first entry: lower than what was asked for where that lies inside of a transaction.
    package let first: Int
    /// The sequence number of its last entry.
    package let last: Int

    package init(bytes: [UInt8], first: Int, last: Int) {
        self.bytes = bytes
        self.first = first
        self.last = last
    }
}

/// A segment as it came, not verified.
package struct IncomingSegment: Hashable, Sendable {
    package let log: Digest
    /// Where the peer named it: the log is not in the table.
    package let descriptor: LogDescriptor?
    /// Compact or explicit.
    package let bytes: [UInt8]

    package init(log: Digest, descriptor: LogDescriptor?, bytes: [UInt8]) {
        self.log = log
        self.descriptor = descriptor
        self.bytes = bytes
    }

    /// Whether the form is the explicit one, which begins with a CBOR array.
    package var isExplicit: Bool { bytes.first.map { $0 >> 5 == 4 } ?? false }
}

/// What became of one segment.
package enum SegmentOutcome: Hashable, Sendable {
    /// Durable, applied or not: the branch that holds its last entry, the sequence number of that + 1, and how many
    /// entries were new.
    case stored(branch: Int, upTo: Int, newEntries: Int)
    /// Its predecessor or something that it names is not held yet; nothing was stored.
    case waiting
    /// Likewise, of a compact segment: `head` is the id held before `first`, or zeros.
    case compactWaiting(first: Int, last: Int, head: Digest)
    /// A compact segment that does not fit what it is read with; `head` is the id held before `first`, or zeros.
    case needsExplicit(first: Int, last: Int, head: Digest)
    /// Kept or dropped outside of the frontier, as nobody admitted who wrote it; nobody's fault.
    case quarantined
    /// The peer's fault; nothing of it was stored.
    case refused(RefusalCode)
}

/// What became of a batch.
package struct IngestResult: Hashable, Sendable {
    /// One for each segment, in their order.
    package let outcomes: [SegmentOutcome]
    /// The branches that are new or moved inside the frontier, each after its parent.
    package let changed: [Branch]

    package init(outcomes: [SegmentOutcome], changed: [Branch]) {
        self.outcomes = outcomes
        self.changed = changed
    }
}
