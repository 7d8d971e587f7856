import Records

extension Label {
    /// The same text in every language: for kinds that live in one test.
    init(draft text: String) { self.init(text, fr: text, es: text, ru: text, ar: text, zh: text) }
}
