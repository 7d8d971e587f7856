@testable import Commands
import Testing

/// What the documentation shows is what happens: with a server on every home, and without.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TranscriptTests {
    @Test(arguments: Transcript.all, [false, true])
    func whatIsShownHappens(_ transcript: Transcript, withServers: Bool) throws {
        try TranscriptRun(isServing: withServers).run(transcript)
    }

    @Test func transcriptsNameEveryCommand() throws {
        let typed = Transcript.all.flatMap { transcript in
            transcript.parts.compactMap { part in if case .step(let step) = part { step.command } else { nil } }
        }
        #expect(typed.count > 100)
        #expect(Transcript.all.allSatisfy { !$0.parts.isEmpty })
        for name in names {
            #expect(typed.contains { $0.hasPrefix("liaison \(name)") }, "no transcript shows \(name)")
        }
    }

    private var names: [String] { Command.all.map(\.name) }

    @Test func wordsStandForTheSameTextEverywhere() throws {
        var values = TranscriptValues()
        #expect(try values.match(["{a} (b)", "[...]", "x [..] y"], ["12 (b)", "?", "!", "x . y"]))
        #expect(values.filled("show {a}") == "show 12")
        #expect(try values.match(["{a}"], ["12"]))
        #expect(try !values.match(["{a}"], ["13"]))
        #expect(try !values.match(["x"], ["x", "y"]))
        #expect(try !values.match(["x", "y"], ["x"]))
    }
}
