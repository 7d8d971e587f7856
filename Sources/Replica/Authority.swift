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

extension PlacedStatement {
    /// The life in whose log it stands.
    fileprivate var life: Authority.Life? {
        incarnation.map { Authority.Life(device: device, incarnation: $0) }
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

    /// One incarnation of a device.
    fileprivate struct Life: Hashable {
        let device: VerifyingKey
        let incarnation: ShortID
    }

    /// Evaluates from the root down.
    /// - Complexity: O(statements × log statements).
    package init(charter: Charter, statements: [PlacedStatement]) {
        let evaluation = Evaluation(charter: charter, statements: statements)
        self.charter = charter
        network = charter.network
        grants = evaluation.grants
        sector = evaluation.sector
        openings = evaluation.openings
        admitted = Set(charter.rootKeys).union(evaluation.grants.values.map(\.device))
        opened = evaluation.opened
    }

    /// The least set of grants and openings that the rules give: each may hang on others to any depth.
    private struct Evaluation {
        private let network: Digest
        private let roots: Set<VerifyingKey>
        /// Ascending by entry id.
        private let statements: [PlacedStatement]
        /// What hangs on a grant, and which admissions hang on the opening of a life: indexes of statements.
        private var byGrant: [Digest: [Int]] = [:]
        private var byLife: [Life: [Int]] = [:]
        private(set) var grants: [Digest: Grant] = [:]
        private(set) var sector: ShortID?
        private var sectorName: String?
        private(set) var opened: Set<Life> = []
        /// Statements to look at once more, as something that they hang on has come to stand.
        private var queue: [Int] = []

        init(charter: Charter, statements: [PlacedStatement]) {
            network = charter.network
            roots = Set(charter.rootKeys)
            self.statements = statements.sorted { $0.entry < $1.entry }
            for (index, placed) in self.statements.enumerated() {
                if let auth = placed.auth { byGrant[auth, default: []].append(index) }
                guard case .admission = placed.statement, let life = placed.life else { continue }
                byLife[life, default: []].append(index)
            }
            for placed in self.statements where roots.contains(placed.device) {
                guard case .opening(let opening) = placed.statement else { continue }
                opened.insert(Life(device: opening.device, incarnation: opening.incarnation))
            }
            admitByRoot()
            while let index = queue.popLast() { consider(index) }
        }

        /// The root's admissions: the first that founds makes the Sector.
        private mutating func admitByRoot() {
            for founding in [true, false] {
                for placed in statements where placed.auth == nil && roots.contains(placed.device) && isHeld(placed) {
                    guard case .admission(let admission) = placed.statement, admission.rank == .sectorAdmin,
                        (admission.organisation == nil) == founding
                    else { continue }
                    if founding, sector == nil {
                        sector = Authority.organisation(foundedBy: placed.entry, network: network)
                        sectorName = admission.name
                        stand(placed, admission, sector, admission.name)
                    } else if !founding, admission.organisation == sector {
                        stand(placed, admission, sector, sectorName)
                    }
                }
            }
        }

        /// Whether the opening of the log that a statement stands in counts.
        private func isHeld(_ placed: PlacedStatement) -> Bool { placed.life.map { opened.contains($0) } ?? true }

        private mutating func stand(
            _ placed: PlacedStatement, _ admission: Statement.Admission, _ organisation: ShortID?, _ name: String?
        ) {
            guard grants[placed.entry] == nil,
                let grant = Authority.grant(placed.entry, admission, organisation, name)
            else { return }
            grants[placed.entry] = grant
            queue += byGrant[placed.entry] ?? []
        }

        /// Looks whether a statement that names a grant counts by now.
        private mutating func consider(_ index: Int) {
            let placed = statements[index]
            guard let writer = placed.auth.flatMap({ grants[$0] }), writer.device == placed.device else { return }
            switch placed.statement {
            case .opening(let opening):
                let life = Life(device: opening.device, incarnation: opening.incarnation)
                if opened.insert(life).inserted { queue += byLife[life] ?? [] }
            case .admission(let admission):
                guard isHeld(placed) else { return }
                switch (writer.rank, admission.rank) {
                case (.sectorAdmin, .organisationAdmin) where admission.organisation == nil:
                    let organisation = Authority.organisation(foundedBy: placed.entry, network: network)
                    stand(placed, admission, organisation, admission.name)
                case (.sectorAdmin, .device) where admission.organisation == writer.organisation,
                    (.organisationAdmin, .device) where admission.organisation == writer.organisation:
                    stand(placed, admission, writer.organisation, writer.organisationName)
                default: break
                }
            case .unknown: break
            }
        }

        /// The openings that count, one for each life.
        var openings: [Statement.Opening] {
            var seen: Set<Life> = []
            return statements.compactMap { placed in
                guard case .opening(let opening) = placed.statement else { return nil }
                let life = Life(device: opening.device, incarnation: opening.incarnation)
                return opened.contains(life) && seen.insert(life).inserted ? opening : nil
            }
        }
    }

    /// What has come to stand since an earlier evaluation.
    package struct Change: Hashable, Sendable {
        /// Whose grants.
        package let devices: Set<VerifyingKey>
        fileprivate let lives: Set<Life>

        /// Whether the life in whose log something stands has come to be opened.
        package func opens(_ log: LogDescriptor) -> Bool {
            lives.contains(Life(device: log.device, incarnation: log.incarnation))
        }
    }

    /// What has come to stand since an earlier evaluation; nil if nothing has.
    package func change(since earlier: Authority) -> Change? {
        let (new, lives) = (grants.filter { earlier.grants[$0.key] == nil }, opened.subtracting(earlier.opened))
        return new.isEmpty && lives.isEmpty ? nil : Change(devices: Set(new.values.map(\.device)), lives: lives)
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
