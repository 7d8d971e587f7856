/// Positions of the elements of a list: fractions between 0 and 1 in bytes, compared as byte strings.
///
/// Source: Protocol/04-merging.md#lists.
package enum ListPosition {
    /// A position between two others, as short as one can be; it does not end with a zero byte, or nothing would fit
    /// before what begins with it.
    ///
    /// Of those of the least length it is the one next to the longer neighbour, where somebody is inserting one after
    /// the other, and the middle where both are equally long.
    /// - Parameters:
    ///   - low: the position before; nil for the beginning.
    ///   - high: the position after; nil for the end.
    /// - Returns: nil where none lies between: they are equal or in the wrong order, or only zeros tell them apart.
    /// - Complexity: O(*n*) for positions of *n* bytes, whoever wrote them.
    package static func between(_ low: [UInt8]?, _ high: [UInt8]?) -> [UInt8]? {
        guard let common = commonCount(low ?? [], high) else { return nil }
        // A byte more than all that lies between begins with is enough, unless the next bytes follow each other and
        // nothing comes after that of the greater one: then it goes on until the lesser one has a byte below FF.
        let full = (low ?? []).dropFirst(common + 1).prefix { $0 == 0xFF }.count
        for length in [common + 1, common + 2 + full] {
            guard let least = least(above: low ?? [], length), let greatest = greatest(below: high, length),
                !greatest.lexicographicallyPrecedes(least)
            else { continue }
            switch (low, high) {
            case (nil, nil): return middle(least, greatest)
            case (nil, _): return greatest
            case (_, nil): return least
            case (let low?, let high?):
                if low.count == high.count { return middle(least, greatest) }
                return low.count > high.count ? least : greatest
            }
        }
        return nil
    }

    /// With how many bytes everything between two positions begins, the lesser one followed by zeros and the end by FF;
    /// nil where nothing lies between.
    private static func commonCount(_ low: [UInt8], _ high: [UInt8]?) -> Int? {
        guard let high else { return low.prefix { $0 == 0xFF }.count }
        for (index, byte) in high.enumerated() {
            let other = index < low.count ? low[index] : 0
            if other != byte { return other < byte ? index : nil }
        }
        return nil
    }

    /// The position next after another, with nothing behind it; of the first element of a list the middle.
    package static func after(_ low: [UInt8]?) -> [UInt8] {
        // A byte more than it has is always enough.
        between(low, nil) ?? (low ?? []) + [0x80]
    }

    /// The least position of a length above another; nil if there is none.
    private static func least(above low: [UInt8], _ length: Int) -> [UInt8]? {
        if low.count < length {
            return low + [UInt8](repeating: 0, count: length - low.count - 1) + [1]
        }
        guard let next = stepped(Array(low.prefix(length)), by: 1) else { return nil }
        return next.last == 0 ? stepped(next, by: 1) : next
    }

    /// The greatest position of a length below another; nil if there is none.
    private static func greatest(below high: [UInt8]?, _ length: Int) -> [UInt8]? {
        guard let high else { return [UInt8](repeating: 0xFF, count: length) }
        var bytes = Array(high.prefix(length))
        if high.count <= length {
            guard let before = stepped(bytes, by: -1) else { return nil }
            bytes = before + [UInt8](repeating: 0xFF, count: length - high.count)
        }
        return bytes.last == 0 ? stepped(bytes, by: -1) : bytes
    }

    /// The number that these digits stand for, one more or less; nil where the digits do not suffice.
    private static func stepped(_ digits: [UInt8], by step: Int) -> [UInt8]? {
        var digits = digits
        for index in digits.indices.reversed() {
            let digit = Int(digits[index]) + step
            digits[index] = UInt8(truncatingIfNeeded: digit)
            if 0...255 ~= digit { return digits }
        }
        return nil
    }

    /// Halfway between two positions of one length.
    private static func middle(_ low: [UInt8], _ high: [UInt8]) -> [UInt8] {
        var sum: [Int] = zip(low, high).map { Int($0) + Int($1) }
        for index in sum.indices.dropFirst().reversed() where sum[index] > 255 {
            sum[index] -= 256
            sum[index - 1] += 1
        }
        var rest = 0
        var digits = sum.map { digit -> UInt8 in
            let value = rest * 256 + digit
            rest = value % 2
            return UInt8(truncatingIfNeeded: value / 2)
        }
        if digits.last == 0 { digits[digits.count - 1] = 1 }
        return digits
    }
}
