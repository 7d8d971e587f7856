import Bytes
import Crypto
import MemoryDisk
import Node
import Replica
import Simulator
import Store
import Sync

// What a store does between two losses.
extension LossHistory {
    /// One piece of work; a disk that was told to fail may end it.
    mutating func work() throws {
        let before = disk.injected.faults
        do {
            try perform(Int.random(in: 0..<24, using: &random))
            acknowledged += 1
        } catch let defect as Defect {
            throw defect
        } catch {
            if disk.isCrashed { return }
            guard disk.injected.faults > before else {
                throw Defect("nothing was wrong with the disk, and: \(error)")
            }
            disk.failAtRandom(seed: 0, perMillion: 0)
            if needsOpening { return }
            try settle(after: error)
        }
    }

    /// What is shown after a failure is what was committed before; or the store says that it must be opened again.
    private mutating func settle(after error: any Error) throws {
        do {
            try store.setMeta("probe", random.fill(4))
        } catch {
            if disk.isCrashed { return }
            // It is uncertain what is durable: only opening it again tells.
            guard "\(error)".contains("start the program again") else {
                throw Defect("a store that failed refuses work and does not say what would help: \(error)")
            }
            needsOpening = true
            return
        }
        guard ledger.allowed.contains(ledger.surplus(in: store)) else {
            throw Defect("after a failure \(ledger.surplus(in: store)) entries more are shown: \(error)")
        }
        ledger.acknowledge(store)
    }

    private mutating func perform(_ choice: Int) throws {
        switch choice {
        case 0...4: try editOnce()
        case 5...8: try batch()
        case 9...11: try pull()
        case 12...14: try push()
        case 15:
            try store.rebuild()
        case 16:
            ledger.isOpening = true
            ledger.expect([1])
            try store.openIncarnation(time: Int64.random(in: 0...1_000_000, using: &random))
            ledger.isOpening = false
            ledger.acknowledge(store)
        case 17...18: try keepValue()
        case 19: try keepOwnThings()
        case 20: try checkpoint()
        case 21: try closeAndOpen()
        case 22: try admit()
        default: try eraseSomething()
        }
    }

    private mutating func editOnce() throws {
        ledger.expect(upTo: 4)
        try editor.edit(store)
        ledger.acknowledge(store)
    }

    /// Many records in one transaction: all of them or none.
    private mutating func batch() throws {
        let count = [1, 2, 7, 40].randomElement(using: &random) ?? 1
        let drafts = (0..<count).map { index in
            EntryDraft(
                target: .new(kind: 900),
                operations: [
                    OperationDraft(field: 16, type: .register, replaces: [], value: .text("batch \(index)")),
                    OperationDraft(field: 29, type: .counter, replaces: [], shape: .int(3)),
                ])
        }
        ledger.expect([count])
        // Where the opening of a life was cut, a write opens the next.
        if ledger.isOpening { ledger.expect([1, count]) }
        _ = try store.write(drafts, space: SpaceName.net, time: 9)
        ledger.acknowledge(store)
    }

    private mutating func keepValue() throws {
        let name = ["note", "other"].randomElement(using: &random) ?? "note"
        let value = random.fill(Int.random(in: 1...3_000, using: &random))
        ledger.expect(value, named: name)
        try store.setMeta(name, value)
        ledger.acknowledge(name, value)
    }

    /// Peers, invitations and checkpoints, with a note of what was kept last in the same breath.
    private mutating func keepOwnThings() throws {
        try store.save(PeerRow(name: "peer", address: "10.0.0.\(Int.random(in: 1...9, using: &random)):7420"))
        guard let secret = ShortID(random.fill(16)) else { return }
        try store.save(Invitation(secret: secret, seat: .device, created: 4))
        let content = random.fill(64)
        vouched[content] = peer.sharedBranches().filter { branch in
            store.sharedBranches().contains { $0.log == branch.log && $0.head >= branch.head }
        }
        try store.saveCheckpoint(content, with: Self.peerDevice)
        guard try store.checkpoint(with: Self.peerDevice) == content else {
            throw Defect("a checkpoint that was saved is another")
        }
    }

    private mutating func admit() throws {
        let (device, channel) = (SigningKey(from: &random), AgreementKey(from: &random))
        ledger.expect(ledger.isOpening ? [1, 1] : [1])
        _ = try Founding.admit(
            device.verifyingKey, channelKey: channel.publicKey, to: .device, in: store, time: 5)
        ledger.acknowledge(store)
    }

    private mutating func eraseSomething() throws {
        let own = store.sharedBranches().filter {
            store.isOwn(branch: $0.number) && $0.descriptor.space == SpaceName.net
        }
        guard let branch = own.randomElement(using: &random), branch.head > branch.parentSequence,
            let id = try store.entryID(
                branch: branch.number,
                sequence: Int.random(in: branch.parentSequence + 1...branch.head, using: &random))
        else { return }
        try store.eraseValue(entry: id, operation: 0)
    }

    // MARK: The peer

    /// The peer works, and the store takes in what it lacks, as one batch of a session.
    mutating func pull(journal: Bool = true) throws {
        for _ in 0..<Int.random(in: 0...3, using: &random) where peer.incarnation != nil { try peerEditor.edit(peer) }
        var segments: [(place: Int, segment: Store.IncomingSegment)] = []
        var (control, data) = (0, 0)
        for branch in peer.sharedBranches() {
            var next = (try head(of: branch.log, in: store) ?? branch.parentSequence) + 1
            while let run = try peer.segment(branch: branch.number, from: next) {
                if branch.descriptor.logClass == .control {
                    control += run.last + 1 - next
                } else {
                    data += run.last + 1 - next
                }
                segments.append((run.place, .init(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        guard !segments.isEmpty else { return }
        segments.sort { $0.place < $1.place }
        // Statements count first, in a transaction of their own.
        ledger.expect([control, data])
        var waiting = WaitingRoom()
        let outcomes: [IngestOutcome]
        if journal {
            var session = OpenSession(device: Self.peerDevice, peer: "peer")
            outcomes = try store.ingest(segments.map(\.segment), waiting: &waiting, from: &session, time: 8)
            ledger.acknowledge(store)
            try store.noteSent(1, in: &session, time: 9)
        } else {
            outcomes = try store.ingest(segments.map(\.segment), waiting: &waiting)
        }
        try require(outcomes, waiting)
        ledger.acknowledge(store)
    }

    /// The store hands out what the peer lacks, as sessions do; what was handed out before a failure has arrived.
    mutating func push() throws {
        let shared = SharedStore(store: store)
        var segments: [(order: Int, segment: Store.IncomingSegment)] = []
        var failure: (any Error)?
        do {
            for branch in store.sharedBranches() {
                var next = (try head(of: branch.log, in: peer) ?? branch.parentSequence) + 1
                while next <= branch.head {
                    let order = try shared.order(branch: branch.number, sequence: next)
                    guard let run = try shared.segment(branch: branch.number, from: next) else {
                        throw Defect("a branch ends before its head")
                    }
                    handedOut += run.last + 1 - next
                    segments.append((order, .init(descriptor: branch.descriptor, bytes: run.bytes)))
                    next = run.last + 1
                }
            }
        } catch { failure = error }
        segments.sort { $0.order < $1.order }
        var waiting = WaitingRoom()
        let outcomes = try peer.ingest(segments.map(\.segment), waiting: &waiting)
        if let failure { throw failure }
        try require(outcomes, waiting)
    }

    private func head(of log: Digest, in side: ReplicaStore) throws -> Int? {
        let held = side.sharedBranches().filter { $0.log == log }
        guard held.count < 2 else { throw Defect("a fork of oneself: \(held.count) branches") }
        return held.first?.head
    }

    private func require(_ outcomes: [IngestOutcome], _ waiting: WaitingRoom) throws {
        for outcome in outcomes {
            guard case .stored = outcome else { throw Defect("what one store gives another is not stored: \(outcome)") }
        }
        guard waiting.count == 0 else { throw Defect("\(waiting.count) segments wait") }
    }
}
