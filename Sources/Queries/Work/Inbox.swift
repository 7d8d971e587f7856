import Bytes
import Crypto
import Records
package import Replica

/// What others said to somebody, did to their records, and want of them; the newest first.
package enum Inbox: Query {
    /// As it is typed.
    package static let verb = "inbox"

    /// How far back it looks where nobody says.
    private static let days: Int64 = 30

    /// One line of the inbox.
    struct Row {
        /// Seconds since 1970, as claimed.
        let when: Int64
        let what: String
        let record: ShortID
        /// What a comment is about, or what a request asks to relay.
        var on: ShortID?
        let by: ShortID?
        var due: String?
        let text: String?
    }

    /// Lists what others did, said and want.
    package static func answer(
        _ question: Question, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> Answer {
        let asker = try Asker(question, base)
        let given = try question.day("since")
        let today = CivilTime.dayNumber(base.today) ?? 0
        let since = (given.flatMap(CivilTime.dayNumber) ?? today - days) * 86_400
        var owners = Owners()
        var rows = try comments(asker, since, &owners, base) + changes(asker, since, &owners, base)
        rows += try requests(asker, base) + proposals(asker, base)
        rows.sort { a, b in
            if a.when != b.when { return a.when > b.when }
            return a.record != b.record ? a.record < b.record : a.what < b.what
        }
        return Answer(
            .pairs([
                "since": .string(CivilTime.day(since)),
                "inbox": .array(
                    rows.map { row in
                        .pairs([
                            "when": .string(CivilTime.text(row.when)), "what": .string(row.what),
                            "record": row.record.document, "on": row.on?.document ?? .null,
                            "by": row.by?.document ?? .null, "due": .optional(row.due), "text": .optional(row.text),
                        ])
                    }),
            ]))
    }

    // MARK: What others said

    private static func comments(
        _ asker: Asker, _ since: Int64, _ owners: inout Owners, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [Row] {
        let all = try base.live("comment")
        var mine: Set<ShortID> = []
        for record in all {
            // A field that keeps its first value tells who made the record, and when.
            if let origin = record.origin("on"), asker.wrote(origin.device, origin.organisation) {
                mine.insert(record.id)
            }
        }
        var rows: [Row] = []
        for record in all where !mine.contains(record.id) {
            guard let origin = record.origin("on"), origin.claimedAt >= since, let on = record.id("on") else {
                continue
            }
            var what: String?
            if record.ids("mentions").contains(where: asker.names.contains) {
                what = "mention"
            } else if let reply = record.id("reply_to"), mine.contains(reply) {
                what = "reply"
            } else if let organisation = asker.organisation, try owners.owner(of: on, base) == organisation {
                what = "comment"
            }
            guard let what else { continue }
            rows.append(
                Row(
                    when: origin.claimedAt, what: what, record: record.id, on: on, by: origin.organisation,
                    text: record.text("text")))
        }
        return rows
    }

    // MARK: What others did

    /// The records of the asker's organisation whose newest change is another's.
    private static func changes(
        _ asker: Asker, _ since: Int64, _ owners: inout Owners, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> [Row] {
        guard let organisation = asker.organisation else { return [] }
        let kinds = base.schema.kinds.filter { $0.name != "comment" }.map(\.number)
        let changed = try base.read { () throws(RecordStoreError) in
            try base.store.changed(since: since, byOthersThan: organisation, kinds: kinds)
        }
        var rows: [Row] = []
        for one in changed {
            guard let kind = base.schema.kind(one.kind) else { continue }
            // Only of a record that one entry creates does that entry say whose it is.
            let isOwn =
                try kind.creation == .byHand
                ? one.creator == organisation : owners.owner(of: one.record, base) == organisation
            guard isOwn else { continue }
            let history = try base.read { () throws(RecordStoreError) in try base.store.history(of: one.record) }
                .filter { $0.notApplied == nil }
            guard let newest = history.max(by: { ($0.claimedAt, $0.entry) < ($1.claimedAt, $1.entry) }),
                newest.organisation != organisation, newest.claimedAt >= since
            else { continue }
            rows.append(
                Row(
                    when: newest.claimedAt, what: "changed", record: one.record, by: newest.organisation,
                    text: summary(newest, kind)))
        }
        return rows
    }

    /// Which fields an entry changed.
    private static func summary(_ entry: EntryView, _ kind: Kind) -> String {
        var words: [String] = []
        for operation in entry.operations {
            let word: String
            if operation.type == .existence {
                word = operation.shape == .unsigned(0) ? "deleted" : "restored"
            } else {
                word = kind.field(operation.field)?.name ?? "#\(operation.field)"
            }
            if !words.contains(word) { words.append(word) }
        }
        return words.joined(separator: ", ")
    }

    // MARK: What others want

    /// What the asker's organisation is asked to relay, and has not said what it did.
    private static func requests(_ asker: Asker, _ base: RecordBase<some RecordStore>) throws(QueryError) -> [Row] {
        guard let organisation = asker.organisation else { return [] }
        var answered: Set<ShortID> = []
        for pickup in try base.live("pickup") where pickup.id("org") == organisation {
            if let request = pickup.id("request") { answered.insert(request) }
        }
        var rows: [Row] = []
        for record in try base.live("publicity_request") where !answered.contains(record.id) {
            guard record.flag("to_all") == true || record.ids("targets").contains(organisation),
                let origin = record.origin("item"), origin.organisation != organisation
            else { continue }
            let until = record.datePart("period", "until")
            guard until.map({ $0 >= base.today }) ?? true else { continue }
            rows.append(
                Row(
                    when: origin.claimedAt, what: "publicity", record: record.id, on: record.id("item"),
                    by: origin.organisation, due: until, text: base.title(record)))
        }
        return rows
    }

    /// What waits for the answer of the asker's organisation.
    private static func proposals(_ asker: Asker, _ base: RecordBase<some RecordStore>) throws(QueryError) -> [Row] {
        guard let organisation = asker.organisation else { return [] }
        var rows: [Row] = []
        func add(_ record: RecordView, on: String, due: String?) {
            let origin = record.step("state")
            rows.append(
                Row(
                    when: origin?.claimedAt ?? 0, what: "proposal", record: record.id, on: record.id(on),
                    by: origin?.organisation, due: due, text: "\(record.kind.name) \(record.state("state") ?? "")"))
        }
        for record in try base.live("engagement") where Followups.awaits(record, asker) {
            add(record, on: "advisor", due: record.datePart("period", "from"))
        }
        for record in try base.live("support") where Followups.asks(record, asker) {
            add(record, on: "for", due: record.values("due").compactMap { RecordView.date($0) }.min())
        }
        for record in try base.live("bid") {
            guard record.state("state") == "forming", record.ids("partners").contains(organisation),
                record.id("lead") != organisation
            else { continue }
            add(record, on: "opportunity", due: nil)
        }
        return rows
    }
}

/// Whose records are: found out once for each record.
struct Owners {
    private var known: [ShortID: ShortID?] = [:]

    /// The organisation that created a record: of an organisation itself, of a pair record the one that it is about.
    mutating func owner(
        of id: ShortID, _ base: RecordBase<some RecordStore>
    ) throws(QueryError) -> ShortID? {
        if let owner = known[id] { return owner }
        let owner = try found(id, base)
        known[id] = .some(owner)
        return owner
    }

    private func found(_ id: ShortID, _ base: RecordBase<some RecordStore>) throws(QueryError) -> ShortID? {
        guard let record = try base.record(id) else { return nil }
        if record.kind.name == "organisation" { return id }
        switch record.kind.creation {
        case .pair, .byDevice: if let organisation = record.id("org") { return organisation }
        default: break
        }
        return try base.creator(of: id)
    }
}
