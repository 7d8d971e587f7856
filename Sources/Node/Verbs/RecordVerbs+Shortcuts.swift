import Bytes
import Crypto
import Records
import Replica

/// What the command line asks in few words: a note on somebody, and the records that could be meant.
extension RecordVerbs {
    /// Notes something down: on a contact as a note of its own, on an organisation as a message that was exchanged.
    func note(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        guard request.arguments.count >= 2 else {
            throw Failure(.usage, "note needs whom it is on and the text", hint: "liaison help note")
        }
        let (who, text) = (request.arguments[0], request.arguments[1])
        let finder = RecordFinder(schema: schema, store: store)
        let id = try recordError { () throws(RecordError) in
            try finder.find(who, kinds: [Kind.organisation.number, Kind.contact.number], verb: nil)
        }
        let isContact = try state(id, store)?.kind == Kind.contact.number
        let kind: String
        var given: [String]
        if isContact {
            kind = "contact_note"
            given = ["contact=\(id.hex)", "text=\(text)"]
        } else {
            kind = "interaction"
            // The subject is one line; what follows it is the note.
            let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: true)
            given = ["channel=message", "formality=informal", "orgs=\(id.hex)"]
            given.append("subject=\(lines.first.map(String.init) ?? "")")
            if lines.count > 1 { given.append("note=\(lines[1].drop { $0 == "\n" })") }
        }
        let own = request.arguments.dropFirst(2)
        return try new(Request(verb: "new", arguments: [kind] + Request.defaults(given, beside: own) + own), &store)
    }

    /// The most records that are offered for one word.
    private static let completionCount = 200

    /// How many of the newest records of a kind are looked at, where one kind is meant and where any is.
    private static let (searchedCount, searchedCountOfAny) = (1_000, 100)

    /// The records whose ids, or words of whose names, begin with a text; of the kinds that are said, and with the
    /// option `deleted` those that were deleted.
    func complete(_ request: Request, _ store: some RecordStore) throws(Failure) -> Response {
        let text = (request.arguments.first ?? "").lowercased()
        let wanted = request.values(of: "kind")
        let kinds = schema.kinds.filter { wanted.isEmpty || wanted.contains($0.name) }
        let limit = kinds.count == 1 ? RecordVerbs.searchedCount : RecordVerbs.searchedCountOfAny
        let rendering = RecordRendering(schema)
        var found: [(name: String, document: Document)] = []
        for kind in kinds {
            var ids = try storeError { () throws(RecordStoreError) in try store.newest(limit, kind: kind.number) }
            if !text.isEmpty { ids = try ids + exact(text, kind, store).filter { !ids.contains($0) } }
            let names = kind.nameFields
            for id in ids {
                guard let state = try state(id, store), state.isDeleted == request.has("deleted") else { continue }
                let name = rendering.title(state, language: language) ?? ""
                let texts = state.texts(of: names).map { " " + $0.lowercased() }
                guard id.hex.hasPrefix(text) || texts.contains(where: { $0.contains(" " + text) }) else { continue }
                found.append(
                    (
                        name,
                        .pairs(["id": .string(id.hex), "kind": .string(kind.name), "name": .string(name)])
                    ))
            }
        }
        found.sort { ($0.name, $0.document["id"]?.text ?? "") < ($1.name, $1.document["id"]?.text ?? "") }
        return Response(.pairs(["records": .array(found.prefix(RecordVerbs.completionCount).map(\.document))]))
    }

    /// The records of a kind whose ids begin with a text, however old they are.
    private func exact(_ text: String, _ kind: Kind, _ store: some RecordStore) throws(Failure) -> [ShortID] {
        guard [UInt8](hex: text.utf8.count.isMultiple(of: 2) ? text : text + "0") != nil else { return [] }
        let match = try storeError { () throws(RecordStoreError) in try store.find(idPrefix: text) }
        let ids: [ShortID] =
            switch match {
            case .none: []
            case .one(let id): [id]
            case .several(let ids): ids
            }
        var own: [ShortID] = []
        for id in ids where try state(id, store)?.kind == kind.number { own.append(id) }
        return own
    }
}

extension Request {
    /// The assignments among these whose fields nobody sets beside them.
    package static func defaults(_ assignments: [String], beside own: some Sequence<String>) -> [String] {
        assignments.filter { assignment in
            let begin = assignment.prefix { $0 != "=" } + "="
            return !own.contains { $0.hasPrefix(begin) }
        }
    }
}
