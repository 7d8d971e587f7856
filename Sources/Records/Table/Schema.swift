/// The table of kinds: everything that commands, rendering and import know about records comes from here.
package struct Schema: Sendable {
    /// In ascending order of their numbers.
    package let kinds: [Kind]

    /// Where the kind of each number stands in `kinds`.
    private let places: [Int: Int]
    private let placesByName: [String: Int]

    package init(_ kinds: [Kind]) {
        self.kinds = kinds.sorted { $0.number < $1.number }
        places = Dictionary(self.kinds.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
        placesByName = Dictionary(
            self.kinds.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The table that the program ships with.
    package static let standard = Schema([
        .organisation, .device, .contact, .contribution, .opportunity, .agreement, .objective, .contactNote,
        .engagement, .introduction, .meeting, .rsvp, .agendaItem, .decision, .action, .activity, .interaction, .comment,
        .photo, .issue, .subscription, .publicityRequest, .pickup, .interest, .bid, .support, .theme, .savedView,
    ])

    /// This table with one more row.
    package func adding(_ kind: Kind) -> Schema { Schema(kinds + [kind]) }

    /// The kind with this number, if this version knows it.
    package func kind(_ number: Int) -> Kind? { places[number].map { kinds[$0] } }

    /// The kind with this name; a hyphen may stand for `_`, as in `agenda-item`.
    /// - Throws: `RecordError.unknownKind`.
    package func kind(named name: String) throws(RecordError) -> Kind {
        guard let place = placesByName[String(name.map { $0 == "-" ? "_" : $0 })] else {
            throw .unknownKind(name, known: kinds.map(\.name))
        }
        return kinds[place]
    }

    /// The name of a kind; `#999` when this version does not know it.
    package func name(ofKind number: Int) -> String { kind(number)?.name ?? "#\(number)" }
}
