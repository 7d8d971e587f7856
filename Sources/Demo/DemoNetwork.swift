package import Records

/// A fictional network of the Sector with a year of records, as it could stand on a day.
///
/// Equal seeds, numbers of records and days give equal networks, on every machine. What is drawn for a record follows
/// from the seed and its own key, so that a greater network goes on with much the same people. Nothing of it is meant
/// to be anybody: addresses are of `example.org`, and the Sector's own record says that these are demonstration data.
package struct DemoNetwork: Sendable {
    package let seed: UInt64
    /// Who writes, the Sector first.
    package let members: [Member]
    /// Each after those that its values name; what changes name may come later.
    package let records: [DemoRecord]
    /// The keys of the contacts who use the members' devices, by the members' names.
    private let persons: [String: String]

    /// - Parameters:
    ///   - count: the number of records, within the limits of `Census`.
    ///   - today: `YYYY-MM-DD`; deadlines lie after it, reports before.
    package init(seed: UInt64, count: Int, today: String) {
        var composer = Composer(seed: seed, census: Census(count), today: CivilTime.dayNumber(today) ?? 0)
        composer.compose()
        self.seed = seed
        members = composer.members
        records = composer.records
        persons = composer.persons
    }

    /// The key of the contact who uses a member's device.
    package func person(of name: String) -> String? { persons[name] }

    /// How the tags begin by which records of the demonstration are known.
    package static let tagPrefix = "demo:"

    /// The tag by which a record is known again: `demo:1/contact-12`.
    package func tag(_ key: String) -> String { "\(DemoNetwork.tagPrefix)\(seed)/\(key)" }

    /// The key that stands in a tag of this seed.
    package func key(ofTag tag: String) -> String? {
        let prefix = self.tag("")
        return tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : nil
    }

    /// The member with a name, in any case.
    package func member(named name: String) -> Member? {
        members.first { $0.name.lowercased() == name.lowercased() }
    }
}

extension Assignment {
    /// The keys of other records that the assignment names.
    package func references(_ kind: Kind) -> [String] {
        guard let field = kind.field(named: self.field) else { return [] }
        if case .map(.id, _) = field.merge { return key.map { [$0] } ?? [] }
        switch field.type {
        case .id: return [text]
        case .group(let group):
            guard let part = group.parts.first(where: { $0.name == key }), case .id = part.type else { return [] }
            return [text]
        default: return []
        }
    }
}
