import Foundation
import Testing

/// A folder in which a transcript is typed, and the servers that run on its homes.
final class TranscriptRun {
    /// Whether a server runs on every home, so that each command goes through it.
    private let isServing: Bool
    private let folder: URL
    /// The folders of the programs.
    private var programs: String
    private var values = TranscriptValues()
    private var homes: [String] = []
    private var servers: [String: Server] = [:]

    private struct Server {
        let process: Process
        let output: URL
    }

    /// How long one command may take; eight times as long with a sanitizer.
    private static let patience: Duration = .seconds(SanitizerOptions.areThere ? 480 : 60)

    init(isServing: Bool) throws {
        self.isServing = isServing
        // The program is built beside the tests.
        programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .path(percentEncoded: false)
        try #require(FileManager.default.isExecutableFile(atPath: programs + "/liaison"), "swift build comes first")
        folder = FileManager.default.temporaryDirectory.appending(path: "liaison-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    /// Types all commands; the first that prints something else ends it.
    func run(_ transcript: Transcript) throws {
        defer { clear() }
        if transcript.usesSpecimen { try useSpecimen() }
        for part in transcript.parts {
            switch part {
            case .file(let name, let text): try Data(text.utf8).write(to: folder.appending(path: name))
            case .step(let step): try type(step, in: transcript.name)
            }
        }
        for home in homes where servers[home] != nil { #expect(try stop(home) == 0, "the server of \(home)") }
    }

    /// Lets the name of the program mean the tests' executable.
    private func useSpecimen() throws {
        let own = folder.appending(path: "programs")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: own.path(percentEncoded: false) + "/liaison",
            withDestinationPath: programs + "/liaison-specimen")
        programs = own.path(percentEncoded: false) + ":" + programs
    }

    private func type(_ step: Transcript.Step, in name: String) throws {
        if !homes.contains(step.home) { homes.append(step.home) }
        let command = values.filled(step.command)
        let printed: (lines: [String], code: Int32)
        if command == "kill $!" {
            printed = ([], try stop(step.home))
        } else if command.hasSuffix(" &") {
            _ = try stop(step.home)
            printed = ([try serve(step.home, String(command.dropLast(2)))], 0)
        } else {
            printed = try perform(command, step.home)
        }
        let isExpected = try values.match(step.expected[...], printed.lines[...]) && printed.code == step.exitCode
        let actual = (printed.lines + (printed.code == 0 ? [] : ["? \(printed.code)"])).joined(separator: "\n")
        try #require(isExpected, "\(name):\(step.line): \(step.command)\n\(actual)")
        guard isServing else { return }
        for home in homes where servers[home] == nil {
            guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false) + "/\(home)/store.db")
            else { continue }
            _ = try serve(home, "liaison serve --listen 127.0.0.1:0")
        }
    }

    // MARK: Processes

    private func process(_ command: String, _ home: String, output: URL, errors: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": programs + ":/usr/bin:/bin", "LIAISON_HOME": home, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
        ].merging(SanitizerOptions.all) { given, _ in given }
        process.standardInput = FileHandle.nullDevice
        for url in [output, errors] { try Data().write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        return process
    }

    private func perform(_ command: String, _ home: String) throws -> (lines: [String], code: Int32) {
        let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
        let seconds = TranscriptRun.patience.components.seconds
        let process = try process(
            "exec timeout --kill-after=5 \(seconds) sh -c \(TranscriptRun.quoted(command))", home, output: output,
            errors: errors)
        process.waitUntilExit()
        let text = try String(contentsOf: output, encoding: .utf8) + String(contentsOf: errors, encoding: .utf8)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return (lines, process.terminationStatus)
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    /// Starts a server and waits for its first line.
    private func serve(_ home: String, _ command: String) throws -> String {
        let output = folder.appending(path: "output-\(home)")
        let process = try process(
            "exec " + command, home, output: output, errors: folder.appending(path: "errors-\(home)"))
        servers[home] = Server(process: process, output: output)
        let end = ContinuousClock.now + TranscriptRun.patience
        while ContinuousClock.now < end, process.isRunning {
            let text = try String(contentsOf: output, encoding: .utf8)
            if let line = text.split(separator: "\n", maxSplits: 1).first, text.contains("\n") { return String(line) }
            usleep(5_000)
        }
        try #require(Bool(false), "the server of \(home) did not begin to listen")
        return ""
    }

    /// Ends a server as the system does, and says its exit code; 0 where there is none.
    private func stop(_ home: String) throws -> Int32 {
        guard let server = servers.removeValue(forKey: home) else { return 0 }
        server.process.terminate()
        server.process.waitUntilExit()
        return server.process.terminationStatus
    }

    private func clear() {
        for server in servers.values { server.process.terminate() }
        for server in servers.values { server.process.waitUntilExit() }
        servers = [:]
        try? FileManager.default.removeItem(at: folder)
    }
}
