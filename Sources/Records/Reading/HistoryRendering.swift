package import Bytes
import Crypto
package import Replica

/// Turns the entries of a record into the document of `history`.
package struct HistoryRendering {
    private let kind: Kind?

    /// - Parameter kind: the row of the table; nil when this version does not know the kind.
    package init(_ kind: Kind?) { self.kind = kind }

    /// The `entries` of a record, in the order given.
    package func document(_ entries: [EntryView]) -> Document {
        var known = Known()
        return .array(
            entries.map { entry in
                known.note(entry)
                return document(entry, known)
            })
    }

    /// The operations so far, and what the elements of lists held.
    private struct Known {
        private(set) var operations: [OperationID: OperationView] = [:]
        /// By operation on a list: the one that gave the element the value that it had then.
        private var puts: [OperationID: OperationView] = [:]

        mutating func note(_ entry: EntryView) {
            for (operation, replaced) in zip(entry.operations, entry.replaced) {
                operations[operation.id] = operation
                guard operation.type == .list else { continue }
                if case .put? = ListChange(operation.shape) {
                    puts[operation.id] = operation
                } else {
                    puts[operation.id] = replaced.compactMap { puts[$0] }.min(by: OperationView.winsOver)
                }
            }
        }

        /// What an operation says, or of an element that it moves or takes away what the element held.
        func value(_ operation: OperationView) -> HeldValue { puts[operation.id]?.value ?? operation.value }
    }

    private func document(_ entry: EntryView, _ known: Known) -> Document {
        var members: [Document.Member] = [
            .init("entry", .string(entry.entry.hex)),
            .init("organisation", entry.organisation.map { .string($0.hex) } ?? .null),
            .init("device", .string(entry.device.hex)),
            .init("claimedAt", .string(CivilTime.text(entry.claimedAt))),
            .init("order", .int(Int64(entry.operations.map(\.order).max() ?? 0))),
        ]
        if let reason = entry.notApplied { members.append(.init("notApplied", .string(reason))) }
        let changes = entry.operations.enumerated().map { index, operation in
            let replaced = index < entry.replaced.count ? entry.replaced[index] : []
            return change(operation, replaced: replaced.compactMap { known.operations[$0] }, known)
        }
        members.append(.init("changes", .array(changes)))
        return .object(members)
    }

    private func change(_ operation: OperationView, replaced: [OperationView], _ known: Known) -> Document {
        let (word, value) = meaning(operation, isFirst: replaced.isEmpty, known.value(operation))
        var members: [Document.Member] = [
            .init("field", .string(name(operation))), .init("operation", .string(word)),
        ]
        if known.value(operation) == .erased {
            members.append(.init("erased", .bool(true)))
        } else if let value {
            members.append(.init("value", value))
        }
        let old = replaced.map { old -> Document in
            let value = meaning(old, isFirst: false, known.value(old)).value
            let shown: Document.Member =
                known.value(old) == .erased ? .init("erased", .bool(true)) : .init("value", value ?? .null)
            return .object([.init("entry", .string(old.id.entry.hex)), shown])
        }
        members.append(.init("replaced", .array(old)))
        return .object(members)
    }

    /// The name of the field that an operation changed, with the key of a map.
    func name(_ operation: OperationView) -> String {
        let base =
            switch operation.field {
            case ReservedField.existence: "deleted"
            case ReservedField.because: "because"
            case ReservedField.frozen: "frozen"
            case ReservedField.merged: "merged"
            default: kind?.field(operation.field)?.name ?? "#\(operation.field)"
            }
        guard operation.type == .map else { return base }
        return switch operation.shape {
        case .text(let key): "\(base).\(key)"
        case .bytes(let key): "\(base).\(key.hex)"
        default: base
        }
    }

    /// What an operation did, in a word, and the value that it carried or was about.
    func meaning(
        _ operation: OperationView, isFirst: Bool, _ held: HeldValue
    ) -> (word: String, value: Document?) {
        let field = kind?.field(operation.field)
        let value = held.value.map { ValueRendering.document($0, field?.type) }
        switch operation.type {
        case .existence: return (operation.shape == Shape.restore ? "restore" : "delete", nil)
        case .register, .map: return (value == .null ? "unset" : "set", value)
        case .set: return (operation.shape == Shape.remove ? "remove" : "add", value)
        case .counter: return HistoryRendering.addition(operation.shape)
        case .list:
            switch ListChange(operation.shape) {
            case .put: return (isFirst ? "insert" : "replace", value)
            case .move: return ("move", value)
            case .remove, nil: return ("remove", value)
            }
        case .workflow:
            guard let step = WorkflowStep(operation.shape) else { return ("step", nil) }
            if case .workflow(let workflow) = field?.merge { return ("step", .string(workflow.code(step.to))) }
            return ("step", .string("#\(step.to)"))
        case .remark: return ("remark", operation.field == ReservedField.frozen ? frozen(operation) : value)
        default: return ("#\(operation.type.rawValue)", value)
        }
    }

    /// What a counter's operation did: what it took is told as a number above 0, where there is one.
    private static func addition(_ shape: CBOR) -> (word: String, value: Document?) {
        switch Value(shape) {
        case .integer(let delta) where delta < 0 && delta > .min: ("remove", .int(-delta))
        case .integer(let delta): ("add", .int(delta))
        default: ("add", nil)
        }
    }
}

extension HistoryRendering {
    /// The entries that hold what a step froze, each once.
    private func frozen(_ operation: OperationView) -> Document? {
        guard case .present(.array(let names)) = operation.value else { return nil }
        var seen: Set<[UInt8]> = []
        return .strings(
            names.compactMap { name in
                guard case .array(let parts) = name, parts.count == 3, case .bytes(let entry) = parts[1],
                    seen.insert(entry).inserted
                else { return nil }
                return entry.hex
            })
    }
}

/// The shapes of operations that have no more to say than what they do.
///
/// Source: Protocol/02-entries.md#header.
enum Shape {
    static let delete = CBOR.unsigned(0)
    static let restore = CBOR.unsigned(1)
    static let add = CBOR.unsigned(0)
    static let remove = CBOR.unsigned(1)
}
