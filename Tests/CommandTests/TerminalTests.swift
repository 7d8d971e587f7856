import Bytes
@testable import Commands
import Node
import Records
import Replica
import Testing

@Suite struct TerminalTests {
    private let lively = Terminal(width: 60, isolatesText: true, isColoured: true)

    // MARK: Tables

    @Test func tablesFitTheTerminal() {
        let rows = [["3fa9c1d2", "A title of thirty-two characters", "a note of twenty-six chars"]]
        // 8, 32 and 26 cells with twice two blanks are 70: ten too many, so the title loses six, then both two.
        #expect(
            Printable.table(["id", "what", "note"], rows, within: 60) == [
                "id        what                      note",
                "3fa9c1d2  A title of thirty-two c…  a note of twenty-six ch…",
            ])
        #expect(
            Printable.table(["id", "what", "note"], rows)[1].contains("thirty-two characters  a note of twenty-six"))
    }

    @Test func whatDoesNotFitBecomesBlocks() {
        let rows = [["3fa9c1d2", "a title of a record", ""], ["7c01d9e4", "b", "a note of some length"]]
        #expect(
            Printable.table(["id", "what", "note"], rows, within: 30) == [
                "id    3fa9c1d2", "what  a title of a record", "", "id    7c01d9e4", "what  b",
                "note  a note of some length",
            ])
        #expect(Printable.table(["id"], [], within: 30) == [])
    }

    @Test func cutTextKeepsItsCellsAndItsIsolate() {
        #expect(Printable.cut("abcdef", to: 6) == "abcdef")
        #expect(Printable.cut("abcdefg", to: 6) == "abcde…")
        #expect(Printable.cut("陈思远", to: 5) == "陈思…")
        #expect(Printable.width(Printable.cut("陈思远", to: 4)) <= 4)
        #expect(Printable.cut("\u{2068}عادل الخالدي\u{2069}", to: 6) == "\u{2068}عادل …\u{2069}")
    }

    // MARK: Directions and colours

    @Test func textThatRunsLeftIsIsolatedOnTerminalsOnly() {
        #expect(lively.isolated("عادل") == "\u{2068}عادل\u{2069}")
        #expect(lively.isolated("Amina") == "Amina")
        #expect(lively.isolated("Đức 陈 12") == "Đức 陈 12")
        #expect(Terminal.none.isolated("عادل") == "عادل")
        #expect(
            lively.isolatingRuns("2 records are called عادل الخالدي: x, نُحَّاس")
                == "2 records are called \u{2068}عادل الخالدي\u{2069}: x, \u{2068}نُحَّاس\u{2069}")
        #expect(Terminal.none.isolatingRuns("a عادل") == "a عادل")
    }

    @Test func colourOnlyWhereItIsWelcome() {
        #expect(lively.emphasised("x", .error) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Terminal(width: 80).emphasised("x", .error) == "x")
        // Nothing that tests run in is a terminal.
        let none = Terminal(descriptor: 1, environment: ["TERM": "xterm", "COLUMNS": "40"])
        #expect(none == .none)
    }

    @Test func peoplesWordsInAnAnswerAreIsolated() {
        let id = String(repeating: "ab", count: 16)
        let text = HumanText([.init(id: id, prefix: "abababab", name: "عادل")], terminal: lively)
        let record = Document.pairs([
            "id": .string(id), "kind": .string("contact"), "space": .string("net"),
            "fields": .pairs(["display": .string("عادل"), "honorific": .string("Dr")]),
            "conflicts": .pairs(["name": .array([])]),
        ])
        #expect(
            text.text(record, verb: "show") == """
                contact abababab \u{2068}عادل\u{2069} in net
                  display    \u{2068}عادل\u{2069}
                  honorific  Dr
                \u{1B}[33m  name, in conflict:\u{1B}[0m
                """)
    }

    // MARK: Names of codes

    @Test func codesHaveNamesInTheLanguageOfThePerson() {
        #expect(CodeNames(language: "en").both("SN", .country) == "Senegal (SN)")
        #expect(CodeNames(language: "fr").both("SN", .country) == "Sénégal (SN)")
        #expect(CodeNames(language: "es").both("wo", .language) == "wólof (wo)")
        #expect(CodeNames(language: "fr").both("EUR", .currency) == "euro (EUR)")
        #expect(CodeNames(language: "ru").both("011", .region).hasSuffix("(011)"))
        #expect(CodeNames(language: "en").both("?", .country) == "?")
        #expect(CodeNames(language: "en").name("SN", .line) == nil)
        #expect(CodeNames.language(["LC_ALL": "", "LANG": "fr_SN.UTF-8"]) == "fr")
        #expect(CodeNames.language(["LC_ALL": "C.UTF-8", "LANG": "fr_SN.UTF-8"]) == nil)
    }

    @Test func labelsStandBesideFieldsWhereTheyAreWanted() {
        let record = Document.pairs([
            "id": .string("x"), "kind": .string("organisation"),
            "fields": .pairs([
                "name": .pairs(["fr": .string("Centre")]), "country": .string("SN"),
                "languages": .strings(["fr", "ar"]),
                "status": .pairs(["state": .string("lapsed"), "shown": .string("lapsed"), "concurrent": .array([])]),
            ]),
        ])
        let lines = HumanText([], language: "en", showsLabels: true).text(record, verb: "show").split(separator: "\n")
        #expect(lines[1] == "  name.fr    Name       Centre")
        #expect(lines[2] == "  country    Country    Senegal (SN)")
        #expect(lines[3] == "  languages  Languages  French (fr), Arabic (ar)")
        #expect(lines[4].hasPrefix("  status     Status     ") && lines[4].contains("lapsed"))
    }

    @Test func codesInOtherAnswersAreKnownByTheNameOfTheirMember() {
        let answer = Document.pairs([
            "people": .array([
                .pairs(["name": .string("Amina"), "country": .string("SN"), "languages": .strings(["fr"])])
            ])
        ])
        #expect(
            HumanText([], language: "fr").text(answer, verb: "contact find") == """
                people
                  name   country       languages
                  Amina  Sénégal (SN)  français (fr)
                """)
    }

    // MARK: Progress

    @Test func progressIsShownAfterASecondAndNotTooOften() {
        var now = Duration.zero
        var printed: [String] = []
        let line = ProgressLine(width: 60, clock: { now }, write: { printed.append($0) })
        line.show(WorkProgress("checking segments", done: 1, of: 9))
        line.clear()
        #expect(printed == [])
        now = .seconds(1)
        line.show(WorkProgress("checking segments", done: 1_200, of: 3_000, byteCount: 4_120_000))
        #expect(printed == ["\rliaison: checking segments 1,200 of 3,000, 4.1 MB\u{1B}[K"])
        now = .milliseconds(1_050)
        line.show(WorkProgress("checking segments", done: 1_201))
        #expect(printed.count == 1)
        line.clear()
        #expect(printed.last == "\r\u{1B}[K")
        let silent = ProgressLine(width: nil, clock: { now }, write: { printed.append($0) })
        now = .seconds(9)
        silent.show(WorkProgress("x"))
        #expect(printed.count == 2)
    }

    @Test func bytesAreRounded() {
        #expect(
            [0, 999, 1_000, 1_310, 999_999, 1_000_000, 4_120_000_000].map(ProgressLine.bytes) == [
                "0 bytes", "999 bytes", "1.0 kB", "1.3 kB", "999.9 kB", "1.0 MB", "4.1 GB",
            ])
    }
}
