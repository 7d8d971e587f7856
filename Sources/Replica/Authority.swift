package import Crypto

/// A statement with what its place in a log says about it.
package struct PlacedStatement: Hashable, Sendable {
    package let entry: Digest
    /// The device key of the log that it stands in.
    package let device: VerifyingKey
    /// Its own `auth`, or the nearest one before it in its chain; nil in a root key's log.
    package let auth: Digest?
    /// The incarnation of its log, whose opening must count; nil for a link of a certificate, which shows no opening.
    package let incarnation: ShortID?
    package let statement: Statement

    package init(entry: Digest, device: VerifyingKey, auth: Digest?, incarnation: ShortID?, statement: Statement) {
        self.entry = entry
        self.device = device
        self.auth = auth
        self.incarnation = incarnation
        self.statement = statement
    }
}

/// An admission that stands.
package struct Grant: Hashable, Sendable {
    /// The entry id of the admission.
    package let id: Digest
    /// The organisation: the id of its record.
    package let organisation: ShortID
    /// The name under which the organisation was founded.
    package let organisationName: String
    package let admission: Statement.Admission

    /// The signing key of the device that it admits.
    package var device: VerifyingKey { admission.device }
    /// The id of the device that it admits.
    package var deviceID: ShortID { admission.device.deviceID }
    /// The rank that it gives.
    package var rank: Rank { admission.rank }
}

/// Who may write: a pure function of the charter and a set of statements.
///
/// Source: Protocol/05-authority.md#grants-that-stand.
package struct Authority: Hashable, Sendable {
    /// What the rule sets that this version knows are.
    package static let knownRuleSets = 1...1

    package let charter: Charter
    package let network: Digest
    /// Standing grants by the entry id of the admission.
    package let grants: [Digest: Grant]
    /// The founding organisation, once the root has admitted its first admin.
    package let sector: ShortID?
    /// Openings that count, in ascending order of their entry ids.
    package let openings: [Statement.Opening]
    private let admitted: Set<VerifyingKey>
    private let opened: Set<Life>

    private struct Life: Hashable {
        let device: VerifyingKey
        let incarnation: ShortID
    }

    /// Evaluates from the root down.
    /// - Complexity: O(statements × log statements).
    package init(charter: Charter, statements: [PlacedStatement]) {
        self.charter = charter
        network = charter.network
        let roots = Set(charter.rootKeys)
        let ordered = statements.sorted { $0.entry < $1.entry }
        var grants: [Digest: Grant] = [:]
        var sector: ShortID?
        var openings = Openings(ordered)
        openings.open { roots.contains($0.device) }

        // The root's admissions: the first that founds makes the Sector.
        let byRoot = ordered.filter { $0.auth == nil && roots.contains($0.device) && openings.hold($0) }
        for founding in [true, false] {
            for placed in byRoot {
                guard case .admission(let admission) = placed.statement, admission.rank == .sectorAdmin,
                    (admission.organisation == nil) == founding
                else { continue }
                if founding, sector == nil {
                    sector = Authority.organisation(foundedBy: placed.entry, network: network)
                    grants[placed.entry] = Authority.grant(placed.entry, admission, sector, admission.name)
                } else if !founding, admission.organisation == sector {
                    let name = grants.values.first { $0.organisation == sector }?.organisationName
                    grants[placed.entry] = Authority.grant(placed.entry, admission, sector, name)
                }
            }
        }
        for rank in [Rank.sectorAdmin, .organisationAdmin] {
            openings.open { placed in placed.auth.flatMap { grants[$0] }?.device == placed.device }
            for placed in ordered {
                guard case .admission(let admission) = placed.statement, let auth = placed.auth,
                    let writer = grants[auth],
                    writer.rank == rank, writer.device == placed.device, grants[placed.entry] == nil,
                    openings.hold(placed)
                else { continue }
                switch (rank, admission.rank) {
                case (.sectorAdmin, .organisationAdmin) where admission.organisation == nil:
                    let organisation = Authority.organisation(foundedBy: placed.entry, network: network)
                    grants[placed.entry] = Authority.grant(placed.entry, admission, organisation, admission.name)
                case (_, .device) where admission.organisation == writer.organisation:
                    grants[placed.entry] = Authority.grant(
                        placed.entry, admission, writer.organisation, writer.organisationName)
                default:
                    continue
                }
            }
        }
        self.grants = grants
        self.sector = sector
        openings.open { placed in placed.auth.flatMap { grants[$0] }?.device == placed.device }
        self.openings = openings.counting
        admitted = roots.union(grants.values.map(\.device))
        opened = openings.opened
    }

    /// The openings among some statements, and which of them count so far.
    private struct Openings {
        private let placed: [(place: PlacedStatement, opening: Statement.Opening)]
        private(set) var opened: Set<Life> = []

        init(_ statements: [PlacedStatement]) {
            placed = statements.compactMap { placed in
                guard case .opening(let opening) = placed.statement else { return nil }
                return (placed, opening)
            }
        }

        mutating func open(_ counts: (PlacedStatement) -> Bool) {
            for (place, opening) in placed where counts(place) {
                opened.insert(Life(device: opening.device, incarnation: opening.incarnation))
            }
        }

        /// Whether the opening of the log that a statement stands in counts.
        func hold(_ statement: PlacedStatement) -> Bool {
            statement.incarnation.map { opened.contains(Life(device: statement.device, incarnation: $0)) } ?? true
        }

        var counting: [Statement.Opening] {
            var seen: Set<Life> = []
            return placed.map(\.opening).filter {
                let life = Life(device: $0.device, incarnation: $0.incarnation)
                return opened.contains(life) && seen.insert(life).inserted
            }
        }
    }

    /// Whether a device has a grant that stands, or is a root key.
    package func admits(_ device: VerifyingKey) -> Bool { admitted.contains(device) }

    /// Whether the opening of an incarnation counts.
    package func counts(device: VerifyingKey, incarnation: ShortID) -> Bool {
        opened.contains(Life(device: device, incarnation: incarnation))
    }

    private static func grant(
        _ entry: Digest, _ admission: Statement.Admission, _ organisation: ShortID?, _ name: String?
    ) -> Grant? {
        guard let organisation, let name else { return nil }
        return Grant(id: entry, organisation: organisation, organisationName: name, admission: admission)
    }

    /// The organisation that an admission founds: the id of its record.
    package static func organisation(foundedBy admission: Digest, network: Digest) -> ShortID {
        RecordID.pair(network: network, space: SpaceName.net, kind: organisationKind, ids: [admission.short])
    }

    /// The kind number of records of organisations.
    package static let organisationKind = 32

    /// Whether a data entry written under a grant counts, and if not why; whether its log was opened is another
    /// question.
    package func judge(auth: Digest?, device: VerifyingKey) -> Verdict {
        guard let auth else { return .outside(.noGrant) }
        guard let grant = grants[auth] else { return .outside(.grantDoesNotStand) }
        guard grant.device == device else { return .outside(.grantOfAnother) }
        return Authority.knownRuleSets.contains(grant.admission.ruleSet) ? .applied : .notUnderstood
    }

    /// What becomes of an entry.
    package enum Verdict: Hashable, Sendable {
        case applied
        /// Inside the frontier and relayed, but its rule set or version is not known.
        case notUnderstood
        /// Quarantined outside of the frontier.
        case outside(Reason)
    }

    /// Why an entry is quarantined.
    package enum Reason: Int, Hashable, Sendable {
        /// The log begins without a grant.
        case noGrant = 1
        /// The grant is not held, or nobody who might give it has given it.
        case grantDoesNotStand = 2
        /// The grant was given to another device.
        case grantOfAnother = 3
        /// An entry before it in its log is outside of the frontier.
        case afterQuarantine = 4
        /// A member of its transaction is missing or not authorised.
        case brokenTransaction = 5
        /// Nothing that counts opens the incarnation of its log.
        case notOpened = 6

        /// In words, for people.
        package var text: String {
            switch self {
            case .noGrant: "it names no grant"
            case .grantDoesNotStand: "its writer is not admitted"
            case .grantOfAnother: "its grant was given to another device"
            case .afterQuarantine: "an entry before it in its log is quarantined"
            case .brokenTransaction: "its transaction is not whole"
            case .notOpened: "its writer has not opened this incarnation"
            }
        }
    }
}
