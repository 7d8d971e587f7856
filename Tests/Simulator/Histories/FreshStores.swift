import Crypto
package import Replica
package import Store

/// Stores in memory that hold the statements of one network and nothing else, as many as are asked for.
///
/// Making a database costs more than a small history. Each connection is therefore kept with its prepared statements,
/// and its tables are put back to what they were.
package final class FreshStores {
    private struct Kept {
        let connection: Connection
        let restoring: [Query]
    }

    package let network: FixedNetwork
    private let indexed: IndexedFields
    private var kept: [Kept] = []
    private var used = 0

    package init(_ network: FixedNetwork, indexed: IndexedFields = .none) {
        self.network = network
        self.indexed = indexed
    }

    /// Every store that was handed out may be handed out again, emptied.
    package func reuseAll() { used = 0 }

    /// A store that holds the statements, and a way to open it again as a restart does.
    package func make() throws -> FreshStore {
        if used == kept.count { kept.append(try prepare()) }
        let one = kept[used]
        used += 1
        try one.connection.transaction { () throws(StoreError) in
            for query in one.restoring { try query.run() }
        }
        return try FreshStore(connection: one.connection, network: network, indexed: indexed)
    }

    private func prepare() throws -> Kept {
        let connection = try Connection.inMemory(schema: ReplicaStore.schema)
        let store = try ReplicaStore(
            connection: connection, charter: network.charter, identity: nil, marker: nil,
            entropy: SeededEntropy(seed: 1), indexed: indexed)
        var waiting = WaitingRoom()
        _ = try store.ingest(network.control, waiting: &waiting)
        precondition(waiting.count == 0, "the statements of a network hold together")
        let tables = try connection.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")
            .all { $0.text(0) }
        var restoring: [Query] = []
        for table in tables {
            restoring.append(try connection.prepare("DELETE FROM main.\(table)"))
            guard try connection.prepare("SELECT 1 FROM main.\(table) LIMIT 1").first({ _ in true }) == true else {
                continue
            }
            try connection.execute("CREATE TEMP TABLE kept_\(table) AS SELECT * FROM main.\(table)")
            restoring.append(try connection.prepare("INSERT INTO main.\(table) SELECT * FROM temp.kept_\(table)"))
        }
        return Kept(connection: connection, restoring: restoring)
    }
}

/// A store and what it takes to open it again.
package struct FreshStore {
    private let connection: Connection
    private let indexed: IndexedFields
    package private(set) var store: ReplicaStore

    init(connection: Connection, network: FixedNetwork, indexed: IndexedFields) throws {
        (self.connection, self.indexed) = (connection, indexed)
        store = try FreshStore.open(connection, network.charter, indexed)
    }

    /// Forgets all that is kept in memory and reads it from the database again.
    package mutating func reload() throws { store = try FreshStore.open(connection, nil, indexed) }

    private static func open(
        _ connection: Connection, _ charter: Charter?, _ indexed: IndexedFields
    ) throws -> ReplicaStore {
        try ReplicaStore(
            connection: connection, charter: charter, identity: nil, marker: nil, entropy: SeededEntropy(seed: 1),
            indexed: indexed)
    }
}
