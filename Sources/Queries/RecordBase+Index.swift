package import Crypto
package import Records
package import Replica

// What queries ask of the index instead of reading all records of a kind.
extension RecordBase {
    /// The records of a kind that are not deleted and have a value left in a field, ascending by id; of a conflict any
    /// value counts, and of a workflow the value is the code of a state as text.
    package func records(_ kind: Kind, where name: String, equals value: Value) throws(QueryError) -> [RecordView] {
        guard let field = kind.field(named: name) else { return [] }
        var wanted = value
        if case .workflow(let workflow) = field.merge, case .text(let code) = value {
            guard let state = workflow.state(code: code) else { return [] }
            wanted = .integer(Int64(state.number))
        }
        return try collect(kind) { (add) throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: field.number, equals: wanted, add)
        }
    }

    /// The records of a kind that are not deleted and have a day from one to another left in a field, both included,
    /// ascending by id; of an instant its day in UTC counts.
    /// - Parameter first: `YYYY-MM-DD`, as is `last`; what is no date finds nothing.
    package func records(
        _ kind: Kind, _ name: String, from first: String, to last: String
    ) throws(QueryError) -> [RecordView] {
        guard let field = kind.field(named: name), let begin = CivilTime.dayNumber(first),
            let end = CivilTime.dayNumber(last)
        else { return [] }
        var bounds = (Value.date(first), Value.date(last))
        if field.type == .instant {
            bounds = (
                .instant(seconds: begin * 86_400, zone: nil), .instant(seconds: end * 86_400 + 86_399, zone: nil)
            )
        }
        return try collect(kind) { (add) throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: field.number, from: bounds.0, to: bounds.1, add)
        }
    }

    /// The records that are not deleted and name an id in some field, with that field, ascending by record and field.
    package func referrers(to id: ShortID) throws(QueryError) -> [(record: RecordView, field: Field)] {
        let found = try read { () throws(RecordStoreError) in try store.referrers(to: id) }
        var referrers: [(record: RecordView, field: Field)] = []
        for one in found {
            guard let view = try record(one.record), !view.state.isDeleted, let field = view.kind.field(one.field)
            else { continue }
            referrers.append((view, field))
        }
        return referrers
    }

    private func collect(
        _ kind: Kind, _ forEach: ((RecordState) -> Void) throws(RecordStoreError) -> Void
    ) throws(QueryError) -> [RecordView] {
        var views: [RecordView] = []
        try read { () throws(RecordStoreError) in
            try forEach { state in
                if !state.isDeleted { views.append(RecordView(state, kind)) }
            }
        }
        return views
    }
}
