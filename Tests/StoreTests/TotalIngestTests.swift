import Bytes
import Crypto
import Replica
import Simulator
import Testing

@testable import Store

@Suite struct TotalIngestTests {
    /// Every stored run of a store, as it is sent and in explicit form.
    private func runs(of store: ReplicaStore) throws -> [IncomingSegment] {
        var result: [IncomingSegment] = []
        for branch in store.sharedBranches() {
            var next = branch.parentSequence + 1
            while let run = try store.segment(branch: branch.number, from: next) {
                result.append(IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes))
                next = run.last + 1
            }
            for bytes in try store.explicitSegments(log: branch.log, first: 0, last: branch.head) {
                result.append(IncomingSegment(descriptor: branch.descriptor, bytes: bytes))
            }
        }
        return result
    }

    private func author(seed: UInt64) throws -> (TestNetwork, ReplicaStore) {
        let network = try TestNetwork(members: 2, seed: seed)
        var editor = RandomEditor(random: SeededEntropy(seed: seed))
        for _ in 0..<12 {
            try editor.edit(network.stores[0])
            try editor.edit(network.stores[1])
            try TestNetwork.copy(from: network.stores[0], to: network.stores[1])
            try TestNetwork.copy(from: network.stores[1], to: network.stores[0])
        }
        return (network, network.stores[1])
    }

    @Test func `P8: mutated and cut segments end as outcomes and store nothing but what was written`() throws {
        let seed: UInt64 = 2026
        print("seed \(seed)")
        let (network, store) = try author(seed: seed)
        let genuine = try runs(of: store)
        let ids = Set(try store.connection.query("SELECT id FROM entries").all { $0.bytes(0) })
        let control = genuine.filter { $0.descriptor.logClass == .control }
        var random = SeededEntropy(seed: seed)
        let victim = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        var waiting = WaitingRoom()
        _ = try victim.ingest(control, waiting: &waiting)
        var offences = 0
        for round in 0..<2500 {
            guard let victimOf = genuine.randomElement(using: &random) else { return }
            var bytes = victimOf.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 2: bytes.remove(at: at)
                case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                default: bytes.removeSubrange(at...)
                }
            }
            var room = WaitingRoom()
            let outcomes = try victim.ingest(
                [IncomingSegment(descriptor: victimOf.descriptor, bytes: bytes)], waiting: &room)
            #expect(outcomes.count == 1, "round \(round)")
            if case .offence? = outcomes.first { offences += 1 }
        }
        #expect(offences > 2000)
        let held = try victim.connection.query("SELECT id FROM entries").all { $0.bytes(0) }
        #expect(held.allSatisfy(ids.contains))
        #expect(try victim.verify() == [])
        _ = try victim.ingest(genuine, waiting: &waiting)
        try expectEqual([store, victim], "after mutations")
    }

    @Test func `P1: a segment cut at any byte is refused and the store is untouched`() throws {
        let (network, store) = try author(seed: 7)
        let victim = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        for segment in try runs(of: store).prefix(6) {
            for count in 0..<segment.bytes.count {
                var room = WaitingRoom()
                let cut = IncomingSegment(descriptor: segment.descriptor, bytes: Array(segment.bytes.prefix(count)))
                guard case .offence? = try victim.ingest([cut], waiting: &room).first else {
                    Issue.record("cut at \(count) of \(segment.bytes.count)")
                    continue
                }
            }
        }
        #expect(victim.totals(of: SpaceName.policy).entries == 0)
    }

    @Test func `segments in reverse order wait for each other, in one batch and one by one`() throws {
        let (network, store) = try author(seed: 8)
        for one in [false, true] {
            let other = try ReplicaStore.inMemory(
                charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
            var waiting = WaitingRoom()
            var segments = Array(try runs(of: store).reversed())
            // Data of devices that nobody has admitted yet is sent again in explicit form: control first, as
            // sessions do.
            segments =
                segments.filter { $0.descriptor.logClass == .control }
                + segments.filter { $0.descriptor.logClass == .data }
            for batch in one ? segments.map({ [$0] }) : [segments] { _ = try other.ingest(batch, waiting: &waiting) }
            #expect(waiting.count == 0)
            try expectEqual([store, other], "reversed")
        }
    }

    @Test func `interleaved edits of two logs lie in one segment each and name each other`() throws {
        let network = try TestNetwork(members: 2, seed: 9)
        let record = try network.stores[0].create("start").record
        for step in 0..<20 {
            try TestNetwork.copy(from: network.stores[step % 2], to: network.stores[1 - step % 2])
            try network.stores[1 - step % 2].set(record, 16, "step \(step)")
        }
        try TestNetwork.copy(from: network.stores[0], to: network.stores[1])
        let exported = try network.stores[1].exported()
        let other = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        var waiting = WaitingRoom()
        let segments = try exported.map { bytes in
            IncomingSegment(
                descriptor: try ExplicitSegment(decoding: bytes, network: network.charter.network).descriptor,
                bytes: bytes)
        }
        #expect(segments.filter { $0.descriptor.logClass == .data }.count == 2)
        _ = try other.ingest(segments, waiting: &waiting)
        #expect(waiting.count == 0)
        try expectEqual([network.stores[1], other], "woven")
    }

    @Test func `R15: a bomb is refused before anything is inflated`() throws {
        let (network, store) = try author(seed: 10)
        let descriptor = try #require(store.sharedBranches().last).descriptor
        // A frame that declares 2^62 bytes, and one that declares nothing.
        let frames: [[UInt8]] = [
            [0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x01, 0, 0],
            [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, 0x01, 0, 0],
        ]
        for frame in frames {
            var waiting = WaitingRoom()
            let other = try ReplicaStore.inMemory(
                charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
            let outcome = try other.ingest(
                [IncomingSegment(descriptor: descriptor, bytes: [1, 1] + frame)], waiting: &waiting
            ).first
            guard case .offence? = outcome else { Issue.record("\(String(describing: outcome))"); continue }
        }
    }

    /// A segment of one entry that is nearly right, sealed with the key of its writer.
    private struct Draft {
        var header: Header
        var values: [[UInt8]] = [[0x61, 0x78]]
        var names: [Digest] = []
        var descriptor: LogDescriptor
        let key: SigningKey

        /// - Parameter isFitted: the header commits to the values.
        func sealed(in network: Digest, isFitted: Bool = true) throws -> IncomingSegment {
            let body = Body.full(leaf: ShortID(1, 2), values: values)
            var header = header
            if isFitted { (header.bodySize, header.bodyCommitment) = (body.size ?? 0, body.commitment) }
            let bytes = header.encoded
            let entry = SegmentEntry(
                id: Header.id(of: bytes), header: header, headerBytes: bytes, names: names, body: body)
            let seal = key.sign(
                Seal.message(log: descriptor.id(network: network), sequence: header.sequence, entry: entry.id))
            let segment = ExplicitSegment(descriptor: descriptor, entries: [entry], seal: seal)
            return IncomingSegment(descriptor: descriptor, bytes: segment.encoded)
        }
    }

    @Test func `P8: no author, too many names or operations, a wrong check or frame leave the store untouched`() throws
    {
        let (network, store) = try author(seed: 11)
        let victim = network.stores[0]
        let id = network.charter.network
        let identity = try #require(store.identity)
        let branch = try #require(
            store.sharedBranches().last { store.isOwn(branch: $0.number) && $0.descriptor.logClass == .data })
        let register = Operation(field: 16, type: .register, references: [], shape: [0xF6])
        let good = Draft(
            header: Header(
                sequence: branch.head + 1, previous: branch.headID, auth: nil, time: 5, record: .new(kind: 900),
                operations: [register]), descriptor: branch.descriptor, key: identity.signingKey)
        func refs(_ count: Int) -> [Operation] {
            let reference = Reference(log: 0, sequence: 0, operation: 0)
            return [
                Operation(
                    field: 16, type: .register, references: Array(repeating: reference, count: count), shape: [0xF6])
            ]
        }
        func changed(_ change: (inout Draft) -> Void) -> Draft {
            var draft = good
            change(&draft)
            return draft
        }
        var entropy = SeededEntropy(seed: 77)
        let stranger = SigningKey(from: &entropy)
        let bad: [(what: String, segment: IncomingSegment)] = [
            (
                "257 operations",
                try changed { $0.header.operations = Array(repeating: register, count: 257) }.sealed(in: id)
            ),
            ("1,025 refs", try changed { $0.header.operations = refs(1_025) }.sealed(in: id)),
            ("names without refs", try changed { $0.names = [branch.headID] }.sealed(in: id)),
            ("refs without names", try changed { $0.header.operations = refs(2) }.sealed(in: id)),
            (
                "a wrong context",
                try changed {
                    $0.header.operations = refs(1)
                    $0.names = [branch.headID]
                    $0.header.context = ShortID(1, 1)
                }.sealed(in: id)
            ),
            ("no place", try changed { $0.header.sequence = 999 }.sealed(in: id)),
            ("more values than operations", try changed { $0.values.append([0x01]) }.sealed(in: id)),
            (
                "a value that is too long",
                try changed { $0.values = [[0x59, 0x40, 0x01] + [UInt8](repeating: 0, count: 16_385)] }.sealed(in: id)
            ),
            (
                "another commitment",
                try changed {
                    $0.header.bodyCommitment = Digest(1, 1, 1, 1); $0.header.bodySize = 2
                }.sealed(in: id, isFitted: false)
            ),
            (
                "a seal of another",
                try Draft(header: good.header, descriptor: good.descriptor, key: stranger).sealed(in: id)
            ),
            (
                "a bad frame",
                IncomingSegment(descriptor: branch.descriptor, bytes: [1, 1, 0x28, 0xB5, 0x2F, 0xFD, 0x20, 9, 1, 2])
            ),
            (
                "no frame",
                IncomingSegment(descriptor: branch.descriptor, bytes: [1, 1] + [UInt8](repeating: 7, count: 50))
            ),
            ("no form", IncomingSegment(descriptor: branch.descriptor, bytes: [7])),
            ("nothing", IncomingSegment(descriptor: branch.descriptor, bytes: [])),
        ]
        let before = try victim.projectionDigest()
        for (what, segment) in bad {
            var waiting = WaitingRoom()
            let outcomes = try victim.ingest([segment], waiting: &waiting)
            guard case .offence? = outcomes.first else {
                Issue.record("\(what): \(outcomes)")
                continue
            }
        }
        // Somebody whom nobody has admitted is kept outside, and what is right is stored.
        var foreign = good
        foreign.descriptor = LogDescriptor(
            space: SpaceName.net, logClass: .data, device: stranger.verifyingKey, incarnation: ShortID(5, 5))
        foreign.header.sequence = 0
        foreign.header.previous = foreign.descriptor.id(network: id)
        let author = try Draft(header: foreign.header, descriptor: foreign.descriptor, key: stranger).sealed(in: id)
        var waiting = WaitingRoom()
        guard case .quarantined? = try victim.ingest([author], waiting: &waiting).first else {
            Issue.record("a segment of a stranger is not quarantined")
            return
        }
        #expect(try victim.projectionDigest() == before)
        #expect(try victim.verify() == [])
        guard case .stored(_, _, _, let new)? = try victim.ingest([good.sealed(in: id)], waiting: &waiting).first else {
            Issue.record("what is right is refused")
            return
        }
        #expect(new == 1)
    }

    @Test func `R12: each seal of a batch is verified once, however many are forged`() throws {
        let network = try TestNetwork(members: 2, seed: 77)
        for number in 0..<5 { _ = try network.stores[1].create("\(number)") }
        let all = try runs(of: network.stores[1])
        let reader = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 2))
        var waiting = WaitingRoom()
        _ = try reader.ingest(all.filter { $0.descriptor.logClass == .control }, waiting: &waiting)
        let data = all.filter { $0.descriptor.logClass == .data && $0.bytes.first == 1 }
        let first = try #require(data.first { (try? CompactSegment(decoding: $0.bytes))?.firstSequence == 0 })
        let seal = try CompactSegment(decoding: first.bytes).seal.bytes
        let start = try #require(first.bytes.indices.first { first.bytes[$0...].starts(with: seal) })
        var bytes = first.bytes
        bytes[start] ^= 1
        let forged = IncomingSegment(descriptor: first.descriptor, bytes: bytes)
        let before = reader.sealCheckCount
        let batch = [IncomingSegment](repeating: first, count: 40) + [IncomingSegment](repeating: forged, count: 40)
        let outcomes = try reader.ingest(batch, waiting: &waiting)
        #expect(outcomes.suffix(40).allSatisfy { $0 == .offence(.seal) })
        #expect(outcomes.prefix(40).allSatisfy { if case .stored = $0 { true } else { false } })
        #expect(reader.sealCheckCount - before == 80)
    }
}
