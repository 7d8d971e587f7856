import Bytes
import Crypto
import Node
import Records
import Replica
import Simulator
import Store
import Testing

@testable import Queries

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

        func found(_ kind: Kind, _ name: String, _ value: Value) throws -> [ShortID] {
            var ids: [ShortID] = []
            let field = try #require(kind.field(named: name)).number
            try RecordAccess(store, time: 0).forEach(kind: kind.number, field: field, equals: value) {
                ids.append($0.id)
            }
            return ids
        }
        // Deleted records are among them.
        #expect(try found(.contact, "country", .text("SN")) == [amina, dora].sorted())
        #expect(try found(.contact, "country", .text("CN")) == [chen])
        #expect(try found(.contact, "country", .text("VN")) == [])
        // What is not indexed is found as well.
        #expect(try found(.contact, "display", .text("Ben")) == [ben])
        #expect(try found(.opportunity, "state", .integer(3)) == [open])
        #expect(try found(.opportunity, "state", .integer(1)) == [spotted])
        #expect(try found(.opportunity, "state", .integer(99)) == [])

        func days(_ kind: String, _ field: String, _ first: String, _ last: String) throws -> [ShortID] {
            try base.live(kind, field, from: first, to: last).map(\.id)
        }
        #expect(try days("contact", "review_by", "2027-03-01", "2027-03-31") == [amina, ben].sorted())
        #expect(try days("contact", "review_by", "2027-04-01", "9999-12-31") == [chen])
        #expect(try days("contact", "review_by", "soon", "later") == [])
        // Of an instant its day in UTC counts.
        #expect(try days("interaction", "when", "2027-03-01", "2027-03-01") == [call])
        #expect(try days("interaction", "when", "1960-01-01", "2027-03-02").count == 2)
        #expect(try days("interaction", "when", "1960-01-01", "1969-12-31") == [])

        #expect(try base.live("opportunity", "funder", funder).map(\.id) == [open, spotted].sorted())
        let named = try base.naming(funder).map(\.id)
        #expect(named.count == 4 && named.contains(open) && named.contains(call))
        #expect(try base.naming(amina).map(\.id) == [call])
        #expect(try base.naming(amina, in: ["people"]).isEmpty)
        #expect(try base.naming(ben).isEmpty)
        #expect(try run("delete", [call.hex]).exitCode == .done)
        #expect(try base.naming(amina).isEmpty)

        let listed = try run("list", ["contact"], options: [.init("where", "country=SN"), .init("deleted")])
        #expect(listed.document?["records"]?.items?.compactMap { $0["id"]?.text } == [dora.hex])
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
