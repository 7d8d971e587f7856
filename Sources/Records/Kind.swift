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

    package init(
        _ number: Int, _ name: String, _ label: Label, creation: Creation = .byHand, titleField: Int, fields: [Field]
    ) {
        self.number = number
        self.name = name
        self.label = label
        self.creation = creation
        self.titleField = titleField
        self.fields = Field.common + fields
    }

    /// The field with this number, if this version knows it.
    package func field(_ number: Int) -> Field? { fields.first { $0.number == number } }

    /// The field with this name, if this version knows it.
    package func field(named name: String) -> Field? { fields.first { $0.name == name } }
}
