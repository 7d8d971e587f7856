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
        for kind in Happening.kinds {
            for record in try base.live(kind) {
                for happening in Happening.all(of: record) {
                    guard happening.date <= base.today, since.map({ $0 <= happening.date }) ?? true else { continue }
                    if names.concern(happening) { happenings.append(happening) }
                }
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
        return Answer(.pairs(["id": subject.id.document, "timeline": .array(rows)]))
    }
}

extension ContactTimeline {
    /// The ids under which somebody takes part in what happens.
    private struct Names {
        var organisations: Set<ShortID> = []
        var people: Set<ShortID> = []

        func concern(_ happening: Happening) -> Bool {
            happening.organisations.contains(where: organisations.contains)
                || happening.people.contains(where: people.contains)
        }
    }

    /// The subject with everything that was merged into it; of an organisation the people who belong to it too.
    private static func names(
        of subject: RecordView, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Names {
        let contacts = try base.merged("contact")
        guard subject.kind.name == "organisation" else {
            let id = contacts[subject.id] ?? subject.id
            return Names(people: Set([id] + contacts.filter { $0.value == id }.map(\.key)))
        }
        let merged = try base.merged("organisation")
        let id = merged[subject.id] ?? subject.id
        let organisations = Set([id] + merged.filter { $0.value == id }.map(\.key))
        var people: Set<ShortID> = []
        for contact in try base.live("contact") {
            if let employer = contact.id("org"), organisations.contains(employer) { people.insert(contact.id) }
        }
        people.formUnion(contacts.filter { people.contains($0.value) }.map(\.key))
        return Names(organisations: organisations, people: people)
    }
}
