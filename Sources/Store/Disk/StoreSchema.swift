/// What a database must hold: the versions that this program reads and the statements that create the newest.
package struct StoreSchema: Sendable {
    /// Marks the file as ours in its header: "LIAI".
    package static let applicationID = 0x4C49_4149

    /// The version that `creation` makes.
    package let version: Int
    /// The oldest version that is opened; the caller migrates from there to `version`.
    package let oldest: Int
    /// Statements separated by semicolons.
    package let creation: String

    /// - Parameters:
    ///   - version: 1 or greater.
    ///   - oldest: 1 to `version`.
    package init(version: Int, oldest: Int, creation: String) {
        precondition(oldest >= 1 && version >= oldest, "schema versions \(oldest) to \(version)")
        self.version = version
        self.oldest = oldest
        self.creation = creation
    }
}
