import Bytes
import Crypto
package import Replica

/// Where an element of a list is moved to.
///
/// Others are named as the element is: by their number as shown, or by their value.
package enum ListPlace: Hashable, Sendable {
    case first
    case last
    case before(String)
    case after(String)
}

extension RecordEditor {
    /// The draft that moves one element of a list.
    /// - Parameters:
    ///   - name: the field.
    ///   - choice: the number of the element as `show` lists them, from 1, or its value.
    /// - Returns: nil when it is there already.
    package func move(
        _ state: RecordState, _ name: String, _ choice: String, to place: ListPlace
    ) throws(RecordError) -> EntryDraft? {
        let field = try self.field(name, try editable(state))
        guard case .list = field.merge else {
            throw .misused(
                field: name, reason: "only lists have elements to move",
                remedy: "liaison set \(state.id.hex.prefix(8)) \(name)=…")
        }
        let elements = state.reading(field)?.elements ?? []
        let moved = try element(choice, field, state)
        var order = Array(elements.indices)
        order.remove(at: moved)
        let target: Int
        switch place {
        case .first: target = 0
        case .last: target = order.count
        case .before(let other):
            let other = try element(other, field, state)
            // Beside itself it stands already.
            target = order.firstIndex(of: other) ?? moved
        case .after(let other):
            let other = try element(other, field, state)
            target = order.firstIndex(of: other).map { $0 + 1 } ?? moved
        }
        order.insert(moved, at: target)
        guard order != Array(elements.indices) else { return nil }
        return draft(
            state, arranged(field, order.map { Slot(content: .element(elements[$0]), stays: $0 != moved) }))
    }

    /// Makes a list hold exactly the values given, in their order, or gives single elements other values: `agenda.2=…`.
    func list(_ field: Field, _ state: RecordState?, _ given: [Assignment]) throws(RecordError) -> [OperationDraft] {
        let (whole, single) = (given.filter { $0.key == nil }, given.filter { $0.key != nil })
        guard let first = single.first else { return try arranged(field, state, try values(field, whole)) }
        guard let state else {
            throw .notFound("element \(first.key ?? "") of \(field.name)", remedy: "\(field.name)=… for each element")
        }
        guard whole.isEmpty else {
            throw .misused(
                field: field.name, reason: "either the whole list is set, or elements that it has",
                remedy: "\(field.name)=… once for each element")
        }
        return try replacements(field, state, single)
    }

    /// Adds elements at the end.
    func appended(
        _ field: Field, _ state: RecordState, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        let elements = (state.reading(field)?.elements ?? []).map { Slot(content: .element($0), stays: true) }
        return arranged(field, elements + (try values(field, given)).map { Slot(content: .value($0), stays: false) })
    }

    /// Takes away every element that shows one of the values given.
    func removals(
        _ field: Field, _ state: RecordState, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        let encodings = Set(try values(field, given).map(\.encoded))
        var operations: [OperationDraft] = []
        for reading in state.reading(field)?.disputable ?? [] {
            guard let encoding = reading.shown?.encoded, encodings.contains(encoding) else { continue }
            operations.append(try removal(reading, state))
        }
        return operations
    }

    /// Takes away all elements, or the one that a key names by its number.
    func emptied(_ field: Field, _ state: RecordState, _ key: String?) throws(RecordError) -> [OperationDraft] {
        let readings = state.reading(field)?.disputable ?? []
        guard let key else { return try readings.map { (reading) throws(RecordError) in try removal(reading, state) } }
        return [try removal(readings[try number(key, field, state)], state)]
    }

    // MARK: Naming elements

    /// The index of the element that a person means by its number from 1, or else by its value.
    private func element(_ choice: String, _ field: Field, _ state: RecordState) throws(RecordError) -> Int {
        let elements = state.reading(field)?.elements ?? []
        if let number = Int(choice), number >= 1, number <= elements.count { return number - 1 }
        guard !elements.isEmpty else { throw noElement(choice, field, state) }
        let value = try parser.value(choice, field.type, field: field.name).encoded
        let found = elements.indices.filter { elements[$0].present.first?.value.encoding == value }
        guard let only = found.first else { throw noElement(choice, field, state) }
        guard found.count == 1 else {
            let numbers = found.map { "\($0 + 1)" }.joined(separator: ", ")
            throw .misused(
                field: field.name, reason: "\(found.count) elements have this value", remedy: "one of \(numbers)")
        }
        return only
    }

    /// The index of the element with a number.
    private func number(_ text: String, _ field: Field, _ state: RecordState) throws(RecordError) -> Int {
        let count = state.reading(field)?.elements.count ?? 0
        guard let number = Int(text), number >= 1, number <= count else { throw noElement(text, field, state) }
        return number - 1
    }

    private func noElement(_ choice: String, _ field: Field, _ state: RecordState) -> RecordError {
        let count = state.reading(field)?.elements.count ?? 0
        let id = state.id.hex.prefix(8)
        return .notFound(
            "element \(choice) of \(field.name)",
            remedy: count == 0
                ? "liaison add \(id) \(field.name)=…" : "a number from 1 to \(count), as liaison show \(id) lists them")
    }

    // MARK: Operations

    /// One operation for each element: one that named several would make one of them.
    private func removal(_ reading: Reading, _ state: RecordState) throws(RecordError) -> OperationDraft {
        guard !reading.needsDecision else { throw .undecided(record: state.id, field: reading.name) }
        return .init(
            field: reading.number, type: .list, replaces: reading.named, shape: ListChange.remove.shape)
    }

    /// Other values for the elements with these numbers: `agenda.2=…`, or parts of them: `sections.2.title=…`.
    private func replacements(
        _ field: Field, _ state: RecordState, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        let readings = state.reading(field)?.disputable ?? []
        var operations: [OperationDraft] = []
        var done: Set<Int> = []
        for assignment in given {
            let index = try number(Assignment.split(assignment.key ?? "").field, field, state)
            guard done.insert(index).inserted else { continue }
            let reading = readings[index]
            let own = given.compactMap { other -> Assignment? in
                let (name, part) = Assignment.split(other.key ?? "")
                guard Int(name) == index + 1 else { return nil }
                return Assignment(field: reading.name, key: part, text: other.text)
            }
            guard !reading.needsDecision else { throw .undecided(record: state.id, field: reading.name) }
            let value = try value(field, reading, own)
            guard reading.shown?.encoded != value.encoded else { continue }
            operations.append(put(reading, value))
        }
        return operations
    }

    private func value(_ field: Field, _ reading: Reading, _ given: [Assignment]) throws(RecordError) -> Value {
        if case .group(let group) = field.type, given.allSatisfy({ $0.key != nil }) {
            return try groupValue(
                Field(field.number, reading.name, field.label, field.type, field.merge), group, shown: reading.shown,
                given)
        }
        guard let only = given.first, given.count == 1 else { throw twice(reading.name) }
        guard only.key == nil else {
            throw .misused(field: only.path, reason: "the element has no parts", remedy: "\(reading.name)=…")
        }
        return try parser.value(only.text, field.type, field: reading.name)
    }

    private func put(_ reading: Reading, _ value: Value) -> OperationDraft {
        let position = reading.elements.first?.position ?? ListPosition.after(nil)
        return .init(
            field: reading.number, type: .list, replaces: reading.named, shape: ListChange.put(position).shape,
            value: value)
    }

    // MARK: Order

    /// One place of a list as it shall be.
    private struct Slot {
        enum Content {
            case value(Value)
            case element(ListElement)
        }

        let content: Content
        /// It keeps its position.
        var stays: Bool
    }

    /// The fewest operations that make a list hold exactly these values: elements with equal values are kept, and of
    /// these as many as possible stay where they are.
    private func arranged(
        _ field: Field, _ state: RecordState?, _ values: [Value]
    ) throws(RecordError) -> [OperationDraft] {
        let readings = state?.reading(field)?.disputable ?? []
        let match = ListMatch(readings.map { $0.shown?.encoded }, values.map(\.encoded))
        var operations: [OperationDraft] = []
        for (index, reading) in readings.enumerated() where !match.isKept[index] {
            guard let state else { continue }
            operations.append(try removal(reading, state))
        }
        let slots = values.enumerated().map { place, value -> Slot in
            guard let (index, stays) = match.sources[place], let element = readings[index].elements.first else {
                return Slot(content: .value(value), stays: false)
            }
            return Slot(content: .element(element), stays: stays)
        }
        return operations + arranged(field, slots)
    }

    /// Gives positions to whatever does not stay.
    ///
    /// Where nothing fits before an element that stays, because another has the same position, it is moved along.
    private func arranged(_ field: Field, _ all: [Slot]) -> [OperationDraft] {
        var slots = all
        var operations: [OperationDraft] = []
        var low: [UInt8]?
        for index in slots.indices {
            if slots[index].stays, case .element(let element) = slots[index].content {
                low = element.position
                continue
            }
            let position = position(after: low, at: index, &slots)
            low = position
            switch slots[index].content {
            case .value(let value):
                let shape = ListChange.put(position).shape
                operations.append(.init(field: field.number, type: .list, replaces: [], shape: shape, value: value))
            case .element(let element):
                let shape = ListChange.move(position).shape
                operations.append(.init(field: field.number, type: .list, replaces: element.left, shape: shape))
            }
        }
        return operations
    }

    private func position(after low: [UInt8]?, at index: Int, _ slots: inout [Slot]) -> [UInt8] {
        while let next = slots[(index + 1)...].firstIndex(where: \.stays) {
            guard case .element(let high) = slots[next].content else { break }
            if let position = ListPosition.between(low, high.position) { return position }
            slots[next].stays = false
        }
        return ListPosition.after(low)
    }
}
