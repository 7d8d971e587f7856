import Records

/// The annual review meeting, and others.
extension Composer {
    /// What happens with a meeting of the story.
    private struct Plan {
        let day: Int
        let states: [String]
        let mode: String
    }

    private static let plans = [
        Plan(day: -330, states: ["closed"], mode: "hybrid"),
        Plan(day: 35, states: ["planned", "convened"], mode: "hybrid"),
        Plan(day: 95, states: ["planned"], mode: "online"),
        Plan(day: -20, states: ["planned", "convened", "held"], mode: "online"),
        Plan(day: -62, states: ["planned", "convened", "held", "minuted"], mode: "in-person"),
        Plan(day: -40, states: ["planned", "convened", "cancelled"], mode: "in-person"),
        Plan(day: 12, states: ["planned", "convened"], mode: "online"),
    ]

    mutating func composeMeetings() {
        for index in 0..<census["meeting"] {
            let key = "meeting-\(index)"
            var dice = dice(key)
            let drawn = -dice.within(-120...320)
            let isOver = drawn < -1
            let plan =
                index < Composer.plans.count
                ? Composer.plans[index]
                : Plan(
                    day: drawn,
                    states: isOver ? ["planned", "convened", "held", "minuted", "closed"] : ["planned", "convened"],
                    mode: dice.pick(["online", "in-person", "hybrid"]))
            addMeeting(key, index, plan, &dice)
        }
    }

    private mutating func addMeeting(_ key: String, _ index: Int, _ plan: Plan, _ dice: inout Dice) {
        let isReview = index < 2
        let host = isReview ? sector : institutes[index % institutes.count]
        let topic = dice.pick(host.topics)
        var record = DemoRecord(key, .meeting, by: sector.name, on: min(plan.day - 120, -10))
        record.set("type", isReview ? "annual-review" : "other")
        if isReview {
            record.set("edition", year(plan.day))
            record.say("title", Texts.languages) { text("meeting.review", 0, $0, ["year": year(plan.day)]) }
        } else {
            let variant = dice.below(3)
            record.say("title", Texts.languages) { text("meeting.other", variant, $0, topic: topic) }
        }
        record.set("period.start", instant(plan.day, 8))
        record.set("period.end", instant(plan.day + (isReview ? 2 : 0), 16))
        record.set("period.zone", host.zone)
        if plan.mode != "online" { record.set("place", host.place.name) }
        record.set("mode", plan.mode)
        if plan.mode != "in-person" { record.set("link", "https://meet.example.org/\(key)") }
        if index == 1 { record.set("previous", "meeting-0") }
        record.add("participants", participants(plan.day, isReview, host, &dice).map(\.key))
        record.walk("state", plan.states, until: min(plan.day + 10, -1), by: { _ in sector.name })
        add(record)
        meetings.append((key, plan.day))
    }

    /// Who is on the list; members who have fallen silent were not at what took place since.
    private func participants(_ day: Int, _ isReview: Bool, _ host: Member, _ dice: inout Dice) -> [Person] {
        let invited = isReview ? [sector] + institutes.prefix(12) : [sector, host] + partnersNear(dice.below(40))
        var list: [Person] = []
        for member in invited where day >= 0 || day <= -member.silence {
            let known = list.map(\.key)
            list += people.prefix(200).filter {
                $0.isStaff && $0.organisation == member.organisation && !known.contains($0.key)
            }.prefix(2)
        }
        return list + (isReview ? people.prefix(10) : [])
    }

    // MARK: Agendas and replies

    mutating func composeAgendas() {
        guard meetings.count > 1 else { return }
        var lists: [String: [String]] = [:]
        for index in 0..<census["agenda_item"] {
            let key = "agenda_item-\(index)"
            var dice = dice(key)
            // Eight points belong to the annual review, the others to what else is planned or was held.
            let turn = max(0, index - 8) % (meetings.count - 1)
            let meeting = index < 8 ? 1 : turn == 0 ? 0 : turn + 1
            let writer = index % 3 == 0 ? sector : institutes[index % institutes.count]
            let topic = dice.pick(writer.topics)
            var record = DemoRecord(
                key, .agendaItem, by: writer.name, on: min(meetings[meeting].day - 30, -dice.within(2...30)))
            record.set("meeting", meetings[meeting].key)
            record.say("title", languages(writer)) { text("agenda.title", index % 8, $0, topic: topic) }
            record.set("presenter", staff(writer.organisation).first?.key)
            record.set("minutes", String(dice.within(2...12) * 5))
            if dice.chance(60) {
                let variant = dice.below(2)
                record.say("notes", languages(writer)) { text("agenda.notes", variant, $0) }
            }
            record.set("origin", writer.organisation)
            add(record)
            agendaItems.append(Item(key: key, member: writer, topics: [topic]))
            lists[meetings[meeting].key, default: []].append(key)
        }
        for meeting in meetings {
            // The last proposals have no place on the agenda yet.
            let list = (lists[meeting.key] ?? []).prefix(6)
            amend(meeting.key, list.map { Assignment(field: "agenda", text: $0) }, by: sector.name)
        }
    }

    mutating func composeReplies() {
        let candidates = people.filter { $0.isStaff || $0.isAdvisor }
        let upcoming = meetings.filter { $0.day > -30 }
        guard !upcoming.isEmpty else { return }
        var made = 0
        for turn in 0..<upcoming.count * candidates.count where made < census["rsvp"] {
            let person = candidates[turn % candidates.count]
            // The annual review comes first.
            let meeting = upcoming[turn / candidates.count]
            let writer = members.first { $0.organisation == person.organisation } ?? person.keeper
            guard writer.silence == 0 else { continue }
            let key = "rsvp-\(meeting.key)-\(person.key)"
            var dice = dice(key)
            let answer =
                made < 4 ? ["yes", "no", "maybe", "delegate"][made] : dice.pick(["yes", "yes", "yes", "maybe"])
            var record = DemoRecord(key, .rsvp, by: writer.name, on: min(meeting.day - 5, -dice.within(1...25)))
            record.set("meeting", meeting.key)
            record.set("person", person.key)
            record.set("answer", answer)
            if answer == "delegate" { record.set("delegate", candidates[(turn + 1) % candidates.count].key) }
            add(record)
            made += 1
        }
    }

    // MARK: Decisions and actions

    mutating func composeDecisions() {
        let past = meetings.filter { $0.day < -50 }
        guard let review = meetings.first, meetings.count > 1 else { return }
        var decisions: [(key: String, meeting: String, day: Int)] = []
        for index in 0..<census["decision"] {
            let key = "decision-\(index)"
            var dice = dice(key)
            let isComing = index >= 8 && index < 10
            let meeting = index < 8 ? review : isComing ? meetings[1] : past[index % past.count]
            let state = index == 6 ? "rejected" : index == 7 ? "withdrawn" : isComing ? "proposed" : "adopted"
            var record = DemoRecord(
                key, .decision, by: sector.name, on: min(meeting.day + 1, -dice.within(3...20)))
            record.set("meeting", meeting.key)
            record.set("number", "\(year(meeting.day))/\(index + 1)")
            record.say("text", Texts.languages) { text("decision.text", index % 6, $0) }
            // What was adopted at a meeting is written down as it stands.
            let way = state == "adopted" ? ["adopted"] : Workflow.adoption.way(to: state)
            record.walk("adopted", way, until: meeting.day + 3, by: { _ in sector.name })
            if state == "adopted" { record.set("adopted_on", date(meeting.day + 1)) }
            add(record)
            if state == "adopted" { decisions.append((key, meeting.key, meeting.day)) }
        }
        composeActions(decisions)
    }

    private mutating func composeActions(_ decisions: [(key: String, meeting: String, day: Int)]) {
        let states = Workflow.action.codes
        for index in 0..<census["action"] {
            let key = "action-\(index)"
            var dice = dice(key)
            let owner = author(index, sectorEach: 5)
            let decision = decisions[index % decisions.count]
            let state = index < 4 ? states[index] : dice.pick(["done", "done", "open", "open", "doing"])
            // A few are overdue.
            let due = state == "done" || state == "dropped" ? -dice.within(10...250) : dice.within(-40...150)
            var record = DemoRecord(key, .action, by: sector.name, on: decision.day + 4)
            record.set("meeting", decision.meeting)
            record.set("decision", decision.key)
            record.set("text", text("action.text", index % 8, tongue(owner)))
            let person = staff(owner.organisation).first
            record.set("owner", dice.chance(60) ? owner.organisation : person?.key ?? owner.organisation)
            record.set("due", date(due))
            record.walk(
                "state", state == "done" ? ["open", "doing", "done"] : Workflow.action.way(to: state),
                until: min(due, -3), by: { _ in owner.name })
            if state == "doing" {
                let progress = text("action.progress", dice.below(3), tongue(owner))
                record.fill([Assignment(field: "progress", text: progress)], by: owner.name, on: -2)
            }
            let own = activities.of(owner)
            if state == "done", !own.isEmpty {
                record.fill([Assignment(field: "evidence", text: dice.pick(own).key)], by: owner.name, on: -2)
            }
            add(record)
        }
    }
}
