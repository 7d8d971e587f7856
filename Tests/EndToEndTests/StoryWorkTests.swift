import Foundation
import Testing

// Goal: steps 6 and 7 of the story, a conflict that people decide and a deletion that crosses an edit, on real nodes.
@Suite(.serialized) struct StoryWorkTests {
    private func deadlines(_ date: String, _ zone: String) -> String {
        #"deadlines=[{"stage":"full","date":"\#(date)","zone":"\#(zone)"}]"#
    }

    @Test func `story 6: the earlier of two deadlines counts until a person decides, for good`() throws {
        let cast = try Cast(["CCMS", "MDHI"])
        let (dakar, vientiane) = (try cast["CCMS"], try cast["MDHI"])
        let call = try cast.par.new("opportunity", "title=Media grants", deadlines("2027-03-01", "Europe/Paris"))
        try cast.meet()
        try cast.part()
        try cast.par.call("set", call, deadlines("2027-03-15", "Europe/Paris"))
        try dakar.call("set", call, deadlines("2027-02-26", "Africa/Dakar"))
        try cast.meet()
        for node in cast.federation.nodes {
            let due = try node.call("deadlines", "--at", "2027-02-01", "--within", "60")["deadlines"].items
            let rows = due.filter { $0["id"].text == call }
            #expect(rows.first?["date"].text == "2027-02-26" && rows.first?["disputed"].flag == true)
            let conflicts = try node.call("conflicts", code: 5)["conflicts"].items
            #expect(conflicts.count == 1 && conflicts[0]["values"].items.count == 2)
            try node.refuse("set", call, deadlines("2027-04-01", "UTC"), code: 5, saying: "deadlines")
        }
        // A node that knows the conflict is away while somebody decides, and writes on.
        try cast.part()
        try vientiane.call("set", call, "source=a letter")
        let listed = try dakar.call("conflicts", code: 5)["conflicts"][0]["values"].items
        let keep = try #require(listed.firstIndex { $0["value"][0]["date"].text == "2027-02-26" })
        let reason = "the web page of the funder says so"
        try dakar.call("resolve", call, "deadlines", "--keep", "\(keep + 1)", "--because", reason)
        try cast.par.serve()
        try dakar.call("sync", cast.par.address)
        #expect(try cast.par.call("conflicts")["conflicts"].items.isEmpty)
        // The node that was away comes back with its old state.
        #expect(try vientiane.call("conflicts", code: 5)["conflicts"].items.count == 1)
        try cast.meet()
        for node in cast.federation.nodes {
            #expect(try node.call("conflicts")["conflicts"].items.isEmpty)
            let shown = try node.call("show", call)
            #expect(shown["fields"]["deadlines"][0]["date"].text == "2027-02-26")
            #expect(shown["fields"]["source"].text == "a letter")
            #expect(try node.call("history", call).description.contains(reason))
            let rows = try node.call("deadlines", "--at", "2027-02-01", "--within", "60")["deadlines"].items
            #expect(rows.filter { $0["id"].text == call }.map { $0["disputed"].flag } == [false])
        }
        try vientiane.call("sync", cast.par.address)
        #expect(try cast.par.call("conflicts")["conflicts"].items.isEmpty)
    }

    @Test func `story 7: an activity that is deleted while somebody edits it returns, and says so`() throws {
        let cast = try Cast(["CAJSI"], laptops: ["yolkina"])
        let laptop = try cast["yolkina"]
        let cajsi = try cast.id("CAJSI")
        let activity = try cast.par.new(
            "activity", "org=\(cajsi)", "title=Safety of journalists: training", "type=training",
            "planned.start=2027-06-01", "planned.end=2027-06-05")
        try cast.meet()
        try cast.part()
        let deletion = try #require(try cast.par.call("delete", activity)["entry"].text)
        let edit = try #require(
            try laptop.call("set", activity, "title=Safety of journalists: two courses")["entry"].text)
        #expect(try cast.par.call("show", activity)["deleted"].flag == true)
        try cast.meet()
        let devices = try cast.par.call("device", "list")["devices"].items
        func device(_ name: String) -> String? { devices.first { $0["name"].text == name }?["id"].text }
        for node in cast.federation.nodes {
            let shown = try node.call("show", activity)
            #expect(shown["deleted"].flag == false)
            #expect(shown["fields"]["title"]["en"].text == "Safety of journalists: two courses")
            #expect(shown["contested"].texts == [deletion])
            let contested = try node.call("conflicts")["contested"].items
            #expect(contested.map { $0["id"].text } == [activity])
            #expect(contested.first?["deletes"].items.map { $0["device"].text } == [device("paris")])
            // Both are named: who deleted, and who wrote.
            let entries = try node.call("history", activity)["entries"].items
            let writers = Dictionary(uniqueKeysWithValues: entries.map { ($0["entry"].text, $0["device"].text) })
            #expect(writers[deletion] == device("paris") && writers[edit] == device("yolkina"))
        }
        // What the sync has brought to each side names the other: who edited, and who deleted.
        let (brought, told) = (try cast.par.call("changes")["changes"], try laptop.call("changes")["changes"])
        let edits = brought.items.filter { $0["entry"].text == edit }
        #expect(edits.map { $0["device"].text } == [device("yolkina")] && edits[0]["id"].text == activity)
        let deletions = told.items.filter { $0["entry"].text == deletion }
        #expect(deletions.map { $0["device"].text } == [device("paris")] && deletions[0]["id"].text == activity)
        // The deletion is taken back by undoing its entry, and the edit stays.
        try cast.par.call("undo", deletion, "--because", "it goes on")
        try cast.meet()
        for node in cast.federation.nodes {
            let shown = try node.call("show", activity)
            #expect(shown["deleted"].flag == false && shown["contested"].items.isEmpty)
            #expect(shown["fields"]["title"]["en"].text == "Safety of journalists: two courses")
            #expect(try node.call("conflicts")["contested"].items.isEmpty)
        }
    }
}
