import Bytes
import Channel
package import Crypto
package import Reactor
package import Records
package import Replica
package import Store
import Sync

/// A node: one store, its connections and the commands that are asked of it.
///
/// One thread, no IO of its own. Network and disk are parameters, so that a simulator runs this very code.
package final class Node {
    let network: any Network
    package let store: ReplicaStore
    let schema: Schema
    let channelKey: AgreementKey
    var entropy: any Entropy
    var links: [ConnectionID: Link] = [:]
    /// Who of those that connect may go on.
    var gate: Gate
    /// What those said who connected and are not answered yet.
    var openings: [ConnectionID: Opening] = [:]
    /// The sum over all links.
    var heldByteCount = 0
    var controls: [ConnectionID: ControlConnection] = [:]
    var jobs: [Int: Job] = [:]
    private var nextJob = 1
    /// Answers to commands that this process performs itself, by job.
    var answers: [Int: Response] = [:]
    /// Where we listen for peers.
    package private(set) var listening: Endpoint?
    private var controlListener: ListenerID?
    /// How many entries of each branch the sessions were told of.
    private var announced: [Int: Int] = [:]
    /// How many sessions have begun on either side's call, since the start.
    package internal(set) var sessionCount = 0
    /// When each peer is dialled again, and how long we rested before.
    var redials: [String: (at: Int64, rest: Int64)] = [:]
    /// The device that last answered for each peer.
    var keptUp: [String: ShortID] = [:]
    package private(set) var isStopping = false
    /// Is told how far the requests of this process have come.
    package var localWatcher: Watcher?
    let isServing: Bool
    /// Whether this device has still to write the records with which it enters.
    private var isNew: Bool

    /// - Parameters:
    ///   - isServing: keeps in touch with all peers until it is stopped.
    ///   - limits: what those that connect may have at one time.
    package init(
        network: any Network, store: ReplicaStore, channelKey: AgreementKey, schema: Schema, entropy: any Entropy,
        isServing: Bool, limits: GateLimits = GateLimits()
    ) {
        gate = Gate(limits: limits, now: network.now.monotonicMilliseconds)
        self.network = network
        self.store = store
        self.channelKey = channelKey
        self.schema = schema
        self.entropy = entropy
        self.isServing = isServing
        isNew = ((try? store.meta("introduced")) ?? nil) == nil && ((try? store.meta("deviceName")) ?? nil) != nil
        for branch in store.sharedBranches() { announced[branch.number] = branch.head + 1 }
    }

    // MARK: Serving

    /// Listens for peers and for commands, and begins to dial.
    /// - Returns: the bound address.
    package func serve(on endpoint: Endpoint, controlPath: String) throws(Failure) -> Endpoint {
        do { controlListener = try network.listenLocally(at: controlPath) } catch { throw Failure(.failed, "\(error)") }
        do {
            let bound = try network.listen(on: endpoint).bound
            listening = bound
            try store.setMeta("listen", Array(bound.description.utf8))
            noteAddressesOfPeers()
            redial(now: network.now)
            return bound
        } catch let error as StoreError {
            throw Failure(error)
        } catch {
            throw Failure(
                .failed, "\(error)", hint: "another program may use \(endpoint): liaison serve --listen HOST:PORT")
        }
    }

    /// Ends: says goodbye to all peers.
    package func stop() {
        isStopping = true
        for link in links.values.sorted(by: { $0.connection < $1.connection }) { end(link) }
        network.stop()
    }

    /// The timer that dials peers again.
    static let redialTimer = TimerID(UInt64.max)

    // MARK: Commands

    /// Performs a request, or begins to.
    /// - Returns: the answer, or nil if `answers[job]` will hold it.
    package func submit(_ request: Request) -> (response: Response?, job: Int) {
        let job = nextJob
        nextJob += 1
        let response = perform(request, job: job, control: nil)
        return (response, job)
    }

    /// The answer to a job of this process, once it is there.
    package func answer(to job: Int) -> Response? { answers.removeValue(forKey: job) }

    func perform(_ request: Request, job: Int?, control: ConnectionID?) -> Response? {
        let now = network.now
        introduce(now: now)
        let watcher = watcher(of: request, control)
        store.watcher = watcher
        defer {
            store.watcher = nil
            tellSessions(now: now)
        }
        do throws(Failure) {
            switch request.verb {
            case "sync", "wait":
                let number = job ?? nextJob
                if job == nil { nextJob += 1 }
                return try begin(request, number: number, control: control, now: now)
            case "demo":
                return try DemoFilling(store: store, schema: schema, language: language, time: now.unixSeconds)
                    .perform(request)
            default:
                break
            }
            if let verb = try NodeVerbs(
                store: store, schema: schema, language: language, time: now.unixSeconds,
                listening: listening?.description,
                connected: Set(links.values.compactMap { $0.session?.isLive == true ? $0.device : nil })
            ).perform(request) {
                if request.verb == "peer add" || request.verb == "peer remove" { forgetPeer(request.arguments.first) }
                if request.verb == "peer add" { noteAddressesOfPeers() }
                if request.verb == "peer add", isServing { redial(now: now) }
                return try named(verb, request, now: now)
            }
        } catch { return error.response }
        var access = RecordAccess(store, time: now.unixSeconds)
        return RecordVerbs(schema: schema, language: language, watcher: watcher).perform(request, on: &access)
            ?? .failure(.usage, "there is no command \(request.verb)", hint: "liaison help")
    }

    /// Ends what was dialled for a peer that is gone or has another address now.
    private func forgetPeer(_ name: String?) {
        guard let name else { return }
        redials[name] = nil
        keptUp[name] = nil
        for link in links.values.sorted(by: { $0.connection < $1.connection }) {
            if case .keepingUp(name) = link.purpose { end(link) }
        }
    }

    /// The answer with what people call the devices and organisations in it, if they are to read it.
    private func named(_ response: Response, _ request: Request, now: Instant) throws(Failure) -> Response {
        guard request.wantsNames, let document = response.document else { return response }
        var response = response
        let access = RecordAccess(store, time: now.unixSeconds)
        // Digests are no ids.
        response.names = try IDNaming(schema: schema, language: language).names(document, access).filter {
            $0.id.utf8.count == 32
        }
        response.language = language
        return response
    }

    /// The language in which plain fields are meant.
    var language: String { ((try? store.meta("language")) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? "en" }

    /// Writes what a device writes first, as soon as its admission has come.
    func introduce(now: Instant) {
        guard isNew, store.ownGrant != nil else { return }
        isNew = (try? FirstRecords.write(to: store, schema: schema, time: now.unixSeconds)) == nil
    }

    // MARK: What moved

    /// Tells every session what has become durable since the last time.
    package func tellSessions(now: Instant, except: ConnectionID? = nil) {
        var changed: [Branch] = []
        for branch in store.sharedBranches() where announced[branch.number] != branch.head + 1 {
            announced[branch.number] = branch.head + 1
            changed.append(Branch(branch))
        }
        guard !changed.isEmpty else { return }
        for link in links.values.sorted(by: { $0.connection < $1.connection })
        where link.session != nil && link.connection != except {
            var actions: [Action] = []
            link.session?.localChange(changed, store: SharedStore(store: store), actions: &actions)
            run(actions, on: link, now: now)
        }
    }

    /// The branches that moved since the sessions were told, marked as told.
    func takeChanges() -> [Branch] {
        store.sharedBranches().compactMap { branch in
            guard announced[branch.number] != branch.head + 1 else { return nil }
            announced[branch.number] = branch.head + 1
            return Branch(branch)
        }
    }

}

// Events of the network.
extension Node: NetworkOwner {
    package func accepted(
        _ connection: ConnectionID, from address: RemoteAddress, on listener: ListenerID, now: Instant
    ) {
        if listener == controlListener {
            controls[connection] = ControlConnection()
            return
        }
        if case .tcp(let endpoint) = address { called(connection, from: endpoint, now: now) }
    }

    package func connected(_ connection: ConnectionID, to address: Endpoint, now: Instant) {
        guard let link = links[connection] else { return }
        link.neighbourhood = address.neighbourhood
        begin(link, now: now)
    }

    package func connectFailed(_ connection: ConnectionID, error: ReactorError, now: Instant) {
        guard let link = links.removeValue(forKey: connection) else { return }
        settle(link, result: .unreachable, reason: "\(error)", now: now)
    }

    package func received(_ bytes: [UInt8], from connection: ConnectionID, now: Instant) {
        if controls[connection] != nil { return receivedCommand(bytes, from: connection, now: now) }
        if openings[connection] != nil { return receivedOpening(bytes, from: connection, now: now) }
        guard let link = links[connection] else { return }
        take(bytes, from: link, now: now)
        weigh(link, now: now)
    }

    /// Gives a channel what came, and does what follows from it.
    func take(_ bytes: [UInt8], from link: Link, now: Instant) {
        var actions: [ChannelAction] = []
        do throws(ChannelError) {
            try link.channel.received(bytes, now: now.monotonicMilliseconds, actions: &actions)
            run(actions, on: link, now: now)
        } catch {
            run(actions, on: link, now: now)
            drop(link, reason: Node.reason(error), answered: !actions.isEmpty, now: now)
        }
    }

    /// What a person is told of a peer that does not keep to the channel's rules.
    static func reason(_ error: ChannelError) -> String {
        switch error {
        case .notLiaison: "what answers there is no liaison node"
        case .otherHandshakeVersion: "it speaks another version of the handshake"
        case .otherNetwork: "it belongs to another network"
        default: "it does not speak as expected: \(error)"
        }
    }

    package func drained(_ connection: ConnectionID, now: Instant) {
        guard let link = links[connection] else { return }
        feed(link, now: now)
    }

    package func disconnected(_ connection: ConnectionID, reason: DisconnectReason, now: Instant) {
        if controls.removeValue(forKey: connection) != nil { return abandonJobs(of: connection, now: now) }
        if openings[connection] != nil { return forgetOpening(connection) }
        guard let link = links[connection] else { return }
        var text = "the connection broke"
        if case .sendQueueFull = reason { text = "it reads too slowly" }
        do throws(ChannelError) { try link.channel.streamEnded() } catch { text = "the connection was cut" }
        lose(link, reason: text, now: now)
    }

    package func timerFired(_ timer: TimerID, now: Instant) {
        if timer == Node.redialTimer { return redial(now: now) }
        if timer == Node.gateTimer { return answerCallers(now: now) }
        if let job = Node.job(ofProgressTimer: timer) { return tellProgress(of: job, now: now) }
        if let job = jobs.keys.sorted().first(where: { Node.jobTimer($0) == timer }) { return retry(job, now: now) }
        let connection = ConnectionID(timer.number >> 2)
        if openings[connection] != nil { return dropOpening(connection) }
        guard let link = links[connection] else { return }
        if timer == link.handshakeTimer {
            if link.session == nil { lose(link, reason: "it did not answer in time", now: now) }
            return
        }
        var actions: [Action] = []
        link.session?.timerFired(
            now: Int(now.monotonicMilliseconds), store: SharedStore(store: store), actions: &actions)
        run(actions, on: link, now: now)
    }

    package func signalled(_ signal: Signal, now: Instant) { stop() }
}
