import Bytes
import Crypto
import Queries
import Records
import Replica
import Testing

@Suite struct MergesTests {
    private func id(_ number: UInt64) -> ShortID { ShortID(number, 0) }

    private func merges(_ pairs: [(UInt64, UInt64)]) -> Merges {
        Merges(pairs.map { MergedRecord(id: id($0.0), kind: 34, target: id($0.1), targetKind: 34) })
    }

    @Test func chainsEndAtOneThatStandsForItself() {
        let merges = merges([(3, 2), (2, 1), (5, 4)])
        #expect([1, 2, 3, 4, 5, 6].map { merges.canonical(id($0)) } == [1, 1, 1, 4, 4, 6].map(id))
        #expect(merges.merged(into: id(1)) == [id(2), id(3)] && merges.merged(into: id(2)) == [])
        #expect(merges.circles.isEmpty && !merges.isEmpty)
    }

    @Test func ofACircleTheSmallestStandsForAll() {
        // 9 leads into the circle 4 → 7 → 5 → 4.
        let merges = merges([(4, 7), (7, 5), (5, 4), (9, 7)])
        #expect([4, 5, 7, 9].map { merges.canonical(id($0)) } == [4, 4, 4, 4].map(id))
        #expect(merges.circles.map(\.root) == [id(4)] && merges.circles.map(\.others) == [[id(5), id(7)]])
        #expect(merges.merged(into: id(4)) == [id(5), id(7), id(9)])
    }

    @Test func wordsAboutWhatIsNotThereDoNotCount() {
        let merges = Merges([
            MergedRecord(id: id(2), kind: 34, target: id(1), targetKind: nil),
            MergedRecord(id: id(3), kind: 34, target: id(1), targetKind: 32),
            MergedRecord(id: id(4), kind: 34, target: id(4), targetKind: 34),
        ])
        #expect(merges.isEmpty && merges.canonical(id(2)) == id(2))
    }

    /// Follows each record on its own, and looks for the smallest of a circle by walking round it.
    private func slowly(_ next: [ShortID: ShortID], _ start: ShortID) -> ShortID {
        var seen: [ShortID] = []
        var here = start
        while let target = next[here] {
            if seen.contains(here) {
                var circle = [here]
                var there = target
                while there != here {
                    circle.append(there)
                    there = next[there] ?? here
                }
                return circle.min() ?? here
            }
            seen.append(here)
            here = target
        }
        return here
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `what stands for what follows from the words alone`(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededNumbers(seed)
        for _ in 0..<200 {
            let count = UInt64.random(in: 2...14, using: &random)
            var pairs: [(UInt64, UInt64)] = []
            for one in 1...count where Int.random(in: 0..<3, using: &random) > 0 {
                let other = UInt64.random(in: 1...count, using: &random)
                if other != one { pairs.append((one, other)) }
            }
            let next = Dictionary(pairs.map { (id($0.0), id($0.1)) }) { first, _ in first }
            let (merges, again) = (merges(pairs), self.merges(pairs.shuffled(using: &random)))
            for number in 1...count {
                let expected = slowly(next, id(number))
                #expect(merges.canonical(id(number)) == expected, "seed \(seed): \(pairs)")
                #expect(again.canonical(id(number)) == expected, "seed \(seed): \(pairs)")
                #expect(merges.merged(into: expected).contains(id(number)) == (expected != id(number)))
            }
        }
    }

    // MARK: What queries read

    @Test func mergedRecordsReadAsOne() throws {
        var store = QueryStore()
        try store.admit("Sector", "type=sector-division")
        let first = try store.new("contact", "display=Amina", "emails=a@example.org", "country=SN")
        let second = try store.new(
            "contact", "display=Amina N.", "emails=b@example.org", "honorific=Dr", "native_name.ar=أمينة")
        let third = try store.new("contact", "display=A. Ndiaye", "honorific=Ms", "availability=mornings")
        let organisation = try store.new("organisation", "name=Institute of Water")
        try store.set(organisation, "focal_points=\(third.hex)", "focal_points=\(second.hex)")
        try store.set(third, "merged_into=\(second.hex)")
        try store.set(second, "merged_into=\(first.hex)")
        let base = RecordBase(store, schema: .standard, language: "en", today: "2027-01-01")
        let views = try base.all(.contact)
        #expect(views.map(\.id) == [first])
        let view = try #require(views.first)
        #expect(view.text("display") == "Amina" && view.text("country") == "SN")
        #expect(view.words("emails") == ["a@example.org", "b@example.org"])
        // What is empty is filled from the smallest id that has it.
        #expect(view.text("honorific") == "Dr" && view.text("availability") == "mornings")
        #expect(view.texts("native_name").map(\.language) == ["ar"])
        #expect(try base.record(third)?.id == first && base.canonical(second) == first)
        #expect(try base.record(organisation)?.ids("focal_points") == [first])
        // A merged record that was deleted gives nothing more.
        try store.delete(second)
        let later = RecordBase(store, schema: .standard, language: "en", today: "2027-01-01")
        #expect(try later.record(first)?.words("emails") == ["a@example.org"])
        #expect(try later.record(organisation)?.ids("focal_points") == [first])
    }

    @Test func ofADeletedSurvivorNothingIsListed() throws {
        var store = QueryStore()
        try store.admit("Sector", "type=sector-division")
        let first = try store.new("contact", "display=Amina")
        let second = try store.new("contact", "display=Amina")
        try store.set(second, "merged_into=\(first.hex)")
        try store.delete(first)
        let base = RecordBase(store, schema: .standard, language: "en", today: "2027-01-01")
        #expect(try base.all(.contact).isEmpty)
        let violations = try store.ask(Violations.self, today: "2027-01-01").document["violations"]?.items
        #expect(violations?.map { $0["mend"] } == [.string("liaison unmerge \(second.hex.prefix(8))")])
    }
}
