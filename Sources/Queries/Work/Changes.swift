import Bytes
import Crypto
import Records
package import Replica

/// What a sync brought: what is new, changed, deleted or in conflict since then, and by whom.
///
/// The one question whose answer differs from node to node: it is about what came here, and when.
package enum Changes: Query {
    package static let verb = "changes"

    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let all = try base.read { () throws(RecordStoreError) in try base.store.sessions() }
        let sessions = try wanted(question, all)
        let arrivals = try base.read { () throws(RecordStoreError) in
            try base.store.arrivals(in: sessions.map(\.number))
        }
        var changes: [RecordChange] = []
        for arrival in arrivals { if let change = try RecordChange(arrival, base) { changes.append(change) } }
        changes.sort()
        let counts = [
            ("new", changes.count { $0.what == .new }), ("changed", changes.count { $0.what == .changed }),
            ("deleted", changes.count { $0.what == .deleted }),
            ("inConflict", changes.count { !$0.disputed.isEmpty }),
        ]
        let document = Document.object(
            [.init("sessions", .array(sessions.reversed().map(self.document)))]
                + counts.map { .init($0.0, .int(Int64($0.1))) }
                + [.init("changes", .array(changes.flatMap(\.documents)))])
        return Answer(document, notes: changes.isEmpty ? [] : ["to take one back: liaison undo ENTRY"])
    }

    /// The sessions that are asked for, the newest first: all of a peer or since a day, else the last one that brought
    /// something.
    private static func wanted(_ question: Question, _ all: [SessionNote]) throws(QueryError) -> [SessionNote] {
        var sessions = all.filter { $0.received > 0 }
        if let text = question.value(of: "session") {
            guard let number = Int(text), let one = all.first(where: { $0.number == number }) else {
                throw .invalid(what: "--session: there is no session \(text)", remedy: range(of: all))
            }
            return [one]
        }
        if let name = question.value(of: "peer") {
            guard all.contains(where: { isPeer($0, name) }) else {
                throw .invalid(
                    what: "--peer: no session with \(name) has brought or handed out anything", remedy: peers(of: all))
            }
            sessions = sessions.filter { isPeer($0, name) }
        }
        guard let since = question.value(of: "since") else { return Array(sessions.prefix(1)) }
        guard let day = CivilTime.dayNumber(since) else {
            throw .invalid(what: "--since: \(since) is no date", remedy: "such as --since 2027-03-01")
        }
        return sessions.filter { $0.ended >= day * 86_400 }
    }

    /// Whether a session was with a peer of this name, or with the device whose id begins so.
    private static func isPeer(_ session: SessionNote, _ name: String) -> Bool {
        session.peer == name || name.utf8.count >= 8 && session.device.hex.hasPrefix(name.lowercased())
    }

    private static func range(of all: [SessionNote]) -> String {
        guard let first = all.last, let last = all.first else { return "nothing has come yet: liaison sync" }
        return "a number from \(first.number) to \(last.number)"
    }

    private static func peers(of all: [SessionNote]) -> String {
        let names = Set(all.compactMap(\.peer)).sorted()
        return names.isEmpty ? "liaison peer list" : "one of \(names.joined(separator: ", "))"
    }

    private static func document(_ session: SessionNote) -> Document {
        .pairs([
            "session": .int(Int64(session.number)), "peer": session.peer.map { .string($0) } ?? .null,
            "device": .string(session.device.hex), "began": .string(CivilTime.text(session.began)),
            "received": .int(Int64(session.received)), "sent": .int(Int64(session.sent)),
        ])
    }
}

/// What came to one record.
private struct RecordChange: Comparable {
    enum What: Int {
        case new
        case changed
        case deleted
    }

    /// One entry that came.
    struct Row {
        let what: String
        let fields: [String]
        let disputed: [String]
        let entry: EntryView
    }

    let what: What
    let rows: [Row]
    private let id: ShortID
    private let kind: Int
    private let kindName: String
    private let title: String?

    /// The fields, each once, in which a person must decide because of what came.
    var disputed: [String] {
        var seen: Set<String> = []
        return rows.flatMap(\.disputed).filter { seen.insert($0).inserted }
    }

    /// - Returns: nil where there is nothing to say: of what came and went again, and of what was deleted here before.
    init?(_ arrival: Arrival, _ base: RecordBase<some RecordStore>) throws(QueryError) {
        let came = Set(arrival.entries)
        let read = try base.read { () throws(RecordStoreError) in
            (try base.store.state(of: arrival.record), try base.store.history(of: arrival.record))
        }
        guard let state = read.0 else { return nil }
        let entries = read.1.filter { came.contains($0.entry) }
        let isDeleted = state.isDeleted && state.standingDeletes.contains { came.contains($0.id.entry) }
        if state.isDeleted, arrival.isNew || !isDeleted { return nil }
        let known = base.schema.kind(state.kind)
        what = isDeleted ? .deleted : arrival.isNew ? .new : .changed
        id = state.id
        kind = state.kind
        kindName = base.schema.name(ofKind: state.kind)
        title = RecordRendering(base.schema).title(state, language: base.language)
        let disputes = state.readings(known).flatMap(\.disputable).filter(\.needsDecision)
        // Where the delete was here before, whatever else came disputes it.
        let isContestedHere = !state.contested.isEmpty && !state.contested.contains { came.contains($0.id.entry) }
        rows = entries.enumerated().map { index, entry in
            var disputed = disputes.filter { $0.left.contains { $0.id.entry == entry.entry } }.map(\.name)
            let isContesting = isContestedHere && !entry.operations.contains { $0.type == .existence }
            if isContesting || state.contested.contains(where: { $0.id.entry == entry.entry }) {
                disputed.append("deleted")
            }
            return RecordChange.row(entry, isFirst: index == 0 && arrival.isNew, known, disputed)
        }
    }

    private static func row(_ entry: EntryView, isFirst: Bool, _ kind: Kind?, _ disputed: [String]) -> Row {
        var what = isFirst ? "new" : "changed"
        if entry.notApplied != nil {
            what = "not understood"
        } else if let existence = entry.operations.first(where: { $0.type == .existence }) {
            what = existence.shape == .unsigned(0) ? "deleted" : "restored"
        }
        var seen: Set<String> = []
        let changed = entry.operations.filter { $0.field > ReservedField.because }.map { operation in
            kind?.field(operation.field)?.name ?? "#\(operation.field)"
        }
        return Row(
            what: what, fields: isFirst ? [] : changed.filter { seen.insert($0).inserted }, disputed: disputed,
            entry: entry)
    }

    var documents: [Document] {
        rows.map { row in
            .pairs([
                "what": .string(row.what), "kind": .string(kindName), "id": .string(id.hex),
                "name": title.map { .string($0) } ?? .null,
                "fields": .strings(row.fields), "inConflict": .strings(row.disputed),
                "organisation": row.entry.organisation.map { .string($0.hex) } ?? .null,
                "device": .string(row.entry.device.hex), "claimedAt": .string(CivilTime.text(row.entry.claimedAt)),
                "entry": .string(row.entry.entry.hex),
            ])
        }
    }

    static func == (a: RecordChange, b: RecordChange) -> Bool { a.id == b.id }

    /// The new ones first and the deleted ones last, then by kind and id.
    static func < (a: RecordChange, b: RecordChange) -> Bool {
        (a.what.rawValue, a.kind, a.id) < (b.what.rawValue, b.kind, b.id)
    }
}
