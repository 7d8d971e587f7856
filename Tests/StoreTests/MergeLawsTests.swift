import Crypto
import Replica
import Simulator
import Testing

@testable import Store

/// The laws of merging, for each merge type, on real stores: histories that were forked and written on apart.
///
/// `Scripts/prove merges` tries the same by the hundred thousand.
@Suite struct MergeLawsTests {
    /// A type that this version merges, or only keeps.
    struct Subject: CustomTestStringConvertible {
        let name: String
        let type: MergeType?
        var testDescription: String { name }
    }

    static let subjects = [
        Subject(name: "register", type: .register), Subject(name: "set", type: .set),
        Subject(name: "counter", type: .counter), Subject(name: "list", type: .list), Subject(name: "map", type: .map),
        Subject(name: "workflow", type: .workflow), Subject(name: "existence", type: .existence),
        Subject(name: "remark", type: .remark), Subject(name: "text", type: .text),
        Subject(name: "unknown", type: MergeType(rawValue: 99)), Subject(name: "all types", type: nil),
    ]

    /// One for all tests: making it costs more than many histories.
    private static let network = Result { try FixedNetwork() }

    private func forEachHistory(of subject: Subject, sides: Int, _ body: (CorrelatedHistory) throws -> Void) throws {
        let network = try Self.network.get()
        let first = UInt64.random(in: 0..<1 << 32)
        print("\(subject.name): seeds from \(first)")
        for seed in first..<first + 12 {
            let history = CorrelatedHistory(network, seed: seed, only: subject.type, sides: sides)
            do { try body(history) } catch { Issue.record("\(subject.name), seed \(seed): \(error)\n\(history)") }
        }
    }

    @Test(arguments: subjects) func `merging is commutative`(_ subject: Subject) throws {
        var trial = MergeTrial(try Self.network.get())
        try forEachHistory(of: subject, sides: 2) { try trial.runMerging($0) }
        #expect(trial.counts.comparisons == 12)
    }

    @Test(arguments: subjects) func `merging is associative`(_ subject: Subject) throws {
        var trial = MergeTrial(try Self.network.get())
        try forEachHistory(of: subject, sides: 3) { try trial.runMerging($0) }
        #expect(trial.counts.comparisons == 24)
    }

    @Test(arguments: subjects) func `merging is idempotent`(_ subject: Subject) throws {
        var trial = MergeTrial(try Self.network.get())
        try forEachHistory(of: subject, sides: 3) { try trial.runAgain($0) }
        #expect(trial.counts.comparisons == 48)
    }

    @Test(arguments: subjects)
    func `C1: interleaved, doubled and reordered messages give what their order of writing gives`(
        _ subject: Subject
    ) throws {
        var trial = MergeTrial(try Self.network.get())
        try forEachHistory(of: subject, sides: 3) { try trial.runOrders(4, $0, isReloaded: false) }
        #expect(trial.counts.comparisons == 48)
    }

    @Test func `C2: a store that is read again after every batch is the same`() throws {
        var trial = MergeTrial(try Self.network.get())
        try forEachHistory(of: Subject(name: "all types", type: nil), sides: 3) {
            try trial.runOrders(4, $0, isReloaded: true)
        }
        #expect(trial.counts.reloads > 100)
    }

    /// The histories hold what the laws are about.
    @Test func `the histories are rich`() throws {
        let network = try Self.network.get()
        var trial = MergeTrial(network)
        for seed in 1...60 as ClosedRange<UInt64> { _ = try trial.run(CorrelatedHistory(network, seed: seed)) }
        let counts = trial.counts
        #expect(counts.forked > 8 && counts.quarantined > 6 && counts.lateAdmissions > 6)
        #expect(counts.conflicts > 15 && counts.contested > 20 && counts.notUnderstood > 30)
    }

    /// What the histories say is left is counted without the code that merges; so a lie in either is seen.
    @Test func `a history that is told apart from what is stored is found out`() throws {
        let network = try Self.network.get()
        let one = CorrelatedHistory(network, seed: 1)
        let other = CorrelatedHistory(network, seed: 2)
        let all = Array(one.pieces.indices)
        #expect(one.state(of: all) != other.state(of: Array(other.pieces.indices)))
        #expect(one.state(of: all) != one.state(of: all.dropLast()))
        #expect(one.frontier(of: all) != one.frontier(of: all.dropLast()))
    }
}

// Places of defects that random histories have found, each as small as it can be.
@Suite struct FoundByHistoriesTests {
    @Test func `a transaction whose last member waits for another log is derived again`() throws {
        let network = try TestNetwork(members: 3, seed: 211)
        let (one, other) = (network.stores[1], network.stores[2])
        func note(_ record: ShortID, _ text: String, replacing: [OperationID] = []) -> EntryDraft {
            EntryDraft(
                target: .existing(record),
                operations: [
                    OperationDraft(field: 16, type: .register, replaces: replacing, value: .text(text))
                ])
        }
        let record = try one.create("zero").record
        try TestNetwork.copy(from: one, to: other)
        let far = try other.set(record, 17, "far")
        try TestNetwork.copy(from: other, to: one)
        // The second member names what the other log has written, which names the first log itself.
        let remark = OperationDraft(
            field: ReservedField.because, type: .remark, replaces: [OperationID(entry: far.entry, index: 0)],
            value: .text("because"))
        _ = try one.write(
            [note(record, "first member"), EntryDraft(target: .existing(record), operations: [remark])],
            space: SpaceName.net, time: 5)
        try TestNetwork.copy(from: one, to: other)
        // The other log goes on, so that its one piece ends after the transaction.
        try other.set(record, 17, "after")
        try TestNetwork.copy(from: other, to: one)
        #expect(try one.verify() == [])
        for store in [one, other] {
            let (state, frontier) = (store.state(of: SpaceName.net), store.frontier(of: SpaceName.net))
            try store.rebuild()
            #expect(store.state(of: SpaceName.net) == state)
            #expect(store.frontier(of: SpaceName.net) == frontier)
        }
    }

    @Test func `what goes on from quarantined entries is stored with them when their admission comes beside it`() throws
    {
        let network = try FixedNetwork()
        let store = try FreshStores(network).make().store
        let history = try #require(
            (1...2000 as ClosedRange<UInt64>).lazy.map { CorrelatedHistory(network, seed: $0, only: .register) }.first {
                history in
                history.pieces.count { $0.hand.author == .late } == 2
                    && Set(history.pieces.map(\.hand.author)) == [.first, .late] && history.forkCount == 0
            })
        let late = history.pieces.indices.filter { history.pieces[$0].hand.author == .late }
        let others = history.pieces.indices.filter { history.pieces[$0].hand.author != .late }
        var waiting = WaitingRoom()
        _ = try store.ingest([history.explicit(late[0])], waiting: &waiting)
        #expect(try store.quarantined().count == 1)
        // The second piece lies above the one in quarantine, and comes with all that both need.
        _ = try store.ingest(
            [history.explicit(late[1])] + network.lateControl + others.map { history.explicit($0) }, waiting: &waiting)
        #expect(waiting.count == 0)
        #expect(try store.quarantined().isEmpty)
        #expect(store.state(of: SpaceName.net) == history.state(of: Array(history.pieces.indices)))
    }

    @Test func `a run that fits two branches is asked for with its ids, though on one of them it might wait`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 5, seed: 231)
        let (receiver, writer, named, third) = (
            network.stores[0], network.stores[1], network.stores[2], network.stores[3]
        )
        let record = try writer.create("zero").record
        for store in [named, third] { try TestNetwork.copy(from: writer, to: store) }
        try named.set(record, 17, "before the fork")
        let namedTwin = try named.twin(in: folder, name: "named", seed: 232)
        try named.set(record, 17, "one branch")
        try namedTwin.set(record, 17, "the other branch")
        // On the twin's branch the first log named is the third one's, which has one entry.
        let writerTwin = try writer.twin(in: folder, name: "writer", seed: 233)
        try third.set(record, 18, "third")
        try TestNetwork.copy(from: third, to: writerTwin)
        try writerTwin.set(record, 18, "by the twin")
        // On the writer's own it is the forked one, of which the second entry is named.
        try writer.set(record, 16, "one")
        try TestNetwork.copy(from: named, to: writer)
        for store in [writerTwin, writer, namedTwin, named] { try TestNetwork.copy(from: store, to: receiver) }
        try writer.set(record, 17, "names one branch")

        let branch = try #require(writer.sharedBranches().first { $0.descriptor.space == SpaceName.net })
        let run = try #require(try writer.segment(branch: branch.number, from: 2))
        #expect(run.bytes.first == 1)
        var waiting = WaitingRoom()
        let outcome = try receiver.ingest(
            [IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)], waiting: &waiting)
        #expect(outcome == [.explicitNeeded(log: branch.log, first: 2, last: 2)])
        #expect(waiting.count == 0)
        try TestNetwork.copy(from: writer, to: receiver)
        #expect(try receiver.texts(record, 17) == ["names one branch", "the other branch"])
    }
}
