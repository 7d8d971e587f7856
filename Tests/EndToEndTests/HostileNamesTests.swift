import Foundation
import Testing

// Goal: whatever people and peers call things is data: for the database, the terminal, tables, JSON and the names of
// files. Method: real processes; what the command line refuses to take in is put into the store from outside, as a
// peer with another program would.
@Suite(.serialized) struct HostileNamesTests {
    /// What a terminal, a page or a reader of lines would take for more than text.
    private static let controls = "A\u{1B}[31m\u{1B}]0;x\u{7}\u{0}\r\n\u{9B}2J\u{202E}cba\u{2066}\u{FEFF}\u{85}Z"

    private let federation: Federation
    private let node: Installation

    init() throws {
        federation = try Federation([], .specimen)
        node = federation.nodes[0]
    }

    /// Every way in which a command may answer.
    private static let forms = [[], ["--json"], ["--csv"], ["--porcelain"]]

    /// Requires that nothing printed can steer a terminal or change the direction of what stands around it.
    private func requireHarmless(
        _ outcome: Installation.Outcome, allowing kept: Set<Unicode.Scalar> = ["\n"],
        at place: SourceLocation = #_sourceLocation
    ) {
        let bad = (outcome.output + outcome.talk).unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: !kept.contains(scalar)
            default: false
            }
        }
        #expect(bad.isEmpty, "\(outcome.words): \(bad.map { String($0.value, radix: 16) })", sourceLocation: place)
    }

    /// Puts a text into a field of a record as it came, past every check of the command line.
    private func plant(_ text: String, in id: String, field: Int) throws {
        let bytes = Array(text.utf8)
        let value = [UInt8(0x78), UInt8(bytes.count)] + bytes
        let hex = value.map { String(format: "%02x", $0) }.joined()
        try node.stop()
        try federation.folder.shell(
            "/usr/bin/sqlite3", node.home + "/store.db",
            "UPDATE current SET value = x'\(hex)' WHERE field = \(field) AND record = "
                + "(SELECT n FROM records WHERE id = x'\(id)')")
    }

    @Test func `P10: controls and marks of direction in a text are data, and harmless in every answer`() throws {
        let id = try node.new("specimen", "soft=x", "hard=y")
        for text in ["\u{1B}[31m", "a\rb", "a\u{0}b", "a\u{9B}b"] {
            let outcome = try node.run(["set", id, "soft=\(text)"])
            // A process cannot be given a zero byte: it sees what stands before it.
            if !text.contains("\u{0}") { #expect(outcome.code != 0, "\(outcome.words) was taken") }
            requireHarmless(outcome)
        }
        try plant(Self.controls, in: id, field: 16)
        try plant(Self.controls, in: id, field: 17)
        for words in [
            ["show", id], ["list", "specimen"], ["history", id], ["why", id, "soft"], ["specimen", "list"],
        ] {
            for form in Self.forms {
                let outcome = try node.run(words + form)
                #expect(outcome.code == 0, "\(outcome.words): \(outcome.talk)")
                // Sheets end their lines with both, and keep line ends inside of quoted cells.
                requireHarmless(outcome, allowing: form == ["--csv"] ? ["\n", "\r", "\u{FEFF}"] : ["\n", "\t"])
            }
        }
        // A program that reads the answer gets the very text.
        try #expect(node.call("show", id)["fields"]["soft"].text == Self.controls)
    }

    @Test func `O1: names of devices, organisations, peers and networks reach a terminal as text`() throws {
        let name = "A\u{1B}[2J\u{202E}B"
        let outcomes = [
            try node.run(["invite", "--organisation", name]),
            try node.run(["peer", "add", name, "127.0.0.1:9"]),
            try node.run(["peer", "list"]), try node.run(["status"]), try node.run(["status", "--json"]),
            try node.run(["peer", "list", "--json"]), try node.run(["peer", "list", "--csv"]),
            try node.run(["peer", "list", "--porcelain"]),
            try node.run(["sync", name]), try node.run(["wait", name, "--timeout", "0"]),
            try node.run(["show", name]), try node.run(["list", name]), try node.run(["peer", "remove", name]),
            try node.run([name]), try node.run(["show", "--\(name)"]), try node.run(["help", name]),
        ]
        for outcome in outcomes { requireHarmless(outcome, allowing: ["\n", "\r", "\t"]) }
        #expect(outcomes[2].code == 0 && outcomes[2].output.contains("A\\u{1b}[2J\\u{202e}B"), "\(outcomes[2].output)")
        #expect(outcomes[5].json["peers"][0]["name"].text == name)
        // A network and a device that are called so, from the beginning on.
        let other = Installation("other", in: federation.folder, .specimen)
        let founded = try other.run(["init", "--network", name, "--organisation", name, "--device", name])
        requireHarmless(founded)
        #expect(founded.code == 0 || founded.code == 6, "\(founded.talk)")
        if founded.code == 0 {
            for words in [["status"], ["device", "list"], ["list", "organisation"], ["list", "device"], ["inbox"]] {
                for form in Self.forms { requireHarmless(try other.run(words + form), allowing: ["\n", "\r", "\t"]) }
            }
        }
    }

    @Test func `P11: what SQL would read is a value in every field`() throws {
        let bites = [
            "'; DROP TABLE records; --", "\" OR \"\"=\"", "' OR '1'='1", "%", "_", "x' UNION SELECT value FROM meta --",
            "`", "[a]", "\\", "?1", ":name", "$x", "/* */", ";", "');DELETE FROM segments;--",
        ]
        var ids: [String] = []
        for bite in bites {
            let id = try node.new("specimen", "soft=\(bite)", "hard=\(bite)", "map.fr=\(bite)", "list=\(bite)")
            try node.call("add", id, "set=\(bite)")
            ids.append(id)
        }
        for (bite, id) in zip(bites, ids) {
            let fields = try node.call("show", id)["fields"]
            #expect(fields["soft"].text == bite && fields["hard"].text == bite && fields["map"]["fr"].text == bite)
            #expect(fields["list"].texts == [bite] && fields["set"].texts == [bite])
            let found = try node.call("list", "specimen", "--where", "soft=\(bite)")["records"].items
            #expect(found.compactMap { $0["id"].text } == [id], "\(bite) finds \(found.count) records")
            try node.call("peer", "add", bite, "127.0.0.1:9")
        }
        try #expect(Set(node.call("peer", "list")["peers"].items.compactMap { $0["name"].text }) == Set(bites))
        for bite in bites { try node.call("peer", "remove", bite) }
        try #expect(node.call("peer", "list")["peers"].items.isEmpty)
        let before = try node.digests()
        try #expect(node.call("verify")["ok"].flag == true)
        try node.call("rebuild")
        try #expect(node.digests() == before)
    }

    @Test func `X1: files of exports and answers are named by us, whatever records are called`() throws {
        let names = ["../../outside", "/etc/passwd", "..", "a\\b", "C:con", "nul\u{202E}", ".", "-rf"]
        for name in names {
            try node.call("new", "contact", "display=\(name)")
            try node.call("new", "organisation", "name.en=\(name)")
        }
        let target = federation.folder.path + "/out"
        try node.call("export", "segments", target)
        let files = try FileManager.default.contentsOfDirectory(atPath: target)
        let form = #/charter\.cbor|(net|policy)-[0-9a-f]{16}-\d+(-\d+)?\.segment/#
        #expect(files.count >= 3 && files.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(files)")
        let pack = try node.run([
            "meeting", "pack", "--since", "2026-01-01", "--directory", federation.folder.path + "/pack", "--json",
        ])
        #expect(pack.code == 0, "\(pack.talk)")
        let written = try FileManager.default.contentsOfDirectory(atPath: federation.folder.path + "/pack")
        #expect(!written.isEmpty && written.allSatisfy { $0.wholeMatch(of: #/[a-z][a-z-]*\.[a-z]+/#) != nil })
        #expect(!FileManager.default.fileExists(atPath: federation.folder.path + "/outside"))
    }

    @Test func `X7: the program cannot start another one`() throws {
        let all = try federation.folder.shell("/usr/bin/nm", "--dynamic", node.program.path)
        if all.contains(" __asan_") || all.contains(" __tsan_") { return print("X7: a sanitizer starts programs") }
        let listed = try federation.folder.shell("/usr/bin/nm", "--dynamic", "--undefined-only", node.program.path)
        let names = Set(listed.split(whereSeparator: { " \n@".contains($0) }).map(String.init))
        #expect(names.contains("sqlite3_prepare_v2") || names.contains("sqlite3_prepare_v3"), "this lists nothing")
        let starters = [
            "execl", "execle", "execlp", "execv", "execve", "execveat", "execvp", "execvpe", "fexecve", "fork",
            "vfork", "posix_spawn", "posix_spawnp", "popen", "system", "wordexp", "dlopen",
        ]
        #expect(names.isDisjoint(with: starters), "\(names.intersection(starters).sorted())")
    }
}
