import Bytes
import Crypto
import Queries
import Records
import Replica

/// Holds what somebody enters against the rules of its kind.
extension RecordVerbs {
    /// Refuses a draft that would break a rule.
    /// - Parameters:
    ///   - before: the record as it is; nil for a new one.
    ///   - history: its entries, for a draft that brings back what stood in one of them.
    func check(
        _ draft: EntryDraft, before: RecordState?, history: [EntryView] = [], _ store: some RecordStore
    ) throws(Failure) {
        let number: Int? =
            switch draft.target {
            case .new(let kind), .pair(let kind, _): kind
            case .existing: before?.kind
            }
        guard let kind = number.flatMap(schema.kind), !kind.rules.isEmpty else { return }
        try recordError { () throws(RecordError) in
            try RuleCheck(kind).check(draft, before: before, history: history)
        }
        for case .unique(let name) in kind.rules {
            guard let field = kind.field(named: name),
                let value = draft.operations.last(where: { $0.field == field.number })?.value, value != .null,
                let other = try holder(of: value, in: field, of: kind, besides: before?.id, store)
            else { continue }
            let prefix = other.hex.prefix(8)
            throw Failure(
                .invalidValue(field: name, reason: "\(prefix) has the same", remedy: "liaison show \(prefix)"))
        }
    }

    /// A record, other than this one and those that count as it, that holds a value.
    private func holder(
        of value: Value, in field: Field, of kind: Kind, besides id: ShortID?, _ store: some RecordStore
    ) throws(Failure) -> ShortID? {
        let merges = try merges(store)
        let own = id.map(merges.canonical)
        let encoding = value.encoded
        var found: ShortID?
        try storeError { () throws(RecordStoreError) in
            try store.forEach(kind: kind.number, field: field.number, equals: value) { state in
                guard found == nil, !state.isDeleted, merges.canonical(state.id) != own else { return }
                if state.reading(field)?.shown?.encoded == encoding { found = state.id }
            }
        }
        return found
    }
}

/// Records that count as others.
extension RecordVerbs {
    /// Which records count as which others.
    func merges(_ store: some RecordStore) throws(Failure) -> Merges {
        try storeError { () throws(RecordStoreError) in try Merges(store, schema) }
    }

    /// Records as they count: one that was merged by the record that stands for it, ascending by id, each once.
    /// - Parameter apart: whether merged ones are listed too.
    func settled(
        _ states: [RecordState], _ merges: Merges, apart: Bool, _ store: some RecordStore
    ) throws(Failure) -> [RecordState] {
        var settled: [ShortID: RecordState] = [:]
        for state in states where apart || merges.canonical(state.id) == state.id { settled[state.id] = state }
        for root in states.map({ merges.canonical($0.id) }) where settled[root] == nil {
            if let state = try state(root, store) { settled[root] = state }
        }
        return settled.values.sorted { $0.id < $1.id }
    }

    /// A record with what those hold that count as it.
    /// - Parameter known: records that were read already.
    func combined(
        _ state: RecordState, _ merges: Merges, known: [ShortID: RecordState] = [:], _ store: some RecordStore
    ) throws(Failure) -> RecordState {
        guard !merges.merged(into: state.id).isEmpty else { return state }
        return try storeError { () throws(RecordStoreError) in
            try merges.combined(state, schema.kind(state.kind)) { (id) throws(RecordStoreError) in
                if let state = known[id] { return state }
                return try store.state(of: id)
            }
        }
    }

    /// The document of a record with what people said about its being another.
    /// - Parameter combined: the record with what those hold that count as it.
    func withMerges(
        _ document: Document, _ state: RecordState, combined: RecordState, _ merges: Merges
    ) -> Document {
        guard !merges.isEmpty, var members = document.members else { return document }
        let root = merges.canonical(state.id)
        if root != state.id { members.append(.init("mergedInto", .string(root.hex))) }
        let others = merges.merged(into: state.id)
        if !others.isEmpty {
            let whole = RecordRendering(schema).document(combined)
            members.append(.init("mergedFrom", .strings(others.map(\.hex))))
            members.append(.init("combined", whole["fields"] ?? .null))
        }
        return .object(members)
    }
}
