/// How many records of each kind a network of a size has.
///
/// Six hundred are the network of the story: six institutes and ten advisors. Beyond them each 690 further records
/// bring an institute with its agreement and two objectives, each 2,000 a meeting and each 3,000 a donor; the others
/// are shared out in the proportions of `rows`. So 100,000 records are 150 institutes, 24,000 contacts and 2,500 calls,
/// of which four in five are open. Below six hundred there is less of what there is much of; the least still has each
/// kind in each of its states.
package struct Census: Sendable {
    /// One kind: how many there are in the smallest network and in the story's, and how many of a thousand that come
    /// beyond.
    private struct Row {
        let kind: String
        let least: Int
        let story: Int
        let share: Int

        init(_ kind: String, _ least: Int, _ story: Int, _ share: Int) {
            self.kind = kind
            self.least = least
            self.story = story
            self.share = share
        }
    }

    private static let rows = [
        Row("theme", 24, 24, 0), Row("organisation", 19, 19, 0), Row("agreement", 8, 8, 0), Row("objective", 18, 18, 0),
        Row("contact", 35, 65, 247), Row("contact_note", 4, 14, 25), Row("engagement", 10, 10, 14),
        Row("introduction", 10, 10, 16), Row("meeting", 7, 7, 0), Row("rsvp", 10, 18, 35),
        Row("agenda_item", 12, 12, 15), Row("decision", 10, 10, 10), Row("action", 10, 20, 30),
        Row("activity", 18, 40, 70), Row("interaction", 30, 110, 225), Row("comment", 10, 40, 60),
        Row("photo", 10, 28, 40), Row("contribution", 20, 45, 75), Row("issue", 12, 12, 10),
        Row("subscription", 6, 16, 35), Row("publicity_request", 6, 6, 4), Row("pickup", 12, 18, 28),
        Row("opportunity", 15, 15, 25), Row("interest", 14, 14, 20), Row("bid", 7, 7, 6), Row("support", 8, 8, 8),
        Row("saved_view", 6, 6, 2),
    ]

    /// The number of records of the story's network.
    package static let story = rows.reduce(0) { $0 + $1.story }
    /// The number of records below which not all kinds and states have a place.
    package static let least = rows.reduce(0) { $0 + $1.least }
    /// The greatest number of records that is made at once: what is written is kept in memory until then.
    package static let greatest = 1_000_000

    /// How many institutes there are.
    package let institutes: Int
    private let counts: [String: Int]

    /// - Parameter count: the number of records, within `least` and `greatest`.
    package init(_ count: Int) {
        let count = min(max(count, Census.least), Census.greatest)
        var counts: [String: Int] = [:]
        let more = max(0, count - Census.story)
        let newcomers = more / 690
        institutes = Member.institutes.count + newcomers
        let structure = ["organisation": newcomers + more / 3_000, "agreement": newcomers, "objective": 2 * newcomers]
        let meetings = more / 2_000
        let rest = more - 4 * newcomers - more / 3_000 - meetings
        var lacking = max(0, Census.story - count)
        let slack = Census.story - Census.least
        for row in Census.rows {
            let less = slack == 0 ? 0 : max(0, Census.story - count) * (row.story - row.least) / slack
            lacking -= less
            let grown = row.kind == "meeting" ? meetings : structure[row.kind] ?? rest * row.share / 1_000
            counts[row.kind] = row.story - less + grown
        }
        for row in Census.rows where lacking > 0 {
            let less = min(lacking, (counts[row.kind] ?? 0) - row.least)
            counts[row.kind, default: 0] -= less
            lacking -= less
        }
        // What division left over.
        let sum = Census.rows.reduce(0) { $0 + (counts[$1.kind] ?? 0) }
        counts["interaction", default: 0] += max(0, count - sum)
        self.counts = counts
    }

    /// How many records of a kind there are.
    package subscript(kind: String) -> Int { counts[kind] ?? 0 }

    /// The kinds that the demonstration has, in the order in which they are made.
    package static var kinds: [String] { rows.map(\.kind) }
}
