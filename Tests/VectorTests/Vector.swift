import Bytes
import Foundation
import Testing

/// One vector file: header lines, a blank line, hexadecimal digits.
///
/// `Protocol/vectors/README.md` describes the form.
struct Vector: CustomTestStringConvertible, Sendable {
    let folder: String
    let name: String
    /// Values by the name of their line, in order.
    private let lines: [String: [String]]
    let bytes: [UInt8]
    /// The layer and error of a vector of failure.
    let failure: (layer: String, error: String)?

    var testDescription: String { "\(folder)/\(name)" }

    /// The lines that a folder has beside those of all.
    private static let known: [String: Set<String>] = [
        "cbor": [],
        "charter": ["network"],
        "header": ["id", "understood", "values"],
        "body": [],
        "salts": ["seq", "leaf", "salt", "seed"],
        "seal": ["key", "log", "seq", "entry"],
        "explicit": ["network", "log", "before", "table", "id"],
        "compact": ["network", "descriptor", "prev", "table", "named", "root", "id"],
        "certificate": ["network", "key", "channel-key", "rank", "organisation"],
        "code": ["network", "channel-key", "secret", "address"],
        "replica": [
            "state", "frontier", "policy-state", "policy-frontier", "records", "entries", "quarantined",
            "not-understood", "left",
            "shown", "behaves", "counter", "element", "disputed", "deleted", "contested",
        ],
    ]

    static let folders = known.keys.sorted()

    /// All vectors of a folder, ascending by name.
    static func all(in folder: String) -> [Vector] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted().map { name in
            do {
                return try Vector(
                    folder: folder, name: name,
                    text: String(contentsOf: root.appending(path: "\(folder)/\(name)"), encoding: .utf8))
            } catch {
                // A vector that cannot be read is one that fails, under its own name.
                return Vector(folder: folder, name: name, unreadable: "\(error)")
            }
        }
    }

    private static var root: URL {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder.appending(path: "Protocol/vectors")
    }

    /// Reads a file.
    init(folder: String, name: String, text: String) throws {
        guard let known = Vector.known[folder] else { throw Fault("no folder \(folder)") }
        guard let end = text.range(of: "\n\n") else { throw Fault("no empty line") }
        var lines: [String: [String]] = [:]
        for line in text[..<end.lowerBound].split(separator: "\n") {
            guard let colon = line.range(of: ": ") else { throw Fault("no header line: \(line)") }
            let key = String(line[..<colon.lowerBound])
            guard known.contains(key) || ["spec", "expect", "error", "comment"].contains(key) else {
                throw Fault("unknown line \(key)")
            }
            lines[key, default: []].append(String(line[colon.upperBound...]))
        }
        guard let bytes = [UInt8](hex: text[end.upperBound...].filter { $0 != "\n" }) else {
            throw Fault("not hexadecimal")
        }
        guard let expect = lines["expect"]?.first?.split(separator: " "), expect.count == 2, lines["spec"] != nil,
            lines["comment"] != nil
        else { throw Fault("expect, spec or comment") }
        switch (expect[1], lines["error"]?.first) {
        case ("success", nil): failure = nil
        case ("failure", let error?): failure = (String(expect[0]), error)
        default: throw Fault("expect and error")
        }
        self.folder = folder
        self.name = name
        self.lines = lines
        self.bytes = bytes
    }

    private init(folder: String, name: String, unreadable: String) {
        self.folder = folder
        self.name = name
        lines = [:]
        bytes = []
        failure = ("file", unreadable)
    }

    /// The values of a line that may be repeated.
    func all(_ key: String) -> [String] { lines[key] ?? [] }

    /// The value of a line that stands once.
    func one(_ key: String) throws -> String {
        let values = all(key)
        return try #require(values.count == 1 ? values[0] : nil, "\(key) stands \(values.count) times")
    }

    /// What is wrong with a file.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}
