import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

/// The queries on random networks: against naive answers, and against themselves in other orders and languages.
@Suite struct RandomNetworkTests {
    private static let today = RandomNetwork.today

    private func network(_ seed: UInt64) throws -> RandomNetwork {
        print("seed \(seed)")
        return try RandomNetwork(seed: seed)
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func quietIsWhomNobodyHeardFrom(_ seed: UInt64) throws {
        let network = try network(seed)
        let naive = NaiveAnswers(network.store, today: Self.today)
        for days in [0, 30, 90, 365] as [Int64] {
            let answer = try network.store.ask(
                ContactQuiet.self, options: [(name: "days", value: "\(days)")], today: Self.today)
            #expect(try Set(answer.rows("quiet", "org", "date")) == naive.quiet(days: days))
            let silence = answer.document["quiet"]?.items?.map { $0["days"]?.number ?? .max } ?? []
            #expect(silence == silence.sorted(by: >))
        }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func pendingIsWhoWasAskedWithoutWhoAnswered(_ seed: UInt64) throws {
        let network = try network(seed)
        let answer = try network.store.ask(PublicisePending.self, today: Self.today)
        let rows = try answer.rows("pending", "request", "org", "daysLeft")
        #expect(Set(rows) == NaiveAnswers(network.store, today: Self.today).pending())
        #expect(Set(rows).count == rows.count)
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func deadlinesAreAllDaysThatLieAheadOrAreOwed(_ seed: UInt64) throws {
        let network = try network(seed)
        let answer = try network.store.ask(Deadlines.self, today: Self.today)
        var numbers: [String: Int] = [:]
        let rows = try #require(answer.document["deadlines"]?.items).map { row -> String in
            let (kind, id, field) = (row["kind"]?.text ?? "", row["id"]?.text ?? "", row["field"]?.text ?? "")
            // Stages are told apart by their names.
            numbers[id] = row["stage"]?.text == "full" ? 2 : row["stage"]?.text == "concept" ? 1 : 0
            let late = row["overdue"]?.flag == true ? "late" : ""
            return "\(row["date"]?.text ?? "") \(kind) \(id) \(field) \(numbers[id] ?? 0) \(late)"
        }
        #expect(rows == NaiveAnswers(network.store, today: Self.today).deadlines())
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func thePackHasWhatBelongsToItsPeriod(_ seed: UInt64) throws {
        let network = try network(seed)
        for since in ["2026-06-15", "2027-03-01", "2020-01-01"] {
            let answer = try network.store.ask(
                MeetingPack.self, options: [(name: "since", value: since)], today: Self.today)
            let naive = NaiveAnswers(network.store, today: Self.today)
            for (table, expected) in naive.pack(since: since).sorted(by: { $0.key < $1.key }) {
                #expect(try Set(answer.rows(table, "id")) == expected, "\(table) since \(since)")
            }
            let totals = try answer.rows("interactions", "org", "total")
            #expect(Set(totals) == Set(naive.interactions(since: since).map { "\($0.key) \($0.value)" }))
            // Activities stand by the short names of their organisations.
            let shorts = try answer.rows("activities", "org").map { naive.short(naive.stands($0)) }
            #expect(shorts == shorts.sorted())
        }
    }

    @Test(arguments: 25...40 as ClosedRange<UInt64>)
    func orderAndLanguageChangeNothing(_ seed: UInt64) throws {
        let network = try network(seed)
        var random = SeededEntropy(seed: seed)
        let other = network.store.replayed { $0.shuffled(using: &random) }
        let since = [(name: "since", value: String?.some("2026-01-01")), (name: "directory", value: "x")]
        for (query, options) in [
            (ContactQuiet.self, [(name: "days", value: "30")]), (Deadlines.self, []), (Deadlines.self, [("ics", nil)]),
            (PublicisePending.self, []), (MeetingPack.self, since),
        ] as [(any Query.Type, [(name: String, value: String?)])] {
            let first = try network.store.ask(query, options: options, today: Self.today)
            #expect(try other.ask(query, options: options, today: Self.today) == first)
            guard !options.contains(where: { $0.name == "ics" || $0.name == "directory" }) else { continue }
            #expect(try other.ask(query, options: options, today: Self.today, language: "zh") == first)
        }
        for organisation in network.organisations {
            let first = try network.store.ask(ContactTimeline.self, organisation.hex, today: Self.today)
            #expect(try other.ask(ContactTimeline.self, organisation.hex, today: Self.today, language: "ru") == first)
            let dates = try first.rows("timeline", "date")
            #expect(dates == dates.sorted(by: >) && dates.allSatisfy { $0 <= Self.today })
        }
    }
}
