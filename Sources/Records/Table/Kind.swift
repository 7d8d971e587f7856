/// One row of the table of kinds: what records of this kind hold, and how each field merges.
package struct Kind: Hashable, Sendable {
    /// How a record of this kind comes into being.
    package enum Creation: Hashable, Sendable {
        /// Somebody creates it; each creation is a record of its own.
        case byHand
        /// Likewise, and an admitted organisation has a pair record named by its admission.
        case byHandOrAdmission
        /// Only as the pair record of a device, when the device is admitted.
        case byDevice
        /// As the pair record of the records that these fields name, in this order: whoever creates it, it is the same.
        case pair(fields: [Int])
    }

    /// At least 32; never used again for another kind.
    package let number: Int
    /// The word of the command line and JSON; unique.
    package let name: String
    package let label: Label
    package let creation: Creation
    /// The field that stands for the record in lists.
    package let titleField: Int
    /// In ascending order of their numbers, those that every kind has first.
    package let fields: [Field]
    /// What should hold of records and cannot be enforced by merging.
    package let rules: [Rule]
    /// Where the field of each number stands in `fields`; negative where this version knows none.
    private let places: [Int]
    private let placesByName: [String: Int]

    package init(
        _ number: Int, _ name: String, _ label: Label, creation: Creation = .byHand, titleField: Int, fields: [Field],
        rules: [Rule] = []
    ) {
        self.number = number
        self.name = name
        self.label = label
        self.creation = creation
        self.titleField = titleField
        self.fields = Field.common + fields
        self.rules = rules
        var places = Array(repeating: -1, count: 1 + (self.fields.map(\.number).max() ?? 0))
        for (place, field) in self.fields.enumerated() { places[field.number] = place }
        self.places = places
        placesByName = Dictionary(
            self.fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The field with this number, if this version knows it.
    package func field(_ number: Int) -> Field? {
        guard places.indices.contains(number), places[number] >= 0 else { return nil }
        return fields[places[number]]
    }

    /// The field with this name, if this version knows it.
    package func field(named name: String) -> Field? { placesByName[name].map { fields[$0] } }
}

/// What should hold of the records of a kind: checked where values are entered, listed as a violation where merging
/// broke it, and never a reason to refuse what arrives.
package enum Rule: Hashable, Sendable {
    /// No two records have the same value in this field.
    case unique(field: String)
    /// The parts called `part` of all values of the map `field` add up to the part of the same name of `total`.
    case sum(field: String, part: String, total: String)
    /// `field` does not change while the workflow `workflow` stands in `state`.
    case frozen(field: String, workflow: String, state: String)
    /// At least one of these fields has a value.
    case anyOf(fields: [String])
}
