import Bytes
import Crypto
import Foundation
import Replica
import Testing

@testable import Store

// Goal: years of work fit a small machine. Method: a store on disk, opened in a process of its own whose memory the
// system counts; the greater numbers on demand.
@Suite(.serialized) struct GrowthTests {
    private let folder = TemporaryFolder()

    private static func setting(_ name: String, _ ordinary: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? ordinary
    }

    /// A member's store in a file of the folder.
    private func store(seed: UInt64) throws -> ReplicaStore {
        try TestNetwork(members: 2, seed: seed).stores[1].twin(in: folder, name: "grown", seed: seed)
    }

    /// 100,000 entries, or as many as `LIAISON_DELETED` says (10,000,000 on demand).
    @Test func `D3: a store of deleted records opens in little memory`() async throws {
        let count = Self.setting("LIAISON_DELETED", 100_000)
        let path = folder("grown")
        do {
            let store = try store(seed: 31)
            var access = RecordAccess(store, time: 5)
            for _ in 0..<max(1, count / 512) {
                let drafts = (0..<256).map { _ in
                    EntryDraft(
                        target: .new(kind: 900),
                        operations: [OperationDraft(field: 16, type: .register, replaces: [], value: .integer(1))])
                }
                let written = try access.write(drafts, space: SpaceName.net)
                let deletions = written.map { entry in
                    EntryDraft(
                        target: .existing(entry.record),
                        operations: [
                            OperationDraft(
                                field: 0, type: .existence, replaces: [OperationID(entry: entry.entry, index: 0)],
                                shape: .unsigned(0))
                        ])
                }
                _ = try access.write(deletions, space: SpaceName.net)
            }
            let totals = store.totals(of: SpaceName.net)
            #expect(totals.entries >= count / 512 * 512)
            print("D3: \(totals.entries) entries of deleted records")
            store.connection.close()
        }
        await #expect(processExitsWith: .success) { [path = path as String] in
            let connection = try Connection.open(path: path, schema: ReplicaStore.schema)
            let store = try ReplicaStore(
                connection: connection, charter: nil, identity: nil, marker: nil, entropy: SeededEntropy(seed: 1),
                indexed: .none)
            var shown = 0
            try RecordAccess(store, time: 0).forEach(kind: 900) { state in if !state.isDeleted { shown += 1 } }
            #expect(shown == 0)
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let peak = try #require(status.firstMatch(of: #/VmHWM:\s+(\d+) kB/#).flatMap { Int($0.1) })
            print("D3: opened with \(peak / 1024) MiB at most")
            // Sanitizers keep books beside all memory.
            let isSanitized = ProcessInfo.processInfo.environment["LIAISON_SANITIZER"] != nil
            #expect(peak < (isSanitized ? 2_048 : 256) * 1_024)
        }
    }

    @Test func `D4: what a stored operation takes beside its value stays small`() throws {
        let store = try store(seed: 41)
        let count = Self.setting("LIAISON_YEARS", 10) * 365
        let records = try (0..<20).map { try store.create("record \($0)").record }
        func bytes() throws -> Int {
            try store.connection.query("SELECT sum(length(bytes)) FROM segments").first { $0.int(0) } ?? 0
        }
        let before = try bytes()
        var random = SeededEntropy(seed: 4)
        var (operations, values) = (0, 0)
        // A session at the desk: some fields of some records, one after the other.
        while operations < count {
            let drafts = try (0..<32).map { _ -> EntryDraft in
                let record = try #require(records.randomElement(using: &random))
                let field = Int.random(in: 16...18, using: &random)
                let left = try store.state(ofRecord: record)?[field]?.left ?? []
                let value = Value.integer(Int64.random(in: 24..<256, using: &random))
                values += value.encoded.count
                return EntryDraft(
                    target: .existing(record),
                    operations: [
                        OperationDraft(field: field, type: .register, replaces: left.map(\.id), value: value)
                    ])
            }
            operations += drafts.count
            _ = try store.write(drafts, space: SpaceName.net, time: Int64(operations * 600))
        }
        let size = Double(try bytes() - before - values) / Double(operations)
        print("D4: \(operations) operations, \(size) bytes each beside their values")
        #expect(size <= 12)
    }
}
