import Bytes
import Records

/// Writes events as an iCalendar object (RFC 5545), the same bytes for the same events.
///
/// No clock is read: stamps and sequence numbers come with the events.
package struct CalendarFile {
    /// When an event is.
    package enum Span: Hashable, Sendable {
        /// A whole day, `YYYY-MM-DD`.
        case day(String)
        /// Two instants, seconds since 1970 in UTC.
        case time(start: Int64, end: Int64)
    }

    /// What calendars make of an event.
    package enum Status: String, Hashable, Sendable {
        case tentative = "TENTATIVE"
        case confirmed = "CONFIRMED"
        case cancelled = "CANCELLED"
    }

    /// One event.
    package struct Event: Hashable, Sendable {
        /// The same in every version of the event, and no other event's; ASCII.
        package var uid: String
        package var span: Span
        package var status = Status.confirmed
        /// When it was last changed by the word of whoever changed it, seconds since 1970 in UTC.
        package var stamp: Int64
        /// Rises with each change.
        package var sequence: Int
        package var summary: String
        package var description: String?
        package var location: String?
        /// http or https.
        package var link: String?
        package var categories: [String] = []

        package init(uid: String, span: Span, stamp: Int64, sequence: Int, summary: String) {
            self.uid = uid
            self.span = span
            self.stamp = stamp
            self.sequence = sequence
            self.summary = summary
        }
    }

    /// The longest line in octets without its end.
    ///
    /// Source: RFC 5545 §3.1.
    static let lineLength = 75

    private var bytes: [UInt8] = []

    private init() {}

    /// The bytes of a calendar.
    /// - Parameters:
    ///   - name: what programs may call the calendar.
    ///   - language: the BCP 47 tag of summaries and descriptions.
    package static func bytes(_ events: [Event], name: String, language: String) -> [UInt8] {
        var file = CalendarFile()
        file.line("BEGIN:VCALENDAR")
        file.line("VERSION:2.0")
        file.line("PRODID:-//liaison//liaison \(Program.version)//EN")
        file.line("CALSCALE:GREGORIAN")
        file.line("METHOD:PUBLISH")
        file.line("X-WR-CALNAME:" + escaped(name))
        for event in events { file.write(event, language) }
        file.line("END:VCALENDAR")
        return file.bytes
    }

    private mutating func write(_ event: Event, _ language: String) {
        let parameter = ";LANGUAGE=\(language):"
        line("BEGIN:VEVENT")
        line("UID:" + CalendarFile.escaped(event.uid))
        line("DTSTAMP:" + CalendarFile.time(event.stamp))
        line("SEQUENCE:\(min(max(0, event.sequence), Int(Int32.max)))")
        line("STATUS:" + event.status.rawValue)
        switch event.span {
        case .day(let day):
            line("DTSTART;VALUE=DATE:" + CalendarFile.digits(day))
            // A deadline takes nobody's time.
            line("TRANSP:TRANSPARENT")
        case .time(let start, let end):
            line("DTSTART:" + CalendarFile.time(start))
            // The end has to lie after the start; an event without one ends as it starts.
            if end > start { line("DTEND:" + CalendarFile.time(end)) }
        }
        line("SUMMARY" + parameter + CalendarFile.escaped(event.summary))
        if let text = event.description, !text.isEmpty {
            line("DESCRIPTION" + parameter + CalendarFile.escaped(text))
        }
        if let place = event.location, !place.isEmpty {
            line("LOCATION" + parameter + CalendarFile.escaped(place))
        }
        if let link = event.link, CalendarFile.isLink(link) { line("URL:" + link) }
        if !event.categories.isEmpty {
            line("CATEGORIES" + parameter + event.categories.map(CalendarFile.escaped).joined(separator: ","))
        }
        line("END:VEVENT")
    }

    /// Appends a line, folded where it is too long, without cutting a character.
    private mutating func line(_ text: String) {
        var length = 0
        for scalar in text.unicodeScalars {
            let count = UTF8.width(scalar)
            if length + count > CalendarFile.lineLength {
                bytes += [0x0D, 0x0A, 0x20]
                // The blank that folds a line counts.
                length = 1
            }
            bytes.append(contentsOf: scalar.utf8)
            length += count
        }
        bytes += [0x0D, 0x0A]
    }

    /// The form of TEXT.
    ///
    /// Source: RFC 5545 §3.3.11; controls are no part of a text.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": result.append(contentsOf: ["\\", scalar])
            // The two characters of one line end are one.
            case "\n" where last == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": result.append(contentsOf: ["\\", "n"])
            case "\t": result.append(" ")
            default: if scalar.value >= 0x20, !(0x7F..<0xA0).contains(scalar.value) { result.append(scalar) }
            }
            last = scalar
        }
        return String(result)
    }

    /// Whether a text can stand as a URI: it has none of the characters that end a line or a value.
    private static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://"))
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }

    /// `20270301T090000Z`.
    private static func time(_ seconds: Int64) -> String {
        CivilTime.text(seconds).filter { $0 != "-" && $0 != ":" }
    }

    /// `20270301`.
    private static func digits(_ day: String) -> String { day.filter { $0 != "-" } }
}
