import Bytes
import Crypto
import Records
package import Replica

/// Everything that happened with an organisation or a contact, the newest first.
package enum ContactTimeline {}

extension ContactTimeline: Query {
    package static let verb = "contact timeline"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let subject = try base.find(question.arguments.first ?? "", ["organisation", "contact"])
        let since = try question.day("since")
        let names = try self.names(of: subject, base)
        var happenings: [Happening] = []
        for record in try records(of: names, base) {
            for happening in Happening.all(of: record) {
                guard happening.date <= base.today, since.map({ $0 <= happening.date }) ?? true else { continue }
                if names.concern(happening) { happenings.append(happening) }
            }
        }
        happenings.sort(by: Happening.follows)
        let rows = try happenings.map { (happening) throws(QueryError) -> Document in
            .pairs([
                "date": .string(happening.date), "kind": .string(happening.record.kind.name),
                "field": .optional(happening.field), "id": happening.record.id.document,
                "what": .optional(try base.line(happening.record)),
            ])
        }
        return Answer(.pairs(["who": subject.id.document, "timeline": .array(rows)]))
    }
}

extension ContactTimeline {
    /// The ids under which somebody takes part in what happens.
    private struct Names {
        var organisations: [ShortID] = []
        var people: [ShortID] = []

        func concern(_ happening: Happening) -> Bool {
            happening.organisations.contains(where: organisations.contains)
                || happening.people.contains(where: people.contains)
        }
    }

    /// The subject with everything that was merged into it; of an organisation the people who belong to it too.
    private static func names(
        of subject: RecordView, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Names {
        let own = try base.all(behind: subject.id)
        guard subject.kind.name == "organisation" else { return Names(people: own) }
        var names = Names(organisations: own)
        for contact in try base.live("contact", "org", subject.id) where contact.id("org") == subject.id {
            names.people.append(contact.id)
        }
        return names
    }

    /// The records that name any of these ids, and the comments that the organisations wrote, each once.
    private static func records(
        of names: Names, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [RecordView] {
        let kinds = Set(Happening.kinds)
        var found: [ShortID: RecordView] = [:]
        for id in names.organisations + names.people {
            for record in try base.naming(id) where kinds.contains(record.kind.name) {
                found[record.id] = record
            }
        }
        if !names.organisations.isEmpty {
            // Who wrote a comment stands in none of its fields.
            for comment in try base.live("comment") { found[comment.id] = comment }
        }
        return Array(found.values)
    }
}
