package import Records
package import Replica
import Bytes
import Crypto
import Queries

/// Performs the commands on records against any store: reading, writing, deciding and importing.
package struct RecordVerbs {
    /// The only space of records that this version writes.
    static let space = SpaceName.net

    let schema: Schema
    /// The BCP 47 tag of the node's language.
    let language: String

    /// Is told how far long work has come, and may end it.
    let watcher: Watcher?

    package init(schema: Schema, language: String, watcher: Watcher? = nil) {
        self.schema = schema
        self.language = language
        self.watcher = watcher
    }

    /// Performs a request; nil when its verb is not about records.
    package func perform(_ request: Request, on store: inout some RecordStore) -> Response? {
        do {
            guard var response = try dispatch(request, &store) else { return nil }
            if request.wantsNames, let document = response.document {
                // A list shows nothing of what its records hold.
                let unseen: Set<String> = request.verb == "list" ? ["fields", "conflicts", "soft"] : []
                response.names = try IDNaming(schema: schema, language: language).names(
                    document, store, without: unseen)
                response.language = language
            }
            return response
        } catch {
            return error.response
        }
    }

    private func dispatch(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response? {
        switch request.verb {
        case "new": try new(request, &store)
        case "set": try set(request, &store)
        case "unset": try unset(request, &store)
        case "add": try add(request, &store)
        case "remove": try remove(request, &store)
        case "move": try move(request, &store)
        case "delete": try delete(request, &store)
        case "restore": try restore(request, &store)
        case "resolve": try resolve(request, &store)
        case "show": try show(request, store)
        case "list": try list(request, store)
        case "conflicts": try conflicts(request, store)
        case "undo": try undo(request, &store)
        case "why": try why(request, store)
        case "merge": try merge(request, &store)
        case "unmerge": try unmerge(request, &store)
        case "history": try history(request, store)
        case "import csv": try importCSV(request, &store)
        case "device list": try deviceList(store)
        case "note": try note(request, &store)
        case "complete": try complete(request, store)
        default: try query(request, store)
        }
    }

    // MARK: Reading

    private func show(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let state = try record(request, store)
        let merges = try merges(store)
        let combined = try combined(state, merges, store)
        return Response(withMerges(RecordRendering(schema).document(state), state, combined: combined, merges))
    }

    private func list(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let kind = try recordError { () throws(RecordError) in try schema.kind(named: request.arguments.first ?? "") }
        let wanted = try request.values(of: "where").map { (text) throws(Failure) in try assignment(text) }
        let filter = try recordError { () throws(RecordError) in
            try RecordFilter(kind, wanted, language: language, lookup: lookup(store))
        }
        let showsDeleted = request.has("deleted")
        let merges = try merges(store)
        let rendering = RecordRendering(schema)
        var documents: [Document] = []
        var states: [RecordState] = []
        func add(_ state: RecordState) {
            guard merges.isEmpty else { return states.append(state) }
            guard state.isDeleted == showsDeleted, filter.accepts(state) else { return }
            documents.append(rendering.document(state))
        }
        try storeError { () throws(RecordStoreError) in
            try store.forEach(kind: kind.number, holding: filter.found, add)
            // Of records that count as one each may hold a part of what is wanted.
            if !filter.found.isEmpty, !merges.isEmpty {
                let apart = Set(try store.merged(among: [kind.number]).flatMap { [$0.id, $0.target] })
                for id in apart.subtracting(states.map(\.id)).sorted() {
                    if let state = try store.state(of: id), state.kind == kind.number { add(state) }
                }
            }
        }
        let known = Dictionary(states.map { ($0.id, $0) }) { first, _ in first }
        for state in try settled(states, merges, apart: request.has("merged"), store)
        where state.isDeleted == showsDeleted {
            let combined = try combined(state, merges, known: known, store)
            guard filter.accepts(combined) else { continue }
            documents.append(withMerges(rendering.document(state), state, combined: combined, merges))
        }
        return Response(.pairs(["records": .array(documents)]))
    }

    private func history(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let state = try record(request, store)
        let entries = try storeError { () throws(RecordStoreError) in try store.history(of: state.id) }
        return Response(
            .pairs(["entries": HistoryRendering(schema.kind(state.kind)).document(entries)]))
    }

    private func deviceList(_ store: some RecordStore) throws(Failure) -> Response {
        let rendering = RecordRendering(schema)
        var devices: [Document] = []
        for device in try storeError({ () throws(RecordStoreError) in try store.devices() }) {
            let name = try state(device.record, store).flatMap { rendering.title($0, language: language) }
            devices.append(
                .pairs([
                    "id": .string(device.device.hex), "name": name.map { .string($0) } ?? .null,
                    "organisation": device.organisation.map { .string($0.hex) } ?? .null,
                ]))
        }
        return Response(.pairs(["devices": .array(devices)]))
    }

    // MARK: Finding

    func state(_ id: ShortID, _ store: some RecordStore) throws(Failure) -> RecordState? {
        try storeError { () throws(RecordStoreError) in try store.state(of: id) }
    }

    /// Reads `field=value`.
    func assignment(_ text: String) throws(Failure) -> Assignment {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw Failure(.usage, "\(text) is not field=value", hint: "liaison help new")
        }
        return Assignment(path: String(text[..<equals]), text: String(text[text.index(after: equals)...]))
    }

    /// Reads the assignments that follow the first argument.
    func assignments(_ request: Request) throws(Failure) -> [Assignment] {
        try request.arguments.dropFirst().map { (text) throws(Failure) in try assignment(text) }
    }

    func editor(_ store: some RecordStore) -> RecordEditor {
        RecordEditor(
            schema: schema, language: language,
            writer: WriterContext(organisation: store.ownOrganisation, time: store.time), lookup: lookup(store))
    }
}

/// Tells what the table of kinds refused.
func recordError<R>(_ body: () throws(RecordError) -> R) throws(Failure) -> R {
    do { return try body() } catch { throw Failure(error) }
}

/// Tells what the store could not do.
func storeError<R>(_ body: () throws(RecordStoreError) -> R) throws(Failure) -> R {
    do { return try body() } catch { throw Failure(error) }
}
