/// How far a long piece of work has come, for people who wait for it.
package struct WorkProgress: Hashable, Sendable {
    /// What is being done, such as `checking segments`; may say counts of its own.
    package let what: String
    package let done: Int?
    /// How many there are in all, where that is known.
    package let total: Int?
    package let byteCount: Int?

    package init(_ what: String, done: Int? = nil, of total: Int? = nil, byteCount: Int? = nil) {
        self.what = what
        self.done = done
        self.total = total
        self.byteCount = byteCount
    }
}

/// Is told how far a long piece of work has come, often; answers false when it is to end early.
package typealias Watcher = (WorkProgress) -> Bool
