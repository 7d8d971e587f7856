import Bytes
import Node
import Records

/// An example of a record, made from the row of its kind: what help and manual show.
struct Sample {
    private static let id = "3fa9c1d2"
    /// The record that references name.
    private static let otherID = "7c01d9e4"
    private static let entry = "81c07f3e"

    private let kind: Kind
    /// The fields that the example sets, with the words that set them.
    private let assignments: [(field: Field, words: [(path: String, text: String)])]

    init(_ kind: Kind) {
        self.kind = kind
        var fields = kind.fields.filter { $0.need == .atNew }
        let more = kind.fields.filter { field in
            let isOpen = field.number >= 16 && field.need != .atNew && field.initial == .nothing
            return isOpen && (field.need == .required ? !Sample.isLong(field) : Sample.isPlain(field))
        }
        fields += (more.filter { $0.need == .required } + more.filter { $0.need == .optional }).prefix(
            max(0, 3 - fields.count))
        assignments = fields.map { ($0, Sample.words($0)) }
    }

    /// A field whose value says by itself what it is.
    private static func isPlain(_ field: Field) -> Bool {
        guard field.initial == .nothing, case .register = field.merge else { return false }
        switch field.type {
        case .group, .list, .id, .boolean: return false
        default: return true
        }
    }

    /// A field whose value is typed as JSON, or that begins by itself.
    private static func isLong(_ field: Field) -> Bool {
        if case .list = field.type { return true }
        if case .workflow = field.merge { return true }
        return false
    }

    /// A command on such a record, and what it prints.
    func example(of command: Command) -> String {
        let verb = command.name
        let title = kind.field(kind.titleField).map { Sample.text($0.type, $0.label.english) } ?? ""
        let typed = assignments.flatMap(\.words).map { Sample.quoted("\($0.path)=\($0.text)") }
        let changed = "\(Sample.id) changed by entry \(Sample.entry)"
        let set = kind.fields.first { $0.merge == .set && $0.number >= 16 } ?? kind.fields.first { $0.merge == .set }
        let single =
            kind.fields.last { Sample.isPlain($0) && $0.need == .optional && $0.number >= 16 }
            ?? kind.fields.first { $0.number >= 16 }
        func line(_ words: String...) -> String {
            (["$ liaison \(kind.word) \(verb)"] + words.filter { !$0.isEmpty }).joined(separator: " ")
        }
        func assigned(_ field: Field?) -> String {
            field.map { Sample.words($0).map { Sample.quoted("\($0.path)=\($0.text)") }.joined(separator: " ") } ?? ""
        }
        switch verb {
        case "new": return line(typed.joined(separator: " ")) + "\n\(Sample.id)"
        case "list":
            let condition = single.map { "--where " + assigned($0) } ?? ""
            return line(condition) + "\nid        name\n\(Sample.id)  \(title)"
        case "show": return line(Sample.id) + "\n\(kind.name) \(Sample.id) \(title) in net\n" + shown
        case "set": return line(Sample.id, assigned(single)) + "\n" + changed
        case "unset": return line(Sample.id, single?.name ?? "") + "\n" + changed
        case "add", "remove": return line(Sample.id, assigned(set)) + "\n" + changed
        case "resolve": return line(Sample.id, single?.name ?? "", "--keep 1") + "\n" + changed
        case "history":
            let change = assignments.first.flatMap { $0.words.first.map { "  set \($0.path): \($0.text)" } } ?? ""
            return line(Sample.id) + "\n\(Sample.entry)  2026-11-02T09:00:00Z  Sector, paris\n" + change
        case "delete", "restore": return line(Sample.id) + "\n" + changed
        case "move":
            let list = kind.fields.first(where: \.isList)
            return line(Sample.id, list?.name ?? "", "3 --before 1") + "\n" + changed
        default:
            let rest = command.example.dropFirst("$ liaison \(verb)".count)
            return "$ liaison \(kind.word) \(verb)" + rest
        }
    }

    private var shown: String {
        let rows = assignments.flatMap(\.words).map { [$0.path, $0.text] }
        let width = rows.map { Printable.width($0[0]) }.max() ?? 0
        return rows.map { "  " + Printable.padded($0[0], to: width) + "  " + $0[1] }.joined(separator: "\n")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || "=.:/_-@,".unicodeScalars.contains($0)
        }
        guard !isPlain, let equals = word.firstIndex(of: "=") else { return word }
        return word[...equals] + "'" + word[word.index(after: equals)...] + "'"
    }

    // MARK: Values

    /// The words that set a field: of a group what belongs together.
    static func words(_ field: Field) -> [(path: String, text: String)] {
        if case .group(let group) = field.type, field.merge != .set {
            let parts = group.parts.filter(\.isRequired)
            let chosen = parts.isEmpty ? Array(group.parts.prefix(2)) : parts
            return chosen.map {
                ("\(field.name).\($0.name)", text($0.type, $0.name.prefix(1).uppercased() + $0.name.dropFirst()))
            }
        }
        return [(field.name, text(field.type, field.label.english))]
    }

    /// A value as it is typed.
    static func text(_ type: ValueType, _ label: String) -> String {
        switch type {
        case .text(let form, let length): String(text(form, label).unicodeScalars.prefix(length))
        case .code(let codes): codes.first?.word ?? ""
        case .integer(let range): String(min(max(3, range.lowerBound), range.upperBound))
        case .boolean: "true"
        case .decimal(let range): String(min(max(100, range.lowerBound), range.upperBound))
        case .date: "2027-03-01"
        case .instant: "2027-03-01T09:00:00Z"
        case .id: otherID
        case .group, .list: JSONWriter.compactText(document(type, label))
        }
    }

    private static func document(_ type: ValueType, _ label: String) -> Document {
        switch type {
        case .group(let group):
            .object(group.parts.map { .init($0.name, document($0.type, $0.name)) })
        case .list(let item, _): .array([document(item, label)])
        default: .string(text(type, label))
        }
    }

    private static func text(_ form: TextForm, _ label: String) -> String {
        switch form {
        case .line, .lines: label
        case .concept: "radio"
        case .country, .region: "SN"
        case .language: "fr"
        case .email: "amina@example.org"
        case .phone: "+221 33 000 00 01"
        case .web: "https://www.example.org/"
        case .orcid: "0000-0002-1825-0097"
        case .ror: "https://ror.org/04h4z8k05"
        case .currency: "EUR"
        case .zone: "Europe/Paris"
        case .slug: "open-data-week"
        case .address: "node.example.org:7420"
        }
    }
}

extension Field {
    /// Whether it has elements in an order.
    var isList: Bool { if case .list = merge { true } else { false } }
}
