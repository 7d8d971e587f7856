/// One command: what may follow its name, and what `help` says about it.
struct Command: Sendable {
    /// An option after two hyphens.
    struct Option: Sendable {
        let name: String
        /// What stands for the value in the usage; nil for flags.
        let value: String?
        let isRequired: Bool
        let isRepeated: Bool

        init(_ name: String, _ value: String? = nil, isRequired: Bool = false, isRepeated: Bool = false) {
            self.name = name
            self.value = value
            self.isRequired = isRequired
            self.isRepeated = isRepeated
        }
    }

    /// What the arguments from this one on are.
    enum Content: Sendable {
        /// Words as they are.
        case words
        /// The first so many are words, the others are `field=value`, where `@FILE` is read.
        case assignments(after: Int)
        /// The first is the name of a file whose content goes along.
        case file
        /// The first is the name of a folder.
        case folder

        /// The first is a word, the others are `field=value`.
        static let assignments = Content.assignments(after: 1)
    }

    /// What a command asks of the node.
    enum Meaning: Sendable {
        /// The verb of its own name.
        case itself
        /// Another command, on one kind: its name goes before the arguments where that command takes a kind, else
        /// beside them, so that records of other kinds are refused.
        case onKind(String, verb: String, goesFirst: Bool)
        /// A new record of a kind that begins with these assignments; the first arguments are values of these fields.
        case newRecord(String, given: [String], named: [String])
    }

    /// Which part of an answer `--csv` and `--porcelain` print when nobody says which.
    enum MainPart: Sendable {
        /// The first list, else everything as one row: see `DocumentTable`.
        case firstList
        /// Everything as one row.
        case wholeDocument
    }

    /// One word, or two joined by a blank.
    let name: String
    /// The arguments as the usage shows them; the words say what belongs there, for completion too: see `Completion`.
    let arguments: String
    /// How many arguments there may be.
    let count: ClosedRange<Int>
    var content = Content.words
    var options: [Option] = []
    var meaning = Meaning.itself
    var mainPart = MainPart.firstList
    /// It may take a while: progress is shown, and the interrupt key ends it cleanly.
    var isLong = false
    /// One line for the list of commands.
    let summary: String
    /// What it does, for `help COMMAND`.
    let about: String
    /// A command line and what it prints.
    let example: String

    /// How the command is typed.
    var usage: String {
        let words = ["liaison", name, arguments].filter { !$0.isEmpty }
        let options = options.map { option in
            let text = "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
            return option.isRequired ? text : "[\(text)]" + (option.isRepeated ? "…" : "")
        }
        return (words + options).joined(separator: " ")
    }

    func option(_ name: String) -> Option? { options.first { $0.name == name } }

    /// Commands that people use for one purpose.
    struct Group: Sendable {
        /// One word, for `help` and the names of manual pages.
        let name: String
        /// The purpose in a few words.
        let title: String
        let commands: [Command]
    }

    /// All commands but those that the table of kinds adds, in the order in which `help` lists them.
    static let groups: [Group] = [
        Group(name: "begin", title: "found a network, or join one", commands: founding),
        Group(name: "meet", title: "run the node and meet others", commands: meeting),
        Group(name: "write", title: "write records", commands: writing),
        Group(name: "read", title: "read records", commands: reading),
        Group(name: "work", title: "decide, mend and take back", commands: working),
        Group(name: "ask", title: "ask what is due and who fits", commands: asking + findingQueries),
        Group(name: "keep", title: "look after the store and the program", commands: keeping + trying),
    ]

    /// All commands but those that the table of kinds adds.
    static let all: [Command] = groups.flatMap(\.commands)
}
