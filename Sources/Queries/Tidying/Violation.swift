import Bytes
import Crypto
import Records

/// One thing about a record that should not be so.
struct Violation: Hashable {
    /// What is broken; the word of the command line.
    enum Rule: String, CaseIterable {
        /// A value that its field cannot hold, or that this version does not know.
        case value
        /// Of two parts that ascend the first is greater.
        case order
        /// An id that names no record that is there, or one of a wrong kind.
        case reference
        /// Several values of a field that keeps its first.
        case fixed
        case unique
        case sum
        case frozen
        case anyOf = "any-of"
        /// A pair record whose fields name other records than its id does.
        case pair
        /// Records that were merged into each other in a circle.
        case merge
    }

    let record: ShortID
    let kind: Kind
    /// The field, with the key of a map.
    let field: String
    let rule: Rule
    /// In words, without a full stop.
    let why: String
    /// A command.
    let mend: String

    /// The row of the answer.
    var document: Document {
        .pairs([
            "id": .string(record.hex), "kind": .string(kind.name), "field": .string(field),
            "rule": .string(rule.rawValue), "why": .string(why), "mend": .string(mend),
        ])
    }

    static func isBefore(_ a: Violation, _ b: Violation) -> Bool {
        (a.kind.number, a.record, a.rule.rawValue, a.field, a.why)
            < (b.kind.number, b.record, b.rule.rawValue, b.field, b.why)
    }
}
