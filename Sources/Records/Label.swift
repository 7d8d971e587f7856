/// What people call a kind, a field, a state or a code, in the six languages of the United Nations.
///
/// Each language has a property of its own, so that a missing translation is a compile error and not an empty label.
package struct Label: Hashable, Sendable {
    package let english: String
    package let french: String
    package let spanish: String
    package let russian: String
    package let arabic: String
    package let chinese: String

    package init(
        _ english: String, fr french: String, es spanish: String, ru russian: String, ar arabic: String,
        zh chinese: String
    ) {
        self.english = english
        self.french = french
        self.spanish = spanish
        self.russian = russian
        self.arabic = arabic
        self.chinese = chinese
    }

    /// The languages that labels have, as BCP 47 tags.
    package static let languages = ["en", "fr", "es", "ru", "ar", "zh"]

    /// The label in the language of a BCP 47 tag; English for languages that have none.
    package func text(_ language: String) -> String {
        switch language.prefix(while: { $0 != "-" }) {
        case "fr": french
        case "es": spanish
        case "ru": russian
        case "ar": arabic
        case "zh": chinese
        default: english
        }
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
