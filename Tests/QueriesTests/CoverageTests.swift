import Bytes
import Crypto
import Testing

@testable import Queries

/// Three objectives of two institutes and four people; the expected answers were worked out by hand.
@Suite struct CoverageTests {
    private struct Network {
        var store = QueryStore()
        let sector, ccms, mdhi, water, law, arts, old: ShortID
        let mokoena, minh, taufa, writer: ShortID
        let engagement: ShortID

        init() throws {
            sector = try store.admit("Sector", "type=sector-division", "country=FR")
            ccms = try store.new("organisation", "name=Coast", "short=CCMS", "type=c2", "country=SN", "languages=fr")
            mdhi = try store.new("organisation", "name=Mekong", "short=MDHI", "type=c2", "country=LA", "languages=en")
            try store.new("theme", "notation=rivers", "name=Rivers", "broader=water")
            water = try store.new(
                "objective", "code=C1", "title=Clean water", ccms.of("owner"), "themes=rivers", "state=agreed")
            law = try store.new("objective", "title=Press law", mdhi.of("owner"), "themes=law", "themes=arts")
            arts = try store.new("objective", "title=Arts", mdhi.of("owner"), "countries=WS")
            old = try store.new("objective", "title=Old", ccms.of("owner"), "state=agreed")
            try store.set(old, "state=met")
            mokoena = try store.new(
                "contact", "display=Mokoena", "country=ZW", "languages=fr-ZW", "expertise=water", "tags=Advisor")
            minh = try store.new(
                "contact", "display=Minh", "country=VN", "languages=en", "expertise=law", "availability=from May")
            taufa = try store.new("contact", "display=Taufa", "country=WS", "languages=en", "expertise=arts")
            writer = try store.new("contact", "display=Writer", "country=SN", "languages=fr", "expertise=poems")
            engagement = try store.new(
                "engagement", minh.of("advisor"), mdhi.of("institute"), law.of("objectives"), "state=active",
                "period.from=2026-02-01", "period.to=2026-04-30")
            try store.new(
                "engagement", taufa.of("advisor"), mdhi.of("institute"), arts.of("objectives"), "state=completed",
                "period.from=2025-02-01", "period.to=2025-04-30")
        }
    }

    @Test func objectivesWithoutAnAdvisorAndAdvisorsWithoutAnObjective() throws {
        let net = try Network()
        let answer = try net.store.ask(Coverage.self, today: "2026-03-01").document
        #expect(
            answer.texts("objectiveCount", "coveredCount", "uncoveredCount", "idleCount") == ["3", "1", "2", "2"])
        #expect(
            answer.rows("objectives").map { $0.texts("objective", "code", "owner", "state", "advisors") } == [
                [net.water.hex, "C1", net.ccms.hex, "agreed", ""],
                [net.law.hex, "—", net.mdhi.hex, "proposed", net.minh.hex],
                [net.arts.hex, "—", net.mdhi.hex, "proposed", ""],
            ])
        #expect(
            answer.rows("engagements").map {
                $0.texts("engagement", "objective", "advisor", "institute", "state", "to")
            }
                == [[net.engagement.hex, net.law.hex, net.minh.hex, net.mdhi.hex, "active", "2026-04-30"]])
        // Water: Mokoena has ½ (rivers lie below water), French, ½ for Africa and time; Taufa only time, Minh ½ of it.
        // Arts has no theme: advisors alone are asked; Taufa sits there, Minh in the same region of UNESCO.
        #expect(
            answer.rows("uncovered").map { $0.texts("objective", "suggested") } == [
                [net.water.hex, [net.mokoena, net.taufa, net.minh].map(\.hex).joined(separator: " ")],
                [net.arts.hex, [net.taufa, net.minh, net.mokoena].map(\.hex).joined(separator: " ")],
            ])
        #expect(
            answer.rows("idle").map { $0.texts("advisor", "lastEnded") } == [
                [net.mokoena.hex, "—"], [net.taufa.hex, "2025-04-30"],
            ])
    }

    @Test func ownersAndDaysAreRespected() throws {
        var net = try Network()
        let later = try net.store.ask(Coverage.self, options: [("owner", "mdhi")], today: "2026-05-01").document
        #expect(later.texts("objectiveCount", "coveredCount", "idleCount") == ["2", "0", "3"])
        // A proposal covers; a refusal does not.
        let offer = try net.store.new(
            "engagement", net.mokoena.of("advisor"), net.ccms.of("institute"), net.water.of("objectives"))
        func covered() throws -> String {
            try net.store.ask(Coverage.self, today: "2026-03-01").document.texts("coveredCount")[0]
        }
        #expect(try covered() == "2")
        try net.store.set(offer, "state=declined")
        #expect(try covered() == "1")
    }

    @Test func everySuggestionExplainsItself() throws {
        let net = try Network()
        let rows = try net.store.ask(AdvisorSuggest.self, "C1", today: "2026-03-01").document.rows("suggestions")
        // One theme, language, country and time: 4 points at most.
        #expect(
            rows.map { $0.texts("contact", "points", "of", "advisor", "availability") } == [
                [net.mokoena.hex, "3", "4", "yes", "—"], [net.taufa.hex, "1", "4", "yes", "—"],
                [net.minh.hex, "0.5", "4", "yes", "from May"],
            ])
        #expect(
            rows.map { ($0["checks"]?.items ?? []).map { $0.texts("ok", "check", "why").joined(separator: " | ") } }
                == [
                    [
                        "half | theme rivers | water", "yes | language fr | fr", "half | country SN | ZW in africa",
                        "yes | time | 0 engagements",
                    ],
                    [
                        "no | theme rivers | ", "no | language fr | en", "no | country SN | WS",
                        "yes | time | 0 engagements",
                    ],
                    [
                        "no | theme rivers | ", "no | language fr | en", "no | country SN | VN",
                        "half | time | 1 engagement",
                    ],
                ])
        let one = try net.store.ask(AdvisorSuggest.self, "C1", options: [("limit", "1")], today: "2026-03-01")
        #expect(one.document.rows("suggestions").count == 1)
        #expect(throws: QueryError.self) { try net.store.ask(AdvisorSuggest.self, "C9", today: "2026-03-01") }
    }

    @Test func contactsThatWereMergedAreOne() throws {
        var net = try Network()
        let twin = try net.store.new("contact", "display=Twin", net.minh.of("merged_into"))
        try net.store.new(
            "engagement", twin.of("advisor"), net.mdhi.of("institute"), net.arts.of("objectives"), "state=active")
        let answer = try net.store.ask(Coverage.self, today: "2026-03-01").document
        #expect(answer.rows("objectives").map { $0.texts("advisors")[0] } == ["", net.minh.hex, net.minh.hex])
    }

    // MARK: Random networks

    private static let concepts = ["water", "rivers", "law", "arts"]

    private struct Person {
        let country: String
        let languages, expertise: [String]
        let isTagged: Bool
    }

    private struct Engagement {
        let person: Int
        let objectives: [Int]
        let state: String
        let from, to: String?

        func isCurrent(_ day: String) -> Bool {
            ["proposed", "accepted", "active"].contains(state) && (from ?? day) <= day && day <= (to ?? day)
        }
    }

    /// `advisor suggest` and `coverage` against a model that asks everybody about everything.
    @Test(arguments: 1...60)
    func theAnswersAreThoseOfTheModel(seed: Int) throws {
        var draws = Draws(UInt64(seed))
        var store = QueryStore(scrambled: true)
        let owner = try store.admit("Owner", "type=c2", "country=SN", "languages=fr")
        try store.new("theme", "notation=rivers", "name=Rivers", "broader=water")
        let objectives = (0..<3).map { _ in draws.some(Self.concepts, 40) }
        let people = (0..<5).map { _ in
            Person(
                country: draws.one(["SN", "ML", "ZW", "MR", "UY"]), languages: draws.some(["fr", "en"], 50),
                expertise: draws.some(Self.concepts, 30), isTagged: draws.chance(30))
        }
        let engagements = (0..<draws.number(0...5)).map { _ in
            Engagement(
                person: draws.number(0...4), objectives: draws.some([0, 1, 2], 50),
                state: draws.one(["proposed", "accepted", "active", "completed", "declined"]),
                from: draws.one([nil, "2026-01-01", "2026-03-02"]), to: draws.one([nil, "2026-03-01", "2026-06-01"]))
        }
        let objectiveIDs = try objectives.map { themes in
            try store.new("objective", ["title=o", "state=agreed"] + themes.map { "themes=\($0)" })
        }
        let peopleIDs = try people.map { person in
            try store.new(
                "contact",
                ["display=p", "country=\(person.country)"] + person.languages.map { "languages=\($0)" }
                    + person.expertise.map { "expertise=\($0)" } + (person.isTagged ? ["tags=advisor"] : []))
        }
        for one in engagements {
            var words = [peopleIDs[one.person].of("advisor"), owner.of("institute")]
            words += one.objectives.map { objectiveIDs[$0].of("objectives") }
            if one.state != "declined" { words.append("state=\(one.state)") }
            if let from = one.from, let to = one.to, from > to {
            } else {
                words += (one.from.map { ["period.from=\($0)"] } ?? []) + (one.to.map { ["period.to=\($0)"] } ?? [])
            }
            let id = try store.new("engagement", words)
            if one.state == "declined" { try store.set(id, "state=declined") }
        }
        let valid = engagements.map { one in
            let isBackwards = one.from.map { from in one.to.map { from > $0 } ?? false } ?? false
            return isBackwards
                ? Engagement(person: one.person, objectives: one.objectives, state: one.state, from: nil, to: nil) : one
        }
        let day = "2026-03-01"
        for (number, themes) in objectives.enumerated() {
            let covering = valid.filter { $0.isCurrent(day) && $0.objectives.contains(number) }
            let expected = people.indices.filter { index in !covering.contains { $0.person == index } }.compactMap {
                index -> (points: Int, isAdvisor: Bool, load: Int, id: ShortID)? in
                let person = people[index]
                let isAdvisor = person.isTagged || valid.contains { $0.person == index && $0.state != "declined" }
                let load = valid.count { $0.person == index && $0.isCurrent(day) }
                let theme = themes.reduce(0) { sum, theme in
                    let isNear = person.expertise.contains { Set([$0, theme]) == ["rivers", "water"] }
                    return sum + (person.expertise.contains(theme) ? 2 : isNear ? 1 : 0)
                }
                guard isAdvisor || theme > 0 else { return nil }
                // Mali and Mauritania lie in Western Africa as Senegal does, Zimbabwe in UNESCO's Africa.
                let place = ["SN": 2, "ML": 1, "ZW": 1, "MR": 1][person.country] ?? 0
                let points = theme + (person.languages.contains("fr") ? 2 : 0) + place + max(0, 2 - load)
                return (points, isAdvisor, load, peopleIDs[index])
            }.sorted { a, b in
                if a.points != b.points { return a.points > b.points }
                if a.isAdvisor != b.isAdvisor { return a.isAdvisor }
                return a.load != b.load ? a.load < b.load : a.id < b.id
            }
            let rows = try store.ask(AdvisorSuggest.self, objectiveIDs[number].hex, today: day).document
                .rows("suggestions")
            #expect(
                rows.map { $0.texts("contact", "points") }
                    == expected.map { [$0.id.hex, Check.points($0.points).text ?? ""] }, "seed \(seed)")
            let coverage = try store.ask(Coverage.self, today: day).document
            let row = coverage.rows("objectives").first { $0["objective"] == .string(objectiveIDs[number].hex) }
            let advisors = Set(covering.map { peopleIDs[$0.person] }).sorted().map(\.hex).joined(separator: " ")
            #expect(row?.texts("advisors")[0] == advisors, "seed \(seed)")
            let open = coverage.rows("uncovered").first { $0["objective"] == .string(objectiveIDs[number].hex) }
            #expect(
                open.map { $0.texts("suggested")[0] }
                    == (covering.isEmpty ? expected.prefix(3).map(\.id.hex).joined(separator: " ") : nil),
                "seed \(seed)")
            let idle = people.indices.filter { index in
                (people[index].isTagged || valid.contains { $0.person == index && $0.state != "declined" })
                    && !valid.contains { $0.person == index && $0.isCurrent(day) }
            }
            #expect(
                Set(coverage.rows("idle").flatMap { $0.texts("advisor") }) == Set(idle.map { peopleIDs[$0].hex }),
                "seed \(seed)")
        }
    }
}
