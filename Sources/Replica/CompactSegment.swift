import Bytes
package import Crypto

/// A segment with everything left out that its receiver can work out: what is stored and sent.
///
/// Source: Protocol/03-segments.md#compact-form-version-1.
package struct CompactSegment: Hashable, Sendable {
    /// An entry without what is left out.
    package struct Row: Hashable, Sendable {
        package let flags: UInt64
        package let auth: Digest?
        package let introductions: [Digest]
        /// Claimed, absolute.
        package let time: Int64
        package let record: Header.Record
        package let operations: [Operation]
        package let body: RowBody
        package let extensions: [UInt8]?

        /// How many entries it names.
        package var nameCount: Int { Header.nameCount(record, operations) }
    }

    /// The values of a row.
    package enum RowBody: Hashable, Sendable {
        /// All values, encoded; empty without a body.
        case values([[UInt8]])
        /// With the body-size, which can no longer be worked out.
        case partial([Body.Item], size: Int)
    }

    package let firstSequence: Int
    /// The first 8 bytes of the hash over `prev` and the contexts.
    package let check: [UInt8]
    package let seeds: [Seed]
    /// Not empty.
    package let rows: [Row]
    package let seal: Signature

    /// The greatest sequence number in it.
    package var lastSequence: Int { firstSequence + rows.count - 1 }

    /// Whether the form can carry these entries: headers of later versions go in the explicit form.
    package static func canHold(_ entries: [SegmentEntry]) -> Bool {
        entries.allSatisfy { $0.header.version == 1 }
    }

    /// Leaves out what can be worked out.
    /// - Parameters:
    ///   - entries: consecutive, not empty, all of version 1.
    ///   - seeds: cover the leaves of the entries with full bodies.
    package static func encode(_ entries: [SegmentEntry], seeds: [Seed], seal: Signature) -> [UInt8] {
        let payload = payload(entries, seeds: seeds, seal: seal)
        let compressed = Compression.compress(payload)
        return compressed.count < payload.count ? [1, 1] + compressed : [1, 0] + payload
    }

    /// What `encode` may compress.
    package static func payload(_ entries: [SegmentEntry], seeds: [Seed], seal: Signature) -> [UInt8] {
        precondition(!entries.isEmpty && canHold(entries), "a compact segment has entries of version 1")
        var writer = CBORWriter(reserving: 64 * entries.count + 128)
        writer.writeArray(count: 5)
        writer.write(entries[0].header.sequence)
        writer.write(bytes: check(previous: entries[0].header.previous, contexts: entries.map(\.header.context)))
        writer.writeArray(count: seeds.count)
        for seed in seeds { writer.write(bytes: [UInt8(seed.level)] + seed.node.bytes) }
        writer.writeArray(count: entries.count)
        var time: Int64 = 0
        for entry in entries {
            write(entry, after: time, to: &writer)
            time = entry.header.time
        }
        writer.write(seal)
        return writer.bytes
    }

    private static func write(_ entry: SegmentEntry, after time: Int64, to writer: inout CBORWriter) {
        let header = entry.header
        writer.writeArray(count: header.extensions == nil ? 7 : 8)
        writer.write(header.flags)
        writer.write(optional: header.auth)
        writer.writeArray(count: header.introductions.count)
        for log in header.introductions { writer.write(log) }
        writer.write(header.time - time)
        header.record.write(to: &writer)
        writer.writeArray(count: header.operations.count)
        for operation in header.operations { operation.write(to: &writer) }
        switch entry.body {
        case .none:
            writer.writeArray(count: 0)
        case .full(_, let values):
            writer.writeArray(count: values.count)
            for value in values { writer.write(encoded: value) }
        case .partial(let items):
            writer.writeMap(count: 2)
            writer.write(0)
            writer.writeArray(count: items.count)
            for item in items {
                switch item {
                case .value(let salt, let bytes):
                    writer.writeArray(count: 2)
                    writer.write(salt)
                    writer.write(encoded: bytes)
                case .erased(let commitment):
                    writer.write(commitment)
                }
            }
            writer.write(1)
            writer.write(header.bodySize)
        }
        if let extensions = header.extensions { writer.write(encoded: extensions) }
    }

    /// The 8 bytes that tell whether a receiver has resolved `prev` and refs as the sender has.
    package static func check(previous: Digest, contexts: [ShortID?]) -> [UInt8] {
        var hash = IncrementalHash(.segment)
        hash.update(previous)
        for case let context? in contexts { hash.update(context) }
        return hash.finish().prefix(8)
    }

    /// Decodes the form; nothing is checked against the log yet.
    /// - Throws: `SegmentError`, the fault of whoever sent it.
    package init(decoding bytes: [UInt8]) throws(SegmentError) {
        guard bytes.count <= SegmentLimits.encodedBytes else { throw .tooLarge }
        guard bytes.count >= 2, bytes[0] == 1, bytes[1] <= 1 else {
            throw .malformed(.invalid(what: "segment version"))
        }
        var payload = Array(bytes[2...])
        if bytes[1] == 1 { payload = try Compression.decompress(payload, upTo: SegmentLimits.expandedBytes) }
        guard payload.count <= SegmentLimits.expandedBytes else { throw .tooLarge }
        let rawSeeds: [(level: Int, node: ShortID)]
        do {
            var reader = CBORReader(payload)
            try reader.readArray(count: 5, "compact segment")
            firstSequence = try reader.readInt(upTo: EntryLimits.sequence - SegmentLimits.entries, "first sequence")
            check = Array(reader.bytes[try reader.readRange(count: 8, "check")])
            rawSeeds = try CompactSegment.readSeeds(&reader)
            rows = try CompactSegment.readRows(&reader)
            seal = try reader.readFixed("seal")
            try reader.finish()
        } catch { throw .malformed(error) }
        seeds = try CompactSegment.place(rawSeeds, rows: rows, firstSequence: firstSequence)
    }

    private static func readSeeds(_ reader: inout CBORReader) throws(DecodeError) -> [(level: Int, node: ShortID)] {
        var rawSeeds: [(level: Int, node: ShortID)] = []
        for _ in 0..<(try reader.readArray(upTo: SegmentLimits.entries, "seeds")) {
            let range = try reader.readRange(count: 17, "seed")
            guard let node = ShortID(reader.bytes[range].dropFirst()) else {
                throw .outOfRange(what: "seed", at: range.lowerBound)
            }
            rawSeeds.append((Int(reader.bytes[range.lowerBound]), node))
        }
        return rawSeeds
    }

    private static func readRows(_ reader: inout CBORReader) throws(DecodeError) -> [Row] {
        let start = reader.offset
        let count = try reader.readArray(upTo: SegmentLimits.entries, "rows")
        guard count > 0 else { throw .outOfRange(what: "rows", at: start) }
        var rows: [Row] = []
        rows.reserveCapacity(count)
        var time: Int64 = 0
        for _ in 0..<count {
            let row = try CompactSegment.readRow(&reader, after: time)
            time = row.time
            rows.append(row)
        }
        return rows
    }

    private static func readRow(_ reader: inout CBORReader, after time: Int64) throws(DecodeError) -> Row {
        let start = reader.offset
        let count = try reader.readArray(upTo: 8, "row")
        guard count >= 7 else { throw .outOfRange(what: "row", at: start) }
        let flags = try reader.readUInt()
        let auth: Digest? = try reader.readOptionalFixed("auth")
        let introductions = try Header.readIntroductions(&reader)
        let (absolute, overflow) = time.addingReportingOverflow(try reader.readSigned())
        guard !overflow, EntryLimits.time.contains(absolute) else { throw .outOfRange(what: "time", at: start) }
        let record = try Header.Record(from: &reader)
        let operations = try Header.readOperations(&reader)
        let body = try readBody(&reader)
        return Row(
            flags: flags, auth: auth, introductions: introductions, time: absolute, record: record,
            operations: operations,
            body: body, extensions: count == 8 ? try Header.readExtensions(&reader) : nil)
    }

    private static func readBody(_ reader: inout CBORReader) throws(DecodeError) -> RowBody {
        let start = reader.offset
        guard reader.nextMajorType == 5 else {
            var values: [[UInt8]] = []
            for _ in 0..<(try reader.readArray(upTo: EntryLimits.operations, "values")) {
                values.append(try readValue(&reader))
            }
            return .values(values)
        }
        guard try reader.readMap(upTo: 2, "body") == 2 else { throw .outOfRange(what: "body", at: start) }
        _ = try reader.readInt(upTo: 0, "body form")
        let count = try reader.readArray(upTo: EntryLimits.operations, "values")
        let items = try Body.Item.read(count, from: &reader, value: readValue)
        guard try reader.readInt(upTo: 1, "body-size") == 1 else { throw .invalid(what: "body-size") }
        return .partial(items, size: try reader.readInt(upTo: SegmentLimits.bytes, "body-size"))
    }

    private static func readValue(_ reader: inout CBORReader) throws(DecodeError) -> [UInt8] {
        let range = try reader.readItem()
        guard range.count <= EntryLimits.valueBytes else { throw .outOfRange(what: "value", at: range.lowerBound) }
        return Array(reader.bytes[range])
    }

    /// Gives each seed the leaves that it stands for and refuses gaps, overlaps and leaves that must not be covered.
    private static func place(_ raw: [(level: Int, node: ShortID)], rows: [Row], firstSequence: Int)
        throws(SegmentError) -> [Seed]
    {
        var seeds: [Seed] = []
        var next = raw.makeIterator()
        var covered = firstSequence
        for (index, row) in rows.enumerated() {
            let sequence = firstSequence + index
            guard case .values(let values) = row.body else { continue }
            if values.isEmpty || sequence < covered { continue }
            // A gap, a level that no tree has, or a leaf that is not for this receiver.
            guard let (level, node) = next.next(), level <= 8 else { throw .seeds }
            let width = 1 << (8 - level)
            let seed = Seed(level: level, first: sequence / width * width, node: node)
            guard seed.first >= covered, seed.leaves.upperBound <= firstSequence + rows.count else { throw .seeds }
            for leaf in seed.leaves {
                if case .partial = rows[leaf - firstSequence].body { throw .seeds }
            }
            covered = seed.leaves.upperBound
            seeds.append(seed)
        }
        guard next.next() == nil else { throw .seeds }
        return seeds
    }
}

/// What a receiver knows of a log's refs while it fills in a compact segment.
package protocol NameResolver {
    /// Whether names inside of the segment are asked for too.
    var resolvesAll: Bool { get }

    /// The entry that a ref names, if it is held; index 0 below the segment included.
    /// - Parameter introduced: the logs that the segment has introduced so far, after those of the log before it.
    mutating func resolve(log index: Int, sequence: Int, introduced: [Digest]) -> NamedEntry?
}

extension CompactSegment {
    /// How far filling in has come.
    package enum Expansion: Hashable, Sendable {
        case complete
        /// The next row names an entry that is not held yet.
        case unresolved
        /// The refs were resolved to other entries than the sender's: the explicit form is needed.
        case mismatch
    }

    /// Fills in what was left out, from the first row that is not among `entries` yet.
    /// - Parameters:
    ///   - previous: the entry before the first row, or the log id.
    ///   - entries: the rows that were filled in; goes on growing.
    /// - Throws: `SegmentError`, the fault of whoever sent it.
    package func expand(
        log: Digest, descriptor: LogDescriptor, previous: Digest, leaves: [Int: ShortID],
        resolver: inout some NameResolver,
        entries: inout [SegmentEntry]
    ) throws(SegmentError) -> Expansion {
        var introduced = rows[..<entries.count].flatMap(\.introductions)
        entries.reserveCapacity(rows.count)
        while entries.count < rows.count {
            let row = rows[entries.count]
            introduced += row.introductions
            let sequence = firstSequence + entries.count
            var header = Header(
                sequence: sequence, previous: entries.last?.id ?? previous, auth: row.auth, time: row.time,
                record: row.record, operations: row.operations)
            header.flags = row.flags
            header.introductions = row.introductions
            header.extensions = row.extensions
            // Nothing that comes can give these a meaning, so they must not wait for it.
            guard header.names(below: sequence) else {
                throw .malformed(.invalid(what: "it names itself, or what comes after it in its log"))
            }
            guard
                let names = names(
                    of: header, log: log, entries: entries, introduced: introduced, resolver: &resolver)
            else {
                return .unresolved
            }
            header.context = NamedEntry.context(names)
            let body: Body
            (body, header.bodySize) = try self.body(of: row, leaf: leaves[sequence])
            header.bodyCommitment = body.commitment
            do { try header.checkConsistency() } catch { throw .malformed(error) }
            let bytes = header.encoded
            guard bytes.count <= EntryLimits.headerBytes else { throw .tooLarge }
            entries.append(
                SegmentEntry(
                    id: Header.id(of: bytes), header: header, headerBytes: bytes, names: names.map(\.id), body: body))
        }
        guard CompactSegment.check(previous: previous, contexts: entries.map(\.header.context)) == check else {
            return .mismatch
        }
        try SegmentCheck.check(entries, of: descriptor, areCommitted: true)
        return .complete
    }

    /// The leaf of every entry that the seeds cover, by sequence number.
    package var leaves: [Int: ShortID] {
        var leaves: [Int: ShortID] = [:]
        for seed in seeds {
            SaltTree.forEachLeaf(of: seed, in: firstSequence..<(lastSequence + 1)) { leaves[$0] = $1 }
        }
        return leaves
    }

    private func body(of row: Row, leaf: ShortID?) throws(SegmentError) -> (Body, size: Int) {
        switch row.body {
        case .partial(let items, let size): return (.partial(items), size)
        case .values(let values):
            if values.isEmpty { return (.none, 0) }
            guard let leaf else { throw .seeds }
            let body = Body.full(leaf: leaf, values: values)
            return (body, body.size ?? 0)
        }
    }

    /// The entries that a header names; nil where one is not held.
    private func names(
        of header: Header, log: Digest, entries: [SegmentEntry], introduced: [Digest], resolver: inout some NameResolver
    ) -> [NamedEntry]? {
        var names: [NamedEntry] = []
        func add(_ index: Int, _ sequence: Int) -> Bool {
            if index == 0, sequence >= firstSequence, !resolver.resolvesAll {
                guard sequence - firstSequence < entries.count else { return false }
                names.append(NamedEntry(log: log, sequence: sequence, id: entries[sequence - firstSequence].id))
                return true
            }
            guard let name = resolver.resolve(log: index, sequence: sequence, introduced: introduced) else {
                return false
            }
            names.append(name)
            return true
        }
        if case .named(let index, let sequence) = header.record, !add(index, sequence) { return nil }
        for operation in header.operations {
            for reference in operation.references where !add(reference.log, reference.sequence) { return nil }
        }
        return names
    }
}
