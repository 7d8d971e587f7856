import Bytes
import Crypto
import Queries
import Records
import Replica

/// What waits for a person, where values come from, and how an entry is taken back.
extension RecordVerbs {
    // MARK: Conflicts

    func conflicts(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let rendering = RecordRendering(schema)
        let responsibility = try queryError { () throws(QueryError) in try Responsibility(base(store)) }
        let party = try request.value(of: "for").map { (text) throws(Failure) in
            try self.party(text, responsibility, store)
        }
        var conflicts: [Document] = []
        var contested: [Document] = []
        for id in try storeError({ () throws(RecordStoreError) in try store.conflictCandidates() }) {
            guard let state = try state(id, store) else { continue }
            let (open, contest) = (rendering.conflicts(state), rendering.contest(state))
            guard !open.isEmpty || contest != nil else { continue }
            let responsible = try queryError { () throws(QueryError) in try responsibility.of(state) }
            if let party {
                let isTheirs = try queryError { () throws(QueryError) in
                    try responsibility.concerns(responsible, party)
                }
                guard isTheirs else { continue }
            }
            let who = Document.Member("responsible", .strings(responsible.map(\.hex)))
            conflicts += open.map { .object(($0.members ?? []) + [who]) }
            if let contest {
                let restore = Document.Member("restore", .string("liaison restore \(id.hex.prefix(8))"))
                contested.append(.object((contest.members ?? []) + [who, restore]))
            }
        }
        let document = Document.pairs(["conflicts": .array(conflicts), "contested": .array(contested)])
        var notes: [String] = []
        if !conflicts.isEmpty { notes.append("to decide: liaison resolve ID FIELD --keep N --because TEXT") }
        if !contested.isEmpty {
            notes.append("to keep a contested record: liaison restore ID; to delete it again: liaison delete ID")
        }
        return Response(document, exitCode: conflicts.isEmpty ? .done : .undecided, notes: notes)
    }

    private func party<Store>(
        _ text: String, _ responsibility: Responsibility<Store>, _ store: some RecordStore
    ) throws(Failure) -> Responsibility<Store>.Party {
        if text == "me" { return try queryError { () throws(QueryError) in try responsibility.ownParty() } }
        let finder = RecordFinder(schema: schema, store: store)
        let id = try recordError { () throws(RecordError) in
            try finder.find(text, kinds: [Kind.organisation.number, Kind.contact.number], verb: nil)
        }
        return try queryError { () throws(QueryError) in try responsibility.party(id) }
    }

    func base<Store: RecordStore>(_ store: Store) -> RecordBase<Store> {
        RecordBase(store, schema: schema, language: language, today: CivilTime.day(store.time))
    }

    // MARK: Undo

    func undo(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let (entry, state, history) = try entry(request.arguments.first ?? "", store)
        let editor = editor(store)
        let because = request.value(of: "because")
        let (undo, reason) = try recordError { () throws(RecordError) in
            (try editor.undo(entry, of: state, history: history), try editor.remark(because))
        }
        var written: [WrittenEntry] = []
        if let draft = undo.draft {
            let whole = EntryDraft(target: draft.target, operations: draft.operations + reason)
            try check(whole, before: state, history: history, store)
            written += try write([whole], &store)
        } else if undo.deletes, !reason.isEmpty {
            // A reason in the entry that deletes would keep the record alive.
            _ = try write([EntryDraft(target: .existing(state.id), operations: reason)], &store)
        }
        if undo.deletes {
            let last = try storeError { () throws(RecordStoreError) in try store.lastEntries(of: state.id) }
            written += try write(editor.delete(state, lastEntries: last).map { [$0] } ?? [], &store)
        }
        let document = Document.pairs([
            "id": .string(state.id.hex), "entry": written.first.map { .string($0.entry.hex) } ?? .null,
            "undone": .array(
                undo.undone.map {
                    .pairs([
                        "field": .string($0.field), "operation": .string($0.operation), "value": $0.value ?? .null,
                    ])
                }),
            "left": .array(undo.left.map { .pairs(["field": .string($0.field), "why": .string($0.why)]) }),
        ])
        let isDone = undo.undone.isEmpty && undo.left.isEmpty
        return Response(
            document, exitCode: undo.left.isEmpty ? .done : .undecided,
            notes: undo.notes + (isDone ? ["nothing of this entry stands any more"] : []))
    }

    /// The entry whose id begins so, with its record and all that was written to it.
    private func entry(
        _ text: String, _ store: some RecordStore
    ) throws(Failure) -> (EntryView, RecordState, [EntryView]) {
        let digits = text.lowercased()
        let isPrefix =
            (RecordVerbs.leastEntryDigits...64).contains(digits.utf8.count)
            && [UInt8](hex: digits.utf8.count.isMultiple(of: 2) ? digits : digits + "0") != nil
        let missing = Failure(.notFound, "entry \(text) was not found", hint: "liaison history ID shows the entries")
        guard isPrefix else { throw missing }
        switch try storeError({ () throws(RecordStoreError) in try store.find(entryPrefix: digits) }) {
        case .none: throw missing
        case .several(let count):
            throw Failure(
                .notFound, "\(count) entries have ids that begin with \(text)", hint: "give more digits of the id")
        case .one(let id, let record):
            let history = try storeError { () throws(RecordStoreError) in try store.history(of: record) }
            guard let entry = history.first(where: { $0.entry == id }), let state = try state(record, store) else {
                throw missing
            }
            return (entry, state, history)
        }
    }

    /// The fewest digits by which an entry is named.
    private static var leastEntryDigits: Int { 4 }

    // MARK: Why

    func why(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let own = try record(request, store)
        let path = request.arguments.dropFirst().first ?? ""
        let merges = try merges(store)
        let editor = editor(store)
        let ids = [own.id] + merges.merged(into: own.id)
        // What is empty here is filled from those that count as this one: then it comes from there.
        for id in ids.dropFirst() where !holds(own, path) {
            guard let other = try state(id, store), !other.isDeleted, holds(other, path) else { continue }
            return try why(other, path, editor, store)
        }
        return try why(own, path, editor, store)
    }

    private func why(
        _ state: RecordState, _ path: String, _ editor: RecordEditor, _ store: some RecordStore
    ) throws(Failure) -> Response {
        let history = try storeError { () throws(RecordStoreError) in try store.history(of: state.id) }
        return Response(
            try recordError { () throws(RecordError) in try editor.why(state, path, history: history) })
    }

    /// Whether a field, or any key of it, shows a value.
    private func holds(_ state: RecordState, _ path: String) -> Bool {
        let name = Assignment.split(path).field
        return RecordRendering(schema).document(state)["fields"]?[name] != nil
    }
}

/// Tells what a query did not answer.
func queryError<R>(_ body: () throws(QueryError) -> R) throws(Failure) -> R {
    do { return try body() } catch { throw Failure(error) }
}
