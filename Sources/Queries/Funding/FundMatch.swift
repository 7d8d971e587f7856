import Bytes
import Crypto
import Records
package import Replica

/// Which organisations could answer which call together, and why.
package enum FundMatch: Query {
    /// As it is typed.
    package static let verb = "fund match"

    /// How many members each of two passes may look at for a call in a list, and for one that is asked for by itself.
    private static let workInList = 20_000
    private static let workForOne = 2_000_000
    /// The greatest `--limit`.
    private static let greatestLimit = 10_000

    /// What somebody asked, apart from the call.
    private struct Wishes {
        let leadTime: Int
        let since: String?
        let required: ShortID?
        let showsAll: Bool
    }

    /// Ranks the sets of organisations that could answer a call, or all open calls by their best set.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let required = question.value(of: "for")
        let wishes = Wishes(
            leadTime: try question.number("lead-time", in: 0...3_650, or: 14), since: try question.day("since"),
            required: try required.map { (text) throws(QueryError) in try base.find(text, ["organisation"]).id },
            showsAll: question.has("all"))
        var pool = try PartnerPool(base)
        if let text = question.arguments.first {
            let limit = try question.number("limit", in: 1...greatestLimit, or: 3)
            let call = Call(try base.find(text, ["opportunity"]))
            return try one(call, wishes, limit, &pool, base)
        }
        return try list(wishes, try question.number("limit", in: 1...greatestLimit, or: 20), &pool, base)
    }

    // MARK: One call

    private static func one(
        _ call: Call, _ wishes: Wishes, _ limit: Int, _ pool: inout PartnerPool, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let result = match(call, wishes, limit, workForOne, &pool, base.today)
        var rows: [Document] = []
        for found in result.matches { rows.append(try document(found, call, leadTime: wishes.leadTime, &pool, base)) }
        var excluded: [Document] = []
        if let why = result.obstacle {
            excluded.append(.pairs(["opportunity": call.id.document, "why": .string(why)]))
        }
        if wishes.showsAll {
            for place in pool.partners.indices {
                guard let why = pool.obstacle(place, call) else { continue }
                excluded.append(
                    .pairs(["organisation": pool.partners[place].id.document, "why": .string(why.text(call))]))
            }
        }
        return Answer(
            .pairs(["matches": .array(rows), "excluded": .array(excluded)]),
            notes: result.matches.contains { !$0.isProved } ? ["a better set of this size may exist"] : [])
    }

    // MARK: All calls

    private static func list(
        _ wishes: Wishes, _ limit: Int, _ pool: inout PartnerPool, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        var found: [(call: Call, match: Match)] = []
        var excluded: [Document] = []
        for record in try base.live("opportunity") {
            let call = Call(record)
            guard Call.openStates.contains(call.state) else { continue }
            let result = match(call, wishes, 1, workInList, &pool, base.today)
            if let match = result.matches.first {
                found.append((call, match))
            } else if wishes.showsAll, let why = result.obstacle {
                excluded.append(.pairs(["opportunity": call.id.document, "why": .string(why)]))
            }
        }
        found.sort { a, b in
            // The greater share of the points that there are; fractions compared by multiplying out.
            let (left, right) = (a.match.points * b.match.greatest, b.match.points * a.match.greatest)
            if left != right { return left > right }
            let (first, second) = (a.call.next(base.today)?.date ?? "", b.call.next(base.today)?.date ?? "")
            return first != second ? first < second : a.call.id < b.call.id
        }
        var rows: [Document] = []
        for (call, match) in found.prefix(limit) {
            rows.append(try document(match, call, leadTime: wishes.leadTime, &pool, base))
        }
        var notes: [String] = []
        if found.count > limit {
            notes.append("\(found.count) calls can be met; --limit \(found.count) shows them all")
        }
        if found.prefix(limit).contains(where: { !$0.match.isProved }) {
            notes.append("where proved says no, liaison fund match ID searches longer")
        }
        return Answer(.pairs(["matches": .array(rows), "excluded": .array(excluded)]), notes: notes)
    }

    // MARK: Matching

    /// A set of organisations for a call.
    struct Match {
        /// Places in the pool, ascending.
        let members: [Int]
        let lead: Int
        /// In half points.
        let points: Int
        let greatest: Int
        let isProved: Bool
    }

    /// The best sets for a call, else why there are none.
    private static func match(
        _ call: Call, _ wishes: Wishes, _ limit: Int, _ work: Int, _ pool: inout PartnerPool, _ today: String
    ) -> (matches: [Match], obstacle: String?) {
        if let obstacle = call.obstacle(today, leadTime: wishes.leadTime, since: wishes.since) { return ([], obstacle) }
        let places = pool.partners.indices.filter { pool.obstacle($0, call) == nil }
        var required: Int?
        if let wanted = wishes.required {
            guard let place = pool.place(of: wanted) else { return ([], "the organisation is no longer held") }
            if let obstacle = pool.obstacle(place, call) {
                return ([], "\(pool.partners[place].name): \(obstacle.text(call))")
            }
            required = places.firstIndex(of: place)
        }
        let search = search(call, places, required, &pool)
        guard let size = search.size else { return ([], shortage(call, places, pool, search)) }
        let outcome = search.best(limit, work: work)
        let kinds = (call.countries.isEmpty ? 1 : 2) + (call.languages.isEmpty ? 0 : 1)
        let greatest = 2 * (call.themes.count + kinds * size + (call.share == nil ? 0 : 1) + 1)
        return (
            outcome.sets.map { set in
                Match(
                    members: set.map { places[$0] }, lead: places[lead(set, search, call, places, pool)],
                    points: search.points(set), greatest: greatest, isProved: outcome.isProved)
            }, nil
        )
    }

    private static func search(
        _ call: Call, _ places: [Int], _ required: Int?, _ pool: inout PartnerPool
    ) -> PartnerSearch {
        let speaks = pool.speaks(call)
        let interests = pool.interests(call)
        let candidates = places.map { place in
            let partner = pool.partners[place]
            let interest = interests[place]
            var candidate = PartnerSearch.Candidate(country: partner.countryNumber, mayLead: pool.mayLead(place, call))
            if !call.countries.isEmpty, partner.reach.meets(call.eligible) { candidate.own += 2 }
            if speaks[place] { candidate.own += 2 }
            candidate.own += halves(interest?.stance)
            if let capacity = interest?.capacity, capacity.currency == call.currency {
                candidate.capacity = capacity.units
            }
            return candidate
        }
        var themes = [UInt8](repeating: 0, count: places.count * call.themes.count)
        for (column, theme) in call.themes.enumerated() {
            let values = pool.values(theme)
            for (row, place) in places.enumerated() { themes[row * call.themes.count + column] = values[place] }
        }
        var together: [(first: Int, second: Int, halves: Int)] = []
        if !pool.past.isEmpty {
            let rows = Dictionary(places.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
            for (pair, past) in pool.past {
                if let a = rows[pair.low], let b = rows[pair.high] { together.append((a, b, past.halves)) }
            }
        }
        return PartnerSearch(
            candidates: candidates, themeCount: call.themes.count, themes: themes,
            minimumSize: max(2, call.minimumPartners), minimumCountries: call.minimumCountries, required: required,
            // Nobody can bring a share of an award that is not known.
            need: call.share == nil ? nil : call.need ?? Int128.max, together: together)
    }

    /// What a declared stance counts, in half points.
    static func halves(_ stance: String?) -> Int {
        switch stance {
        case "lead", "partner": 2
        case "support": 1
        default: 0
        }
    }

    /// Who leads: who wants to, else who wants nothing else, else whoever may; of these who brings most.
    private static func lead(
        _ set: [Int], _ search: PartnerSearch, _ call: Call, _ places: [Int], _ pool: PartnerPool
    ) -> Int {
        func rank(_ member: Int) -> (Int, Int) {
            let stance = pool.interest(places[member], call)?.stance
            return (stance == "lead" ? 2 : stance == nil ? 1 : 0, search.points([member]))
        }
        var best = set.first { search.candidates[$0].mayLead } ?? set[0]
        for member in set where search.candidates[member].mayLead && rank(member) > rank(best) { best = member }
        return best
    }

    /// Why no set meets a call.
    private static func shortage(
        _ call: Call, _ places: [Int], _ pool: PartnerPool, _ search: PartnerSearch
    ) -> String {
        guard search.candidates.contains(where: \.mayLead) else {
            return places.isEmpty
                ? "no organisation may apply" : "none that may apply sits in \(call.countries.joined(separator: ", "))"
        }
        let countries = Set(search.candidates.compactMap(\.country)).count
        if countries < call.minimumCountries {
            return "those that may apply sit in \(countries) countries, and \(call.minimumCountries) are needed"
        }
        let needed = max(2, call.minimumPartners, call.minimumCountries)
        return "\(places.count) may apply, and \(needed) are needed"
    }
}
