import Bytes
import Crypto
import Foundation
import Node
import Reactor
package import Records
import Replica
import Store

extension Commands {
    /// Runs one command line against the store of its home, or through the node that runs on it.
    package static func run(arguments: [String], environment: [String: String], schema: Schema) -> Int32 {
        run(arguments: arguments, environment: environment, schema: schema) { call in
            do throws(Failure) { return try Performer(call: call, schema: schema).perform() } catch {
                return error.response
            }
        }
    }
}

/// Performs one command: through the running node if there is one, else on a store that is opened for it alone.
struct Performer {
    let call: Commands.Call
    let schema: Schema

    var request: Request { call.request }

    var controlPath: String { call.home + "/" + Home.File.controlSocket.name }

    /// How long a command waits for another one to let go of the store, milliseconds.
    private static let lockPatience = 10_000

    func perform() throws(Failure) -> Response {
        switch request.verb {
        case "init": return try found()
        case "join": return try join()
        case "serve": return try serve()
        case "version": return try performAlone(on: nil)
        default: break
        }
        return try whenUnlocked(patience: call.isHasty ? 0 : Performer.lockPatience) { () throws(Failure) in
            if let response = try performThroughNode() { return response }
            return try performAlone(on: try NodeHome.open(call.home, schema: schema, entropy: SystemEntropy()))
        }
    }

    /// Tries again while another command has the store for a moment, or a node is about to listen.
    private func whenUnlocked<R>(
        patience: Int = Performer.lockPatience, _ body: () throws(Failure) -> R
    ) throws(Failure) -> R {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(patience)
        while true {
            do throws(Failure) { return try body() } catch {
                guard error.isAlreadyOpen, clock.now < end else { throw error }
                usleep(20_000)
            }
        }
    }

    /// Whether the request is told how far it has come: then the interrupt key ends it cleanly.
    private var isWatched: Bool { request.has(ControlFrame.progressOption) }

    // MARK: Alone

    private func performAlone(on home: NodeHome?) throws(Failure) -> Response {
        guard let home else { return Node.version }
        let reactor = try makeReactor()
        let node = Node(
            network: reactor, store: home.store, channelKey: home.channelKey, schema: schema, entropy: SystemEntropy(),
            isServing: false)
        if isWatched { try watch(node, reactor) }
        return drive(node, reactor, request)
    }

    private func makeReactor(_ limits: ReactorLimits = ReactorLimits()) throws(Failure) -> Reactor {
        do { return try Reactor(limits: limits) } catch { throw Failure(.failed, "\(error)") }
    }

    /// Lets a node tell how far its work has come, and the interrupt key end it.
    private func watch(_ node: Node, _ reactor: Reactor) throws(Failure) {
        do { try reactor.watchSignals() } catch { throw Failure(.failed, "\(error)") }
        let progress = call.progress
        node.localWatcher = { step in
            progress(step)
            return reactor.takeSignal() == nil
        }
    }

    /// Runs the loop until a request is answered.
    private func drive(_ node: Node, _ reactor: Reactor, _ request: Request) -> Response {
        let (response, job) = node.submit(request)
        if let response { return response }
        while true {
            reactor.runOnce(for: node, waitingMilliseconds: 250)
            if let answer = node.answer(to: job) {
                reactor.finishClosing(for: node, withinMilliseconds: 2_000)
                return answer
            }
            if node.isStopping {
                reactor.finishClosing(for: node, withinMilliseconds: 2_000)
                return Node.interrupted
            }
            if let progress = node.progress(of: job) { call.progress(progress) }
        }
    }

    private var now: Int64 { Int64(Date().timeIntervalSince1970) }

    // MARK: Entering a network

    private func found() throws(Failure) -> Response {
        let name = try required("network")
        let organisation = try required("organisation")
        let device = try required("device")
        let language = try language()
        var entropy = SystemEntropy()
        let beginning = try NodeHome.begin(call.home, keepsKeys: false, entropy: &entropy)
        let root = SigningKey(from: &entropy)
        guard let nonce = ShortID(entropy.fill(16)) else {
            preconditionFailure("entropy gave another count than asked for")
        }
        let charter = Charter(
            name: name, rootKeys: [root.verifyingKey], threshold: 1, created: max(0, now), nonce: nonce)
        let home = try NodeHome.create(
            beginning, charter: charter, grant: nil, schema: schema,
            values: ["language": Array(language.utf8), "deviceName": Array(device.utf8)], entropy: entropy)
        do throws(StoreError) {
            try home.home.writeSeeds([root.withSeed { SecretBytes($0) }], to: .rootKey)
            let grant = try Founding.found(
                home.store, root: root, device: beginning.signing, channelKey: beginning.channel,
                organisation: organisation, time: now)
            try home.store.setMeta("grant", grant.id.bytes)
        } catch { throw Failure(error) }
        try FirstRecords.write(to: home.store, schema: schema, time: now)
        // Last: until here the next `init` begins anew.
        do { try home.store.setMeta("entered", [1]) } catch { throw Failure(error) }
        var response = entered(home.store, home.store.ownGrant, device: device)
        response.notes = [
            "root.key in \(call.home) can admit anybody to this network: keep a copy where no computer is"
        ]
        return response
    }

    private func join() throws(Failure) -> Response {
        let code = try Node.code(request.arguments[0])
        let device = try required("device")
        let language = try language()
        var entropy = SystemEntropy()
        // The keys are durable before the inviter hears of them: a second attempt with the same code is answered.
        let beginning = try NodeHome.begin(call.home, keepsKeys: true, entropy: &entropy)
        let reactor = try makeReactor()
        do { try reactor.watchSignals() } catch { throw Failure(.failed, "\(error)") }
        let joiner = Joiner(
            network: reactor, code: code, signing: beginning.signing, channelKey: beginning.channel, entropy: &entropy)
        joiner.start()
        while joiner.result == nil { reactor.runOnce(for: joiner, waitingMilliseconds: 1_000) }
        guard let result = joiner.result else { preconditionFailure("the loop ends with a result") }
        if case .failure(let failure) = result {
            if !joiner.mayBeAdmitted { beginning.discard() }
            throw failure
        }
        let certificate = try result.get()
        guard let grant = try? certificate.verify(network: code.network),
            let charter = try? Charter(decoding: certificate.charter)
        else {
            throw Failure(.failed, "the inviting node answered with an admission that does not stand")
        }
        let home = try NodeHome.create(
            beginning, charter: charter, grant: grant.id, schema: schema,
            values: [
                "certificate": certificate.encoded, "language": Array(language.utf8), "deviceName": Array(device.utf8),
                "entered": [1],
            ], entropy: entropy)
        do { try home.store.save(PeerRow(name: "inviter", address: code.address)) } catch { throw Failure(error) }
        let node = Node(
            network: reactor, store: home.store, channelKey: beginning.channel, schema: schema, entropy: entropy,
            isServing: false)
        try watch(node, reactor)
        let sync = Request(verb: "sync", arguments: ["inviter"])
        _ = drive(node, reactor, sync)
        var response = entered(home.store, grant, device: device)
        // The first brings the admission here, after which the node writes its first records; the second takes them
        // there.
        if drive(node, reactor, sync).exitCode != .done || home.store.ownGrant == nil {
            response.notes = ["the first sync was cut, and nothing is lost: run liaison sync"]
        }
        return response
    }

    private func required(_ option: String) throws(Failure) -> String {
        guard let value = request.value(of: option), !value.isEmpty else {
            throw Failure(.usage, "--\(option) is missing", hint: "liaison help \(request.verb)")
        }
        guard value.utf8.count <= CharterLimits.nameBytes else {
            throw Failure(
                .invalidValue, "--\(option) has \(value.utf8.count) bytes, at most \(CharterLimits.nameBytes) fit")
        }
        return value
    }

    /// What plain fields are to mean: the language asked for, else that of the environment, else English.
    private func language() throws(Failure) -> String {
        guard let text = request.value(of: "language") else { return CodeNames.language(call.environment) ?? "en" }
        guard let tag = LanguageTag.checked(text) else {
            throw Failure(.invalidValue, "--language: \(text) is no language tag", hint: "such as fr, ar or zh-Hans")
        }
        return tag
    }

    private func entered(_ store: ReplicaStore, _ grant: Grant?, device: String) -> Response {
        Response(
            .pairs([
                "network": .pairs(["id": .string(store.network.hex), "name": .string(store.charter.name)]),
                "organisation": .pairs([
                    "id": grant.map { .string($0.organisation.hex) } ?? .null,
                    "name": grant.map { .string($0.organisationName) } ?? .null,
                ]),
                "device": .pairs([
                    "id": store.identity.map { .string($0.device.hex) } ?? .null, "name": .string(device),
                ]),
            ]))
    }

    // MARK: Serving

    private func serve() throws(Failure) -> Response {
        let text = request.value(of: "listen") ?? Node.defaultAddress
        guard let endpoint = Endpoint(text) else {
            throw Failure(
                .usage, "\(text) is not an address of the form HOST:PORT", hint: "liaison serve --listen 127.0.0.1:7420"
            )
        }
        let home = try whenUnlocked { () throws(Failure) in
            do throws(Failure) { return try NodeHome.open(call.home, schema: schema, entropy: SystemEntropy()) } catch {
                // A node that answers stays; a command, or a node that is ending, lets go soon.
                guard error.isAlreadyOpen, (try? UnixClient(path: controlPath, timeoutMilliseconds: 1_000)) != nil
                else {
                    throw error
                }
                throw Failure(.failed, error.message, hint: error.hint)
            }
        }
        let limits = ReactorLimits(descriptorCount: Reactor.raiseDescriptorLimit())
        let reactor = try makeReactor(limits)
        do { try reactor.watchSignals() } catch { throw Failure(.failed, "\(error)") }
        let node = Node(
            network: reactor, store: home.store, channelKey: home.channelKey, schema: schema, entropy: SystemEntropy(),
            isServing: true, limits: GateLimits(acceptedConnectionCount: limits.acceptedConnectionCount))
        let bound = try node.serve(on: endpoint, controlPath: controlPath)
        call.announce("listening on \(bound)")
        reactor.run(for: node)
        reactor.finishClosing(for: node, withinMilliseconds: 2_000)
        return Response(nil)
    }
}
