/// Deadlines by name, taken in the order of their times, then of their setting.
package struct TimerQueue<Name: Hashable> {
    private struct Entry {
        var deadline: Int64
        var order: UInt64
        var name: Name

        func isBefore(_ other: Entry) -> Bool { (deadline, order) < (other.deadline, other.order) }
    }

    /// Latest first, so that the next one leaves at the end.
    private var entries: [Entry] = []
    private var entryByName: [Name: Entry] = [:]
    private var nextOrder: UInt64 = 0

    /// An empty queue.
    package init() {}

    /// The next deadline, nil when none is set.
    package var nextDeadline: Int64? { entries.last?.deadline }

    /// Every name set from now on stands at or above this mark.
    package var mark: UInt64 { nextOrder }

    /// Sets or moves a deadline.
    ///
    /// Takes time in proportion to the deadlines set, with a small factor.
    package mutating func set(_ name: Name, at deadline: Int64) {
        cancel(name)
        let entry = Entry(deadline: deadline, order: nextOrder, name: name)
        nextOrder &+= 1  // 2^64 settings do not happen.
        entryByName[name] = entry
        entries.insert(entry, at: firstIndex(notAfter: entry))
    }

    /// Forgets a deadline, if it is set.
    package mutating func cancel(_ name: Name) {
        guard let entry = entryByName.removeValue(forKey: name) else { return }
        entries.remove(at: firstIndex(notAfter: entry))
    }

    /// Takes the next name whose deadline is not after `time` and that was set before `mark`.
    package mutating func takeDue(at time: Int64, setBefore mark: UInt64 = .max) -> Name? {
        guard let index = entries.lastIndex(where: { $0.deadline > time || $0.order < mark }),
            entries[index].deadline <= time
        else { return nil }
        let entry = entries.remove(at: index)
        entryByName[entry.name] = nil
        return entry.name
    }

    /// The place of the first entry that is not after this one, by binary search.
    private func firstIndex(notAfter entry: Entry) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entry.isBefore(entries[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
