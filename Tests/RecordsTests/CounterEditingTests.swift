import Bytes
import Records
import Replica
import Testing

@Suite struct CounterEditingTests {
    private let editor = ListSample.editor

    private func days(_ record: TestRecord) -> Document? { record.shown(ListSample.schema)["fields"]?["days"] }

    private func delta(_ draft: EntryDraft?) -> CBOR? {
        guard draft?.operations.count == 1, draft?.operations[0].type == .counter else { return nil }
        return draft?.operations[0].replaces == [] ? draft?.operations[0].shape : nil
    }

    @Test func changesAreDifferences() throws {
        var record = try ListSample.record("days=5")
        #expect(days(record) == .int(5))
        #expect(try editor.set(record.state, .init("days=5")) == nil)
        #expect(try delta(editor.set(record.state, .init("days=3"))) == .int(-2))
        #expect(try delta(editor.add(record.state, .init("days=3"))) == .int(3))
        #expect(try delta(editor.remove(record.state, .init("days=1"))) == .int(-1))
        let seen = record.state
        try record.write(editor.add(seen, .init("days=3")))
        try record.write(editor.set(seen, .init("days=7")), by: TestRecord.dakar)
        try record.write(editor.remove(seen, .init("days=1")))
        #expect(days(record) == .int(9))
    }

    @Test func nothingAndNoneAreTwoThings() throws {
        var record = try ListSample.record("agenda=a")
        #expect(days(record) == nil)
        #expect(record.shown(ListSample.schema)["missing"] == .strings(["days"]))
        #expect(try delta(editor.set(record.state, .init("days=0"))) == .int(0))
        try record.write(editor.set(record.state, .init("days=0")))
        #expect(days(record) == .int(0))
        #expect(record.shown(ListSample.schema)["missing"] == .array([]))
        #expect(try editor.set(record.state, .init("days=0")) == nil)
    }

    @Test func numbersAreWholeAndWithinTheRange() throws {
        var record = try ListSample.record("days=98")
        for words in ["days=101", "days=-1", "days=1.5", "days=", "days=x", "days.1=1"] {
            #expect(throws: RecordError.self, "\(words)") { try editor.set(record.state, .init(words)) }
        }
        for words in ["days=0", "days=-1", "days=3", "days=9223372036854775807", "days=x"] {
            #expect(throws: RecordError.self, "\(words)") { try editor.add(record.state, .init(words)) }
        }
        #expect(throws: RecordError.self) { try editor.remove(record.state, .init("days=99")) }
        #expect(throws: RecordError.self) { try editor.add(record.state, .init("days=1", "days=1")) }
        #expect(throws: RecordError.self) { try editor.unset(record.state, ["days"]) }
        // What others added led out of it: one comes back, and not further out.
        let seen = record.state
        try record.write(editor.add(seen, .init("days=2")))
        try record.write(editor.add(seen, .init("days=2")), by: TestRecord.dakar)
        #expect(days(record) == .int(102))
        #expect(throws: RecordError.self) { try editor.add(record.state, .init("days=1")) }
        try record.write(editor.remove(record.state, .init("days=1")))
        #expect(days(record) == .int(101))
    }

    @Test func hostileDeltasTrapNowhere() throws {
        var record = try ListSample.record("agenda=a")
        for number in [Int64.max, .max, .min, .min, .min] {
            try record.write(
                EntryDraft(
                    target: .existing(TestRecord.id),
                    operations: [.init(field: 20, type: .counter, replaces: [], shape: .int(number))]))
            _ = record.shown(ListSample.schema)
            _ = try? editor.add(record.state, .init("days=9223372036854775807"))
            _ = try? editor.remove(record.state, .init("days=9223372036854775807"))
            _ = try editor.set(record.state, .init("days=1"))
            _ = HistoryRendering(ListSample.kind).document(record.entries)
        }
        #expect(days(record) == .int(.min))
        try record.write(editor.set(record.state, .init("days=1")))
        try record.write(editor.set(record.state, .init("days=1")))
        #expect(days(record) == .int(1))
    }

    @Test func historyTellsWhatWasAddedAndTaken() throws {
        var record = try ListSample.record("days=5")
        try record.write(editor.remove(record.state, .init("days=2")))
        let changes = HistoryRendering(ListSample.kind).document(record.entries).items?.flatMap {
            $0["changes"]?.items ?? []
        }
        #expect(changes?.map { $0["operation"] } == [.string("set"), .string("add"), .string("remove")])
        #expect(changes?.map { $0["value"] } == [.string("x"), .int(5), .int(2)])
    }
}
