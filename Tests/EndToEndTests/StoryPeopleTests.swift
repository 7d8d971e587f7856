import Foundation
import Testing

// Goal: steps 3 and 13 of the story, advisors and contact, on real nodes.
@Suite(.serialized) struct StoryPeopleTests {
    @Test func `story 3: advisors are proposed, accepted offline, and cover objectives`() throws {
        let cast = try Cast(["CCMS", "MDHI"])
        let (dakar, vientiane) = (try cast["CCMS"], try cast["MDHI"])
        let (ccms, mdhi) = (try cast.id("CCMS"), try cast.id("MDHI"))
        let mokoena = try cast.contact("Keletso Mokoena", "tags=advisor", "languages=en", "languages=fr")
        let minh = try cast.contact("Nguyễn Đức Minh", "tags=advisor", "languages=vi", "expertise=sound-archives")
        let ndiaye = try cast.contact("Aïssatou Ndiaye-Faye", "tags=advisor", "languages=fr")
        var objectives: [String: String] = [:]
        for (node, owner, name) in [(dakar, ccms, "CCMS"), (vientiane, mdhi, "MDHI")] {
            for number in 1...3 {
                objectives["\(name)-\(number)"] = try node.new(
                    "objective", "owner=\(owner)", "code=\(name)-\(number)", "title=Objective \(number) of \(name)",
                    "state=agreed")
            }
        }
        try cast.meet()
        func objective(_ code: String) throws -> String { try #require(objectives[code]) }
        let first = try cast.par.new(
            "engagement", "advisor=\(ndiaye)", "institute=\(ccms)", "objectives=\(try objective("CCMS-1"))",
            "state=active")

        let before = try cast.par.call("coverage")
        #expect(before["objectiveCount"].number == 6 && before["uncoveredCount"].number == 5)
        #expect(before["engagements"].items.compactMap { $0["engagement"].text } == [first])
        #expect(Set(before["idle"].items.compactMap { $0["advisor"].text }) == [mokoena, minh])

        let second = try cast.par.new(
            "engagement", "advisor=\(mokoena)", "institute=\(ccms)", "objectives=\(try objective("CCMS-2"))",
            "terms=Nine days")
        let third = try cast.par.new(
            "engagement", "advisor=\(minh)", "institute=\(mdhi)", "objectives=\(try objective("MDHI-1"))")
        #expect(try cast.par.call("show", second)["fields"]["proposed_by"].text == cast.id("PAR"))
        try cast.meet()
        try cast.part()
        // The representatives accept while nobody reaches anybody.
        try dakar.call("set", second, "state=accepted")
        try vientiane.call("set", third, "state=accepted")
        try cast.meet()
        try cast.par.call("set", second, "state=active")
        try cast.par.call("set", third, "state=active")
        try cast.meet()

        for node in cast.federation.nodes {
            for id in [first, second, third] { #expect(try node.state(of: id) == "active") }
            let coverage = try node.call("coverage")
            #expect(coverage["uncoveredCount"].number == 3 && coverage["coveredCount"].number == 3)
            let open = Set(coverage["uncovered"].items.compactMap { $0["objective"].text })
            #expect(open == [try objective("CCMS-3"), try objective("MDHI-2"), try objective("MDHI-3")])
            #expect(coverage["idleCount"].number == 0)
        }
        // Somebody who declined does not cover anything.
        #expect(try dakar.call("coverage", "--owner", "CCMS")["objectiveCount"].number == 3)
        try dakar.refuse("set", second, "state=declined", code: 6, saying: "active does not become declined")
    }

    @Test func `story 13: an institute has fallen silent, a call is logged, and it drops off the list`() throws {
        let cast = try Cast(["IRIA", "CCMS"])
        let (par, iria, ccms) = (try cast.id("PAR"), try cast.id("IRIA"), try cast.id("CCMS"))
        let first = try cast.par.new(
            "interaction", "channel=call", "orgs=\(iria)", "orgs=\(par)", "subject=First call",
            "when=2027-05-01T15:00:00Z")
        try cast.par.call(
            "new", "interaction", "channel=video", "orgs=\(ccms)", "orgs=\(par)", "subject=Plans",
            "when=2027-07-10T09:00:00Z")
        // The node in Montevideo runs and writes: that is no sign of people.
        let montevideo = try cast["IRIA"]
        montevideo.clock = "@2027-07-12 10:00:00"
        try montevideo.call("set", iria, "website=https://iria.example.org/")
        montevideo.clock = nil
        try cast.meet()

        for node in cast.federation.nodes {
            let quiet = try node.call("contact", "quiet", "--days", "60", "--at", "2027-07-14")["quiet"].items
            try #require(quiet.count == 1)
            #expect(quiet[0]["org"].text == iria && quiet[0]["days"].number == 74)
            #expect(quiet[0]["date"].text == "2027-05-01" && quiet[0]["id"].text == first)
            #expect(quiet[0]["nodeSeen"].text == "2027-07-12" && quiet[0]["nodeDays"].number == 2)
            #expect(
                try node.call("contact", "quiet", "--days", "74", "--at", "2027-07-14")["quiet"].items.isEmpty)
        }
        let call = try cast.par.new(
            "interaction", "channel=call", "orgs=\(iria)", "orgs=\(par)", "subject=How are you",
            "when=2027-07-14T16:00:00Z")
        try cast.meet()
        for node in cast.federation.nodes {
            #expect(try node.call("contact", "quiet", "--days", "60", "--at", "2027-07-14")["quiet"].items.isEmpty)
            let timeline = try node.call("contact", "timeline", "IRIA", "--at", "2027-07-14")["timeline"].items
            #expect(timeline.prefix(2).compactMap { $0["id"].text } == [call, first])
        }
    }
}
