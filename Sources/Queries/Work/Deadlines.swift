import Bytes
import Crypto
import Records
package import Replica

/// What ends soon or is overdue.
package enum Deadlines {}

extension Deadlines: Query {
    package static let verb = "deadlines"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let end = try lastDay(question, base.today)
        var deadlines: [Deadline] = []
        for kind in try kinds(question) {
            for record in try candidates(kind, until: end ?? "9999-12-31", base) {
                for deadline in Deadline.all(of: record) {
                    if let end, deadline.date > end { continue }
                    deadlines.append(deadline)
                }
            }
        }
        return try answer(deadlines, question, base)
    }
}

extension Deadlines {
    /// The most days ahead that may be asked for: a hundred years.
    private static let maximumDays: Int64 = 36_525

    private static func answer(
        _ deadlines: [Deadline], _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let standing = deadlines.filter { $0.stands(on: base.today) }.sorted(by: Deadline.precedes)
        let rows = try standing.map { (deadline) throws(QueryError) in try document(deadline, base) }
        var answer = Answer(.pairs(["deadlines": .array(rows)]))
        if question.has("ics") {
            // What was settled before its day is told to calendars that have it already.
            let settled = deadlines.filter { $0.isSettled && $0.date >= base.today }
            let events = try (standing + settled).sorted(by: Deadline.precedes).map { (deadline) throws(QueryError) in
                try event(deadline, base)
            }
            answer.files = [
                .init(nil, CalendarFile.bytes(events, name: "Liaison", language: base.language))
            ]
        }
        return answer
    }

    /// The records of a kind that may have a deadline up to a day.
    private static func candidates(
        _ kind: String, until end: String, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [RecordView] {
        switch kind {
        // What is owed counts from any day on.
        case "action", "support": try base.live(kind, "due", from: "0001-01-01", to: end)
        case "contact": try base.live(kind, "review_by", from: "0001-01-01", to: end)
        case "introduction": try base.live(kind, "next_step", from: "0001-01-01", to: end)
        case "photo": try base.live(kind, "consent_until", from: "0001-01-01", to: end)
        case "contribution": try base.live(kind, "embargo_until", from: base.today, to: end)
        default: try base.live(kind)
        }
    }

    private static func lastDay(_ question: Question, _ today: String) throws(QueryError) -> String? {
        guard question.has("within") else { return nil }
        let days = try question.number("within", in: 0...Int(maximumDays), or: 30)
        return CivilTime.day(today, plus: Int64(days))
    }

    /// The kinds that are asked for, or all that have deadlines.
    private static func kinds(_ question: Question) throws(QueryError) -> [String] {
        let wanted = question.values(of: "kind").map { $0.replacing("-", with: "_") }
        for kind in wanted where !Deadline.kinds.contains(kind) {
            throw .invalid(
                what: "--kind: \(kind) has no deadlines", remedy: "one of \(Deadline.kinds.joined(separator: ", "))")
        }
        return wanted.isEmpty ? Deadline.kinds : Deadline.kinds.filter(wanted.contains)
    }

    private static func document(
        _ deadline: Deadline, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Document {
        .pairs([
            "date": .string(deadline.date), "days": .int(CivilTime.days(from: base.today, to: deadline.date)),
            "overdue": .bool(deadline.isOverdue(on: base.today)),
            "disputed": .bool(deadline.isDisputed), "kind": .string(deadline.record.kind.name),
            "id": deadline.record.id.document, "field": .string(deadline.field), "stage": .optional(deadline.stage),
            "what": .optional(try base.line(deadline.record)),
        ])
    }

    private static func event(
        _ deadline: Deadline, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> CalendarFile.Event {
        let record = deadline.record
        let (name, part) = Assignment.split(deadline.field)
        let number = deadline.number > 0 ? "-\(deadline.number)" : ""
        let uid = "\(record.id.hex)-\(name)\(part.map { "-\($0)" } ?? "")\(number)@liaison"
        let (sequence, stamp) = try base.changes(of: record, in: [name] + deadline.others)
        let label = record.kind.field(named: name)?.label.text(base.language) ?? name
        let what = try base.line(record) ?? String(record.id.hex.prefix(8))
        var event = CalendarFile.Event(
            uid: uid, span: .day(deadline.date), stamp: stamp, sequence: sequence,
            summary: "\(what) (\([label, deadline.stage].compactMap { $0 }.joined(separator: ", ")))")
        event.status = deadline.isSettled ? .cancelled : .confirmed
        event.categories = [record.kind.label.text(base.language)]
        if record.kind.name == "opportunity" { event.link = record.text("url") }
        return event
    }
}

extension RecordBase {
    /// How often fields of a record were written after their first value, and the newest claimed time of the record.
    ///
    /// Counted in entries, so that it only ever rises, on every node that holds the same to the same number.
    func changes(
        of record: RecordView, in fields: [String]
    ) throws(QueryError) -> (sequence: Int, stamp: Int64) {
        let numbers = Set(fields.compactMap { record.kind.field(named: $0)?.number })
        let history = try read { () throws(RecordStoreError) in try store.history(of: record.id) }
        let applied = history.filter { $0.notApplied == nil }
        let writing = applied.count { $0.operations.contains { numbers.contains($0.field) } }
        return (max(0, writing - 1), applied.map(\.claimedAt).max() ?? 0)
    }
}
