import Bytes
package import Replica

extension RecordState {
    /// This record with what those hold that were merged into it: the members of all sets, and of every other field
    /// that is empty here what the first of them has.
    /// - Parameter others: in the order in which they are asked.
    package func combined(with others: [RecordState], _ kind: Kind?) -> RecordState {
        guard !others.isEmpty else { return self }
        var byField: [Int: [OperationView]] = [:]
        for field in fields { byField[field.field] = field.left }
        for other in others {
            for field in other.fields where field.field != ReservedField.mergedInto {
                let own = byField[field.field] ?? []
                byField[field.field] = RecordState.combined(own, field.left, kind?.field(field.field))
            }
        }
        return RecordState(
            id: id, kind: self.kind, space: space,
            fields: byField.sorted { $0.key < $1.key }.map { FieldState(field: $0.key, left: $0.value) },
            isDeleted: isDeleted, contested: contested, standingDeletes: standingDeletes)
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
