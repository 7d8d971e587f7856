/// What a hash is of: the *personal* field of BLAKE2b, so that no hash of one thing is ever a hash of another.
///
/// The field is the raw value in ASCII, filled with zeros to 16 bytes (RFC 7693 leaves its use open; BLAKE2 §2.5).
package enum Domain: String, CaseIterable, Sendable {
    case charter = "liaison charter"
    case log = "liaison log"
    case entry = "liaison entry"
    case record = "liaison record"
    case device = "liaison device"
    case context = "liaison context"
    /// Nodes of the tree of salts.
    case ggm = "liaison ggm"
    case salt = "liaison salt"
    case commitment = "liaison commit"
    case body = "liaison body"
    /// What a segment's eight check bytes are cut from.
    case segment = "liaison segment"
    case state = "liaison state"
    case frontier = "liaison frontier"
    /// The session-keyed hash over everything that both sides may share, and names of checkpoints.
    case session = "liaison session"
    /// The checksum of a joining code.
    case code = "liaison code"
    /// A joiner's proof that it knows the secret of its code.
    case join = "liaison join"
    /// The bytes of a segment as stored: never sent.
    case stored = "liaison stored"
    /// What binds a store's life to its machine: never sent.
    case life = "liaison life"
    /// Random bytes of simulations and tests.
    case entropy = "liaison entropy"

    /// The 16 bytes of the personal field.
    package var personal: [UInt8] {
        let ascii = Array(rawValue.utf8.prefix(16))
        return ascii + [UInt8](repeating: 0, count: 16 - ascii.count)
    }
}
