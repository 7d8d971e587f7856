import Foundation
import Records

/// What people call countries, regions, languages and currencies, in one language.
struct CodeNames {
    /// The BCP 47 tag of the language.
    let language: String
    private let locale: Locale

    init(language: String) {
        self.language = language
        locale = Locale(identifier: language)
    }

    /// The language of the person who types: that of the environment; nil where it names none.
    static func language(_ environment: [String: String]) -> String? {
        ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
            .flatMap(LanguageTag.ofLocale)
    }

    /// The name of a code; nil for other texts and for codes that nobody has named.
    func name(_ code: String, _ form: TextForm) -> String? {
        let name: String? =
            switch form {
            case .country, .region: locale.localizedString(forRegionCode: code)
            case .language: locale.localizedString(forIdentifier: code)
            case .currency: locale.localizedString(forCurrencyCode: code)
            default: nil
            }
        guard let name, name != code, !name.isEmpty else { return nil }
        return name
    }

    /// The name with the code behind it, else the code.
    func both(_ code: String, _ form: TextForm) -> String {
        name(code, form).map { "\($0) (\(code))" } ?? code
    }

    /// The form of the codes that members of a document with this name are, where nothing else says it.
    static func form(ofMember name: String) -> TextForm? {
        switch name {
        case "country", "countries": .country
        case "region", "regions": .region
        case "language", "languages": .language
        case "currency": .currency
        default: nil
        }
    }

    /// Whether a text looks like a code of this form.
    static func isCode(_ text: String, _ form: TextForm) -> Bool {
        switch form {
        case .country: text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        case .region:
            isCode(text, .country) || text.utf8.count == 3 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case .language: LanguageTag.checked(text) == text
        case .currency: text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        default: false
        }
    }
}

extension CodeNames {
    /// The languages that have a code of two letters, sorted; for offers, as any tag may be typed.
    static var languages: [String] {
        Locale.LanguageCode.isoLanguageCodes.map(\.identifier).filter { $0.utf8.count == 2 }.sorted()
    }
}
