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
        /// The first is a word, the others are `field=value`, where `@FILE` is read.
        case assignments
        /// The first is the name of a file whose content goes along.
        case file
        /// The first is the name of a folder.
        case folder
    }

    /// One word, or two joined by a blank.
    let name: String
    /// The arguments as the usage shows them.
    let arguments: String
    /// How many arguments there may be.
    let count: ClosedRange<Int>
    var content = Content.words
    var options: [Option] = []
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

    /// All commands, in the order in which `help` lists them.
    static let all: [Command] = founding + meeting + writing + reading + asking + keeping + trying
}
