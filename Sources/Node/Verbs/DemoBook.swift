import Crypto
import Demo
import Records
import Replica
import Store

/// Which records of the demonstration are here, and under which ids.
struct DemoBook {
    var ids: [String: ShortID] = [:]
    /// The keys of organisations that were known by their names, and have no tag yet.
    var unmarked: Set<String> = []
    /// The keys of records that somebody deleted: nothing names them any more.
    private(set) var gone: Set<String> = []
    /// The keys of records of organisations that are in the network: they come as soon as these have written them.
    private var expected: Set<String> = []

    /// Looks for the records by their tags, for organisations also by their names, for themes by their notations.
    init(_ network: DemoNetwork, store: ReplicaStore, schema: Schema, time: Int64) throws(Failure) {
        let access = RecordAccess(store, time: time)
        var names: [String: ShortID] = [:]
        var notations: [String: ShortID] = [:]
        for kind in Census.kinds.compactMap({ try? schema.kind(named: $0) }) {
            do {
                try access.forEach(kind: kind.number) { state in
                    if let key = DemoBook.key(state, kind, network) {
                        if state.isDeleted { gone.insert(key) } else { ids[key] = state.id }
                    }
                    guard !state.isDeleted else { return }
                    for name in DemoBook.names(state, kind) { names[name.lowercased()] = state.id }
                    if kind == .theme, let notation = DemoBook.text(state, kind, "notation") {
                        notations[notation] = state.id
                    }
                }
            } catch { throw Failure(error) }
        }
        var admitted: Set<ShortID> = []
        for grant in store.authority.grants.values.sorted(by: { $0.id < $1.id }) {
            names[grant.organisationName.lowercased()] = grant.organisation
            admitted.insert(grant.organisation)
        }
        for record in network.records where ids[record.key] == nil && !gone.contains(record.key) {
            if record.kind == .organisation {
                let called = record.values.filter { $0.field == "short" || $0.field == "name" }.map(\.text)
                guard let id = called.lazy.compactMap({ names[$0.lowercased()] }).first else { continue }
                mark(record.key, id)
            } else if record.kind == .theme, let notation = record.values.first(where: { $0.field == "notation" }) {
                ids[record.key] = notations[notation.text]
            }
        }
        // Whatever the founding organisation calls itself, it is the Sector.
        if let sector = network.members.first?.organisation, ids[sector] == nil, let founder = store.authority.sector {
            mark(sector, founder)
        }
        let present = network.members.filter { $0.isOffice && ids[$0.organisation].map(admitted.contains) == true }
        let authors = Set(present.map(\.name))
        expected = Set(network.records.filter { authors.contains($0.author) && !gone.contains($0.key) }.map(\.key))
    }

    private mutating func mark(_ key: String, _ id: ShortID) {
        ids[key] = id
        unmarked.insert(key)
    }

    private static func key(_ state: RecordState, _ kind: Kind, _ network: DemoNetwork) -> String? {
        guard let field = kind.field(named: "tags") else { return nil }
        for operation in state.reading(field)?.present ?? [] {
            if case .present(.text(let tag)) = operation.value, let key = network.key(ofTag: tag) { return key }
        }
        return nil
    }

    /// What an organisation is called, in all languages.
    private static func names(_ state: RecordState, _ kind: Kind) -> [String] {
        guard kind == .organisation else { return [] }
        return state.readings(kind).compactMap { reading in
            guard reading.field?.name == "name" || reading.field?.name == "short", case .text(let text) = reading.shown
            else { return nil }
            return text
        }
    }

    private static func text(_ state: RecordState, _ kind: Kind, _ name: String) -> String? {
        guard let field = kind.field(named: name), case .text(let text) = state.reading(field)?.shown else {
            return nil
        }
        return text
    }

    /// Lets this node be a member's.
    /// - Throws: when it is another's.
    mutating func play(_ member: Member, _ store: ReplicaStore) throws(Failure) {
        guard let own = store.ownGrant?.organisation else {
            throw Failure(.notPermitted, "this device has no grant that stands yet", hint: "liaison sync")
        }
        if ids[member.organisation] == own { return }
        guard ids[member.organisation] == nil, !ids.values.contains(own) else {
            throw Failure(
                .invalidValue, "--only: this node is not one of \(member.name)",
                hint: "the member that this node's organisation is called after")
        }
        mark(member.organisation, own)
    }

    /// The values whose fields are in the table and whose references are known; nil while one is awaited.
    func known(_ values: [Assignment], _ kind: Kind) -> [Assignment]? {
        var known: [Assignment] = []
        for value in values where kind.field(named: value.field) != nil {
            let missing = value.references(kind).filter { ids[$0] == nil }
            if missing.contains(where: expected.contains) { return nil }
            if missing.isEmpty { known.append(value) }
        }
        return known
    }

    /// Likewise; nil also where one is missing that a new record needs.
    func resolved(_ values: [Assignment], _ kind: Kind) -> [Assignment]? {
        guard let known = known(values, kind) else { return nil }
        if known.count == values.count { return known }
        let written = Set(known.map(\.field))
        let lacks = kind.fields.contains { field in
            field.need == .atNew && !written.contains(field.name) && values.contains { $0.field == field.name }
        }
        return lacks ? nil : known
    }
}
