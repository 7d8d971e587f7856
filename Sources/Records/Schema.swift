/// The table of kinds: everything that commands, rendering and import know about records comes from here.
package struct Schema: Sendable {
    /// In ascending order of their numbers.
    package let kinds: [Kind]

    package init(_ kinds: [Kind]) { self.kinds = kinds.sorted { $0.number < $1.number } }

    /// The table that the program ships with.
    package static let standard = Schema([.organisation, .device, .contact, .contribution, .opportunity])

    /// This table with one more row.
    package func adding(_ kind: Kind) -> Schema { Schema(kinds + [kind]) }

    /// The kind with this number, if this version knows it.
    package func kind(_ number: Int) -> Kind? { kinds.first { $0.number == number } }

    /// The kind with this name.
    /// - Throws: `RecordError.unknownKind`.
    package func kind(named name: String) throws(RecordError) -> Kind {
        guard let kind = kinds.first(where: { $0.name == name }) else {
            throw .unknownKind(name, known: kinds.map(\.name))
        }
        return kind
    }

    /// The name of a kind; `#999` when this version does not know it.
    package func name(ofKind number: Int) -> String { kind(number)?.name ?? "#\(number)" }
}
