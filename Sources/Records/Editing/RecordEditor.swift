import Bytes
package import Crypto
package import Replica

/// Turns what a person asks for into the draft of one entry, or into nothing where nothing would change.
package struct RecordEditor {
    let schema: Schema
    /// The BCP 47 tag that a plain `title=` means.
    let language: String
    let parser: ValueParser
    /// Who writes, and when: what initial values are made of.
    let writer: WriterContext

    package init(
        schema: Schema, language: String, writer: WriterContext = WriterContext(), lookup: @escaping RecordLookup
    ) {
        self.schema = schema
        self.language = language
        self.writer = writer
        parser = ValueParser(lookup: lookup)
    }

    /// The draft of a new record.
    /// - Parameter target: the pair record that it is, for organisations and devices that were admitted; kinds of pair
    ///   records make their own.
    package func create(
        _ kind: Kind, as target: EntryDraft.Target? = nil, _ assignments: [Assignment]
    ) throws(RecordError) -> EntryDraft {
        if kind.creation == .byDevice, target == nil { throw .notByHand(kind: kind.name) }
        var operations = try operations(kind, nil, assignments)
        if target == nil { operations += initial(kind, except: Set(operations.map(\.field))) }
        let written = Set(operations.map(\.field))
        let lacking = kind.fields.filter { $0.need == .atNew && !written.contains($0.number) }
        guard lacking.isEmpty else { throw .needed(fields: lacking.map(\.name), kind: kind.name) }
        if target == nil {
            for field in kind.fields where !written.contains(field.number) {
                guard case .workflow(let workflow) = field.merge, workflow.beginsByItself,
                    let first = workflow.starts.first.flatMap(workflow.state(code:))
                else { continue }
                operations.append(step(field, from: nil, to: first, replaces: []))
            }
        }
        guard !operations.isEmpty else {
            throw .misused(field: kind.name, reason: "a record begins with at least one value", remedy: nil)
        }
        return EntryDraft(target: target ?? RecordEditor.target(kind, operations), operations: operations)
    }

    /// The draft of somebody who creates a pair record that is here already: its values are set, and what was deleted
    /// is there again.
    /// - Returns: nil when everything is already so.
    package func create(again state: RecordState, _ assignments: [Assignment]) throws(RecordError) -> EntryDraft? {
        guard let kind = schema.kind(state.kind) else { return nil }
        let restoring = state.isDeleted ? restore(state)?.operations ?? [] : []
        return draft(state, restoring + (try operations(kind, state, assignments)))
    }

    /// What a new record is: for kinds of pair records it follows from the records that its fields name.
    private static func target(_ kind: Kind, _ operations: [OperationDraft]) -> EntryDraft.Target {
        guard case .pair(let fields) = kind.creation else { return .new(kind: kind.number) }
        let ids = fields.compactMap { number -> ShortID? in
            guard case .id(let bytes) = operations.first(where: { $0.field == number })?.value else { return nil }
            return ShortID(bytes)
        }
        precondition(ids.count == fields.count, "the fields of a pair are needed at new")
        return .pair(kind: kind.number, ids: ids)
    }

    /// The values that a new record gets by itself.
    private func initial(_ kind: Kind, except written: Set<Int>) -> [OperationDraft] {
        kind.fields.filter { !written.contains($0.number) }.compactMap { field in
            writer.value(field.initial).map {
                .init(field: field.number, type: field.merge.type, replaces: [], value: $0)
            }
        }
    }

    /// The draft that gives fields their values; a set gets exactly the members given, a list these elements in this
    /// order, and a counter what is lacking to the number given.
    /// - Returns: nil when everything is already so.
    package func set(_ state: RecordState, _ assignments: [Assignment]) throws(RecordError) -> EntryDraft? {
        let kind = try editable(state)
        return draft(state, try operations(kind, state, assignments))
    }

    /// The draft that empties fields: `title` for the node's language, `title.fr` for another.
    package func unset(_ state: RecordState, _ paths: [String]) throws(RecordError) -> EntryDraft? {
        let kind = try editable(state)
        var operations: [OperationDraft] = []
        for path in paths {
            let (name, key) = Assignment.split(path)
            let field = try self.field(name, kind)
            if field.isFixed { try refuseChange(field, state) }
            switch field.merge {
            case .register:
                guard key == nil else { throw .misused(field: path, reason: "parts are unset together", remedy: name) }
                operations += try register(field, .null, state, value: .null)
            case .map(let keys, _):
                operations += try register(field, try mapKey(field, keys, key), state, value: .null)
            case .set:
                try refuseKey(field, key)
                operations += removals(field, state.reading(field)?.present ?? [])
            case .list: operations += try emptied(field, state, key).filter { !operations.contains($0) }
            case .counter:
                throw .misused(
                    field: name, reason: "a counter is set to 0, it is not unset",
                    remedy: "liaison set \(state.id.hex.prefix(8)) \(name)=0")
            case .workflow:
                throw .misused(field: name, reason: "a state changes, it is not unset", remedy: nil)
            }
        }
        return draft(state, operations)
    }

    /// The draft that adds members to sets, elements at the end of lists, and to counters.
    package func add(_ state: RecordState, _ assignments: [Assignment]) throws(RecordError) -> EntryDraft? {
        try changed(state, assignments) { (field, given) throws(RecordError) in
            switch field.merge {
            case .counter: try counted(field, state, given, isTaking: false)
            case .list: try appended(field, state, given)
            default: additions(field, try values(field, given), state.reading(field)?.present ?? [])
            }
        }
    }

    /// The draft that takes members out of sets, elements out of lists, and from counters.
    package func remove(_ state: RecordState, _ assignments: [Assignment]) throws(RecordError) -> EntryDraft? {
        try changed(state, assignments) { (field, given) throws(RecordError) in
            switch field.merge {
            case .counter: return try counted(field, state, given, isTaking: true)
            case .list: return try removals(field, state, given)
            default:
                let present = state.reading(field)?.present ?? []
                let values = try values(field, given) { RecordEditor.member($0, field, present) }
                let encodings = Set(values.map(\.encoded))
                return removals(field, present.filter { $0.value.encoding.map(encodings.contains) ?? false })
            }
        }
    }

    /// The draft that deletes a record.
    /// - Parameter lastEntries: per branch that has written to the record the last entry of it.
    package func delete(_ state: RecordState, lastEntries: [Digest]) -> EntryDraft? {
        guard !state.isDeleted else { return nil }
        let covered = lastEntries.map { OperationID(entry: $0, index: 0) }
        return draft(
            state, [.init(field: ReservedField.existence, type: .existence, replaces: covered, shape: Shape.delete)])
    }

    /// The draft that takes back every delete that stands.
    package func restore(_ state: RecordState) -> EntryDraft? {
        guard !state.standingDeletes.isEmpty else { return nil }
        let deletes = state.standingDeletes.map(\.id)
        return draft(
            state, [.init(field: ReservedField.existence, type: .existence, replaces: deletes, shape: Shape.restore)])
    }
}

extension RecordEditor {
    /// The kind of a record that may be written to.
    func editable(_ state: RecordState) throws(RecordError) -> Kind {
        guard let kind = schema.kind(state.kind) else {
            throw .misused(
                field: schema.name(ofKind: state.kind), reason: "this version does not know the kind",
                remedy: "a newer version of liaison")
        }
        guard !state.isDeleted else { throw .deleted(record: state.id) }
        return kind
    }

    func draft(_ state: RecordState, _ operations: [OperationDraft]) -> EntryDraft? {
        operations.isEmpty ? nil : EntryDraft(target: .existing(state.id), operations: operations)
    }

    func field(_ name: String, _ kind: Kind) throws(RecordError) -> Field {
        guard let field = kind.field(named: name) else {
            throw .unknownField(name, kind: kind.name, known: kind.fields.map(\.name))
        }
        return field
    }

    /// Refuses another value for a field that keeps its first.
    private func refuseChange(_ field: Field, _ state: RecordState) throws(RecordError) {
        guard let shown = state.reading(field)?.shown, shown != .null else { return }
        throw .misused(
            field: field.name, reason: "it keeps the value that it was given first", remedy: "a new record")
    }

    /// The map key of a language.
    func languageKey(_ field: Field, _ key: String?) throws(RecordError) -> CBOR {
        do {
            return .text(try TextCheck.language(key ?? language))
        } catch {
            throw .invalidValue(field: field.name, reason: error.reason, remedy: error.remedy)
        }
    }

    /// The key of a map that a person typed: a language, the node's own where none is typed, or a record.
    func mapKey(_ field: Field, _ keys: MergeRule.Key, _ key: String?) throws(RecordError) -> CBOR {
        switch keys {
        case .language: return try languageKey(field, key)
        case .id(let kinds):
            guard let key else {
                throw .misused(
                    field: field.name, reason: "it has one value for each record", remedy: "\(field.name).ID=…")
            }
            return .bytes(try parser.record(key, kinds).bytes)
        }
    }

    func refuseKey(_ field: Field, _ key: String?) throws(RecordError) {
        guard let key else { return }
        throw .misused(
            field: "\(field.name).\(key)", reason: "the field has neither keys nor parts to name",
            remedy: "\(field.name)=…")
    }

    /// The operations of all assignments, field by field in the order in which they are first named.
    private func operations(
        _ kind: Kind, _ state: RecordState?, _ assignments: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        var order: [Field] = []
        for assignment in assignments {
            let field = try self.field(assignment.field, kind)
            if !order.contains(where: { $0.number == field.number }) { order.append(field) }
        }
        var operations: [OperationDraft] = []
        for field in order {
            let given = assignments.filter { $0.field == field.name }
            switch field.merge {
            case .register:
                let value = try registerValue(field, state, given)
                operations += try register(field, .null, state, value: value)
            case .map(let keys, _): operations += try map(field, keys, state, given)
            case .set: operations += try members(field, state, given)
            case .counter: operations += try counter(field, state, given)
            case .list: operations += try list(field, state, given)
            case .workflow(let workflow): operations += try workflowStep(field, workflow, state, given)
            }
            if field.isFixed, let state, operations.last?.field == field.number { try refuseChange(field, state) }
        }
        return operations + RuleCheck(kind).seals(operations, state)
    }

    private func map(
        _ field: Field, _ keys: MergeRule.Key, _ state: RecordState?, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        var operations: [OperationDraft] = []
        for assignment in given {
            let key = try mapKey(field, keys, assignment.key)
            guard !operations.contains(where: { $0.shape == key }) else { throw twice(assignment.path) }
            let value = try parser.value(assignment.text, field.type, field: assignment.path)
            operations += try register(field, key, state, value: value)
        }
        return operations
    }

    private func registerValue(
        _ field: Field, _ state: RecordState?, _ given: [Assignment]
    ) throws(RecordError) -> Value {
        if case .group(let group) = field.type, given.allSatisfy({ $0.key != nil }) {
            return try groupValue(field, group, shown: state?.reading(field)?.shown, given)
        }
        guard let only = given.first, given.count == 1 else { throw twice(field.name) }
        try refuseKey(field, only.key)
        return try parser.value(only.text, field.type, field: field.name)
    }

    /// The parts that are named; the others stay as they are shown, because a group changes as one.
    func groupValue(
        _ field: Field, _ group: ValueType.Group, shown: Value?, _ given: [Assignment]
    ) throws(RecordError) -> Value {
        var parts: [String: Value] = [:]
        var later: ArraySlice<Value> = []
        if case .array(let shown) = shown {
            for (part, value) in zip(group.parts, shown) { parts[part.name] = value }
            later = shown.dropFirst(group.parts.count)
        }
        var named: Set<String> = []
        for assignment in given {
            guard let key = assignment.key, let part = group.parts.first(where: { $0.name == key }) else {
                throw parser.unknownPart(assignment.key ?? "", group, field: field.name)
            }
            guard named.insert(key).inserted else { throw twice(assignment.path) }
            let isCleared = assignment.text.isEmpty && !part.isRequired
            parts[key] = isCleared ? .null : try parser.value(assignment.text, part.type, field: assignment.path)
        }
        guard case .array(let known) = try parser.group(parts, group, field: field.name) else { return .null }
        // Parts of a later version stay as they are.
        return .array(known + later)
    }

    /// Writes a register or one key of a map, naming everything that is left.
    private func register(
        _ field: Field, _ key: CBOR, _ state: RecordState?, value: Value
    ) throws(RecordError) -> [OperationDraft] {
        let reading = state?.reading(field, key: key)
        if let state, let reading, reading.needsDecision { throw .undecided(record: state.id, field: reading.name) }
        let shown = reading?.shown
        // What is the same in the eyes of a reader is not written again; an erased value may be.
        if reading == nil ? value == .null : shown.map({ $0.encoded == value.encoded }) ?? false { return [] }
        // A register also replaces text that a later version wrote into the same field.
        let texts = state?[field.number]?.left.filter { $0.type == .text } ?? []
        let replaces = ((reading?.left ?? []) + (field.merge.type == .register ? texts : [])).map(\.id)
        return [.init(field: field.number, type: field.merge.type, replaces: replaces, shape: key, value: value)]
    }

    private func workflowStep(
        _ field: Field, _ workflow: Workflow, _ state: RecordState?, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        guard let only = given.first, given.count == 1 else { throw twice(field.name) }
        try refuseKey(field, only.key)
        guard let target = workflow.state(code: only.text) else {
            throw .invalidValue(
                field: field.name, reason: "\(only.text) is none of its states",
                remedy: "one of \(workflow.codes.joined(separator: ", "))")
        }
        let reading = state?.reading(field)
        if let state, let reading, reading.needsDecision { throw .undecided(record: state.id, field: field.name) }
        guard let reading, let current = reading.effectiveStep else {
            guard workflow.starts.contains(target.code) else {
                throw .invalidValue(
                    field: field.name, reason: "a record does not begin as \(target.code)",
                    remedy: "one of \(workflow.starts.joined(separator: ", "))")
            }
            return [step(field, from: nil, to: target, replaces: [])]
        }
        guard current.to != target.number else { return [] }
        try allow(workflow, field, from: current.to, to: target)
        return [step(field, from: current.to, to: target, replaces: reading.left.map(\.id))]
    }

    /// Refuses a step that the table does not have.
    func allow(_ workflow: Workflow, _ field: Field, from: Int, to target: Workflow.State) throws(RecordError) {
        let code = workflow.code(from)
        let next = workflow.steps[code] ?? []
        guard next.contains(target.code) else {
            throw .invalidValue(
                field: field.name,
                reason: "\(code) does not become \(target.code)" + (next.isEmpty ? ", nothing follows it" : ""),
                remedy: next.isEmpty ? nil : "from \(code): \(next.joined(separator: ", "))")
        }
    }

    func step(
        _ field: Field, from: Int?, to target: Workflow.State, replaces: [OperationID]
    ) -> OperationDraft {
        let step = WorkflowStep(from: from, to: target.number, caution: target.caution)
        return .init(field: field.number, type: .workflow, replaces: replaces, shape: step.shape)
    }

    /// Makes a set hold exactly the members given.
    private func members(
        _ field: Field, _ state: RecordState?, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        let values = try self.values(field, given)
        let present = state?.reading(field)?.present ?? []
        let wanted = Set(values.map(\.encoded))
        return removals(field, present.filter { !($0.value.encoding.map(wanted.contains) ?? true) })
            + additions(field, values, present)
    }

    /// The draft of what is added to fields or taken from them, field by field.
    private func changed(
        _ state: RecordState, _ assignments: [Assignment],
        _ change: (Field, [Assignment]) throws(RecordError) -> [OperationDraft]
    ) throws(RecordError) -> EntryDraft? {
        let kind = try editable(state)
        var operations: [OperationDraft] = []
        var done: Set<String> = []
        for name in assignments.map(\.field) where done.insert(name).inserted {
            let field = try self.field(name, kind)
            switch field.merge {
            case .set, .counter, .list: break
            case .register, .map, .workflow:
                throw .misused(
                    field: name, reason: "only sets, lists and counters can be added to and taken from",
                    remedy: "liaison set \(state.id.hex.prefix(8)) \(name)=…")
            }
            operations += try change(field, assignments.filter { $0.field == name })
        }
        return draft(state, operations)
    }

    /// - Parameter known: the value that a text names without being read as one.
    func values(
        _ field: Field, _ given: [Assignment], known: (String) -> Value? = { _ in nil }
    ) throws(RecordError) -> [Value] {
        var values: [Value] = []
        for assignment in given {
            try refuseKey(field, assignment.key)
            if let value = known(assignment.text) {
                values.append(value)
            } else {
                values.append(try parser.value(assignment.text, field.type, field: field.name))
            }
        }
        return values
    }

    /// The member of a set that a text names as it is shown: what cannot be entered may have to be taken out.
    private static func member(_ text: String, _ field: Field, _ present: [OperationView]) -> Value? {
        let members = present.compactMap { operation -> Value? in
            if case .present(let value) = operation.value { value } else { nil }
        }
        let matches = members.filter { member in
            let document = ValueRendering.document(member, field.type)
            guard case .string(let shown) = document else { return (try? JSONReader.read(text)) == document }
            if case .id = member { return text.utf8.count >= leastIDDigits && shown.hasPrefix(text.lowercased()) }
            return shown == text
        }
        return Set(matches.map(\.encoded)).count == 1 ? matches.first : nil
    }

    /// The fewest digits by which a member that is an id is named without a look at the records.
    private static let leastIDDigits = 8

    func additions(_ field: Field, _ values: [Value], _ present: [OperationView]) -> [OperationDraft] {
        var known = Set(present.compactMap(\.value.encoding))
        return values.filter { known.insert($0.encoded).inserted }.map {
            .init(field: field.number, type: .set, replaces: [], shape: Shape.add, value: $0)
        }
    }

    func removals(_ field: Field, _ adds: [OperationView]) -> [OperationDraft] {
        guard !adds.isEmpty else { return [] }
        return [.init(field: field.number, type: .set, replaces: adds.map(\.id), shape: Shape.remove)]
    }

    func twice(_ path: String) -> RecordError {
        .misused(field: path, reason: "it has one value, and several are given", remedy: nil)
    }
}
