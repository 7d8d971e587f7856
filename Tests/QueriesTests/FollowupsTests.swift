import Bytes
import Crypto
import Testing

@testable import Queries

/// What waits for whom; the expected answers were worked out by hand.
@Suite struct FollowupsTests {
    private struct Network {
        var store = QueryStore()
        let sector, ccms, iria, amina, minh: ShortID

        init() throws {
            sector = try store.admit("Sector", "type=sector-division", "country=FR")
            iria = try store.admit("River", "type=c2", "country=UY")
            ccms = try store.admit("Coast", "type=c2", "country=SN", "short=CCMS")
            amina = try store.new("contact", "display=Amina", ccms.of("org"))
            minh = try store.new("contact", "display=Minh")
        }

        func due(_ options: (String, String?)...) throws -> [[String]] {
            let options: [(name: String, value: String?)] = options.map { ($0.0, $0.1) }
            return try store.ask(Followups.self, options: options, today: "2026-03-01").document.rows("followups")
                .map { $0.texts("due", "overdue", "kind", "id", "what", "why") }
        }
    }

    @Test func theFirstDueStandsFirst() throws {
        var net = try Network()
        let mine = try net.store.new("action", "text=Print", net.amina.of("owner"), "due=2026-04-01")
        let ours = try net.store.new("action", "text=Pay", net.ccms.of("owner"), "due=2026-02-27")
        let done = try net.store.new("action", "text=Done", net.ccms.of("owner"), "due=2026-02-27")
        try net.store.set(done, "state=done")
        try net.store.new("action", "text=Theirs", net.iria.of("owner"), "due=2026-02-27")
        let call = try net.store.new(
            "interaction", "channel=call", "subject=Ring back", net.ccms.of("orgs"), "follow_up.on=2026-03-01",
            net.ccms.of("follow_up.owner"))
        let known = try net.store.new(
            "introduction", "rationale=r", net.minh.of("subject"), net.amina.of("owner"), "next_step=2026-03-05")
        try net.store.at("2026-01-05", as: net.sector)
        let offer = try net.store.new(
            "engagement", net.minh.of("advisor"), net.ccms.of("institute"), "period.from=2026-03-02",
            "period.to=2026-06-01")
        let grant = try net.store.new("opportunity", "title=Grant")
        let letter = try net.store.new("support", "type=letter", net.ccms.of("from"), grant.of("for"))
        try net.store.at("2026-01-06", as: net.ccms)
        let own = try net.store.new("engagement", net.amina.of("advisor"), net.ccms.of("institute"))
        // Nobody said whose device it is: what the organisation owns.
        let organisation = [
            ["2026-02-27", "yes", "action", ours.hex, "Pay", "action open"],
            ["2026-03-01", "no", "interaction", call.hex, "Ring back", "to follow up"],
            ["2026-03-02", "no", "engagement", offer.hex, "Minh", "to answer"],
            ["—", "no", "support", letter.hex, "Grant", "letter asked"],
        ]
        #expect(try net.due() == organisation)
        #expect(try net.due(("for", "CCMS")) == organisation)
        let person = [
            organisation[0], organisation[1], organisation[2],
            ["2026-03-05", "no", "introduction", known.hex, "Minh", "next step, suggested"],
            ["2026-04-01", "no", "action", mine.hex, "Print", "action open"], organisation[3],
        ]
        #expect(try net.due(("for", net.amina.hex)) == person)
        // Once the device says whose it is, it answers for the person.
        let draft = try net.store.new("contact", "display=Amina N.", net.amina.of("merged_into"))
        try net.store.giveDevice(of: net.ccms, to: draft)
        #expect(try net.due() == person)
        #expect(try net.due(("for", net.minh.hex)) == [])
        try net.store.set(offer, "state=accepted")
        #expect(try net.due().count == 5)
        #expect(net.store.state(of: own) != nil)
    }

    @Test func ownersAndDatesThatPeopleDisagreeAboutCountCautiously() throws {
        var net = try Network()
        let action = try net.store.new("action", "text=Print", net.iria.of("owner"), "due=2026-04-01")
        try net.store.setApart(
            action, [net.ccms.of("owner"), "due=2026-05-01"], [net.sector.of("owner"), "due=2026-03-10"])
        #expect(try net.due().map { $0[0] } == ["2026-03-10"])
        #expect(try net.due(("for", net.sector.hex)).count == 1)
        #expect(try net.due(("for", net.iria.hex)).isEmpty)
    }

    @Test func somebodyHasToBeKnown() throws {
        var store = QueryStore()
        try store.admit("Sector", "type=sector-division", "country=FR")
        store.writer = nil
        #expect(throws: QueryError.self) { try store.ask(Followups.self, today: "2026-03-01") }
        #expect(throws: QueryError.self) { try store.ask(Inbox.self, today: "2026-03-01") }
    }

    /// Against a model that asks of every action whose it is.
    @Test(arguments: 1...40)
    func theAnswerIsThatOfTheModel(seed: Int) throws {
        var draws = Draws(UInt64(seed))
        var net = try Network()
        let owners = [net.sector, net.ccms, net.iria, net.amina, net.minh]
        var model: [(due: String, kind: String, id: ShortID, owner: ShortID)] = []
        for _ in 0..<12 {
            let (owner, due) = (draws.one(owners), "2026-0\(draws.number(1...9))-15")
            if draws.chance(50) {
                let id = try net.store.new("action", "text=a", owner.of("owner"), "due=\(due)")
                let state = draws.one(["open", "doing", "done", "dropped"])
                if state != "open" { try net.store.set(id, "state=\(state)") }
                if state == "open" || state == "doing" { model.append((due, "action", id, owner)) }
            } else {
                let id = try net.store.new(
                    "interaction", "channel=call", "subject=s", net.ccms.of("orgs"), "follow_up.on=\(due)",
                    owner.of("follow_up.owner"))
                if draws.chance(20) { try net.store.delete(id) } else { model.append((due, "interaction", id, owner)) }
            }
        }
        let isPerson = draws.chance(50)
        let mine = isPerson ? [net.amina, net.ccms] : [net.iria]
        let expected = model.filter { mine.contains($0.owner) }.sorted {
            ($0.due, $0.kind, $0.id) < ($1.due, $1.kind, $1.id)
        }
        let found = try net.due(("for", (isPerson ? net.amina : net.iria).hex))
        #expect(found.map { [$0[0], $0[2], $0[3]] } == expected.map { [$0.due, $0.kind, $0.id.hex] }, "seed \(seed)")
    }
}
