import Crypto
import Records
import Replica

/// One day on which something ends or has to be done.
struct Deadline {
    let record: RecordView
    /// `YYYY-MM-DD`.
    let date: String
    /// The field that holds the day, with the part of a group after a point.
    let field: String
    /// Which of several days of the field it is, from 1; 0 where there is one.
    var number = 0
    /// What a list of days calls it.
    var stage: String?
    /// Whether somebody still has to do something when the day has passed.
    let isOwed: Bool
    /// People disagree about the day: the earliest counts until somebody decides.
    var isDisputed = false
    /// Nothing is left to do: it is no deadline any more, and calendars take it out.
    var isSettled = false
    /// Fields beside `field` by which the deadline changes.
    var others: [String] = []

    /// The kinds that have deadlines.
    static let kinds = [
        "action", "agreement", "contact", "contribution", "engagement", "interaction", "introduction", "opportunity",
        "photo", "publicity_request", "support",
    ]

    /// The deadlines of a record, in the order of its fields.
    static func all(of record: RecordView) -> [Deadline] {
        let state = record.state("state")
        switch record.kind.name {
        case "action":
            return one(record, "due", isOwed: true, isSettled: isOneOf(state, ["done", "dropped"]), ["state", "text"])
        case "agreement": return agreement(record)
        case "contact": return one(record, "review_by", isOwed: true)
        case "contribution":
            return one(
                record, "embargo_until", isOwed: false, isSettled: state == "withdrawn", ["state", "title"])
        case "engagement":
            return one(
                record, "period", "to", isOwed: isOneOf(state, ["accepted", "active"]),
                isSettled: isOneOf(state, ["completed", "declined"]), ["state"])
        case "interaction": return one(record, "follow_up", "on", isOwed: true, isSettled: false, ["subject"])
        case "introduction":
            return one(
                record, "next_step", isOwed: true, isSettled: isOneOf(state, ["engaged", "declined"]), ["state"])
        case "opportunity": return opportunity(record, isSettled: isOneOf(state, ["closed", "cancelled"]))
        case "photo": return one(record, "consent_until", isOwed: true, isSettled: state == "withdrawn", ["state"])
        case "publicity_request": return one(record, "period", "until", isOwed: false)
        case "support":
            return one(record, "due", isOwed: true, isSettled: isOneOf(state, ["given", "declined"]), ["state"])
        default: return []
        }
    }

    private static func isOneOf(_ state: String?, _ states: [String]) -> Bool {
        state.map(states.contains) ?? false
    }

    private static func one(
        _ record: RecordView, _ field: String, _ part: String? = nil, isOwed: Bool, isSettled: Bool = false,
        _ others: [String] = []
    ) -> [Deadline] {
        let days = record.days(field, part)
        guard let earliest = days.first else { return [] }
        return [
            Deadline(
                record: record, date: earliest, field: part.map { "\(field).\($0)" } ?? field, isOwed: isOwed,
                isDisputed: days.count > 1, isSettled: isSettled, others: others)
        ]
    }

    /// An agreement is evaluated before its renewal is proposed; its end counts until it was renewed or given up.
    private static func agreement(_ record: RecordView) -> [Deadline] {
        let renewal = record.state("renewal")
        let isDecided = isOneOf(renewal, ["proposed", "renewed", "not-renewed"])
        return one(
            record, "term", "expires", isOwed: renewal != "renewed", isSettled: renewal == "not-renewed", ["renewal"])
            + one(record, "evaluation_due", isOwed: true, isSettled: isDecided, ["renewal"])
    }

    /// The stages of the list that is shown, each on the earliest day that any list left has for it, and those stages
    /// that other lists have.
    private static func opportunity(_ record: RecordView, isSettled: Bool) -> [Deadline] {
        var stages: [(name: String?, days: [String])] = []
        for list in record.lists("deadlines") {
            var seen: [String?: Int] = [:]
            for group in list {
                guard let day = RecordView.date(group["date"]), CivilTime.isDate(day) else { continue }
                var name: String?
                if case .text(let text)? = group["stage"] { name = text }
                // Of stages with one name the first is the first everywhere.
                let place = seen[name, default: 0]
                seen[name] = place + 1
                let alike = stages.indices.filter { stages[$0].name == name }
                if place < alike.count { stages[alike[place]].days.append(day) } else { stages.append((name, [day])) }
            }
        }
        return stages.enumerated().compactMap { index, stage in
            guard let earliest = stage.days.min() else { return nil }
            return Deadline(
                record: record, date: earliest, field: "deadlines", number: index + 1, stage: stage.name,
                isOwed: false, isDisputed: Set(stage.days).count > 1, isSettled: isSettled, others: ["state", "title"])
        }
    }

    /// Whether the day has passed and somebody still has to do something.
    func isOverdue(on today: String) -> Bool { isOwed && !isSettled && date < today }

    /// Whether it is of interest on a day: it lies ahead, or it is owed.
    func stands(on today: String) -> Bool { !isSettled && (isOwed || date >= today) }

    /// The earliest day first, then by the name of the kind, the id and the place in the record.
    static func precedes(_ a: Deadline, _ b: Deadline) -> Bool {
        (a.date, a.record.kind.name, a.record.id, a.field, a.number)
            < (b.date, b.record.kind.name, b.record.id, b.field, b.number)
    }
}
