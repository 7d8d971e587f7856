import Bytes

/// Makes texts from elsewhere safe and tidy on a terminal.
enum Printable {
    /// One line: line breaks and tabs become blanks, controls become visible, invisible marks of direction vanish.
    static func line(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t", "\u{2028}", "\u{2029}": result.append(" ")
            // Marks that only help to set mixed text; overrides and isolates are shown by number instead.
            case "\u{200E}", "\u{200F}", "\u{61C}": continue
            default:
                if scalar.isUnsafeToPrint {
                    result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
                } else {
                    result.append(scalar)
                }
            }
        }
        return String(result)
    }

    /// The text with blanks after it up to a width in terminal cells.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - self.width(text)))
    }

    /// How many cells a terminal gives a line: marks none, Chinese, Japanese and Korean two.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            if (0x20..<0x7F).contains(scalar.value) { return sum + 1 }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return sum
            default: return sum + (isWide(scalar.value) ? 2 : 1)
            }
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// Rows under headers, columns as wide as they need to be; no rows give nothing.
    static func table(_ headers: [String], _ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let all = [headers] + rows
        let widths = headers.indices.map { column in
            all.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0
        }
        return all.map { row in
            var cells = row.enumerated().map { index, cell in padded(cell, to: widths[index]) }
            if let last = row.last { cells[cells.count - 1] = last }
            return trimmedEnd(cells.joined(separator: "  "))
        }
    }

    private static func trimmedEnd(_ text: String) -> String {
        var rest = text[...]
        while rest.utf8.last == 0x20 { rest = rest.dropLast() }
        return String(rest)
    }
}
