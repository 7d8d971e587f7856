import Bytes
import Node
import Records

/// Turns the document of a response into text for people: names and short ids in place of whole ids.
struct HumanText {
    private let names: [String: Response.IDName]
    let schema: Schema
    let codeNames: CodeNames
    let terminal: Terminal
    /// Fields and codes have what people call them beside them.
    let showsLabels: Bool

    /// - Parameter language: of names and labels, a BCP 47 tag.
    init(
        _ names: [Response.IDName], schema: Schema = .standard, language: String = "en", terminal: Terminal = .none,
        showsLabels: Bool = false
    ) {
        self.names = Dictionary(names.map { ($0.id, $0) }) { first, _ in first }
        self.schema = schema
        codeNames = CodeNames(language: language)
        self.terminal = terminal
        self.showsLabels = showsLabels
    }

    /// The text of an answer, without a line feed at the end; empty when there is nothing to say.
    func text(_ document: Document, verb: String) -> String {
        let lines: [String] =
            switch verb {
            case "new", "note", "invite": [short(document["id"] ?? document["code"])]
            case "set", "unset", "add", "remove", "move", "delete", "restore", "resolve": changed(document)
            case "show": record(document)
            case "list": list(document)
            case "conflicts": conflicts(document)
            case "history": history(document)
            case "undo": undo(document)
            case "why": why(document)
            case "merge": merge(document)
            case "unmerge": unmerge(document)
            default: members(document.members ?? [], indentation: "")
            }
        return lines.joined(separator: "\n")
    }

    // MARK: Records

    func changed(_ document: Document) -> [String] {
        guard let entry = document["entry"], entry != .null else { return ["\(short(document["id"])) is so already"] }
        return ["\(short(document["id"])) changed by entry \(short(entry))"]
    }

    private func record(_ document: Document) -> [String] {
        let space = document["space"]?.text.map { " in \($0)" } ?? ""
        let isDeleted = document["deleted"]?.flag == true ? ", deleted" : ""
        var lines = [heading(document) + space + isDeleted]
        let kind = schema.kinds.first { $0.name == document["kind"]?.text }
        lines += fields(document["fields"]?.members ?? [], of: kind)
        let missing = document["missing"]?.items?.compactMap(\.text) ?? []
        if !missing.isEmpty { lines.append("  missing: " + missing.joined(separator: ", ")) }
        for (name, title) in [("conflicts", "in conflict"), ("soft", "also written at the same time")] {
            for member in document[name]?.members ?? [] {
                let line = "  \(Printable.line(member.name)), \(title):"
                lines.append(name == "conflicts" ? terminal.emphasised(line, .undecided) : line)
                lines += values(member.value, indentation: "    ", type: type(ofField: member.name, kind))
            }
        }
        let contested = document["contested"]?.items ?? []
        if !contested.isEmpty {
            lines.append("  deleted by entry \(contested.map(short).joined(separator: ", ")) while others wrote to it")
            lines.append("  (liaison restore \(short(document["id"])) settles that; liaison delete deletes it again)")
        }
        return lines + mergers(document, of: kind)
    }

    func heading(_ document: Document) -> String {
        [document["kind"]?.text.map(Printable.line) ?? "", short(document["id"]), name(document["id"]) ?? ""]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func list(_ document: Document) -> [String] {
        let rows = (document["records"]?.items ?? []).map { record -> [String] in
            let missing = record["missing"]?.items?.count ?? 0
            let conflicts = record["conflicts"]?.members?.count ?? 0
            var notes: [String] = []
            if conflicts > 0 { notes.append("\(conflicts) in conflict") }
            if record["contested"]?.items?.isEmpty == false { notes.append("contested") }
            if missing > 0 { notes.append("\(missing) missing") }
            notes += mergeNotes(record)
            return [short(record["id"]), name(record["id"]) ?? "", notes.joined(separator: ", ")]
        }
        return Printable.table(["id", "name", "notes"], rows, within: terminal.width)
    }

    /// The values of a conflict with the numbers that `resolve --keep` takes.
    func values(_ document: Document, indentation: String, type: ValueType? = nil) -> [String] {
        (document.items ?? []).enumerated().flatMap { index, value in
            [
                "\(indentation)\(index + 1)  \(inline(value["value"] ?? .null, type))",
                "\(indentation)   \(origin(value))",
            ]
        }
    }

    func origin(_ document: Document) -> String {
        let who = [document["organisation"], document["device"]].compactMap { $0 }.filter { $0 != .null }
            .map { name($0) ?? short($0) }
        let time = document["claimedAt"]?.text ?? ""
        return (who + [time, "entry \(short(document["entry"]))"]).joined(separator: ", ")
    }

    private func history(_ document: Document) -> [String] {
        (document["entries"]?.items ?? []).flatMap { entry -> [String] in
            let who = [entry["organisation"], entry["device"]].compactMap { $0 }.filter { $0 != .null }
                .map { name($0) ?? short($0) }.joined(separator: ", ")
            let reason = entry["notApplied"]?.text.map { "  not applied: \(people($0))" } ?? ""
            let changes = (entry["changes"]?.items ?? []).map { change -> String in
                let verb = change["operation"]?.text ?? ""
                let field = Printable.line(change["field"]?.text ?? "")
                let value =
                    change["erased"] != nil ? ": erased" : change["value"].map { ": " + inline($0, nil) } ?? ""
                switch verb {
                case "delete", "restore": return "  \(verb)"
                case "remark": return "  \(field)\(value)"
                case "remove" where !value.isEmpty: return "  remove \(field)\(value)"
                case "remove", "unset":
                    // What went stands in what was replaced.
                    let gone = (change["replaced"]?.items ?? []).compactMap { $0["value"] }.map { inline($0, nil) }
                    return "  \(verb) \(field)" + (gone.isEmpty ? "" : ": " + gone.joined(separator: ", "))
                default: return "  \(verb) \(field)\(value)"
                }
            }
            return ["\(short(entry["entry"]))  \(entry["claimedAt"]?.text ?? "")  \(who)\(reason)"] + changes
        }
    }

    // MARK: Anything else

    /// The widest line that is not broken into several, cells.
    private var lineWidth: Int { terminal.width ?? 100 }

    /// Names in a column and their values beside them; lists of objects are tables below their name.
    func members(_ members: [Document.Member], indentation: String) -> [String] {
        let printed = members.filter { $0.value != .array([]) }
        let width = printed.map { Printable.width(HumanText.words($0.name)) }.max() ?? 0
        return printed.flatMap { member -> [String] in
            let name = HumanText.words(member.name)
            let items = member.value.items
            if let items, items.contains(where: { $0.members != nil }) {
                let lines = table(items, indentation: indentation + "  ")
                return ["\(indentation)\(name)"] + explained(items, lines, indentation: indentation + "    ")
            }
            let type = HumanText.type(ofMember: member.name)
            let line = "\(indentation)\(Printable.padded(name, to: width))  \(inline(member.value, type))"
            guard let items, items.count > 1, Printable.width(line) > lineWidth else { return [line] }
            return ["\(indentation)\(name)"] + items.map { indentation + "  " + inline($0, type) }
        }
    }

    /// A table with a column for each name that has a value in any row.
    /// - Parameter type: what the items are; nil where nothing is known.
    func table(_ items: [Document], indentation: String, of type: ValueType? = nil) -> [String] {
        var headers: [String] = []
        for name in items.flatMap({ $0.members ?? [] }).map(\.name) where !headers.contains(name) && name != "checks" {
            if items.contains(where: { ![.null, .array([])].contains($0[name] ?? .null) }) { headers.append(name) }
        }
        let rows = items.map { item in
            headers.map { header in
                header == "id"
                    ? short(item[header])
                    : item[header].map { inline($0, type?.part(header) ?? HumanText.type(ofMember: header)) } ?? ""
            }
        }
        let limit = terminal.width.map { $0 - Printable.width(indentation) }
        return Printable.table(headers.map(HumanText.words), rows, within: limit).map {
            $0.isEmpty ? $0 : indentation + $0
        }
    }

    /// The lines of a table, with the checks of each row below it, a line for each.
    private func explained(_ items: [Document], _ lines: [String], indentation: String) -> [String] {
        guard items.contains(where: { $0["checks"] != nil }) else { return lines }
        let hasHeader = lines.count == items.count + 1
        // A table that is too wide has a block for each row, with an empty line between them.
        let rows =
            hasHeader
            ? lines.dropFirst().map { [$0] } : lines.split { $0.allSatisfy { $0 == " " } }.map(Array.init)
        return lines.prefix(hasHeader ? 1 : 0)
            + zip(rows, items).flatMap { row, item in
                row + (item["checks"]?.items ?? []).map { indentation + inline($0) }
            }
    }

    /// The name of a member as words: `lastSync` is `last sync`.
    private static func words(_ name: String) -> String {
        Printable.line(name).reduce(into: "") { words, letter in
            words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
        }
    }

    /// A document on one line.
    /// - Parameter type: what it is a value of; nil where nothing is known.
    func inline(_ document: Document, _ type: ValueType? = nil) -> String {
        switch document {
        case .null: return "—"
        case .bool(let flag): return flag ? "yes" : "no"
        case .int(let number): return String(number)
        case .string(let text): return word(text, type)
        case .array(let items):
            let separator = items.contains { $0.members != nil || $0.items != nil } ? "; " : ", "
            return items.map { inline($0, type?.item) }.joined(separator: separator)
        case .object(let members):
            if document["erased"]?.flag == true { return "(erased)" }
            if members.count == 3, let check = document["check"]?.text, let why = document["why"]?.text {
                let mark = ["yes": "✓", "half": "½"][document["ok"]?.text ?? ""] ?? "✗"
                return "\(mark) \(Printable.line(check))" + (why.isEmpty ? "" : " (\(Printable.line(why)))")
            }
            if let state = document["state"], let concurrent = document["concurrent"] {
                let others = concurrent.items ?? []
                let meanwhile = others.isEmpty ? "" : " (at the same time: \(inline(concurrent, type)))"
                return inline(state, type) + meanwhile
            }
            if case .int(let bytes)? = document["bytes"], members.count == 2, let entries = document["entries"] {
                return "\(inline(entries, nil)) (\(ProgressLine.bytes(Int(bytes))))"
            }
            if case .string(let id)? = document["id"], members.count == 2, let name = document["name"] {
                return "\(inline(name, nil)) (\(names[id]?.prefix ?? String(id.prefix(8))))"
            }
            return members.filter { $0.value != .null }
                .map { "\(Printable.line($0.name)) \(inline($0.value, type?.part($0.name)))" }.joined(separator: ", ")
        }
    }

    /// A text: the name of an id or code with what it stands for, people's words as they are.
    private func word(_ text: String, _ type: ValueType?) -> String {
        switch type {
        case .text(let form, _):
            guard CodeNames.isCode(text, form), let name = codeNames.name(text, form) else { break }
            return "\(people(name)) (\(text))"
        case .code(let codes):
            guard showsLabels, let code = codes.first(where: { $0.word == text }) else { break }
            let label = code.label.text(codeNames.language)
            return label == text ? text : "\(people(label)) (\(text))"
        default: break
        }
        return named(text)
    }

    /// A text, or what stands for an id: its name and the beginning of it.
    private func named(_ text: String) -> String {
        guard let known = names[text] else { return people(HumanText.abbreviated(text)) }
        return known.name.map { "\(people($0)) (\(known.prefix))" } ?? known.prefix
    }

    private func name(_ document: Document?) -> String? {
        document?.text.flatMap { names[$0]?.name }.map(people)
    }

    /// Words of people on one line, that nothing beside them can turn around.
    func people(_ text: String) -> String { terminal.isolated(Printable.line(text)) }

    /// The beginning of an id; other texts as they are.
    func short(_ document: Document?) -> String {
        guard let text = document?.text else { return "" }
        return names[text]?.prefix ?? people(HumanText.abbreviated(text))
    }

    /// The beginning of an id or a digest that nobody has named: as many digits as a person compares.
    private static func abbreviated(_ text: String) -> String {
        let count = text.utf8.count
        guard count == 32 || count == 64, [UInt8](hex: text) != nil else { return text }
        return String(text.prefix(count == 32 ? 8 : 12))
    }
}
