import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

/// A small network before its annual review meeting of October 2027, seen on 1 October; the one before ended on 10
/// October 2026.
///
/// All names are fictional.
struct ReviewNetwork {
    var store = QueryStore()
    let sector: ShortID
    let ccms: ShortID
    let acal: ShortID
    let anna: ShortID
    let boris: ShortID
    let earlier: ShortID
    let meeting: ShortID
    let archives: ShortID
    let radio: ShortID
    let course: ShortID

    static let today = "2027-10-01"

    init() throws {
        try store.at("2026-01-05")
        sector = try store.admit("Sector", "short=SEC", "type=sector-division", "country=FR")
        ccms = try store.admit(
            "CCMS Dakar", "name.fr=Centre de Dakar", "short=CCMS", "type=c2", "country=SN", "status=designated")
        acal = try store.admit("ACAL Ljubljana", "short=ACAL", "type=c2", "country=SI", "status=designated")
        try store.new("organisation", "name=A donor", "short=DON", "type=donor", "country=NO")
        anna = try store.new("contact", "display=Anna <Žagar> & Söhne", "org=\(ccms)")
        boris = try store.new("contact", "display=عادل الخالدي", "org=\(acal)")

        try store.at("2026-10-01", as: sector)
        earlier = try store.new(
            "meeting", "type=annual-review", "title.en=Annual review 2026", "period.start=2026-10-08T08:00:00Z",
            "period.end=2026-10-10T16:00:00Z", "state=closed")
        meeting = try store.new(
            "meeting", "type=annual-review", "title.en=Annual review 2027", "title.fr=Réunion annuelle 2027",
            "title.ar=الاجتماع السنوي ٢٠٢٧", "period.start=2027-10-12T08:00:00Z", "period.end=2027-10-14T16:00:00Z",
            "period.zone=Europe/Paris", "place=Paris", "mode=hybrid", "participants=\(anna)", "edition=2",
            "link=https://example.org/review")
        try store.new(
            "meeting", "type=other", "title=A talk", "period.start=2027-11-12T08:00:00Z", "participants=\(boris)")
        archives = try store.new(
            "objective", "owner=\(ccms)", "code=C1", "title.en=Archives", "title.fr=Archives ouvertes",
            "period.from=2026-01-01", "period.to=2028-12-31", "target=12 archives")
        radio = try store.new("objective", "owner=\(acal)", "code=A1", "title.en=Radio")
        course = try store.new(
            "activity", "org=\(ccms)", "title.en=Course", "title.fr=Cours", "title.ar=دورة", "type=training",
            "objectives=\(archives)", "planned.start=2027-01-10", "planned.end=2027-01-20",
            "actual.start=2027-01-11", "actual.end=2027-01-22", "state=completed", "countries=SN", "countries=ML",
            "budget.value=1200.50", "budget.currency=EUR")
        try work()
        try exchange()
        try open()
    }

    private mutating func work() throws {
        try store.at("2027-02-01", as: acal)
        try store.new(
            "activity", "org=\(acal)", "partners=\(ccms)", "title.en=Study", "type=research", "objectives=\(radio)",
            "objectives=\(archives)", "planned.start=2027-03-01", "planned.end=2027-08-31", "state=ongoing")
        try store.new(
            "activity", "org=\(acal)", "title.en=Next course", "type=training", "planned.start=2028-01-10",
            "planned.end=2028-01-20", "state=planned")
        // Over before the period, and one that never took place in it.
        try store.new(
            "activity", "org=\(acal)", "title.en=Old", "type=event", "planned.start=2026-01-10",
            "planned.end=2026-02-20", "state=completed")
        let dropped = try store.new(
            "activity", "org=\(ccms)", "title.en=Festival", "type=event", "planned.start=2027-05-01",
            "planned.end=2027-05-02", "state=planned")
        try store.set(dropped, "state=cancelled")
        try store.new("activity", "org=\(ccms)", "title.en=Thought", "type=event", "state=idea")
        try store.new(
            "engagement", "advisor=\(boris)", "institute=\(ccms)", "objectives=\(archives)", "period.from=2027-02-01",
            "period.to=2027-04-30", "terms=Advise")
        try store.new(
            "engagement", "advisor=\(anna)", "institute=\(acal)", "period.from=2026-02-01", "period.to=2026-04-30")
        try store.new(
            "introduction", "subject=\(anna)", "how_known=met", "rationale=She knows all", "consent=given",
            "can_help=\(radio)", "next_step=2027-11-01")
        let call = try store.new("opportunity", "title.en=Water grants")
        let bid = try store.new(
            "bid", "opportunity=\(call)", "lead=\(ccms)", "partners=\(acal)", "title.en=Wells", "total.value=50000",
            "total.currency=EUR")
        try store.set(bid, "state=drafting")
    }

    private mutating func exchange() throws {
        try store.at("2027-03-01", as: ccms)
        let news = try store.new(
            "contribution", "title.en=An archive opens", "title.fr=Une archive ouvre", "type=news", "date=2027-03-01")
        try store.set(news, "state=submitted")
        try store.new("contribution", "title.en=Draft", "type=news", "date=2027-03-02")
        let old = try store.new("contribution", "title.en=Before", "type=news", "date=2026-10-09")
        try store.set(old, "state=submitted")
        try store.at("2027-04-01", as: sector)
        let item = try store.new("contribution", "title.en=A call is open", "type=news", "date=2027-04-01")
        try store.set(item, "state=submitted")
        let request = try store.new(
            "publicity_request", "item=\(item)", "to_all=true", "period.from=2027-04-01", "period.until=2027-04-30")
        for (day, channel) in [("02", "call"), ("03", "call"), ("04", "visit")] {
            try store.new(
                "interaction", "when=2027-04-\(day)T10:00:00Z", "channel=\(channel)", "formality=formal",
                "orgs=\(acal)", "orgs=\(ccms)", "subject=Talk")
        }
        try store.new(
            "interaction", "when=2027-04-05T10:00:00Z", "channel=mail", "orgs=\(acal)", "subject=Letter")
        try store.new(
            "interaction", "when=2026-10-09T10:00:00Z", "channel=mail", "orgs=\(acal)", "subject=Before")
        try store.at("2027-04-10", as: ccms)
        try store.new(
            "pickup", "request=\(request)", "channel=website", "channel=newsletter", "url=https://example.org/a?b=1&c=2"
        )
        try store.at("2027-04-11", as: acal)
        try store.new("pickup", "request=\(request)", "declined_reason=not our field")
    }

    private mutating func open() throws {
        try store.at("2027-08-21", as: acal)
        let decision = try store.new(
            "decision", "meeting=\(earlier)", "number=1", "text.en=We share archives", "adopted_on=2026-10-10",
            "adopted=adopted")
        try store.new(
            "action", "meeting=\(earlier)", "decision=\(decision)", "text=Send the list", "owner=\(anna)",
            "due=2027-09-30")
        let done = try store.new(
            "action", "meeting=\(earlier)", "text=Done thing", "owner=\(anna)", "due=2027-05-30")
        try store.set(done, "state=done")
        try store.new("action", "meeting=\(meeting)", "text=Of this one", "owner=\(anna)", "due=2027-12-30")
        for (org, expires) in [(ccms, "2029-04-01"), (acal, "2029-04-02"), (sector, "2027-09-01")] {
            try store.new("agreement", "org=\(org)", "resolution=R \(expires)", "term.expires=\(expires)")
        }
        try store.new("rsvp", "meeting=\(meeting)", "person=\(boris)", "answer=yes")
        try store.new("agenda_item", "meeting=\(meeting)", "title.en=Archives", "presenter=\(anna)", "minutes=30")
        try store.new("agenda_item", "meeting=\(earlier)", "title.en=Past", "minutes=30")
        // After the day of the pack: what is written then is not heard of yet.
        try store.at("2027-10-02", as: ccms)
        try store.new("contact", "display=Later")
    }
}
