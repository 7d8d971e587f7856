import Crypto
package import Replica

extension RecordState {
    /// A record of a kind of which nobody has written anything.
    package static func empty(kind: Int) -> RecordState {
        RecordState(
            id: ShortID(), kind: kind, space: SpaceName.net, fields: [], isDeleted: false, contested: [],
            standingDeletes: [])
    }

    /// The fields as they would be once a draft were written; what the rules of a kind are held against.
    ///
    /// Its operations have no author and an entry of zeros. Whether the record exists is not worked out.
    package func after(_ draft: EntryDraft) -> RecordState {
        let replaced = Set(draft.operations.flatMap(\.replaces))
        var byField: [Int: [OperationView]] = [:]
        for field in fields { byField[field.field] = field.left.filter { !replaced.contains($0.id) } }
        for (index, operation) in draft.operations.enumerated() {
            guard operation.field > ReservedField.because, operation.type != .remark,
                !(operation.type == .set && operation.shape == Shape.remove)
            else { continue }
            let known = self[operation.field]?.left.map(\.order).max() ?? 0
            byField[operation.field, default: []].insert(
                OperationView(
                    id: OperationID(entry: Digest(), index: index), field: operation.field, type: operation.type,
                    shape: operation.shape, order: known + 1, value: operation.value.map { .present($0) } ?? .none,
                    device: ShortID(), organisation: nil, claimedAt: 0), at: 0)
        }
        let fields = byField.sorted { $0.key < $1.key }.compactMap { field, left in
            left.isEmpty ? nil : FieldState(field: field, left: left)
        }
        return RecordState(
            id: id, kind: kind, space: space, fields: fields, isDeleted: isDeleted, contested: contested,
            standingDeletes: standingDeletes)
    }
}
