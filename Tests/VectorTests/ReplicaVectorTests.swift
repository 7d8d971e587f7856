import Bytes
import Crypto
import Replica
import Testing

@testable import Store

/// The vectors of whole replicas: a store takes everything in and must judge and merge as the reference does.
@Suite struct ReplicaVectorTests {
    private struct Taken {
        let store: ReplicaStore
        let segments: [[UInt8]]
        /// The first refusal, if there was one.
        let refusal: Refusal?
    }

    /// Ingests the segments of a vector in so many batches; what still waits at the end is refused.
    private func take(_ vector: Vector, batch: Int) throws -> Taken {
        guard case .array(let parts) = try CBOR(decoding: vector.bytes), parts.count == 2,
            case .bytes(let charter) = parts[0],
            case .array(let items) = parts[1]
        else { throw Vector.Fault("not [charter, [* segment]]") }
        let store = try ReplicaStore.inMemory(
            charter: Charter(decoding: charter), identity: nil, entropy: SeededEntropy(seed: 1))
        let segments = items.compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }
        var incoming: [IncomingSegment] = []
        for bytes in segments {
            do throws(SegmentError) {
                let descriptor = try ExplicitSegment(decoding: bytes, network: store.network).descriptor
                incoming.append(IncomingSegment(descriptor: descriptor, bytes: bytes))
            } catch { return Taken(store: store, segments: segments, refusal: error.refusal) }
        }
        var waiting = WaitingRoom()
        var rest = incoming[...]
        // What waits is tried again with what comes next; at the end with nothing, as long as that helps.
        var waited = -1
        while !rest.isEmpty || waiting.count != waited {
            waited = rest.isEmpty ? waiting.count : -1
            for outcome in try store.ingest(Array(rest.prefix(batch)), waiting: &waiting) {
                if case .offence(let error) = outcome {
                    return Taken(store: store, segments: segments, refusal: error.refusal)
                }
            }
            rest = rest.dropFirst(batch)
        }
        var refusal: Refusal?
        if waiting.count > 0 {
            // Whether an entry before or an entry named is missing shows in whether the segment found its base.
            let hasBase = waiting.works.contains { $0.base != nil }
            refusal =
                hasBase ? Refusal(layers: ["context"], error: "context") : Refusal(layers: ["segment"], error: "chain")
        }
        return Taken(store: store, segments: segments, refusal: refusal)
    }

    @Test(arguments: Vector.all(in: "replica").filter { $0.failure != nil })
    func `A store refuses what the reference refuses`(vector: Vector) throws {
        let failure = try #require(vector.failure)
        let refusal = try #require(try take(vector, batch: 1000).refusal, "expected \(failure)")
        #expect(refusal.fits(failure), "expected \(failure), found \(refusal)")
    }

    /// All at once, and one segment at a time in the shuffled order of the vector.
    @Test(arguments: Vector.all(in: "replica").filter { $0.failure == nil }, [1000, 1])
    func `A store agrees with the reference`(vector: Vector, batch: Int) throws {
        try expectingDifferences(in: vector) { try agree(vector, batch: batch) }
    }

    /// The store takes in no entry that names a quarantined one: it waits until the session ends.
    ///
    /// The specification has
    /// it held and merged through. In this version only a writer who names what is not authorised can bring that about.
    private func expectingDifferences(in vector: Vector, _ body: () throws -> Void) throws {
        guard vector.name.hasSuffix("-quarantined-between.txt") else { return try body() }
        withKnownIssue("Entries that name quarantined ones wait", body)
    }

    private func agree(_ vector: Vector, batch: Int) throws {
        let taken = try take(vector, batch: batch)
        #expect(taken.refusal == nil, "\(String(describing: taken.refusal))")
        let lines = try Self.lines(of: taken.store)
        for (key, values) in lines { #expect(vector.all(key) == values, "\(key)") }
        guard vector.all("quarantined") == ["0"] else { return }
        // Quarantined entries are in the vector and in no export.
        var exported: [[UInt8]] = []
        try taken.store.exportSegments { _, _, bytes throws(StoreError) in exported.append(bytes) }
        #expect(exported.map(\.hex).sorted() == taken.segments.map(\.hex).sorted())
    }

    @Test(arguments: Vector.all(in: "replica").filter { $0.failure == nil })
    func `A store that is rebuilt agrees too`(vector: Vector) throws {
        try expectingDifferences(in: vector) {
            let store = try take(vector, batch: 1000).store
            try store.rebuild()
            for (key, values) in try Self.lines(of: store) { #expect(vector.all(key) == values, "\(key)") }
        }
    }

    /// What the vector states, read from the tables and answers of a store.
    private static func lines(of store: ReplicaStore) throws -> [String: [String]] {
        let net = store.totals(of: SpaceName.net)
        var lines = [
            "state": [store.state(of: SpaceName.net).hex], "frontier": [store.frontier(of: SpaceName.net).hex],
            "policy-state": [store.state(of: SpaceName.policy).hex],
            "policy-frontier": [store.frontier(of: SpaceName.policy).hex],
            "records": ["\(net.records)"], "entries": ["\(net.entries)"],
            "quarantined": ["\(try store.quarantined().reduce(0) { $0 + $1.entries })"],
            "not-understood": ["\(net.notUnderstood + store.totals(of: SpaceName.policy).notUnderstood)"],
        ]
        lines["left"] = try store.connection.query(
            """
            SELECT records.id, o.field, entries.id, o.place, o.depth
            FROM current AS o JOIN entries ON entries.n = o.entry JOIN records ON records.n = o.record
            """
        ).all { "\($0.bytes(0).hex) \($0.int(1)) \($0.bytes(2).hex) \($0.int(3)) \($0.int(4))" }.sorted()
        let records = try store.connection.query("SELECT id FROM records ORDER BY id").all { (r) throws(StoreError) in
            try r.fixed(0, as: ShortID.self)
        }
        let states = try records.compactMap { try store.state(ofRecord: $0) }
        lines["deleted"] = states.filter(\.isDeleted).map(\.id.hex)
        lines["contested"] = states.filter { !$0.contested.isEmpty }.map(\.id.hex)
        lines["shown"] = states.flatMap { record in record.fields.flatMap { shown($0, of: record) } }.sorted()
        lines["counter"] = states.flatMap { record in record.fields.compactMap { counter($0, of: record) } }.sorted()
        lines["element"] = states.flatMap { record in record.fields.flatMap { elements($0, of: record) } }.sorted()
        lines["disputed"] = states.flatMap { record in record.fields.flatMap { disputed($0, of: record) } }.sorted()
        let candidates = try RecordAccess(store, time: 0).conflictCandidates().map(\.hex)
        let missing = (lines["disputed"] ?? []).filter { line in !candidates.contains { line.hasPrefix($0) } }
        #expect(missing.isEmpty, "no candidate for a conflict: \(missing)")
        return lines
    }

    private static func counter(_ field: FieldState, of record: RecordState) -> String? {
        guard field.left.contains(where: { $0.type == .counter }) else { return nil }
        return "\(record.id.hex) \(field.field) \(CounterMerge.shown(CounterMerge.total(field.left)))"
    }

    private static func elements(_ field: FieldState, of record: RecordState) -> [String] {
        field.elements.enumerated().map { index, element in
            let (beginning, top) = (element.beginning, element.values[0].id)
            let position = element.position.isEmpty ? "-" : element.position.hex
            return "\(record.id.hex) \(field.field) \(index + 1) \(beginning.entry.hex) \(beginning.index) \(position) "
                + "\(top.entry.hex) \(top.index)"
        }
    }

    private static func disputed(_ field: FieldState, of record: RecordState) -> [String] {
        field.elements.filter { Set($0.present.map(\.value)).count > 1 }.map {
            "\(record.id.hex) \(field.field) \($0.beginning.entry.hex) \($0.beginning.index)"
        }
    }

    /// The operations that a field shows first: one for a register and a workflow, one for each key of a map.
    private static func shown(_ field: FieldState, of record: RecordState) -> [String] {
        var seen: Set<String> = []
        var lines: [String] = []
        for operation in field.left where [.register, .map, .workflow].contains(operation.type) {
            let group = "\(operation.type.rawValue) \(operation.type == .map ? operation.shape.encoded.hex : "")"
            guard seen.insert(group).inserted else { continue }
            lines.append("\(record.id.hex) \(field.field) \(operation.id.entry.hex) \(operation.id.index)")
        }
        return lines
    }
}
