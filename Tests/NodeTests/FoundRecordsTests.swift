import Bytes
import Crypto
import Node
import Queries
import Records
import Replica
import Simulator
import Store
import Testing

/// What queries and lists find by the index: the answers were worked out by hand.
@Suite struct FoundRecordsTests {
    private let network: SimulatedNetwork
    private var store: ReplicaStore { network.nodes[0].store }

    init() throws { network = try SimulatedNetwork(members: 1, seed: 91) }

    private func run(_ verb: String, _ arguments: [String], options: [Request.Option] = []) throws -> Response {
        let request = Request(verb: verb, arguments: arguments, options: options)
        return try #require(network.nodes[0].node.submit(request).response)
    }

    private func new(_ kind: String, _ fields: String...) throws -> ShortID {
        let response = try run("new", [kind] + fields)
        return try #require(response.document?["id"]?.text.flatMap { ShortID(hex: $0) }, "\(response.error ?? "")")
    }

    private var base: RecordBase<RecordAccess> {
        RecordBase(RecordAccess(store, time: 0), schema: .standard, language: "en", today: "2027-01-01")
    }

    @Test func recordsAreFoundByValueDayAndName() throws {
        let amina = try new("contact", "display=Amina", "country=SN", "review_by=2027-03-01")
        let ben = try new("contact", "display=Ben", "country=GH", "review_by=2027-03-31")
        let chen = try new("contact", "display=Chen", "country=SN", "review_by=2027-04-01")
        let dora = try new("contact", "display=Dora", "country=SN", "review_by=2027-03-15")
        #expect(try run("delete", [dora.hex]).exitCode == .done)
        #expect(try run("set", [chen.hex, "country=CN"]).exitCode == .done)
        let funder = try new("organisation", "name=Fund")
        let open = try new("opportunity", "title=One", "state=open", "funder=\(funder.hex)")
        let spotted = try new("opportunity", "title=Two", "funder=\(funder.hex)")
        let call = try new(
            "interaction", "when=2027-03-01T23:59:59Z", "channel=call", "orgs=\(funder.hex)", "subject=Grants",
            "follow_up={\"on\":\"2027-04-01\",\"owner\":\"\(amina.hex)\"}")
        _ = try new(
            "interaction", "when=2027-03-02T00:00:00Z", "channel=call", "orgs=\(funder.hex)", "subject=Later")

        func ids(_ records: [RecordView]) -> [ShortID] { records.map(\.id) }
        #expect(try ids(base.records(.contact, where: "country", equals: .text("SN"))) == [amina])
        #expect(try ids(base.records(.contact, where: "country", equals: .text("CN"))) == [chen])
        #expect(try ids(base.records(.contact, where: "country", equals: .text("VN"))) == [])
        // What is not indexed is found as well.
        #expect(try ids(base.records(.contact, where: "display", equals: .text("Ben"))) == [ben])
        #expect(try ids(base.records(.contact, where: "nothing", equals: .text("Ben"))) == [])
        #expect(try ids(base.records(.opportunity, where: "state", equals: .text("open"))) == [open])
        #expect(try ids(base.records(.opportunity, where: "state", equals: .text("spotted"))) == [spotted])
        #expect(try ids(base.records(.opportunity, where: "state", equals: .text("no such state"))) == [])
        #expect(
            try ids(base.records(.contact, "review_by", from: "2027-03-01", to: "2027-03-31"))
                == [amina, ben].sorted())
        #expect(try ids(base.records(.contact, "review_by", from: "2027-04-01", to: "9999-12-31")) == [chen])
        #expect(try ids(base.records(.contact, "review_by", from: "soon", to: "later")) == [])
        // Of an instant its day in UTC counts.
        #expect(try ids(base.records(.interaction, "when", from: "2027-03-01", to: "2027-03-01")) == [call])
        #expect(try ids(base.records(.interaction, "when", from: "1960-01-01", to: "2027-03-02")).count == 2)
        #expect(try ids(base.records(.interaction, "when", from: "1960-01-01", to: "1969-12-31")) == [])

        #expect(try base.naming(funder).count == 4)
        #expect(try ids(base.naming(funder, in: ["funder"])).sorted() == [open, spotted].sorted())
        #expect(try ids(base.naming(amina)) == [call])
        #expect(try ids(base.naming(amina, in: ["people"])) == [])
        #expect(try base.naming(ben).isEmpty)
        #expect(try run("delete", [call.hex]).exitCode == .done)
        #expect(try base.naming(amina).isEmpty)

        let listed = try run("list", ["contact"], options: [.init("where", "country=SN"), .init("deleted")])
        #expect(listed.document?["records"]?.items?.compactMap { $0["id"]?.text } == [dora.hex])
    }

    @Test func ofRecordsThatCountAsOneEachMayHoldAPart() throws {
        let one = try new("contact", "display=Amina", "country=SN")
        let two = try new("contact", "display='Amina N.'", "languages=fr")
        let three = try new("contact", "display=Ben", "country=SN", "languages=fr")
        _ = try new("contact", "display=Chen", "country=SN")
        func listed() throws -> Set<ShortID> {
            let wanted: [Request.Option] = [.init("where", "country=SN"), .init("where", "languages=fr")]
            let items = try run("list", ["contact"], options: wanted).document?["records"]?.items ?? []
            return Set(items.compactMap { $0["id"]?.text.flatMap { ShortID(hex: $0) } })
        }
        #expect(try listed() == [three])
        #expect(try run("merge", [one.hex, two.hex]).exitCode == .done)
        #expect(try listed().count == 2)
        #expect(try listed().isSubset(of: [one, two, three]))
    }

    @Test func everyIDOfAListHasAPrefixOfItsOwnAndItsName() throws {
        var expected: [String: String] = [:]
        for index in 0..<300 {
            expected[try new("contact", "display=Person \(index)", "country=SN").hex] = "Person \(index)"
        }
        let request = Request(
            verb: "list", arguments: ["contact"], options: [.init("where", "country=SN")], wantsNames: true)
        let response = try #require(network.nodes[0].node.submit(request).response)
        #expect(response.document?["records"]?.items?.count == 300)
        #expect(Dictionary(uniqueKeysWithValues: response.names.map { ($0.id, $0.name) }) == expected)
        #expect(response.names.allSatisfy { $0.prefix.utf8.count == 8 && $0.id.hasPrefix($0.prefix) })
    }
}
