import Bytes
import Crypto
package import Records
package import Replica

/// Records that seem to be there twice, folded: one group in one row.
package enum Duplicates: Query {
    /// The word of the command line.
    package static let verb = "duplicates"

    /// The kinds of which people hear of the same one from several sides.
    package static let kinds = [Kind.contact, .organisation]

    /// The groups of the kinds asked for, by survivor.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let search = try DuplicateSearch(base)
        var groups: [DuplicateGroup] = []
        for kind in try kinds(question.value(of: "kind"), base.schema) {
            groups += try search.groups(kind, onlyCertain: question.has("certain"))
        }
        let rows = groups.map { group in
            Document.pairs([
                "kind": .string(group.kind.name), "certain": .bool(group.isCertain),
                "survivor": .string(group.survivor.hex), "others": .strings(group.others.map(\.hex)),
                "why": .strings(group.reasons),
            ])
        }
        var notes: [String] = []
        if groups.contains(where: \.isCertain) { notes.append("to merge what is certain: liaison merge --certain") }
        if groups.contains(where: { !$0.isCertain }) {
            notes.append("to merge what a person knows to be the same: liaison merge SURVIVOR OTHER")
        }
        return Answer(.pairs(["duplicates": .array(rows)]), notes: notes)
    }

    /// The kinds that are looked through: the one named, else all that duplicates are looked for in.
    package static func kinds(_ name: String?, _ schema: Schema) throws(QueryError) -> [Kind] {
        let known = kinds.compactMap { schema.kind($0.number) }
        guard let name else { return known }
        guard let kind = known.first(where: { $0.name == name }) else {
            throw .invalid(
                what: "--kind: duplicates of \(name) are not looked for",
                remedy: "one of \(known.map(\.name).joined(separator: ", "))")
        }
        return [kind]
    }
}
