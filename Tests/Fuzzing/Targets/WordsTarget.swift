import Bytes
import Commands
import Crypto
import Node
import Records
import Replica
import Store

/// What a person types: words, options and values, through the command line to a store and back to a text.
///
/// Prints on standard output; whoever runs it closes that. Files are read and written in the working folder alone.
package struct WordsTarget: FuzzTarget {
    package static let name = "words"
    /// What was written is verified, shown, and the store is made anew.
    package static let rounds = 5

    private var store: SmallStore

    /// Ten ids of records, then ten of entries, as far as there are so many.
    private let ids: [String]

    package init() throws {
        store = try SmallStore(SmallNetwork(KeyRing()))
        let access = RecordAccess(store.store, time: 0)
        var (records, entries): ([String], [String]) = ([], [])
        for kind in try access.kinds() { try access.forEach(kind: kind) { records.append($0.id.hex) } }
        for record in records {
            for entry in try access.history(of: ShortID(hex: record) ?? ShortID()) { entries.append(entry.entry.hex) }
        }
        func ten(_ all: [String]) -> [String] { (0..<10).map { all[$0 % all.count] } }
        ids = ten(records) + ten(entries)
    }

    package mutating func run(_ input: [UInt8]) throws {
        // Nothing outside of the working folder can be named without these.
        let harmless = input.map { [UInt8(ascii: "/"), UInt8(ascii: "~")].contains($0) ? UInt8(ascii: "_") : $0 }
        let words = harmless.split(separator: 0x0A, maxSplits: 40, omittingEmptySubsequences: false).map {
            meant(String(decoding: $0, as: UTF8.self))
        }
        let verbs = RecordVerbs(schema: .standard, language: "fr")
        var access = RecordAccess(store.store, time: 1_800_000_000)
        var requests = 0
        let code = Commands.run(
            arguments: words, environment: ["LIAISON_HOME": "home", "NO_COLOR": "1"], schema: .standard
        ) { call in
            requests += 1
            return verbs.perform(call.request, on: &access) ?? .failure(.usage, "not about records")
        }
        try require((0...8).contains(code), "the exit code \(code)")
        try require(requests <= 4, "one command line made \(requests) requests")
        if try store.isPristine() { return }
        try store.checkWhole()
        try store.renew()
    }

    /// `%0` to `%9` stand for ids of records, `%a` to `%j` for those of entries.
    private func meant(_ word: String) -> String {
        guard word.utf8.contains(UInt8(ascii: "%")) else { return word }
        var word = word
        for (index, id) in ids.enumerated() {
            word = word.replacing("%" + String("0123456789abcdefghij"[digit: index]), with: id)
        }
        return word
    }

    /// What the transcripts type, with `%` and a digit in place of what a variable holds.
    package static func seeds() throws -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        for line in try Transcripts.lines() {
            var variables = 0
            let words = line.map { word in
                guard word.hasPrefix("{"), word.hasSuffix("}"), !word.contains("\"") else { return word }
                variables += 1
                return "%\((seeds.count + variables) % 10)"
            }
            seeds.append(Array(words.joined(separator: "\n").utf8))
        }
        return seeds.uniqued().filter { $0.count < 300 }
            + WordsTarget.lines.map { Array($0.replacing(" ", with: "\n").utf8) }
    }

    private static let lines = [
        "undo %a", "why %1 display", "-- show", "complete -- contact sh", "--json --csv list", "", "--help", "--help=x",
        "contact --help", "contact", "contact nothing", "list contact --section records --csv",
        "list --columns id contact",
        "list contact --columns id,display --porcelain", "--home= list contact", "--home=a --home=b list contact",
        "list contact --section", "list contact --section --csv", "list contact --section a --section b",
        "--csv=x list",
        "list contact --where", "list contact --where country=SN --where languages=sl --deleted",
        "--where x list contact",
        "list contact --deleted=x", "list contact --deleted --deleted", "list contact more", "show",
        "show %0 --nothing",
        "import csv table.csv --kind contact --dry-run", "import csv table.csv --kind",
        "import csv table.csv --skip-bad",
        "list opportunity --where title.fr=x", "contact list --where name.family=Diop",
        "list contact --where country=XX",
        "list opportunity --where state=nothing", "list opportunity --where state=open", "history %3 --json",
        "set %0 display=x country=FR", "add %0 languages=wo", "remove %0 languages=wo", "unset %0 country", "delete %0",
        "restore %0", "conflicts --csv", "contact show %0 --labels", "show %5 --section fields --json",
        "list contact --merged",
        "set %0 title.fr=@@x notes=@table.csv", "new meeting title=x --json", "merge %0 %1", "unmerge %1",
        "merge --certain",
        "list contact --columns=nothing --csv", "list contact --columns , --csv", "-- list contact", "list -- contact",
    ]
}

extension String {
    fileprivate subscript(digit index: Int) -> Character { self[self.index(startIndex, offsetBy: index)] }
}
