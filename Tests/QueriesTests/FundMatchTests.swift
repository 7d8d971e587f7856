import Bytes
import Crypto
import Testing

@testable import Queries

/// A call for water projects, led from Senegal or Mali, and six organisations.
///
/// The expected sets and lines were worked out by hand from the records.
@Suite struct FundMatchTests {
    private struct Network {
        var store = QueryStore()
        let sector, ccms, iria, gkac, mdhi, fund, water: ShortID

        init() throws {
            sector = try store.admit("Sector", "type=sector-division", "country=FR", "short=PAR")
            ccms = try store.new(
                "organisation", "name=Coast", "short=CCMS", "type=c2", "country=SN", "languages=fr", "themes=water")
            iria = try store.new(
                "organisation", "name=River", "short=IRIA", "type=c2", "country=UY", "languages=es", "languages=en",
                "themes=law")
            gkac = try store.new(
                "organisation", "name=Gulf", "short=GKAC", "type=c2", "country=OM", "languages=ar", "languages=en-GB",
                "themes=rivers")
            mdhi = try store.new(
                "organisation", "name=Mekong", "short=MDHI", "type=c2", "country=LA", "languages=en", "themes=water",
                "themes=law")
            fund = try store.new("organisation", "name=Fund", "short=FUND", "type=donor", "country=CH")
            try store.new("theme", "notation=rivers", "name=Rivers", "broader=water")
            try store.new("theme", "notation=water", "name=Water")
            water = try store.new(
                "opportunity", "title=Water grants", fund.of("funder"), "themes=water", "themes=law",
                #"deadlines=[{"stage":"concept","date":"2026-03-01"},{"stage":"full","date":"2026-06-01"}]"#,
                "countries_eligible=SN", "countries_eligible=ML", "applicant_types=c2", "min_partners=2",
                "min_countries=2", "cofunding_pct=20", "award.max=50000", "award.currency=EUR", "languages=en",
                "posted=2026-01-10")
            try store.new(
                "interest", ccms.of("org"), water.of("opportunity"), "stance=lead", "capacity.value=4000",
                "capacity.currency=EUR")
            try store.new(
                "interest", iria.of("org"), water.of("opportunity"), "stance=partner", "capacity.value=6000.00",
                "capacity.currency=EUR")
            try store.new("interest", mdhi.of("org"), water.of("opportunity"), "stance=decline")
        }
    }

    private func lines(_ row: Document?) -> [String] {
        (row?["checks"]?.items ?? []).map { $0.texts("ok", "check", "why").joined(separator: " | ") }
    }

    @Test func twoOrganisationsMeetTheCallAndEveryLineSaysWhy() throws {
        let net = try Network()
        let answer = try net.store.ask(FundMatch.self, net.water.hex, today: "2026-02-01").document
        let rows = answer.rows("matches")
        // Two themes, three times two members, co-funding and past bids: 10 points at most.
        // With IRIA: water and law, Senegal, English, two interested, the money. With GKAC: water, Senegal, English,
        // one interested.
        #expect(
            rows.map { $0.texts("deadline", "days", "points", "of", "lead", "partners", "bid", "proved") } == [
                ["2026-03-01", "28", "7", "10", net.ccms.hex, net.iria.hex, "—", "yes"],
                ["2026-03-01", "28", "4", "10", net.ccms.hex, net.gkac.hex, "—", "yes"],
            ])
        let pair = net.ccms < net.iria ? ["CCMS: lead", "IRIA: partner"] : ["IRIA: partner", "CCMS: lead"]
        #expect(
            lines(rows.first) == [
                "yes | deadline 2026-03-01 | concept in 28 days, at least 14",
                "yes | applicants | c2", "yes | organisations | 2 of at least 2",
                "yes | countries | SN, UY, at least 2",
                "yes | country SN | CCMS leads", "yes | theme law | IRIA", "yes | theme water | CCMS",
                "half | region | CCMS; not IRIA", "half | language en | IRIA; not CCMS",
                "yes | interest | \(pair.joined(separator: ", "))",
                "yes | co-funding 20 % | 10000 of 10000 EUR declared",
                "no | past bids | none of two of them",
            ])
        #expect(
            lines(rows.last).suffix(6) == [
                "yes | theme water | CCMS", "half | region | CCMS; not GKAC", "half | language en | GKAC; not CCMS",
                "half | interest | "
                    + (net.ccms < net.gkac ? "CCMS: lead, GKAC: not asked" : "GKAC: not asked, CCMS: lead"),
                "no | co-funding 20 % | 4000 of 10000 EUR declared", "no | past bids | none of two of them",
            ])
    }

    @Test func whatFellOutIsListedWithTheReason() throws {
        let net = try Network()
        let answer = try net.store.ask(
            FundMatch.self, net.water.hex, options: [("all", nil)], today: "2026-02-01"
        ).document
        #expect(
            Set(answer.rows("excluded").map { $0.texts("organisation", "why") }) == [
                [net.sector.hex, "its type is sector-division, and c2 may apply"], [net.mdhi.hex, "it declined"],
                [net.fund.hex, "it is the funder"],
            ])
        func why(_ options: [(name: String, value: String?)], _ today: String) throws -> [String] {
            try net.store.ask(FundMatch.self, options: options + [("all", nil)], today: today).document
                .rows("excluded").flatMap { $0.texts("why") }
        }
        #expect(try why([], "2026-02-20") == ["the deadline 2026-03-01 is 9 days away, fewer than 14"])
        #expect(try why([("lead-time", "9")], "2026-02-20") == [])
        #expect(try why([("for", "mdhi")], "2026-02-01") == ["MDHI: it declined"])
        #expect(try why([("since", "2026-01-11")], "2026-02-01") == ["it was posted on 2026-01-10"])
        #expect(try why([("since", "2026-01-10")], "2026-02-01") == [])
        #expect(try why([], "2026-06-02") == ["its last deadline was 2026-06-01"])
    }

    @Test func theNextStageCountsAndWhatWasMissedIsSaid() throws {
        let net = try Network()
        let row = try net.store.ask(FundMatch.self, today: "2026-03-10").document.rows("matches").first
        #expect(row?.texts("deadline", "points") == ["2026-06-01", "7"])
        #expect(
            lines(row).prefix(2) == [
                "yes | deadline 2026-06-01 | full in 83 days, at least 14",
                "no | stage concept | it ended on 2026-03-01",
            ])
    }

    @Test func theEarlierOfTwoDisputedDeadlinesCounts() throws {
        var net = try Network()
        try net.store.setApart(
            net.water, [#"deadlines=[{"stage":"full","date":"2026-05-01"}]"#],
            [#"deadlines=[{"stage":"full","date":"2026-04-20"}]"#])
        let row = try net.store.ask(FundMatch.self, today: "2026-03-10").document.rows("matches").first
        #expect(
            lines(row).first
                == "yes | deadline 2026-04-20 | full in 41 days, at least 14, and people disagree about it")
    }

    @Test func whoeverIsAskedForIsInEverySet() throws {
        var net = try Network()
        let bid = try net.store.new(
            "bid", "title=Old bid", net.water.of("opportunity"), net.ccms.of("lead"), net.gkac.of("partners"))
        for state in ["drafting", "review", "submitted", "won"] { try net.store.set(bid, "state=\(state)") }
        let rows = try net.store.ask(FundMatch.self, options: [("for", "GKAC")], today: "2026-02-01").document
            .rows("matches")
        #expect(
            rows.map { $0.texts("points", "lead", "partners", "bid") } == [["5", net.ccms.hex, net.gkac.hex, bid.hex]])
        let names = net.ccms < net.gkac ? "CCMS and GKAC" : "GKAC and CCMS"
        #expect(lines(rows.first).last == "yes | past bids | \(names) won Old bid")
    }

    @Test func aBroaderThemeCountsHalf() throws {
        var net = try Network()
        let rivers = try net.store.new(
            "opportunity", "title=River grants", "themes=rivers", #"deadlines=[{"stage":"full","date":"2026-06-01"}]"#)
        let rows = try net.store.ask(FundMatch.self, rivers.hex, options: [("limit", "20")], today: "2026-02-01")
            .document.rows("matches")
        // Without conditions donors stay away, and two of five are any two; GKAC works on rivers, CCMS and MDHI on
        // water.
        #expect(rows.count == 10 && rows.allSatisfy { $0["of"] == .string("4") })
        #expect(rows.prefix(4).allSatisfy { $0["points"] == .string("1") })
        #expect(rows.dropFirst(4).map { $0.texts("points")[0] } == ["0.5", "0.5", "0.5", "0.5", "0.5", "0"])
        let without = rows.dropFirst(4).first.map(lines)
        #expect(without?.contains { $0.hasPrefix("half | theme rivers | ") && $0.contains(": water") } == true)
    }

    @Test func badOptionsAreRefused() throws {
        let net = try Network()
        for (name, value) in [("limit", "0"), ("lead-time", "x"), ("since", "2026-13-01")] {
            #expect(throws: QueryError.self) {
                try net.store.ask(FundMatch.self, options: [(name, value)], today: "2026-02-01")
            }
        }
        #expect(throws: QueryError.self) { try net.store.ask(FundMatch.self, "ffff", today: "2026-02-01") }
        #expect(throws: QueryError.self) {
            try net.store.ask(FundMatch.self, options: [("for", net.water.hex)], today: "2026-02-01")
        }
    }
}
