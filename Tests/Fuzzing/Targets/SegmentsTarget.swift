import Bytes
import Crypto
import Replica
import Store

/// Both forms of a segment, without a store.
package struct SegmentsTarget: FuzzTarget {
    package static let name = "segments"

    private let keys: KeyRing
    private let descriptor: LogDescriptor

    package init() throws {
        keys = try KeyRing()
        descriptor = LogDescriptor(
            space: SpaceName.net, logClass: .data, device: keys.devices[0].verifyingKey, incarnation: ShortID(1, 2))
    }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        switch script.byte() % 4 {
        case 0: try compact(script.rest())
        case 1: try compact([1, 0] + script.rest())
        case 2: try explicit(script.rest())
        default: try seeds(&script)
        }
    }

    /// What is read can be filled in, written and read again.
    private func compact(_ bytes: [UInt8]) throws {
        guard let compact = try? CompactSegment(decoding: bytes) else { return }
        try require((1...SegmentLimits.entries).contains(compact.rows.count), "\(compact.rows.count) rows")
        let log = descriptor.id(network: keys.network)
        var names = AnyNames(log: log)
        var entries: [SegmentEntry] = []
        do throws(SegmentError) {
            _ = try compact.expand(
                log: log, descriptor: descriptor, previous: log, leaves: compact.leaves, resolver: &names,
                entries: &entries)
        } catch { return }
        guard entries.count == compact.rows.count else { return }
        let again = CompactSegment.encode(entries, seeds: compact.seeds, seal: compact.seal)
        let second: CompactSegment
        do throws(SegmentError) { second = try CompactSegment(decoding: again) } catch {
            throw Violation("a segment that was read cannot be read again: \(error)")
        }
        try require(second.rows == compact.rows && second.seeds == compact.seeds, "a segment changed")
        // Its check is that of what was filled in, so it holds together unless its content does not.
        var filled: [SegmentEntry] = []
        let expansion = try? second.expand(
            log: log, descriptor: descriptor, previous: log, leaves: second.leaves, resolver: &names, entries: &filled)
        try require(expansion == nil || expansion == .complete && filled == entries, "it is filled in as another one")
        try checkExplicit(entries, compact.seal)
    }

    private func checkExplicit(_ entries: [SegmentEntry], _ seal: Signature) throws {
        guard (try? SegmentCheck.check(entries, of: descriptor)) != nil else { return }
        let segment = ExplicitSegment(descriptor: descriptor, entries: entries, seal: seal)
        do {
            try require(
                try ExplicitSegment(decoding: segment.encoded, network: keys.network) == segment,
                "a segment is written as another one")
        } catch let error as SegmentError {
            throw Violation("a compact segment has no explicit form: \(error)")
        }
    }

    private func explicit(_ bytes: [UInt8]) throws {
        guard let segment = try? ExplicitSegment(decoding: bytes, network: keys.network) else { return }
        try require(segment.encoded == bytes, "an explicit segment has two encodings")
    }

    /// The fewest seeds give every leaf that is needed and none that is not allowed.
    private func seeds(_ script: inout Script) throws {
        let root = Seed(level: 0, first: 256 * Int(script.byte()), node: ShortID(1, 1))
        let flags = Array(root.leaves).map { _ in script.byte() % 4 }
        func needs(_ sequence: Int) -> Bool { flags[sequence - root.first] == 1 }
        func allows(_ sequence: Int) -> Bool { flags[sequence - root.first] != 2 }
        let cover = SaltTree.cover([root], needs: needs, allows: allows)
        var given: [Int: ShortID] = [:]
        for seed in cover { SaltTree.forEachLeaf(of: seed, in: root.leaves) { given[$0] = $1 } }
        for sequence in root.leaves {
            try require(!needs(sequence) || given[sequence] != nil, "a leaf that is needed is not given")
            try require(allows(sequence) || given[sequence] == nil, "a leaf that was erased is given")
            if let leaf = given[sequence] {
                try require(SaltTree.leaf(of: root, at: sequence) == leaf, "a leaf is another one")
            }
        }
    }

    package static func seeds() throws -> [[UInt8]] {
        let store = try SmallStore(SmallNetwork(KeyRing()))
        return try Vectors.bytes(in: "compact").map { [0] + $0 } + Vectors.bytes(in: "explicit").map { [2] + $0 }
            + store.genuine.map { [$0.bytes.first == 1 ? 0 : 2] + $0.bytes }
            + store.payloads().map { [1] + $0.payload } + store.explicit.map { [2] + $0.bytes }
            + [[3, 1], [3, 0] + [UInt8](repeating: 1, count: 100) + [2, 0, 1]]
    }

    package static func large() throws -> [[UInt8]] {
        let full = try LargeSegments().payloads
        return full.map { [1] + $0 }
    }
}
