import Bytes
import Records

/// The fields of a record as people read them.
extension HumanText {
    /// One line of a record.
    private struct Line {
        let name: String
        let label: String
        let value: Document
        let type: ValueType?
    }

    /// The names of fields in a column, what people call them if they want to know, and the values.
    func fields(_ members: [Document.Member], of kind: Kind?) -> [String] {
        let lines = members.filter { $0.value != .array([]) }.flatMap { self.lines(of: $0, kind) }
        let width = lines.map { Printable.width($0.name) }.max() ?? 0
        let labelWidth = lines.map { Printable.width($0.label) }.max() ?? 0
        return lines.flatMap { line -> [String] in
            let label = showsLabels ? Printable.padded(line.label, to: labelWidth) + "  " : ""
            if let items = line.value.items, items.contains(where: { $0.members != nil }) {
                let head = showsLabels ? "  \(line.name)  \(line.label)" : "  \(line.name)"
                return [head] + table(items, indentation: "    ", of: line.type)
            }
            let begin = "  \(Printable.padded(line.name, to: width))  \(label)"
            let text = begin + inline(line.value, line.type)
            guard let items = line.value.items, items.count > 1, Printable.width(text) > (terminal.width ?? 100) else {
                return [text]
            }
            let head = showsLabels ? "  \(line.name)  \(line.label)" : "  \(line.name)"
            return [head] + items.map { "    " + inline($0, line.type?.item) }
        }
    }

    /// A field; the parts of a group and the languages of a text each by the name that `set` takes: `name.family`,
    /// `title.fr`.
    private func lines(of member: Document.Member, _ kind: Kind?) -> [Line] {
        let field = kind?.field(named: member.name)
        let label = field.map { $0.label.text(codeNames.language) } ?? ""
        let name = Printable.line(member.name)
        guard let parts = member.value.members, member.value["erased"] == nil, member.value["concurrent"] == nil else {
            return [Line(name: name, label: terminal.isolated(label), value: member.value, type: field?.type)]
        }
        let isMap = if case .map? = field?.merge { true } else { false }
        return parts.filter { $0.value != .null }.map { part in
            let name = "\(name).\(Printable.line(part.name))"
            let known = field?.type.named(part.name)
            guard !isMap, let known else {
                return Line(
                    name: name, label: terminal.isolated(label), value: part.value, type: isMap ? field?.type : nil)
            }
            let own = "\(label): \(known.label.text(codeNames.language))"
            return Line(name: name, label: terminal.isolated(own), value: part.value, type: known.type)
        }
    }

    /// The type of the values of a field that a conflict names: `title.fr` is one of `title`.
    func type(ofField name: String, _ kind: Kind?) -> ValueType? {
        kind?.field(named: String(name.prefix { $0 != "." }))?.type
    }

    /// What a member of a document is, by its name alone.
    static func type(ofMember name: String) -> ValueType? {
        CodeNames.form(ofMember: name).map { .form($0) }
    }
}

extension ValueType {
    /// A part of a group, or of the groups in a list; nil for other types and names.
    func named(_ name: String) -> Part? {
        switch self {
        case .group(let group): group.parts.first { $0.name == name }
        case .list(let item, _): item.named(name)
        default: nil
        }
    }

    /// The type of a part.
    func part(_ name: String) -> ValueType? { named(name)?.type }

    /// The type of an item of a list; of a set it is the type of the field itself.
    var item: ValueType { if case .list(let item, _) = self { item } else { self } }
}
