package import Crypto
import Replica
import Bytes

extension ReplicaStore {
    /// Takes in segments: verifies, judges, stores and applies them, control first.
    ///
    /// Total: every well-formed segment ends as stored, quarantined or waiting, and none holds back another.
    /// - Parameter waiting: what the same session or file could not place so far; takes what cannot be placed now.
    /// - Returns: for each of `segments` what became of it, and after those the segments that had waited and no
    ///   longer do.
    /// - Throws: `StoreError`; of control and data, which have a transaction each, the control may be stored then.
    package func ingest(_ segments: [IncomingSegment], waiting: inout WaitingRoom) throws(StoreError) -> [IngestOutcome]
    {
        var outcomes = [IngestOutcome?](repeating: nil, count: segments.count)
        var works = waiting.works
        let waited = works.count
        for (index, segment) in segments.enumerated() {
            do { works.append(try parse(segment, index: waited + index)) } catch { outcomes[index] = .offence(error) }
        }
        works = try settleAll(works).sorted { $0.index < $1.index }

        var extra: [IngestOutcome] = []
        waiting.works = []
        var bytes = 0
        for work in works {
            var outcome = IngestOutcome.waiting(
                log: work.log, first: work.first, last: work.last, isCompact: work.isCompact)
            if case .finished(let final) = work.progress {
                outcome = final
            } else {
                bytes += work.byteCount
                if bytes > WaitingRoom.maximumByteCount { outcome = .overflow } else { waiting.works.append(work) }
            }
            if work.index < waited {
                if case .waiting = outcome { continue }
                extra.append(outcome)
            } else {
                outcomes[work.index - waited] = outcome
            }
        }
        for index in waiting.works.indices { waiting.works[index] = waiting.works[index].renumbered(index) }
        return outcomes.compactMap { $0 } + extra
    }

    private func parse(_ segment: IncomingSegment, index: Int) throws(SegmentError) -> SegmentWork {
        let log = segment.descriptor.id(network: network)
        let known = [SpaceName.policy: LogClass.control, SpaceName.net: .data]
        guard known[segment.descriptor.space] == segment.descriptor.logClass else {
            throw .malformed(.invalid(what: "space and class of the log"))
        }
        if segment.bytes.first == 1 {
            let compact = try CompactSegment(decoding: segment.bytes)
            return SegmentWork(
                index: index, descriptor: segment.descriptor, log: log, form: .compact(compact, leaves: compact.leaves),
                byteCount: segment.bytes.count, seal: compact.seal)
        }
        let explicit = try ExplicitSegment(decoding: segment.bytes, network: network)
        guard explicit.descriptor == segment.descriptor else { throw .malformed(.invalid(what: "log of the segment")) }
        return SegmentWork(
            index: index, descriptor: segment.descriptor, log: log, form: .explicit(explicit),
            byteCount: segment.bytes.count,
            seal: explicit.seal)
    }

    /// Brings works as far as they come: fill in, verify, judge, store.
    func settle(_ incoming: [SegmentWork]) throws(StoreError) -> [SegmentWork] {
        // In the order of their logs, however they came: what goes on from others is filled in after them.
        var works = incoming.sorted { ($0.first, $0.index) < ($1.first, $1.index) }
        var undone = 0
        // Each pass either changes the standing of a work for good or is the last; a work changes at most three times.
        while true {
            var overlay = Overlay()
            for index in works.indices { works[index].restart() }
            var changed = try fillIn(&works, &overlay)
            if !changed { changed = try judge(&works) }
            if changed { continue }
            do throws(IngestFailure) {
                changed = try connection.transaction(throwing: IngestFailure.self) { () throws(IngestFailure) in
                    try store(&works)
                }
            } catch {
                // What is kept in memory went ahead of the transaction that was undone.
                try load()
                switch error {
                case .store(let failure): throw failure
                case .segment(let offence, let work):
                    undone += 1
                    for index in works.indices {
                        if works[index].index == work {
                            works[index].progress = .finished(.offence(offence))
                        } else if undone >= ReplicaLimits.undoneBatches {
                            // Whoever sends so much that fits nowhere is left with all that came beside it.
                            works[index].giveUp()
                        }
                    }
                    changed = true
                }
            }
            if !changed { return works }
        }
    }

    /// Fills in what can be filled in; verifies what is complete.
    /// - Returns: true if a work fell out and all must begin again.
    private func fillIn(_ works: inout [SegmentWork], _ overlay: inout Overlay) throws(StoreError) -> Bool {
        var progressed = true
        while progressed {
            progressed = false
            for index in works.indices where works[index].progress == .open {
                let before = works[index].entries.count
                let hadBase = works[index].base != nil
                do throws(IngestFailure) {
                    try advance(&works[index], overlay)
                } catch {
                    switch error {
                    case .store(let failure): throw failure
                    case .segment(let offence, _): works[index].progress = .finished(.offence(offence))
                    }
                }
                if case .finished = works[index].progress {
                    // Nothing hangs on what has given nothing to others yet, such as a forged segment (R12).
                    if before == 0 { continue }
                    return true
                }
                overlay.add(works[index], from: before)
                progressed =
                    progressed || works[index].entries.count > before || (works[index].base != nil) != hadBase
                    || works[index].progress == .complete
            }
        }
        // After everything else: what is quarantined below may be among the works, and be authorised by now.
        for index in works.indices where works[index].progress == .open && works[index].base == nil {
            do throws(IngestFailure) {
                try advanceAbove(quarantine: &works[index])
            } catch {
                switch error {
                case .store(let failure): throw failure
                case .segment(let offence, _):
                    works[index].progress = .finished(.offence(offence))
                    return true
                }
            }
        }
        return false
    }

    private func advance(_ work: inout SegmentWork, _ overlay: Overlay) throws(IngestFailure) {
        if isForeign(work) { return try advanceForeign(&work) }
        if work.base == nil {
            work.base = try findBase(&work, overlay)
        }
        guard let base = work.base else { return }
        switch work.form {
        case .explicit(let segment):
            while work.entries.count < segment.entries.count {
                let entry = segment.entries[work.entries.count]
                guard try namesAreHeld(by: entry, of: work, base: base, overlay) else { return }
                work.entries.append(entry)
                work.introduced += entry.header.introductions
            }
        case .compact(let segment, let leaves):
            var resolver = Resolver(store: self, work: work, base: base, overlay: overlay)
            let expansion: CompactSegment.Expansion
            do {
                expansion = try segment.expand(
                    log: work.log, descriptor: work.descriptor, previous: base.previous, leaves: leaves,
                    resolver: &resolver,
                    entries: &work.entries)
            } catch { throw .segment(error, work: work.index) }
            if let failure = resolver.failure { throw .store(failure) }
            switch expansion {
            case .complete: break
            case .unresolved where !resolver.isAmbiguous: return
            case .unresolved, .mismatch:
                work.progress = .finished(.explicitNeeded(log: work.log, first: work.first, last: work.last))
                return
            }
        }
        try checkSeal(&work)
        work.progress = .complete
    }

    private func checkSeal(_ work: inout SegmentWork) throws(IngestFailure) {
        guard let last = work.entries.last, last.id != work.sealedEntry else { return }
        sealCheckCount += 1
        let message = Seal.message(log: work.log, sequence: last.header.sequence, entry: last.id)
        guard work.descriptor.device.verify(work.seal, message) else { throw .segment(.seal, work: work.index) }
        work.sealedEntry = last.id
    }

    /// Whether a data log's device has no grant at all: nothing tells then what it may name.
    private func isForeign(_ work: SegmentWork) -> Bool {
        work.descriptor.logClass == .data && !authority.admits(work.descriptor.device)
    }

    private func advanceForeign(_ work: inout SegmentWork) throws(IngestFailure) {
        guard case .explicit(let segment) = work.form else {
            work.progress = .finished(.explicitNeeded(log: work.log, first: work.first, last: work.last))
            return
        }
        work.entries = segment.entries
        try checkSeal(&work)
        work.progress = .quarantined(.grantDoesNotStand)
    }

    /// Finds out whether a segment without a base goes on from a quarantined one, and then joins it there.
    private func advanceAbove(quarantine work: inout SegmentWork) throws(IngestFailure) {
        guard case .explicit(let segment) = work.form else { return }
        do { guard try isQuarantined(segment.entries[0].header.previous) else { return } } catch { throw .store(error) }
        work.entries = segment.entries
        try checkSeal(&work)
        work.progress = .quarantined(.afterQuarantine)
    }

    /// What lies below a segment: in the store, or above another work of the same log.
    private func findBase(_ work: inout SegmentWork, _ overlay: Overlay) throws(IngestFailure) -> SegmentWork.Base? {
        if work.first == 0 { return SegmentWork.Base(previous: work.log, branch: nil, table: [], auth: nil) }
        guard case .explicit(let segment) = work.form else { return try findCompactBase(&work, overlay) }
        let previous = segment.entries[0].header.previous
        if let below = overlay.base(above: previous, log: work.log) {
            guard below.sequence == work.first - 1 else {
                throw .segment(.chain(sequence: work.first), work: work.index)
            }
            return below
        }
        do throws(StoreError) {
            if let place = try place(of: previous) {
                if place.sequence == work.first - 1, topology.logs[topology.branches[place.branch].log].id == work.log {
                    return try base(above: place, id: previous)
                }
            } else {
                return nil
            }
        } catch { throw .store(error) }
        throw .segment(.chain(sequence: work.first), work: work.index)
    }

    /// Without ids any branch that reaches so far may be meant: the check tells which.
    private func findCompactBase(_ work: inout SegmentWork, _ overlay: Overlay) throws(IngestFailure) -> SegmentWork
        .Base?
    {
        guard case .compact(let segment, let leaves) = work.form else { return nil }
        var candidates = overlay.bases(before: work.first, log: work.log)
        if let log = topology.log(work.log) {
            let branches = topology.branches(of: log.number).filter { topology.branches[$0].head >= work.first - 1 }
            do throws(StoreError) {
                // No more than are tried: a log may have been forked ten thousand times.
                for branch in Set(branches.map({ topology.holder(of: work.first - 1, below: $0) })).sorted()
                where candidates.count < ReplicaLimits.resolutionAttempts {
                    guard let id = try entryID(branch: branch, sequence: work.first - 1),
                        !candidates.contains(where: { $0.previous == id })
                    else { continue }
                    candidates.append(try base(above: (branch, work.first - 1), id: id))
                }
            } catch { throw .store(error) }
        }
        if candidates.count <= 1 { return candidates.first }
        // What one branch would make of the refs may still come, while on another they are ambiguous: waiting would not
        // tell which of the two is meant.
        var (mayCome, isAmbiguous) = (false, false)
        let names = segment.rows.reduce(1) { $0 + $1.nameCount }
        let left = max(0, ReplicaLimits.resolutionNames - work.lookups) / names
        let attempts = min(candidates.count, ReplicaLimits.resolutionAttempts, left)
        work.lookups += attempts * names
        for candidate in candidates.prefix(attempts) {
            var resolver = Resolver(store: self, work: work, base: candidate, overlay: overlay)
            var entries: [SegmentEntry] = []
            let expansion = try? segment.expand(
                log: work.log, descriptor: work.descriptor, previous: candidate.previous, leaves: leaves,
                resolver: &resolver,
                entries: &entries)
            if let failure = resolver.failure { throw .store(failure) }
            if expansion == .complete { return candidate }
            if expansion == .unresolved {
                if resolver.isAmbiguous { isAmbiguous = true } else { mayCome = true }
            }
        }
        if isAmbiguous || !mayCome {
            work.progress = .finished(.explicitNeeded(log: work.log, first: work.first, last: work.last))
        }
        return nil
    }

    private func base(above place: (branch: Int, sequence: Int), id: Digest) throws(StoreError) -> SegmentWork.Base {
        SegmentWork.Base(
            previous: id, sequence: place.sequence, branch: place.branch,
            table: try table(of: place.branch, below: place.sequence + 1),
            auth: try auth(at: place))
    }

    /// The grant in force at an entry: that of the segment that holds it.
    func auth(at place: (branch: Int, sequence: Int)) throws(StoreError) -> Digest? {
        let row = topology.branches[place.branch]
        if row.head == place.sequence { return row.auth }
        return try connection.query(
            "SELECT auth FROM segments WHERE branch = ? AND first <= ? ORDER BY first DESC LIMIT 1"
        ).bind(1, place.branch).bind(2, place.sequence).first { (r) throws(StoreError) in try r.optionalFixed(0) }
            ?? nil
    }

    /// Whether the names of an explicit entry are held and are what its refs say; a contradiction is an offence.
    private func namesAreHeld(
        by entry: SegmentEntry, of work: SegmentWork, base: SegmentWork.Base, _ overlay: Overlay
    ) throws(IngestFailure) -> Bool {
        var refs: [(log: Int, sequence: Int)] = []
        if case .named(let log, let sequence) = entry.header.record { refs.append((log, sequence)) }
        for operation in entry.header.operations { refs += operation.references.map { ($0.log, $0.sequence) } }
        let offence = IngestFailure.segment(.context(sequence: entry.header.sequence), work: work.index)
        var names: [NamedEntry] = []
        for (ref, id) in zip(refs, entry.names) {
            guard ref.log <= base.table.count + work.introduced.count + entry.header.introductions.count else {
                throw offence
            }
            let log =
                ref.log == 0 ? work.log : logNamed(ref.log - 1, base.table, work.introduced, entry.header.introductions)
            names.append(NamedEntry(log: log, sequence: ref.sequence, id: id))
        }
        // What is wrong whoever else is held is told before anything is waited for.
        guard NamedEntry.context(names) == entry.header.context else { throw offence }
        for name in names {
            let offset = name.sequence - work.first
            if name.log == work.log, work.entries.indices.contains(offset), work.entries[offset].id == name.id {
                continue
            }
            if overlay.holds(name.id, log: name.log, sequence: name.sequence) { continue }
            let place: (branch: Int, sequence: Int)?
            do { place = try self.place(of: name.id) } catch { throw .store(error) }
            guard let place else { return false }
            let row = topology.logs[topology.branches[place.branch].log]
            guard place.sequence == name.sequence, row.id == name.log, row.descriptor.space == work.descriptor.space
            else { throw offence }
        }
        return true
    }

    private func logNamed(_ index: Int, _ table: [Digest], _ introduced: [Digest], _ here: [Digest]) -> Digest {
        if index < table.count { return table[index] }
        let rest = index - table.count
        return rest < introduced.count ? introduced[rest] : here[rest - introduced.count]
    }

    /// Where an entry stands.
    func place(of id: Digest) throws(StoreError) -> (branch: Int, sequence: Int)? {
        let found = try connection.query("SELECT branch, sequence FROM entries WHERE id = ?").bind(1, id).first {
            ($0.int(0), $0.int(1))
        }
        guard let found else { return nil }
        guard topology.canHold(found) else { throw damaged("the place of entry \(id.hex)") }
        return found
    }

    /// Whether an entry is inside of the frontier.
    package func holds(entry id: Digest) throws(StoreError) -> Bool { try place(of: id) != nil }

    /// The entry at a place that the branch itself holds.
    package func entryID(branch: Int, sequence: Int) throws(StoreError) -> Digest? {
        try connection.query("SELECT id FROM entries WHERE branch = ? AND sequence = ?").bind(1, branch).bind(
            2, sequence
        ).first {
            (r) throws(StoreError) in try r.fixed(0)
        }
    }
}

extension SegmentWork {
    /// Ends a work of a batch of which nothing more is tried; what was quarantined before stays where it is.
    mutating func giveUp() {
        guard index >= 0, progress == .open || progress == .complete else { return }
        progress = .finished(.overflow)
    }

    func renumbered(_ index: Int) -> SegmentWork {
        SegmentWork(
            index: index, descriptor: descriptor, log: log, form: form, byteCount: byteCount, seal: seal,
            entries: entries, base: base,
            progress: progress)
    }
}
