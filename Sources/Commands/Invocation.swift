/// A command line as it was typed, taken apart.
///
/// `--option value` and `--option=value` are the same; `--` ends the options; `--home` and `--json` may stand anywhere.
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

    let command: Command
    let arguments: [String]
    let options: [Option]
    /// The folder that `--home` names.
    let home: String?
    let isJSON: Bool
    /// `--help` stands somewhere: the command is only explained.
    let wantsHelp: Bool

    /// Takes the words after the program's name apart.
    init(_ words: [String]) throws(UsageError) {
        var rest = words[...]
        var home: String?
        var isJSON = false
        var wantsHelp = false
        var positional: [String] = []
        var raw: [(name: String, value: String?)] = []
        var command: Command?
        while let word = rest.popFirst() {
            if word == "--" {
                positional += rest
                break
            }
            guard word.hasPrefix("--") else {
                positional.append(word)
                command = command ?? Invocation.command(positional)
                continue
            }
            let (name, value) = Invocation.split(word)
            switch name {
            case "json", "help":
                guard value == nil else { throw Invocation.noValue(name) }
                if name == "json" { isJSON = true } else { wantsHelp = true }
            case "home":
                guard home == nil else { throw Invocation.repeated(name, command) }
                home = try Invocation.value(name, value, &rest, command)
            default:
                // A flag takes no value; before the command is known, the next word is left alone.
                let option = command?.option(name)
                let takesValue = option.map { $0.value != nil } ?? false
                raw.append((name, takesValue ? try Invocation.value(name, value, &rest, command) : value))
            }
        }
        let found = if let command { command } else { try Invocation.required(positional, wantsHelp) }
        self.command = found
        self.home = home
        self.isJSON = isJSON
        self.wantsHelp = wantsHelp
        arguments = Array(positional.dropFirst(found.name.split(separator: " ").count))
        options = raw.map { Option(name: $0.name, value: $0.value) }
        if !wantsHelp { try check() }
    }

    /// The value of an option.
    func value(of name: String) -> String? { options.first { $0.name == name }?.value }

    private static func split(_ word: String) -> (name: String, value: String?) {
        let body = word.dropFirst(2)
        guard let equals = body.firstIndex(of: "=") else { return (String(body), nil) }
        return (String(body[..<equals]), String(body[body.index(after: equals)...]))
    }

    /// The command that the first one or two words name.
    private static func command(_ words: [String]) -> Command? {
        let joined = words.prefix(2).joined(separator: " ")
        return Command.all.first { $0.name == joined }
    }

    /// What is meant when no command was found.
    private static func required(_ words: [String], _ wantsHelp: Bool) throws(UsageError) -> Command {
        guard let first = words.first else {
            guard wantsHelp else { throw UsageError(message: "a command is needed", hint: "liaison help") }
            return Command.help
        }
        let family = Command.all.filter { $0.name.hasPrefix(first + " ") }
        guard family.isEmpty else {
            let known = family.map(\.name).joined(separator: ", ")
            throw UsageError(message: "\(first) needs one more word", hint: "one of: \(known)")
        }
        throw UsageError(message: "there is no command \(first)", hint: "liaison help")
    }

    private static func value(
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

    private static func noValue(_ name: String) -> UsageError {
        UsageError(message: "--\(name) takes no value", hint: "liaison help")
    }

    private static func repeated(_ name: String, _ command: Command?) -> UsageError {
        UsageError(message: "--\(name) stands twice", hint: hint(command))
    }

    /// Holds arguments and options against what the command takes.
    private func check() throws(UsageError) {
        let hint = Invocation.hint(command)
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
