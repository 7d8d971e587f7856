import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct ContactQuietTests {
    /// Seven organisations, seen on 14 July 2027.
    private struct Network {
        var store = QueryStore()
        let sector: ShortID
        let ccms: ShortID
        let acal: ShortID
        let iria: ShortID
        let mdhi: ShortID
        let lapsed: ShortID
        let boris: ShortID

        init() throws {
            try store.at("2027-01-01")
            sector = try store.admit("Sector", "short=SEC", "type=sector-division", "country=FR")
            ccms = try store.admit("CCMS Dakar", "short=CCMS", "type=c2", "country=SN", "status=designated")
            acal = try store.admit("ACAL Ljubljana", "short=ACAL", "type=c2", "country=SI", "status=designated")
            iria = try store.admit("IRIA Montevideo", "short=IRIA", "type=c2", "country=UY", "status=under-renewal")
            mdhi = try store.admit("MDHI Vientiane", "short=MDHI", "type=c2", "country=LA", "status=designated")
            lapsed = try store.admit("Gone", "short=GONE", "type=c2", "country=PE", "status=lapsed")
            try store.new("organisation", "name=A donor", "short=DON", "type=donor", "country=NO")
            try store.new("organisation", "name=A newspaper", "short=NEWS", "type=media", "country=NO")
            let anna = try store.new("contact", "display=Anna", "org=\(ccms)")
            boris = try store.new("contact", "display=Boris", "org=\(acal)")
            // IRIA: a call 74 days before; its node wrote something two days before.
            try store.at("2027-05-01", as: sector)
            try store.new(
                "interaction", "when=2027-05-01T09:00:00Z", "channel=call", "orgs=\(iria)", "subject=First call")
            try store.at("2027-07-12", as: iria)
            try store.new("objective", "title=Archives")
            // CCMS: attended a meeting 60 days before, and answered an invitation 70 days before.
            try store.at("2027-05-05", as: sector)
            let meeting = try store.new(
                "meeting", "type=other", "title=Talk", "period.start=2027-05-15T08:00:00Z", "participants=\(anna)",
                "state=held")
            try store.new("rsvp", "meeting=\(meeting)", "person=\(anna)", "answer=yes")
            // ACAL: was asked to a meeting that nobody called held; a comment 61 days before.
            try store.new(
                "meeting", "type=other", "title=Plan", "period.start=2027-07-10T08:00:00Z", "participants=\(boris)")
            try store.at("2027-05-14", as: acal)
            try store.new("comment", "on=\(iria)", "text=Good luck")
            // The Sector: news dated ten days before, and some that lie ahead.
            try store.at("2027-07-04", as: sector)
            try store.new("contribution", "org=\(sector)", "type=news", "title=News", "date=2027-07-04")
            try store.new("contribution", "org=\(mdhi)", "type=news", "title=Later", "date=2027-09-01")
        }
    }

    private func quiet(
        _ store: QueryStore, days: String, at today: String = "2027-07-14", language: String = "en"
    ) throws -> [String] {
        try store.ask(ContactQuiet.self, options: [(name: "days", value: days)], today: today, language: language)
            .rows("quiet", "org", "days", "date", "sign", "what", "nodeSeen", "nodeDays")
    }

    @Test func thoseWithoutASignForLongerAreListedTheLongestSilenceFirst() throws {
        let network = try Network()
        #expect(
            try quiet(network.store, days: "60") == [
                "\(network.mdhi) - - - - 2027-01-01 194",
                "\(network.iria) 74 2027-05-01 interaction First call 2027-07-12 2",
                "\(network.acal) 61 2027-05-14 comment Good luck 2027-05-14 61",
            ])
        // On the sixtieth day the meeting is no longer within sixty days.
        #expect(try quiet(network.store, days: "60", at: "2027-07-15").count == 4)
        #expect(try quiet(network.store, days: "73").count == 2 && quiet(network.store, days: "74").count == 1)
    }

    @Test func aCallThatIsLoggedEndsTheSilence() throws {
        var network = try Network()
        try network.store.at("2027-07-14", as: network.sector)
        let call = try network.store.new(
            "interaction", "when=2027-07-13T09:00:00Z", "channel=call", "orgs=\(network.iria)", "subject=Call")
        #expect(try quiet(network.store, days: "60").count == 2)
        try network.store.delete(call)
        #expect(try quiet(network.store, days: "60").count == 3)
        try network.store.at("2027-07-14", as: network.mdhi)
        let request = try network.store.new(
            "publicity_request", "item=\(network.store.new("contribution", "title=x", "type=news"))", "to_all=true")
        try network.store.new("pickup", "request=\(request)", "declined_reason=no room")
        // The contribution that was made for it is dated that day too.
        #expect(try quiet(network.store, days: "0").contains { $0.hasPrefix("\(network.mdhi) ") } == false)
    }

    @Test func signsOfPeopleAndOrganisationsThatWereMergedCount() throws {
        var network = try Network()
        try network.store.at("2027-07-01", as: network.sector)
        let twin = try network.store.new("organisation", "name=ACAL", "short=ACAL2", "type=c2", "country=SI")
        try network.store.new(
            "interaction", "when=2027-07-01T09:00:00Z", "channel=mail", "orgs=\(twin)", "subject=Letter")
        #expect(try quiet(network.store, days: "60").contains { $0.hasPrefix("\(network.acal) 61 ") })
        try network.store.set(twin, "merged_into=\(network.acal)")
        #expect(
            try quiet(network.store, days: "12").contains {
                $0 == "\(network.acal) 13 2027-07-01 interaction Letter 2027-05-14 61"
            })
        let other = try network.store.new("contact", "display=B.", "org=\(network.iria)")
        let meeting = try network.store.new(
            "meeting", "type=other", "title=Talk", "period.start=2027-07-02T08:00:00Z", "state=convened")
        try network.store.new("rsvp", "meeting=\(meeting)", "person=\(network.boris)", "answer=no")
        try network.store.set(network.boris, "merged_into=\(other)")
        #expect(try quiet(network.store, days: "12").contains { $0.hasPrefix("\(network.iria) 13 2027-07-01 rsvp") })
    }

    @Test func orderAndLanguageChangeNothing() throws {
        let store = try Network().store
        let expected = try quiet(store, days: "0")
        #expect(try quiet(store.replayed { $0.reversed() }, days: "0") == expected)
        #expect(try quiet(store, days: "0", language: "ar") == expected)
    }
}

@Suite struct ContactTimelineTests {
    @Test func everythingThatHappenedTheNewestFirst() throws {
        var store = QueryStore()
        try store.at("2027-01-01")
        let sector = try store.admit("Sector", "short=SEC", "type=sector-division", "country=FR")
        let acal = try store.admit("ACAL", "short=ACAL", "type=c2", "country=SI")
        let ccms = try store.admit("CCMS", "short=CCMS", "type=c2", "country=SN")
        let boris = try store.new("contact", "display=Boris", "org=\(acal)")
        let anna = try store.new("contact", "display=Anna", "org=\(ccms)")
        try store.at("2027-02-01", as: sector)
        try store.new("agreement", "org=\(acal)", "resolution=R 1", "term.signed=2026-05-05", "term.expires=2030-05-05")
        try store.new(
            "interaction", "when=2027-03-02T09:00:00Z", "channel=visit", "orgs=\(acal)", "orgs=\(ccms)",
            "people=\(anna)", "subject=Morning")
        try store.new(
            "interaction", "when=2027-03-02T15:00:00Z", "channel=call", "orgs=\(sector)", "people=\(boris)",
            "subject=Afternoon")
        try store.new("interaction", "when=2027-03-03T15:00:00Z", "channel=call", "orgs=\(ccms)", "subject=Elsewhere")
        let activity = try store.new(
            "activity", "org=\(ccms)", "partners=\(acal)", "title=Course", "type=training", "planned.start=2027-03-01",
            "actual.start=2027-03-04")
        try store.new(
            "engagement", "advisor=\(boris)", "institute=\(ccms)", "period.from=2027-02-15", "period.to=2027-06-01")
        try store.new("contact_note", "contact=\(boris)", "text=Prefers mail\nin Slovene")
        try store.new(
            "meeting", "type=other", "title=Off", "period.start=2027-02-20T09:00:00Z", "participants=\(boris)",
            "state=planned")
        let off = try store.new(
            "meeting", "type=other", "title=Cancelled", "period.start=2027-02-21T09:00:00Z", "participants=\(boris)")
        try store.set(off, "state=cancelled")
        try store.at("2027-02-05", as: acal)
        try store.new("comment", "on=\(activity)", "text=Count us in")
        try store.new("action", "text=Send it", "owner=\(boris)", "due=2027-12-31")

        func timeline(_ who: String, _ options: (name: String, value: String?)..., at: String = "2027-04-01") throws
            -> [String]
        {
            try store.ask(ContactTimeline.self, who, options: options, today: at)
                .rows("timeline", "date", "kind", "field", "what")
        }
        let acals = try timeline("ACAL")
        #expect(
            acals == [
                "2027-03-04 activity - Course", "2027-03-02 interaction - Afternoon",
                "2027-03-02 interaction - Morning", "2027-02-20 meeting - Off",
                "2027-02-15 engagement - Boris, CCMS", "2027-02-05 comment - Count us in",
                "2027-02-01 contact_note - Prefers mail", "2026-05-05 agreement term.signed ACAL, R 1",
            ])
        #expect(
            try timeline(boris.hex, (name: "since", value: "2027-02-15")) == [
                "2027-03-02 interaction - Afternoon", "2027-02-20 meeting - Off", "2027-02-15 engagement - Boris, CCMS",
            ])
        let later = try timeline("acal", at: "2030-05-05")
        #expect(later.prefix(2) == ["2030-05-05 agreement term.expires ACAL, R 1", "2027-12-31 action - Send it"])
        #expect(throws: QueryError.self) { try timeline("NOBODY") }
        #expect(throws: QueryError.self) { try timeline(activity.hex) }
    }
}
