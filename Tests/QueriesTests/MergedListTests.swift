import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

/// What a record shows that others were merged into, where its fields have an order of their own.
@Suite struct MergedListTests {
    private var store = QueryStore()

    init() throws { _ = try store.admit("Sector", "type=sector-division") }

    private mutating func meeting(_ agenda: [String]) throws -> ShortID {
        let meeting = try store.new("meeting", "type=annual-review", "title=Review")
        var items: [String] = []
        for title in agenda {
            items.append("agenda=\(try store.new("agenda_item", "meeting=\(meeting.hex)", "title=\(title)").hex)")
        }
        if !items.isEmpty { try store.setApart(meeting, items) }
        return meeting
    }

    private func titles(_ meeting: ShortID) throws -> [String] {
        let base = RecordBase(store, schema: store.schema, language: "en", today: "2027-03-01")
        let record = try #require(try base.record(meeting))
        return try record.elements("agenda").map { value in
            guard case .id(let bytes) = value, let id = ShortID(bytes), let item = try base.record(id) else {
                return "?"
            }
            return base.title(item) ?? "?"
        }
    }

    @Test mutating func aListStaysWhereItIsAndFillsOneThatIsEmpty() throws {
        let (own, other, empty) = (try meeting(["One", "Two"]), try meeting(["Three"]), try meeting([]))
        try store.set(other, "merged_into=\(own.hex)")
        #expect(try titles(own) == ["One", "Two"])
        #expect(try titles(other) == ["One", "Two"])
        let third = try meeting(["Four", "Five"])
        try store.set(third, "merged_into=\(empty.hex)")
        #expect(try titles(empty) == ["Four", "Five"])
    }

    @Test mutating func thePackIsForTheNextMeeting() throws {
        func review(_ year: Int) throws -> ShortID {
            try store.new(
                "meeting", "type=annual-review", "title=Review \(year)",
                "period={\"start\":\"\(year)-10-12T08:00:00Z\",\"end\":\"\(year)-10-14T16:00:00Z\"}")
        }
        let reviews = try [2025, 2026, 2027, 2028].map { try review($0) }
        func chosen(_ today: String) throws -> [ShortID] {
            let answer = try store.ask(MeetingPack.self, today: today)
            return ["meeting", "previous"].compactMap { answer.document[$0]?.text.flatMap { ShortID(hex: $0) } }
        }
        #expect(try chosen("2027-03-01") == [reviews[2], reviews[1]])
        // While it is on it is still the next one.
        #expect(try chosen("2027-10-14") == [reviews[2], reviews[1]])
        #expect(try chosen("2027-10-15") == [reviews[3], reviews[2]])
        #expect(try chosen("2029-01-01") == [reviews[3], reviews[2]])
    }
}
