import Crypto
package import Replica

/// Holds records against the rules of their kind: refuses what somebody enters, and says what is wrong with what
/// merged.
///
/// That a value is unique only a store can tell: it is asked where records are.
package struct RuleCheck {
    /// The state of a workflow into which no record goes whose sums do not add up.
    private static let binding = "submitted"

    private let kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    // MARK: Where values are entered

    /// Refuses a draft that would break a rule.
    /// - Parameters:
    ///   - before: the record as the writer sees it; nil for a new one.
    ///   - history: the entries of the record, for a draft that brings back what stood in one of them.
    package func check(
        _ draft: EntryDraft, before: RecordState?, history: [EntryView] = []
    ) throws(RecordError) {
        let old = before ?? .empty(kind: kind.number)
        let new = old.after(draft)
        let touched = Set(draft.operations.map(\.field))
        for rule in kind.rules {
            switch rule {
            case .unique: continue
            case .anyOf(let names):
                let numbers = names.compactMap { kind.field(named: $0)?.number }
                guard before == nil || !touched.isDisjoint(with: numbers) else { continue }
                guard let first = names.first, !isAnyFilled(names, new) else { continue }
                throw .invalidValue(
                    field: first, reason: "one of \(names.joined(separator: ", ")) needs a value",
                    remedy: names.map { "\($0)=…" }.joined(separator: " or "))
            case .sum(let field, let part, let total):
                guard binds(draft), let fault = sumFault(field, part, total, new) else { continue }
                throw .invalidValue(field: field, reason: fault.reason, remedy: fault.remedy)
            case .frozen(let field, let workflow, let state):
                try refuseFrozen(field, workflow, state, draft, old, history)
            }
        }
    }

    /// Whether a draft takes a workflow into the state in which others rely on it.
    private func binds(_ draft: EntryDraft) -> Bool {
        draft.operations.contains { operation in
            guard operation.type == .workflow, let step = WorkflowStep(operation.shape),
                case .workflow(let workflow)? = kind.field(operation.field)?.merge
            else { return false }
            return workflow.code(step.to) == RuleCheck.binding
        }
    }

    private func refuseFrozen(
        _ name: String, _ workflow: String, _ state: String, _ draft: EntryDraft, _ old: RecordState,
        _ history: [EntryView]
    ) throws(RecordError) {
        guard let field = kind.field(named: name), effective(workflow, old) == state else { return }
        var frozen: [OperationView] = []
        if let steps = kind.field(named: workflow), let reading = old.reading(steps) {
            frozen = self.frozen(field, steps, state, reading, history) ?? []
        }
        for operation in draft.operations where operation.field == field.number {
            // To decide between values that are there, or to bring back the one that was frozen, is no change.
            let known = ((old[field.number]?.left ?? []) + frozen).filter { $0.shape == operation.shape }
            if known.contains(where: { $0.value.encoding == operation.value?.encoded }) { continue }
            let next = steps(from: state, of: workflow)
            throw .invalidValue(
                field: name, reason: "it does not change while \(workflow) is \(state)",
                remedy: next.first.map { "liaison set \(old.id.hex.prefix(8)) \(workflow)=\($0)" }
                    ?? "liaison new \(kind.name) …")
        }
    }

    private func steps(from state: String, of workflow: String) -> [String] {
        guard case .workflow(let table)? = kind.field(named: workflow)?.merge else { return [] }
        return table.steps[state] ?? []
    }

    private func effective(_ workflow: String, _ state: RecordState) -> String? {
        guard let reading = kind.field(named: workflow).flatMap({ state.reading($0) }) else { return nil }
        return reading.effectiveStep.map { reading.code($0.to) }
    }

    /// What a step into a state freezes: a remark that names the operations of the frozen field which the writer saw.
    ///
    /// Later, whoever holds the history can tell what was meant, whatever else was written meanwhile.
    func seals(_ operations: [OperationDraft], _ old: RecordState?) -> [OperationDraft] {
        let replaced = Set(operations.flatMap(\.replaces))
        return kind.rules.compactMap { rule in
            guard case .frozen(let name, let workflow, let code) = rule, let field = kind.field(named: name),
                let steps = kind.field(named: workflow), case .workflow(let table) = steps.merge,
                operations.contains(where: { operation in
                    operation.field == steps.number
                        && WorkflowStep(operation.shape).map { table.code($0.to) } == code
                })
            else { return nil }
            let seen = (old?[field.number]?.left ?? []).filter { !replaced.contains($0.id) }
            let names = seen.map { operation in
                Value.array([
                    .integer(Int64(field.number)), .bytes(operation.id.entry.bytes),
                    .integer(Int64(operation.id.index)),
                ])
            }
            return OperationDraft(
                field: ReservedField.frozen, type: .remark, replaces: [], value: .array(names))
        }
    }

    // MARK: What merged

    /// Whether one of these fields has a value; `false` is none.
    package func isAnyFilled(_ names: [String], _ state: RecordState) -> Bool {
        names.contains { name in
            guard let field = kind.field(named: name) else { return false }
            return state[field.number]?.left.contains { operation in
                guard case .present(let value) = operation.value else { return false }
                return value != .null && value != .boolean(false)
            } ?? false
        }
    }

    /// Why the parts of a map do not add up to their total, and what would mend it; nil when they do or there are none.
    package func sumFault(
        _ name: String, _ part: String, _ total: String, _ state: RecordState
    ) -> (reason: String, remedy: String)? {
        guard let field = kind.field(named: name), let sumField = kind.field(named: total),
            case .group(let group) = field.type, case .group(let totalGroup) = sumField.type
        else { return nil }
        let shares = state.readings(kind).filter { $0.number == field.number }.compactMap { reading -> [Value]? in
            if case .array(let parts)? = reading.shown { parts } else { nil }
        }
        guard !shares.isEmpty else { return nil }
        let prefix = state.id.hex.prefix(8)
        var whole: [Value] = []
        if case .array(let parts)? = state.reading(sumField)?.shown { whole = parts }
        let numbers = shares.map { RuleCheck.decimal($0, part, group) }
        guard let sum = DecimalNumber.sum(numbers.compactMap(\.self)), !numbers.contains(where: { $0 == nil }) else {
            return ("they cannot be added up", "liaison show \(prefix)")
        }
        let text = DecimalNumber.text(sum: sum)
        let currencies = RuleCheck.currencies(shares, group)
        let remedy = "liaison set \(prefix) \(total).\(part)=\(text)"
        guard let wanted = RuleCheck.decimal(whole, part, totalGroup) else {
            let units = currencies.first.map { " \(total).currency=\($0)" } ?? ""
            return ("they add up to \(text), and there is no \(total)", remedy + units)
        }
        let all = Set(currencies + RuleCheck.currencies([whole], totalGroup)).sorted()
        guard all.count <= 1 else {
            return ("they are in several currencies: \(all.joined(separator: ", "))", "liaison show \(prefix)")
        }
        guard DecimalNumber.sum([wanted]) != sum else { return nil }
        let totalText = DecimalNumber.text(mantissa: wanted.mantissa, exponent: wanted.exponent)
        return ("they add up to \(text), not to \(totalText)", remedy)
    }

    private static func decimal(
        _ parts: [Value], _ name: String, _ group: ValueType.Group
    ) -> (mantissa: Int64, exponent: Int64)? {
        guard let index = group.parts.firstIndex(where: { $0.name == name }), index < parts.count,
            case .decimal(let mantissa, let exponent) = parts[index]
        else { return nil }
        return (mantissa, exponent)
    }

    private static func currencies(_ values: [[Value]], _ group: ValueType.Group) -> [String] {
        guard let index = group.parts.firstIndex(where: { $0.type == .form(.currency) }) else { return [] }
        return values.compactMap { parts in
            guard index < parts.count, case .text(let code) = parts[index] else { return nil }
            return code
        }
    }

    /// The values of the frozen field that were not frozen: written later, or by somebody who did not know of the step.
    /// - Returns: each with the name of the key and the entries that hold what was frozen; nil where nobody said what
    ///   was frozen.
    package func thawed(
        _ name: String, _ workflow: String, _ code: String, _ state: RecordState, _ history: [EntryView]
    ) -> [(reading: String, late: OperationView, frozen: [OperationView])] {
        guard let field = kind.field(named: name), let steps = kind.field(named: workflow),
            let reading = state.reading(steps), reading.effectiveStep.map({ reading.code($0.to) }) == code
        else { return [] }
        let held = frozen(field, steps, code, reading, history)
        guard let held else { return [] }
        return state.readings(kind).filter { $0.number == field.number }.flatMap { reading in
            let own = held.filter { $0.shape == reading.key }
            return reading.present.filter { operation in
                !own.contains { $0.id == operation.id || $0.value.encoding == operation.value.encoding }
            }.map { (reading.name, $0, own) }
        }
    }

    /// The operations that were frozen, all steps taken together; nil where a step does not say.
    private func frozen(
        _ field: Field, _ steps: Field, _ code: String, _ reading: Reading, _ history: [EntryView]
    ) -> [OperationView]? {
        var ids: Set<OperationID> = []
        for step in reading.left where WorkflowStep(step.shape).map({ reading.code($0.to) }) == code {
            guard let entry = history.first(where: { $0.entry == step.id.entry }),
                let named = RuleCheck.frozen(entry, field)
            else { return nil }
            ids.formUnion(named)
            ids.formUnion(entry.operations.filter { $0.field == field.number }.map(\.id))
        }
        return history.flatMap(\.operations).filter { ids.contains($0.id) }
    }

    /// What the remark of an entry names; nil when it has none.
    private static func frozen(_ entry: EntryView, _ field: Field) -> [OperationID]? {
        let remark = entry.operations.first { $0.field == ReservedField.frozen && $0.type == .remark }
        guard case .present(.array(let names))? = remark?.value else { return nil }
        return names.compactMap { name in
            guard case .array(let parts) = name, parts.count == 3, parts[0] == .integer(Int64(field.number)),
                case .bytes(let bytes) = parts[1], case .integer(let place) = parts[2], let entry = Digest(bytes),
                let index = Int(exactly: place)
            else { return nil }
            return OperationID(entry: entry, index: index)
        }
    }
}
