/// One connection, from `connect` or `accepted` on; never used again in the life of a network.
package struct ConnectionID: Hashable, Comparable, Sendable {
    /// A number without meaning; later connections have greater ones.
    package let number: UInt64

    /// Names the connection of this number.
    package init(_ number: UInt64) { self.number = number }

    /// Earlier connections come first.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// One open listener, never used again in the life of a network.
package struct ListenerID: Hashable, Sendable {
    /// A number without meaning.
    package let number: UInt64

    /// Names the listener of this number.
    package init(_ number: UInt64) { self.number = number }
}

/// One timer, named by whoever sets it: to set it again moves it.
package struct TimerID: Hashable, Sendable {
    /// A number that means something to its owner only.
    package let number: UInt64

    /// Names the timer of this number.
    package init(_ number: UInt64) { self.number = number }
}

/// Who is at the other end of an accepted connection.
package enum RemoteAddress: Hashable, Sendable {
    /// A TCP peer, by its numeric address.
    case tcp(Endpoint)
    /// A process on this machine, by its user; only our own user and root come so far.
    case local(user: UInt32)
}

/// Why a connection ended that its owner had not closed.
package enum DisconnectReason: Hashable, Sendable {
    /// The peer ended the stream.
    case closedByPeer
    /// The stream broke.
    case failed(ReactorError)
    /// More bytes waited to be sent than one connection may have: the peer reads too slowly (R5).
    case sendQueueFull
    /// The connection had the most unsent bytes when all together had too many.
    case sendBudgetSpent
}

/// A request to stop, from outside of the process.
package enum Signal: Hashable, Sendable {
    /// SIGINT, the interrupt key.
    case interrupt
    /// SIGTERM, the polite request to end.
    case terminate
}

/// Connections, listeners, timers and clocks, as the node needs them: the reactor, or a simulator.
///
/// All calls return at once and call nobody back: whatever they cause reaches the owner as a later event.
/// Calls that name a connection which is gone do nothing, as its end may be on the way to the owner.
package protocol Network: AnyObject {
    /// The clocks as they stand.
    var now: Instant { get }

    /// Opens a TCP listener.
    ///
    /// A name is resolved while the caller waits, as listeners are opened at the start. Port 0 means any.
    /// - Returns: the listener, and the numeric address that it is bound to.
    /// - Throws: the world's fault: no such address here, the port is in use, no descriptors left.
    func listen(on endpoint: Endpoint) throws(ReactorError) -> (listener: ListenerID, bound: Endpoint)

    /// Opens a Unix-domain socket at `path`, of mode 0600, of any length; its last part has at most 64 bytes.
    ///
    /// A socket that nobody listens on is replaced; the file goes when the listener is closed.
    /// - Throws: the world's fault: another process listens there, or the folder cannot be written.
    func listenLocally(at path: String) throws(ReactorError) -> ListenerID

    /// Closes a listener; what it has accepted stays.
    func closeListener(_ listener: ListenerID)

    /// Begins to connect; ends in `connected` or `connectFailed`. Writes are queued meanwhile.
    func connect(to endpoint: Endpoint) -> ConnectionID

    /// Queues bytes; too many unsent ones end the connection.
    func write(_ bytes: [UInt8], to connection: ConnectionID)

    /// The bytes that were written and that the system has not taken yet; 0 for a connection that is gone.
    func unsentByteCount(of connection: ConnectionID) -> Int

    /// Asks for no more `received` until `resumeReading`: the peer feels it when the system's buffers are full.
    ///
    /// What had come before a hang-up may still be delivered.
    func pauseReading(of connection: ConnectionID)

    /// Asks for `received` again.
    func resumeReading(of connection: ConnectionID)

    /// Sends what is queued, then closes; the owner hears no more of the connection.
    ///
    /// A connection that is still being made is dropped with what is queued.
    func close(_ connection: ConnectionID)

    /// Closes at once and drops what is queued; the owner hears no more of the connection.
    func abort(_ connection: ConnectionID)

    /// Hands what is queued to the system before the event at hand is over: for answers from inside of long work.
    func sendNow(to connection: ConnectionID)

    /// Whether the other side has said more or has gone, without reading it: looked at from inside of long work.
    func isCalling(_ connection: ConnectionID) -> Bool

    /// Sets or moves a timer; it fires once, in the order of deadlines, then of setting.
    func setTimer(_ timer: TimerID, at monotonicMilliseconds: Int64)

    /// Forgets a timer, if it is set.
    func cancelTimer(_ timer: TimerID)

    /// Lets the loop end after the event at hand.
    func stop()
}

extension Network {
    /// In memory everything waits for the end of the event.
    package func sendNow(to connection: ConnectionID) {}

    /// In memory nobody calls meanwhile.
    package func isCalling(_ connection: ConnectionID) -> Bool { false }
}

/// Whoever owns a network: all events reach it one after the other, on one thread, each with the time.
package protocol NetworkOwner: AnyObject {
    /// A peer connected to one of our listeners.
    func accepted(_ connection: ConnectionID, from address: RemoteAddress, on listener: ListenerID, now: Instant)
    /// Our `connect` reached this numeric address.
    func connected(_ connection: ConnectionID, to address: Endpoint, now: Instant)
    /// Our `connect` reached nobody; the connection is gone.
    func connectFailed(_ connection: ConnectionID, error: ReactorError, now: Instant)
    /// Bytes came, at least one.
    func received(_ bytes: [UInt8], from connection: ConnectionID, now: Instant)
    /// Unsent bytes had passed `highWaterByteCount` and have fallen to `lowWaterByteCount`: more can be written.
    func drained(_ connection: ConnectionID, now: Instant)
    /// The connection ended, and not because its owner closed it.
    func disconnected(_ connection: ConnectionID, reason: DisconnectReason, now: Instant)
    /// The deadline of a timer has passed.
    func timerFired(_ timer: TimerID, now: Instant)
    /// Somebody asks the process to stop.
    func signalled(_ signal: Signal, now: Instant)
}
