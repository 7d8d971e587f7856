/// Decimal numbers as people write them, with exactly the digits that they wrote.
enum DecimalNumber {
    /// The most digits after the point.
    static let maximumScale = 9

    /// Reads `-12.50` as (−1250, −2); nil for anything else or more than 64 bits.
    static func parse(_ text: String) -> (mantissa: Int64, exponent: Int64)? {
        let body = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(TextCheck.isDigit) }) else {
            return nil
        }
        let scale = parts.count == 2 ? parts[1].utf8.count : 0
        guard scale <= maximumScale, let mantissa = Int64((text.hasPrefix("-") ? "-" : "") + parts.joined()) else {
            return nil
        }
        return (mantissa, Int64(-scale))
    }

    /// Writes a decimal value plainly where at most 40 digits are needed, else with an exponent.
    static func text(mantissa: Int64, exponent: Int64) -> String {
        let digits = String(mantissa.magnitude)
        let sign = mantissa < 0 ? "-" : ""
        guard (-18...18).contains(exponent) else { return "\(mantissa)e\(exponent)" }
        guard exponent < 0 else {
            return mantissa == 0 ? "0" : sign + digits + String(repeating: "0", count: Int(exponent))
        }
        let scale = Int(-exponent)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    /// Whether the first number is not greater than the second; both as `parse` makes them.
    static func isAscending(_ a: (mantissa: Int64, exponent: Int64), _ b: (mantissa: Int64, exponent: Int64)) -> Bool {
        let scale = min(a.exponent, b.exponent)
        return widened(a.mantissa, by: a.exponent - scale) <= widened(b.mantissa, by: b.exponent - scale)
    }

    /// The mantissa times ten to a power of at most `maximumScale`, in 128 bits.
    private static func widened(_ mantissa: Int64, by power: Int64) -> Int128 {
        (0..<min(power, Int64(maximumScale))).reduce(Int128(mantissa)) { product, _ in product * 10 }
    }
}
