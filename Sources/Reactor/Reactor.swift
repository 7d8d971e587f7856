internal import CLinux
internal import Glibc

/// The network of the product: sockets, timers and clocks on one thread, over epoll.
///
/// Whoever runs it keeps to that thread. It keeps no reference to its owner: `run` is given one.
package final class Reactor {
    /// Tokens of the poller below those of connections and listeners, which share one numbering.
    enum Token {
        static let resolver: UInt64 = 0
        static let signals: UInt64 = 1
        static let first: UInt64 = 2
    }

    /// The limits it was made with.
    package let limits: ReactorLimits
    let poller: Poller
    var nextToken = Token.first
    var connections: [UInt64: Connection] = [:]
    var connectionCounts: [Connection.Origin: Int] = [:]
    var listeners: [UInt64: Listener] = [:]
    /// The owner's.
    var timers = TimerQueue<TimerID>()
    /// Our own, by token: the end of an attempt to connect, of a close, of a listener's rest.
    var deadlines = TimerQueue<UInt64>()
    /// By token: when an attempt to connect ends for good, whichever address is being tried.
    var connectDeadlines: [UInt64: Int64] = [:]
    /// Connections in the state `ended`, in the order in which the owner learns of it.
    var endings: [UInt64] = []
    /// Connections that were written to in this turn.
    var flushesDue: [UInt64] = []
    /// Of all connections but local ones.
    var unsentByteCount = 0
    /// The connections whose owner has closed them and that still send.
    var closingCount = 0
    /// Made for the first name.
    var resolver: Resolver?
    private var signalDescriptor: Int32?
    private var isStopRequested = false
    private var isInTurn = false
    /// Where bytes arrive before they are copied out in their own length.
    var receiveBuffer: [UInt8]

    /// Makes a reactor without connections.
    /// - Throws: the world's fault: no descriptors left.
    package init(limits: ReactorLimits = ReactorLimits()) throws(ReactorError) {
        precondition(limits.addressCountPerName > 0 && limits.receiveByteCount > 0, "limits leave room for one")
        self.limits = limits
        poller = try Poller()
        receiveBuffer = [UInt8](repeating: 0, count: limits.receiveByteCount)
    }

    deinit {
        for listener in listeners.values { listener.close() }
        for connection in connections.values where connection.descriptor >= 0 { linux_close(connection.descriptor) }
        if let signalDescriptor { linux_signals_unwatch(signalDescriptor) }
    }

    /// Asks the system for as many descriptors as the limits of the product need.
    /// - Returns: how many the process may have.
    package static func raiseDescriptorLimit() -> Int {
        let wanted = rlim_t(ReactorLimits().descriptorCount)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return Int(wanted) }
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = min(wanted, limit.rlim_max)
            if unsafe setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Reports SIGTERM and SIGINT as `signalled` from now on, and ignores SIGPIPE; one reactor of a process can.
    /// - Throws: `EBUSY` when another one does.
    package func watchSignals() throws(ReactorError) {
        guard signalDescriptor == nil else { return }
        let descriptor = try ReactorError.check(linux_signals_watch(), "sigaction", "signals")
        signalDescriptor = descriptor
        try poller.add(descriptor, for: .readable, token: Token.signals, subject: "signals")
    }

    /// The next signal that has arrived, if they are watched: for whoever keeps the thread from the loop.
    package func takeSignal() -> Signal? {
        guard let signalDescriptor else { return nil }
        let number = linux_signals_next(signalDescriptor)
        return number == 0 ? nil : number == SIGINT ? .interrupt : .terminate
    }

    /// Runs until `stop`.
    package func run(for owner: some NetworkOwner) {
        isStopRequested = false
        while !isStopRequested { turn(owner, waitingMilliseconds: nil) }
    }

    /// Waits at most this long for something to happen and reports it; for commands that do one thing and end.
    package func runOnce(for owner: some NetworkOwner, waitingMilliseconds: Int64) {
        turn(owner, waitingMilliseconds: max(0, waitingMilliseconds))
    }

    /// Lets connections that were closed send what is left, for at most this long; events go on meanwhile.
    package func finishClosing(for owner: some NetworkOwner, withinMilliseconds limit: Int64) {
        let end = now.monotonicMilliseconds + limit
        while closingCount > 0 {
            let left = end - now.monotonicMilliseconds
            guard left > 0 else { return }
            turn(owner, waitingMilliseconds: left)
        }
    }

    /// How many connections were closed and still have bytes to send.
    package var lingeringCount: Int { closingCount }

    /// The clocks as they stand.
    package var now: Instant {
        Instant(monotonicMilliseconds: linux_monotonic_milliseconds(), unixSeconds: linux_unix_seconds())
    }

    /// Lets `run` end after the turn at hand.
    package func stop() { isStopRequested = true }

    private func turn(_ owner: some NetworkOwner, waitingMilliseconds: Int64?) {
        precondition(!isInTurn, "an owner must not run the reactor from inside of an event")
        isInTurn = true
        defer { isInTurn = false }
        flush()
        let isSomethingOwed = !endings.isEmpty
        for ready in poller.wait(milliseconds: isSomethingOwed ? 0 : waitTime(waitingMilliseconds)) {
            dispatch(ready, owner)
        }
        passDeadlines(owner)
        fireTimers(owner)
        flush()
        reportEndings(owner)
        flush()
    }

    private func waitTime(_ limit: Int64?) -> Int32 {
        var wait = limit
        for deadline in [timers.nextDeadline, deadlines.nextDeadline] {
            guard let deadline else { continue }
            let (left, overflow) = deadline.subtractingReportingOverflow(now.monotonicMilliseconds)
            let bounded = overflow ? (deadline < 0 ? 0 : Int64.max) : max(0, left)
            wait = min(wait ?? bounded, bounded)
        }
        guard let wait else { return -1 }
        return Int32(clamping: wait)
    }

    private func dispatch(_ ready: linux_ready, _ owner: some NetworkOwner) {
        switch ready.token {
        case Token.resolver:
            for answer in resolver?.takeAnswers() ?? [] { resolved(answer) }
        case Token.signals:
            guard let signalDescriptor else { return }
            while true {
                let number = linux_signals_next(signalDescriptor)
                if number == 0 { return }
                owner.signalled(number == SIGINT ? .interrupt : .terminate, now: now)
            }
        default:
            // An earlier event of this turn may have ended what the token stood for.
            if let connection = connections[ready.token] {
                handle(connection, flags: Readiness(rawValue: ready.flags), owner)
            } else if let listener = listeners[ready.token] {
                accept(on: listener, owner)
            }
        }
    }

    private func passDeadlines(_ owner: some NetworkOwner) {
        let time = now.monotonicMilliseconds
        let mark = deadlines.mark
        while let token = deadlines.takeDue(at: time, setBefore: mark) {
            if let listener = listeners[token] {
                poller.change(listener.descriptor, for: .readable, token: token)
            } else if let connection = connections[token] {
                deadlinePassed(connection)
            }
        }
    }

    private func fireTimers(_ owner: some NetworkOwner) {
        let time = now.monotonicMilliseconds
        // A timer that is set while others fire has to wait for the next turn, however early it is due.
        let mark = timers.mark
        while let timer = timers.takeDue(at: time, setBefore: mark) { owner.timerFired(timer, now: now) }
    }

    /// Reports what has ended; what ends meanwhile is reported in the next turn.
    private func reportEndings(_ owner: some NetworkOwner) {
        let due = endings
        endings.removeAll()
        for token in due {
            // Absent when the owner has closed it in the meantime: then it hears no more of it.
            guard let connection = connections[token], case .ended(let ending) = connection.state else { continue }
            forget(connection)
            switch ending {
            case .connectFailed(let error): owner.connectFailed(connection.id, error: error, now: now)
            case .disconnected(let reason): owner.disconnected(connection.id, reason: reason, now: now)
            }
        }
    }
}
