/// Texts as a search compares them: without case, marks, and the other things that people leave out when they type.
///
/// Simple on purpose: letters with marks become the letters that their Unicode names begin with.
enum Folding {
    /// A text folded.
    static func fold(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                result.unicodeScalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            } else {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars { append(lower, to: &result) }
            }
        }
        return result
    }

    /// The words of a text, folded, in their order.
    static func words(_ text: String) -> [String] {
        fold(text).split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return
        case .decimalNumber:
            if let value = scalar.properties.numericValue { result += String(Int(value)) }
            return
        default: break
        }
        if let known = letters[scalar] {
            result += known
        } else if scalar.value < 0x2000, let name = scalar.properties.name, let with = name.firstRange(of: " WITH ") {
            let base = String(name[..<with.lowerBound])
            result.unicodeScalars.append(bases[base] ?? scalar)
        } else {
            result.unicodeScalars.append(scalar)
        }
    }

    /// What does not follow from names; the tatweel only stretches words.
    private static let letters: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ё": "е", "й": "и", "\u{0640}": "",
        "\u{0671}": "ا", "\u{0649}": "ي", "\u{06CC}": "ي", "\u{0629}": "ه", "\u{06A9}": "ك",
    ]

    /// The plain letters of the scripts in which letters are combined with marks, by their names.
    private static let bases: [String: Unicode.Scalar] = {
        var bases: [String: Unicode.Scalar] = [:]
        for range in [0x61...0x7A, 0x3B1...0x3C9, 0x430...0x45F, 0x621...0x64A] as [ClosedRange<UInt32>] {
            for value in range {
                guard let scalar = Unicode.Scalar(value), let name = scalar.properties.name else { continue }
                if name.firstRange(of: " WITH ") == nil { bases[name] = scalar }
            }
        }
        return bases
    }()
}
