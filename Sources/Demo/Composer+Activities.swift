import Records

/// What institutes do, and how they stay in contact.
extension Composer {
    private static let activityTypes = ["training", "research", "policy", "publication", "event", "project"]

    mutating func composeActivities() {
        let states = Workflow.activity.codes
        for index in 0..<census["activity"] {
            let key = "activity-\(index)"
            var dice = dice(key)
            let owner = author(index, sectorEach: 9)
            let state =
                index < states.count
                ? states[index]
                : dice.pick(["completed", "completed", "ongoing", "ongoing", "planned", "planned", "idea", "cancelled"])
            addActivity(key, index, owner, state, &dice)
        }
    }

    /// The first and last day of an activity in a state.
    private func period(_ state: String, _ dice: inout Dice) -> (start: Int, end: Int) {
        switch state {
        case "completed":
            let start = -dice.within(60...330)
            return (start, min(start + dice.within(2...50), -3))
        case "ongoing": return (-dice.within(5...60), dice.within(10...150))
        case "cancelled":
            let start = -dice.within(-60...200)
            return (start, start + dice.within(2...30))
        default:
            let start = dice.within(10...300)
            return (start, start + dice.within(2...60))
        }
    }

    private mutating func addActivity(
        _ key: String, _ index: Int, _ owner: Member, _ state: String, _ dice: inout Dice
    ) {
        let type = Composer.activityTypes[index % Composer.activityTypes.count]
        let topic = dice.pick(owner.topics)
        let (start, end) = period(state, &dice)
        var record = DemoRecord(key, .activity, by: owner.name, on: min(start - dice.within(20...60), -2))
        record.set("org", owner.organisation)
        let partners = institutes.count > 1 ? dice.pick(dice.below(3), of: partnersNear(index)) : []
        record.add("partners", partners.map(\.organisation).filter { $0 != owner.organisation })
        let (title, summary) = (dice.below(2), dice.below(3))
        record.say("title", languages(owner)) { text("activity.\(type)", title, $0, topic: topic, of: owner) }
        record.say("summary", languages(owner)) { text("activity.summary", summary, $0, of: owner) }
        record.set("type", type)
        let own = objectives.of(owner)
        record.add("objectives", own.isEmpty ? [] : [dice.pick(own).key])
        record.add("themes", [topic])
        record.add("countries", dice.pick(dice.within(1...3), of: [owner.country] + owner.serves).unique)
        record.set("planned.start", date(start))
        record.set("planned.end", date(end))
        let budget = dice.within(4...90) * 500
        if dice.chance(70) {
            record.set("budget.value", "\(budget).00")
            record.set("budget.currency", "EUR")
        }
        record.set("iati_id", "XM-DEMO-\(owner.name)-\(index)")
        let facts = outcome(state, start, end, budget, owner, &dice)
        record.walk(
            "state", Workflow.activity.way(to: state), until: min(max(end, start), -2), by: { _ in owner.name },
            also: { $0 == "completed" ? facts : [] })
        add(record)
        activities.append(Item(key: key, member: owner, topics: [topic]))
    }

    /// What is written down when an activity is over.
    private func outcome(
        _ state: String, _ start: Int, _ end: Int, _ budget: Int, _ owner: Member, _ dice: inout Dice
    ) -> [Assignment] {
        guard state == "completed" else { return [] }
        let (women, men, unsaid) = (dice.within(5...120), dice.within(5...120), dice.below(12))
        let people = String(women + men + unsaid)
        let variant = dice.below(2)
        var facts = [
            Assignment(field: "actual", key: "start", text: date(start)),
            Assignment(field: "actual", key: "end", text: date(end)),
            Assignment(field: "spent", key: "value", text: "\(budget * dice.within(70...105) / 100).00"),
            Assignment(field: "spent", key: "currency", text: "EUR"),
            Assignment(field: "reached_women", text: String(women)),
            Assignment(field: "reached_men", text: String(men)),
            Assignment(field: "reached_undisclosed", text: String(unsaid)),
        ]
        for language in languages(owner) {
            let results = text("activity.results", variant, language, ["number": people])
            facts.append(Assignment(field: "results", key: language, text: results))
        }
        return facts
    }

    /// A few institutes, others for each number.
    func partnersNear(_ index: Int) -> [Member] {
        (0..<min(5, institutes.count)).map { institutes[(index + 1 + $0) % institutes.count] }
    }

    // MARK: Interactions

    mutating func composeInteractions() {
        let channels = ["call", "video", "mail", "visit", "message", "workshop", "mission"]
        let sectorStaff = staff(sector.organisation).prefix(4)
        for index in 0..<census["interaction"] {
            let key = "interaction-\(index)"
            var dice = dice(key)
            let institute = institutes[index % institutes.count]
            // Every other one is written down by the institute, and some by an advisor.
            let writer = index % 5 == 4 ? dice.pick(writers) : index % 2 == 0 ? institute : sector
            let day = -(dice.within(1...19) * dice.within(1...19))
            addInteraction(
                key, index, institute, writer, sign(day, of: institute), dice.pick(channels),
                Array(staff(institute.organisation).prefix(5)) + sectorStaff, &dice)
        }
    }

    private mutating func addInteraction(
        _ key: String, _ index: Int, _ institute: Member, _ writer: Member, _ day: Int, _ channel: String,
        _ team: [Person], _ dice: inout Dice
    ) {
        let tongue = tongue(writer)
        let topic = dice.pick(institute.topics)
        var record = DemoRecord(key, .interaction, by: writer.name, on: day + dice.below(3))
        record.set("when", instant(day, dice.within(6...17)))
        record.set("channel", channel)
        record.set("formality", dice.chance(35) ? "formal" : "informal")
        var organisations = [institute.organisation, sector.organisation]
        if index < others.count || dice.chance(6) { organisations.append(others[index % others.count].key) }
        record.add("orgs", organisations)
        record.add("people", team.isEmpty ? [] : dice.pick(dice.within(1...2), of: Array(team.prefix(8))).map(\.key))
        record.set("subject", text("interaction.subject", dice.below(8), tongue, topic: topic))
        if dice.chance(50) { record.set("note", text("interaction.note", dice.below(4), tongue)) }
        if dice.chance(22) {
            record.set("follow_up.on", date(day + dice.within(7...90)))
            record.set("follow_up.owner", dice.chance(50) ? institute.organisation : sector.organisation)
        }
        if dice.chance(30) { record.set("objective", "objective-\(institute.name)-\(dice.within(1...2))") }
        add(record)
    }

    // MARK: Comments

    mutating func composeComments() {
        let targets = activities.all + opportunities + contributions.all + bids + agendaItems
        var last: (key: String, target: String)?
        for index in 0..<census["comment"] {
            let key = "comment-\(index)"
            var dice = dice(key)
            let writer = dice.chance(15) ? dice.pick(writers) : author(index, sectorEach: 4)
            // What a silent member commented was there before it fell silent.
            var target = dice.pick(targets).key
            var turns = 0
            while turns < 50, (day(of: target) ?? 0) > sign(-1, of: writer) {
                target = dice.pick(targets).key
                turns += 1
            }
            let reply = index % 6 == 5 ? last : nil
            if let reply, (day(of: reply.key) ?? 0) <= sign(-1, of: writer) { target = reply.target }
            guard (day(of: target) ?? 0) <= sign(-1, of: writer) else {
                addComment(key, on: target, by: sector, after: -1, replyTo: nil, &dice)
                continue
            }
            let answered = reply.flatMap { $0.target == target ? $0.key : nil }
            let earliest = max(day(of: target) ?? 0, answered.flatMap { day(of: $0) } ?? -365)
            addComment(key, on: target, by: writer, after: earliest, replyTo: answered, &dice)
            last = (key, target)
        }
    }

    private mutating func addComment(
        _ key: String, on target: String, by writer: Member, after: Int, replyTo: String?, _ dice: inout Dice
    ) {
        let latest = sign(-1, of: writer)
        var record = DemoRecord(
            key, .comment, by: writer.name, on: after >= latest ? latest : dice.within(after...latest))
        record.set("on", target)
        record.set("text", text("comment.text", dice.below(8), tongue(writer)))
        record.set("reply_to", replyTo)
        if dice.chance(25) { record.add("mentions", [dice.pick(Array(people.prefix(24))).key]) }
        add(record)
    }
}

extension [String] {
    /// Each once, in the order in which they first stand here.
    var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
