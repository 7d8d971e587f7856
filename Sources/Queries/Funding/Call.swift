import Crypto
import Records
import Replica

/// An opportunity as `fund match` reads it.
struct Call {
    /// The states in which a set can still be found for one.
    static let openStates = ["spotted", "screened", "open"]

    let id: ShortID
    let state: String
    let funder: ShortID?
    let posted: String?
    /// The stages of all versions that people have not decided between, by date.
    let stages: [(name: String, date: String)]
    /// Whether people disagree about the deadlines.
    let isDisputed: Bool
    let themes: [String]
    let countries: [String]
    let eligible: CountrySet
    let types: [String]
    let languages: [String]
    let minimumPartners: Int
    let minimumCountries: Int
    /// The co-funding as it was entered, when any is asked for.
    let share: String?
    /// What has to be brought, in billionths of `currency`; nil when the award is not known.
    let need: Int128?
    let currency: String?

    init(_ record: RecordView) {
        id = record.id
        state = record.state("state") ?? "spotted"
        funder = record.id("funder")
        posted = record.date("posted")
        stages = Call.stages(record)
        isDisputed = record.reading("deadlines")?.needsDecision ?? false
        themes = record.words("themes")
        countries = record.words("countries_eligible")
        eligible = CountrySet(countries)
        types = record.words("applicant_types")
        var languages: [String] = []
        for tag in record.words("languages").map(primaryLanguage) where !languages.contains(tag) {
            languages.append(tag)
        }
        self.languages = languages
        minimumPartners = Call.bounded(record.integer("min_partners"))
        minimumCountries = Call.bounded(record.integer("min_countries"))
        currency = record.textPart("award", "currency")
        let percent = Amount.units(record.value("cofunding_pct")).flatMap { $0 > 0 ? $0 : nil }
        share = percent.map(Amount.text)
        if let percent, percent <= Int128(100_000_000_000), let award = Amount.units(record.part("award", "max")) {
            // Both are billionths, and one is per cent: rounded up to the next billionth.
            let scale = Int128(100_000_000_000)
            need = (percent * award + scale - 1) / scale
        } else {
            need = nil
        }
    }

    private static func bounded(_ number: Int64?) -> Int { Int(min(max(number ?? 0, 0), 1_000)) }

    private static func stages(_ record: RecordView) -> [(name: String, date: String)] {
        guard let field = record.kind.field(named: "deadlines"), case .list(.group(let group), _) = field.type,
            let name = group.parts.firstIndex(where: { $0.name == "stage" }),
            let date = group.parts.firstIndex(where: { $0.name == "date" })
        else { return [] }
        var stages: [(name: String, date: String)] = []
        for value in record.values("deadlines") {
            guard case .array(let items) = value else { continue }
            for case .array(let parts) in items where parts.count > max(name, date) {
                guard let day = RecordView.date(parts[date]), CivilTime.isDate(day), case .text(let stage) = parts[name]
                else { continue }
                if !stages.contains(where: { $0 == (stage, day) }) { stages.append((stage, day)) }
            }
        }
        return stages.sorted { ($0.date, $0.name) < ($1.date, $1.name) }
    }

    /// The stage that has to be met next: whoever misses it is out of all later ones.
    func next(_ today: String) -> (name: String, date: String)? { stages.first { $0.date >= today } }

    /// Why nobody can meet it in time any more, or why it is not looked at; nil when there is time.
    func obstacle(_ today: String, leadTime: Int, since: String?) -> String? {
        if !Call.openStates.contains(state) { return "it is \(state)" }
        if let since {
            guard let posted else { return "nobody entered when it was posted" }
            if posted < since { return "it was posted on \(posted)" }
        }
        guard let last = stages.last else { return "it has no deadline" }
        guard let next = next(today) else { return "its last deadline was \(last.date)" }
        let days = CivilTime.days(from: today, to: next.date)
        return days < leadTime ? "the deadline \(next.date) is \(days) days away, fewer than \(leadTime)" : nil
    }
}
