import Records
import Replica

/// How the concepts that records are about lie above one another (SKOS).
struct Themes {
    private let broader: [String: [String]]
    private var known: [String: Set<String>] = [:]

    init(_ base: RecordBase<some RecordStore>) throws(QueryError) {
        var broader: [String: [String]] = [:]
        for theme in try base.live("theme") {
            guard let notation = theme.text("notation") else { continue }
            broader[notation, default: []] += theme.words("broader")
        }
        self.broader = broader
    }

    /// How near two concepts are, in half points: 2 for the same one, 1 when one is broader than the other.
    mutating func halves(_ a: String, _ b: String) -> Int {
        if a == b { return 2 }
        return above(a).contains(b) || above(b).contains(a) ? 1 : 0
    }

    /// The nearest of some concepts to a wanted one: the same one, else the first that is broader or narrower.
    mutating func nearest(to wanted: String, among held: [String]) -> (halves: Int, concept: String)? {
        var best: (halves: Int, concept: String)?
        for concept in held {
            let halves = halves(concept, wanted)
            if halves > best?.halves ?? 0 { best = (halves, concept) }
        }
        return best
    }

    /// All concepts above one, however many steps; those that lie in a circle are above themselves.
    private mutating func above(_ concept: String) -> Set<String> {
        if let known = known[concept] { return known }
        var found: Set<String> = []
        var next = broader[concept] ?? []
        while let one = next.popLast() {
            if found.insert(one).inserted { next += broader[one] ?? [] }
        }
        known[concept] = found
        return found
    }
}

/// The part of a language tag that says which language it is: `zh` of `zh-Hans`.
func primaryLanguage(_ tag: String) -> String { tag.split(separator: "-").first.map(String.init) ?? tag }
