import Bytes
import Crypto
import Replica

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
}
