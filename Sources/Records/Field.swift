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

    package init(
        _ number: Int, _ name: String, _ label: Label, _ type: ValueType, _ merge: MergeRule, _ need: Need = .optional,
        visibility: Visibility = .holders, writers: Writers = .members
    ) {
        self.number = number
        self.name = name
        self.label = label
        self.type = type
        self.merge = merge
        self.need = need
        self.visibility = visibility
        self.writers = writers
    }

    /// The fields of every kind.
    ///
    /// Number 4 is kept for the import that made a record.
    package static let common: [Field] = [
        Field(2, "tags", "Tags", .text(.line, maximumLength: 60), .set),
        Field(3, "merged_into", "Merged into", .id(kinds: []), .register(.soft)),
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

    case register(Conflict)
    /// An add wins over a remove that has not seen it.
    case set
    /// One register for each language, keyed by its BCP 47 tag.
    case languages(Conflict)
    case workflow(Workflow)

    /// The merge type that stands in the operations of such a field.
    package var type: MergeType {
        switch self {
        case .register: .register
        case .set: .set
        case .languages: .map
        case .workflow: .workflow
        }
    }

    /// What two values mean; workflows behave as the most cautious and wait for a person.
    package var conflict: Conflict {
        switch self {
        case .register(let conflict), .languages(let conflict): conflict
        case .set: .soft
        case .workflow: .hard
        }
    }
}
