package import Bytes
import Crypto
package import Replica

extension RecordEditor {
    /// Tells where the value of a field comes from: who wrote it, what it replaced, what stands beside it.
    /// - Parameters:
    ///   - path: `country`, `title.fr`, `deleted`, or `#17` as `show` names it.
    ///   - history: all entries of the record.
    package func why(_ state: RecordState, _ path: String, history: [EntryView]) throws(RecordError) -> Document {
        let index = HistoryIndex(history)
        let rendering = HistoryRendering(schema.kind(state.kind))
        let account: Account
        if path == "deleted" {
            account = existence(state, index)
        } else {
            account = try self.account(state, path, index)
        }
        guard account.isWritten else {
            throw .notFound("a value of \(path)", remedy: "liaison show \(state.id.hex.prefix(8))")
        }
        func told(_ operation: OperationView) -> Document {
            let (word, value) = rendering.meaning(operation, index)
            let shown = index.held(operation) == .erased ? ValueRendering.erased : value ?? .null
            return .object(
                [.init("operation", .string(word)), .init("value", shown)] + RecordRendering.origin(operation)
                    + [.init("because", index.reason(of: operation).map { .string($0) } ?? .null)])
        }
        return .pairs([
            "id": .string(state.id.hex), "kind": .string(schema.name(ofKind: state.kind)),
            "field": .string(account.name), "value": account.value, "written": .array(account.shown.map(told)),
            "conflict": account.conflict, "beside": .array(account.beside.map(told)),
            "before": .array(account.before.map(told)),
        ])
    }

    /// What there is to tell of a field.
    private struct Account {
        var name: String
        var value = Document.null
        /// What made the value as it is shown: one operation, or for each member of a set those that added it.
        var shown: [OperationView] = []
        /// What is left and not shown.
        var beside: [OperationView] = []
        /// What was replaced, the newest first.
        var before: [OperationView] = []
        /// `hard` or `soft` when values of equal standing differ.
        var conflict = Document.null

        var isWritten: Bool { !shown.isEmpty || !before.isEmpty }
    }

    private func existence(_ state: RecordState, _ index: HistoryIndex) -> Account {
        let all = index.entries.flatMap(\.operations).filter { $0.type == .existence }.sorted(
            by: OperationView.winsOver)
        // A deletion that stands says more than one that was taken back, whichever is of greater order.
        let shown = state.standingDeletes.min(by: OperationView.winsOver) ?? all.first
        return Account(
            name: "deleted", value: .bool(state.isDeleted), shown: shown.map { [$0] } ?? [],
            before: all.filter { $0.id != shown?.id })
    }

    private func account(
        _ state: RecordState, _ path: String, _ index: HistoryIndex
    ) throws(RecordError) -> Account {
        if let field = schema.kind(state.kind)?.field(named: path) {
            switch field.merge {
            case .set, .counter, .list: return members(of: field, state, index)
            case .register, .map, .workflow: break
            }
        }
        let reading = try reading(state, path)
        var account = Account(name: reading.name)
        account.value = RecordRendering(schema).value(reading) ?? .null
        let shown = reading.present.first ?? reading.left.first
        account.shown = shown.map { [$0] } ?? []
        account.beside = reading.left.filter { $0.id != shown?.id }
        account.before = index.chain(behind: reading.left)
        if reading.isDisputed { account.conflict = .string(reading.conflict == .hard ? "hard" : "soft") }
        return account
    }

    /// A set, counter or list: who added to it, and what was taken out or replaced.
    private func members(of field: Field, _ state: RecordState, _ index: HistoryIndex) -> Account {
        var account = Account(name: field.name, before: replaced(field, index))
        guard let reading = state.reading(field) else { return account }
        account.value = RecordRendering(schema).value(reading) ?? .null
        switch field.merge {
        case .set: account.shown = reading.left.filter { $0.shape == Shape.add }
        case .list: account.shown = reading.elements.flatMap(\.values)
        default: account.shown = reading.left
        }
        let shown = Set(account.shown.map(\.id))
        account.before.removeAll { shown.contains($0.id) }
        return account
    }

    /// What a field has lost, and what took it away, the newest first.
    private func replaced(_ field: Field, _ index: HistoryIndex) -> [OperationView] {
        index.entries.reversed().flatMap { $0.operations.reversed() }.filter { operation in
            guard operation.field == field.number, operation.type == field.merge.type else { return false }
            let takes = field.merge == .set && operation.shape == Shape.remove
            return takes || operation.type == .list || !index.replacers(of: operation).isEmpty
        }
    }
}
