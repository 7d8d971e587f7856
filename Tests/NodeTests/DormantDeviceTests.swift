import Bytes
import Crypto
import Node
import Replica
import Simulator
import Store
import Testing

/// Devices that were away for months, and records that several nodes delete and create again meanwhile.
@Suite struct DormantDeviceTests {
    private static let day: Int64 = 86_400

    private func run(
        _ network: SimulatedNetwork, _ node: Int, _ verb: String, _ arguments: String...
    ) throws -> Response {
        try #require(network.nodes[node].node.submit(Request(verb: verb, arguments: arguments)).response)
    }

    private func contact(_ network: SimulatedNetwork, _ node: Int, _ name: String) throws -> String {
        try #require(try run(network, node, "new", "contact", "display=\(name)").document?["id"]?.text)
    }

    /// What the newest sync of two nodes carried; they agree after it.
    @discardableResult
    private func sync(_ network: SimulatedNetwork, _ a: Int, _ b: Int) throws -> (entries: Int64, roundTrips: Int64) {
        let answer = try #require(network.sync(a, b)?.document?["peers"]?.items?.first)
        #expect(answer["identical"]?.flag == true, "\(answer)")
        let (sent, received) = (answer["sent"]?["entries"]?.number, answer["received"]?["entries"]?.number)
        return (try #require(sent) + #require(received), try #require(answer["roundTrips"]?.number))
    }

    private func meetAll(_ network: SimulatedNetwork) throws {
        for _ in 0..<2 { for node in network.nodes.indices.dropFirst() { try sync(network, node, 0) } }
    }

    private func later(_ network: SimulatedNetwork, days: Int64) {
        for node in network.nodes { node.network.clock += days * Self.day }
    }

    /// What a node shows of a field, and what else stands beside it.
    private func values(_ network: SimulatedNetwork, _ node: Int, _ id: String, _ field: String) throws -> [String] {
        let document = try #require(try run(network, node, "show", id).document)
        let beside = (document["conflicts"]?[field] ?? document["soft"]?[field])?.items ?? []
        let shown = document["fields"]?[field]?.text.map { [$0] } ?? []
        return beside.isEmpty ? shown : beside.compactMap { $0["value"]?.text }.sorted()
    }

    @Test
    func `C5: what two nodes delete and create again apart comes to rest, and nothing is there that nobody wrote`()
        throws
    {
        let network = try SimulatedNetwork(members: 3, seed: 501)
        let pair = EntryDraft.Target.pair(kind: 32, ids: [ShortID(5, 5)])
        func write(_ node: Int, _ target: EntryDraft.Target, _ operations: [OperationDraft]) throws {
            let written = try network.nodes[node].store.write(
                [EntryDraft(target: target, operations: operations)], space: SpaceName.net, time: 0)
            #expect(written.count == 1)
        }
        func text(_ text: String) -> OperationDraft {
            OperationDraft(field: 17, type: .register, replaces: [], value: .text(text))
        }
        try write(0, pair, [text("first")])
        // Each has a life and an entry before, so that what is counted below is theirs alone.
        for node in 0..<3 { try write(node, .new(kind: 900), [text("\(node)")]) }
        try meetAll(network)
        let id = RecordID.pair(
            network: network.nodes[0].store.network, space: SpaceName.net, kind: 32, ids: [ShortID(5, 5)])
        let before = network.nodes[0].store.totals(of: SpaceName.net)
        var own = 0
        for node in 0..<2 {
            let store = network.nodes[node].store
            for round in 0..<3 {
                let last = try RecordAccess(store, time: 0).lastEntries(of: id)
                let covered = last.map { OperationID(entry: $0, index: 0) }
                try write(
                    node, .existing(id),
                    [OperationDraft(field: 0, type: .existence, replaces: covered, shape: .unsigned(0))])
                #expect(try store.state(ofRecord: id)?.isDeleted == true)
                let deletes = try #require(try store.state(ofRecord: id)).standingDeletes.map(\.id)
                try write(
                    node, pair,
                    [
                        OperationDraft(field: 0, type: .existence, replaces: deletes, shape: .unsigned(1)),
                        text("again \(node) \(round)"),
                    ])
                own += 2
            }
        }
        // Each entry goes once to each of the others and comes back to nobody.
        #expect(try sync(network, 0, 1).entries == Int64(own))
        #expect(try sync(network, 2, 0).entries == Int64(own))
        for _ in 0..<3 {
            for (a, b) in [(0, 1), (1, 2), (2, 0)] {
                let rest = try sync(network, a, b)
                #expect(rest.entries == 0 && rest.roundTrips <= 3)
            }
        }
        for node in network.nodes {
            let totals = node.store.totals(of: SpaceName.net)
            #expect(totals.records == before.records && totals.entries == before.entries + own)
            let state = try #require(try node.store.state(ofRecord: id))
            #expect(!state.isDeleted && state.contested.isEmpty)
            #expect(try node.store.state(ofRecord: id) == network.nodes[0].store.state(ofRecord: id))
            #expect(try node.store.verify() == [])
        }
    }

    @Test func `C9: a laptop that slept for months brings old data touched again, and causes decide, not clocks`()
        throws
    {
        let network = try SimulatedNetwork(members: 3, seed: 509)
        let id = try contact(network, 0, "Amina")
        for field in ["honorific=Ms", "availability=mornings", "country=SN"] {
            _ = try run(network, 0, "set", id, field)
        }
        try meetAll(network)
        let laptop = 2
        // The others go on for months.
        for step in 0..<8 {
            later(network, days: 25)
            _ = try run(
                network, step % 2, "set", id, "honorific=Dr \(step)", "country=\(step.isMultiple(of: 2) ? "ML" : "TG")")
            try sync(network, 1, 0)
        }
        // The laptop wakes with a clock ahead of all and writes what it knew: one field as it was, one of its own.
        network.nodes[laptop].network.clock += 3_000 * Self.day
        #expect(try run(network, laptop, "set", id, "honorific=Ms").document?["entry"] == .null)
        _ = try run(network, laptop, "set", id, "honorific=Prof")
        _ = try run(network, laptop, "set", id, "honorific=Ms")
        _ = try run(network, laptop, "set", id, "availability=evenings")
        try meetAll(network)
        for node in 0..<3 {
            // Nobody knew of the other's: both stay, and none has won by a clock.
            #expect(try values(network, node, id, "honorific") == ["Dr 7", "Ms"])
            // Which is shown follows from how often it was rewritten: eight times against two.
            #expect(try run(network, node, "show", id).document?["fields"]?["honorific"]?.text == "Dr 7")
            // What the laptop did not write is what the others made of it, and the reverse.
            #expect(try values(network, node, id, "country") == ["TG"])
            #expect(try values(network, node, id, "availability") == ["evenings"])
        }
    }

    @Test func `D1: a device returns after 400 days, and nothing that was deleted comes back`() throws {
        let network = try SimulatedNetwork(members: 3, seed: 541)
        let (gone, touched) = (try contact(network, 0, "Gone"), try contact(network, 0, "Touched"))
        try meetAll(network)
        let away = 2
        for id in [gone, touched] { #expect(try run(network, 0, "delete", id).exitCode == .done) }
        try sync(network, 1, 0)
        // A year and more of work and care, in which nothing of the deletions may be lost.
        for month in 0..<8 {
            later(network, days: 50)
            for node in 0..<2 { _ = try contact(network, node, "month \(month)") }
            try sync(network, 1, 0)
            try network.nodes[month % 2].store.rebuild()
        }
        #expect(try run(network, away, "show", gone).document?["deleted"] == .bool(false))
        #expect(try run(network, away, "set", touched, "honorific=Ms").exitCode == .done)
        try meetAll(network)
        for node in 0..<3 {
            #expect(try run(network, node, "show", gone).document?["deleted"] == .bool(true))
            #expect(try run(network, node, "set", gone, "honorific=Ms").exitCode == .notFound)
            let document = try #require(try run(network, node, "show", touched).document)
            #expect(document["deleted"] == .bool(false))
            #expect(document["contested"]?.items?.count == 1)
            let contested = try #require(try run(network, node, "conflicts").document?["contested"]?.items)
            #expect(contested.count == 1 && contested.first?["id"]?.text == touched, "\(contested)")
            #expect(try network.nodes[node].store.verify() == [])
        }
        // Deleted again by somebody who has seen the edit, it is gone everywhere.
        #expect(try run(network, 1, "delete", touched).exitCode == .done)
        try meetAll(network)
        for node in 0..<3 { #expect(try run(network, node, "show", touched).document?["deleted"] == .bool(true)) }
    }
}
