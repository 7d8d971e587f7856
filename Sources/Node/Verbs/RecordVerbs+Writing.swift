import Bytes
import Crypto
import Queries
import Records
import Replica

/// The commands that write one entry.
extension RecordVerbs {
    func new(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let editor = editor(store)
        let given = try assignments(request)
        var draft: EntryDraft? = try recordError { () throws(RecordError) in
            try editor.create(try schema.kind(named: request.arguments.first ?? ""), given)
        }
        var held: RecordState?
        if case .pair(let kind, let ids)? = draft?.target {
            let id = RecordID.pair(network: store.network, space: RecordVerbs.space, kind: kind, ids: ids)
            held = try state(id, store)
            if let held {
                draft = try recordError { () throws(RecordError) in try editor.create(again: held, given) }
                if draft == nil { return Response(.pairs(["id": .string(id.hex)])) }
            }
        }
        if let draft { try check(draft, before: held, store) }
        let written = try write(draft.map { [$0] } ?? [], &store)
        guard let first = written.first else { throw Failure(.failed, "nothing was written") }
        var response = Response(.pairs(["id": .string(first.record.hex)]))
        if let held {
            let deleted = held.isDeleted ? ", deleted" : ""
            response.notes = ["it was there already\(deleted): what it held stays where nothing new is said"]
        }
        return response
    }

    func set(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let given = try assignments(request)
        return try edit(request, &store) { (editor, state) throws(RecordError) in
            let draft = try editor.set(state, given)
            guard draft?.operations.contains(where: { $0.field == ReservedField.mergedInto }) != true else {
                throw .misused(
                    field: "merged_into", reason: "records are merged by a command of their own",
                    remedy: "liaison merge SURVIVOR OTHER")
            }
            return draft
        }
    }

    func unset(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let paths = Array(request.arguments.dropFirst())
        return try edit(request, &store) { (editor, state) throws(RecordError) in try editor.unset(state, paths) }
    }

    func add(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let given = try assignments(request)
        return try edit(request, &store) { (editor, state) throws(RecordError) in try editor.add(state, given) }
    }

    func remove(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let given = try assignments(request)
        return try edit(request, &store) { (editor, state) throws(RecordError) in try editor.remove(state, given) }
    }

    func move(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        var places: [ListPlace] = []
        if request.has("first") { places.append(.first) }
        if request.has("last") { places.append(.last) }
        if let other = request.value(of: "before") { places.append(.before(other)) }
        if let other = request.value(of: "after") { places.append(.after(other)) }
        guard let place = places.first, places.count == 1, request.arguments.count == 3 else {
            throw Failure(
                .usage, "move needs one of --before, --after, --first and --last", hint: "liaison help move")
        }
        let (name, choice) = (request.arguments[1], request.arguments[2])
        return try edit(request, &store) { (editor, state) throws(RecordError) in
            try editor.move(state, name, choice, to: place)
        }
    }

    func delete(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let id = try record(request, store).id
        let lastEntries = try storeError { () throws(RecordStoreError) in try store.lastEntries(of: id) }
        let merged = try storeError { () throws(RecordStoreError) in try Merges(store, schema).merged(into: id) }
        var response = try edit(request, &store) { (editor, state) in editor.delete(state, lastEntries: lastEntries) }
        if !merged.isEmpty {
            let ids = merged.map { String($0.hex.prefix(8)) }.joined(separator: ", ")
            response.notes.append(
                "what was merged into it is hidden with it: \(ids); liaison unmerge ID shows one again")
        }
        return response
    }

    func restore(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        try edit(request, &store) { (editor, state) in editor.restore(state) }
    }

    func resolve(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let resolution: Resolution
        switch (request.value(of: "keep"), request.value(of: "value")) {
        case (let choice?, nil): resolution = .keep(choice)
        case (nil, let value?): resolution = .value(value)
        default: throw Failure(.usage, "resolve needs either --keep or --value", hint: "liaison help resolve")
        }
        let path = request.arguments.dropFirst().first ?? ""
        return try edit(request, &store) { (editor, state) throws(RecordError) in
            try editor.resolve(state, path, resolution, because: request.value(of: "because"))
        }
    }

    private func edit(
        _ request: Request, _ store: inout some RecordStore,
        _ change: (RecordEditor, RecordState) throws(RecordError) -> EntryDraft?
    ) throws(Failure) -> Response {
        let state = try record(request, store)
        let editor = editor(store)
        let draft = try recordError { () throws(RecordError) in try change(editor, state) }
        if let draft { try check(draft, before: state, store) }
        let written = try write(draft.map { [$0] } ?? [], &store)
        return Response(
            .pairs(["id": .string(state.id.hex), "entry": written.first.map { .string($0.entry.hex) } ?? .null]))
    }

    func write(_ drafts: [EntryDraft], _ store: inout some RecordStore) throws(Failure) -> [WrittenEntry] {
        guard !drafts.isEmpty else { return [] }
        do { return try store.write(drafts, space: RecordVerbs.space) } catch { throw Failure(error) }
    }
}

/// The import of an address book.
extension RecordVerbs {
    func importCSV(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        guard request.value(of: "kind") == Kind.contact.name else {
            throw Failure(.usage, "only contacts can be imported", hint: "liaison import csv FILE --kind contact")
        }
        var existing: [RecordState] = []
        try storeError { () throws(RecordStoreError) in
            try store.forEach(kind: Kind.contact.number) { existing.append($0) }
        }
        let plan: ImportPlan
        do {
            plan = try ContactImport.plan(
                request.input ?? "", existing: existing, editor: editor(store), watcher: watcher ?? { _ in true })
        } catch {
            throw Failure(.invalidValue, "line \(error.line): \(error.reason)", hint: "liaison help import")
        }
        guard !plan.isCancelled else { throw Failure(.failed, "interrupted; nothing was imported") }
        let isRefused = !plan.refused.isEmpty && !request.has("skip-bad")
        let isDry = request.has("dry-run")
        if !isRefused, !isDry { _ = try write(plan.drafts, &store) }
        let document = Document.pairs([
            "created": .int(isRefused ? 0 : Int64(plan.created)), "updated": .int(isRefused ? 0 : Int64(plan.updated)),
            "unchanged": .int(Int64(plan.unchanged)), "ignored": .strings(plan.ignored),
            "refused": .array(
                plan.refused.map { .pairs(["line": .int(Int64($0.line)), "reason": .string($0.reason)]) }),
        ])
        guard !isRefused else {
            return Response(
                document, exitCode: .invalidValue,
                error: plan.refused.count == 1
                    ? "a line was refused, so nothing was imported"
                    : "\(plan.refused.count) lines were refused, so nothing was imported",
                hint: "mend the lines, or import the others with --skip-bad")
        }
        return Response(
            document,
            notes: [
                isDry
                    ? "this was a dry run: nothing was written"
                    : "contacts are in the space \(RecordVerbs.space): all members of the network receive them"
            ])
    }
}
