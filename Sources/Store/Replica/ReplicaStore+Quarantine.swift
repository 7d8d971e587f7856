import Bytes
package import Crypto
package import Replica

/// What is in quarantine, by log: so that a full one costs no more than an empty one until something is released.
struct QuarantineIndex {
    /// What is kept of one log.
    struct Log {
        let descriptor: LogDescriptor
        /// Ascending by sequence number, so that what goes on from another comes after it.
        var rows: [Row] = []
        var byteCount = 0
    }

    /// A segment, and with which entry it begins.
    struct Row: Hashable, Comparable {
        let first: Int
        let number: Int

        static func < (left: Row, right: Row) -> Bool { (left.first, left.number) < (right.first, right.number) }
    }

    private(set) var logs: [Digest: Log] = [:]
    private(set) var byteCount = 0

    mutating func add(_ row: Row, byteCount count: Int, log: Digest, _ descriptor: LogDescriptor) {
        let rows = logs[log, default: Log(descriptor: descriptor)].rows
        let place = rows.lastIndex { $0 < row }.map { $0 + 1 } ?? 0
        logs[log, default: Log(descriptor: descriptor)].rows.insert(row, at: place)
        logs[log]?.byteCount += count
        byteCount += count
    }

    mutating func remove(_ row: Row, byteCount count: Int, log: Digest) {
        guard let index = logs[log]?.rows.firstIndex(of: row) else { return }
        logs[log]?.rows.remove(at: index)
        logs[log]?.byteCount -= count
        byteCount -= count
        if logs[log]?.rows.isEmpty == true { logs[log] = nil }
    }

    /// The logs of devices that have come to be admitted, or whose life has come to be opened.
    func logs(touchedBy change: Authority.Change) -> Set<Digest> {
        let touched = logs.filter { (_, log) in
            change.devices.contains(log.descriptor.device) || change.opens(log.descriptor)
        }
        return Set(touched.keys)
    }
}

extension ReplicaStore {
    /// Brings a batch as far as it comes, and what of the quarantine its statements release.
    func settleAll(_ works: [SegmentWork]) throws(StoreError) -> [SegmentWork] {
        let (waiting, later) = logsToTry(with: works)
        var logs = waiting
        var known = authority
        // Control first: what it grants decides over the data beside it.
        var settled = try settle(
            quarantinedWorks(of: .control, in: logs) + works.filter { $0.descriptor.logClass == .control })
        // Without statements nothing has changed.
        while !settled.isEmpty, let change = authority.change(since: known) {
            known = authority
            let touched = quarantine.logs(touchedBy: change)
            logs.formUnion(touched)
            // What has come to stand is durable: should the rest fail, the next batch asks about them.
            releasable?.formUnion(touched)
            let again = try quarantinedWorks(of: .control, in: touched)
            if !again.isEmpty { settled += try settle(again) }
        }
        // What came may go on from what is released with it.
        settled += try settle(
            quarantinedWorks(of: .data, in: logs) + works.filter { $0.descriptor.logClass == .data })
        try release(settled.filter { $0.index < 0 }, leaving: later.subtracting(logs))
        return settled.filter { $0.index >= 0 }
    }

    /// The logs in quarantine that are tried with a batch, of those that may be released, and those left for later.
    ///
    /// Little is always tried, and much when an eighth as much has come since: else whoever let it wait for what never
    /// comes would make each batch of others cost all of it again (R12).
    private func logsToTry(with works: [SegmentWork]) -> (now: Set<Digest>, later: Set<Digest>) {
        // After a start it is not known what waits there.
        guard let waiting = releasable else { return (Set(quarantine.logs.keys), []) }
        byteCountSinceRelease += works.reduce(0) { $0 + $1.byteCount }
        let byteCount = waiting.reduce(0) { $0 + (quarantine.logs[$1]?.byteCount ?? 0) }
        guard byteCount <= QuarantineLimits.alwaysTriedBytes || byteCountSinceRelease >= byteCount / 8 else {
            return ([], waiting)
        }
        byteCountSinceRelease = 0
        return (waiting, [])
    }

    /// Reads what is in quarantine.
    ///
    /// What is damaged there is left out: nothing depends on it, so it must keep nobody from the rest.
    func loadQuarantine() throws(StoreError) {
        quarantine = QuarantineIndex()
        // The descriptor stands near the beginning.
        let rows = try connection.query(
            "SELECT n, first, log, length(bytes), substr(bytes, 1, 256) FROM quarantine ORDER BY n"
        ).all { r in
            (
                row: QuarantineIndex.Row(first: r.int(1), number: r.int(0)), log: Digest(r.bytes(2)),
                byteCount: r.int(3), beginning: r.bytes(4)
            )
        }
        for row in rows {
            var reader = CBORReader(row.beginning)
            guard (try? reader.readArray(count: 4, "segment")) != nil, (try? reader.readUInt()) != nil,
                let descriptor = try? LogDescriptor(from: &reader), let log = row.log,
                descriptor.id(network: network) == log
            else { continue }
            quarantine.add(row.row, byteCount: row.byteCount, log: log, descriptor)
        }
    }

    /// Keeps a segment outside of the frontier, within the budget.
    func keep(_ work: SegmentWork, reason: Authority.Reason) throws(StoreError) -> Bool {
        guard let last = work.entries.last else { return false }
        if try isQuarantined(last.id) { return true }
        let bytes = ExplicitSegment(descriptor: work.descriptor, entries: work.entries, seal: work.seal).encoded
        guard (quarantine.logs[work.log]?.byteCount ?? 0) + bytes.count <= QuarantineLimits.bytesPerLog,
            quarantine.byteCount + bytes.count <= QuarantineLimits.bytes
        else { return false }
        try connection.query("INSERT INTO quarantine(log, first, last, head, reason, bytes) VALUES(?, ?, ?, ?, ?, ?)")
            .bind(1, work.log).bind(2, work.first).bind(3, work.last).bind(4, last.id).bind(5, reason.rawValue).bind(
                6, bytes
            ).run()
        let row = try connection.query("SELECT n FROM quarantine WHERE head = ?").bind(1, last.id).first { $0.int(0) }
        guard let row else { throw damaged("a quarantined segment") }
        quarantine.add(
            .init(first: work.first, number: row), byteCount: bytes.count, log: work.log, work.descriptor)
        return true
    }

    /// What is quarantined of a class in some logs and may be authorised by now, as works beside a batch; their indexes
    /// are negative.
    private func quarantinedWorks(of logClass: LogClass, in logs: Set<Digest>) throws(StoreError) -> [SegmentWork] {
        var works: [SegmentWork] = []
        for log in logs.sorted() {
            guard let kept = quarantine.logs[log], kept.descriptor.logClass == logClass,
                logClass == .control || authority.admits(kept.descriptor.device)
            else { continue }
            for row in kept.rows {
                let bytes = try connection.query("SELECT bytes FROM quarantine WHERE n = ?").bind(1, row.number).first {
                    $0.bytes(0)
                }
                guard let bytes, let segment = try? ExplicitSegment(decoding: bytes, network: network) else { continue }
                works.append(
                    SegmentWork(
                        index: -row.number, descriptor: segment.descriptor, log: log, form: .explicit(segment),
                        byteCount: bytes.count, seal: segment.seal))
            }
        }
        return works
    }

    /// Takes out of quarantine what is held by now.
    /// - Parameter later: logs that may be released and were not tried.
    private func release(_ works: [SegmentWork], leaving later: Set<Digest>) throws(StoreError) {
        // What names what is not held yet stays where it is, and is tried again.
        var waiting: Set<Digest> = []
        var gone: [SegmentWork] = []
        for work in works {
            switch work.progress {
            case .finished(.stored), .finished(.offence): gone.append(work)
            case .finished: continue
            default: waiting.insert(work.log)
            }
        }
        if !gone.isEmpty {
            try connection.transaction { () throws(StoreError) in
                for work in gone {
                    try connection.query("DELETE FROM quarantine WHERE n = ?").bind(1, -work.index).run()
                }
            }
            for work in gone {
                quarantine.remove(
                    .init(first: work.first, number: -work.index), byteCount: work.byteCount, log: work.log)
            }
        }
        releasable = waiting.union(later)
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
