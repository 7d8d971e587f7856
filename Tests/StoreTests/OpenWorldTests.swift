import Bytes
import Crypto
import Replica
import Testing

@testable import Store

extension ReplicaStore {
    /// Writes one entry with whatever a later version may put into a header.
    func writeRaw(
        record: Header.Record, operations: [Replica.Operation], values: [[UInt8]], _ change: (inout Header) -> Void
    ) throws {
        try connection.transaction(throwing: StoreError.self) { () throws(StoreError) in
            try writeOwn(space: SpaceName.net, logClass: .data) { (_, position) throws(StoreError) in
                let auth = position.auth == identity?.grant ? nil : identity?.grant
                var header = Header(
                    sequence: position.sequence, previous: position.previous, auth: auth, time: 4, record: record,
                    operations: operations)
                change(&header)
                return [(header, values, [])]
            }
        }
    }
}

@Suite struct OpenWorldTests {
    private func known(_ field: Int = 16) -> Replica.Operation {
        Operation(field: field, type: .register, references: [], shape: CBOR.null.encoded)
    }

    @Test func `C6: what a later version writes passes through a relay byte for byte`() throws {
        let network = try TestNetwork(members: 3, seed: 101)
        let (relay, writer, third) = (network.stores[0], network.stores[1], network.stores[2])
        let text = CBOR.text("value").encoded
        try writer.create("known")
        // An unknown kind with an extension.
        try writer.writeRaw(record: .new(kind: 999), operations: [known()], values: [text]) {
            $0.extensions = CBOR.map([CBOR.Pair(key: .unsigned(7), value: .array([.text("x"), .null]))]).encoded
        }
        // Unknown types, with a value and without, beside a known one.
        let later = [99, 100].map {
            Operation(
                field: 30, type: MergeType(rawValue: $0), references: [],
                shape: CBOR.array([.unsigned(1), .text("s")]).encoded)
        }
        try writer.writeRaw(record: .new(kind: 900), operations: later + [known()], values: [text, text]) { _ in }
        // A type of version 1 that comes to life later.
        let insert = CBOR.array([.unsigned(0), .unsigned(5), .unsigned(0)]).encoded
        try writer.writeRaw(
            record: .new(kind: 900),
            operations: [Operation(field: 31, type: .text, references: [], shape: insert)],
            values: [text]
        ) { _ in }
        // Unknown flags, and a later version of the header, whose body is its own affair.
        try writer.writeRaw(record: .new(kind: 900), operations: [known()], values: [text]) {
            $0.flags = 0x1_0000_0000_0100
        }
        try writer.writeRaw(record: .new(kind: 900), operations: [known()], values: [text, text, text]) {
            $0.version = 2
        }
        try writer.create("known again")

        try TestNetwork.copy(from: writer, to: relay)
        try TestNetwork.copy(from: relay, to: third)
        for store in [writer, relay, third] {
            #expect(store.totals(of: SpaceName.net).notUnderstood == 4)
            // Records that only entries which are not understood create do not exist.
            #expect(store.totals(of: SpaceName.net).records == 5)
        }
        try meet([relay, writer])
        try meet([relay, third])
        try meet([relay, writer])
        try expectEqual([writer, relay, third], "relayed")
        var shown = 0
        try RecordAccess(third, time: 0).forEach(kind: 900) { _ in shown += 1 }
        #expect(shown == 4)
    }

    @Test func `a statement of a later version is kept, counted and relayed without effect`() throws {
        let network = try TestNetwork(members: 2, seed: 111)
        let (founder, member) = (network.stores[0], network.stores[1])
        try founder.connection.transaction(throwing: StoreError.self) { () throws(StoreError) in
            try founder.writeOwn(space: SpaceName.policy, logClass: .control) { (_, position) throws(StoreError) in
                let shape = CBOR.array([.array([.bytes([UInt8](repeating: 1, count: 32))]), .unsigned(1), .array([])])
                    .encoded
                return [4, 77].enumerated().map { offset, number in
                    let operation = Operation(field: 0, type: .statement, references: [], shape: shape)
                    return (
                        Header(
                            sequence: position.sequence + offset, previous: position.previous, auth: nil, time: 1,
                            record: .new(kind: number), operations: [operation]), [], []
                    )
                }
            }
        }
        try meet([founder, member])
        try expectEqual([founder, member], "statements")
        #expect(member.totals(of: SpaceName.policy).notUnderstood == 0)
        #expect(member.authority.grants == founder.authority.grants)
    }
}

@Suite struct QuarantineTests {
    /// A device that nobody has admitted, with a life and entries of its own.
    private func stranger(_ network: inout TestNetwork, grant: Digest) throws -> (
        ReplicaStore, SigningKey, AgreementKey
    ) {
        let (device, channel) = (SigningKey(from: &network.entropy), AgreementKey(from: &network.entropy))
        let store = try ReplicaStore.inMemory(
            charter: network.charter, identity: .init(signingKey: device, channelKey: channel, grant: grant),
            entropy: SeededEntropy(seed: 77))
        try TestNetwork.copy(from: network.stores[0], to: store)
        return (store, device, channel)
    }

    /// The store of a device that the founder admits while the other members do not hear of it.
    private func late(_ network: inout TestNetwork, seed: UInt64) throws -> (ReplicaStore, SigningKey) {
        let founder = network.stores[0]
        let (device, channel) = (SigningKey(from: &network.entropy), AgreementKey(from: &network.entropy))
        let grant = try #require(
            try Founding.admit(
                device.verifyingKey, channelKey: channel.publicKey, to: .organisation(name: "Late"), in: founder,
                time: 9))
        let store = try ReplicaStore.inMemory(
            charter: network.charter, identity: .init(signingKey: device, channelKey: channel, grant: grant),
            entropy: SeededEntropy(seed: seed))
        try TestNetwork.copy(from: founder, to: store)
        try store.openIncarnation(time: 4)
        return (store, device)
    }

    private func explicitRuns(of store: ReplicaStore, device: VerifyingKey) throws -> [IncomingSegment] {
        try explicitRuns(of: store) { $0.device == device }
    }

    /// Everything that a store shares of some logs, in explicit form.
    private func explicitRuns(
        of store: ReplicaStore, where isWanted: (LogDescriptor) -> Bool
    ) throws -> [IncomingSegment] {
        try store.sharedBranches().filter { isWanted($0.descriptor) }.flatMap { branch in
            try store.explicitSegments(log: branch.log, first: 0, last: branch.head).map {
                IncomingSegment(descriptor: branch.descriptor, bytes: $0)
            }
        }
    }

    @Test func `entries of a stranger are quarantined, shown and kept back, and count when the admission comes`() throws
    {
        var network = try TestNetwork(members: 2, seed: 121)
        let (founder, member) = (network.stores[0], network.stores[1])
        let before = try network.stores[1].exported()
        let (late, device) = try late(&network, seed: 7)
        let record = try late.create("early bird").record
        for index in 0..<300 { try late.set(record, 16, "step \(index)") }
        var waiting = WaitingRoom()
        let runs = try explicitRuns(of: late, device: device.verifyingKey)
        #expect(runs.count > 3)
        for run in runs {
            guard case .quarantined? = try member.ingest([run], waiting: &waiting).first else {
                Issue.record("not quarantined"); continue
            }
        }
        #expect(waiting.count == 0)
        let shown = try member.quarantined()
        #expect(shown.reduce(0) { $0 + $1.entries } == 302)
        #expect(shown.allSatisfy { $0.device == device.verifyingKey.deviceID })
        #expect(!member.sharedBranches().contains { $0.descriptor.device == device.verifyingKey })
        #expect(try member.exported() == before)
        #expect(try member.verify() == [])
        // Offered again, it is kept once.
        for run in runs { _ = try member.ingest([run], waiting: &waiting) }
        #expect(try member.quarantined().count == shown.count)

        try TestNetwork.copy(from: founder, to: member)
        #expect(try member.quarantined().isEmpty)
        #expect(try member.texts(record, 16) == ["step 299"])
        try meet([member, founder, late])
        try expectEqual([member, founder, late], "admitted")
    }

    @Test(arguments: [(2, true), (30, false)])
    func `R12: much that waits in quarantine is tried again when an eighth as much has come, little at once`(
        count: Int, isLittle: Bool
    ) throws {
        var network = try TestNetwork(members: 3, seed: 141)
        let (founder, member, third) = (network.stores[0], network.stores[1], network.stores[2])
        let record = try third.create("named").record
        try TestNetwork.copy(from: third, to: founder)
        let (late, device) = try late(&network, seed: 8)
        let text = String(repeating: "long ", count: 1_000)
        for index in 0..<count { try late.set(record, 16, "\(text)\(index)") }
        var waiting = WaitingRoom()
        let runs = try explicitRuns(of: late, device: device.verifyingKey)
        _ = try member.ingest(runs, waiting: &waiting)
        let kept = try member.quarantined().count
        #expect(kept == runs.count)
        #expect((member.quarantine.byteCount <= QuarantineLimits.alwaysTriedBytes) == isLittle)
        // Its admission comes, and what its entries name does not.
        let control = try explicitRuns(of: late) { $0.logClass == .control }
        _ = try member.ingest(control, waiting: &waiting)
        #expect(member.authority.admits(device.verifyingKey))
        let left = try member.quarantined().count
        #expect(left > 0 && member.releasable?.count == 1)
        try TestNetwork.copy(from: third, to: member)
        #expect(try member.quarantined().count == (isLittle ? 0 : left))
        // What comes counts as it comes, and this cannot be compressed to much less.
        for _ in 0..<6 { try third.set(record, 17, "\(network.entropy.fill(3_000))") }
        try TestNetwork.copy(from: third, to: member)
        #expect(try member.quarantined().isEmpty)
        #expect(try member.texts(record, 16) == ["\(text)\(count - 1)"])
        try meet([member, founder, late, third])
        try expectEqual([member, founder, late, third], "released")
    }

    @Test func `what a stranger may fill is bounded for each log and in all`() throws {
        var network = try TestNetwork(members: 2, seed: 131)
        let (store, device, _) = try stranger(&network, grant: try #require(network.stores[1].identity?.grant))
        let descriptor = LogDescriptor(
            space: SpaceName.net, logClass: .data, device: device.verifyingKey, incarnation: ShortID(1, 2))
        let log = descriptor.id(network: network.charter.network)
        var previous = log
        var kept = 0
        for sequence in 0..<300 {
            var header = Header(
                sequence: sequence, previous: previous, auth: sequence == 0 ? store.identity?.grant : nil, time: 0,
                record: .new(kind: 900),
                operations: [Operation(field: 16, type: .register, references: [], shape: CBOR.null.encoded)])
            let body = Body.full(
                leaf: ShortID(3, 4), values: [CBOR.bytes([UInt8](repeating: 7, count: 16_000)).encoded])
            (header.bodySize, header.bodyCommitment) = (body.size ?? 0, body.commitment)
            let id = Header.id(of: header.encoded)
            let entry = SegmentEntry(id: id, header: header, headerBytes: header.encoded, names: [], body: body)
            let seal = device.sign(Seal.message(log: log, sequence: sequence, entry: id))
            let bytes = ExplicitSegment(descriptor: descriptor, entries: [entry], seal: seal).encoded
            var waiting = WaitingRoom()
            let outcome = try network.stores[0].ingest(
                [IncomingSegment(descriptor: descriptor, bytes: bytes)], waiting: &waiting
            ).first
            guard case .quarantined(_, _, let isKept)? = outcome else {
                Issue.record("\(String(describing: outcome))"); return
            }
            if isKept { kept += bytes.count }
            previous = id
        }
        #expect(kept <= QuarantineLimits.bytesPerLog)
        #expect(kept > QuarantineLimits.bytesPerLog - 20_000)
    }
}
