/// One `field=value` of a command line.
///
/// `title=…` names a field, `title.fr=…` one language of it, `name.family=…` one part of a group.
package struct Assignment: Hashable, Sendable {
    /// The name of the field.
    package let field: String
    /// What stands after the point: a language or a part.
    package let key: String?
    /// In Unicode normalisation form C.
    package let text: String

    package init(field: String, key: String? = nil, text: String) {
        self.field = field
        self.key = key
        self.text = text
    }

    /// Splits `path` into field and key at the first point.
    package init(path: String, text: String) {
        let parts = Assignment.split(path)
        self.init(field: parts.field, key: parts.key, text: text)
    }

    /// The field, and what stands after the first point.
    package static func split(_ path: String) -> (field: String, key: String?) {
        guard let point = path.firstIndex(of: ".") else { return (path, nil) }
        return (String(path[..<point]), String(path[path.index(after: point)...]))
    }

    /// As it is written on the command line, without the value.
    package var path: String { key.map { "\(field).\($0)" } ?? field }
}
