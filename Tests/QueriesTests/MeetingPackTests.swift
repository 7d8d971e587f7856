import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct MeetingPackTests {
    private func pack(
        _ store: QueryStore, _ options: (name: String, value: String?)..., meeting: String? = nil,
        at today: String = ReviewNetwork.today, language: String = "en"
    ) throws -> Answer {
        guard let meeting else {
            return try store.ask(MeetingPack.self, options: options, today: today, language: language)
        }
        return try store.ask(MeetingPack.self, meeting, options: options, today: today, language: language)
    }

    @Test func itIsForTheNewestReviewAndReportsSinceTheOneBefore() throws {
        let network = try ReviewNetwork()
        let document = try pack(network.store).document
        #expect(document["meeting"] == .string(network.meeting.hex))
        #expect(document["previous"] == .string(network.earlier.hex))
        #expect(document["since"] == .string("2026-10-10") && document["at"] == .string("2027-10-01"))
        #expect(document["start"] == .string("2027-10-12T08:00:00Z"))
        let digests = network.store.digests(of: "net")
        #expect(document["frontier"] == .string(digests.frontier.hex))
        #expect(document["state"] == .string(digests.state.hex))
        #expect(document["ruleSet"] == .int(1) && document["version"] == .string("0.1.0"))
        #expect(document["language"] == .string("en"))
    }

    @Test func whatWasDoneByOrganisationObjectiveAndState() throws {
        let network = try ReviewNetwork()
        let answer = try pack(network.store)
        let activities = try answer.rows(
            "activities", "org", "title", "type", "state", "start", "end", "countries", "budget")
        #expect(
            activities == [
                "\(network.acal) Study research ongoing 2027-03-01 2027-08-31 - -",
                "\(network.ccms) Course training completed 2027-01-11 2027-01-22 ML,SN 1200.50 EUR",
                "\(network.ccms) Festival event cancelled 2027-05-01 2027-05-02 - -",
            ])
        let planning = try answer.rows("planning", "org", "title", "state", "start")
        #expect(
            planning == [
                "\(network.acal) Next course planned 2028-01-10", "\(network.ccms) Thought idea -",
            ])
        let objectives = try answer.rows("objectives", "owner", "code", "activities", "ongoing", "completed", "target")
        #expect(
            objectives == ["\(network.acal) A1 1 1 0 -", "\(network.ccms) C1 2 1 1 12 archives"])
        let organisations = try answer.rows(
            "organisations", "org", "activities", "completed", "ongoing", "cancelled", "contributions", "pickups",
            "interactions")
        #expect(
            organisations == [
                "\(network.acal) 1 0 1 0 0 0 4", "\(network.ccms) 2 1 0 1 1 1 3", "\(network.sector) 0 0 0 0 1 0 0",
            ])
    }

    @Test func whatWasSaidGivenAndRelayed() throws {
        let network = try ReviewNetwork()
        let answer = try pack(network.store)
        let contributions = try answer.rows("contributions", "org", "title", "date", "state")
        #expect(
            contributions == [
                "\(network.ccms) An archive opens 2027-03-01 submitted",
                "\(network.sector) A call is open 2027-04-01 submitted",
            ])
        let pickups = try answer.rows("pickups", "org", "channel", "url", "date", "declined")
        #expect(
            pickups == [
                "\(network.acal) - - 2027-04-11 not our field",
                "\(network.ccms) newsletter,website https://example.org/a?b=1&c=2 2027-04-10 -",
            ])
        let interactions = try answer.rows(
            "interactions", "org", "total", "visit", "call", "mail", "formal", "last")
        #expect(
            interactions == ["\(network.acal) 4 1 2 1 3 2027-04-05", "\(network.ccms) 3 1 2 0 3 2027-04-04"])
        let engagements = try answer.rows("engagements", "institute", "advisor", "state", "start", "end")
        #expect(engagements == ["\(network.ccms) \(network.boris) proposed 2027-02-01 2027-04-30"])
        let introductions = try answer.rows("introductions", "proposedBy", "subject", "consent", "state", "nextStep")
        #expect(introductions == ["\(network.acal) \(network.anna) given suggested 2027-11-01"])
        let bids = try answer.rows("bids", "lead", "title", "partners", "state", "total")
        #expect(bids == ["\(network.ccms) Wells \(network.acal) drafting 50000 EUR"])
    }

    @Test func whatIsOpenAndRunsOut() throws {
        let network = try ReviewNetwork()
        let answer = try pack(network.store)
        let actions = try answer.rows("actions", "due", "overdue", "text", "owner", "state", "meeting")
        #expect(actions == ["2027-09-30 yes Send the list \(network.anna) open \(network.earlier)"])
        #expect(try answer.rows("decisions", "number", "text", "adopted") == ["1 We share archives adopted"])
        // Eighteen months after 1 October 2027 is 1 April 2029.
        let agreements = try answer.rows("agreements", "org", "expires", "daysLeft")
        #expect(agreements == ["\(network.sector) 2027-09-01 -30", "\(network.ccms) 2029-04-01 548"])
        let freshness = try answer.rows("freshness", "org", "lastHeard", "days", "stale")
        #expect(
            freshness == [
                "\(network.acal) 2027-08-21 41 yes", "\(network.ccms) 2027-04-10 174 yes",
                "\(network.sector) 2027-04-01 183 yes",
            ])
        #expect(
            try answer.rows("agenda", "number", "title", "presenter", "minutes") == ["1 Archives \(network.anna) 30"])
        let participants = try answer.rows("participants", "org", "person", "answer")
        #expect(
            participants == ["\(network.acal) \(network.boris) yes", "\(network.ccms) \(network.anna) -"])
    }

    @Test func aDayAndAMeetingCanBeNamed() throws {
        let network = try ReviewNetwork()
        let since = try pack(network.store, (name: "since", value: "2026-10-09"))
        #expect(try since.rows("contributions", "title").contains("Before"))
        #expect(try since.rows("interactions", "total") == ["5", "3"])
        let earlier = try pack(network.store, meeting: network.earlier.hex, at: "2026-10-01")
        #expect(earlier.document["since"] == .null && earlier.document["previous"] == .null)
        #expect(try earlier.rows("activities", "title") == ["Old"])
        #expect(throws: QueryError.self) { try pack(network.store, (name: "since", value: "2027-10-02")) }
        #expect(throws: QueryError.self) { try pack(network.store, (name: "since", value: "soon")) }
        #expect(throws: QueryError.self) { try pack(network.store, (name: "language", value: "not a tag")) }
        #expect(throws: QueryError.self) { try pack(network.store, meeting: network.acal.hex) }
        #expect(throws: QueryError.self) { try pack(QueryStore()) }
        #expect(try pack(QueryStore(), (name: "since", value: "2027-01-01")).document["meeting"] == .null)
    }

    @Test(arguments: ["en", "fr", "es", "ru", "ar", "zh"])
    func equalFrontiersGiveEqualBytesWhateverTheNode(_ language: String) throws {
        let network = try ReviewNetwork()
        let wanted = [(name: "language", value: String?.some(language)), (name: "directory", value: "pack")]
        func files(_ store: QueryStore, _ own: String) throws -> Answer {
            try store.ask(MeetingPack.self, options: wanted, today: ReviewNetwork.today, language: own)
        }
        let first = try files(network.store, "en")
        var other = network.store.replayed { $0.reversed() }
        try other.at("2031-01-01", as: network.acal)
        other.language = "ru"
        #expect(try files(other, "ru") == first)
        var random = SeededEntropy(seed: 7)
        #expect(try files(network.store.replayed { $0.shuffled(using: &random) }, "ar") == first)
    }

    @Test func languageChangesTextsAndLabelsAlone() throws {
        let network = try ReviewNetwork()
        let all = try Label.languages.map { try pack(network.store, language: $0).document }
        // Ids, states, dates and numbers are the same, and stand in the same places.
        #expect(Set(all.map { stripped($0) }).count == 1)
        let french = try pack(network.store, language: "fr-CA")
        #expect(french.document["title"] == .string("Réunion annuelle 2027"))
        #expect(try french.rows("activities", "title").contains("Cours"))
    }

    @Test func theAgendaStandsInItsOrderAndCountersAddUp() throws {
        var store = QueryStore(schema: .withListsAndCounters)
        let sector = try store.admit("Sector", "short=SEC", "type=sector-division", "country=FR")
        let meeting = try store.new(
            "meeting", "type=annual-review", "title=Review", "period.start=2027-10-12T08:00:00Z")
        let items = try ["First", "Second", "Third"].map { title in
            try store.new("agenda_item", "meeting=\(meeting)", "title=\(title)")
        }
        try store.set(meeting, "agenda=\(items[2])", "agenda=\(items[0])")
        let activity = try store.new(
            "activity", "org=\(sector)", "title=Course", "type=training", "planned.start=2027-02-01",
            "reached_women=12", "state=completed")
        try store.setApart(activity, ["reached_women=15"], ["reached_women=20"])
        let answer = try pack(store)
        #expect(try answer.rows("agenda", "number", "title") == ["1 Third", "2 First", "3 Second"])
        // Twelve, and three and eight more that did not know of each other.
        #expect(try answer.rows("activities", "reachedWomen", "reachedMen") == ["23 0"])
    }

    @Test func membersThatWereMergedAreOne() throws {
        var network = try ReviewNetwork()
        try network.store.at("2027-09-30", as: network.acal)
        try network.store.set(network.acal, "merged_into=\(network.ccms)")
        let answer = try pack(network.store)
        let freshness = try answer.rows("freshness", "org", "days")
        #expect(freshness == ["\(network.ccms) 1", "\(network.sector) 183"])
        #expect(try answer.rows("interactions", "org", "total") == ["\(network.ccms) 4"])
        #expect(try answer.rows("organisations", "org", "activities") == ["\(network.ccms) 3", "\(network.sector) 0"])
    }

    /// Without texts that have languages.
    private func stripped(_ document: Document) -> Document {
        switch document {
        case .array(let items): .array(items.map(stripped))
        case .object(let members):
            .object(
                members.map { member in
                    ["title", "text", "language"].contains(member.name)
                        ? .init(member.name, .null) : .init(member.name, stripped(member.value))
                })
        default: document
        }
    }
}

extension Schema {
    /// The table with the lists and counters of meetings and activities, also where it lacks them.
    static var withListsAndCounters: Schema {
        let label = Label("x", fr: "x", es: "x", ru: "x", ar: "x", zh: "x")
        func adding(_ fields: [Field], to kind: Kind) -> Kind {
            let lacking = fields.filter { kind.field(named: $0.name) == nil }
            let all = kind.fields.dropFirst(Field.common.count) + lacking
            return Kind(
                kind.number, kind.name, kind.label, creation: kind.creation, titleField: kind.titleField,
                fields: all.sorted { $0.number < $1.number }, rules: kind.rules)
        }
        let others = Schema.standard.kinds.filter { $0.number != 42 && $0.number != 47 }
        let agenda = Field(25, "agenda", label, .id(kinds: [44]), .list(.soft))
        let women = Field(27, "reached_women", label, .integer(0...1_000_000), .counter)
        let men = Field(28, "reached_men", label, .integer(0...1_000_000), .counter)
        return Schema(others + [adding([agenda], to: .meeting), adding([women, men], to: .activity)])
    }
}

@Suite struct PackFilesTests {
    private func files(_ language: String) throws -> Answer {
        try ReviewNetwork().store.ask(
            MeetingPack.self, options: [(name: "directory", value: "pack"), (name: "language", value: language)],
            today: ReviewNetwork.today)
    }

    @Test func aFolderGetsThePageTheCalendarAndATableEach() throws {
        let answer = try files("en")
        let names = answer.files.compactMap(\.name)
        #expect(
            names == [
                "pack.html", "meeting.ics", "agenda.csv", "participants.csv", "organisations.csv", "objectives.csv",
                "activities.csv", "planning.csv", "contributions.csv", "pickups.csv", "interactions.csv",
                "engagements.csv", "introductions.csv", "bids.csv", "actions.csv", "decisions.csv", "agreements.csv",
                "freshness.csv",
            ])
        #expect(try answer.rows("files", "name") == names)
        #expect(try answer.rows("files", "rows").prefix(7) == ["-", "-", "1", "2", "3", "2", "3"])
        #expect(answer.document["activities"] == nil)
    }

    @Test func thePageIsWholeEscapedAndInItsDirection() throws {
        let english = try files("en").file("pack.html")
        #expect(english.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"))
        #expect(english.contains("Anna &lt;Žagar&gt; &amp; Söhne") && !english.contains("<Žagar>"))
        #expect(english.contains("<a href=\"https://example.org/a?b=1&amp;c=2\">"))
        #expect(english.contains("<h2>Activities</h2>") && english.contains(">Course</bdi></td>"))
        #expect(!english.contains("<script") && !english.contains("src="))
        let arabic = try files("ar").file("pack.html")
        #expect(arabic.contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.contains("<h2>الأنشطة</h2>"))
        #expect(arabic.contains("<h1><bdi lang=\"ar\">الاجتماع السنوي ٢٠٢٧</bdi></h1>"))
        // A text that nobody has translated says in which language it is.
        #expect(arabic.contains("<td><bdi lang=\"en\">Study</bdi></td>"))
        #expect(try files("fr").file("pack.html").contains(">Planification de la prochaine période</h2>"))
        // A language without labels has English ones, and texts in it where there are any.
        #expect(try files("sw").file("pack.html").contains("<html lang=\"en\" dir=\"ltr\">"))
    }

    @Test func theMeetingIsATentativeEventInUTC() throws {
        let network = try ReviewNetwork()
        let calendar = try files("fr").file("meeting.ics")
        let body = calendar.split(separator: "\r\n").dropFirst(6).dropLast().joined(separator: "\n")
        #expect(
            body == """
                BEGIN:VEVENT
                UID:\(network.meeting.hex)-period@liaison
                DTSTAMP:20261001T120000Z
                SEQUENCE:0
                STATUS:TENTATIVE
                DTSTART:20271012T080000Z
                DTEND:20271014T160000Z
                SUMMARY;LANGUAGE=fr:Réunion annuelle 2027
                LOCATION;LANGUAGE=fr:Paris
                URL:https://example.org/review
                END:VEVENT
                """)
    }

    @Test func tablesHaveTheLabelsOfTheirLanguage() throws {
        let csv = try files("fr").file("decisions.csv")
        #expect(csv.hasPrefix("\u{FEFF}Réunion,Numéro,Texte,Adoption,Date d’adoption,Id\r\n"))
        #expect(csv.contains("Annual review 2026,1,We share archives,Adoptée,2026-10-10,"))
        let stale = try files("es").file("freshness.csv")
        #expect(stale.contains("\r\nACAL,2027-08-21,41,sí\r\n"))
    }
}
