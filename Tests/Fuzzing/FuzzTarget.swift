/// A decoder, or what stands behind one, that is fed bytes which somebody hostile has written.
///
/// No input may make it trap; one that breaks a promise of the code under test makes `run` throw. What a target makes
/// once and keeps must not change what the next input does.
package protocol FuzzTarget: SendableMetatype {
    /// The word that chooses it, and the folder of its corpus.
    static var name: String { get }

    /// Makes what all inputs have in common, such as a store that holds something.
    init() throws

    /// Tries one input.
    /// - Throws: `Violation`, or whatever the code under test threw without being asked to.
    mutating func run(_ input: [UInt8]) throws

    /// Inputs to begin with, which reach what random bytes would not.
    static func seeds() throws -> [[UInt8]]

    /// How many times over it makes its subject do what an input asks for, with all that it does to hold it to its
    /// promises: what an input may take is meant for once.
    static var rounds: Int { get }

    /// Inputs as long as they can come, which mutation never makes: none may take much time or memory either.
    static func large() throws -> [[UInt8]]
}

extension FuzzTarget {
    package static var rounds: Int { 1 }

    package static func large() throws -> [[UInt8]] { [] }
}

/// An input has shown that a promise does not hold.
package struct Violation: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Requires a promise.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) throws(Violation) {
    if !holds { throw Violation(promise()) }
}

/// All targets, in the order in which they are listed.
package let fuzzTargets: [any FuzzTarget.Type] = [
    FormsTarget.self, EntriesTarget.self, StatementsTarget.self, SegmentsTarget.self, IngestTarget.self,
    SealedTarget.self, FramesTarget.self, HandshakeTarget.self, MessagesTarget.self, SessionTarget.self,
    ValuesTarget.self, TablesTarget.self, ControlTarget.self, WordsTarget.self,
]
