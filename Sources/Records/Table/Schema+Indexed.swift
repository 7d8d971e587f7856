package import Replica

extension Schema {
    /// The fields by whose values a store is to find records.
    package var indexed: IndexedFields {
        IndexedFields(
            kinds.flatMap { kind in
                kind.fields.compactMap { field in
                    kind.indexForm(field).map { .init(kind: kind.number, field: field.number, form: $0) }
                }
            })
    }
}

extension Kind {
    /// What of a field is found; nil where reading all has to do.
    ///
    /// Found are words that people and queries look for as a whole: not texts, numbers, groups and lists, of which
    /// only the ids inside are found.
    package func indexForm(_ field: Field) -> IndexedFields.Form? {
        if case .workflow = field.merge { return .value }
        let isUnique = rules.contains { if case .unique(field.name) = $0 { true } else { false } }
        if isUnique || field.isTags || field.type.isFoundAsAWhole { return .value }
        if case .map(.id, _) = field.merge { return .ids }
        return field.type.hasIDs ? .ids : nil
    }
}

extension Field {
    /// Whether these are the words that people sort their records by.
    fileprivate var isTags: Bool { Field.common.contains { $0.number == number } && name == "tags" }
}

extension ValueType {
    fileprivate var isFoundAsAWhole: Bool {
        switch self {
        case .code, .boolean, .date, .instant, .id: true
        case .text(let form, _):
            switch form {
            case .concept, .country, .region, .language, .email, .orcid, .ror, .slug: true
            default: false
            }
        default: false
        }
    }

    /// Whether values hold ids inside.
    fileprivate var hasIDs: Bool {
        switch self {
        case .id: true
        case .group(let group): group.parts.contains { $0.type.hasIDs }
        case .list(let item, _): item.hasIDs
        default: false
        }
    }
}
