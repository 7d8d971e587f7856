import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct RecordRenderingTests {
    let editor = RecordEditor.test

    /// A contact that Paris wrote, and that Paris and Dakar then change apart.
    private func apart(_ field: String, _ paris: String, _ dakar: String) throws -> TestRecord {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina")))
        let seen = record.state
        try record.write(editor.set(seen, .init("\(field)=\(paris)")), by: TestRecord.paris, at: 60)
        try record.write(editor.set(seen, .init("\(field)=\(dakar)")), by: TestRecord.dakar, at: -60)
        return record
    }

    @Test func showsEveryMemberInItsPlace() throws {
        var record = TestRecord(.contact)
        try record.write(
            editor.create(
                .contact,
                .init(
                    "display=Amina Ndiaye", "name.family=Ndiaye", "name.given=Amina", "emails=b@example.org",
                    "emails=a@example.org", "emails=B@example.org", "native_name.ar=أمينة", "native_name=Amina",
                    "consent.basis=consent", "consent.date=2026-01-02")))
        #expect(
            record.shown()
                == .pairs([
                    "id": .string(TestRecord.id.hex), "kind": .string("contact"), "space": .string("net"),
                    "deleted": .bool(false),
                    "fields": .pairs([
                        "name": .pairs(["family": .string("Ndiaye"), "given": .string("Amina")]),
                        "native_name": .pairs(["ar": .string("أمينة"), "en": .string("Amina")]),
                        "display": .string("Amina Ndiaye"),
                        "emails": .strings(["B@example.org", "a@example.org", "b@example.org"]),
                        "consent": .pairs([
                            "basis": .string("consent"), "date": .string("2026-01-02"), "scope": .null,
                        ]),
                    ]),
                    "missing": .array([]), "conflicts": .object([]), "soft": .object([]), "contested": .array([]),
                ]))
    }

    @Test func missingListsWhatIsRequiredAndUnset() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina", "name.given=Amina")))
        #expect(record.shown()["missing"] == .strings(["consent"]))
        try record.write(editor.unset(record.state, ["name", "display"]))
        #expect(record.shown()["missing"] == .strings(["name", "display", "consent"]))
        #expect(record.shown()["fields"] == .object([]))
    }

    @Test func hardConflictShowsAllAndNamesTheirWriters() throws {
        let record = try apart("primary_email", "a@example.org", "b@example.org")
        let shown = record.shown()
        #expect(shown["fields"]?["primary_email"] == .string("b@example.org"))
        #expect(shown["soft"] == .object([]))
        #expect(
            shown["conflicts"]
                == .pairs([
                    "primary_email": .array([
                        .pairs([
                            "value": .string("b@example.org"), "organisation": .string(TestRecord.institute.hex),
                            "device": .string(TestRecord.dakar.hex), "claimedAt": .string("1969-12-31T23:59:00Z"),
                            "entry": .string(TestRecord.entry(3).hex),
                        ]),
                        .pairs([
                            "value": .string("a@example.org"), "organisation": .string(TestRecord.sector.hex),
                            "device": .string(TestRecord.paris.hex), "claimedAt": .string("1970-01-01T00:01:00Z"),
                            "entry": .string(TestRecord.entry(2).hex),
                        ]),
                    ])
                ]))
        #expect(RecordRendering(.standard).conflicts(record.state).map { $0["field"] } == [.string("primary_email")])
    }

    @Test func greaterOrderShowsBeforeGreaterEntry() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina")))
        let early = record.state
        try record.write(editor.set(early, .init("honorific=Dr")))
        try record.write(editor.set(record.state, .init("honorific=Prof.")))
        try record.write(editor.set(early, .init("honorific=Ms")), by: TestRecord.dakar)
        #expect(record.shown()["fields"]?["honorific"] == .string("Prof."))
        #expect(record.shown()["conflicts"] == .object([]))
        #expect(record.shown()["soft"]?["honorific"]?.items?.map { $0["value"] } == [.string("Prof."), .string("Ms")])
    }

    @Test func equalValuesAreNoConflictAndOtherSpellingsAre() throws {
        let same = try apart("primary_email", "a@example.org", "a@example.org")
        #expect(same.shown()["conflicts"] == .object([]))
        #expect(same.state.fields.last?.left.count == 2)
        // The same letters in two normal forms: equal for Swift, different bytes.
        let spelt = try apart("name.family", "\u{E9}", "e\u{301}")
        #expect(spelt.shown()["conflicts"]?["name"]?.items?.count == 2)
    }

    @Test func unsettingBesideSettingIsAConflict() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=Amina", "primary_email=a@example.org")))
        let seen = record.state
        try record.write(editor.set(seen, .init("primary_email=b@example.org")))
        try record.write(editor.unset(seen, ["primary_email"]), by: TestRecord.dakar)
        let values = record.shown()["conflicts"]?["primary_email"]?.items?.map { $0["value"] }
        #expect(values == [.null, .string("b@example.org")])
        #expect(record.shown()["fields"]?["primary_email"] == nil)
    }

    @Test func erasedValuesAreHiddenBeforeEqualityIsLookedAt() throws {
        var record = try apart("primary_email", "a@example.org", "b@example.org")
        record.erase(entry: 3)
        #expect(record.shown()["conflicts"] == .object([]))
        #expect(record.shown()["fields"]?["primary_email"] == .string("a@example.org"))
        record.erase(entry: 2)
        #expect(record.shown()["fields"]?["primary_email"] == .pairs(["erased": .bool(true)]))
    }

    @Test func languagesDisputeEachForItself() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water", "body=One")))
        let seen = record.state
        try record.write(editor.set(seen, .init("body=Two", "body.fr=Deux", "title.fr=Eau")))
        try record.write(editor.set(seen, .init("body=Three", "title.fr=L’eau", "title.ar=ماء")), by: TestRecord.dakar)
        let shown = record.shown()
        #expect(shown["conflicts"]?.members?.map(\.name) == ["body.en"])
        #expect(shown["soft"]?.members?.map(\.name) == ["title.fr"])
        #expect(shown["fields"]?["body"] == .pairs(["en": .string("Three"), "fr": .string("Deux")]))
        #expect(
            shown["fields"]?["title"]
                == .pairs(["ar": .string("ماء"), "en": .string("Water"), "fr": .string("L’eau")]))
    }

    @Test func workflowsBehaveAsTheMostCautious() throws {
        var record = TestRecord(.contribution)
        try record.write(editor.create(.contribution, .init("type=news", "title=Water")))
        #expect(
            record.shown()["fields"]?["state"]
                == .pairs(["state": .string("draft"), "shown": .string("draft"), "concurrent": .array([])]))
        try record.write(editor.set(record.state, .init("state=submitted")))
        try record.write(editor.set(record.state, .init("state=approved")))
        let approved = record.state
        try record.write(editor.set(approved, .init("state=withdrawn")))
        try record.write(editor.set(approved, .init("state=published")), by: TestRecord.dakar)
        #expect(
            record.shown()["fields"]?["state"]
                == .pairs([
                    "state": .string("withdrawn"), "shown": .string("published"),
                    "concurrent": .strings(["published", "withdrawn"]),
                ]))
        let values = record.shown()["conflicts"]?["state"]?.items?.map { $0["value"] }
        #expect(values == [.string("published"), .string("withdrawn")])
    }

    @Test func whatThisVersionDoesNotKnowIsShownByNumber() throws {
        var record = TestRecord(kind: 999)
        let deep = CBOR.tag(99, .array([.bytes([1, 2])]))
        try record.write(
            EntryDraft(
                target: .new(kind: 999),
                operations: [
                    .init(field: 17, type: .register, replaces: [], value: .text("x")),
                    .init(field: 18, type: .register, replaces: [], value: .other(deep)),
                    .init(field: 19, type: .counter, replaces: [], shape: .int(3)),
                    .init(
                        field: 20, type: .workflow, replaces: [],
                        shape: .array([.null, .unsigned(7), .unsigned(1)])),
                    .init(field: 21, type: .map, replaces: [], shape: .text("k"), value: .array([.integer(1)])),
                ]))
        let shown = record.shown()
        #expect(shown["kind"] == .string("#999"))
        #expect(
            shown["fields"]
                == .pairs([
                    "#17": .string("x"), "#18": .pairs(["cbor": .string(deep.encoded.hex)]),
                    "#19": .int(3),
                    "#20": .pairs(["state": .string("#7"), "shown": .string("#7"), "concurrent": .array([])]),
                    "#21": .pairs(["k": .array([.int(1)])]),
                ]))
        #expect(shown["missing"] == .array([]))
    }

    @Test func unknownPartsOfGroupsAreShownAndKept() throws {
        var record = TestRecord(.contact)
        try record.write(
            EntryDraft(
                target: .new(kind: 34),
                operations: [
                    .init(
                        field: 16, type: .register, replaces: [],
                        value: .array([.text("Ndiaye"), .text("Amina"), .text("Marie")]))
                ]))
        try record.write(editor.set(record.state, .init("name.given=Fatou")))
        #expect(
            record.shown()["fields"]?["name"]
                == .pairs(["family": .string("Ndiaye"), "given": .string("Fatou"), "#2": .string("Marie")]))
    }

    @Test func historyTellsWhatWasReplaced() throws {
        var record = try apart("primary_email", "a@example.org", "b@example.org")
        try record.write(
            editor.resolve(record.state, "primary_email", .keep("1"), because: "asked her"), at: 120)
        try record.write(editor.delete(record.state, lastEntries: [TestRecord.entry(4)]))
        let entries = HistoryRendering(.contact).document(record.entries).items ?? []
        #expect(entries.map { $0["order"] } == [.int(1), .int(1), .int(1), .int(2), .int(1)])
        #expect(
            entries[3]["changes"]
                == .array([
                    .pairs([
                        "field": .string("primary_email"), "operation": .string("set"),
                        "value": .string("b@example.org"),
                        "replaced": .array([
                            .pairs(["entry": .string(TestRecord.entry(3).hex), "value": .string("b@example.org")]),
                            .pairs(["entry": .string(TestRecord.entry(2).hex), "value": .string("a@example.org")]),
                        ]),
                    ]),
                    .pairs([
                        "field": .string("because"), "operation": .string("remark"), "value": .string("asked her"),
                        "replaced": .array([]),
                    ]),
                ]))
        #expect(entries[4]["changes"]?.items?.first?["operation"] == .string("delete"))
    }
}
