import Bytes
import Crypto
import Records
package import Replica

/// What merging let through and a rule of the table forbids: listed, never dropped.
package enum Violations: Query {
    /// The word of the command line.
    package static let verb = "violations"

    /// Every violation of the rules asked for, by kind, record and rule.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        var rule: Violation.Rule?
        if let word = question.value(of: "rule") {
            rule = Violation.Rule(rawValue: word)
            guard rule != nil else {
                let known = Violation.Rule.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(what: "--rule: there is no rule \(word)", remedy: "one of \(known)")
            }
        }
        var kinds = base.schema.kinds
        if let name = question.value(of: "kind") {
            do { kinds = [try base.schema.kind(named: name)] } catch { throw .record(error) }
        }
        var inspection = try Inspection(base)
        for kind in kinds { try inspection.inspect(kind) }
        let found = inspection.found.filter { rule == nil || $0.rule == rule }.sorted(by: Violation.isBefore)
        return Answer(.pairs(["violations": .array(found.map(\.document))]))
    }
}

/// Looks at records as they are, merged ones one by one.
struct Inspection<Store: RecordStore> {
    let base: RecordBase<Store>
    let merges: Merges
    /// The records of organisations that were admitted: they exist before anybody writes them.
    private let admitted: Set<ShortID>
    /// What is known of records that others name.
    private var targets: [ShortID: Target] = [:]
    private(set) var found: [Violation] = []

    /// A record that others name.
    enum Target {
        case missing
        case deleted(kind: Int)
        case held(kind: Int)
    }

    init(_ base: RecordBase<Store>) throws(QueryError) {
        self.base = base
        merges = try base.merges()
        let devices = try base.read { () throws(RecordStoreError) in try base.store.devices() }
        admitted = Set(devices.compactMap(\.organisation))
    }

    /// Looks at all records of a kind.
    mutating func inspect(_ kind: Kind) throws(QueryError) {
        var states: [RecordState] = []
        try base.read { () throws(RecordStoreError) in
            try base.store.forEach(kind: kind.number) { if !$0.isDeleted { states.append($0) } }
        }
        for state in states {
            let readings = state.readings(kind)
            inspectValues(state, kind, readings)
            try inspectReferences(state, kind, readings)
            inspectPair(state, kind)
            try inspectRules(state, kind)
        }
        for case .unique(let name) in kind.rules { inspectUnique(states, kind, name) }
        inspectCircles(states, kind)
    }

    mutating func note(
        _ state: RecordState, _ kind: Kind, _ field: String, _ rule: Violation.Rule, _ why: String, _ mend: String
    ) {
        found.append(Violation(record: state.id, kind: kind, field: field, rule: rule, why: why, mend: mend))
    }

    // MARK: Values

    private mutating func inspectValues(_ state: RecordState, _ kind: Kind, _ readings: [Reading]) {
        for reading in readings {
            guard let field = reading.field else { continue }
            if field.isFixed, reading.isDisputed {
                note(
                    state, kind, reading.name, .fixed, "it keeps its first value, and several were given",
                    Mending(id: state.id).resolve(reading.name))
            }
            if case .workflow(let workflow) = field.merge {
                for step in reading.steps where workflow.state(step.to) == nil {
                    note(
                        state, kind, reading.name, .value, "state \(step.to) is one that this version does not know",
                        "a newer version of liaison")
                }
            }
            if case .map(.language, _) = field.merge, case .text(let key) = reading.key,
                !ValueCheck.faults(.text(key), .form(.language)).isEmpty
            {
                note(
                    state, kind, reading.name, .value, "its key is no language tag",
                    Mending(id: state.id).unset(reading.name))
            }
            if field.merge == .counter, let sum = reading.shown {
                for fault in ValueCheck.faults(sum, field.type) {
                    note(state, kind, reading.name, .value, fault.reason, Mending(id: state.id).set(reading.name))
                }
            }
            for operation in reading.present {
                guard case .present(let value) = operation.value else { continue }
                for fault in ValueCheck.faults(value, field.type) {
                    let path = fault.path.isEmpty ? reading.name : "\(reading.name).\(fault.path)"
                    note(
                        state, kind, path, fault.kind == .order ? .order : .value, fault.reason,
                        mend(state, field, reading, value, fault))
                }
            }
        }
    }

    private func mend(
        _ state: RecordState, _ field: Field, _ reading: Reading, _ value: Value, _ fault: ValueCheck.Fault
    ) -> String {
        let mending = Mending(id: state.id)
        if field.merge == .set { return mending.remove(field, value) }
        if field.isFixed { return mending.delete() }
        guard case .group(let group) = field.type else { return mending.set(reading.name) }
        if fault.kind == .order {
            return mending.set(group.ascending.map { "\(reading.name).\($0)" }.joined(separator: "=… "))
        }
        return mending.set(fault.path.isEmpty ? reading.name : "\(reading.name).\(fault.path)")
    }

    private mutating func inspectPair(_ state: RecordState, _ kind: Kind) {
        guard case .pair(let numbers) = kind.creation else { return }
        let fields = numbers.compactMap { kind.field($0) }
        let ids = fields.compactMap { field -> ShortID? in
            guard case .id(let bytes)? = state.reading(field)?.shown else { return nil }
            return ShortID(bytes)
        }
        let names = fields.map(\.name).joined(separator: ", ")
        let isSame =
            ids.count == numbers.count
            && RecordID.pair(network: base.store.network, space: state.space, kind: kind.number, ids: ids) == state.id
        guard !isSame else { return }
        note(
            state, kind, names, .pair, "the records that it names are not those that its id stands for",
            Mending(id: state.id).delete())
    }

    // MARK: References

    private mutating func inspectReferences(
        _ state: RecordState, _ kind: Kind, _ readings: [Reading]
    ) throws(QueryError) {
        let mending = Mending(id: state.id)
        for reading in readings {
            guard let field = reading.field else { continue }
            if case .map(.id(let kinds), _) = field.merge, case .bytes(let key) = reading.key, let id = ShortID(key),
                (reading.shown ?? .null) != .null, let why = try fault(id, kinds)
            {
                note(state, kind, reading.name, .reference, why, mending.unset(reading.name))
            }
            for operation in reading.present {
                guard case .present(let value) = operation.value else { continue }
                for (id, kinds) in references(value, field.type) {
                    guard let why = try fault(id, field.number == ReservedField.mergedInto ? [kind.number] : kinds)
                    else { continue }
                    let mend = try mendReference(to: id, value, field, reading.name, mending)
                    note(state, kind, reading.name, .reference, why, mend)
                }
            }
        }
    }

    /// What would mend a value that names a record which is not there: of two ways the one that loses less.
    private mutating func mendReference(
        to id: ShortID, _ value: Value, _ field: Field, _ path: String, _ mending: Mending
    ) throws(QueryError) -> String {
        if field.number == ReservedField.mergedInto { return mending.unmerge() }
        if field.merge == .set { return mending.remove(field, value) }
        let named = merges.canonical(id)
        if case .deleted = try target(named) { return Mending(id: named).restore() }
        return field.isFixed ? mending.delete() : mending.set(path)
    }

    /// The ids in a value, with the kinds that each may name.
    private func references(_ value: Value, _ type: ValueType) -> [(id: ShortID, kinds: [Int])] {
        switch (type, value) {
        case (.id(let kinds), .id(let bytes)): ShortID(bytes).map { [($0, kinds)] } ?? []
        case (.group(let group), .array(let parts)): zip(group.parts, parts).flatMap { references($1, $0.type) }
        case (.list(let item, _), .array(let items)): items.flatMap { references($0, item) }
        default: []
        }
    }

    /// What is wrong with a reference; nil when it names a record of one of these kinds that is there.
    private mutating func fault(_ id: ShortID, _ kinds: [Int]) throws(QueryError) -> String? {
        let target = try target(merges.canonical(id))
        let prefix = id.hex.prefix(8)
        switch target {
        case .missing: return "\(prefix) names no record that is held here"
        case .deleted: return "\(prefix) was deleted"
        case .held(let kind):
            guard !kinds.isEmpty, !kinds.contains(kind) else { return nil }
            let names = kinds.map(base.schema.name(ofKind:)).joined(separator: " or ")
            return "\(prefix) is of kind \(base.schema.name(ofKind: kind)), not \(names)"
        }
    }

    private mutating func target(_ id: ShortID) throws(QueryError) -> Target {
        if let known = targets[id] { return known }
        let state = try base.read { () throws(RecordStoreError) in try base.store.state(of: id) }
        var target = Target.missing
        if let state {
            target = state.isDeleted ? .deleted(kind: state.kind) : .held(kind: state.kind)
        } else if admitted.contains(id) {
            target = .held(kind: Kind.organisation.number)
        }
        targets[id] = target
        return target
    }

    // MARK: Rules

    private mutating func inspectRules(_ state: RecordState, _ kind: Kind) throws(QueryError) {
        let check = RuleCheck(kind)
        let mending = Mending(id: state.id)
        for rule in kind.rules {
            switch rule {
            case .unique: continue
            case .anyOf(let names):
                guard let first = names.first, !check.isAnyFilled(names, state) else { continue }
                note(
                    state, kind, names.joined(separator: ", "), .anyOf, "none of them has a value", mending.set(first))
            case .sum(let field, let part, let total):
                guard let fault = check.sumFault(field, part, total, state) else { continue }
                // Which of the parts is wrong only people know; what was applied for is the last to be changed.
                note(state, kind, field, .sum, fault.reason, mending.set("\(field).ID"))
            case .frozen(let field, let workflow, let code):
                guard let steps = kind.field(named: workflow), let reading = state.reading(steps),
                    reading.effectiveStep.map({ reading.code($0.to) }) == code
                else { continue }
                let history = try base.read { () throws(RecordStoreError) in try base.store.history(of: state.id) }
                for late in check.thawed(field, workflow, code, state, history) {
                    let isLeft = late.frozen.first { frozen in
                        state[frozen.field]?.left.contains { $0.id == frozen.id } ?? false
                    }
                    note(
                        state, kind, late.reading, .frozen,
                        "entry \(late.late.id.entry.hex.prefix(8)) wrote to it while \(workflow) was \(code)",
                        isLeft.map { mending.resolve(late.reading, keep: $0.id.entry) }
                            ?? "liaison undo \(late.late.id.entry.hex.prefix(8))")
                }
            }
        }
    }

    private mutating func inspectUnique(_ states: [RecordState], _ kind: Kind, _ name: String) {
        guard let field = kind.field(named: name) else { return }
        var holders: [[UInt8]: [RecordState]] = [:]
        for state in states {
            guard let shown = state.reading(field)?.shown, shown != .null else { continue }
            holders[shown.encoded, default: []].append(state)
        }
        for (_, same) in holders.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var seen: Set<ShortID> = []
            let apart = same.filter { seen.insert(merges.canonical($0.id)).inserted }
            guard let first = apart.first else { continue }
            for other in apart.dropFirst() {
                let isSamePerson = kind.number == Kind.contact.number
                note(
                    other, kind, name, .unique, "\(first.id.hex.prefix(8)) has the same",
                    isSamePerson
                        ? Mending(id: merges.canonical(first.id)).merge(merges.canonical(other.id))
                        : Mending(id: other.id).set(name))
            }
        }
    }

    private mutating func inspectCircles(_ states: [RecordState], _ kind: Kind) {
        for circle in merges.circles {
            guard let state = states.first(where: { $0.id == circle.root }) else { continue }
            let others = circle.others.map { String($0.hex.prefix(8)) }.joined(separator: ", ")
            note(
                state, kind, "merged_into", .merge, "merged in a circle with \(others): it stands for all of them",
                Mending(id: state.id).unmerge())
        }
    }
}
