import Bytes
import Crypto
import Replica

/// What an entry shall say, before it has a place in a log.
struct Draft {
    enum Target {
        case new(kind: Int)
        case pair(kind: Int, ids: [ShortID])
        /// The record of the entry at this place of the history.
        case named(Int)
    }

    var target: Target
    var operations: [OperationWords]
    var time: Int64 = 0
    /// What a later version does with a header.
    var change: ((inout Header) -> Void)?
}

/// One change of a draft.
struct OperationWords {
    var field: Int
    var type: MergeType
    var names: [CorrelatedHistory.Place] = []
    var shape = CBOR.null
    var value: Value?

    var isDelete: Bool { type == .existence && shape == .unsigned(0) }
}

/// The fields that all write to; numbers of the kind 900 of the specimens.
private enum Field {
    static let (registers, set, map, workflow, counter, list, text, unknown) = (16...17, 18, 19, 20, 29, 30, 31, 40)
}

// What a side writes: about few records, fields, keys, positions and values, so that sides meet.
extension CorrelatedHistory {
    mutating func draft(_ known: [Int], mayCreate: Bool) -> Draft {
        let left = left(of: known)
        let candidates = records.filter { record in known.contains { members[$0].record == record } }
        var draft = Draft(target: .new(kind: draw(0..<6) == 0 ? 999 : 900), operations: [])
        draft.time = Int64(draw(-3..<4)) * 1_000_000_000
        var record: ShortID?
        if let chosen = candidates.randomElement(using: &random), !mayCreate || draw(0..<3) > 0,
            let creator = known.first(where: { members[$0].record == chosen })
        {
            record = chosen
            draft.target = .named(creator)
            if case .pair(let kind, let ids) = members[creator].entry.header.record, draw(0..<3) == 0 {
                draft.target = .pair(kind: kind, ids: ids)
            }
        } else if draw(0..<3) == 0 {
            draft.target = .pair(kind: 32, ids: [ShortID(1, UInt64(draw(0..<2)))])
        }
        let count = draw(0..<4) == 0 ? draw(2...3) : 1
        for _ in 0..<count { draft.operations.append(words(about: record, known, left)) }
        if draw(0..<12) == 0 { draft.change = laterHeader() }
        return draft
    }

    /// What a later version may put into a header.
    private mutating func laterHeader() -> (inout Header) -> Void {
        switch draw(0..<4) {
        case 0: return { $0.version = 2 }
        case 1: return { $0.flags |= 0x1_0000_0000_0100 }
        default:
            let number = UInt64(draw(0..<3))
            return { $0.extensions = CBOR.map([.init(key: .unsigned(7), value: .unsigned(number))]).encoded }
        }
    }

    /// One change of a record.
    private mutating func words(about record: ShortID?, _ known: [Int], _ left: [Place]) -> OperationWords {
        let left = record.map { id in left.filter { members[$0.entry].record == id } } ?? []
        func here(_ field: Int) -> [Place] { left.filter { operation($0).field == field } }
        switch only.map(CorrelatedHistory.choice) ?? draw(0..<24) {
        case 0..<5:
            let field = draw(Field.registers)
            return OperationWords(field: field, type: .register, names: mostly(here(field)), value: value())
        case 5..<8: return member(here(Field.set))
        case 8..<10:
            let key: CBOR = draw(0..<3) == 0 ? .bytes(ShortID(3, 4).bytes) : .text(draw(0..<2) == 0 ? "fr" : "ar")
            let same = here(Field.map).filter { operation($0).shape == key.encoded }
            return OperationWords(field: Field.map, type: .map, names: mostly(same), shape: key, value: value())
        case 10..<12:
            let to = UInt64(draw(1...3))
            return OperationWords(
                field: Field.workflow, type: .workflow, names: mostly(here(Field.workflow)),
                shape: .array([.null, .unsigned(to), .unsigned(to)]))
        case 12..<14:
            let names = draw(0..<3) == 0 ? here(Field.counter).prefix(1) : []
            return OperationWords(
                field: Field.counter, type: .counter, names: Array(names),
                shape: .int(draw(0..<20) == 0 ? Int64.max : Int64(draw(-5...9))))
        case 14..<18: return element(here(Field.list))
        case 18: return text(here(Field.text))
        case 19:
            let hasValue = draw(0..<2) == 0
            return OperationWords(
                field: Field.unknown, type: MergeType(rawValue: hasValue ? 99 : 100),
                names: mostly(here(Field.unknown)), shape: .array([.unsigned(1), .text("s")]),
                value: hasValue ? value() : nil)
        case 20:
            return OperationWords(
                field: ReservedField.because, type: .remark, names: Array(left.prefix(1)), value: .text("because"))
        default: return existence(of: record, known, here(ReservedField.existence))
        }
    }

    /// What `words` must draw to write an operation of a type.
    private static func choice(of type: MergeType) -> Int {
        switch type {
        case .register: 0
        case .set: 5
        case .map: 8
        case .workflow: 10
        case .counter: 12
        case .list: 14
        case .text: 18
        case .remark: 20
        case .existence: 21
        default: 19
        }
    }

    /// All of them as an honest writer names what it replaces; now and then fewer, or none.
    private mutating func mostly(_ places: [Place]) -> [Place] {
        switch draw(0..<8) {
        case 0: Array(places.dropFirst())
        case 1: []
        default: places
        }
    }

    private mutating func value() -> Value {
        draw(0..<9) == 0 ? .text("value") : .integer(Int64(draw(0..<3)))
    }

    private mutating func member(_ left: [Place]) -> OperationWords {
        let adds = left.filter { operation($0).shape == [0] }
        if draw(0..<2) == 0, let add = adds.randomElement(using: &random) {
            let others = adds.filter { $0 != add && draw(0..<3) == 0 }
            return OperationWords(field: Field.set, type: .set, names: [add] + others, shape: .unsigned(1))
        }
        return OperationWords(field: Field.set, type: .set, shape: .unsigned(0), value: value())
    }

    private mutating func element(_ left: [Place]) -> OperationWords {
        let positions: [[UInt8]] = [[0x40], [0x80], [0x80, 0x01]]
        let position = positions[draw(0..<3)]
        var words = OperationWords(field: Field.list, type: .list, shape: ListChange.put(position).shape)
        if draw(0..<3) > 0, let one = left.randomElement(using: &random) {
            words.names = [one]
            // Sometimes several elements, which become one.
            if draw(0..<6) == 0, let more = left.first(where: { $0 != one }) { words.names.append(more) }
            switch draw(0..<4) {
            case 0: words.shape = ListChange.remove.shape
            case 1, 2: words.shape = ListChange.move(position).shape
            default: break
            }
        }
        if case .put? = ListChange(words.shape) { words.value = value() }
        return words
    }

    /// A text, which this version keeps and does not merge, or a register in its place.
    private mutating func text(_ left: [Place]) -> OperationWords {
        switch draw(0..<3) {
        case 0: OperationWords(field: Field.text, type: .register, names: left, value: value())
        case 1:
            OperationWords(
                field: Field.text, type: .text, names: left,
                shape: .array([.unsigned(0), .unsigned(0), .unsigned(1)]))
        default:
            OperationWords(
                field: Field.text, type: .text, names: left,
                shape: .array([.unsigned(0), .unsigned(2), .unsigned(0)]), value: .text("ab"))
        }
    }

    /// A delete of all that is known of a record, or a restore.
    private mutating func existence(of record: ShortID?, _ known: [Int], _ left: [Place]) -> OperationWords {
        let deletes = left.filter { operation($0).shape == [0] }
        var words = OperationWords(field: ReservedField.existence, type: .existence, shape: .unsigned(1))
        if !deletes.isEmpty, draw(0..<2) == 0 {
            words.names = mostly(deletes)
            return words
        }
        let own = known.filter { members[$0].record == record }
        let last = own.filter { place in !own.contains { $0 != place && isAtOrBelow(place, $0) } }
        words.shape = .unsigned(0)
        words.names = mostly(last.map { Place(entry: $0, index: 0) })
        return words
    }
}
