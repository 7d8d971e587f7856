import Bytes
import Crypto
import Records
package import Replica

/// Which people and organisations were introduced, what became of it, and what waits for whom.
package enum IntroductionReview: Query {
    /// As it is typed.
    package static let verb = "introduction review"

    /// In the order in which they are shown.
    private static let states = ["suggested", "reviewed", "contacted", "engaged", "declined"]
    /// Nobody waits in these.
    private static let finished = ["engaged", "declined"]

    private struct Row {
        let state: String
        let since: Int64
        let id: ShortID
        let document: Document
    }

    /// Lists introductions by state, in each the one that waits longest first.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        var rows: [Row] = []
        var counts: [String: Int] = [:]
        for record in try base.live("introduction") {
            let state = record.state("state") ?? "suggested"
            counts[state, default: 0] += 1
            guard question.has("all") || !finished.contains(state) else { continue }
            let since = (record.step("state") ?? record.origin("subject"))?.claimedAt ?? 0
            rows.append(Row(state: state, since: since, id: record.id, document: row(record, state, since, base.today)))
        }
        // Who waits longest stands first; what is finished comes last.
        rows.sort { a, b in
            let (first, second) = (rank(a.state), rank(b.state))
            if first != second { return first < second }
            return a.since != b.since ? a.since < b.since : a.id < b.id
        }
        let known = states + counts.keys.filter { !states.contains($0) }.sorted()
        return Answer(
            .pairs([
                "introductions": .array(rows.map(\.document)),
                "states": .array(
                    known.compactMap { state in
                        counts[state].map { .pairs(["state": .string(state), "count": .int(Int64($0))]) }
                    }),
            ]))
    }

    private static func rank(_ state: String) -> Int { states.firstIndex(of: state) ?? states.count }

    private static func row(_ record: RecordView, _ state: String, _ since: Int64, _ today: String) -> Document {
        let day = CivilTime.day(since)
        let isFinished = finished.contains(state)
        let next = record.date("next_step")
        return .pairs([
            "state": .string(state), "since": .string(day),
            // Clocks may be wrong: nobody waits since tomorrow.
            "waitingDays": isFinished ? .null : .int(max(0, CivilTime.days(from: day, to: today))),
            "introduction": record.id.document, "subject": record.id("subject")?.document ?? .null,
            "proposedBy": record.id("proposed_by")?.document ?? .null, "canHelp": .ids(record.ids("can_help")),
            "regions": .strings(record.words("regions")), "consent": .optional(consent(record)),
            "owner": record.id("owner")?.document ?? .null, "nextStep": .optional(next),
            "overdue": isFinished ? .null : .bool(next.map { $0 < today } ?? false),
        ])
    }

    private static func consent(_ record: RecordView) -> String? {
        record.reading("consent")?.isDisputed == true ? "disputed" : record.text("consent")
    }
}
