import Foundation
import Glibc

/// What an output ends in, and what it can show.
struct Terminal: Hashable, Sendable {
    /// Cells in a line; nil where lines may be of any length.
    var width: Int?
    /// Colours and a line that is written again are welcome.
    var isLively = false
    /// Text of another direction is kept apart from what stands around it.
    var isolatesText = false
    /// A few words may be coloured.
    var isColoured = false

    /// A file or pipe: plain text, lines as long as they are.
    static let none = Terminal()

    /// What stands behind a file descriptor, as the environment wants it used: `NO_COLOR`, `TERM`, `COLUMNS`.
    init(descriptor: Int32, environment: [String: String]) {
        guard isatty(descriptor) == 1 else { return }
        let term = environment["TERM"] ?? "dumb"
        isLively = !term.isEmpty && term != "dumb"
        isolatesText = isLively
        isColoured = isLively && (environment["NO_COLOR"] ?? "").isEmpty
        width = environment["COLUMNS"].flatMap(Int.init) ?? Terminal.columns(descriptor) ?? 80
        if let given = width, given < Terminal.leastWidth { width = Terminal.leastWidth }
    }

    init(width: Int? = nil, isolatesText: Bool = false, isColoured: Bool = false) {
        self.width = width
        self.isolatesText = isolatesText
        self.isColoured = isColoured
    }

    /// Narrower ones are taken to be so wide: nothing fits them.
    private static let leastWidth = 20

    private static func columns(_ descriptor: Int32) -> Int? {
        var size = winsize()
        // SAFETY: the call fills the value in while it is lent out.
        let result = unsafe withUnsafeMutablePointer(to: &size) { unsafe ioctl(descriptor, UInt(TIOCGWINSZ), $0) }
        return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// What deserves a second look.
    enum Emphasis: String {
        case error = "31"
        case undecided = "33"
    }

    /// The text in the colour of an emphasis, where colours are welcome.
    func emphasised(_ text: String, _ emphasis: Emphasis) -> String {
        isColoured ? "\u{1B}[\(emphasis.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// People's text, kept apart from what stands around it where it may run the other way.
    func isolated(_ text: String) -> String {
        isolatesText && text.unicodeScalars.contains(where: \.runsLeft) ? "\u{2068}\(text)\u{2069}" : text
    }

    /// A sentence in which people's words may stand: each run of letters that run left is kept apart.
    func isolatingRuns(_ text: String) -> String {
        guard isolatesText, text.unicodeScalars.contains(where: \.runsLeft) else { return text }
        var result = String.UnicodeScalarView()
        var run = String.UnicodeScalarView()
        // What follows the last letter of a run belongs to it only if another such letter comes.
        var rest = String.UnicodeScalarView()
        func close() {
            if !run.isEmpty {
                result.append("\u{2068}")
                result.append(contentsOf: run)
                result.append("\u{2069}")
            }
            result.append(contentsOf: rest)
            (run, rest) = (String.UnicodeScalarView(), String.UnicodeScalarView())
        }
        for scalar in text.unicodeScalars {
            if scalar.runsLeft || (!run.isEmpty && rest.isEmpty && scalar.properties.generalCategory == .nonspacingMark)
            {
                run.append(contentsOf: rest)
                run.append(scalar)
                rest = String.UnicodeScalarView()
            } else if scalar.properties.isAlphabetic {
                close()
                result.append(scalar)
            } else if run.isEmpty {
                result.append(scalar)
            } else {
                rest.append(scalar)
            }
        }
        close()
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter of a script that runs from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and others
    /// (classes R and AL of Unicode Standard Annex #9).
    var runsLeft: Bool {
        switch value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
            properties.generalCategory != .nonspacingMark && properties.numericType == nil
        default: false
        }
    }
}
