/// The tag of a language, for those who only have to know one.
package enum LanguageTag {
    /// The tag in its usual case; nil unless it is well-formed.
    ///
    /// Source: BCP 47 (RFC 5646 §2.1).
    package static func checked(_ text: String) -> String? { try? TextCheck.language(text) }

    /// The language of a locale's name such as `fr_SN.UTF-8`; nil where it names none, as `C` does.
    package static func ofLocale(_ name: String) -> String? {
        // A locale's language has two or three letters; POSIX would be a tag otherwise.
        let language = name.prefix { $0 != "_" && $0 != "." && $0 != "@" }
        return (2...3).contains(language.utf8.count) ? checked(String(language)) : nil
    }
}
