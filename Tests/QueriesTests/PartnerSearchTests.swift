import Testing

@testable import Queries

/// Against every set there is.
@Suite struct PartnerSearchTests {
    private static func random(_ draws: inout Draws, _ count: Int) -> PartnerSearch {
        let themes = draws.number(0...4)
        let anyMayLead = draws.chance(50)
        let candidates = (0..<count).map { _ in
            let country = draws.chance(85) ? draws.number(0...3) : nil
            return PartnerSearch.Candidate(
                own: draws.number(0...4), country: country, mayLead: anyMayLead || country == 0 || country == 1,
                capacity: Int128(draws.number(0...4)))
        }
        var together: [(first: Int, second: Int, halves: Int)] = []
        if draws.chance(50), count > 1 {
            for _ in 0..<3 {
                let (a, b) = (draws.number(0...(count - 1)), draws.number(0...(count - 1)))
                if a != b { together.append((a, b, draws.number(1...2))) }
            }
        }
        return PartnerSearch(
            candidates: candidates, themeCount: themes,
            themes: (0..<(count * themes)).map { _ in UInt8(draws.one([0, 0, 0, 1, 2])) },
            minimumSize: draws.number(2...4), minimumCountries: draws.number(0...4),
            required: draws.chance(30) && count > 0 ? draws.number(0...(count - 1)) : nil,
            need: draws.chance(50) ? Int128(draws.number(1...9)) : nil, together: together)
    }

    /// All sets of the smallest size that meet the call, the best first.
    private static func all(_ search: PartnerSearch) -> [(points: Int, set: [Int])] {
        var found: [(points: Int, set: [Int])] = []
        for bits in 0..<(1 << search.candidates.count) {
            let set = search.candidates.indices.filter { bits >> $0 & 1 == 1 }
            guard set.count >= search.minimumSize, search.meets(set) else { continue }
            found.append((search.points(set), set))
        }
        let size = found.map(\.set.count).min() ?? 0
        return found.filter { $0.set.count == size }.sorted { a, b in
            a.points != b.points ? a.points > b.points : a.set.lexicographicallyPrecedes(b.set)
        }
    }

    @Test(arguments: 1...300)
    func theBestSetsAreFound(seed: Int) {
        var draws = Draws(UInt64(seed))
        let search = Self.random(&draws, draws.number(0...9))
        let expected = Self.all(search)
        #expect(search.size == expected.first?.set.count, "seed \(seed)")
        for count in [1, 2, 5] {
            let outcome = search.best(count, work: 1_000_000)
            #expect(outcome.isProved, "seed \(seed)")
            #expect(outcome.sets == expected.prefix(count).map(\.set), "seed \(seed), \(count) sets")
        }
    }

    @Test(arguments: 301...400)
    func whereTheWorkRunsOutTheSetStillMeetsTheCall(seed: Int) {
        var draws = Draws(UInt64(seed))
        let search = Self.random(&draws, draws.number(5...9))
        let expected = Self.all(search)
        let outcome = search.best(1, work: draws.number(0...6))
        guard let set = outcome.sets.first else {
            #expect(expected.isEmpty, "seed \(seed)")
            return
        }
        #expect(search.meets(set) && set.count == search.size && set == set.sorted(), "seed \(seed)")
        if outcome.isProved { #expect(set == expected.first?.set, "seed \(seed)") }
        // No exchange of one member makes it better.
        for place in set.indices where set[place] != search.required {
            for other in search.candidates.indices where !set.contains(other) {
                var changed = set
                changed[place] = other
                #expect(!search.meets(changed) || search.points(changed) <= search.points(set), "seed \(seed)")
            }
        }
    }

    @Test func manyCandidatesTakeBoundedWork() {
        var draws = Draws(7)
        var candidates: [PartnerSearch.Candidate] = []
        var themes: [UInt8] = []
        for _ in 0..<150 {
            candidates.append(.init(own: 2 * draws.number(0...3), country: draws.number(0...60)))
            for _ in 0..<4 { themes.append(draws.one([0, 0, 0, 0, 0, 0, 1, 2])) }
        }
        let search = PartnerSearch(
            candidates: candidates, themeCount: 4, themes: themes, minimumSize: 6, minimumCountries: 4, required: nil,
            need: nil, together: [])
        let outcome = search.best(1, work: 2_000)
        #expect(outcome.sets.first.map { search.meets($0) && $0.count == 6 } == true)
    }
}
