import Bytes
package import Crypto
package import Replica
import Store

/// Tries the laws of merging with histories on real stores: whoever holds the same entries shows the same.
package struct MergeTrial {
    /// A law did not hold.
    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    /// What must be equal wherever the same entries are held.
    package struct Snapshot: Hashable {
        /// Of `policy` and `net`.
        package let frontiers: [Digest]
        package let states: [Digest]
        /// Records, entries and what is not understood, of both.
        package let counts: [Int]
        package let records: [RecordState]
    }

    /// What was done, added up over histories.
    package struct Counts {
        package var histories = 0
        package var entries = 0
        /// One history, or a side of it, given to one store on a way of its own, and what the store then holds checked.
        package var deliveries = 0
        /// Stores that came to hold the same on different ways, and were compared.
        package var comparisons = 0
        package var reloads = 0
        package var rebuilds = 0
        package var forked = 0
        package var quarantined = 0
        package var lateAdmissions = 0
        package var conflicts = 0
        package var contested = 0
        package var notUnderstood = 0

        package init() {}
    }

    package private(set) var counts = Counts()
    private let stores: FreshStores
    private var random = SeededEntropy(seed: 0)

    package init(_ network: FixedNetwork) { stores = FreshStores(network) }

    /// Tries all laws with one history.
    /// - Returns: what every node shows in the end.
    /// - Throws: `Broken`, `Delivery.Refusal`, or whatever a store throws.
    package mutating func run(_ history: CorrelatedHistory) throws -> Snapshot {
        begin(history)
        var sides = try sides(of: history)
        try mergeInEveryWay(&sides, history)
        let shown = try whole(sides[0], history)
        try takeEverythingAgain(sides[0], from: sides[1], history, shown)
        let aside = try Set(sides[0].store.quarantined().map(Aside.init))
        for isOneByOne in [false, true] {
            let other = try deliver(history, isOneByOne: isOneByOne, isReloaded: draw(0..<3) == 0)
            try expectEqual(try snapshot(other.store), shown, "the order of delivery can be seen")
            try expect(
                try Set(other.store.quarantined().map(Aside.init)) == aside, "other entries are put aside")
            if draw(0..<64) == 0 { try deriveAgain(other, sides[0], shown) }
        }
        note(history, shown, aside.count)
        return shown
    }

    /// A + B = B + A, and (A + B) + C = C + (B + A) where there are three sides.
    package mutating func runMerging(_ history: CorrelatedHistory) throws {
        begin(history)
        var sides = try sides(of: history)
        try mergeInEveryWay(&sides, history)
        _ = try whole(sides[0], history)
    }

    /// What is held already changes nothing, however often it comes.
    package mutating func runAgain(_ history: CorrelatedHistory) throws {
        begin(history)
        var sides = try sides(of: history)
        try mergeInEveryWay(&sides, history)
        let shown = try whole(sides[0], history)
        for _ in 0..<2 { try takeEverythingAgain(sides[0], from: sides[1], history, shown) }
    }

    /// So many orders of delivery give what the order of writing gives.
    /// - Parameter isReloaded: after every batch the store is read again from the database.
    package mutating func runOrders(_ count: Int, _ history: CorrelatedHistory, isReloaded: Bool) throws {
        begin(history)
        let written = try take(Array(history.pieces.indices), of: history)
        let shown = try whole(written, history)
        for order in 0..<count {
            let isOneByOne = !order.isMultiple(of: 2)
            let other = try deliver(history, isOneByOne: isOneByOne, isReloaded: isReloaded)
            try expectEqual(try snapshot(other.store), shown, "the order of delivery can be seen")
        }
    }

    private mutating func begin(_ history: CorrelatedHistory) {
        random = SeededEntropy(seed: history.seed ^ 0x5EED)
        stores.reuseAll()
    }

    /// What a store shows that holds a whole history: also what was worked out without it.
    private func whole(_ store: FreshStore, _ history: CorrelatedHistory) throws -> Snapshot {
        let shown = try snapshot(store.store)
        let all = Array(history.pieces.indices)
        try expect(shown.states[1] == history.state(of: all), "merging leaves something else")
        try expect(shown.frontiers[1] == history.frontier(of: all), "merging gives another frontier")
        return shown
    }

    /// What is quarantined.
    private struct Aside: Hashable {
        let device: ShortID
        let entries: Int
        let reason: Authority.Reason

        init(_ row: (device: ShortID, entries: Int, reason: Authority.Reason)) {
            (device, entries, reason) = (row.device, row.entries, row.reason)
        }
    }

    private mutating func note(_ history: CorrelatedHistory, _ shown: Snapshot, _ aside: Int) {
        counts.histories += 1
        counts.entries += history.members.count
        counts.forked += history.forkCount > 0 ? 1 : 0
        counts.lateAdmissions += history.hasLateAuthor ? 1 : 0
        counts.quarantined += aside > 0 ? 1 : 0
        counts.notUnderstood += shown.counts[5] > 0 ? 1 : 0
        counts.contested += shown.records.contains { !$0.contested.isEmpty } ? 1 : 0
        let isDisputed = shown.records.contains { record in
            record.fields.contains { field in
                field.left.filter { $0.type == .register || $0.type == .workflow }.count > 1
                    || field.elements.contains { $0.values.count > 1 }
            }
        }
        counts.conflicts += isDisputed ? 1 : 0
    }

    // MARK: Sides that meet

    /// A store for each side with what that side holds.
    private mutating func sides(of history: CorrelatedHistory) throws -> [FreshStore] {
        var sides: [FreshStore] = []
        for held in history.held { sides.append(try take(held, of: history)) }
        return sides
    }

    /// A store that takes some pieces in the order in which they were written.
    private mutating func take(_ held: [Int], of history: CorrelatedHistory) throws -> FreshStore {
        let side = try stores.make()
        counts.deliveries += 1
        var delivery = Delivery(to: side.store, suspects: suspects(history))
        var batch = held.contains { history.pieces[$0].hand.author == .late } ? history.network.lateControl : []
        batch += held.map { history.hasCompactForm($0) ? history.compact($0) : history.explicit($0) }
        try delivery.hand(batch) { history.explicit(held, $0, $1, $2) }
        try expect(delivery.waitingCount == 0, "something of a whole history waits")
        try expect(side.store.state(of: SpaceName.net) == history.state(of: held), "a side leaves something else")
        return side
    }

    /// A + B on one side and B + A on the other, then (A + B) + C and C + (B + A).
    private mutating func mergeInEveryWay(_ sides: inout [FreshStore], _ history: CorrelatedHistory) throws {
        let first = FixedNetwork.runs(of: sides[0].store)
        try hand(FixedNetwork.runs(of: sides[1].store), of: sides[1], to: sides[0], history)
        try hand(first, of: sides[0], to: sides[1], history)
        try compare(sides[0], sides[1], "merging is not commutative")
        guard sides.count > 2 else { return }
        let third = FixedNetwork.runs(of: sides[2].store)
        try hand(FixedNetwork.runs(of: sides[1].store), of: sides[1], to: sides[2], history)
        try hand(third, of: sides[2], to: sides[0], history)
        try compare(sides[0], sides[2], "merging is not associative")
    }

    private mutating func hand(
        _ runs: [IncomingSegment], of giver: FreshStore, to taker: FreshStore, _ history: CorrelatedHistory
    ) throws {
        counts.deliveries += 1
        var delivery = Delivery(to: taker.store, suspects: suspects(history))
        let size = draw(1...6)
        var rest = runs[...]
        while !rest.isEmpty {
            try delivery.hand(Array(rest.prefix(size)), askingFrom: giver.store)
            rest = rest.dropFirst(size)
        }
        try expect(delivery.waitingCount == 0, "something of what a store holds waits")
    }

    /// Idempotent: what is held already changes nothing.
    private mutating func takeEverythingAgain(
        _ side: FreshStore, from other: FreshStore, _ history: CorrelatedHistory, _ shown: Snapshot
    ) throws {
        counts.deliveries += 1
        var delivery = Delivery(to: side.store, suspects: suspects(history))
        let pieces = history.pieces.indices.map { history.explicit($0) }
        try delivery.hand(pieces + FixedNetwork.runs(of: other.store), askingFrom: other.store)
        try expect(delivery.newCount == 0, "what is held already is taken for new")
        counts.comparisons += 1
        try expectEqual(try snapshot(side.store), shown, "merging is not idempotent")
    }

    private mutating func compare(_ a: FreshStore, _ b: FreshStore, _ law: String) throws {
        counts.comparisons += 1
        try expectEqual(try snapshot(a.store), try snapshot(b.store), law)
    }

    // MARK: Any order

    /// All pieces in an order drawn at random, some twice, some as a part of a longer run, in batches cut anywhere.
    ///
    /// Where the store is read again after a batch, what waited is forgotten, as after a restart, and is handed over
    /// again in the end.
    private mutating func deliver(
        _ history: CorrelatedHistory, isOneByOne: Bool, isReloaded: Bool
    ) throws -> FreshStore {
        counts.deliveries += 1
        counts.comparisons += 1
        var store = try stores.make()
        let whole = Array(history.pieces.indices)
        var delivery = Delivery(to: store.store, suspects: suspects(history))
        var rest = segments(of: history, isExplicit: isOneByOne).shuffled(using: &random)[...]
        while !rest.isEmpty {
            let size = isOneByOne ? 1 : draw(1...8)
            try delivery.hand(Array(rest.prefix(size))) { history.explicit(whole, $0, $1, $2) }
            rest = rest.dropFirst(size)
            guard isReloaded else { continue }
            counts.reloads += 1
            let before = digests(store.store)
            try store.reload()
            try expect(digests(store.store) == before, "C2: reading the store again changes it")
            delivery = Delivery(to: store.store, suspects: suspects(history))
        }
        if isReloaded {
            let again = (history.hasLateAuthor ? history.network.lateControl : []) + whole.map { history.explicit($0) }
            try delivery.hand(again) { history.explicit(whole, $0, $1, $2) }
        }
        try expect(delivery.waitingCount == 0, "something waits though everything was handed over")
        return store
    }

    private mutating func segments(of history: CorrelatedHistory, isExplicit: Bool) -> [IncomingSegment] {
        var segments = history.hasLateAuthor ? history.network.lateControl : []
        for piece in history.pieces.indices {
            let isCompact = !isExplicit && history.hasCompactForm(piece) && draw(0..<4) > 0
            segments.append(isCompact ? history.compact(piece) : history.explicit(piece))
            // What is put aside is kept as it came, so a stranger's runs come in one form.
            if draw(0..<8) == 0, history.pieces[piece].hand.author != .stranger {
                segments.append(history.whole(upTo: piece))
            }
            if draw(0..<8) == 0, let again = segments.randomElement(using: &random) { segments.append(again) }
        }
        return segments
    }

    /// What is derived again from the segments alone is the same.
    private mutating func deriveAgain(_ one: FreshStore, _ other: FreshStore, _ shown: Snapshot) throws {
        counts.rebuilds += 1
        for side in [one, other] {
            let problems = try side.store.verify()
            try expect(problems.isEmpty, "verify finds: \(problems)")
        }
        try one.store.rebuild()
        try expectEqual(try snapshot(one.store), shown, "what is derived again is something else")
        try expect(try exported(one.store) == exported(other.store), "equal stores export other bytes")
    }

    private func exported(_ store: ReplicaStore) throws -> [[UInt8]] {
        var runs: [[UInt8]] = []
        try store.exportSegments { (_, _, bytes) throws(StoreError) in runs.append(bytes) }
        return runs
    }

    // MARK: Looking

    private func snapshot(_ store: ReplicaStore) throws -> Snapshot {
        let access = RecordAccess(store, time: 0)
        var records: [RecordState] = []
        for kind in try access.kinds() { try access.forEach(kind: kind) { records.append($0) } }
        let (policy, net) = (store.totals(of: SpaceName.policy), store.totals(of: SpaceName.net))
        let both = digests(store)
        return Snapshot(
            frontiers: [both[0], both[1]], states: [both[2], both[3]],
            counts: [
                policy.records, policy.entries, policy.notUnderstood, net.records, net.entries, net.notUnderstood,
            ], records: records)
    }

    private func digests(_ store: ReplicaStore) -> [Digest] {
        [
            store.frontier(of: SpaceName.policy), store.frontier(of: SpaceName.net),
            store.state(of: SpaceName.policy), store.state(of: SpaceName.net),
        ]
    }

    private func suspects(_ history: CorrelatedHistory) -> Set<Digest> {
        // An opening may come before the admission that it stands under.
        let openings = history.network.lateControl.map { $0.descriptor.id(network: history.network.charter.network) }
        return Set(openings + [history.network[.late].log, history.network[.stranger].log])
    }

    private func expect(_ holds: Bool, _ law: @autoclosure () -> String) throws {
        if !holds { throw Broken(description: law()) }
    }

    private func expectEqual(_ a: Snapshot, _ b: Snapshot, _ law: String) throws {
        guard a != b else { return }
        var differences: [String] = []
        if a.frontiers != b.frontiers { differences.append("frontiers") }
        if a.states != b.states { differences.append("states") }
        if a.counts != b.counts { differences.append("counts \(a.counts) and \(b.counts)") }
        let (ids, others) = (a.records.map(\.id), b.records.map(\.id))
        if ids != others { differences.append("records \(ids) and \(others)") }
        for one in a.records {
            guard let other = b.records.first(where: { $0.id == one.id }), other != one else { continue }
            differences.append("record \(one) and \(other)")
        }
        throw Broken(description: "\(law): \(differences.joined(separator: "; "))")
    }

    private mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}
