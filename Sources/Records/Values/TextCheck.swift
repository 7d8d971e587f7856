/// Checks text against its form and brings it into the spelling that is stored.
enum TextCheck {
    /// What is wrong with a text, and an example of a right one.
    struct Fault: Error {
        let reason: String
        let remedy: String?

        init(_ reason: String, _ remedy: String? = nil) {
            self.reason = reason
            self.remedy = remedy
        }
    }

    /// The text as it is stored.
    static func check(_ text: String, _ form: TextForm) throws(Fault) -> String {
        try refuseControls(text, allowsLines: form == .lines)
        if form == .line || form == .lines { return text }
        guard !text.isEmpty else { throw Fault("the text is empty", "liaison unset ID FIELD") }
        return switch form {
        case .line, .lines: text
        case .concept: try requireNoSpace(text)
        case .country: try country(text)
        case .region: try region(text)
        case .language: try language(text)
        case .email: try email(text)
        case .phone: try phone(text)
        case .web: try web(text)
        case .orcid: try orcid(text)
        case .ror: try ror(text)
        case .currency: try currency(text)
        case .zone: try zone(text)
        case .slug: try slug(text)
        case .address: try address(text)
        }
    }

    private static func refuseControls(_ text: String, allowsLines: Bool) throws(Fault) {
        for scalar in text.unicodeScalars {
            if allowsLines, scalar == "\n" || scalar == "\t" { continue }
            if scalar == "\n" || scalar == "\r" { throw Fault("this field holds one line") }
            guard scalar.value >= 0x20, !(0x7F..<0xA0).contains(scalar.value) else {
                throw Fault("the text holds a control character")
            }
        }
    }

    private static func requireNoSpace(_ text: String) throws(Fault) -> String {
        guard !text.unicodeScalars.contains(where: \.properties.isWhitespace) else {
            throw Fault("a code or address has no spaces")
        }
        return text
    }

    private static func country(_ text: String) throws(Fault) -> String {
        let code = text.uppercased()
        guard Codes.countries.contains(code) else {
            throw Fault("\(text) is no country code", "ISO 3166 codes have two letters, such as SN, OM or UY")
        }
        return code
    }

    private static func region(_ text: String) throws(Fault) -> String {
        if text.utf8.count == 3, text.utf8.allSatisfy(isDigit) { return text }
        guard Codes.countries.contains(text.uppercased()) else {
            throw Fault("\(text) is no country or region code", "such as SN, or the M49 number 011 for Western Africa")
        }
        return text.uppercased()
    }

    /// A well-formed BCP 47 tag (RFC 5646 §2.1) in its usual case.
    static func language(_ text: String) throws(Fault) -> String {
        let example = "such as fr, ar or zh-Hans"
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...8).contains(first.utf8.count), first.utf8.allSatisfy(isLetter),
            text.utf8.count <= 35
        else { throw Fault("\(text) is no language tag", example) }
        var result = [first.lowercased()]
        for (index, part) in parts.dropFirst().enumerated() {
            let isInner = index < parts.count - 2
            guard part.utf8.allSatisfy({ isLetter($0) || isDigit($0) }), (1...8).contains(part.utf8.count),
                isInner || part.utf8.count > 1
            else { throw Fault("\(text) is no language tag", example) }
            let isLetters = part.utf8.allSatisfy(isLetter)
            switch part.utf8.count {
            case 2 where isLetters: result.append(part.uppercased())
            case 4 where isLetters: result.append(part.prefix(1).uppercased() + part.dropFirst().lowercased())
            default: result.append(part.lowercased())
            }
        }
        return result.joined(separator: "-")
    }

    private static func email(_ text: String) throws(Fault) -> String {
        let fault = Fault("\(text) is no e-mail address", "such as amina@example.org")
        _ = try requireNoSpace(text)
        guard let at = text.lastIndex(of: "@") else { throw fault }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        guard (1...64).contains(local.utf8.count), (1...255).contains(domain.utf8.count), !local.contains("@"),
            !local.contains(where: { "<>(),;:\\\"[]".contains($0) }), !local.hasPrefix("."), !local.hasSuffix("."),
            !local.contains("..")
        else { throw fault }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ isHostLabel($0) }) else { throw fault }
        return text
    }

    private static func isHostLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 >= 0x80 }
    }

    private static func phone(_ text: String) throws(Fault) -> String {
        let fault = Fault("\(text) is no telephone number", "such as +221 33 000 00 00")
        let digits = text.utf8.count(where: isDigit)
        let allowed = "+0123456789 ()-./".utf8
        guard (3...15).contains(digits), text.utf8.allSatisfy({ allowed.contains($0) }), !text.dropFirst().contains("+")
        else { throw fault }
        return text
    }

    private static func web(_ text: String) throws(Fault) -> String {
        let fault = Fault("\(text) is no web address", "such as https://www.example.org/")
        _ = try requireNoSpace(text)
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { throw fault }
        let host = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !host.isEmpty, !host.contains("@"), host.contains(".") || host.hasPrefix("[") else { throw fault }
        return text
    }

    private static func orcid(_ text: String) throws(Fault) -> String {
        let fault = Fault("\(text) is no ORCID iD", "sixteen digits with a check digit, such as 0000-0002-1825-0097")
        var rest = text[...]
        for prefix in ["https://orcid.org/", "http://orcid.org/", "orcid.org/"] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            break
        }
        let characters = Array(rest.uppercased().utf8.filter { $0 != UInt8(ascii: "-") })
        guard characters.count == 16, characters.dropLast().allSatisfy(isDigit) else { throw fault }
        // ISO 7064 mod 11-2 over the first fifteen digits; 10 is written X.
        let total = characters.dropLast().reduce(0) { ($0 + Int($1 - 48)) * 2 % 11 }
        let check = (12 - total) % 11
        guard characters[15] == (check == 10 ? UInt8(ascii: "X") : UInt8(48 + check)) else { throw fault }
        return stride(from: 0, to: 16, by: 4).map { String(decoding: characters[$0..<$0 + 4], as: UTF8.self) }
            .joined(separator: "-")
    }

    private static func ror(_ text: String) throws(Fault) -> String {
        let fault = Fault("\(text) is no ROR id", "such as https://ror.org/04h4z8k05")
        var rest = text.lowercased()[...]
        for prefix in ["https://ror.org/", "http://ror.org/", "ror.org/"] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            break
        }
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        let characters = Array(rest.utf8)
        guard characters.count == 9, characters[0] == UInt8(ascii: "0") else { throw fault }
        var number = 0
        for character in characters[1..<7] {
            guard let digit = alphabet.firstIndex(of: character) else { throw fault }
            number = number * 32 + digit
        }
        // ISO 7064 mod 97-10 over the number that the six characters spell in Crockford's base 32.
        let check = 98 - number * 100 % 97
        guard characters[7] == UInt8(48 + check / 10), characters[8] == UInt8(48 + check % 10) else { throw fault }
        return "https://ror.org/" + rest
    }

    private static func currency(_ text: String) throws(Fault) -> String {
        guard Codes.currencies.contains(text.uppercased()) else {
            throw Fault("\(text) is no currency code", "ISO 4217 codes have three letters, such as EUR or XOF")
        }
        return text.uppercased()
    }

    private static func zone(_ text: String) throws(Fault) -> String {
        guard isZone(text) else { throw Fault("\(text) is no time zone", "such as Europe/Paris, Africa/Dakar or UTC") }
        return text
    }

    /// Whether a text has the shape of an IANA time zone name.
    static func isZone(_ text: String) -> Bool {
        if text == "UTC" { return true }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return (2...3).contains(parts.count) && text.utf8.count <= 60
            && parts.allSatisfy { part in
                part.utf8.first.map(isLetter) == true
                    && part.utf8.allSatisfy {
                        isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
                            || $0 == UInt8(ascii: "+")
                    }
            }
    }

    private static func slug(_ text: String) throws(Fault) -> String {
        let isRight = text.utf8.allSatisfy {
            isDigit($0) || $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
        guard isRight, !text.hasPrefix("-"), !text.hasSuffix("-") else {
            throw Fault("\(text) is no slug", "small letters, digits and hyphens, such as open-data-week")
        }
        return text
    }

    private static func address(_ text: String) throws(Fault) -> String {
        let fault = Fault("\(text) is no address", "HOST:PORT, such as node.example.org:7420")
        _ = try requireNoSpace(text)
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { throw fault }
        return text
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
