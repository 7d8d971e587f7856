package import Bytes
package import Crypto

/// The name of one operation.
package struct OperationID: Hashable, Comparable, Sendable {
    package let entry: Digest
    /// The place of the operation in its entry, from 0.
    package let index: Int

    package init(entry: Digest, index: Int) {
        self.entry = entry
        self.index = index
    }

    package static func < (a: OperationID, b: OperationID) -> Bool {
        (a.entry, a.index) < (b.entry, b.index)
    }
}

/// The value of an operation as this replica holds it.
package enum HeldValue: Hashable, Sendable {
    /// The operation has none by its nature: a remove, a workflow step, a delete.
    case none
    case present(Value)
    /// It was destroyed, here or before it came here.
    case erased
}

/// One operation as a reader sees it.
package struct OperationView: Hashable, Sendable {
    package let id: OperationID
    package let field: Int
    package let type: MergeType
    /// What merging needs without the value: the map's key, the workflow's step; `null` for registers.
    package let shape: CBOR
    /// 1 + the greatest order among the operations of its field that it names.
    package let order: Int
    package let value: HeldValue
    /// The device that signed it.
    package let device: ShortID
    /// The organisation in whose name the device's grant was given; the id of its record.
    package let organisation: ShortID?
    /// What the author's clock said, seconds since 1970 in UTC: evidence, never obeyed.
    package let claimedAt: Int64

    package init(
        id: OperationID, field: Int, type: MergeType, shape: CBOR, order: Int, value: HeldValue, device: ShortID,
        organisation: ShortID?, claimedAt: Int64
    ) {
        self.id = id
        self.field = field
        self.type = type
        self.shape = shape
        self.order = order
        self.value = value
        self.device = device
        self.organisation = organisation
        self.claimedAt = claimedAt
    }

    /// The one that a soft conflict shows comes first: greatest order, then greatest entry, then greatest index.
    package static func winsOver(_ a: OperationView, _ b: OperationView) -> Bool {
        (a.order, a.id) > (b.order, b.id)
    }
}

/// One record as merging leaves it: per field the operations that no other replaces.
package struct RecordState: Hashable, Sendable {
    package let id: ShortID
    package let kind: Int
    package let space: String
    /// Fields in ascending order of their numbers; field 0 and remarks are not among them.
    package let fields: [FieldState]
    /// A delete stands that covers every other applied entry of the record.
    package let isDeleted: Bool
    /// The deletes that stand and do not cover everything: somebody wrote while somebody deleted.
    package let contested: [OperationView]
    /// All deletes that stand; a restore names them.
    package let standingDeletes: [OperationView]

    package init(
        id: ShortID, kind: Int, space: String, fields: [FieldState], isDeleted: Bool, contested: [OperationView],
        standingDeletes: [OperationView]
    ) {
        self.id = id
        self.kind = kind
        self.space = space
        self.fields = fields
        self.isDeleted = isDeleted
        self.contested = contested
        self.standingDeletes = standingDeletes
    }

    /// The state of one field, if anybody has written it.
    package subscript(field: Int) -> FieldState? { fields.first { $0.field == field } }
}

/// What is left of one field.
package struct FieldState: Hashable, Sendable {
    package let field: Int
    /// Not empty; the one that a soft conflict shows comes first.
    ///
    /// Removes of sets and lists are not among them.
    package let left: [OperationView]
    /// The elements of a list in the order in which they are shown; none for other types.
    package let elements: [ListElement]

    package init(field: Int, left: [OperationView], elements: [ListElement] = []) {
        self.field = field
        self.left = left
        self.elements = elements
    }
}

/// One entry of a record as its history shows it.
package struct EntryView: Hashable, Sendable {
    package let entry: Digest
    package let device: ShortID
    package let organisation: ShortID?
    package let claimedAt: Int64
    package let operations: [OperationView]
    /// For each operation, those that it replaced.
    package let replaced: [[OperationID]]
    /// Nil when the entry is applied, otherwise why it is not.
    package let notApplied: String?

    package init(
        entry: Digest, device: ShortID, organisation: ShortID?, claimedAt: Int64, operations: [OperationView],
        replaced: [[OperationID]], notApplied: String?
    ) {
        self.entry = entry
        self.device = device
        self.organisation = organisation
        self.claimedAt = claimedAt
        self.operations = operations
        self.replaced = replaced
        self.notApplied = notApplied
    }
}
