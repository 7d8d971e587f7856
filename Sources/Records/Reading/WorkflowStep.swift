package import Bytes

/// The shape of a workflow operation: one step and how careful its state is.
///
/// Source: Protocol/02-entries.md#header.
package struct WorkflowStep: Hashable, Sendable {
    /// The number of the state before; nil when the field had none.
    package let from: Int?
    package let to: Int
    package let caution: Int

    package init(from: Int?, to: Int, caution: Int) {
        self.from = from
        self.to = to
        self.caution = caution
    }

    /// Reads the shape of an operation; nil when it is no step.
    package init?(_ shape: CBOR) {
        guard case .array(let parts) = shape, parts.count == 3, case .unsigned(let to) = parts[1],
            case .unsigned(let caution) = parts[2], let toNumber = Int(exactly: to),
            let cautionNumber = Int(exactly: caution)
        else { return nil }
        switch parts[0] {
        case .null: from = nil
        case .unsigned(let number):
            guard let number = Int(exactly: number) else { return nil }
            from = number
        default: return nil
        }
        self.to = toNumber
        self.caution = cautionNumber
    }

    /// The shape of the operation.
    package var shape: CBOR {
        .array([from.map { .int(Int64($0)) } ?? .null, .int(Int64(to)), .int(Int64(caution))])
    }
}
