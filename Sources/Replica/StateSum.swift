package import Crypto
import Bytes

/// The digest of a space's state: a sum of hashes modulo 2²⁵⁶, so that operations can come and go in any order.
///
/// Source: Protocol/04-merging.md#digests.
package struct StateSum: Hashable, Sendable {
    /// The sum, big-endian.
    package private(set) var digest: Digest

    package init(_ digest: Digest = Digest()) { self.digest = digest }

    /// The term of one operation that is left.
    package static func term(record: ShortID, field: Int, operation: OperationID) -> Digest {
        var writer = CBORWriter(reserving: 64)
        writer.writeArray(count: 4)
        writer.write(record)
        writer.write(field)
        writer.write(operation.entry)
        writer.write(operation.index)
        return Hash.blake2b(.state, writer.bytes)
    }

    /// Adds a term: the operation is left now.
    package mutating func add(_ term: Digest) {
        var carry: UInt64 = 0
        func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
            let (first, over) = a.addingReportingOverflow(b)
            let (second, again) = first.addingReportingOverflow(carry)
            carry = over || again ? 1 : 0
            return second
        }
        let word3 = sum(digest.word3, term.word3)
        let word2 = sum(digest.word2, term.word2)
        let word1 = sum(digest.word1, term.word1)
        digest = Digest(sum(digest.word0, term.word0), word1, word2, word3)
    }

    /// Takes a term away: the operation was replaced.
    package mutating func subtract(_ term: Digest) {
        var borrow: UInt64 = 0
        func difference(_ a: UInt64, _ b: UInt64) -> UInt64 {
            let (first, under) = a.subtractingReportingOverflow(b)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            borrow = under || again ? 1 : 0
            return second
        }
        let word3 = difference(digest.word3, term.word3)
        let word2 = difference(digest.word2, term.word2)
        let word1 = difference(digest.word1, term.word1)
        digest = Digest(difference(digest.word0, term.word0), word1, word2, word3)
    }
}

/// The digest of which entries a space holds.
///
/// Source: Protocol/04-merging.md#digests.
package enum FrontierDigest {
    /// - Parameter heads: per log of the space with an entry inside the frontier, its heads; any order.
    package static func digest(_ heads: [(log: Digest, heads: [Digest])]) -> Digest {
        var writer = CBORWriter(reserving: heads.count * 72 + 8)
        writer.writeArray(count: heads.count)
        for (log, heads) in heads.sorted(by: { $0.log < $1.log }) {
            writer.writeArray(count: 2)
            writer.write(log)
            writer.writeArray(count: heads.count)
            for head in heads.sorted() { writer.write(head) }
        }
        return Hash.blake2b(.frontier, writer.bytes)
    }
}
