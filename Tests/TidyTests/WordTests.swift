import Foundation
import Testing

@Suite struct WordTests {
    @Test func nothingInTheProgramTrapsOnPurpose() {
        expectNone(
            of: [#/\bfatalError\(/#, #/\btry!/#, #/\bas!/#, #/\bassertionFailure\(/#, #/\bunsafeBitCast\(/#],
            in: Tree.swiftSources)
    }

    @Test func typesHaveNamesThatSaySomething() {
        expectNone(
            of: [
                #/\b(?:struct|class|enum|protocol|actor|typealias) \w*(?:Manager|Helper|Helpers|Util|Utils|Utility)\b/#
            ],
            in: Tree.swiftSources + Tree.swiftTests)
    }

    @Test func unfinishedWorkStandsInTheTrackerAndNotInTheCode() {
        expectNone(
            of: [#/[/]{2}.*\b(?:TODO|FIXME|XXX|HACK)\b/#, #/[/]{2} Placeholder until/#],
            in: Tree.swiftSources + Tree.swiftTests
        )
    }

    @Test func sharingBetweenThreadsHasItsPlaces() {
        let allowed: Set = ["Sources/Crypto/SecretBytes.swift", "Sources/Reactor/Mailbox.swift"]
        expectNone(
            of: [#/@unchecked Sendable/#, #/nonisolated\(unsafe\)/#],
            in: Tree.swiftSources.filter { !allowed.contains($0.path) })
    }

    @Test func nothingNamesSomebodysMachine() {
        let files = Tree.files(below: "")
        #expect(files.contains { $0.path == "Package.swift" })
        expectNone(of: [#/[/](?:work|root|Users)/\w/#, #/[/]tmp/h[/]/#], in: files)
    }

    @Test func scriptsCanBeStarted() throws {
        let scripts = Tree.files(below: "Scripts") + Tree.files(below: ".ci")
        #expect(scripts.contains { $0.path == "Scripts/test" } && scripts.contains { $0.path == ".ci/run" })
        for script in scripts where !script.path.hasSuffix(".py") && !script.path.hasSuffix(".md") {
            let path = Tree.root.appending(path: script.path).path(percentEncoded: false)
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(script.path) is not executable")
            #expect(script.lines[0].hasPrefix("#!/usr/bin/env "), "\(script.path) does not name its interpreter")
        }
    }

    private func expectNone(of patterns: [Regex<Substring>], in files: [Tree.File]) {
        var broken: [String] = []
        for file in files {
            for (index, line) in file.lines.enumerated() where patterns.contains(where: { line.contains($0) }) {
                broken.append(place(file, index))
            }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }
}
