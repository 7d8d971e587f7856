/// Draws that follow from a seed and a key alone: what is drawn for one record does not depend on any other.
struct Dice {
    private var state: UInt64

    /// The FNV hash of the key, moved by the seed.
    init(seed: UInt64, _ key: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        state = hash &+ seed &* 0x9E37_79B9_7F4A_7C15
        // The first draws of keys that hardly differ are to differ.
        for _ in 0..<2 { _ = next() }
    }

    /// Sebastiano Vigna's SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below a positive count.
    mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "nothing to choose from")
        return Int(next() >> 1) % count
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One of some things, of which there is at least one.
    mutating func pick<T>(_ things: [T]) -> T { things[below(things.count)] }

    /// Some of the things, each at most once, in the order in which they were drawn.
    mutating func pick<T>(_ count: Int, of things: [T]) -> [T] {
        var rest = things
        var drawn: [T] = []
        while drawn.count < count, !rest.isEmpty { drawn.append(rest.remove(at: below(rest.count))) }
        return drawn
    }

    /// Hexadecimal digits.
    mutating func digits(_ count: Int) -> String {
        var text = ""
        for _ in 0..<count { text += String(below(16), radix: 16) }
        return text
    }
}
