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
            default: append(scalar, &result)
            }
        }
        return String(result)
    }

    /// A text for other programs: lines, tabs and marks of direction stay, other controls become visible.
    static func data(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t", "\u{200E}", "\u{200F}", "\u{61C}": result.append(scalar)
            default: append(scalar, &result)
            }
        }
        return String(result)
    }

    private static func append(_ scalar: Unicode.Scalar, _ result: inout String.UnicodeScalarView) {
        if scalar.isUnsafeToPrint {
            result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
        } else {
            result.append(scalar)
        }
    }

    /// The text with blanks after it up to a width in terminal cells.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - self.width(text)))
    }

    /// How many cells a terminal gives a line: marks none, Chinese, Japanese and Korean two.
    static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if (0x20..<0x7F).contains(scalar.value) { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return isWide(scalar.value) ? 2 : 1
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

    /// The text in at most so many cells; what is left out is an ellipsis, and an isolate stays closed.
    static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit else { return text }
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let cells = width(scalar)
            guard used + cells <= limit - 1 else { break }
            used += cells
            result.append(scalar)
        }
        return String(result) + "…" + (text.hasPrefix("\u{2068}") ? "\u{2069}" : "")
    }

    // MARK: Tables

    /// The fewest cells to which a column is cut.
    private static let leastColumn = 12

    /// Rows under headers; no rows give nothing.
    ///
    /// Columns are as wide as they need to be. Where that is too wide, the widest but for the first are cut; where even
    /// that does not help, each row becomes a block with a line for each cell that is not empty.
    /// - Parameter limit: the cells that there are; nil for any number.
    static func table(_ headers: [String], _ rows: [[String]], within limit: Int? = nil) -> [String] {
        guard !rows.isEmpty else { return [] }
        let all = [headers] + rows
        var widths = headers.indices.map { column in
            all.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0
        }
        if let limit {
            guard let fitted = fitted(widths, to: limit) else { return blocks(headers, rows) }
            widths = fitted
        }
        return all.map { row in
            var cells = row.enumerated().map { index, cell in padded(cut(cell, to: widths[index]), to: widths[index]) }
            if let last = row.last { cells[cells.count - 1] = cut(last, to: widths[cells.count - 1]) }
            return trimmedEnd(cells.joined(separator: "  "))
        }
    }

    /// Widths of columns that fit with two blanks between them; nil where none do.
    private static func fitted(_ widths: [Int], to limit: Int) -> [Int]? {
        var widths = widths
        while widths.reduce(0, +) + 2 * (widths.count - 1) > limit {
            let widest = widths.indices.dropFirst().max { widths[$0] < widths[$1] }
            guard let widest, widths[widest] > leastColumn else { return nil }
            widths[widest] -= 1
        }
        return widths
    }

    private static func blocks(_ headers: [String], _ rows: [[String]]) -> [String] {
        let width = headers.map(self.width).max() ?? 0
        let blocks = rows.map { row in
            zip(headers, row).filter { !$0.1.isEmpty }.map { padded($0.0, to: width) + "  " + $0.1 }
        }
        return Array(blocks.joined(separator: [""]))
    }

    private static func trimmedEnd(_ text: String) -> String {
        // Blanks are bytes of their own, so no letters need to be told apart.
        let bytes = text.utf8
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[bytes.index(before: end)] == 0x20 { end = bytes.index(before: end) }
        return String(text[..<end])
    }

    /// Words in lines of at most so many cells, the first after `begin`, the others as far in.
    static func wrapped(_ words: [String], begin: String, width limit: Int) -> [String] {
        let indentation = String(repeating: " ", count: width(begin))
        var lines = [begin]
        for (index, word) in words.enumerated() {
            let last = lines[lines.count - 1]
            let isFirst = index == 0 || width(last) == width(begin)
            if !isFirst, width(last) + 1 + width(word) > limit {
                lines.append(indentation + word)
            } else {
                lines[lines.count - 1] = last + (isFirst ? "" : " ") + word
            }
        }
        return lines
    }
}
