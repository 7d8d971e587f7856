import Bytes
package import Crypto
package import Replica
package import Store

/// Random edits of all merge types so far, as a person at one store could make them.
package struct RandomEditor {
    package var random: SeededEntropy

    package init(random: SeededEntropy) { self.random = random }

    /// Writes one random edit.
    package mutating func edit(_ store: ReplicaStore) throws {
        let access = RecordAccess(store, time: Int64.random(in: -1000...4_000_000_000, using: &random))
        var records: [RecordState] = []
        for kind in [900, 32] { try access.forEach(kind: kind) { records.append($0) } }
        let choice = Int.random(in: 0..<14, using: &random)
        var drafts: [EntryDraft] = []
        if records.isEmpty || choice == 0 {
            drafts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                EntryDraft(target: .new(kind: 900), operations: [register(16, replacing: [])])
            }
        } else if choice == 1 {
            let id = (ShortID([UInt8](repeating: UInt8.random(in: 0...3, using: &random), count: 16)) ?? ShortID())
            drafts = [EntryDraft(target: .pair(kind: 32, ids: [id]), operations: [register(17, replacing: [])])]
        } else {
            guard let record = records.randomElement(using: &random) else { return }
            let last = try access.lastEntries(of: record.id)
            drafts = [EntryDraft(target: .existing(record.id), operations: [change(record, choice, last)])]
        }
        _ = try store.write(drafts, space: SpaceName.net, time: Int64.random(in: 0...2_000_000_000, using: &random))
    }

    /// Writes some random edits in one transaction, most of them to few records that others write to as well.
    /// - Parameters:
    ///   - known: the records of the network, the oldest first; new ones are added.
    ///   - time: what the clock says, seconds since 1970.
    ///   - extra: what a next version of the program writes: an operation or a kind that this one does not know.
    package mutating func edit(
        _ store: ReplicaStore, known: inout [ShortID], count: Int, time: Int64, extra: (operation: Bool, kind: Bool)
    ) throws(RecordStoreError) -> [WrittenEntry] {
        let access = RecordAccess(store, time: time)
        var drafts: [EntryDraft] = []
        for _ in 0..<count {
            let choice = Int.random(in: 0..<14, using: &random)
            if choice == 1 {
                let id = ShortID([UInt8](repeating: UInt8.random(in: 0...3, using: &random), count: 16)) ?? ShortID()
                drafts.append(EntryDraft(target: .pair(kind: 32, ids: [id]), operations: [register(17, replacing: [])]))
                continue
            }
            guard choice > 0, let id = pick(known), let record = try access.state(of: id) else {
                let kind = extra.kind ? 9_000 : 900
                drafts.append(EntryDraft(target: .new(kind: kind), operations: [register(16, replacing: [])]))
                continue
            }
            let last = choice == 6 && record.standingDeletes.isEmpty ? try access.lastEntries(of: id) : []
            var operations = [change(record, choice, last)]
            if extra.operation {
                operations.append(
                    OperationDraft(
                        field: 77, type: MergeType(rawValue: 41), replaces: (record[77]?.left ?? []).map(\.id),
                        shape: .array([.unsigned(1), .text("next")]), value: .integer(7)))
            }
            drafts.append(EntryDraft(target: .existing(id), operations: operations))
        }
        let written = try store.write(drafts, space: SpaceName.net, time: time)
        for (draft, entry) in zip(drafts, written) {
            if case .new = draft.target { known.append(entry.record) }
        }
        return written
    }

    /// A record that is likely to be another one's choice too.
    private mutating func pick(_ known: [ShortID]) -> ShortID? {
        guard !known.isEmpty else { return nil }
        let span = Int.random(in: 0..<10, using: &random) < 6 ? min(8, known.count) : known.count
        return known[known.count - 1 - Int.random(in: 0..<span, using: &random)]
    }

    private mutating func register(_ field: Int, replacing: [OperationView]) -> OperationDraft {
        OperationDraft(
            field: field, type: .register, replaces: replacing.map(\.id),
            value: .text("value \(Int.random(in: 0..<1000, using: &random))"))
    }

    private mutating func change(_ record: RecordState, _ choice: Int, _ last: [Digest]) -> OperationDraft {
        switch choice {
        case 2:
            return OperationDraft(
                field: 18, type: .set, replaces: [], shape: .unsigned(0),
                value: .integer(Int64.random(in: 0..<5, using: &random)))
        case 3:
            guard let left = record[18]?.left.randomElement(using: &random) else {
                return register(16, replacing: record[16]?.left ?? [])
            }
            return OperationDraft(field: 18, type: .set, replaces: [left.id], shape: .unsigned(1))
        case 4:
            let key = CBOR.text(["fr", "ar", "ru"].randomElement(using: &random) ?? "fr")
            let left = record[19]?.left.filter { $0.shape == key } ?? []
            return OperationDraft(
                field: 19, type: .map, replaces: left.map(\.id), shape: key, value: .text("m\(choice)"))
        case 5:
            let to = UInt64.random(in: 1...4, using: &random)
            return OperationDraft(
                field: 20, type: .workflow, replaces: (record[20]?.left ?? []).map(\.id),
                shape: .array([.null, .unsigned(to), .unsigned(to)]))
        case 6:
            if record.standingDeletes.isEmpty {
                return OperationDraft(
                    field: 0, type: .existence, replaces: last.map { OperationID(entry: $0, index: 0) },
                    shape: .unsigned(0))
            }
            return OperationDraft(
                field: 0, type: .existence, replaces: record.standingDeletes.map(\.id), shape: .unsigned(1))
        case 7:
            return OperationDraft(
                field: 29, type: .counter, replaces: [], shape: .int(Int64.random(in: -5...9, using: &random)))
        case 8...11: return element(record)
        default:
            return register(16, replacing: record[16]?.left ?? [])
        }
    }

    /// A change of a list: positions repeat, so that elements meet.
    private mutating func element(_ record: RecordState) -> OperationDraft {
        let positions: [[UInt8]] = [[0x40], [0x80], [0x80, 0x01], [0xC0]]
        let position = positions.randomElement(using: &random) ?? [0x80]
        let value = Value.integer(Int64.random(in: 0..<5, using: &random))
        let names = record[30]?.elements.randomElement(using: &random)?.left ?? []
        let action = names.isEmpty ? 0 : Int.random(in: 0...5, using: &random)
        switch action {
        case 0...1:
            return OperationDraft(
                field: 30, type: .list, replaces: [], shape: ListChange.put(position).shape, value: value)
        case 2:
            return OperationDraft(
                field: 30, type: .list, replaces: names, shape: ListChange.put(position).shape, value: value)
        case 3...4:
            return OperationDraft(field: 30, type: .list, replaces: names, shape: ListChange.move(position).shape)
        default:
            return OperationDraft(field: 30, type: .list, replaces: names, shape: ListChange.remove.shape)
        }
    }
}
