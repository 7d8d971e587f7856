package import Crypto

/// A record that somebody else wrote to.
package struct ChangedRecord: Hashable, Comparable, Sendable {
    package let record: ShortID
    package let kind: Int
    /// The organisation of the entry that created it; of a pair record, which several may create, any of theirs.
    package let creator: ShortID?

    package init(record: ShortID, kind: Int, creator: ShortID?) {
        self.record = record
        self.kind = kind
        self.creator = creator
    }

    package static func < (a: ChangedRecord, b: ChangedRecord) -> Bool { a.record < b.record }
}

// What a store can do faster. A store without it says the same.
extension RecordStore {
    /// By the histories of all records of these kinds.
    package func changed(
        since start: Int64, byOthersThan organisation: ShortID, kinds: [Int]
    ) throws(RecordStoreError) -> [ChangedRecord] {
        var ids: [(record: ShortID, kind: Int)] = []
        for kind in kinds { try forEach(kind: kind) { ids.append(($0.id, kind)) } }
        var found: [ChangedRecord] = []
        for (record, kind) in ids {
            let entries = try history(of: record)
            guard entries.contains(where: { $0.claimedAt >= start && $0.organisation != organisation }) else {
                continue
            }
            found.append(ChangedRecord(record: record, kind: kind, creator: entries.first?.organisation))
        }
        return found.sorted()
    }
}
