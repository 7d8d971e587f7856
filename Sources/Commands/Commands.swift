import Bytes
import Foundation
package import Node
package import Records
import Store

/// The command line of the program.
package enum Commands {
    /// What a performer is told about the process that a person started.
    package struct Call {
        /// The folder of this node, an absolute path or one relative to the working folder.
        package let home: String
        /// The variables of the environment.
        package let environment: [String: String]
        package let request: Request
        /// Prints one line of data at once: for commands that run on after their answer, such as `serve`.
        package let announce: (String) -> Void
    }

    /// Runs one command line and says how it ended.
    ///
    /// - Parameters:
    ///   - arguments: the words after the program's name.
    ///   - schema: the table of kinds, for `help KIND`.
    ///   - perform: performs every command but `help`, alone or through the node that runs on the same home.
    package static func run(
        arguments: [String], environment: [String: String], schema: Schema, perform: (Call) -> Response
    ) -> Int32 {
        let output = Output()
        let invocation: Invocation
        do {
            invocation = try Invocation(arguments)
        } catch {
            output.fail(error.message, hint: error.hint)
            return ExitCode.usage.rawValue
        }
        if invocation.wantsHelp || invocation.command.name == Command.help.name {
            return help(invocation, schema, language(environment) ?? "en", output).rawValue
        }
        let request: Request
        do {
            request = try self.request(invocation)
        } catch {
            output.fail(error.message, hint: nil)
            return (error.isValue ? ExitCode.invalidValue : .notFound).rawValue
        }
        guard let home = home(invocation, environment) else {
            output.fail("there is no home folder", hint: "name one with --home DIR")
            return ExitCode.usage.rawValue
        }
        let call = Call(home: home, environment: environment, request: request) { output.data($0) }
        return show(perform(call), request, invocation, output).rawValue
    }

    private static func home(_ invocation: Invocation, _ environment: [String: String]) -> String? {
        if let home = invocation.home { return home }
        if let home = environment["LIAISON_HOME"], !home.isEmpty { return home }
        guard let user = environment["HOME"], !user.isEmpty else { return nil }
        return user + "/.liaison"
    }

    /// The request that a command line stands for, its files read and its texts normalised.
    static func request(_ invocation: Invocation) throws(InputFiles.InputError) -> Request {
        var arguments = invocation.arguments
        var input: String?
        switch invocation.command.content {
        case .words: arguments = arguments.map(InputFiles.normalised)
        case .assignments:
            arguments = try arguments.enumerated().map { (index, text) throws(InputFiles.InputError) in
                index == 0 ? text : try InputFiles.assignment(text)
            }
        case .folder: arguments = arguments.map { URL(fileURLWithPath: $0).path }
        case .file:
            input = try InputFiles.read(arguments.first ?? "", maximumByteCount: CSVReader.maximumByteCount)
        }
        return Request(
            verb: invocation.command.name, arguments: arguments,
            options: invocation.options.map { .init($0.name, $0.value.map(InputFiles.normalised)) }, input: input,
            wantsNames: !invocation.isJSON)
    }

    private static func show(
        _ response: Response, _ request: Request, _ invocation: Invocation, _ output: Output
    ) -> ExitCode {
        do throws(Failure) {
            try keep(response.files, in: invocation.value(of: "directory"))
        } catch {
            output.fail(error.message, hint: error.hint)
            return error.exitCode
        }
        if let printed = response.files.first(where: { $0.name == nil }) {
            output.bytes(printed.bytes)
        } else if let document = response.document {
            if invocation.isJSON {
                output.data(JSONWriter.text(versioned(document)))
            } else {
                let text = HumanText(response.names).text(document, verb: request.verb)
                if !text.isEmpty { output.data(text) }
            }
        }
        for note in response.notes { output.note(note) }
        if let error = response.error { output.fail(error, hint: response.hint) }
        return response.exitCode
    }

    /// Writes the files of an answer into a folder, which is made if its parent is there.
    private static func keep(_ files: [Response.File], in path: String?) throws(Failure) {
        let named = files.compactMap { file in file.name.map { (name: $0, bytes: file.bytes) } }
        guard let path, !named.isEmpty else { return }
        do throws(StoreError) { try ExportFolder(path).add(named) } catch {
            if case .alreadyExists(let file) = error {
                throw Failure(
                    .failed, "\(file) is there already and holds something else, so nothing was written",
                    hint: "name another folder with --directory, or move that file away")
            }
            throw Failure(error)
        }
    }

    /// The document with the version of its form.
    static func versioned(_ document: Document) -> Document {
        .object([.init("schema", .int(1))] + (document.members ?? [.init("value", document)]))
    }

    /// The language of the environment; nil where it names none.
    static func language(_ environment: [String: String]) -> String? {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        return locale.flatMap(LanguageTag.ofLocale)
    }

    private static func help(
        _ invocation: Invocation, _ schema: Schema, _ language: String, _ output: Output
    ) -> ExitCode {
        var commands = Command.all
        let words = invocation.arguments.joined(separator: " ")
        if let kind = try? schema.kind(named: words) {
            output.data(
                invocation.isJSON
                    ? JSONWriter.text(versioned(Help.document(kind, language))) : Help.text(kind, language))
            return .done
        }
        if invocation.command.name != Command.help.name {
            commands = [invocation.command]
        } else if !words.isEmpty {
            commands = Command.all.filter { $0.name == words || $0.name.hasPrefix(words + " ") }
        }
        guard !commands.isEmpty else {
            output.fail("there is no command \(words)", hint: "liaison help")
            return .usage
        }
        if invocation.isJSON {
            output.data(JSONWriter.text(versioned(Help.document(commands))))
        } else {
            output.data(
                commands.count == Command.all.count
                    ? Help.overview() : commands.map(Help.text).joined(separator: "\n\n"))
        }
        return .done
    }
}

/// Where the command line prints: data on standard output, talk on standard error.
struct Output {
    func data(_ text: String) { write(text + "\n", to: .standardOutput) }

    /// Data that has a form of its own, as it is.
    func bytes(_ bytes: [UInt8]) { try? FileHandle.standardOutput.write(contentsOf: Data(bytes)) }

    func note(_ text: String) { write("liaison: \(Printable.line(text))\n", to: .standardError) }

    func fail(_ error: String, hint: String?) {
        write("liaison: error: \(Printable.line(error))\n", to: .standardError)
        if let hint { write("liaison: hint: \(Printable.line(hint))\n", to: .standardError) }
    }

    /// What cannot be written has no reader any more.
    private func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}
