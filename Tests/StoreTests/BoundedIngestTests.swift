import Bytes
import Crypto
import Replica
import Simulator
import Testing

@testable import Store

/// What a member's few bytes may cost others: segments that hold together, are sealed, and make as much work as can be.
@Suite struct BoundedIngestTests {
    private let network: TestNetwork
    /// Whose data log the segments go on with.
    private let branch: SharedBranch
    private let key: SigningKey
    private let remove = Operation(field: 18, type: .set, references: [], shape: [1])

    init() throws {
        network = try TestNetwork(members: 2, seed: 71)
        let writer = network.stores[1]
        for text in ["one", "two"] { _ = try writer.create(text) }
        try TestNetwork.copy(from: writer, to: network.stores[0])
        key = try #require(writer.identity).signingKey
        branch = try #require(
            writer.sharedBranches().last { writer.isOwn(branch: $0.number) && $0.descriptor.logClass == .data })
    }

    /// Entries above another, each with its flags and as many refs to the first entry of the log.
    private func entries(
        above previous: (sequence: Int, id: Digest), flags: [UInt64], refs: Int = 0, time: Int64
    ) throws -> [SegmentEntry] {
        let first = try #require(try network.stores[1].entryID(branch: branch.number, sequence: 0))
        let name = NamedEntry(log: branch.log, sequence: 0, id: first)
        var (sequence, id) = previous
        return flags.map { flags in
            let reference = Reference(log: 0, sequence: 0, operation: 0)
            let operation = Operation(
                field: 18, type: .set, references: Array(repeating: reference, count: refs), shape: [1])
            sequence += 1
            var header = Header(
                sequence: sequence, previous: id, auth: nil, time: time, record: .new(kind: 900),
                operations: [refs == 0 ? remove : operation])
            header.flags = flags
            let names = Array(repeating: name, count: refs)
            header.context = NamedEntry.context(names)
            let bytes = header.encoded
            id = Header.id(of: bytes)
            return SegmentEntry(id: id, header: header, headerBytes: bytes, names: names.map(\.id), body: .none)
        }
    }

    private func sealed(_ entries: [SegmentEntry], isCompact: Bool = false) throws -> IncomingSegment {
        let last = try #require(entries.last)
        let seal = key.sign(Seal.message(log: branch.log, sequence: last.header.sequence, entry: last.id))
        let bytes =
            isCompact
            ? CompactSegment.encode(entries, seeds: [], seal: seal)
            : ExplicitSegment(descriptor: branch.descriptor, entries: entries, seal: seal).encoded
        return IncomingSegment(descriptor: branch.descriptor, bytes: bytes)
    }

    private func take(_ segments: [IncomingSegment]) throws -> [IngestOutcome] {
        var waiting = WaitingRoom()
        return try network.stores[0].ingest(segments, waiting: &waiting)
    }

    @Test func `a batch of which much fits nowhere is given up after four transactions that had to be undone`() throws {
        let top = (branch.head, branch.headID)
        let transaction = try entries(above: top, flags: [2, 1, 0], time: 5)
        guard case .stored? = try take([sealed(transaction)]).first else {
            Issue.record("the transaction is refused")
            return
        }
        let below = (transaction[0].header.sequence, transaction[0].id)
        let torn = try (0..<50).map { try sealed(entries(above: below, flags: [0], time: Int64($0))) }
        let outcomes = try take(torn)
        let offences = outcomes.count { if case .offence(.chain) = $0 { true } else { false } }
        #expect(offences == ReplicaLimits.undoneBatches)
        #expect(outcomes.count { $0 == .overflow } == 50 - ReplicaLimits.undoneBatches)
        #expect(try network.stores[0].verify() == [])
    }

    @Test(arguments: [(2, true), (5, false)])
    func `so many names are looked up in several branches, and then the explicit form is asked for`(
        count: Int, isResolved: Bool
    ) throws {
        // The segment goes on from the second branch, so that the first is tried in vain.
        let top = (branch.head, branch.headID)
        let forks = try [1, 2].map { try entries(above: top, flags: [0], time: $0) }
        for fork in forks { _ = try take([sealed(fork)]) }
        let flags = [UInt64](repeating: 0, count: count)
        let above = try entries(
            above: (forks[1][0].header.sequence, forks[1][0].id), flags: flags, refs: 1_000, time: 9)
        let outcomes = try take([sealed(above, isCompact: true)])
        guard isResolved else {
            guard case .explicitNeeded? = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
            // In that form it is taken.
            guard case .stored? = try take([sealed(above)]).first else {
                Issue.record("the explicit form is refused")
                return
            }
            return
        }
        guard case .stored? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(try network.stores[0].verify() == [])
    }

    @Test func `a segment that falls out unseen does not end what came beside it`() throws {
        let top = (branch.head, branch.headID)
        var segments = try (0..<40).map { try sealed(entries(above: top, flags: [0], time: Int64($0))) }
        for index in stride(from: 0, to: 40, by: 2) {
            var bytes = segments[index].bytes
            bytes[bytes.count - 1] ^= 1
            segments[index] = IncomingSegment(descriptor: branch.descriptor, bytes: bytes)
        }
        for (index, outcome) in try take(segments).enumerated() {
            switch outcome {
            case .offence(.seal): #expect(index.isMultiple(of: 2))
            case .stored(_, _, _, let new): #expect(!index.isMultiple(of: 2) && new == 1)
            default: Issue.record("\(outcome)")
            }
        }
        #expect(try network.stores[0].verify() == [])
    }

    @Test func `R12: a long chain that hangs on what waits waits as a whole, and what is beside it is stored`() throws {
        let top = (branch.head, branch.headID)
        // Its second entry names one that nobody has.
        var open = try entries(above: top, flags: [0], time: 1)
        let name = NamedEntry(log: branch.log, sequence: 0, id: Digest(9, 9, 9, 9))
        var header = Header(
            sequence: open[0].header.sequence + 1, previous: open[0].id, auth: nil, time: 1, record: .new(kind: 900),
            operations: [
                Operation(
                    field: 18, type: .set, references: [Reference(log: 0, sequence: 0, operation: 0)], shape: [1])
            ])
        header.context = NamedEntry.context([name])
        let bytes = header.encoded
        open.append(
            SegmentEntry(id: Header.id(of: bytes), header: header, headerBytes: bytes, names: [name.id], body: .none))
        var segments = [try sealed(open)]
        var last = (sequence: open[0].header.sequence, id: open[0].id)
        for _ in 0..<1_000 {
            let next = try entries(above: last, flags: [0], time: 2)
            segments.append(try sealed(next))
            last = (next[0].header.sequence, next[0].id)
        }
        segments.append(try sealed(entries(above: top, flags: [0, 0], time: 3)))
        let outcomes = try take(segments)
        #expect(outcomes.dropLast().allSatisfy { if case .waiting = $0 { true } else { false } })
        guard case .stored(_, _, _, let new)? = outcomes.last else {
            Issue.record("what hangs on nothing is not stored")
            return
        }
        #expect(new == 2)
        #expect(try network.stores[0].verify() == [])
    }
}
