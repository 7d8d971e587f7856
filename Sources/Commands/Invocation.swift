import Records

/// A command line as it was typed, taken apart.
///
/// `--option value` and `--option=value` are the same; `--` ends the options. Those that every command takes may stand
/// anywhere: `--home`, the form of the answer, `--help`.
struct Invocation {
    /// What is wrong with a command line.
    struct UsageError: Error, Hashable {
        let message: String
        let hint: String
    }

    /// An option and its value; nil for flags.
    struct Option: Hashable {
        let name: String
        let value: String?
    }

    /// How the answer is printed.
    enum Form: String, CaseIterable {
        case text
        case json
        case csv
        case porcelain
    }

    let command: Command
    let arguments: [String]
    let options: [Option]
    /// The folder that `--home` names.
    let home: String?
    let form: Form
    /// The only part of the answer that is wanted.
    let section: String?
    /// The columns that are wanted.
    let columns: [String]?
    /// `--help` stands somewhere: the command is only explained.
    let wantsHelp: Bool

    var isJSON: Bool { form == .json }

    /// Options that every command takes, for completion: a flag has no value.
    static let common: [Command.Option] =
        Form.allCases.filter { $0 != .text }.map { Command.Option($0.rawValue) } + [
            Command.Option("section", "NAME"), Command.Option("columns", "NAMES"), Command.Option("home", "DIR"),
            Command.Option("help"),
        ]

    /// What stands for every command alike.
    struct Common {
        var home: String?
        var form: Form?
        var section: String?
        var columns: String?
        var wantsHelp = false
    }

    /// Takes the words after the program's name apart.
    init(_ words: [String], _ table: CommandTable = CommandTable(.standard)) throws(UsageError) {
        var rest = words[...]
        var common = Common()
        var positional: [String] = []
        var raw: [(name: String, value: String?)] = []
        var command: Command?
        while let word = rest.popFirst() {
            if word == "--" {
                for word in rest {
                    positional.append(word)
                    command = command ?? table.command(positional)
                }
                break
            }
            guard word.hasPrefix("--") else {
                positional.append(word)
                command = command ?? table.command(positional)
                continue
            }
            let (name, value) = Invocation.split(word)
            let own = command?.option(name)
            if own == nil, try common.take(name, value, &rest, command) { continue }
            // A flag takes no value; before the command is known, the next word is left alone.
            let takesValue = own.map { $0.value != nil } ?? false
            raw.append((name, takesValue ? try Invocation.value(name, value, &rest, command) : value))
        }
        let found = if let command { command } else { try Invocation.required(positional, common.wantsHelp, table) }
        self.command = found
        home = common.home
        form = common.form ?? .text
        section = common.section
        columns = common.columns.map { $0.split(separator: ",").map(String.init) }
        wantsHelp = common.wantsHelp
        let isNamed = command != nil
        arguments = isNamed ? Array(positional.dropFirst(found.name.split(separator: " ").count)) : positional
        options = raw.map { Option(name: $0.name, value: $0.value) }
        if !wantsHelp { try check() }
    }

    /// The value of an option.
    func value(of name: String) -> String? { options.first { $0.name == name }?.value }

    /// Whether an option or flag is there.
    func has(_ name: String) -> Bool { options.contains { $0.name == name } }

    private static func split(_ word: String) -> (name: String, value: String?) {
        let body = word.dropFirst(2)
        guard let equals = body.firstIndex(of: "=") else { return (String(body), nil) }
        return (String(body[..<equals]), String(body[body.index(after: equals)...]))
    }

    /// What is meant when no command was found.
    private static func required(
        _ words: [String], _ wantsHelp: Bool, _ table: CommandTable
    ) throws(UsageError) -> Command {
        guard let first = words.first else {
            guard wantsHelp else { throw UsageError(message: "a command is needed", hint: "liaison help") }
            return Command.help
        }
        let family = table.family(first)
        guard !family.isEmpty else {
            throw UsageError(message: "there is no command \(first)", hint: "liaison help")
        }
        guard !wantsHelp else { return Command.help }
        let known = family.map(\.name).joined(separator: ", ")
        guard words.count > 1 else {
            throw UsageError(message: "\(first) needs one more word", hint: "one of: \(known)")
        }
        throw UsageError(message: "there is no command \(first) \(words[1])", hint: "one of: \(known)")
    }

    fileprivate static func value(
        _ name: String, _ value: String?, _ rest: inout ArraySlice<String>, _ command: Command?
    ) throws(UsageError) -> String {
        if let value { return value }
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw UsageError(message: "--\(name) needs a value", hint: hint(command))
        }
        rest.removeFirst()
        return next
    }

    private static func hint(_ command: Command?) -> String {
        command.map { "liaison help \($0.name)" } ?? "liaison help"
    }

    fileprivate static func noValue(_ name: String) -> UsageError {
        UsageError(message: "--\(name) takes no value", hint: "liaison help")
    }

    fileprivate static func repeated(_ name: String, _ command: Command?) -> UsageError {
        UsageError(message: "--\(name) stands twice", hint: hint(command))
    }

    /// Holds arguments and options against what the command takes.
    private func check() throws(UsageError) {
        let hint = Invocation.hint(command)
        if columns != nil, form != .csv, form != .porcelain {
            throw UsageError(message: "--columns belongs to --csv or --porcelain", hint: hint)
        }
        var seen: Set<String> = []
        for option in options {
            guard let known = command.option(option.name) else {
                throw UsageError(message: "\(command.name) has no option --\(option.name)", hint: hint)
            }
            if known.value == nil, option.value != nil { throw Invocation.noValue(option.name) }
            if known.value != nil, option.value == nil {
                throw UsageError(message: "--\(option.name) belongs after \(command.name)", hint: command.usage)
            }
            if !seen.insert(option.name).inserted, !known.isRepeated {
                throw Invocation.repeated(option.name, command)
            }
        }
        if let missing = command.options.first(where: { $0.isRequired && !seen.contains($0.name) }) {
            throw UsageError(message: "\(command.name) needs --\(missing.name)", hint: command.usage)
        }
        if arguments.count < command.count.lowerBound {
            throw UsageError(message: "\(command.name) needs \(command.arguments)", hint: command.usage)
        }
        if arguments.count > command.count.upperBound {
            let extra = arguments[command.count.upperBound]
            throw UsageError(message: "\(command.name) does not take \(extra)", hint: command.usage)
        }
    }
}

extension Invocation.Common {
    /// Takes an option that every command takes.
    /// - Returns: false if it is none of them.
    mutating func take(
        _ name: String, _ value: String?, _ rest: inout ArraySlice<String>, _ command: Command?
    ) throws(Invocation.UsageError) -> Bool {
        if let wanted = Invocation.Form(rawValue: name), wanted != .text {
            guard value == nil else { throw Invocation.noValue(name) }
            if let form, form != wanted {
                throw Invocation.UsageError(
                    message: "--\(form.rawValue) and --\(name) exclude each other", hint: "liaison help")
            }
            form = wanted
            return true
        }
        switch name {
        case "help":
            guard value == nil else { throw Invocation.noValue(name) }
            wantsHelp = true
        case "home":
            guard home == nil else { throw Invocation.repeated(name, command) }
            home = try Invocation.value(name, value, &rest, command)
        case "section":
            guard section == nil else { throw Invocation.repeated(name, command) }
            section = try Invocation.value(name, value, &rest, command)
        case "columns":
            guard columns == nil else { throw Invocation.repeated(name, command) }
            columns = try Invocation.value(name, value, &rest, command)
        default: return false
        }
        return true
    }
}
