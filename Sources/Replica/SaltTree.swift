package import Crypto

/// A node of the tree of secrets that salts one block of 256 entries of a log (Goldreich, Goldwasser, Micali 1986).
///
/// Source: Protocol/02-entries.md#salts.
package struct Seed: Hashable, Sendable {
    /// 0 is the root of a block, 8 a leaf.
    package let level: Int
    /// The sequence number of the first leaf below it.
    package let first: Int
    package let node: ShortID

    package init(level: Int, first: Int, node: ShortID) {
        self.level = level
        self.first = first
        self.node = node
    }

    /// The sequence numbers whose leaves it gives.
    package var leaves: Range<Int> { first..<(first + 1 << (8 - level)) }

    /// The two nodes below; only for levels 0 to 7.
    package var children: (Seed, Seed) {
        let halves = Hash.blake2b(.ggm, node.bytes)
        let half = 1 << (7 - level)
        return (
            Seed(level: level + 1, first: first, node: ShortID(halves.word0, halves.word1)),
            Seed(level: level + 1, first: first + half, node: ShortID(halves.word2, halves.word3))
        )
    }
}

/// Leaves, salts and commitments.
package enum SaltTree {
    /// Entries in a block.
    package static let blockSize = 256

    /// The leaf of a sequence number that the seed covers.
    package static func leaf(of seed: Seed, at sequence: Int) -> ShortID {
        precondition(seed.leaves.contains(sequence), "the seed does not cover \(sequence)")
        var seed = seed
        while seed.level < 8 {
            let (low, high) = seed.children
            seed = low.leaves.contains(sequence) ? low : high
        }
        return seed.node
    }

    /// The leaves of many sequence numbers, in order, walking each inner node once.
    /// - Parameter visit: is called with ascending sequence numbers below the seeds.
    package static func forEachLeaf(of seed: Seed, in range: Range<Int>, _ visit: (Int, ShortID) -> Void) {
        guard seed.leaves.overlaps(range) else { return }
        if seed.level == 8 { return visit(seed.first, seed.node) }
        let (low, high) = seed.children
        forEachLeaf(of: low, in: range, visit)
        forEachLeaf(of: high, in: range, visit)
    }

    /// The salt of the value with this index in the body of the leaf's entry.
    package static func salt(leaf: ShortID, index: Int) -> ShortID {
        var bytes = leaf.bytes
        bytes.append(UInt8(truncatingIfNeeded: index))
        return Hash.blake2b(.salt, bytes).short
    }

    /// The commitment to an encoded value.
    package static func commitment(salt: ShortID, value: [UInt8]) -> Digest {
        Hash.blake2b(.commitment, salt.bytes, value)
    }

    /// The fewest nodes that the seeds can give for the entries that need them.
    /// - Parameters:
    ///   - seeds: ascending by leaves, without overlap.
    ///   - needs: whether the entry at a sequence number has a body of which nothing is erased.
    ///   - allows: whether the leaf of a sequence number may be given away.
    package static func cover(_ seeds: [Seed], needs: (Int) -> Bool, allows: (Int) -> Bool) -> [Seed] {
        var result: [Seed] = []
        func descend(_ seed: Seed) {
            guard seed.leaves.contains(where: needs) else { return }
            if seed.leaves.allSatisfy(allows) { return result.append(seed) }
            guard seed.level < 8 else { return }
            let (low, high) = seed.children
            descend(low)
            descend(high)
        }
        for seed in seeds { descend(seed) }
        return result
    }
}
