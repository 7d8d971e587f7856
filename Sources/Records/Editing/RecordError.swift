package import Crypto

/// Why something about a record was refused; always the fault of what somebody entered.
package enum RecordError: Error, Hashable, Sendable {
    case unknownKind(String, known: [String])
    case unknownField(String, kind: String, known: [String])
    /// The command does not fit the field, as `reason` says.
    case misused(field: String, reason: String, remedy: String?)
    /// The value does not fit the field.
    case invalidValue(field: String, reason: String, remedy: String?)
    /// A record cannot begin without these fields.
    case needed(fields: [String], kind: String)
    /// Several values are left and a person must choose.
    case undecided(record: ShortID, field: String)
    /// No record, value or entry is called so.
    case notFound(String, remedy: String?)
    /// Several records have ids that begin so.
    case ambiguous(prefix: String, count: Int)
    /// Several records are called so; each as a person tells it from the others.
    case ambiguousName(String, hits: [String])
    /// The record is deleted, so nothing is written to it.
    case deleted(record: ShortID)
    /// Records of this kind come into being in another way.
    case notByHand(kind: String)

    /// One sentence for people, without a full stop.
    package var message: String {
        switch self {
        case .unknownKind(let name, _): "there is no kind \(name)"
        case .unknownField(let name, let kind, _): "\(kind) has no field \(name)"
        case .misused(let field, let reason, _): "\(field): \(reason)"
        case .invalidValue(let field, let reason, _): "\(field): \(reason)"
        case .needed(let fields, let kind): "a new \(kind) needs \(fields.joined(separator: ", "))"
        case .undecided(let record, let field):
            "\(field) of \(record.hex.prefix(8)) has several values, and a person must decide"
        case .notFound(let what, _): "\(what) was not found"
        case .ambiguous(let prefix, let count): "\(count) records have ids that begin with \(prefix)"
        case .ambiguousName(let name, let hits):
            "\(hits.count) records are called \(name): \(hits.joined(separator: ", "))"
        case .deleted(let record): "\(record.hex.prefix(8)) is deleted"
        case .notByHand(let kind): "a \(kind) is not created by hand"
        }
    }

    /// What to do about it, where there is something: mostly a command to run.
    package var hint: String? {
        switch self {
        case .unknownKind(_, let known): "kinds are \(known.joined(separator: ", "))"
        case .unknownField(_, _, let known): "fields are \(known.joined(separator: ", "))"
        case .misused(_, _, let remedy), .invalidValue(_, _, let remedy), .notFound(_, let remedy): remedy
        case .needed(let fields, let kind):
            "liaison new \(kind) \(fields.map { "\($0)=…" }.joined(separator: " "))"
        case .undecided(let record, let field):
            "liaison resolve \(record.hex.prefix(8)) \(field) --keep N; liaison show \(record.hex.prefix(8)) has the N"
        case .ambiguous: "give more digits of the id"
        case .ambiguousName: "give the id of one of them"
        case .deleted(let record): "liaison restore \(record.hex.prefix(8))"
        case .notByHand: "liaison invite --organisation NAME, then liaison join there"
        }
    }
}
