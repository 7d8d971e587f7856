import Bytes
@testable import Commands
import Foundation
import Records
import Testing

@Suite struct DocumentTableTests {
    private func table(
        _ document: Document, _ form: DocumentTable.Form = .sheet, part: Command.MainPart = .firstList,
        columns: [String]? = nil
    ) throws -> DocumentTable {
        try DocumentTable(document, part, schema: .standard, form: form, wanted: columns)
    }

    private func record(_ fields: [Document.Member], missing: [String] = []) -> Document {
        .pairs([
            "id": .string("ab"), "kind": .string("contact"), "space": .string("net"), "deleted": .bool(false),
            "fields": .object(fields), "missing": .strings(missing),
            "conflicts": .pairs(["consent": .array([]), "name": .array([])]), "soft": .object([]),
            "contested": .strings([]),
        ])
    }

    // MARK: Which rows

    @Test func theFirstListIsTheTable() throws {
        let document = Document.pairs([
            "network": .string("n"), "spaces": .array([.pairs(["a": .int(1)])]),
            "peers": .array([.pairs(["b": .int(2)]), .pairs(["b": .int(3)])]),
        ])
        let first = try table(document)
        #expect(first.columns == ["a"] && first.rows == [["1"]])
        let peers = try table(DocumentTable.section("peers", of: document))
        #expect(peers.columns == ["b"] && peers.rows == [["2"], ["3"]])
        #expect(try table(DocumentTable.section("network", of: document)).rows == [["n"]])
        #expect(throws: DocumentTable.TableError.self) { try DocumentTable.section("nothing", of: document) }
        let whole = try table(document, part: .wholeDocument)
        #expect(whole.columns == ["network", "spaces", "peers"])
        #expect(whole.rows == [["n", "[{\"a\":1}]", "[{\"b\":2},{\"b\":3}]"]])
    }

    @Test func anAnswerAboutOneThingIsOneRow() throws {
        let one = try table(.pairs(["id": .string("ab"), "entry": .null, "list": .array([])]))
        #expect(one.columns == ["id", "entry", "list"] && one.rows == [["ab", "", ""]])
        #expect(
            try table(.pairs(["version": .string("1"), "formats": .pairs(["header": .int(1)])])).columns == [
                "version", "formats.header",
            ])
    }

    @Test func aListOfWordsIsOneColumn() throws {
        let words = try table(.pairs(["ok": .bool(false), "problems": .strings(["a", "b"])]))
        #expect(words.columns == ["problems"] && words.rows == [["a"], ["b"]])
        #expect(try table(.pairs(["records": .array([])])).csv == "")
        #expect(try table(.pairs(["records": .array([])]), .script, columns: ["id"]).porcelain == "")
    }

    // MARK: Which columns

    @Test func columnsStandWhereRowsHaveThem() throws {
        let rows = Document.pairs([
            "rows": .array([
                .pairs(["a": .int(1), "z": .int(9)]), .pairs(["a": .int(2), "b": .pairs(["x": .int(3), "y": .null])]),
                .pairs(["b": .null, "c": .strings(["p", "q"]), "z": .array([.pairs(["k": .string("v")])])]),
            ])
        ])
        let table = try table(rows)
        // b is null in one row and has parts in another.
        #expect(table.columns == ["a", "b.x", "b.y", "c", "z"])
        #expect(
            table.rows == [
                ["1", "", "", "", "9"], ["2", "3", "", "", ""], ["", "", "", "p; q", "[{\"k\":\"v\"}]"],
            ])
    }

    @Test func aRecordInASheetHasItsPartsApart() throws {
        let document = Document.pairs([
            "records": .array([
                record([.init("display", .string("Amina")), .init("country", .string("SN"))], missing: ["name"]),
                record([
                    .init("name", .pairs(["family": .string("Ba"), "given": .null])), .init("display", .string("Ba")),
                    .init("emails", .strings(["a@b.c", "d@e.f"])), .init("uid", .pairs(["erased": .bool(true)])),
                ]),
            ])
        ])
        let table = try table(document)
        #expect(
            table.columns == [
                "id", "kind", "space", "deleted", "missing", "conflicts", "soft", "contested", "fields.name.family",
                "fields.name.given", "fields.display", "fields.emails", "fields.uid", "fields.country",
            ])
        #expect(
            table.rows[0] == [
                "ab", "contact", "net", "false", "name", "consent; name", "", "", "", "", "Amina", "", "", "SN",
            ])
        #expect(
            table.rows[1] == [
                "ab", "contact", "net", "false", "", "consent; name", "", "", "Ba", "", "Ba", "a@b.c; d@e.f",
                "(erased)", "",
            ])
    }

    @Test func aRecordForScriptsHasEveryFieldInItsPlace() throws {
        let state = Document.pairs([
            "state": .string("draft"), "shown": .string("published"), "concurrent": .strings(["published", "draft"]),
        ])
        let record = Document.pairs([
            "id": .string("ab"), "kind": .string("contribution"),
            "fields": .pairs(["title": .pairs(["fr": .string("x")]), "state": state]),
        ])
        let table = try table(record, .script)
        let names = Kind.contribution.fields.map { "fields." + $0.name }
        #expect(table.columns == ["id", "kind"] + names)
        #expect(table.rows[0].count == names.count + 2)
        #expect(table.rows[0][2 + (names.firstIndex(of: "fields.state") ?? 0)] == "draft")
        #expect(table.rows[0][2 + (names.firstIndex(of: "fields.title") ?? 0)] == "{\"fr\":\"x\"}")
    }

    @Test func columnsMayBeChosen() throws {
        let list = Document.pairs(["records": .array([record([.init("display", .string("Amina"))])])])
        let table = try table(list, .script, columns: ["country", "display", "id", "fields.phones"])
        #expect(table.columns == ["fields.country", "fields.display", "id", "fields.phones"])
        #expect(table.rows == [["", "Amina", "ab", ""]])
        #expect(throws: DocumentTable.TableError.self) { try self.table(list, columns: ["shoe_size"]) }
        #expect(throws: DocumentTable.TableError.self) {
            try self.table(.pairs(["rows": .array([.pairs(["a": .int(1)])])]), columns: ["b"])
        }
    }

    // MARK: Texts

    @Test func sheetsAreRFC4180AndNoFormula() throws {
        let cells = [
            "plain", "a,b", "say \"x\"", "two\nlines", "mark\"\u{308}", " padded", "=1+1", "+221 33", "-5", "-5.25",
            "-x", "@home",
            "--5",
            "e\u{301} 陈", "\u{1B}[31m\u{202E}", "\u{200F}", "",
        ]
        let document = Document.pairs(["c": .array(cells.map { .string($0) })])
        let lines = try table(document).csv.components(separatedBy: "\r\n")
        #expect(
            lines == [
                "c", "plain", "\"a,b\"", "\"say \"\"x\"\"\"", "\"two\nlines\"", "\"mark\"\"\u{308}\"", "\" padded\"",
                "'=1+1", "'+221 33",
                "-5",
                "-5.25", "'-x", "'@home", "'--5", "e\u{301} 陈", "\\u{1b}[31m\\u{202e}", "\u{200F}", "", "",
            ])
    }

    @Test func scriptsGetOneLineForEachRow() throws {
        let document = Document.pairs([
            "rows": .array([
                .pairs(["a": .string("tab\there"), "b": .string("two\r\nlines"), "c": .string("back\\slash")]),
                .pairs(["a": .bool(true), "b": .null, "c": .string("\u{1B}\u{2067}=x")]),
            ])
        ])
        #expect(
            try table(document, .script).porcelain
                == "tab\\there\ttwo\\r\\nlines\tback\\\\slash\ntrue\t\t\\u{1b}\\u{2067}=x\n")
    }

    @Test func jsonOnOneLineIsReadBack() throws {
        let document = Document.pairs(["a": .array([.int(1), .null, .object([])]), "b": .string("x\ty\u{202E}")])
        let text = JSONWriter.compactText(document)
        #expect(text == "{\"a\":[1,null,{}],\"b\":\"x\\ty\\u202e\"}")
        #expect(try JSONReader.read(text) == document)
    }
}
