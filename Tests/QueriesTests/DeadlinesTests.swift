import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct DeadlinesTests {
    /// Everything that has a deadline, seen on 1 March 2027.
    private struct Office {
        var store = QueryStore()
        let institute: ShortID
        let opportunity: ShortID
        let action: ShortID

        init() throws {
            try store.admit("Sector", "short=SEC", "type=sector-division", "country=FR")
            institute = try store.admit("Institute of Water", "short=IW", "type=c2", "country=SN")
            try store.at("2027-01-10")
            let amina = try store.new("contact", "display=Amina", "review_by=2027-03-10")
            let call = #"[{"stage":"concept","date":"2027-02-01"},{"stage":"full","date":"2027-03-15"}]"#
            opportunity = try store.new("opportunity", "title=Water grants", "deadlines=\(call)", "state=open")
            let closed = try store.new(
                "opportunity", "title=Closed call", #"deadlines=[{"stage":"full","date":"2027-03-20"}]"#, "state=open")
            try store.set(closed, "state=closed")
            let disputed = try store.new(
                "opportunity", "title=Disputed call", #"deadlines=[{"stage":"full","date":"2027-06-01"}]"#)
            try store.setApart(
                disputed, [#"deadlines=[{"stage":"full","date":"2027-05-01"}]"#],
                [#"deadlines=[{"stage":"full","date":"2027-04-20"},{"stage":"talk","date":"2027-05-20"}]"#])
            action = try store.new("action", "text=Send the figures", "owner=\(amina)", "due=2027-02-20")
            let done = try store.new("action", "text=Done", "owner=\(amina)", "due=2027-03-05")
            try store.set(done, "state=done")
            let agreement = try store.new(
                "agreement", "org=\(institute)", "resolution=R 7", "term.expires=2027-02-15",
                "evaluation_due=2027-03-01")
            if store.state(of: agreement)?[20] == nil { try store.set(agreement, "renewal=not-due") }
            try store.set(agreement, "renewal=review")
            try store.new("engagement", "advisor=\(amina)", "institute=\(institute)", "period.to=2027-03-31")
            let news = try store.new(
                "contribution", "title=News", "type=news", "embargo_until=2027-03-02T22:00:00Z")
            try store.new(
                "publicity_request", "item=\(news)", "to_all=true", "period.from=2027-02-01", "period.until=2027-04-01")
            try store.new(
                "interaction", "channel=call", "orgs=\(institute)", "subject=A call", "follow_up.on=2027-02-28")
            try store.new(
                "introduction", "subject=\(amina)", "how_known=met", "rationale=knows all", "consent=asked",
                "next_step=2027-03-03")
            try store.new(
                "support", "type=letter", "from=\(institute)", "to=\(institute)", "for=\(opportunity)",
                "due=2027-03-04")
            try store.new("photo", "caption=A well", "people=none", "consent_until=2027-03-06")
        }
    }

    private func ask(_ store: QueryStore, _ options: (String, String?)..., language: String = "en") throws -> Answer {
        try store.ask(
            Deadlines.self, options: options.map { (name: $0.0, value: $0.1) }, today: "2027-03-01", language: language)
    }

    @Test func everyKindOfDeadlineInTheOrderOfTheirDays() throws {
        let answer = try ask(Office().store)
        #expect(
            try answer.rows("deadlines", "date", "days", "overdue", "disputed", "kind", "field", "stage", "what") == [
                "2027-02-15 -14 yes no agreement term.expires - IW, R 7",
                "2027-02-20 -9 yes no action due - Send the figures",
                "2027-02-28 -1 yes no interaction follow_up.on - A call",
                "2027-03-01 0 no no agreement evaluation_due - IW, R 7",
                "2027-03-02 1 no no contribution embargo_until - News",
                "2027-03-03 2 no no introduction next_step - Amina",
                "2027-03-04 3 no no support due - IW, IW",
                "2027-03-06 5 no no photo consent_until - A well",
                "2027-03-10 9 no no contact review_by - Amina",
                "2027-03-15 14 no no opportunity deadlines full Water grants",
                "2027-03-31 30 no no engagement period.to - Amina, IW",
                "2027-04-01 31 no no publicity_request period.until - News",
                "2027-04-20 50 no yes opportunity deadlines full Disputed call",
                "2027-05-20 80 no no opportunity deadlines talk Disputed call",
            ])
    }

    @Test func daysAndKindsNarrowTheList() throws {
        let store = try Office().store
        #expect(
            try ask(store, ("within", "2")).rows("deadlines", "date", "kind") == [
                "2027-02-15 agreement", "2027-02-20 action", "2027-02-28 interaction", "2027-03-01 agreement",
                "2027-03-02 contribution", "2027-03-03 introduction",
            ])
        #expect(
            try ask(store, ("kind", "publicity-request"), ("kind", "photo")).rows("deadlines", "kind") == [
                "photo", "publicity_request",
            ])
        #expect(throws: QueryError.self) { try ask(store, ("within", "soon")) }
        #expect(throws: QueryError.self) { try ask(store, ("within", "-1")) }
        #expect(throws: QueryError.self) { try ask(store, ("kind", "theme")) }
    }

    @Test func whatIsDoneOrDeletedIsNoDeadlineAnyMore() throws {
        var office = try Office()
        try office.store.set(office.action, "state=dropped")
        try office.store.delete(office.opportunity)
        let rows = try ask(office.store).rows("deadlines", "what")
        #expect(!rows.contains("Send the figures") && !rows.contains("Water grants"))
        #expect(rows.count == 12)
    }

    @Test func theCalendarHasOneEventForEachAndCancelsWhatIsOver() throws {
        let office = try Office()
        let calendar = try ask(office.store, ("ics", nil), ("kind", "opportunity")).file(nil)
        let id = office.opportunity.hex
        #expect(
            calendar.hasPrefix(
                """
                BEGIN:VCALENDAR\r
                VERSION:2.0\r
                PRODID:-//liaison//liaison 0.1.0//EN\r
                CALSCALE:GREGORIAN\r
                METHOD:PUBLISH\r
                X-WR-CALNAME:Liaison\r
                BEGIN:VEVENT\r
                UID:\(id)-deadlines-2@liaison\r
                DTSTAMP:20270110T120000Z\r
                SEQUENCE:0\r
                STATUS:CONFIRMED\r
                DTSTART;VALUE=DATE:20270315\r
                TRANSP:TRANSPARENT\r
                SUMMARY;LANGUAGE=en:Water grants (Deadlines\\, full)\r
                CATEGORIES;LANGUAGE=en:Funding opportunity\r
                END:VEVENT\r

                """))
        // The closed call, two stages of the disputed one, and the one above.
        #expect(calendar.matches(of: #/BEGIN:VEVENT\r\n/#).count == 4)
        #expect(calendar.matches(of: #/STATUS:CANCELLED\r\n/#).count == 1)
        #expect(calendar.hasSuffix("END:VCALENDAR\r\n"))
    }

    @Test func eachChangeRaisesTheSequenceAndKeepsTheUID() throws {
        var office = try Office()
        func event(_ store: QueryStore) throws -> [String] {
            let lines = try ask(store, ("ics", nil), ("kind", "action")).file(nil).components("\r\n")
            return lines.filter { $0.hasPrefix("UID:") || $0.hasPrefix("SEQUENCE:") || $0.hasPrefix("DTSTAMP:") }
        }
        // Of the two actions the one that is done is over; its day lies ahead, so that it is called off.
        let before = try event(office.store)
        try office.store.at("2027-01-12")
        try office.store.set(office.action, "due=2027-02-22")
        try office.store.at("2027-01-11")
        try office.store.setApart(office.action, ["due=2027-02-23"], ["due=2027-02-24"])
        try office.store.set(office.action, "progress=halfway")
        let after = try event(office.store)
        #expect(before[0..<3] == ["UID:\(office.action.hex)-due@liaison", "DTSTAMP:20270110T120000Z", "SEQUENCE:0"])
        // Three entries have written the day; the progress is no part of the event, but its time is the record's.
        #expect(after[0..<3] == ["UID:\(office.action.hex)-due@liaison", "DTSTAMP:20270112T120000Z", "SEQUENCE:3"])
        #expect(before[3...] == after[3...])
    }

    @Test func languageChangesLabelsAlone() throws {
        let store = try Office().store
        let (english, french) = (try ask(store), try ask(store, language: "fr"))
        #expect(english.document == french.document)
        let calendar = try ask(store, ("ics", nil), ("kind", "opportunity"), language: "fr").file(nil)
        #expect(calendar.contains("SUMMARY;LANGUAGE=fr:Water grants (") && !calendar.contains("(Deadlines"))
    }
}

extension String {
    /// The parts between separators.
    fileprivate func components(_ separator: String) -> [String] { split(separator: separator).map(String.init) }
}
