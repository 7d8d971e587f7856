/// The columns of an address book that an import understands, whatever they are called.
enum ContactColumn: Hashable, Sendable, CaseIterable {
    case display, given, family, nativeName, honorific, email, primaryEmail, phone, organisation, jobTitle, country
    case languages, expertise, uid, orcid, availability, tags

    /// The headers that mean this column, in small letters without hyphens, English then French.
    var headers: [String] {
        switch self {
        case .display: ["display name", "display", "name", "full name", "fn", "nom complet", "nom affiché"]
        case .given: ["given name", "given", "given names", "first name", "firstname", "prénom", "prénoms", "prenom"]
        case .family: ["family name", "family", "last name", "lastname", "surname", "nom de famille", "nom"]
        case .nativeName: ["native name", "name in own script", "nom d'origine"]
        case .honorific: ["honorific", "prefix", "salutation", "civilité", "civilite"]
        case .email:
            [
                "email", "emails", "e mail", "e mails", "email address", "e mail address", "mail", "courriel",
                "courriels",
            ]
        case .primaryEmail: ["primary email", "main email", "main e mail", "courriel principal"]
        case .phone:
            [
                "phone", "phones", "telephone", "telephones", "phone number", "tel", "mobile", "téléphone", "tél",
                "portable",
            ]
        case .organisation:
            ["organisation", "organization", "org", "company", "institution", "institute", "organisme", "société"]
        case .jobTitle: ["job title", "title", "position", "role", "function", "fonction", "titre", "poste"]
        case .country: ["country", "country code", "pays", "code pays"]
        case .languages: ["language", "languages", "langue", "langues"]
        case .expertise: ["expertise", "skills", "topics", "compétences", "domaines"]
        case .uid: ["uid", "vcard uid", "identifiant"]
        case .orcid: ["orcid", "orcid id"]
        case .availability: ["availability", "disponibilité"]
        case .tags: ["tag", "tags", "categories", "étiquettes", "catégories"]
        }
    }

    /// The column that a header names; `E-mail 2` is one more e-mail column.
    init?(header: String) {
        var words = header.lowercased().split { $0 == "-" || $0 == "_" || $0.isWhitespace }
        if words.count > 1, let last = words.last, Int(last) != nil { words.removeLast() }
        let name = words.joined(separator: " ")
        guard let column = ContactColumn.allCases.first(where: { $0.headers.contains(name) }) else { return nil }
        self = column
    }

    /// Whether a cell may hold several values, and what stands between them.
    private var separators: Set<Character> {
        switch self {
        case .email, .phone, .languages: [";", ",", "|", "\n"]
        case .expertise, .tags: [";", "|", "\n"]
        default: []
        }
    }

    /// Whether a contact may have several values of this column.
    var isList: Bool { !separators.isEmpty }

    /// The values of a cell, without blanks around them.
    func values(_ cell: String) -> [String] {
        let parts = separators.isEmpty ? [cell[...]] : cell.split { separators.contains($0) }
        return parts.map(ContactColumn.trimmed).filter { !$0.isEmpty }
    }

    /// The text without white space at either end.
    static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
