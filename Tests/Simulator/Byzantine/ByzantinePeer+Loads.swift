import Bytes
import Crypto
import Replica
import Store
import Sync

// What each act sends: messages that are none, or that carry what the forge has made.
extension ByzantinePeer {
    func load(for conversation: Conversation) -> Load {
        switch conversation.act {
        case .sendGarbageMessages: return garbageMessages()
        case .alterMessages: return alteredMessages()
        case .replayMessages: return Load(messages: Array(recordedMessages.shuffled(using: &forge.random).prefix(12)))
        case .contradictHello: return contradictoryHellos(conversation)
        case .speakOutOfTurn: return outOfTurn(conversation)
        case .oversizeMessages: return oversizedMessages()
        case .rambleOn: return rambling()
        case .speakLaterVersion: return Load(messages: unknownMessages())
        case .withholdEntries: return withheldEntries()
        case .repeatEntries: return forge.repeatedEntries()
        case .alterEntries: return forge.alteredEntries()
        case .stealLog: return forge.stolenLog()
        case .leaveSession: return forge.isDrawn(oneIn: 2) ? forge.forks() : forge.repeatedEntries()
        default: return member == nil ? Load() : insiderLoad(conversation)
        }
    }

    private func insiderLoad(_ conversation: Conversation) -> Load {
        switch conversation.act {
        case .forkLog: forge.forks()
        case .forgeReferences: forge.forgedReferences()
        case .writeAnywhere: forge.writesAnywhere()
        case .breakChain: forge.brokenChain()
        case .breakTransactions: forge.brokenTransactions()
        case .writeLaterVersion: forge.laterVersion()
        case .deformSegments: forge.deformedSegments()
        case .writeUnauthorised: forge.unauthorised()
        case .forgeStatements: forge.forgedStatements()
        case .smuggleStranger: forge.strangersEntries()
        default: Load()
        }
    }

    private func hello(_ checkpoint: UInt64? = nil, _ moved: [Move] = []) -> [UInt8] {
        Message.hello(Hello(digest: forge.random.next(), checkpoint: checkpoint, moved: moved)).encoded
    }

    /// A message whose content is these bytes.
    private func message(_ content: [UInt8]) -> [UInt8] {
        var writer = CBORWriter()
        writer.write(bytes: content)
        return writer.bytes
    }

    // MARK: Messages that are none

    private func garbageMessages() -> Load {
        let bytes = forge.random.fill(forge.draw(1..<300))
        switch forge.draw(0..<4) {
        case 0: return Load(messages: [bytes])
        case 1: return Load(messages: [[forge.isDrawn(oneIn: 2) ? 0x80 : 0xF6] + bytes], isOffence: true)
        case 2: return Load(messages: [hello(), message(bytes)])
        default: return Load(messages: [hello(), message([0xFF] + bytes)], isOffence: true)
        }
    }

    private func alteredMessages() -> Load {
        var messages = recordedMessages.filter { $0.count < 4_096 }
        messages.append(hello())
        var bytes = messages[forge.draw(0..<messages.count)]
        switch forge.draw(0..<3) {
        case 0: bytes[forge.draw(0..<bytes.count)] ^= 1 << UInt8(forge.draw(0..<8))
        case 1: bytes.removeLast(forge.draw(1..<bytes.count))
        default: bytes.insert(contentsOf: forge.random.fill(forge.draw(1..<9)), at: forge.draw(0..<bytes.count))
        }
        return Load(messages: [hello(), bytes, Message.sent.encoded])
    }

    private func contradictoryHellos(_ conversation: Conversation) -> Load {
        let far = (0..<forge.draw(1..<20)).map { number in
            Move(log: .number(forge.draw(0..<1 << 16)), item: .count(number))
        }
        let unknown = Move(
            log: .descriptor(forge.dataLog(forge.shortID())),
            item: .heads([Head(sequence: forge.draw(0..<9), prefix: forge.random.next())]))
        switch forge.draw(0..<6) {
        case 0: return Load(messages: [hello(), hello()], isOffence: true)
        case 1:
            // The responder has no such checkpoint: it goes cold. An initiator has offered none of that name.
            return Load(messages: [hello(forge.random.next(), far)], isOffence: !conversation.isInitiator)
        case 2: return Load(messages: [hello(nil, far)], isOffence: true)
        case 3: return Load(messages: [hello(checkpointName(), [unknown, unknown])])
        case 4: return Load(messages: [hello(checkpointName(), far + [unknown])])
        default:
            var old = Hello(digest: 1, checkpoint: nil, moved: [])
            old.version = 0
            return Load(messages: [Message.hello(old).encoded], isOffence: true)
        }
    }

    private func outOfTurn(_ conversation: Conversation) -> Load {
        let all: [Message] = [
            .sent, .digest(forge.random.next()), .heads([], more: forge.isDrawn(oneIn: 2)),
            .explicit(log: forge.digest(), first: 0, last: forge.draw(0..<300), head: Digest()),
            .welcome(certificate: [1], ruleSet: 1, organisation: "X"),
            .control(policy: 1, logs: [], more: false), .equal,
        ]
        // An initiator that waits for HELLO takes EQUAL.
        let message = all[forge.draw(0..<(conversation.isInitiator ? all.count : all.count - 1))].encoded
        if !conversation.isInitiator || forge.isDrawn(oneIn: 3) { return Load(messages: [message], isOffence: true) }
        if forge.isDrawn(oneIn: 4) {
            let vector = Message.vector(policy: 1, items: []).encoded
            return Load(messages: [hello(), vector, vector, vector], isOffence: true)
        }
        return Load(messages: [hello(), message], isOffence: true)
    }

    private func oversizedMessages() -> Load {
        var load = Load(messages: [hello()], isOffence: true)
        let many = SyncLimits().heads + 1
        let moved = (0..<many).map { Move(log: .number($0 % 3), item: .count($0)) }
        switch forge.draw(0..<6) {
        case 0: load.messages.append([0x40])
        case 1: load.messages.append([0x5A, 0x00, 0x10, 0x00, 0x01])
        case 2: load.messages.append([0x5B, 0x80, 0, 0, 0, 0, 0, 0, 0])
        case 3:
            // An array of 2^32 logs in a message of a few bytes.
            load.messages.append(message([0x83, 0x03, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 0x9A, 0xFF, 0xFF, 0xFF, 0xFF]))
        case 4:
            let heads = (0..<many).map { Head(sequence: $0, prefix: 1) }
            load.add(.heads([LogHeads(log: forge.digest(), heads: heads)], more: true))
        default:
            // As many as it says, and each of them more than once.
            load = Load(messages: [hello(checkpointName(), moved)])
        }
        return load
    }

    // MARK: Messages without end

    private func rambling() -> Load {
        var load = Load()
        let count = forge.draw(5..<60)
        switch forge.draw(0..<5) {
        case 0: for _ in 0..<count { load.messages += unknownMessages() }
        case 1: for _ in 0..<count { load.add(.heads([], more: true)) }
        case 2: for _ in 0..<count { load.add(.heads([], more: false)) }
        case 3:
            for number in 0..<count {
                load.add(.explicit(log: forge.digest(), first: number, last: number, head: Digest()))
            }
        default:
            // The beginning of a great message, of which the rest never comes.
            load.messages = [[0x5A, 0x00, 0x0F, 0xFF, 0xFF] + forge.random.fill(forge.draw(0..<9_000))]
        }
        return load
    }

    /// Messages of types that nobody knows yet, or that are reserved.
    func unknownMessages() -> [[UInt8]] {
        (0..<forge.draw(1..<4)).map { _ in
            let type = UInt64([9, 10, 13, 24, 300, 1 << 40][forge.draw(0..<6)])
            let rest: [CBOR] = [
                .map([.init(key: .text("n"), value: .null)]), .bytes(forge.random.fill(16)), .bool(true),
            ]
            return message(CBOR.array([.unsigned(type)] + rest.prefix(forge.draw(0..<4))).encoded)
        }
    }

    /// A message with more elements than this version knows.
    func later(_ encoded: [UInt8]) -> [UInt8] {
        var reader = CBORReader(encoded)
        guard let content = try? reader.readBytes(upTo: .max, "message"),
            case .array(let items)? = try? CBOR(decoding: content)
        else { return encoded }
        return message(CBOR.array(items + [.map([.init(key: .unsigned(1), value: .text("feature"))]), .null]).encoded)
    }

    // MARK: withholdEntries

    /// A part of what was announced: entries without those below them, data without the statements about it.
    private func withheldEntries() -> Load {
        guard member != nil else { return Load() }
        var load = Load()
        let life = forge.life()
        var whole = Load()
        let chain = forge.addBase(of: life, to: &whole)
        let log = forge.lives[life].data
        switch forge.draw(0..<4) {
        case 0: break
        case 1:
            // Without its opening it is kept outside until that comes.
            load.add(forge.sealed(chain, log), of: log)
        case 2:
            forge.addControl(of: life, to: &load)
            for entry in chain where forge.isDrawn(oneIn: 2) { load.add(forge.sealed([entry], log), of: log) }
        default:
            // From the end on, without the beginning.
            let next = forge.plainEntry(after: chain, in: log)
            load.add(forge.sealed([next], log), of: log)
            forge.keep(chain + [next], of: life)
        }
        return load
    }
}
