package import Bytes

/// What an operation does to an element of a list: its shape.
///
/// Source: Protocol/02-entries.md#header.
package enum ListChange: Hashable, Sendable {
    /// Begins an element, or replaces the value of one that it names.
    case put([UInt8])
    /// Gives the element that it names another position.
    case move([UInt8])
    /// Takes away the element that it names.
    case remove

    /// Reads the shape of an operation; nil when it is none of a list.
    package init?(_ shape: CBOR) {
        guard case .array(let parts) = shape else { return nil }
        switch (parts.first, parts.count) {
        case (.unsigned(0), 2):
            guard case .bytes(let position) = parts[1] else { return nil }
            self = .put(position)
        case (.unsigned(1), 2):
            guard case .bytes(let position) = parts[1] else { return nil }
            self = .move(position)
        case (.unsigned(2), 1): self = .remove
        default: return nil
        }
    }

    /// The shape of the operation.
    package var shape: CBOR {
        switch self {
        case .put(let position): .array([.unsigned(0), .bytes(position)])
        case .move(let position): .array([.unsigned(1), .bytes(position)])
        case .remove: .array([.unsigned(2)])
        }
    }
}

/// One element of a list as merging leaves it.
package struct ListElement: Hashable, Sendable {
    /// The operation with which it began; the least where there are several.
    package let beginning: OperationID
    package let position: [UInt8]
    /// The values that stand side by side, the one of greatest order first; not empty.
    package let values: [OperationView]
    /// All its operations left, removes too, the greatest first: whatever changes the element names them.
    package let left: [OperationID]

    package init(beginning: OperationID, position: [UInt8], values: [OperationView], left: [OperationID]) {
        self.beginning = beginning
        self.position = position
        self.values = values
        self.left = left
    }

    /// The values that can be seen; the first is shown.
    package var present: [OperationView] { values.filter { $0.value != .erased } }

    /// Ascending by position, equal positions by beginning.
    package static func isBefore(_ a: ListElement, _ b: ListElement) -> Bool {
        if a.position != b.position { return a.position.lexicographicallyPrecedes(b.position) }
        return a.beginning < b.beginning
    }
}

/// Merging of a list field: from a set of operations, in whatever order, to the elements that are shown.
///
/// Source: Protocol/04-merging.md#lists.
package struct ListMerge {
    /// One operation of the field, of whatever type.
    package struct Step: Hashable, Sendable {
        package let view: OperationView
        /// The operations of the field that its refs replace.
        package let replaced: [OperationID]
        package let isApplied: Bool

        package init(view: OperationView, replaced: [OperationID], isApplied: Bool) {
            self.view = view
            self.replaced = replaced
            self.isApplied = isApplied
        }
    }

    /// The elements of a list, in the order in which they are shown.
    /// - Parameter steps: all operations of one field that are held; those that an operation names are among them.
    package static func elements(_ steps: [Step]) -> [ListElement] { ListMerge(steps).elements }

    private var steps: [Step] = []
    private var places: [OperationID: Int] = [:]
    /// For each applied operation what it replaces, directly or through operations that are not applied, and these.
    private var reached: [[Int]] = []

    private init(_ all: [Step]) {
        for step in all where places[step.view.id] == nil {
            places[step.view.id] = steps.count
            steps.append(step)
        }
        reached = steps.indices.map { steps[$0].isApplied ? reach($0) : [] }
    }

    private func reach(_ start: Int) -> [Int] {
        var found: Set<Int> = []
        var pending = [start]
        var order: [Int] = []
        while let next = pending.popLast() {
            for target in steps[next].replaced.compactMap({ places[$0] }) where found.insert(target).inserted {
                order.append(target)
                if !steps[target].isApplied { pending.append(target) }
            }
        }
        return order
    }

    private var elements: [ListElement] {
        let isLeft = self.isLeft
        let coveredPuts = below { if case .put = $0 { true } else { false } }
        let coveredMoves = below { if case .move = $0 { true } else { false } }
        return components.compactMap { members -> ListElement? in
            let applied = members.filter { steps[$0].isApplied }
            let left = applied.filter { isLeft[$0] }
            guard left.contains(where: { change($0) != .remove }) else { return nil }
            let values = ranked(applied.filter { if case .put? = change($0) { !coveredPuts[$0] } else { false } })
            let moves = ranked(applied.filter { if case .move? = change($0) { !coveredMoves[$0] } else { false } })
            let roots = members.filter { isRoot($0) }.map { steps[$0].view.id }
            guard let shown = values.first, let beginning = roots.min() else { return nil }
            return ListElement(
                beginning: beginning, position: position(moves.first ?? shown), values: values,
                left: ranked(left).map(\.id))
        }.sorted(by: ListElement.isBefore)
    }

    private func change(_ index: Int) -> ListChange? {
        steps[index].view.type == .list ? ListChange(steps[index].view.shape) : nil
    }

    private func position(_ view: OperationView) -> [UInt8] {
        switch ListChange(view.shape) {
        case .put(let position), .move(let position): position
        default: []
        }
    }

    private func ranked(_ indices: [Int]) -> [OperationView] {
        indices.map { steps[$0].view }.sorted(by: OperationView.winsOver)
    }

    /// Whether an operation begins an element: it names none of the list.
    private func isRoot(_ index: Int) -> Bool {
        !steps[index].replaced.contains { id in places[id].map { steps[$0].view.type == .list } ?? false }
    }

    /// For each operation whether it is applied and no applied one, of whatever type, replaces it.
    private var isLeft: [Bool] {
        var left = steps.map(\.isApplied)
        for target in reached.joined() { left[target] = false }
        return left
    }

    /// For each operation whether an applied one of the list with such a change lies above it.
    private func below(_ isSuch: (ListChange) -> Bool) -> [Bool] {
        var covered = [Bool](repeating: false, count: steps.count)
        var pending = steps.indices.filter { steps[$0].isApplied && (change($0).map(isSuch) ?? false) }
        while let next = pending.popLast() {
            for target in reached[next] where !covered[target] && steps[target].view.type == .list {
                covered[target] = true
                pending.append(target)
            }
        }
        return covered
    }

    /// The operations of the list, those together that reach each other, directly or through others.
    private var components: [[Int]] {
        var parents = Array(steps.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        var isMember = steps.map { $0.isApplied && $0.view.type == .list }
        for index in steps.indices where isMember[index] && steps[index].isApplied {
            for target in reached[index] where steps[target].view.type == .list {
                isMember[target] = true
                parents[root(target)] = root(index)
            }
        }
        var members: [[Int]] = steps.map { _ in [] }
        for index in steps.indices where isMember[index] { members[root(index)].append(index) }
        return members.filter { !$0.isEmpty }
    }
}
