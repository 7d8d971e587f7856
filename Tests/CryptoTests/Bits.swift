import Crypto

extension [UInt8] {
    /// The bytes with one bit turned over; bit 0 is the lowest of the first byte.
    func flipping(bit: Int) -> [UInt8] {
        var bytes = self
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }
}

/// Random bytes that are the same in every run.
enum SeededEntropyBytes {
    static func make(seed: UInt64, count: Int) -> [UInt8] {
        var entropy = SeededEntropy(seed: seed)
        return entropy.fill(count)
    }
}
