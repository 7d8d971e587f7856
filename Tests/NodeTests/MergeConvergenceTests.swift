import Bytes
import Crypto
import Node
import Records
import Replica
import Simulator
import Store
import Testing

/// Records that several offices make one, and take apart again, without knowing of each other.
@Suite struct MergeConvergenceTests {
    private func run(
        _ network: SimulatedNetwork, _ node: Int, _ verb: String, _ arguments: String...,
        options: [Request.Option] = []
    ) throws -> Response {
        let request = Request(verb: verb, arguments: arguments, options: options)
        return try #require(network.nodes[node].node.submit(request).response)
    }

    private func listed(_ network: SimulatedNetwork, _ node: Int) throws -> Document? {
        try run(network, node, "list", "contact", options: [.init("merged")]).document
    }

    private func meet(_ network: SimulatedNetwork) throws {
        for _ in 0..<2 {
            for node in network.nodes.indices.dropFirst() {
                let answer = try #require(network.sync(node, 0))
                #expect(answer.document?["peers"]?.items?.first?["identical"]?.flag == true, "\(answer)")
            }
        }
    }

    private func contact(_ network: SimulatedNetwork, _ node: Int, _ words: String) throws -> String {
        let response = try run(network, node, "new", "contact", "display=\(words)", "emails=\(words)@example.org")
        return try #require(response.document?["id"]?.text)
    }

    @Test func `two offices that merge the certain ones apart agree`() throws {
        let network = try SimulatedNetwork(members: 2, seed: 11)
        for node in 0..<2 { for name in ["amina", "tomaz", "ilyana"] { _ = try contact(network, node, name) } }
        try meet(network)
        for node in 0..<2 {
            let merged = try run(network, node, "merge", options: [.init("certain")])
            #expect(merged.document?["groups"] == .int(3))
        }
        try meet(network)
        #expect(try listed(network, 0) == listed(network, 1))
        let records = try run(network, 0, "list", "contact").document?["records"]?.items ?? []
        #expect(records.count == 3 && records.allSatisfy { $0["mergedFrom"]?.items?.count == 1 })
        #expect(records.allSatisfy { ($0["id"]?.text ?? "") < ($0["mergedFrom"]?.items?.first?.text ?? "") })
        // Nothing is in dispute, and nothing is left over.
        #expect(try run(network, 0, "conflicts").exitCode == .done)
        #expect(try run(network, 1, "duplicates").document?["duplicates"] == .array([]))
        #expect(try run(network, 1, "violations").document?["violations"] == .array([]))
        for record in records { _ = try run(network, 1, "unmerge", record["id"]?.text ?? "") }
        try meet(network)
        #expect(try run(network, 0, "list", "contact").document?["records"]?.items?.count == 6)
    }

    @Test func `opposite merges make a circle of which the smallest stands for both`() throws {
        let network = try SimulatedNetwork(members: 2, seed: 12)
        let ids = try ["a", "b"].map { try contact(network, 0, $0) }.sorted()
        try meet(network)
        _ = try run(network, 0, "merge", ids[0], ids[1])
        _ = try run(network, 1, "merge", ids[1], ids[0])
        try meet(network)
        for node in 0..<2 {
            let records = try run(network, node, "list", "contact").document?["records"]?.items
            #expect(records?.map { $0["id"] } == [.string(ids[0])])
            let violations = try run(network, node, "violations").document?["violations"]?.items
            #expect(violations?.map { $0["mend"] } == [.string("liaison unmerge \(ids[0].prefix(8))")])
        }
        #expect(try run(network, 1, "unmerge", ids[1]).document?["unmerged"]?.items?.count == 2)
        try meet(network)
        #expect(try run(network, 0, "list", "contact").document?["records"]?.items?.count == 2)
    }

    /// Whoever deletes the survivor without knowing that it stands for another does not delete the other unseen.
    @Test func `a deletion beside a merge is contested`() throws {
        let network = try SimulatedNetwork(members: 2, seed: 13)
        let ids = try ["a", "b"].map { try contact(network, 0, $0) }
        try meet(network)
        _ = try run(network, 0, "merge", ids[0], ids[1])
        _ = try run(network, 1, "delete", ids[0])
        try meet(network)
        let contested = try run(network, 1, "conflicts").document?["contested"]?.items
        #expect(contested?.map { $0["id"] } == [.string(ids[0])])
        #expect(contested?.first?["restore"] == .string("liaison restore \(ids[0].prefix(8))"))
        #expect(try run(network, 0, "list", "contact").document?["records"]?.items?.count == 1)
    }

    @Test func `an undone merge and an undone creation reach everybody`() throws {
        let network = try SimulatedNetwork(members: 2, seed: 14)
        let ids = try ["a", "b"].map { try contact(network, 0, $0) }
        let merged = try run(network, 0, "merge", ids[0], ids[1])
        let entry = try #require(merged.document?["merged"]?.items?.first?["entry"]?.text)
        try meet(network)
        #expect(try run(network, 1, "undo", String(entry.prefix(12))).exitCode == .done)
        try meet(network)
        #expect(try run(network, 0, "list", "contact").document?["records"]?.items?.count == 2)
        let history = try run(network, 1, "history", ids[1]).document?["entries"]?.items
        let first = try #require(history?.first?["entry"]?.text)
        // Somebody else has written to it: the one who undid the merge.
        let refused = try run(network, 0, "undo", first)
        #expect(refused.exitCode == .undecided && refused.document?["entry"] == .null)
        let own = try #require(
            try run(network, 0, "history", ids[0]).document?["entries"]?.items?.first?["entry"]?.text)
        let undone = try run(network, 1, "undo", own, options: [.init("because", "there is no a")])
        #expect(undone.exitCode == .done)
        try meet(network)
        let shown = try run(network, 0, "show", ids[0]).document
        #expect(shown?["deleted"] == .bool(true) && shown?["contested"] == .array([]))
        // And that again.
        let back = try run(network, 0, "undo", try #require(undone.document?["entry"]?.text))
        #expect(back.document?["undone"]?.items?.map { $0["operation"] } == [.string("restore")])
        #expect(try run(network, 0, "show", ids[0]).document?["deleted"] == .bool(false))
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `random merges, unmerges and undos converge`(seed: UInt64) throws {
        print("seed \(seed)")
        let network = try SimulatedNetwork(members: 3, seed: seed)
        var random = SeededEntropy(seed: seed ^ 0x5A5A)
        var ids = try (0..<8).map { try contact(network, $0 % 3, "c\($0 % 3)") }
        try meet(network)
        for _ in 0..<60 {
            let node = Int.random(in: 0..<3, using: &random)
            let (one, other) = (ids.randomElement(using: &random) ?? "", ids.randomElement(using: &random) ?? "")
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5: _ = try run(network, node, "merge", one, other)
            case 5, 6: _ = try run(network, node, "unmerge", one)
            case 7: _ = try run(network, node, "merge", options: [.init("certain")])
            case 8:
                let entries = try run(network, node, "history", one).document?["entries"]?.items ?? []
                if let entry = entries.dropFirst().randomElement(using: &random)?["entry"]?.text {
                    _ = try run(network, node, "undo", entry)
                }
            case 9: _ = try run(network, node, "set", one, "honorific=\(node)")
            case 10: ids.append(try contact(network, node, "c\(Int.random(in: 0..<3, using: &random))"))
            default: _ = network.sync(node, (node + 1) % 3)
            }
        }
        try meet(network)
        let lists = try (0..<3).map { try listed(network, $0) }
        #expect(lists[0] == lists[1] && lists[1] == lists[2], "seed \(seed)")
        // Every record stands for itself or counts as one that does.
        let records = lists[0]?["records"]?.items ?? []
        let roots = Set(records.filter { $0["mergedInto"] == nil }.compactMap { $0["id"]?.text })
        for record in records {
            if let root = record["mergedInto"]?.text { #expect(roots.contains(root), "seed \(seed)") }
        }
        let seen = try (0..<3).map { try run(network, $0, "violations").document }
        #expect(seen[0] == seen[1] && seen[1] == seen[2], "seed \(seed)")
        for node in network.nodes { #expect(try node.store.verify() == [], "seed \(seed)") }
    }
}
