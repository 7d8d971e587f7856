import Bytes
package import Replica

extension RecordState {
    /// This record with what those hold that were merged into it: the members of all sets, and of every other field
    /// that is empty here what the first of them has.
    /// - Parameter others: in the order in which they are asked.
    package func combined(with others: [RecordState], _ kind: Kind?) -> RecordState {
        guard !others.isEmpty else { return self }
        var byField: [Int: FieldState] = [:]
        for field in fields { byField[field.field] = field }
        for other in others {
            for field in other.fields where field.field != ReservedField.mergedInto {
                byField[field.field] =
                    byField[field.field].map { RecordState.combined($0, field, kind?.field(field.field)) } ?? field
            }
        }
        return RecordState(
            id: id, kind: self.kind, space: space, fields: byField.values.sorted { $0.field < $1.field },
            isDeleted: isDeleted, contested: contested, standingDeletes: standingDeletes)
    }

    private static func combined(_ own: FieldState, _ other: FieldState, _ field: Field?) -> FieldState {
        let isList = (field?.merge.type ?? own.left.first?.type) == .list
        // A list has an order of its own, so it is one or the other.
        if isList { return own.elements.isEmpty ? other : own }
        return FieldState(field: own.field, left: combined(own.left, other.left, field))
    }

    private static func combined(
        _ own: [OperationView], _ other: [OperationView], _ field: Field?
    ) -> [OperationView] {
        switch field?.merge.type ?? own.first?.type ?? other.first?.type {
        case .set: return (own + other).sorted(by: OperationView.winsOver)
        case .map:
            let held = Set(own.filter(isShown).map(\.shape.encoded))
            let filling = other.filter { isShown($0) && !held.contains($0.shape.encoded) }
            let filled = Set(filling.map(\.shape.encoded))
            return (own.filter { !filled.contains($0.shape.encoded) } + filling).sorted(by: OperationView.winsOver)
        default: return own.contains(where: isShown) || other.isEmpty ? own : other
        }
    }

    /// Whether an operation gives a reader something to see.
    private static func isShown(_ operation: OperationView) -> Bool {
        operation.value != .erased && operation.value != .present(.null)
    }
}
