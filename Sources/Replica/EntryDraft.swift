package import Bytes
package import Crypto

/// What somebody at this device wants to write, before it has a place in the log.
package struct EntryDraft: Hashable, Sendable {
    /// The record that an entry changes.
    package enum Target: Hashable, Sendable {
        /// The entry creates a record of this kind.
        case new(kind: Int)
        case existing(ShortID)
        /// The record that every office creates as one: named by its kind and other records, admissions or devices.
        case pair(kind: Int, ids: [ShortID])
    }

    package let target: Target
    /// At least one, at most `EntryLimits.operations`.
    package let operations: [OperationDraft]

    package init(target: Target, operations: [OperationDraft]) {
        self.target = target
        self.operations = operations
    }
}

/// One change of a draft.
package struct OperationDraft: Hashable, Sendable {
    package let field: Int
    package let type: MergeType
    /// The operations of the same field (and map key) that it has seen and replaces.
    package let replaces: [OperationID]
    package let shape: CBOR
    /// Nil for operations without a value.
    package let value: Value?

    package init(field: Int, type: MergeType, replaces: [OperationID], shape: CBOR = .null, value: Value? = nil) {
        self.field = field
        self.type = type
        self.replaces = replaces
        self.shape = shape
        self.value = value
    }
}
