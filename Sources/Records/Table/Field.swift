package import Replica

/// One column of the table of kinds.
package struct Field: Hashable, Sendable {
    /// When a value is asked for.
    package enum Need: Int, Hashable, Sendable, Comparable {
        case optional
        /// Listed under `missing` while it has no value.
        case required
        /// Required, and a record cannot be created without it.
        case atNew

        package static func < (a: Need, b: Need) -> Bool { a.rawValue < b.rawValue }
    }

    /// Who may see the value where the record may be seen.
    package enum Visibility: Hashable, Sendable {
        /// Everybody who holds the record.
        case holders
        /// Also readers of the published pages, once the record is published.
        case published
    }

    /// Who is expected to write the field; rule set 1 lets every member write all.
    package enum Writers: Hashable, Sendable {
        case members
        /// The organisation that created the record, and the Sector.
        case origin
        /// The device that the record is about, and its organisation's admins.
        case device
    }

    /// What a new record holds where nobody says anything.
    package enum Initial: Hashable, Sendable {
        case nothing
        /// The organisation of the device that writes.
        case ownOrganisation
        /// The day on which it is written, by the writer's clock.
        case today
        /// The day this many months later.
        case monthsAhead(Int)
        /// The moment at which it is written.
        case now
    }

    /// At least `ReservedField.first` for the fields of a kind; never used again within the kind.
    package let number: Int
    /// The word of the command line and JSON; unique within the kind.
    package let name: String
    package let label: Label
    package let type: ValueType
    package let merge: MergeRule
    package let need: Need
    package let visibility: Visibility
    package let writers: Writers
    package let initial: Initial
    /// Once it has a value it keeps it: it is said where it is entered, and a difference that arrives is a violation.
    package let isFixed: Bool

    package init(
        _ number: Int, _ name: String, _ label: Label, _ type: ValueType, _ merge: MergeRule, _ need: Need = .optional,
        visibility: Visibility = .holders, writers: Writers = .members, initial: Initial = .nothing,
        isFixed: Bool = false
    ) {
        self.number = number
        self.name = name
        self.label = label
        self.type = type
        self.merge = merge
        self.need = need
        self.visibility = visibility
        self.writers = writers
        self.initial = initial
        self.isFixed = isFixed
    }

    /// The fields of every kind.
    ///
    /// Number 4 is kept for the import that made a record.
    package static let common: [Field] = [
        Field(2, "tags", .tags, .text(.line, maximumLength: 60), .set),
        Field(3, "merged_into", .mergedInto, .anyRecord, .register(.soft)),
    ]
}

/// How concurrent changes of a field come together.
package enum MergeRule: Hashable, Sendable {
    /// What a register does when two values are left.
    package enum Conflict: Hashable, Sendable {
        /// The one of greatest order is shown; the others are a note.
        case soft
        /// All are shown until a person decides.
        case hard
    }

    /// What the keys of a map are.
    package enum Key: Hashable, Sendable {
        /// BCP 47 tags.
        case language
        /// The ids of records of one of these kinds.
        case id(kinds: [Int])
    }

    case register(Conflict)
    /// An add wins over a remove that has not seen it.
    case set
    /// A whole number that everybody adds to and takes from; shown is the sum.
    case counter
    /// Elements in the order that people give them, each with a value; the conflict is that of one element.
    case list(Conflict)
    /// One register for each key.
    case map(Key, Conflict)
    case workflow(Workflow)

    /// One register for each language.
    package static func languages(_ conflict: Conflict) -> MergeRule { .map(.language, conflict) }

    /// The merge type that stands in the operations of such a field.
    package var type: MergeType {
        switch self {
        case .register: .register
        case .set: .set
        case .counter: .counter
        case .list: .list
        case .map: .map
        case .workflow: .workflow
        }
    }

    /// What two values mean; workflows behave as the most cautious and wait for a person.
    package var conflict: Conflict {
        switch self {
        case .register(let conflict), .list(let conflict), .map(_, let conflict): conflict
        case .set, .counter: .soft
        case .workflow: .hard
        }
    }
}
