import Crypto

/// Rows of the projections that were asked for lately: merging asks for the same few again and again.
///
/// What is kept here never changes in the database; a transaction that is undone begins it anew.
struct RecentRows {
    /// How many of each are kept; then all are forgotten.
    static let maximumCount = 32_768

    private(set) var entries: [Digest: NamedRow] = [:]
    private(set) var records: [Int: ShortID] = [:]

    mutating func note(_ id: Digest, _ row: NamedRow) {
        if entries.count >= RecentRows.maximumCount { entries = [:] }
        entries[id] = row
    }

    mutating func note(_ number: Int, _ id: ShortID) {
        if records.count >= RecentRows.maximumCount { records = [:] }
        records[number] = id
    }
}
