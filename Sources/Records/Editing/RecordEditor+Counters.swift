import Bytes
import Crypto
import Replica

/// Counters: every change adds to what is shown, so that nobody's addition is lost beside another's.
extension RecordEditor {
    /// Writes the difference to the number given; of a counter that nobody has written yet also 0, so that it is shown.
    func counter(
        _ field: Field, _ state: RecordState?, _ given: [Assignment]
    ) throws(RecordError) -> [OperationDraft] {
        let wanted = try number(field, given, field.type)
        guard let total = state?.reading(field)?.total else { return [delta(field, Int128(wanted))] }
        return total == Int128(wanted) ? [] : [delta(field, Int128(wanted) - total)]
    }

    /// Adds a number above 0, or takes it; what results has to be within the range of the field.
    func counted(
        _ field: Field, _ state: RecordState, _ given: [Assignment], isTaking: Bool
    ) throws(RecordError) -> [OperationDraft] {
        let number = try number(field, given, .integer(Int64.min...Int64.max))
        guard number > 0 else {
            throw .invalidValue(
                field: field.name, reason: "what is added or taken is above 0",
                remedy: "liaison \(isTaking ? "add" : "remove") \(state.id.hex.prefix(8)) \(field.name)=…")
        }
        let difference = Int128(number) * (isTaking ? -1 : 1)
        let result = (state.reading(field)?.total ?? 0) + difference
        if case .integer(let range) = field.type {
            // Who is outside already, because others counted too, may come back.
            guard isTaking ? result >= range.lowerBound : result <= range.upperBound else {
                throw .invalidValue(
                    field: field.name,
                    reason: "it would be \(result), which is not within \(range.lowerBound) to \(range.upperBound)",
                    remedy: "liaison show \(state.id.hex.prefix(8))")
            }
        }
        return [delta(field, difference)]
    }

    private func number(
        _ field: Field, _ given: [Assignment], _ type: ValueType
    ) throws(RecordError) -> Int64 {
        guard let only = given.first, given.count == 1 else { throw twice(field.name) }
        try refuseKey(field, only.key)
        guard case .integer(let number) = try parser.value(only.text, type, field: field.name) else {
            preconditionFailure("the counter \(field.name) is of another type than whole numbers")
        }
        return number
    }

    /// A sum beyond 64 bits, as nobody honest comes to, is corrected in several steps.
    private func delta(_ field: Field, _ difference: Int128) -> OperationDraft {
        .init(field: field.number, type: .counter, replaces: [], shape: .int(Int64(clamping: difference)))
    }
}
