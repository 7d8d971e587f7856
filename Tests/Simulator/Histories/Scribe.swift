import Bytes
import Crypto
import Replica

/// Writes one chain of a log without a store: numbers, refs, context, body and ids.
struct Scribe {
    /// A log that the chain has introduced, and the deepest entry that its index has named.
    private struct Slot {
        let log: Digest
        var deepest: Int
    }

    let hand: FixedNetwork.Hand
    /// The places of the chain's entries in the history.
    var chain: [Int] = []
    private var slots: [Slot] = []
    private var introduced: [Digest] = []

    init(hand: FixedNetwork.Hand) { self.hand = hand }

    /// Goes on with a chain that was written by another scribe and named no other log.
    init(hand: FixedNetwork.Hand, upTo last: Int, in history: CorrelatedHistory) {
        self.hand = hand
        var next: Int? = last
        while let place = next {
            chain.insert(place, at: 0)
            next = history.members[place].parent
        }
        for place in chain {
            let names = history.members[place].entry.names.compactMap { history.places[$0] }
            for log in history.members[place].entry.header.introductions {
                guard let deepest = names.last(where: { history.members[$0].hand.log == log }) else { continue }
                slots.append(Slot(log: log, deepest: deepest))
            }
        }
    }

    /// The next entry of the chain.
    mutating func make(_ draft: Draft, following: Int, in history: CorrelatedHistory) -> CorrelatedHistory.Member {
        introduced = []
        let sequence = chain.count
        var header = Header(
            sequence: sequence, previous: chain.last.map { history.members[$0].entry.id } ?? hand.log,
            auth: sequence == 0 ? hand.grant : nil, time: draft.time, record: .new(kind: 1), operations: [])
        var names: [Int] = []
        switch draft.target {
        case .new(let kind): header.record = .new(kind: kind)
        case .pair(let kind, let ids): header.record = .pair(kind: kind, ids: ids)
        case .named(let place):
            names.append(place)
            header.record = .named(log: index(of: place, history), sequence: sequenceNumber(place, history))
        }
        var values: [[UInt8]] = []
        for operation in draft.operations {
            let references = operation.names.map { place in
                names.append(place.entry)
                return Reference(
                    log: index(of: place.entry, history), sequence: sequenceNumber(place.entry, history),
                    operation: place.index)
            }
            header.operations.append(
                Operation(
                    field: operation.field, type: operation.type, references: references,
                    shape: operation.shape.encoded))
            if let value = operation.value { values.append(value.encoded) }
        }
        header.introductions = introduced
        header.flags = UInt64(following)
        draft.change?(&header)
        header.context = NamedEntry.context(
            names.map { place in
                let member = history.members[place]
                return NamedEntry(
                    log: member.hand.log, sequence: member.entry.header.sequence, id: member.entry.id)
            })
        let body: Body = values.isEmpty ? .none : .full(leaf: hand.leaves[sequence], values: values)
        (header.bodySize, header.bodyCommitment) = (body.size ?? 0, body.commitment)
        return member(draft, header, names.map { history.members[$0].entry.id }, body, history)
    }

    private func member(
        _ draft: Draft, _ header: Header, _ names: [Digest], _ body: Body, _ history: CorrelatedHistory
    ) -> CorrelatedHistory.Member {
        let bytes = header.encoded
        let id = Header.id(of: bytes)
        let record: ShortID
        switch draft.target {
        case .new: record = RecordID.created(by: id)
        case .pair(let kind, let ids):
            record = RecordID.pair(network: history.network.charter.network, space: SpaceName.net, kind: kind, ids: ids)
        case .named(let place): record = history.members[place].record
        }
        let isApplied = header.isUnderstood && hand.author != .later && hand.author != .stranger
        let reach = draft.operations.map { operation in history.reach(of: operation, on: record) }
        return CorrelatedHistory.Member(
            entry: SegmentEntry(id: id, header: header, headerBytes: bytes, names: names, body: body), hand: hand,
            parent: chain.last, record: record, reach: reach, isApplied: isApplied)
    }

    private func sequenceNumber(_ place: Int, _ history: CorrelatedHistory) -> Int {
        history.members[place].entry.header.sequence
    }

    /// The index under which an entry is named: one index means one path.
    private mutating func index(of place: Int, _ history: CorrelatedHistory) -> Int {
        let log = history.members[place].hand.log
        if chain.contains(place) { return 0 }
        for slot in slots.indices where slots[slot].log == log {
            if history.isAtOrBelow(place, slots[slot].deepest) { return slot + 1 }
            if history.isAtOrBelow(slots[slot].deepest, place) {
                slots[slot].deepest = place
                return slot + 1
            }
        }
        slots.append(Slot(log: log, deepest: place))
        introduced.append(log)
        return slots.count
    }
}

extension CorrelatedHistory {
    /// Whether an entry is the other or lies below it in its chain.
    func isAtOrBelow(_ place: Int, _ other: Int) -> Bool {
        var next: Int? = other
        while let here = next {
            if here == place { return true }
            next = members[here].parent
        }
        return false
    }

    /// What an operation replaces, by the page on merging read word by word.
    func reach(of draft: OperationWords, on record: ShortID) -> [Place] {
        if draft.type == .remark || draft.isDelete { return [] }
        var reached: [Place] = []
        for place in draft.names {
            let member = members[place.entry]
            guard member.record == record, member.entry.header.operations.indices.contains(place.index) else {
                continue
            }
            let target = operation(place)
            let haveOneKey =
                (target.type == .map) == (draft.type == .map)
                && (target.type != .map || target.shape == draft.shape.encoded)
            guard target.field == draft.field, target.type != .remark, haveOneKey else { continue }
            reached.append(place)
            if !member.isApplied { reached += member.reach[place.index] }
        }
        return reached
    }
}
