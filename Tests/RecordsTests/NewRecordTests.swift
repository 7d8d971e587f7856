import Bytes
import Crypto
import Records
import Replica
import Testing

/// What new records of the table begin with.
@Suite struct NewRecordTests {
    static let first = ShortID(0xB1, 1)
    static let second = ShortID(0xB1, 2)

    /// Written at 2027-02-26T12:00:00Z by a device of the institute.
    private let editor = RecordEditor(
        schema: .standard, language: "en",
        writer: WriterContext(organisation: TestRecord.institute, time: 1_803_643_200)
    ) { prefix, _ throws(RecordError) in
        guard let id = ShortID(hex: prefix) else { throw .notFound(prefix, remedy: nil) }
        return id
    }

    private func fields(_ kind: Kind, _ words: [Assignment]) throws -> Document? {
        var record = TestRecord(kind)
        try record.write(editor.create(kind, words))
        return record.shown()["fields"]
    }

    @Test func whatNobodySaidIsFilledIn() throws {
        let own = Document.string(TestRecord.institute.hex)
        let contribution = try fields(.contribution, .init("type=news", "title=Radio week"))
        #expect(contribution?["org"] == own)
        #expect(contribution?["date"] == .string("2027-02-26"))
        #expect(contribution?["state"]?["state"] == .string("draft"))
        #expect(try fields(.contact, .init("display=Amina"))?["review_by"] == .string("2029-02-26"))
        #expect(try fields(.opportunity, .init("title=Water"))?["posted"] == .string("2027-02-26"))
        let interaction = try fields(.interaction, .init("channel=call", "subject=Water"))
        #expect(interaction?["when"] == .string("2027-02-26T12:00:00Z"))
        #expect(try fields(.objective, .init("title=Water"))?["owner"] == own)
        let given = try fields(
            .contribution, .init("type=news", "title=x", "org=\(TestRecord.sector.hex)", "date=2026-01-01"))
        #expect(given?["org"] == .string(TestRecord.sector.hex))
        #expect(given?["date"] == .string("2026-01-01"))
    }

    @Test func whoeverMakesAPairMakesTheSame() throws {
        let words = [Assignment].init("opportunity=\(NewRecordTests.first.hex)", "stance=lead")
        let expected = EntryDraft.Target.pair(kind: 55, ids: [TestRecord.institute, NewRecordTests.first])
        #expect(try editor.create(.interest, words).target == expected)
        let other = words + .init("org=\(TestRecord.institute.hex)")
        #expect(try RecordEditor.test.create(.interest, other).target == expected)
        // Without an organisation there is nobody whose interest it could be.
        #expect(throws: RecordError.needed(fields: ["org"], kind: "interest")) {
            try RecordEditor.test.create(.interest, words)
        }
    }

    @Test func whatIsFixedStays() throws {
        var record = TestRecord(.agendaItem)
        try record.write(
            editor.create(.agendaItem, .init("meeting=\(NewRecordTests.first.hex)", "title=Water")))
        #expect(try editor.set(record.state, .init("meeting=\(NewRecordTests.first.hex)")) == nil)
        #expect(throws: RecordError.self) {
            try editor.set(record.state, .init("meeting=\(NewRecordTests.second.hex)"))
        }
        #expect(throws: RecordError.self) { try editor.unset(record.state, ["meeting"]) }
        #expect(try editor.set(record.state, .init("title=Wells")) != nil)
    }

    @Test func sharesStandByOrganisation() throws {
        let path = "shares.\(TestRecord.institute.hex)"
        let share = #"{"value":"1000.00","currency":"EUR"}"#
        let bid = try fields(
            .bid, .init("opportunity=\(NewRecordTests.first.hex)", "title=Wells", "\(path)=\(share)"))
        let shown = bid?["shares"]?[TestRecord.institute.hex]
        #expect(shown?["value"] == .string("1000.00"))
        #expect(shown?["role"] == .null)
        #expect(throws: RecordError.self) {
            try fields(.bid, .init("opportunity=\(NewRecordTests.first.hex)", "title=Wells", "shares=\(share)"))
        }
    }

    @Test func aMeetingEndsAfterItBegan() throws {
        func meeting(_ end: String) throws -> Document? {
            try fields(
                .meeting,
                .init(
                    "type=other", "title=Radio", "period.start=2027-10-04T09:00:00+02:00", "period.end=\(end)",
                    "period.zone=Europe/Paris"))
        }
        #expect(try meeting("2027-10-04T08:00:00Z")?["period"]?["start"] == .string("2027-10-04T07:00:00Z"))
        #expect(
            throws: RecordError.invalidValue(field: "period", reason: "start is greater than end", remedy: nil)
        ) { try meeting("2027-10-04T08:59:00+02:00") }
    }
}
