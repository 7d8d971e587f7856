import Bytes
import Crypto
import Records
package import Replica

/// Which organisations people have not heard from: signs of people, not what their nodes sent.
package enum ContactQuiet {}

extension ContactQuiet: Query {
    package static let verb = "contact quiet"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let limit = Int64(try question.number("days", in: 0...36_525, or: 60))
        var last = try lastSigns(since: CivilTime.day(base.today, plus: -limit), base)
        func silence(_ organisation: ShortID) -> Int64? {
            last[organisation].map { CivilTime.days(from: $0.date, to: base.today) }
        }
        var quiet: [(days: Int64?, short: String, id: ShortID, document: Document)] = []
        for organisation in try base.live("organisation") where isExpected(organisation) {
            if let days = silence(organisation.id), days <= limit { continue }
            try addOlderSigns(of: organisation.id, to: &last, base)
            let days = silence(organisation.id)
            if let days, days <= limit { continue }
            let names = try base.all(behind: organisation.id)
            let row = try row(organisation, names, last[organisation.id], days, base)
            quiet.append((days, organisation.text("short") ?? "", organisation.id, row))
        }
        // Whom nobody has ever heard from comes first, then the longest silence.
        quiet.sort { (-($0.days ?? .max), $0.short, $0.id) < (-($1.days ?? .max), $1.short, $1.id) }
        return Answer(.pairs(["quiet": .array(quiet.map(\.document))]))
    }
}

extension ContactQuiet {
    /// The kinds by which an organisation gives a sign, with the fields that say when, where one does.
    private static let signs: [(kind: String, field: String?)] = [
        ("comment", nil), ("contribution", "date"), ("interaction", "when"), ("meeting", nil), ("pickup", "date"),
        ("rsvp", nil),
    ]

    /// Whether the network expects to hear from an organisation: it is no donor and no medium, and has not left.
    static func isExpected(_ organisation: RecordView) -> Bool {
        let status = organisation.state("status")
        guard status != "lapsed", status != "withdrawn" else { return false }
        let type = organisation.text("type")
        return type != "donor" && type != "media"
    }

    /// The newest sign of each organisation up to today: of the kinds whose day is found in a field, since a day.
    private static func lastSigns(
        since first: String, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [ShortID: Happening] {
        var last: [ShortID: Happening] = [:]
        for (kind, field) in signs {
            let records =
                if let field { try base.live(kind, field, from: first, to: base.today) } else { try base.live(kind) }
            for record in records {
                for sign in Happening.all(of: record) {
                    for id in try givers(of: sign, base) { note(sign, of: try base.canonical(id), in: &last, base) }
                }
            }
        }
        return last
    }

    /// The signs of an organisation from before, which only those are asked for that are quiet.
    private static func addOlderSigns(
        of organisation: ShortID, to last: inout [ShortID: Happening], _ base: RecordBase<some RecordStore>
    ) throws(QueryError) {
        let kinds = signs.filter { $0.field != nil }.map(\.kind)
        for record in try base.naming(organisation, in: ["org", "orgs"]) where kinds.contains(record.kind.name) {
            for sign in Happening.all(of: record) where sign.organisations.contains(organisation) {
                note(sign, of: organisation, in: &last, base)
            }
        }
    }

    private static func note(
        _ sign: Happening, of organisation: ShortID, in last: inout [ShortID: Happening],
        _ base: RecordBase<some RecordStore>
    ) {
        guard sign.date <= base.today else { return }
        if let known = last[organisation], !Happening.follows(sign, known) { return }
        last[organisation] = sign
    }

    /// The organisations that gave a sign: those named; of meetings and answers to invitations those of the people.
    private static func givers(
        of sign: Happening, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [ShortID] {
        switch sign.record.kind.name {
        case "meeting":
            // Who was on the list of a meeting that nobody called held may have stayed at home.
            guard ["held", "minuted", "closed"].contains(sign.record.state("state") ?? "") else { return [] }
            return try employers(of: sign.people, base)
        case "rsvp": return try employers(of: sign.people, base)
        // What a comment is about gives no sign by it.
        case "comment": return sign.record.origin("on")?.organisation.map { [$0] } ?? []
        default: return sign.organisations
        }
    }

    /// The organisations that people belong to.
    private static func employers(
        of people: [ShortID], _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [ShortID] {
        var organisations: [ShortID] = []
        for person in people {
            let contact = try base.record(person)
            if let organisation = contact?.id("org") { organisations.append(organisation) }
        }
        return organisations
    }

    /// - Parameter names: the organisation and all that were merged into it.
    private static func row(
        _ organisation: RecordView, _ names: [ShortID], _ sign: Happening?, _ days: Int64?,
        _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Document {
        let seen = try base.lastWritten(by: names)
        let line = try sign.map { (sign) throws(QueryError) in try base.line(sign.record) } ?? nil
        return .pairs([
            "org": organisation.id.document, "days": days.map { .int($0) } ?? .null, "date": .optional(sign?.date),
            "sign": .optional(sign?.record.kind.name), "id": sign?.record.id.document ?? .null,
            "what": .optional(line), "nodeSeen": .optional(seen.map { CivilTime.day($0) }),
            "nodeDays": seen.map { .int(CivilTime.days(from: CivilTime.day($0), to: base.today)) } ?? .null,
        ])
    }
}

extension RecordBase {
    /// When the devices of organisations last wrote anything up to today, by their own clocks; nil when they never
    /// did.
    func lastWritten(by organisations: [ShortID]) throws(QueryError) -> Int64? {
        let end = (CivilTime.dayNumber(today) ?? 0) * 86_400 + 86_400
        var last: Int64?
        for organisation in organisations {
            let time = try read { () throws(RecordStoreError) in try store.lastWritten(by: organisation, before: end) }
            if let time { last = max(last ?? time, time) }
        }
        return last
    }
}
