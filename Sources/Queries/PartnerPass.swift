/// One walk through the sets of one size, which leaves out what a bound shows to be no better than what was found.
struct PartnerPass {
    /// What is looked for.
    enum Wanted {
        /// The points of the best sets, so many of them.
        case points(Int)
        /// The best sets themselves, so many of them, all with at least these points; asked in the order of their ids.
        case sets(Int, from: Int)
    }

    /// A set that was found.
    struct Found {
        let set: [Int]
        let points: Int
    }

    private let search: PartnerSearch
    /// The order in which candidates are tried.
    private let order: [Int]
    /// By place in `order`, what a candidate brings at most.
    private let worth: [Int]
    /// By place and number of members: the most that so many from there on bring.
    private let mostWorth: [Int]
    private let mostOwn: [Int]
    private let mostCapacity: [Int128]
    /// By place and theme: the most that one from there on brings.
    private let mostTheme: [UInt8]
    private let size: Int
    private let wanted: Wanted
    private let mostTogether: Int
    private var work: Int
    /// The best first.
    private(set) var found: [Found] = []
    /// Whether everything was looked at or shown to be no better.
    private(set) var isComplete = true

    init(_ search: PartnerSearch, order: [Int], worth: [Int], size: Int, work: Int, wanted: Wanted) {
        self.search = search
        self.order = order.filter { $0 != search.required }
        self.worth = self.order.map { worth[$0] }
        self.size = size
        self.work = work
        self.wanted = wanted
        let candidates = search.candidates
        mostWorth = PartnerPass.sums(self.worth, size)
        mostOwn = PartnerPass.sums(self.order.map { candidates[$0].own }, size)
        mostCapacity = search.need == nil ? [] : PartnerPass.sums(self.order.map { candidates[$0].capacity }, size)
        mostTogether = search.together.values.max() ?? 0
        let count = search.themeCount
        var most = [UInt8](repeating: 0, count: (self.order.count + 1) * count)
        for place in self.order.indices.reversed() {
            for theme in 0..<count {
                most[place * count + theme] = max(
                    most[(place + 1) * count + theme], search.value(self.order[place], theme))
            }
        }
        mostTheme = most
    }

    /// By place and number: the sum of so many of the greatest values from that place on.
    private static func sums<Number: Comparable & AdditiveArithmetic>(_ values: [Number], _ size: Int) -> [Number] {
        var sums = [Number](repeating: .zero, count: (values.count + 1) * (size + 1))
        var greatest: [Number] = []
        for place in values.indices.reversed() {
            let rank = greatest.firstIndex { $0 < values[place] } ?? greatest.count
            if rank < size {
                greatest.insert(values[place], at: rank)
                if greatest.count > size { greatest.removeLast() }
            }
            var sum = Number.zero
            for number in 0..<size {
                if number < greatest.count { sum += greatest[number] }
                sums[place * (size + 1) + number + 1] = sum
            }
        }
        return sums
    }

    /// What the members chosen so far amount to.
    private struct Chosen {
        var set: [Int] = []
        var own = 0
        var worth = 0
        var themes: [UInt8]
        var themePoints = 0
        var capacity: Int128 = 0
        var together = 0
        var countries: [Int] = []
        var hasLead = false
    }

    /// Walks through all sets, or until the work is done that is allowed.
    mutating func run() {
        var chosen = Chosen(themes: [UInt8](repeating: 0, count: search.themeCount))
        if let required = search.required { chosen = adding(required, to: chosen) }
        walk(chosen, from: 0)
    }

    /// Keeps a set if it is among the best.
    private mutating func note(_ set: [Int], _ points: Int) {
        let count: Int
        switch wanted {
        case .points(let number): count = number
        case .sets(let number, let floor):
            guard points >= floor else { return }
            count = number
        }
        // Behind those with as many points: they were found first.
        let place = found.firstIndex { $0.points < points } ?? found.count
        found.insert(Found(set: set.sorted(), points: points), at: place)
        if found.count > count { found.removeLast() }
    }

    /// The fewest points with which a set can still be among the best.
    private var least: Int {
        switch wanted {
        case .points(let count):
            guard found.count == count, let last = found.last else { return 0 }
            return last.points + 1
        case .sets(let count, let floor):
            guard found.count == count, let last = found.last else { return floor }
            return last.points + 1
        }
    }

    private mutating func walk(_ chosen: Chosen, from start: Int) {
        let open = size - chosen.set.count
        let missing = max(0, search.minimumCountries - chosen.countries.count)
        guard open > 0 else {
            // Only where one member is the whole set.
            if missing == 0, chosen.hasLead { note(chosen.set, points(chosen)) }
            return
        }
        guard missing <= open, start + open <= order.count, bound(chosen, start, open) >= least else { return }
        let base = chosen.own + chosen.themePoints + (search.need == nil ? 0 : 2) + max(chosen.together, mostTogether)
        for place in start...(order.count - open) {
            guard work > 0 else {
                isComplete = false
                return
            }
            work -= 1
            guard base + worth[place] + mostWorth[(place + 1) * (size + 1) + open - 1] >= least else { continue }
            let index = order[place]
            let candidate = search.candidates[index]
            if missing == open {
                guard let country = candidate.country, !chosen.countries.contains(country) else { continue }
            }
            guard open == 1 else {
                walk(adding(index, to: chosen), from: place + 1)
                if isComplete { continue } else { return }
            }
            guard chosen.hasLead || candidate.mayLead else { continue }
            let points = points(chosen, with: index)
            if points >= least { note(chosen.set + [index], points) }
        }
    }

    private func adding(_ index: Int, to chosen: Chosen) -> Chosen {
        let candidate = search.candidates[index]
        var result = chosen
        result.own += candidate.own
        for theme in 0..<search.themeCount {
            let value = search.value(index, theme)
            guard value > result.themes[theme] else { continue }
            result.themePoints += Int(value - result.themes[theme])
            result.themes[theme] = value
        }
        if search.need != nil { result.capacity += candidate.capacity }
        if mostTogether > 0 {
            for member in chosen.set {
                result.together = max(result.together, search.together[.init(member, index)] ?? 0)
            }
        }
        if let country = candidate.country, !result.countries.contains(country) { result.countries.append(country) }
        if candidate.mayLead { result.hasLead = true }
        result.set.append(index)
        return result
    }

    private func points(_ chosen: Chosen) -> Int {
        let isFunded = search.need.map { chosen.capacity >= $0 } ?? false
        return chosen.own + chosen.themePoints + (isFunded ? 2 : 0) + chosen.together
    }

    /// The points with one member more.
    private func points(_ chosen: Chosen, with index: Int) -> Int {
        let candidate = search.candidates[index]
        var points = chosen.own + candidate.own
        for theme in 0..<search.themeCount { points += Int(max(chosen.themes[theme], search.value(index, theme))) }
        if let need = search.need, chosen.capacity + candidate.capacity >= need { points += 2 }
        guard mostTogether > 0 else { return points }
        let together = chosen.set.map { search.together[.init($0, index)] ?? 0 }.max() ?? 0
        return points + max(chosen.together, together)
    }

    /// The most points that any set can have which adds `open` candidates from `start` on.
    private func bound(_ chosen: Chosen, _ start: Int, _ open: Int) -> Int {
        let row = start * (size + 1) + open
        var themes = 0
        for theme in 0..<search.themeCount {
            themes += Int(max(chosen.themes[theme], mostTheme[start * search.themeCount + theme]))
        }
        let together = max(chosen.together, mostTogether)
        let isFunded = search.need.map { chosen.capacity + mostCapacity[row] >= $0 } ?? false
        let own = chosen.own + min(mostOwn[row] + themes, mostWorth[row] + chosen.themePoints)
        return own + (isFunded ? 2 : 0) + together
    }
}
