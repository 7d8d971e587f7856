import Testing

@testable import Reactor

@Suite struct SendQueueTests {
    /// Draws how many bytes a socket takes, the same for the same seed.
    private struct Draws: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `every byte leaves once and in order, however little is taken at a time`(seed: UInt64) {
        var draws = Draws(state: seed)
        var queue = SendQueue()
        var (written, taken): ([UInt8], [UInt8]) = ([], [])
        for round in 0..<400 {
            // At first more is written than is taken, so that the queue grows long; then it runs empty.
            let count = round < 60 ? Int.random(in: 0...20_000, using: &draws) : 0
            let more = (0..<count).map { _ in UInt8.random(in: 0...255, using: &draws) }
            written += more
            queue.append(more)
            #expect(queue.count == written.count - taken.count, "seed \(seed)")
            let limit = Int.random(in: -1...9_000, using: &draws)
            let sent = unsafe queue.send { bytes in
                guard limit >= 0 else { return -11 }
                let part = unsafe bytes.prefix(limit)
                unsafe taken.append(contentsOf: part)
                return unsafe Int64(part.count)
            }
            #expect(sent == -11 || sent <= 9_000)
        }
        #expect(queue.count == 0 && taken == written && written.count > 300_000, "seed \(seed)")
    }
}
