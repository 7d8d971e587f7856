import Bytes
@testable import Commands
import Foundation
import Node
import Records
import Testing

@Suite struct RunTests {
    /// The exit code of a command line, and the call that it became, or nil when nothing was performed.
    private func perform(
        _ words: String..., environment: [String: String] = ["HOME": "/a"], response: Response = Response(nil)
    ) -> (code: Int32, call: Commands.Call?) {
        var seen: Commands.Call?
        let code = Commands.run(arguments: words, environment: environment, schema: .standard) { call in
            seen = call
            return response
        }
        return (code, seen)
    }

    @Test func homeComesFromTheOptionThenTheEnvironment() {
        let environment = ["HOME": "/a", "LIAISON_HOME": "/b"]
        #expect(perform("status", "--home", "/c", environment: environment).call?.home == "/c")
        #expect(perform("status", environment: environment).call?.home == "/b")
        #expect(perform("status").call?.home == "/a/.liaison")
        #expect(perform("status", environment: [:]).code == 2)
    }

    @Test func usageErrorsPerformNothing() {
        let result = perform("frobnicate")
        #expect(result.code == 2 && result.call == nil)
        #expect(perform("help", "frobnicate").code == 2)
        #expect(perform("help", "resolve").code == 0)
        #expect(perform("help", "contact", "--json").code == 0)
    }

    @Test func theResponseGivesTheExitCode() {
        #expect(perform("conflicts", response: Response(.object([]), exitCode: .undecided)).code == 5)
        #expect(perform("show", "ab", response: .failure(.notFound, "nothing", hint: "liaison list")).code == 3)
    }

    @Test func textsAreComposedAndNamesAreWantedByPeople() {
        let call = perform("set", "ab", "display=e\u{301}").call
        #expect(call.map { Array(($0.request.arguments.last ?? "").utf8) } == Array("display=\u{E9}".utf8))
        #expect(call?.request.wantsNames == true)
        #expect(perform("show", "ab", "--json").call?.request.wantsNames == false)
    }

    @Test func filesBecomeValues() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("liaison-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, _ bytes: [UInt8]) throws -> String {
            let file = folder.appendingPathComponent(name)
            try Data(bytes).write(to: file)
            return file.path
        }
        let text = try write("text", [0xEF, 0xBB, 0xBF] + Array("one\r\ne\u{301}\r\n".utf8))
        #expect(perform("set", "ab", "body=@\(text)").call?.request.arguments == ["ab", "body=one\n\u{E9}"])
        #expect(perform("set", "ab", "body=@@x").call?.request.arguments == ["ab", "body=@x"])
        #expect(perform("set", "ab", "body=").call?.request.arguments == ["ab", "body="])
        #expect(perform("set", "ab", "body=@\(folder.path)/none").code == 3)
        #expect(perform("set", "ab", "body=@\(folder.path)").code == 3)
        let latin = try write("latin", [0x61, 0x0A, 0xE9])
        #expect(perform("import", "csv", latin, "--kind", "contact").code == 6)
        let long = try write("long", [UInt8](repeating: 0x61, count: InputFiles.maximumFieldByteCount + 1))
        #expect(perform("set", "ab", "body=@\(long)").code == 6)
        let table = try write("table.csv", Array("Name\nAmina\n".utf8))
        let call = perform("import", "csv", table, "--kind=contact").call
        #expect(call?.request.input == "Name\nAmina\n")
        #expect(call?.request.arguments == [table])
    }

    @Test func foldersAreNamedFromTheRoot() throws {
        let folder = try #require(perform("export", "segments", "here").call?.request.arguments.first)
        #expect(folder.hasPrefix("/") && folder.hasSuffix("/here"))
    }

    @Test func everyDocumentCarriesItsVersion() {
        #expect(
            Commands.versioned(.pairs(["id": .string("ab")]))
                == .pairs(["schema": .int(1), "id": .string("ab")]))
    }

    @Test func theExampleOfContactsIsAnAddressBook() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Examples/contacts-fictional.csv")
        let text = try InputFiles.read(file.path, maximumByteCount: CSVReader.maximumByteCount)
        let editor = RecordEditor(schema: .standard, language: "en") { prefix, _ throws(RecordError) in
            throw .notFound(prefix, remedy: nil)
        }
        let plan = try ContactImport.plan(text, existing: [], editor: editor)
        #expect(plan.created == 24)
        #expect(plan.refused == [])
        #expect(plan.ignored == ["Note"])
    }

    @Test func filesOfAnAnswerAreWrittenIntoTheFolderThatIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "liaison-run-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func run(_ bytes: [UInt8]) -> Int32 {
            let response = Response(.object([]), files: [.init(name: "pack.html", bytes: bytes)])
            return perform("meeting", "pack", "--directory", folder.path, response: response).code
        }
        #expect(run([1, 2]) == 0)
        #expect(try Data(contentsOf: folder.appending(path: "pack.html")) == Data([1, 2]))
        #expect(run([1, 2]) == 0)
        // What is there and differs is somebody's.
        #expect(run([3]) == 1)
        #expect(try Data(contentsOf: folder.appending(path: "pack.html")) == Data([1, 2]))
    }
}
