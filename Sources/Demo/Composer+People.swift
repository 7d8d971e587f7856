import Bytes
import Records

/// The address books, and what is noted about people.
extension Composer {
    mutating func composeContacts() {
        var index = 0
        for advisor in Advisor.all where index < census["contact"] {
            addAdvisor(advisor, index)
            index += 1
        }
        // The head and the representative of each office.
        for role in 0..<2 {
            for member in [sector] + institutes where index < census["contact"] {
                // Who publishes what the network contributes.
                let told =
                    role == 1 && member.name == sector.name
                    ? PersonName(
                        family: "Roux", given: "Pauline", latinFamily: "Roux", latinGiven: "Pauline", language: "fr")
                    : nil
                addContact(index, member.organisation, keeper: member, job: told == nil ? role : 7, isStaff: true, told)
                index += 1
            }
        }
        for donor in donors where index < census["contact"] {
            addContact(index, donor.key, keeper: sector, job: 4, isStaff: true)
            index += 1
        }
        let keepers = [sector] + institutes
        while index < census["contact"] {
            let keeper = keepers[index % keepers.count]
            var dice = dice("contact-\(index)/place")
            // Some work for the office, some elsewhere, and a few work nowhere that is known here.
            switch dice.below(10) {
            case 0...2: addContact(index, keeper.organisation, keeper: keeper, job: dice.within(2...7), isStaff: true)
            case 3: addContact(index, dice.pick(others).key, keeper: keeper, job: dice.within(1...7), isStaff: true)
            default: addContact(index, nil, keeper: keeper, job: dice.within(1...7), isStaff: false)
            }
            index += 1
        }
        for member in [sector] + institutes {
            let points = staff(member.organisation).prefix(2).map { Assignment(field: "focal_points", text: $0.key) }
            amend(member.organisation, points, by: member.name)
        }
    }

    private mutating func addAdvisor(_ advisor: Advisor, _ index: Int) {
        let key = "contact-\(index)"
        var dice = dice(key)
        var record = DemoRecord(key, .contact, by: sector.name, on: -358)
        setName(&record, advisor.person)
        let address = "\(advisor.person.address)@advisors.example.org"
        record.add("emails", [address])
        record.set("primary_email", address)
        record.add("phones", [phone(advisor.place.country, index)])
        record.add("languages", advisor.languages)
        record.set("country", advisor.place.country)
        record.add("expertise", advisor.topics)
        record.add("affiliations", [affiliation(sector, text("contact.advisor", 0, "en"), from: -700 - index * 30)])
        let tongue = Texts.languages.contains(advisor.languages[0]) ? advisor.languages[0] : "en"
        record.set("availability", text("contact.availability", index, tongue))
        setConsent(&record, "contract", tongue, &dice)
        record.set("review_by", date(dice.within(20...700)))
        record.set("uid", "urn:uuid:\(uuid(&dice))")
        record.set("org", sector.organisation)
        record.add("tags", ["advisor"])
        add(
            record,
            Person(
                key: key, organisation: sector.organisation, keeper: sector, language: tongue, isStaff: false,
                isAdvisor: true, topics: advisor.topics))
    }

    private mutating func addContact(
        _ index: Int, _ organisation: String?, keeper: Member, job: Int, isStaff: Bool, _ told: PersonName? = nil
    ) {
        let key = "contact-\(index)"
        var dice = dice(key)
        let tongue = tongue(keeper)
        // Of those from outside, one in twenty is in the address book already, as somebody else wrote them down.
        outsideCount += isStaff ? 0 : 1
        let known = !isStaff && outsideCount % 20 == 12 ? lastOutside : nil
        let name = known?.name ?? told ?? person(keeper, &dice)
        var record = DemoRecord(key, .contact, by: keeper.name, on: isStaff ? -356 : -dice.within(5...350))
        let isNear = organisation == keeper.organisation
        let address = "\(name.address)\(index)@\(isNear ? keeper.domain : "example.org")"
        if let known {
            record.set("display", "\(name.latinGiven) \(name.latinFamily)")
            record.set("name.family", name.latinFamily)
            record.add("emails", [known.address.prefix(1).uppercased() + known.address.dropFirst()])
        } else {
            setName(&record, name)
            record.add("emails", [address])
            if dice.chance(70) { record.set("primary_email", address) }
            record.set("uid", "urn:uuid:\(uuid(&dice))")
            if !isStaff { lastOutside = (name, address) }
        }
        if dice.chance(15) { record.set("honorific", dice.pick(["Dr", "Prof."])) }
        if dice.chance(70) { record.add("phones", [phone(keeper.country, index)]) }
        record.add("languages", spoken(keeper, name, &dice))
        record.set("country", dice.chance(80) || isNear ? keeper.country : dice.pick(keeper.serves + [keeper.country]))
        let topics = dice.pick(dice.within(1...3), of: dice.chance(60) ? keeper.topics : Topic.narrow)
        record.add("expertise", topics)
        if isNear { record.add("affiliations", [affiliation(keeper, text("contact.job", job, tongue), from: -400)]) }
        if dice.chance(12) { record.set("orcid", orcid(index)) }
        if dice.chance(25) { record.set("availability", text("contact.availability", dice.below(4), tongue)) }
        setConsent(&record, consent(&dice), tongue, &dice)
        record.set("review_by", date(dice.within(-20...700)))
        record.set("org", organisation)
        // Beyond the story other people advise too.
        let advises = index >= Census.story && !isStaff && index % 25 == 0
        if advises { record.add("tags", ["advisor"]) }
        add(
            record,
            Person(
                key: key, organisation: organisation, keeper: keeper, language: tongue, isStaff: isStaff,
                isAdvisor: advises, topics: topics))
    }

    private func person(_ keeper: Member, _ dice: inout Dice) -> PersonName {
        let local = keeper.languages.filter { ["lo", "vi", "sl"].contains($0) }
        let language = local.isEmpty || dice.chance(25) ? keeper.language : dice.pick(local)
        return PersonName(language, dice.below(1_000), dice.below(1_000))
    }

    private func setName(_ record: inout DemoRecord, _ name: PersonName) {
        record.set("name.family", name.family)
        record.set("name.given", name.given)
        if name.language == "lo" {
            // Lao names are written in Latin letters abroad, and in their own script at home.
            record.set("native_name.lo", name.display)
            record.set("display", "\(name.latinGiven) \(name.latinFamily)")
        } else {
            record.set("display", name.display)
            if ["ar", "ru", "zh"].contains(name.language) { record.set("native_name.\(name.language)", name.display) }
        }
    }

    private func spoken(_ keeper: Member, _ name: PersonName, _ dice: inout Dice) -> [String] {
        var languages = [name.language]
        for language in keeper.languages where !languages.contains(language) && dice.chance(70) {
            languages.append(language)
        }
        return languages
    }

    private func consent(_ dice: inout Dice) -> String {
        switch dice.below(100) {
        case 0..<58: "consent"
        case 58..<72: "legitimate-interest"
        case 72..<80: "public-figure"
        case 80..<88: "contract"
        default: "unknown"
        }
    }

    private func setConsent(_ record: inout DemoRecord, _ basis: String, _ language: String, _ dice: inout Dice) {
        record.set("consent.basis", basis)
        guard basis != "unknown" else { return }
        record.set("consent.date", date(-dice.within(5...900)))
        if basis == "consent" { record.set("consent.scope", text("consent.scope", dice.below(3), language)) }
    }

    private func affiliation(_ member: Member, _ job: String, from day: Int) -> String {
        let name = member.names.first?.text ?? member.name
        return JSONWriter.text(
            .pairs(["organisation": .string(name), "title": .string(job), "from": .string(date(day))]))
    }

    /// A number that nobody has.
    private func phone(_ country: String, _ index: Int) -> String {
        let digits = String(index % 10_000)
        return "\(Place.dialling(country)) 000 \(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)"
    }

    private func uuid(_ dice: inout Dice) -> String {
        [8, 4, 4, 4, 12].map { dice.digits($0) }.joined(separator: "-")
    }

    /// An identifier with a right check digit, below those that are given to people.
    private func orcid(_ index: Int) -> String {
        let digits = Array(("000000000000000" + String(index + 1)).suffix(15))
        let sum = digits.reduce(0) { ($0 + ($1.wholeNumberValue ?? 0)) * 2 % 11 }
        let check = (12 - sum) % 11
        let all = digits + [check == 10 ? "X" : Character(String(check))]
        return stride(from: 0, to: 16, by: 4).map { String(all[$0..<$0 + 4]) }.joined(separator: "-")
    }

    // MARK: Notes, engagements and introductions

    mutating func composeNotes() {
        let outside = people.filter { !$0.isAdvisor }
        for index in 0..<census["contact_note"] {
            let key = "contact_note-\(index)"
            var dice = dice(key)
            let person = outside[(index * 7 + 3) % outside.count]
            var record = DemoRecord(key, .contactNote, by: person.keeper.name, on: -dice.within(1...300))
            record.set("contact", person.key)
            record.set("text", text("contact.note", index, tongue(person.keeper)))
            add(record)
        }
    }

    /// Who advises whom in the story: the place of the advisor, the objective, and how far it has come.
    private static let story: [(advisor: Int, objective: String, state: String)] = [
        (7, "CCMS-1", "active"), (2, "MDHI-1", "active"), (1, "GKAC-1", "active"), (3, "CAJSI-1", "active"),
        (5, "IRIA-1", "active"), (0, "CCMS-2", "accepted"), (6, "ACAL-1", "completed"), (4, "MDHI-2", "proposed"),
        (8, "GKAC-2", "declined"), (9, "CCMS-1", "completed"),
    ]

    mutating func composeEngagements() {
        let advisors = people.filter(\.isAdvisor)
        let owned = objectives.all.filter { $0.member.name != sector.name }
        for index in 0..<census["engagement"] {
            let key = "engagement-\(index)"
            var dice = dice(key)
            var (person, objective, state) = (
                dice.pick(advisors), dice.pick(owned),
                dice.pick(["active", "active", "active", "active", "completed", "accepted", "proposed", "declined"])
            )
            if index < Composer.story.count {
                let told = Composer.story[index]
                person = advisors[told.advisor]
                objective = owned.first { $0.key == "objective-\(told.objective)" } ?? objective
                state = told.state
            }
            addEngagement(key, person, objective, state, &dice)
        }
    }

    private mutating func addEngagement(
        _ key: String, _ person: Person, _ objective: Item, _ state: String, _ dice: inout Dice
    ) {
        let institute = objective.member
        let isOver = state == "completed"
        let start = isOver ? -dice.within(200...320) : -dice.within(20...180)
        let end = isOver ? start + dice.within(60...150) : dice.within(15...260)
        var record = DemoRecord(key, .engagement, by: sector.name, on: start - 25)
        record.set("advisor", person.key)
        record.set("institute", institute.organisation)
        record.set("objectives", objective.key)
        record.set("proposed_by", sector.organisation)
        record.set("period.from", date(start))
        record.set("period.to", date(end))
        record.set("days", state == "proposed" ? nil : String(dice.within(3...15)))
        record.set("terms", text("engagement.terms", dice.below(3), tongue(institute)))
        let outcome = dice.below(3)
        let count = String(dice.within(2...40) * 50)
        record.walk(
            "state", Workflow.engagement.way(to: state), until: min(end, -2),
            by: { $0 == "accepted" || $0 == "declined" ? institute.name : sector.name },
            also: { to in
                guard to == "completed" else { return [] }
                let words = ["number": count]
                return [
                    Assignment(field: "outcome", text: text("engagement.outcome", outcome, tongue(institute), words))
                ]
            })
        add(record)
    }

    mutating func composeIntroductions() {
        let states = Workflow.introduction.codes
        let owners = staff(sector.organisation)
        let outside = people.filter { !$0.isStaff && !$0.isAdvisor }
        for index in 0..<census["introduction"] {
            let key = "introduction-\(index)"
            var dice = dice(key)
            let state = index < 10 ? states[index % states.count] : dice.pick(states)
            var keeper = institutes[index % institutes.count]
            var subject = others[index % others.count].key
            if index % 4 != 3, !outside.isEmpty {
                let person = outside[(index * 3 + 1) % outside.count]
                subject = person.key
                if person.keeper.name != sector.name { keeper = person.keeper }
            }
            let written = -dice.within(10...280)
            var record = DemoRecord(key, .introduction, by: keeper.name, on: written)
            record.set("subject", subject)
            record.set("proposed_by", keeper.organisation)
            let help = objectives.of(keeper) + objectives.of(sector)
            record.add("can_help", dice.pick(2, of: help).map(\.key))
            record.add("regions", dice.pick(2, of: keeper.serves.isEmpty ? [keeper.country] : keeper.serves))
            record.set("how_known", dice.pick(["worked-with", "met", "heard-of"]))
            record.set("rationale", text("introduction.rationale", dice.below(4), tongue(keeper)))
            let isOpen = state == "suggested" || state == "reviewed"
            record.set("consent", isOpen ? dice.pick(["asked", "public-figure"]) : "given")
            if state != "suggested", state != "declined" {
                record.set("owner", owners.isEmpty ? nil : dice.pick(owners).key)
                record.set("next_step", date(dice.within(-25...60)))
            }
            record.walk("state", Workflow.introduction.way(to: state), until: -3, by: { _ in sector.name })
            add(record)
        }
    }
}
