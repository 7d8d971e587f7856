import Bytes
import Node

/// Turns the document of a response into text for people: names and short ids in place of whole ids.
struct HumanText {
    private let names: [String: Response.IDName]

    init(_ names: [Response.IDName]) {
        self.names = Dictionary(names.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The text of an answer, without a line feed at the end; empty when there is nothing to say.
    func text(_ document: Document, verb: String) -> String {
        let lines: [String] =
            switch verb {
            case "new", "invite": [short(document["id"] ?? document["code"])]
            case "set", "unset", "add", "remove", "move", "delete", "restore", "resolve": changed(document)
            case "show": record(document)
            case "list": list(document)
            case "conflicts": conflicts(document)
            case "history": history(document)
            default: members(document.members ?? [], indentation: "")
            }
        return lines.joined(separator: "\n")
    }

    // MARK: Records

    private func changed(_ document: Document) -> [String] {
        guard let entry = document["entry"], entry != .null else { return ["\(short(document["id"])) is so already"] }
        return ["\(short(document["id"])) changed by entry \(short(entry))"]
    }

    private func record(_ document: Document) -> [String] {
        let space = document["space"]?.text.map { " in \($0)" } ?? ""
        let isDeleted = document["deleted"]?.flag == true ? ", deleted" : ""
        var lines = [heading(document) + space + isDeleted]
        lines += members((document["fields"]?.members ?? []).flatMap(parts), indentation: "  ")
        let missing = document["missing"]?.items?.compactMap(\.text) ?? []
        if !missing.isEmpty { lines.append("  missing: " + missing.joined(separator: ", ")) }
        for (name, title) in [("conflicts", "in conflict"), ("soft", "also written at the same time")] {
            for member in document[name]?.members ?? [] {
                lines.append("  \(Printable.line(member.name)), \(title):")
                lines += values(member.value, indentation: "    ")
            }
        }
        let contested = document["contested"]?.items ?? []
        if !contested.isEmpty {
            lines.append("  deleted by entry \(contested.map(short).joined(separator: ", ")) while others wrote to it")
            lines.append("  (liaison restore \(short(document["id"])) settles that; liaison delete deletes it again)")
        }
        return lines
    }

    /// The parts of a group and the languages of a text each by the name that `set` takes: `name.family`, `title.fr`.
    private func parts(_ field: Document.Member) -> [Document.Member] {
        guard let members = field.value.members, field.value["erased"] == nil, field.value["concurrent"] == nil else {
            return [field]
        }
        return members.filter { $0.value != .null }.map { .init("\(field.name).\($0.name)", $0.value) }
    }

    private func heading(_ document: Document) -> String {
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
            return [short(record["id"]), name(record["id"]) ?? "", notes.joined(separator: ", ")]
        }
        return Printable.table(["id", "name", "notes"], rows)
    }

    private func conflicts(_ document: Document) -> [String] {
        var lines: [String] = []
        for conflict in document["conflicts"]?.items ?? [] {
            lines.append("\(heading(conflict)): \(Printable.line(conflict["field"]?.text ?? ""))")
            lines += values(conflict["values"] ?? .null, indentation: "  ")
        }
        for contest in document["contested"]?.items ?? [] {
            lines.append("\(heading(contest)): deleted while others wrote to it")
            for delete in contest["deletes"]?.items ?? [] { lines.append("  " + origin(delete)) }
        }
        return lines
    }

    /// The values of a conflict with the numbers that `resolve --keep` takes.
    private func values(_ document: Document, indentation: String) -> [String] {
        (document.items ?? []).enumerated().flatMap { index, value in
            ["\(indentation)\(index + 1)  \(inline(value["value"] ?? .null))", "\(indentation)   \(origin(value))"]
        }
    }

    private func origin(_ document: Document) -> String {
        let who = [document["organisation"], document["device"]].compactMap { $0 }.filter { $0 != .null }
            .map { name($0) ?? short($0) }
        let time = document["claimedAt"]?.text ?? ""
        return (who + [time, "entry \(short(document["entry"]))"]).joined(separator: ", ")
    }

    private func history(_ document: Document) -> [String] {
        (document["entries"]?.items ?? []).flatMap { entry -> [String] in
            let who = [entry["organisation"], entry["device"]].compactMap { $0 }.filter { $0 != .null }
                .map { name($0) ?? short($0) }.joined(separator: ", ")
            let reason = entry["notApplied"]?.text.map { "  not applied: \(Printable.line($0))" } ?? ""
            let changes = (entry["changes"]?.items ?? []).map { change -> String in
                let verb = change["operation"]?.text ?? ""
                let field = Printable.line(change["field"]?.text ?? "")
                let value =
                    change["erased"] != nil ? ": erased" : change["value"].map { ": " + inline($0) } ?? ""
                switch verb {
                case "delete", "restore": return "  \(verb)"
                case "remark": return "  \(field)\(value)"
                case "remove" where !value.isEmpty: return "  remove \(field)\(value)"
                case "remove", "unset":
                    // What went stands in what was replaced.
                    let gone = (change["replaced"]?.items ?? []).compactMap { $0["value"] }.map(inline)
                    return "  \(verb) \(field)" + (gone.isEmpty ? "" : ": " + gone.joined(separator: ", "))
                default: return "  \(verb) \(field)\(value)"
                }
            }
            return ["\(short(entry["entry"]))  \(entry["claimedAt"]?.text ?? "")  \(who)\(reason)"] + changes
        }
    }

    // MARK: Anything else

    /// The widest line that is not broken into several, cells.
    private static let lineWidth = 100

    /// Names in a column and their values beside them; lists of objects are tables below their name.
    private func members(_ members: [Document.Member], indentation: String) -> [String] {
        let printed = members.filter { $0.value != .array([]) }
        let width = printed.map { Printable.width(HumanText.words($0.name)) }.max() ?? 0
        return printed.flatMap { member -> [String] in
            let name = HumanText.words(member.name)
            let items = member.value.items
            if let items, items.contains(where: { $0.members != nil }) {
                return ["\(indentation)\(name)"] + table(items).map { indentation + "  " + $0 }
            }
            let line = "\(indentation)\(Printable.padded(name, to: width))  \(inline(member.value))"
            guard let items, items.count > 1, Printable.width(line) > HumanText.lineWidth else { return [line] }
            return ["\(indentation)\(name)"] + items.map { indentation + "  " + inline($0) }
        }
    }

    /// A table with a column for each name that has a value in any row.
    private func table(_ items: [Document]) -> [String] {
        var headers: [String] = []
        for name in items.flatMap({ $0.members ?? [] }).map(\.name) where !headers.contains(name) {
            if items.contains(where: { ($0[name] ?? .null) != .null }) { headers.append(name) }
        }
        return Printable.table(
            headers.map(HumanText.words),
            items.map { item in
                headers.map { header in
                    header == "id" ? short(item[header]) : item[header].map(inline) ?? ""
                }
            })
    }

    /// The name of a member as words: `lastSync` is `last sync`.
    private static func words(_ name: String) -> String {
        Printable.line(name).reduce(into: "") { words, letter in
            words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
        }
    }

    /// A document on one line.
    private func inline(_ document: Document) -> String {
        switch document {
        case .null: return "—"
        case .bool(let flag): return flag ? "yes" : "no"
        case .int(let number): return String(number)
        case .string(let text): return named(text)
        case .array(let items):
            let separator = items.contains { $0.members != nil || $0.items != nil } ? "; " : ", "
            return items.map(inline).joined(separator: separator)
        case .object(let members):
            if document["erased"]?.flag == true { return "(erased)" }
            if let state = document["state"], let concurrent = document["concurrent"] {
                let others = concurrent.items ?? []
                return inline(state) + (others.isEmpty ? "" : " (at the same time: \(inline(concurrent)))")
            }
            if case .string(let id)? = document["id"], members.count == 2, let name = document["name"] {
                return "\(inline(name)) (\(names[id]?.prefix ?? String(id.prefix(8))))"
            }
            return members.filter { $0.value != .null }
                .map { "\(Printable.line($0.name)) \(inline($0.value))" }.joined(separator: ", ")
        }
    }

    /// A text, or what stands for an id: its name and the beginning of it.
    private func named(_ text: String) -> String {
        guard let known = names[text] else { return Printable.line(HumanText.abbreviated(text)) }
        return known.name.map { "\(Printable.line($0)) (\(known.prefix))" } ?? known.prefix
    }

    private func name(_ document: Document?) -> String? {
        document?.text.flatMap { names[$0]?.name }.map(Printable.line)
    }

    /// The beginning of an id; other texts as they are.
    private func short(_ document: Document?) -> String {
        guard let text = document?.text else { return "" }
        return names[text]?.prefix ?? Printable.line(HumanText.abbreviated(text))
    }

    /// The beginning of an id or a digest that nobody has named: as many digits as a person compares.
    private static func abbreviated(_ text: String) -> String {
        let count = text.utf8.count
        guard count == 32 || count == 64, [UInt8](hex: text) != nil else { return text }
        return String(text.prefix(count == 32 ? 8 : 12))
    }
}
