/// Which elements of a list are kept when it shall hold other values.
///
/// As many as possible are kept, and of these as many as possible stay where they are: those of a longest common
/// subsequence. The rest of the kept ones are moved.
struct ListMatch {
    /// By wanted place: the element that comes to stand there and whether it stays where it is; nil for a new one.
    private(set) var sources: [(index: Int, stays: Bool)?]
    /// By element: whether it is kept.
    private(set) var isKept: [Bool]

    /// - Parameters:
    ///   - current: what each element shows, encoded; nil where that was erased.
    ///   - wanted: the values that the list shall hold, encoded.
    init(_ current: [[UInt8]?], _ wanted: [[UInt8]]) {
        sources = wanted.map { _ in nil }
        isKept = current.map { _ in false }
        var places: [[UInt8]: [Int]] = [:]
        for (place, value) in wanted.enumerated() { places[value, default: []].append(place) }
        for (index, place) in ListMatch.longest(current.map { value in value.flatMap { places[$0] } ?? [] }) {
            sources[place] = (index, true)
            isKept[index] = true
        }
        var free: [[UInt8]: ArraySlice<Int>] = [:]
        for (value, places) in places { free[value] = places.filter { sources[$0] == nil }[...] }
        for (index, value) in current.enumerated() where !isKept[index] {
            guard let value, let place = free[value]?.popFirst() else { continue }
            sources[place] = (index, false)
            isKept[index] = true
        }
    }

    private struct Link {
        let index: Int
        let place: Int
        /// The link before it in the longest row that ends here.
        let before: Int?
    }

    /// A longest row of elements with a place each, ascending in both.
    /// - Parameter places: for each element the places that it fits, ascending.
    private static func longest(_ places: [[Int]]) -> [(index: Int, place: Int)] {
        var links: [Link] = []
        // For each length of a row, less one: the link with the least place that ends such a row.
        var ends: [Int] = []
        for (index, places) in places.enumerated() {
            // From the greatest, so that no element is taken twice in one row.
            for place in places.reversed() {
                var (low, high) = (0, ends.count)
                while low < high {
                    let middle = (low + high) / 2
                    if links[ends[middle]].place < place { low = middle + 1 } else { high = middle }
                }
                links.append(Link(index: index, place: place, before: low > 0 ? ends[low - 1] : nil))
                if low < ends.count { ends[low] = links.count - 1 } else { ends.append(links.count - 1) }
            }
        }
        var row: [(index: Int, place: Int)] = []
        var next = ends.last
        while let link = next.map({ links[$0] }) {
            row.append((link.index, link.place))
            next = link.before
        }
        return row
    }
}
