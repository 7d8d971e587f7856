import Foundation
import Glibc
import Testing

// Goal: whoever waits sees how far it has come, and the interrupt key ends long work cleanly: with a node and without.
@Suite(.serialized, .timeLimit(.minutes(5))) struct InterruptTests {
    private let folder: Folder
    private let node: Installation

    init() throws {
        let federation = try Federation([])
        folder = federation.folder
        node = federation.nodes[0]
        try node.stop()
    }

    /// Presses the interrupt key as soon as a command listens for it.
    private func interrupt(_ process: ChildProcess) throws {
        try eventually("process \(process.id) catches the interrupt key") {
            let status = try String(contentsOfFile: "/proc/\(process.id)/status", encoding: .utf8)
            let caught = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
            return caught.flatMap { UInt64($0, radix: 16) }.map { $0 & 1 << (UInt64(SIGINT) - 1) != 0 } ?? false
        }
        process.send(SIGINT)
    }

    private func requireInterrupted(
        _ words: [String], saying text: String, at place: SourceLocation = #_sourceLocation
    ) throws {
        let process = try node.start(words)
        try interrupt(process)
        #expect(try process.wait() == 1, "\(process.talk)", sourceLocation: place)
        #expect(process.talk.contains("liaison: error: \(text)"), "\(process.talk)", sourceLocation: place)
        #expect(process.output == "", sourceLocation: place)
    }

    @Test(arguments: [false, true]) func waitingEnds(isServing: Bool) throws {
        try node.call("peer", "add", "nobody", "127.0.0.1:9")
        if isServing { try node.serve() }
        try requireInterrupted(["wait", "nobody", "--timeout", "100"], saying: "interrupted; what had come until then")
        // The node has forgotten the command and goes on.
        try node.call("status")
        if isServing { try node.stop() }
    }

    @Test func anImportThatWasNotCommittedWritesNothing() throws {
        let rows = (0..<40_000).map { "Person \($0),p\($0)@example.org" }
        try ("Name,E-mail\n" + rows.joined(separator: "\n")).write(
            toFile: folder.path + "/people.csv", atomically: true, encoding: .utf8)
        try requireInterrupted(["import", "csv", "people.csv", "--kind", "contact"], saying: "interrupted")
        #expect(try node.call("list", "contact")["records"].items.isEmpty)
        try node.serve()
        try requireInterrupted(["import", "csv", "people.csv", "--kind", "contact"], saying: "interrupted")
        #expect(try node.call("list", "contact")["records"].items.isEmpty)
        try node.stop()
    }

    /// `script` gives a command a terminal.
    @Test(arguments: [false, true]) func waitingShowsHowFarItHasCome(isServing: Bool) throws {
        try node.call("peer", "add", "nobody", "127.0.0.1:9")
        if isServing { try node.serve() }
        let command = "TERM=xterm \(node.program.path) --home \(node.home) wait nobody --timeout 2"
        let process = try ChildProcess(
            "/usr/bin/script", ["--quiet", "--return", "--command", command, "/dev/null"],
            environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder.path],
            outputPrefix: folder.path + "/script")
        #expect(try process.wait() == 7)
        #expect(process.output.contains("\rliaison: waiting; 0 entries sent, 0 received\u{1B}[K"), "\(process.output)")
        // The line is taken away before the answer.
        #expect(process.output.contains("\r\u{1B}[Kpeers\r\n"), "\(process.output)")
        if isServing { try node.stop() }
    }

    /// Neither colours nor progress nor marks of direction go where no terminal is.
    @Test func filesGetPlainText() throws {
        _ = try node.call("peer", "add", "nobody", "127.0.0.1:9")
        let waited = try node.run(["wait", "nobody", "--timeout", "2"])
        #expect(waited.code == 7 && !waited.talk.contains("\u{1B}") && !waited.talk.contains("waiting"))
        _ = try node.new("contact", "display=عادل الخالدي")
        let listed = try node.run(["list", "contact"])
        #expect(listed.output.contains("عادل الخالدي") && !listed.output.contains("\u{2068}"))
        let shown = try folder.shell(
            "/usr/bin/script", "--quiet", "--return", "--command",
            "TERM=xterm \(node.program.path) --home \(node.home) list contact", "/dev/null")
        #expect(shown.contains("\u{2068}عادل الخالدي\u{2069}"), "\(shown)")
    }
}
