/// How a command ended, for scripts; the numbers never change their meaning.
package enum ExitCode: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// Nothing, or more than one thing, is called so.
    case notFound = 3
    case notPermitted = 4
    /// A person must decide between values.
    case undecided = 5
    case invalidValue = 6
    /// No peer could be reached.
    case noPeer = 7
    /// Something stored is not what was signed.
    case integrity = 8
}
