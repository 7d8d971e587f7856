import Bytes
import Records

/// What `help` prints.
struct Help {
    /// Cells in a line where nobody says how many there are.
    static let width = 80

    private let table: CommandTable
    /// Of labels, a BCP 47 tag.
    private let language: String
    /// Cells in a line of the terminal; nil where lines may be of any length.
    private let limit: Int?
    private var width: Int { min(limit ?? Help.width, 100) }

    init(_ table: CommandTable, language: String = "en", within limit: Int? = nil) {
        self.table = table
        self.language = language
        self.limit = limit
    }

    /// The groups of commands, those of few words among them.
    var groups: [Command.Group] {
        let shortcuts = table.shortcuts
        guard !shortcuts.isEmpty else { return Command.groups }
        return Command.groups.map { group in
            group.name == "write"
                ? Command.Group(name: group.name, title: group.title, commands: group.commands + shortcuts) : group
        }
    }

    func group(_ name: String) -> Command.Group? { groups.first { $0.name == name } }

    /// One screen: the commands by what people do with them.
    var overview: String {
        let column = (groups.map(\.name) + ["kinds"]).map(\.utf8.count).max() ?? 0
        func row(_ name: String, _ words: [String]) -> [String] {
            let separated = words.enumerated().map { $1 + ($0 < words.count - 1 ? "," : "") }
            return Printable.wrapped(separated, begin: "  " + Printable.padded(name, to: column + 2), width: width)
        }
        // A command of two words stays on one line.
        let groups = groups.flatMap { group in
            row(group.name, group.commands.map { $0.name.replacing(" ", with: "\u{A0}") })
        }.map { $0.replacing("\u{A0}", with: " ") }
        return """
            liaison keeps records together with others: everybody writes offline, and nodes
            reconcile when they meet.

            Usage: liaison COMMAND … [--home DIR] [--json | --csv | --porcelain]

            \(groups.joined(separator: "\n"))

            Each kind of record has commands of its own, such as liaison contact new:
            \(row("verbs", CommandTable.generic.map(\.name)).joined(separator: "\n"))
            \(row("kinds", table.schema.kinds.map(\.word)).joined(separator: "\n"))

            liaison help COMMAND explains a command, liaison help write a group, liaison
            help contact the fields of a kind, liaison help forms --json, --csv and others.
            The home is --home, else LIAISON_HOME, else ~/.liaison.
            Exit codes: 0 done, 1 failed, 2 usage, 3 not found or ambiguous, 4 not
            permitted, 5 a person must decide, 6 invalid value, 7 no peer reachable,
            8 integrity.
            """
    }

    /// One command with its example; where it takes fields of one kind, those too.
    func text(_ command: Command) -> String {
        let example = command.example.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        var parts = ["Usage: \(command.usage)", filled(command.about)]
        if let kind = kind(of: command), command.arguments.contains("field") || command.option("where") != nil {
            parts.append(fields(kind).joined(separator: "\n"))
        }
        parts.append("Example:\n\(example)")
        return parts.joined(separator: "\n\n")
    }

    /// Paragraphs as wide as the terminal; as they are written where there is none.
    private func filled(_ text: String) -> String {
        guard limit != nil else { return text }
        return text.split(separator: "\n\n").map { paragraph in
            Printable.wrapped(paragraph.split(whereSeparator: \.isWhitespace).map(String.init), begin: "", width: width)
                .joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private func kind(of command: Command) -> Kind? {
        switch command.meaning {
        case .itself: nil
        case .onKind(let kind, _, _), .newRecord(let kind, _, _): table.kind(kind)
        }
    }

    /// A group with a line for each command.
    func text(_ group: Command.Group) -> String {
        let rows = group.commands.map { [$0.name, $0.summary] }
        let column = rows.map { $0[0].utf8.count }.max() ?? 0
        let lines = rows.map { "  " + Printable.padded($0[0], to: column) + "  " + $0[1] }
        return ([group.title + ":", ""] + lines).joined(separator: "\n")
    }

    /// The same for programs.
    static func document(_ commands: [Command]) -> Document {
        .pairs([
            "commands": .array(
                commands.map {
                    .pairs([
                        "name": .string($0.name), "usage": .string($0.usage), "summary": .string($0.summary),
                        "about": .string($0.about), "example": .string($0.example),
                    ])
                })
        ])
    }

    /// The fields of a kind and the commands on it.
    func text(_ kind: Kind) -> String {
        let family = table.family(kind.word)
        let column = family.map(\.name.utf8.count).max() ?? 0
        let commands = family.map { "  " + Printable.padded($0.name, to: column) + "  " + $0.summary }
        let examples = table.commands(on: kind).prefix(2).map { command in
            command.example.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        }
        let title = "\(kind.label.text(language)) (\(kind.name))"
        return ([title, ""] + fields(kind) + ["", "Commands:"] + commands + ["", "Example:"] + examples)
            .joined(separator: "\n")
    }

    /// The fields with their parts, and what their codes mean.
    private func fields(_ kind: Kind) -> [String] {
        let rows = kind.fields.flatMap { field in
            [[field.name, field.label.text(language), Help.form(field), Help.need(field)]]
                + Help.parts(field.type).map { part in
                    let need = part.isRequired ? "with \(field.name)" : ""
                    return ["\(field.name).\(part.name)", part.label.text(language), Help.form(part.type), need]
                }
        }
        let codes = kind.fields.flatMap { field in
            Help.codes(field.type).map { [field.name, $0.word, $0.label.text(language)] }
                + Help.parts(field.type).flatMap { part in
                    Help.codes(part.type).map { ["\(field.name).\(part.name)", $0.word, $0.label.text(language)] }
                }
        }
        let list = Printable.table(["field", "code", "meaning"], codes, within: limit)
        return Printable.table(["field", "meaning", "form", "need"], rows, within: limit)
            + (list.isEmpty ? [] : [""]) + list
    }

    /// The forms in which answers are printed.
    static let forms = """
        Without an option an answer is for people: names beside the beginning of ids,
        and on a terminal lines that fit. Other forms have whole ids and are the same
        everywhere:

          --json       one document; "schema" is the version of its form
          --csv        a table for spreadsheets, with the names of columns in the first
                       line: RFC 4180, UTF-8, lines ended by CR LF. Into a file, not into
                       a pipe, the mark goes first by which spreadsheets know UTF-8. A
                       cell that begins with = + - @ and is no number gets an apostrophe
                       before it
          --porcelain  a table for scripts: cells between tabs, no names, columns in a
                       fixed order; tab, line feed, carriage return and backslash in a
                       cell are \\t \\n \\r \\\\

        The table of an answer is its first list, with a row for each item; an answer
        about one thing, which has a member "id", and one without a list are one row.
        Members of an object within a row are columns called a.b; a list of plain values
        is one cell with "; " between them, any other list is JSON in one cell. Records
        have their fields last, as fields.display; with --porcelain every field of the
        kind, in the order of liaison help KIND.

          --section NAME   only this member of the answer, such as
                           liaison status --csv --section peers
          --columns A,B    only these columns, in this order, such as
                           liaison contact list --porcelain --columns id,display
        """

    /// The same for programs.
    static func document(_ kind: Kind, _ language: String) -> Document {
        func codes(_ type: ValueType) -> Document {
            .array(
                self.codes(type).map {
                    .pairs(["code": .string($0.word), "label": .string($0.label.text(language))])
                })
        }
        return .pairs([
            "kind": .string(kind.name), "label": .string(kind.label.text(language)),
            "fields": .array(
                kind.fields.map { field in
                    .pairs([
                        "name": .string(field.name), "label": .string(field.label.text(language)),
                        "form": .string(form(field)), "need": .string(need(field)),
                        "parts": .array(
                            parts(field.type).map {
                                .pairs([
                                    "name": .string($0.name), "label": .string($0.label.text(language)),
                                    "form": .string(form($0.type)), "codes": codes($0.type),
                                ])
                            }),
                        "codes": codes(field.type),
                    ])
                }),
        ])
    }

    private static func codes(_ type: ValueType) -> [Code] { if case .code(let codes) = type { codes } else { [] } }

    private static func parts(_ type: ValueType) -> [ValueType.Part] {
        switch type {
        case .group(let group): group.parts
        case .list(let item, _): parts(item)
        default: []
        }
    }

    static func need(_ field: Field) -> String {
        switch field.need {
        case .optional: ""
        case .required: "required"
        case .atNew: "needed at new"
        }
    }

    static func form(_ field: Field) -> String {
        let type = form(field.type)
        switch field.merge {
        case .register: return type
        case .set: return "any number: \(type)"
        case .counter: return "counter: \(type)"
        case .list: return "any number in an order: \(type)"
        case .map(.language, _): return "per language: \(type)"
        case .map(.id, _): return "per record: \(type)"
        case .workflow(let workflow): return "state: \(workflow.codes.joined(separator: ", "))"
        }
    }

    private static func form(_ type: ValueType) -> String {
        switch type {
        case .text(.line, let length), .text(.lines, let length): "text of at most \(length) characters"
        case .text(let form, _): "\(form)"
        case .code(let codes): codes.map(\.word).joined(separator: ", ")
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .decimal(let range): "number, \(range.lowerBound) to \(range.upperBound)"
        case .date: "date"
        case .instant: "time"
        case .id: "id of a record"
        case .group(let group): "group of \(group.parts.map(\.name).joined(separator: ", "))"
        case .list(let item, _): "list, each a \(form(item))"
        }
    }
}
