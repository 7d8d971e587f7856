import Bytes
import Crypto
import Replica

extension Session {
    /// What is needed until both sides know what the other holds.
    struct Greeting {
        /// The checkpoint that was offered; of the initiator.
        var offered: Checkpoint?
        /// The name of the checkpoint that the store has with this peer.
        var storedName: UInt64?
        /// What was said of each log in the last list of moves or vector.
        var sentItems: [Digest: LogItem] = [:]
        /// The policy that was named in the last vector.
        var sentPolicy: UInt64 = 0
        /// A vector is to be sent as soon as the peer's is read or is known not to be there yet.
        var vectorIsDue = false
        /// The peer's vector, until it is compared.
        var theirVector: (policy: UInt64, items: [LogItem])?
        /// Whether control logs were exchanged already.
        var hadControl = false
        /// The heads of control logs that were sent and that came.
        var sentControl: [Digest: [Head]] = [:]
        var theirControl: [Digest: [Head]] = [:]
        var theirHeadCount = 0
    }

    // MARK: Digests

    /// Everything that is shared, keyed with the session; and the name that a checkpoint would have.
    func digests(_ store: some SessionStore) throws(SyncError) -> (digest: UInt64, name: UInt64) {
        let (policy, spaces) = try reading { () throws(SessionStoreError) in
            (try store.policyFrontier(), try store.spaces())
        }
        var bytes = transcript
        policy.append(to: &bytes)
        for space in spaces {
            space.frontier.append(to: &bytes)
            space.state.append(to: &bytes)
        }
        return (Hash.blake2b(.session, bytes).word0, Checkpoint.name(policy: policy, spaces: spaces))
    }

    /// A checkpoint of what is held now.
    func makeCheckpoint(name: UInt64) -> Checkpoint {
        var logs: [Checkpoint.Log] = []
        for log in view.sortedLogs {
            let heads = view.heads(log)
            guard !heads.isEmpty, let descriptor = view.descriptor(log) else { continue }
            logs.append(Checkpoint.Log(id: log, descriptor: descriptor, heads: heads))
        }
        return Checkpoint(name: name, logs: logs)
    }

    // MARK: HELLO

    /// Says the initiator's HELLO.
    mutating func greet(_ store: some SessionStore) throws(SyncError) {
        let (digest, name) = try digests(store)
        exchange.myName = name
        let checkpoint = try reading { () throws(SessionStoreError) in try store.checkpoint(peer: peer) }
        greeting.storedName = checkpoint?.name
        if let checkpoint, let moves = moves(since: checkpoint) {
            greeting.offered = checkpoint
            say(.hello(Hello(digest: digest, checkpoint: checkpoint.name, moved: moves)))
        } else {
            say(.hello(Hello(digest: digest, checkpoint: nil, moved: [])))
        }
    }

    mutating func handle(
        _ hello: Hello, _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        guard phase == .greeting else { throw outOfTurn(.hello(hello)) }
        switch role {
        case .initiator:
            guard let name = hello.checkpoint else { return beginCold() }
            guard let offered = greeting.offered, offered.name == name else {
                throw .malformed(.invalid(what: "a checkpoint that was not offered"))
            }
            try resume(offered, hello.moved, store)
        case .responder:
            try answer(hello, store, &actions)
        }
    }

    private mutating func answer(
        _ hello: Hello, _ store: some SessionStore, _ actions: inout [Action]
    ) throws(SyncError) {
        let (digest, name) = try digests(store)
        exchange.myName = name
        let checkpoint = try reading { () throws(SessionStoreError) in try store.checkpoint(peer: peer) }
        greeting.storedName = checkpoint?.name
        if hello.digest == digest {
            say(.equal)
            return try conclude(equal: true, store, &actions)
        }
        if let checkpoint, checkpoint.name == hello.checkpoint, let moves = moves(since: checkpoint) {
            say(.hello(Hello(digest: digest, checkpoint: checkpoint.name, moved: moves)))
            return try resume(checkpoint, hello.moved, store)
        }
        say(.hello(Hello(digest: digest, checkpoint: nil, moved: [])))
        beginCold()
        try sendVector(store)
    }

    /// The logs that moved since the checkpoint; nil if they are too many for one message.
    private mutating func moves(since checkpoint: Checkpoint) -> [Move]? {
        var moves: [Move] = []
        var items: [Digest: LogItem] = [:]
        var byteCount = 0
        func note(_ log: Digest, _ name: LogName, _ view: PeerView) {
            let item = view.item(log, limits: limits)
            items[log] = item
            moves.append(Move(log: name, item: item))
            if case .descriptor = name { byteCount += 128 }
            if case .heads(let heads) = item { byteCount += 16 * heads.count } else { byteCount += 16 }
        }
        let known = Set(checkpoint.logs.map(\.id))
        for (number, log) in checkpoint.logs.enumerated() where view.heads(log.id) != log.heads {
            note(log.id, .number(number), view)
        }
        for log in view.sortedLogs where !known.contains(log) && !view.heads(log).isEmpty {
            if let descriptor = view.descriptor(log) { note(log, .descriptor(descriptor), view) }
        }
        guard byteCount <= limits.partBytes, moves.count <= limits.logs else { return nil }
        greeting.sentItems = items
        return moves
    }

    /// Goes on from a checkpoint that both have: what the peer holds follows from it and from what moved there.
    private mutating func resume(
        _ checkpoint: Checkpoint, _ moved: [Move], _ store: some SessionStore
    ) throws(SyncError) {
        setTable(checkpoint.logs.map(\.id))
        var theirs: [Digest: LogItem] = [:]
        for move in moved {
            guard theirs.updateValue(move.item, forKey: try log(named: move.log)) == nil else {
                throw .malformed(.invalid(what: "a log that moved twice"))
            }
        }
        for log in checkpoint.logs { try markHeads(log.id, log.heads, store) }
        var awaited: Set<Digest> = []
        for log in theirs.keys.sorted() {
            // Without a move here this side has nothing that the peer lacks.
            guard let mine = greeting.sentItems[log], let item = theirs[log] else { continue }
            if try !learn(log, mine: mine, theirs: item, store) { awaited.insert(log) }
        }
        try beginExchange(.exchanging, awaited: awaited, store)
    }

    // MARK: VECTOR

    private mutating func beginCold() {
        greeting.sentItems = [:]
        greeting.vectorIsDue = true
        phase = .comparingVectors
    }

    /// Says what is held of each log of the table that this side makes of its policy.
    mutating func sendVector(_ store: some SessionStore) throws(SyncError) {
        let (policy, logs) = try reading { () throws(SessionStoreError) in
            (try store.policyFrontier(), try store.sessionLogs())
        }
        var bytes = transcript
        policy.append(to: &bytes)
        greeting.sentPolicy = Hash.blake2b(.session, bytes).word0
        greeting.vectorIsDue = false
        phase = .comparingVectors
        setTable(logs)
        greeting.sentItems = [:]
        for log in logs { greeting.sentItems[log] = view.item(log, limits: limits) }
        // Where the policies are known to differ the items would mean nothing.
        let differs = greeting.theirVector.map { $0.policy != greeting.sentPolicy } ?? false
        let items = differs ? [] : logs.map { greeting.sentItems[$0] ?? .count(0) }
        say(.vector(policy: greeting.sentPolicy, items: items))
    }

    mutating func handleVector(
        _ policy: UInt64, _ items: [LogItem], _ store: some SessionStore
    ) throws(SyncError) {
        let isInTurn =
            phase == .comparingVectors || (phase == .exchangingControl && exchange.mySent && exchange.theirSent)
        guard isInTurn, greeting.theirVector == nil else { throw outOfTurn(.vector(policy: 0, items: [])) }
        greeting.theirVector = (policy, items)
        guard phase == .comparingVectors else { return }
        if greeting.vectorIsDue { try sendVector(store) }
        try compareVectors(store)
    }

    /// Learns from both vectors what the peer holds, or goes through control first.
    mutating func compareVectors(_ store: some SessionStore) throws(SyncError) {
        guard let theirs = greeting.theirVector else { return }
        greeting.theirVector = nil
        guard theirs.policy == greeting.sentPolicy else {
            setTable([])
            if greeting.hadControl { return try beginRound(store) }
            return sendControl()
        }
        guard theirs.items.count == table.count else {
            throw .malformed(.invalid(what: "a vector of \(theirs.items.count) logs instead of \(table.count)"))
        }
        view.forgetAll()
        var awaited: Set<Digest> = []
        for (log, item) in zip(table, theirs.items) {
            let mine = greeting.sentItems[log] ?? .count(0)
            if try !learn(log, mine: mine, theirs: item, store) { awaited.insert(log) }
        }
        try beginExchange(.exchanging, awaited: awaited, store)
    }

    /// Marks what the peer holds of a log as far as both items, as they were sent, tell it to both sides.
    /// - Returns: false if they do not, so that both send HEADS.
    private mutating func learn(
        _ log: Digest, mine: LogItem, theirs: LogItem, _ store: some SessionStore
    ) throws(SyncError) -> Bool {
        switch (mine, theirs) {
        case (.count(0), _), (_, .count(0)): return true
        case (.count, .count(let count)):
            view.mark(log, count: count)
            return true
        case (.heads(let mine), .heads(let theirs)) where mine == theirs:
            try markHeads(log, theirs, store)
            return true
        default: return false
        }
    }

    // MARK: CONTROL

    private mutating func sendControl() {
        greeting.hadControl = true
        greeting.sentControl = [:]
        greeting.theirControl = [:]
        phase = .comparingControls
        var part: [ControlLog] = []
        var byteCount = 0
        for log in view.sortedLogs {
            guard let descriptor = view.descriptor(log), descriptor.logClass == .control else { continue }
            let heads = Array(view.heads(log).prefix(limits.heads))
            guard !heads.isEmpty else { continue }
            if byteCount > limits.partBytes {
                say(.control(policy: greeting.sentPolicy, logs: part, more: true))
                part = []
                byteCount = 0
            }
            greeting.sentControl[log] = heads
            part.append(ControlLog(descriptor: descriptor, heads: heads))
            byteCount += 128 + 16 * heads.count
        }
        say(.control(policy: greeting.sentPolicy, logs: part, more: false))
    }

    mutating func handleControl(
        _ policy: UInt64, _ logs: [ControlLog], more: Bool, _ store: some SessionStore
    ) throws(SyncError) {
        guard phase == .comparingControls else { throw outOfTurn(.control(policy: policy, logs: [], more: more)) }
        for log in logs {
            let id = log.descriptor.id(network: network)
            guard log.descriptor.logClass == .control,
                greeting.theirControl.updateValue(log.heads.sorted(), forKey: id) == nil
            else { throw .malformed(.invalid(what: "a control log")) }
        }
        guard greeting.theirControl.count <= limits.logs else { throw .limit("logs") }
        greeting.theirHeadCount += logs.reduce(0) { $0 + $1.heads.count }
        guard greeting.theirHeadCount <= limits.allHeads else { throw .limit("allHeads") }
        guard !more else { return }
        var awaited: Set<Digest> = []
        var hidden: Set<Digest> = []
        for log in greeting.theirControl.keys.sorted() {
            guard let mine = greeting.sentControl[log], let theirs = greeting.theirControl[log] else { continue }
            if mine == theirs {
                try markHeads(log, theirs, store)
            } else if mine.count == 1, theirs.count == 1, mine[0].sequence != theirs[0].sequence {
                if theirs[0].sequence > mine[0].sequence {
                    // Ahead, or a fork that the next comparison will show.
                    view.markAll(log)
                } else if try !markHeads(log, theirs, store) {
                    hidden.insert(log)
                }
            } else {
                awaited.insert(log)
            }
        }
        greeting.sentControl = [:]
        greeting.theirControl = [:]
        greeting.theirHeadCount = 0
        try beginExchange(.exchangingControl, awaited: awaited, hidden: hidden, store)
    }

    // MARK: Names of logs

    /// Fixes what numbers in messages stand for.
    private mutating func setTable(_ logs: [Digest]) {
        table = logs
        tableNumbers = Dictionary(zip(logs, logs.indices), uniquingKeysWith: { first, _ in first })
    }

    /// The log that a message of the peer names.
    func log(named name: LogName) throws(SyncError) -> Digest {
        switch name {
        case .number(let number):
            guard table.indices.contains(number) else { throw .unknownLog }
            return table[number]
        case .descriptor(let descriptor): return descriptor.id(network: network)
        }
    }

    /// Marks what lies at or below places that the peer holds.
    /// - Returns: whether this side holds them all.
    @discardableResult
    mutating func markHeads(
        _ log: Digest, _ heads: [Head], _ store: some SessionStore
    ) throws(SyncError) -> Bool {
        // What most logs of most sessions are: not moved at all.
        if view.heads(log) == heads {
            view.markAll(log)
            return true
        }
        var holdsAll = true
        for head in heads {
            let branch = try reading { () throws(SessionStoreError) in try store.branchHolding(log: log, head: head) }
            if let branch { view.mark(branch, upTo: head.sequence + 1) } else { holdsAll = false }
        }
        return holdsAll
    }
}
