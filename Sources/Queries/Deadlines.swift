import Bytes
import Crypto
import Records
package import Replica

/// What ends soon.
package enum Deadlines: Query {
    package static let verb = "deadlines"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        var rows: [(date: String, document: Document)] = []
        for record in try base.all(.opportunity) {
            guard record.state("state") != "closed", record.state("state") != "cancelled" else { continue }
            for deadline in record.groups("deadlines") {
                guard let date = RecordView.date(deadline["date"]), date >= base.today else { continue }
                rows.append(
                    (
                        date,
                        .pairs([
                            "date": .string(date), "kind": .string(record.kind.name), "id": .string(record.id.hex),
                            "what": base.title(record).map { .string($0) } ?? .null,
                        ])
                    ))
            }
        }
        rows.sort { $0.date < $1.date }
        return Answer(.pairs(["deadlines": .array(rows.map(\.document))]))
    }
}
