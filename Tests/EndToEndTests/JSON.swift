import Foundation

/// A JSON document that a command printed; whatever is not there reads as nil or as empty.
struct JSON: CustomStringConvertible {
    let value: Any?

    init(_ value: Any?) { self.value = value }

    /// Reads a document.
    init(text: String) throws {
        value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    subscript(name: String) -> JSON { JSON((value as? [String: Any])?[name]) }

    subscript(index: Int) -> JSON { JSON(items.indices.contains(index) ? items[index].value : nil) }

    var text: String? { value as? String }
    var number: Int? { (value as? NSNumber)?.intValue }
    var flag: Bool? { (value as? NSNumber)?.boolValue }
    var items: [JSON] { (value as? [Any])?.map { JSON($0) } ?? [] }
    var texts: [String] { items.compactMap(\.text) }
    var names: [String] { ((value as? [String: Any])?.keys).map { $0.sorted() } ?? [] }

    /// Written with sorted names: equal documents print the same.
    var description: String {
        guard let value,
            let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
        else { return "nothing" }
        return String(decoding: data, as: UTF8.self)
    }
}
