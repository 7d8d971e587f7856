import Bytes
import Crypto
import Testing

@testable import Queries

/// What others said, did and want; the expected answers were worked out by hand.
@Suite struct InboxTests {
    private struct Network {
        var store = QueryStore()
        let sector, iria, ccms: ShortID

        init() throws {
            sector = try store.admit("Sector", "type=sector-division", "country=FR")
            iria = try store.admit("River", "type=c2", "country=UY")
            ccms = try store.admit("Coast", "type=c2", "country=SN", "short=CCMS")
        }

        func inbox(_ options: (String, String?)..., today: String = "2026-03-01") throws -> [[String]] {
            let options: [(name: String, value: String?)] = options.map { ($0.0, $0.1) }
            return try store.ask(Inbox.self, options: options, today: today).document.rows("inbox").map {
                [String($0.texts("when")[0].prefix(10))] + $0.texts("what", "record", "on", "by", "due", "text")
            }
        }
    }

    @Test func whatOthersSaidStandsThereTheNewestFirst() throws {
        var net = try Network()
        try net.store.at("2026-02-10", as: net.ccms)
        let amina = try net.store.new("contact", "display=Amina")
        let plan = try net.store.new("activity", "title=Plan", "type=training")
        let mine = try net.store.new("comment", plan.of("on"), "text=First")
        try net.store.at("2026-02-11", as: net.iria)
        let theirs = try net.store.new("activity", "title=Theirs", "type=training")
        let said = try net.store.new("comment", plan.of("on"), "text=Good")
        try net.store.at("2026-02-12")
        let answer = try net.store.new("comment", theirs.of("on"), "text=Yes", mine.of("reply_to"))
        try net.store.at("2026-02-13")
        let named = try net.store.new("comment", theirs.of("on"), "text=Ask her", amina.of("mentions"))
        try net.store.new("comment", theirs.of("on"), "text=Nothing")
        try net.store.at("2026-01-01")
        try net.store.new("comment", plan.of("on"), "text=Long ago")
        try net.store.at("2026-02-14", as: net.ccms)
        let expected = [
            ["2026-02-12", "reply", answer.hex, theirs.hex, net.iria.hex, "—", "Yes"],
            ["2026-02-11", "comment", said.hex, plan.hex, net.iria.hex, "—", "Good"],
        ]
        #expect(try net.inbox() == expected)
        #expect(try net.inbox(("since", "2026-02-12")) == [expected[0]])
        #expect(try net.inbox(("since", "2025-12-01")).count == 3)
        // Once the device has a person, that person is mentioned too.
        try net.store.giveDevice(of: net.ccms, to: amina)
        let mention = ["2026-02-13", "mention", named.hex, theirs.hex, net.iria.hex, "—", "Ask her"]
        #expect(try net.inbox() == [mention] + expected)
        #expect(try net.inbox(("for", amina.hex)) == [mention, expected[0]])
        #expect(try net.inbox(("for", net.sector.hex)).isEmpty)
    }

    @Test func recordsThatOthersChangedLastStandThere() throws {
        var net = try Network()
        try net.store.at("2026-02-10", as: net.ccms)
        let changed = try net.store.new("activity", "title=Changed", "type=training")
        let answered = try net.store.new("activity", "title=Answered", "type=training")
        let deleted = try net.store.new("activity", "title=Deleted", "type=training")
        let grant = try net.store.new("opportunity", "title=Grant")
        let interest = try net.store.new("interest", grant.of("opportunity"), "stance=lead")
        try net.store.at("2026-02-12", as: net.iria)
        try net.store.set(changed, "type=event", "themes=water")
        try net.store.set(answered, "type=event")
        try net.store.delete(deleted)
        try net.store.set(interest, "brings=Money")
        try net.store.new("activity", "title=Theirs", "type=training")
        try net.store.at("2026-02-13", as: net.ccms)
        try net.store.set(answered, "type=research")
        let when = "2026-02-12"
        let expected = [
            [when, "changed", changed.hex, "—", net.iria.hex, "—", "type, themes"],
            [when, "changed", deleted.hex, "—", net.iria.hex, "—", "deleted"],
            [when, "changed", interest.hex, "—", net.iria.hex, "—", "brings"],
        ].sorted { $0[2] < $1[2] }
        #expect(try net.inbox() == expected)
        #expect(try net.inbox(("since", "2026-02-13")).isEmpty)
        #expect(try net.inbox(today: "2026-04-01").isEmpty)
    }

    @Test func whatOthersWantStandsThereUntilItIsAnswered() throws {
        var net = try Network()
        try net.store.at("2025-02-12", as: net.sector)
        let minh = try net.store.new("contact", "display=Minh")
        let news = try net.store.new("contribution", "title=News", "type=news")
        let toAll = try net.store.new(
            "publicity_request", news.of("item"), "to_all=true", "period.from=2025-02-12", "period.until=2026-03-01",
            "suggested=Please share")
        let toUs = try net.store.new("publicity_request", news.of("item"), net.ccms.of("targets"))
        try net.store.new("publicity_request", news.of("item"), net.iria.of("targets"))
        try net.store.new("publicity_request", news.of("item"), "to_all=true", "period.until=2026-02-28")
        let offer = try net.store.new("engagement", minh.of("advisor"), net.ccms.of("institute"))
        let grant = try net.store.new("opportunity", "title=Grant")
        let letter = try net.store.new(
            "support", "type=letter", net.ccms.of("from"), grant.of("for"), "due=2026-05-01")
        let bid = try net.store.new("bid", "title=Bid", grant.of("opportunity"), net.ccms.of("partners"))
        try net.store.at("2025-02-13", as: net.ccms)
        let by = net.sector.hex
        let when = "2025-02-12"
        let expected = [
            [when, "publicity", toAll.hex, news.hex, by, "2026-03-01", "Please share"],
            [when, "publicity", toUs.hex, news.hex, by, "—", "—"],
            [when, "proposal", offer.hex, minh.hex, by, "—", "engagement proposed"],
            [when, "proposal", letter.hex, grant.hex, by, "2026-05-01", "support asked"],
            [when, "proposal", bid.hex, grant.hex, by, "—", "bid forming"],
        ].sorted { $0[2] < $1[2] }
        #expect(try net.inbox() == expected)
        try net.store.new("pickup", toAll.of("request"), "url=https://example.org/news")
        try net.store.new("pickup", toUs.of("request"), "declined_reason=no room")
        try net.store.set(offer, "state=accepted")
        try net.store.set(letter, "state=given")
        try net.store.at("2025-02-14", as: net.sector)
        try net.store.set(bid, "state=drafting")
        try net.store.at("2025-02-15", as: net.ccms)
        #expect(try net.inbox().isEmpty)
    }

    /// Against a model that knows who wrote what: comments and changes on random records.
    @Test(arguments: 1...40)
    func theAnswerIsThatOfTheModel(seed: Int) throws {
        var draws = Draws(UInt64(seed))
        var net = try Network()
        let organisations = [net.sector, net.iria, net.ccms]
        struct Entry { let by: ShortID, day: String, number: Int }
        var owners: [ShortID: ShortID] = [:]
        var histories: [ShortID: [Entry]] = [:]
        var comments: [(id: ShortID, on: ShortID, by: ShortID, day: String)] = []
        var records: [ShortID] = []
        for number in 0..<24 {
            let (by, day) = (draws.one(organisations), "2026-02-\(10 + number / 2)")
            try net.store.at(day, as: by)
            if records.isEmpty || draws.chance(20) {
                let id = try net.store.new("activity", "title=t", "type=training")
                records.append(id)
                owners[id] = by
                histories[id] = [Entry(by: by, day: day, number: number)]
            } else if draws.chance(50) {
                let on = draws.one(records)
                comments.append((try net.store.new("comment", on.of("on"), "text=c"), on, by, day))
            } else {
                let id = draws.one(records)
                try net.store.set(id, "summary=\(number)")
                histories[id, default: []].append(Entry(by: by, day: day, number: number))
            }
        }
        let me = net.ccms
        var expected: Set<[String]> = []
        for one in comments where owners[one.on] == me && one.by != me && one.day >= "2026-02-15" {
            expected.insert([one.day, "comment", one.id.hex, one.by.hex])
        }
        for (id, history) in histories where owners[id] == me {
            guard let last = history.last, last.by != me, last.day >= "2026-02-15" else { continue }
            // Two entries of the same moment are told apart by their ids, which ascend with their numbers here.
            expected.insert([last.day, "changed", id.hex, last.by.hex])
        }
        try net.store.at("2026-03-01", as: me)
        let found = try net.inbox(("since", "2026-02-15")).map { [$0[0], $0[1], $0[2], $0[4]] }
        #expect(Set(found) == expected && found.count == expected.count, "seed \(seed)")
        #expect(found.map { $0[0] } == found.map { $0[0] }.sorted(by: >), "seed \(seed)")
    }
}
