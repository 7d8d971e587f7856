import Crypto

/// A property of the program that is tried with random cases, each made from its seed alone.
protocol Proof: SendableMetatype {
    /// The word that chooses it on the command line.
    static var name: String { get }

    init()

    /// Is told in words what happens, where the proof has words for it.
    var narrator: ((String) -> Void)? { get set }

    /// Tries the case of one seed.
    /// - Returns: a hash over what happened: a seed that is run again must give the same one.
    /// - Throws: `Defect`, or whatever the code under test threw without being asked to.
    mutating func run(seed: UInt64) throws -> Digest

    /// What was done so far, by name; whole numbers that are added up over processes.
    var counts: [(name: String, count: Int)] { get }
}

/// A property did not hold.
struct Defect: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// All of them, in the order in which they are listed.
let proofs: [any Proof.Type] = [
    Merges.self,
    Networks.self,
    PowerLosses.self,
    FlippedBits.self,
    SyncsProof.self,
]

extension Proof {
    /// Most have no words for what happens.
    var narrator: ((String) -> Void)? {
        get { nil }
        set {}
    }
}
