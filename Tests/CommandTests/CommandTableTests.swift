@testable import Commands
import Crypto
import Node
import Records
import Testing

@Suite struct CommandTableTests {
    private let table = CommandTable(.standard)

    private func request(_ words: String...) throws -> Request {
        try Commands.request(try Invocation(words, table))
    }

    // MARK: Commands on a kind

    @Test func aKindBeforeAVerbIsTheGenericCommandOnThatKind() throws {
        #expect(
            try request("contact", "new", "display=Amina") == request("new", "contact", "display=Amina"))
        #expect(
            try request("contact", "list", "--where", "country=SN")
                == request("list", "contact", "--where", "country=SN"))
        let shown = try request("contact", "show", "3fa9")
        #expect(shown.verb == "show" && shown.arguments == ["3fa9"] && shown.value(of: "kind") == "contact")
        let set = try request("contact", "set", "3fa9", "honorific=Dr")
        #expect(set.verb == "set" && set.arguments == ["3fa9", "honorific=Dr"] && set.value(of: "kind") == "contact")
    }

    @Test func aHyphenStandsForTheBlankOfAName() throws {
        #expect(try request("agenda-item", "new", "title=x").arguments == ["agenda_item", "title=x"])
        #expect(try request("agenda_item", "new", "title=x").arguments == ["agenda_item", "title=x"])
        #expect(table.command(["agenda_item", "new"])?.name == "agenda-item new")
    }

    @Test func whatIsWrittenDownWins() throws {
        #expect(try request("device", "list").verb == "device list")
        #expect(try request("device", "show", "ab").verb == "show")
        #expect(table.family("device").map(\.name).first == "device list")
        #expect(!table.commands(on: .device).contains { $0.name == "device list" })
        #expect(table.family("device").count { $0.name == "device list" } == 1)
    }

    /// Else the command would hide all commands on that kind.
    @Test(arguments: Schema.standard.kinds) func noKindIsCalledLikeACommand(_ kind: Kind) {
        #expect(!Command.all.contains { $0.name == kind.word })
        #expect(!table.shortcuts.contains { $0.name == kind.word })
        #expect(!Command.groups.contains { $0.name == kind.word } && kind.word != "forms")
    }

    @Test(arguments: ["contact", "contact frob", "contact set 3fa9", "contact show", "contact show a b", "cat new"])
    func whatIsNoCommandIsRefused(_ line: String) {
        #expect(throws: Invocation.UsageError.self) {
            try Invocation(line.split(separator: " ").map(String.init), table)
        }
    }

    @Test func devicesAreNotCreatedByHand() {
        let device = table.commands(on: .device).map(\.name)
        #expect(!device.contains("device new") && device.contains("device show"))
    }

    /// Every example of every kind is a line that is understood, and its values are ones that are taken.
    @Test(arguments: Schema.standard.kinds) func examplesFollowFromTheTable(_ kind: Kind) throws {
        for command in table.commands(on: kind) {
            #expect(command.example.hasPrefix("$ liaison \(command.name)"))
            let line = try #require(command.example.split(separator: "\n").first).dropFirst("$ liaison ".count)
            #expect(try Invocation(shellWords(line), table).command.name == command.name)
        }
        let parser = ValueParser { prefix, _ throws(RecordError) in
            guard let id = ShortID(hex: prefix + String(repeating: "0", count: 24)) else {
                throw .notFound(prefix, remedy: nil)
            }
            return id
        }
        for field in kind.fields {
            for word in Sample.words(field) where !word.path.contains(".") {
                _ = try parser.value(word.text, field.type, field: field.name)
            }
        }
    }

    // MARK: Commands of few words

    @Test func theyAreThereWhereTheTableHasTheirKinds() {
        #expect(table.shortcuts.map(\.name) == ["note", "call", "visit"])
        #expect(CommandTable(Schema([.organisation])).shortcuts.isEmpty)
    }

    @Test func aCallIsANewInteraction() throws {
        let call = try request("call", "CCMS", "Agenda", "note=x")
        #expect(call.verb == "new")
        #expect(call.arguments == ["interaction", "channel=call", "orgs=CCMS", "subject=Agenda", "note=x"])
        #expect(try request("visit", "CCMS", "@@x").arguments[3] == "subject=@@x")
        // What is said by hand wins.
        let video = try request("call", "CCMS", "x", "channel=video").arguments
        #expect(video.filter { $0.hasPrefix("channel=") } == ["channel=video"])
        #expect(try request("note", "CCMS", "a=b").arguments == ["CCMS", "a=b"])
    }

    @Test func helpListsThem() throws {
        let help = Help(table)
        let write = try #require(help.group("write"))
        #expect(help.text(write).contains("note something down"))
        #expect(help.overview.contains("visit"))
    }

    // MARK: Help

    @Test func theOverviewIsOneScreenThatNamesEverything() {
        let lines = Help(table).overview.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 40 && lines.allSatisfy { Printable.width(String($0)) <= 80 })
        for command in Command.all { #expect(Help(table).overview.contains(command.name)) }
        for kind in Schema.standard.kinds { #expect(Help(table).overview.contains(kind.word)) }
    }

    @Test func helpOnACommandOfAKindListsItsFields() throws {
        let command = try #require(table.command(["contact", "new"]))
        let text = Help(table).text(command)
        #expect(text.contains("Usage: liaison contact new field=value …"))
        #expect(text.contains(#/\ndisplay +Display name +text of at most 300 characters +needed at new\n/#))
        #expect(text.contains("$ liaison contact new display='Display name'"))
        let narrow = Help(table, within: 60).text(command).split(separator: "\n")
        #expect(narrow.filter { !$0.contains("$ liaison") }.allSatisfy { Printable.width(String($0)) <= 78 })
    }

    @Test func phrasesSpeakOfTheKind() {
        #expect(Kind.organisation.phrase("create a record") == "create an organisation")
        #expect(Kind.contact.phrase("list the records of a kind") == "list the records of the kind contact")
    }
}

/// Splits a line as a shell would that knows blanks and single quotes.
func shellWords(_ line: Substring) -> [String] {
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
