/// What a hash is of: the *personal* field of BLAKE2b, so that no hash of one thing is ever a hash of another.
///
/// The field is the raw value in ASCII, filled with zeros to 16 bytes (RFC 7693 leaves its use open; BLAKE2 §2.5).
package enum Domain: String, CaseIterable, Sendable {
    case charter = "liaison charter"
    case log = "liaison log"
    case entry = "liaison entry"
    case record = "liaison record"
    /// Records that two offices create as one.
    case pair = "liaison pair"
    case device = "liaison device"
    case context = "liaison context"
    case commitment = "liaison commit"
    case body = "liaison body"
    case salt = "liaison salt"
    case ggm = "liaison ggm"
    case seal = "liaison seal"
    /// What a segment's eight check bytes are cut from.
    case segment = "liaison segment"
    /// The bytes of a segment or file as stored.
    case stored = "liaison stored"
    case statement = "liaison stmt"
    case state = "liaison state"
    case frontier = "liaison frontier"
    /// The digest over shown values.
    case view = "liaison view"
    /// The session-keyed hash over everything that both sides may share.
    case session = "liaison session"
    case policy = "liaison policy"
    case invitation = "liaison invite"
    case receipt = "liaison receipt"
    case blob = "liaison blob"
    /// Random bytes of simulations and tests.
    case entropy = "liaison entropy"

    /// The 16 bytes of the personal field.
    package var personal: [UInt8] {
        let ascii = Array(rawValue.utf8.prefix(16))
        return ascii + [UInt8](repeating: 0, count: 16 - ascii.count)
    }
}
