import Bytes
import Crypto
import Replica
import Testing

@testable import Store

@Suite struct VerifyTests {
    /// A member's store with a few records, all pieces small.
    private func sample() throws -> ReplicaStore {
        let store = try TestNetwork(members: 2, seed: 91).stores[1]
        let record = try store.create("one").record
        try store.set(record, 16, "two")
        try store.set(record, 17, "three")
        #expect(try store.verify() == [])
        return store
    }

    @Test func `S8: one flipped bit of a stored segment is found, also with its hash made to fit`() throws {
        let store = try sample()
        let pieces = try store.connection.query("SELECT n, bytes, hash FROM segments ORDER BY n").all {
            (number: $0.int(0), bytes: $0.bytes(1), hash: $0.bytes(2))
        }
        let update = try store.connection.prepare("UPDATE segments SET bytes = ?, hash = ? WHERE n = ?")
        var flips = 0
        var sameContent = 0
        for piece in pieces {
            let original = try store.storedSegment(piece.number).entries
            for bit in 0..<(piece.bytes.count * 8) {
                var bytes = piece.bytes
                bytes[bit / 8] ^= 1 << (bit % 8)
                try update.bind(1, bytes).bind(2, piece.hash).bind(3, piece.number).run()
                #expect(throws: StoreError.self, "segment \(piece.number) bit \(bit)") {
                    try store.storedSegment(piece.number)
                }
                flips += 1
                // The whole of it costs too much for each bit.
                guard bit % 29 == piece.number % 29 else { continue }
                try update.bind(1, bytes).bind(2, Hash.blake2b(.stored, bytes)).bind(3, piece.number).run()
                if let read = try? store.storedSegment(piece.number), read.entries == original,
                    read.seal == (try? seal(of: piece.bytes, store))
                {
                    // Bits of a zstd frame that mean nothing: what is in it is the same.
                    sameContent += 1
                    continue
                }
                #expect(try store.verify() != [], "segment \(piece.number) bit \(bit)")
            }
            try update.bind(1, piece.bytes).bind(2, piece.hash).bind(3, piece.number).run()
        }
        print("\(flips) bits flipped, \(sameContent) without a meaning")
        #expect(flips > 1000)
        #expect(sameContent * 50 < flips)
        #expect(try store.verify() == [])
    }

    private func seal(of bytes: [UInt8], _ store: ReplicaStore) throws -> Signature {
        try CompactSegment(decoding: bytes).seal
    }

    @Test(arguments: [
        "UPDATE segments SET hash = zeroblob(32) WHERE n = 3", "UPDATE segments SET last = last + 1 WHERE n = 3",
        "UPDATE segments SET entryCount = 9 WHERE n = 2",
        "UPDATE segments SET auth = zeroblob(32) WHERE auth IS NOT NULL",
        "UPDATE current SET value = X'6161' WHERE held = 1",
        "UPDATE past SET value = X'6161' WHERE held = 1", "UPDATE current SET depth = depth + 1",
        "DELETE FROM current WHERE field = 16",
        "UPDATE records SET deleted = 1", "UPDATE entries SET time = time + 1", "UPDATE entries SET status = 1",
        "UPDATE authors SET organisation = NULL", "DELETE FROM segments WHERE n = (SELECT max(n) FROM segments)",
        "UPDATE spaces SET state = zeroblob(32)", "UPDATE spaces SET records = 7",
    ])
    func `a change behind the store's back is found`(sql: String) throws {
        let store = try sample()
        try store.connection.execute(sql)
        if sql.contains("spaces") { try store.load() }
        #expect(try store.verify() != [])
        if !sql.contains("segments") {
            try store.rebuild()
            #expect(try store.verify() == [])
        }
    }
}
