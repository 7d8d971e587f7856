import Crypto

/// Rows of the projections that were asked for lately: merging and reading ask for the same few again and again.
///
/// What is kept here never changes in the database; a transaction that is undone begins it anew.
struct RecentRows {
    /// How many of each are kept; then all are forgotten.
    static let maximumCount = 32_768

    private(set) var entries: [Digest: NamedRow] = [:]
    private(set) var records: [Int: RecordRow] = [:]
    private(set) var written: [Int: EntryRow] = [:]

    mutating func note(_ id: Digest, _ row: NamedRow) {
        if entries.count >= RecentRows.maximumCount { entries = [:] }
        entries[id] = row
    }

    mutating func note(_ number: Int, _ row: RecordRow) {
        if records.count >= RecentRows.maximumCount { records = [:] }
        records[number] = row
    }

    mutating func note(_ number: Int, _ row: EntryRow) {
        if written.count >= RecentRows.maximumCount { written = [:] }
        written[number] = row
    }
}

/// A record, as everything that is derived from entries needs it.
struct RecordRow {
    let id: ShortID
    let kind: Int
}

/// Who wrote an entry, and when.
struct EntryRow {
    let id: Digest
    /// The local number of its author.
    let author: Int
    /// Claimed.
    let time: Int64
}
