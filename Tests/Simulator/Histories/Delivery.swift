package import Crypto
import Replica
package import Store

/// Hands segments to a store as a session does: in batches, with a room for what waits, and in the explicit form where
/// the store asks for it.
package struct Delivery {
    /// A store refused what it should have taken, or the reverse.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String
    }

    private let store: ReplicaStore
    private var waiting = WaitingRoom()
    /// Whose log the sender may show and the store may put aside: nobody else's.
    private let suspects: Set<Digest>
    /// Entries that were new to the store.
    package private(set) var newCount = 0

    package init(to store: ReplicaStore, suspects: Set<Digest>) {
        (self.store, self.suspects) = (store, suspects)
    }

    /// What was handed over and still waits for something.
    package var waitingCount: Int { waiting.count }

    /// Hands over one batch.
    /// - Parameter explicit: the segments that hold these sequence numbers of a log, with all ids in them.
    package mutating func hand(
        _ batch: [IncomingSegment], explicit: (_ log: Digest, _ first: Int, _ last: Int) throws -> [IncomingSegment]
    ) throws {
        var outcomes = try store.ingest(batch, waiting: &waiting)
        var asked: Set<IngestOutcome> = []
        while let outcome = outcomes.popLast() {
            switch outcome {
            case .stored(_, _, _, let new): newCount += new
            case .waiting: break
            case .quarantined(let log, _, let isKept):
                guard suspects.contains(log), isKept else { throw Refusal(description: "\(outcome)") }
            case .explicitNeeded(let log, let first, let last):
                guard asked.insert(outcome).inserted else { continue }
                for segment in try explicit(log, first, last) {
                    outcomes += try store.ingest([segment], waiting: &waiting)
                }
            case .offence, .overflow: throw Refusal(description: "\(outcome)")
            }
        }
    }

    /// Hands over one batch of what another store holds, which is asked where the explicit form is needed.
    package mutating func hand(_ batch: [IncomingSegment], askingFrom other: ReplicaStore) throws {
        try hand(batch) { try Delivery.explicit(other, $0, $1, $2) }
    }

    private static func explicit(
        _ store: ReplicaStore, _ log: Digest, _ first: Int, _ last: Int
    ) throws -> [IncomingSegment] {
        guard let descriptor = store.descriptor(of: log) else { return [] }
        return try store.explicitSegments(log: log, first: first, last: last).map {
            IncomingSegment(descriptor: descriptor, bytes: $0)
        }
    }
}
