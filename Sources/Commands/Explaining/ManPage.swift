/// One manual page in the form of mdoc(7), written piece by piece.
struct ManPage {
    /// The name without the section.
    let name: String
    private(set) var lines: [String] = []

    /// The section of all our pages: commands.
    private static let section = 1
    /// When the pages changed last, as mdoc wants it.
    private static let date = "March 1, 2026"

    var fileName: String { "\(name).\(ManPage.section)" }
    var text: String { lines.joined(separator: "\n") }

    init(_ name: String, _ summary: String) {
        self.name = name
        lines = [
            ".Dd \(ManPage.date)", ".Dt \(name.uppercased()) \(ManPage.section)", ".Os", ".Sh NAME", ".Nm \(name)",
            ".Nd \(ManPage.escaped(summary))",
        ]
    }

    mutating func section(_ title: String) { lines.append(".Sh \(title)") }

    mutating func subsection(_ title: String) { lines.append(".Ss \(ManPage.escaped(title))") }

    /// Text that is filled anew; an empty line begins a paragraph.
    mutating func paragraphs(_ text: String) {
        for (index, paragraph) in text.split(separator: "\n\n").enumerated() {
            if index > 0 { lines.append(".Pp") }
            lines += ManPage.filled(paragraph.split(whereSeparator: \.isWhitespace).map(String.init))
        }
    }

    /// A line that stands as it is.
    mutating func literal(_ text: String) {
        lines.append(".Bd -literal -offset indent")
        lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { ManPage.line(String($0)) }
        lines.append(".Ed")
    }

    /// Terms, each with what it means.
    mutating func list(_ items: [(term: String, text: String)]) {
        guard !items.isEmpty else { return }
        let widest = items.map(\.term).max { Printable.width($0) < Printable.width($1) } ?? ""
        lines.append(".Bl -tag -compact -width \(ManPage.argument(String(widest.prefix(24))))")
        for item in items {
            lines.append(".It Sy \(ManPage.argument(item.term))")
            lines += ManPage.filled(item.text.split(whereSeparator: \.isWhitespace).map(String.init))
        }
        lines.append(".El")
    }

    /// References to other pages of ours.
    mutating func references(_ names: [String]) {
        let sorted = names.sorted()
        for (index, name) in sorted.enumerated() {
            let comma = index < sorted.count - 1 ? " ," : ""
            lines.append(".Xr \(name) \(ManPage.section)\(comma)")
        }
    }

    mutating func paragraph() { lines.append(".Pp") }

    mutating func macro(_ text: String) { lines.append(text) }

    // MARK: Escapes

    /// Words in lines short enough for every editor; a sentence ends its line.
    private static func filled(_ words: [String]) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in words {
            let safe = escaped(word)
            if !current.isEmpty, current.utf8.count + 1 + safe.utf8.count > 76 {
                lines.append(current)
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + safe
            if endsSentence(word) {
                lines.append(current)
                current = ""
            }
        }
        if !current.isEmpty { lines.append(current) }
        return lines.map(protected)
    }

    private static func endsSentence(_ word: String) -> Bool {
        guard let last = word.last else { return false }
        return ".?!".contains(last) && word.count > 1
    }

    /// A line that begins with a control character would be a request.
    private static func protected(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    private static func line(_ text: String) -> String { text.isEmpty ? "" : protected(escaped(text)) }

    /// One argument of a macro.
    static func argument(_ text: String) -> String {
        "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
    }

    /// The text with what roff reads in its own way written as an escape.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            default:
                if scalar.isASCII {
                    result.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
                }
            }
        }
        return result
    }
}
