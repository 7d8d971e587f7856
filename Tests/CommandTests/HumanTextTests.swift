import Bytes
@testable import Commands
import Node
import Testing

@Suite struct HumanTextTests {
    private let id = String(repeating: "ab", count: 16)
    private let other = String(repeating: "cd", count: 16)
    private let entry = String(repeating: "ef", count: 32)
    /// Like an id, and in nobody's names.
    private let digest = String(repeating: "01", count: 32)

    private var text: HumanText {
        HumanText([
            .init(id: id, prefix: "abababab", name: "Amina"), .init(id: other, prefix: "cdcdcdcd", name: nil),
            .init(id: entry, prefix: "efefefef", name: nil),
        ])
    }

    private var values: Document {
        .array([
            .pairs([
                "value": .pairs(["family": .string("Ba"), "given": .null]), "organisation": .string(id),
                "device": .string(other), "claimedAt": .string("2026-01-01T00:00:00Z"), "entry": .string(entry),
            ])
        ])
    }

    @Test func aRecordInLines() {
        let record = Document.pairs([
            "id": .string(id), "kind": .string("contact"), "space": .string("net"), "deleted": .bool(false),
            "fields": .pairs([
                "display": .string("A\u{1B}[31m\u{202E}mina\n2"), "emails": .strings(["a", "b"]),
                "state": .pairs([
                    "state": .string("draft"), "shown": .string("published"),
                    "concurrent": .strings(["published", "draft"]),
                ]), "title": .pairs(["fr": .string("x"), "ar": .null]), "org": .string(id),
                "photo": .pairs(["erased": .bool(true)]),
            ]), "missing": .strings(["name"]), "conflicts": .pairs(["name": values]), "soft": .object([]),
            "contested": .strings([entry]),
        ])
        #expect(
            text.text(record, verb: "show") == """
                contact abababab Amina in net
                  display   A\\u{1b}[31m\\u{202e}mina 2
                  emails    a, b
                  state     draft (at the same time: published, draft)
                  title.fr  x
                  org       Amina (abababab)
                  photo     (erased)
                  missing: name
                  name, in conflict:
                    1  family Ba
                       Amina, cdcdcdcd, 2026-01-01T00:00:00Z, entry efefefef
                  deleted by entry efefefef while others wrote to it
                  (liaison restore abababab settles that; liaison delete deletes it again)
                """)
    }

    @Test func theHistoryOfListsAndCounters() {
        func change(_ operation: String, _ value: Document?) -> Document {
            .object(
                [.init("field", .string("agenda")), .init("operation", .string(operation))]
                    + (value.map { [.init($0 == .bool(true) ? "erased" : "value", $0)] } ?? [])
                    + [.init("replaced", .array([.pairs(["entry": .string(entry), "value": .string("old")])]))])
        }
        let history = Document.pairs([
            "entries": .array([
                .pairs([
                    "entry": .string(entry), "organisation": .string(id), "device": .null,
                    "claimedAt": .string("2026-01-01T00:00:00Z"),
                    "changes": .array([
                        change("insert", .string("a")), change("move", .string("a")), change("remove", .string("b")),
                        change("remove", .bool(true)), change("remove", nil), change("add", .int(3)),
                    ]),
                ])
            ])
        ])
        #expect(
            text.text(history, verb: "history") == """
                efefefef  2026-01-01T00:00:00Z  Amina
                  insert agenda: a
                  move agenda: a
                  remove agenda: b
                  remove agenda: erased
                  remove agenda: old
                  add agenda: 3
                """)
    }

    @Test func changesAndNewRecords() {
        #expect(text.text(.pairs(["id": .string(id)]), verb: "new") == "abababab")
        #expect(
            text.text(.pairs(["id": .string(id), "entry": .string(entry)]), verb: "set")
                == "abababab changed by entry efefefef")
        #expect(text.text(.pairs(["id": .string(id), "entry": .null]), verb: "set") == "abababab is so already")
    }

    @Test func listsAreTables() {
        let records = Document.pairs([
            "records": .array([
                .pairs(["id": .string(id), "missing": .strings(["a", "b"]), "conflicts": .pairs(["x": .null])]),
                .pairs(["id": .string(other), "missing": .array([]), "conflicts": .object([])]),
            ])
        ])
        #expect(
            text.text(records, verb: "list") == """
                id        name   notes
                abababab  Amina  1 in conflict, 2 missing
                cdcdcdcd
                """)
        #expect(text.text(.pairs(["records": .array([])]), verb: "list") == "")
    }

    @Test func conflictsAndHistory() {
        let conflicts = Document.pairs([
            "conflicts": .array([
                .pairs(["id": .string(id), "kind": .string("contact"), "field": .string("name"), "values": values])
            ])
        ])
        #expect(
            text.text(conflicts, verb: "conflicts") == """
                contact abababab Amina: name
                  1  family Ba
                     Amina, cdcdcdcd, 2026-01-01T00:00:00Z, entry efefefef
                """)
        let history = Document.pairs([
            "entries": .array([
                .pairs([
                    "entry": .string(entry), "organisation": .null, "device": .string(id),
                    "claimedAt": .string("2026-01-01T00:00:00Z"), "order": .int(1),
                    "changes": .array([
                        .pairs(["field": .string("name"), "operation": .string("set"), "value": .string("x")]),
                        .pairs(["field": .string("name"), "operation": .string("set"), "erased": .bool(true)]),
                        .pairs(["field": .string("because"), "operation": .string("remark"), "value": .string("y")]),
                        .pairs(["field": .string("deleted"), "operation": .string("delete")]),
                    ]),
                ])
            ])
        ])
        #expect(
            text.text(history, verb: "history") == """
                efefefef  2026-01-01T00:00:00Z  Amina
                  set name: x
                  set name: erased
                  because: y
                  delete
                """)
    }

    @Test func anyOtherDocument() {
        let status = Document.pairs([
            "network": .pairs(["id": .string(id), "name": .string("Demo")]), "peers": .array([]),
            "spaces": .array([
                .pairs(["space": .string("net"), "notUnderstood": .int(12), "pin": .null, "state": .string(entry)]),
                .pairs(["space": .string("policy"), "notUnderstood": .int(0), "pin": .null, "state": .string(digest)]),
            ]), "problems": .strings([String(repeating: "a", count: 60), String(repeating: "b", count: 60)]),
        ])
        #expect(
            text.text(status, verb: "status") == """
                network   Demo (abababab)
                spaces
                  space   not understood  state
                  net     12              efefefef
                  policy  0               010101010101
                problems
                  \(String(repeating: "a", count: 60))
                  \(String(repeating: "b", count: 60))
                """)
    }

    @Test func wideAndMarkedTextTakesItsCells() {
        #expect(Printable.width("陈思远") == 6)
        #expect(Printable.width("نُحَّاس") == 4)
        #expect(Printable.table(["a", "b"], [["陈", "x"], ["e\u{301}", "y"]]) == ["a   b", "陈  x", "e\u{301}   y"])
    }
}
