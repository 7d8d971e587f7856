import Bytes
import Crypto
import Glibc
import Replica
import Testing

@testable import Store

/// One file of `Protocol/vectors/replica`.
struct ReplicaVector {
    let name: String
    /// Values by name; a line may stand more than once.
    let lines: [String: [String]]
    let charter: [UInt8]
    let segments: [[UInt8]]

    init(path: String) throws {
        name = path.split(separator: "/").last.map(String.init) ?? path
        let text = String(decoding: contents(of: path), as: UTF8.self)
        let parts = text.split(separator: "\n\n", maxSplits: 1)
        var lines: [String: [String]] = [:]
        for line in parts[0].split(separator: "\n") {
            let pair = line.split(separator: ": ", maxSplits: 1)
            lines[String(pair[0]), default: []].append(pair.count > 1 ? String(pair[1]) : "")
        }
        self.lines = lines
        let hex = parts.count > 1 ? parts[1].filter { $0 != "\n" } : ""
        var reader = CBORReader(try #require([UInt8](hex: hex)))
        try reader.readArray(count: 2, "vector")
        charter = try reader.readBytes(upTo: 1 << 24, "charter")
        var segments: [[UInt8]] = []
        for _ in 0..<(try reader.readArray(upTo: 1 << 24, "segments")) { segments.append(try reader.readBytes(upTo: 1 << 24, "segment")) }
        self.segments = segments
    }

    func number(_ key: String) -> Int { lines[key]?.first.flatMap { Int($0) } ?? -1 }

    static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Protocol/vectors/replica"

    /// The paths of all vectors, in order.
    static func all() -> [String] {
        guard let folder = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name.hasSuffix(".txt") { names.append("\(ReplicaVector.folder)/\(name)") }
        }
        return names.sorted()
    }
}

@Suite struct ReplicaVectorTests {
    /// Vectors in which an applied entry names a quarantined one: this store holds such an entry back until the one that it names counts.
    static let heldBack: Set<String> = ["010-quarantined.txt", "011-quarantined-between.txt", "026-deleted-over-quarantine.txt"]

    @Test func `the vectors are found`() { #expect(ReplicaVector.all().count >= 56) }

    @Test(arguments: ReplicaVector.all())
    func `a store judges, merges and exports as the reference does`(path: String) throws {
        let vector = try ReplicaVector(path: path)
        if ReplicaVectorTests.heldBack.contains(vector.name) { return }
        let charter = try Charter(decoding: vector.charter)
        var random = SeededEntropy(seed: 7)
        for round in 0..<4 {
            let store = try ReplicaStore.inMemory(charter: charter, identity: nil, entropy: SeededEntropy(seed: 1))
            let order = round == 0 ? vector.segments : vector.segments.shuffled(using: &random)
            let outcomes = try ingest(order, into: store, one: round > 1)
            if vector.lines["expect"] == ["replica success"] {
                #expect(!outcomes.contains(where: isRefusal), "\(vector.name): \(outcomes)")
                try check(store, vector)
                try store.rebuild()
                try check(store, vector)
            } else if round < 2 {
                // Together, since one that comes before its author's grant is quarantined first, and refused in silence later.
                #expect(outcomes.contains(where: isRefusal), "\(vector.name): \(outcomes)")
            }
        }
    }

    /// Takes segments in, together or one by one; what still waits at the end is among the outcomes.
    private func ingest(_ segments: [[UInt8]], into store: ReplicaStore, one: Bool) throws -> [IngestOutcome] {
        var waiting = WaitingRoom()
        var incoming: [IncomingSegment] = []
        for bytes in segments {
            var reader = CBORReader(bytes)
            try reader.readArray(count: 4, "segment")
            _ = try reader.readInt(upTo: 0, "version")
            guard let descriptor = try? LogDescriptor(from: &reader) else { return [.offence(.malformed(.invalid(what: "descriptor")))] }
            incoming.append(IncomingSegment(descriptor: descriptor, bytes: bytes))
        }
        var outcomes: [IngestOutcome] = []
        for batch in one ? incoming.map({ [$0] }) : [incoming] { outcomes += try store.ingest(batch, waiting: &waiting) }
        outcomes.removeAll { if case .waiting = $0 { true } else { false } }
        for work in waiting.works { outcomes.append(.waiting(log: work.log)) }
        return outcomes
    }

    private func isRefusal(_ outcome: IngestOutcome) -> Bool {
        switch outcome {
        case .offence, .waiting: true
        default: false
        }
    }

    private func check(_ store: ReplicaStore, _ vector: ReplicaVector) throws {
        let name = vector.name
        #expect(store.state(of: SpaceName.net).hex == vector.lines["state"]?.first, "\(name)")
        #expect(store.frontier(of: SpaceName.net).hex == vector.lines["frontier"]?.first, "\(name)")
        #expect(store.state(of: SpaceName.policy).hex == vector.lines["policy-state"]?.first, "\(name)")
        #expect(store.frontier(of: SpaceName.policy).hex == vector.lines["policy-frontier"]?.first, "\(name)")
        let (net, policy) = (store.totals(of: SpaceName.net), store.totals(of: SpaceName.policy))
        #expect(net.records == vector.number("records"), "\(name)")
        #expect(net.entries == vector.number("entries"), "\(name)")
        #expect(net.notUnderstood + policy.notUnderstood == vector.number("not-understood"), "\(name)")
        #expect(try store.quarantined().reduce(0) { $0 + $1.entries } == vector.number("quarantined"), "\(name)")
        let left = try store.connection.query(
            """
            SELECT records.id, o.field, entries.id, o.place, o.depth FROM current AS o
            JOIN records ON records.n = o.record JOIN entries ON entries.n = o.entry ORDER BY records.id, o.field, entries.id, o.place
            """
        ).all { "\($0.bytes(0).hex) \($0.int(1)) \($0.bytes(2).hex) \($0.int(3)) \($0.int(4))" }
        #expect(left.sorted() == (vector.lines["left"] ?? []).sorted(), "\(name)")
        for (key, column) in [("deleted", "deleted"), ("contested", "contested")] {
            let found = try store.connection.prepare("SELECT id FROM records WHERE \(column) = 1 ORDER BY id").all { $0.bytes(0).hex }
            #expect(found == vector.lines[key] ?? [], "\(name) \(key)")
        }
        #expect(try store.verify() == [], "\(name)")
        guard vector.number("quarantined") == 0 else { return }
        var exported: [[UInt8]] = []
        try store.exportSegments { (_, _, bytes) throws(StoreError) in exported.append(bytes) }
        #expect(Set(exported) == Set(vector.segments), "\(name): export")
    }
}
