import Bytes
import Crypto
import Records
package import Replica

/// What somebody has to do, the first due first.
package enum Followups: Query {
    /// As it is typed.
    package static let verb = "followups"

    private struct Row {
        let due: String?
        let kind: String
        let id: ShortID
        let what: String?
        let owner: ShortID?
        let why: String
    }

    /// Lists what waits for the asker.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let asker = try Asker(question, base)
        var rows = try actions(asker, base) + interactions(asker, base) + introductions(asker, base)
        rows += try engagements(asker, base) + supports(asker, base)
        rows.sort { a, b in
            // Dates are digits: what has none stands behind all that have one.
            let (first, second) = (a.due ?? "~", b.due ?? "~")
            if first != second { return first < second }
            return a.kind != b.kind ? a.kind < b.kind : a.id < b.id
        }
        return Answer(
            .pairs([
                "followups": .array(
                    rows.map { row in
                        .pairs([
                            "due": .optional(row.due), "overdue": .bool(row.due.map { $0 < base.today } ?? false),
                            "kind": .string(row.kind), "id": row.id.document, "what": .optional(row.what),
                            "why": .string(row.why), "owner": row.owner?.document ?? .null,
                        ])
                    })
            ]))
    }

    private static func actions(_ asker: Asker, _ base: RecordBase<some RecordStore>) throws(QueryError) -> [Row] {
        var rows: [Row] = []
        for record in try base.live("action") {
            let owners = record.idsLeft("owner")
            let state = record.state("state") ?? "open"
            guard ["open", "doing"].contains(state), asker.owns(owners) else { continue }
            // While people disagree about the date the first one counts.
            let due = record.values("due").compactMap { RecordView.date($0) }.min()
            rows.append(
                Row(
                    due: due, kind: "action", id: record.id, what: base.title(record),
                    owner: owners.first { asker.owns([$0]) }, why: "action \(state)"))
        }
        return rows
    }

    private static func interactions(_ asker: Asker, _ base: RecordBase<some RecordStore>) throws(QueryError) -> [Row] {
        var rows: [Row] = []
        for record in try base.live("interaction") {
            guard let owner = record.idPart("follow_up", "owner"), asker.owns([owner]) else { continue }
            rows.append(
                Row(
                    due: record.datePart("follow_up", "on"), kind: "interaction", id: record.id,
                    what: base.title(record), owner: owner, why: "to follow up"))
        }
        return rows
    }

    private static func introductions(
        _ asker: Asker, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [Row] {
        var rows: [Row] = []
        for record in try base.live("introduction") {
            let state = record.state("state") ?? "suggested"
            guard let next = record.date("next_step"), let owner = record.id("owner"), asker.owns([owner]),
                !["engaged", "declined"].contains(state)
            else { continue }
            rows.append(
                Row(
                    due: next, kind: "introduction", id: record.id,
                    what: try record.id("subject").map { (id) throws(QueryError) in try base.name(id) }, owner: owner,
                    why: "next step, \(state)"))
        }
        return rows
    }

    private static func engagements(_ asker: Asker, _ base: RecordBase<some RecordStore>) throws(QueryError) -> [Row] {
        var rows: [Row] = []
        for record in try base.live("engagement") where Followups.awaits(record, asker) {
            rows.append(
                Row(
                    due: record.datePart("period", "from"), kind: "engagement", id: record.id,
                    what: try record.id("advisor").map { (id) throws(QueryError) in try base.name(id) },
                    owner: asker.organisation, why: "to answer"))
        }
        return rows
    }

    private static func supports(_ asker: Asker, _ base: RecordBase<some RecordStore>) throws(QueryError) -> [Row] {
        var rows: [Row] = []
        for record in try base.live("support") where asks(record, asker) {
            let due = record.values("due").compactMap { RecordView.date($0) }.min()
            rows.append(
                Row(
                    due: due, kind: "support", id: record.id,
                    what: try record.id("for").map { (id) throws(QueryError) in try base.name(id) },
                    owner: asker.organisation, why: "\(record.text("type") ?? "support") asked"))
        }
        return rows
    }

    /// Whether an engagement waits for the answer of the asker's organisation.
    static func awaits(_ engagement: RecordView, _ asker: Asker) -> Bool {
        guard let organisation = asker.organisation, engagement.state("state") == "proposed" else { return false }
        return engagement.id("institute") == organisation && engagement.id("proposed_by") != organisation
    }

    /// Whether a support is asked of the asker's organisation.
    static func asks(_ support: RecordView, _ asker: Asker) -> Bool {
        guard let organisation = asker.organisation, support.state("state") == "asked" else { return false }
        return support.id("from") == organisation
    }
}
