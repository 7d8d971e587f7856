import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct UndoTests {
    let editor = RecordEditor.test

    private func contact(_ words: String...) throws -> TestRecord {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, [Assignment(path: "display", text: "Amina")]))
        for word in words { try record.write(editor.set(record.state, .init(word))) }
        return record
    }

    /// Takes the entry with this number back and writes what comes of it.
    @discardableResult
    private func undo(_ number: Int, _ record: inout TestRecord) throws -> Undo {
        let undo = try editor.undo(record.entries[number - 1], of: record.state, history: record.entries)
        if let draft = undo.draft { try record.write(draft, by: TestRecord.dakar) }
        return undo
    }

    private func field(_ name: String, _ record: TestRecord) -> Document? { record.shown()["fields"]?[name] }

    @Test func aFieldGetsBackWhatWasReplaced() throws {
        var record = try contact("honorific=Ms", "honorific=Dr")
        let first = try undo(3, &record)
        #expect(first.undone == [.init(field: "honorific", operation: "set", value: .string("Ms"))])
        #expect(first.left.isEmpty && field("honorific", record) == .string("Ms"))
        // And the undo can be undone.
        try undo(4, &record)
        #expect(field("honorific", record) == .string("Dr"))
        // What was empty before is empty again.
        record = try contact("honorific=Ms")
        #expect(try undo(2, &record).undone == [.init(field: "honorific", operation: "unset", value: nil)])
        #expect(field("honorific", record) == nil)
    }

    @Test func laterWorkStays() throws {
        var record = try contact("honorific=Ms", "honorific=Dr", "honorific=Prof")
        let undo = try undo(3, &record)
        #expect(undo.draft == nil && undo.undone.isEmpty)
        #expect(undo.left.map(\.field) == ["honorific"])
        #expect(undo.left[0].why == "it was changed since by entry \(TestRecord.entry(4).hex.prefix(8))")
        #expect(field("honorific", record) == .string("Prof"))
    }

    @Test func whatIsSoAgainAlreadyIsNotWritten() throws {
        var record = try contact("honorific=Ms", "honorific=Dr", "honorific=Ms")
        let undo = try undo(3, &record)
        #expect(undo.draft == nil && undo.left.isEmpty)
    }

    @Test func ofSeveralFieldsEachIsJudgedAlone() throws {
        var record = try contact()
        try record.write(editor.set(record.state, .init("honorific=Dr", "country=SN", "languages=fr")))
        try record.write(editor.set(record.state, .init("country=ML")))
        let undo = try undo(2, &record)
        #expect(undo.undone.map(\.field) == ["honorific", "languages"])
        #expect(undo.left.map(\.field) == ["country"])
        #expect(field("country", record) == .string("ML") && field("languages", record) == nil)
    }

    /// Two wrote apart from each other; one of them is taken back, and the other's value is all that is left.
    @Test func ofAConflictTheOthersValueStays() throws {
        var record = try contact("primary_email=old@example.org")
        let before = record.state
        try record.write(editor.set(before, .init("primary_email=a@example.org")))
        try record.write(editor.set(before, .init("primary_email=b@example.org")), by: TestRecord.dakar)
        #expect(record.shown()["conflicts"]?["primary_email"] != nil)
        try undo(3, &record)
        #expect(field("primary_email", record) == .string("b@example.org"))
        #expect(record.shown()["conflicts"] == .object([]))
    }

    @Test func aDecisionBetweenValuesGoesBackToTheOneThatWasShown() throws {
        var record = try contact()
        let before = record.state
        try record.write(editor.set(before, .init("primary_email=a@example.org")))
        try record.write(editor.set(before, .init("primary_email=b@example.org")), by: TestRecord.dakar)
        // Of equal orders the greater entry is shown: b.
        try record.write(editor.resolve(record.state, "primary_email", .keep("2"), because: nil))
        #expect(field("primary_email", record) == .string("a@example.org"))
        let undo = try undo(4, &record)
        #expect(field("primary_email", record) == .string("b@example.org"))
        #expect(undo.notes == ["2 values of primary_email stood before: the one that was shown is back"])
        // Where the one shown was kept, going back changes nothing, and a person has to say what they want.
        var kept = try contact()
        let open = kept.state
        try kept.write(editor.set(open, .init("primary_email=a@example.org")))
        try kept.write(editor.set(open, .init("primary_email=b@example.org")), by: TestRecord.dakar)
        try kept.write(editor.resolve(kept.state, "primary_email", .keep("1"), because: nil))
        let nothing = try self.undo(4, &kept)
        #expect(nothing.draft == nil && nothing.left.map(\.field) == ["primary_email"])
    }

    @Test func membersComeAndGo() throws {
        var record = try contact("emails=a@example.org")
        try record.write(editor.add(record.state, .init("emails=b@example.org")))
        try record.write(editor.remove(record.state, .init("emails=a@example.org")))
        let back = try undo(4, &record)
        #expect(back.undone == [.init(field: "emails", operation: "add", value: .string("a@example.org"))])
        let gone = try undo(3, &record)
        #expect(gone.undone == [.init(field: "emails", operation: "remove", value: .string("b@example.org"))])
        #expect(field("emails", record) == .strings(["a@example.org"]))
        // It was taken out already.
        #expect(try undo(3, &record).draft == nil)
    }

    @Test func whatAnotherAddedOrTookOutAsWellStaysSo() throws {
        var record = try contact()
        let before = record.state
        try record.write(editor.add(before, .init("emails=a@example.org")))
        try record.write(editor.add(before, .init("emails=a@example.org")), by: TestRecord.dakar)
        let undo = try undo(2, &record)
        #expect(field("emails", record) == .strings(["a@example.org"]))
        #expect(undo.notes == ["somebody else added the same to emails: it stays"])
        let held = record.state
        try record.write(editor.remove(held, .init("emails=a@example.org")))
        try record.write(editor.remove(held, .init("emails=a@example.org")), by: TestRecord.dakar)
        let second = try self.undo(5, &record)
        #expect(second.draft == nil && second.left.map(\.field) == ["emails"])
    }

    @Test func statesStepBackWhereTheTableAllowsIt() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water week")))
        try record.write(editor.set(record.state, .init("state=submitted")))
        let undo = try undo(2, &record)
        #expect(undo.undone == [.init(field: "state", operation: "step", value: .string("draft"))])
        try record.write(editor.set(record.state, .init("state=submitted")))
        try record.write(editor.set(record.state, .init("state=approved")))
        try record.write(editor.set(record.state, .init("state=published")))
        let refused = try self.undo(6, &record)
        #expect(refused.draft == nil)
        #expect(refused.left.map(\.why) == ["published does not become approved; from published: withdrawn"])
    }

    /// A race between publishing and withdrawing: taking one step back leaves the other, whatever the table says.
    @Test func ofARaceTheOtherStepIsLeft() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water week")))
        for state in ["submitted", "approved"] { try record.write(editor.set(record.state, .init("state=\(state)"))) }
        let before = record.state
        try record.write(editor.set(before, .init("state=published")))
        try record.write(editor.set(before, .init("state=withdrawn")), by: TestRecord.dakar)
        #expect(record.shown()["fields"]?["state"]?["state"] == .string("withdrawn"))
        try undo(5, &record)
        let state = record.shown()["fields"]?["state"]
        #expect(state?["state"] == .string("published") && state?["concurrent"] == .array([]))
        #expect(record.shown()["conflicts"] == .object([]))
    }

    @Test func deletesAreTakenBack() throws {
        var record = try contact()
        try record.write(editor.delete(record.state, lastEntries: [TestRecord.entry(1)]))
        record.isDeleted = true
        let undo = try undo(2, &record)
        #expect(undo.undone == [.init(field: "deleted", operation: "restore", value: nil)])
        #expect(undo.draft?.operations.map(\.shape) == [.unsigned(1)])
        // A field of a deleted record waits until the record is there again.
        var gone = try contact("honorific=Dr")
        try gone.write(editor.delete(gone.state, lastEntries: [TestRecord.entry(2)]))
        gone.isDeleted = true
        #expect(throws: RecordError.deleted(record: TestRecord.id)) { try self.undo(2, &gone) }
    }

    @Test func aTakenBackRestoreDeletesAgainUnlessSomebodyWrote() throws {
        var record = try contact()
        try record.write(editor.delete(record.state, lastEntries: [TestRecord.entry(1)]))
        try record.write(editor.restore(record.state))
        #expect(try undo(3, &record).deletes)
        try record.write(editor.set(record.state, .init("honorific=Dr")))
        let undo = try undo(3, &record)
        #expect(!undo.deletes && undo.left.map(\.field) == ["deleted"])
    }

    @Test func erasedValuesDoNotComeBack() throws {
        var record = try contact("honorific=Ms", "honorific=Dr", "emails=a@example.org")
        record.erase(entry: 2)
        let undo = try undo(3, &record)
        #expect(undo.draft == nil && undo.left.map(\.why) == ["the value before it was erased"])
        try record.write(editor.unset(record.state, ["emails"]))
        record.erase(entry: 4)
        #expect(try self.undo(5, &record).left.map(\.why) == ["a member that it took out was erased"])
    }

    @Test func typesOfALaterVersionStay() throws {
        var record = try contact()
        let later = OperationDraft(
            field: 77, type: MergeType(rawValue: 41), replaces: [], shape: .null, value: .integer(1))
        try record.write(EntryDraft(target: .existing(TestRecord.id), operations: [later]))
        #expect(try undo(2, &record).left.map(\.field) == ["#77"])
    }
}
