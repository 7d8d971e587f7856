import Bytes
import Crypto
import Node
import Replica
import Simulator
import Testing

@testable import Store

/// A member that hands on what somebody wrote who was never admitted.
@Suite struct QuarantineTests {
    /// A store whose device has no admission, with an opening and one entry.
    private func stranger(in network: SimulatedNetwork) throws -> ReplicaStore {
        var entropy = SeededEntropy(seed: 99)
        let charter = network.nodes[0].store.charter
        let identity = ReplicaStore.Identity(
            signingKey: SigningKey(from: &entropy), channelKey: AgreementKey(from: &entropy),
            grant: Digest(entropy.fill(32)))
        let store = try ReplicaStore.inMemory(charter: charter, identity: identity, entropy: entropy)
        try store.openIncarnation(time: 0)
        try store.connection.transaction { () throws(StoreError) in
            try store.writeOwn(space: SpaceName.net, logClass: .data) { (_, position) throws(StoreError) in
                let operation = Operation(field: 16, type: .register, references: [], shape: CBOR.null.encoded)
                let header = Header(
                    sequence: position.sequence, previous: position.previous, auth: identity.grant, time: 0,
                    record: .new(kind: 900), operations: [operation])
                return [(header, [Value.text("forged").encoded], [])]
            }
        }
        return store
    }

    /// Puts the logs of one store into another as if they had been judged.
    private func plant(_ source: ReplicaStore, in store: ReplicaStore) throws {
        for branch in source.sharedBranches() {
            let log = branch.descriptor.id(network: source.network)
            var next = 0
            while let run = try source.segment(branch: branch.number, from: next) {
                let bytes = try #require(
                    try source.explicitSegments(log: log, first: next, last: run.last).first)
                let segment = try ExplicitSegment(decoding: bytes, network: source.network)
                var works = [
                    SegmentWork(
                        index: 0, descriptor: branch.descriptor, log: log, form: .explicit(segment), byteCount: 0,
                        seal: segment.seal, entries: segment.entries,
                        base: .init(previous: log, branch: nil, table: [], auth: source.identity?.grant),
                        progress: .complete)
                ]
                try store.connection.transaction(throwing: IngestFailure.self) { () throws(IngestFailure) in
                    _ = try store.store(&works)
                }
                next = run.last + 1
            }
        }
    }

    @Test func `a relay keeps and shows what a stranger wrote, and passes none of it on`() throws {
        let network = try SimulatedNetwork(members: 3, seed: 21)
        let (relay, member, third) = (network.nodes[0], network.nodes[1], network.nodes[2])
        let stranger = try stranger(in: network)
        try plant(stranger, in: member.store)
        let (policy, net) = (relay.store.frontier(of: SpaceName.policy), relay.store.frontier(of: SpaceName.net))

        // The member's view of who belongs is its own: the two cannot agree, and nobody else is troubled.
        _ = network.sync(1, 0)
        #expect(relay.store.frontier(of: SpaceName.policy) == policy)
        #expect(relay.store.frontier(of: SpaceName.net) == net)
        let quarantined = try relay.store.quarantined()
        #expect(!quarantined.isEmpty)
        #expect(quarantined.allSatisfy { $0.device == stranger.identity?.device && $0.reason == .grantDoesNotStand })
        let status = try #require(relay.node.submit(Request(verb: "status")).response)
        #expect(status.notes.contains { $0.contains("its writer is not admitted") })

        let answer = try #require(network.sync(2, 0)?.document?["peers"]?.items?.first)
        #expect(answer["identical"]?.flag == true)
        #expect(try third.store.quarantined().isEmpty)
        #expect(third.store.totals(of: SpaceName.policy).entries == relay.store.totals(of: SpaceName.policy).entries)
        #expect(try relay.store.verify() == [])
    }
}
