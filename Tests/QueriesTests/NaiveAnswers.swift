import Bytes
import Crypto
import Queries
import Records
import Replica

/// The answers of the queries around the meeting, worked out again from what `show` prints: slow, and plain to read.
struct NaiveAnswers {
    /// A record as `show` prints it.
    struct Shown {
        let id: String
        let kind: String
        var document: Document

        /// Takes the fields that are missing from a record that counts as this one.
        mutating func complete(from other: Shown) {
            let own = document["fields"]?.members ?? []
            let more = (other.document["fields"]?.members ?? []).filter { field in
                field.name != "merged_into" && !own.contains { $0.name == field.name }
            }
            document = .pairs(["fields": .object(own + more)])
        }

        func text(_ field: String) -> String? { document["fields"]?[field]?.text }
        func text(_ field: String, _ part: String) -> String? { document["fields"]?[field]?[part]?.text }
        func all(_ field: String) -> [String] { document["fields"]?[field]?.items?.compactMap(\.text) ?? [] }
        var state: String? { text("state", "state") }
        /// The day of a date or a time.
        func day(_ field: String, _ part: String? = nil) -> String? {
            (part.map { text(field, $0) } ?? text(field)).map { String($0.prefix(10)) }
        }
    }

    let store: QueryStore
    let today: String
    var records: [Shown] = []
    private var standing: [String: String] = [:]

    init(_ store: QueryStore, today: String) {
        self.store = store
        self.today = today
        var held: Set<String> = []
        for kind in store.schema.kinds {
            store.forEach(kind: kind.number) { state in
                guard !state.isDeleted else { return }
                held.insert(state.id.hex)
                records.append(
                    Shown(
                        id: state.id.hex, kind: kind.name, document: RecordRendering(store.schema).document(state)))
            }
        }
        for record in records {
            if let target = record.text("merged_into"), target != record.id, held.contains(target) {
                standing[record.id] = target
            }
        }
        for other in records {
            if let place = records.firstIndex(where: { $0.id == standing[other.id] }) {
                records[place].complete(from: other)
            }
        }
        records.removeAll { standing[$0.id] != nil }
    }

    func stands(_ id: String) -> String { standing[id] ?? id }

    func all(_ kind: String) -> [Shown] { records.filter { $0.kind == kind } }

    func short(_ organisation: String) -> String {
        records.first { $0.id == organisation }?.text("short") ?? ""
    }

    private func days(to day: String) -> Int64 {
        (CivilTime.dayNumber(day) ?? 0) - (CivilTime.dayNumber(today) ?? 0)
    }

    /// The entry that wrote a field last.
    private func lastWriter(_ record: Shown, field: Int) -> EntryView? {
        ShortID(hex: record.id).flatMap { id in
            store.history(of: id).last { $0.operations.contains { $0.field == field } }
        }
    }

    // MARK: Contact quiet

    /// Organisation and days of silence; `-` where there never was a sign.
    func quiet(days limit: Int64) -> Set<String> {
        var quiet: Set<String> = []
        for organisation in all("organisation") {
            let status = organisation.text("status", "state")
            guard status != "lapsed", status != "withdrawn", organisation.text("type") != "donor",
                organisation.text("type") != "media"
            else { continue }
            let last = signs(of: organisation.id).filter { $0 <= today }.max()
            if let last, -days(to: last) <= limit { continue }
            quiet.insert("\(organisation.id) \(last ?? "-")")
        }
        return quiet
    }

    private func signs(of organisation: String) -> [String] {
        var signs: [String] = []
        func isOf(_ id: String?) -> Bool { id.map(stands) == organisation }
        func works(_ person: String?) -> Bool {
            guard let person else { return false }
            return isOf(records.first { $0.id == stands(person) }?.text("org"))
        }
        for record in records {
            switch record.kind {
            case "interaction": if record.all("orgs").contains(where: isOf) { signs += [record.day("when") ?? "~"] }
            case "contribution": if isOf(record.text("org")) { signs += [record.day("date") ?? "~"] }
            case "pickup": if isOf(record.text("org")) { signs += [record.day("date") ?? "~"] }
            case "comment":
                guard let entry = lastWriter(record, field: 16) else { continue }
                if isOf(entry.organisation?.hex) { signs.append(CivilTime.day(entry.claimedAt)) }
            case "rsvp":
                guard let entry = lastWriter(record, field: 18) else { continue }
                if works(record.text("person")) { signs.append(CivilTime.day(entry.claimedAt)) }
            case "meeting":
                guard ["held", "minuted", "closed"].contains(record.state ?? "") else { continue }
                if record.all("participants").contains(where: works) { signs += [record.day("period", "start") ?? "~"] }
            default: continue
            }
        }
        return signs
    }

    // MARK: Publicise pending

    /// Request, organisation and days left.
    func pending() -> Set<String> {
        var pending: Set<String> = []
        for request in all("publicity_request") {
            guard let item = records.first(where: { $0.id == request.text("item") }), item.state != "withdrawn"
            else { continue }
            if let from = request.day("period", "from"), from > today { continue }
            if let until = request.day("period", "until"), until < today { continue }
            var asked = Set(request.all("targets").map(stands))
            for organisation in all("organisation") where request.document["fields"]?["to_all"]?.flag == true {
                let status = organisation.text("status", "state") ?? ""
                if organisation.text("type") == "c2", ["designated", "under-renewal"].contains(status) {
                    asked.insert(organisation.id)
                }
            }
            for organisation in asked where organisation != item.text("org").map(stands) {
                let answers = all("pickup").filter {
                    $0.text("request") == request.id && $0.text("org").map(stands) == organisation
                        && ($0.text("url") != nil || !$0.all("channel").isEmpty || $0.text("declined_reason") != nil)
                }
                guard answers.isEmpty else { continue }
                let left = request.day("period", "until").map { String(days(to: $0)) } ?? "-"
                pending.insert("\(request.id) \(organisation) \(left)")
            }
        }
        return pending
    }

    // MARK: Deadlines

    /// Day, kind, id and field, those overdue with a mark, in their order.
    func deadlines() -> [String] {
        var found: [String] = []
        func add(_ record: Shown, _ field: String, _ day: String?, owed: Bool, over: Bool = false, _ number: Int = 0) {
            guard let day, !over, owed || day >= today else { return }
            found.append("\(day) \(record.kind) \(record.id) \(field) \(number) \(owed && day < today ? "late" : "")")
        }
        for record in records {
            let state = record.state ?? ""
            switch record.kind {
            case "action":
                let disputed = record.document["conflicts"]?["due"]?.items?.compactMap { $0["value"]?.text }
                let due = disputed?.min() ?? record.day("due")
                add(record, "due", due, owed: true, over: ["done", "dropped"].contains(state))
            case "agreement":
                let renewal = record.text("renewal", "state") ?? ""
                add(
                    record, "term.expires", record.day("term", "expires"), owed: renewal != "renewed",
                    over: renewal == "not-renewed")
                add(
                    record, "evaluation_due", record.day("evaluation_due"), owed: true,
                    over: ["proposed", "renewed", "not-renewed"].contains(renewal))
            case "contact": add(record, "review_by", record.day("review_by"), owed: true)
            case "contribution":
                add(
                    record, "embargo_until", record.day("embargo_until"), owed: false, over: state == "withdrawn")
            case "engagement":
                add(
                    record, "period.to", record.day("period", "to"), owed: ["accepted", "active"].contains(state),
                    over: ["completed", "declined"].contains(state))
            case "interaction": add(record, "follow_up.on", record.day("follow_up", "on"), owed: true)
            case "introduction":
                add(
                    record, "next_step", record.day("next_step"), owed: true,
                    over: ["engaged", "declined"].contains(state))
            case "opportunity":
                for (index, item) in (record.document["fields"]?["deadlines"]?.items ?? []).enumerated() {
                    add(
                        record, "deadlines", item["date"]?.text, owed: false,
                        over: ["closed", "cancelled"].contains(state), index + 1)
                }
            case "publicity_request": add(record, "period.until", record.day("period", "until"), owed: false)
            case "support":
                add(record, "due", record.day("due"), owed: true, over: ["given", "declined"].contains(state))
            default: continue
            }
        }
        return found.sorted()
    }

    // MARK: Meeting pack

    /// The ids of the rows of each table.
    func pack(since: String?) -> [String: Set<String>] {
        func reported(_ day: String?) -> Bool { day.map { $0 <= today && $0 >= since ?? "" } ?? false }
        func overlaps(_ from: String?, _ to: String?) -> Bool { from ?? "" <= today && to ?? "~" >= since ?? "" }
        func touched(_ record: Shown) -> Bool {
            let state = ShortID(hex: record.id).flatMap { store.state(of: $0) }
            let last = state?.fields.flatMap(\.left).map(\.claimedAt).max() ?? 0
            return reported(CivilTime.day(last))
        }
        func ids(_ kind: String, _ isIn: (Shown) -> Bool) -> Set<String> { Set(all(kind).filter(isIn).map(\.id)) }
        var tables: [String: Set<String>] = [:]
        tables["activities"] = ids("activity") { activity in
            let start = activity.day("actual", "start") ?? activity.day("planned", "start")
            var end = activity.day("actual", "end") ?? activity.day("planned", "end") ?? start
            if activity.state == "ongoing" { end = max(end ?? today, today) }
            let isPlan = ["idea", "planned"].contains(activity.state ?? "idea")
            return start == nil && end == nil ? !isPlan : overlaps(start, end)
        }
        tables["contributions"] = ids("contribution") { $0.state == "submitted" && reported($0.day("date")) }
        tables["pickups"] = ids("pickup") { pickup in
            let isAnswer = !pickup.all("channel").isEmpty || pickup.text("url") != nil
            return (isAnswer || pickup.text("declined_reason") != nil) && reported(pickup.day("date"))
        }
        tables["engagements"] = ids("engagement") { engagement in
            let (from, to) = (engagement.day("period", "from"), engagement.day("period", "to"))
            let isOpen = ["proposed", "accepted", "active"].contains(engagement.state ?? "")
            return from == nil && to == nil ? isOpen || touched(engagement) : overlaps(from, to)
        }
        tables["introductions"] = ids("introduction") {
            !["engaged", "declined"].contains($0.state ?? "") || touched($0)
        }
        tables["bids"] = ids("bid") { bid in
            !["won", "lost", "withdrawn"].contains(bid.state ?? "") || reported(bid.day("submitted", "when"))
                || touched(bid)
        }
        return tables
    }

    /// How many interactions each organisation had.
    func interactions(since: String?) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for interaction in all("interaction") {
            guard let day = interaction.day("when"), day <= today, day >= since ?? "" else { continue }
            for organisation in Set(interaction.all("orgs").map(stands)) { counts[organisation, default: 0] += 1 }
        }
        return counts
    }
}
