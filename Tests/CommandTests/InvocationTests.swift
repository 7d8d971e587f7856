@testable import Commands
import Testing

@Suite struct InvocationTests {
    private func parse(_ line: String) throws -> Invocation {
        try Invocation(line.split(separator: " ").map(String.init))
    }

    @Test func optionsMayFollowOrBeJoined() throws {
        for line in [
            "resolve ab deadlines --keep 2 --because=why", "resolve --keep=2 ab --because why deadlines",
            "--home /h resolve ab --json deadlines --keep 2 --because why",
        ] {
            let invocation = try parse(line)
            #expect(invocation.command.name == "resolve")
            #expect(invocation.arguments == ["ab", "deadlines"])
            #expect(invocation.value(of: "keep") == "2")
            #expect(invocation.value(of: "because") == "why")
        }
    }

    @Test func homeAndJSONMayStandAnywhere() throws {
        for line in ["--json --home=/h status", "status --home /h --json", "--home /h status --json"] {
            let invocation = try parse(line)
            #expect(invocation.isJSON && invocation.home == "/h" && invocation.command.name == "status")
        }
        #expect(try !parse("status").isJSON)
    }

    @Test func commandsOfTwoWords() throws {
        #expect(try parse("peer add dakar 192.0.2.1:7420").arguments == ["dakar", "192.0.2.1:7420"])
        #expect(try parse("peer --json list").command.name == "peer list")
        #expect(try parse("help peer add").arguments == ["peer", "add"])
        #expect(try parse("import csv a.csv --kind contact --dry-run").options.map(\.name) == ["kind", "dry-run"])
    }

    @Test func wordsAfterTwoHyphensAreArguments() throws {
        #expect(try parse("show -- --keep").arguments == ["--keep"])
    }

    @Test func repeatedOptionsOnlyWhereTheyMakeSense() throws {
        let invocation = try parse("list contact --where country=SN --where languages=fr")
        #expect(invocation.options.compactMap(\.value) == ["country=SN", "languages=fr"])
    }

    @Test(arguments: [
        "", "--json", "frobnicate", "peer", "peer frob", "import contact.csv", "show", "show a b", "show a --keep 1",
        "list contact --deleted=yes", "list contact --where", "list contact --where --deleted",
        "init --network N --organisation O", "resolve a b --keep 1 --keep 2", "--home", "status --home a --home b",
        "status --json=1", "wait dakar", "wait --timeout", "--keep 1 resolve a b", "new", "set ab", "export segments",
    ])
    func wrongCommandLinesAreRefused(_ line: String) {
        #expect {
            try parse(line)
        } throws: { error in
            guard let error = error as? Invocation.UsageError else { return false }
            return !error.message.isEmpty && (error.hint.contains("liaison") || error.hint.contains("one of"))
        }
    }

    @Test func helpIsExplainedForAnyCommand() throws {
        let invocation = try parse("peer add --help")
        #expect(invocation.wantsHelp && invocation.command.name == "peer add")
        #expect(try parse("--help").command.name == "help")
    }

    @Test func everyCommandOfTheListIsThere() {
        let names: Set = [
            "init", "invite", "join", "serve", "peer add", "peer list", "peer remove", "sync", "wait", "new", "set",
            "unset", "add", "remove", "move", "show", "list", "delete", "restore", "conflicts", "resolve", "history",
            "import csv", "export segments", "status", "device list", "verify", "rebuild", "version", "help",
        ]
        #expect(names.isSubset(of: Command.all.map(\.name)))
        #expect(Set(Command.all.map(\.name)).count == Command.all.count)
    }

    @Test(arguments: Command.all.map(\.name)) func everyCommandIsExplainedByAnExample(_ name: String) throws {
        let command = try #require(Command.all.first { $0.name == name })
        #expect(command.example.hasPrefix("$ liaison \(name)"))
        #expect(!command.about.isEmpty && !command.summary.isEmpty)
        // The example's command line is one that the parser takes.
        let line = try #require(command.example.split(separator: "\n").first).dropFirst("$ liaison ".count)
        #expect(try Invocation(words(line)).command.name == name)
    }

    /// Splits a line as a shell would that knows blanks and single quotes.
    private func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line + " " {
            if character == "'" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return words
    }
}
