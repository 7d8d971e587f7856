import Foundation
import Testing

// Goal: what people type on nodes that are apart, meet and are apart again gives what a small model says that anybody
// can read. Method: state machines of `hypothesis` (Tests/StateMachines) type at real nodes; what fails is made small
// and printed. At larger sizes: Tests/StateMachines/run.py, or LIAISON_MACHINE_EXAMPLES.
@Suite(.serialized) struct StateMachineTests {
    @Test func whatIsTypedOnRealNodesGivesWhatTheModelSays() throws {
        let environment = ProcessInfo.processInfo.environment
        let examples = environment["LIAISON_MACHINE_EXAMPLES"] ?? "8"
        let seed = environment["LIAISON_MACHINE_SEED"] ?? "\(UInt32.random(in: 0 ... .max))"
        print("StateMachineTests: LIAISON_MACHINE_SEED=\(seed) LIAISON_MACHINE_EXAMPLES=\(examples)")
        let python = sourceRoot + "/.venv/bin/python3"
        try #require(
            FileManager.default.isExecutableFile(atPath: python), "no Python environment: run Scripts/setup")
        let folder = try Folder()
        let process = try ChildProcess(
            python,
            [
                sourceRoot + "/Tests/StateMachines/run.py", "--binary", Installation.Program.specimen.path,
                "--examples", examples, "--seed", seed,
            ], environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"],
            outputPrefix: folder.path + "/machines")
        let code = try process.wait(seconds: 600 * Sanitizer.slowness)
        #expect(code == 0, "\(process.output)\(process.talk)")
        // The rules were really tried.
        let commands = process.output.split(separator: " ").dropLast(3).last.flatMap { Int($0) }
        #expect(try #require(commands) > 30, "\(process.output)")
    }
}
