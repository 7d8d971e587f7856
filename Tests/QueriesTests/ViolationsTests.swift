import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct ViolationsTests {
    private var store = QueryStore()
    private let sector: ShortID

    init() throws {
        sector = try store.admit("Sector", "type=sector-division")
    }

    /// Writes what nobody could type.
    private mutating func write(_ record: ShortID, _ operations: OperationDraft...) throws {
        _ = try store.write([EntryDraft(target: .existing(record), operations: operations)])
    }

    private func register(_ field: Int, _ value: Value, _ replaces: [OperationID] = []) -> OperationDraft {
        OperationDraft(field: field, type: .register, replaces: replaces, value: value)
    }

    private func number(_ kind: Kind, _ field: String) throws -> Int { try #require(kind.field(named: field)).number }

    private func left(_ record: ShortID, _ field: Int) -> [OperationID] {
        store.state(of: record)?[field]?.left.map(\.id) ?? []
    }

    private func rows(_ options: (name: String, value: String?)...) throws -> [Document] {
        let answer = try store.ask(Violations.self, options: options, today: "2027-01-01")
        return try #require(answer.document["violations"]?.items)
    }

    /// `rule field: why => mend` of every row about a record.
    private func told(_ record: ShortID) throws -> [String] {
        try rows().filter { $0["id"] == .string(record.hex) }.map { row in
            let text = { (name: String) in row[name]?.text ?? "" }
            return "\(text("rule")) \(text("field")): \(text("why")) => \(text("mend"))"
        }
    }

    private func short(_ id: ShortID) -> Substring { id.hex.prefix(8) }

    @Test mutating func nothingIsWrongWithWhatWasEntered() throws {
        let contact = try store.new("contact", "display=Amina", "country=SN", "emails=a@example.org", "uid=1")
        let meeting = try store.new(
            "meeting", "type=annual-review", "title=Review", "period.start=2027-03-01T09:00:00Z",
            "period.end=2027-03-02T17:00:00Z", "period.zone=Europe/Paris", "participants=\(contact.hex)")
        try store.new("rsvp", "meeting=\(meeting.hex)", "person=\(contact.hex)", "answer=yes")
        #expect(try rows() == [])
    }

    @Test mutating func valuesThatNoFieldHoldsAreListed() throws {
        let contact = try store.new("contact", "display=Amina")
        try write(
            contact, register(24, .text("XX")), register(31, .array([.text("hearsay"), .null, .null])),
            OperationDraft(field: 20, type: .set, replaces: [], shape: .unsigned(0), value: .text("no address")),
            OperationDraft(
                field: 26, type: .set, replaces: [], shape: .unsigned(0),
                value: .array([.text("Institute"), .null, .date("2027-02-01"), .date("2027-01-01")])),
            OperationDraft(field: 17, type: .map, replaces: [], shape: .text("??"), value: .text("أمينة")))
        let id = short(contact)
        let affiliation =
            "{\"organisation\":\"Institute\",\"title\":null,\"from\":\"2027-02-01\",\"to\":\"2027-01-01\"}"
        #expect(
            try told(contact) == [
                "order affiliations: from is greater than to => liaison remove \(id) affiliations='\(affiliation)'",
                "value consent.basis: hearsay is a code that this version does not know "
                    + "=> liaison set \(id) consent.basis=…",
                "value country: XX is no country code => liaison set \(id) country=…",
                "value emails: a code or address has no spaces => liaison remove \(id) emails='no address'",
                "value native_name.??: its key is no language tag => liaison unset \(id) native_name.??",
            ])
        // Another version's state.
        let item = try store.new("contribution", "type=news", "title=Water week")
        let state = try number(.contribution, "state")
        let step = WorkflowStep(from: 1, to: 99, caution: 5)
        try write(
            item, OperationDraft(field: state, type: .workflow, replaces: left(item, state), shape: step.shape))
        #expect(
            try told(item) == [
                "value state: state 99 is one that this version does not know => a newer version of liaison"
            ])
    }

    @Test mutating func referencesThatLeadNowhereAreListed() throws {
        let owner = try store.new("contact", "display=Amina")
        let gone = try store.new("contact", "display=Tomaž")
        let organisation = try store.new("organisation", "name=Institute of Water")
        let action = try store.new("action", "text=Write", "owner=\(owner.hex)", "due=2027-03-01")
        let meeting = try store.new(
            "meeting", "type=other", "title=Water", "participants=\(owner.hex)", "participants=\(gone.hex)")
        #expect(try rows() == [])
        try store.delete(gone)
        let missing = ShortID(0xFFFF_0000_0000_0000, 7)
        let field = try number(.action, "owner")
        try write(action, register(field, .id(missing.bytes), left(action, field)))
        try write(meeting, register(try number(.meeting, "previous"), .id(organisation.bytes)))
        #expect(
            try told(action) == [
                "reference owner: \(short(missing)) names no record that is held here "
                    + "=> liaison set \(short(action)) owner=…"
            ])
        #expect(
            try told(meeting) == [
                "reference participants: \(short(gone)) was deleted "
                    + "=> liaison remove \(short(meeting)) participants=\(short(gone))",
                "reference previous: \(short(organisation)) is of kind organisation, not meeting "
                    + "=> liaison set \(short(meeting)) previous=…",
            ])
        // Whoever was merged is there as the one that it counts as.
        let again = try store.new("contact", "display=Amina")
        try store.set(owner, "merged_into=\(again.hex)")
        #expect(try rows(("rule", "reference")).count == 3)
    }

    @Test mutating func theSameValueTwiceIsListed() throws {
        let first = try store.new("contact", "display=Amina", "uid=urn:1")
        let second = try store.new("contact", "display=Amina Ndiaye", "uid=urn:1")
        let third = try store.new("contact", "display=A. Ndiaye", "uid=urn:1")
        let slug = try store.new("contribution", "type=news", "title=One", "slug=water")
        let other = try store.new("contribution", "type=news", "title=Two", "slug=water")
        #expect(try told(first) == [] && told(slug) == [])
        #expect(
            try told(second) == [
                "unique uid: \(short(first)) has the same => liaison merge \(short(first)) \(short(second))"
            ])
        #expect(
            try told(other) == [
                "unique slug: \(short(slug)) has the same => liaison set \(short(other)) slug=…"
            ])
        try store.set(second, "merged_into=\(first.hex)")
        try store.delete(third)
        #expect(try told(second) == [] && rows().count == 1)
    }

    @Test mutating func sumsFixedFieldsAndPairsAreHeldTogether() throws {
        let call = try store.new("opportunity", "title=Water grants")
        let second = try store.new("opportunity", "title=Dry grants")
        let bid = try store.new(
            "bid", "opportunity=\(call.hex)", "title=Water for all", "total.value=10", "total.currency=EUR")
        try store.set(bid, "shares.\(sector.hex)={\"value\":\"4\",\"currency\":\"EUR\"}")
        #expect(
            try told(bid) == [
                "sum shares: they add up to 4, not to 10 => liaison set \(short(bid)) shares.ID=…"
            ])
        try store.set(bid, "total.value=4")
        let field = try number(.bid, "opportunity")
        try write(bid, register(field, .id(second.bytes)))
        #expect(
            try told(bid) == [
                "fixed opportunity: it keeps its first value, and several were given "
                    + "=> liaison resolve \(short(bid)) opportunity --keep N"
            ])
        let interest = try store.new("interest", "opportunity=\(call.hex)", "stance=lead")
        #expect(try told(interest) == [])
        let named = try number(.interest, "opportunity")
        try write(interest, register(named, .id(second.bytes), left(interest, named)))
        #expect(
            try told(interest) == [
                "pair org, opportunity: the records that it names are not those that its id stands for "
                    + "=> liaison delete \(short(interest))"
            ])
        let request = try store.new(
            "publicity_request", "item=\(try store.new("contribution", "type=news", "title=A"))")
        #expect(
            try told(request) == [
                "any-of targets, to_all: none of them has a value => liaison set \(short(request)) targets=…"
            ])
    }

    @Test mutating func whatWasRewrittenAfterItsAdoptionIsListed() throws {
        let meeting = try store.new("meeting", "type=other", "title=Water")
        let decision = try store.new("decision", "meeting=\(meeting.hex)", "text=We build a well.")
        try store.setApart(decision, ["adopted=adopted"], ["text=We build two."])
        let late = try #require(store.history(of: decision).last)
        #expect(
            try told(decision) == [
                "frozen text.en: entry \(late.entry.hex.prefix(8)) wrote to it while adopted was adopted "
                    + "=> liaison undo \(late.entry.hex.prefix(8))"
            ])
        let second = try store.new("decision", "meeting=\(meeting.hex)", "text=We build a well.")
        try store.setApart(second, ["adopted=adopted", "text=We build three."], ["text=We build two."])
        let adopting = try #require(store.history(of: second).dropFirst().first)
        #expect(
            try told(second).map { $0.split(separator: ">").last } == [
                " liaison resolve \(short(second)) text.en --keep \(adopting.entry.hex.prefix(8))"
            ])
    }

    @Test mutating func circlesAreListedWithTheOneThatStandsForAll() throws {
        let first = try store.new("contact", "display=Amina")
        let second = try store.new("contact", "display=Amina Ndiaye")
        try store.set(first, "merged_into=\(second.hex)")
        try store.set(second, "merged_into=\(first.hex)")
        #expect(
            try told(first) == [
                "merge merged_into: merged in a circle with \(short(second)): it stands for all of them "
                    + "=> liaison unmerge \(short(first))"
            ])
        #expect(try told(second) == [])
    }

    @Test mutating func rowsAreChosenByKindAndRule() throws {
        let contact = try store.new("contact", "display=Amina")
        try write(contact, register(24, .text("XX")))
        let organisation = try store.new("organisation", "name=Institute")
        try write(organisation, register(19, .text("XX")))
        #expect(try rows().count == 2)
        #expect(try rows(("kind", "contact")).map { $0["kind"] } == [.string("contact")])
        #expect(try rows(("rule", "unique")) == [] && rows(("rule", "value")).count == 2)
        #expect(throws: QueryError.self) { try rows(("rule", "nonsense")) }
        #expect(throws: QueryError.self) { try rows(("kind", "nonsense")) }
    }

    /// Against a look at every pair of records and at every reference by itself.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `unique values and references are judged as pair by pair`(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededNumbers(seed)
        var store = QueryStore(scrambled: true)
        try store.admit("Sector", "type=sector-division")
        var contacts: [ShortID] = []
        var meetings: [(id: ShortID, people: [ShortID])] = []
        for _ in 0..<30 {
            let uid = Int.random(in: 0..<8, using: &random)
            contacts.append(try store.new("contact", ["display=A"] + (uid < 6 ? ["uid=\(uid)"] : [])))
        }
        for _ in 0..<10 {
            let people = (0..<3).map { _ in contacts[Int.random(in: 0..<30, using: &random)] }
            let words = Set(people).sorted().map { "participants=\($0.hex)" }
            meetings.append((try store.new("meeting", ["type=other", "title=M"] + words), Array(Set(people))))
        }
        var into: [ShortID: ShortID] = [:]
        for contact in contacts where Int.random(in: 0..<5, using: &random) == 0 {
            let target = contacts[Int.random(in: 0..<30, using: &random)]
            guard target != contact else { continue }
            try store.set(contact, "merged_into=\(target.hex)")
            into[contact] = target
        }
        var deleted: Set<ShortID> = []
        for contact in contacts where Int.random(in: 0..<6, using: &random) == 0 {
            try store.delete(contact)
            deleted.insert(contact)
        }
        func root(_ id: ShortID) -> ShortID {
            var path = [id]
            while let next = into[path[path.count - 1]] {
                if let start = path.firstIndex(of: next) { return path[start...].min() ?? next }
                path.append(next)
            }
            return path[path.count - 1]
        }
        var dangling = 0
        for meeting in meetings { dangling += meeting.people.count { deleted.contains(root($0)) } }
        for contact in contacts where !deleted.contains(contact) {
            if let target = into[contact], deleted.contains(root(target)) { dangling += 1 }
        }
        var twice = 0
        let live = contacts.filter { !deleted.contains($0) }.sorted()
        for (place, contact) in live.enumerated() {
            guard let uid = store.state(of: contact)?[28]?.left.first?.value else { continue }
            let earlier = live[..<place].filter { store.state(of: $0)?[28]?.left.first?.value == uid }
            if !earlier.isEmpty, !earlier.contains(where: { root($0) == root(contact) }) { twice += 1 }
        }
        let base = RecordBase(store, schema: .standard, language: "en", today: "2027-01-01")
        func count(_ rule: String) throws -> Int? {
            try Violations.answer(Question(arguments: [], options: [("rule", rule)]), base).document["violations"]?
                .items?.count
        }
        #expect(try count("reference") == dangling, "seed \(seed)")
        #expect(try count("unique") == twice, "seed \(seed)")
    }
}
