import Bytes
import Crypto
import Node
import Records
import Replica
import Store

/// A store of one member that holds a small network, and is made anew after every input that has changed it.
struct SmallStore {
    /// What must stay as it is when an input was refused.
    struct Standing: Hashable {
        let frontiers: [Digest]
        let states: [Digest]
        let counts: [Int]
        let branches: [SharedBranch]
        let quarantined: Int
    }

    /// The incarnation of whoever was not there from the beginning.
    static let life = ShortID(9, 9)

    let keys: KeyRing
    /// The logs of the network, then those of somebody whom nobody has admitted and those of a second life.
    let descriptors: [LogDescriptor]
    /// Everything that the network has written, as it is sent, and in explicit form.
    let genuine: [IncomingSegment]
    let explicit: [IncomingSegment]
    private(set) var store: ReplicaStore
    private let template: [IncomingSegment]
    private let identity: ReplicaStore.Identity
    private let tables: [Digest: [Digest]]
    private let pristine: Standing

    /// - Parameter part: how many of the network's segments the store holds; all if there are fewer.
    init(_ network: SmallNetwork, member: Int = 2, part: Int = .max) throws {
        keys = network.keys
        let source = network.stores[2]
        genuine = try SmallNetwork.segments(of: source)
        template = Array(genuine.prefix(part))
        let known = source.sharedBranches().map(\.descriptor)
        let stranger = network.keys.devices[3].verifyingKey
        let life = SmallStore.life
        var descriptors: [LogDescriptor] = []
        for descriptor in known where !descriptors.contains(descriptor) { descriptors.append(descriptor) }
        for device in [stranger, network.keys.devices[1].verifyingKey] {
            for (space, logClass) in [(SpaceName.policy, LogClass.control), (SpaceName.net, .data)] {
                descriptors.append(
                    LogDescriptor(space: space, logClass: logClass, device: device, incarnation: life))
            }
        }
        self.descriptors = descriptors
        var (explicit, tables): ([IncomingSegment], [Digest: [Digest]]) = ([], [:])
        for descriptor in known.uniqued() {
            let log = descriptor.id(network: network.keys.network)
            for bytes in try source.explicitSegments(log: log, first: 0, last: .max) {
                explicit.append(IncomingSegment(descriptor: descriptor, bytes: bytes))
                let segment = try ExplicitSegment(decoding: bytes, network: network.keys.network)
                tables[log, default: []] += segment.entries.flatMap(\.header.introductions)
            }
        }
        (self.explicit, self.tables) = (explicit, tables)
        let grant = network.stores[member].ownGrant?.id
        identity = ReplicaStore.Identity(
            signingKey: network.keys.devices[member], channelKey: network.keys.channelKeys[member], grant: grant)
        store = try SmallStore.make(keys, template, identity)
        pristine = try SmallStore.standing(of: store)
    }

    private static func make(
        _ keys: KeyRing, _ template: [IncomingSegment], _ identity: ReplicaStore.Identity
    ) throws -> ReplicaStore {
        let store = try ReplicaStore.inMemory(
            charter: keys.charter, identity: identity, entropy: SeededEntropy(seed: 99),
            indexed: Schema.standard.indexed)
        var waiting = WaitingRoom()
        for outcome in try store.ingest(template, waiting: &waiting) {
            // Of a part of the network some names what the rest holds.
            switch outcome {
            case .stored, .waiting: break
            default: throw Violation("the store cannot be made: \(outcome)")
            }
        }
        return store
    }

    /// Makes the store as it was at first.
    mutating func renew() throws { store = try SmallStore.make(keys, template, identity) }

    /// Whether the store is as it was at first.
    func isPristine() throws -> Bool { try SmallStore.standing(of: store) == pristine }

    private static func standing(of store: ReplicaStore) throws -> Standing {
        let spaces = [SpaceName.policy, SpaceName.net]
        return Standing(
            frontiers: spaces.map(store.frontier), states: spaces.map(store.state),
            counts: spaces.map(store.totals).flatMap { [$0.records, $0.entries, $0.notUnderstood] },
            branches: store.sharedBranches(), quarantined: try store.quarantined().reduce(0) { $0 + $1.entries })
    }

    // MARK: Ingest

    /// Hands segments to the store and holds it to its promises; afterwards it is as it was at first.
    mutating func tryIngest(_ batches: [[IncomingSegment]]) throws {
        try tryIngest(batches.count) { index, _ in batches[index] }
    }

    /// The same, for batches that are made of what the store holds when they come.
    mutating func tryIngest(
        _ count: Int, _ make: (_ index: Int, _ store: SmallStore) throws -> [IncomingSegment]
    ) throws {
        var waiting = WaitingRoom()
        var hasChanged = false
        let grants = Set(store.authority.grants.keys)
        var batches: [[IncomingSegment]] = []
        for index in 0..<count {
            let batch = try make(index, self)
            batches.append(batch)
            let before = waiting.count
            let outcomes = try store.ingest(batch, waiting: &waiting)
            try require(
                outcomes.count >= batch.count && outcomes.count <= batch.count + before,
                "\(outcomes.count) outcomes for \(batch.count) segments beside \(before) that waited")
            hasChanged =
                outcomes.contains { outcome in
                    switch outcome {
                    case .stored(_, _, _, let new): new > 0
                    case .quarantined(_, _, let kept): kept
                    default: false
                    }
                } || hasChanged
        }
        guard hasChanged else {
            return try require(try isPristine(), "an input that was refused has changed the store")
        }
        // A root key that founds a second time withdraws what stood, and what is stored stays.
        guard grants.isSubset(of: store.authority.grants.keys) else { return try renew() }
        let standing = try SmallStore.standing(of: store)
        var again = WaitingRoom()
        for batch in batches { _ = try store.ingest(batch, waiting: &again) }
        // What came late may have made room for what had to wait, so only what has not waited must change nothing.
        if waiting.count == 0, again.count == 0 {
            try require(try SmallStore.standing(of: store) == standing, "what comes twice counts twice")
        }
        try checkWhole()
        try renew()
    }

    /// Everything that was stored can be verified, and shown to people.
    func checkWhole() throws {
        let problems = try store.verify()
        try require(problems.isEmpty, "the store does not verify: \(problems)")
        let access = RecordAccess(store, time: 1_900_000_000)
        let rendering = RecordRendering(.standard)
        for kind in try access.kinds() {
            var states: [RecordState] = []
            try access.forEach(kind: kind) { states.append($0) }
            for state in states {
                _ = JSONWriter.compactText(rendering.document(state))
                _ = HistoryRendering(Schema.standard.kind(kind)).document(try access.history(of: state.id))
            }
        }
    }

    // MARK: Sealing

    /// The segment that a hostile member would send: what it names is filled in from the store, its check and seal are
    /// made to fit, with the key of the log.
    /// - Parameters:
    ///   - payload: the compact form without version, not compressed.
    ///   - appends: it begins after what the store holds of the log.
    ///   - isExplicit: it is written in the explicit form.
    ///   - isRaw: it is left as it is.
    ///   - last: the newest entry of each log that was sealed before, which one that continues goes on from.
    /// - Returns: nil where the payload is no compact segment.
    func sealed(
        _ payload: [UInt8], _ descriptor: LogDescriptor, appends: Bool, isExplicit: Bool, isRaw: Bool, continues: Bool,
        last: inout [Digest: (sequence: Int, id: Digest)]
    ) throws -> IncomingSegment? {
        let log = descriptor.id(network: keys.network)
        let branches = store.sharedBranches().filter { $0.log == log }
        var payload = payload
        let before = continues ? last[log] : nil
        if let before { payload = SmallStore.placed(payload, at: before.sequence + 1) ?? payload }
        if appends { payload = SmallStore.placed(payload, at: (branches.map(\.head).max() ?? -1) + 1) ?? payload }
        guard !isRaw else { return IncomingSegment(descriptor: descriptor, bytes: [1, 0] + payload) }
        guard let compact = try? CompactSegment(decoding: [1, 0] + payload) else { return nil }
        let first = compact.firstSequence
        let branch = branches.first { $0.head >= first - 1 }
        var previous = log
        if let before, first == before.sequence + 1 {
            previous = before.id
        } else if first > 0 {
            previous = Digest(1, 1, 1, 1)
            if let branch, let id = try store.entryID(onChainOf: branch.number, sequence: first - 1) { previous = id }
        }
        var resolver = HeldNames(store: store, log: log, branch: branch?.number, table: tables[log] ?? [])
        var entries: [SegmentEntry] = []
        do throws(SegmentError) {
            _ = try compact.expand(
                log: log, descriptor: descriptor, previous: previous, leaves: compact.leaves, resolver: &resolver,
                entries: &entries)
        } catch { return nil }
        guard let end = entries.last, entries.count == compact.rows.count else { return nil }
        last[log] = (end.header.sequence, end.id)
        let seal = keys.seal(end, of: descriptor) ?? compact.seal
        let bytes =
            isExplicit
            ? ExplicitSegment(descriptor: descriptor, entries: entries, seal: seal).encoded
            : CompactSegment.encode(entries, seeds: compact.seeds, seal: seal)
        return IncomingSegment(descriptor: descriptor, bytes: bytes)
    }

    /// The payload with another number for its first entry.
    private static func placed(_ payload: [UInt8], at sequence: Int) -> [UInt8]? {
        var reader = CBORReader(payload)
        guard (try? reader.readArray(count: 5, "payload")) != nil, (try? reader.readUInt()) != nil else { return nil }
        var writer = CBORWriter()
        writer.writeArray(count: 5)
        writer.write(sequence)
        return writer.bytes + payload[reader.offset...]
    }

    /// The payloads of the network's segments, with the index of the log that each belongs to.
    func payloads() throws -> [(log: Int, payload: [UInt8])] {
        try explicit.compactMap { segment in
            let decoded = try ExplicitSegment(decoding: segment.bytes, network: keys.network)
            guard CompactSegment.canHold(decoded.entries) else { return nil }
            let seeds = decoded.entries.compactMap { entry -> Seed? in
                guard case .full(let leaf, _) = entry.body else { return nil }
                return Seed(level: 8, first: entry.header.sequence, node: leaf)
            }
            let log = descriptors.firstIndex(of: segment.descriptor) ?? 0
            return (log, CompactSegment.payload(decoded.entries, seeds: seeds, seal: decoded.seal))
        }
    }
}

/// Resolves names against what a store holds; what it does not hold gets an id that nobody has.
private struct HeldNames: NameResolver {
    let store: ReplicaStore
    let log: Digest
    let branch: Int?
    let table: [Digest]
    var resolvesAll: Bool { false }

    mutating func resolve(log index: Int, sequence: Int, introduced: [Digest]) -> NamedEntry? {
        let logs = [log] + table + introduced
        guard logs.indices.contains(index) else {
            return NamedEntry(log: Digest(2, 2, 2, 2), sequence: sequence, id: Digest(3, 3, 3, 3))
        }
        let named = logs[index]
        var id: Digest?
        if index == 0, let branch {
            id = try? store.entryID(onChainOf: branch, sequence: sequence)
        } else if let other = store.sharedBranches().first(where: { $0.log == named && $0.head >= sequence }) {
            id = try? store.entryID(onChainOf: other.number, sequence: sequence)
        }
        return NamedEntry(log: named, sequence: sequence, id: id ?? Digest(3, 3, 3, UInt64(sequence)))
    }
}

extension Array where Element: Equatable {
    /// Each element once, at its first place.
    func uniqued() -> [Element] {
        reduce(into: []) { result, element in if !result.contains(element) { result.append(element) } }
    }
}
