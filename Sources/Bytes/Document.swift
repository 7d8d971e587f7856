/// An ordered tree like JSON: what commands answer with, before it becomes text.
///
/// Objects keep the order of their pairs, so that the same answer is always the same bytes. There are no floats:
/// decimal numbers are strings.
package enum Document: Hashable, Sendable {
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

    /// What stands for this document on the control socket.
    package var encoded: [UInt8] {
        var writer = CBORWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Appends what stands for this document on the control socket; whole answers never become a tree of items.
    package func write(to writer: inout CBORWriter) {
        switch self {
        case .null: writer.writeNull()
        case .bool(let flag): writer.write(flag)
        case .int(let number): writer.write(number)
        case .string(let text): writer.write(text)
        case .array(let items):
            writer.writeArray(count: items.count)
            for item in items { item.write(to: &writer) }
        case .object(let members):
            writer.writeTag(Document.objectTag)
            writer.writeArray(count: members.count * 2)
            for member in members {
                writer.write(member.name)
                member.value.write(to: &writer)
            }
        }
    }

    /// Reads exactly one document.
    /// - Throws: when the bytes hold anything that a document does not.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        var reader = CBORReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    /// Reads a document.
    /// - Throws: when the next item holds anything that a document does not, or nests deeper than items may.
    package init(from reader: inout CBORReader) throws(DecodeError) { try self.init(from: &reader, depth: 0) }

    private init(from reader: inout CBORReader, depth: Int) throws(DecodeError) {
        guard depth < CBOR.maximumDepth else { throw .tooDeep(at: reader.offset) }
        switch reader.nextMajorType {
        case 0, 1: self = .int(try reader.readSigned())
        case 3: self = .string(try reader.readText(upTo: .max, "document text"))
        case 4:
            let count = try reader.readArray(upTo: .max, "document array")
            var items: [Document] = []
            items.reserveCapacity(count)
            for _ in 0..<count { items.append(try Document(from: &reader, depth: depth + 1)) }
            self = .array(items)
        case 6:
            guard try reader.readTag() == Document.objectTag else { throw .invalid(what: "document") }
            let count = try reader.readArray(upTo: .max, "document object")
            guard count.isMultiple(of: 2) else { throw .invalid(what: "document object") }
            var members: [Member] = []
            members.reserveCapacity(count / 2)
            for _ in 0..<(count / 2) {
                let name = try reader.readText(upTo: .max, "document name")
                members.append(Member(name, try Document(from: &reader, depth: depth + 1)))
            }
            self = .object(members)
        case 7: self = reader.readNull() ? .null : .bool(try reader.readBool())
        default: throw .invalid(what: "document")
        }
    }
}
