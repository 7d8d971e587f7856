import Records
import Testing

@Suite struct LanguageTagTests {
    @Test(arguments: [("FR", "fr"), ("zh-hans", "zh-Hans"), ("pt-br", "pt-BR"), ("", nil), ("x y", nil), ("f", nil)])
    func tagsComeInTheirUsualCase(_ text: String, _ tag: String?) {
        #expect(LanguageTag.checked(text) == tag)
    }

    @Test(arguments: [
        ("fr_SN.UTF-8", "fr"), ("ar", "ar"), ("kk_KZ@latin", "kk"), ("C.UTF-8", nil), ("POSIX", nil), ("", nil),
    ])
    func localesNameLanguages(_ name: String, _ tag: String?) {
        #expect(LanguageTag.ofLocale(name) == tag)
    }
}
