import Foundation
import Testing

// Goal: step 11 of the story, a joint bid from the match to the submission, on real nodes.
@Suite(.serialized) struct StoryFundsTests {
    @Test func `story 11: partners are found, declare their interest, and hand in a bid that adds up`() throws {
        let cast = try Cast(["CCMS", "IRIA", "GKAC"])
        let (dakar, montevideo) = (try cast["CCMS"], try cast["IRIA"])
        let (par, ccms, iria) = (try cast.id("PAR"), try cast.id("CCMS"), try cast.id("IRIA"))
        let donor = try cast.par.new("organisation", "name=Lantern Fund", "short=LANTERN", "type=donor", "country=NL")
        let call = try cast.par.new(
            "opportunity", "title=Media literacy on the air", "funder=\(donor)", "themes=media-literacy",
            "themes=community-media", "countries_eligible=SN", "countries_eligible=UY", "applicant_types=c2",
            "min_partners=2", "min_countries=2", "state=open",
            #"deadlines=[{"stage":"full","date":"2027-06-30","zone":"Europe/Paris"}]"#)
        try cast.meet()

        for node in cast.federation.nodes {
            let best = try node.call("fund", "match", call, "--at", "2027-05-01")["matches"][0]
            let members = [best["lead"].text] + best["partners"].texts
            #expect(Set(members) == [ccms, iria])
            let checks = Dictionary(
                best["checks"].items.map { ($0["check"].text ?? "", $0["ok"].text) },
                uniquingKeysWith: { first, _ in first })
            #expect(checks["theme media-literacy"] == "yes" && checks["theme community-media"] == "yes")
        }
        // Its lead time hides it shortly before the end.
        #expect(try dakar.call("fund", "match", call, "--at", "2027-06-25")["matches"].items.isEmpty)

        // Each interest is written down twice, apart: by the institute, and in Paris after a call.
        try cast.part()
        let lead = try dakar.new("interest", "opportunity=\(call)", "stance=lead", "brings=Forty stations")
        let partner = try montevideo.new("interest", "opportunity=\(call)", "stance=partner")
        #expect(try cast.par.new("interest", "org=\(ccms)", "opportunity=\(call)", "stance=lead") == lead)
        #expect(try cast.par.new("interest", "org=\(iria)", "opportunity=\(call)", "stance=partner") == partner)
        try cast.meet()
        for node in cast.federation.nodes {
            let interests = try node.call("list", "interest")["records"].items
            #expect(Set(interests.compactMap { $0["id"].text }) == [lead, partner])
            #expect(try node.call("conflicts")["conflicts"].items.isEmpty)
        }

        let bid = try dakar.new(
            "bid", "opportunity=\(call)", "title=On the air together", "partners=\(iria)", "total.value=50000",
            "total.currency=EUR", #"shares.\#(ccms)={"value":"30000","currency":"EUR","role":"coordination"}"#)
        try dakar.call("set", bid, "state=drafting")
        let support = try dakar.new(
            "support", "type=letter", "from=\(par)", "for=\(bid)", "text=Letter of support", "due=2027-06-15")
        try cast.meet()
        // Both partners write apart: the shares do not add up.
        try cast.part()
        try montevideo.call("set", bid, #"shares.\#(iria)={"value":"25000","currency":"EUR","role":"training"}"#)
        try dakar.call("set", bid, "checklist=statutes", "checklist=budget")
        try cast.par.call("set", support, "state=given")
        try cast.meet()
        try dakar.call("set", bid, "state=review")
        try dakar.refuse("set", bid, "state=submitted", code: 6, saying: "shares")
        try cast.meet()
        for node in cast.federation.nodes {
            let found = try node.call("violations", "--rule", "sum")["violations"].items
            #expect(found.map { $0["id"].text } == [bid])
        }
        try montevideo.call("set", bid, #"shares.\#(iria)={"value":"20000","currency":"EUR","role":"training"}"#)
        try cast.meet()
        try dakar.call("set", bid, "state=submitted", "submitted.ref=LF-2027-11", "submitted.when=2027-06-29T16:00:00Z")
        try cast.meet()
        for node in cast.federation.nodes {
            #expect(try node.state(of: bid) == "submitted")
            #expect(try node.state(of: support) == "given")
            #expect(try node.call("violations")["violations"].items.isEmpty)
            let shown = try node.call("show", bid)["fields"]
            #expect(shown["shares"].names == [ccms, iria].sorted())
            #expect(shown["checklist"].texts == ["budget", "statutes"])
        }
    }
}
