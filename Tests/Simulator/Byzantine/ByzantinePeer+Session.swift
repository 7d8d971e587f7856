import Bytes
import Channel
import Crypto
import Reactor
import Replica
import Store
import Sync

// What a Byzantine peer says in a session: what is needed to come to where its act is done, and the act.
extension ByzantinePeer {
    // MARK: The handshake

    /// What it shows in the handshake.
    /// - Parameter handshakeHash: of an initiator, for joining.
    func payload(for act: ByzantineAct, handshakeHash: [UInt8]? = nil) -> [UInt8] {
        if act == .askToJoin, let handshakeHash {
            let secret = forge.shortID()
            return JoinRequest(
                device: forge.key, channelKey: channelKey.publicKey, secret: secret, handshakeHash: handshakeHash
            ).encoded
        }
        let own = member?.certificate ?? falseCertificate()
        return act == .showFalseCertificate ? falseCertificate() : own
    }

    /// A certificate that no node may accept from this peer.
    private func falseCertificate() -> [UInt8] {
        switch forge.draw(0..<4) {
        case 0: return forge.random.fill(forge.draw(0..<CertificateLimits.bytes))
        case 1:
            // Somebody else's: the channel key is not theirs.
            let grants = source.authority.grants.keys.sorted().filter { $0 != member?.grant }
            guard !grants.isEmpty else { return [] }
            let grant = grants[forge.draw(0..<grants.count)]
            return ((try? source.certificate(for: grant)) ?? nil)?.encoded ?? []
        case 2:
            guard var bytes = member?.certificate else { return [0x80] }
            bytes[forge.draw(0..<bytes.count)] ^= 1 << UInt8(forge.draw(0..<8))
            return bytes
        default:
            // A network of its own, in which it is the root.
            let nonce = forge.shortID()
            let charter = Charter(
                name: source.charter.name, rootKeys: [forge.key.verifyingKey], threshold: 1, created: 0, nonce: nonce)
            let admission = Statement.admission(
                .init(
                    ruleSet: 1, rank: .sectorAdmin, organisation: nil, name: "Forged",
                    device: forge.key.verifyingKey, channelKey: channelKey.publicKey, label: 0))
            let log = LogDescriptor(
                space: SpaceName.policy, logClass: .control, device: forge.key.verifyingKey, incarnation: nonce)
            let id = log.id(network: charter.network)
            let header = Header(
                sequence: 1, previous: id, auth: nil, time: 0, record: .new(kind: 2),
                operations: [admission.operation]
            ).encoded
            let seal = forge.key.sign(Seal.message(log: id, sequence: 1, entry: Header.id(of: header)))
            let shown = forge.isDrawn(oneIn: 2) ? charter : source.charter
            return Certificate(
                charter: shown.encoded, links: [.init(header: header, descriptor: log, seal: seal)]
            ).encoded
        }
    }

    /// One side's bytes of a handshake, altered.
    /// - Returns: them, and whether whoever reads them must close for it.
    func alteredHandshake(_ bytes: [UInt8], isFirst: Bool) -> ([UInt8], Bool) {
        var bytes = bytes
        switch forge.draw(0..<5) {
        case 0 where isFirst:
            // Preface: magic, version or network.
            bytes[forge.draw(0..<16)] ^= 1
            return (bytes, true)
        case 1 where isFirst:
            // A key of low order.
            return (Array(bytes.prefix(18)) + [UInt8](repeating: 0, count: 32), true)
        case 2:
            let place = isFirst ? 16 : 0
            bytes[place] = 0xFF
            return (bytes, true)
        case 3 where !isFirst:
            bytes[forge.draw(2..<bytes.count)] ^= 1 << UInt8(forge.draw(0..<8))
            return (bytes, true)
        default:
            // More than a message may have behind it: a responder has no keys yet to read it with.
            return (bytes + forge.random.fill(forge.draw(1..<200)), false)
        }
    }

    // MARK: The beginning of a session

    func established(_ conversation: Conversation, transcript: [UInt8]) {
        switch conversation.act {
        case .sendGarbageBytes:
            write([0x00, 0x20] + forge.random.fill(forge.draw(32..<400)), conversation)
            conversation.isSilent = true
            return played(conversation, isOffence: true)
        case .replayFrames, .leaveInFrame: return misuseFrames(conversation)
        case .fallSilent: conversation.leavesAfter = forge.draw(0..<6)
        case .leaveSession:
            conversation.leavesAfter = forge.draw(0..<8)
            conversation.leavesWithin = forge.isDrawn(oneIn: 2)
        default: break
        }
        checkPatience(conversation)
        guard conversation.isInitiator, isOn(conversation), !conversation.isSilent else { return }
        if saysFirst(conversation) { return }
        sayHello(conversation, transcript: transcript)
    }

    private func misuseFrames(_ conversation: Conversation) {
        var actions: [ChannelAction] = []
        let hello = Message.hello(Hello(digest: forge.random.next(), checkpoint: nil, moved: []))
        for message in [hello, .sent] {
            try? conversation.channel.send(message.encoded, now: network.now.monotonicMilliseconds, actions: &actions)
        }
        var frames: [[UInt8]] = []
        for case .write(let bytes) in actions { frames.append(bytes) }
        guard frames.count == 2 else { return leave(conversation) }
        if conversation.act == .leaveInFrame {
            let place = forge.draw(1..<frames[0].count)
            played(conversation)
            write(Array(frames[0].prefix(place)), conversation)
            return leave(conversation)
        }
        switch forge.draw(0..<3) {
        case 0: write(frames[0] + frames[0], conversation)
        case 1: write(frames[1] + frames[0], conversation)
        default:
            var altered = frames[0]
            altered[forge.draw(2..<altered.count)] ^= 1 << UInt8(forge.draw(0..<8))
            write(altered, conversation)
        }
        conversation.isSilent = true
        played(conversation, isOffence: true)
    }

    /// Leaves or falls silent when its time has come.
    private func checkPatience(_ conversation: Conversation) {
        guard let most = conversation.leavesAfter, conversation.heard >= most else { return }
        played(conversation)
        if conversation.act == .fallSilent { conversation.isSilent = true } else { leave(conversation) }
    }

    /// What some acts say in the place of an initiator's HELLO.
    /// - Returns: false if they say it as others do.
    private func saysFirst(_ conversation: Conversation) -> Bool {
        switch conversation.act {
        case .sendGarbageMessages, .alterMessages, .replayMessages, .speakOutOfTurn, .oversizeMessages,
            .contradictHello:
            sendLoad(conversation)
            return true
        default: return false
        }
    }

    private func sayHello(_ conversation: Conversation, transcript: [UInt8]) {
        conversation.saidHello = true
        var digest = forge.random.next()
        if conversation.act != .denyEquality, forge.isDrawn(oneIn: 8) {
            // The digest of what its source holds; often the truth.
            var bytes = transcript
            source.frontier(of: SpaceName.policy).append(to: &bytes)
            source.frontier(of: SpaceName.net).append(to: &bytes)
            source.state(of: SpaceName.net).append(to: &bytes)
            digest = Hash.blake2b(.session, bytes).word0
        }
        var hello = Hello(digest: digest, checkpoint: nil, moved: [])
        if conversation.act == .lieAboutEquality || forge.isDrawn(oneIn: 6) {
            // From an equality that was a lie, or from none.
            hello = Hello(digest: digest, checkpoint: checkpointName(), moved: [])
        }
        if conversation.act == .speakLaterVersion {
            hello.version = forge.draw(2..<65_536)
            say([later(Message.hello(hello).encoded)], conversation)
            return say(unknownMessages(), conversation)
        }
        say(.hello(hello), conversation)
    }

    /// The name that a checkpoint between this peer's source and an equal replica has.
    func checkpointName() -> UInt64 {
        var bytes = source.frontier(of: SpaceName.policy).bytes
        source.frontier(of: SpaceName.net).append(to: &bytes)
        return Hash.blake2b(.session, bytes).word0
    }

    // MARK: What it hears

    /// A plaintext came.
    func heard(_ plaintext: [UInt8], _ conversation: Conversation) {
        conversation.stream.append(plaintext)
        while isOn(conversation), let bytes = (try? conversation.stream.next()) ?? nil {
            if recordedMessages.reduce(0, { $0 + $1.count }) < Self.recordedByteCount {
                var writer = CBORWriter()
                writer.write(bytes: bytes)
                recordedMessages.append(writer.bytes)
            } else if forge.isDrawn(oneIn: 64) {
                recordedMessages = []
            }
            guard let message = (try? Message.decode(bytes, limits: SyncLimits())) ?? nil else { continue }
            conversation.heard += 1
            checkPatience(conversation)
            guard isOn(conversation), !conversation.isSilent || message.isRefusal else { continue }
            // Nobody needs more than that to see that it leads nowhere.
            guard conversation.heard < 2_000 else { return leave(conversation) }
            answer(message, conversation)
        }
    }

    private func answer(_ message: Message, _ conversation: Conversation) {
        switch message {
        case .refused(let code, _): conversation.refusal = code
        case .hello(let hello): answerHello(hello, conversation)
        case .vector(let policy, let items): answerVector(policy, items, conversation)
        case .control(let policy, let logs, let more):
            if !more { answerControl(policy, logs, conversation) }
        case .heads(let logs, let more):
            answerHeads(logs, more: more, conversation)
        case .digest: answerDigest(conversation)
        case .equal:
            // Live from here on.
            sendLoad(conversation)
            if !conversation.isOffence { leave(conversation) }
        case .sent, .segment, .explicit, .welcome: break
        }
    }

    private func answerHello(_ hello: Hello, _ conversation: Conversation) {
        if conversation.isInitiator {
            // It agreed to a checkpoint: segments may flow, and nothing more is said about logs.
            if hello.checkpoint != nil { finishSending(conversation) }
            return
        }
        if saysFirst(conversation) { return }
        conversation.saidHello = true
        switch conversation.act {
        case .lieAboutEquality where forge.isDrawn(oneIn: 2):
            say(.equal, conversation)
            played(conversation)
            leave(conversation)
        case .lieAboutFrontier where hello.checkpoint != nil && forge.isDrawn(oneIn: 2):
            // It agrees to whatever was offered, and says that everything moved.
            let moves = (0..<forge.draw(1..<6)).map { number in
                Move(log: .number(number), item: .count(forge.draw(0..<1 << 40)))
            }
            say(.hello(Hello(digest: 1, checkpoint: hello.checkpoint, moved: moves)), conversation)
            finishSending(conversation)
        default: say(.hello(Hello(digest: forge.random.next(), checkpoint: nil, moved: [])), conversation)
        }
    }

    // MARK: What it claims

    private func answerVector(_ policy: UInt64, _ items: [LogItem], _ conversation: Conversation) {
        if conversation.act == .lieAboutFrontier, !conversation.saidControl, forge.isDrawn(oneIn: 3) {
            // As if it knew of other members: statements are compared first.
            conversation.saidControl = true
            return say(.vector(policy: forge.random.next(), items: []), conversation)
        }
        var said = items
        switch conversation.act {
        case .lieAboutFrontier:
            said = items.map { falseItem($0) }
            if forge.isDrawn(oneIn: 5) {
                said.append(.count(1))
                played(conversation, isOffence: true)
            }
        case .withholdEntries:
            said = items.map { item in if case .count(let count) = item { .count(count + 3) } else { item } }
        default:
            // What costs least: to hold the same. Now and then nothing, so that it is sent everything.
            if forge.isDrawn(oneIn: 10) { said = items.map { _ in .count(0) } }
        }
        say(.vector(policy: policy, items: said), conversation)
        finishSending(conversation)
    }

    private func falseItem(_ item: LogItem) -> LogItem {
        switch forge.draw(0..<6) {
        case 0: .count(0)
        case 1: .count(EntryLimits.sequence)
        case 2: .count(forge.draw(0..<20))
        case 3: .heads([Head(sequence: forge.draw(0..<10), prefix: forge.random.next())])
        case 4:
            .heads((0..<3).map { Head(sequence: $0, prefix: forge.random.next()) })
        default: item
        }
    }

    private func falseHeads(_ heads: [Head]) -> [Head] {
        switch forge.draw(0..<5) {
        case 0: []
        case 1: heads.map { Head(sequence: $0.sequence, prefix: forge.random.next()) }
        case 2: heads.map { Head(sequence: $0.sequence + 1_000_000, prefix: $0.prefix) }
        case 3: heads.reversed() + heads
        default: heads
        }
    }

    private func answerControl(_ policy: UInt64, _ logs: [ControlLog], _ conversation: Conversation) {
        var said = logs
        if conversation.act == .lieAboutFrontier {
            said = logs.map { log in
                let heads = falseHeads(log.heads)
                return ControlLog(descriptor: log.descriptor, heads: heads.isEmpty ? log.heads : heads)
            }
            said.append(
                ControlLog(
                    descriptor: forge.controlLog(forge.shortID()),
                    heads: [Head(sequence: forge.draw(0..<5), prefix: forge.random.next())]))
        }
        say(.control(policy: policy, logs: said, more: false), conversation)
        sendLoad(conversation)
        // Then both compare vectors once more.
        say(.sent, conversation)
    }

    private func answerHeads(_ logs: [LogHeads], more: Bool, _ conversation: Conversation) {
        var said = logs
        if conversation.act == .lieAboutFrontier {
            said = logs.map { LogHeads(log: $0.log, heads: falseHeads($0.heads)) }
            if forge.isDrawn(oneIn: 4) { said = [] }
        }
        say(.heads(said, more: more), conversation)
        guard !more else { return }
        if conversation.hasSentAll { say(.sent, conversation) } else { finishSending(conversation) }
    }

    /// Sends what the act is about, and says that this is all.
    private func finishSending(_ conversation: Conversation) {
        sendLoad(conversation)
        guard isOn(conversation), !conversation.hasSentAll else { return }
        conversation.hasSentAll = true
        if conversation.act == .withholdEntries, forge.isDrawn(oneIn: 4) {
            // Not even that it was all.
            conversation.isSilent = true
            return
        }
        say(.sent, conversation)
    }

    private func answerDigest(_ conversation: Conversation) {
        let denies = conversation.act == .denyEquality || forge.isDrawn(oneIn: 6)
        if denies, conversation.denials < 6 {
            conversation.denials += 1
            if conversation.act == .denyEquality { played(conversation) }
            return say(.digest(forge.random.next()), conversation)
        }
        if conversation.act == .lieAboutEquality { played(conversation) }
        if conversation.act == .rambleOn, !conversation.hasSentLoad {
            say(.equal, conversation)
            return sendLoad(conversation)
        }
        if conversation.act == .lieAboutEquality || forge.isDrawn(oneIn: 2) { say(.equal, conversation) }
        leave(conversation)
    }

    private func sendLoad(_ conversation: Conversation) {
        guard !conversation.hasSentLoad, isOn(conversation) else { return }
        conversation.hasSentLoad = true
        let load = load(for: conversation)
        say(load.messages, conversation)
        switch conversation.act {
        case .denyEquality, .lieAboutEquality, .fallSilent, .leaveSession: break
        default: played(conversation, isOffence: load.isOffence)
        }
    }
}

extension Message {
    fileprivate var isRefusal: Bool { if case .refused = self { true } else { false } }
}
