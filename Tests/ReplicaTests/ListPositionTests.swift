import Crypto
import Replica
import Testing

@Suite struct ListPositionTests {
    private func between(_ low: [UInt8]?, _ high: [UInt8]?) -> [UInt8]? { ListPosition.between(low, high) }

    @Test func theFirstStandsInTheMiddleAndTheNextOnesBesideIt() {
        #expect(between(nil, nil) == [0x80])
        #expect(between([0x80], nil) == [0x81])
        #expect(between(nil, [0x80]) == [0x7F])
        #expect(between([0xFF], nil) == [0xFF, 0x01])
        #expect(between(nil, [0x01]) == [0x00, 0xFF])
        #expect(ListPosition.after(nil) == [0x80])
        #expect(ListPosition.after([0xFF, 0xFF]) == [0xFF, 0xFF, 0x01])
    }

    @Test func itIsAsShortAsItCanBe() {
        #expect(between([0x80], [0x82]) == [0x81])
        #expect(between([0x80], [0x81]) == [0x80, 0x80])
        #expect(between([0x80, 0xFF], [0x81, 0x01]) == [0x81])
        #expect(between([0x80, 0x01], [0x80, 0x02]) == [0x80, 0x01, 0x80])
        #expect(between([0x80], [0x80, 0x01]) == [0x80, 0x00, 0xFF])
        #expect(between([0x7F, 0xFF], [0x80]) == [0x7F, 0xFF, 0x01])
        #expect(between([0x10], [0x30]) == [0x20])
        // Next to the longer neighbour, where somebody is at work.
        #expect(between([0x80, 0x80], [0x81]) == [0x80, 0x81])
        #expect(between([0x80], [0x80, 0x80]) == [0x80, 0x7F])
        // 00 FF and 01 01 would have 00 FF 80 or 01 00 in the middle: it does not end with a zero byte.
        #expect(between([0x00, 0xFF], [0x01, 0x01]) == [0x01])
        #expect(between([0x00, 0xFF, 0xFF], [0x01, 0x00, 0x01]) == [0x01])
        #expect(between([0x00, 0xFF], [0x01]) == [0x00, 0xFF, 0x01])
    }

    @Test func nothingLiesBetweenEqualOnesOrThoseThatOnlyZerosTellApart() {
        for (low, high) in [
            ([0x80], [0x80]), ([0x80], [0x80, 0x00]), ([0x80], [0x80, 0x00, 0x00]), ([], [0x00]), ([], []),
            ([0x81], [0x80]), ([0x80, 0x01], [0x80]),
        ] as [([UInt8], [UInt8])] {
            #expect(between(low, high) == nil, "\(low) \(high)")
        }
        #expect(between(nil, []) == nil)
        #expect(between(nil, [0x00, 0x00]) == nil)
        #expect(between([0x80], [0x80, 0x00, 0x01]) == [0x80, 0x00, 0x00, 0xFF])
    }

    /// All positions of at most two bytes against all that lie between.
    @Test func shortOnesAgreeWithTryingAll() {
        let bytes: [UInt8] = [0x00, 0x01, 0x02, 0x7F, 0x80, 0xFE, 0xFF]
        let short: [[UInt8]] = [[]] + bytes.map { [$0] } + bytes.flatMap { first in bytes.map { [first, $0] } }
        let ends: [[UInt8]?] = [nil] + short
        let candidates = [[]] + (UInt8.min...UInt8.max).map { [$0] }
        for low in ends {
            for high in ends {
                let fits = candidates.filter { each in
                    !each.isEmpty && each.last != 0 && low.map { $0.lexicographicallyPrecedes(each) } ?? true
                        && high.map { each.lexicographicallyPrecedes($0) } ?? true
                }
                let found = between(low, high)
                let name = "\(String(describing: low)) \(String(describing: high)): \(String(describing: found))"
                if !fits.isEmpty { #expect(found?.count == 1 && fits.contains(found ?? []), "\(name)") }
                guard let found else { continue }
                #expect(found.last != 0, "\(name)")
                #expect(low.map { $0.lexicographicallyPrecedes(found) } ?? true, "\(name)")
                #expect(high.map { found.lexicographicallyPrecedes($0) } ?? true, "\(name)")
                #expect(fits.isEmpty == (found.count > 1), "\(name)")
            }
        }
    }

    /// Whatever others wrote, long ones cost no more than their length.
    @Test func longPositionsOfOthers() throws {
        let full = [UInt8](repeating: 0xFF, count: 32_000)
        let zeros = [UInt8](repeating: 0x00, count: 32_000)
        #expect(between(full, nil) == full + [0x01])
        #expect(between([0x80] + full, [0x81]) == [0x80] + full + [0x01])
        #expect(between([0x80] + full, [0x81, 0x01]) == [0x81])
        #expect(between([0x80], [0x80] + zeros) == nil)
        #expect(between([0x80], [0x80] + zeros + [0x01]) == [0x80] + zeros + [0x00, 0xFF])
        #expect(between(nil, zeros + [0x02]) == zeros + [0x01])
        #expect(between([0x80] + full, nil) == [0x81])
    }

    /// 5,000 inserts, each beside the one before: 255 of them cost a byte, or 127 the first time.
    @Test func insertingAtOnePlaceGrowsSlowly() throws {
        func grown(_ step: ([UInt8]) throws -> [UInt8]?) throws -> Int {
            var last = try #require(between([0x80], [0x81]))
            for _ in 0..<5_000 { last = try #require(try step(last)) }
            return last.count
        }
        #expect(try grown { between($0, [0x81]) } == 22)
        #expect(try grown { between([0x80], $0) } == 22)
        #expect(try grown { between($0, nil) } <= 22)
        #expect(try grown { between(nil, $0) } <= 22)
    }

    /// The worst that insertions can do: ever between the two newest, from both sides.
    ///
    /// Two of them cost a byte.
    @Test func insertingFromBothSidesGrowsByHalfAByte() throws {
        var (low, high): ([UInt8], [UInt8]) = ([0x80], [0x81])
        for index in 0..<400 {
            let next = try #require(between(low, high))
            if index.isMultiple(of: 2) { low = next } else { high = next }
        }
        #expect(max(low.count, high.count) <= 202)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func insertingAnywhereKeepsTheOrder(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededEntropy(seed: seed)
        var positions: [[UInt8]] = []
        for _ in 0..<3_000 {
            let place = Int.random(in: 0...positions.count, using: &random)
            let new = try #require(
                between(place > 0 ? positions[place - 1] : nil, place < positions.count ? positions[place] : nil))
            positions.insert(new, at: place)
        }
        for (a, b) in zip(positions, positions.dropFirst()) { #expect(a.lexicographicallyPrecedes(b)) }
        let longest = positions.map(\.count).max() ?? 0
        print("the longest of 3,000 has \(longest) bytes")
        #expect(longest <= 12)
    }
}
