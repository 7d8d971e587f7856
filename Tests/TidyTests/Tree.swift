import Foundation
import Testing

/// The files of this checkout.
enum Tree {
    /// One text file, by its path from the root.
    struct File: Sendable, CustomTestStringConvertible {
        let path: String
        let lines: [String]

        var testDescription: String { path }
        /// The first folder below `Sources`, which is the target.
        var target: String { String(path.split(separator: "/")[1]) }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let swiftSources = files(below: "Sources", suffix: ".swift")
    static let swiftTests = files(below: "Tests", suffix: ".swift")

    /// The text files below a folder, sorted by path; what is built or fetched is left out.
    static func files(below folder: String, suffix: String = "") -> [File] {
        let start = folder.isEmpty ? root : root.appending(path: folder)
        guard let paths = FileManager.default.enumerator(atPath: start.path(percentEncoded: false)) else { return [] }
        var found: [File] = []
        for case let path as String in paths {
            // Where several work trees share a repository, `.git` is a file that says where the repository is.
            if [".build", ".git", ".venv", "__pycache__"].contains(path) {
                paths.skipDescendants()
                continue
            }
            guard path.hasSuffix(suffix),
                let text = try? String(contentsOf: start.appending(path: path), encoding: .utf8)
            else { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            found.append(File(path: folder.isEmpty ? path : folder + "/" + path, lines: lines))
        }
        return found.sorted { $0.path < $1.path }
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}

/// A place where a rule is broken, as compilers write it.
func place(_ file: Tree.File, _ index: Int) -> String {
    "\(file.path):\(index + 1): \(file.lines[index].trimmingCharacters(in: .whitespaces))"
}
