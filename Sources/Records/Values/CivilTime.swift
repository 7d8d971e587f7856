/// Dates and times of the proleptic Gregorian calendar as RFC 3339 writes them, without a clock and without zones.
package enum CivilTime {
    /// The instants that RFC 3339 can write with a year from 1 to 9999, seconds since 1970 in UTC.
    package static let writable: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// `YYYY-MM-DDTHH:MM:SSZ`; instants outside of `writable` appear as the nearest one inside.
    package static func text(_ seconds: Int64) -> String {
        let bounded = min(max(seconds, writable.lowerBound), writable.upperBound)
        let days = dayNumber(bounded)
        let rest = bounded - days * 86_400
        let (year, month, day) = date(days)
        let time = [rest / 3_600, rest / 60 % 60, rest % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(time)Z"
    }

    /// The date of an instant in UTC, `YYYY-MM-DD`.
    package static func day(_ seconds: Int64) -> String { String(text(seconds).prefix(10)) }

    /// The date some months after that of an instant; the last day of a shorter month.
    package static func day(_ seconds: Int64, monthsLater months: Int) -> String {
        let (year, month, day) = date(dayNumber(seconds))
        let count = year * 12 + month - 1 + Int64(months)
        // Beyond the years that RFC 3339 can write nothing is moved.
        guard (12..<120_000).contains(count) else { return self.day(seconds) }
        let wanted = (year: count / 12, month: count % 12 + 1)
        return self.date(ofDay: days(wanted.year, wanted.month, min(day, length(wanted.month, wanted.year))))
    }

    /// Days since 1970 of a date `YYYY-MM-DD`; nil when it is none.
    package static func dayNumber(_ date: String) -> Int64? { days(date.utf8[...]) }

    /// The date of a count of days since 1970.
    package static func date(ofDay day: Int64) -> String { self.day(day * 86_400) }

    private static func dayNumber(_ seconds: Int64) -> Int64 {
        seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    }

    /// Whether a text is a full date of RFC 3339 with a year from 1 to 9999.
    package static func isDate(_ text: String) -> Bool { days(text.utf8[...]) != nil }

    /// Seconds since 1970 of an RFC 3339 time with an offset and without fractions; seconds may be left out.
    package static func seconds(_ text: String) -> Int64? {
        let bytes = text.utf8
        guard bytes.count >= 17, let days = days(bytes.prefix(10)) else { return nil }
        var rest = bytes.dropFirst(10)
        guard let t = rest.popFirst(), t == UInt8(ascii: "T") || t == UInt8(ascii: "t") || t == 0x20,
            let hours = number(&rest, 0...23), skip(&rest, ":"), let minutes = number(&rest, 0...59)
        else { return nil }
        var seconds: Int64 = 0
        if skip(&rest, ":") {
            guard let given = number(&rest, 0...59) else { return nil }
            seconds = given
        }
        guard let offset = offset(&rest), rest.isEmpty else { return nil }
        let total = days * 86_400 + hours * 3_600 + minutes * 60 + seconds - offset
        return writable.contains(total) ? total : nil
    }

    private static func offset(_ rest: inout Substring.UTF8View) -> Int64? {
        guard let sign = rest.popFirst() else { return nil }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(&rest, 0...23),
            skip(&rest, ":"), let minutes = number(&rest, 0...59)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func skip(_ rest: inout Substring.UTF8View, _ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    /// Two digits.
    private static func number(_ rest: inout Substring.UTF8View, _ range: ClosedRange<Int64>) -> Int64? {
        guard let first = rest.popFirst(), let second = rest.popFirst(), TextCheck.isDigit(first),
            TextCheck.isDigit(second)
        else { return nil }
        let value = Int64(first - 48) * 10 + Int64(second - 48)
        return range.contains(value) ? value : nil
    }

    private static func days(_ text: Substring.UTF8View) -> Int64? {
        guard text.count == 10 else { return nil }
        var rest = text
        guard let high = number(&rest, 0...99), let low = number(&rest, 0...99), skip(&rest, "-"),
            let month = number(&rest, 1...12), skip(&rest, "-"), let day = number(&rest, 1...31)
        else { return nil }
        let year = high * 100 + low
        guard year >= 1, day <= length(month, year) else { return nil }
        return days(year, month, day)
    }

    private static func length(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970 of a date with a year of at least 1, counted in years that begin in March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let monthsSinceMarch = (month + 9) % 12
        let dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
    }

    /// The date of a day within `writable`.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let sinceZero = days + 719_468
        let era = (sinceZero >= 0 ? sinceZero : sinceZero - 146_096) / 146_097
        let dayOfEra = sinceZero - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
