import Bytes
import Crypto
import Node
import Replica
import Simulator
import Store
import Testing

/// What `changes` answers on real nodes; every expected answer was worked out by hand.
@Suite struct ChangesTests {
    private let network: SimulatedNetwork

    init() throws { network = try SimulatedNetwork(members: 2, seed: 77) }

    private func run(_ node: Int, _ verb: String, _ arguments: String..., options: [Request.Option] = []) throws
        -> Response
    {
        let request = Request(verb: verb, arguments: arguments, options: options)
        return try #require(network.nodes[node].node.submit(request).response)
    }

    private func new(_ node: Int, _ name: String) throws -> String {
        try #require(try run(node, "new", "contact", "display=\(name)").document?["id"]?.text)
    }

    private func sync() throws { #expect(network.sync(1, 0)?.exitCode == .done) }

    /// The counts new, changed, deleted and in conflict.
    private func counts(_ response: Response) -> [Int64?] {
        ["new", "changed", "deleted", "inConflict"].map { response.document?[$0]?.number }
    }

    /// A line for each change: what, the name of the record, fields, conflicts.
    private func lines(_ response: Response) -> [String] {
        (response.document?["changes"]?.items ?? []).map { change in
            let words = [change["what"]?.text, change["name"]?.text].compactMap(\.self)
            let lists = ["fields", "inConflict"].map {
                (change[$0]?.items ?? []).compactMap(\.text).joined(separator: ",")
            }
            return (words + lists).joined(separator: " ")
        }.sorted()
    }

    @Test func whatTheLastSyncBroughtIsListedOnBothSides() throws {
        #expect(counts(try run(1, "changes")) == [0, 0, 0, 0])
        let names = ["Amina", "Ben", "Chen", "Dora", "Efua"]
        var ids: [String: String] = [:]
        for name in names { ids[name] = try new(0, name) }
        let passing = try new(0, "Passing")
        #expect(try run(0, "delete", passing).exitCode == .done)
        #expect(try run(1, "peer add", "sector", network.nodes[0].address).exitCode == .done)
        try sync()
        let first = try run(1, "changes")
        // Who came and went again is no change.
        #expect(counts(first) == [5, 0, 0, 0])
        #expect(lines(first) == names.map { "new \($0)  " })
        let session = try #require(first.document?["sessions"]?.items?.first)
        #expect(first.document?["sessions"]?.items?.count == 1)
        // Six that began and one that ended.
        #expect(session["received"]?.number == 7 && session["peer"]?.text == "sector")
        #expect(session["device"]?.text == network.nodes[0].store.identity?.device.hex)
        // The other side has handed out and received no record.
        let other = try run(0, "changes")
        #expect(counts(other) == [0, 0, 0, 0] && other.document?["sessions"]?.items == [])

        // Apart: Amina is changed twice and Ben deleted there; Chen's main address is decided on both sides; Dora is
        // deleted there and written to here, Efua the other way round.
        func set(_ node: Int, _ name: String, _ text: String) throws -> String {
            try #require(try run(node, "set", ids[name] ?? "", text).document?["entry"]?.text)
        }
        let country = try set(0, "Amina", "country=SN")
        let honorific = try set(0, "Amina", "honorific=Dr")
        #expect(try run(0, "delete", ids["Ben"] ?? "").exitCode == .done)
        _ = try set(0, "Chen", "primary_email=a@example.org")
        _ = try set(1, "Chen", "primary_email=b@example.org")
        #expect(try run(0, "delete", ids["Dora"] ?? "").exitCode == .done)
        _ = try set(1, "Dora", "country=VN")
        _ = try set(0, "Efua", "country=GH")
        #expect(try run(1, "delete", ids["Efua"] ?? "").exitCode == .done)
        _ = try new(0, "Filip")
        try sync()

        let second = try run(1, "changes")
        #expect(counts(second) == [1, 4, 1, 3])
        let expected = [
            "changed Amina country ", "changed Amina honorific ", "changed Chen primary_email primary_email",
            "changed Efua country deleted", "deleted Ben  ", "deleted Dora  deleted", "new Filip  ",
        ]
        #expect(lines(second) == expected)
        let amina = second.document?["changes"]?.items?.filter { $0["id"]?.text == ids["Amina"] } ?? []
        #expect(amina.compactMap { $0["entry"]?.text } == [country, honorific])
        #expect(amina.allSatisfy { $0["device"]?.text == network.nodes[0].store.identity?.device.hex })
        #expect(amina.allSatisfy { $0["organisation"]?.text == network.nodes[0].store.ownGrant?.organisation.hex })
        #expect(amina.allSatisfy { $0["kind"]?.text == "contact" && $0["claimedAt"]?.text?.hasSuffix("Z") == true })
        let back = try run(0, "changes")
        #expect(counts(back) == [0, 3, 0, 3])
        #expect(
            lines(back) == [
                "changed Chen primary_email primary_email", "changed Dora country deleted", "deleted Efua  deleted",
            ])

        // The order of arrival is gone after a rebuild, what came is not.
        #expect(try run(1, "rebuild").exitCode == .done)
        #expect(try run(1, "changes").document == second.document)
        // The first session is that of the simulator, which brought the admission.
        let again = try run(1, "changes", options: [.init("session", "2")])
        #expect(again.document?["sessions"] == first.document?["sessions"])
        #expect(counts(try run(1, "changes", options: [.init("session", "1")])) == [0, 0, 0, 0])
        #expect(try run(1, "changes", options: [.init("peer", "sector")]).document == second.document)
        // Taken together, Ben came and went.
        #expect(counts(try run(1, "changes", options: [.init("since", "2020-01-01")])) == [5, 0, 0, 3])
        #expect(counts(try run(1, "changes", options: [.init("since", "2200-01-01")])) == [0, 0, 0, 0])
        // Once it is decided it is no conflict any more.
        #expect(
            try run(1, "resolve", ids["Chen"] ?? "", "primary_email", options: [.init("keep", "1")]).exitCode == .done)
        #expect(counts(try run(1, "changes")) == [1, 4, 1, 2])
    }

    @Test func badQuestionsAreRefused() throws {
        _ = try new(0, "Amina")
        #expect(try run(1, "peer add", "sector", network.nodes[0].address).exitCode == .done)
        try sync()
        for (option, value, hint) in [
            ("session", "9", "a number from 1 to 2"), ("session", "x", "a number from 1 to 2"),
            ("peer", "nobody", "one of sector"), ("since", "soon", "such as --since 2027-03-01"),
        ] {
            let response = try run(1, "changes", options: [.init(option, value)])
            #expect(response.exitCode == .invalidValue, "\(option)")
            #expect(response.hint == hint)
        }
    }
}
