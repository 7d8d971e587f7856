import Records

/// Who makes up the network, and what was agreed.
extension Composer {
    mutating func composeThemes() {
        for topic in Topic.all.prefix(census["theme"]) {
            var record = DemoRecord("theme-\(topic.notation)", .theme, by: sector.name, on: -366)
            record.set("notation", topic.notation)
            record.say("name", Texts.languages) { Texts.topic(topic.notation, $0) }
            record.add("broader", topic.broader)
            add(record)
        }
    }

    mutating func composeOrganisations() {
        var record = DemoRecord(sector.organisation, .organisation, by: sector.name, on: -365)
        for name in sector.names { record.set("name.\(name.language)", name.text) }
        record.set("short", sector.name)
        record.set("type", "sector-division")
        record.set("country", sector.country)
        record.add("themes", sector.topics)
        record.add("languages", sector.languages)
        record.set("website", "https://\(sector.domain)/")
        record.set("iati_org", "XM-DEMO-PAR")
        record.say("about", Texts.languages) { Texts.text("note.demonstration", 0, $0) }
        add(record)
        for (index, institute) in institutes.enumerated() { add(organisation(institute, index)) }
        let rest = census["organisation"] - 1 - institutes.count
        for (index, other) in OtherOrganisation.all.prefix(rest).enumerated() { add(organisation(other, index)) }
        for index in 0..<max(0, rest - OtherOrganisation.all.count) {
            add(organisation(OtherOrganisation.donor(index), OtherOrganisation.all.count + index))
        }
    }

    private func organisation(_ institute: Member, _ index: Int) -> DemoRecord {
        var dice = dice(institute.organisation)
        var record = DemoRecord(institute.organisation, .organisation, by: institute.name, on: -364)
        for name in institute.names { record.set("name.\(name.language)", name.text) }
        record.set("short", institute.name)
        record.set("type", "c2")
        record.set("country", institute.country)
        record.add("serves", institute.serves)
        record.add("themes", institute.topics)
        record.add("languages", institute.languages)
        record.set("website", "https://\(institute.domain)/")
        let variant = dice.below(2)
        record.say("about", languages(institute)) {
            text("organisation.about", variant, $0, topic: institute.topics[0])
        }
        let isUnderRenewal = institute.name == "ACAL" || index >= Member.institutes.count && dice.chance(8)
        record.walk(
            "status", isUnderRenewal ? ["designated", "under-renewal"] : ["designated"], until: -90,
            by: { $0 == "designated" ? institute.name : sector.name })
        return record
    }

    private mutating func organisation(_ other: OtherOrganisation, _ index: Int) -> DemoRecord {
        let key = "org-\(other.short)"
        var dice = dice(key)
        var record = DemoRecord(key, .organisation, by: sector.name, on: -360 + index % 20)
        for name in other.names { record.set("name.\(name.language)", name.text) }
        record.set("short", other.short)
        record.set("type", other.type)
        record.set("country", other.country)
        let topics = dice.pick(2, of: Topic.narrow)
        record.add("themes", topics)
        record.add("languages", other.names.map(\.language))
        record.set("website", "https://\(other.short.lowercased()).example.org/")
        if let status = other.status {
            record.walk("status", Workflow.designation.way(to: status), until: -200, by: { _ in sector.name })
        }
        let item = Item(key: key, member: sector, topics: topics)
        if other.type == "donor" { donors.append(item) } else { others.append(item) }
        return record
    }

    mutating func composeAgreements() {
        // How many days from today each of the story's agreements expires, and how far its renewal has come.
        let story = [(910, "not-due"), (1_290, "not-due"), (330, "review"), (75, "proposed"), (2_020, "renewed")]
        for (index, institute) in institutes.enumerated() {
            var dice = dice("agreement-\(institute.name)")
            let days = dice.within(40...2_150)
            let renewal = days < 120 ? "proposed" : days < 400 ? "review" : "not-due"
            addAgreement(
                institute.organisation, institute.name, index < story.count ? story[index] : (days, renewal),
                "agreement-\(institute.name)")
        }
        addAgreement("org-BCDL", "BCDL", (-120, "not-renewed"), "agreement-BCDL")
        addAgreement("org-PIMS", "PIMS", (-400, "not-renewed"), "agreement-PIMS")
    }

    private mutating func addAgreement(
        _ organisation: String, _ name: String, _ term: (expires: Int, renewal: String), _ key: String
    ) {
        var dice = dice(key)
        // At most six years, as agreements are made.
        let signed = term.expires - dice.within(1_500...2_190)
        var record = DemoRecord(key, .agreement, by: sector.name, on: -350)
        record.set("org", organisation)
        record.set("resolution", "\(dice.within(36...42)) C/D.\(dice.within(1...60)) \(name)")
        record.set("term.signed", date(signed))
        record.set("term.in_force", date(signed + dice.within(0...90)))
        record.set("term.expires", date(term.expires))
        if term.expires > 0 { record.set("evaluation_due", date(term.expires - 180)) }
        record.walk("renewal", Workflow.renewal.way(to: term.renewal), until: -30, by: { _ in sector.name })
        add(record)
    }

    mutating func composeObjectives() {
        let states = ["IRIA-2": "proposed", "CAJSI-2": "met", "PAR-6": "dropped"]
        for (index, topic) in ["media", "information", "documentary-heritage", "digital"].enumerated() {
            addObjective("PAR-\(index + 1)", sector, topic, index, "agreed", contributesTo: nil)
        }
        addObjective("PAR-5", sector, "multilingualism", 4, "agreed", contributesTo: nil)
        addObjective("PAR-6", sector, "open-science", 5, "dropped", contributesTo: nil)
        for institute in institutes {
            for number in 1...2 {
                let code = "\(institute.name)-\(number)"
                var dice = dice("objective-\(code)")
                let drawn = dice.below(20)
                let state = drawn == 0 ? "proposed" : drawn == 1 ? "met" : "agreed"
                let isStory = Member.institutes.contains { $0.name == institute.name }
                let topic = institute.topics[(number - 1) % institute.topics.count]
                let wide = Topic.all.first { $0.notation == topic }?.broader.first ?? topic
                let above = Member.sector.topics.firstIndex(of: wide) ?? 0
                addObjective(
                    code, institute, topic, dice.below(6), states[code] ?? (isStory ? "agreed" : state),
                    contributesTo: "objective-PAR-\(above + 1)")
            }
        }
    }

    private mutating func addObjective(
        _ code: String, _ owner: Member, _ topic: String, _ aim: Int, _ state: String, contributesTo above: String?
    ) {
        let key = "objective-\(code)"
        var dice = dice(key)
        var record = DemoRecord(key, .objective, by: owner.name, on: -352)
        record.set("owner", owner.organisation)
        record.set("code", code)
        let spoken = owner.name == sector.name ? Texts.languages : languages(owner)
        record.say("title", spoken) { text("objective.title", aim, $0, topic: topic) }
        record.say("description", spoken) { text("objective.description", aim % 2, $0) }
        record.set("period.from", "\(year(-300))-01-01")
        record.set("period.to", "\(year(700))-12-31")
        record.add("themes", [topic])
        record.add("countries", owner.serves)
        record.set("contributes_to", above)
        record.set("indicator", text("objective.indicator", aim % 3, tongue(owner)))
        record.set("target", String(dice.within(2...60) * 20))
        record.walk(
            "state", Workflow.objective.way(to: state), until: -20,
            by: { $0 == "agreed" ? sector.name : owner.name })
        add(record)
        objectives.append(Item(key: key, member: owner, topics: [topic]))
    }
}

/// An organisation that does not write into the network.
struct OtherOrganisation {
    let short: String
    let type: String
    let country: String
    let names: [(language: String, text: String)]
    let status: String?

    init(_ short: String, _ type: String, _ country: String, _ names: [(String, String)], status: String? = nil) {
        self.short = short
        self.type = type
        self.country = country
        self.names = names
        self.status = status
    }

    static let all = [
        OtherOrganisation("LANTERN", "donor", "NL", [("en", "Lantern Fund")]),
        OtherOrganisation(
            "PASSERELLE", "donor", "BE", [("fr", "Fondation Passerelle"), ("en", "Passerelle Foundation")]),
        OtherOrganisation("QIMING", "donor", "CN", [("zh", "启明知识基金会"), ("en", "Qiming Knowledge Foundation")]),
        OtherOrganisation(
            "LICA", "c2", "LB",
            [("ar", "معهد الشرق للأرشيف الثقافي"), ("en", "Eastern Institute of Cultural Archives")],
            status: "proposed"),
        OtherOrganisation("BCDL", "c2", "GH", [("en", "Bight Centre for Digital Libraries")], status: "lapsed"),
        OtherOrganisation("PIMS", "c2", "FJ", [("en", "Pacific Institute of Media Studies")], status: "withdrawn"),
        OtherOrganisation("FO-NBO", "field-office", "KE", [("en", "Field office Nairobi")]),
        OtherOrganisation(
            "NC-SN", "natcom", "SN", [("fr", "Commission nationale, Dakar"), ("en", "National commission, Dakar")]),
        OtherOrganisation(
            "FOROMEDIOS", "partner", "EC", [("es", "Foro Abierto de Medios"), ("en", "Open Media Forum")]),
        OtherOrganisation("STEPPE", "partner", "KZ", [("ru", "Фонд «Открытая степь»"), ("en", "Open Steppe Trust")]),
        OtherOrganisation("LAGUNE", "media", "BJ", [("fr", "Radio Lagune")]),
        OtherOrganisation("OASIS", "media", "EG", [("ar", "صوت الواحة"), ("en", "Voice of the Oasis")]),
    ]

    /// A donor beyond those of the story.
    static func donor(_ number: Int) -> OtherOrganisation {
        let first = ["Harbour", "Meridian", "Juniper", "Compass", "Willow", "Cedar", "Saffron", "Amber", "Delta"]
        let last = ["Fund", "Foundation", "Trust", "Initiative", "Programme"]
        let countries = ["NO", "SE", "CH", "CA", "JP", "AU", "DE", "IE"]
        let name = "\(first[number % first.count]) \(last[number / first.count % last.count])"
        let round = number / (first.count * last.count)
        return OtherOrganisation(
            "DONOR-\(number + 1)", "donor", countries[number % countries.count],
            [("en", round == 0 ? name : "\(name) \(round + 1)")])
    }
}
