import Bytes
package import Crypto
package import Records
package import Replica

/// A record read by the names of its fields: what queries work with.
///
/// A field that holds another form than asked for reads as if it were empty; so does one in which a value was erased.
/// Ids of records that were merged read as those of the records that they count as.
package struct RecordView {
    package let state: RecordState
    package let kind: Kind
    private let merges: Merges

    package init(_ state: RecordState, _ kind: Kind, _ merges: Merges = Merges()) {
        self.state = state
        self.kind = kind
        self.merges = merges
    }

    /// The id of the record.
    package var id: ShortID { state.id }

    /// The reading of a field that has no keys.
    package func reading(_ name: String) -> Reading? { kind.field(named: name).flatMap { state.reading($0) } }

    /// The value of a register: of a conflict the one of greatest order.
    package func value(_ name: String) -> Value? {
        guard let shown = reading(name)?.shown, shown != .null else { return nil }
        return merges.settled(shown)
    }

    /// The text of a register.
    package func text(_ name: String) -> String? {
        if case .text(let text)? = value(name) { text } else { nil }
    }

    /// All texts of a field with languages, ascending by language.
    package func texts(_ name: String) -> [(language: String, text: String)] {
        keyed(name).compactMap { key, value in
            guard case .text(let language) = key, case .text(let text) = value else { return nil }
            return (language, text)
        }
    }

    private func keyed(_ name: String) -> [(key: CBOR, value: Value)] {
        guard let field = kind.field(named: name), let left = state[field.number]?.left else { return [] }
        var seen: Set<[UInt8]> = []
        let keys = left.filter { $0.type == .map }.map(\.shape).filter { seen.insert($0.encoded).inserted }
        return keys.sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) }.compactMap { key in
            guard let shown = state.reading(field, key: key)?.shown, shown != .null else { return nil }
            return (key, shown)
        }
    }

    /// The id that a register holds.
    package func id(_ name: String) -> ShortID? {
        if case .id(let bytes)? = value(name) { ShortID(bytes) } else { nil }
    }

    /// The members of a set, ascending by their encodings, each once.
    package func members(_ name: String) -> [Value] {
        var seen: Set<[UInt8]> = []
        return (reading(name)?.present ?? []).compactMap { operation -> Value? in
            guard case .present(let held) = operation.value else { return nil }
            let value = merges.settled(held)
            return seen.insert(value.encoded).inserted ? value : nil
        }.sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) }
    }

    /// The values of a list in its order.
    package func elements(_ name: String) -> [Value] {
        (reading(name)?.elements ?? []).compactMap { $0.present.first?.value.value.map(merges.settled) }
    }

    /// The ids of a set, ascending.
    package func ids(_ name: String) -> [ShortID] {
        members(name).compactMap { if case .id(let bytes) = $0 { ShortID(bytes) } else { nil } }
    }

    /// The texts of a set, ascending.
    package func words(_ name: String) -> [String] {
        members(name).compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    /// `YYYY-MM-DD`; of an instant its day in UTC.
    package func date(_ name: String) -> String? { RecordView.date(value(name)) }

    /// `YYYY-MM-DD` of a value that is a date or an instant.
    package static func date(_ value: Value?) -> String? {
        switch value {
        case .date(let text): text
        case .instant(let seconds, _): CivilTime.day(seconds)
        default: nil
        }
    }

    /// Seconds since 1970 in UTC.
    package func instant(_ name: String) -> Int64? {
        if case .instant(let seconds, _)? = value(name) { seconds } else { nil }
    }

    /// The number of a register, or the sum of a counter.
    package func integer(_ name: String) -> Int64? {
        if case .integer(let number)? = value(name) { number } else { nil }
    }

    /// The truth value of a register.
    package func flag(_ name: String) -> Bool? {
        if case .boolean(let flag)? = value(name) { flag } else { nil }
    }

    /// The code of the state that a workflow behaves as.
    package func state(_ name: String) -> String? {
        reading(name).flatMap { reading in reading.effectiveStep.map { reading.code($0.to) } }
    }

    /// A part of a group.
    package func part(_ name: String, _ part: String) -> Value? {
        guard let field = kind.field(named: name), case .array(let values)? = value(name) else { return nil }
        return RecordView.part(values, field.type, part)
    }

    /// The groups of a list or set, each by the names of its parts.
    package func groups(_ name: String) -> [[String: Value]] {
        guard let field = kind.field(named: name) else { return [] }
        var type = field.type
        var values: [Value] = field.merge.type == .list ? elements(name) : members(name)
        if case .list(let item, _) = type {
            type = item
            if case .array(let items)? = value(name) { values = items } else { values = [] }
        }
        guard case .group(let group) = type else { return [] }
        return values.compactMap { value in
            guard case .array(let parts) = value else { return nil }
            return Dictionary(
                zip(group.parts, parts).compactMap { $1 == .null ? nil : ($0.name, $1) }
            ) { first, _ in first }
        }
    }

    private static func part(_ values: [Value], _ type: ValueType, _ name: String) -> Value? {
        guard case .group(let group) = type, let index = group.parts.firstIndex(where: { $0.name == name }),
            values.indices.contains(index), values[index] != .null
        else { return nil }
        return values[index]
    }
}
