import Bytes
import Records

/// An answer as rows and columns, for `--csv` and `--porcelain`: one rule for every command.
///
/// - A document with a member `id` is about one thing and gives one row. Of any other the first list is the table, with
///   a row for each item; a document without a list gives one row. `--section` keeps one member and leaves the rest.
/// - Each member of a row is a column; those of an object within are columns called `a.b`. A list of plain values is
///   one cell with `; ` between them, any other list is JSON in one cell, as `set` takes it.
/// - A record has its fields last. A workflow is its state, conflicts are the names of the fields. In the form for
///   scripts each field of the kind has one column, filled or not, in the order of `liaison help KIND`.
/// - Columns stand in the order in which rows have them. Ids are whole, null is empty.
struct DocumentTable {
    /// Who reads it.
    enum Form {
        /// People, in a spreadsheet: columns have names, and groups and languages columns of their own.
        case sheet
        /// Scripts, by the place of a column.
        case script
    }

    /// Why there is no such table.
    struct TableError: Error, Hashable {
        let message: String
        let hint: String
    }

    private(set) var columns: [String] = []
    private(set) var rows: [[String]] = []

    private typealias Cell = (column: String, text: String)

    /// - Parameter wanted: the names of the columns, in their order; nil for all. A field of a record may be named by
    ///   its own name.
    init(
        _ document: Document, _ mainPart: Command.MainPart, schema: Schema, form: Form, wanted: [String]? = nil
    ) throws(TableError) {
        let items = DocumentTable.items(document, mainPart)
        var named: [[String: String]] = []
        for item in items {
            let cells = DocumentTable.cells(of: item, schema, form)
            note(cells.map(\.column))
            named.append(Dictionary(cells.map { ($0.column, $0.text) }) { first, _ in first })
        }
        let all = columns
        // What is null in some rows and has parts in others.
        columns = all.filter { column in
            !(named.allSatisfy { $0[column, default: ""].isEmpty } && all.contains { $0.hasPrefix(column + ".") })
        }
        if let wanted { try choose(wanted, items, schema) }
        rows = named.map { row in columns.map { row[$0] ?? "" } }
    }

    /// The part of a document that `--section` names.
    static func section(_ name: String, of document: Document) throws(TableError) -> Document {
        guard let member = document.members?.first(where: { $0.name == name }) else {
            let known = (document.members ?? []).map(\.name).joined(separator: ", ")
            throw TableError(message: "there is no section \(name)", hint: "one of: \(known)")
        }
        return .object([member])
    }

    private static func items(_ document: Document, _ mainPart: Command.MainPart) -> [Document] {
        guard case .firstList = mainPart, let members = document.members, document["id"] == nil,
            let list = members.first(where: { $0.value.items != nil }), let items = list.value.items
        else { return [document] }
        return items.map { $0.members == nil ? .object([.init(list.name, $0)]) : $0 }
    }

    /// Adds the columns of a row where they belong: after those that stand before them in the row.
    private mutating func note(_ names: [String]) {
        var place = 0
        for name in names {
            if let known = columns.firstIndex(of: name) {
                place = max(place, known + 1)
            } else if let part = columns.lastIndex(where: { $0.hasPrefix(name + ".") }) {
                columns.insert(name, at: part + 1)
                place = max(place, part + 2)
            } else {
                columns.insert(name, at: place)
                place += 1
            }
        }
    }

    private mutating func choose(_ wanted: [String], _ items: [Document], _ schema: Schema) throws(TableError) {
        guard !items.isEmpty else {
            columns = wanted
            return
        }
        let kinds = items.compactMap { item in schema.kinds.first { $0.name == item["kind"]?.text } }
        var chosen: [String] = []
        for name in wanted {
            let candidates = [name, "fields." + name]
            if let known = candidates.first(where: columns.contains) {
                chosen.append(known)
            } else if kinds.contains(where: { $0.field(named: String(name.prefix { $0 != "." })) != nil }) {
                chosen.append("fields." + name)
            } else {
                throw TableError(
                    message: "there is no column \(name)", hint: "one of: \(columns.joined(separator: ", "))")
            }
        }
        columns = chosen
    }

    // MARK: Cells

    private static func cells(of item: Document, _ schema: Schema, _ form: Form) -> [Cell] {
        if item["fields"]?.members != nil, let kind = schema.kinds.first(where: { $0.name == item["kind"]?.text }) {
            return record(item, kind, form)
        }
        return (item.members ?? [.init("value", item)]).flatMap { cells($0.value, $0.name) }
    }

    private static func record(_ item: Document, _ kind: Kind, _ form: Form) -> [Cell] {
        var cells: [Cell] = []
        for member in item.members ?? [] where member.name != "fields" {
            if ["conflicts", "soft"].contains(member.name), let disputed = member.value.members {
                cells.append((member.name, text(.strings(disputed.map(\.name)))))
            } else {
                cells += self.cells(member.value, member.name)
            }
        }
        let fields = item["fields"]?.members ?? []
        switch form {
        case .sheet:
            for member in fields { cells += self.cells(shown(member.value), "fields." + member.name) }
        case .script:
            for field in kind.fields {
                let value = fields.first { $0.name == field.name }?.value ?? .null
                cells.append(("fields." + field.name, text(shown(value))))
            }
        }
        return cells
    }

    /// A workflow as the state that counts; any other value as it is.
    private static func shown(_ value: Document) -> Document {
        if value["concurrent"] != nil, let state = value["state"] { state } else { value }
    }

    private static func cells(_ document: Document, _ name: String) -> [Cell] {
        guard let members = document.members, document["erased"] == nil else { return [(name, text(document))] }
        return members.flatMap { cells($0.value, "\(name).\($0.name)") }
    }

    /// A document in one cell.
    private static func text(_ document: Document) -> String {
        switch document {
        case .null: return ""
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .string(let text): return text
        case .array(let items):
            let isPlain = items.allSatisfy { $0.members == nil && $0.items == nil }
            return isPlain ? items.map(text).joined(separator: "; ") : JSONWriter.compactText(document)
        case .object: return document["erased"]?.flag == true ? "(erased)" : JSONWriter.compactText(document)
        }
    }

    // MARK: Texts

    /// The table as RFC 4180 says, lines ended by CR LF; empty without rows.
    var csv: String {
        guard !rows.isEmpty else { return "" }
        return ([columns] + rows).map { $0.map(DocumentTable.csvCell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Cells between tabs, no names; a tab, line feed, carriage return and backslash in a cell are `\t \n \r \\`.
    var porcelain: String {
        rows.map { $0.map(DocumentTable.porcelainCell).joined(separator: "\t") + "\n" }.joined()
    }

    /// A cell that no spreadsheet takes for a formula: an apostrophe goes before `= + - @`, but for plain numbers.
    private static func csvCell(_ text: String) -> String {
        var cell = Printable.data(text)
        if let first = cell.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first), !isNumber(cell) {
            cell = "'" + cell
        }
        let isPlain = cell.utf8.allSatisfy { ![0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard !isPlain || cell.utf8.first == 0x20 || cell.utf8.last == 0x20 else { return cell }
        // By scalars: a mark behind a quotation mark makes one character of both.
        var quoted = String.UnicodeScalarView()
        for scalar in cell.unicodeScalars { quoted.append(contentsOf: scalar == "\"" ? ["\"", "\""] : [scalar]) }
        return "\"" + String(quoted) + "\""
    }

    /// Digits with at most one point among them, perhaps after a minus.
    private static func isNumber(_ text: String) -> Bool {
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        return !text.hasPrefix("--") && (1...2).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    private static func porcelainCell(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\t": escaped.append(contentsOf: "\\t".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return Printable.data(String(escaped))
    }
}
