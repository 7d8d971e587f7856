/// A table that holds so many at most: what was not looked at for longest makes room (R8).
struct RecencyTable<Key: Hashable & Comparable, Value> {
    private var entries: [Key: (value: Value, used: UInt64)] = [:]
    private var clock: UInt64 = 0
    private let capacity: Int

    init(capacity: Int) {
        precondition(capacity > 0, "a table has room for one")
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// Whether a key is there; its place in the order of use stays.
    func contains(_ key: Key) -> Bool { entries[key] != nil }

    /// The value of a key; to read or write it makes it the last to go.
    subscript(key: Key) -> Value? {
        mutating get {
            guard let entry = entries[key] else { return nil }
            clock += 1
            entries[key]?.used = clock
            return entry.value
        }
        set {
            guard let newValue else {
                entries[key] = nil
                return
            }
            if entries[key] == nil, entries.count >= capacity { makeRoom() }
            clock += 1
            entries[key] = (newValue, clock)
        }
    }

    /// Drops the eighth that was not used for longest, so that a flood of new keys costs each only a little.
    private mutating func makeRoom() {
        // Uses are unequal: the order of the dictionary does not matter.
        let used = entries.values.map(\.used).sorted()
        let last = used[(used.count - 1) / 8]
        entries = entries.filter { $0.value.used > last }
    }
}
