package import Crypto

/// What commands on records need of a store: reading what merging left, and writing entries.
///
/// Reads see everything that was written before.
package protocol RecordStore {
    /// The network whose records these are.
    var network: Digest { get }

    /// The record of the organisation in whose name this device writes; nil until its admission is held.
    var ownOrganisation: ShortID? { get }

    /// This device.
    var ownDevice: ShortID? { get }

    /// What the clock says, seconds since 1970 in UTC.
    var time: Int64 { get }

    /// The records whose ids begin with these hexadecimal digits in lower case, at least one digit.
    func find(idPrefix: String) throws(RecordStoreError) -> RecordMatch

    /// The entries on records whose ids begin with these hexadecimal digits in lower case, at least one digit.
    func find(entryPrefix: String) throws(RecordStoreError) -> EntryMatch

    /// Every record of these kinds whose field `ReservedField.mergedInto` shows another, deleted ones too, ascending
    /// by id.
    func merged(among kinds: [Int]) throws(RecordStoreError) -> [MergedRecord]

    /// The record as merging leaves it; nil when no applied entry names it.
    func state(of record: ShortID) throws(RecordStoreError) -> RecordState?

    /// Hands over every record of a kind, deleted ones too, ascending by id.
    func forEach(kind: Int, _ body: (RecordState) -> Void) throws(RecordStoreError)

    /// At most so many records of a kind, the newest first where the store knows: for offers to a person who types.
    func newest(_ limit: Int, kind: Int) throws(RecordStoreError) -> [ShortID]

    /// The numbers of the kinds of which records are held, ascending; those that this version does not know too.
    func kinds() throws(RecordStoreError) -> [Int]

    /// Hands over every record of a kind that has this value left in a field, deleted ones too, ascending by id.
    ///
    /// Of a conflict any value counts; of a workflow the value is the number of a state.
    func forEach(
        kind: Int, field: Int, equals value: Value, _ body: (RecordState) -> Void
    ) throws(RecordStoreError)

    /// Hands over every record of a kind that has all of these values left in their fields, as the one above does.
    func forEach(kind: Int, holding wanted: [FieldValue], _ body: (RecordState) -> Void) throws(RecordStoreError)

    /// Hands over every record of a kind that has a date or an instant left in a field, from one to another, both
    /// included; deleted ones too, ascending by id.
    /// - Parameter first: a date or an instant, as is `last`.
    func forEach(
        kind: Int, field: Int, from first: Value, to last: Value, _ body: (RecordState) -> Void
    ) throws(RecordStoreError)

    /// The records that name an id in a value left of any field, inside of groups and lists and as keys of maps too;
    /// deleted ones too, ascending by record and field.
    ///
    /// Of fields that the table of kinds does not know nothing is found.
    func referrers(to id: ShortID) throws(RecordStoreError) -> [Referrer]

    /// The record with one field alone and without its deletes; which field, is said by its kind. Nil when no applied
    /// entry names it.
    func state(of record: ShortID, field: (_ kind: Int) -> Int?) throws(RecordStoreError) -> RecordState?

    /// How many hexadecimal digits of a record's id no other record's id begins with, at least `least`.
    func digits(of record: ShortID, atLeast least: Int) throws(RecordStoreError) -> Int

    /// The newest sessions that brought or handed out entries, the newest first.
    func sessions() throws(RecordStoreError) -> [SessionNote]

    /// What some sessions brought, by record; ascending by record, the entries of each in the order in which they
    /// came.
    func arrivals(in sessions: [Int]) throws(RecordStoreError) -> [Arrival]

    /// The records that may have a conflict, ascending: at least those with a field of which several operations of a
    /// register, map or workflow are left or an element of a list has several values, and those that are contested.
    func conflictCandidates() throws(RecordStoreError) -> [ShortID]

    /// The entries of a record, each after those that it names.
    func history(of record: ShortID) throws(RecordStoreError) -> [EntryView]

    /// The records of these kinds to which others than this organisation have written at or after a claimed time,
    /// seconds since 1970 in UTC; deleted ones too, ascending.
    func changed(
        since start: Int64, byOthersThan organisation: ShortID, kinds: [Int]
    ) throws(RecordStoreError) -> [ChangedRecord]

    /// Per branch of each log that has written to the record the last entry of it: what a delete names.
    func lastEntries(of record: ShortID) throws(RecordStoreError) -> [Digest]

    /// The devices that were admitted, ascending by id.
    func devices() throws(RecordStoreError) -> [AdmittedDevice]

    /// Two digests of a space: `frontier` over the heads of its logs, `state` over the operations left in its records.
    func digests(of space: String) throws(RecordStoreError) -> (frontier: Digest, state: Digest)

    /// The newest claimed time before `end` of an entry on records that devices of an organisation have written,
    /// seconds since 1970 in UTC; nil when there is none.
    func lastWritten(by organisation: ShortID, before end: Int64) throws(RecordStoreError) -> Int64?

    /// Does what reads a lot: a store may keep one view of everything meanwhile. The body writes nothing.
    func reading<R, E>(_ body: () throws(E) -> R) throws(E) -> R

    /// Writes drafts in one transaction of the store; they are durable when it returns.
    /// - Returns: the entry and the record of each draft, in their order.
    mutating func write(_ drafts: [EntryDraft], space: String) throws(RecordStoreError) -> [WrittenEntry]
}

extension RecordStore {
    /// Nothing is gained where nothing is looked up on a disk.
    package func reading<R, E>(_ body: () throws(E) -> R) throws(E) -> R { try body() }

    /// What a store finds that has no index of its entries.
    package func find(entryPrefix: String) throws(RecordStoreError) -> EntryMatch { .none }

    /// What a store finds by looking at every record.
    package func merged(among kinds: [Int]) throws(RecordStoreError) -> [MergedRecord] {
        var found: [(id: ShortID, kind: Int, target: ShortID)] = []
        for kind in kinds {
            try forEach(kind: kind) { state in
                if let target = state.mergedInto { found.append((state.id, kind, target)) }
            }
        }
        var merged: [MergedRecord] = []
        for one in found.sorted(by: { $0.id < $1.id }) {
            let kind = try state(of: one.target)?.kind
            merged.append(MergedRecord(id: one.id, kind: one.kind, target: one.target, targetKind: kind))
        }
        return merged
    }
}

/// A record that says that it is another one.
package struct MergedRecord: Hashable, Sendable {
    package let id: ShortID
    package let kind: Int
    /// The record that it was merged into.
    package let target: ShortID
    /// Nil when that one is not held.
    package let targetKind: Int?

    package init(id: ShortID, kind: Int, target: ShortID, targetKind: Int?) {
        self.id = id
        self.kind = kind
        self.target = target
        self.targetKind = targetKind
    }
}

extension RecordState {
    /// The record that this one was merged into, as its own field says; nil when it stands for itself.
    package var mergedInto: ShortID? {
        guard let shown = self[ReservedField.mergedInto]?.left.first(where: { $0.type == .register }),
            case .present(.id(let bytes)) = shown.value
        else { return nil }
        return ShortID(bytes)
    }
}

/// The entries whose ids have the same beginning.
package enum EntryMatch: Hashable, Sendable {
    case none
    case one(Digest, record: ShortID)
    /// At least two of them.
    case several(count: Int)
}

// What a store can do faster. A store without these says the same.
extension RecordStore {
    /// Found by reading all records of the kind.
    package func forEach(
        kind: Int, field: Int, equals value: Value, _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        try forEach(kind: kind) { state in
            if state[field]?.has({ $0.holds(value) }) == true { body(state) }
        }
    }

    /// Found by reading all records of the kind.
    package func forEach(
        kind: Int, holding wanted: [FieldValue], _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        try forEach(kind: kind) { state in
            if wanted.allSatisfy({ one in state[one.field]?.has { $0.holds(one.value) } == true }) { body(state) }
        }
    }

    /// Found by reading all records of the kind.
    package func forEach(
        kind: Int, field: Int, from first: Value, to last: Value, _ body: (RecordState) -> Void
    ) throws(RecordStoreError) {
        try forEach(kind: kind) { state in
            if state[field]?.has({ $0.lies(from: first, to: last) }) == true { body(state) }
        }
    }

    /// Found by reading all records.
    package func referrers(to id: ShortID) throws(RecordStoreError) -> [Referrer] {
        var found: [Referrer] = []
        for kind in try kinds() {
            try forEach(kind: kind) { state in
                for field in state.fields where field.has({ $0.names(id) }) {
                    found.append(Referrer(record: state.id, kind: kind, field: field.field))
                }
            }
        }
        return found.sorted()
    }

    /// Read with all fields, of which one stays.
    package func state(
        of record: ShortID, field: (_ kind: Int) -> Int?
    ) throws(RecordStoreError) -> RecordState? {
        guard let state = try state(of: record) else { return nil }
        let wanted = field(state.kind)
        return RecordState(
            id: state.id, kind: state.kind, space: state.space, fields: state.fields.filter { $0.field == wanted },
            isDeleted: state.isDeleted, contested: [], standingDeletes: [])
    }

    /// Found by trying one digit more each time.
    package func digits(of record: ShortID, atLeast least: Int) throws(RecordStoreError) -> Int {
        let digits = record.hex
        for count in least..<digits.utf8.count {
            switch try find(idPrefix: String(digits.prefix(count))) {
            case .several: continue
            case .one(let other): if other == record { return count }
            case .none: return count
            }
        }
        return digits.utf8.count
    }

    /// The first in the order of ids.
    package func newest(_ limit: Int, kind: Int) throws(RecordStoreError) -> [ShortID] {
        var ids: [ShortID] = []
        try forEach(kind: kind) { if ids.count < limit { ids.append($0.id) } }
        return ids
    }

    /// A store that no session has changed has none.
    package func sessions() throws(RecordStoreError) -> [SessionNote] { [] }

    /// Likewise.
    package func arrivals(in sessions: [Int]) throws(RecordStoreError) -> [Arrival] { [] }
}

/// A value that is to be left in a field; of a workflow the number of a state.
package struct FieldValue: Hashable, Sendable {
    package let field: Int
    package let value: Value

    package init(field: Int, value: Value) {
        self.field = field
        self.value = value
    }
}

/// A field that names a record, device or organisation.
package struct Referrer: Hashable, Comparable, Sendable {
    /// Who names it.
    package let record: ShortID
    package let kind: Int
    package let field: Int

    package init(record: ShortID, kind: Int, field: Int) {
        self.record = record
        self.kind = kind
        self.field = field
    }

    package static func < (a: Referrer, b: Referrer) -> Bool { (a.record, a.field) < (b.record, b.field) }
}

/// The records whose ids have the same beginning.
package enum RecordMatch: Hashable, Sendable {
    case none
    case one(ShortID)
    /// At least two of them.
    case several([ShortID])
}

/// A device that was admitted to the network.
package struct AdmittedDevice: Hashable, Sendable {
    package let device: ShortID
    /// The pair record of the device, whether anybody has written it or not.
    package let record: ShortID
    /// The record of its organisation.
    package let organisation: ShortID?

    package init(device: ShortID, record: ShortID, organisation: ShortID?) {
        self.device = device
        self.record = record
        self.organisation = organisation
    }
}

/// What became of one draft.
package struct WrittenEntry: Hashable, Sendable {
    package let entry: Digest
    package let record: ShortID

    package init(entry: Digest, record: ShortID) {
        self.entry = entry
        self.record = record
    }
}

/// Why a store did not read or write records.
package enum RecordStoreError: Error, Hashable, Sendable {
    /// The disk or database failed, as the text says.
    case failed(String)
    /// This device has no grant that lets it write.
    case notPermitted(String)
    /// A draft is beyond a limit of entries.
    case tooLarge(String)
    /// What is stored is damaged.
    case damaged(String)
}
