import Bytes
import Crypto
import Node
import Records
import Replica
import Testing

@Suite struct RecordVerbsTests {
    private let verbs = RecordVerbs(schema: .standard, language: "en")
    private var store = MemoryRecordStore()

    private mutating func run(
        _ verb: String, _ arguments: String..., options: [Request.Option] = [], input: String? = nil,
        wantsNames: Bool = false
    ) throws -> Response {
        let request = Request(
            verb: verb, arguments: arguments, options: options, input: input, wantsNames: wantsNames)
        return try #require(verbs.perform(request, on: &store))
    }

    private mutating func create(_ words: String...) throws -> String {
        let response = try #require(verbs.perform(Request(verb: "new", arguments: words), on: &store))
        #expect(response.exitCode == .done)
        return try #require(response.document?["id"]?.text)
    }

    @Test mutating func aRecordIsCreatedShownChangedAndListed() throws {
        let id = try create("contact", "display=Amina", "country=SN")
        #expect(id.utf8.count == 32)
        let changed = try run("set", String(id.prefix(2)), "honorific=Dr", "country=SN")
        #expect(changed.document?.members?.map(\.name) == ["id", "entry"])
        #expect(changed.document?["entry"]?.text?.utf8.count == 64)
        #expect(try run("show", id).document?["fields"]?["honorific"] == .string("Dr"))
        #expect(try run("set", id, "honorific=Dr").document == .pairs(["id": .string(id), "entry": .null]))
        #expect(store.writes == 2)
        _ = try create("contact", "display=Tomaž", "country=SI")
        #expect(try run("list", "contact").document?["records"]?.items?.count == 2)
        let found = try run("list", "contact", options: [.init("where", "country=SI")]).document?["records"]?.items
        #expect(found?.map { $0["fields"]?["display"] } == [.string("Tomaž")])
        #expect(try run("history", id).document?["entries"]?.items?.count == 2)
    }

    @Test mutating func setsGrowAndShrink() throws {
        let id = try create("contact", "display=Amina")
        _ = try run("add", id, "emails=a@example.org", "languages=fr", "languages=WO")
        _ = try run("remove", id, "languages=fr")
        #expect(try run("show", id).document?["fields"]?["languages"] == .strings(["wo"]))
        _ = try run("unset", id, "emails")
        #expect(try run("show", id).document?["fields"]?["emails"] == nil)
    }

    @Test mutating func deletedRecordsAreListedApartAndRestored() throws {
        let id = try create("contact", "display=Amina")
        #expect(try run("delete", id).document?["entry"] != .null)
        #expect(try run("delete", id).document?["entry"] == .null)
        #expect(try run("list", "contact").document?["records"] == .array([]))
        #expect(try run("list", "contact", options: [.init("deleted")]).document?["records"]?.items?.count == 1)
        #expect(try run("show", id).document?["deleted"] == .bool(true))
        let refused = try run("set", id, "honorific=Dr")
        #expect(refused.exitCode == .notFound && refused.hint == "liaison restore \(id.prefix(8))")
        #expect(try run("restore", id).document?["entry"] != .null)
        #expect(try run("restore", id).document?["entry"] == .null)
        #expect(try run("list", "contact").document?["records"]?.items?.count == 1)
    }

    @Test mutating func conflictsWaitForAPerson() throws {
        #expect(try run("conflicts").exitCode == .done)
        let id = try create("contact", "display=Amina")
        let record = try #require(ShortID(hex: id))
        // Two writers who have not seen each other.
        for text in ["a@example.org", "b@example.org"] {
            let operation = OperationDraft(field: 22, type: .register, replaces: [], value: .text(text))
            _ = try store.write([EntryDraft(target: .existing(record), operations: [operation])], space: "net")
        }
        let listed = try run("conflicts")
        #expect(listed.exitCode == .undecided && listed.error == nil)
        #expect(listed.document?["conflicts"]?.items?.map { $0["field"] } == [.string("primary_email")])
        #expect(try run("show", id).exitCode == .done)
        let refused = try run("set", id, "primary_email=c@example.org")
        #expect(refused.exitCode == .undecided && refused.document == nil)
        #expect(refused.hint?.hasPrefix("liaison resolve \(id.prefix(8)) primary_email --keep N") == true)
        #expect(try run("resolve", id, "primary_email").exitCode == .usage)
        let both: [Request.Option] = [.init("keep", "1"), .init("value", "x")]
        #expect(try run("resolve", id, "primary_email", options: both).exitCode == .usage)
        #expect(try run("resolve", id, "primary_email", options: [.init("keep", "9")]).exitCode == .notFound)
        let keep: [Request.Option] = [.init("keep", "2"), .init("because", "she said so")]
        #expect(try run("resolve", id, "primary_email", options: keep).exitCode == .done)
        #expect(try run("show", id).document?["fields"]?["primary_email"] == .string("a@example.org"))
        #expect(try run("conflicts").exitCode == .done)
    }

    @Test mutating func listsAreOrderedAndCountersCount() throws {
        let kind = Kind(
            900, "sample", Label(draft: "Sample"), titleField: 16,
            fields: [
                Field(16, "title", Label(draft: "Title"), .line, .register(.soft)),
                Field(17, "agenda", Label(draft: "Agenda"), .line, .list(.hard)),
                Field(18, "days", Label(draft: "Days"), .integer(0...100), .counter),
            ])
        let verbs = RecordVerbs(schema: .standard.adding(kind), language: "en")
        func run(
            _ verb: String, _ arguments: String..., options: [Request.Option] = []
        ) throws -> Response {
            try #require(verbs.perform(Request(verb: verb, arguments: arguments, options: options), on: &store))
        }
        let created = try run("new", "sample", "title=x", "agenda=a", "agenda=b", "agenda=c", "days=5")
        let id = try #require(created.document?["id"]?.text)
        #expect(try run("move", id, "agenda", "3", options: [.init("first")]).exitCode == .done)
        #expect(try run("move", id, "agenda", "b", options: [.init("before", "a")]).exitCode == .done)
        #expect(try run("move", id, "agenda", "b", options: [.init("after", "1")]).document?["entry"] == .null)
        #expect(try run("add", id, "days=3", "agenda=d").exitCode == .done)
        #expect(try run("remove", id, "days=1", "agenda=a").exitCode == .done)
        let fields = try run("show", id).document?["fields"]
        #expect(fields?["agenda"] == .strings(["c", "b", "d"]))
        #expect(fields?["days"] == .int(7))
        for options in [[], [.init("first"), .init("last")], [.init("before", "1"), .init("after", "2")]]
            as [[Request.Option]]
        {
            #expect(try run("move", id, "agenda", "1", options: options).exitCode == .usage)
        }
        #expect(try run("move", id, "title", "1", options: [.init("last")]).exitCode == .usage)
        #expect(try run("move", id, "agenda", "9", options: [.init("last")]).exitCode == .notFound)
        #expect(try run("add", id, "days=94").exitCode == .invalidValue)
        #expect(try run("unset", id, "days").exitCode == .usage)
        // Two who have not seen each other edit the second element.
        let record = try #require(ShortID(hex: id))
        let element = try #require(store.state(of: record)?[17]?.elements[1])
        for text in ["b1", "b2"] {
            let operation = OperationDraft(
                field: 17, type: .list, replaces: element.left, shape: ListChange.put(element.position).shape,
                value: .text(text))
            _ = try store.write([EntryDraft(target: .existing(record), operations: [operation])], space: "net")
        }
        let refused = try run("set", id, "agenda.2=b3")
        #expect(refused.exitCode == .undecided)
        #expect(refused.hint?.hasPrefix("liaison resolve \(id.prefix(8)) agenda.2 --keep N") == true)
        #expect(try run("resolve", id, "agenda", options: [.init("keep", "1")]).exitCode == .usage)
        #expect(try run("resolve", id, "agenda.2", options: [.init("keep", "2")]).exitCode == .done)
        #expect(try run("show", id).document?["fields"]?["agenda"] == .strings(["c", "b1", "d"]))
    }

    @Test mutating func everyErrorHasItsExitCode() throws {
        let id = try create("contact", "display=Amina")
        let second = try create("organisation", "name=Institute")
        #expect(try run("show", "ffff").exitCode == .notFound)
        #expect(try run("show", "not hex").exitCode == .notFound)
        #expect(try run("show", "0").exitCode == .notFound)
        #expect(try run("new", "unicorn", "name=x").exitCode == .usage)
        #expect(try run("new", "contact", "nickname=x").exitCode == .usage)
        #expect(try run("new", "contact", "display").exitCode == .usage)
        #expect(try run("new", "contact", "=x").exitCode == .usage)
        #expect(try run("new", "contact", "country=SN").exitCode == .invalidValue)
        #expect(try run("new", "device", "alias=x").exitCode == .notPermitted)
        #expect(try run("set", id, "country=Senegal").exitCode == .invalidValue)
        #expect(try run("list", "unicorn").exitCode == .usage)
        #expect(try run("list", "contact", options: [.init("where", "country")]).exitCode == .usage)
        // A reference must be of the right kind.
        #expect(try run("new", "opportunity", "title=x", "funder=\(id)").exitCode == .notFound)
        #expect(try run("new", "opportunity", "title=x", "funder=\(second.prefix(4))").exitCode == .done)
        #expect(store.writes == 3)
        for (failure, code) in [
            (RecordStoreError.failed("disk"), ExitCode.failed), (.notPermitted("no grant"), .notPermitted),
            (.tooLarge("entry"), .invalidValue), (.damaged("segment"), .integrity),
        ] {
            store.failure = failure
            #expect(try run("set", id, "honorific=Dr").exitCode == code)
        }
        #expect(verbs.perform(Request(verb: "sync"), on: &store) == nil)
    }

    @Test mutating func importWritesAllOrNothing() throws {
        let kind = Request.Option("kind", "contact")
        let text = "Name,E-mail,Shoe size\nAmina,a@example.org,38\nNobody,not an address,\n"
        let refused = try run("import csv", "a.csv", options: [kind], input: text)
        #expect(refused.exitCode == .invalidValue)
        #expect(refused.document?["created"] == .int(0))
        #expect(refused.document?["ignored"] == .strings(["Shoe size"]))
        #expect(refused.document?["refused"]?.items?.map { $0["line"] } == [.int(3)])
        let dry = try run("import csv", "a.csv", options: [kind, .init("skip-bad"), .init("dry-run")], input: text)
        #expect(dry.document?["created"] == .int(1) && dry.exitCode == .done)
        #expect(store.writes == 0)
        let skipped = try run("import csv", "a.csv", options: [kind, .init("skip-bad")], input: text)
        #expect(skipped.exitCode == .done && store.writes == 1 && store.ids.count == 1)
        #expect(skipped.notes.contains { $0.contains("net") })
        let again = try run("import csv", "a.csv", options: [kind, .init("skip-bad")], input: text)
        #expect(again.document?["unchanged"] == .int(1) && store.writes == 1)
        #expect(try run("import csv", "a.csv", options: [kind], input: "").exitCode == .invalidValue)
        #expect(try run("import csv", "a.csv", options: [.init("kind", "device")], input: text).exitCode == .usage)
    }

    @Test mutating func devicesAreListedAndFoundByTheirOwnIDs() throws {
        let record = ShortID(0xAA00_0000_0000_0000, 0)
        let device = ShortID(0xBB00_0000_0000_0000, 0)
        store.admitted = [AdmittedDevice(device: device, record: record, organisation: nil)]
        #expect(
            try run("device list").document
                == .pairs([
                    "devices": .array([.pairs(["id": .string(device.hex), "name": .null, "organisation": .null])])
                ]))
        let alias = OperationDraft(field: 16, type: .register, replaces: [], value: .text("paris"))
        _ = try store.write([EntryDraft(target: .pair(kind: 33, ids: [record]), operations: [alias])], space: "net")
        #expect(try run("device list").document?["devices"]?.items?.first?["name"] == .string("paris"))
        #expect(try run("show", "bb").document?["id"] == .string(record.hex))
    }

    @Test mutating func peopleGetNamesBesideIDs() throws {
        let id = try create("organisation", "name=Institute of Water", "name.fr=Institut de l’eau")
        let shown = try run("show", id, wantsNames: true)
        #expect(
            shown.names.first { $0.id == id }
                == .init(id: id, prefix: String(id.prefix(8)), name: "Institute of Water"))
        #expect(try run("show", id).names == [])
    }
}

@Suite struct RequestTests {
    @Test func requestsAndResponsesTravelUnchanged() throws {
        let request = Request(
            verb: "import csv", arguments: ["a", ""], options: [.init("kind", "contact"), .init("dry-run")],
            input: "é\n", wantsNames: true)
        #expect(try Request(CBOR(decoding: request.item.encoded)) == request)
        let plain = Request(verb: "status")
        #expect(try Request(CBOR(decoding: plain.item.encoded)) == plain)
        let document = Document.pairs([
            "z": .array([.null, .bool(true), .int(-5), .int(.max), .int(.min)]), "a": .pairs(["b": .string("ü")]),
        ])
        let response = Response(
            document, exitCode: .undecided, error: "e", hint: nil, notes: ["n"],
            names: [.init(id: "ab", prefix: "a", name: nil)],
            files: [.init(name: "a.csv", bytes: [0, 255]), .init(name: nil, bytes: [])])
        #expect(try Response(decoding: response.encoded) == response)
        #expect(try Response(decoding: Response(nil).encoded) == Response(nil))
    }

    @Test(arguments: [CBOR.null, .array([]), .array([.text("x"), .null, .array([]), .null, .bool(true)]), .text("x")])
    func otherFormsAreRefused(_ item: CBOR) {
        #expect(throws: DecodeError.self) { try Request(item) }
        #expect(throws: DecodeError.self) { try Response(decoding: item.encoded) }
    }

    @Test(arguments: ["", ".", "..", "a/b", "/a", "a\0"])
    func filesHaveNamesOfOnePart(_ name: String) {
        let response = Response(.null, files: [.init(name: name, bytes: [])])
        #expect(throws: DecodeError.self) { try Response(decoding: response.encoded) }
    }

    @Test func everyExitCodeHasItsNumber() {
        #expect(ExitCode.allCases.map(\.rawValue) == Array(0...8))
    }
}
