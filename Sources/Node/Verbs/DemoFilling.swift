import Bytes
import Crypto
import Demo
import Records
import Replica
import Store

/// Writes the records of the demonstration into a store, as their authors would have over a year: `liaison demo`.
///
/// A record that is here already is known by its tag, an organisation also by its name, and is not written again. Steps
/// of workflows are taken where a record stands where they begin, so that several nodes, each for its own member, can
/// fill and meet in turns.
struct DemoFilling {
    let store: ReplicaStore
    let schema: Schema
    let language: String
    /// What the clock says, seconds since 1970.
    let time: Int64

    /// The most entries of one transaction.
    private static let batchCount = 200

    func perform(_ request: Request) throws(Failure) -> Response {
        let plan = try plan(request)
        var book = try DemoBook(plan.network, store: store, schema: schema, time: time)
        if let member = plan.only { try book.play(member, store) }
        var work = Work(book: book)
        var batch: [DemoEvent] = []
        for event in DemoEvent.all(of: plan.network, authors: plan.authors) {
            if let first = batch.first, !event.goes(with: first) || batch.count == DemoFilling.batchCount {
                try write(batch, plan, &work)
                batch = []
            }
            batch.append(event)
        }
        try write(batch, plan, &work)
        try introduce(plan, &work)
        return Response(
            document(plan, work),
            notes: [
                "demonstration data: people, organisations and figures are fictional; each record has a tag "
                    + "such as \(plan.network.tag("contact-1"))"
            ])
    }

    /// What is to be written, and for whom.
    private struct Plan {
        let network: DemoNetwork
        /// `YYYY-MM-DD`.
        let today: String
        let only: Member?
        /// The names of the members whose work is written.
        let authors: Set<String>
    }

    private func plan(_ request: Request) throws(Failure) -> Plan {
        let hint = "liaison demo --records \(Census.story)"
        let wanted = request.value(of: "records") ?? String(Census.story)
        guard let count = Int(wanted), (Census.least...Census.greatest).contains(count) else {
            throw Failure(
                .invalidValue, "--records: \(wanted) is no number from \(Census.least) to \(Census.greatest)",
                hint: hint)
        }
        let seed = request.value(of: "seed") ?? "1"
        guard let seed = UInt64(seed) else {
            throw Failure(.invalidValue, "--seed: \(seed) is no whole number", hint: "\(hint) --seed 1")
        }
        let today = request.value(of: "at") ?? CivilTime.day(time)
        guard CivilTime.isDate(today), ("1001-01-01"..."8999-12-31").contains(today) else {
            throw Failure(
                .invalidValue, "--at: \(today) is no date of these millennia", hint: "such as --at 2027-03-01")
        }
        let network = DemoNetwork(seed: seed, count: count, today: today)
        guard let name = request.value(of: "only") else {
            return Plan(network: network, today: today, only: nil, authors: Set(network.members.map(\.name)))
        }
        guard let member = network.member(named: name) else {
            let known = network.members.prefix(12).map(\.name).joined(separator: ", ")
            throw Failure(.notFound, "there is no member \(name) in this network", hint: "members are \(known)")
        }
        return Plan(network: network, today: today, only: member, authors: [member.name])
    }

    /// What has come of it so far.
    private struct Work {
        var book: DemoBook
        var created: [String: Int] = [:]
        var entries = 0
    }

    // MARK: Writing

    /// Writes what happened on one day and does not hang on each other.
    private func write(_ batch: [DemoEvent], _ plan: Plan, _ work: inout Work) throws(Failure) {
        guard let first = batch.first else { return }
        let time = claimed(first.day, plan)
        let (drafts, created) = try drafts(of: batch, plan, time, &work.book)
        guard !drafts.isEmpty else { return }
        let written: [WrittenEntry]
        do { written = try store.write(drafts, space: SpaceName.net, time: time) } catch { throw Failure(error) }
        work.entries += written.count
        for (place, key, kind) in created {
            work.book.ids[key] = written[place].record
            work.created[kind, default: 0] += 1
        }
    }

    /// What is to be written, and which of it are new records.
    private func drafts(
        of batch: [DemoEvent], _ plan: Plan, _ time: Int64, _ book: inout DemoBook
    ) throws(Failure) -> (drafts: [EntryDraft], created: [(place: Int, key: String, kind: String)]) {
        let ids = book.ids
        let editor = RecordEditor(
            schema: schema, language: language,
            writer: WriterContext(organisation: store.ownGrant?.organisation, time: time)
        ) { (key: String, _) throws(RecordError) in
            guard let id = ids[key] else { throw .notFound("record \(key) of the demonstration", remedy: nil) }
            return id
        }
        var drafts: [EntryDraft] = []
        var created: [(place: Int, key: String, kind: String)] = []
        for event in batch {
            let record = plan.network.records[event.record]
            if let place = event.change {
                guard let draft = try change(record, record.changes[place], editor, book) else { continue }
                drafts.append(draft)
            } else if let draft = try create(record, editor, plan, &book) {
                if case .existing = draft.target {
                } else {
                    created.append((drafts.count, record.key, record.kind.name))
                }
                drafts.append(draft)
            }
        }
        return (drafts, created)
    }

    /// What the clock said when something was written: noon of its day, but nothing after now on this very day.
    private func claimed(_ day: Int, _ plan: Plan) -> Int64 {
        let noon = ((CivilTime.dayNumber(plan.today) ?? 0) + Int64(day)) * 86_400 + 43_200
        return plan.today == CivilTime.day(time) ? min(noon, time) : noon
    }

    /// The draft of a record that is not here; nil when it is, or when something is missing that it cannot be without.
    private func create(
        _ record: DemoRecord, _ editor: RecordEditor, _ plan: Plan, _ book: inout DemoBook
    ) throws(Failure) -> EntryDraft? {
        let tag = Assignment(field: "tags", text: plan.network.tag(record.key))
        if let id = book.ids[record.key] {
            // An organisation that was known by its name so far gets what it does not say yet.
            guard book.unmarked.remove(record.key) != nil, let state = try state(id), !state.isDeleted else {
                return nil
            }
            let empty = DemoFilling.empty(record.values, state, record.kind)
            return try recordError { () throws(RecordError) in
                let set = try editor.set(state, empty)
                let tagged = try editor.add(state, [tag])
                return EntryDraft(
                    target: .existing(id), operations: (set?.operations ?? []) + (tagged?.operations ?? []))
            }
        }
        guard !book.gone.contains(record.key), let values = book.resolved(record.values, record.kind) else {
            return nil
        }
        let draft = try recordError { () throws(RecordError) in try editor.create(record.kind, values + [tag]) }
        if case .pair(let kind, let ids) = draft.target {
            let id = RecordID.pair(network: store.network, space: SpaceName.net, kind: kind, ids: ids)
            if try state(id) != nil {
                book.ids[record.key] = id
                return nil
            }
        }
        return draft
    }

    /// The draft of what happened to a record later; nil where the record is not here, something is awaited
    /// that it names, or somebody has gone on with the record.
    private func change(
        _ record: DemoRecord, _ change: DemoChange, _ editor: RecordEditor, _ book: DemoBook
    ) throws(Failure) -> EntryDraft? {
        guard let id = book.ids[record.key], let state = try state(id), !state.isDeleted else { return nil }
        guard var values = book.known(change.values, record.kind) else { return nil }
        if let step = change.step {
            guard let field = record.kind.field(named: step.field), let reading = state.reading(field),
                !reading.needsDecision, let current = reading.effectiveStep, reading.code(current.to) == step.from
            else { return nil }
            let rest = values.filter { $0.field != step.field }
            values = values.filter { $0.field == step.field } + DemoFilling.empty(rest, state, record.kind)
        } else {
            values = DemoFilling.empty(values, state, record.kind)
        }
        guard !values.isEmpty else { return nil }
        return try recordError { () throws(RecordError) in try editor.set(state, values) }
    }

    /// The values for fields that hold nothing.
    private static func empty(_ values: [Assignment], _ state: RecordState, _ kind: Kind) -> [Assignment] {
        let readings = state.readings(kind)
        return values.filter { value in
            !readings.contains { reading in
                guard reading.field?.name == value.field else { return false }
                if reading.type == .map, reading.keyText != value.key { return false }
                return reading.type != .register && reading.type != .map || reading.shown != .null
            }
        }
    }

    private func state(_ id: ShortID) throws(Failure) -> RecordState? {
        do { return try store.state(ofRecord: id) } catch { throw Failure(error) }
    }

    // MARK: Whose device it is

    /// Writes into this device's own record who uses it, unless somebody has said so.
    private func introduce(_ plan: Plan, _ work: inout Work) throws(Failure) {
        let name = plan.only?.name ?? plan.network.members.first?.name ?? ""
        guard let key = plan.network.person(of: name), let person = work.book.ids[key],
            let device = store.identity?.device
        else { return }
        let id = RecordID.pair(network: store.network, space: SpaceName.net, kind: store.deviceKind, ids: [device])
        guard let state = try state(id), let field = Kind.device.field(named: "person"), state.reading(field) == nil
        else { return }
        let draft = EntryDraft(
            target: .existing(id),
            operations: [.init(field: field.number, type: field.merge.type, replaces: [], value: .id(person.bytes))])
        do { work.entries += try store.write([draft], space: SpaceName.net, time: time).count } catch {
            throw Failure(error)
        }
    }

    // MARK: Telling

    private func document(_ plan: Plan, _ work: Work) -> Document {
        var rows: [Document] = []
        var (created, held, leftOut) = (0, 0, 0)
        let byKind = Dictionary(grouping: plan.network.records) { $0.kind.name }
        for kind in Census.kinds {
            let records = byKind[kind] ?? []
            let new = work.created[kind] ?? 0
            let here = records.count { work.book.ids[$0.key] != nil }
            rows.append(
                .pairs([
                    "kind": .string(kind), "created": .int(Int64(new)), "held": .int(Int64(here - new)),
                    "leftOut": .int(Int64(records.count - here)),
                ]))
            (created, held, leftOut) = (created + new, held + here - new, leftOut + records.count - here)
        }
        return .pairs([
            "seed": .string(String(plan.network.seed)), "at": .string(plan.today),
            "only": plan.only.map { .string($0.name) } ?? .null, "created": .int(Int64(created)),
            "held": .int(Int64(held)), "leftOut": .int(Int64(leftOut)), "entries": .int(Int64(work.entries)),
            "kinds": .array(rows),
        ])
    }
}

/// One thing that one of the authors did: created a record, or changed it.
struct DemoEvent {
    /// Where the record stands in the network.
    let record: Int
    /// Which of its changes; nil for its creation.
    let change: Int?
    let day: Int
    /// Greater than that of everything it hangs on.
    let level: Int

    /// Whether both can stand in one transaction.
    func goes(with other: DemoEvent) -> Bool { day == other.day && level == other.level }

    /// What these authors did, in an order in which it can be written.
    static func all(of network: DemoNetwork, authors: Set<String>) -> [DemoEvent] {
        var levels: [String: Int] = [:]
        func level(_ values: [Assignment], _ kind: Kind, above floor: Int) -> Int {
            1 + values.reduce(floor) { $1.references(kind).reduce($0) { max($0, levels[$1] ?? 0) } }
        }
        for record in network.records { levels[record.key] = level(record.values, record.kind, above: 0) }
        var events: [DemoEvent] = []
        for (index, record) in network.records.enumerated() {
            var last = levels[record.key] ?? 0
            if authors.contains(record.author) {
                events.append(DemoEvent(record: index, change: nil, day: record.day, level: last))
            }
            for (place, change) in record.changes.enumerated() {
                last = level(change.values, record.kind, above: last)
                guard authors.contains(change.author) else { continue }
                events.append(DemoEvent(record: index, change: place, day: change.day, level: last))
            }
        }
        return events.sorted {
            ($0.day, $0.level, $0.record, $0.change ?? -1) < ($1.day, $1.level, $1.record, $1.change ?? -1)
        }
    }
}
