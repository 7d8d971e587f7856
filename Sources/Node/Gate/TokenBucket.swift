/// How many handshakes may still be had at once: grows with time up to a burst, and each takes one.
struct TokenBucket {
    /// In thousandths, so that time is exact.
    private var thousandths: Int64
    private var filledAt: Int64
    private let perSecond: Int64
    private let burst: Int64

    /// A full bucket.
    init(perSecond: Int, burst: Int, now: Int64) {
        self.perSecond = Int64(perSecond)
        self.burst = Int64(burst) * 1_000
        thousandths = self.burst
        filledAt = now
    }

    /// Takes one if there is one.
    mutating func take(now: Int64) -> Bool {
        guard has(now: now) else { return false }
        thousandths -= 1_000
        return true
    }

    /// Whether there is one.
    mutating func has(now: Int64) -> Bool {
        fill(now: now)
        return thousandths >= 1_000
    }

    /// How long until there is one, milliseconds.
    mutating func wait(now: Int64) -> Int64 {
        fill(now: now)
        guard thousandths < 1_000 else { return 0 }
        return (1_000 - thousandths + perSecond - 1) / max(1, perSecond)
    }

    private mutating func fill(now: Int64) {
        // A long rest fills it whatever the product would be.
        let passed = min(max(0, now - filledAt), 1_000_000)
        filledAt = max(filledAt, now)
        thousandths = min(burst, thousandths + passed * perSecond)
    }
}
