import Foundation
import Synchronization
import Testing

/// One home of a node, the commands on it, and the server process on it while there is one.
final class Installation {
    /// Which executable runs.
    enum Program: String {
        case liaison
        /// Liaison with the kind `specimen`.
        case specimen = "liaison-specimen"

        /// Where the build put it: beside the tests.
        var path: String {
            let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
            return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(rawValue).path
        }
    }

    /// What a command did.
    struct Outcome {
        let words: [String]
        /// The exit code, or 128 + the number of a signal.
        let code: Int32
        let output: String
        let talk: String

        /// The document that it printed.
        var json: JSON { (try? JSON(text: output)) ?? JSON(nil) }
    }

    let name: String
    let home: String
    let program: Program
    /// What `faketime` is told, such as `@2099-01-01 00:00:00` or `+15d`; nil for the true time.
    var clock: String?
    /// How many descriptors a process may have; nil for as many as the tests.
    var descriptors: Int?
    private(set) var server: ChildProcess?
    private(set) var address = ""
    /// A loopback address that no other installation of this run listens on: while a server is away nobody else can be
    /// given its port.
    private let host = Installation.nextHost()
    private var started = 0
    private let folder: Folder
    /// How the paths of the files begin to which commands print.
    private let outputs: String

    /// - Parameter home: where it is, if not in the folder; what commands print goes to the folder all the same.
    init(_ name: String, in folder: Folder, _ program: Program = .liaison, home: String? = nil) {
        self.name = name
        self.program = program
        self.folder = folder
        outputs = folder.path + "/" + name
        self.home = home ?? outputs
    }

    deinit { server?.kill() }

    private static let hosts = Atomic<UInt32>(0)

    private static func nextHost() -> String {
        let number = hosts.wrappingAdd(1, ordering: .relaxed).newValue % (254 * 254)
        return "127.\(1 + UInt32(getpid()) % 254).\(1 + number / 254).\(1 + number % 254)"
    }

    private var environment: [String: String] {
        var result = [
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home + ".user", "SWIFT_BACKTRACE": "enable=no",
        ]
        guard let clock else { return result }
        let library = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
        result["LD_PRELOAD"] = library ?? "the faketime package is missing"
        result["FAKETIME"] = clock
        result["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        // Unless this is there, the library adds it and so moves the environment: Swift then finds no arguments.
        result["FAKETIME_SHARED"] = "/liaison-none /liaison-none"
        return result
    }

    /// Starts a command.
    func start(_ words: [String], home other: String? = nil) throws -> ChildProcess {
        started += 1
        // `env` becomes the program: the number of the process is the program's, and files land in the folder.
        let limit = descriptors.map { ["prlimit", "--nofile=\($0):\($0)"] } ?? []
        return try ChildProcess(
            "/usr/bin/env", ["-C", folder.path] + limit + [program.path, "--home", other ?? home] + words,
            environment: environment, outputPrefix: "\(outputs).\(started)")
    }

    /// Runs a command to its end.
    func run(_ words: [String]) throws -> Outcome {
        let process = try start(words)
        let code = try process.wait()
        return Outcome(words: words, code: code, output: process.output, talk: process.talk)
    }

    /// Runs a command with `--json`, requires its exit code, and returns what it printed.
    @discardableResult
    func call(_ words: String..., code: Int32 = 0, at place: SourceLocation = #_sourceLocation) throws -> JSON {
        try call(words, code: code, at: place)
    }

    /// Runs a command with `--json`, requires its exit code, and returns what it printed.
    @discardableResult
    func call(_ words: [String], code: Int32 = 0, at place: SourceLocation = #_sourceLocation) throws -> JSON {
        let outcome = try run(words + ["--json"])
        try #require(
            outcome.code == code, "\(name): \(words.joined(separator: " ")): \(outcome.talk)\(outcome.output)",
            sourceLocation: place)
        return outcome.json
    }

    /// Runs a command that must fail with an exit code and a message; nothing may stand on standard output.
    func refuse(
        _ words: String..., code: Int32, saying text: String, at place: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try run(words)
        #expect(
            outcome.code == code, "\(name): \(words.joined(separator: " ")): \(outcome.talk)", sourceLocation: place)
        #expect(
            outcome.talk.hasPrefix("liaison: error: ") && outcome.talk.contains(text), "\(outcome.talk)",
            sourceLocation: place)
        #expect(outcome.output == "", sourceLocation: place)
    }

    /// Runs `sync` or `wait`, which print what they found, and requires an exit code and a message.
    func miss(_ words: String..., code: Int32, saying text: String, at place: SourceLocation = #_sourceLocation) throws
    {
        let outcome = try run(words)
        #expect(
            outcome.code == code, "\(name): \(words.joined(separator: " ")): \(outcome.talk)", sourceLocation: place)
        #expect(outcome.talk.contains("liaison: error: \(text)"), "\(outcome.talk)", sourceLocation: place)
        #expect(outcome.output.contains("unreachable"), "\(outcome.output)", sourceLocation: place)
    }

    // MARK: Serving

    /// Starts the server and waits until it listens, on the port of before if there was one.
    func serve() throws {
        let process = try start(["serve", "--listen", address.isEmpty ? "\(host):0" : address])
        server = process
        try eventually("\(name) listens") {
            if let code = process.poll() { throw HarnessError("\(name) serve ended with \(code): \(process.talk)") }
            return process.output.hasSuffix("\n")
        }
        let line = process.output.split(separator: "\n").first ?? ""
        try #require(line.hasPrefix("listening on "))
        address = String(line.dropFirst("listening on ".count))
    }

    /// Asks the server to end by a signal, and requires that it does so cleanly.
    func stop(_ signal: Int32 = SIGTERM, at place: SourceLocation = #_sourceLocation) throws {
        guard let process = server else { return }
        server = nil
        process.send(signal)
        let code = try process.wait(seconds: 20 * Sanitizer.slowness)
        #expect(code == 0, "\(name): \(process.talk)", sourceLocation: place)
    }

    /// Ends the server as a loss of power would.
    func crash() {
        server?.kill()
        server = nil
    }

    // MARK: What it holds

    /// Frontiers and states of all shared spaces, and how many entries and records they hold.
    func digests() throws -> String {
        let spaces = try call("status")["spaces"].items
        try #require(spaces.count == 2)
        return spaces.map { "\($0["space"]) \($0["frontier"]) \($0["state"]) \($0["records"]) \($0["entries"])" }
            .joined(separator: "\n")
    }

    /// The digest of what is shown in the space of all members.
    func state() throws -> String { try #require(try call("status")["spaces"][1]["state"].text) }

    /// Creates a record and returns its id.
    func new(_ words: String..., at place: SourceLocation = #_sourceLocation) throws -> String {
        try #require(try call(["new"] + words, at: place)["id"].text, sourceLocation: place)
    }
}

/// A temporary folder, removed with all it holds.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("liaison-e2e-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Runs a program of the system, and requires that it succeeds.
    @discardableResult
    func shell(_ program: String, _ arguments: String...) throws -> String {
        let process = try ChildProcess(
            program, arguments, environment: ["PATH": "/usr/bin:/bin"],
            outputPrefix: path + "/shell-\(UUID().uuidString)")
        let code = try process.wait()
        guard code == 0 else { throw HarnessError("\(program) \(arguments) ended with \(code): \(process.talk)") }
        return process.output
    }
}

/// Several nodes of one network.
struct Federation {
    let folder: Folder
    /// The founder first.
    let nodes: [Installation]

    /// Founds a network whose founder serves, and lets nodes join: `organisations` are theirs, nil for the founder's.
    init(_ names: [(node: String, organisation: String?)], _ program: Installation.Program = .liaison) throws {
        let folder = try Folder()
        self.folder = folder
        let founder = Installation("paris", in: folder, program)
        try founder.call(
            "init", "--network", "Demo", "--organisation", "Sector", "--device", "paris", "--language", "en")
        try founder.serve()
        var nodes = [founder]
        for (name, organisation) in names {
            let code = try founder.call("invite", "--organisation", organisation ?? "Sector")["code"].text
            let node = Installation(name, in: folder, program)
            try node.call("join", #require(code), "--device", name, "--language", "en")
            nodes.append(node)
        }
        self.nodes = nodes
    }

    /// Every node meets the founder, twice, so that all hold the same.
    func meet() throws {
        for _ in 0..<2 {
            for node in nodes.dropFirst() { try node.call("sync", nodes[0].address) }
        }
    }

    /// Requires that all nodes print the same digests, and returns them.
    @discardableResult
    func requireEqual(at place: SourceLocation = #_sourceLocation) throws -> String {
        let digests = try nodes.map { try $0.digests() }
        #expect(Set(digests).count == 1, "\(digests.joined(separator: "\n\n"))", sourceLocation: place)
        return try #require(digests.first)
    }
}

/// The root of the source tree.
let sourceRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// Numbers from a printed seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Sebastiano Vigna's SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
