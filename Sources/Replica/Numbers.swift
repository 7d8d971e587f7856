/// How the operations of a field merge; the number stands in every operation.
///
/// Source: Protocol/04-merging.md#types. Numbers that are not listed belong to later versions and are kept.
package struct MergeType: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Deletes and restores the record; only in field 0.
    package static let existence = MergeType(rawValue: 0)
    /// What no other operation replaces is left.
    package static let register = MergeType(rawValue: 1)
    /// An add wins over a remove that has not named it.
    package static let set = MergeType(rawValue: 2)
    /// The sum of the deltas.
    package static let counter = MergeType(rawValue: 3)
    /// Elements with positions that can be moved.
    package static let list = MergeType(rawValue: 4)
    /// One register for each key.
    package static let map = MergeType(rawValue: 5)
    /// A state machine; concurrent states behave as the most cautious.
    package static let workflow = MergeType(rawValue: 6)
    /// Text that merges by the character.
    package static let text = MergeType(rawValue: 7)
    /// A value about its own entry, such as the reason of a resolution: in the history, in no field.
    package static let remark = MergeType(rawValue: 8)
    /// A statement of authority; only in control logs.
    package static let statement = MergeType(rawValue: 9)

    /// The types whose merging this version knows.
    package var isMerged: Bool {
        switch self {
        case .existence, .register, .set, .counter, .list, .map, .workflow, .remark: true
        default: false
        }
    }
}

/// Field numbers that every kind has.
package enum ReservedField {
    /// Whether the record exists: deletes and restores.
    package static let existence = 0
    /// Why an entry was written: remarks.
    package static let because = 1
    /// The least number of a field of a kind.
    package static let first = 16
}

/// The names of the spaces that this version knows.
package enum SpaceName {
    /// Membership, whole on every node.
    package static let policy = "policy"
    /// The records that all members share.
    package static let net = "net"
}
