import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

/// A record store in memory for the tests of queries: several organisations, each with devices of its own, that write
/// one after the other, or apart from each other when their drafts were made from the same state.
///
/// What it shows follows from the set of its entries alone, as in a real store: `replayed` takes them in again in
/// another order.
struct QueryStore: RecordStore {
    /// Who writes.
    struct Writer: Hashable {
        let organisation: ShortID
        let device: ShortID
    }

    /// One entry with what it belongs to.
    struct Stored: Hashable {
        let record: ShortID
        let kind: Int
        /// Its place among the entries of its device.
        let sequence: Int
        let view: EntryView
    }

    let schema: Schema
    let network = Digest(0x4E, 0, 0, 0)
    /// The language in which `new` and `set` mean plain fields.
    var language = "en"
    /// The clock of the next entries.
    var time: Int64 = 1_767_225_600  // 2026-01-01
    /// The writer of the next entries; nil before anybody was admitted.
    var writer: Writer?
    private var admitted: [AdmittedDevice] = []
    private(set) var entries: [Stored] = []

    /// The entries of a record, and what they amount to.
    private struct Held {
        var entries: [Stored] = []
        var state: RecordState
    }
    private var held: [ShortID: Held] = [:]
    private var idsByKind: [Int: [ShortID]] = [:]
    private var orders: [OperationID: Int] = [:]
    /// How the ids of entries and records follow from the number of the entry; any bijection.
    private let numbering: (UInt64) -> UInt64

    /// - Parameter scrambled: ids in no order that anybody can see; else they ascend in the order of writing.
    init(schema: Schema = .standard, scrambled: Bool = false) {
        self.schema = schema
        numbering = scrambled ? { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D123_4567 } : { $0 << 32 }
    }

    /// A store that took in the same entries in another order.
    func replayed(_ order: ([Stored]) -> [Stored]) -> QueryStore {
        var copy = self
        (copy.entries, copy.held, copy.idsByKind) = ([], [:], [:])
        for entry in order(entries) { copy.take(entry) }
        return copy
    }

    // MARK: RecordStore

    var ownOrganisation: ShortID? { writer?.organisation }

    var ownDevice: ShortID? { writer?.device }

    func find(idPrefix: String) -> RecordMatch {
        if let id = ShortID(hex: idPrefix) { return held[id] == nil ? .none : .one(id) }
        let hits = held.keys.filter { $0.hex.hasPrefix(idPrefix) }.sorted()
        return hits.count > 1 ? .several(hits) : hits.first.map { .one($0) } ?? .none
    }

    func state(of record: ShortID) -> RecordState? { held[record]?.state }

    func forEach(kind: Int, _ body: (RecordState) -> Void) {
        for id in (idsByKind[kind] ?? []).sorted() {
            if let state = state(of: id) { body(state) }
        }
    }

    func kinds() -> [Int] { idsByKind.keys.sorted() }

    func conflictCandidates() -> [ShortID] {
        held.filter { _, held in
            !held.state.contested.isEmpty
                || held.state.fields.contains { $0.left.count { $0.type != .set } > 1 }
        }.map(\.key).sorted()
    }

    func history(of record: ShortID) -> [EntryView] { held[record]?.entries.map(\.view) ?? [] }

    func lastEntries(of record: ShortID) -> [Digest] {
        let last = Dictionary((held[record]?.entries ?? []).map { ($0.view.device, $0) }) { first, second in
            first.sequence < second.sequence ? second : first
        }
        return last.values.map(\.view.entry).sorted()
    }

    func devices() -> [AdmittedDevice] { admitted.sorted { $0.device < $1.device } }

    func digests(of space: String) -> (frontier: Digest, state: Digest) {
        var frontier = StateSum()
        for entry in entries {
            frontier.add(
                StateSum.term(record: entry.record, field: 0, operation: .init(entry: entry.view.entry, index: 0)))
        }
        var state = StateSum()
        for (id, held) in held {
            for field in held.state.fields {
                for left in field.left { state.add(StateSum.term(record: id, field: field.field, operation: left.id)) }
            }
        }
        return (frontier.digest, state.digest)
    }

    func lastWritten(by organisation: ShortID, before end: Int64) -> Int64? {
        entries.filter { $0.view.organisation == organisation && $0.view.claimedAt < end }.map(\.view.claimedAt).max()
    }

    mutating func write(_ drafts: [EntryDraft], space: String = SpaceName.net) throws(RecordStoreError)
        -> [WrittenEntry]
    {
        guard let writer else { throw .notPermitted("nobody was admitted") }
        return drafts.map { write($0, as: writer, space) }
    }

    private mutating func write(_ draft: EntryDraft, as writer: Writer, _ space: String) -> WrittenEntry {
        let number = UInt64(entries.count + 1)
        let id = Digest(numbering(number), number, 0xE, 0)
        let (record, kind) =
            switch draft.target {
            case .new(let kind): (ShortID(numbering(number), number), kind)
            case .existing(let record): (record, held[record]?.state.kind ?? 0)
            case .pair(let kind, let ids): (RecordID.pair(network: network, space: space, kind: kind, ids: ids), kind)
            }
        let operations = draft.operations.enumerated().map { index, operation in
            OperationView(
                id: OperationID(entry: id, index: index), field: operation.field, type: operation.type,
                shape: operation.shape, order: 1 + (operation.replaces.compactMap { orders[$0] }.max() ?? 0),
                value: operation.value.map { .present($0) } ?? .none, device: writer.device,
                organisation: writer.organisation, claimedAt: time)
        }
        for operation in operations { orders[operation.id] = operation.order }
        let view = EntryView(
            entry: id, device: writer.device, organisation: writer.organisation, claimedAt: time,
            operations: operations, replaced: draft.operations.map(\.replaces), notApplied: nil)
        take(Stored(record: record, kind: kind, sequence: entries.count, view: view))
        return WrittenEntry(entry: id, record: record)
    }

    private mutating func take(_ entry: Stored) {
        entries.append(entry)
        if held[entry.record] == nil { idsByKind[entry.kind, default: []].append(entry.record) }
        let all = (held[entry.record]?.entries ?? []) + [entry]
        held[entry.record] = Held(entries: all, state: QueryStore.state(all))
    }

    /// What the entries of one record amount to.
    private static func state(_ entries: [Stored]) -> RecordState {
        let operations = entries.flatMap(\.view.operations)
        var replaced: Set<OperationID> = []
        for entry in entries {
            for (operation, refs) in zip(entry.view.operations, entry.view.replaced) where !operation.isDelete {
                replaced.formUnion(refs)
            }
        }
        let left = operations.filter { !replaced.contains($0.id) }
        let shown = left.filter { $0.field >= 2 && !$0.isRemove }
        let fields = Dictionary(grouping: shown, by: \.field).sorted { $0.key < $1.key }.map { field, left in
            FieldState(
                field: field, left: left.sorted(by: OperationView.winsOver),
                elements: left.contains { $0.type == .list } ? elements(field, entries) : [])
        }
        let deletes = left.filter(\.isDelete).sorted(by: OperationView.winsOver)
        let others = entries.filter { !$0.view.operations.allSatisfy(\.isDelete) }
        let isDeleted = deletes.contains { delete in
            let named = Set(
                entries.flatMap { zip($0.view.operations, $0.view.replaced) }.first { $0.0.id == delete.id }?.1
                    .map(\.entry) ?? [])
            let covering = entries.filter { named.contains($0.view.entry) }
            return others.allSatisfy { other in
                covering.contains { $0.view.device == other.view.device && $0.sequence >= other.sequence }
            }
        }
        return RecordState(
            id: entries[0].record, kind: entries[0].kind, space: SpaceName.net, fields: fields, isDeleted: isDeleted,
            contested: isDeleted ? [] : deletes, standingDeletes: deletes)
    }
}

extension QueryStore {
    private static func elements(_ field: Int, _ entries: [Stored]) -> [ListElement] {
        ListMerge.elements(
            entries.flatMap { entry in
                zip(entry.view.operations, entry.view.replaced).filter { $0.0.field == field }.map {
                    ListMerge.Step(view: $0, replaced: $1, isApplied: true)
                }
            })
    }
}

extension OperationView {
    fileprivate var isDelete: Bool { type == .existence && shape == .unsigned(0) }

    /// A remove is left for ever, and nobody wants to see it.
    fileprivate var isRemove: Bool {
        type == .set && shape == .unsigned(1) || type == .list && ListChange(shape) == .remove
    }
}

// MARK: Writing as people do

extension QueryStore {
    /// Admits an organisation with one device; the next entries are written there.
    /// - Parameter words: assignments such as `type=c2`; its name in English goes without saying.
    @discardableResult
    mutating func admit(_ name: String, _ words: String...) throws -> ShortID {
        let number = UInt64(admitted.count + 1)
        let (admission, device) = (ShortID(0xAD << 56 | number, 1), ShortID(0xDE << 56 | number, 1))
        let id = RecordID.pair(network: network, space: SpaceName.net, kind: 32, ids: [admission])
        let record = RecordID.pair(network: network, space: SpaceName.net, kind: 33, ids: [device])
        admitted.append(AdmittedDevice(device: device, record: record, organisation: id))
        writer = Writer(organisation: id, device: device)
        let draft = try editor.create(
            schema.kind(named: "organisation"), as: .pair(kind: 32, ids: [admission]),
            assignments(["name.en=\(name)"] + words))
        _ = try write([draft])
        return id
    }

    /// Admits one more device of an organisation; the next entries are written there.
    mutating func admitDevice(of organisation: ShortID) {
        let number = UInt64(admitted.count + 1)
        let device = ShortID(0xDE << 56 | number, 1)
        let record = RecordID.pair(network: network, space: SpaceName.net, kind: 33, ids: [device])
        admitted.append(AdmittedDevice(device: device, record: record, organisation: organisation))
        writer = Writer(organisation: organisation, device: device)
    }

    /// The next entries are written on the first device of an organisation, at noon of a day or at a time.
    mutating func at(_ when: String, as organisation: ShortID? = nil) throws {
        time = try #require(CivilTime.seconds(when.utf8.count == 10 ? when + "T12:00:00Z" : when))
        guard let organisation else { return }
        let device = try #require(admitted.first { $0.organisation == organisation })
        writer = Writer(organisation: organisation, device: device.device)
    }

    /// Creates a record as `liaison new KIND field=value …` does, pair records again too.
    @discardableResult
    mutating func new(_ kind: String, _ words: String...) throws -> ShortID {
        try new(kind, words)
    }

    @discardableResult
    mutating func new(_ kind: String, _ words: [String]) throws -> ShortID {
        let given = assignments(words)
        let draft = try editor.create(schema.kind(named: kind), given)
        if case .pair(let number, let ids) = draft.target {
            let id = RecordID.pair(network: network, space: SpaceName.net, kind: number, ids: ids)
            if let held = state(of: id) {
                _ = try write(try editor.create(again: held, given).map { [$0] } ?? [])
                return id
            }
        }
        return try #require(try write([draft]).first).record
    }

    /// Changes fields as `liaison set ID field=value …` does.
    mutating func set(_ record: ShortID, _ words: String...) throws {
        let state = try #require(self.state(of: record))
        _ = try write(try editor.set(state, assignments(words)).map { [$0] } ?? [])
    }

    /// Writes changes of a record that did not know of each other, each as `set` would.
    mutating func setApart(_ record: ShortID, _ changes: [String]...) throws {
        let state = try #require(self.state(of: record))
        let drafts = try changes.compactMap { try editor.set(state, assignments($0)) }
        _ = try write(drafts)
    }

    /// Deletes a record as it is known here.
    mutating func delete(_ record: ShortID) throws {
        let state = try #require(self.state(of: record))
        _ = try write(editor.delete(state, lastEntries: lastEntries(of: record)).map { [$0] } ?? [])
    }

    private var editor: RecordEditor {
        let store = self
        return RecordEditor(
            schema: schema, language: language,
            writer: WriterContext(organisation: writer?.organisation, time: time),
            lookup: { (text: String, kinds: [Int]) throws(RecordError) -> ShortID in
                guard case .one(let id) = store.find(idPrefix: text),
                    kinds.isEmpty || kinds.contains(store.held[id]?.state.kind ?? 0)
                else { throw .notFound("record \(text)", remedy: nil) }
                return id
            })
    }

    private func assignments(_ words: [String]) -> [Assignment] {
        words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Assignment(path: String(parts[0]), text: parts.count > 1 ? String(parts[1]) : "")
        }
    }
}

// MARK: Asking

extension QueryStore {
    /// Asks a query as the command line would.
    /// - Parameter options: `--at 2026-05-01`, without the hyphens as name and value.
    func ask(
        _ query: any Query.Type, _ arguments: String..., options: [(name: String, value: String?)] = [],
        today: String, language: String = "en"
    ) throws -> Answer {
        try query.answer(
            Question(arguments: arguments, options: options),
            RecordBase(self, schema: schema, language: language, today: today))
    }
}
