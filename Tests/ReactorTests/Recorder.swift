import Reactor

/// An owner that writes down what it hears, and echoes or pauses where a test asks for it.
final class Recorder: NetworkOwner {
    enum Event: Equatable {
        case accepted(ConnectionID, ListenerID)
        case connected(ConnectionID)
        case connectFailed(ConnectionID, ReactorError)
        case drained(ConnectionID)
        case disconnected(ConnectionID, DisconnectReason)
        case fired(TimerID)
        case signalled(Signal)
    }

    let network: any Network
    private(set) var events: [Event] = []
    private(set) var received: [ConnectionID: [UInt8]] = [:]
    private(set) var accepted: [ConnectionID] = []
    private(set) var remoteAddresses: [RemoteAddress] = []
    private(set) var greatestUnsentByteCount = 0
    /// Whether accepted connections send back what they receive, and stop reading while too much is unsent.
    var isEchoing = false
    /// Sent to every connection that is accepted.
    var greeting: [UInt8] = []
    /// Whether accepted connections are closed after the first bytes, when those have been answered.
    var isClosingAfterAnswer = false
    /// Accepted connections stop reading at once.
    var isDeaf = false

    init(_ network: any Network) { self.network = network }

    func accepted(_ connection: ConnectionID, from address: RemoteAddress, on listener: ListenerID, now: Instant) {
        events.append(.accepted(connection, listener))
        accepted.append(connection)
        remoteAddresses.append(address)
        if !greeting.isEmpty { network.write(greeting, to: connection) }
        if isDeaf { network.pauseReading(of: connection) }
    }

    func connected(_ connection: ConnectionID, to address: Endpoint, now: Instant) {
        events.append(.connected(connection))
    }

    func connectFailed(_ connection: ConnectionID, error: ReactorError, now: Instant) {
        events.append(.connectFailed(connection, error))
    }

    func received(_ bytes: [UInt8], from connection: ConnectionID, now: Instant) {
        received[connection, default: []] += bytes
        guard isEchoing, accepted.contains(connection) else { return }
        network.write(bytes, to: connection)
        let unsent = network.unsentByteCount(of: connection)
        greatestUnsentByteCount = max(greatestUnsentByteCount, unsent)
        if unsent > ReactorLimits().highWaterByteCount { network.pauseReading(of: connection) }
        if isClosingAfterAnswer { network.close(connection) }
    }

    func drained(_ connection: ConnectionID, now: Instant) {
        events.append(.drained(connection))
        if isEchoing { network.resumeReading(of: connection) }
    }

    func disconnected(_ connection: ConnectionID, reason: DisconnectReason, now: Instant) {
        events.append(.disconnected(connection, reason))
    }

    func timerFired(_ timer: TimerID, now: Instant) { events.append(.fired(timer)) }

    func signalled(_ signal: Signal, now: Instant) {
        events.append(.signalled(signal))
        network.stop()
    }

    /// Why a connection ended, if it has.
    func ending(of connection: ConnectionID) -> DisconnectReason? {
        for case .disconnected(connection, let reason) in events { return reason }
        return nil
    }

    /// Why a connection was not made, if so.
    func failure(of connection: ConnectionID) -> ReactorError? {
        for case .connectFailed(connection, let error) in events { return error }
        return nil
    }
}

extension Reactor {
    /// Runs until something has come true; false if it has not within thirty seconds.
    func run(for owner: Recorder, until isTrue: () -> Bool) -> Bool {
        let deadline = now.monotonicMilliseconds + 30_000
        while !isTrue() {
            let left = deadline - now.monotonicMilliseconds
            guard left > 0 else { return false }
            runOnce(for: owner, waitingMilliseconds: left)
        }
        return true
    }
}

/// A listener of this machine at any port.
let anyPort = Endpoint("127.0.0.1:0")
