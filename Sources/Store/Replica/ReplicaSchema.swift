/// The tables of a replica.
///
/// *Truth*: `meta`, `logs`, `branches`, `segments`, `introductions`, `slots`, `seeds`, `quarantine`, `invitations`,
/// `peers`, `checkpoints`, `sessions`, `arrivals`.
/// *Projections*, rebuilt from the truth at any time: `authors`, `entries`, `records`, `current`, `past`, `facts`,
/// `candidates`, `spaces`.
enum ReplicaSchema {
    /// Raised when a projection is computed in another way; older ones are rebuilt at open.
    ///
    /// 2: counters and lists are merged: they no longer count as not understood, and lists may have conflicts. Records are
    /// found by what their fields hold.
    static let projectionVersion = 2

    static let schema = StoreSchema(version: 2, oldest: 1, creation: truth + journal + projections)

    /// What a store of an older version lacks, by that version; its projections are derived anew after that.
    static let steps: [Int: String] = [1: journal + facts + lastWords]

    private static let truth = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE logs(
            n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, space TEXT NOT NULL, class INTEGER NOT NULL,
            device BLOB NOT NULL, incarnation BLOB NOT NULL);
        CREATE TABLE branches(
            n INTEGER PRIMARY KEY, log INTEGER NOT NULL, parent INTEGER, parentSequence INTEGER NOT NULL,
            head INTEGER NOT NULL, headID BLOB NOT NULL, fillEntries INTEGER NOT NULL, fillBytes INTEGER NOT NULL,
            start INTEGER NOT NULL, auth BLOB);
        CREATE TABLE segments(
            n INTEGER PRIMARY KEY, branch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            start INTEGER NOT NULL, entryCount INTEGER NOT NULL, place INTEGER NOT NULL, auth BLOB,
            bytes BLOB NOT NULL, hash BLOB NOT NULL, resolutions BLOB);
        CREATE UNIQUE INDEX segmentsByBranch ON segments(branch, first);
        CREATE INDEX segmentsByPlace ON segments(place);
        CREATE TABLE introductions(
            branch INTEGER NOT NULL, sequence INTEGER NOT NULL, place INTEGER NOT NULL, log BLOB NOT NULL,
            PRIMARY KEY(branch, sequence, place)) WITHOUT ROWID;
        CREATE TABLE slots(
            log INTEGER NOT NULL, slot INTEGER NOT NULL, named BLOB NOT NULL, branch INTEGER NOT NULL,
            sequence INTEGER NOT NULL, PRIMARY KEY(log, slot)) WITHOUT ROWID;
        CREATE TABLE seeds(
            log INTEGER NOT NULL, first INTEGER NOT NULL, level INTEGER NOT NULL, node BLOB NOT NULL,
            PRIMARY KEY(log, first)) WITHOUT ROWID;
        CREATE TABLE quarantine(
            n INTEGER PRIMARY KEY, log BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                head BLOB NOT NULL UNIQUE,
            reason INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE invitations(
            proofKey BLOB PRIMARY KEY, organisation BLOB, name TEXT, created INTEGER NOT NULL, state INTEGER NOT NULL,
            usedBy BLOB, admission BLOB, code TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE peers(
            name TEXT PRIMARY KEY, address TEXT NOT NULL, device BLOB, organisation BLOB,
                lastSync INTEGER) WITHOUT ROWID;
        CREATE TABLE checkpoints(device BLOB PRIMARY KEY, name BLOB NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
        """

    /// What sessions brought: of each branch the sequence numbers, which stay when everything is derived anew.
    private static let journal = """
        CREATE TABLE sessions(
            n INTEGER PRIMARY KEY, device BLOB NOT NULL, peer TEXT, began INTEGER NOT NULL, ended INTEGER NOT NULL,
            received INTEGER NOT NULL, statements INTEGER NOT NULL, sent INTEGER NOT NULL);
        CREATE TABLE arrivals(
            session INTEGER NOT NULL, branch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            PRIMARY KEY(session, branch, first)) WITHOUT ROWID;
        """

    /// The records by what their fields hold, for the fields that the store was told to index.
    private static let facts = """
        CREATE TABLE facts(
            kind INTEGER NOT NULL, field INTEGER NOT NULL, key BLOB NOT NULL, record INTEGER NOT NULL,
            PRIMARY KEY(kind, field, key, record)) WITHOUT ROWID;
        """

    /// When the devices of an organisation last wrote on records; control logs have no records.
    private static let lastWords = """
        CREATE INDEX entriesByAuthor ON entries(author, time) WHERE record > 0;
        """

    static let projectionTables = [
        "authors", "entries", "records", "current", "past", "facts", "candidates", "spaces",
    ]

    static let projections =
        facts + """
            CREATE TABLE authors(n INTEGER PRIMARY KEY, device BLOB NOT NULL, auth BLOB, organisation BLOB,
                UNIQUE(device, auth));
            CREATE TABLE entries(
                n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, branch INTEGER NOT NULL, sequence INTEGER NOT NULL,
                record INTEGER NOT NULL, author INTEGER NOT NULL, time INTEGER NOT NULL, status INTEGER NOT NULL,
                following INTEGER NOT NULL, fillEntries INTEGER NOT NULL, fillBytes INTEGER NOT NULL);
            CREATE UNIQUE INDEX entriesByPlace ON entries(branch, sequence);
            CREATE INDEX entriesByRecord ON entries(record);
            CREATE TABLE records(
                n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, space TEXT NOT NULL, kind INTEGER NOT NULL,
                    creator INTEGER NOT NULL,
                deleted INTEGER NOT NULL DEFAULT 0, contested INTEGER NOT NULL DEFAULT 0,
                    isPresent INTEGER NOT NULL DEFAULT 1);
            CREATE INDEX absentRecords ON records(n) WHERE isPresent = 0;
            CREATE INDEX recordsByKind ON records(kind, id);
            CREATE TABLE current(
                record INTEGER NOT NULL, field INTEGER NOT NULL, entry INTEGER NOT NULL, place INTEGER NOT NULL,
                type INTEGER NOT NULL, depth INTEGER NOT NULL, shape BLOB NOT NULL, held INTEGER NOT NULL,
                    value BLOB, replaced BLOB,
                PRIMARY KEY(record, field, entry, place)) WITHOUT ROWID;
            CREATE TABLE past(
                record INTEGER NOT NULL, field INTEGER NOT NULL, entry INTEGER NOT NULL, place INTEGER NOT NULL,
                type INTEGER NOT NULL, depth INTEGER NOT NULL, shape BLOB NOT NULL, held INTEGER NOT NULL,
                    value BLOB, replaced BLOB,
                PRIMARY KEY(record, field, entry, place)) WITHOUT ROWID;
            CREATE TABLE candidates(record INTEGER PRIMARY KEY);
            CREATE TABLE spaces(
                name TEXT PRIMARY KEY, state BLOB NOT NULL, records INTEGER NOT NULL, entries INTEGER NOT NULL,
                notUnderstood INTEGER NOT NULL) WITHOUT ROWID;
            """ + lastWords
}
