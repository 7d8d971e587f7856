/// One reading of both clocks, given with every event.
///
/// Deadlines are monotonic; the wall clock is only what people and entries claim, and decides nothing.
package struct Instant: Hashable, Sendable {
    /// Milliseconds since an arbitrary moment of this machine; never goes back.
    package var monotonicMilliseconds: Int64
    /// Seconds since 1970-01-01 UTC by the machine's clock, which may be wrong or jump.
    package var unixSeconds: Int64

    /// Joins two readings.
    package init(monotonicMilliseconds: Int64, unixSeconds: Int64) {
        self.monotonicMilliseconds = monotonicMilliseconds
        self.unixSeconds = unixSeconds
    }
}
