import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct RecordEditorTests {
    let editor = RecordEditor.test

    private func contact(_ words: String...) throws -> TestRecord {
        var record = TestRecord(.contact)
        let given = (["display=Amina"] + words).map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return Assignment(path: String(parts[0]), text: String(parts[1]))
        }
        try record.write(editor.create(.contact, given))
        return record
    }

    @Test func newNeedsItsFields() {
        #expect(throws: RecordError.needed(fields: ["type", "title"], kind: "contribution")) {
            try editor.create(.contribution, .init("date=2026-01-01"))
        }
        #expect(throws: RecordError.notByHand(kind: "device")) { try editor.create(.device, .init("alias=x")) }
    }

    @Test func pairsAreCreatedAsOne() throws {
        let target = EntryDraft.Target.pair(kind: 33, ids: [TestRecord.paris])
        let draft = try editor.create(.device, as: target, .init("alias=paris"))
        #expect(draft.target == target)
        #expect(draft.operations == [.init(field: 16, type: .register, replaces: [], value: .text("paris"))])
    }

    @Test func whatIsSoAlreadyIsNotWritten() throws {
        let state = try contact("emails=a@example.org", "name.family=Ndiaye", "native_name.ar=أمينة").state
        #expect(try editor.set(state, .init("display=Amina", "name.family=Ndiaye", "native_name.ar=أمينة")) == nil)
        #expect(try editor.set(state, .init("emails=a@example.org")) == nil)
        #expect(try editor.add(state, .init("emails=a@example.org")) == nil)
        #expect(try editor.remove(state, .init("emails=b@example.org")) == nil)
        #expect(try editor.unset(state, ["honorific", "phones"]) == nil)
        #expect(editor.restore(state) == nil)
        #expect(try editor.set(state, .init("display=amina")) != nil)
    }

    @Test func emptyTextIsAValue() throws {
        var record = try contact()
        try record.write(editor.set(record.state, .init("honorific=")))
        #expect(record.shown()["fields"]?["honorific"] == .string(""))
    }

    @Test func setGivesASetExactlyTheseMembers() throws {
        var record = try contact("emails=a@example.org", "emails=b@example.org")
        try record.write(editor.set(record.state, .init("emails=b@example.org", "emails=c@example.org")))
        #expect(record.shown()["fields"]?["emails"] == .strings(["b@example.org", "c@example.org"]))
        try record.write(editor.unset(record.state, ["emails"]))
        #expect(record.shown()["fields"]?["emails"] == nil)
    }

    @Test func addWinsOverARemoveThatHasNotSeenIt() throws {
        var record = try contact("emails=a@example.org")
        let seen = record.state
        try record.write(editor.remove(seen, .init("emails=a@example.org")))
        #expect(record.shown()["fields"]?["emails"] == nil)
        try record.write(editor.add(record.state, .init("emails=a@example.org")), by: TestRecord.dakar)
        #expect(record.shown()["fields"]?["emails"] == .strings(["a@example.org"]))
    }

    @Test func partsChangeTogether() throws {
        var record = try contact("name.family=Ndiaye", "name.given=Amina")
        try record.write(editor.set(record.state, .init("name.given=Fatou")))
        #expect(
            record.shown()["fields"]?["name"] == .pairs(["family": .string("Ndiaye"), "given": .string("Fatou")]))
        try record.write(editor.set(record.state, .init("name.family=")))
        #expect(record.shown()["fields"]?["name"] == .pairs(["family": .null, "given": .string("Fatou")]))
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("name.given=")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("consent.date=2026-01-01")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("name.middle=Marie")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("name.given=A", "name.given=B")) }
    }

    @Test func commandsThatDoNotFitAreRefused() throws {
        let state = try contact().state
        #expect(throws: RecordError.self) { try editor.set(state, .init("nickname=Mina")) }
        #expect(throws: RecordError.self) { try editor.set(state, .init("display=A", "display=B")) }
        #expect(throws: RecordError.self) { try editor.set(state, .init("display.fr=A")) }
        #expect(throws: RecordError.self) { try editor.set(state, .init("native_name.français=A")) }
        #expect(throws: RecordError.self) { try editor.add(state, .init("display=B")) }
        #expect(throws: RecordError.self) { try editor.unset(state, ["name.given"]) }
    }

    @Test func aHardConflictWaitsForAPerson() throws {
        var record = try contact("primary_email=a@example.org")
        let seen = record.state
        try record.write(editor.set(seen, .init("primary_email=b@example.org")))
        try record.write(editor.set(seen, .init("primary_email=c@example.org")), by: TestRecord.dakar)
        let expected = RecordError.undecided(record: TestRecord.id, field: "primary_email")
        #expect(throws: expected) { try editor.set(record.state, .init("primary_email=d@example.org")) }
        #expect(throws: expected) { try editor.unset(record.state, ["primary_email"]) }
        // Other fields are free.
        #expect(try editor.set(record.state, .init("honorific=Dr")) != nil)
        for (resolution, kept) in [
            (Resolution.keep("1"), "c@example.org"), (.keep("2"), "b@example.org"),
            (.keep(TestRecord.entry(2).hex), "b@example.org"), (.value("d@example.org"), "d@example.org"),
        ] {
            var copy = record
            try copy.write(editor.resolve(copy.state, "primary_email", resolution, because: nil))
            #expect(copy.shown()["conflicts"] == .object([]))
            #expect(copy.shown()["fields"]?["primary_email"] == .string(kept))
            #expect(copy.state.fields.last?.left.count == 1)
        }
        for wrong in [Resolution.keep("0"), .keep("3"), .keep("ffffffff"), .keep("-1"), .value("nobody")] {
            #expect(throws: RecordError.self) {
                try editor.resolve(record.state, "primary_email", wrong, because: nil)
            }
        }
        #expect(throws: RecordError.self) { try editor.resolve(record.state, "display", .keep("1"), because: nil) }
        #expect(throws: RecordError.self) { try editor.resolve(record.state, "nickname", .keep("1"), because: nil) }
    }

    @Test func aSoftConflictEndsWithTheNextWrite() throws {
        var record = try contact()
        let seen = record.state
        try record.write(editor.set(seen, .init("honorific=Dr")))
        try record.write(editor.set(seen, .init("honorific=Ms")), by: TestRecord.dakar)
        #expect(record.state[19]?.left.count == 2)
        #expect(try editor.set(record.state, .init("honorific=Ms")) == nil)
        try record.write(editor.set(record.state, .init("honorific=Prof.")))
        #expect(record.state[19]?.left.count == 1)
        #expect(record.shown()["soft"] == .object([]))
    }

    @Test func statesFollowTheTable() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water")))
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("state=published")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("state=lost")) }
        #expect(throws: RecordError.self) { try editor.unset(record.state, ["state"]) }
        #expect(try editor.set(record.state, .init("state=draft")) == nil)
        let draft = try #require(try editor.set(record.state, .init("state=submitted")))
        #expect(draft.operations.map(\.shape) == [.array([.unsigned(1), .unsigned(2), .unsigned(40)])])
        #expect(draft.operations.map(\.value) == [nil])
        try record.write(draft)
        let submitted = record.state
        try record.write(editor.set(submitted, .init("state=approved")))
        try record.write(editor.set(submitted, .init("state=changes-requested")), by: TestRecord.dakar)
        #expect(throws: RecordError.undecided(record: TestRecord.id, field: "state")) {
            try editor.set(record.state, .init("state=withdrawn"))
        }
        #expect(throws: RecordError.self) {
            try editor.resolve(record.state, "state", .value("published"), because: nil)
        }
        try record.write(editor.resolve(record.state, "state", .value("approved"), because: "checked"))
        #expect(record.shown()["fields"]?["state"]?["state"] == .string("approved"))
        #expect(throws: RecordError.self) {
            try editor.create(.contribution, .init("type=news", "title=Water", "state=published"))
        }
    }

    @Test func unknownFieldsCanBeDecidedByKeeping() throws {
        var record = TestRecord(kind: 999)
        for text in ["a", "b"] {
            try record.write(
                EntryDraft(
                    target: .new(kind: 999),
                    operations: [.init(field: 17, type: .register, replaces: [], value: .text(text))]))
        }
        #expect(record.shown()["soft"]?["#17"]?.items?.count == 2)
        try record.write(editor.resolve(record.state, "#17", .keep("2"), because: nil))
        #expect(record.shown()["fields"]?["#17"] == .string("a"))
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("#17=c")) }
    }

    @Test func deletedRecordsAreNotWritten() throws {
        var record = try contact()
        try record.write(editor.delete(record.state, lastEntries: [TestRecord.entry(1)]))
        record.isDeleted = true
        #expect(throws: RecordError.deleted(record: TestRecord.id)) {
            try editor.set(record.state, .init("display=B"))
        }
        #expect(editor.delete(record.state, lastEntries: [TestRecord.entry(1)]) == nil)
        let restore = try #require(editor.restore(record.state))
        #expect(restore.operations.map(\.shape) == [.unsigned(1)])
        #expect(restore.operations.map(\.replaces) == [[OperationID(entry: TestRecord.entry(2), index: 0)]])
    }

    @Test func filtersFindAnyValueLeft() throws {
        var record = try contact("country=SN", "name.family=Ndiaye", "emails=a@example.org", "native_name.ar=أمينة")
        let seen = record.state
        try record.write(editor.set(seen, .init("country=ML")))
        try record.write(editor.set(seen, .init("country=FR")), by: TestRecord.dakar)
        func accepts(_ words: String) throws -> Bool {
            try RecordFilter(
                .contact, .init(words), language: "en",
                lookup: { prefix, _ throws(RecordError) in throw .notFound(prefix, remedy: nil) }
            ).accepts(record.state)
        }
        for words in [
            "country=ml", "country=FR", "name.family=Ndiaye", "emails=a@example.org", "native_name.ar=أمينة",
        ] {
            #expect(try accepts(words), "\(words)")
        }
        for words in ["country=SN", "name.given=Ndiaye", "emails=b@example.org", "native_name=أمينة", "honorific="] {
            #expect(try !accepts(words), "\(words)")
        }
        #expect(throws: RecordError.self) { try accepts("country=Mali") }
        #expect(throws: RecordError.self) { try accepts("nickname=x") }
    }
}
