import Bytes
import Crypto
package import Replica

extension RecordEditor {
    /// The drafts that make others count as one record: each of them says so itself, and the one that stays notes it,
    /// so that somebody who deletes it meanwhile does not delete the others unseen.
    /// - Parameter others: records of the same kind that stand for themselves; not empty.
    package func merge(
        _ others: [RecordState], into survivor: RecordState, because: String?
    ) throws(RecordError) -> [EntryDraft] {
        let reason = try remark(because)
        var drafts: [EntryDraft] = []
        for other in others {
            let replaces = other[ReservedField.mergedInto]?.left.map(\.id) ?? []
            let operation = OperationDraft(
                field: ReservedField.mergedInto, type: .register, replaces: replaces, value: .id(survivor.id.bytes))
            drafts.append(EntryDraft(target: .existing(other.id), operations: [operation] + reason))
        }
        // A note holds what fits one value many times over.
        for start in stride(from: 0, to: others.count, by: RecordEditor.notedTogether) {
            let noted = others[start..<min(start + RecordEditor.notedTogether, others.count)]
            let note = OperationDraft(
                field: ReservedField.merged, type: .remark, replaces: [],
                value: .array(noted.map { .id($0.id.bytes) }))
            drafts.append(EntryDraft(target: .existing(survivor.id), operations: [note]))
        }
        return drafts
    }

    /// How many ids stand in one note.
    private static let notedTogether = 100

    /// The draft after which a record stands for itself again; nil when it does.
    package func unmerge(_ state: RecordState, because: String?) throws(RecordError) -> EntryDraft? {
        guard state.mergedInto != nil, let left = state[ReservedField.mergedInto]?.left else { return nil }
        let operation = OperationDraft(
            field: ReservedField.mergedInto, type: .register, replaces: left.map(\.id), value: .null)
        return EntryDraft(target: .existing(state.id), operations: [operation] + (try remark(because)))
    }

    /// The remark that says why; none when nobody does.
    package func remark(_ because: String?) throws(RecordError) -> [OperationDraft] {
        guard let because, !because.isEmpty else { return [] }
        let reason = try parser.value(because, .lines, field: "because")
        return [.init(field: ReservedField.because, type: .remark, replaces: [], value: reason)]
    }
}
