import Bytes
import Crypto
import Records
package import Replica

/// Which people know about something, somewhere, in some language, and whether they may be written to.
package enum ContactFind: Query {
    /// As it is typed.
    package static let verb = "contact find"

    /// What somebody looks for; all of it has to hold.
    private struct Wanted {
        var expertise: [String] = []
        /// In any of these; nil when no place is asked for.
        var countries: Set<String>?
        var languages: [String] = []
        var words: [String] = []
        var needsConsent = false
    }

    /// What is known about contacts from other records.
    private struct Ties {
        /// The organisations that introduced a contact, by the contact.
        var introducers: [ShortID: [ShortID]] = [:]
        /// The day of the last interaction.
        var last: [ShortID: String] = [:]
    }

    /// Lists the people who have everything that is asked for.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let wanted = try wanted(question)
        var themes = try Themes(base)
        let ties = try ties(base)
        var found: [(points: Int, name: String, record: RecordView)] = []
        for record in try base.live("contact") {
            guard let points = expertise(record, wanted, &themes), matches(record, wanted, base) else { continue }
            found.append((points, Folding.fold(base.title(record) ?? ""), record))
        }
        found.sort { a, b in
            if a.points != b.points { return a.points > b.points }
            return a.name != b.name ? a.name < b.name : a.record.id < b.record.id
        }
        return Answer(.pairs(["contacts": .array(found.map { row($0.record, ties) })]))
    }

    private static func row(_ record: RecordView, _ ties: Ties) -> Document {
        let affiliations = record.groups("affiliations").filter { $0["to"] == nil }.compactMap { group -> String? in
            if case .text(let text)? = group["organisation"] { text } else { nil }
        }
        return .pairs([
            "contact": record.id.document, "country": .optional(record.text("country")),
            "languages": .strings(record.words("languages")), "expertise": .strings(record.words("expertise")),
            "organisation": record.id("org")?.document ?? .optional(affiliations.min()),
            "availability": .optional(record.text("availability")), "consent": .string(consent(record)),
            "introducedBy": .ids(ties.introducers[record.id] ?? []),
            "lastInteraction": .optional(ties.last[record.id]),
        ])
    }

    /// The basis of consent; `disputed` while people disagree, `unknown` when nobody entered one.
    static func consent(_ record: RecordView) -> String {
        guard record.reading("consent")?.isDisputed != true else { return "disputed" }
        return record.textPart("consent", "basis") ?? "unknown"
    }

    // MARK: Matching

    private static func wanted(_ question: Question) throws(QueryError) -> Wanted {
        var wanted = Wanted()
        wanted.expertise = question.values(of: "expertise")
        wanted.languages = question.values(of: "language").map { primaryLanguage($0.lowercased()) }
        wanted.words = question.values(of: "text").flatMap(Folding.words)
        wanted.needsConsent = question.has("consent-ok")
        let countries = question.values(of: "country").map { $0.uppercased() }
        for country in countries where country.utf8.count != 2 || Regions.countries(in: country) == nil {
            throw .invalid(
                what: "--country: \(country) is no country code",
                remedy: "ISO 3166 codes have two letters, such as SN, OM or UY")
        }
        if !countries.isEmpty { wanted.countries = Set(countries) }
        for region in question.values(of: "region") {
            guard let members = Regions.countries(in: region.lowercased()) ?? Regions.countries(in: region.uppercased())
            else {
                throw .invalid(
                    what: "--region: \(region) is no region",
                    remedy: "an M49 number such as 011, or one of \(Regions.unesco.joined(separator: ", "))")
            }
            wanted.countries = wanted.countries?.intersection(members) ?? Set(members)
        }
        return wanted
    }

    /// The half points of the expertise that is asked for; nil when some of it is not there.
    private static func expertise(_ record: RecordView, _ wanted: Wanted, _ themes: inout Themes) -> Int? {
        let held = record.words("expertise")
        var sum = 0
        for concept in wanted.expertise {
            guard let near = themes.nearest(to: concept, among: held) else { return nil }
            sum += near.halves
        }
        return sum
    }

    private static func matches(_ record: RecordView, _ wanted: Wanted, _ base: RecordBase<some RecordStore>) -> Bool {
        if let countries = wanted.countries {
            guard let country = record.text("country"), countries.contains(country) else { return false }
        }
        let languages = record.words("languages").map(primaryLanguage)
        guard wanted.languages.allSatisfy(languages.contains) else { return false }
        if wanted.needsConsent, ["unknown", "disputed"].contains(consent(record)) { return false }
        guard !wanted.words.isEmpty else { return true }
        let text = Folding.fold(searchable(record).joined(separator: "\n"))
        return wanted.words.allSatisfy { text.contains($0) }
    }

    /// The texts of a contact that words are looked for in.
    private static func searchable(_ record: RecordView) -> [String] {
        var texts = ["display", "availability"].compactMap { record.text($0) }
        texts += ["family", "given"].compactMap { record.textPart("name", $0) }
        texts += record.texts("native_name").map(\.text)
        texts += ["emails", "expertise", "tags"].flatMap { record.words($0) }
        for group in record.groups("affiliations") {
            for part in ["organisation", "title"] {
                if case .text(let text)? = group[part] { texts.append(text) }
            }
        }
        return texts
    }

    private static func ties(_ base: RecordBase<some RecordStore>) throws(QueryError) -> Ties {
        var ties = Ties()
        for record in try base.live("introduction") {
            guard let person = record.id("subject"), let organisation = record.id("proposed_by") else { continue }
            if ties.introducers[person]?.contains(organisation) == true { continue }
            ties.introducers[person, default: []].append(organisation)
        }
        for record in try base.live("interaction") {
            guard let day = record.date("when"), day <= base.today else { continue }
            for person in record.ids("people") {
                ties.last[person] = max(ties.last[person] ?? day, day)
            }
        }
        return ties
    }
}
