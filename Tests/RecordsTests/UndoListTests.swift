import Bytes
import Crypto
import Records
import Replica
import Testing

/// Taking back what was done to lists and counters.
@Suite struct UndoListTests {
    private let editor = ListSample.editor

    @discardableResult
    private func undo(_ number: Int, _ record: inout TestRecord) throws -> Undo {
        let undo = try editor.undo(record.entries[number - 1], of: record.state, history: record.entries)
        if let draft = undo.draft { try record.write(draft, by: TestRecord.dakar) }
        return undo
    }

    private func shown(_ record: TestRecord) -> [String] {
        record.shown(ListSample.schema)["fields"]?["agenda"]?.items?.map { $0.text ?? "?" } ?? []
    }

    private func words(_ undo: Undo) -> [String] {
        undo.undone.map { "\($0.operation) \($0.field) \($0.value?.text ?? $0.value?.number.map { "\($0)" } ?? "")" }
    }

    // MARK: Counters

    @Test func aDeltaIsTakenBackOnceHoweverOftenSomebodyDoes() throws {
        var record = try ListSample.record("days=5")
        try record.write(editor.add(record.state, .init("days=3")))
        try record.write(editor.add(record.state, .init("days=10")))
        let before = record
        let first = try editor.undo(record.entries[1], of: record.state, history: record.entries)
        let second = try editor.undo(record.entries[1], of: before.state, history: before.entries)
        #expect(words(first) == ["remove days 3"])
        // Two offices take it back apart from each other.
        try record.write(first.draft)
        try record.write(second.draft, by: TestRecord.dakar)
        #expect(record.shown(ListSample.schema)["fields"]?["days"] == .int(15))
        #expect(try undo(2, &record).draft == nil)
    }

    @Test func anUndoneDeltaCountsAgain() throws {
        var record = try ListSample.record("days=5")
        try record.write(editor.remove(record.state, .init("days=2")))
        #expect(try words(undo(2, &record)) == ["add days 2"])
        #expect(record.shown(ListSample.schema)["fields"]?["days"] == .int(5))
        try undo(3, &record)
        #expect(record.shown(ListSample.schema)["fields"]?["days"] == .int(3))
        try undo(4, &record)
        #expect(record.shown(ListSample.schema)["fields"]?["days"] == .int(5))
    }

    // MARK: Lists

    @Test func whatWasInsertedGoesAndComes() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        try record.write(editor.add(record.state, .init("agenda=c")))
        #expect(try words(undo(2, &record)) == ["remove agenda c"])
        #expect(shown(record) == ["a", "b"])
        #expect(try words(undo(3, &record)) == ["insert agenda c"])
        #expect(shown(record) == ["a", "b", "c"])
    }

    @Test func anInsertThatOthersWorkedOnStays() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        try record.write(editor.add(record.state, .init("agenda=c")))
        try record.write(editor.set(record.state, .init("agenda.3=C")), by: TestRecord.dakar)
        let undo = try undo(2, &record)
        #expect(undo.draft == nil && undo.left.map(\.field) == ["agenda"])
    }

    @Test func whatWasTakenOutIsBackAtItsPlace() throws {
        var record = try ListSample.record("agenda=a", "agenda=b", "agenda=c")
        try record.write(editor.move(record.state, "agenda", "3", to: .first))
        #expect(shown(record) == ["c", "a", "b"])
        try record.write(editor.set(record.state, .init("agenda.1=C")))
        try record.write(editor.remove(record.state, .init("agenda=C")))
        #expect(shown(record) == ["a", "b"])
        #expect(try words(undo(4, &record)) == ["insert agenda C"])
        #expect(shown(record) == ["C", "a", "b"])
        #expect(try undo(4, &record).draft == nil)
        // And gone again.
        try undo(5, &record)
        #expect(shown(record) == ["a", "b"])
    }

    @Test func aMoveGoesBack() throws {
        var record = try ListSample.record("agenda=a", "agenda=b", "agenda=c")
        try record.write(editor.move(record.state, "agenda", "1", to: .last))
        try record.write(editor.move(record.state, "agenda", "3", to: .first))
        try record.write(editor.move(record.state, "agenda", "1", to: .last))
        #expect(shown(record) == ["b", "c", "a"])
        try undo(4, &record)
        #expect(shown(record) == ["a", "b", "c"])
        // A later move stays.
        let late = try undo(2, &record)
        #expect(late.draft == nil && late.left.map(\.field) == ["agenda"])
    }

    @Test func anElementGetsBackItsValue() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        try record.write(editor.set(record.state, .init("agenda.2=b1")))
        try record.write(editor.move(record.state, "agenda", "2", to: .first))
        #expect(try words(undo(2, &record)) == ["replace agenda b"])
        #expect(shown(record) == ["b", "a"])
        try undo(4, &record)
        #expect(shown(record) == ["b1", "a"])
        try record.write(editor.set(record.state, .init("agenda.1=b2")))
        let late = try undo(2, &record)
        #expect(late.draft == nil && late.left.map(\.field) == ["agenda"])
    }

    /// Two gave an element other values apart; one of them is taken back, and the other's is left.
    @Test func ofAConflictTheOthersValueStays() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        let before = record.state
        try record.write(editor.set(before, .init("agenda.2=b1")))
        try record.write(editor.set(before, .init("agenda.2=b2")), by: TestRecord.dakar)
        try undo(2, &record)
        #expect(shown(record) == ["a", "b2"])
        #expect(record.shown(ListSample.schema)["conflicts"] == .object([]))
    }

    @Test func anErasedElementDoesNotComeBack() throws {
        var record = try ListSample.record("agenda=a")
        try record.write(editor.add(record.state, .init("agenda=b")))
        try record.write(editor.remove(record.state, .init("agenda=b")))
        record.erase(entry: 2)
        let undo = try undo(3, &record)
        #expect(undo.draft == nil && undo.left.map(\.why) == ["the element that it took out was erased"])
    }

    @Test func whyTellsOfElementsAndDeltas() throws {
        var record = try ListSample.record("agenda=a", "agenda=b", "days=5")
        try record.write(editor.add(record.state, .init("days=2")), by: TestRecord.dakar)
        try record.write(editor.remove(record.state, .init("agenda=b")))
        let days = try editor.why(record.state, "days", history: record.entries)
        #expect(days["value"] == .int(7) && days["written"]?.items?.count == 2)
        let agenda = try editor.why(record.state, "agenda", history: record.entries)
        #expect(agenda["value"] == .strings(["a"]))
        #expect(agenda["written"]?.items?.map { $0["value"] } == [.string("a")])
        #expect(agenda["before"]?.items?.map { $0["operation"] } == [.string("remove"), .string("insert")])
    }
}
