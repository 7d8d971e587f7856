import Bytes
import Crypto
import Records
import Replica

/// Days, claimed times and sums of a record.
extension RecordView {
    /// `YYYY-MM-DD` of a register; nil where what stands there is no day of the calendar.
    func day(_ name: String) -> String? { date(name).flatMap { CivilTime.isDate($0) ? $0 : nil } }

    /// Likewise of a part of a group.
    func day(_ name: String, _ part: String) -> String? {
        RecordView.date(self.part(name, part)).flatMap { CivilTime.isDate($0) ? $0 : nil }
    }

    /// The days of all values left of a register, or of a part of it if it is a group, ascending, each once: more than
    /// one while people disagree.
    func days(_ name: String, _ part: String? = nil) -> [String] {
        guard let field = kind.field(named: name) else { return [] }
        var values = values(name)
        if let part {
            guard case .group(let group) = field.type,
                let index = group.parts.firstIndex(where: { $0.name == part })
            else { return [] }
            values = values.compactMap { value in
                guard case .array(let parts) = value, parts.indices.contains(index) else { return nil }
                return parts[index]
            }
        }
        return Set(values.compactMap { RecordView.date($0) }.filter(CivilTime.isDate)).sorted()
    }

    /// All lists of groups that are left of a register, the one that is shown first.
    func lists(_ name: String) -> [[[String: Value]]] {
        guard let field = kind.field(named: name), case .list(.group(let group), _) = field.type else { return [] }
        return values(name).map { value in
            guard case .array(let items) = value else { return [] }
            return items.map { item in
                guard case .array(let parts) = item else { return [:] }
                return Dictionary(
                    zip(group.parts, parts).compactMap { $1 == .null ? nil : ($0.name, $1) }
                ) { first, _ in first }
            }
        }
    }

    /// The day on which what a field shows was written, by the word of the writer.
    func claimedDay(_ name: String) -> String? { origin(name).map { CivilTime.day($0.claimedAt) } }

    /// When the newest of what is left of the record was written, by the word of its writers.
    var lastClaimed: Int64 { state.fields.flatMap(\.left).map(\.claimedAt).max() ?? 0 }

    /// The sum of a counter; 0 where nobody has counted.
    func counter(_ name: String) -> Int64 { integer(name) ?? 0 }

    /// The ids of an ordered list, in its order.
    func listedIDs(_ name: String) -> [ShortID] {
        guard case .array(let items)? = value(name) else { return [] }
        return items.compactMap { if case .id(let bytes) = $0 { ShortID(bytes) } else { nil } }
    }

    /// A decimal number of a group with its currency: `1200.50 EUR`.
    func money(_ name: String) -> String? {
        guard case .decimal(let mantissa, let exponent)? = part(name, "value") else { return nil }
        let number = ValueRendering.document(.decimal(mantissa: mantissa, exponent: exponent), nil).text ?? ""
        return [number, textPart(name, "currency") ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension CivilTime {
    /// How many days `later` lies after `earlier`; negative when it lies before.
    static func days(from earlier: String, to later: String) -> Int64 {
        (dayNumber(later) ?? 0) - (dayNumber(earlier) ?? 0)
    }

    /// The day so many days after another; the day itself when it is none.
    static func day(_ day: String, plus days: Int64) -> String {
        guard let number = dayNumber(day) else { return day }
        let (sum, overflow) = number.addingReportingOverflow(days)
        return overflow || !(-719_162...2_932_896).contains(sum) ? day : date(ofDay: sum)
    }
}
