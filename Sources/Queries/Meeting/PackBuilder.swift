import Bytes
import Crypto
import Records
import Replica

/// Gathers what stands in a meeting pack.
///
/// The order of rows never follows from what people call things in one language, so that packs in two languages have
/// the same rows in the same places.
struct PackBuilder<Store: RecordStore> {
    let base: RecordBase<Store>
    let meeting: RecordView?
    let previous: RecordView?
    let since: String?
    /// The organisations that are not merged into another.
    let organisations: [RecordView]
    private let merges: Merges
    private let shortNames: [ShortID: String]
    /// What records are called that were looked up, and which stand for them.
    private var names: [ShortID: PackTable.Named] = [:]

    var at: String { base.today }

    init(_ base: RecordBase<Store>, _ scope: MeetingPack.Scope) throws(QueryError) {
        self.base = base
        meeting = scope.meeting
        previous = scope.previous
        since = scope.since
        organisations = try base.live("organisation")
        merges = try base.merges()
        shortNames = Dictionary(organisations.map { ($0.id, $0.text("short") ?? "") }) { first, _ in first }
    }

    mutating func pack() throws(QueryError) -> MeetingPack.Pack {
        var pack = MeetingPack.Pack(language: base.language)
        pack.title = meeting.flatMap { base.spoken($0, "title") }
        var tables: [PackTable] = []
        if let meeting { tables += [try agenda(meeting), try participants(meeting)] }
        let work = try activities()
        let content = [try contributions(), try pickups(), try interactions()]
        tables += [try overview(work, content), try objectives(work)]
        tables += [work.report, work.planning] + content
        tables += [try engagements(), try introductions(), try bids(), try actions(), try decisions()]
        tables += [try agreements(), try freshness()]
        pack.tables = tables
        try describe(&pack)
        pack.calendar = try calendar()
        return pack
    }

    /// What stands above and below the tables.
    private mutating func describe(_ pack: inout MeetingPack.Pack) throws(QueryError) {
        let digests = try base.read { () throws(RecordStoreError) in try base.store.digests(of: SpaceName.net) }
        let ruleSet = Int64(Authority.knownRuleSets.upperBound)
        pack.members = [
            .init("meeting", meeting.map { $0.id.document } ?? .null), .init("title", .optional(pack.title?.text)),
            .init("edition", .optional(meeting?.text("edition"))),
            .init("start", .optional(meeting.flatMap { time($0, "start") })),
            .init("end", .optional(meeting.flatMap { time($0, "end") })),
            .init("place", .optional(meeting?.text("place"))),
            .init("previous", previous.map { $0.id.document } ?? .null), .init("since", .optional(since)),
            .init("at", .string(at)), .init("language", .string(base.language)),
            .init("frontier", .string(digests.frontier.hex)), .init("state", .string(digests.state.hex)),
            .init("ruleSet", .int(ruleSet)), .init("version", .string(Program.version)),
        ]
        if let meeting {
            pack.facts += [
                (label("meeting", "edition"), .text(meeting.text("edition"))),
                (label("meeting", "period", "start"), .text(moment(meeting, "start"))),
                (label("meeting", "period", "end"), .text(moment(meeting, "end"))),
                (label("meeting", "period", "zone"), .text(meeting.textPart("period", "zone"))),
                (label("meeting", "place"), .text(meeting.text("place"))),
                (label("meeting", "mode"), code(meeting, "mode")),
                (label("meeting", "state"), code(meeting, "state")),
            ]
        }
        if let previous { pack.facts.append((label("meeting", "previous"), .record(try named(previous.id)))) }
        pack.facts += [(Heading.since, .day(since)), (Heading.at, .day(at))]
        pack.provenance = [
            (Heading.frontier, .text(digests.frontier.hex)), (Heading.state, .text(digests.state.hex)),
            (Heading.ruleSet, .number(ruleSet)), (Heading.version, .text(Program.version)),
            (Heading.language, .text(base.language)), (Heading.at, .day(at)),
        ]
    }

    /// A time of the meeting for people, who read the zone that it was meant in beside it.
    private func moment(_ meeting: RecordView, _ part: String) -> String? {
        time(meeting, part).map { "\($0.prefix(10)) \($0.dropFirst(11).prefix(5)) UTC" }
    }

    private func time(_ meeting: RecordView, _ part: String) -> String? {
        guard case .instant(let seconds, _)? = meeting.part("period", part) else { return nil }
        return CivilTime.text(seconds)
    }

    private func calendar() throws(QueryError) -> [UInt8]? {
        guard let meeting, case .instant(let start, _)? = meeting.part("period", "start") else { return nil }
        var end = start
        if case .instant(let seconds, _)? = meeting.part("period", "end") { end = seconds }
        let fields = ["title", "period", "place", "mode", "link", "state"]
        let (sequence, stamp) = try base.changes(of: meeting, in: fields)
        let title = base.spoken(meeting, "title")?.text ?? Heading.pack.text(base.language)
        var event = CalendarFile.Event(
            uid: "\(meeting.id.hex)-period@liaison", span: .time(start: start, end: end), stamp: stamp,
            sequence: sequence, summary: title)
        switch meeting.state("state") {
        case "cancelled": event.status = .cancelled
        case "convened", "held", "minuted", "closed": event.status = .confirmed
        default: event.status = .tentative
        }
        event.location = meeting.text("place")
        event.link = meeting.text("link")
        return CalendarFile.bytes([event], name: title, language: base.language)
    }
}

// MARK: Days

extension PackBuilder {
    /// The first day of the report: that of the calendar where nothing limits it.
    var first: String { since ?? "0001-01-01" }

    /// Whether a day lies in the period of the report.
    func isReported(_ day: String?) -> Bool {
        guard let day else { return false }
        return day <= at && since.map { $0 <= day } ?? true
    }

    /// Whether a time from one day to another, open where a day is missing, overlaps with the period of the report.
    func overlaps(_ from: String?, _ to: String?) -> Bool {
        (from.map { $0 <= at } ?? true) && (since.flatMap { since in to.map { since <= $0 } } ?? true)
    }

    /// Whether anything of the record was written in the period of the report, by the word of its writers.
    func wasTouched(_ record: RecordView) -> Bool { isReported(CivilTime.day(record.lastClaimed)) }
}

// MARK: Cells

extension PackBuilder {
    /// A kind of the table.
    func kind(_ name: String) -> Kind? { try? base.schema.kind(named: name) }

    /// The label of a field or of a part of a group; its name in every language where the table does not have it.
    func label(_ kind: String, _ field: String, _ part: String? = nil) -> Label {
        let row = self.kind(kind)?.field(named: field)
        if let part, case .group(let group)? = row?.type, let found = group.parts.first(where: { $0.name == part }) {
            return found.label
        }
        return row?.label ?? Label(field, fr: field, es: field, ru: field, ar: field, zh: field)
    }

    /// A column with the label of a field.
    func column(_ kind: String, _ field: String, as name: String? = nil) -> PackTable.Column {
        PackTable.Column(name ?? field, label(kind, field))
    }

    /// A column with the label of a part of a group.
    func column(_ kind: String, _ field: String, _ part: String, as name: String) -> PackTable.Column {
        PackTable.Column(name, label(kind, field, part))
    }

    /// The last column of most tables.
    var idColumn: PackTable.Column { .init("id", Heading.id) }

    /// The record that stands for an organisation.
    func standing(_ id: ShortID) -> ShortID { merges.canonical(id) }

    /// An organisation and all that were merged into it.
    func names(of organisation: ShortID) -> [ShortID] {
        [organisation] + merges.merged(into: organisation)
    }

    /// Ascending in the order of short names, then of ids; by the record that stands for it.
    func rank(_ organisation: ShortID?) -> (String, ShortID) {
        guard let organisation else { return ("~", ShortID()) }
        let id = standing(organisation)
        return (shortNames[id] ?? "~", id)
    }

    mutating func named(_ id: ShortID) throws(QueryError) -> PackTable.Named {
        if let known = names[id] { return known }
        let standing = standing(id)
        let named = PackTable.Named(id: standing, name: try base.lineOf(standing))
        names[id] = named
        return named
    }

    mutating func record(_ id: ShortID?) throws(QueryError) -> PackTable.Cell {
        guard let id else { return .nothing }
        return .record(try named(id))
    }

    /// Records in the order of their ids.
    mutating func records(_ ids: [ShortID]) throws(QueryError) -> PackTable.Cell {
        var all: [PackTable.Named] = []
        for id in ids { all.append(try named(id)) }
        return all.isEmpty ? .nothing : .records(all)
    }

    /// What a field with a code or a workflow shows.
    func code(_ record: RecordView, _ field: String) -> PackTable.Cell {
        guard let row = record.kind.field(named: field) else { return .nothing }
        if case .workflow(let workflow) = row.merge {
            guard let word = record.state(field) else { return .nothing }
            return .code(.init(word: word, label: workflow.state(code: word)?.label))
        }
        return record.text(field).map { .code(coded($0, row.type)) } ?? .nothing
    }

    /// The words of a set of codes, in the order of the table.
    func codes(_ record: RecordView, _ field: String) -> PackTable.Cell {
        guard let row = record.kind.field(named: field) else { return .nothing }
        var words = record.words(field)
        if case .code(let codes) = row.type {
            let places = Dictionary(codes.enumerated().map { ($1.word, $0) }) { first, _ in first }
            words.sort { (places[$0] ?? .max, $0) < (places[$1] ?? .max, $1) }
        }
        return words.isEmpty ? .nothing : .codes(words.map { coded($0, row.type) })
    }

    private func coded(_ word: String, _ type: ValueType) -> PackTable.Coded {
        guard case .code(let codes) = type else { return .init(word: word, label: nil) }
        return .init(word: word, label: codes.first { $0.word == word }?.label)
    }

    /// The place of a workflow's state in the table.
    func place(_ record: RecordView, _ field: String) -> Int {
        guard case .workflow(let workflow)? = record.kind.field(named: field)?.merge, let state = record.state(field)
        else { return .max }
        return workflow.states.firstIndex { $0.code == state } ?? .max
    }

    /// A text with languages in that of the pack.
    func spoken(_ record: RecordView, _ field: String) -> PackTable.Cell {
        base.spoken(record, field).map { .text($0.text, language: $0.language) } ?? .nothing
    }
}
