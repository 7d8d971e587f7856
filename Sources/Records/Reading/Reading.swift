package import Bytes
package import Replica

/// What a reader makes of the operations that are left of one field, of one key of a map, or of one element of a list.
package struct Reading {
    /// The number of the field.
    package let number: Int
    /// The row of the table; nil when this version does not know it.
    package let field: Field?
    /// How the operations merge.
    package let type: MergeType
    /// The key of a map; null for other fields.
    package let key: CBOR
    /// Everything left, the one that a soft conflict shows first; of an element of a list its values.
    ///
    /// Not empty.
    package let left: [OperationView]
    /// The elements of a list in their order; that one alone where the reading is of one element.
    package let elements: [ListElement]
    /// Which element of its list the reading is of, counted from 1; nil for a whole field.
    package let place: Int?

    init(
        number: Int, field: Field?, type: MergeType, key: CBOR, left: [OperationView], elements: [ListElement] = [],
        place: Int? = nil
    ) {
        self.number = number
        self.field = field
        self.type = type
        self.key = key
        self.left = left
        self.elements = elements
        self.place = place
    }

    /// `title`, `title.fr`, `agenda.2`, or `#17` when this version does not know the field.
    package var name: String {
        let base = field?.name ?? "#\(number)"
        return (place.map { "\($0)" } ?? keyText).map { "\(base).\($0)" } ?? base
    }

    /// What can be in dispute: each element of a list, and any other reading as it is.
    package var disputable: [Reading] {
        guard type == .list, place == nil else { return [self] }
        return elements.enumerated().map { index, element in
            Reading(
                number: number, field: field, type: type, key: key, left: element.values, elements: [element],
                place: index + 1)
        }
    }

    /// The operations that another one names to replace all that is left: of an element of a list those of the element.
    package var named: [OperationID] { place == nil ? left.map(\.id) : elements.flatMap(\.left) }

    /// The key of a map as text.
    package var keyText: String? {
        switch key {
        case .text(let text): text
        case .bytes(let bytes): bytes.hex
        default: nil
        }
    }

    /// Those left whose values can be seen: of registers, what is not erased; of sets, the adds; of lists, what each
    /// element shows.
    package var present: [OperationView] {
        switch type {
        case .register, .map: left.filter { $0.value != .erased }
        case .list: place == nil ? elements.compactMap(\.present.first) : elements.flatMap(\.present)
        case .set: left.filter { if case .present = $0.value { true } else { false } }
        default: left
        }
    }

    /// The value that is shown: nil when there is none to see, `null` when the field was unset; of a counter its sum,
    /// of a list the array of its values.
    package var shown: Value? {
        if let counter { return .integer(counter) }
        if type == .list, place == nil { return .array(present.compactMap(\.value.value)) }
        return present.first?.value.value
    }

    /// The sum of a counter, exactly.
    var total: Int128? { type == .counter ? CounterMerge.total(left) : nil }

    /// The sum of a counter; beyond 64 bits the nearest number that they hold.
    package var counter: Int64? { total.map(CounterMerge.shown) }

    /// Whether values of equal standing differ; members of sets never dispute, and of a list each element for itself.
    package var isDisputed: Bool {
        guard left.count > 1 || type == .list else { return false }
        return switch type {
        case .register, .map: Set(present.map { $0.value.encoding }).count > 1
        case .list where place == nil: disputable.contains(where: \.isDisputed)
        case .list: Set(present.map { $0.value.encoding }).count > 1
        case .workflow: Set(steps.map(\.to)).count > 1
        default: false
        }
    }

    /// Whether a person has to decide.
    package var needsDecision: Bool { isDisputed && conflict == .hard }

    /// What a dispute means; unknown registers are treated as soft, because nobody here can judge them.
    package var conflict: MergeRule.Conflict {
        field?.merge.conflict ?? (type == .workflow ? .hard : .soft)
    }

    /// The steps left of a workflow, in the order of `left`.
    package var steps: [WorkflowStep] { type == .workflow ? left.compactMap { WorkflowStep($0.shape) } : [] }

    /// The state that a workflow behaves as: the most cautious; ties: the one shown, else the greater number.
    package var effectiveStep: WorkflowStep? {
        let all = steps
        guard let shown = all.first, let most = all.map(\.caution).max() else { return nil }
        if shown.caution == most { return shown }
        return all.filter { $0.caution == most }.max { $0.to < $1.to }
    }

    /// The name of a workflow's state.
    package func code(_ state: Int) -> String {
        if case .workflow(let workflow) = field?.merge { workflow.code(state) } else { "#\(state)" }
    }
}

extension HeldValue {
    /// The value, if it is here.
    package var value: Value? {
        if case .present(let value) = self { value } else { nil }
    }

    /// The encoding of a value that is here; equality of values is equality of these bytes.
    package var encoding: [UInt8]? {
        if case .present(let value) = self { value.encoded } else { nil }
    }
}

extension RecordState {
    /// One reading for each field, for maps one for each key, in ascending order.
    package func readings(_ kind: Kind?) -> [Reading] {
        fields.flatMap { state -> [Reading] in
            let field = kind?.field(state.field)
            guard let type = field?.merge.type ?? state.left.first?.type else { return [] }
            let left = state.left.filter { $0.type == type }
            guard type == .map else {
                let reading = Reading(
                    number: state.field, field: field, type: type, key: .null, left: left,
                    elements: type == .list ? state.elements : [])
                return left.isEmpty ? [] : [reading]
            }
            // Keys are compared by their bytes: Swift holds texts equal that are spelt in different normal forms.
            let byKey = Dictionary(grouping: left) { $0.shape.encoded }
            return byKey.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { _, left in
                Reading(number: state.field, field: field, type: type, key: left[0].shape, left: left)
            }
        }
    }

    /// The reading of one field, for maps of one key.
    package func reading(_ field: Field, key: CBOR = .null) -> Reading? {
        guard let state = self[field.number] else { return nil }
        let left = state.left.filter {
            $0.type == field.merge.type && (field.merge.type != .map || $0.shape.encoded == key.encoded)
        }
        guard !left.isEmpty else { return nil }
        return Reading(
            number: field.number, field: field, type: field.merge.type, key: key, left: left,
            elements: field.merge.type == .list ? state.elements : [])
    }
}
