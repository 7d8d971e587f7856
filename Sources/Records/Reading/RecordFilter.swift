import Bytes
package import Replica

/// Which records of a kind somebody wants to see: those that hold every one of some values.
package struct RecordFilter {
    private struct Condition {
        let field: Field
        let key: CBOR
        /// The place in a group; nil for the whole value.
        let part: Int?
        /// The encoding of the value, or for workflows the code of the state.
        let wanted: Wanted
    }

    private enum Wanted {
        case value([UInt8])
        case state(String)
    }

    private let conditions: [Condition]
    /// What must be left in fields by which a store finds the records to look at; it looks at all if there are none.
    package let found: [FieldValue]

    /// Reads conditions as values of their fields: `country=SN`, `title.fr=…`, `name.family=…`, `state=open`.
    package init(
        _ kind: Kind, _ assignments: [Assignment], language: String, lookup: @escaping RecordLookup
    ) throws(RecordError) {
        let editor = RecordEditor(schema: Schema([kind]), language: language, lookup: lookup)
        var found: [FieldValue] = []
        conditions = try assignments.map { (assignment) throws(RecordError) -> Condition in
            let field = try editor.field(assignment.field, kind)
            if case .workflow(let workflow) = field.merge {
                guard let state = workflow.state(code: assignment.text) else {
                    throw .invalidValue(
                        field: field.name, reason: "\(assignment.text) is none of its states",
                        remedy: "one of \(workflow.codes.joined(separator: ", "))")
                }
                found.append(FieldValue(field: field.number, value: .integer(Int64(state.number))))
                return Condition(field: field, key: .null, part: nil, wanted: .state(assignment.text))
            }
            var key = CBOR.null
            var part: Int?
            var type = field.type
            if case .map(let keys, _) = field.merge {
                key = try editor.mapKey(field, keys, assignment.key)
            } else if case .group(let group) = field.type, let name = assignment.key {
                guard let place = group.parts.firstIndex(where: { $0.name == name }) else {
                    throw editor.parser.unknownPart(name, group, field: field.name)
                }
                part = place
                type = group.parts[place].type
            }
            let value = try editor.parser.value(assignment.text, type, field: assignment.path)
            if part == nil, kind.indexForm(field) == .value {
                found.append(FieldValue(field: field.number, value: value))
            }
            return Condition(field: field, key: key, part: part, wanted: .value(value.encoded))
        }
        self.found = found
    }

    /// Whether a record holds all that is wanted; of a conflict any of its values will do.
    package func accepts(_ state: RecordState) -> Bool {
        conditions.allSatisfy { condition in
            guard let reading = state.reading(condition.field, key: condition.key) else { return false }
            switch condition.wanted {
            case .state(let code): return reading.effectiveStep.map { reading.code($0.to) } == code
            case .value(let encoding):
                if reading.type == .counter { return reading.shown?.encoded == encoding }
                return reading.disputable.flatMap(\.present).contains { operation in
                    guard let part = condition.part else { return operation.value.encoding == encoding }
                    guard case .present(.array(let parts)) = operation.value, part < parts.count else { return false }
                    return parts[part].encoded == encoding
                }
            }
        }
    }
}
