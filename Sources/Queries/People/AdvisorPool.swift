import Crypto
import Records
import Replica

/// The people who could advise on objectives, and who does: what `coverage` and `advisor suggest` share.
struct AdvisorPool {
    /// The tag that marks a contact as an advisor before anybody has engaged them.
    static let tag = "advisor"
    /// The states in which an engagement covers an objective.
    static let engagedStates = ["proposed", "accepted", "active"]
    /// So many engagements at a time leave no time for another, and count nothing.
    static let fullLoad = 2

    struct Person {
        let id: ShortID
        let country: String?
        let languages: [String]
        let expertise: [String]
        let availability: String?
        /// Whether the contact was ever engaged, or is marked by its tag.
        var isAdvisor: Bool
        /// How many engagements cover the day.
        var load = 0
        /// The last day of an engagement that is over.
        var lastEnded: String?
    }

    struct Engagement {
        let id: ShortID
        /// The place in `people`.
        let person: Int
        let institute: ShortID?
        let objectives: [ShortID]
        let state: String
        let from: String?
        let to: String?
        /// Whether it covers its objectives on the day.
        let isCurrent: Bool
    }

    struct Objective {
        let id: ShortID
        let code: String?
        let owner: ShortID?
        let state: String
        let themes: [String]
        /// Its own, else that of the organisation whose objective it is.
        let countries: [String]
        /// Those of the organisation whose objective it is.
        let languages: [String]
    }

    /// Ascending by id.
    private(set) var people: [Person] = []
    /// Ascending by id.
    private(set) var engagements: [Engagement] = []
    /// Those that somebody still works towards, ascending by id.
    private(set) var objectives: [Objective] = []
    private var themes: Themes
    /// The places of those who have an expertise.
    private var experts: [String: [Int]] = [:]
    /// The concepts that are near a theme, and how near.
    private var near: [String: [(concept: String, halves: Int)]] = [:]

    init(_ base: RecordBase<some RecordStore>) throws(QueryError) {
        themes = try Themes(base)
        for record in try base.live("contact") {
            people.append(
                Person(
                    id: record.id, country: record.text("country"),
                    languages: record.words("languages").map(primaryLanguage), expertise: record.words("expertise"),
                    availability: record.text("availability"),
                    isAdvisor: record.words("tags").contains { $0.lowercased() == AdvisorPool.tag }))
        }
        try readEngagements(base)
        for (place, person) in people.enumerated() {
            for concept in person.expertise { experts[concept, default: []].append(place) }
        }
        var owners: [ShortID: RecordView] = [:]
        for record in try base.live("organisation") { owners[record.id] = record }
        for record in try base.live("objective") {
            let objective = AdvisorPool.objective(record, record.id("owner").flatMap { owners[$0] })
            if objective.state == "proposed" || objective.state == "agreed" { objectives.append(objective) }
        }
    }

    /// An objective with what it takes from its owner.
    static func objective(_ record: RecordView, _ owner: RecordView?) -> Objective {
        let countries = record.words("countries")
        return Objective(
            id: record.id, code: record.text("code"), owner: record.id("owner"),
            state: record.state("state") ?? "proposed", themes: record.words("themes"),
            countries: countries.isEmpty ? [owner?.text("country")].compactMap { $0 } : countries,
            languages: (owner?.words("languages") ?? []).map(primaryLanguage))
    }

    private mutating func readEngagements(_ base: RecordBase<some RecordStore>) throws(QueryError) {
        let places = Dictionary(people.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
        for record in try base.live("engagement") {
            guard let advisor = record.id("advisor"), let place = places[advisor],
                let state = record.state("state")
            else { continue }
            let engagement = Engagement(
                id: record.id, person: place, institute: record.id("institute"),
                objectives: record.ids("objectives"), state: state,
                from: record.datePart("period", "from"), to: record.datePart("period", "to"),
                isCurrent: AdvisorPool.engagedStates.contains(state) && record.isWithin("period", base.today))
            engagements.append(engagement)
            if state != "declined" { people[place].isAdvisor = true }
            if engagement.isCurrent { people[place].load += 1 }
            if state != "declined", let to = engagement.to, to < base.today {
                people[place].lastEnded = max(people[place].lastEnded ?? to, to)
            }
        }
    }

    // MARK: Suggesting

    /// Somebody who could take on an objective.
    struct Suggestion {
        /// The place in `people`.
        let person: Int
        /// In half points.
        let points: Int
    }

    /// The greatest number of half points for an objective.
    static func greatest(_ objective: Objective) -> Int {
        2 * (objective.themes.count + (objective.languages.isEmpty ? 0 : 1) + (objective.countries.isEmpty ? 0 : 1) + 1)
    }

    /// Those who could take on an objective, the best first: who works on one of its themes, and every advisor.
    mutating func suggestions(_ objective: Objective, limit: Int) -> [Suggestion] {
        var expertise: [Int: Int] = [:]
        for theme in objective.themes {
            var best: [Int: Int] = [:]
            for (concept, halves) in concepts(near: theme) {
                for place in experts[concept] ?? [] { best[place] = max(best[place] ?? 0, halves) }
            }
            for (place, halves) in best { expertise[place, default: 0] += halves }
        }
        var engaged: Set<Int> = []
        for engagement in engagements where engagement.isCurrent && engagement.objectives.contains(objective.id) {
            engaged.insert(engagement.person)
        }
        var found: [Suggestion] = []
        for (place, person) in people.enumerated() where !engaged.contains(place) {
            let halves = expertise[place] ?? 0
            guard halves > 0 || person.isAdvisor else { continue }
            let others = [language(person, objective), country(person, objective), load(person)].compactMap { $0?.mark }
            found.append(Suggestion(person: place, points: others.reduce(halves) { $0 + $1.rawValue }))
        }
        found.sort { a, b in
            let (first, second) = (people[a.person], people[b.person])
            if a.points != b.points { return a.points > b.points }
            if first.isAdvisor != second.isAdvisor { return first.isAdvisor }
            return first.load != second.load ? first.load < second.load : first.id < second.id
        }
        return Array(found.prefix(limit))
    }

    /// Why somebody was suggested, line by line; the marks add up to the points.
    mutating func checks(_ place: Int, _ objective: Objective) -> [Check] {
        let person = people[place]
        var checks: [Check] = []
        for theme in objective.themes {
            let near = themes.nearest(to: theme, among: person.expertise)
            let mark = Check.Mark(rawValue: near?.halves ?? 0) ?? .no
            checks.append(Check("theme \(theme)", mark, mark == .half ? near?.concept ?? "" : ""))
        }
        checks += [language(person, objective), country(person, objective), load(person)].compactMap { $0 }
        let isDeclined = engagements.contains {
            $0.person == place && $0.state == "declined" && $0.objectives.contains(objective.id)
        }
        if isDeclined { checks.append(Check("asked before", .no, "declined")) }
        return checks
    }

    private func language(_ person: Person, _ objective: Objective) -> Check? {
        guard !objective.languages.isEmpty else { return nil }
        let shared = objective.languages.filter(person.languages.contains)
        return Check(
            "language \(objective.languages.joined(separator: ", "))", !shared.isEmpty,
            person.languages.joined(separator: ", "))
    }

    /// The country itself counts 1, its smallest M49 region or its UNESCO region ½.
    private func country(_ person: Person, _ objective: Objective) -> Check? {
        guard !objective.countries.isEmpty else { return nil }
        let name = "country \(objective.countries.joined(separator: ", "))"
        guard let own = person.country else { return Check(name, .no, "not known") }
        if objective.countries.contains(own) { return Check(name, .yes, own) }
        for country in objective.countries {
            if let region = Regions.subregion(of: own), region == Regions.subregion(of: country) {
                return Check(name, .half, "\(own) in \(region)")
            }
            if let region = Regions.unesco(of: own), region == Regions.unesco(of: country) {
                return Check(name, .half, "\(own) in \(region)")
            }
        }
        return Check(name, .no, own)
    }

    private func load(_ person: Person) -> Check? {
        let mark: Check.Mark = person.load == 0 ? .yes : person.load < AdvisorPool.fullLoad ? .half : .no
        return Check("time", mark, person.load == 1 ? "1 engagement" : "\(person.load) engagements")
    }

    private mutating func concepts(near theme: String) -> [(concept: String, halves: Int)] {
        if let known = near[theme] { return known }
        var found: [(concept: String, halves: Int)] = []
        for concept in experts.keys {
            let halves = themes.halves(concept, theme)
            if halves > 0 { found.append((concept, halves)) }
        }
        near[theme] = found
        return found
    }
}
