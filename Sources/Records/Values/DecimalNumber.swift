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

    /// Whether the first number is not greater than the second, whatever their exponents are.
    static func isAscending(_ a: (mantissa: Int64, exponent: Int64), _ b: (mantissa: Int64, exponent: Int64)) -> Bool {
        let sign = a.mantissa.signum()
        guard sign == b.mantissa.signum(), sign != 0 else { return sign <= b.mantissa.signum() }
        let (first, second) = (magnitude(a), magnitude(b))
        guard first == second else { return (first < second) == (sign > 0) }
        // As many digits before the point: with at most 19 digits each, the exponents differ by at most 18.
        let scale = min(a.exponent, b.exponent)
        return widened(a.mantissa, by: a.exponent - scale) <= widened(b.mantissa, by: b.exponent - scale)
    }

    /// The sum, in units of ten to minus `maximumScale`; nil when a number has an exponent that nobody types or the sum
    /// is beyond 128 bits.
    static func sum(_ numbers: [(mantissa: Int64, exponent: Int64)]) -> Int128? {
        var total: Int128 = 0
        for number in numbers {
            guard (Int64(-maximumScale)...Int64(maximumScale)).contains(number.exponent) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(
                widened(number.mantissa, by: number.exponent + Int64(maximumScale)))
            guard !overflow else { return nil }
            total = sum
        }
        return total
    }

    /// Writes what `sum` gives, without zeros at the end.
    static func text(sum: Int128) -> String {
        var (rest, scale) = (sum, maximumScale)
        while scale > 0, rest.isMultiple(of: 10) { (rest, scale) = (rest / 10, scale - 1) }
        let digits = String(rest.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        let whole = padded.dropLast(scale)
        return (rest < 0 ? "-" : "") + (scale == 0 ? String(whole) : whole + "." + padded.suffix(scale))
    }

    /// The place of the first digit: how many stand before the point.
    private static func magnitude(_ number: (mantissa: Int64, exponent: Int64)) -> Int128 {
        Int128(String(number.mantissa.magnitude).utf8.count) + Int128(number.exponent)
    }

    /// The mantissa times ten to a power of at most 18, in 128 bits.
    private static func widened(_ mantissa: Int64, by power: Int64) -> Int128 {
        (0..<power).reduce(Int128(mantissa)) { product, _ in product * 10 }
    }
}
