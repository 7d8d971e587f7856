/// What the reactor keeps of one connection.
final class Connection {
    /// Where the connection stands; every case but `open` and `connecting` ends at a deadline or an answer.
    enum State {
        /// Its name is being looked up; may become connecting, ended.
        case resolving
        /// One address is being tried and these are left; may become connecting, open, ended.
        case connecting(SocketAddress, left: [SocketAddress])
        /// Both directions run; may become closing, ended.
        case open
        /// Its owner has closed it; what is queued goes out, what comes in is dropped; becomes gone.
        case closing(isShutDown: Bool)
        /// It has ended and its owner does not know yet; becomes gone.
        case ended(Ending)
    }

    /// How the owner learns of the end.
    enum Ending {
        case connectFailed(ReactorError)
        case disconnected(DisconnectReason)
    }

    /// Which limit counts it.
    enum Origin: Hashable {
        case accepted
        case dialled
        case local
    }

    let id: ConnectionID
    let origin: Origin
    /// The address, for errors.
    let subject: String
    var state: State
    /// -1 when there is none.
    var descriptor: Int32 = -1
    /// The flags that the poller knows.
    var flags: Readiness = []
    var queue = SendQueue()
    var isReadingPaused = false
    /// Whether it stands in the count of its origin.
    var isCounted = true
    /// Whether the peer has ended its direction, while we are closing.
    var hasPeerEnded = false
    /// Whether the unsent bytes have passed the high-water mark since the last `drained`.
    var isDrainedOwed = false
    /// Whether it stands in the list of those to flush at the end of the turn.
    var isFlushDue = false

    init(id: ConnectionID, origin: Origin, subject: String, state: State, descriptor: Int32 = -1) {
        self.id = id
        self.origin = origin
        self.subject = subject
        self.state = state
        self.descriptor = descriptor
    }

    /// Whether writes are queued.
    var takesWrites: Bool {
        switch state {
        case .resolving, .connecting, .open: true
        case .closing, .ended: false
        }
    }
}
