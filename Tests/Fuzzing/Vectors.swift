import Bytes
import Foundation

/// The vectors of the protocol, as inputs to begin with.
enum Vectors {
    /// The bytes of all vectors in a folder, ascending by name; for those of streams the flights one after the other.
    static func bytes(in folder: String) throws -> [[UInt8]] {
        try texts(in: folder).map { [UInt8](hex: $0.digits) ?? [] }
    }

    /// The values of one header line in each vector of a folder, beside its bytes.
    static func bytes(in folder: String, with key: String) throws -> [(bytes: [UInt8], value: String)] {
        try texts(in: folder).compactMap { text in
            let line = text.head.first { $0.hasPrefix(key + ": ") }
            return line.map { ([UInt8](hex: text.digits) ?? [], String($0.dropFirst(key.count + 2))) }
        }
    }

    private static func texts(in folder: String) throws -> [(head: [Substring], digits: String)] {
        let place = root.appending(path: "Protocol/vectors/\(folder)")
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".txt") }
        return try names.sorted().map { name in
            let text = try String(contentsOf: place.appending(path: name), encoding: .utf8)
            let end = text.range(of: "\n\n") ?? text.endIndex..<text.endIndex
            return (text[..<end.lowerBound].split(separator: "\n"), text[end.upperBound...].filter { $0 != "\n" })
        }
    }
}

/// The checkout.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The command lines of the transcripts.
enum Transcripts {
    /// The words of each, without the program's name.
    static func lines() throws -> [[String]] {
        let place = root.appending(path: "Tests/CommandTests/transcripts")
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".md") }
        return try names.sorted().flatMap { name in
            try String(contentsOf: place.appending(path: name), encoding: .utf8).split(separator: "\n").compactMap {
                line in
                line.firstMatch(of: #/^\w+\$ liaison (.+)$/#).map { words($0.1) }
            }
        }
    }

    /// What a shell makes of a line: words between blanks, and quotes around what belongs together.
    private static func words(_ line: Substring) -> [String] {
        var (words, word): ([String], String?) = ([], nil)
        var quote: Character?
        for character in line {
            switch character {
            case quote: quote = nil
            case _ where quote == nil && "'\"".contains(character):
                quote = character
                word = word ?? ""
            case " " where quote == nil:
                if let whole = word { words.append(whole) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
