import Crypto
import Records
import Replica

/// Something that people did, and with whom: what timelines list, and by what it is known that somebody is there.
struct Happening {
    let record: RecordView
    /// `YYYY-MM-DD`.
    let date: String
    /// The moment where one is known, seconds since 1970 in UTC.
    var time: Int64?
    /// Which day of the record it is, where it has several.
    var field: String?
    /// The records of the organisations that had part in it.
    var organisations: [ShortID] = []
    /// Likewise of contacts, and what a comment is about.
    var people: [ShortID] = []

    /// The kinds of which records happen.
    static let kinds = [
        "action", "activity", "agenda_item", "agreement", "bid", "comment", "contact_note", "contribution",
        "engagement", "interaction", "interest", "introduction", "issue", "meeting", "objective", "opportunity",
        "pickup", "publicity_request", "rsvp", "support",
    ]

    /// What a record tells, in the order of its days; of a record without a day nothing.
    static func all(of record: RecordView) -> [Happening] {
        switch record.kind.name {
        case "interaction", "comment", "contact_note", "rsvp", "meeting", "agenda_item", "introduction", "action":
            return meeting(record)
        case "agreement":
            let organisations = ids(record, "org")
            return ["signed", "in_force", "expires"].compactMap { part in
                record.day("term", part).map {
                    Happening(record: record, date: $0, field: "term.\(part)", organisations: organisations)
                }
            }
        case "contribution", "issue": return one(record, record.day("date"), ids(record, "org"))
        case "pickup": return one(record, record.day("date") ?? record.claimedDay("request"), ids(record, "org"))
        case "activity":
            let start = record.day("actual", "start") ?? record.day("planned", "start")
            return one(record, start, ids(record, "org") + record.ids("partners"))
        case "objective": return one(record, record.day("period", "from"), ids(record, "owner"))
        case "engagement":
            let start = record.day("period", "from") ?? record.claimedDay("advisor")
            return one(record, start, ids(record, "institute"), ids(record, "advisor"))
        case "interest": return one(record, record.claimedDay("org"), ids(record, "org"))
        case "opportunity": return one(record, record.day("posted"), ids(record, "funder"))
        case "support": return one(record, record.claimedDay("from"), ids(record, "from") + ids(record, "to"))
        case "publicity_request": return one(record, record.day("period", "from"), record.ids("targets"))
        case "bid":
            let submitted = RecordView.date(record.part("submitted", "when"))
            return one(
                record, submitted ?? record.claimedDay("opportunity"), ids(record, "lead") + record.ids("partners"))
        default: return []
        }
    }

    /// What people say to each other.
    private static func meeting(_ record: RecordView) -> [Happening] {
        switch record.kind.name {
        case "interaction":
            return one(record, record.day("when"), record.ids("orgs"), record.ids("people"), record.instant("when"))
        case "comment":
            // Who wrote it is its author's organisation; whom it is about may be an organisation or a contact.
            let author = record.origin("on")?.organisation.map { [$0] } ?? []
            return one(
                record, record.claimedDay("on"), author + ids(record, "on"),
                ids(record, "on") + record.ids("mentions"), record.origin("on")?.claimedAt)
        case "contact_note":
            return one(record, record.claimedDay("contact"), [], ids(record, "contact"))
        case "rsvp":
            return one(
                record, record.claimedDay("answer"), [], ids(record, "person"), record.origin("answer")?.claimedAt)
        case "meeting":
            guard record.state("state") != "cancelled" else { return [] }
            var start: Int64?
            if case .instant(let seconds, _)? = record.part("period", "start") { start = seconds }
            return one(record, record.day("period", "start"), [], record.ids("participants"), start)
        case "agenda_item":
            return one(record, record.claimedDay("meeting"), ids(record, "origin"), ids(record, "presenter"))
        case "introduction":
            let subject = ids(record, "subject")
            return one(
                record, record.claimedDay("subject"), ids(record, "proposed_by") + subject,
                subject + ids(record, "owner"))
        default: return one(record, record.day("due"), ids(record, "owner"), ids(record, "owner"))
        }
    }

    private static func one(
        _ record: RecordView, _ date: String?, _ organisations: [ShortID], _ people: [ShortID] = [],
        _ time: Int64? = nil
    ) -> [Happening] {
        guard let date, CivilTime.isDate(date) else { return [] }
        return [Happening(record: record, date: date, time: time, organisations: organisations, people: people)]
    }

    private static func ids(_ record: RecordView, _ field: String) -> [ShortID] { record.id(field).map { [$0] } ?? [] }

    /// The newest first; what is on one day by its moment, its kind and its id.
    static func follows(_ a: Happening, _ b: Happening) -> Bool {
        if a.date != b.date { return a.date > b.date }
        if a.time != b.time { return (a.time ?? .min) > (b.time ?? .min) }
        return (a.record.kind.name, a.record.id, a.field ?? "") < (b.record.kind.name, b.record.id, b.field ?? "")
    }
}
