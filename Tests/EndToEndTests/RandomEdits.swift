import Testing

/// Random edits of specimens through the command line, and what was promised of them.
struct RandomEdits {
    var generator: SeededGenerator
    /// The records that some command has reported as created.
    private(set) var records: [String] = []
    /// The entries that a command reported as written, by record.
    private(set) var promised: [String: Set<String>] = [:]

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let values: [(field: String, values: [String])] = [
        ("soft", ["a", "b", "ü", "O'Brien; DROP TABLE", "\u{202E}x", ""]), ("hard", ["1", "2", "ملاحظة", "\\"]),
        ("map.fr", ["un", "deux"]), ("map.vi", ["một", "hai"]), ("hard_map.en", ["one", "two"]),
        ("hard_map.ar", ["واحد", "اثنان"]), ("state", ["green", "yellow", "red"]),
        ("number", ["-1000000", "0", "7", "1000000"]), ("flag", ["true", "false"]),
        ("amount", ["0.1", "-2.50", "1000000"]), ("day", ["2026-11-23", "1999-12-31"]),
        ("moment", ["2026-11-23T10:00:00Z", "1970-01-01T00:00:00Z"]),
        ("pair", [#"{"low":1,"high":2}"#, #"{"low":3,"high":100}"#]),
        ("counter", ["0", "5", "-1000"]), ("list.1", ["erster", "première"]), ("list.2", ["second", "الثاني"]),
        ("parts.1.count", ["1", "2"]),
    ]
    private static let members = ["red", "blue", "ünï", "☃"]
    private static let elements = ["one", "two", "tri", "četiri", "五"]

    private mutating func assignment() -> String {
        if Int.random(in: 0..<8, using: &generator) == 0, let other = records.randomElement(using: &generator) {
            return "other=\(other)"
        }
        guard let (field, values) = Self.values.randomElement(using: &generator),
            let value = values.randomElement(using: &generator)
        else { return "soft=" }
        return "\(field)=\(value)"
    }

    private mutating func member() -> String { "set=\(Self.members.randomElement(using: &generator) ?? "")" }

    private mutating func element() -> String { "list=\(Self.elements.randomElement(using: &generator) ?? "")" }

    /// An edit of a counter or a list.
    private mutating func counted(_ id: String) -> [String] {
        let number = "\(Int.random(in: 1...3, using: &generator))"
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return ["add", id, "counter=\(number)"]
        case 1: return ["remove", id, "counter=\(number)"]
        case 2...3: return ["add", id, element(), element()]
        case 4: return ["remove", id, element()]
        case 5: return ["set", id, element(), element(), element()]
        case 6: return ["unset", id, "list.\(number)"]
        case 7: return ["add", id, #"parts={"name":"p","count":7}"#]
        case 8: return ["resolve", id, "list.\(number)", "--keep", "1"]
        default:
            let place = ["--first", "--last", "--before=1", "--after=2"].randomElement(using: &generator) ?? "--last"
            return ["move", id, "list", number, place]
        }
    }

    /// The words of a random command.
    mutating func next() -> [String] {
        guard let id = records.randomElement(using: &generator), Int.random(in: 0..<6, using: &generator) > 0 else {
            return ["new", "specimen", assignment(), member()]
        }
        switch Int.random(in: 0..<28, using: &generator) {
        case 20...27: return counted(id)
        case 0...8: return ["set", id, assignment()]
        case 9...11: return ["add", id, member()]
        case 12...13: return ["remove", id, member()]
        case 14:
            return ["unset", id, ["soft", "hard", "number", "set", "pair"].randomElement(using: &generator) ?? ""]
        case 15: return ["delete", id]
        case 16: return ["restore", id]
        case 17: return ["set", id, member(), member()]
        case 18: return ["resolve", id, ["hard", "number"].randomElement(using: &generator) ?? "", "--keep", "1"]
        default: return ["resolve", id, "hard", "--value", "decided", "--because", "by chance"]
        }
    }

    /// Notes what a command that ended with 0 has promised.
    mutating func done(_ words: [String], _ answer: JSON) throws {
        let id = try #require(answer["id"].text, "\(words)")
        if words[0] == "new" { records.append(id) }
        if let entry = answer["entry"].text { promised[id, default: []].insert(entry) }
    }

    /// Requires that a node has every entry that was promised.
    func requireAll(on node: Installation) throws {
        for id in records {
            let history = try node.call("history", id)["entries"].items.compactMap { $0["entry"].text }
            #expect(!history.isEmpty)
            let missing = (promised[id] ?? []).subtracting(history)
            #expect(missing.isEmpty, "\(node.name) has lost entries of \(id) that were reported as done: \(missing)")
        }
    }
}
