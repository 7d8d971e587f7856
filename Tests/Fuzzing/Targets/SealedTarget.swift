import Bytes
import Crypto
import Replica
import Store

/// Segments of hostile members: mutated where no hash stands in the way, then filled in and sealed with their keys.
package struct SealedTarget: FuzzTarget {
    package static let name = "sealed"
    /// It is taken in twice, verified, shown, and the store is made anew.
    package static let rounds = 5

    private var store: SmallStore

    package init() throws { store = try SmallStore(SmallNetwork(KeyRing())) }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        var batches: [[(descriptor: LogDescriptor, flags: UInt8, payload: [UInt8])]] = [[]]
        repeat {
            let descriptor = script.choice(store.descriptors)
            let flags = script.byte()
            let payload = flags & 1 == 0 ? script.rest() : script.piece()
            batches[batches.count - 1].append((descriptor, flags, payload))
            if flags & 2 != 0 { batches.append([]) }
        } while !script.isAtEnd && batches.count < 8
        var last: [Digest: (sequence: Int, id: Digest)] = [:]
        try store.tryIngest(batches.count) { index, store in
            try batches[index].compactMap { descriptor, flags, payload in
                try store.sealed(
                    payload, descriptor, appends: flags & 4 != 0, isExplicit: flags & 8 != 0, isRaw: flags & 16 != 0,
                    continues: flags & 32 != 0, last: &last)
            }
        }
    }

    package static func seeds() throws -> [[UInt8]] {
        let store = try SmallStore(SmallNetwork(KeyRing()))
        let payloads = try store.payloads().filter { $0.payload.count < 1_500 }.map { (UInt8($0.log), $0.payload) }
        let ways: [UInt8] = [0, 4, 8, 12]
        let opened = UInt8(store.descriptors.count - 2)
        let stranger = UInt8(store.descriptors.count - 3)
        let large = try LargeSegments()
        let own = UInt8(store.descriptors.firstIndex { $0.logClass == .data } ?? 0)
        // Chains of a log in one batch and in several, of somebody who is a member and of somebody who is none; and
        // branches that leave a transaction in its middle.
        var chains: [[UInt8]] = []
        for (log, flags) in [(stranger, UInt8(9)), (own, 1), (own, 9)] {
            let (first, more) = (Script.piece(large.fork(1)), Script.piece(large.fork(2)))
            chains.append([log, flags | (log == own ? 4 : 0)] + Script.piece(large.first) + [log, flags | 32] + first)
            chains.append(
                [log, flags | 2] + Script.piece(large.first) + [log, flags | 34] + first + [log, flags | 32] + more)
            chains.append([log, flags | 4] + first + [log, flags | 34] + more + [log, flags | 32] + first)
        }
        chains.append([own, 11] + Script.piece(large.transaction) + [own, 9] + Script.piece(large.torn(1)))
        return chains + payloads.flatMap { log, payload in ways.map { [log, $0] + payload } }
            + payloads.map { [opened + ($0.0 & 1), 0] + $0.1 } + single(store, 1).map { [$0.log, 4] + $0.payload }
            + single(store, 1).map { [$0.log, 5] + Script.piece($0.payload) + [$0.log, 1] + Script.piece($0.payload) }
    }

    /// One entry with one operation of every type, for the data log of every member.
    private static func single(_ store: SmallStore, _ time: Int64) -> [(log: UInt8, payload: [UInt8])] {
        let shapes: [(Int, MergeType, CBOR, [UInt8]?)] = [
            (16, .register, .null, [0x61, 0x61]), (16, .register, .null, [0xF6]), (18, .set, .unsigned(0), [1]),
            (18, .set, .unsigned(1), nil), (29, .counter, .int(.max), nil), (29, .counter, .int(.min), nil),
            (19, .map, .text("fr"), [0x60]), (30, .list, ListChange.put([0x80]).shape, [2]),
            (30, .list, ListChange.remove.shape, nil),
            (20, .workflow, .array([.null, .unsigned(1), .unsigned(9)]), nil),
            (0, .existence, .unsigned(0), nil), (1, .remark, .null, [0x80]),
            (77, .text, .array([0, 0, 0].map { .unsigned($0) }), nil),
            (99, MergeType(rawValue: 99), .null, [0xF6]),
        ]
        var result: [(UInt8, [UInt8])] = []
        for (index, descriptor) in store.descriptors.enumerated() where descriptor.logClass == .data {
            for (field, type, shape, value) in shapes {
                for record in [Header.Record.new(kind: 34), .named(log: 0, sequence: 0)] {
                    let references =
                        type == .list || type == .existence ? [Reference(log: 0, sequence: 0, operation: 5)] : []
                    var header = Header(
                        sequence: 0, previous: Digest(), auth: nil, time: time, record: record,
                        operations: [
                            Operation(field: field, type: type, references: references, shape: shape.encoded)
                        ])
                    header.context = nil
                    let body: Body = value.map { .full(leaf: ShortID(3, 3), values: [$0]) } ?? .none
                    let entry = store.keys.entry(header, body)
                    let seeds = value == nil ? [] : [Seed(level: 8, first: 0, node: ShortID(3, 3))]
                    result.append((UInt8(index), CompactSegment.payload([entry], seeds: seeds, seal: Signature())))
                }
            }
        }
        return result
    }

    package static func large() throws -> [[UInt8]] {
        let store = try SmallStore(SmallNetwork(KeyRing()))
        let own = store.descriptors.indices.filter { store.descriptors[$0].logClass == .data }.map { UInt8($0) }
        let large = try LargeSegments()
        var inputs: [[UInt8]] = []
        for payload in large.payloads {
            for log in own { inputs += [[log, 4] + payload, [log, 12] + payload] }
        }
        // A log of which one entry is held.
        let short = store.store.sharedBranches().first { $0.head == 0 && $0.descriptor.logClass == .data }
        guard let short, let log = store.descriptors.firstIndex(of: short.descriptor).map({ UInt8($0) }) else {
            throw Violation("every log of the network is long")
        }
        // Many branches of it, and what may go on from each of them but from none does.
        var branches: [UInt8] = []
        for index in 0..<64 { branches += [log, index == 63 ? 11 : 9] + Script.piece(large.fork(index)) }
        for payload in large.payloads[2..<5] { inputs.append(branches + [log, 16] + large.moved(payload)) }
        // Branches that all leave a transaction in its middle, so that none of them can be placed.
        var torn: [UInt8] = [log, 11] + Script.piece(large.transaction)
        for index in 0..<200 { torn += [log, 9] + Script.piece(large.torn(index)) }
        inputs.append(torn)
        return inputs
    }
}
