import Crypto
import Store

/// What a store has acknowledged, and must show after every loss.
///
/// Entries are noted by the heads of their branches, which name everything below them.
struct LossLedger {
    private(set) var branches: [SharedBranch] = []
    private(set) var policy = Digest()
    private(set) var net = Digest()
    private(set) var state = Digest()
    /// How many entries more there may be: what was asked for and not acknowledged counts whole or not at all.
    private(set) var allowed: Set<Int> = [0]
    /// What is kept by name, as acknowledged.
    private(set) var values: [String: [UInt8]] = [:]
    /// What was asked for by name and not acknowledged.
    private(set) var open: [String: Set<[UInt8]?>] = [:]
    /// A life was being opened: the marker may not have followed.
    var isOpening = false

    /// Entries that are held.
    static func count(_ branches: [SharedBranch]) -> Int { branches.reduce(0) { $0 + $1.head - $1.parentSequence } }

    /// How many entries a store holds more than were acknowledged.
    func surplus(in store: ReplicaStore) -> Int { Self.count(store.sharedBranches()) - Self.count(branches) }

    /// Entries may come, so many of them all at once, after those that each number before says.
    mutating func expect(_ steps: [Int]) {
        var total = 0
        for step in steps {
            total += step
            allowed.insert(total)
        }
    }

    /// A small number of entries may come; how many of them is not known.
    mutating func expect(upTo count: Int) { allowed.formUnion(0...count) }

    /// A value may be kept; nil if it may be forgotten.
    mutating func expect(_ value: [UInt8]?, named name: String) { open[name, default: []].insert(value) }

    /// A call has returned: what it was to do is durable.
    mutating func acknowledge(_ name: String, _ value: [UInt8]?) {
        values[name] = value
        open[name] = nil
    }

    /// The store's memory is what was acknowledged.
    mutating func acknowledge(_ store: ReplicaStore) {
        branches = store.sharedBranches()
        (policy, net) = (store.frontier(of: "policy"), store.frontier(of: "net"))
        state = store.state(of: "net")
        allowed = [0]
    }

    /// Compares a store that was opened again.
    func check(_ store: ReplicaStore) throws {
        let found = store.sharedBranches()
        for branch in branches {
            guard found.indices.contains(branch.number), found[branch.number].log == branch.log,
                found[branch.number].parent == branch.parent, found[branch.number].head >= branch.head,
                try store.entryID(branch: branch.number, sequence: branch.head) == branch.headID
            else { throw Defect("acknowledged and lost: entry \(branch.head) of log \(branch.log.hex.prefix(8))") }
        }
        for branch in found {
            for sequence in branch.parentSequence + 1...branch.head
            where try store.entryID(branch: branch.number, sequence: sequence) == nil {
                throw Defect("entry \(sequence) of log \(branch.log.hex.prefix(8)) is not there, and later ones are")
            }
        }
        let surplus = Self.count(found) - Self.count(branches)
        guard allowed.contains(surplus) else {
            throw Defect("\(surplus) entries more than acknowledged, where \(allowed.sorted()) would be whole")
        }
        if surplus == 0 {
            for (what, same) in [
                ("frontier of policy", store.frontier(of: "policy") == policy),
                ("frontier of net", store.frontier(of: "net") == net), ("state", store.state(of: "net") == state),
            ] where !same {
                throw Defect("the entries are those that were acknowledged, and the \(what) is another")
            }
        }
        for name in Set(values.keys).union(open.keys).sorted() {
            let value = try store.meta(name)
            if value == values[name] { continue }
            guard let maybe = open[name], maybe.contains(value) else {
                throw Defect("acknowledged and lost: what is kept as \(name)")
            }
        }
    }

    /// After a check: what was found is what counts from now on.
    mutating func adopt(_ store: ReplicaStore) throws {
        acknowledge(store)
        for name in open.keys.sorted() { values[name] = try store.meta(name) }
        open = [:]
    }
}
