import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct IndexedTests {
    private func form(_ kind: Kind, _ name: String) throws -> IndexedFields.Form? {
        let field = try #require(kind.field(named: name))
        let form = Schema.standard.indexed.form(kind: kind.number, field: field.number)
        #expect(kind.indexForm(field) == form)
        return form
    }

    @Test func wordsThatPeopleLookForAreIndexed() throws {
        let whole: [(Kind, String)] = [
            (.contact, "country"), (.contact, "emails"), (.contact, "primary_email"), (.contact, "languages"),
            (.contact, "expertise"), (.contact, "orcid"), (.contact, "uid"), (.contact, "review_by"),
            (.contact, "tags"), (.contact, "merged_into"), (.organisation, "short"), (.organisation, "type"),
            (.organisation, "serves"), (.organisation, "focal_points"), (.organisation, "status"),
            (.contribution, "slug"), (.contribution, "embargo_until"), (.contribution, "state"),
            (.contribution, "translation"), (.opportunity, "funder"), (.opportunity, "opens"),
            (.interaction, "when"), (.publicityRequest, "to_all"),
        ]
        for (kind, name) in whole { #expect(try form(kind, name) == .value, "\(kind.name) \(name)") }
    }

    @Test func ofGroupsAndMapsTheIDsInsideAre() throws {
        for (kind, name) in [(Kind.interaction, "follow_up"), (.bid, "shares")] {
            #expect(try form(kind, name) == .ids, "\(kind.name) \(name)")
        }
    }

    @Test func textsNumbersAndGroupsAreNot() throws {
        let none: [(Kind, String)] = [
            (.contact, "name"), (.contact, "display"), (.contact, "phones"), (.contact, "consent"),
            (.contact, "affiliations"), (.contribution, "title"), (.contribution, "body"), (.contribution, "licence"),
            (.opportunity, "min_partners"), (.opportunity, "cofunding_pct"), (.opportunity, "deadlines"),
            (.opportunity, "url"), (.meeting, "period"),
        ]
        for (kind, name) in none { #expect(try form(kind, name) == nil, "\(kind.name) \(name)") }
    }

    @Test func listsAreIndexedAsTheirElementsAre() {
        let group = ValueType.Group([
            .init("title", Label(draft: "Title"), .line), .init("owner", Label(draft: "Owner"), .id(kinds: [34])),
        ])
        let fields = [
            Field(16, "agenda", Label(draft: "Agenda"), .id(kinds: [44]), .list(.hard)),
            Field(17, "sections", Label(draft: "Sections"), .group(group), .list(.hard)),
            Field(18, "lines", Label(draft: "Lines"), .line, .list(.hard)),
            Field(19, "owners", Label(draft: "Owners"), .list(.id(kinds: [34]), maximumCount: 9), .register(.soft)),
            Field(20, "days", Label(draft: "Days"), .integer(0...100), .counter),
        ]
        let kind = Kind(900, "sample", Label(draft: "Sample"), titleField: 18, fields: fields)
        #expect(fields.map(kind.indexForm) == [.value, .ids, nil, .ids, nil])
    }

    @Test func equalTablesGiveEqualDigestsAndOthersDoNot() {
        let indexed = Schema.standard.indexed
        #expect(indexed == Schema(Schema.standard.kinds.reversed()).indexed)
        #expect(indexed.digest == Schema(Schema.standard.kinds.reversed()).indexed.digest)
        #expect(indexed.digest != Schema([.contact]).indexed.digest)
        #expect(indexed.rows == indexed.rows.sorted())
        #expect(IndexedFields.none.digest != indexed.digest)
        // Of two rows for one field the first counts.
        let twice = IndexedFields([
            .init(kind: 1, field: 2, form: .ids), .init(kind: 1, field: 2, form: .value),
            .init(kind: 1, field: 1, form: .value),
        ])
        #expect(twice.form(kind: 1, field: 2) == .ids)
        #expect(twice.rows == [.init(kind: 1, field: 1, form: .value), .init(kind: 1, field: 2, form: .ids)])
    }

    @Test func keysAreValuesStatesAndIDs() {
        let (a, b) = (ShortID(1, 2), ShortID(3, 4))
        func key(_ id: ShortID) -> [UInt8] { [0xD8, 0x27, 0x50] + id.bytes }
        let null = CBOR.null.encoded
        let form = IndexedFields.Form.value
        #expect(form.keys(type: .register, shape: null, value: Value.text("SN").encoded) == [[0x62, 0x53, 0x4E]])
        #expect(form.keys(type: .set, shape: [0x01], value: nil) == [])
        #expect(form.keys(type: .workflow, shape: [0x83, 0xF6, 0x03, 0x18, 0x1E], value: nil) == [[0x03]])
        #expect(form.keys(type: .workflow, shape: [0x83, 0xF6], value: nil) == [])
        #expect(form.keys(type: .list, shape: [0x80], value: [0x05]) == [[0xFF, 0x05]])
        #expect(form.keys(type: .counter, shape: [0x05], value: nil) == [])
        #expect(form.keys(type: MergeType(rawValue: 99), shape: null, value: [0x05]) == [])
        // A longer value is found by its beginning.
        let long = Value.text(String(repeating: "x", count: 100)).encoded
        #expect(form.keys(type: .register, shape: null, value: long) == [Array(long.prefix(64))])
        let ids = IndexedFields.Form.ids
        let group = Value.array([.text("x"), .id(a.bytes), .array([.id(b.bytes), .id(a.bytes)])]).encoded
        #expect(ids.keys(type: .register, shape: null, value: group) == [key(a), key(b)])
        #expect(ids.keys(type: .map, shape: CBOR.bytes(b.bytes).encoded, value: Value.integer(1).encoded) == [key(b)])
        #expect(ids.keys(type: .map, shape: CBOR.bytes(b.bytes).encoded, value: group) == [key(b), key(a)])
        #expect(ids.keys(type: .map, shape: CBOR.text("fr").encoded, value: nil) == [])
        #expect(ids.keys(type: .list, shape: null, value: group) == [[0xFF] + key(a), [0xFF] + key(b)])
        #expect(ids.keys(type: .register, shape: null, value: [0xFF]) == [])
    }

    @Test func theConditionsThatAreIndexedFindTheRecords() throws {
        func found(_ kind: Kind, _ conditions: String...) throws -> [FieldValue] {
            let assignments = conditions.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                return Assignment(path: parts[0], text: parts[1])
            }
            return try RecordFilter(kind, assignments, language: "en") { (_, _) throws(RecordError) in ShortID(1, 2) }
                .found
        }
        #expect(
            try found(.contact, "display=Amina", "country=SN", "languages=fr") == [
                .init(field: 24, value: .text("SN")), .init(field: 23, value: .text("fr")),
            ])
        #expect(try found(.contact, "display=Amina", "name.family=Ndiaye") == [])
        #expect(try found(.contact) == [])
        #expect(try found(.opportunity, "title=x", "state=open") == [.init(field: 35, value: .integer(3))])
        #expect(
            try found(.opportunity, "funder=01") == [.init(field: 16, value: .id(ShortID(1, 2).bytes))])
    }
}
