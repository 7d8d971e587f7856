import Records

/// What may stand where a command takes fields of one kind.
struct FieldOffers {
    private typealias Offer = Completion.Offer

    private let completion: Completion
    private let kind: Kind
    private let line: Completion.Line

    init(_ completion: Completion, _ kind: Kind, _ line: Completion.Line) {
        self.completion = completion
        self.kind = kind
        self.line = line
    }

    private var language: String { completion.codeNames.language }

    /// The fields by name.
    func names(_ last: String) -> [Completion.Offer] {
        kind.fields.map { Offer(text: $0.name, note: $0.label.text(language)) }
    }

    /// `field=`, and behind that what the field may be.
    func assignments(_ last: String) -> [Completion.Offer] {
        guard let equals = last.firstIndex(of: "=") else { return paths(last) }
        let path = String(last[..<equals])
        let value = String(last[last.index(after: equals)...])
        guard !value.hasPrefix("@") else { return [.files] }
        guard let field = kind.field(named: String(path.prefix { $0 != "." })) else { return [] }
        var type = field.type
        let key = path.dropFirst(field.name.utf8.count + 1)
        if case .group(let group) = type {
            guard let part = group.parts.first(where: { $0.name == key }) else { return [] }
            type = part.type
        }
        return values(type, value).map { Offer(text: "\(path)=\($0.text)", note: $0.note, isFound: $0.isFound) }
    }

    private func paths(_ last: String) -> [Offer] {
        let verb = line.command?.name.split(separator: " ").last ?? ""
        let isOnMembers = ["add", "remove"].contains(verb)
        return kind.fields.filter { !isOnMembers || isMany($0) }.flatMap { field -> [Offer] in
            let label = field.label.text(language)
            if case .group(let group) = field.type, field.merge != .set {
                return group.parts.map { Offer(text: "\(field.name).\($0.name)=", note: label) }
            }
            var offers = [Offer(text: field.name + "=", note: label)]
            if case .map(.language, _) = field.merge, last.hasPrefix(field.name + ".") {
                offers += CodeNames.languages.map { tag in
                    let name = completion.codeNames.name(tag, .language) ?? tag
                    return Offer(text: "\(field.name).\(tag)=", note: "\(label), \(name)")
                }
            }
            return offers
        }
    }

    /// Whether a field has members that come and go.
    private func isMany(_ field: Field) -> Bool {
        switch field.merge {
        case .register, .map, .workflow: false
        default: true
        }
    }

    private func values(_ type: ValueType, _ value: String) -> [Offer] {
        let names = completion.codeNames
        switch type {
        case .code(let codes): return codes.map { Offer(text: $0.word, note: $0.label.text(language)) }
        case .boolean: return ["true", "false"].map { Offer(text: $0) }
        case .id(let kinds):
            let words = kinds.compactMap { completion.table.schema.kind($0)?.name }
            return completion.records(value, words)
        case .text(.country, _), .text(.region, _):
            return Codes.countries.sorted().map { Offer(text: $0, note: names.name($0, .country) ?? "") }
        case .text(.currency, _):
            return Codes.currencies.sorted().map { Offer(text: $0, note: names.name($0, .currency) ?? "") }
        case .text(.language, _): return completion.languages()
        default: return []
        }
    }
}
