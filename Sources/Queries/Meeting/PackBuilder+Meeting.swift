import Crypto
import Records
import Replica

/// What is on the table of the meeting itself: agenda, people, what is open from before, what runs out.
extension PackBuilder {
    /// After so many days without a word the data of an organisation count as stale.
    static var freshDays: Int64 { 30 }

    /// The items in the order that the meeting gives them, then the others as they were proposed.
    mutating func agenda(_ meeting: RecordView) throws(QueryError) -> PackTable {
        var table = PackTable(
            "agenda", Heading.agenda,
            [
                .init("number", Heading.number), column("agenda_item", "title"), column("agenda_item", "presenter"),
                column("agenda_item", "minutes"), column("agenda_item", "origin"), idColumn,
            ])
        let items = try base.live("agenda_item", "meeting", meeting.id).filter { $0.id("meeting") == meeting.id }
        var places: [ShortID: Int] = [:]
        for (place, id) in meeting.listedIDs("agenda").enumerated() where places[id] == nil { places[id] = place }
        let sorted = items.sorted { a, b in
            (places[a.id] ?? .max, a.origin("meeting")?.claimedAt ?? 0, a.id)
                < (places[b.id] ?? .max, b.origin("meeting")?.claimedAt ?? 0, b.id)
        }
        for (index, item) in sorted.enumerated() {
            table.rows.append([
                .number(Int64(index + 1)), spoken(item, "title"), try record(item.id("presenter")),
                .number(item.integer("minutes")), try record(item.id("origin")), .id(item.id),
            ])
        }
        return table
    }

    /// Who is invited or has answered.
    mutating func participants(_ meeting: RecordView) throws(QueryError) -> PackTable {
        var table = PackTable(
            "participants", Heading.participants,
            [
                column("contact", "org"), column("rsvp", "person"), column("rsvp", "answer"),
                column("rsvp", "delegate"),
            ], isGrouped: true)
        var answers: [ShortID: RecordView] = [:]
        for answer in try base.live("rsvp", "meeting", meeting.id) where answer.id("meeting") == meeting.id {
            guard let person = answer.id("person") else { continue }
            let id = standing(person)
            // Of two answers of one person, as after a merge, the one with the lesser id.
            if let known = answers[id], known.id < answer.id { continue }
            answers[id] = answer
        }
        var people: [(org: (String, ShortID), name: String, id: ShortID)] = []
        var invited = Set(answers.keys)
        for person in meeting.ids("participants") { invited.insert(standing(person)) }
        for id in invited.sorted() {
            let contact = try base.record(id)
            people.append((rank(contact?.id("org")), contact?.text("display") ?? "~", id))
        }
        people.sort { a, b in a.org != b.org ? a.org < b.org : (a.name, a.id) < (b.name, b.id) }
        for (_, _, id) in people {
            let answer = answers[id]
            table.rows.append([
                try record(try base.record(id)?.id("org")), try record(id),
                answer.map { code($0, "answer") } ?? .nothing,
                try record(answer?.id("delegate")),
            ])
        }
        return table
    }

    /// What earlier meetings asked for and nobody has done yet.
    mutating func actions() throws(QueryError) -> PackTable {
        var table = PackTable(
            "actions", Heading.actions,
            [
                column("action", "due"), .init("overdue", Heading.overdue), column("action", "text"),
                column("action", "owner"), column("action", "state"), column("action", "progress"),
                column("action", "meeting"), column("action", "decision"), idColumn,
            ])
        let open = try base.live("action").filter { action in
            ["open", "doing"].contains(action.state("state") ?? "open")
                && (meeting == nil || action.id("meeting") != meeting?.id)
        }
        for action in open.sorted(by: { ($0.days("due").first ?? "~", $0.id) < ($1.days("due").first ?? "~", $1.id) }) {
            let due = action.days("due").first
            table.rows.append([
                .day(due), due.map { .flag($0 < at) } ?? .nothing, .text(action.text("text")),
                try record(action.id("owner")), code(action, "state"), .text(action.text("progress")),
                try record(action.id("meeting")), try record(action.id("decision")), .id(action.id),
            ])
        }
        return table
    }

    /// What the meeting before decided, and what was adopted since.
    mutating func decisions() throws(QueryError) -> PackTable {
        var table = PackTable(
            "decisions", Heading.decisions,
            [
                column("decision", "meeting"), column("decision", "number"), column("decision", "text"),
                column("decision", "adopted"), column("decision", "adopted_on", as: "adoptedOn"), idColumn,
            ], isGrouped: true)
        let found = try base.live("decision").filter { decision in
            guard let id = decision.id("meeting"), id != meeting?.id else { return false }
            return id == previous?.id || isReported(decision.day("adopted_on"))
        }
        let sorted = found.sorted { a, b in
            (a.id("meeting") ?? ShortID(), a.day("adopted_on") ?? "~", a.text("number") ?? "~", a.id)
                < (b.id("meeting") ?? ShortID(), b.day("adopted_on") ?? "~", b.text("number") ?? "~", b.id)
        }
        for decision in sorted {
            table.rows.append([
                try record(decision.id("meeting")), .text(decision.text("number")), spoken(decision, "text"),
                code(decision, "adopted"), .day(decision.day("adopted_on")), .id(decision.id),
            ])
        }
        return table
    }

    /// Agreements that run out in the next eighteen months, or have, and were not renewed.
    mutating func agreements() throws(QueryError) -> PackTable {
        var table = PackTable(
            "agreements", Heading.agreements,
            [
                column("agreement", "org"), column("agreement", "resolution"),
                column("agreement", "term", "expires", as: "expires"),
                .init("daysLeft", Heading.daysLeft), column("agreement", "evaluation_due", as: "evaluationDue"),
                column("agreement", "renewal"), idColumn,
            ])
        let end = CivilTime.day((CivilTime.dayNumber(at) ?? 0) * 86_400, monthsLater: 18)
        var found: [(expires: String, record: RecordView)] = []
        for agreement in try base.live("agreement") {
            let expiry = Deadline.all(of: agreement).first { $0.field == "term.expires" }
            if let expiry, expiry.stands(on: at), expiry.date <= end { found.append((expiry.date, agreement)) }
        }
        for (expires, agreement) in found.sorted(by: { ($0.expires, $0.record.id) < ($1.expires, $1.record.id) }) {
            table.rows.append([
                try record(agreement.id("org")), .text(agreement.text("resolution")), .day(expires),
                .number(CivilTime.days(from: at, to: expires)), .day(agreement.days("evaluation_due").first),
                code(agreement, "renewal"), .id(agreement.id),
            ])
        }
        return table
    }

    /// When the devices of each member last wrote anything, by their own clocks: how old what stands here may be.
    mutating func freshness() throws(QueryError) -> PackTable {
        var table = PackTable(
            "freshness", Heading.freshness,
            [
                PackTable.Column("org", label("activity", "org")), .init("lastHeard", Heading.lastHeard),
                .init("days", Heading.daysAgo), .init("stale", Heading.stale),
            ])
        let members = ["c2", "sector-division", "field-office", "natcom"]
        for organisation in organisations.sorted(by: { rank($0.id) < rank($1.id) }) {
            let heard = try base.lastWritten(by: names(of: organisation.id)).map { CivilTime.day($0) }
            let isMember =
                members.contains(organisation.text("type") ?? "") && ContactQuiet.isExpected(organisation)
            guard isMember || heard != nil else { continue }
            let days = heard.map { CivilTime.days(from: $0, to: at) }
            table.rows.append([
                try record(organisation.id), .day(heard), .number(days),
                .flag(days.map { $0 > PackBuilder.freshDays } ?? true),
            ])
        }
        return table
    }
}
