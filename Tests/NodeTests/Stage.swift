import Channel
import Crypto
import Reactor
import Records
import Replica
import Store
import Sync

@testable import Node

/// A network without a world: a test says what happens on it, and sees what the node has done.
final class ScriptedNetwork: Network {
    var time: Int64 = 1_000
    /// What the node wrote and nobody has taken yet.
    var written: [ConnectionID: [UInt8]] = [:]
    /// Connections that the node has closed or aborted.
    private(set) var ended: Set<ConnectionID> = []
    private(set) var paused: Set<ConnectionID> = []
    private(set) var dialled: [(connection: ConnectionID, endpoint: Endpoint)] = []
    /// Connections whose peer takes nothing.
    var deaf: Set<ConnectionID> = []
    private var timers: [TimerID: Int64] = [:]
    private var number: UInt64 = 1

    var now: Instant { Instant(monotonicMilliseconds: time, unixSeconds: 1_800_000_000 + time / 1_000) }

    func take() -> UInt64 {
        number += 1
        return number
    }

    func listen(on endpoint: Endpoint) throws(ReactorError) -> (listener: ListenerID, bound: Endpoint) {
        (ListenerID(1), endpoint)
    }
    func listenLocally(at path: String) throws(ReactorError) -> ListenerID { ListenerID(0) }
    func closeListener(_ listener: ListenerID) {}

    func connect(to endpoint: Endpoint) -> ConnectionID {
        let connection = ConnectionID(take())
        dialled.append((connection, endpoint))
        return connection
    }

    func write(_ bytes: [UInt8], to connection: ConnectionID) {
        if !ended.contains(connection) { written[connection, default: []] += bytes }
    }
    func unsentByteCount(of connection: ConnectionID) -> Int {
        deaf.contains(connection) ? written[connection, default: []].count : 0
    }
    func pauseReading(of connection: ConnectionID) { paused.insert(connection) }
    func resumeReading(of connection: ConnectionID) { paused.remove(connection) }
    func close(_ connection: ConnectionID) { ended.insert(connection) }
    func abort(_ connection: ConnectionID) { ended.insert(connection) }
    func setTimer(_ timer: TimerID, at monotonicMilliseconds: Int64) { timers[timer] = monotonicMilliseconds }
    func cancelTimer(_ timer: TimerID) { timers[timer] = nil }
    func stop() {}

    /// Lets time pass and fires what is due, in order.
    func pass(milliseconds: Int64, _ owner: some NetworkOwner) {
        let end = time + milliseconds
        while let next = timers.min(by: { ($0.value, $0.key.number) < ($1.value, $1.key.number) }), next.value <= end {
            timers[next.key] = nil
            time = max(time, next.value)
            owner.timerFired(next.key, now: now)
        }
        time = end
    }
}

/// One real node of a network, the founder's, with strangers and members that a test plays.
final class Stage {
    /// The keys of a device and what shows that it is a member.
    struct Device {
        let signing: SigningKey
        let channel: AgreementKey
        let grant: Digest?
        let certificate: [UInt8]

        var id: ShortID { signing.verifyingKey.deviceID }
    }

    let network = ScriptedNetwork()
    let store: ReplicaStore
    let node: Node
    let charter: Charter
    var entropy: SeededEntropy

    init(limits: GateLimits = GateLimits(), seed: UInt64 = 1) throws {
        entropy = SeededEntropy(seed: seed)
        let root = SigningKey(from: &entropy)
        let (device, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
        guard let nonce = ShortID(entropy.fill(16)) else { preconditionFailure("sixteen bytes") }
        charter = Charter(name: "Stage", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: nonce)
        store = try ReplicaStore.inMemory(
            charter: charter, identity: nil, entropy: SeededEntropy(seed: seed ^ 1), indexed: Schema.standard.indexed)
        _ = try Founding.found(
            store, root: root, device: device, channelKey: channel, organisation: "Sector", time: 1_800_000_000)
        node = Node(
            network: network, store: store, channelKey: channel, schema: .standard,
            entropy: SeededEntropy(seed: seed ^ 2), isServing: true, limits: limits)
        guard let endpoint = Endpoint("10.0.0.1:7420") else { preconditionFailure("an address") }
        _ = try node.serve(on: endpoint, controlPath: "control")
    }

    /// Admits a device of an institute of its own.
    func admit(_ organisation: String) throws -> Device {
        let (signing, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
        guard
            let grant = try Founding.admit(
                signing.verifyingKey, channelKey: channel.publicKey, to: .organisation(name: organisation), in: store,
                time: 1_800_000_000),
            let certificate = try store.certificate(for: grant)
        else { preconditionFailure("the founder admits") }
        return Device(signing: signing, channel: channel, grant: grant, certificate: certificate.encoded)
    }

    /// A device that nobody has admitted.
    func stranger() -> Device {
        Device(
            signing: SigningKey(from: &entropy), channel: AgreementKey(from: &entropy), grant: nil, certificate: [])
    }

    /// Somebody connects.
    func connect(from address: String) -> ConnectionID {
        let connection = ConnectionID(network.take())
        guard let endpoint = Endpoint(host: address, port: 40_000) else { preconditionFailure("an address") }
        node.accepted(connection, from: .tcp(endpoint), on: ListenerID(1), now: network.now)
        return connection
    }

    /// The node receives bytes.
    func send(_ bytes: [UInt8], on connection: ConnectionID) {
        if !network.ended.contains(connection) { node.received(bytes, from: connection, now: network.now) }
    }

    func isOpen(_ connection: ConnectionID) -> Bool { !network.ended.contains(connection) }

    /// The peer ends the connection.
    func hangUp(_ connection: ConnectionID) {
        if isOpen(connection) { node.disconnected(connection, reason: .closedByPeer, now: network.now) }
        network.close(connection)
    }

    func pass(milliseconds: Int64) { network.pass(milliseconds: milliseconds, node) }

    /// What an initiator says first.
    func opening() -> [UInt8] { Caller(stranger(), self, from: nil).firstBytes }
}

/// The initiator's side of one connection to the stage's node, played by a test.
final class Caller {
    let stage: Stage
    let device: Stage.Device
    let connection: ConnectionID
    private var channel: Channel
    private var stream = MessageStream(messageBytes: 1 << 20)
    private(set) var messages: [Message] = []
    private(set) var firstBytes: [UInt8] = []
    private var outgoing: [UInt8] = []
    private(set) var hasChannel = false

    /// - Parameter address: nil makes the first bytes and connects nowhere.
    init(_ device: Stage.Device, _ stage: Stage, from address: String?) {
        self.stage = stage
        self.device = device
        channel = Channel(
            role: .initiator, staticKey: device.channel, networkHint: stage.charter.network.word0,
            entropy: &stage.entropy)
        connection = address.map { stage.connect(from: $0) } ?? ConnectionID(0)
        var actions: [ChannelAction] = []
        channel.start(actions: &actions)
        carryOut(actions)
        firstBytes = outgoing
    }

    /// Connects, makes a channel and greets with a digest that nobody has.
    static func session(_ device: Stage.Device, _ stage: Stage, from address: String) -> Caller {
        let caller = Caller(device, stage, from: address)
        caller.run()
        caller.say(.hello(Hello(digest: 1, checkpoint: nil, moved: [])))
        return caller
    }

    var isOpen: Bool { stage.isOpen(connection) }

    /// The code with which the node refused.
    var refusal: RefusalCode? {
        for case .refused(let code, _) in messages { return RefusalCode(rawValue: code) }
        return nil
    }

    /// Carries bytes both ways until nothing moves.
    func run() {
        while true {
            let bytes = outgoing
            outgoing = []
            if !bytes.isEmpty { stage.send(bytes, on: connection) }
            let answer = stage.network.written.removeValue(forKey: connection) ?? []
            if answer.isEmpty && outgoing.isEmpty { return }
            var actions: [ChannelAction] = []
            try? channel.received(answer, now: stage.network.time, actions: &actions)
            carryOut(actions)
        }
    }

    func say(_ messages: Message...) { say(messages.flatMap(\.encoded)) }

    /// Says something and takes no byte of what follows.
    func sayUnheard(_ message: Message) {
        seal(message.encoded)
        let bytes = outgoing
        outgoing = []
        stage.send(bytes, on: connection)
    }

    /// Says bytes of the stream of messages.
    func say(_ bytes: [UInt8]) {
        seal(bytes)
        run()
    }

    private func seal(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var actions: [ChannelAction] = []
        while !rest.isEmpty {
            let plaintext = Array(rest.prefix(ChannelLimits.plaintextByteCount))
            rest = rest.dropFirst(plaintext.count)
            try? channel.send(plaintext, now: stage.network.time, actions: &actions)
        }
        carryOut(actions)
    }

    private func carryOut(_ actions: [ChannelAction]) {
        for action in actions {
            switch action {
            case .write(let bytes): outgoing += bytes
            case .peerPayload:
                var more: [ChannelAction] = []
                try? channel.provide(payload: device.certificate, now: stage.network.time, actions: &more)
                carryOut(more)
            case .established: hasChannel = true
            case .frame(let plaintext):
                stream.append(plaintext)
                while let bytes = try? stream.next() {
                    if let message = try? Message.decode(bytes, limits: SyncLimits()) { messages.append(message) }
                }
            case .closedByPeer, .renewalDue: break
            }
        }
    }
}
