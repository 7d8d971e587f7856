/// What people call a kind, a field, a state or a code, in the six languages of the United Nations.
///
/// Each language has a parameter of its own, so that a missing translation is a compile error and not an empty label.
package struct Label: Hashable, Sendable {
    /// In the order of `languages`, behind one reference: every reading of a field carries its label along.
    private let texts: [String]

    package init(
        _ english: String, fr french: String, es spanish: String, ru russian: String, ar arabic: String,
        zh chinese: String
    ) {
        texts = [english, french, spanish, russian, arabic, chinese]
    }

    /// What stands for languages that labels do not have.
    package var english: String { texts[0] }

    /// The languages that labels have, as BCP 47 tags.
    package static let languages = ["en", "fr", "es", "ru", "ar", "zh"]

    /// The label in the language of a BCP 47 tag; English for languages that have none.
    package func text(_ language: String) -> String {
        let index =
            switch language.lowercased().prefix(while: { $0 != "-" }) {
            case "fr": 1
            case "es": 2
            case "ru": 3
            case "ar": 4
            case "zh": 5
            default: 0
            }
        return texts[index]
    }
}

/// A word that is stored and typed, with what people call it.
package struct Code: Hashable, Sendable {
    /// The word of the command line, JSON and the value itself; unique in its list.
    package let word: String
    package let label: Label

    package init(_ word: String, _ label: Label) {
        self.word = word
        self.label = label
    }
}
