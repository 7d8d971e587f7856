import Records
import Testing

extension Kind: CustomTestStringConvertible {
    /// Its name: everything else fills a screen.
    public var testDescription: String { name }
}

@Suite struct LabelTests {
    /// The scripts that labels are written in, by language.
    static let letters: [String: [ClosedRange<UInt32>]] = [
        "en": [0x41...0x5A, 0x61...0x7A],
        "fr": [0x41...0x5A, 0x61...0x7A, 0xC0...0x17F],
        "es": [0x41...0x5A, 0x61...0x7A, 0xC0...0xFF],
        "ru": [0x410...0x44F],
        // Without the tatweel, vowel marks and the letters of other languages.
        "ar": [0x621...0x63A, 0x641...0x64A],
        "zh": [0x4E00...0x9FFF],
    ]

    /// Names that are the same in every language.
    static let names = ["IATI", "ORCID", "ROR", "vCard"]

    /// Words that English, French and Spanish spell alike.
    static let alike: Set<String> = []

    /// Every label of a kind with what it names.
    private func labels(_ kind: Kind) -> [(path: String, label: Label)] {
        [(kind.name, kind.label)] + kind.fields.flatMap { [($0.name, $0.label)] + labels($0.type, $0.name) }
    }

    private func labels(_ type: ValueType, _ path: String) -> [(path: String, label: Label)] {
        switch type {
        case .code(let codes): codes.map { ("\(path) \($0.word)", $0.label) }
        case .group(let group):
            group.parts.flatMap { [("\(path).\($0.name)", $0.label)] + labels($0.type, "\(path).\($0.name)") }
        case .list(let item, _): labels(item, path)
        default: []
        }
    }

    private func isLetter(_ scalar: Unicode.Scalar, of language: String) -> Bool {
        LabelTests.letters[language, default: []].contains { $0.contains(scalar.value) }
    }

    @Test(arguments: SchemaTests.kinds) func everyLabelIsInTheScriptOfItsLanguage(_ kind: Kind) {
        for (path, label) in labels(kind) {
            for language in Label.languages {
                let text = label.text(language)
                let words = text.split { " ,()".contains($0) }.filter { !LabelTests.names.contains(String($0)) }
                let scalars = words.joined().unicodeScalars
                #expect(scalars.contains { isLetter($0, of: language) }, "\(path): \(text)")
                let other = scalars.filter { scalar in
                    let isMark = scalar.properties.generalCategory == .nonspacingMark
                    return !isLetter(scalar, of: language) && (scalar.properties.isAlphabetic || isMark)
                }
                #expect(other.isEmpty, "\(path): \(text)")
            }
        }
    }

    @Test(arguments: SchemaTests.kinds) func labelsAreWordsInSentenceCase(_ kind: Kind) throws {
        for (path, label) in labels(kind) {
            for language in Label.languages {
                let text = label.text(language)
                let first = try #require(text.first)
                #expect(!first.isLowercase || LabelTests.names.contains { text.hasPrefix($0) }, "\(path): \(text)")
                #expect(!first.isWhitespace && text.last?.isWhitespace == false, "\(path): \(text)")
                #expect(text.last?.isPunctuation == false || text.hasSuffix("）"), "\(path): \(text)")
                #expect(!text.contains("'") && !text.contains("  ") && text.count <= 50, "\(path): \(text)")
            }
        }
    }

    @Test(arguments: SchemaTests.kinds) func labelsDifferFromLanguageToLanguage(_ kind: Kind) {
        for (path, label) in labels(kind) {
            let all = Set(Label.languages.map(label.text))
            // Of English, French and Spanish two may share a word.
            #expect(all.count >= 5 || LabelTests.alike.contains(label.text("en")), "\(path): \(all.sorted())")
        }
    }

    @Test(arguments: SchemaTests.kinds) func nothingIsCalledAsItsNeighbour(_ kind: Kind) {
        for language in Label.languages {
            let fields = kind.fields.map { $0.label.text(language) }
            #expect(Set(fields).count == fields.count, "\(kind.name) in \(language): \(fields)")
            for field in kind.fields { checkCodes(field.type, language, field.name) }
        }
    }

    private func checkCodes(_ type: ValueType, _ language: String, _ path: String) {
        switch type {
        case .code(let codes):
            #expect(Set(codes.map { $0.label.text(language) }).count == codes.count, "\(path) in \(language)")
        case .group(let group):
            let parts = group.parts.map { $0.label.text(language) }
            #expect(Set(parts).count == parts.count, "\(path) in \(language): \(parts)")
            for part in group.parts { checkCodes(part.type, language, "\(path).\(part.name)") }
        case .list(let item, _): checkCodes(item, language, path)
        default: break
        }
    }

    @Test func kindsHaveNamesOfTheirOwn() {
        for language in Label.languages {
            let names = SchemaTests.kinds.map { $0.label.text(language) }
            #expect(Set(names).count == names.count, "\(language): \(names)")
        }
    }

    @Test func aLanguageIsFoundByItsTag() {
        let label = Kind.meeting.label
        #expect(
            ["en", "fr-CA", "ES", "ru", "ar-OM", "zh-Hant-TW"].map(label.text) == [
                "Meeting", "Réunion", "Reunión", "Совещание", "اجتماع", "会议",
            ])
        for other in ["de", "", "fra", "sl-SI"] { #expect(label.text(other) == label.english) }
    }
}
