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

    /// A file that a command has made, for the process that a person started to write or to print.
    package struct File: Hashable, Sendable {
        /// One part of a path; nil for what is printed in place of the data.
        package let name: String?
        package let bytes: [UInt8]

        package init(name: String?, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }

        /// Whether a text is one part of a path and no folder: what a file may be called.
        static func isName(_ text: String) -> Bool {
            !text.isEmpty && text != "." && text != ".." && !text.utf8.contains { $0 == 0x2F || $0 == 0 }
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
    package var files: [File]

    package init(
        _ document: Document?, exitCode: ExitCode = .done, error: String? = nil, hint: String? = nil,
        notes: [String] = [], names: [IDName] = [], files: [File] = []
    ) {
        self.document = document
        self.exitCode = exitCode
        self.error = error
        self.hint = hint
        self.notes = notes
        self.names = names
        self.files = files
    }

    /// An answer without data.
    package static func failure(_ exitCode: ExitCode, _ error: String, hint: String? = nil) -> Response {
        Response(nil, exitCode: exitCode, error: error, hint: hint)
    }
}

extension Response {
    /// What travels on the control socket.
    package var encoded: [UInt8] {
        var writer = CBORWriter()
        writer.writeArray(count: 7)
        if let document {
            writer.writeArray(count: 1)
            document.write(to: &writer)
        } else {
            writer.writeNull()
        }
        writer.write(Int64(exitCode.rawValue))
        for text in [error, hint] { writer.write(optional: text) }
        writer.writeArray(count: notes.count)
        for note in notes { writer.write(note) }
        writer.writeArray(count: names.count)
        for name in names {
            writer.writeArray(count: 3)
            writer.write(name.id)
            writer.write(name.prefix)
            writer.write(optional: name.name)
        }
        writer.writeArray(count: files.count)
        for file in files {
            writer.writeArray(count: 2)
            writer.write(optional: file.name)
            writer.write(bytes: file.bytes)
        }
        return writer.bytes
    }

    /// Reads what travelled on the control socket.
    /// - Throws: when it has another form.
    package init(decoding bytes: [UInt8]) throws(DecodeError) {
        var reader = CBORReader(bytes)
        try reader.readArray(count: 7, "response")
        var document: Document?
        if !reader.readNull() {
            try reader.readArray(count: 1, "response document")
            document = try Document(from: &reader)
        }
        let code = try reader.readInt(upTo: Int(Int32.max), "exit code")
        guard let exitCode = ExitCode(rawValue: Int32(code)) else { throw .invalid(what: "exit code") }
        self.init(
            document, exitCode: exitCode, error: try reader.readOptionalText(), hint: try reader.readOptionalText())
        let noteCount = try reader.readArray(upTo: .max, "response notes")
        for _ in 0..<noteCount { notes.append(try reader.readText(upTo: .max, "response note")) }
        let nameCount = try reader.readArray(upTo: .max, "response names")
        names.reserveCapacity(nameCount)
        for _ in 0..<nameCount {
            try reader.readArray(count: 3, "response name")
            names.append(
                IDName(
                    id: try reader.readText(upTo: .max, "response id"),
                    prefix: try reader.readText(upTo: .max, "response prefix"), name: try reader.readOptionalText()))
        }
        let fileCount = try reader.readArray(upTo: .max, "response files")
        for _ in 0..<fileCount {
            try reader.readArray(count: 2, "response file")
            let name = try reader.readOptionalText()
            guard name.map(File.isName) ?? true else { throw .invalid(what: "name of a response file") }
            files.append(File(name: name, bytes: try reader.readBytes(upTo: .max, "response file")))
        }
        try reader.finish()
    }
}

extension CBORWriter {
    fileprivate mutating func write(optional text: String?) {
        if let text { write(text) } else { writeNull() }
    }
}

extension CBORReader {
    fileprivate mutating func readOptionalText() throws(DecodeError) -> String? {
        readNull() ? nil : try readText(upTo: .max, "response text")
    }
}
