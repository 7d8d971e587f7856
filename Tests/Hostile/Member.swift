import Channel
import Crypto
import Node
import Records
import Replica
import Store
import Sync

/// The keys of a device that was admitted and has gone bad, and what it can forge.
struct Member {
    let home: NodeHome
    let certificate: [UInt8]
    let network: Digest
    /// A segment that the network holds, with one bit of its seal turned over.
    let forged: [UInt8]

    /// - Parameter path: the data folder of a node that has joined and synced, and does not run.
    init(_ path: String) throws {
        home = try NodeHome.open(path, schema: .standard, entropy: SystemEntropy())
        certificate = try home.store.meta("certificate") ?? []
        network = home.store.network
        var forged: [UInt8] = []
        for branch in home.store.sharedBranches() where branch.descriptor.logClass == .data && forged.isEmpty {
            guard let run = try home.store.segment(branch: branch.number, from: branch.parentSequence + 1),
                let seal = (try? CompactSegment(decoding: run.bytes))?.seal.bytes,
                let start = run.bytes.indices.first(where: { run.bytes[$0...].starts(with: seal) })
            else { continue }
            var bytes = run.bytes
            bytes[start] ^= 1
            forged = Message.segment(log: .descriptor(branch.descriptor), bytes: bytes).encoded
        }
        self.forged = forged
    }
}

/// The channel of a member, and what it says through it.
struct Conversation {
    private let member: Member
    private let behaviour: Behaviour
    private var channel: Channel
    private var stream = MessageStream(messageBytes: 1 << 20)
    private(set) var isEstablished = false
    /// It has asked for everything and reads no more.
    private(set) var isDeaf = false

    init(_ member: Member, _ behaviour: Behaviour, entropy: inout SystemEntropy) {
        self.member = member
        self.behaviour = behaviour
        channel = Channel(
            role: .initiator, staticKey: member.home.channelKey, networkHint: member.network.word0, entropy: &entropy)
    }

    /// What it says first.
    mutating func start() -> [UInt8] {
        var actions: [ChannelAction] = []
        channel.start(actions: &actions)
        return carryOut(actions)
    }

    /// Hears something.
    /// - Returns: what it says to that; nil if the channel has failed.
    mutating func heard(_ bytes: [UInt8]) -> [UInt8]? {
        var actions: [ChannelAction] = []
        do throws(ChannelError) { try channel.received(bytes, now: 0, actions: &actions) } catch { return nil }
        return carryOut(actions)
    }

    private mutating func carryOut(_ actions: [ChannelAction]) -> [UInt8] {
        var written: [UInt8] = []
        for action in actions {
            var more: [ChannelAction] = []
            switch action {
            case .write(let bytes): written += bytes
            case .peerPayload: try? channel.provide(payload: member.certificate, now: 0, actions: &more)
            case .established:
                isEstablished = true
                var words = Message.hello(Hello(digest: 1, checkpoint: nil, moved: [])).encoded
                // A message of a megabyte, of which this is all that ever comes.
                if behaviour == .withhold {
                    words += [0x5A, 0x00, 0x0F, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 60_000)
                }
                say(words, &more)
            case .frame(let plaintext):
                stream.append(plaintext)
                while let bytes = try? stream.next() {
                    if let message = try? Message.decode(bytes, limits: SyncLimits()) { answer(message, &more) }
                }
            case .closedByPeer, .renewalDue: break
            }
            written += more.isEmpty ? [] : carryOut(more)
        }
        return written
    }

    private mutating func answer(_ message: Message, _ actions: inout [ChannelAction]) {
        guard case .vector(let policy, let items) = message, behaviour != .withhold else { return }
        var words = Message.vector(policy: policy, items: items.map { _ in .count(0) }).encoded
        if behaviour == .forge { for _ in 0..<50 { words += member.forged } }
        isDeaf = behaviour == .deaf
        say(words, &actions)
    }

    private mutating func say(_ words: [UInt8], _ actions: inout [ChannelAction]) {
        var rest = words[...]
        while !rest.isEmpty {
            let plaintext = Array(rest.prefix(ChannelLimits.plaintextByteCount))
            rest = rest.dropFirst(plaintext.count)
            try? channel.send(plaintext, now: 0, actions: &actions)
        }
    }
}
