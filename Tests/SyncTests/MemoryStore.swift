import Bytes
import Crypto
import Replica

@testable import Sync

/// A replica of simple logs: an entry is a number and the ids that it names; segments end at every fourth entry.
final class MemoryStore: SessionStore {
    struct Entry {
        let id: Digest
        let log: Digest
        let sequence: Int
        let prev: Digest
        let names: [Digest]
        let nonce: UInt64
        let branch: Int
        let order: Int
    }

    static let network = Digest(1, 2, 3, 4)
    static let runLength = 4

    var entries: [Digest: Entry] = [:]
    /// Per branch: log, parent, parentSequence and own entries.
    var stretches: [(log: Digest, parent: Int?, parentSequence: Int, ids: [Digest])] = []
    var descriptors: [Digest: LogDescriptor] = [:]
    /// The control log of each log's incarnation, and the data log of each opening that is held.
    private var openings: [Digest: Digest] = [:]
    private var held: [Digest: Digest] = [:]
    var checkpoints: [ShortID: Checkpoint] = [:]
    /// Adds to `state`, as a bug in merging would.
    var stateFlaw: UInt64 = 0
    /// What was stored twice by an ingest.
    var duplicates = 0
    /// Sends nothing, as a withholding peer does.
    var withholds = false

    static func descriptor(device: Int, _ logClass: LogClass) -> LogDescriptor {
        guard let key = VerifyingKey([UInt8](repeating: UInt8(truncatingIfNeeded: device), count: 32)) else {
            preconditionFailure("32 bytes make a key")
        }
        return LogDescriptor(
            space: logClass == .control ? "policy" : "net", logClass: logClass, device: key,
            incarnation: ShortID(UInt64(device), 1))
    }

    // MARK: Writing

    /// Appends an entry to a log of a device, at the branch with the most entries, and gives what changed.
    @discardableResult
    func write(device: Int, _ logClass: LogClass = .data, nonce: UInt64, names: [Digest] = []) -> [Branch] {
        let descriptor = Self.descriptor(device: device, logClass)
        let log = descriptor.id(network: Self.network)
        let before = heads()
        let tip = stretches.filter { $0.log == log }.map { $0.ids.last ?? log }.max { left, right in
            (entries[left]?.sequence ?? -1, left) < (entries[right]?.sequence ?? -1, right)
        }
        descriptors[log] = descriptor
        insert(log: log, prev: tip ?? log, nonce: nonce, names: names)
        return changes(since: before)
    }

    private func heads() -> [Digest] { stretches.map { isInside($0.log) ? $0.ids.last ?? $0.log : Digest() } }

    private func changes(since before: [Digest]) -> [Branch] {
        let after = heads()
        return after.indices.filter { $0 >= before.count || before[$0] != after[$0] }.compactMap { branch($0) }
    }

    @discardableResult
    private func insert(log: Digest, prev: Digest, nonce: UInt64, names: [Digest]) -> Entry {
        let id = Self.id(prev: prev, nonce: nonce, names: names)
        if let known = entries[id] { return known }
        let parent = entries[prev]
        let sequence = (parent?.sequence ?? -1) + 1
        var branch = stretches.count
        if let parent, stretches[parent.branch].ids.last == prev {
            branch = parent.branch
            stretches[branch].ids.append(id)
        } else {
            noteLog(log)
            stretches.append((log, parent?.branch, sequence - 1, [id]))
        }
        let entry = Entry(
            id: id, log: log, sequence: sequence, prev: prev, names: names, nonce: nonce, branch: branch,
            order: entries.count)
        entries[id] = entry
        return entry
    }

    private func noteLog(_ log: Digest) {
        guard let descriptor = descriptors[log], openings[log] == nil else { return }
        func id(_ space: String, _ logClass: LogClass) -> Digest {
            LogDescriptor(
                space: space, logClass: logClass, device: descriptor.device, incarnation: descriptor.incarnation
            ).id(network: Self.network)
        }
        openings[log] = id("policy", .control)
        if descriptor.logClass == .control { held[log] = id("net", .data) }
    }

    static func id(prev: Digest, nonce: UInt64, names: [Digest]) -> Digest {
        var bytes = prev.bytes
        bytes.append(bigEndian: nonce)
        for name in names { name.append(to: &bytes) }
        let id = Hash.blake2b(.entry, bytes)
        // Numbers from 2^40 on make ids that begin with their highest bits alone: collisions of what messages say.
        return nonce >> 40 == 0 ? id : Digest(nonce >> 40, id.word1, id.word2, id.word3)
    }

    /// A copy of the whole store, as of a machine that was cloned.
    func cloned() -> MemoryStore {
        let other = MemoryStore()
        (other.entries, other.stretches, other.descriptors) = (entries, stretches, descriptors)
        (other.openings, other.held) = (openings, held)
        return other
    }

    /// Every entry inside the frontier, ascending.
    var frontierIDs: [Digest] { entries.values.filter { isInside($0.log) }.map(\.id).sorted() }

    // MARK: Reading

    func isInside(_ log: Digest) -> Bool { openings[log].map { held[$0] != nil } ?? false }

    private func digest(_ logClass: LogClass) -> Digest {
        let inside = stretches.filter { descriptors[$0.log]?.logClass == logClass && isInside($0.log) }
        return Hash.blake2b(.frontier, inside.compactMap(\.ids.last).sorted().flatMap(\.bytes))
    }

    func policyFrontier() -> Digest { digest(.control) }

    func spaces() -> [SpaceDigests] {
        let frontier = digest(.data)
        var state = frontier.bytes
        state.append(bigEndian: stateFlaw)
        return [SpaceDigests(name: "net", frontier: frontier, state: Hash.blake2b(.state, state))]
    }

    func branches() -> [Branch] { stretches.indices.compactMap { branch($0) } }

    private func branch(_ number: Int) -> Branch? {
        let stretch = stretches[number]
        guard isInside(stretch.log), let descriptor = descriptors[stretch.log], let head = stretch.ids.last else {
            return nil
        }
        return Branch(
            number: number, log: stretch.log, descriptor: descriptor, parent: stretch.parent,
            parentSequence: stretch.parentSequence, count: stretch.parentSequence + 1 + stretch.ids.count, head: head)
    }

    func sessionLogs() -> [Digest] { held.flatMap { [$0.key, $0.value] }.sorted() }

    func entryID(branch: Int, sequence: Int) -> Digest? {
        let stretch = stretches[branch]
        let index = sequence - stretch.parentSequence - 1
        return stretch.ids.indices.contains(index) ? stretch.ids[index] : nil
    }

    func branchHolding(log: Digest, head: Head) -> Int? {
        for (number, stretch) in stretches.enumerated() where stretch.log == log {
            if entryID(branch: number, sequence: head.sequence)?.word0 == head.prefix { return number }
        }
        return nil
    }

    func order(branch: Int, sequence: Int) -> Int {
        entryID(branch: branch, sequence: sequence).flatMap { entries[$0]?.order } ?? .max
    }

    func checkpoint(peer device: ShortID) -> Checkpoint? {
        // Through its encoding, as a store does.
        checkpoints[device].flatMap { Checkpoint(decoding: $0.encoded) }
    }

    // MARK: Segments

    func segment(branch: Int, from sequence: Int) -> Run? {
        guard !withholds else { return nil }
        let stretch = stretches[branch]
        let count = stretch.parentSequence + 1 + stretch.ids.count
        guard sequence > stretch.parentSequence, sequence < count else { return nil }
        let last = min(count, (sequence / Self.runLength + 1) * Self.runLength) - 1
        let isForked = stretches.filter { $0.log == stretch.log }.count > 1
        return Run(bytes: encode(branch, sequence, last, explicit: isForked), first: sequence, last: last)
    }

    func explicitSegment(log: Digest, first: Int, last: Int, head: Digest) -> [UInt8]? {
        entries[head].map { encode($0.branch, first, last, explicit: true) }
    }

    private func encode(_ branch: Int, _ first: Int, _ last: Int, explicit: Bool) -> [UInt8] {
        let run = (first...last).compactMap { entryID(branch: branch, sequence: $0) }.compactMap { entries[$0] }
        guard let start = run.first, let end = run.last else { return [] }
        var writer = CBORWriter()
        writer.writeArray(count: explicit ? 5 : 4)
        writer.write(first)
        if explicit { writer.write(start.prev) }
        writer.write(bytes: Hash.blake2b(.segment, start.prev.bytes).prefix(8))
        writer.writeArray(count: run.count)
        for entry in run {
            writer.writeArray(count: 2)
            writer.write(entry.nonce)
            writer.writeArray(count: entry.names.count)
            for name in entry.names { writer.write(name) }
        }
        writer.write(bytes: Hash.blake2b(.stored, end.id.bytes).prefix(8))
        return explicit ? writer.bytes : [1] + writer.bytes
    }

    // MARK: Ingest

    /// A segment that was read, and how far its entries are known.
    private struct Reading {
        let log: Digest
        var rows: [(nonce: UInt64, names: [Digest])] = []
        var seal: [UInt8] = []
        var ids: [Digest] = []
        var prev: Digest
        var head: Digest
    }

    /// Takes a batch in, entry by entry in whatever order their names allow.
    func ingest(_ batch: [IncomingSegment]) -> IngestResult {
        let before = heads()
        var outcomes: [SegmentOutcome] = []
        var readings: [Reading?] = []
        var knownLogs: [Digest: LogDescriptor] = [:]
        for segment in batch {
            let (outcome, reading) = read(segment, readings.compactMap { $0 })
            outcomes.append(outcome)
            readings.append(reading)
            if let descriptor = segment.descriptor { knownLogs[segment.log] = descriptor }
        }
        let staged = resolve(&readings)
        var complete = Set(readings.indices.filter { readings[$0].map { $0.ids.count == $0.rows.count } ?? false })
        for index in complete {
            guard let reading = readings[index] else { continue }
            if Hash.blake2b(.stored, reading.head.bytes).prefix(8) != reading.seal {
                outcomes[index] = .refused(.badSeal)
                complete.remove(index)
            }
        }
        // What names an entry of a segment that stays outside stays outside too.
        while let outsider = complete.first(where: { index in
            guard let reading = readings[index] else { return false }
            return ([reading.prev] + reading.rows.flatMap(\.names)).contains { name in
                entries[name] == nil && name != reading.log && !(staged[name].map { complete.contains($0) } ?? false)
            }
        }) { complete.remove(outsider) }
        store(readings, complete, knownLogs, &outcomes)
        return IngestResult(outcomes: outcomes, changed: changes(since: before))
    }

    private func read(_ segment: IncomingSegment, _ earlier: [Reading]) -> (SegmentOutcome, Reading?) {
        do throws(DecodeError) {
            var reader = CBORReader(segment.isExplicit ? segment.bytes : Array(segment.bytes.dropFirst()))
            try reader.readArray(count: segment.isExplicit ? 5 : 4, "segment")
            let first = try reader.readInt(upTo: 1 << 40, "first")
            let stated: Digest? = segment.isExplicit ? try reader.readFixed("prev") : nil
            let check = try reader.readBytes(upTo: 8, "check")
            var reading = Reading(log: segment.log, prev: segment.log, head: segment.log)
            for _ in 0..<(try reader.readArray(upTo: 256, "rows")) {
                try reader.readArray(count: 2, "row")
                let nonce = try reader.readUInt()
                var names: [Digest] = []
                for _ in 0..<(try reader.readArray(upTo: 9, "names")) { names.append(try reader.readFixed("name")) }
                reading.rows.append((nonce, names))
            }
            reading.seal = try reader.readBytes(upTo: 8, "seal")
            try reader.finish()
            let isKnown = segment.descriptor != nil || descriptors[segment.log] != nil
            guard isKnown || held.values.contains(segment.log) else { return (.refused(.malformed), nil) }
            let places = first == 0 ? [segment.log] : places(segment.log, first - 1, earlier)
            guard let prev = places.first(where: { Hash.blake2b(.segment, $0.bytes).prefix(8) == check }),
                stated == nil || stated == prev
            else {
                if segment.isExplicit || places.isEmpty { return (.waiting, nil) }
                let last = first + reading.rows.count - 1
                return (.needsExplicit(first: first, last: last, head: places.min() ?? Digest()), nil)
            }
            reading.prev = prev
            reading.head = prev
            return (.waiting, reading)
        } catch {
            return (.refused(.malformed), nil)
        }
    }

    /// The entries of a log at a number, stored or in a segment of the batch whose ids do not hang on others.
    private func places(_ log: Digest, _ sequence: Int, _ earlier: [Reading]) -> [Digest] {
        var found = stretches.indices.filter { stretches[$0].log == log }.compactMap {
            entryID(branch: $0, sequence: sequence)
        }
        for reading in earlier where reading.log == log {
            var head = reading.prev
            for row in reading.rows { head = Self.id(prev: head, nonce: row.nonce, names: row.names) }
            found.append(head)
        }
        return found
    }

    /// Works out ids as far as names are known; gives the segment of each.
    private func resolve(_ readings: inout [Reading?]) -> [Digest: Int] {
        var staged: [Digest: Int] = [:]
        var isProgress = true
        while isProgress {
            isProgress = false
            for index in readings.indices {
                guard var reading = readings[index] else { continue }
                while reading.ids.count < reading.rows.count {
                    let row = reading.rows[reading.ids.count]
                    let names = row.names + (reading.ids.isEmpty && reading.prev != reading.log ? [reading.prev] : [])
                    guard names.allSatisfy({ entries[$0] != nil || staged[$0] != nil }) else { break }
                    reading.head = Self.id(prev: reading.head, nonce: row.nonce, names: row.names)
                    reading.ids.append(reading.head)
                    staged[reading.head] = index
                    isProgress = true
                }
                readings[index] = reading
            }
        }
        return staged
    }

    private func store(
        _ readings: [Reading?], _ complete: Set<Int>, _ logs: [Digest: LogDescriptor],
        _ outcomes: inout [SegmentOutcome]
    ) {
        var left = complete
        while let index = left.sorted().first(where: { index in
            // Each after the one that holds its predecessor.
            readings[index].map { entries[$0.prev] != nil || $0.prev == $0.log } ?? false
        }) {
            left.remove(index)
            guard let reading = readings[index] else { continue }
            let data = held.first { $0.value == reading.log }.flatMap { descriptors[$0.key] }
            descriptors[reading.log] =
                logs[reading.log] ?? descriptors[reading.log]
                ?? data.map {
                    LogDescriptor(space: "net", logClass: .data, device: $0.device, incarnation: $0.incarnation)
                }
            var prev = reading.prev
            var newEntries = 0
            var (branch, end) = (0, 0)
            for row in reading.rows {
                let count = entries.count
                let entry = insert(log: reading.log, prev: prev, nonce: row.nonce, names: row.names)
                if entries.count > count { newEntries += 1 } else { duplicates += 1 }
                (prev, branch, end) = (entry.id, entry.branch, entry.sequence + 1)
            }
            outcomes[index] = .stored(branch: branch, upTo: end, newEntries: newEntries)
        }
    }
}
