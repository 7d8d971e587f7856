import Bytes
import Crypto
import Records
package import Replica

/// What the annual review meeting has on the table: what was done since the one before, what is open, what is planned.
///
/// Bound to a frontier: equal frontiers, rule sets, versions, languages and days give the same bytes on every node,
/// whatever its own language, organisation and order of arrival. So nothing here reads what is a node's own: no clock,
/// no names of peers, no language but that of the pack.
package enum MeetingPack {}

extension MeetingPack: Query {
    package static let verb = "meeting pack"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let language = try language(question, base)
        let base = RecordBase(base.store, schema: base.schema, language: language, today: base.today)
        var builder = try PackBuilder(base, try Scope(question, base))
        let pack = try builder.pack()
        guard question.has("directory") else {
            let tables = pack.tables.map { Document.Member($0.name, $0.document) }
            return Answer(.object(pack.members + tables))
        }
        let files = files(of: pack)
        let counts = Dictionary(pack.tables.map { ("\($0.name).csv", Int64($0.rows.count)) }) { first, _ in first }
        let written = files.map { file in
            Document.pairs([
                "name": .optional(file.name), "rows": file.name.flatMap { counts[$0] }.map { .int($0) } ?? .null,
                "bytes": .int(Int64(file.bytes.count)),
            ])
        }
        return Answer(.object(pack.members + [.init("files", .array(written))]), files: files)
    }
}

extension MeetingPack {
    /// Everything in a pack.
    struct Pack {
        /// The language of texts and labels.
        let language: String
        /// What the meeting is called.
        var title: (language: String, text: String)?
        /// What stands under the title.
        var facts: [(label: Label, cell: PackTable.Cell)] = []
        /// The same in JSON.
        var members: [Document.Member] = []
        /// What the pack was made from.
        var provenance: [(label: Label, cell: PackTable.Cell)] = []
        var tables: [PackTable] = []
        /// The meeting as a calendar; nil without a meeting.
        var calendar: [UInt8]?
    }

    /// The page, the calendar and a file for each table.
    private static func files(of pack: Pack) -> [Answer.File] {
        var files = [Answer.File("pack.html", PackPage.bytes(pack))]
        if let calendar = pack.calendar { files.append(.init("meeting.ics", calendar)) }
        return files + pack.tables.map { .init("\($0.name).csv", $0.csv(pack.language)) }
    }

    private static func language(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> String {
        guard let wanted = question.value(of: "language") else { return base.language }
        guard let tag = LanguageTag.checked(wanted) else {
            throw .invalid(what: "--language: \(wanted) is no language tag", remedy: "such as --language fr")
        }
        return tag
    }
}

extension MeetingPack {
    /// Which meeting a pack is for, and from which day on it reports.
    struct Scope {
        /// Nil when nobody has written one down, and the days are given.
        var meeting: RecordView?
        var previous: RecordView?
        /// `YYYY-MM-DD`; nil where nothing limits it.
        var since: String?

        init(_ question: Question, _ base: RecordBase<some RecordStore>) throws(QueryError) {
            let reviews = try base.live("meeting").filter {
                $0.text("type") == "annual-review" && $0.state("state") != "cancelled"
            }
            if let wanted = question.arguments.first {
                meeting = try base.find(wanted, ["meeting"])
            } else {
                // The next one, or the one that is on; where none lies ahead, the last.
                let ahead = reviews.filter { !Scope.isOver($0, base.today) }
                meeting = ahead.min(by: Scope.isEarlier) ?? reviews.max(by: Scope.isEarlier)
            }
            since = try question.day("since")
            guard let meeting else {
                guard since == nil else { return }
                throw .record(
                    .notFound(
                        "an annual review meeting",
                        remedy: "liaison new meeting type=annual-review …, or say from when on: --since DATE"))
            }
            if let id = meeting.id("previous"), let named = try base.record(id) {
                previous = named
            } else {
                previous = reviews.filter { $0.id != meeting.id && Scope.isEarlier($0, meeting) }
                    .max(by: Scope.isEarlier)
            }
            since = since ?? previous.flatMap { $0.day("period", "end") ?? $0.day("period", "start") }
            if let since, since > base.today {
                throw .invalid(
                    what: "the pack would begin on \(since), after \(base.today)",
                    remedy:
                        "--since with an earlier day, --at with a later one, or name the meeting: liaison list meeting")
            }
        }

        /// Whether a meeting ended before a day; one that has no days yet lies ahead.
        private static func isOver(_ meeting: RecordView, _ day: String) -> Bool {
            (meeting.day("period", "end") ?? meeting.day("period", "start")).map { $0 < day } ?? false
        }

        /// By their beginning; those without one after all others.
        private static func isEarlier(_ a: RecordView, _ b: RecordView) -> Bool {
            (start(a), a.id) < (start(b), b.id)
        }

        private static func start(_ meeting: RecordView) -> Int64 {
            if case .instant(let seconds, _)? = meeting.part("period", "start") { seconds } else { .max }
        }
    }
}
