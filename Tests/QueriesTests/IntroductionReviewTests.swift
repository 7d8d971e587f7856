import Bytes
import Crypto
import Testing

@testable import Queries

@Suite struct IntroductionReviewTests {
    @Test func whoWaitsLongestStandsFirst() throws {
        var store = QueryStore()
        let iria = try store.admit("River", "type=c2", "country=UY")
        try store.admit("Sector", "type=sector-division", "country=FR")
        let owner = try store.new("contact", "display=Owner")
        let objective = try store.new("objective", "title=Water")
        let person = try store.new("contact", "display=Nuhas")
        func introduce(_ day: String, _ words: String...) throws -> ShortID {
            try store.at(day)
            return try store.new(
                "introduction", ["rationale=r", person.of("subject"), iria.of("proposed_by")] + words)
        }
        let early = try introduce("2026-01-10", "consent=asked", objective.of("can_help"), "regions=011")
        let late = try introduce("2026-02-10", "consent=given", owner.of("owner"), "next_step=2026-02-20")
        let moved = try introduce("2026-01-01")
        let over = try introduce("2026-01-02")
        try store.at("2026-02-15")
        try store.set(moved, "state=reviewed")
        try store.set(over, "state=declined")
        let answer = try store.ask(IntroductionReview.self, today: "2026-03-01").document
        #expect(
            answer.rows("states").map { $0.texts("state", "count") } == [
                ["suggested", "2"], ["reviewed", "1"], ["declined", "1"],
            ])
        #expect(
            answer.rows("introductions").map {
                $0.texts("introduction", "state", "since", "waitingDays", "consent", "owner", "nextStep", "overdue")
            } == [
                [early.hex, "suggested", "2026-01-10", "50", "asked", "—", "—", "no"],
                [late.hex, "suggested", "2026-02-10", "19", "given", owner.hex, "2026-02-20", "yes"],
                [moved.hex, "reviewed", "2026-02-15", "14", "—", "—", "—", "no"],
            ])
        #expect(
            answer.rows("introductions").first?.texts("subject", "proposedBy", "canHelp", "regions")
                == [person.hex, iria.hex, objective.hex, "011"])
        // A clock that ran ahead makes nobody wait since tomorrow; what is finished waits for nothing.
        let all = try store.ask(IntroductionReview.self, options: [("all", nil)], today: "2026-02-01").document
        #expect(
            all.rows("introductions").map { $0.texts("introduction", "waitingDays", "overdue") } == [
                [early.hex, "22", "no"], [late.hex, "0", "no"], [moved.hex, "0", "no"], [over.hex, "—", "—"],
            ])
    }

    /// Against a model that keeps when each introduction came to its state.
    @Test(arguments: 1...40)
    func theAnswerIsThatOfTheModel(seed: Int) throws {
        var draws = Draws(UInt64(seed))
        var store = QueryStore(scrambled: true)
        try store.admit("Sector", "type=sector-division", "country=FR")
        let person = try store.new("contact", "display=Nuhas")
        let steps = ["suggested", "reviewed", "contacted", "engaged"]
        var model: [(rank: Int, day: String, id: ShortID)] = []
        for _ in 0..<8 {
            var day = "2026-01-0\(draws.number(1...9))"
            try store.at(day)
            let id = try store.new("introduction", "rationale=r", person.of("subject"))
            var rank = 0
            while rank < 3, draws.chance(50) {
                day = max(day, "2026-02-\(draws.number(10...28))")
                rank += 1
                try store.at(day)
                try store.set(id, "state=\(steps[rank])")
            }
            if draws.chance(20) { try store.set(id, "next_step=2026-05-01") }
            model.append((rank, day, id))
        }
        let expected = model.filter { $0.rank < 3 }.sorted { ($0.rank, $0.day, $0.id) < ($1.rank, $1.day, $1.id) }
        let rows = try store.ask(IntroductionReview.self, today: "2026-03-01").document.rows("introductions")
        #expect(
            rows.map { $0.texts("state", "since", "introduction") }
                == expected.map { [steps[$0.rank], $0.day, $0.id.hex] }, "seed \(seed)")
    }
}
