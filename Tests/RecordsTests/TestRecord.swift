import Bytes
import Crypto
import Records
import Replica
import Testing

/// A record that several writers edit in a test: applies drafts and merges as Protocol/04-merging.md says, with every
/// operation applied.
struct TestRecord {
    static let id = ShortID(0xA1, 1)
    static let paris = ShortID(0xDE, 1)
    static let dakar = ShortID(0xDE, 2)
    static let sector = ShortID(0x0E, 1)
    static let institute = ShortID(0x0E, 2)

    let kind: Int
    private(set) var operations: [OperationView] = []
    private(set) var replaced: Set<OperationID> = []
    private(set) var entries: [EntryView] = []
    var isDeleted = false
    var contested: [OperationView] = []

    init(_ kind: Kind) { self.kind = kind.number }

    init(kind: Int) { self.kind = kind }

    /// The entry with this number: numbers grow, and so do ids.
    static func entry(_ number: UInt64) -> Digest { Digest(number, 0, 0, 0) }

    /// Writes an entry.
    /// - Parameter seen: what the writer had seen; everything when nil.
    mutating func write(_ draft: EntryDraft?, by device: ShortID = TestRecord.paris, at time: Int64 = 0) throws {
        let draft = try #require(draft)
        let entry = TestRecord.entry(UInt64(entries.count + 1))
        let organisation = device == TestRecord.paris ? TestRecord.sector : TestRecord.institute
        let views = draft.operations.enumerated().map { index, operation in
            let orders = replacing(operation).map(\.order)
            return OperationView(
                id: OperationID(entry: entry, index: index), field: operation.field, type: operation.type,
                shape: operation.shape, order: 1 + (orders.max() ?? 0),
                value: operation.value.map { .present($0) } ?? .none, device: device, organisation: organisation,
                claimedAt: time)
        }
        for operation in draft.operations { replaced.formUnion(replacing(operation).map(\.id)) }
        operations += views
        entries.append(
            EntryView(
                entry: entry, device: device, organisation: organisation, claimedAt: time, operations: views,
                replaced: draft.operations.map(\.replaces), notApplied: nil))
    }

    /// The operations that a new one replaces: the others that it names are mentions, or covered by a delete.
    private func replacing(_ operation: OperationDraft) -> [OperationView] {
        operations.filter { operation.replaces.contains($0.id) && $0.field == operation.field }
    }

    /// Destroys the value of an operation.
    mutating func erase(entry: UInt64, index: Int = 0) {
        let id = OperationID(entry: TestRecord.entry(entry), index: index)
        operations = operations.map { old in
            guard old.id == id else { return old }
            return OperationView(
                id: old.id, field: old.field, type: old.type, shape: old.shape, order: old.order, value: .erased,
                device: old.device, organisation: old.organisation, claimedAt: old.claimedAt)
        }
    }

    var state: RecordState {
        let left = operations.filter {
            !replaced.contains($0.id) && $0.field >= 2 && $0.type != .remark && ListChange($0.shape) != .remove
        }
        let fields = Set(left.map(\.field)).sorted().map { field in
            FieldState(
                field: field, left: left.filter { $0.field == field }.sorted(by: OperationView.winsOver),
                elements: ListMerge.elements(steps(field)))
        }
        let deletes = operations.filter {
            $0.type == .existence && !replaced.contains($0.id) && $0.shape == .unsigned(0)
        }
        return RecordState(
            id: TestRecord.id, kind: kind, space: "net", fields: fields, isDeleted: isDeleted, contested: contested,
            standingDeletes: deletes)
    }

    private func steps(_ field: Int) -> [ListMerge.Step] {
        let replaced = Dictionary(
            entries.flatMap { zip($0.operations.map(\.id), $0.replaced) }, uniquingKeysWith: { first, _ in first })
        return operations.filter { $0.field == field }.map {
            ListMerge.Step(view: $0, replaced: replaced[$0.id] ?? [], isApplied: true)
        }
    }

    /// What `show` prints.
    func shown(_ schema: Schema = .standard) -> Document { RecordRendering(schema).document(state) }
}

extension RecordEditor {
    /// An editor whose node speaks English and finds every record of 32 digits.
    static var test: RecordEditor {
        RecordEditor(schema: .standard, language: "en") { prefix, _ throws(RecordError) in
            guard let id = ShortID(hex: prefix) else { throw .notFound(prefix, remedy: nil) }
            return id
        }
    }
}

extension [Assignment] {
    /// Reads `field=value` words.
    init(_ words: String...) {
        self = words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Assignment(path: String(parts[0]), text: parts.count > 1 ? String(parts[1]) : "")
        }
    }
}
