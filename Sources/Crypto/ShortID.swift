/// An id of 16 bytes: of a record, a device, an organisation, an incarnation; ordered as its bytes are.
package struct ShortID: FixedBytes {
    /// The bytes as two big-endian words, the first eight bytes in the first.
    package let word0, word1: UInt64

    /// All zero bytes.
    package init() { self.init(0, 0) }

    /// The id of two big-endian words.
    package init(_ word0: UInt64, _ word1: UInt64) {
        self.word0 = word0
        self.word1 = word1
    }

    package static func < (left: ShortID, right: ShortID) -> Bool {
        (left.word0, left.word1) < (right.word0, right.word1)
    }
}
