import Records

/// All commands: those of `Command.all`, and those that the table of kinds adds to them.
///
/// Every command of one word that takes a kind or a record has a form for each kind: `contact new`, `agenda-item show`.
/// A command that is written down under the same words wins.
struct CommandTable: Sendable {
    let schema: Schema

    init(_ schema: Schema) { self.schema = schema }

    /// What completion scripts call; in no list, as nobody types it.
    static let complete = Command(
        name: "complete", arguments: "WORD …", count: 0...1_000, summary: "offer what may stand for the last word",
        about: "Prints what may stand for the last word, one offer on each line, for the scripts of completion.",
        example: "$ liaison complete -- contact sh")

    /// The command that these words begin with.
    func command(_ words: [String]) -> Command? {
        guard let first = words.first else { return nil }
        let joined = words.prefix(2).joined(separator: " ")
        if let found = Command.all.first(where: { $0.name == joined || $0.name == first }) { return found }
        if let found = shortcuts.first(where: { $0.name == first }) { return found }
        if first == CommandTable.complete.name { return CommandTable.complete }
        guard words.count > 1, let kind = kind(first),
            let generic = CommandTable.generic.first(where: { $0.name == words[1] })
        else { return nil }
        return CommandTable.command(generic, on: kind)
    }

    /// The kind that a word of the command line names; a hyphen stands for `_`.
    func kind(_ word: String) -> Kind? {
        let name = String(word.map { $0 == "-" ? "_" : $0 })
        return schema.kinds.first { $0.name == name }
    }

    /// The commands whose first word this is, and that have a second.
    func family(_ word: String) -> [Command] {
        let own = Command.all.filter { $0.name.hasPrefix(word + " ") }
        return own + (kind(word).map(commands) ?? [])
    }

    /// The forms of the generic commands for one kind, but for those that are written down.
    func commands(on kind: Kind) -> [Command] {
        CommandTable.generic.filter { kind.has($0.name) }
            .map { CommandTable.command($0, on: kind) }
            .filter { derived in !Command.all.contains { $0.name == derived.name } }
    }

    /// The generic commands that have a form for each kind.
    static let generic: [Command] = Command.all.filter { command in
        !command.name.contains(" ") && ["KIND", "ID"].contains(command.arguments.prefix { $0 != " " })
    }

    private static func command(_ generic: Command, on kind: Kind) -> Command {
        let takesKind = generic.arguments.hasPrefix("KIND")
        let arguments = takesKind ? generic.arguments.dropFirst(4).drop { $0 == " " } : generic.arguments[...]
        let less = takesKind ? 1 : 0
        var command = Command(
            name: "\(kind.word) \(generic.name)", arguments: String(arguments),
            count: (generic.count.lowerBound - less)...(generic.count.upperBound - less), content: generic.content,
            options: generic.options,
            meaning: .onKind(kind.name, verb: generic.name, goesFirst: takesKind), mainPart: generic.mainPart,
            isLong: generic.isLong, summary: kind.phrase(generic.summary), about: generic.about,
            example: Sample(kind).example(of: generic))
        if takesKind, case .assignments(let words) = generic.content {
            command.content = .assignments(after: words - 1)
        }
        return command
    }

    /// Commands of few words for what people write down most, as far as the table has the kinds for it.
    var shortcuts: [Command] {
        var commands: [Command] = []
        guard kind("interaction") != nil else { return commands }
        if kind("contact_note") != nil { commands.append(CommandTable.note) }
        commands.append(CommandTable.meeting("call", "a call", example: "Agenda of the annual review"))
        commands.append(CommandTable.meeting("visit", "a visit", example: "Radio studio, with the new director"))
        return commands
    }

    private static let note = Command(
        name: "note", arguments: "ORGANISATION|CONTACT TEXT field=value …", count: 2...1_000,
        content: .assignments(after: 2),
        summary: "note something down on an organisation or a contact",
        about: """
            On a contact it is a note of its own. On an organisation it is an interaction by message, informal, whose
            subject is the first line of the text. Both are named by the beginning of their id, or by name.
            """,
        example: """
            $ liaison note CCMS 'They ask for last year’s report'
            5be2f07c
            """)

    private static func meeting(_ channel: String, _ what: String, example: String) -> Command {
        Command(
            name: channel, arguments: "ORGANISATION SUBJECT field=value …", count: 2...1_000,
            content: .assignments(after: 2),
            meaning: .newRecord("interaction", given: ["channel=\(channel)"], named: ["orgs", "subject"]),
            summary: "write down \(what) at an organisation",
            about: """
                Creates an interaction of now with that subject; the organisation is named by the beginning of its id,
                or by name. More fields may follow: `liaison help interaction` lists them.
                """,
            example: """
                $ liaison \(channel) CCMS '\(example)'
                90d3ab16
                """)
    }
}

extension Kind {
    /// Whether a generic command makes sense on records of this kind.
    fileprivate func has(_ verb: String) -> Bool {
        switch verb {
        case "new": creation != .byDevice
        case "move": fields.contains(where: \.isList)
        default: true
        }
    }

    /// The word on the command line: `agenda-item`.
    var word: String { String(name.map { $0 == "_" ? "-" : $0 }) }

    /// What people call one of them, in the middle of a sentence.
    var noun: String {
        let label = label.english
        // Abbreviations keep their capitals.
        return label.dropFirst().first?.isUppercase == true ? label : label.prefix(1).lowercased() + label.dropFirst()
    }

    /// The noun with its article.
    var oneOf: String { ("aeiou".contains(noun.prefix(1)) ? "an " : "a ") + noun }

    /// A summary that speaks of records, said of this kind.
    func phrase(_ summary: String) -> String {
        summary.replacing("the records of a kind", with: "the records of the kind \(word)")
            .replacing("a record", with: oneOf)
    }
}
