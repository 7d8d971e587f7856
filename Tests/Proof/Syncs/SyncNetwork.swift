import Bytes
import Crypto
import Node
import Reactor
import Records
import Replica
import Store

/// Two or three nodes, one of them perhaps the twin of another, on wires.
struct SyncNetwork {
    /// One node and what the case knows of it.
    struct Member {
        var node: Node
        var wire: Wire
        let endpoint: Endpoint
        /// Which device it is: twins have the same.
        let device: Int
        /// Some of what it is known to hold.
        var known: [Written] = []
        /// Checkpoints that it has had, by the device of the peer.
        var checkpoints: [(peer: ShortID, bytes: [UInt8])] = []

        var store: ReplicaStore { node.store }
        var deviceID: ShortID { store.identity?.device ?? ShortID() }
    }

    /// A record and an operation of its register that somebody may replace.
    struct Written {
        let record: ShortID
        let operation: OperationID
    }

    let wires: Wires
    private(set) var tally = SyncTally()
    private(set) var members: [Member] = []
    private var random: SeededEntropy
    private let charter: Charter
    private var hash = IncrementalState()

    /// A hash over what has happened.
    var trace: Digest { hash.digest }

    // MARK: Making nodes

    init(seed: UInt64) throws {
        random = SeededEntropy(seed: seed ^ 0x5359_4E43)
        wires = Wires(random: SeededEntropy(seed: seed ^ 0x5749_5245))
        let root = SigningKey(from: &random)
        charter = Charter(
            name: "Wired", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: ShortID(1, seed))
        for index in 0..<Int.random(in: 2...3, using: &random) {
            let (device, channel) = (SigningKey(from: &random), AgreementKey(from: &random))
            let store = try ReplicaStore.inMemory(charter: charter, identity: nil, entropy: ownEntropy())
            if index == 0 {
                _ = try Founding.found(
                    store, root: root, device: device, channelKey: channel, organisation: "Sector", time: 0)
            } else {
                let first = members[0].store
                let grant = try Founding.admit(
                    device.verifyingKey, channelKey: channel.publicKey, to: .organisation(name: "Institute \(index)"),
                    in: first, time: 0)
                guard let grant, let certificate = try first.certificate(for: grant) else {
                    throw Defect("the founder could not admit")
                }
                store.setIdentity(.init(signingKey: device, channelKey: channel, grant: grant))
                try store.setMeta("certificate", certificate.encoded)
            }
            try add(store, device: index)
        }
        for index in members.indices.dropFirst() {
            guard try sync(index, 0).isEqual else { throw Defect("a new member does not come to hold the same") }
        }
        for index in members.indices.dropFirst() where members[index].store.incarnation == nil {
            try members[index].store.openIncarnation(time: 1)
        }
    }

    private mutating func ownEntropy() -> SeededEntropy { SeededEntropy(seed: random.next()) }

    private mutating func add(_ store: ReplicaStore, device: Int) throws {
        guard let identity = store.identity, let endpoint = Endpoint("10.0.0.\(members.count + 1):7420") else {
            throw Defect("a node without keys")
        }
        let wire = wires.makeWire()
        let node = Node(
            network: wire, store: store, channelKey: identity.channelKey, schema: .standard, entropy: ownEntropy(),
            isServing: false)
        wire.owner = node
        _ = try node.serve(on: endpoint, controlPath: "control")
        members.append(Member(node: node, wire: wire, endpoint: endpoint, device: device))
    }

    /// A copy of a node's disk: keys, life, entries and checkpoints.
    private mutating func copyDisk(of index: Int) throws -> ReplicaStore {
        let original = members[index].store
        guard let life = original.incarnation else { throw Defect("a node without a life") }
        let disk = try Connection.inMemory(schema: ReplicaStore.schema)
        func open(_ charter: Charter?) throws -> ReplicaStore {
            try ReplicaStore(
                connection: disk, charter: charter, identity: original.identity, marker: nil, entropy: ownEntropy(),
                indexed: .none)
        }
        let copy = try open(charter)
        var segments: [IncomingSegment] = []
        try original.exportSegments { (log, _, bytes) throws(StoreError) in
            segments.append(IncomingSegment(descriptor: log, bytes: bytes))
        }
        var waiting = WaitingRoom()
        _ = try copy.ingest(segments, waiting: &waiting)
        guard copy.frontier(of: SpaceName.net) == original.frontier(of: SpaceName.net),
            copy.state(of: SpaceName.net) == original.state(of: SpaceName.net)
        else { throw Defect("an export does not give the same replica") }
        try copy.setMeta("incarnation", life.bytes)
        if let certificate = try original.meta("certificate") { try copy.setMeta("certificate", certificate) }
        for member in members {
            if let checkpoint = try original.checkpoint(with: member.deviceID) {
                try copy.saveCheckpoint(checkpoint, with: member.deviceID)
            }
        }
        return try open(nil)
    }

    // MARK: A round

    mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func isDrawn(oneIn count: Int) -> Bool { draw(0..<count) == 0 }

    /// Both sides of a pair change, meet under faults, and then without.
    mutating func live() throws {
        let a = draw(0..<members.count)
        // A device does not talk to itself.
        let others = members.indices.filter { members[$0].device != members[a].device }
        let b = others[draw(0..<others.count)]
        try disturb(a)
        try disturb(b)
        setWires()
        if isDrawn(oneIn: 2) {
            for _ in 0..<draw(1..<4) { try syncUnderFaults(a, b) }
        }
        setWires()
        try settle(a, b)
        if isDrawn(oneIn: 4) { try expectNothingToDo(a, b) }
        for index in [a, b] where try members[index].store.checkpoint(with: members[a + b - index].deviceID) != nil {
            let peer = members[a + b - index].deviceID
            guard let bytes = try members[index].store.checkpoint(with: peer) else { continue }
            members[index].checkpoints.append((peer, bytes))
        }
    }

    private mutating func setWires() {
        wires.cuts = []
        wires.pieceBytes = isDrawn(oneIn: 2) ? .max : 1 << draw(4..<12)
        wires.lag = [1, 1, 8, 40][draw(0..<4)]
    }

    private mutating func disturb(_ index: Int) throws {
        for _ in 0..<draw(0..<4) { try edit(index) }
        switch draw(0..<24) {
        case 0:
            try members[index].store.openIncarnation(time: 2)
            tally.openings += 1
        case 1 where members.count < 4:
            // A twin, which lives on beside it.
            try add(try copyDisk(of: index), device: members[index].device)
            members[members.count - 1].known = members[index].known
            members[members.count - 1].checkpoints = members[index].checkpoints
            tally.twins += 1
        case 2:
            // What was just written is lost: the disk as it was before comes back.
            let (copy, known, checkpoints) = (try copyDisk(of: index), members[index].known, members[index].checkpoints)
            for _ in 0..<draw(1..<3) { try edit(index) }
            let other = (index + 1) % members.count
            if members[other].device != members[index].device { _ = try sync(index, other) }
            try replaceDisk(of: index, with: copy)
            members[index].known = known
            members[index].checkpoints = checkpoints
            tally.restores += 1
        case 3, 4:
            // A checkpoint from long ago.
            let all = members[index].checkpoints
            guard !all.isEmpty else { return }
            let (peer, bytes) = all[draw(0..<all.count)]
            try members[index].store.saveCheckpoint(bytes, with: peer)
            tally.staleCheckpoints += 1
        default: break
        }
    }

    private mutating func replaceDisk(of index: Int, with store: ReplicaStore) throws {
        guard let identity = store.identity else { return }
        members[index].node = Node(
            network: members[index].wire, store: store, channelKey: identity.channelKey, schema: .standard,
            entropy: ownEntropy(), isServing: false)
        members[index].wire.restart()
        members[index].wire.owner = members[index].node
        _ = try members[index].node.serve(on: members[index].endpoint, controlPath: "control")
    }

    /// One entry or a transaction.
    private mutating func edit(_ index: Int) throws {
        tally.edits += 1
        let store = members[index].store
        let known = members[index].known
        var drafts: [EntryDraft] = []
        for _ in 0..<(isDrawn(oneIn: 6) ? draw(2..<5) : 1) {
            let value = Value.integer(Int64(draw(0..<1_000_000)))
            if !known.isEmpty, !isDrawn(oneIn: 3) {
                let target = known[draw(0..<known.count)]
                let operation = OperationDraft(
                    field: 16, type: .register, replaces: [target.operation], value: value)
                drafts.append(EntryDraft(target: .existing(target.record), operations: [operation]))
            } else {
                let operation = OperationDraft(field: 16, type: .register, replaces: [], value: value)
                drafts.append(EntryDraft(target: .new(kind: 900), operations: [operation]))
            }
        }
        for written in try store.write(drafts, space: SpaceName.net, time: Int64(draw(0..<1_000_000))) {
            let operation = OperationID(entry: written.entry, index: 0)
            members[index].known.append(Written(record: written.record, operation: operation))
        }
        // Sessions that are open hear of it.
        _ = members[index].node.submit(Request(verb: "-"))
    }

    // MARK: Sessions

    /// What a command said, and what it cost.
    struct Meeting {
        var isEqual = false
        var sent = 0
        var received = 0
        var roundTrips = 0
        var answer: Response?

        var text: String { answer.map { "\($0)" } ?? "" }
    }

    /// One node syncs with another until the command is answered.
    @discardableResult
    private mutating func sync(_ a: Int, _ b: Int, editing: Int = 0) throws -> Meeting {
        let job = try begin(a, b)
        var left = editing
        var next = draw(1..<40)
        let steps = try wires.run(for: 400_000) { step in
            if left > 0, step >= next {
                left -= 1
                next = step + draw(1..<20)
                try edit(isDrawn(oneIn: 2) ? a : b)
                tally.editsMeanwhile += 1
            }
            return members[a].node.progress(of: job) != nil
        }
        let meeting = try end(a, job)
        guard steps != nil, wires.rest() else { throw Defect("no rest after a session of \(a) with \(b)") }
        return meeting
    }

    private func begin(_ a: Int, _ b: Int) throws -> Int {
        let (response, job) = members[a].node.submit(
            Request(verb: "sync", arguments: [members[b].endpoint.description]))
        if let response { throw Defect("the command was not begun: \(response)") }
        return job
    }

    private mutating func end(_ a: Int, _ job: Int) throws -> Meeting {
        tally.syncs += 1
        guard let answer = members[a].node.answer(to: job) else {
            tally.stalls += 1
            throw Defect("a session stalled")
        }
        var meeting = Meeting(answer: answer)
        guard let peer = answer.document?["peers"]?.items?.first else { return meeting }
        meeting.isEqual = peer["identical"]?.flag == true
        meeting.sent = Int(peer["sent"]?["entries"]?.number ?? 0)
        meeting.received = Int(peer["received"]?["entries"]?.number ?? 0)
        meeting.roundTrips = Int(peer["roundTrips"]?.number ?? 0)
        tally.entriesSent += meeting.sent
        return meeting
    }

    /// Sessions that are cut, cross each other, or during which both go on writing.
    private mutating func syncUnderFaults(_ a: Int, _ b: Int) throws {
        let cutsBefore = wires.cutCount
        if isDrawn(oneIn: 2) { wires.cuts = [draw(0..<(isDrawn(oneIn: 3) ? 12_000 : 3_000))] }
        let editing = isDrawn(oneIn: 3) ? draw(1..<12) : 0
        if isDrawn(oneIn: 4) {
            // Both dial.
            wires.cuts.append(isDrawn(oneIn: 2) ? nil : draw(0..<4_000))
            tally.crossings += 1
            let other = try begin(b, a)
            try sync(a, b, editing: editing)
            _ = wires.run(for: 400_000) { _ in members[b].node.progress(of: other) != nil }
            _ = try end(b, other)
            guard wires.rest() else { throw Defect("no rest after two sessions") }
        } else {
            try sync(a, b, editing: editing)
        }
        wires.cuts = []
        tally.cuts += wires.cutCount - cutsBefore
    }

    /// One quiet session makes them equal, with as little as there is to send.
    private mutating func settle(_ a: Int, _ b: Int) throws {
        let forks = members[a].store.forks().count + members[b].store.forks().count
        let (before, other) = (entryCount(a), entryCount(b))
        let frames = members[a].wire.writeCount + members[b].wire.writeCount
        let meeting = try sync(a, b)
        tally.quietSyncs += 1
        let new = (here: entryCount(a) - before, there: entryCount(b) - other)
        guard meeting.received == new.here else {
            throw Defect("\(meeting.received) entries are said to be new, \(new.here) are")
        }
        let isForked = !members[a].store.forks().isEmpty
        // Of forked logs an explicit form may bring more than the run that it is asked for, and entries that are
        // held may come again.
        guard isForked || meeting.sent == new.there else {
            throw Defect("\(meeting.sent) entries were sent, \(new.there) were lacking: \(meeting.text)")
        }
        tally.entriesSentTwice += max(0, meeting.sent - new.there)
        let said = members[a].wire.writeCount + members[b].wire.writeCount - frames
        let most = 40 + 2 * (new.here + new.there)
        guard said <= most else {
            throw Defect("\(said) frames for \(new.here + new.there) entries, at most \(most)")
        }
        guard meeting.isEqual else { throw Defect("not equal after a quiet session: \(meeting.text)") }
        try expectEqual(a, b)
        tally.forks += max(0, members[a].store.forks().count * 2 - forks)
        let known = (members[a].known.suffix(24) + members[b].known.suffix(24))
        members[a].known = Array(known)
        members[b].known = Array(known)
    }

    private func entryCount(_ index: Int) -> Int {
        let store = members[index].store
        return store.totals(of: SpaceName.policy).entries + store.totals(of: SpaceName.net).entries
    }

    private mutating func expectEqual(_ a: Int, _ b: Int) throws {
        let (left, right) = (members[a].store, members[b].store)
        for space in [SpaceName.policy, SpaceName.net] {
            guard left.frontier(of: space) == right.frontier(of: space), left.state(of: space) == right.state(of: space)
            else { throw Defect("identical, and not equal in \(space)") }
            hash.add(left.frontier(of: space))
            hash.add(left.state(of: space))
        }
        hash.add(members[a].wire.writtenByteCount)
        hash.add(members[b].wire.writtenByteCount)
        hash.add(Int(wires.time))
    }

    /// C5: where nothing is new, each side says one thing, and the connection ends.
    private mutating func expectNothingToDo(_ a: Int, _ b: Int) throws {
        let before = (members[a].wire.writeCount, members[b].wire.writeCount)
        let meeting = try sync(b, a)
        tally.idleSyncs += 1
        // Preface and first message, third message, HELLO, close; second message, EQUAL, close.
        let most = max(members[a].wire.writeCount - before.0, members[b].wire.writeCount - before.1)
        guard meeting.isEqual, meeting.sent + meeting.received == 0, meeting.roundTrips == 1, most <= 4 else {
            throw Defect("\(most) writes of one side though nothing was new: \(meeting.text)")
        }
    }
}

/// A hash that goes on.
struct IncrementalState {
    private(set) var digest = Digest()

    mutating func add(_ value: Digest) { digest = Hash.blake2b(.entropy, digest.bytes, value.bytes) }
    mutating func add(_ number: Int) { add(Digest(UInt64(bitPattern: Int64(number)), 0, 0, 0)) }
}
