import Bytes
import Crypto
import Replica
import Store
import Sync

/// What a Byzantine peer has ready for a session.
struct Load {
    /// Encoded messages.
    var messages: [[UInt8]] = []
    /// Whether an honest node that gets all of it must close the session for it.
    var isOffence = false

    mutating func add(_ message: Message) { messages.append(message.encoded) }

    mutating func add(_ segment: [UInt8], of descriptor: LogDescriptor) {
        add(.segment(log: .descriptor(descriptor), bytes: segment))
    }
}

/// Makes entries and segments as whoever has a device's key can: true to the form, or off it in one place.
struct Forge {
    /// An incarnation that was opened, with everything that was written in it.
    struct Life {
        let control: LogDescriptor
        let data: LogDescriptor
        /// Chains from the opening on.
        var statements: [[SegmentEntry]]
        /// Chains from the first entry on; empty before anything was written.
        var branches: [[SegmentEntry]]
    }

    /// The most lives, branches of one log, entries and bytes of one chain, so that networks stay small.
    private static let (mostLives, mostBranches, mostEntries, mostBytes) = (3, 5, 40, 24_576)

    let network: Digest
    let key: SigningKey
    let grant: Digest?
    /// Where honest material comes from.
    let source: ReplicaStore
    var random: SeededEntropy
    private(set) var lives: [Life] = []

    init(network: Digest, key: SigningKey, grant: Digest?, source: ReplicaStore, random: SeededEntropy) {
        self.network = network
        self.key = key
        self.grant = grant
        self.source = source
        self.random = random
    }

    // MARK: Draws

    mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func isDrawn(oneIn count: Int) -> Bool { draw(0..<count) == 0 }
    mutating func shortID() -> ShortID { ShortID(random.fill(16)) ?? ShortID() }
    mutating func digest() -> Digest { Digest(random.fill(32)) ?? Digest() }

    mutating func time() -> Int64 {
        isDrawn(oneIn: 8)
            ? [EntryLimits.time.lowerBound, EntryLimits.time.upperBound, 0, 4_070_908_800][draw(0..<4)]
            : 1_800_000_000 + Int64(draw(0..<100_000))
    }

    // MARK: Entries

    /// An entry in which everything is filled in that follows from the rest.
    /// - Parameter off: what is to be wrong about the header.
    func entry(
        _ draft: Header, names: [NamedEntry] = [], values: [[UInt8]] = [], leaf: ShortID = ShortID(),
        off: (inout Header) -> Void = { _ in }
    ) -> SegmentEntry {
        var header = draft
        header.context = NamedEntry.context(names)
        var body = Body.none
        if !values.isEmpty {
            body = .full(leaf: leaf, values: values)
            header.bodyCommitment = body.commitment
            header.bodySize = body.size ?? 0
        }
        off(&header)
        let bytes = header.encoded
        return SegmentEntry(
            id: Header.id(of: bytes), header: header, headerBytes: bytes, names: names.map(\.id), body: body)
    }

    /// A register that replaces nothing.
    static func register(_ field: Int = 16, _ references: [Reference] = []) -> Operation {
        Operation(field: field, type: .register, references: references, shape: CBOR.null.encoded)
    }

    /// The header of what comes next in a chain.
    mutating func next(
        after chain: [SegmentEntry], in log: LogDescriptor, record: Header.Record = .new(kind: 900),
        _ operations: [Operation] = [register()]
    ) -> Header {
        Header(
            sequence: (chain.last?.header.sequence ?? -1) + 1, previous: chain.last?.id ?? log.id(network: network),
            auth: chain.isEmpty ? grant : nil, time: time(), record: record, operations: operations)
    }

    /// One more entry as an honest writer would make it.
    mutating func plainEntry(after chain: [SegmentEntry], in log: LogDescriptor) -> SegmentEntry {
        let value = Value.integer(Int64(draw(0..<1_000_000))).encoded
        return entry(next(after: chain, in: log), values: [value], leaf: shortID())
    }

    /// The segment of some entries, with a seal that holds if the key is the log's.
    func sealed(_ entries: [SegmentEntry], _ log: LogDescriptor, by other: SigningKey? = nil) -> [UInt8] {
        ExplicitSegment(descriptor: log, entries: entries, seal: seal(entries, log, by: other)).encoded
    }

    func seal(_ entries: [SegmentEntry], _ log: LogDescriptor, by other: SigningKey? = nil) -> Signature {
        guard let last = entries.last else { return Signature() }
        let message = Seal.message(
            log: log.id(network: network), sequence: last.header.sequence, entry: last.id)
        return (other ?? key).sign(message)
    }

    /// The index under which an entry after a chain names a log, and whether it has to be introduced.
    func index(of log: Digest, after chain: [SegmentEntry], of own: Digest) -> (index: Int, isNew: Bool) {
        if log == own { return (0, false) }
        let table = chain.flatMap(\.header.introductions)
        if let known = table.firstIndex(of: log) { return (known + 1, false) }
        return (table.count + 1, true)
    }

    // MARK: Lives

    func controlLog(_ incarnation: ShortID, of device: VerifyingKey? = nil) -> LogDescriptor {
        LogDescriptor(
            space: SpaceName.policy, logClass: .control, device: device ?? key.verifyingKey, incarnation: incarnation)
    }

    func dataLog(_ incarnation: ShortID, of device: VerifyingKey? = nil) -> LogDescriptor {
        LogDescriptor(
            space: SpaceName.net, logClass: .data, device: device ?? key.verifyingKey, incarnation: incarnation)
    }

    func opening(_ log: LogDescriptor, label: Int = 0) -> Header {
        let statement = Statement.opening(.init(device: log.device, incarnation: log.incarnation, label: label))
        return Header(
            sequence: 0, previous: log.id(network: network), auth: grant, time: 1_800_000_000,
            record: .new(kind: statement.number), operations: [statement.operation])
    }

    /// One of the lives; opens another while there are few.
    mutating func life() -> Int {
        if lives.isEmpty || (lives.count < Self.mostLives && isDrawn(oneIn: 6)) {
            let incarnation = shortID()
            let control = controlLog(incarnation)
            lives.append(
                Life(
                    control: control, data: dataLog(incarnation),
                    statements: [[entry(opening(control, label: lives.count + 1))]], branches: []))
        }
        return draw(0..<lives.count)
    }

    /// All statements of a life, each sealed by itself.
    func addControl(of life: Int, to load: inout Load) {
        var seen: Set<Digest> = []
        for entry in lives[life].statements.joined() where seen.insert(entry.id).inserted {
            load.add(sealed([entry], lives[life].control), of: lives[life].control)
        }
    }

    /// The opening of a life and one of its branches, as a base for what is to come after it.
    mutating func addBase(of life: Int, to load: inout Load) -> [SegmentEntry] {
        addControl(of: life, to: &load)
        if lives[life].branches.isEmpty {
            lives[life].branches = [[plainEntry(after: [], in: lives[life].data)]]
        }
        let chain = lives[life].branches[draw(0..<lives[life].branches.count)]
        load.add(sealed(chain, lives[life].data), of: lives[life].data)
        return chain
    }

    /// Keeps a chain that honest nodes store: as a branch of its own, or in the place of the one that it goes on from.
    mutating func keep(_ chain: [SegmentEntry], of life: Int) {
        guard chain.count <= Self.mostEntries, chain.reduce(0, { $0 + $1.size }) <= Self.mostBytes else { return }
        if let same = lives[life].branches.firstIndex(where: { chain.starts(with: $0) }) {
            lives[life].branches[same] = chain
        } else if lives[life].branches.count < Self.mostBranches {
            lives[life].branches.append(chain)
        } else {
            lives[life].branches[draw(0..<Self.mostBranches)] = chain
        }
    }

    /// Keeps a statement that honest nodes store.
    mutating func keep(statements chain: [SegmentEntry], of life: Int) {
        guard chain.count <= Self.mostEntries, lives[life].statements.count < Self.mostBranches else { return }
        lives[life].statements.append(chain)
    }

    // MARK: Honest material

    /// A log of records that others, or this device itself, wrote honestly; and one of its entries.
    mutating func honestEntry(of logClass: LogClass = .data) -> (log: LogDescriptor, entry: SegmentEntry)? {
        let branches = source.sharedBranches().filter { $0.descriptor.logClass == logClass }
        guard !branches.isEmpty else { return nil }
        return honestEntry(in: branches[draw(0..<branches.count)])
    }

    mutating func honestEntry(in branch: SharedBranch) -> (log: LogDescriptor, entry: SegmentEntry)? {
        let sequence = draw(branch.parentSequence + 1..<branch.head + 1)
        guard let segment = explicit(branch.log, sequence),
            let entry = segment.entries.first(where: { $0.header.sequence == sequence })
        else { return nil }
        return (branch.descriptor, entry)
    }

    /// A stored segment of somebody in the explicit form.
    mutating func honestSegment(of logClass: LogClass = .data) -> ExplicitSegment? {
        let branches = source.sharedBranches().filter {
            $0.descriptor.logClass == logClass && $0.descriptor.device != key.verifyingKey
        }
        guard !branches.isEmpty else { return nil }
        let branch = branches[draw(0..<branches.count)]
        return explicit(branch.log, draw(branch.parentSequence + 1..<branch.head + 1))
    }

    private func explicit(_ log: Digest, _ sequence: Int) -> ExplicitSegment? {
        guard let bytes = (try? source.explicitSegments(log: log, first: sequence, last: sequence))?.first else {
            return nil
        }
        return try? ExplicitSegment(decoding: bytes, network: network)
    }

    /// How an entry of a log is named.
    func name(_ found: (log: LogDescriptor, entry: SegmentEntry)) -> NamedEntry {
        NamedEntry(
            log: found.log.id(network: network), sequence: found.entry.header.sequence, id: found.entry.id)
    }
}
