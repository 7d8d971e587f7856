import Foundation
import Testing

// Goal: five nodes, random edits of all merge types, random pairs syncing over TCP, random loss of power, clocks that
// are wrong by decades; in the end all hold the same, nothing that was reported as done is lost, and an implementation
// that others wrote computes the same state. Method: real processes; the seed is printed and can be given in
// LIAISON_CHAOS_SEED, the number of steps in LIAISON_CHAOS_STEPS.
@Suite(.serialized) struct ChaosTests {
    private static let clocks = ["@1970-01-02 00:00:00", nil, "@2099-01-01 00:00:00", nil, "@1970-01-01 00:00:10"]
    private static let swapped = ["@2099-06-01 00:00:00", "@1970-01-03 00:00:00", nil, "@2098-01-01 00:00:00", nil]

    private static func setting(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    /// A command that runs while others do.
    private struct Flight {
        let node: Int
        let words: [String]
        let process: ChildProcess
        let isKilled: Bool
    }

    /// A run of steps on five nodes.
    private struct Run {
        let federation: Federation
        var edits: RandomEdits
        var flights: [Flight] = []
        var killed = 0
        var synced = 0

        private var nodes: [Installation] { federation.nodes }

        /// Nodes that serve all the time, but for losses of power.
        private static let servers = [0, 1]

        mutating func steps(_ count: Int) throws {
            for _ in 0..<count {
                try step()
                while flights.count > 2 { try land(0) }
            }
            while !flights.isEmpty { try land(0) }
        }

        private mutating func step() throws {
            let node = Int.random(in: nodes.indices, using: &edits.generator)
            switch Int.random(in: 0..<20, using: &edits.generator) {
            case 0:
                let server = Self.servers.randomElement(using: &edits.generator) ?? 0
                nodes[server].crash()
                killed += 1
                try nodes[server].serve()
            case 1...6:
                let peer = Self.servers.filter { $0 != node }.randomElement(using: &edits.generator) ?? 0
                try fly(node, ["sync", nodes[peer].address])
            default: try fly(node, edits.next())
            }
        }

        private mutating func fly(_ node: Int, _ words: [String]) throws {
            let process = try nodes[node].start(words + ["--json"])
            let isKilled = Int.random(in: 0..<12, using: &edits.generator) == 0
            if isKilled {
                usleep(UInt32.random(in: 0..<80_000, using: &edits.generator))
                process.kill()
                killed += 1
            }
            flights.append(Flight(node: node, words: words, process: process, isKilled: isKilled))
        }

        private mutating func land(_ index: Int) throws {
            let flight = flights.remove(at: index)
            let code = try flight.process.wait()
            let said = "\(nodes[flight.node].name): \(flight.words): \(code): \(flight.process.talk)"
            if flight.words[0] == "sync" {
                #expect([0, 1, 7].contains(code) || flight.isKilled && code == 128 + SIGKILL, "\(said)")
                if code == 0 { synced += 1 }
            } else {
                // 1: the server was killed before it answered; 3: deleted or not here yet; 5: in conflict; 6: no step.
                #expect([0, 1, 3, 5, 6].contains(code) || flight.isKilled && code == 128 + SIGKILL, "\(said)")
                if code == 1 { #expect(flight.process.talk.contains("ended before it answered"), "\(said)") }
                if code == 0 { try edits.done(flight.words, JSON(text: flight.process.output)) }
            }
        }

        /// All meet the founder until all hold the same.
        func heal() throws -> String {
            try eventually("all hold the same") {
                for node in nodes.dropFirst() { try node.call("sync", nodes[0].address) }
                return Set(try nodes.map { try $0.digests() }).count == 1
            }
            return try federation.requireEqual()
        }

        func setClocks(_ clocks: [String?]) throws {
            for (node, clock) in zip(nodes, clocks) {
                let serves = node.server != nil
                try node.stop()
                node.clock = clock
                if serves { try node.serve() }
            }
        }
    }

    @Test func fiveNodesOfRandomEditsAndLossesAgree() throws {
        let seed = Self.setting("LIAISON_CHAOS_SEED") ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let steps = Int(Self.setting("LIAISON_CHAOS_STEPS") ?? 150)
        print("ChaosTests: LIAISON_CHAOS_SEED=\(seed) LIAISON_CHAOS_STEPS=\(steps)")
        let federation = try Federation(
            [("dakar", "Institute of Water"), ("hanoi", "Institute of Trees"), ("laptop", nil), ("field", nil)],
            .specimen)
        var run = Run(federation: federation, edits: RandomEdits(seed: seed))
        try federation.nodes[1].serve()
        try run.setClocks(Self.clocks)

        try run.steps(steps)
        let first = try run.heal()
        try run.setClocks(Self.swapped)
        try run.steps(steps / 2)
        let second = try run.heal()
        #expect(first != second)
        #expect(
            run.killed > steps / 20 && run.synced > steps / 10, "the run was too tame: \(run.killed), \(run.synced)")

        for node in federation.nodes {
            try node.stop()
            try run.edits.requireAll(on: node)
            try #expect(node.call("verify")["ok"].flag == true)
        }
        let claims = try run.edits.records.flatMap { id in
            try federation.nodes[3].call("history", id)["entries"].items.compactMap { $0["claimedAt"].text?.prefix(4) }
        }
        #expect(Set(claims).isSuperset(of: ["1970", "2099"]), "the clocks were not set")
        let conflicts = try federation.nodes.map { try $0.run(["conflicts", "--json"]).output }
        #expect(Set(conflicts).count == 1)
        let shown = try federation.nodes.map { try $0.call("list", "specimen")["records"].description }
        #expect(Set(shown).count == 1)

        try federation.nodes[2].call("rebuild")
        try #expect(federation.nodes[2].digests() == second)
        try #expect(federation.nodes[2].call("list", "specimen")["records"].description == shown[0])
        try Self.requireReference(federation.nodes[2], in: federation.folder)
    }

    /// Requires that the reference implementation computes the same from what a node exports.
    private static func requireReference(_ node: Installation, in folder: Folder) throws {
        let segments = folder.path + "/segments"
        try node.call("export", "segments", segments)
        let python = [sourceRoot + "/.venv/bin/python3", "/usr/bin/python3"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        let reference = sourceRoot + "/Protocol/reference/liaison_reference.py"
        let text = try folder.shell(#require(python), reference, "state", segments)
        let theirs = try JSON(text: text)["spaces"].items
        let ours = try node.call("status")["spaces"].items
        #expect(theirs.count == 2 && ours.count == 2)
        for space in ours {
            let other = theirs.first { $0["space"].text == space["space"].text }
            for name in ["state", "frontier", "entries"] + (space["space"].text == "net" ? ["records"] : []) {
                #expect(other?[name].description == space[name].description, "\(name) of \(space["space"])")
            }
        }
        let shown = try JSON(text: folder.shell(#require(python), reference, "show", segments))["records"].items
        try requireLists(node, shown)
    }

    /// Requires that counters and lists show what the reference shows.
    private static func requireLists(_ node: Installation, _ records: [JSON]) throws {
        var count = 0
        for deleted in [[], ["--deleted"]] {
            for record in try node.call(["list", "specimen"] + deleted)["records"].items {
                let other = try #require(records.first { $0["record"].text == record["id"].text })
                #expect(record["fields"]["counter"].description == other["counters"]["29"].description)
                let ours = record["fields"]["list"].items.map(\.description)
                let theirs = other["lists"]["30"].items.map { $0["erased"].flag == true ? $0 : $0["value"] }
                #expect(ours == theirs.map(\.description))
                count += ours.count
            }
        }
        #expect(count > 0, "there was no list to compare")
    }
}
