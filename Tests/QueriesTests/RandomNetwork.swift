import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

/// A random year of a random network: everything that the queries around the meeting read.
///
/// Titles are in English alone, so that no other language changes them.
struct RandomNetwork {
    var store = QueryStore(scrambled: true)
    private var random: SeededEntropy
    private(set) var organisations: [ShortID] = []
    private(set) var people: [ShortID] = []
    private var objectives: [ShortID] = []
    private var contributions: [ShortID] = []
    private var requests: [ShortID] = []
    private(set) var meetings: [ShortID] = []
    private var opportunities: [ShortID] = []

    /// The days lie around this one.
    static let today = "2027-06-15"

    init(seed: UInt64, records: Int = 60) throws {
        random = SeededEntropy(seed: seed)
        try store.at("2026-06-01")
        for number in 0..<6 { try organisation(number) }
        for number in 0..<6 { people.append(try store.new("contact", person(number))) }
        for number in 0..<4 {
            objectives.append(
                try store.new("objective", ["owner=\(any(organisations))", "code=O\(number)", "title=Objective"]))
        }
        for number in 0..<records { try write(number) }
        if roll(2) { try store.set(any(organisations), "merged_into=\(any(organisations))") }
        if roll(2) { try store.set(any(people), "merged_into=\(any(people))") }
        if roll(3) { try store.delete(any(people)) }
    }

    // MARK: Chance

    private mutating func any<Element>(_ all: [Element]) -> Element {
        all[Int.random(in: 0..<all.count, using: &random)]
    }

    /// One time in so many.
    private mutating func roll(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &random) == 0 }

    private mutating func day(_ around: ClosedRange<Int64> = -400...200) -> String {
        let today = CivilTime.dayNumber(RandomNetwork.today) ?? 0
        return CivilTime.date(ofDay: today + Int64.random(in: around, using: &random))
    }

    private mutating func some(_ field: String, _ all: [ShortID]) -> [String] {
        all.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map { "\(field)=\($0)" }
    }

    private mutating func maybe(_ word: String) -> [String] { roll(2) ? [word] : [] }

    // MARK: Records

    private mutating func organisation(_ number: Int) throws {
        let type = any(["c2", "c2", "c2", "sector-division", "donor", "media", "partner"])
        let status = any(["designated", "under-renewal", "lapsed", "proposed"])
        // Some have the same short name.
        let words = ["short=S\(Int.random(in: 0..<5, using: &random))", "type=\(type)", "country=FR"]
        if number < 4 {
            organisations.append(try store.admit("Organisation", words[0], words[1], words[2], "status=\(status)"))
        } else {
            organisations.append(try store.new("organisation", ["name=Other"] + words + maybe("status=\(status)")))
        }
    }

    private mutating func person(_ number: Int) -> [String] {
        ["display=Person \(number)", "review_by=\(day())"] + maybe("org=\(any(organisations))")
    }

    private mutating func write(_ number: Int) throws {
        let writer = store.devices().map(\.organisation).compactMap { $0 }
        try store.at(day(-400...0), as: any(writer))
        let id: ShortID
        switch Int.random(in: 0..<14, using: &random) {
        case 0: id = try activity(number)
        case 1: id = try contribution(number)
        case 2: id = try interaction(number)
        case 3: id = try relay()
        case 4: id = try meeting(number)
        case 5: id = try action(number)
        case 6: id = try opportunity(number)
        case 7: id = try agreement(number)
        case 8: id = try engagement()
        case 9: id = try store.new("comment", ["on=\(any(organisations + people))", "text=Word \(number)"])
        case 10: id = try introduction()
        case 11: id = try support()
        case 12: id = try bid(number)
        default:
            guard let meeting = meetings.last else { return }
            id = try store.new(
                "rsvp", ["meeting=\(meeting)", "person=\(any(people))", "answer=\(any(["yes", "no", "maybe"]))"])
        }
        if roll(12) { try store.delete(id) }
    }

    private mutating func period(_ field: String, _ first: String, _ last: String) -> [String] {
        let days = [day(), day()].sorted()
        return ["\(field).\(first)=\(days[0])"] + maybe("\(field).\(last)=\(days[1])")
    }

    private mutating func activity(_ number: Int) throws -> ShortID {
        let state = any(["idea", "planned", "ongoing", "completed"])
        var words = ["org=\(any(organisations))", "title=Activity \(number)", "type=training", "state=\(state)"]
        words += some("objectives", objectives) + some("partners", organisations)
        if !roll(4) { words += period("planned", "start", "end") }
        if roll(3) { words += period("actual", "start", "end") }
        return try store.new("activity", words)
    }

    private mutating func contribution(_ number: Int) throws -> ShortID {
        let words = ["org=\(any(organisations))", "title=News \(number)", "type=news", "date=\(day())"]
        let id = try store.new("contribution", words + maybe("embargo_until=\(day())T22:00:00Z"))
        if roll(2) { try store.set(id, "state=\(any(["submitted", "withdrawn"]))") }
        contributions.append(id)
        return id
    }

    private mutating func interaction(_ number: Int) throws -> ShortID {
        var words = ["when=\(day())T10:00:00Z", "channel=\(any(["call", "visit", "mail"]))", "subject=Talk \(number)"]
        words += some("orgs", organisations) + some("people", people) + maybe("formality=formal")
        return try store.new("interaction", words + maybe("follow_up.on=\(day())"))
    }

    private mutating func relay() throws -> ShortID {
        if requests.isEmpty || contributions.isEmpty || roll(3) {
            if contributions.isEmpty { _ = try contribution(0) }
            var words = ["item=\(any(contributions))"] + period("period", "from", "until")
            words += roll(2) ? ["to_all=true"] : ["targets=\(any(organisations))"] + some("targets", organisations)
            requests.append(try store.new("publicity_request", words))
            return requests[requests.count - 1]
        }
        var words = ["request=\(any(requests))", "org=\(any(organisations))"]
        if roll(2) { words += ["channel=\(any(["newsletter", "website"]))"] }
        words += maybe("url=https://example.org/") + maybe("declined_reason=No room") + maybe("date=\(day())")
        return try store.new("pickup", words)
    }

    private mutating func meeting(_ number: Int) throws -> ShortID {
        let (start, end) = (day(), Int64.random(in: 0...3, using: &random))
        let words = [
            "type=\(any(["annual-review", "other"]))", "title=Meeting \(number)", "period.start=\(start)T08:00:00Z",
            "period.end=\(CivilTime.date(ofDay: (CivilTime.dayNumber(start) ?? 0) + end))T16:00:00Z",
            "state=\(any(["planned", "convened", "held", "closed"]))",
        ]
        meetings.append(try store.new("meeting", words + some("participants", people)))
        return meetings[meetings.count - 1]
    }

    private mutating func action(_ number: Int) throws -> ShortID {
        var words = ["text=Do \(number)", "owner=\(any(organisations + people))", "due=\(day())"]
        if let meeting = meetings.first { words += maybe("meeting=\(meeting)") }
        let id = try store.new("action", words)
        if roll(3) { try store.set(id, "state=\(any(["doing", "done", "dropped"]))") }
        if roll(5) { try store.setApart(id, ["due=\(day())"], ["due=\(day())"]) }
        return id
    }

    private mutating func opportunity(_ number: Int) throws -> ShortID {
        let list = #"[{"stage":"concept","date":"\#(day())"},{"stage":"full","date":"\#(day())"}]"#
        opportunities.append(try store.new("opportunity", ["title=Call \(number)", "deadlines=\(list)", "state=open"]))
        let id = opportunities[opportunities.count - 1]
        if roll(3) { try store.set(id, "state=\(any(["closed", "cancelled"]))") }
        return id
    }

    private mutating func agreement(_ number: Int) throws -> ShortID {
        var words = ["org=\(any(organisations))", "resolution=R \(number)"] + period("term", "signed", "expires")
        words += maybe("evaluation_due=\(day())")
        let id = try store.new("agreement", words)
        if roll(2) {
            try store.set(id, "renewal=review")
            if roll(2) { try store.set(id, "renewal=proposed") }
            if roll(2), store.state(of: id)?.id != nil { try? store.set(id, "renewal=renewed") }
        }
        return id
    }

    private mutating func engagement() throws -> ShortID {
        let words = ["advisor=\(any(people))", "institute=\(any(organisations))"] + some("objectives", objectives)
        let id = try store.new("engagement", words + (roll(3) ? [] : period("period", "from", "to")))
        if roll(2) { try store.set(id, "state=\(any(["accepted", "declined"]))") }
        return id
    }

    private mutating func introduction() throws -> ShortID {
        let id = try store.new(
            "introduction",
            [
                "subject=\(any(people + organisations))", "proposed_by=\(any(organisations))", "how_known=met",
                "rationale=x", "consent=given",
            ] + maybe("next_step=\(day())"))
        if roll(3) { try store.set(id, "state=\(any(["reviewed", "declined"]))") }
        return id
    }

    private mutating func support() throws -> ShortID {
        if opportunities.isEmpty { _ = try opportunity(0) }
        let words = ["from=\(any(organisations))", "to=\(any(organisations))", "for=\(any(opportunities))"]
        let id = try store.new("support", ["type=letter"] + words + maybe("due=\(day())"))
        if roll(3) { try store.set(id, "state=\(any(["given", "declined"]))") }
        return id
    }

    private mutating func bid(_ number: Int) throws -> ShortID {
        if opportunities.isEmpty { _ = try opportunity(0) }
        let words = ["opportunity=\(any(opportunities))", "lead=\(any(organisations))", "title=Bid \(number)"]
        let id = try store.new(
            "bid", words + some("partners", organisations) + maybe("submitted.when=\(day())T10:00:00Z"))
        if roll(3) { try store.set(id, "state=\(any(["drafting", "withdrawn"]))") }
        return id
    }
}
