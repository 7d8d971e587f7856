import Foundation
import Testing

/// A Markdown file whose console blocks are typed and compared with what is printed.
///
/// `paris$ command` is typed where `LIAISON_HOME` is `paris`, `$ command` where it is `home`. The lines below it
/// are what
/// it prints, data before talk; `? 5` ends them with its exit code, else that is 0. In these lines `[..]` stands
/// for any
/// text, a line `[...]` for any lines, and `{word}` for a text that is the same wherever it stands, in commands too.
/// A `csv` block with a name after it is a file in the working folder. Where a file names `liaison-specimen`, all is
/// typed to that: the program with one more row in its table of kinds.
struct Transcript: CustomTestStringConvertible, Sendable {
    /// One command.
    struct Step: Sendable {
        let home: String
        let command: String
        let line: Int
        var expected: [String] = []
        var exitCode: Int32 = 0
    }

    enum Part: Sendable {
        case step(Step)
        case file(name: String, text: String)
    }

    let name: String
    let usesSpecimen: Bool
    private(set) var parts: [Part] = []

    var testDescription: String { name }

    /// The README and all transcripts, by name.
    static let all: [Transcript] = {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let folder = tests.appending(path: "transcripts")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        let files = names.filter { $0.hasSuffix(".md") }.sorted().map { folder.appending(path: $0) }
        return ([tests.appending(path: "../../README.md")] + files).map { file in
            Transcript(name: file.lastPathComponent, text: (try? String(contentsOf: file, encoding: .utf8)) ?? "")
        }
    }()

    init(name: String, text: String) {
        self.name = name
        usesSpecimen = text.contains("`liaison-specimen`")
        var block: Substring?
        var file = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let ended = block, ended.hasPrefix("csv ") {
                    parts.append(.file(name: String(ended.dropFirst(4)), text: file))
                }
                block = block == nil ? line.dropFirst(3) : nil
                file = ""
            } else if block == "console" {
                read(String(line), index + 1)
            } else if block != nil {
                file += line + "\n"
            }
        }
    }

    private mutating func read(_ line: String, _ number: Int) {
        if let match = line.wholeMatch(of: #/([a-z]*)\$ (.+)/#) {
            let home = match.1.isEmpty ? "home" : String(match.1)
            parts.append(.step(Step(home: home, command: String(match.2), line: number)))
        } else if case .step(var step)? = parts.last {
            if let match = line.wholeMatch(of: #/\? (\d+)/#) {
                step.exitCode = Int32(match.1) ?? -1
            } else {
                step.expected.append(line)
            }
            parts[parts.count - 1] = .step(step)
        }
    }
}

/// What the words in braces of a transcript stand for, as far as it has been read.
struct TranscriptValues {
    private(set) var values: [String: String] = [:]

    /// The text with the values in place of their words.
    func filled(_ text: String) -> String {
        values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// Whether lines are as expected; learns the words that stand in them for the first time.
    mutating func match(_ expected: ArraySlice<String>, _ actual: ArraySlice<String>) throws -> Bool {
        guard let first = expected.first else { return actual.isEmpty }
        if first == "[...]" {
            for start in actual.startIndex...actual.endIndex {
                var trial = self
                if try trial.match(expected.dropFirst(), actual[start...]) {
                    self = trial
                    return true
                }
            }
            return false
        }
        guard let line = actual.first, try match(first, line) else { return false }
        return try match(expected.dropFirst(), actual.dropFirst())
    }

    private mutating func match(_ expected: String, _ actual: String) throws -> Bool {
        var pattern = ""
        var words: [String] = []
        var rest = filled(expected)[...]
        while let found = rest.firstMatch(of: #/\[\.\.\]|\{([a-z][a-z0-9-]*)\}/#) {
            pattern += NSRegularExpression.escapedPattern(for: String(rest[..<found.range.lowerBound]))
            if let word = found.1 {
                words.append(String(word))
                pattern += #"(\S+)"#
            } else {
                pattern += ".*"
            }
            rest = rest[found.range.upperBound...]
        }
        pattern += NSRegularExpression.escapedPattern(for: String(rest))
        guard let match = try Regex(pattern).wholeMatch(in: actual) else { return false }
        for (index, word) in words.enumerated() { values[word] = match.output[index + 1].substring.map(String.init) }
        return true
    }
}
