/// What this program calls itself.
package enum Program {
    /// The version that `liaison version` and generated files name.
    package static let version = "0.1.0"
}
