import Bytes
package import Crypto
package import Replica

extension ReplicaStore {
    /// Judges the works that are complete.
    /// - Returns: true if one fell out, so that all must begin again without it.
    func judge(_ works: inout [SegmentWork]) throws(StoreError) -> Bool {
        var changed = false
        for index in works.indices
        where works[index].progress == .complete && works[index].descriptor.logClass == .control {
            do { _ = try placed(works[index]) } catch {
                works[index].progress = .finished(.offence(.malformed(error)))
                changed = true
            }
        }
        if changed { return true }
        // Only what will be stored now may decide: a statement that still waits for something decides when it comes.
        let ready = try closed(works)
        let authority = authority(with: ready.map { works[$0] })
        for index in ready {
            let work = works[index]
            guard let reason = outsideReason(work, authority) else { continue }
            works[index].progress = .quarantined(reason)
            changed = true
        }
        return changed
    }

    /// The authority once the control segments among these works are held too.
    func authority(with works: [SegmentWork]) -> Authority {
        let more = works.filter { $0.descriptor.logClass == .control }.flatMap { (try? placed($0)) ?? [] }
        return more.isEmpty ? authority : Authority(charter: charter, statements: statements + more)
    }

    /// Why a segment is outside of the frontier, if it is.
    private func outsideReason(_ work: SegmentWork, _ authority: Authority) -> Authority.Reason? {
        let opened = authority.counts(device: work.descriptor.device, incarnation: work.descriptor.incarnation)
        // A control log whose opening counts is inside as a whole.
        if work.descriptor.logClass == .control, opened { return nil }
        if case .outside(let reason) = authority.judge(auth: work.auth, device: work.descriptor.device) {
            return reason
        }
        return opened ? nil : .notOpened
    }

    /// The statements of a control segment.
    func placed(_ work: SegmentWork) throws(DecodeError) -> [PlacedStatement] {
        var result: [PlacedStatement] = []
        for entry in work.entries {
            let statement: Statement
            if entry.header.isUnderstood { statement = try Statement(entry.header) } else { statement = .unknown(0) }
            if case .opening(let opening) = statement {
                guard entry.header.sequence == 0, opening.device == work.descriptor.device,
                    opening.incarnation == work.descriptor.incarnation
                else { throw .invalid(what: "opening of another log") }
            } else if entry.header.sequence == 0, entry.header.isUnderstood {
                throw .invalid(what: "a control log begins with its opening")
            }
            result.append(
                PlacedStatement(
                    entry: entry.id, device: work.descriptor.device, auth: work.auth,
                    incarnation: work.descriptor.incarnation,
                    statement: statement))
        }
        return result
    }

    /// Reads the statements inside the frontier again.
    func loadStatements() throws(StoreError) {
        statements = []
        for (descriptor, segment) in try storedSegments(of: .control) {
            for entry in segment.entries where entry.header.isUnderstood {
                guard let statement = try? Statement(entry.header) else { continue }
                statements.append(
                    PlacedStatement(
                        entry: entry.id, device: descriptor.device, auth: segment.auth,
                        incarnation: descriptor.incarnation,
                        statement: statement))
            }
        }
        authority = Authority(charter: charter, statements: statements)
    }

    // MARK: Quarantine

    /// Keeps a segment outside of the frontier, within the budget.
    func keep(_ work: SegmentWork, reason: Authority.Reason) throws(StoreError) -> Bool {
        guard let last = work.entries.last else { return false }
        let bytes = ExplicitSegment(descriptor: work.descriptor, entries: work.entries, seal: work.seal).encoded
        let held = try connection.query("SELECT 1 FROM quarantine WHERE head = ?").bind(1, last.id).first { _ in true }
        if held != nil { return true }
        let ofLog =
            try connection.query("SELECT coalesce(sum(length(bytes)), 0) FROM quarantine WHERE log = ?")
            .bind(1, work.log).first { $0.int(0) } ?? 0
        let all =
            try connection.query("SELECT coalesce(sum(length(bytes)), 0) FROM quarantine").first { $0.int(0) } ?? 0
        guard ofLog + bytes.count <= QuarantineLimits.bytesPerLog, all + bytes.count <= QuarantineLimits.bytes else {
            return false
        }
        try connection.query("INSERT INTO quarantine(log, first, last, head, reason, bytes) VALUES(?, ?, ?, ?, ?, ?)")
            .bind(1, work.log).bind(2, work.first).bind(3, work.last).bind(4, last.id).bind(5, reason.rawValue).bind(
                6, bytes
            ).run()
        return true
    }

    /// What is quarantined of a class and may be authorised by now, as works beside a batch; their indexes are
    /// negative.
    func quarantinedWorks(of logClass: LogClass) throws(StoreError) -> [SegmentWork] {
        let rows = try connection.query("SELECT n, bytes FROM quarantine ORDER BY log, first, n")
            .all { (number: $0.int(0), bytes: $0.bytes(1)) }
        return rows.compactMap { row in
            guard let segment = try? ExplicitSegment(decoding: row.bytes, network: network),
                segment.descriptor.logClass == logClass,
                logClass == .control || authority.admits(segment.descriptor.device)
            else { return nil }
            return SegmentWork(
                index: -row.number, descriptor: segment.descriptor, log: segment.descriptor.id(network: network),
                form: .explicit(segment),
                byteCount: row.bytes.count, seal: segment.seal)
        }
    }

    /// Takes out of quarantine what has become of elsewhere.
    func release(_ works: [SegmentWork]) throws(StoreError) {
        holdsAuthorisedQuarantine = false
        try connection.transaction { () throws(StoreError) in
            for work in works {
                switch work.progress {
                case .finished(.stored), .finished(.offence):
                    try connection.query("DELETE FROM quarantine WHERE n = ?").bind(1, -work.index).run()
                case .finished:
                    continue
                default:
                    // It names what is not held yet: it stays where it is, and is asked about again with the next
                    // batch.
                    holdsAuthorisedQuarantine = true
                }
            }
        }
    }

    /// Whether an entry of a log is the last of a quarantined segment.
    func isQuarantined(_ id: Digest) throws(StoreError) -> Bool {
        try connection.query("SELECT 1 FROM quarantine WHERE head = ?").bind(1, id).first { _ in true } ?? false
    }

    /// What is quarantined, for people: per segment its log's device, how many entries, and why.
    package func quarantined() throws(StoreError) -> [(device: ShortID, entries: Int, reason: Authority.Reason)] {
        try connection.query("SELECT bytes, first, last, reason FROM quarantine ORDER BY n").all {
            (r) throws(StoreError) in
            guard let segment = try? ExplicitSegment(decoding: r.bytes(0), network: network),
                let reason = Authority.Reason(rawValue: r.int(3))
            else { throw .corrupt(path: connection.path, code: 11, message: "a quarantined segment") }
            return (segment.descriptor.device.deviceID, r.int(2) - r.int(1) + 1, reason)
        }
    }
}
