package import Bytes

/// One command as it is performed, by the process that a person started or by the node that runs already.
///
/// Everything that depends on the place of the person is resolved: files are read, texts are in normalisation form C.
package struct Request: Hashable, Sendable {
    /// An option such as `--keep 2`; flags have no value.
    package struct Option: Hashable, Sendable {
        /// Without the hyphens.
        package let name: String
        package let value: String?

        package init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// One word, or two joined by a blank: `show`, `peer add`.
    package let verb: String
    package let arguments: [String]
    package let options: [Option]
    /// The content of the file that the command reads.
    package let input: String?
    /// Whether the answer is for people, who want names beside ids.
    package let wantsNames: Bool

    package init(
        verb: String, arguments: [String] = [], options: [Option] = [], input: String? = nil, wantsNames: Bool = false
    ) {
        self.verb = verb
        self.arguments = arguments
        self.options = options
        self.input = input
        self.wantsNames = wantsNames
    }

    /// The value of an option that may stand once; nil when it is absent or a flag.
    package func value(of name: String) -> String? { options.first { $0.name == name }?.value }

    /// The values of an option that may be repeated.
    package func values(of name: String) -> [String] { options.filter { $0.name == name }.compactMap(\.value) }

    /// Whether a flag or option is there.
    package func has(_ name: String) -> Bool { options.contains { $0.name == name } }
}

extension Request {
    /// The item that travels on the control socket.
    package var item: CBOR {
        .array([
            .text(verb), .array(arguments.map { .text($0) }),
            .array(options.map { .array([.text($0.name), $0.value.map { .text($0) } ?? .null]) }),
            input.map { .text($0) } ?? .null, .bool(wantsNames),
        ])
    }

    /// Reads the item of a request.
    /// - Throws: when it has another form.
    package init(_ item: CBOR) throws(DecodeError) {
        guard case .array(let parts) = item, parts.count == 5, case .text(let verb) = parts[0],
            case .array(let arguments) = parts[1], case .array(let options) = parts[2],
            case .bool(let wantsNames) = parts[4]
        else { throw .invalid(what: "request") }
        self.init(
            verb: verb, arguments: try arguments.map { (item) throws(DecodeError) in try text(item) },
            options: try options.map { (item) throws(DecodeError) in
                guard case .array(let pair) = item, pair.count == 2 else { throw .invalid(what: "request option") }
                return Option(try text(pair[0]), try optionalText(pair[1]))
            }, input: try optionalText(parts[3]), wantsNames: wantsNames)
    }
}

/// The text of an item.
func text(_ item: CBOR) throws(DecodeError) -> String {
    guard case .text(let text) = item else { throw .invalid(what: "text") }
    return text
}

/// The text of an item; nil for null.
func optionalText(_ item: CBOR) throws(DecodeError) -> String? {
    item == .null ? nil : try text(item)
}

/// Whatever performs requests: a node that runs, or a store that was opened for one command.
package protocol RequestHandler {
    /// Performs one request; whatever goes wrong stands in the response.
    mutating func perform(_ request: Request) -> Response
}
