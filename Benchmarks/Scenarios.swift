import Bytes
import Crypto
import Foundation
import Replica
import Store

/// A network with one founder whose keys come from a seed.
struct BenchNetwork {
    var entropy = SeededEntropy(seed: 1)
    let charter: Charter
    let root: SigningKey

    init() {
        root = SigningKey(from: &entropy)
        charter = Charter(name: "Bench", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: ShortID(1, 2))
    }

    /// Makes a store the founder's.
    mutating func found(_ store: ReplicaStore) throws {
        _ = try Founding.found(
            store, root: root, device: SigningKey(from: &entropy), channelKey: AgreementKey(from: &entropy),
            organisation: "Sector", time: 1)
    }

    /// Admits so many organisations' first devices.
    mutating func admit(_ count: Int, in store: ReplicaStore) throws -> [ReplicaStore.Identity] {
        try (0..<count).map { index in
            let (device, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
            let seat = Founding.Seat.organisation(name: "Institute \(index)")
            guard
                let grant = try Founding.admit(
                    device.verifyingKey, channelKey: channel.publicKey, to: seat, in: store, time: 2)
            else {
                throw BenchError.text("not admitted")
            }
            return ReplicaStore.Identity(signingKey: device, channelKey: channel, grant: grant)
        }
    }
}

extension EntryDraft {
    /// A new record with one text.
    static func new(_ text: String) -> EntryDraft {
        EntryDraft(
            target: .new(kind: 34),
            operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .text(text))])
    }

    /// Another text for a record.
    static func edit(_ record: ShortID, _ text: String, replacing: OperationID) -> EntryDraft {
        EntryDraft(
            target: .existing(record),
            operations: [OperationDraft(field: 16, type: .register, replaces: [replacing], value: .text(text))])
    }
}

extension IndexedFields {
    /// The field that the edits change.
    static let edited = IndexedFields([.init(kind: 34, field: 16, form: .value)])
}

/// One person who edits records on the disk.
struct LocalEdits {
    let folder: String

    func rate(indexed: IndexedFields) throws -> Double {
        var network = BenchNetwork()
        let (store, _) = try ReplicaStore.onDisk(
            "\(folder)/edits", charter: network.charter, identity: nil, seed: 3, indexed: indexed)
        try network.found(store)
        var written: [WrittenEntry] = []
        for start in stride(from: 0, to: 1000, by: 250) {
            written += try store.write(
                (start..<start + 250).map { EntryDraft.new("contact \($0)") }, space: SpaceName.net, time: 3)
        }
        let count = 2000
        let time = try seconds {
            for index in 0..<count {
                let place = index * 7919 % written.count
                let last = OperationID(entry: written[place].entry, index: 0)
                let draft = EntryDraft.edit(written[place].record, "changed \(index)", replacing: last)
                written[place] = try store.write([draft], space: SpaceName.net, time: 4)[0]
            }
        }
        return Double(count) / time
    }
}

/// Edits of many writers, as a node that was away meets them.
struct SharedHistory {
    let charter: Charter
    /// Control, and the records that are edited.
    let before: [IncomingSegment]
    let edits: [IncomingSegment]
    var byteCount: Int { edits.reduce(0) { $0 + $1.bytes.count } }
    private let editCount: Int

    init(writers: Int, records: Int, edits count: Int) throws {
        var network = BenchNetwork()
        let store = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 2))
        try network.found(store)
        let identities = try network.admit(writers, in: store)
        var written: [WrittenEntry] = []
        for start in stride(from: 0, to: records, by: 250) {
            written += try store.write(
                (start..<start + 250).map { EntryDraft.new("contact \($0)") }, space: SpaceName.net, time: 3)
        }
        let known = Set(store.sharedBranches().filter { $0.descriptor.logClass == .data }.map(\.number))
        var random = SeededEntropy(seed: 9)
        for identity in identities {
            store.setIdentity(identity)
            try store.openIncarnation(time: 3)
            for index in 0..<count / writers {
                let place = Int.random(in: 0..<records, using: &random)
                let last = OperationID(entry: written[place].entry, index: 0)
                let draft = EntryDraft.edit(written[place].record, "value \(index) of somebody", replacing: last)
                written[place] = try store.write([draft], space: SpaceName.net, time: 4 + Int64(index))[0]
            }
        }
        charter = network.charter
        editCount = count
        (before, edits) = try SharedHistory.split(store, known)
    }

    private static func split(_ store: ReplicaStore, _ known: Set<Int>) throws -> ([IncomingSegment], [IncomingSegment])
    {
        var before: [(place: Int, segment: IncomingSegment)] = []
        var edits: [(place: Int, segment: IncomingSegment)] = []
        for branch in store.sharedBranches() {
            var next = 0
            while let run = try store.segment(branch: branch.number, from: next) {
                let item = (run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes))
                if branch.descriptor.logClass == .control || known.contains(branch.number) {
                    before.append(item)
                } else {
                    edits.append(item)
                }
                next = run.last + 1
            }
        }
        return (
            before.sorted { $0.place < $1.place }.map(\.segment), edits.sorted { $0.place < $1.place }.map(\.segment)
        )
    }

    /// Operations a second of a store on the disk that takes the edits in, in batches of a megabyte at most.
    func ingestRate(folder: String, indexed: IndexedFields) throws -> Double {
        let (store, _) = try ReplicaStore.onDisk(
            "\(folder)/ingest", charter: charter, identity: nil, seed: 3, indexed: indexed)
        var waiting = WaitingRoom()
        _ = try store.ingest(before, waiting: &waiting)
        let had = store.totals(of: SpaceName.net).entries
        let time = try seconds {
            for start in stride(from: 0, to: edits.count, by: 32) {
                _ = try store.ingest(Array(edits[start..<min(start + 32, edits.count)]), waiting: &waiting)
            }
        }
        guard store.totals(of: SpaceName.net).entries == had + editCount, waiting.count == 0 else {
            throw BenchError.text("not all arrived")
        }
        return Double(editCount) / time
    }
}

/// A store with many operations.
enum LargeStore {
    static func make(_ path: String, writers: Int, entries: Int) throws {
        var network = BenchNetwork()
        let (store, _) = try ReplicaStore.onDisk(path, charter: network.charter, identity: nil, seed: 3)
        try network.found(store)
        for (index, identity) in try network.admit(writers, in: store).enumerated() {
            store.setIdentity(identity)
            try store.openIncarnation(time: 3)
            for start in stride(from: 0, to: entries, by: 200) {
                let drafts = (start..<start + 200).map { EntryDraft.new("contact \($0) of \(index)") }
                _ = try store.write(drafts, space: SpaceName.net, time: 4)
            }
        }
    }
}

/// Opens a store in a process of its own.
enum Opening {
    static func run(_ path: String) throws {
        var shown = 0
        let time = try seconds {
            let (store, _) = try ReplicaStore.onDisk(path, charter: nil, identity: nil, seed: 3)
            // The first record, found by its id as a person would.
            for digit in "0123456789abcdef" where shown == 0 {
                if case .several(let ids) = try RecordAccess(store, time: 0).find(idPrefix: "0000\(digit)"),
                    let id = ids.first
                {
                    shown += try store.state(ofRecord: id) == nil ? 0 : 1
                }
            }
        }
        guard shown == 1 else { throw BenchError.text("nothing was read") }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        let kibibytes = line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.first ?? 0
        print("\(time * 1000) \(kibibytes / 1024)")
    }
}
