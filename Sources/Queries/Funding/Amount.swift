import Replica

/// An amount of money in billionths of its currency, so that amounts with different numbers of digits compare and add
/// up.
struct Amount: Hashable {
    /// Beyond every amount that the table of kinds lets anybody enter.
    private static let greatest = Int128(1_000_000_000_000) * 1_000_000_000

    let units: Int128
    let currency: String

    /// - Returns: nil without an amount or a currency, and for amounts that nobody could have entered.
    init?(_ value: Value?, _ currency: Value?) {
        guard let units = Amount.units(value), case .text(let currency)? = currency else { return nil }
        self.units = units
        self.currency = currency
    }

    /// Billionths of a number that is neither negative nor out of bounds.
    static func units(_ value: Value?) -> Int128? {
        let (mantissa, exponent): (Int64, Int64)
        switch value {
        case .decimal(let m, let e): (mantissa, exponent) = (m, e)
        case .integer(let number): (mantissa, exponent) = (number, 0)
        default: return nil
        }
        guard mantissa >= 0, (-9...12).contains(exponent) else { return nil }
        var units = Int128(mantissa)
        for _ in 0..<(exponent + 9) {
            units *= 10
            if units > greatest { return nil }
        }
        return units <= greatest ? units : nil
    }

    /// Units as people write them: without zeros at the end.
    static func text(_ units: Int128) -> String {
        let whole = units / 1_000_000_000
        var part = String(units % 1_000_000_000)
        part = String(repeating: "0", count: max(0, 9 - part.utf8.count)) + part
        while part.hasSuffix("0") { part.removeLast() }
        return "\(whole)" + (part.isEmpty ? "" : ".\(part)")
    }
}
