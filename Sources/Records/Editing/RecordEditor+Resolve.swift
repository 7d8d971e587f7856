import Bytes
import Crypto
package import Replica

/// How a person decides between the values that are left.
package enum Resolution: Hashable, Sendable {
    /// The Nth value as `show` lists them, from 1, or the one whose entry's id begins so; `both` or `all` for the items
    /// of every list.
    case keep(String)
    /// Another value, typed as for `set`.
    case value(String)
}

extension RecordEditor {
    /// The fewest digits by which `--keep` names an entry.
    private static let leastEntryDigits = 4

    /// The draft that replaces everything left of a field by one value, with a reason.
    /// - Parameter path: `deadlines`, `title.fr`, `agenda.2`, or `#17` as `show` names it.
    package func resolve(
        _ state: RecordState, _ path: String, _ resolution: Resolution, because: String?
    ) throws(RecordError) -> EntryDraft? {
        guard !state.isDeleted else { throw .deleted(record: state.id) }
        let reading = try reading(state, path)
        guard reading.isDisputed else {
            throw .invalidValue(
                field: reading.name, reason: "there is nothing to decide",
                remedy: "liaison set \(state.id.hex.prefix(8)) \(reading.name)=…")
        }
        let replaces = reading.named
        var operations: [OperationDraft]
        if reading.type == .workflow {
            let step = try step(reading, resolution)
            operations = [
                .init(field: reading.number, type: .workflow, replaces: replaces, shape: step.shape)
            ]
        } else {
            let value = try value(reading, resolution)
            let shape = reading.elements.first.map { ListChange.put($0.position).shape } ?? reading.key
            operations = [
                .init(field: reading.number, type: reading.type, replaces: replaces, shape: shape, value: value)
            ]
        }
        if let kind = schema.kind(state.kind) { operations += RuleCheck(kind).seals(operations, state) }
        return EntryDraft(target: .existing(state.id), operations: operations + (try remark(because)))
    }

    func reading(_ state: RecordState, _ path: String) throws(RecordError) -> Reading {
        let kind = schema.kind(state.kind)
        let readings = state.readings(kind).flatMap(\.disputable)
        if let exact = readings.first(where: { $0.name == path }) { return exact }
        let (name, key) = Assignment.split(path)
        if let field = kind?.field(named: name) {
            if case .list = field.merge { throw missingElement(state, field, key) }
            let mapKey: CBOR = if case .map(let keys, _) = field.merge { try mapKey(field, keys, key) } else { .null }
            if let reading = state.reading(field, key: mapKey) { return reading }
            throw .notFound("a value of \(path)", remedy: "liaison show \(state.id.hex.prefix(8))")
        }
        guard let kind else { throw .notFound(path, remedy: "liaison show \(state.id.hex.prefix(8))") }
        throw .unknownField(name, kind: kind.name, known: kind.fields.map(\.name))
    }

    /// Why a path names no element of a list.
    private func missingElement(_ state: RecordState, _ field: Field, _ key: String?) -> RecordError {
        let id = state.id.hex.prefix(8)
        guard let key else {
            return .misused(
                field: field.name, reason: "of a list one element is decided at a time",
                remedy: "liaison resolve \(id) \(field.name).1 --keep N")
        }
        return .notFound("element \(key) of \(field.name)", remedy: "liaison show \(id)")
    }

    private func kept(_ reading: Reading, _ choice: String) throws(RecordError) -> OperationView {
        let present = reading.present
        if let number = Int(choice), choice.utf8.count < RecordEditor.leastEntryDigits {
            guard present.indices.contains(number - 1) else {
                throw .notFound("value \(choice) of \(reading.name)", remedy: "a number from 1 to \(present.count)")
            }
            return present[number - 1]
        }
        let prefix = choice.lowercased()
        let matches = present.filter { $0.id.entry.hex.hasPrefix(prefix) }
        guard let first = matches.first, prefix.utf8.count >= RecordEditor.leastEntryDigits else {
            throw .notFound("entry \(choice) among the values of \(reading.name)", remedy: "a number, or an entry's id")
        }
        guard Set(matches.map(\.id.entry)).count == 1 else {
            throw .ambiguous(prefix: choice, count: matches.count)
        }
        return first
    }

    private func value(_ reading: Reading, _ resolution: Resolution) throws(RecordError) -> Value {
        switch resolution {
        case .value(let text):
            guard let field = reading.field else {
                throw .misused(field: reading.name, reason: "this version does not know the field", remedy: "--keep N")
            }
            return try parser.value(text, field.type, field: reading.name)
        case .keep("both"), .keep("all"): return try union(reading)
        case .keep(let choice):
            guard case .present(let value) = try kept(reading, choice).value else {
                throw .notFound("the value of \(reading.name)", remedy: nil)
            }
            return value
        }
    }

    /// The items of all lists that are left: those of the one shown first, then what the others have besides.
    private func union(_ reading: Reading) throws(RecordError) -> Value {
        guard case .list(_, let maximumCount)? = reading.field?.type else {
            throw oneValue(reading, "it holds one value")
        }
        var items: [Value] = []
        var seen: Set<[UInt8]> = []
        for operation in reading.present {
            guard case .present(.array(let others)) = operation.value else { continue }
            for item in others where seen.insert(item.encoded).inserted { items.append(item) }
        }
        guard items.count <= maximumCount else {
            throw .invalidValue(
                field: reading.name, reason: "together they have \(items.count) items, at most \(maximumCount) fit",
                remedy: "--value with a shorter list")
        }
        return .array(items)
    }

    private func oneValue(_ reading: Reading, _ reason: String) -> RecordError {
        .misused(field: reading.name, reason: "\(reason), so not all can be kept", remedy: "--keep N, or --value V")
    }

    private func step(_ reading: Reading, _ resolution: Resolution) throws(RecordError) -> WorkflowStep {
        guard let effective = reading.effectiveStep else {
            throw .notFound("a state of \(reading.name)", remedy: nil)
        }
        switch resolution {
        case .keep("both"), .keep("all"): throw oneValue(reading, "it is in one state")
        case .keep(let choice):
            guard let chosen = WorkflowStep(try kept(reading, choice).shape) else {
                throw .notFound("a state of \(reading.name)", remedy: nil)
            }
            return WorkflowStep(from: effective.to, to: chosen.to, caution: chosen.caution)
        case .value(let code):
            guard let field = reading.field, case .workflow(let workflow) = field.merge,
                let target = workflow.state(code: code)
            else { throw .invalidValue(field: reading.name, reason: "\(code) is none of its states", remedy: nil) }
            if !reading.steps.contains(where: { $0.to == target.number }) {
                try allow(workflow, field, from: effective.to, to: target)
            }
            return WorkflowStep(from: effective.to, to: target.number, caution: target.caution)
        }
    }
}
