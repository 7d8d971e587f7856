import Bytes
import Crypto
import Replica
import Sync

/// Charters, certificates, statements, join codes and requests, descriptors and checkpoints.
package struct StatementsTarget: FuzzTarget {
    package static let name = "statements"

    private let keys: KeyRing

    package init() throws { keys = try KeyRing() }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        switch script.byte() % 8 {
        case 0: try charter(script.rest())
        case 1: try certificate(script.rest(), isSealed: false)
        case 2: try certificate(script.rest(), isSealed: true)
        case 3: try code(String(decoding: script.rest(), as: UTF8.self))
        case 4:
            let content = script.rest()
            try code(Base32.encode(content + Hash.blake2b(.code, content).prefix(4)))
        case 5: try request(script.rest())
        case 6: try statement(&script)
        default: try checkpoint(script.rest())
        }
    }

    private func charter(_ bytes: [UInt8]) throws {
        guard let charter = try? Charter(decoding: bytes) else { return }
        try require(charter.encoded == bytes, "a charter has two encodings")
        try require(charter.network == Hash.blake2b(.charter, bytes), "a charter's network")
    }

    /// A certificate; sealed anew with the keys that it names, as far as they are known here, each link under the one
    /// before it.
    private func certificate(_ bytes: [UInt8], isSealed: Bool) throws {
        guard let read = try? Certificate(decoding: bytes) else { return }
        try require(read.encoded == bytes, "a certificate has two encodings")
        guard isSealed else {
            _ = try? read.verify(network: keys.network)
            _ = try? read.verify(network: Hash.blake2b(.charter, read.charter))
            return
        }
        let network = Hash.blake2b(.charter, read.charter)
        var links: [Certificate.Link] = []
        var above: Digest?
        for link in read.links {
            guard var header = try? Header(decoding: link.header) else { return }
            header.auth = above
            let encoded = header.encoded
            let id = Header.id(of: encoded)
            let message = Seal.message(
                log: link.descriptor.id(network: network), sequence: header.sequence, entry: id)
            let seal = keys.secret(of: link.descriptor.device)?.sign(message) ?? link.seal
            links.append(Certificate.Link(header: encoded, descriptor: link.descriptor, seal: seal))
            above = id
        }
        let sealed = Certificate(charter: read.charter, links: links)
        guard let grant = try? sealed.verify(network: network) else { return }
        try require(grant.id == above, "a certificate gives another grant than its last")
        let roots = try Charter(decoding: read.charter).rootKeys
        try require(roots.contains(links[0].descriptor.device), "somebody else than the root gives grants")
    }

    private func code(_ text: String) throws {
        guard let code = try? JoinCode(text) else { return }
        try require(try JoinCode(code.text) == code, "a code is written as another one")
        try require((3...InvitationLimits.addressBytes).contains(code.address.utf8.count), "an address's length")
    }

    private func request(_ bytes: [UInt8]) throws {
        guard let request = try? JoinRequest(decoding: bytes) else { return }
        try require(request.encoded == bytes, "a request has two encodings")
        let hash = [UInt8](repeating: 1, count: 64)
        _ = request.isSigned(channelKey: keys.channelKeys[0].publicKey, handshakeHash: hash)
    }

    private func statement(_ script: inout Script) throws {
        let number = Int(script.byte() % 4)
        let shape = script.rest()
        guard MergeType.statement.accepts(shape: shape) else { return }
        let operation = Operation(field: 0, type: .statement, references: [], shape: shape)
        let header = Header(
            sequence: 0, previous: Digest(), auth: nil, time: 0, record: .new(kind: number), operations: [operation])
        guard let statement = try? Statement(header) else { return }
        try require(statement.number == number, "a statement's number")
        if case .unknown = statement { return }
        try require(statement.operation == operation, "a statement has two encodings")
        let placed = PlacedStatement(
            entry: Header.id(of: header.encoded), device: keys.root.verifyingKey, auth: nil, incarnation: nil,
            statement: statement)
        _ = Authority(charter: keys.charter, statements: [placed])
    }

    private func checkpoint(_ bytes: [UInt8]) throws {
        var reader = CBORReader(bytes)
        if let descriptor = try? LogDescriptor(from: &reader) {
            var writer = CBORWriter()
            descriptor.write(to: &writer)
            try require(writer.bytes == Array(bytes[..<reader.offset]), "a descriptor has two encodings")
            _ = descriptor.id(network: keys.network)
        }
        guard let checkpoint = Checkpoint(decoding: bytes) else { return }
        try require(checkpoint.encoded == bytes, "a checkpoint has two encodings")
    }

    package static func seeds() throws -> [[UInt8]] {
        let keys = try KeyRing()
        let descriptor = LogDescriptor(
            space: SpaceName.policy, logClass: .control, device: keys.root.verifyingKey, incarnation: ShortID(1, 2))
        let opening = Statement.opening(
            .init(device: keys.root.verifyingKey, incarnation: ShortID(1, 2), label: 300))
        let admissions = [
            (1, nil, "Sector"), (2, nil, "Institute"), (3, ShortID(5, 6), nil), (1, ShortID(5, 6), nil),
        ].map { rank, organisation, name in
            Statement.admission(
                .init(
                    ruleSet: 1, rank: Rank(rawValue: rank) ?? .device, organisation: organisation, name: name,
                    device: keys.devices[0].verifyingKey, channelKey: keys.channelKeys[0].publicKey, label: 0))
        }
        var hash = [UInt8](repeating: 1, count: 64)
        hash[0] = 1
        let request = JoinRequest(
            device: keys.devices[3], channelKey: keys.channelKeys[0].publicKey, secret: ShortID(1, 1),
            handshakeHash: hash)
        let checkpoint = Checkpoint(
            name: 77,
            logs: [.init(id: Digest(1, 2, 3, 4), descriptor: descriptor, heads: [Head(sequence: 5, prefix: 6)])]
        )
        var writer = CBORWriter()
        descriptor.write(to: &writer)
        let certificates = try SmallNetwork(keys).certificates()
        return try Vectors.bytes(in: "charter").map { [0] + $0 } + [[0] + keys.charter.encoded]
            + (Vectors.bytes(in: "certificate") + certificates.map(\.encoded)).flatMap { [[1] + $0, [2] + $0] }
            + Vectors.bytes(in: "code").flatMap { bytes in
                let decoded = Base32.decode(String(decoding: bytes, as: UTF8.self)) ?? []
                return [[3] + bytes, [4] + decoded.dropLast(4)]
            } + [[5] + request.encoded] + ([opening] + admissions).map { [6, UInt8($0.number)] + $0.operation.shape }
            + [[6, 3, 0x80], [7] + checkpoint.encoded, [7] + writer.bytes]
    }
}
