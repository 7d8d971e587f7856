import Crypto
import Replica

extension ReplicaStore {
    /// The records to which others than an organisation have written at or after a claimed time, ascending.
    func changed(
        since start: Int64, byOthersThan organisation: ShortID
    ) throws(StoreError) -> [ChangedRecord] {
        try connection.query(
            """
            SELECT DISTINCT records.id, records.kind, creators.organisation
            FROM authors
            JOIN entries ON entries.author = authors.n AND entries.time >= ?1 AND entries.record > 0
            JOIN records ON records.n = entries.record AND records.isPresent = 1
            LEFT JOIN entries AS first ON first.n = records.creator
            LEFT JOIN authors AS creators ON creators.n = first.author
            WHERE authors.organisation IS NOT ?2
            ORDER BY records.id
            """
        ).bind(1, start).bind(2, organisation).all { (r) throws(StoreError) in
            ChangedRecord(
                record: try r.fixed(0), kind: r.int(1),
                creator: r.isNull(2) ? nil : try r.fixed(2, as: ShortID.self))
        }
    }
}
