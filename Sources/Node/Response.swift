package import Bytes

/// The answer to a request.
package struct Response: Hashable, Sendable {
    /// What a person reads in place of an id.
    package struct IDName: Hashable, Sendable {
        /// Whole, in hexadecimal digits.
        package let id: String
        /// The beginning of the id that no other has, at least eight digits.
        package let prefix: String
        /// What it is called; nil when nobody has said.
        package let name: String?

        package init(id: String, prefix: String, name: String?) {
            self.id = id
            self.prefix = prefix
            self.name = name
        }
    }

    /// The data, without the `schema` member; nil when the command has none to print.
    package var document: Document?
    package var exitCode: ExitCode
    /// What went wrong: one sentence without a full stop.
    package var error: String?
    /// What to do about it.
    package var hint: String?
    /// What else a person should know; never data.
    package var notes: [String]
    /// Only when the request asked for names.
    package var names: [IDName]
    /// The language in which the node's plain fields are meant; only when the request asked for names.
    package var language: String?

    package init(
        _ document: Document?, exitCode: ExitCode = .done, error: String? = nil, hint: String? = nil,
        notes: [String] = [], names: [IDName] = []
    ) {
        self.document = document
        self.exitCode = exitCode
        self.error = error
        self.hint = hint
        self.notes = notes
        self.names = names
    }

    /// An answer without data.
    package static func failure(_ exitCode: ExitCode, _ error: String, hint: String? = nil) -> Response {
        Response(nil, exitCode: exitCode, error: error, hint: hint)
    }
}

extension Response {
    /// The item that travels on the control socket.
    package var item: CBOR {
        .array([
            document.map { .array([$0.item]) } ?? .null, .int(Int64(exitCode.rawValue)),
            error.map { .text($0) } ?? .null, hint.map { .text($0) } ?? .null, .array(notes.map { .text($0) }),
            .array(names.map { .array([.text($0.id), .text($0.prefix), $0.name.map { .text($0) } ?? .null]) }),
            language.map { .text($0) } ?? .null,
        ])
    }

    /// Reads the item of a response.
    /// - Throws: when it has another form.
    package init(_ item: CBOR) throws(DecodeError) {
        guard case .array(let parts) = item, parts.count == 7, case .unsigned(let code) = parts[1],
            let exitCode = Int32(exactly: code).flatMap(ExitCode.init(rawValue:)), case .array(let notes) = parts[4],
            case .array(let names) = parts[5]
        else { throw .invalid(what: "response") }
        var document: Document?
        if case .array(let only) = parts[0], let first = only.first { document = try Document(first) }
        self.init(
            document, exitCode: exitCode, error: try optionalText(parts[2]), hint: try optionalText(parts[3]),
            notes: try notes.map { (item) throws(DecodeError) in try text(item) },
            names: try names.map { (item) throws(DecodeError) in
                guard case .array(let parts) = item, parts.count == 3 else { throw .invalid(what: "response name") }
                return IDName(id: try text(parts[0]), prefix: try text(parts[1]), name: try optionalText(parts[2]))
            })
        language = try optionalText(parts[6])
    }
}
