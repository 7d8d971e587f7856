import Bytes
import Queries
import Records
import Testing

extension Answer {
    /// The rows of a list, each as these members joined by blanks; nothing is `-`.
    func rows(_ list: String, _ members: String...) throws -> [String] {
        try #require(document[list]?.items).map { row in
            members.map { Answer.text(row[$0] ?? .string("no member \($0)")) }.joined(separator: " ")
        }
    }

    private static func text(_ document: Document) -> String {
        switch document {
        case .null: "-"
        case .bool(let flag): flag ? "yes" : "no"
        case .int(let number): String(number)
        case .string(let text): text
        case .array(let items): items.map(text).joined(separator: ",")
        case .object: "{}"
        }
    }

    /// The content of a file of the answer.
    func file(_ name: String?) throws -> String {
        let bytes = try #require(files.first { $0.name == name }?.bytes)
        return try #require(String(validating: bytes, as: UTF8.self))
    }
}
