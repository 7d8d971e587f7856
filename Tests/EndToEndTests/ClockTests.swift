import Foundation
import Testing

// Goal: a wrong clock is shown, and decides nothing. Method: real processes under `faketime`.
@Suite(.serialized) struct ClockTests {
    /// A founder that serves and a laptop, both of which hold `record`.
    private struct Pair {
        let federation: Federation
        let record: String

        var paris: Installation { federation.nodes[0] }
        var laptop: Installation { federation.nodes[1] }

        init() throws {
            federation = try Federation([("laptop", nil)], .specimen)
            record = try federation.nodes[1].new("specimen", "soft=before", "hard=before")
            try federation.meet()
        }

        func meet() throws {
            let answer = try laptop.call("sync", paris.address)["peers"][0]
            #expect(answer["result"].text == "complete" && answer["identical"].flag == true)
        }
    }

    @Test func `T1: a clock at 1970 connects, syncs and is told that it is wrong`() throws {
        let pair = try Pair()
        try #expect(pair.laptop.call("status")["clocks"].items.isEmpty)
        pair.laptop.clock = "@1970-01-02 00:00:00"
        let id = try pair.laptop.new("specimen", "soft=written in 1970")
        try pair.laptop.call("set", pair.record, "soft=later, in 1970")
        try pair.meet()
        try pair.federation.requireEqual()
        for node in [pair.paris, pair.laptop] {
            try #expect(node.call("show", id)["fields"]["soft"].text == "written in 1970")
            try #expect(node.call("show", pair.record)["fields"]["soft"].text == "later, in 1970")
        }
        // It serves, too, and both hand over what is written.
        try pair.laptop.serve()
        try pair.paris.call("peer", "add", "laptop", pair.laptop.address)
        let other = try pair.paris.new("specimen", "soft=from Paris")
        try eventually("the edit arrives") { try pair.laptop.run(["show", other]).code == 0 }
        let status = try pair.laptop.run(["status"])
        #expect(status.code == 0 && status.talk.contains("the clock here says 1970-01-0"), "\(status.talk)")
        // Nobody else is told that anything is wrong.
        let there = try pair.paris.run(["status"])
        #expect(!there.talk.contains("clock"), "\(there.talk)")
    }

    @Test func `T2: edits of 2099 are shown as such, lose to later ones, and lock nothing`() throws {
        let pair = try Pair()
        pair.laptop.clock = "@2099-01-01 00:00:00"
        try pair.laptop.call("set", pair.record, "soft=from 2099", "hard=from 2099")
        let id = try pair.laptop.new("specimen", "soft=born in 2099")
        try pair.meet()
        let status = try pair.paris.run(["status", "--json"])
        let device = try #require(try pair.laptop.call("status")["device"]["id"].text)
        #expect(status.json["clocks"].items.count == 1 && status.json["clocks"][0]["device"].text == device)
        #expect(status.json["clocks"][0]["claims"].text?.hasPrefix("2099-01-01") == true)
        let talk = try pair.paris.run(["status"]).talk
        #expect(talk.contains("\(device.prefix(8)) says that it wrote at 2099-01-01"), "\(talk)")
        // Who has seen an edit and writes after it decides, whatever the clocks say.
        try pair.paris.call("set", pair.record, "soft=after that", "hard=after that")
        try pair.paris.call("set", id, "soft=changed")
        try pair.meet()
        pair.laptop.clock = nil
        try pair.laptop.call("set", id, "hard=by the laptop, in time")
        try pair.meet()
        try pair.federation.requireEqual()
        for node in [pair.paris, pair.laptop] {
            let shown = try node.call("show", pair.record)
            #expect(shown["fields"]["soft"].text == "after that" && shown["fields"]["hard"].text == "after that")
            #expect(shown["conflicts"].names.isEmpty)
            let other = try node.call("show", id)["fields"]
            #expect(other["soft"].text == "changed" && other["hard"].text == "by the laptop, in time")
        }
    }

    @Test func `T5: what a device far ahead has written counts like anybody's`() throws {
        let pair = try Pair()
        pair.laptop.clock = "@2160-06-01 00:00:00"
        let ids = try (0..<8).map { try pair.laptop.new("specimen", "soft=\($0)", "counter=1") }
        try pair.laptop.call("add", pair.record, "counter=5")
        try pair.laptop.call("delete", ids[7])
        try pair.meet()
        try pair.federation.requireEqual()
        let status = try pair.paris.call("status")
        #expect(status["spaces"].items.allSatisfy { $0["quarantined"].number == 0 && $0["notUnderstood"].number == 0 })
        try #expect(pair.paris.call("show", pair.record)["fields"]["counter"].number == 5)
        for id in ids.dropLast() { try #expect(pair.paris.call("show", id)["fields"]["counter"].number == 1) }
        try #expect(pair.paris.call("list", "specimen")["records"].items.count == 8)
        // Newcomers get it from others.
        let code = try #require(try pair.paris.call("invite", "--organisation", "Third")["code"].text)
        let third = Installation("third", in: pair.federation.folder, .specimen)
        try third.call("join", code, "--device", "third")
        try third.call("sync", pair.paris.address)
        try #expect(third.digests() == pair.paris.digests())
    }
}
