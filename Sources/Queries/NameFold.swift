/// Brings names into a form in which those of one person are equal: small letters without marks, in the order of the
/// alphabet.
enum NameFold {
    /// The words of a name, ascending, with a blank between them; empty when it has no letters or digits.
    static func folded(_ name: String) -> String {
        var words = [""]
        for character in name {
            let part = fold(character)
            if part == " " {
                if words.last != "" { words.append("") }
            } else {
                words[words.count - 1] += part
            }
        }
        words.removeAll { $0.isEmpty }
        let named = words.filter { !titles.contains($0) }
        // Somebody may be called like a title.
        return (named.isEmpty ? words : named).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .joined(separator: " ")
    }

    /// What stands before names and is no part of them.
    private static let titles: Set = ["dr", "prof", "mr", "mrs", "ms", "mme", "sr", "sra"]

    /// The letters and digits that stand for a character; a blank for what separates words; nothing for marks.
    private static func fold(_ character: Character) -> String {
        if let known = spellings[character] { return known }
        var result = ""
        for scalar in character.unicodeScalars where !isMark(scalar) {
            if let known = letters[scalar] {
                result += known
                continue
            }
            let properties = scalar.properties
            if properties.generalCategory == .decimalNumber, let digit = properties.numericValue {
                result += String(Int(digit))
            } else if properties.isAlphabetic || properties.generalCategory == .spacingMark
                || properties.generalCategory == .nonspacingMark
            {
                for small in properties.lowercaseMapping.unicodeScalars where !isMark(small) {
                    result += letters[small] ?? String(Character(small))
                }
            } else if "'’ʼ`".unicodeScalars.contains(scalar) {
                // O'Brien is one word, however the mark is typed.
                continue
            } else {
                result += " "
            }
        }
        return result.allSatisfy { $0 == " " } && !result.isEmpty ? " " : result.filter { $0 != " " }
    }

    /// Marks on letters of the Latin, Greek, Cyrillic, Hebrew and Arabic scripts, which people leave out.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x36F, 0x591...0x5C7, 0x610...0x61A, 0x640, 0x64B...0x65F, 0x670, 0x200C...0x200F: true
        default: false
        }
    }

    /// Letters that are no letter with a mark to Unicode, and that people spell otherwise.
    private static let letters: [Unicode.Scalar: String] = [
        "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ŋ": "n",
        "ħ": "h", "ŧ": "t", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و",
        "ئ": "ي", "ς": "σ",
    ]

    /// Letters with one or two marks in one piece, by what they look like without. Characters are equal when Unicode
    /// holds them canonically equivalent, so that no table of decompositions is needed.
    private static let spellings: [Character: String] = {
        let marks = [
            0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x309, 0x30A, 0x30B, 0x30C, 0x31B, 0x323, 0x324,
            0x325, 0x327, 0x328, 0x32D, 0x331,
        ].compactMap(Unicode.Scalar.init(_:)).map { String(Character($0)) }
        var spellings: [Character: String] = [:]
        for base in "abcdefghijklmnopqrstuvwxyzαεηιουωаеиоуыэюяіѵ" {
            for spelt in [String(base), base.uppercased()] {
                for mark in marks {
                    spellings[Character(spelt + mark)] = String(base)
                    guard "aeiouy".contains(base) else { continue }
                    for second in marks { spellings[Character(spelt + mark + second)] = String(base) }
                }
            }
        }
        return spellings
    }()

    // MARK: Nearness

    /// Whether two names differ by one letter that was changed, left out or added, or by two neighbours that changed
    /// places; digits that differ are no slip.
    static func areNear(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Bool {
        guard abs(a.count - b.count) <= 1 else { return false }
        let (short, long) = a.count <= b.count ? (a, b) : (b, a)
        var start = 0
        while start < short.count, short[start] == long[start] { start += 1 }
        var end = 0
        while end < short.count - start, short[short.count - 1 - end] == long[long.count - 1 - end] { end += 1 }
        let (restShort, restLong) = (short[start..<short.count - end], long[start..<long.count - end])
        guard !(Array(restShort) + Array(restLong)).contains(where: { ("0"..."9").contains($0) }) else { return false }
        switch (restShort.count, restLong.count) {
        case (0, 0), (0, 1), (1, 1): return true
        case (2, 2):
            return restShort.first == restLong.last && restShort.last == restLong.first
        default: return false
        }
    }

    /// Hashes of a name and of all that is left of it without one letter: near names have one in common.
    static func variants(_ name: [Unicode.Scalar]) -> [UInt64] {
        var hashes = [hash(name[...], [])]
        for index in name.indices { hashes.append(hash(name[..<index], name[(index + 1)...])) }
        return hashes
    }

    /// FNV-1a over the numbers of the scalars: the same in every process.
    private static func hash(_ first: ArraySlice<Unicode.Scalar>, _ second: ArraySlice<Unicode.Scalar>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in [first, second] {
            for scalar in part { hash = (hash ^ UInt64(scalar.value)) &* 0x100_0000_01B3 }
        }
        return hash
    }
}
