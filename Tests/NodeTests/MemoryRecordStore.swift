import Bytes
import Crypto
import Replica

/// A record store in memory for the tests of commands: one device, every entry applied.
struct MemoryRecordStore: RecordStore {
    static let device = ShortID(0xDE00_0000_0000_0000, 1)
    static let organisation = ShortID(0x0E00_0000_0000_0000, 1)

    private struct Stored {
        let record: ShortID
        let kind: Int
        let view: EntryView
    }

    let network = Digest(0x4E, 0, 0, 0)
    let ownOrganisation: ShortID? = MemoryRecordStore.organisation
    let ownDevice: ShortID? = MemoryRecordStore.device
    var time: Int64 = 1_790_000_000

    private var entries: [Stored] = []
    /// What the next write fails with.
    var failure: RecordStoreError?
    var admitted: [AdmittedDevice] = []
    /// The number of transactions so far.
    private(set) var writes = 0
    var ids: [ShortID] { Array(Set(entries.map(\.record))).sorted() }

    func find(idPrefix: String) -> RecordMatch {
        let hits = ids.filter { $0.hex.hasPrefix(idPrefix) }
        return hits.count > 1 ? .several(hits) : hits.first.map { .one($0) } ?? .none
    }

    func state(of record: ShortID) -> RecordState? {
        let own = entries.filter { $0.record == record }
        guard let kind = own.first?.kind else { return nil }
        let operations = own.flatMap(\.view.operations)
        let replaced = Set(own.flatMap { zip($0.view.operations, $0.view.replaced).flatMap { replacing($0, $1) } })
        let left = operations.filter { !replaced.contains($0.id) }
        let steps = own.flatMap { entry in
            zip(entry.view.operations, entry.view.replaced).map {
                ListMerge.Step(view: $0, replaced: $1, isApplied: true)
            }
        }
        let fields = Set(left.map(\.field)).filter { $0 >= 2 }.sorted().map { field in
            FieldState(
                field: field, left: left.filter { $0.field == field }.sorted(by: OperationView.winsOver),
                elements: ListMerge.elements(steps.filter { $0.view.field == field }))
        }
        let deletes = left.filter { $0.type == .existence && $0.shape == .unsigned(0) }
        // One chain, so a delete covers all before it.
        let isDeleted = own.last?.view.operations.contains { deletes.map(\.id).contains($0.id) } ?? false
        return RecordState(
            id: record, kind: kind, space: "net", fields: fields, isDeleted: isDeleted,
            contested: isDeleted ? [] : deletes, standingDeletes: deletes)
    }

    private func replacing(_ operation: OperationView, _ refs: [OperationID]) -> [OperationID] {
        operation.type == .existence && operation.shape == .unsigned(0) ? [] : refs
    }

    func forEach(kind: Int, _ body: (RecordState) -> Void) {
        for id in ids {
            if let state = state(of: id), state.kind == kind { body(state) }
        }
    }

    func kinds() -> [Int] { Set(ids.compactMap { state(of: $0)?.kind }).sorted() }

    func conflictCandidates() -> [ShortID] {
        ids.filter { id in state(of: id)?.fields.contains { $0.left.count > 1 } ?? false }
    }

    func history(of record: ShortID) -> [EntryView] { entries.filter { $0.record == record }.map(\.view) }

    func lastEntries(of record: ShortID) -> [Digest] { history(of: record).last.map { [$0.entry] } ?? [] }

    func devices() -> [AdmittedDevice] { admitted }

    func digests(of space: String) -> (frontier: Digest, state: Digest) {
        (Digest(UInt64(entries.count), 0, 0, 0), Digest(UInt64(entries.count), 1, 0, 0))
    }

    func lastWritten(by organisation: ShortID, before end: Int64) -> Int64? {
        entries.map(\.view).filter { $0.organisation == organisation && $0.claimedAt < end }.map(\.claimedAt).max()
    }

    mutating func write(_ drafts: [EntryDraft], space: String) throws(RecordStoreError) -> [WrittenEntry] {
        if let failure { throw failure }
        writes += 1
        return drafts.map { write($0) }
    }

    private mutating func write(_ draft: EntryDraft) -> WrittenEntry {
        let number = UInt64(entries.count + 1)
        // Ids differ in their first digits, so that short prefixes name them.
        let entry = Digest(number << 56 | 0xE, 0, 0, 0)
        let (record, kind) =
            switch draft.target {
            case .new(let kind): (ShortID(number << 56 | 0xA, 0), kind)
            case .existing(let id): (id, entries.first { $0.record == id }?.kind ?? 0)
            case .pair(let kind, let ids): (ids[0], kind)
            }
        let known = entries.flatMap(\.view.operations)
        let operations = draft.operations.enumerated().map { index, operation in
            let orders = known.filter { operation.replaces.contains($0.id) && $0.field == operation.field }.map(\.order)
            return OperationView(
                id: OperationID(entry: entry, index: index), field: operation.field, type: operation.type,
                shape: operation.shape, order: 1 + (orders.max() ?? 0),
                value: operation.value.map { .present($0) } ?? .none, device: MemoryRecordStore.device,
                organisation: MemoryRecordStore.organisation, claimedAt: 0)
        }
        entries.append(
            Stored(
                record: record, kind: kind,
                view: EntryView(
                    entry: entry, device: MemoryRecordStore.device, organisation: MemoryRecordStore.organisation,
                    claimedAt: 0, operations: operations, replaced: draft.operations.map(\.replaces), notApplied: nil)))
        return WrittenEntry(entry: entry, record: record)
    }
}
