package import Records
package import Replica
import Bytes
import Crypto

/// Performs the commands on records against any store: reading, writing, deciding and importing.
package struct RecordVerbs {
    /// The only space of records that this version writes.
    static let space = SpaceName.net

    let schema: Schema
    /// The BCP 47 tag of the node's language.
    let language: String

    package init(schema: Schema, language: String) {
        self.schema = schema
        self.language = language
    }

    /// Performs a request; nil when its verb is not about records.
    package func perform(_ request: Request, on store: inout some RecordStore) -> Response? {
        do {
            guard var response = try dispatch(request, &store) else { return nil }
            if request.wantsNames, let document = response.document {
                response.names = try IDNaming(schema: schema, language: language).names(document, store)
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
        case "conflicts": try conflicts(store)
        case "history": try history(request, store)
        case "import csv": try importCSV(request, &store)
        case "device list": try deviceList(store)
        default: try query(request, store)
        }
    }

    // MARK: Reading

    private func show(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        Response(RecordRendering(schema).document(try record(request, store)))
    }

    private func list(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let kind = try recordError { () throws(RecordError) in try schema.kind(named: request.arguments.first ?? "") }
        let wanted = try request.values(of: "where").map { (text) throws(Failure) in try assignment(text) }
        let filter = try recordError { () throws(RecordError) in
            try RecordFilter(kind, wanted, language: language, lookup: lookup(store))
        }
        let showsDeleted = request.has("deleted")
        let rendering = RecordRendering(schema)
        var documents: [Document] = []
        func add(_ state: RecordState) {
            guard state.isDeleted == showsDeleted, filter.accepts(state) else { return }
            documents.append(rendering.document(state))
        }
        try storeError { () throws(RecordStoreError) in
            if let found = filter.found {
                try store.forEach(kind: kind.number, field: found.field, equals: found.value, add)
            } else {
                try store.forEach(kind: kind.number, add)
            }
        }
        return Response(.pairs(["records": .array(documents)]))
    }

    private func conflicts(_ store: some RecordStore) throws(Failure) -> Response {
        let rendering = RecordRendering(schema)
        var conflicts: [Document] = []
        var contested: [Document] = []
        for id in try storeError({ () throws(RecordStoreError) in try store.conflictCandidates() }) {
            guard let state = try state(id, store) else { continue }
            conflicts += rendering.conflicts(state)
            if let contest = rendering.contest(state) { contested.append(contest) }
        }
        let document = Document.pairs(["conflicts": .array(conflicts), "contested": .array(contested)])
        var notes: [String] = []
        if !conflicts.isEmpty { notes.append("to decide: liaison resolve ID FIELD --keep N --because TEXT") }
        if !contested.isEmpty {
            notes.append("to keep a contested record: liaison restore ID; to delete it again: liaison delete ID")
        }
        return Response(document, exitCode: conflicts.isEmpty ? .done : .undecided, notes: notes)
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

    /// The record that the first argument names.
    func record(_ request: Request, _ store: some RecordStore) throws(Failure) -> RecordState {
        let id = try recordError { () throws(RecordError) in
            try RecordVerbs.find(request.arguments.first ?? "", kinds: [], schema, store)
        }
        guard let state = try state(id, store) else {
            throw Failure(.notFound, "record \(id.hex.prefix(8)) was not found")
        }
        return state
    }

    /// Finds the records that references name.
    func lookup(_ store: some RecordStore) -> RecordLookup {
        let schema = schema
        return { (prefix: String, kinds: [Int]) throws(RecordError) -> ShortID in
            try RecordVerbs.find(prefix, kinds: kinds, schema, store)
        }
    }

    /// The record whose id, or whose device's id, begins with `prefix` and that is of one of `kinds`.
    private static func find(
        _ prefix: String, kinds: [Int], _ schema: Schema, _ store: some RecordStore
    ) throws(RecordError) -> ShortID {
        let digits = prefix.lowercased()
        let isHex = [UInt8](hex: digits.utf8.count.isMultiple(of: 2) ? digits : digits + "0") != nil
        guard isHex, (1...32).contains(digits.utf8.count) else {
            throw .notFound("a record with the id \(prefix)", remedy: "ids are hexadecimal digits: liaison list KIND")
        }
        do {
            switch try store.find(idPrefix: digits) {
            case .one(let id):
                if !kinds.isEmpty, let kind = try store.state(of: id)?.kind, !kinds.contains(kind) {
                    let names = kinds.map(schema.name(ofKind:)).joined(separator: " or ")
                    throw RecordError.notFound(
                        "\(names) \(prefix)", remedy: "\(prefix) is of kind \(schema.name(ofKind: kind))")
                }
                return id
            case .several(let ids): throw RecordError.ambiguous(prefix: prefix, count: ids.count)
            case .none:
                let devices = try store.devices().filter { $0.device.hex.hasPrefix(digits) }
                guard devices.count < 2 else { throw RecordError.ambiguous(prefix: prefix, count: devices.count) }
                if let device = devices.first { return device.record }
                throw RecordError.notFound("a record with the id \(prefix)", remedy: "liaison list KIND")
            }
        } catch let error as RecordError {
            throw error
        } catch {
            throw .notFound("a record with the id \(prefix)", remedy: "liaison status")
        }
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
