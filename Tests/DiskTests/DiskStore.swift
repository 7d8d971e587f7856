import Crypto
import MemoryDisk
import Replica
import Testing

@testable import Store

/// A member's store on a disk in memory, with the store of its founder in memory beside it.
struct DiskStore {
    let disk: MemoryDisk
    let founder: ReplicaStore
    let charter: Charter
    let identity: ReplicaStore.Identity
    /// Opened last.
    var store: ReplicaStore

    init(seed: UInt64) throws {
        var entropy = SeededEntropy(seed: seed)
        let keys = (0..<3).map { _ in SigningKey(from: &entropy) }
        let channels = (0..<2).map { _ in AgreementKey(from: &entropy) }
        charter = Charter(
            name: "Disks", rootKeys: [keys[0].verifyingKey], threshold: 1, created: 0,
            nonce: try #require(ShortID(entropy.fill(16))))
        founder = try ReplicaStore.inMemory(charter: charter, identity: nil, entropy: SeededEntropy(seed: seed &+ 1))
        _ = try Founding.found(
            founder, root: keys[0], device: keys[1], channelKey: channels[0], organisation: "Sector", time: 1)
        let grant = try #require(
            try Founding.admit(
                keys[2].verifyingKey, channelKey: channels[1].publicKey, to: .organisation(name: "Institute"),
                in: founder, time: 2))
        identity = .init(signingKey: keys[2], channelKey: channels[1], grant: grant)
        disk = MemoryDisk(identity: seed)
        store = try Self.open(disk, charter, identity, seed: seed &+ 2)
        try store.receive(founder)
        try store.openIncarnation(time: 3)
    }

    private init(copy other: DiskStore, of seed: UInt64) throws {
        (founder, charter, identity) = (other.founder, other.charter, other.identity)
        disk = other.disk.copy(asImage: true)
        store = try Self.open(disk, charter, identity, seed: seed)
    }

    /// The store of a device that the founder has admitted, and of which the store on the disk does not know.
    func late(_ entropy: inout SeededEntropy) throws -> ReplicaStore {
        let (device, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
        let grant = try #require(
            try Founding.admit(
                device.verifyingKey, channelKey: channel.publicKey, to: .organisation(name: "Late"), in: founder,
                time: 9))
        let late = try ReplicaStore.inMemory(
            charter: charter, identity: .init(signingKey: device, channelKey: channel, grant: grant), entropy: entropy)
        try late.receive(founder)
        try late.openIncarnation(time: 10)
        try late.create(20, "late")
        return late
    }

    /// The same store on another disk, for one more try.
    func copy(seed: UInt64) throws -> DiskStore { try DiskStore(copy: self, of: seed) }

    /// Opens the store again, whatever became of it.
    mutating func open(seed: UInt64) throws(StoreError) {
        store.connection.close()
        store = try Self.open(disk, charter, identity, seed: seed)
    }

    static func open(
        _ disk: MemoryDisk, _ charter: Charter, _ identity: ReplicaStore.Identity?, seed: UInt64
    ) throws(StoreError) -> ReplicaStore {
        try ReplicaStore(
            connection: disk.connection(schema: ReplicaStore.schema), charter: charter, identity: identity,
            marker: disk.marker, entropy: SeededEntropy(seed: seed),
            indexed: IndexedFields([.init(kind: 900, field: 16, form: .value)]))
    }
}

extension ReplicaStore {
    /// Everything that this store shares, in the order in which it came.
    func shared() throws(StoreError) -> [IncomingSegment] {
        var segments: [(place: Int, segment: IncomingSegment)] = []
        for branch in sharedBranches() {
            var next = branch.parentSequence + 1
            while let run = try segment(branch: branch.number, from: next) {
                segments.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        return segments.sorted { $0.place < $1.place }.map(\.segment)
    }

    /// Everything of a class that this store shares, in explicit form.
    func explicit(of logClass: LogClass) throws(StoreError) -> [IncomingSegment] {
        var segments: [IncomingSegment] = []
        for branch in sharedBranches() where branch.descriptor.logClass == logClass {
            for bytes in try explicitSegments(log: branch.log, first: 0, last: branch.head) {
                segments.append(IncomingSegment(descriptor: branch.descriptor, bytes: bytes))
            }
        }
        return segments
    }

    /// Takes in everything that another store shares.
    func receive(_ other: ReplicaStore) throws(StoreError) {
        var waiting = WaitingRoom()
        for outcome in try ingest(other.shared(), waiting: &waiting) {
            guard case .stored = outcome else { preconditionFailure("what a sound store shares is stored: \(outcome)") }
        }
    }

    /// Writes new records in one transaction.
    @discardableResult
    func create(_ count: Int, _ text: String) throws(RecordStoreError) -> [WrittenEntry] {
        let draft = EntryDraft(
            target: .new(kind: 900),
            operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .text(text))])
        return try write(Array(repeating: draft, count: count), space: SpaceName.net, time: 5)
    }

    /// How many records show a text in their first field.
    func count(of text: String) throws -> Int {
        var count = 0
        try RecordAccess(self, time: 0).forEach(kind: 900) { record in
            let left = record[16]?.left ?? []
            if left.contains(where: { if case .present(.text(text)) = $0.value { true } else { false } }) { count += 1 }
        }
        return count
    }
}
