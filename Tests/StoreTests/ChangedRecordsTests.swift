import Crypto
import Replica
import Simulator
import Testing

@testable import Store

@Suite struct ChangedRecordsTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `what others wrote since a day is what the histories say`(seed: UInt64) throws {
        print("seed \(seed)")
        let network = try TestNetwork(members: 3, seed: seed &* 1000)
        var editor = RandomEditor(random: SeededEntropy(seed: seed))
        for _ in 0..<80 {
            let store = try #require(network.stores.randomElement(using: &editor.random))
            try editor.edit(store)
            if Int.random(in: 0..<4, using: &editor.random) == 0 {
                let pair = network.stores.shuffled(using: &editor.random)
                try TestNetwork.copy(from: pair[0], to: pair[1])
            }
        }
        for store in network.stores {
            let access = RecordAccess(store, time: 0)
            let own = try #require(access.ownOrganisation)
            for start in [Int64.min, 0, 1_000_000_000, 2_000_000_000, Int64.max] {
                for kinds in [[900], [32, 900], [33]] {
                    var ids: [ShortID] = []
                    for kind in kinds { try access.forEach(kind: kind) { ids.append($0.id) } }
                    let expected = try ids.filter { id in
                        try access.history(of: id).contains { $0.claimedAt >= start && $0.organisation != own }
                    }.sorted()
                    let found = try access.changed(since: start, byOthersThan: own, kinds: kinds)
                    #expect(found.map(\.record) == expected)
                    for one in found where one.kind == 900 {
                        #expect(try one.creator == access.history(of: one.record).first?.organisation)
                    }
                }
            }
        }
    }
}
