import Crypto
import Replica

/// The entries of works that are filled in and not stored yet: others may name them or go on from them.
struct Overlay {
    private struct Item {
        let work: Int
        let sequence: Int
        let base: SegmentWork.Base
    }

    private var byID: [Digest: [Digest: Item]] = [:]
    private var bySequence: [Digest: [Int: [Digest]]] = [:]

    /// Adds the entries of a work from an index on.
    mutating func add(_ work: SegmentWork, from index: Int) {
        guard index < work.entries.count, let base = work.base else { return }
        var table = base.table + work.entries[..<index].flatMap(\.header.introductions)
        for entry in work.entries[index...] {
            table += entry.header.introductions
            let next = SegmentWork.Base(
                previous: entry.id, sequence: entry.header.sequence, branch: nil, table: table, auth: work.auth)
            byID[work.log, default: [:]][entry.id] = Item(work: work.index, sequence: entry.header.sequence, base: next)
            bySequence[work.log, default: [:]][entry.header.sequence, default: []].append(entry.id)
        }
    }

    /// What lies below a segment whose first entry follows this one.
    func base(above id: Digest, log: Digest) -> SegmentWork.Base? { byID[log]?[id]?.base }

    /// What may lie below a segment that begins with this sequence number.
    func bases(before sequence: Int, log: Digest) -> [SegmentWork.Base] {
        ids(log: log, sequence: sequence - 1).sorted().compactMap { byID[log]?[$0]?.base }
    }

    func holds(_ id: Digest, log: Digest, sequence: Int) -> Bool { byID[log]?[id]?.sequence == sequence }

    /// The entries of a log with this sequence number.
    func ids(log: Digest, sequence: Int) -> Set<Digest> { Set(bySequence[log]?[sequence] ?? []) }
}

/// Resolves the refs of a compact segment against the store and the works beside it.
struct Resolver: NameResolver {
    let store: ReplicaStore
    let work: SegmentWork
    let base: SegmentWork.Base
    let overlay: Overlay
    /// A ref means one of several branches, and nothing here says which.
    private(set) var isAmbiguous = false
    private(set) var failure: StoreError?
    let resolvesAll = false
    /// What was found so far: a segment may name one entry ten thousand times.
    private var found: [Name: NamedEntry] = [:]

    /// What is asked for.
    private struct Name: Hashable {
        let index: Int
        let sequence: Int
    }

    init(store: ReplicaStore, work: SegmentWork, base: SegmentWork.Base, overlay: Overlay) {
        self.store = store
        self.work = work
        self.base = base
        self.overlay = overlay
    }

    mutating func resolve(log index: Int, sequence: Int, introduced: [Digest]) -> NamedEntry? {
        let name = Name(index: index, sequence: sequence)
        if let known = found[name] { return known }
        do {
            let entry = try find(index, sequence, introduced)
            found[name] = entry
            return entry
        } catch {
            failure = error
            return nil
        }
    }

    private mutating func find(_ index: Int, _ sequence: Int, _ introduced: [Digest]) throws(StoreError) -> NamedEntry?
    {
        let id: Digest
        if index == 0 {
            id = work.log
            if let branch = base.branch {
                let holder = store.topology.holder(of: sequence, below: branch)
                return try store.entryID(branch: holder, sequence: sequence).map {
                    NamedEntry(log: id, sequence: sequence, id: $0)
                }
            }
        } else if index <= base.table.count {
            id = base.table[index - 1]
        } else if index - base.table.count <= introduced.count {
            id = introduced[index - base.table.count - 1]
        } else {
            // Nothing that comes can give it a meaning: the explicit form tells whose fault it is.
            isAmbiguous = true
            return nil
        }
        var candidates = overlay.ids(log: id, sequence: sequence)
        if let log = store.topology.log(id), log.descriptor.space == work.descriptor.space {
            let branches = store.topology.branches(of: log.number)
            // Two tell as much as ten thousand.
            for holder in Set(
                branches.filter { sequence <= store.topology.branches[$0].head }
                    .map { store.topology.holder(of: sequence, below: $0) }
            ).sorted() where candidates.count < 2 {
                if let held = try store.entryID(branch: holder, sequence: sequence) { candidates.insert(held) }
            }
        }
        if candidates.count > 1 { isAmbiguous = true }
        guard candidates.count == 1, let only = candidates.first else { return nil }
        return NamedEntry(log: id, sequence: sequence, id: only)
    }
}
