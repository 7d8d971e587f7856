import Bytes
import Crypto
import Replica

/// The history of one record, to be asked what replaced what.
struct HistoryIndex {
    /// The applied entries, each after those that it names.
    let entries: [EntryView]
    /// Every applied operation.
    let operations: [OperationID: OperationView]
    /// What each operation replaced: of what it names, that of the same field and key.
    private let targets: [OperationID: [OperationID]]
    /// Who replaced each operation, in the order of the history.
    private let replacers: [OperationID: [OperationView]]

    init(_ history: [EntryView]) {
        entries = history.filter { $0.notApplied == nil }
        var operations: [OperationID: OperationView] = [:]
        for operation in entries.flatMap(\.operations) { operations[operation.id] = operation }
        var targets: [OperationID: [OperationID]] = [:]
        var replacers: [OperationID: [OperationView]] = [:]
        for entry in entries {
            for (operation, named) in zip(entry.operations, entry.replaced) where !operation.isDelete {
                let replaced = named.filter { id in operations[id].map { $0.isReplaced(by: operation) } ?? false }
                targets[operation.id] = replaced
                for id in replaced { replacers[id, default: []].append(operation) }
            }
        }
        self.operations = operations
        self.targets = targets
        self.replacers = replacers
    }

    /// What an operation replaced, the one that was shown first.
    func replaced(by operation: OperationView) -> [OperationView] {
        (targets[operation.id] ?? []).compactMap { operations[$0] }.sorted(by: OperationView.winsOver)
    }

    /// Who replaced an operation, in the order of the history.
    func replacers(of operation: OperationView) -> [OperationView] { replacers[operation.id] ?? [] }

    /// Everything that these operations replaced, and what that replaced, back to the first; the newest first.
    func chain(behind operations: [OperationView]) -> [OperationView] {
        var seen = Set(operations.map(\.id))
        var pending = operations
        var chain: [OperationView] = []
        while let next = pending.popLast() {
            for old in replaced(by: next) where seen.insert(old.id).inserted {
                chain.append(old)
                pending.append(old)
            }
        }
        return chain.sorted(by: OperationView.winsOver)
    }

    /// What an operation says, or of an element of a list that it moves or takes away what the element held.
    func held(_ operation: OperationView) -> HeldValue {
        guard operation.type == .list, !operation.isPut else { return operation.value }
        // Everything behind it belongs to the same element.
        return chain(behind: [operation]).first(where: \.isPut)?.value ?? .none
    }

    /// The reason that was given with an operation: the remarks of its entry.
    func reason(of operation: OperationView) -> String? {
        let remarks = entries.first { $0.entry == operation.id.entry }?.operations.filter {
            $0.type == .remark && $0.field == ReservedField.because
        }
        guard case .present(.text(let text))? = remarks?.first?.value else { return nil }
        return text
    }
}

extension HistoryRendering {
    /// What an operation of a history did, in a word, and the value that it carried or was about.
    func meaning(_ operation: OperationView, _ index: HistoryIndex) -> (word: String, value: Document?) {
        meaning(operation, isFirst: index.replaced(by: operation).isEmpty, index.held(operation))
    }
}

extension OperationView {
    /// Whether it begins an element of a list, or gives it another value.
    var isPut: Bool { if case .put? = ListChange(shape) { type == .list } else { false } }

    var isDelete: Bool { type == .existence && shape == Shape.delete }

    /// Whether a later operation that names this one replaces it: those of another field or key are only mentioned.
    fileprivate func isReplaced(by later: OperationView) -> Bool {
        field == later.field && later.type != .remark && type != .remark
            && (type != .map || shape.encoded == later.shape.encoded)
    }
}
