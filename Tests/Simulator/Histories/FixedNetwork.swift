import Bytes
package import Crypto
package import Replica
package import Store

/// A network that is the same in every run, so that trying a history costs no more than its own entries.
package struct FixedNetwork: Sendable {
    /// Whose data log an entry stands in.
    package enum Author: Int, CaseIterable, Sendable {
        case first, second, third
        /// The first one's device in another life of its store.
        case firstAgain
        /// A device under a rule set that this version does not know: its entries are not understood.
        case later
        /// A device whose admission comes with the history.
        case late
        /// A device that nobody admits.
        case stranger
    }

    /// What it takes to write in one log.
    package struct Hand: Sendable {
        package let author: Author
        package let key: SigningKey
        package let grant: Digest
        package let descriptor: LogDescriptor
        package let log: Digest
        /// The secret of the first block of the log.
        package let secret: Seed
        /// The leaves of the first entries.
        package let leaves: [ShortID]
    }

    package let charter: Charter
    /// By `Author.rawValue`.
    package private(set) var hands: [Hand] = []
    /// The statements that every store of this network has from the beginning.
    package private(set) var control: [IncomingSegment] = []
    /// The admission of the one that comes late, and its opening.
    package private(set) var lateControl: [IncomingSegment] = []

    /// The same with all ids in it.
    package private(set) var lateExplicit: [[UInt8]] = []

    /// So many entries each log may have.
    package static let leafCount = 64

    package init() throws {
        var entropy = SeededEntropy(seed: 0x1A35)
        let root = SigningKey(from: &entropy)
        charter = Charter(
            name: "Laws", rootKeys: [root.verifyingKey], threshold: 1, created: 0,
            nonce: ShortID(entropy.next(), entropy.next()))
        let founder = try ReplicaStore.inMemory(charter: charter, identity: nil, entropy: entropy)
        _ = try Founding.found(
            founder, root: root, device: SigningKey(from: &entropy), channelKey: AgreementKey(from: &entropy),
            organisation: "Sector", time: 1)
        for author in Author.allCases {
            let (key, channel) = (SigningKey(from: &entropy), AgreementKey(from: &entropy))
            var identity = ReplicaStore.Identity(signingKey: key, channelKey: channel, grant: hands.first?.grant)
            switch author {
            case .stranger: break
            case .firstAgain:
                identity = ReplicaStore.Identity(
                    signingKey: hands[0].key, channelKey: channel, grant: hands[0].grant)
            default:
                if author == .late { control = FixedNetwork.runs(of: founder) }
                let admission = Statement.Admission(
                    ruleSet: author == .later ? 9 : Founding.ruleSet, rank: .organisationAdmin, organisation: nil,
                    name: "\(author)", device: key.verifyingKey, channelKey: channel.publicKey, label: 0)
                let grant = try founder.write(.admission(admission), time: 2)
                identity = ReplicaStore.Identity(signingKey: key, channelKey: channel, grant: grant)
            }
            try add(author, identity, knownTo: founder, &entropy)
        }
        let known = Set(control)
        lateControl = FixedNetwork.runs(of: founder, above: known)
        for segment in lateControl {
            let log = segment.descriptor.id(network: charter.network)
            let compact = try CompactSegment(decoding: segment.bytes)
            lateExplicit += try founder.explicitSegments(
                log: log, first: compact.firstSequence, last: compact.lastSequence)
        }
    }

    /// Opens a life for an author and lets the founder know of it.
    private mutating func add(
        _ author: Author, _ identity: ReplicaStore.Identity, knownTo founder: ReplicaStore,
        _ entropy: inout SeededEntropy
    ) throws {
        let own = try ReplicaStore.inMemory(
            charter: charter, identity: identity, entropy: SeededEntropy(seed: UInt64(author.rawValue)))
        var waiting = WaitingRoom()
        _ = try own.ingest(FixedNetwork.runs(of: founder), waiting: &waiting)
        try own.openIncarnation(time: 3)
        if author != .stranger { _ = try founder.ingest(FixedNetwork.runs(of: own), waiting: &waiting) }
        guard let grant = identity.grant, let incarnation = own.incarnation else {
            preconditionFailure("an author has a grant and a life")
        }
        let descriptor = LogDescriptor(
            space: SpaceName.net, logClass: .data, device: identity.signingKey.verifyingKey, incarnation: incarnation)
        let secret = Seed(level: 0, first: 0, node: ShortID(entropy.next(), entropy.next()))
        hands.append(
            Hand(
                author: author, key: identity.signingKey, grant: grant, descriptor: descriptor,
                log: descriptor.id(network: charter.network), secret: secret,
                leaves: (0..<FixedNetwork.leafCount).map { SaltTree.leaf(of: secret, at: $0) }))
    }

    /// The hand of an author.
    package subscript(author: Author) -> Hand { hands[author.rawValue] }

    /// Every run that a store holds, in the order in which it came.
    /// - Parameter known: what the receiver holds; of a log of which it holds something only the rest is given.
    package static func runs(of store: ReplicaStore, above known: Set<IncomingSegment> = []) -> [IncomingSegment] {
        var result: [(place: Int, segment: IncomingSegment)] = []
        for branch in store.sharedBranches() {
            var next = branch.parentSequence + 1
            for segment in known where segment.descriptor == branch.descriptor {
                guard let compact = try? CompactSegment(decoding: segment.bytes) else { continue }
                next = max(next, compact.lastSequence + 1)
            }
            while let run = try? store.segment(branch: branch.number, from: next) {
                result.append((run.place, IncomingSegment(descriptor: branch.descriptor, bytes: run.bytes)))
                next = run.last + 1
            }
        }
        return result.sorted { $0.place < $1.place }.map(\.segment)
    }
}
