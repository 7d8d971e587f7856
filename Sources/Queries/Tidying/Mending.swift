import Bytes
import Crypto
import Records
import Replica

/// The commands that would mend what is wrong with a record.
struct Mending {
    let id: ShortID

    private var prefix: Substring { id.hex.prefix(8) }

    /// Another value for a field, or for a part of it.
    func set(_ path: String) -> String { "liaison set \(prefix) \(path)=…" }

    func unset(_ path: String) -> String { "liaison unset \(prefix) \(path)" }

    /// A member out of a set, named as it is shown.
    func remove(_ field: Field, _ value: Value) -> String {
        let text =
            switch ValueRendering.document(value, field.type) {
            case .string(let text): if case .id = value { String(text.prefix(8)) } else { text }
            case let document: JSONWriter.compactText(document)
            }
        return "liaison remove \(prefix) \(field.name)=\(Mending.quoted(text))"
    }

    func resolve(_ path: String, keep entry: Digest? = nil) -> String {
        "liaison resolve \(prefix) \(path) --keep \(entry.map { String($0.hex.prefix(8)) } ?? "N")"
    }

    func merge(_ other: ShortID) -> String { "liaison merge \(prefix) \(other.hex.prefix(8))" }

    func unmerge() -> String { "liaison unmerge \(prefix)" }

    func restore() -> String { "liaison restore \(prefix)" }

    func delete() -> String { "liaison delete \(prefix)" }

    /// A word as a shell reads it.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "._@:/+-".unicodeScalars.contains(scalar)
        }
        guard text.isEmpty || !isPlain else { return text }
        // A quotation mark cannot stand inside of quotation marks.
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
