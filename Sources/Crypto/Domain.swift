/// What a hash is of: the *personal* field of BLAKE2b, so that no hash of one thing is ever a hash of another.
///
/// The field is the name in ASCII, filled with zeros to 16 bytes (RFC 7693 leaves its use open; BLAKE2 §2.5).
package struct Domain: Sendable {
    /// The id of a network.
    package static let charter = Domain("liaison charter")
    /// The id of a log.
    package static let log = Domain("liaison log")
    /// The id of an entry.
    package static let entry = Domain("liaison entry")
    /// The id of a record.
    package static let record = Domain("liaison record")
    /// The id of a device.
    package static let device = Domain("liaison device")
    /// What the entries that an entry names were.
    package static let context = Domain("liaison context")
    /// Nodes of the tree of salts.
    package static let ggm = Domain("liaison ggm")
    /// The salt of a value.
    package static let salt = Domain("liaison salt")
    /// The commitment to a value.
    package static let commitment = Domain("liaison commit")
    /// The commitment to all values of an entry.
    package static let body = Domain("liaison body")
    /// What a segment's eight check bytes are cut from.
    package static let segment = Domain("liaison segment")
    /// A term of the state of a space.
    package static let state = Domain("liaison state")
    /// The frontier of a space.
    package static let frontier = Domain("liaison frontier")
    /// The session-keyed hash over everything that both sides may share, and names of checkpoints.
    package static let session = Domain("liaison session")
    /// The checksum of a joining code.
    package static let code = Domain("liaison code")
    /// A joiner's proof that it knows the secret of its code.
    package static let join = Domain("liaison join")
    /// The bytes of a segment as stored: never sent.
    package static let stored = Domain("liaison stored")
    /// What binds a store's life to its machine: never sent.
    package static let life = Domain("liaison life")
    /// Random bytes of simulations and tests.
    package static let entropy = Domain("liaison entropy")

    /// All of them.
    package static let all: [Domain] = [
        .charter, .log, .entry, .record, .device, .context, .ggm, .salt, .commitment, .body, .segment, .state,
        .frontier, .session, .code, .join, .stored, .life, .entropy,
    ]

    /// The 16 bytes of the personal field; made once, as every hash needs them.
    package let personal: [UInt8]

    private init(_ name: StaticString) {
        let ascii = Array(name.description.utf8)
        precondition(ascii.count <= 16, "the name of a domain has 16 bytes at most")
        personal = ascii + [UInt8](repeating: 0, count: 16 - ascii.count)
    }
}
