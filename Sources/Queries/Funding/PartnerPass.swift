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

    /// What the members of one depth amount to.
    private struct Level {
        var own = 0
        var themePoints = 0
        var capacity: Int128 = 0
        /// The half points of the best pair among them.
        var together = 0
        /// The half points of the best pair that one of them could still make.
        var couldBeTogether = 0
        var countryCount = 0
        var hasLead = false
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
    /// By place: the best pair from there on.
    private let mostTogether: [UInt8]
    private let size: Int
    private let wanted: Wanted
    private var work: Int
    /// The members chosen so far.
    private var path: [Int] = []
    /// By depth, from no member on; and by depth and theme what its members bring.
    private var levels: [Level]
    private var themes: [UInt8]
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
        levels = [Level](repeating: Level(), count: size + 1)
        themes = [UInt8](repeating: 0, count: (size + 1) * search.themeCount)
        let count = search.themeCount
        var mostTheme = [UInt8](repeating: 0, count: (self.order.count + 1) * count)
        var mostTogether = [UInt8](repeating: 0, count: self.order.count + 1)
        var isThere = [Bool](repeating: false, count: candidates.count)
        for place in self.order.indices.reversed() {
            let index = self.order[place]
            for theme in 0..<count {
                mostTheme[place * count + theme] = max(
                    mostTheme[(place + 1) * count + theme], search.value(index, theme))
            }
            guard search.hasPairs else { continue }
            mostTogether[place] = max(mostTogether[place + 1], search.together(index, withAny: isThere))
            isThere[index] = true
        }
        self.mostTheme = mostTheme
        self.mostTogether = mostTogether
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

    /// Walks through all sets, or until the work is done that is allowed.
    mutating func run() {
        if let required = search.required { push(required) }
        walk(from: 0)
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

    private mutating func walk(from start: Int) {
        let level = levels[path.count]
        let open = size - path.count
        let missing = max(0, search.minimumCountries - level.countryCount)
        guard open > 0 else {
            // Only where one member is the whole set.
            if missing == 0, level.hasLead { note(path, points(level)) }
            return
        }
        guard missing <= open, start + open <= order.count else { return }
        let bonus = bonus(level, start, open)
        guard bound(level, start, open) + bonus >= least else { return }
        let base = level.own + level.themePoints + bonus
        for place in start...(order.count - open) {
            guard work > 0 else {
                isComplete = false
                return
            }
            work -= 1
            guard base + worth[place] + mostWorth[(place + 1) * (size + 1) + open - 1] >= least else { continue }
            let index = order[place]
            if missing == open, !isNewCountry(index) { continue }
            guard open == 1 else {
                push(index)
                walk(from: place + 1)
                path.removeLast()
                if isComplete { continue } else { return }
            }
            guard level.hasLead || search.candidates[index].mayLead else { continue }
            let points = points(level, with: index)
            if points >= least { note(path + [index], points) }
        }
    }

    private func isNewCountry(_ index: Int) -> Bool {
        guard let country = search.candidates[index].country else { return false }
        return !path.contains { search.candidates[$0].country == country }
    }

    /// Takes in one member more.
    private mutating func push(_ index: Int) {
        let candidate = search.candidates[index]
        var level = levels[path.count]
        level.own += candidate.own
        let (from, to) = (path.count * search.themeCount, (path.count + 1) * search.themeCount)
        for theme in 0..<search.themeCount {
            let (old, value) = (themes[from + theme], search.value(index, theme))
            themes[to + theme] = max(old, value)
            if value > old { level.themePoints += Int(value - old) }
        }
        level.capacity += candidate.capacity
        if search.hasPairs {
            for member in path { level.together = max(level.together, Int(search.together(member, index))) }
            level.couldBeTogether = max(level.couldBeTogether, Int(search.mostTogether[index]))
        }
        if isNewCountry(index) { level.countryCount += 1 }
        if candidate.mayLead { level.hasLead = true }
        path.append(index)
        levels[path.count] = level
    }

    private func points(_ level: Level) -> Int {
        let isFunded = search.need.map { level.capacity >= $0 } ?? false
        return level.own + level.themePoints + (isFunded ? 2 : 0) + level.together
    }

    /// The points with one member more.
    private func points(_ level: Level, with index: Int) -> Int {
        let candidate = search.candidates[index]
        let row = path.count * search.themeCount
        var points = level.own + candidate.own
        for theme in 0..<search.themeCount { points += Int(max(themes[row + theme], search.value(index, theme))) }
        if let need = search.need, level.capacity + candidate.capacity >= need { points += 2 }
        guard search.hasPairs else { return points }
        var together = level.together
        for member in path { together = max(together, Int(search.together(member, index))) }
        return points + together
    }

    /// The most points for money and past bids that any set can have which adds `open` candidates from `start` on.
    private func bonus(_ level: Level, _ start: Int, _ open: Int) -> Int {
        let row = start * (size + 1) + open
        let isFunded = search.need.map { level.capacity + mostCapacity[row] >= $0 } ?? false
        let among = open > 1 ? Int(mostTogether[start]) : 0
        return (isFunded ? 2 : 0) + max(level.together, level.couldBeTogether, among)
    }

    /// The most other points that any such set can have.
    private func bound(_ level: Level, _ start: Int, _ open: Int) -> Int {
        let row = start * (size + 1) + open
        let depth = path.count * search.themeCount
        var most = 0
        for theme in 0..<search.themeCount {
            most += Int(max(themes[depth + theme], mostTheme[start * search.themeCount + theme]))
        }
        return level.own + min(mostOwn[row] + most, mostWorth[row] + level.themePoints)
    }
}
