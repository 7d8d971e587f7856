/// Finds the best sets of organisations for one call.
///
/// The size of the sets is the smallest that meets the call, exactly. Among the sets of this size those with the most
/// points come first, ties by the ids of their members in ascending order. That is so whenever `isProved`; where the
/// work would have been more than was allowed, the best set is one that no exchange of a single member improves.
struct PartnerSearch {
    /// An organisation that may take part; everything in half points.
    struct Candidate {
        /// What it brings by itself, whoever else takes part.
        var own = 0
        /// Which country it sits in; nil when nobody knows.
        var country: Int?
        /// Whether it may lead; unless all may, those that may sit in a country.
        var mayLead = true
        /// What it can give towards the co-funding, in billionths.
        var capacity: Int128 = 0
    }

    /// The sets, the best first, each ascending.
    struct Outcome: Equatable {
        var sets: [[Int]]
        var isProved: Bool
    }

    /// Ascending by the ids of their organisations.
    let candidates: [Candidate]
    let themeCount: Int
    /// By candidate and theme of the call 2, 1 or 0; of a set the best counts.
    let themes: [UInt8]
    let minimumSize: Int
    let minimumCountries: Int
    /// The one that has to be in every set.
    let required: Int?
    /// What the set has to give together for its point, in billionths; nil when no co-funding is asked for.
    let need: Int128?
    /// By candidate: those that it has bid with, and the half points of the two, of a set the best counts; empty when
    /// no two have.
    private let pairs: [[(other: Int, halves: UInt8)]]
    /// By candidate: the best pair that it is in.
    let mostTogether: [UInt8]

    /// - Parameter together: pairs of candidates and their half points.
    init(
        candidates: [Candidate], themeCount: Int, themes: [UInt8], minimumSize: Int, minimumCountries: Int,
        required: Int?, need: Int128?, together: [(first: Int, second: Int, halves: Int)]
    ) {
        self.candidates = candidates
        self.themeCount = themeCount
        self.themes = themes
        self.minimumSize = minimumSize
        self.minimumCountries = minimumCountries
        self.required = required
        self.need = need
        guard !together.isEmpty else {
            (pairs, mostTogether) = ([], [])
            return
        }
        var pairs = [[(other: Int, halves: UInt8)]](repeating: [], count: candidates.count)
        for (first, second, halves) in together {
            pairs[first].append((second, UInt8(halves)))
            pairs[second].append((first, UInt8(halves)))
        }
        self.pairs = pairs
        mostTogether = pairs.map { $0.map(\.halves).max() ?? 0 }
    }

    /// Whether any two have bid together.
    var hasPairs: Bool { !pairs.isEmpty }

    /// The half points of two candidates that have bid together.
    func together(_ a: Int, _ b: Int) -> UInt8 {
        guard mostTogether[a] > 0, mostTogether[b] > 0 else { return 0 }
        var most: UInt8 = 0
        for pair in pairs[a] where pair.other == b { most = max(most, pair.halves) }
        return most
    }

    /// The best pair of which a candidate is one and the other stands among these.
    func together(_ index: Int, withAny isThere: [Bool]) -> UInt8 {
        var most: UInt8 = 0
        for pair in pairs[index] where isThere[pair.other] { most = max(most, pair.halves) }
        return most
    }

    /// The members that every set has, one at most.
    private var given: [Int] { required.map { [$0] } ?? [] }

    /// The smallest number of members with which a set can meet the call; nil when none can.
    var size: Int? {
        let countries = Set(candidates.compactMap(\.country)).count
        guard candidates.contains(where: \.mayLead), countries >= minimumCountries else { return nil }
        var least = max(1, minimumCountries)
        if let required {
            let member = candidates[required]
            // A member without a country, or one that does not lead, takes a place beside those that do.
            if member.country == nil { least = minimumCountries + 1 }
            if !member.mayLead { least = max(least, 2) }
        }
        let size = max(least, minimumSize)
        return size <= candidates.count ? size : nil
    }

    // MARK: Counting

    /// What a candidate brings to a theme.
    func value(_ index: Int, _ theme: Int) -> UInt8 { themes[index * themeCount + theme] }

    /// The half points of a set.
    func points(_ set: [Int]) -> Int {
        var sum = set.reduce(0) { $0 + candidates[$1].own }
        for theme in 0..<themeCount { sum += Int(set.map { value($0, theme) }.max() ?? 0) }
        if let need, set.reduce(Int128(0), { $0 + candidates[$1].capacity }) >= need { sum += 2 }
        return sum + bidPoints(set)
    }

    private func bidPoints(_ set: [Int]) -> Int {
        guard hasPairs else { return 0 }
        var best: UInt8 = 0
        for (index, member) in set.enumerated() {
            for other in set[(index + 1)...] { best = max(best, together(member, other)) }
        }
        return Int(best)
    }

    /// Whether a set has everything that the call demands, its size apart.
    func meets(_ set: [Int]) -> Bool {
        set.contains { candidates[$0].mayLead }
            && Set(set.compactMap { candidates[$0].country }).count >= minimumCountries
            && given.allSatisfy(set.contains)
    }

    // MARK: Searching

    /// The best sets, at most `count`.
    /// - Parameter work: how many members may be looked at in each of two passes.
    func best(_ count: Int, work: Int) -> Outcome {
        guard let size, count > 0 else { return Outcome(sets: [], isProved: true) }
        // First only the points of the best sets: what is tried in the order of its worth soon bounds the rest.
        let worth = candidates.indices.map { index in
            (0..<themeCount).reduce(candidates[index].own) { $0 + Int(value(index, $1)) }
        }
        let byWorth = candidates.indices.sorted { worth[$0] != worth[$1] ? worth[$0] > worth[$1] : $0 < $1 }
        var first = PartnerPass(self, order: byWorth, worth: worth, size: size, work: work, wanted: .points(count))
        first.run()
        guard first.isComplete, let most = first.found.first else { return improved(first.found.first?.set, size) }
        // Then the sets with so many points, in the order of their ids.
        var second = PartnerPass(
            self, order: Array(candidates.indices), worth: worth, size: size, work: work,
            wanted: .sets(count, from: first.found.last?.points ?? 0))
        second.run()
        guard second.isComplete else { return Outcome(sets: [most.set], isProved: false) }
        return Outcome(sets: second.found.map(\.set), isProved: true)
    }

    /// What is left where the work ran out: the better of what was found and of what grows by itself, then improved.
    private func improved(_ found: [Int]?, _ size: Int) -> Outcome {
        let sets = [found, greedy(size)].compactMap { $0 }
        let best = sets.max { points($0) < points($1) }
        return Outcome(sets: best.map { [exchanged($0)] } ?? [], isProved: false)
    }

    /// A set of this size that meets the call, grown by what adds most; nil when there is none.
    private func greedy(_ size: Int) -> [Int]? {
        var set = given
        func add(where isWanted: (Int) -> Bool) -> Bool {
            var best: (index: Int, points: Int)?
            for index in candidates.indices where !set.contains(index) && isWanted(index) {
                let points = points(set + [index])
                if points > best?.points ?? -1 { best = (index, points) }
            }
            guard let best, set.count < size else { return false }
            set.append(best.index)
            return true
        }
        func isNew(_ index: Int) -> Bool {
            guard let country = candidates[index].country else { return false }
            return !set.contains { candidates[$0].country == country }
        }
        if !set.contains(where: { candidates[$0].mayLead }) {
            let isAdded =
                add { candidates[$0].mayLead && (minimumCountries == 0 || isNew($0)) } || add { candidates[$0].mayLead }
            if !isAdded { return nil }
        }
        while Set(set.compactMap { candidates[$0].country }).count < minimumCountries {
            if !add(where: isNew) { return nil }
        }
        while set.count < size {
            if !add(where: { _ in true }) { return nil }
        }
        return set.sorted()
    }

    /// A set after every exchange of one member for another that makes it better.
    private func exchanged(_ start: [Int]) -> [Int] {
        var set = start
        var isBetter = true
        while isBetter {
            isBetter = false
            for place in set.indices where set[place] != required {
                for index in candidates.indices where !set.contains(index) {
                    var other = set
                    other[place] = index
                    guard meets(other), points(other) > points(set) else { continue }
                    set = other
                    isBetter = true
                }
            }
        }
        return set.sorted()
    }
}
