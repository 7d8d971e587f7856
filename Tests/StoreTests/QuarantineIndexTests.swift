import Crypto
import Replica
import Testing

@testable import Store

/// A quarantine that somebody has filled costs nothing when statements come that release nothing of it.
@Suite struct QuarantineIndexTests {
    private let root: SigningKey
    private let devices: [SigningKey]
    private let charter: Charter

    init() {
        var entropy = SeededEntropy(seed: 12)
        root = SigningKey(from: &entropy)
        devices = (0..<2).map { _ in SigningKey(from: &entropy) }
        charter = Charter(
            name: "Q", rootKeys: [root.verifyingKey], threshold: 1, created: 0, nonce: ShortID(1, 1))
    }

    private func log(_ device: Int, life: UInt64) -> LogDescriptor {
        LogDescriptor(
            space: SpaceName.net, logClass: .data, device: devices[device].verifyingKey, incarnation: ShortID(life, 0))
    }

    private func opening(of key: SigningKey, life: UInt64, auth: Digest?) -> PlacedStatement {
        let id = ShortID(life, 0)
        return PlacedStatement(
            entry: Digest(life, 1, 0, 0), device: key.verifyingKey, auth: auth, incarnation: id,
            statement: .opening(.init(device: key.verifyingKey, incarnation: id, label: 0)))
    }

    private func admission(of device: Int, founding name: String?, in sector: ShortID?) -> PlacedStatement {
        PlacedStatement(
            entry: Digest(UInt64(device), 2, 0, 0), device: root.verifyingKey, auth: nil, incarnation: ShortID(99, 0),
            statement: .admission(
                .init(
                    ruleSet: 1, rank: .sectorAdmin, organisation: sector, name: name,
                    device: devices[device].verifyingKey, channelKey: AgreementPublicKey(), label: device)))
    }

    @Test func `R8: statements make the quarantined logs of their own device or life be judged again, and no others`()
        throws
    {
        var index = QuarantineIndex()
        var logs: [Digest] = []
        for (row, log) in [log(0, life: 1), log(0, life: 2), log(1, life: 3)].enumerated() {
            logs.append(log.id(network: charter.network))
            index.add(.init(first: 5, number: row), byteCount: 100, log: logs[row], log)
            index.add(.init(first: 0, number: row + 10), byteCount: 1, log: logs[row], log)
            #expect(index.logs[logs[row]]?.rows.map(\.number) == [row + 10, row])
        }
        #expect(index.byteCount == 303)
        var statements = [
            opening(of: root, life: 99, auth: nil), admission(of: 0, founding: "Sector", in: nil),
        ]
        var before = Authority(charter: charter, statements: statements)
        func touched(_ statement: PlacedStatement) throws -> Set<Digest> {
            statements.append(statement)
            let after = Authority(charter: charter, statements: statements)
            defer { before = after }
            return after.change(since: before).map { index.logs(touchedBy: $0) } ?? []
        }
        let grant = Digest(0, 2, 0, 0)
        #expect(try touched(opening(of: devices[0], life: 7, auth: grant)) == [])
        #expect(try touched(opening(of: devices[0], life: 2, auth: grant)) == [logs[1]])
        #expect(try touched(opening(of: devices[1], life: 3, auth: grant)) == [], "a grant of another")
        #expect(try touched(admission(of: 1, founding: nil, in: before.sector)) == [logs[2]])
        #expect(before.change(since: before) == nil)

        for _ in 0..<2 { index.remove(.init(first: 5, number: 0), byteCount: 100, log: logs[0]) }
        #expect(index.byteCount == 203 && index.logs[logs[0]]?.rows.map(\.number) == [10])
        index.remove(.init(first: 0, number: 10), byteCount: 1, log: logs[0])
        #expect(index.logs[logs[0]] == nil)
    }
}
