import Bytes

/// Merging of a counter: what the deltas left add up to.
///
/// Source: Protocol/04-merging.md#types.
package enum CounterMerge {
    /// The exact sum of the deltas of operations; those of other types add nothing.
    ///
    /// Each has 64 bits and they are fewer than 2⁶³, so that the sum fits.
    package static func total(_ left: [OperationView]) -> Int128 {
        left.reduce(0) { $0 + ($1.type == .counter ? delta($1.shape) : 0) }
    }

    /// What is shown of a sum: the nearest number of 64 bits.
    package static func shown(_ total: Int128) -> Int64 { Int64(clamping: total) }

    private static func delta(_ shape: CBOR) -> Int128 {
        switch shape {
        case .unsigned(let number): Int128(number)
        case .negative(let number): -1 - Int128(number)
        default: 0
        }
    }
}
