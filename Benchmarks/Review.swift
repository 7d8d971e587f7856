import Bytes
import Crypto
import Foundation
import Records
import Replica
import Store

/// The home of a node with a hundred thousand records of five years of work: what the meeting pack reads.
///
/// About a fifth of them lie in the year before 1 October 2027.
struct Review {
    private static let today = "2027-10-01"
    private static let organisationCount = 150

    let path: String
    private var organisations: [ShortID] = []
    private var people: [ShortID] = []
    private var objectives: [ShortID] = []

    init(folder: String) { path = folder + "/review" }

    /// Makes the home, if there is none.
    mutating func make() throws {
        var filled = self
        try Office.make(path) { try filled.fill($0) }
        self = filled
    }

    private mutating func fill(_ store: ReplicaStore) throws {
        organisations = try add("organisation", Review.organisationCount, store) { index in
            ["name=Institute \(index)", "short=I\(index)", "type=c2", "country=FR", "status=designated"]
        }
        people = try add("contact", 10_000, store) { ["display=Person \($0)", "org=\(organisation($0))"] }
        objectives = try add("objective", 600, store) { index in
            ["owner=\(organisation(index))", "code=O\(index)", "title=Objective \(index)"]
        }
        let meetings = try add("meeting", 6, store) { index in
            let year = 2021 + index
            return [
                "type=annual-review", "title=Review \(year)", "period.start=\(year)-10-08T08:00:00Z",
                "period.end=\(year)-10-10T16:00:00Z", "state=closed",
            ]
        }
        try work(store)
        let news = try add("contribution", 18_000, store) { index in
            ["org=\(organisation(index))", "type=news", "title=News \(index)", "date=\(Review.day(index))"]
        }
        let requests = try add("publicity_request", 100, store) { index in
            let from = Review.day(index * 180)
            return ["item=\(news[index])", "to_all=true", "period.from=\(from)", "period.until=2027-12-31"]
        }
        _ = try add("pickup", 8_000, store) { index in
            [
                "request=\(requests[index % 100])", "org=\(organisation(index / 100))", "channel=newsletter",
                "date=\(Review.day(index))",
            ]
        }
        _ = try add("action", 1_500, store) { index in
            [
                "meeting=\(meetings[index % 6])", "text=Do \(index)", "owner=\(people[index])",
                "due=\(Review.day(index))",
            ]
        }
    }

    private func work(_ store: ReplicaStore) throws {
        _ = try add("interaction", 45_000, store) { index in
            [
                "when=\(Review.day(index))T09:00:00Z", "channel=call", "subject=Talk \(index)",
                "orgs=\(organisation(index))", "orgs=\(organisation(index / 150))", "people=\(people[index % 10_000])",
            ]
        }
        _ = try add("activity", 14_000, store) { index in
            let start = Review.day(index)
            return [
                "org=\(organisation(index))", "type=training", "title=Activity \(index)",
                "objectives=\(objectives[index % 600])", "partners=\(organisation(index / 150 + 1))",
                "planned.start=\(start)", "planned.end=\(start)", "state=completed",
            ]
        }
        _ = try add("engagement", 2_000, store) { index in
            let start = Review.day(index)
            return [
                "advisor=\(people[index])", "institute=\(organisation(index))",
                "objectives=\(objectives[index % 600])", "period.from=\(start)", "period.to=\(start)",
                "state=completed",
            ]
        }
        _ = try add("agreement", Review.organisationCount, store) { index in
            ["org=\(organisation(index))", "resolution=R \(index)", "term.expires=20\(27 + index % 6)-06-30"]
        }
    }

    private func organisation(_ index: Int) -> ShortID { organisations[index % Review.organisationCount] }

    /// A day of the five years, each as often as the others.
    private static func day(_ index: Int) -> String {
        let last = CivilTime.dayNumber(today) ?? 0
        return CivilTime.date(ofDay: last - Int64(index * 7_919 % 1_826))
    }

    private func add(
        _ kind: String, _ count: Int, _ store: ReplicaStore, _ words: (Int) -> [String]
    ) throws -> [ShortID] {
        let kind = try Schema.standard.kind(named: kind)
        let editor = RecordEditor(schema: .standard, language: "en") { (prefix: String, _) throws(RecordError) in
            guard let id = ShortID(hex: prefix) else { throw .notFound(prefix, remedy: nil) }
            return id
        }
        var ids: [ShortID] = []
        for start in stride(from: 0, to: count, by: 100) {
            let drafts = try (start..<min(start + 100, count)).map { index in
                try editor.create(
                    kind,
                    words(index).map { word in
                        let parts = word.split(separator: "=", maxSplits: 1)
                        return Assignment(path: String(parts[0]), text: String(parts[1]))
                    })
            }
            ids += try store.write(drafts, space: SpaceName.net, time: 3).map(\.record)
        }
        return ids
    }
}

extension Runner {
    /// What the meeting pack and the questions around it take at a hundred thousand records.
    func review() throws {
        guard isWanted("review") else { return }
        var review = Review(folder: folder)
        try review.make()
        let asking = try Asking(review.path)
        let day = ["--at", "2027-10-01"]
        let pack = folder + "/pack"
        let packing = ["meeting", "pack", "--json", "--since", "2026-10-10"]
        let commands: [(name: String, words: [String])] = [
            ("meeting pack as JSON", packing),
            ("meeting pack into a folder", packing + ["--directory", pack]),
            ("contact quiet", ["contact", "quiet", "--days", "60"]),
            ("contact timeline of an organisation", ["contact", "timeline", "I7", "--json"]),
            ("publicise pending", ["publicise", "pending", "--json"]), ("publicise by", ["publicise", "by", "I7"]),
            ("deadlines within 60 days", ["deadlines", "--within", "60", "--json"]),
        ]
        for isServing in [true, false] {
            if isServing { _ = try asking.serve() }
            print("\(isServing ? "through a running node" : "without one"), milliseconds:")
            for (name, words) in commands {
                let time = try median {
                    try? FileManager.default.removeItem(atPath: pack)
                    return try asking.ask(words + day).milliseconds
                }
                print("  \(name): \(time)")
            }
            asking.stop()
        }
    }
}
