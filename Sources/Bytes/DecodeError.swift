/// Why bytes that came from outside were refused; always the fault of whoever sent them.
package enum DecodeError: Error, Hashable, Sendable {
    /// The input ended inside an item that began at this offset.
    case truncated(at: Int)
    /// Bytes follow the item that should have been the last.
    case trailing(at: Int)
    /// The item is well-formed but not in its one deterministic encoding (RFC 8949 §4.2.1).
    case notDeterministic(at: Int)
    /// Another type stands where `expected` must stand.
    case wrongType(expected: String, at: Int)
    /// Floats, indefinite lengths, undefined and other items that no form of ours has.
    case unsupported(at: Int)
    /// Arrays, maps and tags nest deeper than `CBOR.maximumDepth`.
    case tooDeep(at: Int)
    /// A text is not valid UTF-8.
    case invalidText(at: Int)
    /// A length, count or number is outside of what `what` allows.
    case outOfRange(what: String, at: Int)
    /// The form is right and the content contradicts the specification, as `what` says.
    case invalid(what: String)
}
