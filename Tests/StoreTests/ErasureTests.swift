import Bytes
import Crypto
import Replica
import Testing

@testable import Store

@Suite struct ErasureTests {
    /// Text that no compression makes shorter, so that a search of files cannot miss it.
    private let secret = "+84 912 345 678 Nguyễn"

    /// Whether any file of a folder holds some bytes.
    private func holds(_ folder: TemporaryFolder, _ names: [String], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return names.contains { name in
            let bytes = contents(of: folder(name))
            return bytes.indices.contains { start in bytes[start...].starts(with: wanted) }
        }
    }

    @Test func `a value that is erased goes from every file, its neighbours stay, and no peer brings it back`() throws {
        let folder = TemporaryFolder()
        let network = try TestNetwork(members: 3, seed: 71)
        let author = try network.stores[1].twin(in: folder, name: "author", seed: 72)
        let values = [Value.text("kept before"), .text(secret), .text("kept after")]
        let operations = values.enumerated().map {
            OperationDraft(field: 16 + $0, type: .register, replaces: [], value: $1)
        }
        let written = try #require(
            try author.write(
                [EntryDraft(target: .new(kind: 900), operations: operations)], space: SpaceName.net, time: 5
            ).first)
        for index in 0..<5 { try author.set(written.record, 20, "later \(index)") }
        for other in [network.stores[0], network.stores[2]] { try TestNetwork.copy(from: author, to: other) }
        let (state, frontier) = (author.state(of: SpaceName.net), author.frontier(of: SpaceName.net))
        let full = try author.exported()
        let files = ["author", "author-wal"]
        #expect(holds(folder, files, secret))

        try author.eraseValue(entry: written.entry, operation: 1)
        #expect(!holds(folder, files, secret))
        #expect(holds(folder, files, "kept before"))
        #expect(author.state(of: SpaceName.net) == state)
        #expect(author.frontier(of: SpaceName.net) == frontier)
        #expect(try author.texts(written.record, 16) == ["kept before"])
        #expect(try author.texts(written.record, 18) == ["kept after"])
        #expect(try author.state(ofRecord: written.record)?[17]?.left.map(\.value) == [.erased])
        #expect(try author.verify() == [])
        try author.rebuild()
        #expect(try author.state(ofRecord: written.record)?[17]?.left.map(\.value) == [.erased])

        // A peer that still has it offers it again, in both forms.
        try TestNetwork.copy(from: network.stores[0], to: author)
        var waiting = WaitingRoom()
        for bytes in full {
            let descriptor = try ExplicitSegment(decoding: bytes, network: network.charter.network).descriptor
            _ = try author.ingest([IncomingSegment(descriptor: descriptor, bytes: bytes)], waiting: &waiting)
        }
        try author.connection.checkpoint()
        #expect(!holds(folder, files, secret))
        #expect(try author.state(ofRecord: written.record)?[17]?.left.map(\.value) == [.erased])

        // The erased form goes on: compact, explicit, and into a store that never had the value.
        try author.set(written.record, 20, "after the erasure")
        let late = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        try TestNetwork.copy(from: author, to: late)
        let reader = try ReplicaStore.inMemory(charter: network.charter, identity: nil, entropy: SeededEntropy(seed: 1))
        for bytes in try author.exported() {
            let descriptor = try ExplicitSegment(decoding: bytes, network: network.charter.network).descriptor
            _ = try reader.ingest([IncomingSegment(descriptor: descriptor, bytes: bytes)], waiting: &waiting)
        }
        try expectEqual([author, late, reader], "erased")
        try TestNetwork.copy(from: author, to: network.stores[0])
        #expect(network.stores[0].state(of: SpaceName.net) == author.state(of: SpaceName.net))
        #expect(try network.stores[0].texts(written.record, 17) == [secret])
    }

    @Test func `every value of a block can go one after the other, and the log goes on`() throws {
        let network = try TestNetwork(members: 2, seed: 81)
        let author = network.stores[1]
        let record = try author.create("first").record
        var entries: [Digest] = []
        for index in 0..<40 { entries.append(try author.set(record, 16, "value \(index)").entry) }
        var random = SeededEntropy(seed: 5)
        for entry in entries.shuffled(using: &random).prefix(30) {
            try author.eraseValue(entry: entry, operation: 0)
            try author.set(record, 17, "on")
        }
        #expect(try author.verify() == [])
        try TestNetwork.copy(from: author, to: network.stores[0])
        try expectEqual([author, network.stores[0]], "many erasures")
        // What has no value, or is not held, is left alone.
        try author.eraseValue(entry: Digest(), operation: 0)
        try author.eraseValue(entry: entries[0], operation: 7)
        #expect(try author.verify() == [])
    }
}
