import Bytes
import Crypto
import Replica
import Testing

@Suite struct CounterMergeTests {
    private func deltas(_ numbers: Int64...) -> [OperationView] {
        numbers.enumerated().map { index, number in
            .sample(entry: UInt64(index), type: .counter, shape: .int(number))
        }
    }

    private func shown(_ left: [OperationView]) -> Int64 { CounterMerge.shown(CounterMerge.total(left)) }

    @Test func deltasAddUp() {
        #expect(shown([]) == 0)
        #expect(shown(deltas(5, 3, -10)) == -2)
        #expect(shown(deltas(0)) == 0)
        #expect(shown(deltas(.min)) == .min)
    }

    @Test func theNearestNumberIsShownBeyond64Bits() {
        #expect(shown(deltas(.max, .max, .max)) == .max)
        #expect(shown(deltas(.min, .min)) == .min)
        #expect(shown(deltas(.max, .max, .min, .min)) == -2)
        #expect(shown(deltas(.max, 1, -1)) == .max)
    }

    @Test func otherTypesAddNothing() {
        let other = OperationView.sample(entry: 9, type: .register, shape: .unsigned(100))
        #expect(shown(deltas(1, 2) + [other]) == 3)
    }

    @Test func theOrderOfDeliveryDoesNotMatter() {
        var random = SeededEntropy(seed: 1)
        let all = deltas(.max, 7, .min, -3, .max, .max, .min, 12)
        let expected = shown(all)
        for _ in 0..<50 { #expect(shown(all.shuffled(using: &random)) == expected) }
    }
}

extension OperationView {
    /// An operation of nobody in particular.
    static func sample(
        entry: UInt64, index: Int = 0, type: MergeType, shape: CBOR, order: Int = 1, value: HeldValue = .none
    ) -> OperationView {
        OperationView(
            id: OperationID(entry: Digest(entry, 0, 0, 0), index: index), field: 30, type: type, shape: shape,
            order: order, value: value, device: ShortID(), organisation: nil, claimedAt: 0)
    }
}
