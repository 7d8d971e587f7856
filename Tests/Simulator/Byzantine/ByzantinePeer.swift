import Channel
package import Crypto
package import Reactor
import Replica
package import Store
import Sync

/// A peer that does not keep to the protocol: an insider with an admitted device's keys, or an outsider.
///
/// It holds real channels to real nodes, and plays one act in each connection. Everything that it draws comes from its
/// seed, and every conversation has a budget and a deadline, so that it ends by itself.
package final class ByzantinePeer: NetworkOwner {
    /// The keys of an admitted device that went bad.
    package struct Member {
        package let signingKey: SigningKey
        package let channelKey: AgreementKey
        /// The device's admission.
        package let grant: Digest
        /// What it shows in a handshake.
        package let certificate: [UInt8]

        package init(signingKey: SigningKey, channelKey: AgreementKey, grant: Digest, certificate: [UInt8]) {
            self.signingKey = signingKey
            self.channelKey = channelKey
            self.grant = grant
            self.certificate = certificate
        }
    }

    /// What became of one connection.
    package struct Attack: Hashable, Sendable {
        package let act: ByzantineAct
        /// Whether the act came to be done at all.
        package let wasPlayed: Bool
        /// Whether an honest node must close the session for it.
        package let isOffence: Bool
        package let end: End
    }

    /// How a connection ended.
    package enum End: Hashable, Sendable {
        /// The other side said why, with this code.
        case refused(code: Int)
        /// The other side closed.
        case closed
        /// This peer left.
        case left
        /// This peer left because its time was over.
        case late
        /// Nobody was there.
        case unreachable
    }

    /// Milliseconds after which a conversation is over; longer where it falls silent, so that the other side is first.
    private static let (patience, silence): (Int64, Int64) = (20_000, 90_000)
    /// Bytes that are kept for replays.
    static let recordedByteCount = 16_384

    let network: any Network
    let networkID: Digest
    let member: Member?
    let source: ReplicaStore
    let channelKey: AgreementKey
    var forge: Forge
    private var conversations: [ConnectionID: Conversation] = [:]
    /// What it does to those who dial it, in turn; nil closes at once.
    package var actForCallers: ByzantineAct?
    /// How often each act was played, in the order of the acts.
    private var playedCounts = [Int](repeating: 0, count: ByzantineAct.allCases.count)
    /// What became of the conversations that are over, since `takeAttacks`.
    private var attacks: [Attack] = []
    /// What it wrote in an earlier connection, and what it was sent in earlier sessions.
    var recordedBytes: [UInt8] = []
    var recordedMessages: [[UInt8]] = []

    /// - Parameters:
    ///   - network: its owner is set by the caller, as it may be weak.
    ///   - networkID: the id of the network that is attacked.
    ///   - member: nil for somebody who was never admitted.
    ///   - source: a replica with honest entries, which is only read.
    package init(
        network: any Network, networkID: Digest, member: Member?, source: ReplicaStore, random: SeededEntropy
    ) {
        self.network = network
        self.networkID = networkID
        self.member = member
        self.source = source
        var random = random
        channelKey = member?.channelKey ?? AgreementKey(from: &random)
        let key = member?.signingKey ?? SigningKey(from: &random)
        forge = Forge(network: networkID, key: key, grant: member?.grant, source: source, random: random)
    }

    /// Dials a node and plays one act there.
    package func attack(_ endpoint: Endpoint, act: ByzantineAct) {
        let connection = network.connect(to: endpoint)
        add(Conversation(connection: connection, act: act, isInitiator: true, channel: makeChannel(.initiator)))
    }

    /// Listens, for nodes that have it as a peer.
    package func listen(on endpoint: Endpoint) throws(ReactorError) { _ = try network.listen(on: endpoint) }

    /// How often each act was played, in the order of the acts.
    package var wasPlayed: [(act: ByzantineAct, count: Int)] {
        zip(ByzantineAct.allCases, playedCounts).map { ($0, $1) }
    }

    /// Whether no conversation goes on.
    package var isAtRest: Bool { conversations.isEmpty }

    /// What became of the conversations that ended since the last call.
    package func takeAttacks() -> [Attack] {
        defer { attacks = [] }
        return attacks
    }

    private func makeChannel(_ role: Channel.Role) -> Channel {
        Channel(role: role, staticKey: channelKey, networkHint: networkID.word0, entropy: &forge.random)
    }

    private func add(_ conversation: Conversation) {
        conversations[conversation.connection] = conversation
        let patience = conversation.act == .fallSilent ? Self.silence : Self.patience
        network.setTimer(
            TimerID(conversation.connection.number), at: network.now.monotonicMilliseconds + patience)
    }

    // MARK: Events of the network

    package func accepted(
        _ connection: ConnectionID, from address: RemoteAddress, on listener: ListenerID, now: Instant
    ) {
        guard let act = actForCallers else { return network.abort(connection) }
        let conversation = Conversation(
            connection: connection, act: act, isInitiator: false,
            channel: makeChannel(.responder(payload: payload(for: act))))
        if act == .showFalseCertificate { played(conversation, isOffence: true) }
        add(conversation)
        begin(conversation)
    }

    package func connected(_ connection: ConnectionID, to address: Endpoint, now: Instant) {
        if let conversation = conversations[connection] { begin(conversation) }
    }

    package func connectFailed(_ connection: ConnectionID, error: ReactorError, now: Instant) {
        if let conversation = conversations[connection] { over(conversation, .unreachable) }
    }

    package func received(_ bytes: [UInt8], from connection: ConnectionID, now: Instant) {
        // One that replays another connection has keys to nothing.
        guard let conversation = conversations[connection], conversation.isStarted else { return }
        var actions: [ChannelAction] = []
        do throws(ChannelError) {
            try conversation.channel.received(bytes, now: now.monotonicMilliseconds, actions: &actions)
            run(actions, conversation)
        } catch {
            run(actions, conversation)
            // What answers is not what it expects, as after it had altered a message of its own.
            leave(conversation)
        }
    }

    package func drained(_ connection: ConnectionID, now: Instant) {}

    package func disconnected(_ connection: ConnectionID, reason: DisconnectReason, now: Instant) {
        guard let conversation = conversations[connection] else { return }
        over(conversation, conversation.refusal.map { .refused(code: $0) } ?? .closed)
    }

    package func timerFired(_ timer: TimerID, now: Instant) {
        guard let conversation = conversations[ConnectionID(timer.number)] else { return }
        network.abort(conversation.connection)
        over(conversation, conversation.refusal.map { .refused(code: $0) } ?? .late)
    }

    package func signalled(_ signal: Signal, now: Instant) {}

    // MARK: The channel

    /// The connection stands.
    private func begin(_ conversation: Conversation) {
        if conversation.act == .replayConnection, conversation.isInitiator, !recordedBytes.isEmpty {
            write(recordedBytes, conversation)
            conversation.isSilent = true
            return played(conversation, isOffence: true)
        }
        if conversation.act == .leaveHandshake, forge.isDrawn(oneIn: 4) {
            played(conversation)
            return leave(conversation)
        }
        var actions: [ChannelAction] = []
        conversation.isStarted = true
        conversation.channel.start(actions: &actions)
        run(actions, conversation)
    }

    private func run(_ actions: [ChannelAction], _ conversation: Conversation) {
        for action in actions where isOn(conversation) {
            switch action {
            case .write(let bytes):
                if conversation.isEstablished { write(bytes, conversation) } else { shake(bytes, conversation) }
            case .peerPayload(_, _, let hash):
                guard conversation.isInitiator else { continue }
                var next: [ChannelAction] = []
                let payload = payload(for: conversation.act, handshakeHash: hash)
                try? conversation.channel.provide(
                    payload: payload, now: network.now.monotonicMilliseconds, actions: &next)
                if conversation.act < .alterHandshake { played(conversation, isOffence: true) }
                run(next, conversation)
            case .established(let transcript):
                conversation.isEstablished = true
                if conversation.isSilent { continue }
                established(conversation, transcript: transcript)
            case .frame(let plaintext): heard(plaintext, conversation)
            case .closedByPeer:
                network.close(conversation.connection)
                over(conversation, conversation.refusal.map { .refused(code: $0) } ?? .closed)
            case .renewalDue: leave(conversation)
            }
        }
    }

    /// Writes a message of the handshake, as it is or not.
    private func shake(_ bytes: [UInt8], _ conversation: Conversation) {
        switch conversation.act {
        case .alterHandshake where forge.isDrawn(oneIn: 2) || conversation.written.count > 0:
            guard !conversation.wasPlayed else { return write(bytes, conversation) }
            let (altered, isOffence) = alteredHandshake(bytes, isFirst: conversation.written.isEmpty)
            played(conversation, isOffence: isOffence && conversation.isInitiator)
            conversation.isSilent = true
            write(altered, conversation)
        case .leaveHandshake where forge.isDrawn(oneIn: 2) || conversation.written.count > 0:
            write(Array(bytes.prefix(forge.draw(0..<bytes.count))), conversation)
            played(conversation)
            leave(conversation)
        default: write(bytes, conversation)
        }
    }

    /// Whether a conversation still goes on.
    func isOn(_ conversation: Conversation) -> Bool { conversations[conversation.connection] === conversation }

    /// Writes bytes as they are, while the budget lasts.
    func write(_ bytes: [UInt8], _ conversation: Conversation) {
        guard isOn(conversation), !bytes.isEmpty else { return }
        conversation.budget -= bytes.count
        guard conversation.budget > 0 else { return leave(conversation) }
        if conversation.written.count < Self.recordedByteCount { conversation.written += bytes }
        network.write(bytes, to: conversation.connection)
    }

    /// Says messages, or what is to pass for some, in frames.
    func say(_ messages: [[UInt8]], _ conversation: Conversation) {
        for message in messages {
            var rest = message[...]
            while !rest.isEmpty, isOn(conversation), !conversation.isSilent {
                let plaintext = Array(rest.prefix(ChannelLimits.plaintextByteCount))
                rest = rest.dropFirst(plaintext.count)
                var actions: [ChannelAction] = []
                try? conversation.channel.send(
                    plaintext, now: network.now.monotonicMilliseconds, actions: &actions)
                for case .write(let bytes) in actions {
                    if conversation.leavesWithin, forge.isDrawn(oneIn: 3) {
                        write(Array(bytes.prefix(forge.draw(0..<bytes.count))), conversation)
                        return leave(conversation)
                    }
                    write(bytes, conversation)
                }
            }
        }
    }

    func say(_ message: Message, _ conversation: Conversation) { say([message.encoded], conversation) }

    // MARK: The end

    /// Notes that the act of a conversation was done.
    func played(_ conversation: Conversation, isOffence: Bool = false) {
        if isOffence { conversation.isOffence = true }
        guard !conversation.wasPlayed else { return }
        conversation.wasPlayed = true
        playedCounts[conversation.act.rawValue] += 1
    }

    /// Goes: with a close of the channel, or without.
    func leave(_ conversation: Conversation) {
        guard isOn(conversation) else { return }
        if conversation.isEstablished, conversation.act != .leaveSession, conversation.act != .leaveInFrame {
            var actions: [ChannelAction] = []
            conversation.channel.close(actions: &actions)
            for case .write(let bytes) in actions { network.write(bytes, to: conversation.connection) }
            network.close(conversation.connection)
        } else if forge.isDrawn(oneIn: 2) {
            network.close(conversation.connection)
        } else {
            network.abort(conversation.connection)
        }
        over(conversation, .left)
    }

    private func over(_ conversation: Conversation, _ end: End) {
        guard isOn(conversation) else { return }
        conversations[conversation.connection] = nil
        network.cancelTimer(TimerID(conversation.connection.number))
        if conversation.isInitiator, conversation.isEstablished, !conversation.isSilent {
            recordedBytes = conversation.written
        }
        attacks.append(
            Attack(
                act: conversation.act, wasPlayed: conversation.wasPlayed, isOffence: conversation.isOffence, end: end))
    }
}
