/// Writes tables as comma-separated values (RFC 4180) that spreadsheets open as they are meant.
///
/// UTF-8 with a byte order mark, without which Excel takes another encoding; lines end with CR LF.
package enum CSVWriter {
    /// The bytes of a table; every row as long as the header.
    package static func bytes(_ header: [String], _ rows: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        write(header, to: &bytes)
        for row in rows { write(row, to: &bytes) }
        return bytes
    }

    private static func write(_ row: [String], to bytes: inout [UInt8]) {
        for (index, cell) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(cell, to: &bytes)
        }
        bytes += [0x0D, 0x0A]
    }

    private static func write(_ cell: String, to bytes: inout [UInt8]) {
        let isFormula = startsFormula(cell)
        let isQuoted = cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard isQuoted || isFormula else { return bytes.append(contentsOf: cell.utf8) }
        bytes.append(0x22)
        // Spreadsheets show what follows the apostrophe as text.
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// Whether a spreadsheet would compute the cell instead of showing it; numbers are no formulas.
    private static func startsFormula(_ cell: String) -> Bool {
        guard let first = cell.utf8.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return !cell.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        default: return false
        }
    }
}
