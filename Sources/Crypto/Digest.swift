/// A hash of 32 bytes; ordered as its bytes are.
package struct Digest: FixedBytes {
    /// The bytes as four big-endian words, the first eight bytes in the first.
    package let word0, word1, word2, word3: UInt64

    /// All zero bytes.
    package init() { self.init(0, 0, 0, 0) }

    /// The digest of four big-endian words.
    package init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// The first 16 bytes.
    package var short: ShortID { ShortID(word0, word1) }

    package static func < (left: Digest, right: Digest) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}
