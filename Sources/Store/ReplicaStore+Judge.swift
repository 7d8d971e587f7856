import Bytes
package import Crypto
package import Replica

extension ReplicaStore {
    /// Judges the works that are complete.
    /// - Returns: true if one fell out, so that all must begin again without it.
    func judge(_ works: inout [SegmentWork]) throws(StoreError) -> Bool {
        var changed = false
        var authority = self.authority
        let control = works.indices.filter { works[$0].descriptor.logClass == .control && works[$0].progress == .complete }
        if !control.isEmpty {
            var candidates = statements
            for index in control {
                do { candidates += try placed(works[index]) } catch {
                    works[index].progress = .finished(.offence(.malformed(error)))
                    changed = true
                }
            }
            if changed { return true }
            authority = Authority(charter: charter, statements: candidates)
        }
        for index in works.indices where works[index].progress == .complete {
            let work = works[index]
            let opened = authority.counts(device: work.descriptor.device, incarnation: work.descriptor.incarnation)
            switch authority.judge(auth: work.auth, device: work.descriptor.device) {
            case .outside(let reason):
                works[index].progress = .quarantined(reason)
                changed = true
            case .applied, .notUnderstood:
                guard !opened else { continue }
                works[index].progress = .quarantined(.notOpened)
                changed = true
            }
        }
        return changed
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
            } else if entry.header.sequence == 0 {
                throw .invalid(what: "a control log begins with its opening")
            }
            result.append(PlacedStatement(entry: entry.id, device: work.descriptor.device, auth: work.auth, statement: statement))
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
                    PlacedStatement(entry: entry.id, device: descriptor.device, auth: segment.auth, statement: statement))
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
        let ofLog = try connection.query("SELECT coalesce(sum(length(bytes)), 0) FROM quarantine WHERE log = ?")
            .bind(1, work.log).first { $0.int(0) } ?? 0
        let all = try connection.query("SELECT coalesce(sum(length(bytes)), 0) FROM quarantine").first { $0.int(0) } ?? 0
        guard ofLog + bytes.count <= QuarantineLimits.bytesPerLog, all + bytes.count <= QuarantineLimits.bytes else { return false }
        try connection.query("INSERT INTO quarantine(log, first, last, head, reason, bytes) VALUES(?, ?, ?, ?, ?, ?)")
            .bind(1, work.log).bind(2, work.first).bind(3, work.last).bind(4, last.id).bind(5, reason.rawValue).bind(6, bytes).run()
        return true
    }

    /// Offers what is quarantined to a changed authority.
    func judgeQuarantineAgain() throws(StoreError) {
        let rows = try connection.query("SELECT n, bytes, reason FROM quarantine ORDER BY log, first")
            .all { (number: $0.int(0), bytes: $0.bytes(1), reason: $0.int(2)) }
        guard !rows.isEmpty, !isJudgingAgain else { return }
        isJudgingAgain = true
        defer { isJudgingAgain = false }
        for row in rows {
            guard let segment = try? ExplicitSegment(decoding: row.bytes, network: network) else { continue }
            guard authority.admits(segment.descriptor.device) else { continue }
            try connection.transaction { () throws(StoreError) in
                try connection.query("DELETE FROM quarantine WHERE n = ?").bind(1, row.number).run()
            }
            var waiting = WaitingRoom()
            let outcomes = try ingest([IncomingSegment(descriptor: segment.descriptor, bytes: row.bytes)], waiting: &waiting)
            guard case .waiting? = outcomes.first else { continue }
            // It names what is not held: it stays where it was.
            try connection.transaction { () throws(StoreError) in
                try connection.query("INSERT INTO quarantine(log, first, last, head, reason, bytes) VALUES(?, ?, ?, ?, ?, ?)")
                    .bind(1, segment.descriptor.id(network: network)).bind(2, segment.entries[0].header.sequence)
                    .bind(3, segment.entries[segment.entries.count - 1].header.sequence)
                    .bind(4, segment.entries[segment.entries.count - 1].id).bind(5, row.reason).bind(6, row.bytes).run()
            }
        }
    }

    /// What is quarantined, for people: per segment its log's device, how many entries, and why.
    package func quarantined() throws(StoreError) -> [(device: ShortID, entries: Int, reason: Authority.Reason)] {
        try connection.query("SELECT bytes, first, last, reason FROM quarantine ORDER BY n").all { (r) throws(StoreError) in
            guard let segment = try? ExplicitSegment(decoding: r.bytes(0), network: network),
                let reason = Authority.Reason(rawValue: r.int(3))
            else { throw .corrupt(path: connection.path, code: 11, message: "a quarantined segment") }
            return (segment.descriptor.device.deviceID, r.int(2) - r.int(1) + 1, reason)
        }
    }
}
