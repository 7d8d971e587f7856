import Bytes
import Crypto
import Replica

extension Session {
    /// What is needed while segments flow and digests are compared.
    struct Exchange {
        var mySent = false
        var theirSent = false
        /// The peer's DIGEST, until this side has its own.
        var theirDigest: UInt64?
        /// The digest that was sent, and the name of a checkpoint made then.
        var myDigest: UInt64?
        var myName: UInt64 = 0
        /// What was held when the digest was sent, if that has changed since.
        var snapshot: Checkpoint?
        /// Logs whose HEADS both sides have sent or will, and what came of them.
        var awaited: Set<Digest> = []
        var awaitsAll = false
        var sentHeads: [Digest: [Head]] = [:]
        var theirHeads: [Digest: [Head]] = [:]
        var theirHeadCount = 0
        /// Logs that this side sends only when the peer has sent all: until then it cannot know what the peer holds.
        var deferred: Set<Digest> = []
        /// Control logs that are forked without both sides knowing: the next comparison shows them.
        var hidden: Set<Digest> = []
        /// `changeCount` when all heads were sent last and turned out to be equal.
        var equalHeadsAt: Int?
        var headsSentAt = 0

        var hasHeads: Bool { awaited.isEmpty && !awaitsAll }
    }

    /// A run that was sent.
    struct SentRun: Equatable {
        let log: Digest
        let branch: Int
        let first: Int
        let last: Int
    }

    // MARK: Begin

    /// Segments flow from here on, those of logs with open questions after their HEADS.
    mutating func beginExchange(
        _ phase: Phase, awaited: Set<Digest>, hidden: Set<Digest> = [], _ store: some SessionStore
    ) throws(SyncError) {
        exchange = Exchange()
        exchange.awaited = awaited
        exchange.hidden = hidden
        self.phase = phase
        if !awaited.isEmpty { try sendHeads(awaited.sorted(), store) }
        try fillQueue(store)
    }

    /// Whether all heads may be compared once more.
    var mayCompare: Bool { rounds < limits.rounds && comparisonCount < limits.comparisons }

    /// Compares all heads with the peer's, and goes on from what both know then.
    mutating func beginRound(_ store: some SessionStore) throws(SyncError) {
        rounds += 1
        comparisonCount += 1
        let equalHeadsAt = exchange.equalHeadsAt
        exchange = Exchange()
        exchange.awaitsAll = true
        exchange.equalHeadsAt = equalHeadsAt
        exchange.headsSentAt = changeCount
        intake.forget()
        queue = SendQueue()
        phase = .exchanging
        try sendHeads(view.sortedLogs.filter { !view.heads($0).isEmpty }, store)
    }

    // MARK: HEADS

    private mutating func sendHeads(_ logs: [Digest], _ store: some SessionStore) throws(SyncError) {
        var part: [LogHeads] = []
        var byteCount = 0
        for log in logs {
            let heads = try sample(log, store)
            if byteCount > limits.partBytes {
                say(.heads(part, more: true))
                part = []
                byteCount = 0
            }
            exchange.sentHeads[log] = heads
            part.append(LogHeads(log: log, heads: heads))
            byteCount += 40 + 16 * heads.count
        }
        say(.heads(part, more: false))
    }

    /// How HEADS names an entry: in each session differently, so that two ids which begin alike, by chance or made so,
    /// are told apart by the comparison that follows unequal digests.
    private func named(_ id: Digest, at sequence: Int) -> Head {
        Head(sequence: sequence, prefix: Hash.blake2b(.session, transcript, id.bytes).word0)
    }

    /// The heads of a log, and places below each at the distances 1, 2, 4, … down to 0.
    private func sample(_ log: Digest, _ store: some SessionStore) throws(SyncError) -> [Head] {
        let leaves = view.leaves(log)
        var heads = leaves.map { named($0.head, at: $0.count - 1) }.sorted()
        var known = Set(heads)
        for leaf in leaves {
            var distance = 1
            while heads.count < limits.heads {
                let sequence = max(0, leaf.count - 1 - distance)
                guard sequence < leaf.count - 1 else { break }
                let branch = view.branch(of: sequence, below: leaf).number
                let id = try reading { () throws(SessionStoreError) in
                    try store.entryID(branch: branch, sequence: sequence)
                }
                if let id {
                    let head = named(id, at: sequence)
                    if known.insert(head).inserted { heads.append(head) }
                }
                if sequence == 0 { break }
                distance *= 2
            }
        }
        return Array(heads.prefix(limits.heads))
    }

    mutating func handleHeads(
        _ logs: [LogHeads], more: Bool, _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        if phase == .live, mayCompare {
            // The peer misses something that was pushed, or has seen a fork.
            try beginRound(store)
        }
        guard phase == .exchanging || phase == .exchangingControl, !exchange.hasHeads else {
            throw outOfTurn(.heads([], more: more))
        }
        for log in logs {
            guard exchange.awaitsAll || exchange.awaited.contains(log.log),
                exchange.theirHeads.updateValue(log.heads, forKey: log.log) == nil
            else { throw .malformed(.invalid(what: "heads that were not asked for")) }
            exchange.theirHeadCount += log.heads.count
        }
        guard exchange.theirHeadCount <= limits.allHeads else { throw .limit("allHeads") }
        guard exchange.theirHeads.count <= limits.logs else { throw .limit("logs") }
        if !more { try learnHeads(store) }
    }

    /// Everything that lies at or below a place which both hold is held by both.
    private mutating func learnHeads(_ store: some SessionStore) throws(SyncError) {
        let logs = exchange.awaitsAll ? exchange.theirHeads.keys.sorted() : exchange.awaited.sorted()
        if exchange.awaitsAll { view.forgetAll() }
        var lacking: Set<Digest> = []
        var behind = 0
        for log in logs {
            view.forget(log)
            let theirs = exchange.theirHeads[log, default: []]
            if try !markNamed(log, theirs, store) { lacking.insert(log) }
            guard let mine = exchange.sentHeads[log]?.max(), let other = theirs.max() else { continue }
            behind += (other.sequence - mine.sequence).signum()
        }
        // Where both have what the other does not know, one side waits, so that the other's entries tell it what they
        // share: the one that is behind in more logs, as both count in the same way.
        if behind > 0 || (behind == 0 && role == .initiator) { exchange.deferred = lacking }
        if exchange.awaitsAll { noteEquality() }
        exchange.awaited = []
        exchange.awaitsAll = false
        exchange.theirHeads = [:]
        exchange.theirHeadCount = 0
        exchange.sentHeads = [:]
        try fillQueue(store)
    }

    /// Marks what lies at or below places that HEADS of the peer names.
    /// - Returns: whether this side holds them all.
    private mutating func markNamed(
        _ log: Digest, _ heads: [Head], _ store: some SessionStore
    ) throws(SyncError) -> Bool {
        var holdsAll = true
        for head in heads {
            var holder: Int?
            for number in view.logs[log] ?? [] where holder == nil {
                guard let branch = view.branches[number], head.sequence > branch.parentSequence,
                    head.sequence < branch.count
                else { continue }
                let id = try reading { () throws(SessionStoreError) in
                    try store.entryID(branch: number, sequence: head.sequence)
                }
                if let id, named(id, at: head.sequence) == head { holder = number }
            }
            if let holder { view.mark(holder, upTo: head.sequence + 1) } else { holdsAll = false }
        }
        return holdsAll
    }

    /// Heads that are equal twice, with digests in between that are not, mean that equal entries gave unequal states.
    private mutating func noteEquality() {
        guard exchange.theirHeads == exchange.sentHeads else {
            exchange.equalHeadsAt = nil
            return
        }
        if exchange.equalHeadsAt == exchange.headsSentAt { outcome.defect = true }
        exchange.equalHeadsAt = exchange.headsSentAt
    }

    // MARK: Segments to the peer

    /// Whether segments flow in this phase.
    var maySendSegments: Bool { phase == .exchanging || phase == .exchangingControl || phase == .live }

    private func maySend(_ branch: Branch) -> Bool {
        maySendSegments && !exchange.awaitsAll && !exchange.awaited.contains(branch.log)
            && !exchange.deferred.contains(branch.log) && !exchange.hidden.contains(branch.log)
            && (phase != .exchangingControl || branch.isControl)
    }

    private mutating func fillQueue(_ store: some SessionStore) throws(SyncError) {
        queue = SendQueue()
        for log in view.sortedLogs {
            for number in view.logs[log, default: []] { try enqueue(number, store) }
        }
    }

    private mutating func enqueue(_ number: Int, _ store: some SessionStore) throws(SyncError) {
        guard view.lacks(number), !queue.contains(number), let branch = view.branches[number], maySend(branch) else {
            return
        }
        let from = view.heldCount(number)
        let order = try reading { () throws(SessionStoreError) in try store.order(branch: number, sequence: from) }
        queue.insert(SendQueue.Place(isControl: branch.isControl, order: order, branch: number))
    }

    /// Sends what the peer lacks, as far as the connection takes it.
    private mutating func sendSegments(_ store: some SessionStore) throws(SyncError) {
        guard maySendSegments else { return }
        while credit > 0, let place = queue.popFirst() {
            guard view.lacks(place.branch), let branch = view.branches[place.branch], maySend(branch) else { continue }
            // A branch goes after what it leaves.
            var target = branch
            while let parent = target.parent.flatMap({ view.branches[$0] }),
                view.heldCount(parent.number) <= target.parentSequence
            {
                target = parent
            }
            let first = view.heldCount(target.number)
            let run = try reading { () throws(SessionStoreError) in
                try store.segment(branch: target.number, from: first)
            }
            // Without a seal above it the rest cannot be sent; it comes with the next change of the branch.
            guard let run, run.last >= first else { continue }
            sendSegment(
                run.bytes, named: tableNumbers[target.log].map(LogName.number) ?? .descriptor(target.descriptor))
            view.mark(target.number, upTo: run.last + 1)
            outcome.sentEntries += run.last - run.first + 1
            if sentRuns.count >= limits.logs { sentRuns.removeFirst(limits.logs / 2) }
            sentRuns.append(SentRun(log: target.log, branch: target.number, first: run.first, last: run.last))
            try enqueue(target.number, store)
            try enqueue(branch.number, store)
        }
    }

    private mutating func sendSegment(_ bytes: [UInt8], named name: LogName) {
        let before = outgoing.count
        say(.segment(log: name, bytes: bytes))
        credit -= outgoing.count - before
    }

    mutating func handleExplicit(_ log: Digest, _ first: Int, _ last: Int) throws(SyncError) {
        // Once for each run that was sent: whoever asks for more wants to make this side work.
        guard
            let index = sentRuns.lastIndex(where: { $0.log == log && $0.first == first && $0.last == last })
        else { throw outOfTurn(.explicit(log: log, first: first, last: last, head: Digest())) }
        explicitDue.append(sentRuns.remove(at: index))
    }

    /// Sends the explicit forms that were asked for as far as the connection takes them, in whatever phase.
    private mutating func sendExplicitForms(_ store: some SessionStore) throws(SyncError) {
        while credit > 0, let run = explicitDue.first {
            explicitDue.removeFirst()
            let bytes = try reading { () throws(SessionStoreError) -> [UInt8]? in
                guard let head = try store.entryID(branch: run.branch, sequence: run.last) else { return nil }
                return try store.explicitSegment(log: run.log, first: run.first, last: run.last, head: head)
            }
            guard let bytes, let branch = view.branches[run.branch] else {
                throw .store("the explicit form of a segment that was sent is not there")
            }
            // By its descriptor: this side may number logs anew already, and the peer not yet.
            sendSegment(bytes, named: .descriptor(branch.descriptor))
        }
    }

    /// Takes over branches that are new or moved.
    mutating func update(_ changed: [Branch], _ store: some SessionStore) throws(SyncError) {
        guard !changed.isEmpty else { return }
        if phase == .greeting || phase == .deciding, exchange.snapshot == nil {
            exchange.snapshot = makeCheckpoint(name: exchange.myName)
        }
        changeCount += 1
        for branch in changed { view.update(branch) }
        for branch in changed { try enqueue(branch.number, store) }
    }

    // MARK: Segments from the peer

    mutating func collect(_ name: LogName, _ bytes: [UInt8]) throws(SyncError) {
        guard phase != .greeting else { throw outOfTurn(.segment(log: name, bytes: [])) }
        let log = try log(named: name)
        var descriptor: LogDescriptor?
        if case .descriptor(let named) = name { descriptor = named }
        intake.add(IncomingSegment(log: log, descriptor: descriptor, bytes: bytes))
    }

    /// Takes what became of a batch.
    mutating func take(_ result: IngestResult, _ store: some SessionStore) throws(SyncError) {
        let segments = intake.endIngest()
        precondition(segments.count == result.outcomes.count, "an outcome for each segment")
        var fault: SyncError?
        try update(result.changed, store)
        for (segment, outcome) in zip(segments, result.outcomes) {
            switch outcome {
            case .stored(let branch, let end, let newEntries):
                view.mark(branch, upTo: end)
                self.outcome.receivedEntries += newEntries
            case .waiting:
                intake.wait(segment, isLive: phase == .live, limits: limits)
            case .compactWaiting(let first, let last, let head):
                guard intake.triedAll else {
                    intake.wait(segment, isLive: phase == .live, limits: limits)
                    continue
                }
                // Everything has come. It was read with the branches that are held here, and its author may have meant
                // others, which in turn wait for this one: the explicit form says which.
                say(.explicit(log: segment.log, first: first, last: last, head: head))
                intake.awaitExplicit(segment.log)
            case .quarantined:
                break
            case .needsExplicit(let first, let last, let head):
                guard !segment.isExplicit else {
                    fault = fault ?? .offence(.malformed)
                    continue
                }
                say(.explicit(log: segment.log, first: first, last: last, head: head))
                intake.awaitExplicit(segment.log)
            case .refused(let code):
                fault = fault ?? .offence(code)
            }
        }
        if let fault { throw fault }
    }

    // MARK: SENT and DIGEST

    mutating func handleSent(_ store: some SessionStore) throws(SyncError) {
        guard phase == .exchanging || phase == .exchangingControl, exchange.hasHeads, !exchange.theirSent else {
            throw outOfTurn(.sent)
        }
        exchange.theirSent = true
    }

    mutating func handleDigest(
        _ digest: UInt64, _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        if phase == .deciding {
            return try conclude(equal: digest == exchange.myDigest, store, &actions)
        }
        guard phase == .exchanging, exchange.mySent, exchange.theirSent, exchange.theirDigest == nil else {
            throw outOfTurn(.digest(digest))
        }
        exchange.theirDigest = digest
    }

    mutating func handleEqual(_ store: some SessionStore, _ actions: inout [Action]) throws(SyncError) {
        guard phase == .deciding || (phase == .greeting && role == .initiator) else { throw outOfTurn(.equal) }
        try conclude(equal: true, store, &actions)
    }

    /// Does what can be done when every message was handled and every segment stored.
    /// - Returns: whether that may have made more possible.
    mutating func advance(_ store: some SessionStore, _ actions: inout [Action]) throws(SyncError) -> Bool {
        try sendExplicitForms(store)
        switch phase {
        case .idle, .greeting, .comparingControls, .deciding, .closed: return false
        case .comparingVectors:
            guard greeting.vectorIsDue else { return false }
            try sendVector(store)
            return false
        case .live:
            try sendSegments(store)
            return false
        case .exchanging, .exchangingControl:
            return try advanceExchange(store, &actions)
        }
    }

    private mutating func advanceExchange(
        _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) -> Bool {
        guard exchange.hasHeads else {
            try sendSegments(store)
            return false
        }
        let isIn = exchange.theirSent && !intake.awaitsExplicit
        if isIn, !intake.waiting.isEmpty, !intake.triedAll {
            submitWaiting(&actions)
            return true
        }
        if isIn, !exchange.deferred.isEmpty {
            exchange.deferred = []
            try fillQueue(store)
        }
        try sendSegments(store)
        guard queue.isEmpty else { return false }
        if !exchange.mySent, exchange.deferred.isEmpty {
            exchange.mySent = true
            say(.sent)
        }
        guard isIn, exchange.mySent else { return false }
        // What still waits names what the peer did not send; comparing heads brings it again.
        intake.forget()
        if phase == .exchangingControl {
            try sendVector(store)
            try compareVectors(store)
        } else {
            try decide(store, &actions)
        }
        return true
    }

    private mutating func decide(_ store: some SessionStore, _ actions: inout [Action]) throws(SyncError) {
        let (digest, name) = try digests(store)
        exchange.myName = name
        exchange.snapshot = nil
        guard let theirs = exchange.theirDigest else {
            exchange.myDigest = digest
            phase = .deciding
            return say(.digest(digest))
        }
        say(theirs == digest ? .equal : .digest(digest))
        try conclude(equal: theirs == digest, store, &actions)
    }

    /// Both sides know whether their digests were equal.
    mutating func conclude(
        equal: Bool, _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        outcome.identical = equal
        guard equal || rounds >= limits.rounds else { return try beginRound(store) }
        if equal {
            rounds = 0
            outcome.defect = false
            try keepCheckpoint(store, &actions)
        }
        finish(&actions)
        exchange = Exchange()
        phase = .live
        try fillQueue(store)
    }

    /// Both hold the same, or did when the digest was sent.
    private mutating func keepCheckpoint(
        _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        let name = exchange.myName
        let checkpoint = exchange.snapshot ?? makeCheckpoint(name: name)
        for log in checkpoint.logs { try markHeads(log.id, log.heads, store) }
        guard greeting.storedName != name else { return }
        greeting.storedName = name
        actions.append(.saveCheckpoint(peer: peer, checkpoint))
    }
}
