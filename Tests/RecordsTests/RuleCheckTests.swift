import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct RuleCheckTests {
    let editor = RecordEditor.test
    private let meeting = String(repeating: "1", count: 32)
    private let first = String(repeating: "2", count: 32)
    private let second = String(repeating: "3", count: 32)

    private func refusal(_ draft: EntryDraft?, _ record: TestRecord?, of kind: Kind) throws -> RecordError? {
        let draft = try #require(draft)
        do {
            try RuleCheck(kind).check(draft, before: record?.state, history: record?.entries ?? [])
            return nil
        } catch { return error }
    }

    // MARK: One of several fields

    @Test func oneOfSeveralFieldsNeedsAValue() throws {
        let bare = try editor.create(.publicityRequest, .init("item=\(meeting)", "period.from=2027-01-01"))
        let refused = RecordError.invalidValue(
            field: "targets", reason: "one of targets, to_all needs a value", remedy: "targets=… or to_all=…")
        #expect(try refusal(bare, nil, of: .publicityRequest) == refused)
        let nobody = try editor.create(.publicityRequest, .init("item=\(meeting)", "to_all=false"))
        #expect(try refusal(nobody, nil, of: .publicityRequest) == refused)
        var record = TestRecord(.publicityRequest)
        let right = try editor.create(.publicityRequest, .init("item=\(meeting)", "targets=\(first)"))
        #expect(try refusal(right, nil, of: .publicityRequest) == nil)
        try record.write(right)
        #expect(try refusal(editor.unset(record.state, ["targets"]), record, of: .publicityRequest) == refused)
        // A change elsewhere is not held up.
        #expect(
            try refusal(editor.set(record.state, .init("suggested=Read this")), record, of: .publicityRequest) == nil)
    }

    // MARK: Sums

    private func bid(_ words: String...) throws -> TestRecord {
        var record = TestRecord(.bid)
        try record.write(
            editor.create(.bid, .init("opportunity=\(meeting)", "lead=\(first)", "title=Water for all")))
        let given = words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return Assignment(path: String(parts[0]), text: String(parts[1]))
        }
        if !given.isEmpty { try record.write(editor.set(record.state, given)) }
        for state in ["drafting", "review"] { try record.write(editor.set(record.state, .init("state=\(state)"))) }
        return record
    }

    private func submitting(_ record: TestRecord) throws -> RecordError? {
        try refusal(editor.set(record.state, .init("state=submitted")), record, of: .bid)
    }

    private func share(_ value: String, _ currency: String = "EUR") -> String {
        "{\"value\":\"\(value)\",\"currency\":\"\(currency)\"}"
    }

    @Test func sharesAddUpBeforeABidIsSubmitted() throws {
        #expect(try submitting(bid()) == nil)
        let whole = "total=\(share("100000"))"
        #expect(
            try submitting(bid(whole, "shares.\(first)=\(share("60000.50"))", "shares.\(second)=\(share("39999.5"))"))
                == nil)
        let short = try bid(whole, "shares.\(first)=\(share("60000"))", "shares.\(second)=\(share("39999.99"))")
        #expect(
            try submitting(short)
                == .invalidValue(
                    field: "shares", reason: "they add up to 99999.99, not to 100000",
                    remedy: "liaison set \(TestRecord.id.hex.prefix(8)) total.value=99999.99"))
        // Until then it is only listed.
        #expect(try refusal(editor.set(short.state, .init("total.value=5")), short, of: .bid) == nil)
        let endless = try bid("shares.\(first)=\(share("60000"))")
        #expect(
            try submitting(endless)
                == .invalidValue(
                    field: "shares", reason: "they add up to 60000, and there is no total",
                    remedy: "liaison set \(TestRecord.id.hex.prefix(8)) total.value=60000 total.currency=EUR"))
        let mixed = try bid(whole, "shares.\(first)=\(share("100000", "USD"))")
        #expect(
            try submitting(mixed)
                == .invalidValue(
                    field: "shares", reason: "they are in several currencies: EUR, USD",
                    remedy: "liaison show \(TestRecord.id.hex.prefix(8))"))
    }

    // MARK: What is frozen

    private func decision() throws -> TestRecord {
        var record = TestRecord(.decision)
        try record.write(editor.create(.decision, .init("meeting=\(meeting)", "text=We build a well.")))
        return record
    }

    private func thawed(_ record: TestRecord) -> [String] {
        RuleCheck(.decision).thawed("text", "adopted", "adopted", record.state, record.entries).map(\.reading)
    }

    @Test func anAdoptedTextIsNotChanged() throws {
        var record = try decision()
        #expect(try refusal(editor.set(record.state, .init("text=We build two.")), record, of: .decision) == nil)
        try record.write(editor.set(record.state, .init("adopted=adopted")))
        let refused = try refusal(editor.set(record.state, .init("text=We build two.")), record, of: .decision)
        #expect(
            refused
                == .invalidValue(
                    field: "text", reason: "it does not change while adopted is adopted",
                    remedy: "liaison new decision …"))
        #expect(try refusal(editor.set(record.state, .init("number=7")), record, of: .decision) == nil)
        #expect(thawed(record) == [])
    }

    /// One office adopts the text, another rewrites it without knowing.
    @Test func aTextThatWasRewrittenElsewhereIsNoticed() throws {
        var record = try decision()
        let before = record.state
        try record.write(editor.set(before, .init("adopted=adopted")))
        try record.write(editor.set(before, .init("text=We build two.")), by: TestRecord.dakar)
        #expect(thawed(record) == ["text.en"])
        // What was frozen may come back.
        let undo = try editor.undo(record.entries[2], of: record.state, history: record.entries)
        #expect(try refusal(undo.draft, record, of: .decision) == nil)
        try record.write(undo.draft)
        #expect(thawed(record) == [])
        #expect(record.shown()["fields"]?["text"]?["en"] == .string("We build a well."))
    }

    @Test func ofTwoTextsTheAdoptedOneIsKept() throws {
        var record = try decision()
        let before = record.state
        try record.write(editor.set(before, .init("text=We build two.", "adopted=adopted")))
        try record.write(editor.set(before, .init("text=We build three.")), by: TestRecord.dakar)
        #expect(thawed(record) == ["text.en"])
        let kept = try editor.resolve(record.state, "text", .keep(TestRecord.entry(2).hex), because: nil)
        #expect(try refusal(kept, record, of: .decision) == nil)
        let other = try editor.resolve(record.state, "text", .value("We build four."), because: nil)
        #expect(try refusal(other, record, of: .decision) != nil)
        try record.write(kept)
        #expect(thawed(record) == [])
    }

    // MARK: Both

    @Test func bothListsAreKeptAndNothingElse() throws {
        var record = TestRecord(.opportunity)
        try record.write(editor.create(.opportunity, .init("title=Water grants")))
        let before = record.state
        let (march, april) = (
            "{\"stage\":\"full\",\"date\":\"2027-03-01\"}", "{\"stage\":\"note\",\"date\":\"2027-04-01\"}"
        )
        try record.write(editor.set(before, .init("deadlines=[\(march)]", "cofunding_pct=10")))
        try record.write(editor.set(before, .init("deadlines=[\(april),\(march)]", "cofunding_pct=20")))
        try record.write(editor.resolve(record.state, "deadlines", .keep("both"), because: "both stand"))
        let dates = record.shown()["fields"]?["deadlines"]?.items?.map { $0["date"] }
        #expect(dates == [.string("2027-04-01"), .string("2027-03-01")])
        #expect(
            throws: RecordError.misused(
                field: "cofunding_pct", reason: "it holds one value, so not all can be kept",
                remedy: "--keep N, or --value V")
        ) { try editor.resolve(record.state, "cofunding_pct", .keep("all"), because: nil) }
    }

    @Test func whatCannotBeEnteredCanBeTakenOut() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina", "emails=a@example.org")))
        let target = ShortID(0xBAD0_0000_0000_0000, 1)
        try record.write(
            EntryDraft(
                target: .existing(TestRecord.id),
                operations: [
                    .init(field: 20, type: .set, replaces: [], shape: .unsigned(0), value: .text("no address")),
                    .init(
                        field: 26, type: .set, replaces: [], shape: .unsigned(0),
                        value: .array([.text("Institute"), .null, .date("2027-02-01"), .date("2027-01-01")])),
                ]))
        try record.write(editor.remove(record.state, .init("emails=no address")))
        #expect(record.shown()["fields"]?["emails"] == .strings(["a@example.org"]))
        let shown = try #require(record.shown()["fields"]?["affiliations"]?.items?.first)
        try record.write(editor.remove(record.state, .init("affiliations=\(JSONWriter.compactText(shown))")))
        #expect(record.shown()["fields"]?["affiliations"] == nil)
        var meeting = TestRecord(.meeting)
        try meeting.write(
            EntryDraft(
                target: .new(kind: 42),
                operations: [
                    .init(
                        field: try #require(Kind.meeting.field(named: "participants")).number, type: .set, replaces: [],
                        shape: .unsigned(0), value: .id(target.bytes))
                ]))
        try meeting.write(editor.remove(meeting.state, .init("participants=\(target.hex.prefix(8))")))
        #expect(meeting.shown()["fields"]?["participants"] == nil)
    }
}
