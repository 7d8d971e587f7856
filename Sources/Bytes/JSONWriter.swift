/// Writes a `Document` as JSON (RFC 8259): one form for one document, safe to print.
///
/// Control characters (C0, DEL, C1), line and paragraph separators and bidirectional controls are escaped, so that
/// data from elsewhere can neither move the cursor nor turn a line around.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    private let isOnOneLine: Bool

    private init(isOnOneLine: Bool = false) { self.isOnOneLine = isOnOneLine }

    /// The text of a document, two spaces of indentation for each level, without a line feed at the end.
    package static func text(_ document: Document) -> String {
        var writer = JSONWriter()
        writer.write(document, indentation: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The text of a document on one line, without blanks.
    package static func compactText(_ document: Document) -> String {
        var writer = JSONWriter(isOnOneLine: true)
        writer.write(document, indentation: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func newLine(_ indentation: Int) {
        guard !isOnOneLine else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indentation * 2))
    }

    private mutating func write(_ document: Document, indentation: Int) {
        switch document {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .int(let number): append(String(number))
        case .string(let text): write(text)
        case .array(let items):
            guard !items.isEmpty else { return append("[]") }
            append("[")
            for (index, item) in items.enumerated() {
                if index > 0 { append(",") }
                newLine(indentation + 1)
                write(item, indentation: indentation + 1)
            }
            newLine(indentation)
            append("]")
        case .object(let members):
            guard !members.isEmpty else { return append("{}") }
            append("{")
            for (index, member) in members.enumerated() {
                if index > 0 { append(",") }
                newLine(indentation + 1)
                write(member.name)
                append(isOnOneLine ? ":" : ": ")
                write(member.value, indentation: indentation + 1)
            }
            newLine(indentation)
            append("}")
        }
    }

    private mutating func write(_ text: String) {
        append("\"")
        defer { append("\"") }
        // Most texts are plain, and go as they are.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }) { return append(text) }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            default:
                if scalar.isUnsafeToPrint { escape(scalar) } else { bytes.append(contentsOf: scalar.utf8) }
            }
        }
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        for unit in String(scalar).utf16 {
            append("\\u")
            append([UInt8(unit >> 8), UInt8(unit & 255)].hex)
        }
    }
}

extension Unicode.Scalar {
    /// Whether printing the scalar could change what stands around it on a terminal or page.
    ///
    /// C0 and C1 controls, DEL, line and paragraph separators, bidirectional marks, embeddings, overrides and
    /// isolates (Unicode Standard Annex #9), tag characters and the byte order mark.
    package var isUnsafeToPrint: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }
}
