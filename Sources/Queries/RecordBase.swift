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

    package init(_ store: Store, schema: Schema, language: String, today: String) {
        self.store = store
        self.schema = schema
        self.language = language
        self.today = today
    }

    /// Every record of a kind that is not deleted, ascending by id.
    package func all(_ kind: Kind) throws(QueryError) -> [RecordView] {
        var views: [RecordView] = []
        try read { () throws(RecordStoreError) in
            try store.forEach(kind: kind.number) { state in
                if !state.isDeleted { views.append(RecordView(state, kind)) }
            }
        }
        return views
    }

    /// One record, deleted or not; nil when it is not held or its kind is not known.
    package func record(_ id: ShortID) throws(QueryError) -> RecordView? {
        guard let state = try read({ () throws(RecordStoreError) in try store.state(of: id) }),
            let kind = schema.kind(state.kind)
        else { return nil }
        return RecordView(state, kind)
    }

    /// What a record is called: its title field, else nothing.
    package func title(_ record: RecordView) -> String? {
        RecordRendering(schema).title(record.state, language: language)
    }

    func read<R>(_ body: () throws(RecordStoreError) -> R) throws(QueryError) -> R {
        do { return try body() } catch { throw .store(error) }
    }
}
