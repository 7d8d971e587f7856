import Bytes
import Crypto
import Testing

@testable import Queries

/// `fund match` on random networks against a model that looks at every set of organisations.
@Suite struct FundMatchModelTests {
    private static let concepts = ["water", "rivers", "springs", "law", "rights", "arts"]
    /// Each with what is broader; law and rights lie in a circle.
    private static let broader = [("rivers", "water"), ("springs", "rivers"), ("law", "rights"), ("rights", "law")]
    private static let regions = [
        "011": ["SN", "ML"], "202": ["SN", "ML"], "419": ["UY"], "SN": ["SN"], "UY": ["UY"],
    ]
    private static let today = "2026-02-01"

    private struct Organisation {
        var id: ShortID
        let type: String
        let country: String
        let serves, languages, themes: [String]
        let isLapsed: Bool
    }

    private struct Call {
        var id: ShortID
        let deadlines, themes, countries, types, languages: [String]
        let partners, minCountries: Int
        /// Per cent of 1,000.
        let share: Int
        let currency: String?
        let isClosed: Bool
        let funder: Int?
    }

    private struct Interest {
        let organisation, call: Int
        let stance: String
        let capacity: Int
        let currency: String
        let isOver: Bool
    }

    private struct Bid {
        let call, lead: Int
        let partners: [Int]
        /// How far it came.
        let steps: [String]
    }

    private struct Model {
        var organisations: [Organisation] = []
        var calls: [Call] = []
        var interests: [Interest] = []
        var bids: [Bid] = []
    }

    // MARK: Making

    private static func make(_ draws: inout Draws) -> Model {
        var model = Model()
        for _ in 0..<draws.number(1...6) {
            model.organisations.append(
                Organisation(
                    id: ShortID(), type: draws.one(["c2", "c2", "c2", "partner", "donor"]),
                    country: draws.one(["SN", "ML", "UY", "FR"]), serves: draws.some(["011", "419", "SN"], 20),
                    languages: draws.some(["fr", "en", "es"], 40), themes: draws.some(concepts, 30),
                    isLapsed: draws.chance(10)))
        }
        for _ in 0..<draws.number(1...4) {
            model.calls.append(
                Call(
                    id: ShortID(), deadlines: draws.some(["2026-01-20", "2026-02-10", "2026-02-15", "2026-04-01"], 50),
                    themes: draws.some(concepts, 35), countries: draws.chance(50) ? draws.some(["SN", "UY"], 60) : [],
                    types: draws.chance(50) ? ["c2"] : [], languages: draws.some(["en", "fr"], 30),
                    partners: draws.number(0...3), minCountries: draws.number(0...3), share: draws.one([0, 10, 20]),
                    currency: draws.chance(80) ? "EUR" : nil, isClosed: draws.chance(10),
                    funder: draws.chance(20) ? draws.number(0...(model.organisations.count - 1)) : nil))
        }
        for (call, _) in model.calls.enumerated() {
            for organisation in model.organisations.indices where draws.chance(50) {
                model.interests.append(
                    Interest(
                        organisation: organisation, call: call,
                        stance: draws.one(["lead", "partner", "partner", "support", "decline"]),
                        capacity: draws.one([0, 40, 60, 100]), currency: draws.one(["EUR", "EUR", "USD"]),
                        isOver: draws.chance(10)))
            }
            guard draws.chance(40) else { continue }
            let lead = draws.number(0...(model.organisations.count - 1))
            let all = ["drafting", "review", "submitted", draws.one(["won", "lost"])]
            model.bids.append(
                Bid(
                    call: call, lead: lead, partners: draws.some(Array(model.organisations.indices), 40),
                    steps: Array(all.prefix(draws.number(0...4)))))
        }
        return model
    }

    private static func write(_ model: inout Model, to store: inout QueryStore) throws {
        try store.admit("Fund", "type=donor", "country=CH")
        for (narrow, wide) in broader { try store.new("theme", "notation=\(narrow)", "name=x", "broader=\(wide)") }
        for (index, one) in model.organisations.enumerated() {
            let words = ["name=\(index)", "short=O\(index)", "type=\(one.type)", "country=\(one.country)"]
            model.organisations[index].id = try store.new(
                "organisation",
                words + one.serves.map { "serves=\($0)" } + one.languages.map { "languages=\($0)" }
                    + one.themes.map { "themes=\($0)" } + (one.isLapsed ? ["status=lapsed"] : []))
        }
        for (index, call) in model.calls.enumerated() {
            var words = ["title=\(index)", "min_partners=\(call.partners)", "min_countries=\(call.minCountries)"]
            let stages = call.deadlines.map { #"{"stage":"s","date":"\#($0)"}"# }
            if !stages.isEmpty { words.append("deadlines=[\(stages.joined(separator: ","))]") }
            words += call.themes.map { "themes=\($0)" } + call.countries.map { "countries_eligible=\($0)" }
            words += call.types.map { "applicant_types=\($0)" } + call.languages.map { "languages=\($0)" }
            if call.share > 0 { words.append("cofunding_pct=\(call.share)") }
            if let currency = call.currency { words += ["award.max=1000", "award.currency=\(currency)"] }
            if let funder = call.funder { words.append(model.organisations[funder].id.of("funder")) }
            let id = try store.new("opportunity", words)
            if call.isClosed { try store.set(id, "state=closed") }
            model.calls[index].id = id
        }
        for one in model.interests {
            let (organisation, call) = (model.organisations[one.organisation].id, model.calls[one.call].id)
            try store.new(
                "interest", organisation.of("org"), call.of("opportunity"), "stance=\(one.stance)",
                "capacity.value=\(one.capacity)", "capacity.currency=\(one.currency)",
                one.isOver ? "until=2026-01-31" : "until=2026-02-01")
        }
        for bid in model.bids {
            let words = [
                "title=b", model.calls[bid.call].id.of("opportunity"), model.organisations[bid.lead].id.of("lead"),
            ]
            let id = try store.new("bid", words + bid.partners.map { model.organisations[$0].id.of("partners") })
            for state in bid.steps { try store.set(id, "state=\(state)") }
        }
    }

    // MARK: The model

    /// Whether one concept lies above another, by walking every way.
    private static func isAbove(_ wide: String, _ narrow: String, _ steps: Int = 6) -> Bool {
        steps > 0
            && broader.contains { $0.0 == narrow && ($0.1 == wide || isAbove(wide, $0.1, steps - 1)) }
    }

    private static func halves(_ held: [String], _ wanted: String) -> Int {
        if held.contains(wanted) { return 2 }
        return held.contains { isAbove($0, wanted) || isAbove(wanted, $0) } ? 1 : 0
    }

    private static func stance(_ model: Model, _ organisation: Int, _ call: Int) -> Interest? {
        model.interests.first { $0.organisation == organisation && $0.call == call && !$0.isOver }
    }

    private static func mayTakePart(_ model: Model, _ index: Int, _ number: Int) -> Bool {
        let (one, call) = (model.organisations[index], model.calls[number])
        if one.isLapsed || call.funder == index { return false }
        if call.types.isEmpty ? one.type == "donor" : !call.types.contains(one.type) { return false }
        return stance(model, index, number)?.stance != "decline"
    }

    private static func points(_ model: Model, _ set: [Int], _ number: Int) -> Int {
        let call = model.calls[number]
        let members = set.map { model.organisations[$0] }
        var sum = 0
        for theme in call.themes { sum += members.map { halves($0.themes, theme) }.max() ?? 0 }
        for (index, one) in zip(set, members) {
            let places = one.serves.flatMap { regions[$0] ?? [] } + [one.country]
            if places.contains(where: call.countries.contains) { sum += 2 }
            if one.languages.contains(where: call.languages.contains) { sum += 2 }
            sum += ["lead": 2, "partner": 2, "support": 1][stance(model, index, number)?.stance ?? ""] ?? 0
        }
        if call.share > 0, let currency = call.currency {
            let declared = set.compactMap { stance(model, $0, number) }.filter { $0.currency == currency }
            if declared.map(\.capacity).reduce(0, +) >= call.share * 10 { sum += 2 }
        }
        var together = 0
        for bid in model.bids where bid.steps.count > 2 {
            if set.filter({ $0 == bid.lead || bid.partners.contains($0) }).count > 1 {
                together = max(together, bid.steps.last == "won" ? 2 : 1)
            }
        }
        return sum + together
    }

    private struct Row {
        let call: Call
        let deadline: String
        let set: [ShortID]
        let lead: ShortID
        let points, greatest: Int
    }

    private static func expected(_ model: Model, _ number: Int, required: Int?) -> Row? {
        let call = model.calls[number]
        guard !call.isClosed, let deadline = call.deadlines.first(where: { $0 >= today }), deadline >= "2026-02-15"
        else { return nil }
        let able = model.organisations.indices.filter { mayTakePart(model, $0, number) }.sorted {
            model.organisations[$0].id < model.organisations[$1].id
        }
        var best: (set: [Int], points: Int)?
        for bits in 0..<(1 << able.count) {
            let set = able.indices.filter { bits >> $0 & 1 == 1 }.map { able[$0] }
            let countries = set.map { model.organisations[$0].country }
            let isLed = set.contains {
                call.countries.isEmpty || call.countries.contains(model.organisations[$0].country)
            }
            guard set.count >= max(2, call.partners), Set(countries).count >= call.minCountries, isLed,
                required.map(set.contains) ?? true
            else { continue }
            let points = points(model, set, number)
            guard let old = best else {
                best = (set, points)
                continue
            }
            let ids = [set, old.set].map { $0.map { model.organisations[$0].id } }
            if set.count != old.set.count
                ? set.count < old.set.count
                : points != old.points
                    ? points > old.points : ids[0].lexicographicallyPrecedes(ids[1])
            {
                best = (set, points)
            }
        }
        guard let best else { return nil }
        let leads = best.set.filter {
            call.countries.isEmpty || call.countries.contains(model.organisations[$0].country)
        }
        func rank(_ index: Int) -> Int {
            let stance = stance(model, index, number)?.stance
            return (stance == "lead" ? 200 : stance == nil ? 100 : 0) + points(model, [index], number)
        }
        let most = leads.map(rank).max() ?? 0
        let kinds = 1 + (call.countries.isEmpty ? 0 : 1) + (call.languages.isEmpty ? 0 : 1)
        return Row(
            call: call, deadline: deadline, set: best.set.map { model.organisations[$0].id },
            lead: leads.filter { rank($0) == most }.map { model.organisations[$0].id }.min() ?? ShortID(),
            points: best.points,
            greatest: 2 * (call.themes.count + kinds * best.set.count + (call.share > 0 ? 1 : 0) + 1))
    }

    // MARK: Comparing

    @Test(arguments: 1...120)
    func theAnswerIsThatOfTheModel(seed: Int) throws {
        var draws = Draws(UInt64(seed))
        var model = Self.make(&draws)
        var store = QueryStore(scrambled: true)
        try Self.write(&model, to: &store)
        let required = draws.chance(30) ? draws.number(0...(model.organisations.count - 1)) : nil
        let rows = model.calls.indices.compactMap { Self.expected(model, $0, required: required) }.sorted { a, b in
            let (left, right) = (a.points * b.greatest, b.points * a.greatest)
            if left != right { return left > right }
            return a.deadline != b.deadline ? a.deadline < b.deadline : a.call.id < b.call.id
        }
        var options: [(name: String, value: String?)] = [("all", nil)]
        if let required { options.append(("for", model.organisations[required].id.hex)) }
        let answer = try store.ask(FundMatch.self, options: options, today: Self.today).document
        let expected = rows.map { row in
            [
                row.call.id.hex, row.deadline, Check.points(row.points).text ?? "",
                Check.points(row.greatest).text ?? "",
                row.lead.hex, row.set.filter { $0 != row.lead }.map(\.hex).joined(separator: " "), "yes",
            ]
        }
        #expect(
            answer.rows("matches").map {
                $0.texts("opportunity", "deadline", "points", "of", "lead", "partners", "proved")
            }
                == expected, "seed \(seed)")
        // What is open and has no line here has one there.
        #expect(
            answer.rows("matches").count + answer.rows("excluded").count == model.calls.count { !$0.isClosed },
            "seed \(seed)")
        let again = store.replayed { $0.reversed() }
        #expect(try again.ask(FundMatch.self, options: options, today: Self.today).document == answer, "seed \(seed)")
    }
}
