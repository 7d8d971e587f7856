package import Bytes
import Crypto
package import Replica

/// What it comes to when one entry is taken back and later work stays.
package struct Undo {
    /// What was done to a field.
    package struct Change: Hashable, Sendable {
        package let field: String
        /// The word that `history` has for it: set, unset, add, remove, step, restore, delete.
        package let operation: String
        package let value: Document?

        package init(field: String, operation: String, value: Document?) {
            self.field = field
            self.operation = operation
            self.value = value
        }
    }

    /// What was not taken back.
    package struct Rest: Hashable, Sendable {
        package let field: String
        /// In words, without a full stop.
        package let why: String
    }

    /// What is to be written first; nil when no field changes.
    package var draft: EntryDraft?
    /// Whether the record is then to be deleted, by an entry of its own: one that holds more would keep it alive.
    package var deletes = false
    package var undone: [Change] = []
    package var left: [Rest] = []
    /// What else the person should know.
    package var notes: [String] = []
}

extension RecordEditor {
    /// Works out how to take an entry back.
    /// - Parameters:
    ///   - history: all entries of the record, that one among them.
    package func undo(
        _ entry: EntryView, of state: RecordState, history: [EntryView]
    ) throws(RecordError) -> Undo {
        if let reason = entry.notApplied {
            throw .misused(
                field: String(entry.entry.hex.prefix(8)), reason: "it does not count: \(reason)", remedy: nil)
        }
        var reversal = Reversal(entry, state, history, schema.kind(state.kind))
        reversal.run()
        guard !state.isDeleted || reversal.undo.draft == nil || reversal.restores else {
            throw .deleted(record: state.id)
        }
        return reversal.undo
    }
}

/// Takes one entry back, operation by operation.
private struct Reversal {
    private let entry: EntryView
    private let state: RecordState
    private let index: HistoryIndex
    private let kind: Kind?
    private let rendering: HistoryRendering
    /// Everything that is left.
    private let left: Set<OperationID>
    private var drafts: [OperationDraft] = []
    private(set) var undo = Undo()

    /// Whether the draft makes a deleted record be there again.
    var restores: Bool { drafts.contains { $0.type == .existence } }

    init(_ entry: EntryView, _ state: RecordState, _ history: [EntryView], _ kind: Kind?) {
        self.entry = entry
        self.state = state
        self.kind = kind
        index = HistoryIndex(history)
        rendering = HistoryRendering(kind)
        left = Set(state.fields.flatMap(\.left).map(\.id) + state.standingDeletes.map(\.id))
    }

    mutating func run() {
        if isCreation { return undoCreation() }
        var removed: [Int: [OperationView]] = [:]
        for operation in entry.operations {
            switch operation.type {
            case .register, .map: undoRegister(operation)
            case .set where operation.shape == Shape.add: removed[operation.field, default: []].append(operation)
            case .set: undoRemove(operation)
            case .workflow: undoStep(operation)
            case .counter: undoCount(operation)
            case .list: undoChange(operation)
            case .existence where operation.isDelete: undoDelete(operation)
            case .existence: undoRestore(operation)
            case .remark: continue
            default: rest(operation, "this version does not know how to take it back")
            }
        }
        for field in removed.keys.sorted() { undoAdds(removed[field] ?? []) }
        if !drafts.isEmpty { undo.draft = EntryDraft(target: .existing(state.id), operations: drafts) }
    }

    // MARK: Existence

    private var isCreation: Bool {
        guard !entry.operations.contains(where: { $0.type == .existence }) else { return false }
        if RecordID.created(by: entry.entry) == state.id { return true }
        // Of those who wrote a pair record apart, the least entry counts as its beginning on every node.
        let isPair = kind.map { if case .pair = $0.creation { true } else { false } } ?? false
        let beginnings = index.entries.filter { $0.operations.allSatisfy { $0.order == 1 } && !$0.writesNothing }
        return isPair && beginnings.map(\.entry).min() == entry.entry
    }

    private mutating func undoCreation() {
        guard !state.isDeleted else { return }
        let others = index.entries.filter { $0.device != entry.device && !$0.writesNothing }
        guard let other = others.first else {
            undo.deletes = true
            return undo.undone.append(.init(field: "deleted", operation: "delete", value: nil))
        }
        undo.left.append(
            .init(
                field: "deleted",
                why: "entry \(other.entry.hex.prefix(8)) of somebody else wrote to it: "
                    + "liaison delete \(state.id.hex.prefix(8)) deletes it all the same"))
    }

    private mutating func undoDelete(_ operation: OperationView) {
        guard left.contains(operation.id) else { return }
        drafts.append(
            .init(field: operation.field, type: .existence, replaces: [operation.id], shape: Shape.restore))
        undo.undone.append(.init(field: "deleted", operation: "restore", value: nil))
        guard let other = state.standingDeletes.first(where: { $0.id != operation.id }) else { return }
        rest(operation, "entry \(other.id.entry.hex.prefix(8)) deleted it as well")
    }

    private mutating func undoRestore(_ operation: OperationView) {
        guard !state.isDeleted, state.standingDeletes.isEmpty else { return }
        let later = index.entries.drop { $0.entry != entry.entry }.dropFirst()
        if let other = later.first(where: { !$0.operations.allSatisfy { $0.type == .remark } }) {
            return rest(operation, "entry \(other.entry.hex.prefix(8)) wrote to it since")
        }
        undo.deletes = true
        undo.undone.append(.init(field: "deleted", operation: "delete", value: nil))
    }

    // MARK: Registers

    private mutating func undoRegister(_ operation: OperationView) {
        let before = index.replaced(by: operation)
        let others = leftBeside(operation)
        guard left.contains(operation.id) else {
            let wanted = before.first?.value ?? .present(.null)
            guard (others.first?.value ?? .present(.null)).encoding != wanted.encoding else { return }
            return changedSince(operation)
        }
        let own = before.filter { !isReplaced($0, besidesBy: operation) }
        let back = own.first ?? others.first ?? before.first
        guard back?.value != .erased else { return rest(operation, "the value before it was erased") }
        let value = back?.value.value ?? .null
        guard value.encoded != operation.value.encoding else {
            if own.count > 1 {
                rest(
                    operation,
                    "\(own.count) values stood before it, and the one shown then is the one shown now: "
                        + "liaison set \(state.id.hex.prefix(8)) \(rendering.name(operation))=… writes another")
            }
            return
        }
        if own.count > 1 {
            undo.notes.append(
                "\(own.count) values of \(rendering.name(operation)) stood before: the one that was shown is back")
        }
        drafts.append(
            .init(
                field: operation.field, type: operation.type, replaces: [operation.id], shape: operation.shape,
                value: value))
        let field = kind?.field(operation.field)
        let shown = value == .null ? nil : ValueRendering.document(value, field?.type)
        undo.undone.append(
            .init(field: rendering.name(operation), operation: value == .null ? "unset" : "set", value: shown))
    }

    // MARK: Sets

    private mutating func undoAdds(_ added: [OperationView]) {
        guard let first = added.first else { return }
        let standing = added.filter { left.contains($0.id) }
        guard !standing.isEmpty else { return }
        drafts.append(.init(field: first.field, type: .set, replaces: standing.map(\.id), shape: Shape.remove))
        for operation in standing {
            let others = leftBeside(operation)
            let isKept = others.contains {
                $0.value.encoding == operation.value.encoding && !standing.map(\.id).contains($0.id)
            }
            if isKept { undo.notes.append("somebody else added the same to \(rendering.name(operation)): it stays") }
            undo.undone.append(
                .init(
                    field: rendering.name(operation), operation: "remove",
                    value: rendering.meaning(operation, index).value))
        }
    }

    private mutating func undoRemove(_ operation: OperationView) {
        var present = Set(leftBeside(operation).compactMap(\.value.encoding))
        for add in index.replaced(by: operation) {
            guard case .present(let value) = add.value else {
                rest(operation, "a member that it took out was erased")
                continue
            }
            guard !present.contains(value.encoded) else { continue }
            if let other = index.replacers(of: add).first(where: { $0.id != operation.id }) {
                rest(operation, "entry \(other.id.entry.hex.prefix(8)) took the same out")
                continue
            }
            present.insert(value.encoded)
            drafts.append(.init(field: add.field, type: .set, replaces: [], shape: Shape.add, value: value))
            undo.undone.append(
                .init(field: rendering.name(add), operation: "add", value: rendering.meaning(add, index).value))
        }
    }

    // MARK: Counters and lists

    /// Puts in the place of a delta what it replaced, which is nothing but for another undo: the new one names it, so
    /// that two who take it back apart take it once.
    private mutating func undoCount(_ operation: OperationView) {
        guard left.contains(operation.id) else { return }
        let (before, delta) = (CounterMerge.total(index.replaced(by: operation)), CounterMerge.total([operation]))
        guard before != delta else { return }
        guard let shape = Int64(exactly: before) else {
            return rest(operation, "what it replaced is more than one change can add")
        }
        drafts.append(
            .init(field: operation.field, type: .counter, replaces: [operation.id], shape: .int(shape)))
        let value = Document.int(Int64(clamping: (before - delta).magnitude))
        undo.undone.append(
            .init(field: rendering.name(operation), operation: before > delta ? "add" : "remove", value: value))
    }

    private mutating func undoChange(_ operation: OperationView) {
        let before = index.replaced(by: operation)
        let element = state[operation.field]?.elements.first { element in
            element.left.contains(operation.id) || chain(of: element).contains { $0.id == operation.id }
        }
        switch ListChange(operation.shape) {
        // Before it, the element was not there yet, or not any more.
        case .put where before.allSatisfy({ ListChange($0.shape) == .remove }): undoInsert(operation, element)
        case .put: undoReplace(operation, element)
        case .move: undoMove(operation, element, before)
        case .remove, nil: undoTaking(operation, element)
        }
    }

    /// All that became of an element and is replaced by now.
    private func chain(of element: ListElement) -> [OperationView] {
        index.chain(behind: element.left.compactMap { index.operations[$0] })
    }

    private mutating func undoInsert(_ operation: OperationView, _ element: ListElement?) {
        guard let element else { return }
        guard element.left == [operation.id] else { return changedSince(operation) }
        note(operation, "remove", .remove, [operation.id], nil)
    }

    private mutating func undoReplace(_ operation: OperationView, _ element: ListElement?) {
        guard let element else { return changedSince(operation) }
        let old = index.chain(behind: [operation]).first(where: \.isPut)
        let others = element.values.filter { $0.id != operation.id }
        guard element.values.contains(where: { $0.id == operation.id }) else {
            guard element.present.first?.value.encoding != old?.value.encoding else { return }
            return changedSince(operation)
        }
        // Whoever gave it another value meanwhile saw the one before: then theirs is left.
        let isOld = old.map { one in !others.contains { index.chain(behind: [$0]).contains { $0.id == one.id } } }
        let back = isOld == true ? old : others.first ?? old
        guard case .present(let value)? = back?.value else { return rest(operation, "the value before it was erased") }
        let names = others.isEmpty ? element.left : [operation.id]
        note(operation, "replace", .put(element.position), names, value)
    }

    private mutating func undoMove(
        _ operation: OperationView, _ element: ListElement?, _ before: [OperationView]
    ) {
        guard let element, element.left.contains(operation.id) else { return changedSince(operation) }
        guard let position = position(before + index.chain(behind: before)) else {
            return rest(operation, "its place before is not known")
        }
        guard position != element.position else { return }
        note(operation, "move", .move(position), [operation.id], nil)
    }

    /// Where these operations left an element: the last move counts, and without any what began it.
    private func position(_ operations: [OperationView]) -> [UInt8]? {
        let sorted = operations.sorted(by: OperationView.winsOver)
        for operation in sorted { if case .move(let position)? = ListChange(operation.shape) { return position } }
        for operation in sorted { if case .put(let position)? = ListChange(operation.shape) { return position } }
        return nil
    }

    private mutating func undoTaking(_ operation: OperationView, _ element: ListElement?) {
        guard element == nil, index.replacers(of: operation).isEmpty else { return }
        let behind = index.chain(behind: [operation])
        guard let put = behind.first(where: \.isPut), let position = position(behind) else { return }
        if let other = index.replaced(by: operation).flatMap({ index.replacers(of: $0) }).first(where: {
            $0.id != operation.id && ListChange($0.shape) == .remove
        }) {
            return rest(operation, "entry \(other.id.entry.hex.prefix(8)) took the same out")
        }
        guard case .present(let value) = put.value else {
            return rest(operation, "the element that it took out was erased")
        }
        note(operation, "insert", .put(position), [operation.id], value)
    }

    private mutating func note(
        _ operation: OperationView, _ word: String, _ change: ListChange, _ names: [OperationID], _ value: Value?
    ) {
        drafts.append(
            .init(field: operation.field, type: .list, replaces: names, shape: change.shape, value: value))
        let shown = value.map { ValueRendering.document($0, kind?.field(operation.field)?.type) }
        undo.undone.append(
            .init(
                field: rendering.name(operation), operation: word,
                value: shown ?? rendering.meaning(operation, index).value))
    }

    // MARK: Workflows

    private mutating func undoStep(_ operation: OperationView) {
        guard let step = WorkflowStep(operation.shape) else { return }
        let before = index.replaced(by: operation)
        let others = leftBeside(operation)
        guard left.contains(operation.id) else {
            let (shown, wanted) = (others.first, before.first)
            guard shown.flatMap({ WorkflowStep($0.shape) })?.to != wanted.flatMap({ WorkflowStep($0.shape) })?.to else {
                return
            }
            return changedSince(operation)
        }
        let own = before.filter { !isReplaced($0, besidesBy: operation) }
        let back = (own.first ?? others.first ?? before.first).flatMap { WorkflowStep($0.shape) }
        guard let back else { return rest(operation, "a state changes, it does not go away") }
        guard back.to != step.to else { return }
        guard let field = kind?.field(operation.field), case .workflow(let workflow) = field.merge else {
            return rest(operation, "this version does not know its steps")
        }
        let (from, to) = (workflow.code(step.to), workflow.code(back.to))
        // To take the state of a concurrent step is to decide between the two.
        let decides = own.isEmpty && !others.isEmpty
        guard decides || workflow.steps[from]?.contains(to) == true else {
            let next = (workflow.steps[from] ?? []).joined(separator: ", ")
            return rest(
                operation, "\(from) does not become \(to)" + (next.isEmpty ? "" : "; from \(from): \(next)"))
        }
        let shape = WorkflowStep(from: step.to, to: back.to, caution: back.caution).shape
        drafts.append(.init(field: operation.field, type: .workflow, replaces: [operation.id], shape: shape))
        undo.undone.append(.init(field: rendering.name(operation), operation: "step", value: .string(to)))
    }

    // MARK: What stood and stands

    /// The others that are left of the same field and key, the one shown first.
    private func leftBeside(_ operation: OperationView) -> [OperationView] {
        (state[operation.field]?.left ?? []).filter {
            $0.id != operation.id && ($0.type != .map || $0.shape == operation.shape)
        }
    }

    private func isReplaced(_ old: OperationView, besidesBy operation: OperationView) -> Bool {
        index.replacers(of: old).contains { $0.id != operation.id }
    }

    private mutating func changedSince(_ operation: OperationView) {
        let later = index.replacers(of: operation).first.map { " by entry \($0.id.entry.hex.prefix(8))" } ?? ""
        rest(operation, "it was changed since\(later)")
    }

    private mutating func rest(_ operation: OperationView, _ why: String) {
        let rest = Undo.Rest(field: rendering.name(operation), why: why)
        if !undo.left.contains(rest) { undo.left.append(rest) }
    }
}

extension EntryView {
    /// Whether the entry holds only remarks, deletes and restores.
    fileprivate var writesNothing: Bool {
        operations.allSatisfy { $0.type == .remark || $0.type == .existence }
    }
}
