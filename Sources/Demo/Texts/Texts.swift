/// All that the demonstration says, in the six languages of the United Nations.
///
/// The sources are blocks that begin with `= key`; a line `en …` begins a variant, the lines of the other languages
/// follow it, and a line that is indented goes on with the one above.
enum Texts {
    /// In the order in which variants have them.
    static let languages = ["en", "fr", "es", "ru", "ar", "zh"]

    /// The variants of each key; each has one text for each language.
    static let variants: [String: [[String]]] = {
        var all: [String: [[String]]] = [:]
        for source in [topics, network, people, meetings, activities, space, funds] { read(source, into: &all) }
        return all
    }()

    private static func read(_ source: String, into all: inout [String: [[String]]]) {
        var key = ""
        var variants: [[String]] = []
        for line in source.split(separator: "\n") {
            if line.hasPrefix("= ") {
                if !key.isEmpty { all[key] = variants }
                key = String(line.dropFirst(2))
                variants = []
            } else if line.hasPrefix(" ") {
                if var texts = variants.popLast(), let text = texts.popLast() {
                    variants.append(texts + ["\(text) \(line.drop { $0 == " " })"])
                }
            } else {
                if line.hasPrefix("en ") { variants.append([]) }
                if !variants.isEmpty { variants[variants.count - 1].append(String(line.dropFirst(3))) }
            }
        }
        if !key.isEmpty { all[key] = variants }
    }

    /// How many variants a key has.
    static func count(_ key: String) -> Int {
        guard let found = variants[key], !found.isEmpty else { preconditionFailure("there is no text \(key)") }
        return found.count
    }

    /// One variant in a language, its words in braces replaced; English for languages that have none.
    static func text(_ key: String, _ variant: Int, _ language: String, _ words: [String: String] = [:]) -> String {
        guard let found = variants[key], !found.isEmpty else { preconditionFailure("there is no text \(key)") }
        let texts = found[variant % found.count]
        let place = languages.firstIndex(of: language) ?? 0
        let filled = fill(texts.indices.contains(place) ? texts[place] : texts[0], words)
        return language == "fr" ? spaced(filled) : filled
    }

    /// What a topic is called.
    static func topic(_ notation: String, _ language: String) -> String { text("topic.\(notation)", 0, language) }

    private static func fill(_ template: String, _ words: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            guard let word = words[name] else { preconditionFailure("nothing was said for {\(name)}") }
            result += rest[..<open] + word
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// French sets a space that does not break before double punctuation marks.
    private static func spaced(_ text: String) -> String {
        var result = ""
        for letter in text {
            let follows = ":;?!»".contains(letter)
            if follows, result.last == " " {
                result.removeLast()
                result.append("\u{A0}")
            }
            result.append(letter)
        }
        return result
    }
}

/// One concept of the vocabulary.
struct Topic {
    let notation: String
    /// The notations of wider concepts.
    let broader: [String]

    /// The wide ones first.
    static let all: [Topic] = [
        Topic(notation: "media", broader: []), Topic(notation: "information", broader: []),
        Topic(notation: "documentary-heritage", broader: []), Topic(notation: "digital", broader: []),
        Topic(notation: "community-media", broader: ["media"]),
        Topic(notation: "digital-archives", broader: ["documentary-heritage", "digital"]),
        Topic(notation: "media-literacy", broader: ["media", "information"]),
        Topic(notation: "access-to-information", broader: ["information"]),
        Topic(notation: "journalism-education", broader: ["media"]),
        Topic(notation: "multilingualism", broader: ["digital", "information"]),
        Topic(notation: "safety-of-journalists", broader: ["media"]), Topic(notation: "radio", broader: ["media"]),
        Topic(notation: "gender-in-media", broader: ["media"]),
        Topic(notation: "freedom-of-expression", broader: ["media"]),
        Topic(notation: "climate-reporting", broader: ["media"]),
        Topic(notation: "libraries", broader: ["information"]),
        Topic(notation: "open-science", broader: ["information"]),
        Topic(notation: "open-educational-resources", broader: ["information"]),
        Topic(notation: "information-accessibility", broader: ["information"]),
        Topic(notation: "oral-history", broader: ["documentary-heritage"]),
        Topic(notation: "sound-archives", broader: ["documentary-heritage"]),
        Topic(notation: "indigenous-languages", broader: ["information"]),
        Topic(notation: "digital-skills", broader: ["digital"]), Topic(notation: "ethics-of-ai", broader: ["digital"]),
    ]

    /// The notations that are not the widest: what people work on.
    static let narrow = all.filter { !$0.broader.isEmpty }.map(\.notation)
}
