package import Crypto
package import Replica

/// A segment as it came in.
package struct IncomingSegment: Hashable, Sendable {
    package let descriptor: LogDescriptor
    /// Explicit or compact.
    package let bytes: [UInt8]

    package init(descriptor: LogDescriptor, bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
    }
}

/// What became of a segment.
package enum IngestOutcome: Hashable, Sendable {
    /// It is held, durably: its log, the branch on which its last entry lies, how many of its entries are new here.
    case stored(log: Digest, branch: Int, last: Int, new: Int)
    /// It is kept outside of the frontier, or was dropped for want of room.
    case quarantined(log: Digest, reason: Authority.Reason, kept: Bool)
    /// It names entries of another branch than the ones held: the explicit form is needed.
    case explicitNeeded(log: Digest, first: Int, last: Int)
    /// It names, or continues, entries that have not come yet; it is tried again with what comes next.
    ///
    /// A compact one may have been read with other branches than its author's: its explicit form may not have to wait.
    case waiting(log: Digest, first: Int, last: Int, isCompact: Bool)
    /// The sender's fault: nothing of it is stored.
    case offence(SegmentError)
    /// What waits is beyond its budget.
    case overflow
}

/// Segments of one session or file that name entries which have not come yet.
package struct WaitingRoom {
    /// What may wait, bytes of segments.
    package static let maximumByteCount = 64 << 20

    var works: [SegmentWork] = []

    package init() {}

    /// How many segments wait.
    package var count: Int { works.count }
}

/// A segment on its way in.
struct SegmentWork {
    enum Form {
        case explicit(ExplicitSegment)
        case compact(CompactSegment, leaves: [Int: ShortID])
    }

    enum Progress: Equatable {
        /// Entries are still to be filled in.
        case open
        /// All entries are known and hold together; the seal verifies.
        case complete
        case quarantined(Authority.Reason)
        case finished(IngestOutcome)
    }

    let index: Int
    let descriptor: LogDescriptor
    let log: Digest
    let form: Form
    let byteCount: Int
    let seal: Signature
    var entries: [SegmentEntry] = []
    /// The logs that the entries filled in so far introduce.
    var introduced: [Digest] = []
    /// The table of logs below the segment; nil until the entry before it is known.
    var base: Base?
    var progress = Progress.open
    /// The newest entry over which the seal was found to hold: whatever is begun again, that stays.
    var sealedEntry: Digest?
    /// Names that were looked up to find the base among several.
    var lookups = 0

    /// What lies below a segment.
    struct Base {
        /// The id of the entry before, or the log id.
        let previous: Digest
        /// The sequence number of the entry before; −1 at the beginning of a log.
        var sequence = -1
        /// The branch of the entry before in the store; nil at the beginning of a log or above another work.
        let branch: Int?
        let table: [Digest]
        /// The grant in force before the segment.
        let auth: Digest?
    }

    /// Whether it is in compact form.
    var isCompact: Bool { if case .compact = form { true } else { false } }

    /// The sequence number of its first entry.
    var first: Int {
        switch form {
        case .explicit(let segment): segment.entries[0].header.sequence
        case .compact(let segment, _): segment.firstSequence
        }
    }

    var last: Int {
        switch form {
        case .explicit(let segment): segment.entries[0].header.sequence + segment.entries.count - 1
        case .compact(let segment, _): segment.lastSequence
        }
    }

    /// The grant that the segment states or goes on with.
    var auth: Digest? { entries.first?.header.auth ?? base?.auth }

    mutating func restart() {
        if progress == .complete || progress == .open {
            entries = []
            introduced = []
            base = nil
            progress = .open
        }
    }
}

/// Why ingest stopped before its end.
enum IngestFailure: CarriesStoreError {
    case store(StoreError)
    case segment(SegmentError, work: Int)

    init(store: StoreError) { self = .store(store) }
}
