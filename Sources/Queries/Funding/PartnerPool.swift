import Crypto
import Records
import Replica

/// The organisations that could take part in calls, with all that can be worked out before a call is looked at.
struct PartnerPool {
    /// One organisation.
    struct Partner {
        let id: ShortID
        let name: String
        let type: String
        let status: String?
        let country: String?
        /// Numbered by the pool.
        let countryNumber: Int?
        /// Where it sits and whom it serves.
        let reach: CountrySet
        let languages: [String]
        let themes: [String]
    }

    /// What an organisation declared about one call.
    struct Interest {
        /// Every stance left, as people may disagree.
        let stances: [String]
        let capacity: Amount?

        /// Of several stances the most reluctant counts.
        var stance: String? { ["decline", "support", "partner", "lead"].first(where: stances.contains) }
    }

    /// Two organisations that bid together.
    struct Past {
        /// 2 when they won, 1 when they only got as far as a submission.
        let halves: Int
        let bid: ShortID
    }

    /// Two places, the smaller first.
    struct Pair: Hashable {
        let low: Int
        let high: Int

        init(_ a: Int, _ b: Int) { (low, high) = (min(a, b), max(a, b)) }
    }

    /// Those that take part in calls only where a call names their type.
    private static let bystanders = ["donor", "media"]

    /// Ascending by id.
    let partners: [Partner]
    private let places: [ShortID: Int]
    private let interests: [ShortID: [Int: Interest]]
    let past: [Pair: Past]
    /// For each opportunity the first bid on it that is not withdrawn.
    let bids: [ShortID: ShortID]
    private var themes: Themes
    private var themeValues: [String: [UInt8]] = [:]
    private var speakers: [String: [Bool]] = [:]

    init(_ base: RecordBase<some RecordStore>) throws(QueryError) {
        var countries: [String: Int] = [:]
        var partners: [Partner] = []
        for record in try base.live("organisation") {
            let country = record.text("country")
            var number: Int?
            if let country {
                number = countries[country] ?? countries.count
                countries[country] = number
            }
            partners.append(
                Partner(
                    id: record.id, name: base.name(record), type: record.text("type") ?? "",
                    status: record.state("status"), country: country, countryNumber: number,
                    reach: CountrySet(record.words("serves") + (country.map { [$0] } ?? [])),
                    languages: record.words("languages").map(primaryLanguage), themes: record.words("themes")))
        }
        self.partners = partners
        places = Dictionary(partners.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
        themes = try Themes(base)
        interests = try PartnerPool.interests(base, places)
        (past, bids) = try PartnerPool.bids(base, places)
    }

    private static func interests(
        _ base: RecordBase<some RecordStore>, _ places: [ShortID: Int]
    ) throws(QueryError) -> [ShortID: [Int: Interest]] {
        var interests: [ShortID: [Int: Interest]] = [:]
        for record in try base.live("interest") {
            guard let place = record.id("org").flatMap({ places[$0] }), let call = record.id("opportunity"),
                record.date("until").map({ $0 >= base.today }) ?? true
            else { continue }
            // After a merge of two organisations the one of the smaller id counts.
            if interests[call]?[place] != nil { continue }
            interests[call, default: [:]][place] = Interest(
                stances: record.textsLeft("stance"),
                capacity: Amount(record.part("capacity", "value"), record.part("capacity", "currency")))
        }
        return interests
    }

    private static func bids(
        _ base: RecordBase<some RecordStore>, _ places: [ShortID: Int]
    ) throws(QueryError) -> ([Pair: Past], [ShortID: ShortID]) {
        var past: [Pair: Past] = [:]
        var bids: [ShortID: ShortID] = [:]
        for record in try base.live("bid") {
            let state = record.state("state")
            if state != "withdrawn", let call = record.id("opportunity"), bids[call] == nil { bids[call] = record.id }
            let halves = state == "won" ? 2 : state == "submitted" || state == "lost" ? 1 : 0
            guard halves > 0 else { continue }
            let members = Set(
                ([record.id("lead")].compactMap { $0 } + record.ids("partners")).compactMap { places[$0] })
            let sorted = members.sorted()
            for (index, member) in sorted.enumerated() {
                for other in sorted[(index + 1)...] {
                    let pair = Pair(member, other)
                    if halves > past[pair]?.halves ?? 0 { past[pair] = Past(halves: halves, bid: record.id) }
                }
            }
        }
        return (past, bids)
    }

    // MARK: Asking

    /// Where an organisation stands in `partners`.
    func place(of organisation: ShortID) -> Int? { places[organisation] }

    /// What was declared about a call, by the places of the organisations.
    func interests(_ call: Call) -> [Int: Interest] { interests[call.id] ?? [:] }

    func interest(_ place: Int, _ call: Call) -> Interest? { interests[call.id]?[place] }

    /// Why an organisation cannot take part in a call.
    enum Obstacle: Hashable {
        case status(String)
        case funder
        case bystander(String)
        case type(String)
        case declined

        /// As people read it.
        func text(_ call: Call) -> String {
            switch self {
            case .status(let status): return "it is \(status)"
            case .funder: return "it is the funder"
            case .bystander(let type): return "it is of type \(type)"
            case .type(let type):
                let wanted = call.types.joined(separator: ", ")
                return "its type is \(type.isEmpty ? "not known" : type), and \(wanted) may apply"
            case .declined: return "it declined"
            }
        }
    }

    /// Why an organisation cannot take part in a call; nil when it can.
    func obstacle(_ place: Int, _ call: Call) -> Obstacle? {
        let partner = partners[place]
        if let status = partner.status, status == "lapsed" || status == "withdrawn" { return .status(status) }
        if partner.id == call.funder { return .funder }
        if call.types.isEmpty {
            if PartnerPool.bystanders.contains(partner.type) { return .bystander(partner.type) }
        } else if !call.types.contains(partner.type) {
            return .type(partner.type)
        }
        return interest(place, call)?.stance == "decline" ? .declined : nil
    }

    /// Whether an organisation may lead; partners may sit anywhere.
    func mayLead(_ place: Int, _ call: Call) -> Bool {
        call.countries.isEmpty || partners[place].country.map(call.countries.contains) ?? false
    }

    /// Whether an organisation speaks one of the languages of a call.
    mutating func speaks(_ call: Call) -> [Bool] {
        var flags = [Bool](repeating: false, count: partners.count)
        for language in call.languages {
            let known = speakers[language] ?? partners.map { $0.languages.contains(language) }
            speakers[language] = known
            for (place, speaks) in known.enumerated() where speaks { flags[place] = true }
        }
        return flags
    }

    /// What each organisation brings to a theme, in half points.
    mutating func values(_ theme: String) -> [UInt8] {
        if let known = themeValues[theme] { return known }
        var values: [UInt8] = []
        for partner in partners { values.append(UInt8(themes.nearest(to: theme, among: partner.themes)?.halves ?? 0)) }
        themeValues[theme] = values
        return values
    }

    /// The concept of an organisation that lies nearest to a theme.
    mutating func nearest(to theme: String, _ partner: Partner) -> String {
        themes.nearest(to: theme, among: partner.themes)?.concept ?? ""
    }
}
