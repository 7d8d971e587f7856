/// Why a text is no table of comma-separated values.
package struct CSVError: Error, Hashable, Sendable {
    /// The line of the text, from 1, on which reading stopped.
    package let line: Int
    package let reason: String
}

/// Reads comma-separated values (RFC 4180), also with semicolons or tabs and with any kind of line break.
package struct CSVReader {
    /// One row: its cells, and the line of the text on which it begins, from 1.
    package struct Row: Hashable, Sendable {
        package let line: Int
        package let cells: [String]
    }

    /// The longest text that is read, bytes.
    package static let maximumByteCount = 64 << 20

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var offset = 0
    private var line = 1

    /// The first row is the header; a byte order mark before it is skipped.
    private init(_ text: String) {
        let all = Array(text.utf8)
        bytes = all.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(all.dropFirst(3)) : all
        delimiter = CSVReader.delimiter(bytes)
    }

    /// All rows that are not blank.
    /// - Throws: when quotes do not match or the text is longer than `maximumByteCount`.
    package static func rows(_ text: String) throws(CSVError) -> [Row] {
        guard text.utf8.count <= maximumByteCount else { throw CSVError(line: 1, reason: "the file is too long") }
        var reader = CSVReader(text)
        var rows: [Row] = []
        while let row = try reader.row() {
            if row.cells.contains(where: { !$0.isEmpty }) { rows.append(row) }
        }
        return rows
    }

    /// The line, from 1, of the first byte that is not UTF-8; nil when all are.
    package static func firstLineThatIsNotText(_ bytes: [UInt8]) -> Int? {
        var line = 1
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { return line }
            line += 1
        }
        return nil
    }

    /// Of comma, semicolon and tab the one that stands most often in the header outside of quotes.
    private static func delimiter(_ bytes: [UInt8]) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func row() throws(CSVError) -> Row? {
        guard offset < bytes.count else { return nil }
        let start = line
        var cells: [String] = []
        repeat { cells.append(try cell()) } while takeDelimiter()
        takeLineBreak()
        return Row(line: start, cells: cells)
    }

    private mutating func takeDelimiter() -> Bool {
        guard next == delimiter else { return false }
        offset += 1
        return true
    }

    private mutating func takeLineBreak() {
        guard let byte = next else { return }
        offset += 1
        if byte == 0x0D, next == 0x0A { offset += 1 }
        line += 1
    }

    private mutating func cell() throws(CSVError) -> String {
        guard next == UInt8(ascii: "\"") else {
            let start = offset
            while let byte = next, byte != delimiter, byte != 0x0A, byte != 0x0D { offset += 1 }
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
        let start = line
        offset += 1
        var text: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\"") where next == UInt8(ascii: "\""):
                offset += 1
                text.append(byte)
            case UInt8(ascii: "\""):
                guard let after = next, after != delimiter, after != 0x0A, after != 0x0D else {
                    return String(decoding: text, as: UTF8.self)
                }
                throw CSVError(line: line, reason: "text follows a closing quote")
            case 0x0D:
                // Line breaks inside of cells are kept as line feeds.
                if next == 0x0A { offset += 1 }
                text.append(0x0A)
                line += 1
            default:
                if byte == 0x0A { line += 1 }
                text.append(byte)
            }
        }
        throw CSVError(line: start, reason: "a quote that opens here is never closed")
    }
}
