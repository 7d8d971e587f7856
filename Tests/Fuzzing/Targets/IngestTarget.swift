import Bytes
import Crypto
import Replica
import Store

/// Bytes that come in as segments at a store that holds something: all ends as outcomes, and what is refused leaves
/// no trace.
package struct IngestTarget: FuzzTarget {
    package static let name = "ingest"
    /// It is taken in twice, verified, shown, and the store is made anew.
    package static let rounds = 5

    private var store: SmallStore

    package init() throws { store = try SmallStore(SmallNetwork(KeyRing()), part: 8) }

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        var batches: [[IncomingSegment]] = [[]]
        repeat {
            let descriptor = script.choice(store.descriptors)
            let flags = script.byte()
            let bytes = flags & 1 == 0 ? script.rest() : script.piece()
            batches[batches.count - 1].append(IncomingSegment(descriptor: descriptor, bytes: bytes))
            if flags & 2 != 0 { batches.append([]) }
        } while !script.isAtEnd && batches.count < 8
        try store.tryIngest(batches)
    }

    package static func seeds() throws -> [[UInt8]] {
        let store = try SmallStore(SmallNetwork(KeyRing()))
        let all = (store.genuine + store.explicit).map { segment in
            (UInt8(store.descriptors.firstIndex(of: segment.descriptor) ?? 0), segment.bytes)
        }
        let pairs = zip(all, all.dropFirst()).map { first, second in
            [second.0, 3] + Script.piece(second.1) + [first.0, 1] + Script.piece(first.1)
        }
        // Somebody writes before anybody knows of the admission, which then decides about what was quarantined.
        let late = try SmallNetwork(KeyRing()).lateMember(life: SmallStore.life)
        func step(_ segment: IncomingSegment, _ flags: UInt8) -> [UInt8] {
            [UInt8(store.descriptors.firstIndex(of: segment.descriptor) ?? 0), flags] + Script.piece(segment.bytes)
        }
        let orders = [
            [late.data, late.admission, late.opening], [late.opening, late.data, late.admission],
            [late.data, late.opening, late.admission], [late.admission, late.opening, late.data],
        ]
        let news = orders.flatMap { order in
            [order.flatMap { step($0, 3) }, order.flatMap { step($0, 1) }]
        }
        return news + all.map { [$0.0, 0] + $0.1 } + pairs.filter { $0.count < 1_500 }
    }

    package static func large() throws -> [[UInt8]] {
        let store = try SmallStore(SmallNetwork(KeyRing()))
        let small = store.explicit.filter { $0.bytes.count < 1_000 }
        // As many as one plaintext of a channel holds, half of them with a seal that is wrong.
        let batch = (0..<200).flatMap { index -> [UInt8] in
            let segment = small[index % small.count]
            var bytes = segment.bytes
            if index >= 100 { bytes[bytes.count - 1] ^= 1 }
            return [UInt8(store.descriptors.firstIndex(of: segment.descriptor) ?? 0), 1] + Script.piece(bytes)
        }
        return [batch]
    }
}
