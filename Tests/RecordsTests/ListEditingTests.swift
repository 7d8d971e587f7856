import Bytes
import Crypto
import Records
import Replica
import Testing

/// A kind with lists and a counter, and records of it.
enum ListSample {
    static let kind = Kind(
        900, "sample", Label(draft: "Sample"), titleField: 16,
        fields: [
            Field(16, "title", Label(draft: "Title"), .line, .register(.soft)),
            Field(17, "agenda", Label(draft: "Agenda"), .line, .list(.hard), .required),
            Field(18, "notes", Label(draft: "Notes"), .line, .list(.soft)),
            Field(
                19, "sections", Label(draft: "Sections"),
                .group(
                    .init([
                        .init("title", Label(draft: "Title"), .line, isRequired: true),
                        .init("pages", Label(draft: "Pages"), .integer(0...99)),
                    ])), .list(.hard)),
            Field(20, "days", Label(draft: "Days"), .integer(0...100), .counter, .required),
        ])
    static let schema = Schema([kind])

    static var editor: RecordEditor {
        RecordEditor(schema: schema, language: "en") { prefix, _ throws(RecordError) in
            throw .notFound(prefix, remedy: nil)
        }
    }

    /// A record that begins with these values.
    static func record(_ words: String...) throws -> TestRecord {
        var record = TestRecord(kind)
        try record.write(editor.create(kind, [Assignment(field: "title", text: "x")] + words.map(assignment)))
        return record
    }

    static func assignment(_ word: String) -> Assignment {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return Assignment(path: String(parts[0]), text: parts.count > 1 ? String(parts[1]) : "")
    }
}

@Suite struct ListEditingTests {
    private let editor = ListSample.editor

    /// What the editor takes for granted of the table.
    @Test(arguments: Schema.standard.kinds + [ListSample.kind]) func theTableFits(_ kind: Kind) {
        for field in kind.fields {
            if case .counter = field.merge {
                guard case .integer = field.type else {
                    Issue.record("the counter \(kind.name).\(field.name) is of no whole numbers")
                    continue
                }
            }
            if field.initial != .nothing { #expect(field.merge.type == .register, "\(kind.name).\(field.name)") }
        }
    }

    private func shown(_ record: TestRecord, _ field: String = "agenda") -> [String] {
        record.shown(ListSample.schema)["fields"]?[field]?.items?.map { $0.text ?? "?" } ?? []
    }

    private func changes(_ draft: EntryDraft?) -> [ListChange] {
        draft?.operations.compactMap { ListChange($0.shape) } ?? []
    }

    @Test func aNewListStandsInTheOrderGiven() throws {
        let record = try ListSample.record("agenda=b", "agenda=a", "agenda=b")
        #expect(shown(record) == ["b", "a", "b"])
        #expect(record.state[17]?.elements.map(\.position) == [[0x80], [0x81], [0x82]])
    }

    @Test func setKeepsWhatIsThereAndDoesTheLeast() throws {
        var record = try ListSample.record("agenda=a", "agenda=b", "agenda=c")
        #expect(try editor.set(record.state, .init("agenda=a", "agenda=b", "agenda=c")) == nil)
        let added = try editor.set(record.state, .init("agenda=a", "agenda=x", "agenda=b", "agenda=c"))
        #expect(changes(added) == [.put([0x80, 0x80])])
        try record.write(added)
        let moved = try editor.set(record.state, .init("agenda=c", "agenda=a", "agenda=x", "agenda=b"))
        #expect(changes(moved) == [.move([0x7F])])
        try record.write(moved)
        let fewer = try editor.set(record.state, .init("agenda=b", "agenda=y"))
        #expect(changes(fewer) == [.remove, .remove, .remove, .put([0x82])])
        try record.write(fewer)
        #expect(shown(record) == ["b", "y"])
        try record.write(editor.unset(record.state, ["agenda"]))
        #expect(shown(record) == [])
        #expect(record.shown(ListSample.schema)["missing"] == .strings(["agenda", "days"]))
        #expect(try editor.unset(record.state, ["agenda"]) == nil)
        #expect(record.state[17] == nil)
    }

    @Test func addAppendsAndRemoveTakesAllOfAValue() throws {
        var record = try ListSample.record("agenda=a")
        try record.write(editor.add(record.state, .init("agenda=b", "agenda=a")))
        #expect(shown(record) == ["a", "b", "a"])
        let removed = try editor.remove(record.state, .init("agenda=a", "agenda=z"))
        #expect(changes(removed) == [.remove, .remove])
        #expect(removed?.operations.allSatisfy { $0.replaces.count == 1 } == true)
        try record.write(removed)
        #expect(shown(record) == ["b"])
        #expect(try editor.remove(record.state, .init("agenda=a")) == nil)
    }

    @Test func elementsAreReplacedAndTakenAwayByTheirNumber() throws {
        var record = try ListSample.record("agenda=a", "agenda=b", "agenda=c")
        try record.write(editor.set(record.state, .init("agenda.2=B", "agenda.3=c")))
        #expect(shown(record) == ["a", "B", "c"])
        #expect(record.entries.last?.operations.count == 1)
        try record.write(editor.unset(record.state, ["agenda.1", "agenda.1", "agenda.3"]))
        #expect(shown(record) == ["B"])
        #expect(record.entries.last?.operations.count == 2)
        for words in ["agenda.0=x", "agenda.2=x", "agenda.x=y", "agenda.=y", "agenda.99999999999999999999=y"] {
            #expect(throws: RecordError.self, "\(words)") { try editor.set(record.state, .init(words)) }
        }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("agenda.1=x", "agenda=y")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("agenda.1=x", "agenda.1=y")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("agenda.1.title=x")) }
        #expect(throws: RecordError.self) { try editor.unset(record.state, ["agenda.2"]) }
        #expect(throws: RecordError.self) { try editor.create(ListSample.kind, .init("title=x", "agenda.1=x")) }
    }

    @Test func partsOfAnElementChangeTogether() throws {
        var record = try ListSample.record(#"sections={"title":"Aims","pages":2}"#, #"sections={"title":"Budget"}"#)
        try record.write(editor.set(record.state, .init("sections.2.pages=7", "sections.1.title=Goals")))
        #expect(
            record.shown(ListSample.schema)["fields"]?["sections"]
                == .array([
                    .pairs(["title": .string("Goals"), "pages": .int(2)]),
                    .pairs(["title": .string("Budget"), "pages": .int(7)]),
                ]))
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("sections.1.pages=100")) }
        #expect(throws: RecordError.self) { try editor.set(record.state, .init("sections.1.colour=red")) }
    }

    @Test func moveNamesElementsByNumberOrValue() throws {
        var record = try ListSample.record("agenda=a", "agenda=b", "agenda=c", "agenda=d")
        for (choice, place, expected) in [
            ("4", ListPlace.first, ["d", "a", "b", "c"]), ("d", .last, ["a", "b", "c", "d"]),
            ("a", .after("3"), ["b", "c", "a", "d"]), ("3", .before("c"), ["b", "a", "c", "d"]),
            ("b", .after("d"), ["a", "c", "d", "b"]), ("2", .before("1"), ["c", "a", "d", "b"]),
        ] {
            let draft = try editor.move(record.state, "agenda", choice, to: place)
            #expect(changes(draft).count == 1)
            try record.write(draft)
            #expect(shown(record) == expected)
        }
        #expect(try editor.move(record.state, "agenda", "c", to: .first) == nil)
        #expect(try editor.move(record.state, "agenda", "2", to: .after("c")) == nil)
        #expect(try editor.move(record.state, "agenda", "2", to: .before("2")) == nil)
        for (choice, place) in [("5", ListPlace.first), ("z", .last), ("1", .after("z")), ("0", .first)] {
            #expect(throws: RecordError.self) { try editor.move(record.state, "agenda", choice, to: place) }
        }
        #expect(throws: RecordError.self) { try editor.move(record.state, "title", "1", to: .first) }
        #expect(throws: RecordError.self) { try editor.move(record.state, "notes", "1", to: .first) }
        try record.write(editor.add(record.state, .init("agenda=a")))
        let several = RecordError.misused(
            field: "agenda", reason: "2 elements have this value", remedy: "one of 2, 5")
        #expect(throws: several) { try editor.move(record.state, "agenda", "a", to: .first) }
    }

    @Test func whatIsInsertedApartAtOnePlaceStandsByEntryAndRoomIsMadeBetween() throws {
        var record = try ListSample.record("agenda=a", "agenda=z")
        let seen = record.state
        try record.write(editor.set(seen, .init("agenda=a", "agenda=p", "agenda=z")))
        try record.write(editor.set(seen, .init("agenda=a", "agenda=d", "agenda=z")), by: TestRecord.dakar)
        #expect(shown(record) == ["a", "p", "d", "z"])
        #expect(record.state[17]?.elements.map(\.position) == [[0x80], [0x80, 0x80], [0x80, 0x80], [0x81]])
        // Nothing fits between p and d: d is moved along.
        let between = try editor.move(record.state, "agenda", "z", to: .after("p"))
        #expect(changes(between) == [.move([0x81]), .move([0x82])])
        let apart = record.state
        try record.write(between)
        #expect(shown(record) == ["a", "p", "z", "d"])
        // Somebody else makes room at the same place at the same time.
        try record.write(
            editor.set(apart, .init("agenda=a", "agenda=p", "agenda=q", "agenda=d", "agenda=z")),
            by: TestRecord.dakar)
        // Both moved d; the greater entry counts.
        #expect(shown(record) == ["a", "p", "q", "d", "z"])
    }

    @Test func aHardConflictOfAnElementWaitsForAPerson() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        let seen = record.state
        try record.write(editor.set(seen, .init("agenda.2=b1")))
        try record.write(editor.set(seen, .init("agenda.2=b2")), by: TestRecord.dakar)
        #expect(shown(record) == ["a", "b2"])
        let conflicts = RecordRendering(ListSample.schema).conflicts(record.state)
        #expect(conflicts.map { $0["field"] } == [.string("agenda.2")])
        #expect(conflicts.first?["values"]?.items?.map { $0["value"] } == [.string("b2"), .string("b1")])
        #expect(record.shown(ListSample.schema)["conflicts"]?.members?.map(\.name) == ["agenda.2"])
        let expected = RecordError.undecided(record: TestRecord.id, field: "agenda.2")
        #expect(throws: expected) { try editor.set(record.state, .init("agenda.2=b3")) }
        #expect(throws: expected) { try editor.set(record.state, .init("agenda=a")) }
        #expect(throws: expected) { try editor.remove(record.state, .init("agenda=b2")) }
        #expect(throws: expected) { try editor.unset(record.state, ["agenda"]) }
        #expect(try editor.set(record.state, .init("agenda=a", "agenda=b2")) == nil)
        // A move decides nothing.
        try record.write(editor.move(record.state, "agenda", "2", to: .first))
        #expect(record.shown(ListSample.schema)["conflicts"]?.members?.map(\.name) == ["agenda.1"])
        for (resolution, kept) in [
            (Resolution.keep("1"), "b2"), (.keep("2"), "b1"), (.value("b3"), "b3"),
            (.keep(TestRecord.entry(2).hex), "b1"),
        ] {
            var copy = record
            try copy.write(editor.resolve(copy.state, "agenda.1", resolution, because: "asked"))
            #expect(shown(copy) == [kept, "a"])
            #expect(copy.shown(ListSample.schema)["conflicts"] == .object([]))
            #expect(copy.state[17]?.elements.map(\.left.count) == [1, 1])
        }
        for path in ["agenda", "agenda.2", "agenda.3", "agenda.x"] {
            #expect(throws: RecordError.self) {
                try editor.resolve(record.state, path, .keep("1"), because: nil)
            }
        }
    }

    @Test func aSoftConflictIsANote() throws {
        var record = try ListSample.record("notes=a")
        let seen = record.state
        try record.write(editor.set(seen, .init("notes.1=b")))
        try record.write(editor.set(seen, .init("notes.1=c")), by: TestRecord.dakar)
        #expect(record.shown(ListSample.schema)["soft"]?["notes.1"]?.items?.count == 2)
        #expect(RecordRendering(ListSample.schema).conflicts(record.state).isEmpty)
        try record.write(editor.set(record.state, .init("notes.1=d")))
        #expect(record.shown(ListSample.schema)["soft"] == .object([]))
        #expect(shown(record, "notes") == ["d"])
    }

    @Test func erasedElementsKeepTheirPlaceAndMatchNothing() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        record.erase(entry: 1, index: 2)
        #expect(
            record.shown(ListSample.schema)["fields"]?["agenda"]
                == .array([.string("a"), .pairs(["erased": .bool(true)])]))
        try record.write(editor.set(record.state, .init("agenda=b", "agenda=a")))
        #expect(shown(record) == ["b", "a"])
    }

    @Test func filtersFindElementsAndSums() throws {
        let record = try ListSample.record("agenda=a", "agenda=b", #"sections={"title":"Aims"}"#, "days=7")
        for (word, expected) in [
            ("agenda=b", true), ("agenda=c", false), ("sections.title=Aims", true), ("sections.title=x", false),
            ("days=7", true), ("days=8", false),
        ] {
            let filter = try RecordFilter(
                ListSample.kind, [ListSample.assignment(word)], language: "en",
                lookup: { prefix, _ throws(RecordError) in throw .notFound(prefix, remedy: nil) })
            #expect(filter.accepts(record.state) == expected, "\(word)")
        }
    }

    @Test func historyTellsWhatMovedAndWhatWent() throws {
        var record = try ListSample.record("agenda=a", "agenda=b")
        try record.write(editor.move(record.state, "agenda", "b", to: .first))
        try record.write(editor.set(record.state, .init("agenda.2=a2")))
        try record.write(editor.unset(record.state, ["agenda.1"]))
        let changes = HistoryRendering(ListSample.kind).document(record.entries).items?.flatMap {
            $0["changes"]?.items ?? []
        }
        #expect(
            changes?.dropFirst().map { "\($0["operation"]?.text ?? "") \($0["value"]?.text ?? "")" }
                == ["insert a", "insert b", "move b", "replace a2", "remove b"])
        #expect(changes?.last?["replaced"]?.items?.map { $0["value"] } == [.string("b")])
    }

    /// A list that one person edits at random is the array that they have in mind, and exact lists cost the least.
    @Test(arguments: 1...12 as ClosedRange<UInt64>) func oneWriterSeesAnArray(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededEntropy(seed: seed)
        var record = try ListSample.record()
        var array: [String] = []
        for _ in 0..<60 {
            let value = ["a", "b", "c", "d", "e"].randomElement(using: &random) ?? "a"
            let place = array.isEmpty ? 0 : Int.random(in: 0..<array.count, using: &random)
            var draft: EntryDraft?
            switch Int.random(in: 0..<(array.isEmpty ? 2 : 6), using: &random) {
            case 0:
                array.append(value)
                draft = try editor.add(record.state, .init("agenda=\(value)"))
            case 1:
                let wanted = (0..<Int.random(in: 1...7, using: &random)).map { _ in
                    ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
                }
                draft = try editor.set(record.state, wanted.map { Assignment(field: "agenda", text: $0) })
                #expect(draft?.operations.count ?? 0 == Self.least(array, wanted), "seed \(seed)")
                array = wanted
            case 2:
                array[place] = value
                draft = try editor.set(record.state, .init("agenda.\(place + 1)=\(value)"))
            case 3:
                array.remove(at: place)
                draft = try editor.unset(record.state, ["agenda.\(place + 1)"])
            case 4:
                array.removeAll { $0 == value }
                draft = try editor.remove(record.state, .init("agenda=\(value)"))
            default:
                let other = Int.random(in: 0..<array.count, using: &random)
                draft = try editor.move(record.state, "agenda", "\(place + 1)", to: .before("\(other + 1)"))
                if other != place {
                    let moved = array.remove(at: place)
                    array.insert(moved, at: other > place ? other - 1 : other)
                }
            }
            if draft != nil { try record.write(draft) }
            #expect(shown(record) == array, "seed \(seed)")
        }
    }

    /// The fewest removes, inserts and moves between two lists, by a table.
    private static func least(_ old: [String], _ new: [String]) -> Int {
        var common = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices {
            for j in new.indices {
                common[i + 1][j + 1] = old[i] == new[j] ? common[i][j] + 1 : max(common[i][j + 1], common[i + 1][j])
            }
        }
        let kept = Set(old).reduce(0) { sum, value in sum + min(old.count { $0 == value }, new.count { $0 == value }) }
        let moves = kept - common[old.count][new.count]
        return old.count - kept + new.count - kept + moves
    }
}
