import Bytes
package import Crypto

/// The fields by whose values a store finds records without reading all of them.
///
/// Whoever opens a store says which they are: the store itself knows nothing of the table of kinds.
package struct IndexedFields: Hashable, Sendable {
    /// What of a field is found.
    package enum Form: Int, Hashable, Sendable {
        /// Whole values, and the states of workflows.
        case value = 0
        /// Every id inside of values and in the keys of maps.
        case ids = 1
    }

    /// One field of one kind.
    package struct Row: Hashable, Comparable, Sendable {
        package let kind: Int
        package let field: Int
        package let form: Form

        package init(kind: Int, field: Int, form: Form) {
            self.kind = kind
            self.field = field
            self.form = form
        }

        package static func < (a: Row, b: Row) -> Bool {
            (a.kind, a.field, a.form.rawValue) < (b.kind, b.field, b.form.rawValue)
        }
    }

    /// How much of the encoding of a value it is found by, bytes.
    package static let keyByteCount = 64

    /// What stands before the keys of lists, whose elements stay found when they are gone: no item begins so.
    package static let listMark: UInt8 = 0xFF

    /// No field at all: whatever is looked for is found by reading all.
    package static let none = IndexedFields([])

    /// Ascending, each field once.
    package let rows: [Row]
    private let forms: [Int: [Int: Form]]

    /// - Parameter rows: in any order; of two for one field the first counts.
    package init(_ rows: [Row]) {
        var forms: [Int: [Int: Form]] = [:]
        for row in rows where forms[row.kind]?[row.field] == nil { forms[row.kind, default: [:]][row.field] = row.form }
        self.rows = rows.filter { forms[$0.kind]?[$0.field] == $0.form }.sorted()
        self.forms = forms
    }

    /// What of a field is found; nil if nothing is.
    package func form(kind: Int, field: Int) -> Form? { forms[kind]?[field] }

    /// What tells one choice of fields from another.
    package var digest: Digest {
        var writer = CBORWriter()
        for row in rows {
            writer.write(row.kind)
            writer.write(row.field)
            writer.write(row.form.rawValue)
        }
        return Hash.blake2b(.stored, writer.bytes)
    }
}

extension IndexedFields.Form {
    /// The keys under which an operation is found, each once.
    ///
    /// - Parameters:
    ///   - shape: encoded.
    ///   - value: encoded; nil where the operation has none or it was erased.
    package func keys(type: MergeType, shape: [UInt8], value: [UInt8]?) -> [[UInt8]] {
        switch (self, type) {
        case (.value, .workflow): WorkflowState.key(shape).map { [$0] } ?? []
        case (.value, .register), (.value, .set), (.value, .map): value.map { [IndexedFields.key($0)] } ?? []
        case (.value, .list): value.map { [[IndexedFields.listMark] + IndexedFields.key($0)] } ?? []
        case (.ids, .map): NamedIDs.keys(inside: value, key: shape)
        case (.ids, .register), (.ids, .set): NamedIDs.keys(inside: value)
        case (.ids, .list): NamedIDs.keys(inside: value).map { [IndexedFields.listMark] + $0 }
        default: []
        }
    }
}

extension IndexedFields {
    /// What a value is found by: of a longer encoding its beginning, so that the value itself decides.
    package static func key(_ value: [UInt8]) -> [UInt8] {
        value.count <= keyByteCount ? value : Array(value[..<keyByteCount])
    }
}

/// The state to which an operation of a workflow leads.
private enum WorkflowState {
    /// The encoded number of the state, from an encoded shape.
    static func key(_ shape: [UInt8]) -> [UInt8]? {
        var reader = CBORReader(shape)
        guard (try? reader.readArray(count: 3, "step")) != nil, (try? reader.readItem()) != nil,
            let to = try? reader.readItem()
        else { return nil }
        return Array(shape[to])
    }
}

/// The ids inside of an item.
private enum NamedIDs {
    /// The encodings of the ids in an encoded value and of the key of a map, each once.
    static func keys(inside value: [UInt8]?, key: [UInt8]? = nil) -> [[UInt8]] {
        var found: [[UInt8]] = []
        // A key of a map is an id without a tag.
        if let key, case .bytes(let id)? = try? CBOR(decoding: key), id.count == 16 {
            found.append(Value.id(id).encoded)
        }
        if let value, let item = try? CBOR(decoding: value) { collect(item, &found) }
        return found
    }

    static func collect(_ item: CBOR, _ found: inout [[UInt8]]) {
        switch item {
        case .tag(39, .bytes(let bytes)) where bytes.count == 16:
            let key = item.encoded
            if !found.contains(key) { found.append(key) }
        case .tag(_, let inner): collect(inner, &found)
        case .array(let items): for item in items { collect(item, &found) }
        case .map(let pairs):
            for pair in pairs {
                collect(pair.key, &found)
                collect(pair.value, &found)
            }
        default: break
        }
    }
}

extension FieldState {
    /// Whether the closure says so of an operation that a value is seen in: one left, of a list one of an element.
    package func has(_ isWanted: (OperationView) -> Bool) -> Bool {
        left.contains { $0.type != .list && isWanted($0) }
            || elements.contains { $0.values.contains(where: isWanted) }
    }
}

extension OperationView {
    /// Whether it holds this value; of a workflow, whether it leads to the state of this number.
    package func holds(_ value: Value) -> Bool {
        switch type {
        case .workflow:
            guard case .array(let parts) = shape, parts.count == 3, case .integer(let state) = value else {
                return false
            }
            return parts[1] == .int(state)
        case .register, .set, .map, .list: return self.value == .present(value)
        default: return false
        }
    }

    /// Whether it holds a date or an instant from one to another, both included.
    package func lies(from first: Value, to last: Value) -> Bool {
        guard [.register, .set, .map, .list].contains(type), case .present(let value) = value else { return false }
        switch (first, value, last) {
        case (.date(let first), .date(let date), .date(let last)):
            // Dates that are none have other lengths, and lie nowhere.
            return date.utf8.count == first.utf8.count && !date.utf8.lexicographicallyPrecedes(first.utf8)
                && !last.utf8.lexicographicallyPrecedes(date.utf8)
        case (.instant(let first, _), .instant(let seconds, _), .instant(let last, _)):
            return first <= seconds && seconds <= last
        default: return false
        }
    }

    /// Whether it names an id, in its value or as the key of a map.
    package func names(_ id: ShortID) -> Bool {
        guard [.register, .set, .map, .list].contains(type) else { return false }
        if type == .map, case .bytes(let key) = shape, ShortID(key) == id { return true }
        guard case .present(let value) = value else { return false }
        return value.names(id)
    }
}

extension Value {
    /// Whether it is an id, or has it inside.
    func names(_ id: ShortID) -> Bool {
        switch self {
        case .id(let bytes): return ShortID(bytes) == id
        case .array(let items): return items.contains { $0.names(id) }
        case .other(let item):
            var found: [[UInt8]] = []
            NamedIDs.collect(item, &found)
            return found.contains(Value.id(id.bytes).encoded)
        default: return false
        }
    }
}
