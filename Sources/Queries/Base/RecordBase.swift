package import Crypto
package import Records
package import Replica

/// All that a query may read: the records as merging left them, and the day on which it is asked.
package struct RecordBase<Store: RecordStore> {
    package let store: Store
    package let schema: Schema
    /// The BCP 47 tag in which texts are preferred.
    package let language: String
    /// The day that counts as today, `YYYY-MM-DD`.
    package let today: String
    private let held = HeldMerges()

    package init(_ store: Store, schema: Schema, language: String, today: String) {
        self.store = store
        self.schema = schema
        self.language = language
        self.today = today
    }

    /// Every record of a kind that is not deleted, ascending by id; those that were merged are part of the one that
    /// they count as.
    package func all(_ kind: Kind) throws(QueryError) -> [RecordView] {
        let merges = try merges()
        var states: [RecordState] = []
        var others: [ShortID: RecordState] = [:]
        try read { () throws(RecordStoreError) in
            try store.forEach(kind: kind.number) { state in
                if merges.canonical(state.id) != state.id {
                    others[state.id] = state
                } else if !state.isDeleted {
                    states.append(state)
                }
            }
        }
        return try states.map { (state) throws(QueryError) in
            RecordView(
                try read { () throws(RecordStoreError) in
                    try merges.combined(state, kind) { others[$0] }
                }, kind, merges)
        }
    }

    /// One record, deleted or not, or the one that it counts as; nil when it is not held or its kind is not known.
    package func record(_ id: ShortID) throws(QueryError) -> RecordView? {
        let merges = try merges()
        guard let state = try read({ () throws(RecordStoreError) in try store.state(of: merges.canonical(id)) }),
            let kind = schema.kind(state.kind)
        else { return nil }
        let combined = try read { () throws(RecordStoreError) in
            try merges.combined(state, kind) { (id) throws(RecordStoreError) in try store.state(of: id) }
        }
        return RecordView(combined, kind, merges)
    }

    /// The record that stands for this one; itself when it was not merged.
    package func canonical(_ id: ShortID) throws(QueryError) -> ShortID { try merges().canonical(id) }

    /// Which records count as which others: read once for each base.
    package func merges() throws(QueryError) -> Merges {
        if let known = held.merges { return known }
        let merges = try read { () throws(RecordStoreError) in try Merges(store, schema) }
        held.merges = merges
        return merges
    }

    /// What a record is called: its title field, else nothing.
    package func title(_ record: RecordView) -> String? {
        RecordRendering(schema).title(record.state, language: language)
    }

    func read<R>(_ body: () throws(RecordStoreError) -> R) throws(QueryError) -> R {
        do { return try body() } catch { throw .store(error) }
    }
}

/// What a base has read of merges.
private final class HeldMerges {
    var merges: Merges?
}
