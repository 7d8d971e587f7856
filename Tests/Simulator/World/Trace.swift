/// A running hash over everything that happens in a simulation: two runs of one seed must have the same one.
///
/// Not of cryptographic strength: it has to be cheap, and nobody chooses what goes in.
package struct Trace: Hashable, Sendable {
    /// The hash so far.
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Takes a number in.
    package mutating func add(_ number: UInt64) {
        value = (value ^ number) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
    }

    /// Takes a number in.
    package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

    /// Takes bytes and their count in.
    package mutating func add(_ bytes: [UInt8]) {
        add(bytes.count)
        var word: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            word = word << 8 | UInt64(byte)
            if index & 7 == 7 { add(word) }
        }
        add(word)
    }
}

/// Random numbers for simulations: fast, and the same for the same seed (SplitMix64, Steele et al., OOPSLA 2014).
package struct SimulationRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` − 1; `bound` is at least 1.
    package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// True so many times in a million.
    package mutating func chance(perMillion: Int) -> Bool { below(1_000_000) < perMillion }
}
