import Crypto
import Replica
import Testing

/// Merging of lists is a function of a set: random histories of writers who edit apart, honest and wild ones.
@Suite struct ListLawsTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>, [false, true])
    func mergingIsCommutativeAssociativeAndIdempotent(seed: UInt64, isWild: Bool) {
        let history = ListHistory(seed: seed, count: 60, isWild: isWild)
        let held = history.replicas.map { $0.sorted().map { history.steps[$0] } }
        let (a, b, c) = (held[0], held[1], held[2])
        #expect(ListMerge.elements(a + b) == ListMerge.elements(b + a), "seed \(seed)")
        #expect(ListMerge.elements((a + b) + c) == ListMerge.elements(a + (b + c)), "seed \(seed)")
        #expect(ListMerge.elements(c + a + b) == ListMerge.elements(a + b + c), "seed \(seed)")
        for one in held { #expect(ListMerge.elements(one + one) == ListMerge.elements(one), "seed \(seed)") }
        let whole = ListMerge.elements(history.steps)
        #expect(ListMerge.elements(a + history.steps) == whole, "seed \(seed)")
    }

    /// Deliveries in every order of what one replica wrote after the other, and in random ones of everything.
    @Test(arguments: 1...40 as ClosedRange<UInt64>, [false, true])
    func everyOrderOfDeliveryShowsTheSame(seed: UInt64, isWild: Bool) {
        var history = ListHistory(seed: seed, count: 40, isWild: isWild)
        let whole = ListMerge.elements(history.steps)
        for _ in 0..<10 {
            #expect(ListMerge.elements(history.steps.shuffled(using: &history.random)) == whole, "seed \(seed)")
        }
        let few = ListHistory(seed: seed, count: 6, isWild: isWild).steps
        let expected = ListMerge.elements(few)
        for order in Self.permutations(few) { #expect(ListMerge.elements(order) == expected, "seed \(seed)") }
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>, [false, true])
    func itAgreesWithThePageReadWordByWord(seed: UInt64, isWild: Bool) {
        let history = ListHistory(seed: seed, count: 40, isWild: isWild)
        for held in history.replicas + [Set(history.steps.indices)] {
            let steps = held.sorted().map { history.steps[$0] }
            #expect(ListMerge.elements(steps) == ListModel(steps).elements, "seed \(seed)")
        }
    }

    /// What an honest writer does with its own replica is seen there at once.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func everyValueStandsInOneElement(seed: UInt64) {
        let history = ListHistory(seed: seed, count: 80, isWild: false)
        let elements = ListMerge.elements(history.steps)
        let values = elements.flatMap { $0.values.map(\.id) }
        #expect(Set(values).count == values.count, "seed \(seed)")
        let left = elements.flatMap(\.left)
        #expect(Set(left).count == left.count, "seed \(seed)")
        let inserts = history.steps.filter(\.replaced.isEmpty).map(\.view.id)
        #expect(elements.allSatisfy { inserts.contains($0.beginning) }, "seed \(seed)")
        #expect(!elements.isEmpty, "seed \(seed)")
    }

    /// The histories hold what the laws are about: conflicts, moves against moves, and removes that lost.
    @Test func theHistoriesAreRich() {
        let wild = (1...20).flatMap { ListMerge.elements(ListHistory(seed: $0, count: 60, isWild: true).steps) }
        for elements in [
            (1...20).flatMap { ListMerge.elements(ListHistory(seed: $0, count: 60, isWild: false).steps) }, wild,
        ] {
            #expect(elements.count { $0.values.count > 1 } > 10)
            #expect(elements.count { $0.left.count > 1 } > 20)
            #expect(Set(elements.map(\.position)).count == 3)
        }
    }

    private static func permutations<Item>(_ items: [Item]) -> [[Item]] {
        guard let first = items.first else { return [[]] }
        return permutations(Array(items.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }
}
