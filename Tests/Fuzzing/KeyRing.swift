import Bytes
import Crypto
import Replica

/// The keys of everybody who writes in the inputs' network: the harness can seal what a hostile member would.
struct KeyRing {
    let root: SigningKey
    /// The Sector's first admin, two admins of other organisations, and somebody whom nobody has admitted.
    let devices: [SigningKey]
    let channelKeys: [AgreementKey]
    let charter: Charter
    let network: Digest

    init() throws {
        var entropy = SeededEntropy(seed: 4)
        let root = SigningKey(from: &entropy)
        self.root = root
        devices = (0..<4).map { _ in SigningKey(from: &entropy) }
        channelKeys = (0..<4).map { _ in AgreementKey(from: &entropy) }
        charter = Charter(
            name: "Fuzz", rootKeys: [root.verifyingKey], threshold: 1, created: 0,
            nonce: ShortID(entropy.next(), entropy.next()))
        network = charter.network
    }

    /// The secret half of a key; nil for keys that nobody here has.
    func secret(of key: VerifyingKey) -> SigningKey? { ([root] + devices).first { $0.verifyingKey == key } }

    /// The seal of a segment that ends with this entry.
    func seal(_ entry: SegmentEntry, of descriptor: LogDescriptor) -> Signature? {
        let message = Seal.message(
            log: descriptor.id(network: network), sequence: entry.header.sequence, entry: entry.id)
        return secret(of: descriptor.device)?.sign(message)
    }

    /// An entry that holds together: its body is what the header commits to, and its context what it names.
    func entry(_ header: Header, _ body: Body, names: [NamedEntry] = []) -> SegmentEntry {
        var header = header
        header.bodySize = body.size ?? header.bodySize
        header.bodyCommitment = body.commitment
        header.context = NamedEntry.context(names)
        let bytes = header.encoded
        return SegmentEntry(
            id: Header.id(of: bytes), header: header, headerBytes: bytes, names: names.map(\.id), body: body)
    }
}

/// Gives every name a meaning, so that a segment is filled in without a store.
struct AnyNames: NameResolver {
    let log: Digest
    var resolvesAll: Bool { false }

    mutating func resolve(log index: Int, sequence: Int, introduced: [Digest]) -> NamedEntry? {
        guard sequence % 251 != 250 else { return nil }
        let named = index == 0 ? log : introduced.indices.contains(index - 1) ? introduced[index - 1] : Digest()
        return NamedEntry(log: named, sequence: sequence, id: Digest(UInt64(index), UInt64(sequence), 0, 1))
    }
}
