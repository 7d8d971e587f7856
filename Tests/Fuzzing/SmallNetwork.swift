import Bytes
import Crypto
import Node
import Records
import Replica
import Store

/// A network of three stores that have met: operations of every type, a fork, an erased value, real records.
struct SmallNetwork {
    let keys: KeyRing
    /// The Sector's, and those of two organisations.
    let stores: [ReplicaStore]
    init(_ keys: KeyRing) throws {
        self.keys = keys
        var stores: [ReplicaStore] = []
        for index in 0..<3 {
            let store = try ReplicaStore.inMemory(
                charter: keys.charter, identity: nil, entropy: SeededEntropy(seed: UInt64(index)),
                indexed: Schema.standard.indexed)
            if index == 0 {
                _ = try Founding.found(
                    store, root: keys.root, device: keys.devices[0], channelKey: keys.channelKeys[0],
                    organisation: "Sector", time: 1)
            } else {
                let grant = try Founding.admit(
                    keys.devices[index].verifyingKey, channelKey: keys.channelKeys[index].publicKey,
                    to: .organisation(name: "Institute \(index)"), in: stores[0], time: 2)
                store.setIdentity(
                    .init(signingKey: keys.devices[index], channelKey: keys.channelKeys[index], grant: grant))
                try SmallNetwork.copy(from: stores[0], to: store)
                try store.openIncarnation(time: 3)
            }
            stores.append(store)
        }
        self.stores = stores
        try meet()
        let opportunity = try writeRecords()
        try meet()
        for (index, title) in [(0, "Radio for everybody"), (2, "Radio pour tous")] {
            _ = try perform(index, "set", opportunity, "title=\(title)")
        }
        try writeOperations()
        try meet()
        try fork()
        try meet()
    }

    private func meet() throws {
        for from in stores { for to in stores where from !== to { try SmallNetwork.copy(from: from, to: to) } }
    }

    /// Everything that a store holds, in the order in which it came.
    static func segments(of store: ReplicaStore) throws -> [IncomingSegment] {
        var segments: [(place: Int, segment: IncomingSegment)] = []
        for branch in store.sharedBranches() {
            var next = branch.parentSequence + 1
            while let run = try store.segment(branch: branch.number, from: next) {
                segments.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        return segments.sorted { $0.place < $1.place }.map(\.segment)
    }

    private static func copy(from: ReplicaStore, to: ReplicaStore) throws {
        var waiting = WaitingRoom()
        for outcome in try to.ingest(segments(of: from), waiting: &waiting) {
            guard case .explicitNeeded(let log, let first, let last) = outcome,
                let descriptor = from.descriptor(of: log)
            else { continue }
            for bytes in try from.explicitSegments(log: log, first: first, last: last) {
                _ = try to.ingest([IncomingSegment(descriptor: descriptor, bytes: bytes)], waiting: &waiting)
            }
        }
        try require(waiting.count == 0, "the stores of the network do not agree")
    }

    /// The certificates of all members.
    func certificates() throws -> [Certificate] {
        try stores.compactMap { store in try store.ownGrant.flatMap { try stores[0].certificate(for: $0.id) } }
    }

    // MARK: Writing

    /// Does what people would type; gives the id of a new record.
    private func perform(_ index: Int, _ words: String...) throws -> String {
        var access = RecordAccess(stores[index], time: 1_800_000_000)
        let request = Request(verb: words[0], arguments: Array(words.dropFirst()))
        let verbs = RecordVerbs(schema: .standard, language: "en")
        guard let response = verbs.perform(request, on: &access), response.exitCode == .done else {
            throw Violation("the network cannot be written: \(words)")
        }
        return response.document?["id"]?.text ?? ""
    }

    /// Real records; one of them will be in dispute.
    private func writeRecords() throws -> String {
        let place = #"{"organisation":"CCMS","title":"Editor","from":"2020-01-01"}"#
        _ = try perform(
            0, "new", "contact", "display=Amina Ndiaye", "country=SN", "emails=a@example.org", "affiliations=" + place)
        _ = try perform(1, "new", "contact", "display=Tomaž Žagar", "languages=sl")
        return try perform(1, "new", "opportunity", "title=Radio for all")
    }

    /// Operations of every type on records of a kind that this version does not know.
    private func writeOperations() throws {
        let store = stores[1]
        func write(_ target: EntryDraft.Target, _ operations: [OperationDraft]) throws -> WrittenEntry {
            let drafts = [EntryDraft(target: target, operations: operations)]
            guard let written = try store.write(drafts, space: SpaceName.net, time: 1_800_000_000).first else {
                throw Violation("nothing was written")
            }
            return written
        }
        let first = try write(
            .new(kind: 900),
            [
                OperationDraft(field: 16, type: .register, replaces: [], value: .text("first")),
                OperationDraft(field: 18, type: .set, replaces: [], shape: .unsigned(0), value: .integer(3)),
                OperationDraft(field: 19, type: .map, replaces: [], shape: .text("fr"), value: .text("un")),
                OperationDraft(
                    field: 20, type: .workflow, replaces: [], shape: .array([.null, .unsigned(1), .unsigned(1)])),
                OperationDraft(field: 29, type: .counter, replaces: [], shape: .int(5)),
                OperationDraft(
                    field: 30, type: .list, replaces: [], shape: ListChange.put([0x80]).shape, value: .text("item")),
                OperationDraft(field: 1, type: .remark, replaces: [], value: .text("why")),
            ])
        func id(_ index: Int) -> OperationID { OperationID(entry: first.entry, index: index) }
        let second = try write(
            .existing(first.record),
            [
                OperationDraft(field: 16, type: .register, replaces: [id(0)], value: .date("2027-01-01")),
                OperationDraft(field: 18, type: .set, replaces: [id(1)], shape: .unsigned(1)),
                OperationDraft(field: 30, type: .list, replaces: [id(5)], shape: ListChange.move([0x40]).shape),
            ])
        let deleted = try write(
            .existing(first.record),
            [
                OperationDraft(
                    field: 0, type: .existence, replaces: [OperationID(entry: second.entry, index: 0)],
                    shape: .unsigned(0))
            ])
        _ = try write(
            .existing(first.record),
            [
                OperationDraft(
                    field: 0, type: .existence, replaces: [OperationID(entry: deleted.entry, index: 0)],
                    shape: .unsigned(1))
            ])
        _ = try write(
            .pair(kind: 32, ids: [ShortID(1, 1)]),
            [OperationDraft(field: 17, type: .register, replaces: [], value: .id([UInt8](repeating: 1, count: 16)))])
        try store.eraseValue(entry: first.entry, operation: 2)
    }

    /// A second entry at the place of the newest one of the first organisation's log, as a copied store makes it.
    private func fork() throws {
        let own = stores[1].sharedBranches().last {
            $0.descriptor.device == keys.devices[1].verifyingKey && $0.descriptor.logClass == .data
        }
        guard let branch = own, let below = try stores[1].entryID(branch: branch.number, sequence: branch.head - 1)
        else { throw Violation("the log that forks is too short") }
        let header = Header(
            sequence: branch.head, previous: below, auth: nil, time: 1_800_000_001, record: .new(kind: 900),
            operations: [Operation(field: 16, type: .register, references: [], shape: [0xF6])])
        let entry = keys.entry(header, .full(leaf: ShortID(7, 7), values: [[0x61, 0x78]]))
        guard let seal = keys.seal(entry, of: branch.descriptor) else { throw Violation("the log's key is unknown") }
        let segment = ExplicitSegment(descriptor: branch.descriptor, entries: [entry], seal: seal)
        var waiting = WaitingRoom()
        let outcomes = try stores[2].ingest(
            [IncomingSegment(descriptor: branch.descriptor, bytes: segment.encoded)], waiting: &waiting)
        guard case .stored? = outcomes.first else { throw Violation("the fork was not stored: \(outcomes)") }
    }

    // MARK: A late member

    /// What somebody writes who is admitted only now: the admission, the opening of a life, and an entry under it.
    func lateMember(life: ShortID) throws -> (
        admission: IncomingSegment, opening: IncomingSegment, data: IncomingSegment
    ) {
        let founder = keys.devices[0].verifyingKey
        let device = keys.devices[3].verifyingKey
        let control = stores[2].sharedBranches().last {
            $0.descriptor.device == founder && $0.descriptor.logClass == .control
        }
        guard let control else { throw Violation("the founder has no statements") }
        let statement = Statement.admission(
            .init(
                ruleSet: 1, rank: .organisationAdmin, organisation: nil, name: "Late", device: device,
                channelKey: keys.channelKeys[3].publicKey, label: 0))
        let admission = try segment(
            statement.operation, of: .new(kind: statement.number), in: control.descriptor,
            above: (control.head, control.headID), auth: stores[0].ownGrant?.id)
        let opening = Statement.opening(.init(device: device, incarnation: life, label: 0))
        let ownControl = LogDescriptor(space: SpaceName.policy, logClass: .control, device: device, incarnation: life)
        let ownData = LogDescriptor(space: SpaceName.net, logClass: .data, device: device, incarnation: life)
        return (
            admission.segment,
            try segment(
                opening.operation, of: .new(kind: 1), in: ownControl, above: (-1, ownControl.id(network: keys.network)),
                auth: admission.id
            ).segment,
            try segment(
                Operation(field: 18, type: .set, references: [], shape: [1]), of: .new(kind: 900), in: ownData,
                above: (-1, ownData.id(network: keys.network)), auth: admission.id
            ).segment
        )
    }

    private func segment(
        _ operation: Operation, of record: Header.Record, in descriptor: LogDescriptor,
        above previous: (sequence: Int, id: Digest), auth: Digest?
    ) throws -> (segment: IncomingSegment, id: Digest) {
        let header = Header(
            sequence: previous.sequence + 1, previous: previous.id, auth: auth, time: 5, record: record,
            operations: [operation])
        let entry = keys.entry(header, .none)
        guard let seal = keys.seal(entry, of: descriptor) else { throw Violation("the log's key is unknown") }
        let segment = ExplicitSegment(descriptor: descriptor, entries: [entry], seal: seal)
        return (IncomingSegment(descriptor: descriptor, bytes: segment.encoded), entry.id)
    }
}
