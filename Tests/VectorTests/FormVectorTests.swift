import Bytes
import Crypto
import Replica
import Testing

/// The vectors of single forms: each decodes, tells what the file says, and encodes again to the same bytes, or is
/// refused by the layer and with the error that the file names.
@Suite struct FormVectorTests {
    /// What a runner finds: the lines of the file, and the bytes encoded again.
    typealias Found = (lines: [String: [String]], again: [UInt8])

    @Test func `There are vectors in every folder, of success and of failure`() {
        for folder in Vector.folders {
            let vectors = Vector.all(in: folder)
            #expect(vectors.contains { $0.failure == nil }, "\(folder)")
            #expect(folder == "salts" || vectors.contains { $0.failure != nil }, "\(folder)")
        }
    }

    @Test func `A file with a line that nobody knows is refused`() throws {
        #expect(throws: Vector.Fault.self) {
            try Vector(folder: "cbor", name: "x", text: "spec: a\nexpect: cbor success\ncomment: b\nremark: c\n\n00\n")
        }
        #expect(throws: Vector.Fault.self) {
            try Vector(folder: "cbor", name: "x", text: "spec: a\nexpect: cbor failure\ncomment: b\n\n00\n")
        }
        #expect(
            try Vector(folder: "cbor", name: "x", text: "spec: a\nexpect: cbor success\ncomment: b\n\n00\n").bytes == [
                0
            ])
    }

    /// Runs one vector and compares.
    private func check(_ vector: Vector, _ run: (Vector) throws -> Found) throws {
        do {
            let found = try run(vector)
            guard vector.failure == nil else {
                Issue.record("expected \(String(describing: vector.failure)), found success")
                return
            }
            for (key, values) in found.lines { #expect(vector.all(key) == values, "\(key)") }
            #expect(found.again.hex == vector.bytes.hex)
        } catch let refusal as Refusal {
            guard let failure = vector.failure else {
                Issue.record("expected success, found \(refusal)")
                return
            }
            #expect(refusal.fits(failure), "expected \(failure), found \(refusal)")
        }
    }

    /// Runs a decoder and names its refusal.
    private func decoding<R>(_ layer: String, _ body: () throws(DecodeError) -> R) throws(Refusal) -> R {
        do { return try body() } catch { throw Refusal(layers: [layer], error: error.name) }
    }

    @Test(arguments: Vector.all(in: "cbor")) func `Open items`(vector: Vector) throws {
        try check(vector) { vector in
            let item = try decoding("cbor") { () throws(DecodeError) in try CBOR(decoding: vector.bytes) }
            return ([:], item.encoded)
        }
    }

    @Test(arguments: Vector.all(in: "charter")) func `Charters decode`(vector: Vector) throws {
        try check(vector) { vector in
            let charter = try decoding("charter") { () throws(DecodeError) in try Charter(decoding: vector.bytes) }
            return (["network": [charter.network.hex]], charter.encoded)
        }
    }

    @Test(arguments: Vector.all(in: "header")) func `Headers decode`(vector: Vector) throws {
        try check(vector) { vector in
            let header = try decoding("header") { () throws(DecodeError) in try Header(decoding: vector.bytes) }
            let lines = [
                "id": [Header.id(of: vector.bytes).hex], "understood": [header.isUnderstood ? "yes" : "no"],
                "values": ["\(header.valueCount)"],
            ]
            return (lines, header.encoded)
        }
    }

    /// A body is tried inside of a segment of one entry, which is the only place where one is read.
    @Test(arguments: Vector.all(in: "body")) func `Bodies fit their headers`(vector: Vector) throws {
        try check(vector) { vector in
            guard case .array(let parts) = try CBOR(decoding: vector.bytes), parts.count == 2,
                case .bytes(let header) = parts[0]
            else {
                throw Vector.Fault("not [header, body]")
            }
            let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
            let descriptor = LogDescriptor(
                space: SpaceName.net, logClass: .data, device: key.verifyingKey, incarnation: ShortID())
            var writer = CBORWriter()
            writer.writeArray(count: 4)
            writer.write(0)
            descriptor.write(to: &writer)
            writer.write(CBOR.array([.array([.bytes(header), .array([]), parts[1]])]))
            writer.write(Signature())
            do throws(SegmentError) {
                let segment = try ExplicitSegment(decoding: writer.bytes, network: Digest())
                // The one entry stands between the head of the array and the seal.
                #expect(segment.encoded == writer.bytes)
            } catch { throw error.refusal }
            return ([:], vector.bytes)
        }
    }

    @Test(arguments: Vector.all(in: "salts")) func `Salts follow from the root`(vector: Vector) throws {
        try check(vector) { vector in
            let sequence = try #require(Int(vector.one("seq")))
            let root = Seed(level: 0, first: sequence / 256 * 256, node: try #require(ShortID(vector.bytes)))
            let leaf = SaltTree.leaf(of: root, at: sequence)
            let left = SaltTree.cover([root], needs: { _ in true }, allows: { $0 != sequence })
            let lines = [
                "leaf": [leaf.hex], "salt": (0..<3).map { SaltTree.salt(leaf: leaf, index: $0).hex },
                "seed": left.map { ([UInt8($0.level)] + $0.node.bytes).hex },
            ]
            return (lines, vector.bytes)
        }
    }

    @Test(arguments: Vector.all(in: "seal")) func `Seals are judged by the rules of libsodium`(vector: Vector) throws {
        try check(vector) { vector in
            let message = Seal.message(
                log: try #require(Digest(hex: vector.one("log"))), sequence: try #require(Int(vector.one("seq"))),
                entry: try #require(Digest(hex: vector.one("entry"))))
            let key = try #require(VerifyingKey(hex: vector.one("key")))
            guard key.verify(try #require(Signature(vector.bytes)), message) else { throw SegmentError.seal.refusal }
            return ([:], vector.bytes)
        }
    }

    @Test(arguments: Vector.all(in: "certificate")) func `Certificates convince`(vector: Vector) throws {
        try check(vector) { vector in
            do throws(CertificateError) {
                let certificate = try Certificate(decoding: vector.bytes)
                let network = Digest(hex: vector.all("network").first ?? "") ?? Digest()
                let grant = try certificate.verify(network: network)
                let lines = [
                    "key": [grant.device.hex], "channel-key": [grant.admission.channelKey.hex],
                    "rank": ["\(grant.rank.rawValue)"],
                    "organisation": [grant.organisation.hex],
                ]
                return (lines, certificate.encoded)
            } catch { throw Refusal(layers: ["certificate"], error: "certificate") }
        }
    }

    @Test(arguments: Vector.all(in: "code")) func `Codes are read`(vector: Vector) throws {
        try check(vector) { vector in
            do throws(JoinCode.Fault) {
                let text = String(decoding: vector.bytes, as: UTF8.self)
                let code = try JoinCode(text)
                let lines = [
                    "network": [code.network.hex], "channel-key": [code.inviter.hex], "secret": [code.secret.hex],
                    "address": [code.address],
                ]
                let folded = text.lowercased().filter { !$0.isWhitespace }
                return (lines, code.text == folded ? vector.bytes : Array(code.text.utf8))
            } catch { throw Refusal(layers: ["code"], error: error.name) }
        }
    }

    @Test(arguments: Vector.all(in: "explicit")) func `Explicit segments decode`(vector: Vector) throws {
        try check(vector) { vector in
            let network = try #require(Digest(hex: vector.one("network")))
            do throws(SegmentError) {
                let segment = try ExplicitSegment(decoding: vector.bytes, network: network)
                try Alone.verify(
                    segment, before: vector.all("before").first,
                    table: vector.all("table").compactMap { Digest(hex: $0) }, network: network)
                let lines = ["log": [segment.descriptor.id(network: network).hex], "id": segment.entries.map(\.id.hex)]
                return (lines, segment.encoded)
            } catch { throw error.refusal }
        }
    }

    @Test(arguments: Vector.all(in: "compact")) func `Compact segments expand`(vector: Vector) throws {
        try check(vector) { vector in
            let network = try #require(Digest(hex: vector.one("network")))
            var reader = CBORReader(try #require([UInt8](hex: vector.one("descriptor"))))
            let descriptor = try LogDescriptor(from: &reader)
            let table = vector.all("table").compactMap { Digest(hex: $0) }
            let log = descriptor.id(network: network)
            var names = NamesInOrder(log: log, table: table, ids: vector.all("named").compactMap { Digest(hex: $0) })
            do throws(SegmentError) {
                let compact = try CompactSegment(decoding: vector.bytes)
                var entries: [SegmentEntry] = []
                let expansion = try compact.expand(
                    log: log, descriptor: descriptor, previous: Digest(hex: vector.all("prev").first ?? "") ?? Digest(),
                    leaves: compact.leaves,
                    resolver: &names, entries: &entries)
                guard expansion == .complete else { throw .context(sequence: compact.firstSequence) }
                let segment = ExplicitSegment(descriptor: descriptor, entries: entries, seal: compact.seal)
                try Alone.verify(segment, before: nil, table: table, network: network)
                return (["id": [entries[entries.count - 1].id.hex]], Alone.encodeAgain(compact, entries, vector))
            } catch { throw error.refusal }
        }
    }
}

/// Gives the ids of a vector one after another.
private struct NamesInOrder: NameResolver {
    let log: Digest
    let table: [Digest]
    var ids: [Digest]
    var resolvesAll: Bool { true }

    mutating func resolve(log index: Int, sequence: Int, introduced: [Digest]) -> NamedEntry? {
        let logs = [log] + table + introduced
        guard index < logs.count, !ids.isEmpty else { return nil }
        return NamedEntry(log: logs[index], sequence: sequence, id: ids.removeFirst())
    }
}

/// What a segment says by itself, without a replica.
private enum Alone {
    static func verify(_ segment: ExplicitSegment, before: String?, table: [Digest], network: Digest)
        throws(SegmentError)
    {
        let log = segment.descriptor.id(network: network)
        if let parts = before?.split(separator: " "), parts.count == 2, let first = segment.entries.first?.header {
            guard first.previous == Digest(hex: parts[1]), Int(parts[0]) == first.sequence - 1 else {
                throw .chain(sequence: first.sequence)
            }
        }
        var logs = [log] + table
        for entry in segment.entries {
            logs += entry.header.introductions
            var refs: [(log: Int, sequence: Int)] = []
            if case .named(let index, let sequence) = entry.header.record { refs.append((index, sequence)) }
            for operation in entry.header.operations { refs += operation.references.map { ($0.log, $0.sequence) } }
            guard refs.allSatisfy({ $0.log < logs.count }) else { throw .context(sequence: entry.header.sequence) }
            let names = zip(refs, entry.names).map { NamedEntry(log: logs[$0.log], sequence: $0.sequence, id: $1) }
            guard NamedEntry.context(names) == entry.header.context else {
                throw .context(sequence: entry.header.sequence)
            }
        }
        guard let last = segment.entries.last,
            segment.descriptor.device.verify(
                segment.seal, Seal.message(log: log, sequence: last.header.sequence, entry: last.id))
        else { throw .seal }
    }

    /// The compact form again, with the seeds that the roots of the vector allow; what is compressed must be the same.
    static func encodeAgain(_ compact: CompactSegment, _ entries: [SegmentEntry], _ vector: Vector) -> [UInt8] {
        let whole = vector.all("root").compactMap { line -> Seed? in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let block = Int(parts[0]), let node = ShortID(hex: parts[1]) else { return nil }
            return Seed(level: 0, first: block * 256, node: node)
        }
        let bodies = Dictionary(uniqueKeysWithValues: entries.map { ($0.header.sequence, $0.body) })
        let needs = { (sequence: Int) in if case .full? = bodies[sequence] { true } else { false } }
        let allows = { (sequence: Int) in
            switch bodies[sequence] {
            case .full?, Body.none?: true
            default: false
            }
        }
        let leaves = compact.leaves.sorted { $0.key < $1.key }.map { Seed(level: 8, first: $0.key, node: $0.value) }
        let seeds = SaltTree.cover(whole.isEmpty ? leaves : whole, needs: needs, allows: allows)
        let again = CompactSegment.encode(entries, seeds: seeds, seal: compact.seal)
        // Compressors differ; decoded, the two must be one.
        guard let decoded = try? CompactSegment(decoding: again) else { return again }
        return decoded == compact ? vector.bytes : again
    }
}
