import Foundation
import Fuzzing
import Testing

// Goal: what fuzzing has ever found stays mended. Method: every input of the corpora, each target in a process of its
// own: a trap, a defect, a hang or too much memory ends it with another code.
@Suite struct CorpusTests {
    private static let names = fuzzTargets.map { $0.name }

    @Test(arguments: names) func `every input that is kept holds what is promised`(name: String) async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { [name = name as String] in Corpus.replayAlone(name, isCut: false) }
        tell(result)
    }

    private func tell(_ result: ExitTest.Result?) {
        guard let result, result.exitStatus != .exitCode(0) else { return }
        Issue.record("\(String(decoding: result.standardErrorContent, as: UTF8.self))")
    }

    /// Forms, messages and handshakes; what goes through a store is cut in the tests of the store.
    @Test(arguments: [
        "forms", "entries", "statements", "segments", "messages", "frames", "handshake", "control", "tables",
    ])
    func `P1: every form and message cut anywhere is refused or holds what is promised`(name: String) async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { [name = name as String] in Corpus.replayAlone(name, isCut: true) }
        tell(result)
    }

    @Test func `every target has a corpus and every corpus a target, and all are small`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder.path)
        #expect(Set(folders) == Set(Self.names))
        var byteCount = 0
        for name in Self.names {
            let files = try Corpus.files(of: name)
            #expect((1...400).contains(files.count), "\(name) has \(files.count) inputs")
            for file in files {
                let path = Corpus.folder.appending(path: "\(name)/\(file)").path
                let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
                byteCount += try #require(size)
            }
        }
        #expect(byteCount < 1_000_000, "the corpora have \(byteCount) bytes")
    }
}
