/// An ordered tree like JSON: what commands answer with, before it becomes text.
///
/// Objects keep the order of their pairs, so that the same answer is always the same bytes. There are no floats:
/// decimal numbers are strings.
package indirect enum Document: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case array([Document])
    case object([Member])

    /// A name and its value.
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: Document

        package init(_ name: String, _ value: Document) {
            self.name = name
            self.value = value
        }
    }

    /// An object from names and values in this order.
    package static func pairs(_ pairs: KeyValuePairs<String, Document>) -> Document {
        .object(pairs.map { Member($0.key, $0.value) })
    }

    /// An array of strings.
    package static func strings(_ texts: [String]) -> Document { .array(texts.map { .string($0) }) }

    /// The value under a name of an object; nil for other documents and absent names.
    package subscript(name: String) -> Document? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string; nil for other documents.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number of an integer; nil for other documents.
    package var number: Int64? {
        if case .int(let number) = self { number } else { nil }
    }

    /// The flag of a boolean; nil for other documents.
    package var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The items of an array; nil for other documents.
    package var items: [Document]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// The pairs of an object; nil for other documents.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension Document {
    /// The tag of an object: an array of name, value, name, value, …, because CBOR maps would be sorted.
    ///
    /// Of private use, between a command and the node on the same machine.
    private static let objectTag: UInt64 = 40_700

    /// The item that stands for this document on the control socket.
    package var item: CBOR {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .string(let text): .text(text)
        case .array(let items): .array(items.map(\.item))
        case .object(let members):
            .tag(Document.objectTag, .array(members.flatMap { [.text($0.name), $0.value.item] }))
        }
    }

    /// Reads the item of a document.
    /// - Throws: when it holds anything that a document does not.
    package init(_ item: CBOR) throws(DecodeError) {
        switch item {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .text(let text): self = .string(text)
        case .unsigned(let value):
            guard let number = Int64(exactly: value) else { throw .invalid(what: "document integer") }
            self = .int(number)
        case .negative(let value):
            guard let number = Int64(exactly: value) else { throw .invalid(what: "document integer") }
            self = .int(~number)
        case .array(let items):
            self = .array(try items.map { (item) throws(DecodeError) in try Document(item) })
        case .tag(Document.objectTag, .array(let parts)):
            self = .object(try Document.members(parts))
        default: throw .invalid(what: "document")
        }
    }

    private static func members(_ parts: [CBOR]) throws(DecodeError) -> [Member] {
        guard parts.count.isMultiple(of: 2) else { throw .invalid(what: "document object") }
        var members: [Member] = []
        members.reserveCapacity(parts.count / 2)
        for index in stride(from: 0, to: parts.count, by: 2) {
            guard case .text(let name) = parts[index] else { throw .invalid(what: "document name") }
            members.append(Member(name, try Document(parts[index + 1])))
        }
        return members
    }
}
