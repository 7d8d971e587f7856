package import Crypto
import Records
package import Replica

/// Who is to decide about a record: the person or organisation that it names, else the organisation that created it.
package struct Responsibility<Store: RecordStore> {
    /// The fields that name somebody, the first that does counts.
    private static var fields: [String] { ["owner", "lead", "org", "institute"] }

    private let base: RecordBase<Store>
    private let devices: [AdmittedDevice]

    package init(_ base: RecordBase<Store>) throws(QueryError) {
        self.base = base
        devices = try base.read { () throws(RecordStoreError) in try base.store.devices() }
    }

    /// The contacts or organisations, in the order in which they are shown: several when the field itself is in
    /// conflict.
    package func of(_ state: RecordState) throws(QueryError) -> [ShortID] {
        let merges = try base.merges()
        if devices.contains(where: { $0.organisation == state.id }) { return [merges.canonical(state.id)] }
        if let kind = base.schema.kind(state.kind) {
            for name in Self.fields {
                guard let field = kind.field(named: name), Self.namesSomebody(field) else { continue }
                var seen: Set<ShortID> = []
                let named = (state.reading(field)?.present ?? []).compactMap { operation -> ShortID? in
                    guard case .present(.id(let bytes)) = operation.value else { return nil }
                    return ShortID(bytes).map(merges.canonical)
                }.filter { seen.insert($0).inserted }
                if !named.isEmpty { return named }
            }
        }
        return try base.creator(of: state.id).map { [merges.canonical($0)] } ?? []
    }

    private static func namesSomebody(_ field: Field) -> Bool {
        guard field.merge.type == .register, case .id(let kinds) = field.type, !kinds.isEmpty else { return false }
        return kinds.allSatisfy { $0 == Kind.organisation.number || $0 == Kind.contact.number }
    }

    // MARK: Whose

    /// Whoever a person means: one contact or organisation, or both that this device stands for.
    package struct Party {
        private let members: Set<ShortID>
        fileprivate let organisations: Set<ShortID>

        fileprivate init(_ members: Set<ShortID>, organisations: Set<ShortID>) {
            self.members = members
            self.organisations = organisations
        }

        fileprivate func contains(_ id: ShortID) -> Bool { members.contains(id) }
    }

    /// This device's person and organisation.
    package func ownParty() throws(QueryError) -> Party {
        let merges = try base.merges()
        let own = devices.first { $0.device == base.store.ownDevice }
        let person = try own.flatMap { (device) throws(QueryError) in
            try base.record(device.record).flatMap { $0.id("person") }
        }
        // What stands to the organisation alone is not a colleague's.
        return Party(
            Set([person, base.store.ownOrganisation].compactMap(\.self).map(merges.canonical)), organisations: [])
    }

    /// A contact; or an organisation with its contacts.
    package func party(_ id: ShortID) throws(QueryError) -> Party {
        let root = try base.canonical(id)
        let isOrganisation = try base.record(root)?.kind.number == Kind.organisation.number
        return Party([root], organisations: isOrganisation ? [root] : [])
    }

    /// Whether one of those who are responsible belongs to a party.
    package func concerns(_ responsible: [ShortID], _ party: Party) throws(QueryError) -> Bool {
        for id in responsible {
            if party.contains(id) { return true }
            guard !party.organisations.isEmpty, let record = try base.record(id),
                record.kind.number == Kind.contact.number, let organisation = record.id("org")
            else { continue }
            if party.organisations.contains(organisation) { return true }
        }
        return false
    }
}

extension RecordBase {
    /// The organisation that created a record; of those that created a pair record apart, that of the smallest entry.
    func creator(of id: ShortID) throws(QueryError) -> ShortID? {
        let history = try read { () throws(RecordStoreError) in try store.history(of: id) }
        let created = history.first { RecordID.created(by: $0.entry) == id }
        if let created { return created.organisation }
        let first = history.filter { entry in
            entry.operations.allSatisfy { $0.order == 1 } && entry.operations.contains { $0.type != .remark }
        }
        return first.min { $0.entry < $1.entry }?.organisation
    }
}
