import Bytes
import Node
import Records

/// What may stand for the last word of a command line that is being typed.
///
/// It follows from what commands say of themselves: the words of `Command.arguments`, the values of their options, and
/// the table of kinds. `KIND`, `ID`, `field`, `field=value`, `FILE`, `DIR`, `PEER`, `COMMAND`, `SHELL`, `TAG` and names
/// of kinds in capitals (`ORGANISATION|CONTACT`, `AGENDA-ITEM`) mean what they say; small letters are offered as they
/// are.
struct Completion {
    /// One offer.
    struct Offer: Hashable {
        let text: String
        /// What it stands for, shown beside it where the shell can.
        var note = ""
        /// It was found by its name and need not begin with what was typed.
        var isFound = false

        /// The line that the scripts read.
        var line: String {
            let note = Printable.line(note)
            return Printable.line(text) + (note.isEmpty ? "" : "\t" + note)
        }

        /// The shell offers files, or folders, for what stands after the last `@` or `=`.
        static let files = Offer(text: ":files", isFound: true)
        static let folders = Offer(text: ":folders", isFound: true)
    }

    /// Asks the node; nil when it does not answer, or not soon.
    typealias Ask = (_ verb: String, _ words: [String], _ options: [Request.Option]) -> Response?

    let table: CommandTable
    let codeNames: CodeNames
    let ask: Ask

    init(_ table: CommandTable, language: String, ask: @escaping Ask) {
        self.table = table
        codeNames = CodeNames(language: language)
        self.ask = ask
    }

    /// The folder that a line being typed names with `--home`.
    static func home(in words: [String]) -> String? {
        for (index, word) in words.enumerated().reversed() {
            if word.hasPrefix("--home=") { return String(word.dropFirst("--home=".count)) }
            if index > 0, words[index - 1] == "--home" { return word }
        }
        return nil
    }

    /// A command line as far as it was typed, without the last word.
    struct Line {
        var command: Command?
        /// What is neither an option nor the value of one.
        var words: [String] = []
        /// The option whose value comes next.
        var open: Command.Option?
        /// After `--` there are no options.
        var hasEnded = false

        /// The arguments of the command.
        var arguments: [String] { Array(words.dropFirst(command?.name.split(separator: " ").count ?? 0)) }
    }

    /// The offers for the last of these words, which may be empty.
    func offers(for words: [String]) -> [Offer] {
        let last = words.last ?? ""
        let line = read(words.dropLast())
        let offers: [Offer]
        if let open = line.open {
            offers = self.offers(open.value ?? "", last, line)
        } else if !line.hasEnded, last.hasPrefix("--") {
            offers = options(last, line)
        } else if let command = line.command {
            offers = arguments(command, last, line)
        } else {
            offers = commands(line.words)
        }
        return offers.filter { $0.isFound || $0.text.hasPrefix(last) }
    }

    private func read(_ words: ArraySlice<String>) -> Line {
        var line = Line()
        for word in words {
            if line.open != nil {
                line.open = nil
            } else if !line.hasEnded, word == "--" {
                line.hasEnded = true
            } else if !line.hasEnded, word.hasPrefix("--") {
                let known = option(String(word.dropFirst(2)), line)
                line.open = known?.value == nil ? nil : known
            } else {
                line.words.append(word)
                line.command = line.command ?? table.command(line.words)
            }
        }
        return line
    }

    private func option(_ name: String, _ line: Line) -> Command.Option? {
        line.command?.option(name) ?? Invocation.common.first { $0.name == name }
    }

    // MARK: Commands and options

    /// The words with which commands go on.
    private func commands(_ words: [String]) -> [Offer] {
        if let first = words.first {
            guard words.count == 1 else { return [] }
            return table.family(first).map {
                Offer(text: String($0.name.dropFirst(first.utf8.count + 1)), note: $0.summary)
            }
        }
        var offers: [Offer] = []
        for command in Command.all + table.shortcuts {
            let word = String(command.name.prefix { $0 != " " })
            guard !offers.contains(where: { $0.text == word }) else { continue }
            let seconds = table.family(word).map { $0.name.dropFirst(word.utf8.count + 1) }
            offers.append(
                Offer(text: word, note: word == command.name ? command.summary : seconds.joined(separator: ", ")))
        }
        for kind in table.schema.kinds where !offers.contains(where: { $0.text == kind.word }) {
            offers.append(Offer(text: kind.word, note: kind.label.text(codeNames.language)))
        }
        return offers
    }

    private func options(_ last: String, _ line: Line) -> [Offer] {
        if let equals = last.firstIndex(of: "=") {
            let name = String(last[..<equals].dropFirst(2))
            let value = String(last[last.index(after: equals)...])
            guard let word = option(name, line)?.value else { return [] }
            return offers(word, value, line).map { offer in
                offer.text.hasPrefix(":") ? offer : Offer(text: "--\(name)=\(offer.text)", note: offer.note)
            }
        }
        return ((line.command?.options ?? []) + Invocation.common).map {
            Offer(text: "--" + $0.name, note: $0.value ?? "")
        }
    }

    // MARK: Arguments

    private func arguments(_ command: Command, _ last: String, _ line: Line) -> [Offer] {
        guard line.arguments.count < command.count.upperBound else { return [] }
        let words = command.arguments.filter { !"[]".contains($0) }.replacing(" | ", with: "|")
            .split(separator: " ").map(String.init).filter { $0 != "…" }
        guard let word = words.isEmpty ? nil : words[min(line.arguments.count, words.count - 1)] else { return [] }
        return offers(word, last, line)
    }

    /// The offers for a word that stands in the usage.
    private func offers(_ word: String, _ last: String, _ line: Line) -> [Offer] {
        word.split(separator: "|").flatMap { word -> [Offer] in
            switch word {
            case "KIND": table.schema.kinds.map { Offer(text: $0.word, note: $0.label.text(codeNames.language)) }
            case "ID": records(last, line.command.flatMap(kind).map { [$0.name] } ?? [], isDeleted: isRestoring(line))
            case "field": kind(line).map { FieldOffers(self, $0, line).names(last) } ?? []
            case "field=value": kind(line).map { FieldOffers(self, $0, line).assignments(last) } ?? []
            case "FILE": [.files]
            case "DIR": [.folders]
            case "PEER": peers()
            case "SHELL": CompletionScript.allCases.map { Offer(text: $0.rawValue) }
            case "TAG": languages()
            case "COMMAND":
                commands(line.arguments)
                    + (line.arguments.isEmpty ? Command.groups.map { Offer(text: $0.name, note: $0.title) } : [])
            default:
                if let kind = table.kind(word.lowercased()), word == word.uppercased() {
                    records(last, [kind.name])
                } else if word == word.lowercased() {
                    [Offer(text: String(word))]
                } else {
                    []
                }
            }
        }
    }

    private func isRestoring(_ line: Line) -> Bool { line.command?.name.split(separator: " ").last == "restore" }

    /// The kind on which a command works, if it says so itself.
    private func kind(of command: Command) -> Kind? {
        switch command.meaning {
        case .itself: nil
        case .onKind(let kind, _, _), .newRecord(let kind, _, _): table.kind(kind)
        }
    }

    /// The kind whose fields follow: that of the command, else of the first argument.
    private func kind(_ line: Line) -> Kind? {
        guard let command = line.command, let first = line.arguments.first else {
            return line.command.flatMap(kind)
        }
        if let kind = kind(of: command) { return kind }
        if command.arguments.hasPrefix("KIND") { return table.kind(first) }
        let kinds = Set(found(first, [], isDeleted: false).map(\.kind))
        return kinds.count == 1 ? kinds.first.flatMap(table.kind) : nil
    }

    // MARK: What the node knows

    private func found(
        _ text: String, _ kinds: [String], isDeleted: Bool
    ) -> [(id: String, prefix: String, kind: String, name: String)] {
        var options = kinds.map { Request.Option("kind", $0) }
        if isDeleted { options.append(.init("deleted")) }
        guard let response = ask("complete", [text], options) else { return [] }
        let names = Dictionary(response.names.map { ($0.id, $0.prefix) }) { first, _ in first }
        return (response.document?["records"]?.items ?? []).map { record in
            let id = record["id"]?.text ?? ""
            return (id, names[id] ?? id, record["kind"]?.text ?? "", record["name"]?.text ?? "")
        }
    }

    /// Records by the beginning of their id or of a word of their name; of any kind when none is said.
    func records(_ text: String, _ kinds: [String], isDeleted: Bool = false) -> [Offer] {
        found(text, kinds, isDeleted: isDeleted).map { record in
            // Whoever has typed more digits than it takes keeps them.
            let digits = record.id.hasPrefix(text) && text.utf8.count > record.prefix.utf8.count ? text : record.prefix
            let note = kinds.count == 1 ? record.name : "\(record.kind) \(record.name)"
            return Offer(text: digits, note: note, isFound: true)
        }
    }

    private func peers() -> [Offer] {
        let peers = ask("peer list", [], [])?.document?["peers"]?.items ?? []
        return peers.map { Offer(text: $0["name"]?.text ?? "", note: $0["address"]?.text ?? "") }
    }

    func languages() -> [Offer] {
        CodeNames.languages.map { Offer(text: $0, note: codeNames.name($0, .language) ?? "") }
    }
}
