package import Crypto

/// What the shell must do, in the order given; a send only after every ingest before it is durable.
package enum Action: Hashable, Sendable {
    /// Send bytes of the stream of messages; frames may end anywhere.
    case send([UInt8])
    /// Verify and store in one transaction, then call `ingested`.
    case ingest([IncomingSegment])
    /// Keep the checkpoint with this peer; it replaces the one before.
    case saveCheckpoint(peer: ShortID, Checkpoint)
    /// Both sides have compared what they hold, or the session is over. Comes again after each later comparison.
    case finished(Outcome)
    /// Call `timerFired` at this time, milliseconds on the clock of `now`; replaces the timer before.
    case setTimer(at: Int)
    /// Send what there is to send and close the channel; nil for an end without fault.
    case close(RefusalCode?)
}

/// How far a session has come.
package struct Outcome: Hashable, Sendable {
    /// Why the session ended before its time; nil if it did not.
    package var failure: SyncError?
    /// Whether both sides held the same when they compared last, in every shared space.
    package var identical = false
    /// Equal frontiers gave unequal states: a bug in one of the two nodes.
    package var defect = false
    /// How often this side waited for an answer of the other.
    package var roundTrips = 0
    package var sentEntries = 0
    /// Bytes of messages, without frames.
    package var sentBytes = 0
    /// Those that were new here.
    package var receivedEntries = 0
    /// Bytes of messages, without frames.
    package var receivedBytes = 0

    /// The outcome of a session that has said nothing yet.
    package init() {}
}
