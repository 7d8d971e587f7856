import Node
package import Records

extension Commands {
    /// Runs one command line against the store of its home, or the node that runs on it.
    package static func run(arguments: [String], environment: [String: String], schema: Schema) -> Int32 {
        run(arguments: arguments, environment: environment, schema: schema) { call in
            .failure(.failed, "\(call.request.verb) has no store to work on")
        }
    }
}
