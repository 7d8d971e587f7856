import Bytes
import Records

/// What `help` prints.
enum Help {
    /// The list of commands.
    static func overview() -> String {
        let width = Command.all.map(\.name.utf8.count).max() ?? 0
        let lines = Command.all.map { command in
            "  " + command.name + String(repeating: " ", count: width - command.name.utf8.count + 2) + command.summary
        }
        return """
            liaison keeps records together with others: everybody writes offline, and nodes reconcile when they meet.

            Usage: liaison COMMAND [--home DIR] [--json] …

            \(lines.joined(separator: "\n"))

            The home is --home, else LIAISON_HOME, else ~/.liaison. With --json the answer is one JSON document.
            Exit codes: 0 done, 1 failed, 2 usage, 3 not found or ambiguous, 4 not permitted, 5 a person must decide,
            6 invalid value, 7 no peer reachable, 8 integrity.
            `liaison help COMMAND` explains a command, `liaison help contact` the fields of a kind.
            """
    }

    /// One command with its example.
    static func text(_ command: Command) -> String {
        let example = command.example.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        return "Usage: \(command.usage)\n\n\(command.about)\n\nExample:\n\(example)"
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

    /// The fields of a kind with their parts, and what its codes mean, in a language of `Label.languages` or English.
    static func text(_ kind: Kind, _ language: String) -> String {
        let rows = kind.fields.flatMap { field in
            [[field.name, field.label.text(language), form(field), need(field)]]
                + parts(field.type).map { part in
                    let need = part.isRequired ? "with \(field.name)" : ""
                    return ["\(field.name).\(part.name)", part.label.text(language), form(part.type), need]
                }
        }
        let table = Printable.table(["field", "meaning", "form", "need"], rows)
        let codes = kind.fields.flatMap { field in
            self.codes(field.type).map { [field.name, $0.word, $0.label.text(language)] }
                + parts(field.type).flatMap { part in
                    self.codes(part.type).map { ["\(field.name).\(part.name)", $0.word, $0.label.text(language)] }
                }
        }
        let list = Printable.table(["field", "code", "meaning"], codes)
        return (["\(kind.label.text(language)) (\(kind.name))", ""] + table + (list.isEmpty ? [] : [""]) + list)
            .joined(separator: "\n")
    }

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

    private static func need(_ field: Field) -> String {
        switch field.need {
        case .optional: ""
        case .required: "required"
        case .atNew: "needed at new"
        }
    }

    private static func form(_ field: Field) -> String {
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
