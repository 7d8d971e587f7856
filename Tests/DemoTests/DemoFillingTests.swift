import Bytes
import Crypto
import Demo
import Node
import Records
import Replica
import Simulator
import Store
import Testing

// Goal: everything that the generator makes passes the checks that people's own input passes, and is written once.
@Suite struct DemoFillingTests {
    private static let day = "2027-03-01"

    /// A network whose nodes have written their first records, as those on a disk have.
    private func network(members: Int) throws -> SimulatedNetwork {
        let network = try SimulatedNetwork(members: members, seed: 5)
        for (index, node) in network.nodes.enumerated() {
            if index > 0 { _ = network.sync(index, 0) }
            try node.store.setMeta("deviceName", Array("device \(index)".utf8))
            try FirstRecords.write(to: node.store, schema: .standard, time: 1_790_000_000)
            if index > 0 { _ = network.sync(index, 0) }
        }
        return network
    }

    /// Asks a node of a simulated network for the demonstration.
    private func demo(
        _ node: SimulatedNetwork.SimulatedNode, _ count: Int, seed: String = "1", only: String? = nil,
        at place: SourceLocation = #_sourceLocation
    ) throws -> Document {
        var options: [Request.Option] = [.init("records", String(count)), .init("at", Self.day), .init("seed", seed)]
        if let only { options.append(.init("only", only)) }
        let response = node.node.submit(Request(verb: "demo", options: options)).response
        #expect(response?.error == nil, "\(response?.error ?? "")", sourceLocation: place)
        return try #require(response?.document, sourceLocation: place)
    }

    /// All records of a kind as they are shown.
    private func states(_ node: SimulatedNetwork.SimulatedNode, _ kind: Kind) throws -> [RecordState] {
        var states: [RecordState] = []
        try RecordAccess(node.store, time: 0).forEach(kind: kind.number) { states.append($0) }
        return states
    }

    @Test(arguments: [Census.least, Census.story, 2_000]) func aNodeTakesAllOfIt(_ count: Int) throws {
        let network = try self.network(members: 1)
        let node = network.nodes[0]
        let first = try demo(node, count)
        // The founder's own organisation is the Sector.
        #expect(first["created"]?.number == Int64(count - 1) && first["held"]?.number == 1)
        #expect(first["leftOut"]?.number == 0)
        let rows = first["kinds"]?.items ?? []
        #expect(rows.reduce(0) { $0 + ($1["created"]?.number ?? 0) } == Int64(count - 1))
        for kind in Census.kinds.compactMap({ try? Schema.standard.kind(named: $0) }) {
            let states = try states(node, kind)
            #expect(states.count == Census(count)[kind.name], "\(kind.name)")
            for state in states {
                #expect(!state.readings(kind).contains { $0.isDisputed }, "\(kind.name) \(state.id.hex)")
                for field in kind.fields where field.need != .optional {
                    #expect(state[field.number] != nil, "\(kind.name) \(state.id.hex) lacks \(field.name)")
                }
            }
        }
        let entries = node.store.totals(of: SpaceName.net).entries
        let again = try demo(node, count)
        #expect(again["created"]?.number == 0 && again["entries"]?.number == 0 && again["held"]?.number == Int64(count))
        #expect(node.store.totals(of: SpaceName.net).entries == entries)
        #expect(try node.store.verify().isEmpty)
    }

    @Test func everyFieldOfTheGeneratorStandsInTheTable() {
        for record in DemoNetwork(seed: 3, count: 1_000, today: Self.day).records {
            for value in record.values + record.changes.flatMap(\.values) {
                #expect(record.kind.field(named: value.field) != nil, "\(record.kind.name).\(value.field)")
            }
        }
    }

    @Test func entriesClaimTheDaysOfTheYear() throws {
        let network = try self.network(members: 1)
        let node = network.nodes[0]
        _ = try demo(node, Census.story)
        let access = RecordAccess(node.store, time: 0)
        var days: Set<String> = []
        for state in try states(node, .activity) {
            for entry in try access.history(of: state.id) { days.insert(CivilTime.day(entry.claimedAt)) }
        }
        #expect(days.count > 30)
        #expect(days.allSatisfy { $0 <= Self.day && $0 >= "2026-02-01" })
    }

    @Test func twoMembersFillTheirOwnAndMeetInTurns() throws {
        let network = try self.network(members: 3)
        let (paris, dakar, muscat) = (network.nodes[0], network.nodes[1], network.nodes[2])
        let story = DemoNetwork(seed: 1, count: Census.story, today: Self.day)
        let own = story.records.count { $0.author == "PAR" }
        let first = try demo(paris, Census.story, only: "PAR")
        // What names records of others waits until they are here.
        let started = try #require(first["created"]?.number)
        #expect(started > Int64(own / 2) && started < Int64(own))
        #expect(first["only"]?.text == "PAR")
        for round in 0..<6 {
            let (index, node, name) = round % 2 == 0 ? (1, dakar, "ccms") : (2, muscat, "GKAC")
            _ = network.sync(index, 0)
            _ = try demo(node, Census.story, only: name)
            _ = network.sync(index, 0)
            _ = try demo(paris, Census.story, only: "PAR")
        }
        _ = network.sync(1, 0)
        _ = network.sync(2, 0)
        #expect(dakar.store.state(of: SpaceName.net) == paris.store.state(of: SpaceName.net))
        #expect(muscat.store.state(of: SpaceName.net) == paris.store.state(of: SpaceName.net))
        for (name, node) in [("PAR", paris), ("CCMS", dakar), ("GKAC", muscat)] {
            let last = try demo(node, Census.story, only: name)
            #expect(last["created"]?.number == 0 && last["entries"]?.number == 0, "\(name)")
        }
        // Nothing of the other institutes is there but what the Sector writes of them.
        let present = Set(["PAR", "CCMS", "GKAC"])
        let kinds = Dictionary(grouping: story.records) { $0.kind.number }
        for (number, records) in kinds {
            let kind = try #require(Schema.standard.kind(number))
            let most = records.count { present.contains($0.author) }
            #expect(try states(dakar, kind).count <= most, "\(kind.name)")
        }
        // The Sector has published what the institute submitted.
        let published = try states(dakar, .contribution).filter { state in
            guard let field = Kind.contribution.field(named: "state"), let reading = state.reading(field) else {
                return false
            }
            return reading.effectiveStep.map { reading.code($0.to) } == "published"
        }
        #expect(
            published.contains {
                $0.fields.flatMap(\.left).contains { $0.organisation == dakar.store.ownGrant?.organisation }
            })
    }

    @Test func whatCannotBeMadeIsRefused() throws {
        let network = try self.network(members: 2)
        func refusal(_ options: [Request.Option], on index: Int = 0) -> (String?, ExitCode?) {
            let response = network.nodes[index].node.submit(Request(verb: "demo", options: options)).response
            return (response?.error, response?.exitCode)
        }
        #expect(refusal([.init("records", "12")]) == ("--records: 12 is no number from 351 to 1000000", .invalidValue))
        #expect(refusal([.init("records", "many")]).1 == .invalidValue)
        #expect(refusal([.init("records", "600"), .init("seed", "-1")]).1 == .invalidValue)
        #expect(refusal([.init("records", "600"), .init("at", "yesterday")]).1 == .invalidValue)
        let nobody = refusal([.init("records", "600"), .init("only", "NOBODY")])
        #expect(nobody == ("there is no member NOBODY in this network", .notFound))
        // The founder's node is the Sector's.
        #expect(refusal([.init("records", "600"), .init("only", "CCMS")]).1 == .invalidValue)
        #expect(network.nodes[0].store.totals(of: SpaceName.net).entries == 4)
        _ = network.sync(1, 0)
        #expect(refusal([.init("records", "600"), .init("only", "CCMS")], on: 1).1 == .done)
        #expect(refusal([.init("records", "600"), .init("only", "GKAC")], on: 1).1 == .invalidValue)
    }

    @Test func whatPeopleHaveChangedStays() throws {
        let network = try self.network(members: 1)
        let node = network.nodes[0]
        _ = try demo(node, Census.story)
        let action = try #require(
            try states(node, .action).first { state in
                state.readings(.action).contains { $0.field?.name == "state" && $0.effectiveStep?.to == 1 }
            })
        let set = node.node.submit(
            Request(verb: "set", arguments: [action.id.hex, "due=2030-01-01", "state=doing"])
        ).response
        #expect(set?.error == nil)
        let note = try #require(try states(node, .contactNote).first)
        _ = node.node.submit(Request(verb: "delete", arguments: [note.id.hex])).response
        #expect(try demo(node, Census.story)["entries"]?.number == 0)
        let state = try #require(try node.store.state(ofRecord: action.id))
        #expect(state.readings(.action).first { $0.field?.name == "due" }?.shown == .date("2030-01-01"))
        #expect(try node.store.state(ofRecord: note.id)?.isDeleted == true)
    }
}
