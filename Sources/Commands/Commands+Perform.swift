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

    private var request: Request { call.request }

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
        return try whenUnlocked { () throws(Failure) in
            if let response = try performThroughNode() { return response }
            return try performAlone(on: try NodeHome.open(call.home, schema: schema, entropy: SystemEntropy()))
        }
    }

    /// Tries again while another command has the store for a moment, or a node is about to listen.
    private func whenUnlocked<R>(_ body: () throws(Failure) -> R) throws(Failure) -> R {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(Performer.lockPatience)
        while true {
            do throws(Failure) { return try body() } catch {
                guard error.isAlreadyOpen, clock.now < end else { throw error }
                usleep(20_000)
            }
        }
    }

    // MARK: Through the running node

    private var controlPath: String { call.home + "/" + Home.File.controlSocket.name }

    private func performThroughNode() throws(Failure) -> Response? {
        guard let client = try? UnixClient(path: controlPath, timeoutMilliseconds: Performer.answerTimeout(request))
        else { return nil }
        return try ask(client)
    }

    private static func answerTimeout(_ request: Request) -> Int32 {
        // `wait` is told how long; everything else ends by itself.
        let seconds = Int32(request.value(of: "timeout") ?? "") ?? 0
        return 600_000 + min(max(seconds, 0), 86_400) * 1_000
    }

    private func ask(_ client: consuming UnixClient) throws(Failure) -> Response {
        do {
            try client.send(ControlFrame.encode(request.item.encoded))
            guard let head = try client.receive(exactly: 4), let length = ControlFrame.length(head),
                length <= ControlFrame.maximumByteCount,
                let content = try client.receive(exactly: length)
            else { throw Failure(.failed, "the running node ended before it answered", hint: "liaison status") }
            return try Response(decoding: content)
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.failed, "the running node did not answer: \(error)", hint: "liaison status")
        }
    }

    // MARK: Alone

    private func performAlone(on home: NodeHome?) throws(Failure) -> Response {
        guard let home else { return Node.version }
        let reactor = try makeReactor()
        let node = Node(
            network: reactor, store: home.store, channelKey: home.channelKey, schema: schema, entropy: SystemEntropy(),
            isServing: false)
        return drive(node, reactor, request)
    }

    private func makeReactor() throws(Failure) -> Reactor {
        do { return try Reactor() } catch { throw Failure(.failed, "\(error)") }
    }

    /// Runs the loop until a request is answered.
    private func drive(_ node: Node, _ reactor: Reactor, _ request: Request) -> Response {
        let (response, job) = node.submit(request)
        if let response { return response }
        while true {
            reactor.runOnce(for: node, waitingMilliseconds: 1_000)
            if let answer = node.answer(to: job) {
                reactor.finishClosing(for: node, withinMilliseconds: 2_000)
                return answer
            }
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
        if let text = request.value(of: "language") {
            guard let tag = LanguageTag.checked(text) else {
                throw Failure(
                    .invalidValue, "--language: \(text) is no language tag", hint: "such as fr, ar or zh-Hans")
            }
            return tag
        }
        return Commands.language(call.environment) ?? "en"
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
        let reactor = try makeReactor()
        do { try reactor.watchSignals() } catch { throw Failure(.failed, "\(error)") }
        let node = Node(
            network: reactor, store: home.store, channelKey: home.channelKey, schema: schema, entropy: SystemEntropy(),
            isServing: true)
        let bound = try node.serve(on: endpoint, controlPath: controlPath)
        call.announce("listening on \(bound)")
        reactor.run(for: node)
        reactor.finishClosing(for: node, withinMilliseconds: 2_000)
        return Response(nil)
    }
}
