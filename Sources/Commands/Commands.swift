import Bytes
import Foundation
package import Node
package import Records
package import Replica
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
        /// Somebody waits for it at every key that they press: better no answer than a late one.
        package var isHasty = false
        /// Prints one line of data at once: for commands that run on after their answer, such as `serve`.
        package let announce: (String) -> Void
        /// Is told how far the command has come.
        package let progress: (WorkProgress) -> Void
    }

    /// Runs one command line and says how it ended.
    ///
    /// - Parameters:
    ///   - arguments: the words after the program's name.
    ///   - schema: the table of kinds, from which the commands on each kind follow.
    ///   - perform: performs every command but those about the command line itself, alone or through the node that runs
    ///     on the same home.
    package static func run(
        arguments: [String], environment: [String: String], schema: Schema, perform: @escaping (Call) -> Response
    ) -> Int32 {
        let output = Output(environment)
        let code = CommandLineRun(output, environment, CommandTable(schema), perform).run(arguments)
        guard output.hasLostData else { return code.rawValue }
        output.fail("the answer could not be written whole", hint: "see whether the disk is full, and ask again")
        return ExitCode.failed.rawValue
    }

    /// Writes the files of an answer into a folder, which is made if its parent is there.
    static func keep(_ files: [Response.File], in path: String?) throws(Failure) {
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

    /// The request that a command line stands for, its files read and its texts normalised.
    static func request(_ invocation: Invocation) throws(InputFiles.InputError) -> Request {
        let command = invocation.command
        var arguments = invocation.arguments
        var options = invocation.options.map { Request.Option($0.name, $0.value.map(InputFiles.normalised)) }
        var input: String?
        switch command.content {
        case .words: arguments = arguments.map(InputFiles.normalised)
        case .assignments(let words):
            arguments = try arguments.enumerated().map { (index, text) throws(InputFiles.InputError) in
                index < words ? InputFiles.normalised(text) : try InputFiles.assignment(text)
            }
        case .folder: arguments = arguments.map { URL(fileURLWithPath: $0).path }
        case .file:
            input = try InputFiles.read(arguments.first ?? "", maximumByteCount: CSVReader.maximumByteCount)
        }
        var verb = command.name
        switch command.meaning {
        case .itself: break
        case .onKind(let kind, let generic, let goesFirst):
            verb = generic
            if goesFirst { arguments.insert(kind, at: 0) } else { options.append(.init("kind", kind)) }
        case .newRecord(let kind, let given, let named):
            verb = "new"
            let values = zip(named, arguments).map { "\($0)=\($1)" }
            let own = arguments.dropFirst(named.count)
            arguments = [kind] + Request.defaults(given, beside: own) + values + own
        }
        if command.isLong { options.append(.init(ControlFrame.progressOption)) }
        return Request(
            verb: verb, arguments: arguments, options: options, input: input, wantsNames: invocation.form == .text)
    }
}

/// One command line on its way to an answer.
struct CommandLineRun {
    private let output: Output
    private let environment: [String: String]
    private let table: CommandTable
    private let perform: (Commands.Call) -> Response

    init(
        _ output: Output, _ environment: [String: String], _ table: CommandTable,
        _ perform: @escaping (Commands.Call) -> Response
    ) {
        self.output = output
        self.environment = environment
        self.table = table
        self.perform = perform
    }

    func run(_ words: [String]) -> ExitCode {
        let invocation: Invocation
        do {
            invocation = try Invocation(words, table)
        } catch {
            output.fail(error.message, hint: error.hint)
            return .usage
        }
        if invocation.wantsHelp { return help(invocation) }
        switch invocation.command.name {
        case Command.help.name: return help(invocation)
        case Command.completion.name: return completion(invocation)
        case Command.man.name: return man(invocation)
        case CommandTable.complete.name: return complete(invocation)
        default: break
        }
        let request: Request
        do {
            request = try Commands.request(invocation)
        } catch {
            output.fail(error.message, hint: nil)
            return error.isValue ? .invalidValue : .notFound
        }
        guard let home = home(invocation.home) else {
            output.fail("there is no home folder", hint: "name one with --home DIR")
            return .usage
        }
        let line = output.progressLine()
        let response = perform(call(home, request) { line.show($0) })
        line.clear()
        return show(response, request, invocation)
    }

    private func call(
        _ home: String, _ request: Request, progress: @escaping (WorkProgress) -> Void = { _ in }
    ) -> Commands.Call {
        Commands.Call(
            home: home, environment: environment, request: request, announce: { output.data($0) }, progress: progress)
    }

    private func home(_ given: String?) -> String? {
        if let given { return given }
        if let home = environment["LIAISON_HOME"], !home.isEmpty { return home }
        guard let user = environment["HOME"], !user.isEmpty else { return nil }
        return user + "/.liaison"
    }

    // MARK: Answers

    private func show(_ response: Response, _ request: Request, _ invocation: Invocation) -> ExitCode {
        do throws(Failure) {
            try Commands.keep(response.files, in: invocation.value(of: "directory"))
        } catch {
            output.fail(error.message, hint: error.hint)
            return error.exitCode
        }
        if let printed = response.files.first(where: { $0.name == nil }) {
            guard invocation.form == .text else {
                output.fail("what is asked for has a form of its own", hint: "leave --json, --csv or --porcelain out")
                return .usage
            }
            output.bytes(printed.bytes)
        } else if let document = response.document, !print(document, response, request, invocation) {
            return .usage
        }
        for note in response.notes { output.note(note) }
        if let error = response.error { output.fail(error, hint: response.hint) }
        return response.exitCode
    }

    /// - Returns: false if what was asked for is not part of the document.
    private func print(
        _ whole: Document, _ response: Response, _ request: Request, _ invocation: Invocation
    ) -> Bool {
        do throws(DocumentTable.TableError) {
            let document =
                try invocation.section.map { (name) throws(DocumentTable.TableError) in
                    try DocumentTable.section(name, of: whole)
                } ?? whole
            switch invocation.form {
            case .json: output.data(JSONWriter.text(Commands.versioned(document)))
            case .csv, .porcelain:
                let isCSV = invocation.form == .csv
                let table = try DocumentTable(
                    document, invocation.command.mainPart, schema: table.schema, form: isCSV ? .sheet : .script,
                    wanted: invocation.columns)
                output.table(isCSV ? table.csv : table.porcelain, forSpreadsheets: isCSV)
            case .text:
                let language = CodeNames.language(environment) ?? response.language ?? "en"
                let text = HumanText(
                    response.names, schema: table.schema, language: language, terminal: output.terminal,
                    showsLabels: invocation.has("labels")
                ).text(document, verb: invocation.section == nil ? request.verb : "")
                if !text.isEmpty { output.data(text) }
            }
            return true
        } catch {
            output.fail(error.message, hint: error.hint)
            return false
        }
    }

    /// Prints a document about the command line itself, or its text.
    private func answer(_ document: Document, text: String, _ invocation: Invocation) -> ExitCode {
        guard invocation.form != .text else {
            output.data(text)
            return .done
        }
        return show(Response(document), Request(verb: invocation.command.name), invocation)
    }

    // MARK: Commands about the command line

    private func help(_ invocation: Invocation) -> ExitCode {
        let language = CodeNames.language(environment) ?? "en"
        let help = Help(table, language: language, within: output.terminal.width)
        let isAboutItself = invocation.command.name != Command.help.name
        let words = isAboutItself ? [invocation.command.name] : invocation.arguments
        if words.isEmpty { return answer(Help.document(Command.all), text: help.overview, invocation) }
        let typed = words.joined(separator: " ")
        if typed == "forms" { return answer(.pairs(["forms": .string(Help.forms)]), text: Help.forms, invocation) }
        if words.count == 1, !isAboutItself, let kind = table.kind(typed) {
            return answer(Help.document(kind, language), text: help.text(kind), invocation)
        }
        if !isAboutItself, let group = help.group(typed) {
            return answer(Help.document(group.commands), text: help.text(group), invocation)
        }
        let exact = isAboutItself ? invocation.command : table.command(typed.split(separator: " ").map(String.init))
        var commands = Command.all.filter { $0.name == typed || $0.name.hasPrefix(typed + " ") }
        if commands.isEmpty, let exact, exact.name.split(separator: " ").count == words.count || isAboutItself {
            commands = [exact]
        }
        guard !commands.isEmpty else {
            output.fail("there is no command \(typed)", hint: "liaison help")
            return .usage
        }
        return answer(
            Help.document(commands), text: commands.map(help.text).joined(separator: "\n\n"), invocation)
    }

    private func completion(_ invocation: Invocation) -> ExitCode {
        let shell = invocation.arguments.first ?? ""
        guard let script = CompletionScript(rawValue: shell) else {
            let known = CompletionScript.allCases.map(\.rawValue).joined(separator: ", ")
            output.fail("there is no completion for \(shell)", hint: "liaison completion SHELL, one of \(known)")
            return .usage
        }
        output.data(script.text)
        return .done
    }

    private func man(_ invocation: Invocation) -> ExitCode {
        let pages = ManPages(table)
        guard let folder = invocation.value(of: "directory") else {
            output.data(pages.main.text)
            return .done
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for page in pages.all {
                try Data((page.text + "\n").utf8).write(to: URL(fileURLWithPath: folder).appending(path: page.fileName))
            }
        } catch {
            output.fail("the pages cannot be written to \(folder)", hint: "name a folder of yours with --directory DIR")
            return .failed
        }
        return answer(
            .pairs(["pages": .strings(pages.all.map(\.fileName))]),
            text: pages.all.map(\.fileName).joined(separator: "\n"), invocation)
    }

    /// Offers what may stand for a word; whatever goes wrong, it offers less and says nothing.
    private func complete(_ invocation: Invocation) -> ExitCode {
        let completion = Completion(table, language: CodeNames.language(environment) ?? "en") { verb, words, options in
            guard let home = home(invocation.home ?? Completion.home(in: invocation.arguments)) else { return nil }
            var call = call(home, Request(verb: verb, arguments: words, options: options, wantsNames: true))
            call.isHasty = true
            let response = perform(call)
            return response.exitCode == .done ? response : nil
        }
        let offers = completion.offers(for: invocation.arguments)
        if !offers.isEmpty { output.data(offers.map(\.line).joined(separator: "\n")) }
        return .done
    }
}
