import Bytes
import Crypto
import Node
import Records
import Replica
import Testing

@Suite struct WorkVerbsTests {
    private let verbs = RecordVerbs(schema: .standard, language: "en")
    private var store = MemoryRecordStore()

    private mutating func run(
        _ verb: String, _ arguments: String..., options: [Request.Option] = []
    ) throws -> Response {
        try #require(verbs.perform(Request(verb: verb, arguments: arguments, options: options), on: &store))
    }

    private mutating func create(_ words: String...) throws -> String {
        let response = try #require(verbs.perform(Request(verb: "new", arguments: words), on: &store))
        #expect(response.exitCode == .done, "\(response)")
        return try #require(response.document?["id"]?.text)
    }

    /// Writes values of one field that did not know of each other.
    private mutating func writeApart(_ id: String, _ field: Int, _ values: Value...) throws {
        let record = try #require(ShortID(hex: id))
        for value in values {
            let operation = OperationDraft(field: field, type: .register, replaces: [], value: value)
            _ = try store.write([EntryDraft(target: .existing(record), operations: [operation])], space: "net")
        }
    }

    private func ids(_ document: Document?) -> [String] { document?.items?.compactMap { $0["id"]?.text } ?? [] }

    // MARK: Conflicts

    @Test mutating func conflictsNameWhoIsResponsible() throws {
        let institute = try create("organisation", "name=Institute of Water")
        let person = try create("contact", "display=Amina", "org=\(institute)")
        let action = try create("action", "text=Write to FOA", "owner=\(person)", "due=2027-03-01")
        let contact = try create("contact", "display=Tomaž")
        let due = try #require(Kind.action.field(named: "due")).number
        let email = try #require(Kind.contact.field(named: "primary_email")).number
        try writeApart(action, due, .date("2027-03-02"))
        try writeApart(contact, email, .text("a@example.org"), .text("b@example.org"))
        let all = try run("conflicts")
        #expect(all.exitCode == .undecided)
        let responsible = all.document?["conflicts"]?.items?.map { $0["responsible"] }
        #expect(responsible == [.strings([person]), .strings([MemoryRecordStore.organisation.hex])])
        func listed(_ party: String) throws -> [String] {
            ids(try run("conflicts", options: [.init("for", party)]).document?["conflicts"])
        }
        #expect(try listed(person) == [action] && listed(institute) == [action] && listed(contact) == [])
        #expect(try listed("me") == [contact])
        #expect(try run("conflicts", options: [.init("for", "ffffffff")]).exitCode == .notFound)
        // Whose device it is, is responsible here.
        let device = ShortID(0xD0, 0)
        store.admitted = [
            AdmittedDevice(
                device: MemoryRecordStore.device, record: device, organisation: MemoryRecordStore.organisation)
        ]
        let operations = [
            OperationDraft(field: 16, type: .register, replaces: [], value: .text("paris")),
            OperationDraft(
                field: try #require(Kind.device.field(named: "person")).number, type: .register, replaces: [],
                value: .id(try #require(ShortID(hex: person)).bytes)),
        ]
        _ = try store.write([EntryDraft(target: .pair(kind: 33, ids: [device]), operations: operations)], space: "net")
        #expect(try listed("me") == [action, contact])
    }

    @Test mutating func racesSayHowTheyBehave() throws {
        let item = try create("contribution", "type=news", "title=Water week")
        let record = try #require(ShortID(hex: item))
        let field = try #require(Kind.contribution.field(named: "state")).number
        for (to, caution) in [(5, 10), (6, 60)] {
            let step = WorkflowStep(from: 4, to: to, caution: caution)
            _ = try store.write(
                [
                    EntryDraft(
                        target: .existing(record),
                        operations: [.init(field: field, type: .workflow, replaces: [], shape: step.shape)])
                ], space: "net")
        }
        let conflict = try run("conflicts").document?["conflicts"]?.items?.first
        #expect(conflict?["field"] == .string("state") && conflict?["behavesAs"] == .string("withdrawn"))
    }

    // MARK: Undo and why

    @Test mutating func anEntryIsTakenBackWithAReason() throws {
        let id = try create("contact", "display=Amina", "honorific=Ms")
        let entry = try #require(try run("set", id, "honorific=Dr").document?["entry"]?.text)
        let undone = try run("undo", String(entry.prefix(6)), options: [.init("because", "not yet")])
        #expect(undone.exitCode == .done && undone.document?["id"] == .string(id))
        #expect(
            undone.document?["undone"]
                == .array([
                    .pairs(["field": .string("honorific"), "operation": .string("set"), "value": .string("Ms")])
                ]))
        let why = try run("why", id, "honorific").document
        #expect(why?["value"] == .string("Ms"))
        #expect(why?["written"]?.items?.first?["because"] == .string("not yet"))
        let again = try run("undo", entry)
        #expect(again.exitCode == .done && again.document?["entry"] == .null && again.notes.count == 1)
        _ = try run("set", id, "honorific=Prof")
        let late = try run("undo", entry)
        #expect(late.exitCode == .undecided && late.document?["left"]?.items?.count == 1)
    }

    @Test mutating func entriesThatAreNotThereAreSaidToBe() throws {
        _ = try create("contact", "display=Amina")
        for text in ["ffffffff", "no entry", "01", ""] { #expect(try run("undo", text).exitCode == .notFound) }
        #expect(try run("why", "ffffffff", "country").exitCode == .notFound)
    }

    // MARK: Rules where values are entered

    @Test mutating func rulesRefuseWhatIsEntered() throws {
        let first = try create("organisation", "name=Institute", "short=ACAL")
        let refused = try run("new", "organisation", "name=Other", "short=ACAL")
        #expect(refused.exitCode == .invalidValue && refused.error == "short: \(first.prefix(8)) has the same")
        #expect(refused.hint == "liaison show \(first.prefix(8))")
        let second = try create("organisation", "name=Other", "short=OTH")
        #expect(try run("set", second, "short=ACAL").exitCode == .invalidValue)
        #expect(try run("set", first, "short=ACAL", "country=SN").exitCode == .done)
        _ = try run("merge", first, second)
        #expect(try run("set", second, "short=ACAL").exitCode == .done)
        let item = try create("contribution", "type=news", "title=Water week")
        #expect(try run("new", "publicity_request", "item=\(item)").exitCode == .invalidValue)
        _ = try create("publicity_request", "item=\(item)", "to_all=true")
    }

    // MARK: Merges

    @Test mutating func mergedRecordsAreListedAsOneAndComeBack() throws {
        let first = try create("contact", "display=Amina", "country=SN")
        let second = try create("contact", "display=Amina N.", "honorific=Dr", "emails=a@example.org")
        let third = try create("contact", "display=A. Ndiaye")
        let merged = try run("merge", first, second, third, second, options: [.init("because", "one person")])
        #expect(merged.exitCode == .done && ids(merged.document?["merged"]) == [second, third])
        #expect(ids(try run("list", "contact").document?["records"]) == [first])
        #expect(
            ids(try run("list", "contact", options: [.init("merged")]).document?["records"]).count == 3)
        #expect(
            ids(try run("list", "contact", options: [.init("where", "honorific=Dr")]).document?["records"]) == [first])
        let shown = try run("show", first).document
        #expect(shown?["mergedFrom"] == .strings([second, third]))
        #expect(shown?["fields"]?["honorific"] == nil && shown?["combined"]?["honorific"] == .string("Dr"))
        #expect(try run("show", third).document?["mergedInto"] == .string(first))
        // What the survivor lacks comes from there.
        #expect(try run("why", first, "honorific").document?["id"] == .string(second))
        #expect(try run("merge", first, second).document?["merged"] == .array([]))
        let back = try run("unmerge", second)
        #expect(ids(back.document?["unmerged"]) == [second])
        #expect(ids(try run("list", "contact").document?["records"]) == [first, second])
        #expect(ids(try run("unmerge", first).document?["unmerged"]) == [third])
        #expect(ids(try run("list", "contact").document?["records"]).count == 3)
        #expect(try run("unmerge", first).exitCode == .notFound)
    }

    @Test mutating func whatCannotBeMergedIsRefused() throws {
        let contact = try create("contact", "display=Amina")
        let other = try create("contact", "display=Amina N.")
        let organisation = try create("organisation", "name=Institute")
        #expect(try run("merge", contact).exitCode == .usage)
        #expect(try run("merge", contact, organisation).exitCode == .invalidValue)
        _ = try run("merge", contact, other)
        let refused = try run("merge", other, contact)
        #expect(refused.exitCode == .invalidValue)
        #expect(refused.hint?.hasSuffix("liaison unmerge \(other.prefix(8))") == true)
        #expect(try run("merge", contact, other, options: [.init("dry-run")]).exitCode == .usage)
        #expect(try run("merge", contact, options: [.init("certain")]).exitCode == .usage)
        let gone = try create("contact", "display=Gone")
        _ = try run("delete", gone)
        #expect(try run("merge", contact, gone).exitCode == .notFound)
        store.admitted = [
            AdmittedDevice(
                device: MemoryRecordStore.device, record: ShortID(0xD0, 0),
                organisation: ShortID(hex: organisation))
        ]
        let namesake = try create("organisation", "name=Institute")
        let member = try run("merge", namesake, organisation)
        #expect(member.hint == "liaison merge \(organisation.prefix(8)) \(namesake.prefix(8))")
        #expect(try run("merge", organisation, namesake).exitCode == .done)
    }

    @Test mutating func certainDuplicatesAreMergedAtOnce() throws {
        let first = try create("contact", "display=Amina Ndiaye", "emails=a@example.org")
        let second = try create("contact", "display=NDIAYE Amina", "emails=A@example.org")
        let third = try create("contact", "display=Tomaž", "uid=urn:1")
        _ = try create("contact", "display=Tomaž Žagar")
        let fourth = try create("contact", "display=T. Žagar")
        let record = try #require(ShortID(hex: fourth))
        let uid = OperationDraft(field: 28, type: .register, replaces: [], value: .text("urn:1"))
        _ = try store.write([EntryDraft(target: .existing(record), operations: [uid])], space: "net")
        let writes = store.writes
        let dry = try run("merge", options: [.init("certain"), .init("dry-run")])
        #expect(dry.document?["groups"] == .int(2) && store.writes == writes)
        let merged = try run("merge", options: [.init("certain")])
        #expect(ids(merged.document?["merged"]) == [second, fourth] && store.writes == writes + 1)
        #expect(
            merged.document?["merged"]?.items?.map { $0["survivor"] } == [.string(first), .string(third)])
        #expect(try run("merge", options: [.init("certain")]).document?["groups"] == .int(0))
        #expect(try run("duplicates").document?["duplicates"]?.items?.isEmpty == true)
    }
}
