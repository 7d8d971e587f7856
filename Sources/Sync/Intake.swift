import Crypto

/// What came in and is not stored yet.
struct Intake {
    var stream: MessageStream
    /// A message that follows segments which must be stored first.
    var stash: Message?
    /// Segments for the next ingest.
    var batch: [IncomingSegment] = []
    /// The segments of the ingest under way, in the order of its outcomes.
    private(set) var submitted: [IncomingSegment] = []
    private(set) var isIngesting = false
    /// Segments whose predecessor or names are not held yet.
    private(set) var waiting: [IncomingSegment] = []
    private(set) var waitingByteCount = 0
    private var hasDropped = false
    /// Bytes that came since the waiting segments were tried last.
    private var newByteCount = 0
    /// Whether the waiting segments were tried after everything had come.
    private(set) var triedAll = false
    /// Explicit forms that were asked for and have not come, by log.
    private var explicitAwaited: [Digest: Int] = [:]

    init(messageBytes: Int) { stream = MessageStream(messageBytes: messageBytes) }

    /// Whether an explicit form was asked for and has not come.
    var awaitsExplicit: Bool { !explicitAwaited.isEmpty }

    /// Adds a segment to the next batch.
    mutating func add(_ segment: IncomingSegment) {
        batch.append(segment)
        newByteCount += segment.bytes.count
        triedAll = false
        guard segment.isExplicit, let count = explicitAwaited[segment.log] else { return }
        explicitAwaited[segment.log] = count > 1 ? count - 1 : nil
    }

    /// Begins an ingest.
    ///
    /// Those that wait are tried again when everything has come, or when as many bytes have come as wait, so that the
    /// work stays in proportion to what comes. In a live session an eighth will do, and little is always tried: pushed
    /// segments come one by one.
    /// - Parameter isAll: nothing more is on its way.
    mutating func takeBatch(isAll: Bool, isLive: Bool) -> [IncomingSegment] {
        if isAll || newByteCount >= waitingByteCount / (isLive ? 8 : 1) || isLive && waitingByteCount <= 16_384 {
            batch = waiting + batch
            waiting = []
            waitingByteCount = 0
            newByteCount = 0
            triedAll = isAll
        }
        submitted = batch
        batch = []
        isIngesting = true
        return submitted
    }

    /// Ends an ingest and gives its segments.
    mutating func endIngest() -> [IncomingSegment] {
        isIngesting = false
        defer { submitted = [] }
        return submitted
    }

    /// Keeps a segment until what it names has come.
    ///
    /// If too much waits already it is dropped, and comparing heads brings it again.
    mutating func wait(_ segment: IncomingSegment, isLive: Bool, limits: SyncLimits) {
        let most = min(limits.waitingBytes, isLive ? limits.liveWaitingBytes : .max)
        guard waitingByteCount + segment.bytes.count <= most, waiting.count < limits.waitingSegments else {
            hasDropped = true
            return
        }
        waiting.append(segment)
        waitingByteCount += segment.bytes.count
    }

    /// Whether something that came is not stored and will not be by itself.
    var hasGap: Bool { hasDropped || !waiting.isEmpty }

    /// Notes that the explicit form of a segment was asked for.
    mutating func awaitExplicit(_ log: Digest) { explicitAwaited[log, default: 0] += 1 }

    /// Drops what waits.
    mutating func forget() {
        waiting = []
        hasDropped = false
        waitingByteCount = 0
        newByteCount = 0
        triedAll = false
        explicitAwaited = [:]
    }
}
