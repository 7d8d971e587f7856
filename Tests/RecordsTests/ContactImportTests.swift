import Bytes
import Crypto
@testable import Records
import Replica
import Testing

@Suite struct ContactImportTests {
    let editor = RecordEditor.test

    private func plan(_ text: String, _ existing: [RecordState] = []) throws -> ImportPlan {
        try ContactImport.plan(text, existing: existing, editor: editor)
    }

    /// A contact with an id of its own, in the state that a draft leaves.
    private func contact(_ number: UInt64, _ words: String...) throws -> RecordState {
        let given = words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return Assignment(path: String(parts[0]), text: String(parts[1]))
        }
        return renumbered(try editor.create(.contact, given), number)
    }

    private func renumbered(_ draft: EntryDraft, _ number: UInt64) -> RecordState {
        let entry = TestRecord.entry(number)
        let views = draft.operations.enumerated().map { index, operation in
            OperationView(
                id: OperationID(entry: entry, index: index), field: operation.field, type: operation.type,
                shape: operation.shape, order: 1, value: operation.value.map { .present($0) } ?? .none,
                device: TestRecord.paris, organisation: nil, claimedAt: 0)
        }
        let fields = Set(views.map(\.field)).sorted().map { field in
            FieldState(field: field, left: views.filter { $0.field == field }.sorted(by: OperationView.winsOver))
        }
        return RecordState(
            id: ShortID(number, 0), kind: 34, space: "net", fields: fields, isDeleted: false, contested: [],
            standingDeletes: [])
    }

    @Test func headersAreKnownInTwoLanguagesAndAnyCase() {
        let expected: [(String, ContactColumn?)] = [
            ("Display name", .display), ("NAME", .display), ("Prénom", .given), ("nom", .family), ("E-mail", .email),
            ("e_mail 2", .email), ("Courriel", .email), ("Phone 1", .phone), ("Téléphone", .phone),
            ("Organization", .organisation), ("Title", .jobTitle), ("Pays", .country), (" UID ", .uid),
            ("Shoe size", nil), ("", nil), ("2", nil),
        ]
        for (header, column) in expected { #expect(ContactColumn(header: header) == column, "\(header)") }
    }

    @Test(arguments: ContactColumn.allCases) func everyHeaderMeansItsColumn(_ column: ContactColumn) {
        for header in column.headers { #expect(ContactColumn(header: header.uppercased()) == column, "\(header)") }
    }

    @Test func aWholeRowBecomesAContact() throws {
        let plan = try plan(
            """
            Name;Given;Family;E-mail;Phone;Organisation;Title;Country;Languages;UID;ORCID;Note
            أمينة العلوي;أمينة;العلوي;amina@example.org, a@example.org;+212 5 00 00 00;Institut A;Directrice;ma;ar, fr;\
            u-1;0000-0002-1825-0097;x
            """)
        #expect(plan.refused == [])
        #expect(plan.ignored == ["Note"])
        #expect(plan.created == 1)
        let state = renumbered(try #require(plan.drafts.first), 1)
        #expect(
            RecordRendering(.standard).document(state)["fields"]
                == .pairs([
                    "name": .pairs(["family": .string("العلوي"), "given": .string("أمينة")]),
                    "display": .string("أمينة العلوي"), "emails": .strings(["a@example.org", "amina@example.org"]),
                    "phones": .strings(["+212 5 00 00 00"]), "languages": .strings(["ar", "fr"]),
                    "country": .string("MA"),
                    "affiliations": .array([
                        .pairs([
                            "organisation": .string("Institut A"), "title": .string("Directrice"), "from": .null,
                            "to": .null,
                        ])
                    ]),
                    "orcid": .string("0000-0002-1825-0097"), "uid": .string("u-1"),
                ]))
    }

    @Test func importingAgainChangesNothing() throws {
        let text = """
            Name,E-mail,Organisation,Title,Country,UID
            Nguyễn Thị Hạnh,hanh@example.org,Viện A,Giám đốc,VN,u-1
            Ильяна Ёлкина,ilyana@example.org,,,KZ,
            陈思远,,研究所,,CN,
            """
        let first = try plan(text)
        #expect(first.created == 3)
        let states = first.drafts.enumerated().map { renumbered($1, UInt64($0 + 1)) }
        let again = try plan(text, states)
        #expect(again.drafts == [])
        #expect([again.created, again.updated, again.unchanged] == [0, 0, 3])
    }

    @Test func onlyChangedCellsWrite() throws {
        let state = try contact(
            1, "display=Amina Ndiaye", "emails=amina@example.org", "honorific=Dr", "country=SN",
            #"affiliations={"organisation":"Institut A","title":"Chargée","from":"2020-01-01"}"#)
        let plan = try plan(
            """
            Name,E-mail,Country,Honorific,Organisation,Title
            Amina Ndiaye,AMINA@example.org;second@example.org,ML,,Institut A,Directrice
            """, [state])
        #expect(plan.updated == 1)
        let draft = try #require(plan.drafts.first)
        #expect(draft.target == .existing(state.id))
        // Country; the second address; the affiliation anew, the old one taken out.
        #expect(draft.operations.map(\.field) == [24, 20, 26, 26])
        #expect(draft.operations[1].value == .text("second@example.org"))
        #expect(
            draft.operations[2].value
                == .array([.text("Institut A"), .text("Directrice"), .date("2020-01-01"), .null]))
        #expect(draft.operations[3].value == nil)
        #expect(draft.operations[3].replaces.count == 1)
    }

    @Test func aContactIsFoundByUIDThenAddressThenName() throws {
        let states = [
            try contact(1, "display=A", "uid=u-1", "emails=a@example.org"),
            try contact(2, "display=B", "emails=b@example.org"),
            try contact(3, "display=C", #"affiliations={"organisation":"O"}"#),
            try contact(4, "display=C"),
        ]
        let plan = try plan(
            """
            Name,E-mail,UID,Organisation,Honorific
            X,b@example.org,u-1,,Dr
            Y,B@EXAMPLE.ORG,,,Dr
            C,,,O,Dr
            C,,,,Dr
            A,a@example.org,u-2,,Dr
            """, states)
        #expect(plan.refused == [])
        #expect(plan.drafts.prefix(4).map(\.target) == (1...4).map { .existing(ShortID($0, 0)) })
        // The same address under another UID is another person.
        #expect(plan.drafts.last?.target == .new(kind: 34))
    }

    @Test func severalHitsAndRepeatedRowsAreRefused() throws {
        let states = [
            try contact(1, "display=A", "emails=shared@example.org"),
            try contact(2, "display=B", "emails=shared@example.org"),
        ]
        let plan = try plan(
            """
            Name,E-mail
            A,shared@example.org
            D,d@example.org
            D again,D@example.org
            ,nobody@example.org
            E,not an address
            F,f@example.org,extra
            """, states)
        #expect(plan.created == 1)
        #expect(plan.refused.map(\.line) == [2, 4, 5, 6, 7])
        #expect(plan.refused[0].reason.hasPrefix("2 contacts could be meant"))
        #expect(plan.refused[1].reason == "it is the same contact as line 3")
    }

    @Test func deletedContactsAreNotFound() throws {
        let old = try contact(1, "display=A", "emails=a@example.org")
        let deleted = RecordState(
            id: old.id, kind: old.kind, space: old.space, fields: old.fields, isDeleted: true, contested: [],
            standingDeletes: [])
        #expect(try plan("Name,E-mail\nA,a@example.org", [deleted]).created == 1)
    }

    @Test func aFileDecidesNoConflict() throws {
        var record = TestRecord(.contact)
        try record.write(editor.create(.contact, .init("display=A", "emails=a@example.org")))
        let seen = record.state
        try record.write(editor.set(seen, .init("name.family=Ba")))
        try record.write(editor.set(seen, .init("name.family=Bah")), by: TestRecord.dakar)
        let plan = try plan("Name,Family,E-mail\nA,Ba,a@example.org", [record.state])
        #expect(plan.unchanged == 1)
        let other = try ContactImport.plan(
            "Name,Family,E-mail\nA,Barry,a@example.org", existing: [record.state], editor: editor)
        #expect(other.refused.map(\.line) == [2])
    }

    @Test(arguments: ["", "E-mail,Phone\na@example.org,1", "Name\n\"open"])
    func whatIsNoAddressBookIsRefused(_ text: String) {
        #expect(throws: CSVError.self) { try plan(text) }
    }
}
