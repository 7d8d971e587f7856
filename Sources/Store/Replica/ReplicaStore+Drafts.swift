import Bytes
import Crypto
package import Replica

extension ReplicaStore {
    /// Writes drafts to this device's log of a space, in one transaction; durable when it returns.
    ///
    /// Up to 256 drafts that fit one segment become one transaction of the protocol: they count together or not at all.
    /// - Parameter time: what the clock says, seconds since 1970; kept within `EntryLimits.time`.
    /// - Throws: `RecordStoreError`; nothing was written then.
    package func write(_ drafts: [EntryDraft], space: String, time: Int64) throws(RecordStoreError) -> [WrittenEntry] {
        guard let identity, identity.grant.map({ authority.grants[$0] != nil }) == true else {
            throw .notPermitted("this device has no grant that stands")
        }
        guard !drafts.isEmpty else { return [] }
        let time = min(max(time, EntryLimits.time.lowerBound), EntryLimits.time.upperBound)
        do {
            if !(try lifeFits()) { try openIncarnation(time: time) }
        } catch { throw RecordStoreError(error) }
        do {
            return try connection.transaction(throwing: DraftFailure.self) { () throws(DraftFailure) in
                let ids = try writeDrafts(drafts, space: space, time: time, grant: identity.grant)
                // Inside: once it is durable nothing may say that it has failed.
                do throws(StoreError) { return try ids.map(written) } catch { throw .store(error) }
            }
        } catch {
            // What is kept in memory went ahead of the transaction that was undone.
            try? load()
            throw error.recordStoreError
        }
    }

    private func written(_ id: Digest) throws(StoreError) -> WrittenEntry {
        guard let row = try namedRow(id), let record = try recordID(row.record) else {
            throw damaged("a written entry")
        }
        return WrittenEntry(entry: id, record: record)
    }

    private func writeDrafts(_ drafts: [EntryDraft], space: String, time: Int64, grant: Digest?) throws(DraftFailure)
        -> [Digest]
    {
        var failure: DraftFailure?
        do throws(StoreError) {
            return try writeOwn(space: space, logClass: .data) { (log, position) throws(StoreError) in
                do throws(DraftFailure) {
                    return try prepare(drafts, space: space, time: time, grant: grant, log: log, position: position)
                } catch {
                    failure = error
                    throw damaged("drafts")
                }
            }
        } catch { throw failure ?? .store(error) }
    }

    private func prepare(
        _ drafts: [EntryDraft], space: String, time: Int64, grant: Digest?, log: Int?, position: Position
    ) throws(DraftFailure) -> [Draft] {
        var slots: SlotTable
        do { slots = try SlotTable(store: self, log: log, branch: position.branch, sequence: position.sequence) } catch
        { throw .store(error) }
        var prepared: [Draft] = []
        for (offset, draft) in drafts.enumerated() {
            var header = Header(
                sequence: position.sequence + offset, previous: Digest(),
                auth: offset == 0 && position.auth != grant ? grant : nil, time: time,
                record: .new(kind: 0), operations: [])
            slots.beginEntry()
            var names: [NamedEntry] = []
            header.record = try target(of: draft, space: space, &slots, &names)
            var values: [[UInt8]] = []
            for operation in draft.operations {
                var references: [Reference] = []
                for id in operation.replaces {
                    let (index, name) = try slots.reference(to: id.entry)
                    references.append(Reference(log: index, sequence: name.sequence, operation: id.index))
                    names.append(name)
                }
                header.operations.append(
                    Operation(
                        field: operation.field, type: operation.type, references: references,
                        shape: operation.shape.encoded))
                if let value = operation.value {
                    let bytes = value.encoded
                    guard bytes.count <= EntryLimits.valueBytes else {
                        throw .tooLarge("a value has \(bytes.count) bytes, at most \(EntryLimits.valueBytes) fit")
                    }
                    values.append(bytes)
                }
            }
            header.introductions = slots.introduced
            guard header.operations.count <= EntryLimits.operations, names.count <= EntryLimits.references,
                header.introductions.count <= EntryLimits.introductions
            else { throw .tooLarge("one entry holds at most \(EntryLimits.operations) changes") }
            prepared.append((header, values, names))
        }
        do { try slots.save() } catch { throw .store(error) }
        let sizes = prepared.map { $0.header.encoded.count + 64 + $0.values.reduce(0) { $0 + $1.count + 8 } }
        guard sizes.allSatisfy({ $0 <= SegmentLimits.bytes }) else { throw .tooLarge("one entry holds at most 48 KiB") }
        // The context and commitment that are still to come have at most 64 bytes.
        guard prepared.allSatisfy({ $0.header.encoded.count + 64 <= EntryLimits.headerBytes }) else {
            throw .tooLarge("one entry changes or replaces too much at once: do it in several steps")
        }
        if prepared.count > 1, prepared.count <= SegmentLimits.entries, sizes.reduce(0, +) <= SegmentLimits.bytes {
            for index in prepared.indices { prepared[index].header.flags = UInt64(prepared.count - 1 - index) }
        }
        return prepared
    }

    private func target(
        of draft: EntryDraft, space: String, _ slots: inout SlotTable, _ names: inout [NamedEntry]
    ) throws(DraftFailure) -> Header.Record {
        switch draft.target {
        case .new(let kind): return .new(kind: kind)
        case .pair(let kind, let ids):
            // Once the record exists, a ref is shorter than its ids.
            let id = RecordID.pair(network: network, space: space, kind: kind, ids: ids)
            guard let creator = try creator(of: id) else { return .pair(kind: kind, ids: ids) }
            let (index, name) = try slots.reference(to: creator)
            names.append(name)
            return .named(log: index, sequence: name.sequence)
        case .existing(let id):
            guard let creator = try creator(of: id) else { throw .store(damaged("record \(id.hex) is not held")) }
            let (index, name) = try slots.reference(to: creator)
            names.append(name)
            return .named(log: index, sequence: name.sequence)
        }
    }

    private func creator(of record: ShortID) throws(DraftFailure) -> Digest? {
        do {
            return try connection.query(
                "SELECT entries.id FROM records JOIN entries ON entries.n = records.creator WHERE records.id = ?"
            )
            .bind(1, record).first { (r) throws(StoreError) in try r.fixed(0) }
        } catch { throw .store(error) }
    }
}

/// Why drafts were not written.
enum DraftFailure: CarriesStoreError {
    case store(StoreError)
    case tooLarge(String)

    init(store: StoreError) { self = .store(store) }

    var recordStoreError: RecordStoreError {
        switch self {
        case .store(let error): RecordStoreError(error)
        case .tooLarge(let what): .tooLarge(what)
        }
    }
}

/// An own log's table of logs, with the deepest entry that each index has named: one index means one path.
struct SlotTable {
    private struct Slot {
        let log: Digest
        var deepest: (branch: Int, sequence: Int)?
        var isChanged = false
    }

    private let store: ReplicaStore
    private let log: Int?
    private let branch: Int?
    private let sequence: Int
    /// By index − 1.
    private var slots: [Slot] = []
    /// What the entry in hand introduces.
    private(set) var introduced: [Digest] = []

    init(store: ReplicaStore, log: Int?, branch: Int?, sequence: Int) throws(StoreError) {
        self.store = store
        self.log = log
        self.branch = branch
        self.sequence = sequence
        guard let log, let branch else { return }
        slots = try store.table(of: branch, below: sequence).map { Slot(log: $0) }
        for (slot, place) in try store.connection.query("SELECT slot, branch, sequence FROM slots WHERE log = ?").bind(
            1, log
        )
        .all({ ($0.int(0), (branch: $0.int(1), sequence: $0.int(2))) })
        where slot >= 1 && slot <= slots.count && store.topology.canHold(place) {
            slots[slot - 1].deepest = place
        }
    }

    mutating func beginEntry() { introduced = [] }

    /// The index under which an entry is named, introducing its log if need be.
    mutating func reference(to id: Digest) throws(DraftFailure) -> (Int, NamedEntry) {
        let place: (branch: Int, sequence: Int)?
        do { place = try store.place(of: id) } catch { throw .store(error) }
        guard let place else { throw .store(store.damaged("entry \(id.hex) is not held")) }
        let row = store.topology.logs[store.topology.branches[place.branch].log]
        let name = NamedEntry(log: row.id, sequence: place.sequence, id: id)
        if row.number == log, let branch, store.topology.isAtOrBelow(place, (branch, sequence - 1)) { return (0, name) }
        for index in slots.indices where slots[index].log == row.id {
            // Where its path is not known, as after a log came back from others, the index is left alone.
            guard let deepest = slots[index].deepest else { continue }
            if store.topology.isAtOrBelow(place, deepest) { return (index + 1, name) }
            if store.topology.isAtOrBelow(deepest, place) {
                slots[index].deepest = place
                slots[index].isChanged = true
                return (index + 1, name)
            }
        }
        slots.append(Slot(log: row.id, deepest: place, isChanged: true))
        introduced.append(row.id)
        return (slots.count, name)
    }

    /// Keeps what changed; inside a transaction.
    func save() throws(StoreError) {
        let log = log ?? store.topology.logs.count
        for (index, slot) in slots.enumerated() where slot.isChanged {
            guard let deepest = slot.deepest else { continue }
            try store.connection.query(
                "INSERT OR REPLACE INTO slots(log, slot, named, branch, sequence) VALUES(?, ?, ?, ?, ?)"
            )
            .bind(1, log).bind(2, index + 1).bind(3, slot.log).bind(4, deepest.branch).bind(5, deepest.sequence).run()
        }
    }
}

extension RecordStoreError {
    /// What a failure of the disk means to whoever reads or writes records.
    init(_ error: StoreError) {
        switch error {
        case .corrupt, .damagedFile: self = .damaged("\(error)")
        default: self = .failed("\(error)")
        }
    }
}
