import Bytes
import Crypto
import Glibc

/// Seeds one after the other through one proof; what comes of each is a line of JSON on standard output.
struct ProofRun {
    /// After so many defects the rest is not tried: they are rarely different ones.
    private static let mostDefects = 10

    /// Which seeds, and for how long.
    struct Span {
        var first: UInt64 = 1
        var count: UInt64 = 1
        /// Seconds after which no other seed is begun; nil for no end.
        var seconds: Int?
        /// Whether it is told in words what happens.
        var isTold = false
    }

    /// - Returns: true if no defect was found.
    static func run(_ type: any Proof.Type, _ span: Span) -> Bool {
        var proof = type.init()
        if span.isTold { proof.narrator = { say(.pairs(["told": .string($0)])) } }
        let clock = ContinuousClock()
        let began = clock.now
        var (tried, defects) = (0, 0)
        for seed in span.first..<span.first + span.count {
            if let seconds = span.seconds, clock.now - began > .seconds(seconds) { break }
            tried += 1
            do {
                let hash = try proof.run(seed: seed)
                say(.pairs(["seed": .int(Int64(seed)), "hash": .string(hash.hex)]))
            } catch {
                defects += 1
                say(.pairs(["seed": .int(Int64(seed)), "defect": .string("\(error)")]))
                if defects == mostDefects { break }
            }
        }
        let counts = proof.counts.map { Document.Member($0.name, .int(Int64($0.count))) }
        say(.pairs(["tried": .int(Int64(tried)), "counts": .object(counts)]))
        return defects == 0
    }

    /// At once, so that a trap loses no line.
    private static func say(_ document: Document) {
        let line = Array((JSONWriter.compactText(document) + "\n").utf8)
        _ = unsafe write(1, line, line.count)
    }
}
