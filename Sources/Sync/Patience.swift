/// Until when a session may go without progress.
///
/// Progress is what a peer cannot feign for nothing: another step of the protocol, entries that were new, bytes that a
/// link carried. A byte now and then prolongs the time by as much as a slow link takes for it: next to nothing.
struct Patience {
    /// Milliseconds on the clock of the session.
    private(set) var end = 0

    /// The session has come further.
    mutating func renew(now: Int, limits: SyncLimits) { end = max(end, now + limits.idleMilliseconds) }

    /// A message has begun in a live session, which had no end before.
    mutating func begin(now: Int, limits: SyncLimits) { end = now + limits.idleMilliseconds }

    /// So many bytes came.
    mutating func took(byteCount: Int, now: Int, limits: SyncLimits) {
        end = max(end, min(end + Patience.time(for: byteCount, limits), now + limits.idleMilliseconds))
    }

    /// So many bytes were handed to the connection: a slow peer says nothing while it takes them.
    mutating func gave(byteCount: Int, now: Int, limits: SyncLimits) {
        let most = now + limits.idleMilliseconds + Patience.time(for: limits.flightBytes, limits)
        end = max(end, min(end + Patience.time(for: byteCount, limits), most))
    }

    private static func time(for byteCount: Int, _ limits: SyncLimits) -> Int {
        byteCount * 1_000 / limits.leastBytesPerSecond
    }
}
