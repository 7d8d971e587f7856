package import Bytes
package import Replica

/// What a reader makes of the operations that are left of one field, or of one key of a map.
package struct Reading {
    /// The number of the field.
    package let number: Int
    /// The row of the table; nil when this version does not know it.
    package let field: Field?
    /// How the operations merge.
    package let type: MergeType
    /// The key of a map; null for other fields.
    package let key: CBOR
    /// Everything left, the one that a soft conflict shows first; not empty.
    package let left: [OperationView]

    /// `title`, `title.fr`, or `#17` when this version does not know the field.
    package var name: String {
        let base = field?.name ?? "#\(number)"
        return keyText.map { "\(base).\($0)" } ?? base
    }

    /// The key of a map as text.
    package var keyText: String? {
        switch key {
        case .text(let text): text
        case .bytes(let bytes): bytes.hex
        default: nil
        }
    }

    /// Those left whose values can be seen: of registers, what is not erased; of sets, the adds.
    package var present: [OperationView] {
        switch type {
        case .register, .map: left.filter { $0.value != .erased }
        case .set: left.filter { if case .present = $0.value { true } else { false } }
        default: left
        }
    }

    /// The value that is shown: nil when there is none to see, `null` when the field was unset.
    package var shown: Value? {
        guard case .present(let value) = present.first?.value else { return nil }
        return value
    }

    /// Whether values of equal standing differ; members of sets never dispute.
    package var isDisputed: Bool {
        switch type {
        case .register, .map: Set(present.map { $0.value.encoding }).count > 1
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
                let reading = Reading(number: state.field, field: field, type: type, key: .null, left: left)
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
        return left.isEmpty
            ? nil : Reading(number: field.number, field: field, type: field.merge.type, key: key, left: left)
    }
}
