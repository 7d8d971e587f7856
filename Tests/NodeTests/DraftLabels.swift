import Records

// For kinds that live in one test: their labels are not translated.

extension Label {
    /// The same text in every language.
    init(draft text: String) { self.init(text, fr: text, es: text, ru: text, ar: text, zh: text) }
}

extension Code {
    /// Codes whose labels are the words themselves.
    static func draft(_ words: [String]) -> [Code] { words.map { Code($0, Label(draft: $0)) } }
}
