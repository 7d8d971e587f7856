import Bytes
@testable import Commands
import Foundation
import Node
import Records
import Testing

@Suite struct CompletionTests {
    private static let amina = String(repeating: "3fa9c1d2", count: 4)
    private static let ccms = String(repeating: "6c851f8c", count: 4)

    /// What the node was asked, in words.
    private final class Asked {
        var questions: [String] = []
    }

    private let asked = Asked()

    private func offers(_ words: String..., language: String = "en") -> [Completion.Offer] {
        let completion = Completion(CommandTable(.standard), language: language) { verb, words, options in
            asked.questions.append(
                ([verb] + words + options.map { "\($0.name)=\($0.value ?? "")" }).joined(separator: " "))
            if verb == "peer list" {
                return Response(
                    .pairs([
                        "peers": .array([.pairs(["name": .string("dakar"), "address": .string("192.0.2.7:7420")])])
                    ]))
            }
            let all = [
                (CompletionTests.amina, "contact", "Amina Ndiaye"), (CompletionTests.ccms, "organisation", "Centre"),
            ]
            let kinds = options.filter { $0.name == "kind" }.map(\.value)
            let found = all.filter {
                (kinds.isEmpty || kinds.contains($0.1)) && ($0.0.hasPrefix(words[0]) || words[0] == "am")
            }
            return Response(
                .pairs([
                    "records": .array(
                        found.map { .pairs(["id": .string($0.0), "kind": .string($0.1), "name": .string($0.2)]) })
                ]), names: found.map { .init(id: $0.0, prefix: String($0.0.prefix(8)), name: nil) })
        }
        return completion.offers(for: words)
    }

    private func texts(_ words: String...) -> [String] {
        switch words.count {
        case 1: offers(words[0]).map(\.text)
        case 2: offers(words[0], words[1]).map(\.text)
        case 3: offers(words[0], words[1], words[2]).map(\.text)
        case 4: offers(words[0], words[1], words[2], words[3]).map(\.text)
        default: offers(words[0], words[1], words[2], words[3], words[4]).map(\.text)
        }
    }

    @Test func commandsAndKinds() {
        #expect(
            texts("co").contains("conflicts") && texts("co").contains("contact") && texts("co").contains("completion"))
        #expect(!texts("").contains("complete"))
        #expect(texts("peer", "") == ["add", "list", "remove"])
        #expect(texts("contact", "s") == ["set", "show"])
        #expect(!texts("device", "").contains("new"))
        #expect(texts("list", "contr") == ["contribution"])
        #expect(texts("help", "wr") == ["write"])
        #expect(texts("help", "peer", "a") == ["add"])
        #expect(texts("completion", "") == ["bash", "zsh", "fish"])
        #expect(texts("contact", "show", "3f", "") == [])
        #expect(offers("device", language: "fr").first?.line.hasPrefix("device\tlist, set, unset, add, remove") == true)
    }

    @Test func optionsAndTheirValues() {
        #expect(
            texts("resolve", "--") == [
                "--keep", "--value", "--because", "--json", "--csv", "--porcelain", "--section", "--columns", "--home",
                "--help",
            ])
        #expect(texts("--p") == ["--porcelain"])
        #expect(texts("--home", "") == [":folders"])
        #expect(texts("--home=/a", "stat") == ["status"])
        #expect(texts("import", "csv", "--kind", "") == ["contact"])
        #expect(texts("import", "csv", "") == [":files"])
        #expect(texts("export", "segments", "/u") == [":folders"])
        #expect(texts("list", "contact", "--where", "hon") == ["honorific="])
        #expect(
            texts("list", "contact", "--where=country=U").prefix(2) == ["--where=country=UA", "--where=country=UG"])
        #expect(texts("sync", "") == ["dakar"])
        #expect(texts("show", "--", "--k") == [])
    }

    @Test func fieldsAndTheirValues() {
        #expect(texts("contact", "new", "p") == ["phones=", "primary_email="])
        #expect(texts("new", "contact", "name") == ["name.family=", "name.given="])
        #expect(texts("contribution", "new", "title.f").contains("title.fr="))
        #expect(texts("contribution", "new", "type=re") == ["type=report"])
        #expect(texts("contribution", "set", "3fa9", "state=w") == ["state=withdrawn"])
        #expect(texts("opportunity", "new", "award.currency=EU") == ["award.currency=EUR"])
        #expect(
            texts("contact", "add", "3fa9", "").allSatisfy {
                ["tags=", "emails=", "phones=", "languages=", "expertise=", "affiliations="].contains($0)
            })
        #expect(texts("contact", "unset", "3fa9", "hon") == ["honorific"])
        #expect(texts("contact", "new", "display=@/e") == [":files"])
        #expect(offers("contact", "new", "hono", language: "en").map(\.line) == ["honorific=\tHonorific"])
        #expect(offers("contact", "new", "country=SN", language: "fr").map(\.line) == ["country=SN\tSénégal"])
    }

    @Test func recordsAreOfferedByIDAndByName() {
        #expect(offers("contact", "show", "3f").map(\.line) == ["3fa9c1d2\tAmina Ndiaye"])
        #expect(offers("contact", "show", "am").map(\.line) == ["3fa9c1d2\tAmina Ndiaye"])
        #expect(offers("show", "").map(\.line) == ["3fa9c1d2\tcontact Amina Ndiaye", "6c851f8c\torganisation Centre"])
        #expect(texts("contribution", "new", "org=6c") == ["org=6c851f8c"])
        #expect(texts("contact", "show", "3fa9c1d23fa9") == ["3fa9c1d23fa9"])
        // The kind of the record says which fields there are.
        #expect(texts("set", "3fa9", "hon") == ["honorific="])
        _ = texts("contact", "restore", "")
        #expect(asked.questions.last == "complete  kind=contact deleted=")
    }

    @Test func withoutAnAnswerThereAreNoOffers() {
        let silent = Completion(CommandTable(.standard), language: "en") { _, _, _ in nil }
        #expect(silent.offers(for: ["contact", "show", "3f"]) == [])
        #expect(silent.offers(for: ["set", "3f", "hon"]) == [])
        #expect(silent.offers(for: ["sync", ""]) == [])
        #expect(silent.offers(for: []).isEmpty == false)
        #expect(silent.offers(for: ["nonsense", "new", ""]) == [])
    }

    @Test func theHomeOfTheLineIsAsked() {
        #expect(Completion.home(in: ["--home", "/a", "show", ""]) == "/a")
        #expect(Completion.home(in: ["show", "--home=/b", ""]) == "/b")
        #expect(Completion.home(in: ["show", ""]) == nil)
    }

    /// A note from elsewhere cannot move the cursor or begin another line.
    @Test func offersAreSafe() {
        #expect(Completion.Offer(text: "3f", note: "a\nb\t\u{1B}[2J").line == "3f\ta b \\u{1b}[2J")
    }
}

/// The scripts in the shells themselves, with the program that was built.
@Suite struct CompletionScriptTests {
    /// Splits lines as bash does for completion, and prints what would be offered.
    private static let harness = #"""
        source <(liaison completion bash)
        try() {
            COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9 COMP_WORDS=() COMP_CWORD=0
            local rest=$1 word
            while [[ -n $rest ]]; do
                case $rest in
                    [[:space:]]*) rest=${rest#?}; [[ -z $rest ]] && COMP_WORDS+=("") ;;
                    [=:]*) word=${rest%%[^=:]*}; COMP_WORDS+=("$word"); rest=${rest#"$word"} ;;
                    *) word=${rest%%[[:space:]=:]*}; COMP_WORDS+=("$word"); rest=${rest#"$word"} ;;
                esac
            done
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _liaison
            echo "$1>${COMPREPLY[*]}"
        }
        """#

    @Test func bashCompletesAsItIsTyped() throws {
        let shell = try ShellRun()
        defer { shell.clear() }
        let id = try shell.found()
        let lines = try shell.run(
            "/bin/bash",
            [
                "--norc", "--noprofile", "-c",
                CompletionScriptTests.harness + """

                    try 'liaison contact sh'
                    try 'liaison contact show \(id.prefix(3))'
                    try 'liaison contact show ami'
                    try 'liaison contribution new ti'
                    try 'liaison contribution new type=re'
                    try 'liaison contribution new type='
                    try 'liaison list contact --where=country=UY'
                    try 'liaison set \(id) display=@peo'
                    try 'liaison import csv peo'
                    try 'liaison nonsense '
                    complete -p liaison
                    """,
            ])
        #expect(
            lines == [
                "liaison contact sh>show", "liaison contact show \(id.prefix(3))>\(id)",
                "liaison contact show ami>\(id)",
                "liaison contribution new ti>title=", "liaison contribution new type=re>report",
                "liaison contribution new type=>news report newsletter photo-story event publication",
                "liaison list contact --where=country=UY>UY", "liaison set \(id) display=@peo>@people.csv",
                "liaison import csv peo>people.csv", "liaison nonsense >", "complete -F _liaison liaison",
            ])
    }

    @Test func fishCompletes() throws {
        let shell = try ShellRun()
        defer { shell.clear() }
        let id = try shell.found()
        #expect(
            try shell.run(
                "/usr/bin/env",
                [
                    "fish", "--no-config", "-c",
                    """
                    liaison completion fish | source
                    complete -C 'liaison contact sh'
                    complete -C 'liaison contact show \(id.prefix(3))'
                    complete -C 'liaison contribution new type=re'
                    complete -C 'liaison import csv peo'
                    complete -C 'liaison set \(id) display=@peo'
                    """,
                ]) == [
                    "show\tshow a contact", "\(id)\tAmina Ndiaye", "type=report\tReport", "people.csv",
                    "display=@people.csv",
                ])
    }

    /// Completion of zsh needs its line editor, so its functions are stood in for.
    @Test func zshReadsItsScript() throws {
        let shell = try ShellRun()
        defer { shell.clear() }
        #expect(try shell.run("/bin/sh", ["-c", "liaison completion zsh > script; zsh -n script"]) == [])
        #expect(
            try shell.run(
                "/usr/bin/env",
                [
                    "zsh", "-f", "-c",
                    """
                    compdef() { : }
                    compadd() { print -r -- $shown $assigned_shown }
                    source <(liaison completion zsh)
                    words=(liaison contact sh) CURRENT=3 PREFIX=sh; _liaison
                    words=(liaison contribution new ti) CURRENT=4 PREFIX=ti; _liaison
                    """,
                ]) == ["show  -- show a contact", "title=  -- Title"])
    }
}

@Suite struct ManPagesTests {
    @Test func thePagesAreWellFormed() throws {
        let shell = try ShellRun()
        defer { shell.clear() }
        let files = try shell.run("/bin/sh", ["-c", "liaison man --directory pages"])
        #expect(files.first == "liaison.1" && files.contains("liaison-write.1") && files.contains("liaison-kinds.1"))
        // Where they are not installed, no page finds another.
        let remarks = try shell.run("/bin/sh", ["-c", "cd pages && mandoc -T lint -W all *.1 || true"])
            .filter { !$0.contains("referenced manual not found") }
        #expect(remarks == [])
        let text = try shell.run("/bin/sh", ["-c", "mandoc -T utf8 pages/liaison-write.1 | sed 's/.\\x08//g'"])
        #expect(text.contains { $0.contains("liaison new KIND field=value …") })
    }

    @Test func whatRoffWouldReadIsEscaped() {
        #expect(ManPage.escaped("a\\b-c…") == "a\\eb\\-c\\[u2026]")
        var page = ManPage("x", "y")
        page.literal(".Sh not a section\n'x")
        page.paragraphs("First. Second e.g.\n\n.third")
        #expect(
            page.lines.suffix(8) == [
                ".Bd -literal -offset indent", "\\&.Sh not a section", "\\&'x", ".Ed", "First.", "Second e.g.", ".Pp",
                "\\&.third",
            ])
    }
}

/// A folder with a node and the program on the path.
private struct ShellRun {
    private let folder: URL
    private let programs: String

    init() throws {
        programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .path(percentEncoded: false)
        folder = FileManager.default.temporaryDirectory.appending(path: "liaison-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try Data("Name\n".utf8).write(to: folder.appending(path: "people.csv"))
    }

    /// Founds a network with one contact, and returns the beginning of its id.
    func found() throws -> String {
        let lines = try run(
            "/bin/sh",
            [
                "-c",
                """
                liaison init --network Demo --organisation Sector --device paris --language en >/dev/null 2>&1
                liaison contact new display='Amina Ndiaye'
                """,
            ])
        return try #require(lines.first)
    }

    /// Runs a program, and returns the lines that it prints.
    func run(_ program: String, _ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": programs + ":/usr/bin:/bin", "LIAISON_HOME": "home", "HOME": folder.path(percentEncoded: false),
            "LC_ALL": "C.UTF-8", "TERM": "dumb",
        ].merging(SanitizerOptions.all) { given, _ in given }
        process.standardInput = FileHandle.nullDevice
        let output = folder.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    func clear() { try? FileManager.default.removeItem(at: folder) }
}
