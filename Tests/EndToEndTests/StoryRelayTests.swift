import Foundation
import Testing

// Goal: step 9 of the story, who relays what the Sector asks to relay, on seven real nodes.
@Suite(.serialized) struct StoryRelayTests {
    @Test func `story 9: four institutes relay an item, one declines, one is silent`() throws {
        let institutes = ["CCMS", "GKAC", "MDHI", "ACAL", "IRIA", "CAJSI"]
        let cast = try Cast(institutes)
        let item = try cast.par.new("contribution", "type=news", "title=A call is open", "date=2027-03-01")
        for state in ["submitted", "approved", "published"] { try cast.par.call("set", item, "state=\(state)") }
        try cast.par.refuse(
            "new", "publicity_request", "item=\(item)", "period.until=2027-03-31", code: 6, saying: "targets")
        let request = try cast.par.new(
            "publicity_request", "item=\(item)", "to_all=true", "period.from=2027-03-02", "period.until=2027-03-31")
        try cast.meet()
        try cast.part()
        for name in institutes.dropLast(2) {
            try cast[name].call(
                "new", "pickup", "request=\(request)", "channel=newsletter",
                "url=https://\(name.lowercased()).example.org/7",
                "date=2027-03-10")
        }
        let declined = try cast["IRIA"].new(
            "pickup", "request=\(request)", "declined_reason=the number was printed already", "date=2027-03-11")
        // Paris writes down what it was told on the telephone: it is the record that Montevideo has made.
        #expect(
            try cast.par.new(
                "pickup", "request=\(request)", "org=\(cast.id("IRIA"))",
                "declined_reason=the number was printed already", "date=2027-03-11") == declined)
        try cast.meet()

        let silent = try cast.id("CAJSI")
        for node in cast.federation.nodes {
            let answer = try node.call("publicise", "pending", "--at", "2027-03-20")
            let pending = answer["pending"].items
            #expect(pending.map { $0["org"].text } == [silent])
            #expect(pending[0]["daysLeft"].number == 11 && pending[0]["until"].text == "2027-03-31")
            #expect(answer["declined"].items.map { $0["org"].text } == [try cast.id("IRIA")])
            let row = answer["requests"][0]
            #expect(row["asked"].number == 6 && row["relayed"].number == 4 && row["declined"].number == 1)
            #expect(row["pending"].number == 1)
            #expect(try node.call("list", "pickup")["records"].items.count == 5)
        }
        // The reverse: what one institute has relayed this year.
        let dakar = try cast.par.call("publicise", "by", "CCMS", "--year", "2027")
        #expect(dakar["relayed"].number == 1 && dakar["pickups"][0]["date"].text == "2027-03-10")
        // The last one answers, and nobody is waited for any more.
        try cast["CAJSI"].call(
            "new", "pickup", "request=\(request)", "channel=website", "url=https://cajsi.example.org/7")
        try cast["CAJSI"].call("sync", cast.par.address)
        #expect(try cast.par.call("publicise", "pending", "--at", "2027-03-20")["pending"].items.isEmpty)
    }
}
