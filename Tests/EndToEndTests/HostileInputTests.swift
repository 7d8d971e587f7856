import Foundation
import Testing

// Goal: no argument and no file makes the program crash, hang, or answer without saying what was wrong. Method: every
// command with every option missing, repeated and filled with nonsense, on a home that is there and on none, served
// and not; the catalogue of commands is read from the program itself.
@Suite(.serialized) struct HostileInputTests {
    private static let nonsense = [
        "", " ", "-", "--", "=", "x=", "=x", "\u{1B}[31m", "\u{202E}abc", "'; DROP TABLE records; --",
        "../../etc/passwd",
        "@/nowhere", "@/", "@@x", "999999999999999999999999", "-1", "0", "1e400", "NaN",
        "ffffffffffffffffffffffffffffffff", "{", "[[[[[[[[", "\u{FEFF}", "é\u{301}\u{301}",
        String(repeating: "x", count: 100_000), String(repeating: "[", count: 50_000),
    ]

    /// Requires what every answer owes: an exit code of the table, and a message for each failure.
    private func judge(_ outcome: Installation.Outcome, at place: SourceLocation = #_sourceLocation) {
        let words = outcome.words.map { $0.prefix(60) }.joined(separator: " ")
        #expect(
            (0...8).contains(outcome.code), "\(words): \(outcome.code) \(outcome.talk.prefix(500))",
            sourceLocation: place)
        if outcome.code != 0, outcome.code != 5 {
            #expect(
                outcome.talk.contains("liaison: error: "), "\(words): \(outcome.code) without a message",
                sourceLocation: place)
        }
        let controls = (outcome.talk + outcome.output).unicodeScalars
            .filter { $0.value < 32 && $0 != "\n" || (0x202A...0x202E).contains($0.value) }
        #expect(controls.isEmpty, "\(words): prints control characters", sourceLocation: place)
        #expect(!outcome.talk.contains("Fatal error"), "\(words)", sourceLocation: place)
    }

    private struct Catalogue {
        let name: [String]
        let options: [String]

        static func read(_ node: Installation) throws -> [Catalogue] {
            let commands = try node.call("help")["commands"].items
            return try commands.map { command in
                let name = try #require(command["name"].text)
                let usage = try #require(command["usage"].text)
                return Catalogue(
                    name: name.split(separator: " ").map(String.init),
                    options: usage.matches(of: #/--[a-z-]+/#).map { String($0.output) })
            }
        }
    }

    @Test func everyCommandWithEveryNonsense() throws {
        let federation = try Federation([], .specimen)
        let node = federation.nodes[0]
        let id = try node.new("specimen", "soft=x", "hard=y")
        let catalogue = try Catalogue.read(node)
        #expect(catalogue.count >= 25)
        let full = ProcessInfo.processInfo.environment["LIAISON_HOSTILE"] != nil
        var generator = SeededGenerator(seed: 7)
        var count = 0
        for isServed in [true, false] {
            if !isServed { try node.stop() }
            for command in catalogue where command.name != ["serve"] || isServed {
                judge(try node.run(command.name))
                let few = full ? Self.nonsense : Array(Self.nonsense.shuffled(using: &generator).prefix(3))
                for text in few {
                    // In place of the arguments.
                    judge(try node.run(command.name + [text]))
                    judge(try node.run(command.name + [id, text]))
                    judge(try node.run(command.name + [text, text, text]))
                    count += 3
                    for option in command.options {
                        judge(try node.run(command.name + [id, option, text]))
                        judge(try node.run(command.name + ["\(option)=\(text)"]))
                        count += 2
                    }
                }
                judge(try node.run(command.name + ["--nonsense"]))
                judge(try node.run(command.name + ["--json", "--json=x"]))
            }
        }
        #expect(count > 400)
        #expect(try node.call("show", id)["fields"]["hard"].text == "y")
        try #expect(node.call("verify")["ok"].flag == true)
    }

    @Test func fieldsTakeNoNonsense() throws {
        let federation = try Federation([], .specimen)
        let node = federation.nodes[0]
        let id = try node.new("specimen", "soft=x")
        let bad = [
            ("number", "1.5"), ("number", "9999999999999999999999"), ("number", "١٢"), ("flag", "maybe"),
            ("amount", "1e5"),
            ("amount", "0.00000000000000000000000000001"), ("day", "2026-02-30"), ("day", "0000-00-00"),
            ("moment", "yesterday"), ("moment", "99999999999-01-01T00:00:00Z"), ("other", "zzzz"),
            ("other", "ffffffff"),
            ("pair", "{"), ("pair", #"{"low":5,"high":1}"#), ("pair", #"{"low":101,"high":102}"#), ("state", "blue"),
            ("soft", String(repeating: "x", count: 301)), ("soft", "two\nlines"), ("map.xx-waytoolongsubtag", "x"),
            ("map.", "x"),
            ("nothing", "x"), ("soft.fr", "x"), ("", "x"),
        ]
        let before = try node.digests()
        for (field, value) in bad {
            let outcome = try node.run(["set", id, "\(field)=\(value)"])
            judge(outcome)
            #expect([2, 3, 6].contains(outcome.code), "\(field)=\(value.prefix(40)): \(outcome.code) \(outcome.talk)")
        }
        try #expect(node.digests() == before)
        for (words, code) in [
            (["show", "00000000"], 3), (["show", ""], 3), (["show", String(repeating: "0", count: 33)], 3),
            (["show", "not hex"], 3), (["list", "nothing"], 2), (["new", "nothing", "a=b"], 2),
            (["new", "specimen"], 0),
            (["history", "ffff"], 3), (["resolve", id, "soft", "--keep", "1"], 2), (["resolve", id, "soft"], 2),
            (["new", "device", "alias=x"], 4), (["list", "specimen", "--where", "soft"], 2),
        ] as [([String], Int32)] {
            let outcome = try node.run(words)
            judge(outcome)
            if words != ["new", "specimen"], words.first != "resolve" {
                #expect(outcome.code == code, "\(words): \(outcome.code) \(outcome.talk)")
            }
        }
    }

    @Test func filesThatAreNoTables() throws {
        let federation = try Federation([])
        let node = federation.nodes[0]
        let path = federation.folder.path + "/table.csv"
        let header = "Display name,E-mail\n"
        let tables: [(content: Data, code: Int32)] = [
            (Data(), 6), (Data("\n\n".utf8), 6), (Data([0xFF, 0xFE, 0x00, 0x41]), 6), (Data(header.utf8), 0),
            (Data((header + "\"open,x@example.org\n").utf8), 6), (Data((header + "A,not an address\n").utf8), 6),
            (Data((header + "A,a@example.org,too,many\n").utf8), 6), (Data((header + "\u{0}\u{1},\n").utf8), 6),
            (Data("Nothing,Known\na,b\n".utf8), 6),
            (Data((header + "A,\(String(repeating: "a", count: 70_000))\n").utf8), 6),
            (Data("Display name,Display name\na,b\n".utf8), 6),
        ]
        let before = try node.digests()
        for (index, table) in tables.enumerated() {
            try table.content.write(to: URL(fileURLWithPath: path))
            let outcome = try node.run(["import", "csv", path, "--kind", "contact", "--json"])
            judge(outcome)
            #expect(outcome.code == table.code, "table \(index): \(outcome.code) \(outcome.talk)\(outcome.output)")
        }
        for other in [federation.folder.path, "/nowhere", "/dev/null", node.home + "/store.db", "/proc/self/mem"] {
            let outcome = try node.run(["import", "csv", other, "--kind", "contact"])
            judge(outcome)
            #expect(outcome.code != 0, "\(other)")
        }
        try #expect(node.digests() == before)
        // With one bad line nothing is imported, unless bad lines are left out.
        try Data((header + "Good,good@example.org\nBad,no address\n").utf8).write(to: URL(fileURLWithPath: path))
        let refused = try node.call("import", "csv", path, "--kind", "contact", code: 6)
        #expect(refused["refused"][0]["line"].number == 3)
        try #expect(node.digests() == before)
        let dry = try node.call("import", "csv", path, "--kind", "contact", "--skip-bad", "--dry-run")
        #expect(dry["created"].number == 1)
        try #expect(node.digests() == before)
        try #expect(node.call("import", "csv", path, "--kind", "contact", "--skip-bad")["created"].number == 1)
        try #expect(node.call("list", "contact")["records"].items.count == 1)
    }

    @Test func homesThatAreNone() throws {
        let folder = try Folder()
        let node = Installation("none", in: folder)
        for words in [["status"], ["show", "00"], ["serve"], ["sync"], ["verify"], ["invite", "--organisation", "X"]] {
            let outcome = try node.run(words)
            judge(outcome)
            #expect(outcome.code == 3, "\(words): \(outcome.code) \(outcome.talk)")
            #expect(!FileManager.default.fileExists(atPath: node.home))
        }
        let file = Installation("file", in: folder)
        try Data().write(to: URL(fileURLWithPath: file.home))
        for words in [["status"], ["init", "--network", "N", "--organisation", "O", "--device", "D"]] {
            let outcome = try file.run(words)
            judge(outcome)
            #expect(outcome.code == 1, "\(words): \(outcome.code) \(outcome.talk)")
        }
        let link = Installation("link", in: folder)
        try folder.shell("/bin/ln", "-s", "/nowhere", link.home)
        judge(try link.run(["init", "--network", "N", "--organisation", "O", "--device", "D"]))
        let deep = Installation("deep/er/home", in: folder, home: folder.path + "/a/b/c")
        try FileManager.default.createDirectory(atPath: folder.path + "/deep/er", withIntermediateDirectories: true)
        judge(try deep.run(["init", "--network", "N", "--organisation", "O", "--device", "D"]))
        // A path that no socket address can hold.
        let long = folder.path + "/" + String(repeating: "long", count: 50)
        let far = Installation("far", in: folder, home: long)
        try far.call("init", "--network", "N", "--organisation", "O", "--device", "D")
        try far.serve()
        try far.call("new", "contact", "display=x")
        try far.stop()
    }
}
