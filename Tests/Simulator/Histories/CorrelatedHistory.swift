import Bytes
package import Crypto
package import Replica
package import Store

/// One history that is forked: two or three sides write on without knowing all of each other, about the same few
/// records and fields, so that what they write conflicts.
///
/// A function of its seed. The entries are made without a store, so that their writers may do what no store of this
/// version does, and so that what is left of them is known by other means than merging: `left`.
package struct CorrelatedHistory: CustomStringConvertible {
    /// An operation by the places of its entry in `entries` and of itself in the entry.
    package struct Place: Hashable {
        package let entry: Int
        package let index: Int
    }

    /// An entry, and what its writer knows of it.
    package struct Member {
        package fileprivate(set) var entry: SegmentEntry
        package let hand: FixedNetwork.Hand
        /// The place of the entry before it in its log.
        package let parent: Int?
        package let record: ShortID
        /// By operation: what it replaces, and what that would have replaced and is not applied.
        package let reach: [[Place]]
        /// Whether a node of this version lets it count.
        package let isApplied: Bool
    }

    /// Consecutive entries that their writer sealed together.
    package struct Piece {
        package let hand: FixedNetwork.Hand
        package let members: [Int]
        package let seal: Signature
    }

    /// Somebody who writes: what is known there, and the log that it writes.
    struct Side {
        var known: [Int]
        var scribe: Scribe
        /// The first entry of `scribe.chain` that is not sealed yet.
        var sealed = 0
    }

    package let network: FixedNetwork
    package let seed: UInt64
    package fileprivate(set) var members: [Member] = []
    package fileprivate(set) var pieces: [Piece] = []
    /// The pieces that each side holds in the end, ascending; a piece comes after all that its entries name.
    package fileprivate(set) var held: [[Int]] = []
    /// Whether the admission of the late author belongs to it.
    package fileprivate(set) var hasLateAuthor = false
    /// Records that are written about.
    var records: [ShortID] = []
    var places: [Digest: Int] = [:]
    var random: SeededEntropy
    /// The one type of which operations are written; nil for all.
    let only: MergeType?
    private let sideCount: Int?

    /// - Parameters:
    ///   - only: the one type of which operations are written; nil for all.
    ///   - sides: how many sides go on, at least 2; nil for 2 or 3.
    package init(_ network: FixedNetwork, seed: UInt64, only: MergeType? = nil, sides: Int? = nil) {
        self.network = network
        self.seed = seed
        self.only = only
        sideCount = sides
        random = SeededEntropy(seed: seed)
        members.reserveCapacity(32)
        write()
    }

    /// The beginning that all know, the sides, and sometimes one who has heard of everything.
    private mutating func write() {
        var base = Side(known: [], scribe: Scribe(hand: network[.first]))
        for turn in 0..<(draw(0..<4) == 0 ? 2 : 1) { take(&base, count: draw(1...3), mayCreate: turn == 0) }
        if draw(0..<4) == 0 {
            var other = Side(known: base.known, scribe: Scribe(hand: network[.second]))
            take(&other, count: 1, mayCreate: false)
            base.known = other.known
        }
        if draw(0..<6) == 0 { eraseOne() }
        let shared = pieces.count
        var sides = fork(base)
        for turn in 0..<(draw(0..<3) == 0 ? 2 : 1) {
            for index in sides.indices {
                if turn > 0, draw(0..<2) == 0 { hear(&sides, index, from: draw(0..<sides.count)) }
                take(&sides[index], count: draw(1...3), mayCreate: draw(0..<5) == 0)
            }
        }
        if draw(0..<5) == 0 {
            var stranger = Side(known: base.known, scribe: Scribe(hand: network[.stranger]))
            take(&stranger, count: draw(1...2), mayCreate: false)
        }
        if draw(0..<3) == 0 {
            for other in sides.indices.dropFirst() { hear(&sides, 0, from: other) }
            take(&sides[0], count: draw(1...2), mayCreate: false)
        }
        held = sides.map { side in
            let known = Set(side.known)
            return pieces.indices.filter { $0 < shared || known.isSuperset(of: pieces[$0].members) }
        }
        // What a stranger wrote is shown to one side alone, and nobody names it.
        held[0] = (held[0] + pieces.indices.filter { pieces[$0].hand.author == .stranger }).sorted()
    }

    /// Who goes on after the beginning: other devices, another life of the first one, or a copy of its disk.
    private mutating func fork(_ base: Side) -> [Side] {
        let isCopied = draw(0..<4) == 0
        var authors: [FixedNetwork.Author] = [.second, .second, .third, .firstAgain, .later, .late]
        var sides = [base]
        for _ in 1..<(sideCount ?? draw(2...3)) {
            if isCopied, sides.count == 1 {
                sides.append(base)
                continue
            }
            guard let author = authors.randomElement(using: &random) else { break }
            authors.removeAll { $0 == author }
            hasLateAuthor = hasLateAuthor || author == .late
            var scribe = Scribe(hand: network[author])
            var sealed = 0
            if let written = base.known.last(where: { members[$0].hand.author == author }) {
                // It has written before.
                scribe = Scribe(hand: network[author], upTo: written, in: self)
                sealed = scribe.chain.count
            }
            sides.append(Side(known: base.known, scribe: scribe, sealed: sealed))
        }
        return sides
    }

    /// One side learns all that another holds.
    private func hear(_ sides: inout [Side], _ index: Int, from other: Int) {
        sides[index].known = Set(sides[index].known + sides[other].known).sorted()
    }

    /// One side writes a few entries, or transactions of several, and seals them.
    private mutating func take(_ side: inout Side, count: Int, mayCreate: Bool) {
        var rest = count
        while rest > 0 {
            let size = draw(0..<5) == 0 ? draw(2...3) : 1
            let drafts = (0..<size).map { _ in draft(side.known, mayCreate: mayCreate) }
            append(drafts, to: &side)
            rest -= size
        }
        let fresh = Array(side.scribe.chain[side.sealed...])
        guard let last = fresh.last else { return }
        let entry = members[last].entry
        let hand = side.scribe.hand
        let message = Seal.message(log: hand.log, sequence: entry.header.sequence, entry: entry.id)
        pieces.append(Piece(hand: hand, members: fresh, seal: hand.key.sign(message)))
        side.sealed = side.scribe.chain.count
    }

    private mutating func append(_ drafts: [Draft], to side: inout Side) {
        for (offset, draft) in drafts.enumerated() {
            let member = side.scribe.make(draft, following: drafts.count - 1 - offset, in: self)
            // A copy of a disk that writes the same writes the same entry.
            let place = places[member.entry.id] ?? members.count
            if place == members.count {
                members.append(member)
                places[member.entry.id] = place
            }
            if records.firstIndex(of: member.record) == nil, member.isApplied { records.append(member.record) }
            side.scribe.chain.append(place)
            if side.known.last != place { side.known = Set(side.known + [place]).sorted() }
        }
    }

    /// Destroys a value of the beginning, before anybody else has it.
    private mutating func eraseOne() {
        guard let place = members.indices.filter({ members[$0].entry.body.count > 0 }).randomElement(using: &random)
        else { return }
        let body = members[place].entry.body
        members[place].entry.body = body.erasing([draw(0..<body.count)])
    }

    mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}

// What merging must give, worked out from what the writers knew.
extension CorrelatedHistory {
    /// The operations that are left of some entries: applied, and in nobody's reach.
    package func left(of known: [Int]) -> [Place] {
        var gone: Set<Place> = []
        for place in known where members[place].isApplied {
            for reach in members[place].reach { gone.formUnion(reach) }
        }
        return known.flatMap { place -> [Place] in
            guard members[place].isApplied else { return [] }
            return members[place].entry.header.operations.indices.map { Place(entry: place, index: $0) }
                .filter { !gone.contains($0) }
        }
    }

    func operation(_ place: Place) -> Operation { members[place.entry].entry.header.operations[place.index] }

    /// The entries of some pieces, ascending; a stranger's do not count.
    private func counted(_ held: [Int]) -> [Int] {
        Set(held.filter { pieces[$0].hand.author != .stranger }.flatMap { pieces[$0].members }).sorted()
    }

    /// The digest `state` of whoever holds these pieces.
    package func state(of held: [Int]) -> Digest {
        var sum = StateSum()
        for place in left(of: counted(held)) {
            let member = members[place.entry]
            sum.add(
                StateSum.term(
                    record: member.record, field: operation(place).field,
                    operation: OperationID(entry: member.entry.id, index: place.index)))
        }
        return sum.digest
    }

    /// The digest `frontier` of whoever holds these pieces.
    package func frontier(of held: [Int]) -> Digest {
        let known = counted(held)
        let followed = Set(known.compactMap { members[$0].parent })
        var heads: [(log: Digest, heads: [Digest])] = []
        for place in known where !followed.contains(place) {
            let log = members[place].hand.log
            if let index = heads.firstIndex(where: { $0.log == log }) {
                heads[index].heads.append(members[place].entry.id)
            } else {
                heads.append((log, [members[place].entry.id]))
            }
        }
        return FrontierDigest.digest(heads)
    }

    /// Every piece, for whoever looks into a seed.
    package var description: String {
        pieces.indices.map { piece in
            let lines = pieces[piece].members.map { place -> String in
                let member = members[place]
                let operations = member.entry.header.operations.indices.map { index -> String in
                    let each = member.entry.header.operations[index]
                    let shape = each.shape.hex
                    let references = each.references.map { "\($0.log).\($0.sequence).\($0.operation)" }
                    return "\(each.field):\(each.type.rawValue) \(shape) \(references)"
                }
                let header = member.entry.header
                return "    \(place) seq \(header.sequence) v\(header.version) f\(header.flags) \(header.record) "
                    + "\(operations) intro \(header.introductions.map { $0.hex.prefix(6) }) "
                    + "names \(member.entry.names.map { places[$0] ?? -1 })"
            }
            let holders = held.indices.filter { held[$0].contains(piece) }
            return "piece \(piece) by \(pieces[piece].hand.author) held by \(holders)\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Entries that nobody counts.
    package var strangersCount: Int { members.count { $0.hand.author == .stranger } }

    /// How many branches its logs have beyond one each.
    package var forkCount: Int {
        let children = Dictionary(grouping: members.indices) { members[$0].entry.header.previous }
        return children.values.reduce(0) { $0 + $1.count - 1 }
    }
}

// Segments, as they are sent.
extension CorrelatedHistory {
    /// Whether the short form can carry a piece to somebody who has the branch below.
    package func hasCompactForm(_ piece: Int) -> Bool {
        CompactSegment.canHold(pieces[piece].members.map { members[$0].entry })
    }

    /// A piece in the form that is stored and sent.
    package func compact(_ piece: Int) -> IncomingSegment {
        let (hand, seal) = (pieces[piece].hand, pieces[piece].seal)
        let entries = pieces[piece].members.map { members[$0].entry }
        let first = entries[0].header.sequence
        let seeds = SaltTree.cover(
            [hand.secret],
            needs: { sequence in
                guard entries.indices.contains(sequence - first), case .full = entries[sequence - first].body else {
                    return false
                }
                return true
            },
            allows: { sequence in
                guard entries.indices.contains(sequence - first) else { return false }
                if case .partial = entries[sequence - first].body { return false }
                return true
            })
        return IncomingSegment(
            descriptor: hand.descriptor, bytes: CompactSegment.encode(entries, seeds: seeds, seal: seal))
    }

    /// A piece with all ids in it.
    package func explicit(_ piece: Int) -> IncomingSegment {
        let (hand, seal) = (pieces[piece].hand, pieces[piece].seal)
        let segment = ExplicitSegment(
            descriptor: hand.descriptor, entries: pieces[piece].members.map { members[$0].entry }, seal: seal)
        return IncomingSegment(descriptor: hand.descriptor, bytes: segment.encoded)
    }

    /// Of some pieces those that hold these sequence numbers of a log, with all ids in them.
    package func explicit(_ held: [Int], _ log: Digest, _ first: Int, _ last: Int) -> [IncomingSegment] {
        held.filter { piece in
            pieces[piece].hand.log == log
                && pieces[piece].members.contains { place in
                    (first...last).contains(members[place].entry.header.sequence)
                }
        }.map { explicit($0) }
    }

    /// A chain from the beginning of its log up to the end of a piece, with all ids in it: it overlaps others.
    package func whole(upTo piece: Int) -> IncomingSegment {
        let (hand, seal) = (pieces[piece].hand, pieces[piece].seal)
        var chain: [SegmentEntry] = []
        var next = pieces[piece].members.last
        while let place = next {
            chain.append(members[place].entry)
            next = members[place].parent
        }
        let segment = ExplicitSegment(descriptor: hand.descriptor, entries: chain.reversed(), seal: seal)
        return IncomingSegment(descriptor: hand.descriptor, bytes: segment.encoded)
    }
}
