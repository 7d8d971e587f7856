import Bytes
import Crypto
import Foundation
import Testing

@testable import Replica

// Goal: who may write follows from the set of statements alone, and a graph of grants that somebody made to be dear
// costs no more than one that grew. Method: statements as values, so that even graphs which hashes forbid can be made.
@Suite struct AuthorityTests {
    private var entropy = SeededEntropy(seed: 15)
    private let root: SigningKey
    private let charter: Charter

    init() {
        var entropy = SeededEntropy(seed: 15)
        root = SigningKey(from: &entropy)
        charter = Charter(name: "Graph", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: ShortID())
    }

    private mutating func key() -> VerifyingKey { VerifyingKey(entropy.fill(32)) ?? VerifyingKey() }

    private mutating func id() -> Digest { Digest(entropy.fill(32)) ?? Digest() }

    private mutating func admission(
        _ entry: Digest, by device: VerifyingKey, under auth: Digest?, rank: Rank, to subject: VerifyingKey,
        organisation: ShortID?
    ) -> PlacedStatement {
        PlacedStatement(
            entry: entry, device: device, auth: auth, incarnation: nil,
            statement: .admission(
                .init(
                    ruleSet: 1, rank: rank, organisation: organisation, name: organisation == nil ? "O" : nil,
                    device: subject, channelKey: AgreementPublicKey(), label: 0)))
    }

    /// Twenty admins who stand, and very many who admit each other in circles, chains and crowds and do not.
    private mutating func crafted(_ count: Int) -> (statements: [PlacedStatement], standing: Int) {
        var statements: [PlacedStatement] = []
        let admin = key()
        let founding = id()
        statements.append(
            admission(founding, by: root.verifyingKey, under: nil, rank: .sectorAdmin, to: admin, organisation: nil))
        let sector = Authority.organisation(foundedBy: founding, network: charter.network)
        for _ in 0..<20 {
            let (entry, device) = (id(), key())
            statements.append(
                admission(entry, by: admin, under: founding, rank: .device, to: device, organisation: sector))
        }
        // A circle: each is admitted by the next, the last by the first.
        let ring = (0..<count / 4).map { _ in (entry: id(), device: key()) }
        for (index, member) in ring.enumerated() {
            let giver = ring[(index + 1) % ring.count]
            statements.append(
                admission(
                    member.entry, by: giver.device, under: giver.entry, rank: .organisationAdmin, to: member.device,
                    organisation: nil))
        }
        // A chain that begins at a device, which may admit nobody.
        var last = (entry: statements[1].entry, device: key())
        for _ in 0..<count / 4 {
            let next = (entry: id(), device: key())
            statements.append(
                admission(
                    next.entry, by: last.device, under: last.entry, rank: .device, to: next.device,
                    organisation: sector))
            last = next
        }
        // A crowd under one grant that does not exist, and one under a grant of somebody else.
        let nobody = id()
        for index in 0..<count / 2 {
            let (entry, device, subject) = (id(), key(), key())
            statements.append(
                admission(
                    entry, by: device, under: index % 2 == 0 ? nobody : founding, rank: .device, to: subject,
                    organisation: sector))
        }
        return (statements, 21)
    }

    /// 100,000 statements on demand (`LIAISON_STATEMENTS=100000`).
    @Test(.timeLimit(.minutes(1)))
    mutating func `A15: circles, chains and crowds of grants stand nowhere and are judged one by one`() throws {
        let count = ProcessInfo.processInfo.environment["LIAISON_STATEMENTS"].flatMap { Int($0) } ?? 8_000
        let (statements, standing) = crafted(count)
        let began = ContinuousClock.now
        let authority = Authority(charter: charter, statements: statements)
        print("A15: \(statements.count) statements judged in \(ContinuousClock.now - began)")
        #expect(authority.grants.count == standing)
        var random = SeededEntropy(seed: 3)
        #expect(Authority(charter: charter, statements: statements.shuffled(using: &random)) == authority)
        // What is added to it later changes nothing of what stood.
        let (more, device) = (id(), key())
        let founding = statements[0].entry
        guard case .admission(let first) = statements[0].statement else { return }
        let sector = Authority.organisation(foundedBy: founding, network: charter.network)
        let added = admission(more, by: first.device, under: founding, rank: .device, to: device, organisation: sector)
        let later = Authority(charter: charter, statements: statements + [added])
        #expect(later.grants.count == standing + 1 && later.admits(device))
    }
}
