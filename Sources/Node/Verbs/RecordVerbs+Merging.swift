import Bytes
import Crypto
import Queries
import Records
import Replica

/// Makes records count as one, and takes that back.
extension RecordVerbs {
    func merge(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        guard request.has("certain") else { return try mergeNamed(request, &store) }
        guard request.arguments.isEmpty else {
            throw Failure(
                .usage, "merge --certain chooses by itself", hint: "liaison duplicates --certain lists what it merges")
        }
        return try mergeCertain(request, &store)
    }

    // MARK: Those that a person names

    private func mergeNamed(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        guard request.arguments.count >= 2 else {
            throw Failure(.usage, "merge needs a record that stays and one more", hint: "liaison help merge")
        }
        guard !request.has("dry-run"), request.value(of: "kind") == nil else {
            throw Failure(.usage, "--dry-run and --kind belong to merge --certain", hint: "liaison help merge")
        }
        let merges = try merges(store)
        let survivor = try record(request, store)
        let prefix = survivor.id.hex.prefix(8)
        let root = merges.canonical(survivor.id)
        guard root == survivor.id else {
            throw Failure(
                .invalidValue, "\(prefix) was merged into \(root.hex.prefix(8))",
                hint: "liaison merge \(root.hex.prefix(8)) OTHER, or liaison unmerge \(prefix)")
        }
        try refuse(survivor)
        var others: [RecordState] = []
        for text in request.arguments.dropFirst() {
            let named = try record(Request(verb: "merge", arguments: [text]), store)
            // Whoever was merged already brings along all that count as the same.
            guard let other = try state(merges.canonical(named.id), store) else { continue }
            guard other.id != survivor.id, !others.contains(where: { $0.id == other.id }) else { continue }
            try refuse(other)
            guard other.kind == survivor.kind else {
                throw Failure(
                    .invalidValue,
                    "\(other.id.hex.prefix(8)) is of kind \(schema.name(ofKind: other.kind)), "
                        + "\(prefix) of kind \(schema.name(ofKind: survivor.kind))",
                    hint: "only records of one kind are merged")
            }
            try refuseAdmitted(other, into: survivor, store)
            others.append(other)
        }
        let drafts = try recordError { () throws(RecordError) in
            try editor(store).merge(others, into: survivor, because: request.value(of: "because"))
        }
        let written = try write(drafts, &store)
        return Response(
            .pairs([
                "id": .string(survivor.id.hex),
                "merged": .array(
                    zip(others, written).map {
                        .pairs(["id": .string($0.id.hex), "entry": .string($1.entry.hex)])
                    }),
            ]))
    }

    private func refuse(_ state: RecordState) throws(Failure) {
        guard !state.isDeleted else { throw Failure(.deleted(record: state.id)) }
        guard let kind = schema.kind(state.kind) else {
            throw Failure(
                .usage, "this version does not know the kind of \(state.id.hex.prefix(8))",
                hint: "a newer version of liaison")
        }
        switch kind.creation {
        case .byHand, .byHandOrAdmission: return
        case .byDevice, .pair:
            throw Failure(
                .usage, "there is one \(kind.name) for what it names, so none is merged",
                hint: "liaison delete \(state.id.hex.prefix(8))")
        }
    }

    /// The record of an admitted organisation stands for its devices: others may give way to it, and it to none.
    private func refuseAdmitted(
        _ other: RecordState, into survivor: RecordState, _ store: some RecordStore
    ) throws(Failure) {
        let devices = try storeError { () throws(RecordStoreError) in try store.devices() }
        let admitted = Set(devices.compactMap(\.organisation))
        guard admitted.contains(other.id) else { return }
        let (prefix, otherPrefix) = (survivor.id.hex.prefix(8), other.id.hex.prefix(8))
        throw Failure(
            .invalidValue, "\(otherPrefix) is a member of the network and stands for itself",
            hint: admitted.contains(survivor.id)
                ? "both are members: liaison show \(otherPrefix)" : "liaison merge \(otherPrefix) \(prefix)")
    }

    // MARK: Those that are certain

    private func mergeCertain(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let groups = try certainGroups(request.value(of: "kind"), store)
        let isDry = request.has("dry-run")
        let editor = editor(store)
        var drafts: [EntryDraft] = []
        var rows: [(survivor: ShortID, other: ShortID, draft: Int)] = []
        for group in groups {
            guard let survivor = try state(group.survivor, store) else { continue }
            var others: [RecordState] = []
            for id in group.others { if let other = try state(id, store) { others.append(other) } }
            rows += others.enumerated().map { (survivor.id, $1.id, drafts.count + $0) }
            drafts += try recordError { () throws(RecordError) in
                try editor.merge(others, into: survivor, because: request.value(of: "because"))
            }
        }
        let written = isDry ? [] : try write(drafts, &store)
        let merged = rows.map { row in
            Document.pairs([
                "survivor": .string(row.survivor.hex), "id": .string(row.other.hex),
                "entry": isDry ? .null : .string(written[row.draft].entry.hex),
            ])
        }
        return Response(
            .pairs(["groups": .int(Int64(groups.count)), "merged": .array(merged)]),
            notes: isDry ? ["this was a dry run: nothing was written"] : [])
    }

    private func certainGroups(_ kind: String?, _ store: some RecordStore) throws(Failure) -> [DuplicateGroup] {
        let base = base(store)
        return try queryError { () throws(QueryError) in
            let search = try DuplicateSearch(base)
            var groups: [DuplicateGroup] = []
            for kind in try Duplicates.kinds(kind, schema) { groups += try search.groups(kind, onlyCertain: true) }
            return groups
        }
    }

    // MARK: Taking it back

    func unmerge(_ request: Request, _ store: inout some RecordStore) throws(Failure) -> Response {
        let merges = try merges(store)
        let named = try record(request, store)
        guard !named.isDeleted else { throw Failure(.deleted(record: named.id)) }
        var freed: [RecordState] = []
        if merges.canonical(named.id) == named.id {
            for id in merges.merged(into: named.id) {
                if let other = try state(id, store), other.mergedInto == named.id { freed.append(other) }
            }
            guard !freed.isEmpty || named.mergedInto != nil else {
                throw Failure(
                    .notFound, "\(named.id.hex.prefix(8)) was not merged", hint: "liaison duplicates")
            }
        }
        if named.mergedInto != nil { freed.append(named) }
        // In a circle another one says that it is this record, without being seen to.
        for circle in merges.circles {
            let members = [circle.root] + circle.others
            guard members.contains(named.id) else { continue }
            for id in members where !freed.contains(where: { $0.id == id }) {
                if let other = try state(id, store), other.mergedInto == named.id { freed.append(other) }
            }
        }
        // Who writes to a deleted record brings it back.
        freed = freed.filter { !$0.isDeleted }.sorted { $0.id < $1.id }
        let editor = editor(store)
        var drafts: [EntryDraft] = []
        for state in freed {
            let draft = try recordError { () throws(RecordError) in
                try editor.unmerge(state, because: request.value(of: "because"))
            }
            if let draft { drafts.append(draft) }
        }
        let written = try write(drafts, &store)
        return Response(
            .pairs([
                "id": .string(named.id.hex),
                "unmerged": .array(
                    written.map { .pairs(["id": .string($0.record.hex), "entry": .string($0.entry.hex)]) }),
            ]))
    }
}
