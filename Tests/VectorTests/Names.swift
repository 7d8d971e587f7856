import Bytes
import Replica

/// A refusal in the words of `Protocol/09-errors.md`.
struct Refusal: Error, CustomStringConvertible {
    /// The layers that may be meant: a fault of form inside a segment does not tell whether a header or value holds it.
    let layers: [String]
    let error: String

    var description: String { "\(layers.joined(separator: " or ")): \(error)" }

    func fits(_ failure: (layer: String, error: String)) -> Bool {
        layers.contains(failure.layer) && error == failure.error
    }
}

extension DecodeError {
    /// The name in vectors.
    var name: String {
        switch self {
        case .truncated: "truncated"
        case .trailing: "trailing"
        case .notDeterministic: "notDeterministic"
        case .wrongType: "wrongType"
        case .unsupported: "unsupported"
        case .tooDeep: "tooDeep"
        case .invalidText: "invalidText"
        case .outOfRange: "outOfRange"
        case .invalid: "invalid"
        }
    }
}

extension SegmentError {
    /// The refusal in vectors.
    var refusal: Refusal {
        switch self {
        case .malformed(let error): Refusal(layers: ["segment", "header", "body"], error: error.name)
        case .chain: Refusal(layers: ["segment"], error: "chain")
        case .seeds: Refusal(layers: ["segment"], error: "seeds")
        case .commitment: Refusal(layers: ["body"], error: "commitment")
        case .context: Refusal(layers: ["context"], error: "context")
        case .seal: Refusal(layers: ["seal"], error: "seal")
        case .tooLarge: Refusal(layers: ["segment"], error: "tooLarge")
        }
    }
}

extension JoinCode.Fault {
    /// The name in vectors.
    var name: String {
        switch self {
        case .notBase32: "notBase32"
        case .wrongLength: "wrongLength"
        case .wrongChecksum: "wrongChecksum"
        case .wrongVersion: "wrongVersion"
        case .noAddress: "noAddress"
        }
    }
}
