internal import CSodium

/// Where random bytes come from: always a parameter, so that a simulation can be replayed.
package protocol Entropy {
    /// Exactly `count` random bytes.
    mutating func fill(_ count: Int) -> [UInt8]
}

/// The operating system's random bytes; only the outermost layer makes one.
package struct SystemEntropy: Entropy, Sendable {
    package init() { Crypto.initialize() }

    /// Exactly `count` bytes from the system, which waits for its pool only right after the machine has started.
    package mutating func fill(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBytes { buffer in
            if let base = buffer.baseAddress { unsafe randombytes_buf(base, buffer.count) }
        }
        return bytes
    }
}

/// The same random bytes for the same seed, for simulations and tests; never for keys of a real network.
package struct SeededEntropy: Entropy, RandomNumberGenerator, Sendable {
    private let seed: UInt64
    private var blockIndex: UInt64 = 0
    private var unused: [UInt8] = []

    package init(seed: UInt64) { self.seed = seed }

    /// The next `count` bytes of the stream that the seed determines.
    package mutating func fill(_ count: Int) -> [UInt8] {
        while unused.count < count {
            Hash.blake2b(.entropy, Digest(seed, blockIndex, 0, 0).bytes).append(to: &unused)
            blockIndex &+= 1
        }
        defer { unused.removeFirst(count) }
        return Array(unused.prefix(count))
    }

    /// The next eight bytes as a number.
    package mutating func next() -> UInt64 {
        fill(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
