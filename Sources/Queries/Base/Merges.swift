package import Crypto
package import Records
package import Replica

/// Which records count as which others, after people said that they are the same.
///
/// Each record says at most one other that it was merged into, and nothing was moved. Following these words leads to a
/// record that stands for itself, or round in a circle when two offices merged in opposite directions: then the
/// smallest id of the circle stands for all. So whoever holds the same records sees the same, whatever came first.
package struct Merges: Sendable {
    /// For every record that does not stand for itself the one that does.
    private let roots: [ShortID: ShortID]
    /// The records that count as another, by that one, ascending.
    private let members: [ShortID: [ShortID]]
    /// The circles, each ascending and without the one that stands for all of it; ascending by that one.
    package let circles: [(root: ShortID, others: [ShortID])]

    /// No record was merged.
    package init() {
        roots = [:]
        members = [:]
        circles = []
    }

    /// - Parameter merged: every record that says another; words about records that are not held, or of another kind,
    ///   do not count.
    package init(_ merged: [MergedRecord]) {
        var next: [ShortID: ShortID] = [:]
        for one in merged where one.target != one.id && one.targetKind == one.kind { next[one.id] = one.target }
        var roots: [ShortID: ShortID] = [:]
        var circles: [(root: ShortID, others: [ShortID])] = []
        for start in next.keys.sorted() {
            var path: [ShortID] = []
            var places: [ShortID: Int] = [:]
            var here = start
            var root: ShortID?
            while root == nil {
                if let known = roots[here] {
                    root = known
                } else if let place = places[here] {
                    let circle = path[place...].sorted()
                    root = circle[0]
                    circles.append((circle[0], Array(circle.dropFirst())))
                } else if let target = next[here] {
                    places[here] = path.count
                    path.append(here)
                    here = target
                } else {
                    root = here
                }
            }
            for id in path { roots[id] = root }
        }
        // The one that stands for a circle is among those that say another.
        self.roots = roots.filter { $0.key != $0.value }
        self.circles = circles.sorted { $0.root < $1.root }
        members = Dictionary(grouping: self.roots.keys.sorted()) { roots[$0] ?? $0 }
    }

    /// Whether every record stands for itself.
    package var isEmpty: Bool { roots.isEmpty }

    /// The record that stands for this one; itself when it was not merged.
    package func canonical(_ id: ShortID) -> ShortID { roots[id] ?? id }

    /// The records that count as this one, ascending, deleted ones too; itself is not among them.
    package func merged(into id: ShortID) -> [ShortID] { members[id] ?? [] }

    /// A value in which ids are those of the records that count.
    package func settled(_ value: Value) -> Value {
        guard !isEmpty else { return value }
        switch value {
        case .id(let bytes): return ShortID(bytes).map { .id(canonical($0).bytes) } ?? value
        case .array(let items): return .array(items.map(settled))
        default: return value
        }
    }
}

extension Merges {
    /// Reads what a store holds of merges.
    package init(_ store: some RecordStore, _ schema: Schema) throws(RecordStoreError) {
        self.init(try store.merged(among: schema.kinds.map(\.number)))
    }

    /// A record with what those hold that count as it.
    /// - Parameter read: where the states of the others come from.
    package func combined(
        _ state: RecordState, _ kind: Kind?, read: (ShortID) throws(RecordStoreError) -> RecordState?
    ) throws(RecordStoreError) -> RecordState {
        var others: [RecordState] = []
        for id in merged(into: state.id) {
            if let other = try read(id), !other.isDeleted { others.append(other) }
        }
        return state.combined(with: others, kind)
    }
}
