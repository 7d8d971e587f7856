/// What one session may cost; Protocol/08-limits.md has the same names.
package struct SyncLimits: Hashable, Sendable {
    /// One message, bytes.
    package var messageBytes = 1_048_576
    /// Logs in a message or table.
    package var logs = 65_536
    /// Heads and sampled ids of one log in a message.
    package var heads = 1_024
    /// Heads and sampled ids of all logs in one comparison.
    package var allHeads = 1_048_576
    /// Comparisons of all heads in one session, in all.
    package var comparisons = 64
    /// How often both sides compare all heads after digests that differ.
    package var rounds = 3
    /// Without progress before a session is closed; in live ones, for the rest of a message that has begun.
    package var idleMilliseconds = 60_000
    /// What a slow peer is expected to send or take in a second; each byte prolongs the time without progress.
    package var leastBytesPerSecond = 512
    /// How long a pushed segment may wait for what it names before all heads are compared.
    package var gapMilliseconds = 2_000
    /// Segments that wait for what they name, bytes.
    package var waitingBytes = 16_777_216
    /// Segments that wait for what they name.
    package var waitingSegments = 1_024
    /// Bytes of pushed segments that wait in a live session.
    package var liveWaitingBytes = 262_144
    /// Segments that are verified and stored together.
    package var batchSegments = 128
    /// Segments that are sent before the connection says how much more it takes, bytes.
    package var flightBytes = 262_144

    /// The limits of Protocol/08-limits.md; tests take smaller ones.
    package init() {}

    /// The size from which a list of logs goes on in another message.
    var partBytes: Int { messageBytes / 2 }
}
