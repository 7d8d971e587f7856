import Bytes
import Crypto
import Replica
import Testing

/// Lists of a few operations, their elements worked out by hand.
///
/// What a vector shows is not repeated here.
@Suite struct ListMergeTests {
    private var steps: [ListMerge.Step] = []
    private var orders: [OperationID: Int] = [:]

    private mutating func write(
        _ change: ListChange, _ value: String? = nil, over named: [OperationID] = [], isApplied: Bool = true
    ) -> OperationID {
        let order = 1 + (named.compactMap { orders[$0] }.max() ?? 0)
        let view = OperationView.sample(
            entry: UInt64(steps.count + 1), type: .list, shape: change.shape, order: order,
            value: value.map { .present(.text($0)) } ?? .none)
        orders[view.id] = order
        steps.append(ListMerge.Step(view: view, replaced: named, isApplied: isApplied))
        return view.id
    }

    private var elements: [ListElement] { ListMerge.elements(steps) }

    /// The values that each element shows, those of a conflict with a stroke between.
    private var texts: [String] {
        elements.map { element in
            element.present.map { if case .present(.text(let text)) = $0.value { text } else { "?" } }
                .joined(separator: "|")
        }
    }

    @Test func shapesAreReadAndWritten() {
        for change in [ListChange.put([0x80]), .put([]), .move([1, 2]), .remove] {
            #expect(ListChange(change.shape) == change)
            #expect(MergeType.list.accepts(shape: change.shape.encoded))
        }
        for shape in [
            CBOR.null, .unsigned(0), .array([]), .array([.unsigned(0)]), .array([.unsigned(2), .bytes([])]),
            .array([.unsigned(3)]), .array([.unsigned(1), .text("x")]),
        ] {
            #expect(ListChange(shape) == nil)
        }
    }

    @Test mutating func elementsStandByPosition() {
        _ = write(.put([0x81]), "c")
        _ = write(.put([0x80]), "a")
        _ = write(.put([0x80, 0x01]), "b")
        #expect(texts == ["a", "b", "c"])
        #expect(elements.map(\.position) == [[0x80], [0x80, 0x01], [0x81]])
    }

    @Test mutating func aRemoveTakesAwayWhatItNamesAndAnEditThatItDidNotKnowOfStays() {
        let a = write(.put([0x80]), "a")
        let b = write(.put([0x81]), "b")
        let gone = write(.remove, over: [a])
        _ = write(.remove, over: [b])
        #expect(texts == [])
        let edited = write(.put([0x80]), "a2", over: [a])
        #expect(texts == ["a2"])
        #expect(elements[0].left == [edited, gone])
        #expect(elements[0].beginning == a)
        _ = write(.remove, over: elements[0].left)
        #expect(texts == [])
    }

    @Test mutating func aMoveKeepsTheValueAndAnEditTheMove() {
        let a = write(.put([0x80]), "a")
        _ = write(.put([0x81]), "b")
        let moved = write(.move([0x90]), over: [a])
        #expect(texts == ["b", "a"])
        _ = write(.put([0x90]), "a2", over: [moved])
        #expect(texts == ["b", "a2"])
        // Somebody who knew neither.
        _ = write(.put([0x80]), "a3", over: [a])
        #expect(texts == ["b", "a2|a3"])
    }

    @Test mutating func erasedValuesAreNoConflictAndThePositionStays() {
        let a = write(.put([0x80]), "a")
        _ = write(.put([0x90]), "a1", over: [a])
        _ = write(.put([0x70]), "a2", over: [a])
        _ = write(.put([0x80]), "b")
        #expect(texts == ["a2|a1", "b"])
        let old = steps[2]
        steps[2] = ListMerge.Step(
            view: .sample(entry: 3, type: .list, shape: old.view.shape, order: 2, value: .erased),
            replaced: old.replaced, isApplied: true)
        #expect(texts == ["a1", "b"])
        #expect(elements.map(\.position) == [[0x70], [0x80]])
    }

    /// A long history costs no more than its length; recursion or closures of pairs would not end.
    @Test mutating func tenThousandMovesOfOneElement() {
        var last = write(.put([0x80]), "a")
        for index in 0..<10_000 { last = write(.move([0x80, UInt8(index % 255) + 1]), over: [last]) }
        #expect(texts == ["a"])
        #expect(elements[0].left == [last])
    }
}
