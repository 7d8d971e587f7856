import Records

/// The online space, and what is relayed of it.
extension Composer {
    mutating func composePhotos() {
        let states = Workflow.clearance.codes
        for index in 0..<census["photo"] {
            let key = "photo-\(index)"
            var dice = dice(key)
            let owner = author(index, sectorEach: 5)
            let topic = dice.pick(owner.topics)
            let taken = -dice.within(10...340)
            var record = DemoRecord(key, .photo, by: owner.name, on: taken + dice.below(8))
            let (caption, alt) = (dice.below(4), dice.below(3))
            record.say("caption", languages(owner)) { text("photo.caption", caption, $0, topic: topic, of: owner) }
            record.set("taken", date(taken))
            record.set("place", owner.place.name)
            // Without it a photo waits at the gate.
            if dice.chance(80) { record.say("alt", languages(owner)) { text("photo.alt", alt, $0) } }
            setLicence(&record, owner, &dice)
            let people = dice.pick(["none", "not-identifiable", "identifiable", "identifiable", "minors"])
            record.set("people", people)
            if people == "identifiable" || people == "minors" {
                record.add(
                    "consent_scope", dice.pick(dice.within(1...3), of: ["web", "newsletter", "print", "social"]))
                record.set("consent_until", date(dice.within(-15...600)))
            }
            let state = index < 6 ? states[index % 3] : dice.pick(["cleared", "cleared", "cleared", "pending"])
            let way = state == "withdrawn" ? ["pending", "cleared", "withdrawn"] : Workflow.clearance.way(to: state)
            record.walk("state", way, until: -2, by: { _ in owner.name })
            add(record)
            photos.append(Item(key: key, member: owner, topics: [topic]))
        }
    }

    private func setLicence(_ record: inout DemoRecord, _ owner: Member, _ dice: inout Dice) {
        record.set("licence.id", dice.pick(["CC-BY-4.0", "CC-BY-4.0", "CC-BY-SA-4.0", "all-rights-reserved"]))
        let name = owner.names.first?.text ?? sector.name
        record.set("licence.credit", name)
        record.set("licence.holder", name)
    }

    /// Who contributes: of those that the Sector asks to relay it is the Sector itself.
    private func contributor(_ index: Int, _ dice: inout Dice) -> Member {
        if index < census["publicity_request"] { return sector }
        return index % 8 == 7 ? dice.pick(writers) : author(index, sectorEach: 12)
    }

    mutating func composeContributions() {
        let types = ["news", "report", "newsletter", "photo-story", "event", "publication"]
        let states = Workflow.publication.codes
        for index in 0..<census["contribution"] {
            let key = "contribution-\(index)"
            var dice = dice(key)
            let owner = contributor(index, &dice)
            let relayed = census["publicity_request"]
            var state = dice.pick(
                ["published", "published", "published", "published", "submitted", "draft", "approved", "withdrawn"])
            if index < relayed { state = "published" } else if index < relayed + 6 { state = states[index - relayed] }
            let day = index < relayed ? -310 + index * 45 % 290 : -dice.within(4...330)
            addContribution(key, index, owner, types[index % types.count], state, sign(day, of: owner), &dice)
        }
    }

    private mutating func addContribution(
        _ key: String, _ index: Int, _ owner: Member, _ type: String, _ state: String, _ day: Int, _ dice: inout Dice
    ) {
        let topic = dice.pick(owner.topics)
        let spoken = languages(owner)
        var record = DemoRecord(key, .contribution, by: owner.name, on: day - dice.within(1...6))
        record.set("org", owner.organisation)
        record.set("type", type)
        let (title, summary, body) = (dice.below(2), dice.below(2), dice.below(2))
        record.say("title", spoken) {
            text("contribution.\(type)", title, $0, topic: topic, of: owner, ["year": year(day)])
        }
        record.say("summary", spoken) { text("contribution.summary", summary, $0) }
        record.say("body", spoken) { text("contribution.body", body, $0) }
        if spoken.count > 1 { record.set("translation.en", dice.chance(70) ? "human" : "machine-unreviewed") }
        record.set("date", date(day))
        record.set("place", owner.place.name)
        record.add("countries", [owner.country])
        record.add("themes", [topic])
        let own = activities.of(owner)
        if !own.isEmpty, dice.chance(60) { record.set("activity", dice.pick(own).key) }
        let pictures = photos.of(owner)
        if !pictures.isEmpty, type == "photo-story" || dice.chance(40) {
            let shown = dice.pick(type == "photo-story" ? 3 : 1, of: Array(pictures.prefix(40)))
            record.set("lead", shown[0].key)
            record.add("media", shown.map(\.key))
        }
        record.set("source_url", "https://\(owner.domain)/\(type)/\(index)")
        record.set("slug", "\(owner.name.lowercased())-\(topic)-\(index)")
        setLicence(&record, owner, &dice)
        if state == "approved" { record.set("embargo_until", instant(dice.within(2...25), 8)) }
        let way =
            state == "withdrawn"
            ? ["draft", "submitted", "approved", "published", "withdrawn"] : Workflow.publication.way(to: state)
        let last = sign(min(day + dice.within(2...12), -1), of: owner)
        record.walk(
            "state", way, until: last,
            by: { $0 == "submitted" || $0 == "withdrawn" ? owner.name : sector.name })
        add(record)
        contributions.append(Item(key: key, member: owner, topics: [topic]))
    }

    mutating func composeIssues() {
        let states = Workflow.issue.codes
        for index in 0..<census["issue"] {
            let key = "issue-\(index)"
            var dice = dice(key)
            let owner = index % 7 == 6 ? sector : institutes[index % institutes.count]
            let state = index < 4 ? states[index] : dice.pick(["sent", "sent", "sent", "approved", "draft"])
            let day = state == "sent" ? -dice.within(20...340) : dice.within(-10...30)
            var record = DemoRecord(key, .issue, by: owner.name, on: sign(day - 15, of: owner))
            record.set("org", owner.organisation)
            record.set("number", "\(year(day))/\(index / institutes.count + 1)")
            record.set("date", date(day))
            record.set("lang", tongue(owner))
            let own = contributions.of(owner)
            record.add("items", dice.pick(3, of: Array(own.prefix(60))).map(\.key))
            record.set("intro", text("issue.intro", dice.below(2), tongue(owner)))
            let way = state == "withdrawn" ? ["draft", "withdrawn"] : Workflow.issue.way(to: state)
            record.walk("state", way, until: min(day, -1), by: { _ in owner.name })
            add(record)
        }
    }

    mutating func composeSubscriptions() {
        for index in 0..<census["subscription"] {
            let key = "subscription-\(index)"
            var dice = dice(key)
            let owner = index % 7 == 6 ? sector : institutes[index % institutes.count]
            let day = -dice.within(1...360)
            var record = DemoRecord(key, .subscription, by: owner.name, on: day)
            record.set("address", "reader\(index)@example.org")
            record.set("lang", tongue(owner))
            record.set("list", "\(owner.name.lowercased())-news")
            record.set(
                "status.status",
                index < 3
                    ? ["pending", "confirmed", "unsubscribed"][index]
                    : dice.pick(["confirmed", "confirmed", "confirmed", "pending", "unsubscribed"]))
            record.set("status.at", date(day))
            add(record)
        }
    }

    // MARK: Relaying

    /// When the story's requests begin and end; the second is the one that one institute has not answered.
    private static let requestDays = [(-200, -140), (-30, 20), (-120, -60), (-300, -200), (-10, 40), (-3, 60)]

    mutating func composeRequests() {
        for index in 0..<census["publicity_request"] {
            let key = "publicity_request-\(index)"
            var dice = dice(key)
            let drawn = -dice.within(-1...300)
            let (from, until) =
                index < Composer.requestDays.count
                ? Composer.requestDays[index] : (drawn, drawn + dice.within(30...90))
            var record = DemoRecord(key, .publicityRequest, by: sector.name, on: from - 2)
            record.set("item", contributions.all[index].key)
            if index % 3 == 2 {
                record.add("targets", dice.pick(4, of: Array(institutes.prefix(40))).map(\.organisation))
            } else {
                record.set("to_all", "true")
            }
            record.set("period.from", date(from))
            record.set("period.until", date(until))
            record.say("suggested", Texts.languages) { text("publicity.suggested", index % 3, $0) }
            let own = photos.of(sector)
            record.add("assets", own.isEmpty ? [] : [dice.pick(own).key])
            add(record)
            requests.append((key, from, until))
        }
    }

    mutating func composePickups() {
        let wanted = census["pickup"]
        var made = 0
        // Of the story's open request four institutes have relayed the item, one has declined, and one says nothing.
        for name in ["CCMS", "GKAC", "MDHI", "ACAL", "CAJSI"] where requests.count > 1 {
            addPickup(1, member(name), declines: name == "CAJSI")
            made += 1
        }
        for turn in 0..<requests.count * institutes.count where made < wanted {
            let (request, round) = (turn % requests.count, turn / requests.count)
            let institute = institutes[(round + request) % institutes.count]
            guard request != 1, requests[request].from < sign(-1, of: institute) else { continue }
            var dice = dice("pickup-\(request)-\(institute.name)/answer")
            addPickup(request, institute, declines: dice.chance(12))
            made += 1
        }
    }

    private mutating func addPickup(_ request: Int, _ institute: Member, declines: Bool) {
        let key = "pickup-\(request)-\(institute.name)"
        var dice = dice(key)
        let (name, from, until) = requests[request]
        let day = sign(min(from + dice.within(1...25), until), of: institute)
        var record = DemoRecord(key, .pickup, by: institute.name, on: day)
        record.set("request", name)
        record.set("org", institute.organisation)
        if declines {
            record.set("declined_reason", text("pickup.declined", dice.below(2), tongue(institute)))
        } else {
            record.add(
                "channel",
                dice.pick(
                    dice.within(1...2), of: ["newsletter", "website", "social", "mailing", "print", "broadcast"]))
            record.set("url", "https://\(institute.domain)/news/\(dice.within(100...999))")
            record.set("reach", String(dice.within(1...90) * 40))
        }
        record.set("date", date(day))
        add(record)
    }
}
