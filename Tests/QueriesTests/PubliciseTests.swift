import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct PubliciseTests {
    /// One item that all six institutes were asked to relay: four did, one declined, one is silent.
    private struct Relay {
        var store = QueryStore()
        let sector: ShortID
        var institutes: [ShortID] = []
        let item: ShortID
        let request: ShortID

        init() throws {
            try store.at("2027-04-01")
            sector = try store.admit("Sector", "short=SEC", "type=sector-division", "country=FR")
            for (short, status) in [
                ("CCMS", "designated"), ("GKAC", "designated"), ("MDHI", "under-renewal"), ("ACAL", "designated"),
                ("IRIA", "designated"), ("CAJSI", "designated"),
            ] {
                institutes.append(
                    try store.admit(short, "short=\(short)", "type=c2", "country=FR", "status=\(status)"))
            }
            try store.admit("Not yet", "short=NEW", "type=c2", "country=FR", "status=proposed")
            try store.admit("Gone", "short=GONE", "type=c2", "country=FR", "status=lapsed")
            try store.admit("Field office", "short=FO", "type=field-office", "country=FR")
            try store.at("2027-04-01", as: sector)
            item = try store.new("contribution", "type=news", "title.en=A call is open", "title.fr=Un appel est ouvert")
            request = try store.new(
                "publicity_request", "item=\(item)", "to_all=true", "period.from=2027-04-01",
                "period.until=2027-04-30")
            for (index, words) in [
                ["channel=newsletter", "channel=website", "url=https://example.org/1"], ["url=https://example.org/2"],
                ["channel=social"], ["channel=print", "declined_reason=changed our mind"],
            ].enumerated() {
                try store.at("2027-04-1\(index)", as: institutes[index])
                try store.new("pickup", ["request=\(request)"] + words)
            }
            try store.at("2027-04-16", as: institutes[4])
            try store.new("pickup", "request=\(request)", "declined_reason=not our field")
            // An empty pickup answers nothing.
            try store.at("2027-04-17", as: institutes[5])
            try store.new("pickup", "request=\(request)")
        }
    }

    private func pending(_ store: QueryStore, _ options: (name: String, value: String?)..., at: String) throws -> Answer
    {
        try store.ask(PublicisePending.self, options: options, today: at)
    }

    @Test func whoIsSilentIsPendingAndWhoDeclinedStandsApart() throws {
        let relay = try Relay()
        let answer = try pending(relay.store, at: "2027-04-18")
        #expect(
            try answer.rows("pending", "org", "request", "what", "until", "daysLeft") == [
                "\(relay.institutes[5]) \(relay.request) A call is open 2027-04-30 12"
            ])
        #expect(
            try answer.rows("declined", "org", "reason", "date") == [
                "\(relay.institutes[4]) not our field 2027-04-16"
            ])
        #expect(
            try answer.rows("requests", "id", "item", "daysLeft", "asked", "relayed", "declined", "pending") == [
                "\(relay.request) \(relay.item) 12 6 4 1 1"
            ])
    }

    @Test func requestsRunFromTheirFirstDayToTheirLast() throws {
        let relay = try Relay()
        for (day, count) in [("2027-03-31", 0), ("2027-04-01", 1), ("2027-04-30", 1), ("2027-05-01", 0)] {
            #expect(try pending(relay.store, at: day).rows("requests", "id").count == count, "\(day)")
        }
        // By its name a request is shown when it is over too.
        let late = try pending(relay.store, (name: "request", value: relay.request.hex), at: "2027-05-03")
        #expect(try late.rows("pending", "daysLeft") == ["-3"])
        #expect(throws: QueryError.self) {
            try pending(relay.store, (name: "request", value: relay.item.hex), at: "2027-05-03")
        }
    }

    @Test func namedTargetsAreAskedWhateverTheyAreAndTheOwnerNever() throws {
        var relay = try Relay()
        try relay.store.at("2027-04-18", as: relay.institutes[0])
        let own = try relay.store.new("contribution", "type=news", "title=Our own")
        let request = try relay.store.new(
            "publicity_request", "item=\(own)", "targets=\(relay.sector)", "targets=\(relay.institutes[0])",
            "targets=\(relay.institutes[1])")
        let wanted = (name: "request", value: String?.some(request.hex))
        // By short names: GKAC before SEC.
        #expect(
            try pending(relay.store, wanted, at: "2027-04-18").rows("pending", "org", "until", "daysLeft") == [
                "\(relay.institutes[1]) - -", "\(relay.sector) - -",
            ])
        // Without an end it comes after those that end.
        #expect(
            try pending(relay.store, at: "2027-04-18").rows("requests", "id") == [relay.request.hex, request.hex])
        var gone = relay.store
        try gone.delete(request)
        #expect(throws: QueryError.record(.deleted(record: request))) { try pending(gone, wanted, at: "2027-04-18") }
        // What was withdrawn is not to be relayed any more.
        try relay.store.set(own, "state=withdrawn")
        #expect(try pending(relay.store, at: "2027-04-18").rows("requests", "id") == [relay.request.hex])
    }

    @Test func whatAnInstituteRelayedInAYear() throws {
        var relay = try Relay()
        func by(_ who: String, _ options: (name: String, value: String?)..., language: String = "en") throws -> Answer {
            try relay.store.ask(PubliciseBy.self, who, options: options, today: "2027-12-01", language: language)
        }
        let answer = try by("ccms")
        #expect(answer.document["relayed"] == .int(1) && answer.document["year"] == .string("2027"))
        #expect(
            try answer.rows("pickups", "date", "what", "channel", "url") == [
                "2027-04-10 A call is open website,newsletter https://example.org/1"
            ])
        #expect(try by("CCMS", language: "fr").rows("pickups", "what") == ["Un appel est ouvert"])
        #expect(try by("CCMS", (name: "year", value: "2026")).rows("pickups", "id") == [])
        #expect(try by("IRIA").rows("declined", "date", "reason") == ["2027-04-16 not our field"])
        #expect(try by("IRIA").document["relayed"] == .int(0))
        #expect(throws: QueryError.self) { try by("CCMS", (name: "year", value: "27")) }
        // Records of a twin that was merged count too.
        let twin = try relay.store.new("organisation", "name=CCMS", "short=CC", "type=c2", "country=SN")
        try relay.store.new("pickup", "request=\(relay.request)", "org=\(twin)", "channel=print", "date=2027-06-01")
        try relay.store.set(twin, "merged_into=\(relay.institutes[0])")
        #expect(try by("CCMS").rows("pickups", "date") == ["2027-04-10", "2027-06-01"])
    }

    @Test func orderAndLanguageChangeNothingButTheTitle() throws {
        let relay = try Relay()
        let answer = try pending(relay.store, at: "2027-04-18")
        #expect(try pending(relay.store.replayed { $0.reversed() }, at: "2027-04-18") == answer)
        let french = try relay.store.ask(PublicisePending.self, today: "2027-04-18", language: "fr")
        #expect(try french.rows("pending", "org", "what") == ["\(relay.institutes[5]) Un appel est ouvert"])
        #expect(try french.rows("requests", "id", "asked") == answer.rows("requests", "id", "asked"))
    }
}
