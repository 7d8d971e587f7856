/// Brings names into a form in which those of one person are equal: folded, without titles, its words in the order of
/// the alphabet.
enum NameFold {
    /// The words of a name, ascending, with a blank between them; empty when it has no letters or digits.
    static func folded(_ name: String) -> String {
        var words: [String] = [""]
        for scalar in Folding.fold(name).unicodeScalars {
            if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || isVowelSign(scalar) {
                words[words.count - 1].unicodeScalars.append(scalar)
            } else if !"'’ʼ`".unicodeScalars.contains(scalar), words.last != "" {
                // O'Brien is one word, however the mark is typed; everything else separates.
                words.append("")
            }
        }
        words.removeAll { $0.isEmpty }
        let named = words.filter { !titles.contains($0) }
        // Somebody may be called like a title.
        return (named.isEmpty ? words : named).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .joined(separator: " ")
    }

    /// The signs that stand beside their letter in the scripts of India and its neighbours.
    private static func isVowelSign(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .spacingMark
    }

    /// What stands before names and is no part of them.
    private static let titles: Set = ["dr", "prof", "mr", "mrs", "ms", "mme", "sr", "sra"]

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
