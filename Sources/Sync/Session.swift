import Bytes
package import Crypto
import Replica

/// One side of one sync session: no IO, no clock, no randomness of its own (Protocol/07-sync.md).
///
/// The shell gives it what happened and runs the actions that it appends, in their order and before the next input.
package struct Session {
    /// Which side dialled.
    package enum Role: Hashable, Sendable {
        case initiator
        case responder
    }

    /// What is true on the wire.
    enum Phase: Hashable, Sendable {
        /// Nothing was said. May become greeting.
        case idle
        /// The peer's HELLO is awaited. May become comparingVectors, exchanging, live.
        case greeting
        /// Cold: VECTORs cross. May become comparingControls, exchanging.
        case comparingVectors
        /// The policies differ: CONTROLs cross. May become exchangingControl.
        case comparingControls
        /// Control segments flow. May become comparingVectors.
        case exchangingControl
        /// Segments flow. May become deciding.
        case exchanging
        /// A DIGEST was sent. May become exchanging, live.
        case deciding
        /// Both have compared; new entries are pushed. May become exchanging.
        case live
        /// Every phase may become closed.
        case closed
    }

    let role: Role
    let peer: ShortID
    let transcript: [UInt8]
    let network: Digest
    let limits: SyncLimits

    var phase = Phase.idle
    var view = PeerView()
    var queue = SendQueue()
    var greeting = Greeting()
    var exchange = Exchange()
    var intake: Intake
    var outcome = Outcome()
    /// Runs that were sent, each of which may be asked for once in the explicit form.
    var sentRuns: [SentRun] = []
    /// Those that were asked for and wait for the connection to take more.
    var explicitDue: [SentRun] = []
    /// The ids that numbers in messages stand for, and the numbers.
    var table: [Digest] = []
    var tableNumbers: [Digest: Int] = [:]
    /// Repeats of the comparison since both sides were equal last.
    var rounds = 0
    /// Comparisons of all heads since the session began.
    var comparisonCount = 0
    /// Grows whenever this side's frontier moves.
    var changeCount = 0
    /// Bytes of messages that wait for the end of the current input.
    var outgoing: [UInt8] = []
    /// Bytes of segments that the connection still takes.
    var credit: Int
    private var patience = Patience()
    /// Whether a message of the peer has begun and not ended since the session is live.
    private var awaitsRest = false
    /// When the timer fires that was set last; nil if it has fired.
    private var timerEnd: Int?
    /// When all heads are compared because something that was pushed lacks what it names.
    private var gapEnd: Int?
    /// Whether this side spoke last; for counting round trips.
    private var spokeLast = false

    /// A session over an open channel.
    /// - Parameters:
    ///   - peer: the device id of the peer.
    ///   - transcript: the channel's transcript hash, 64 bytes; keys the digests.
    ///   - network: the network id, which log ids are made with.
    package init(
        role: Role, peer: ShortID, transcript: [UInt8], network: Digest, limits: SyncLimits = SyncLimits()
    ) {
        self.role = role
        self.peer = peer
        self.transcript = transcript
        self.network = network
        self.limits = limits
        intake = Intake(messageBytes: limits.messageBytes)
        credit = limits.flightBytes
    }

    /// How far it has come.
    package var progress: Outcome { outcome }

    /// Whether both sides have compared and nothing is under way.
    package var isLive: Bool { phase == .live }

    /// Whether the session is over.
    package var isClosed: Bool { phase == .closed }

    /// About how many bytes it keeps for what the peer said and is not stored.
    package var heldByteCount: Int {
        intake.stream.roomByteCount + intake.waitingByteCount + 32 * exchange.theirHeadCount
            + 64 * exchange.theirHeads.count + 32 * greeting.theirHeadCount + 256 * greeting.theirControl.count
    }

    /// Whether segments wait for `writable`.
    package var wantsToSend: Bool {
        credit <= 0 && (maySendSegments && !queue.isEmpty || phase != .closed && !explicitDue.isEmpty)
    }

    // MARK: Inputs

    /// The channel is open.
    package mutating func start(now: Int, store: some SessionStore, actions: inout [Action]) {
        precondition(phase == .idle, "a session starts once")
        patience.renew(now: now, limits: limits)
        react(now: now, store: store, actions: &actions) { (session, store) throws(SyncError) in
            for branch in try reading({ () throws(SessionStoreError) in try store.branches() }) {
                session.view.update(branch)
            }
            session.phase = .greeting
            if session.role == .initiator { try session.greet(store) }
        }
    }

    /// A plaintext came in.
    package mutating func received(
        _ plaintext: [UInt8], now: Int, store: some SessionStore, actions: inout [Action]
    ) {
        guard phase != .closed else { return }
        precondition(phase != .idle, "a session starts before it receives")
        patience.took(byteCount: plaintext.count, now: now, limits: limits)
        outcome.receivedBytes += plaintext.count
        noteTurn(spoke: false)
        intake.stream.append(plaintext)
        react(now: now, store: store, actions: &actions) { (_, _) throws(SyncError) in }
    }

    /// A batch was stored, as far as it could be.
    package mutating func ingested(
        _ result: IngestResult, now: Int, store: some SessionStore, actions: inout [Action]
    ) {
        guard phase != .closed else {
            for case .stored(_, _, let newEntries) in result.outcomes { outcome.receivedEntries += newEntries }
            return
        }
        for case .stored(_, _, let newEntries) in result.outcomes where newEntries > 0 {
            patience.renew(now: now, limits: limits)
        }
        react(now: now, store: store, actions: &actions) { (session, store) throws(SyncError) in
            try session.take(result, store)
        }
    }

    /// This side's frontier moved by an edit or through another session.
    /// - Parameter changed: the branches that are new or moved, each after its parent.
    package mutating func localChange(
        _ changed: [Branch], store: some SessionStore, actions: inout [Action]
    ) {
        guard phase != .closed, phase != .idle, !changed.isEmpty else { return }
        react(now: nil, store: store, actions: &actions) { (session, store) throws(SyncError) in
            try session.update(changed, store)
        }
    }

    /// The connection takes more.
    /// - Parameter budget: bytes of segments that may be sent until the next call.
    package mutating func writable(
        budget: Int, now: Int, store: some SessionStore, actions: inout [Action]
    ) {
        guard phase != .closed, phase != .idle else { return }
        // What the peer takes is progress, though it has nothing to say.
        if wantsToSend { patience.renew(now: now, limits: limits) }
        credit = budget
        react(now: now, store: store, actions: &actions) { (_, _) throws(SyncError) in }
    }

    /// The time of the last `setTimer` has come.
    package mutating func timerFired(now: Int, store: some SessionStore, actions: inout [Action]) {
        guard phase != .idle, phase != .closed else { return }
        timerEnd = nil
        let isOver = (phase != .live || awaitsRest) && now >= patience.end
        if isOver { return fail(.idle, &actions) }
        // What was pushed names something that never came: compare all heads.
        let comparesAll = phase == .live && mayCompare && (gapEnd ?? .max) <= now && intake.hasGap
        if comparesAll { patience.renew(now: now, limits: limits) }
        react(now: now, store: store, actions: &actions) { (session, store) throws(SyncError) in
            if comparesAll { try session.beginRound(store) }
        }
    }

    /// Sets the timer to what is due next.
    private mutating func setTimer(now: Int, _ actions: inout [Action]) {
        let isLive = phase == .live
        // A live session may be silent for as long as it likes, but not in the middle of a message.
        if !isLive || intake.stream.byteCount == 0 {
            awaitsRest = false
        } else if !awaitsRest {
            awaitsRest = true
            patience.begin(now: now, limits: limits)
        }
        if !isLive || !intake.hasGap || !mayCompare {
            gapEnd = nil
        } else if gapEnd == nil {
            gapEnd = now + limits.gapMilliseconds
        }
        let ends = [isLive && !awaitsRest ? nil : patience.end, gapEnd].compactMap { $0 }
        // One that fires too early looks again.
        guard let end = ends.min(), timerEnd.map({ $0 > end }) ?? true else { return }
        timerEnd = end
        actions.append(.setTimer(at: end))
    }

    /// The connection ended.
    ///
    /// What had come whole was handed over before.
    package mutating func closed(actions: inout [Action]) {
        guard phase != .closed else { return }
        let wasLive = phase == .live
        phase = .closed
        guard !wasLive else { return }
        outcome.failure = .cut
        outcome.identical = false
        actions.append(.finished(outcome))
    }

    // MARK: One reaction

    /// Runs the body, then everything that can go on after it, and appends what is to be sent at the end.
    /// - Parameter now: nil where nothing of the peer came.
    private mutating func react<Store: SessionStore>(
        now: Int?, store: Store, actions: inout [Action],
        _ body: (inout Session, Store) throws(SyncError) -> Void
    ) {
        let (before, sentBytes) = (phase, outcome.sentBytes)
        do throws(SyncError) {
            try body(&self, store)
            try readOn(store, &actions)
        } catch {
            // What came whole before the fault is kept.
            if !intake.isIngesting, !intake.batch.isEmpty { submit(&actions) }
            fail(error, &actions)
            return
        }
        flush(&actions)
        guard let now, phase != .closed else { return }
        if phase != before { patience.renew(now: now, limits: limits) }
        patience.gave(byteCount: outcome.sentBytes - sentBytes, now: now, limits: limits)
        setTimer(now: now, &actions)
    }

    /// Handles messages until one needs the store to have ingested what came before it.
    private mutating func readOn(
        _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        while !intake.isIngesting, phase != .closed {
            guard let message = try nextMessage() else {
                if !intake.batch.isEmpty {
                    flush(&actions)
                    submit(&actions)
                } else if try !advance(store, &actions) {
                    return
                }
                continue
            }
            if case .segment(let log, let bytes) = message {
                try collect(log, bytes)
                // However small they are, what one forged segment makes others do again stays small.
                guard intake.batch.count >= limits.batchSegments else { continue }
                flush(&actions)
                submit(&actions)
            } else if intake.batch.isEmpty {
                try handle(message, store, &actions)
            } else {
                intake.stash = message
                flush(&actions)
                submit(&actions)
            }
        }
    }

    private mutating func nextMessage() throws(SyncError) -> Message? {
        if let message = intake.stash {
            intake.stash = nil
            return message
        }
        while let bytes = try intake.stream.next() {
            if let message = try Message.decode(bytes, limits: limits) { return message }
        }
        return nil
    }

    private mutating func handle(
        _ message: Message, _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        switch message {
        case .hello(let hello): try handle(hello, store, &actions)
        case .equal: try handleEqual(store, &actions)
        case .vector(let policy, let items): try handleVector(policy, items, store)
        case .control(let policy, let logs, let more): try handleControl(policy, logs, more: more, store)
        case .heads(let logs, let more): try handleHeads(logs, more: more, store, &actions)
        case .sent: try handleSent(store)
        case .digest(let digest): try handleDigest(digest, store, &actions)
        case .explicit(let log, let first, let last, _): try handleExplicit(log, first, last)
        case .refused(let code, let text): throw .refused(code: code, text: text)
        case .segment, .welcome: throw outOfTurn(message)
        }
    }

    /// The error for a message that cannot stand here.
    func outOfTurn(_ message: Message) -> SyncError {
        .outOfTurn(message: message.name, state: "\(phase)")
    }

    // MARK: Output

    /// Adds a message to what is sent at the end of the input.
    mutating func say(_ message: Message) { outgoing.append(contentsOf: message.encoded) }

    private mutating func flush(_ actions: inout [Action]) {
        guard !outgoing.isEmpty else { return }
        noteTurn(spoke: true)
        outcome.sentBytes += outgoing.count
        actions.append(.send(outgoing))
        outgoing = []
    }

    private mutating func noteTurn(spoke: Bool) {
        // The initiator waits after speaking, the responder answers after listening: both count the same.
        if spoke != spokeLast, spoke == (role == .responder), phase != .live { outcome.roundTrips += 1 }
        spokeLast = spoke
    }

    /// Hands the batch to the store.
    private mutating func submit(_ actions: inout [Action]) {
        actions.append(.ingest(intake.takeBatch(isAll: false, isLive: phase == .live)))
    }

    /// Hands over what waits once more, now that everything has come.
    mutating func submitWaiting(_ actions: inout [Action]) {
        flush(&actions)
        actions.append(.ingest(intake.takeBatch(isAll: true, isLive: phase == .live)))
    }

    /// Says what both sides have found.
    mutating func finish(_ actions: inout [Action]) {
        flush(&actions)
        actions.append(.finished(outcome))
    }

    private mutating func fail(_ error: SyncError, _ actions: inout [Action]) {
        if let code = error.refusal { say(.refused(code: code.rawValue, text: "\(code)")) }
        flush(&actions)
        phase = .closed
        outcome.failure = error
        outcome.identical = false
        actions.append(.finished(outcome))
        actions.append(.close(error.refusal))
    }
}

/// Gives failures of the store their place among a session's errors.
func reading<R>(_ body: () throws(SessionStoreError) -> R) throws(SyncError) -> R {
    do { return try body() } catch { throw .store(error.text) }
}
