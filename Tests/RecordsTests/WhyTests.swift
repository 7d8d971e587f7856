import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct WhyTests {
    let editor = RecordEditor.test

    private func values(_ operations: Document?) -> [Document?] { operations?.items?.map { $0["value"] } ?? [] }

    @Test func aRegisterTellsItsWholePast() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina", "honorific=Ms")), at: 1_000)
        try record.write(editor.set(record.state, .init("honorific=Mrs")), by: TestRecord.dakar, at: 500)
        let before = record.state
        try record.write(editor.set(before, .init("honorific=Dr")), at: 2_000)
        try record.write(editor.set(before, .init("honorific=Prof")), by: TestRecord.dakar, at: 1_500)
        let why = try editor.why(record.state, "honorific", history: record.entries)
        #expect(why["value"] == .string("Prof") && why["conflict"] == .string("soft"))
        #expect(values(why["written"]) == [.string("Prof")])
        let written = try #require(why["written"]?.items?.first)
        #expect(written["organisation"] == .string(TestRecord.institute.hex))
        #expect(written["claimedAt"] == .string("1970-01-01T00:25:00Z"))
        #expect(written["entry"] == .string(TestRecord.entry(4).hex) && written["because"] == .null)
        #expect(values(why["beside"]) == [.string("Dr")])
        #expect(values(why["before"]) == [.string("Mrs"), .string("Ms")])
    }

    @Test func theReasonIsTold() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina")))
        let before = record.state
        try record.write(editor.set(before, .init("primary_email=a@example.org")))
        try record.write(editor.set(before, .init("primary_email=b@example.org")))
        #expect(
            try editor.why(record.state, "primary_email", history: record.entries)["conflict"] == .string("hard"))
        try record.write(editor.resolve(record.state, "primary_email", .keep("2"), because: "she wrote so"))
        let why = try editor.why(record.state, "primary_email", history: record.entries)
        #expect(why["written"]?.items?.first?["because"] == .string("she wrote so"))
        #expect(values(why["before"]) == [.string("b@example.org"), .string("a@example.org")])
        #expect(why["conflict"] == .null && values(why["beside"]) == [])
    }

    @Test func aSetTellsWhoAddedAndWhoTookOut() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina", "emails=a@example.org")))
        try record.write(editor.add(record.state, .init("emails=b@example.org")), by: TestRecord.dakar)
        try record.write(editor.remove(record.state, .init("emails=a@example.org")))
        let why = try editor.why(record.state, "emails", history: record.entries)
        #expect(values(why["written"]) == [.string("b@example.org")])
        #expect(why["before"]?.items?.map { $0["operation"] } == [.string("remove"), .string("add")])
        try record.write(editor.unset(record.state, ["emails"]))
        let empty = try editor.why(record.state, "emails", history: record.entries)
        #expect(empty["value"] == .null && empty["before"]?.items?.count == 4)
    }

    @Test func aWorkflowTellsEachStep() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water week")))
        for state in ["submitted", "approved"] { try record.write(editor.set(record.state, .init("state=\(state)"))) }
        let why = try editor.why(record.state, "state", history: record.entries)
        #expect(values(why["written"]) == [.string("approved")])
        #expect(values(why["before"]) == [.string("submitted"), .string("draft")])
    }

    @Test func languagesDeletionsAndWhatNobodyWrote() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water week", "title.fr=L’eau")))
        let why = try editor.why(record.state, "title.fr", history: record.entries)
        #expect(why["field"] == .string("title.fr") && why["value"] == .string("L’eau"))
        #expect(try editor.why(record.state, "title", history: record.entries)["field"] == .string("title.en"))
        try record.write(editor.delete(record.state, lastEntries: [TestRecord.entry(1)]), by: TestRecord.dakar)
        record.isDeleted = true
        let deleted = try editor.why(record.state, "deleted", history: record.entries)
        #expect(deleted["value"] == .bool(true))
        #expect(deleted["written"]?.items?.first?["device"] == .string(TestRecord.dakar.hex))
        #expect(throws: RecordError.self) { try editor.why(record.state, "summary", history: record.entries) }
        #expect(throws: RecordError.self) { try editor.why(record.state, "nonsense", history: record.entries) }
    }

    @Test func erasedValuesAreSaidToBe() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina", "honorific=Ms")))
        try record.write(editor.set(record.state, .init("honorific=Dr")))
        record.erase(entry: 1, index: 1)
        let why = try editor.why(record.state, "honorific", history: record.entries)
        #expect(values(why["before"]) == [.pairs(["erased": .bool(true)])])
    }
}
