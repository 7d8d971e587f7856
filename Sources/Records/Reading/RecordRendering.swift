package import Bytes
import Crypto
package import Replica

/// Turns records into the documents of `show`, `list` and `conflicts`.
package struct RecordRendering {
    private let schema: Schema

    package init(_ schema: Schema) { self.schema = schema }

    /// The document of one record, without the `schema` member.
    package func document(_ state: RecordState) -> Document {
        let kind = schema.kind(state.kind)
        let readings = state.readings(kind)
        // Hardly ever is anything disputed.
        let disputed = readings.filter(\.isDisputed).flatMap(\.disputable).filter(\.isDisputed)
        return .pairs([
            "id": .string(state.id.hex),
            "kind": .string(schema.name(ofKind: state.kind)),
            "space": .string(state.space),
            "deleted": .bool(state.isDeleted),
            "fields": .object(fields(readings)),
            "missing": .strings(kind.map { missing(readings, $0) } ?? []),
            "conflicts": disputes(disputed, .hard),
            "soft": disputes(disputed, .soft),
            "contested": .strings(state.contested.map(\.id.entry.hex)),
        ])
    }

    /// The conflicts of one record that wait for a person, as `conflicts` lists them.
    package func conflicts(_ state: RecordState) -> [Document] {
        guard !state.isDeleted else { return [] }
        return state.readings(schema.kind(state.kind)).flatMap(\.disputable).filter(\.needsDecision).map { reading in
            var members: [Document.Member] = [
                .init("id", .string(state.id.hex)), .init("kind", .string(schema.name(ofKind: state.kind))),
                .init("field", .string(reading.name)), .init("values", values(reading)),
            ]
            if let step = reading.effectiveStep { members.append(.init("behavesAs", .string(reading.code(step.to)))) }
            return .object(members)
        }
    }

    /// A record that somebody wrote while somebody deleted it; nil when nobody did.
    package func contest(_ state: RecordState) -> Document? {
        guard !state.contested.isEmpty else { return nil }
        return .pairs([
            "id": .string(state.id.hex), "kind": .string(schema.name(ofKind: state.kind)),
            "deletes": .array(state.contested.map { .object(RecordRendering.origin($0)) }),
        ])
    }

    /// The text that stands for a record in lists: its title field, for languages the given one before others.
    package func title(_ state: RecordState, language: String) -> String? {
        guard let kind = schema.kind(state.kind), let field = kind.field(kind.titleField) else { return nil }
        let readings = state.readings(kind).filter { $0.number == field.number }
        // Who does not read the language that it has is helped most by English.
        let first =
            readings.first { $0.keyText == language } ?? readings.first { $0.keyText == "en" } ?? readings.first
        guard case .text(let text) = first?.shown else { return nil }
        return text
    }

    /// Who wrote an operation, and when by the author's clock.
    static func origin(_ operation: OperationView) -> [Document.Member] {
        [
            .init("organisation", operation.organisation.map { .string($0.hex) } ?? .null),
            .init("device", .string(operation.device.hex)),
            .init("claimedAt", .string(CivilTime.text(operation.claimedAt))),
            .init("entry", .string(operation.id.entry.hex)),
        ]
    }

    private func fields(_ readings: [Reading]) -> [Document.Member] {
        var members: [Document.Member] = []
        for reading in readings {
            guard let value = value(reading) else { continue }
            guard let key = reading.keyText else {
                members.append(.init(reading.name, value))
                continue
            }
            let name = reading.field?.name ?? "#\(reading.number)"
            if case .object(let others) = members.last?.value, members.last?.name == name {
                members[members.count - 1] = .init(name, .object(others + [.init(key, value)]))
            } else {
                members.append(.init(name, .object([.init(key, value)])))
            }
        }
        return members
    }

    /// What `fields` shows of a reading; nil for what is unset, empty or of a type that this version cannot merge.
    func value(_ reading: Reading) -> Document? {
        switch reading.type {
        case .register, .map:
            guard let shown = reading.shown else { return ValueRendering.erased }
            return shown == .null ? nil : ValueRendering.document(shown, reading.field?.type)
        case .set:
            let members = self.members(reading)
            let isErased = reading.left.contains { $0.value == .erased }
            let items = members.map { ValueRendering.document($0, reading.field?.type) }
            return items.isEmpty && !isErased ? nil : .array(items + (isErased ? [ValueRendering.erased] : []))
        case .counter: return reading.counter.map { .int($0) }
        case .list:
            let items = reading.elements.map { element in
                element.present.first?.value.value.map { ValueRendering.document($0, reading.field?.type) }
                    ?? ValueRendering.erased
            }
            return items.isEmpty ? nil : .array(items)
        case .workflow:
            guard let shown = reading.steps.first, let effective = reading.effectiveStep else { return nil }
            var seen: Set<Int> = []
            let different = reading.steps.map(\.to).filter { seen.insert($0).inserted }
            return .pairs([
                "state": .string(reading.code(effective.to)), "shown": .string(reading.code(shown.to)),
                "concurrent": .strings(different.count > 1 ? different.map(reading.code) : []),
            ])
        default: return nil
        }
    }

    /// The members of a set, ascending, each once.
    private func members(_ reading: Reading) -> [Value] {
        var seen: Set<[UInt8]> = []
        return reading.present.compactMap { operation -> Value? in
            guard case .present(let value) = operation.value, seen.insert(value.encoded).inserted else { return nil }
            return value
        }.sorted(by: ValueRendering.isBefore)
    }

    private func missing(_ readings: [Reading], _ kind: Kind) -> [String] {
        let filled = Set(
            readings.filter { reading in
                switch reading.type {
                case .register, .map: (reading.shown ?? .null) != .null
                case .list: !reading.elements.isEmpty
                default: !reading.present.isEmpty
                }
            }.map(\.number))
        // By index, as a field is much to copy.
        return kind.fields.indices.filter { index in
            kind.fields[index].need >= .required && !filled.contains(kind.fields[index].number)
        }.map { kind.fields[$0].name }
    }

    private func disputes(_ disputed: [Reading], _ conflict: MergeRule.Conflict) -> Document {
        .object(disputed.filter { $0.conflict == conflict }.map { .init($0.name, values($0)) })
    }

    private func values(_ reading: Reading) -> Document {
        .array(
            reading.present.map { operation in
                .object([.init("value", value(operation, reading))] + RecordRendering.origin(operation))
            })
    }

    private func value(_ operation: OperationView, _ reading: Reading) -> Document {
        if let step = WorkflowStep(operation.shape), reading.type == .workflow { return .string(reading.code(step.to)) }
        guard case .present(let value) = operation.value else { return .null }
        return ValueRendering.document(value, reading.field?.type)
    }
}
