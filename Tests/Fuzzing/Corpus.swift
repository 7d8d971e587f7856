package import Foundation
import Glibc

/// The inputs that are kept: small ones that together reach much, and all that were ever a defect.
package enum Corpus {
    /// The folder with one folder for each target.
    package static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "corpus")

    /// The names of the files of a target, ascending.
    package static func files(of target: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: target).path).sorted()
    }

    /// Tries every input of a target, each several times where it is cut too.
    /// - Parameter isCut: every beginning of an input is tried beside it; of long ones some.
    /// - Returns: how many inputs were tried, and what is wrong.
    package static func replay(_ name: String, isCut: Bool = false) throws -> (tried: Int, defects: [String]) {
        guard let type = fuzzTargets.first(where: { $0.name == name }) else {
            throw Violation("there is no target \(name)")
        }
        var target = try type.init()
        // Sanitizers keep books beside all memory, and what is freed a while longer.
        let isSanitized = ProcessInfo.processInfo.environment["LIAISON_SANITIZER"] != nil
        let most = isSanitized ? 16 * Effort.mostKibibytes : Effort.mostKibibytes
        var (tried, defects): (Int, [String]) = (0, [])
        for file in try files(of: name) {
            let input = [UInt8](try Data(contentsOf: folder.appending(path: "\(name)/\(file)")))
            let step = max(1, input.count / 64)
            for count in (isCut ? Array(stride(from: 0, to: input.count, by: step)) : []) + [input.count] {
                let memory = Effort.residentKibibytes
                do { try target.run(Array(input.prefix(count))) } catch { defects.append("\(file): \(error)") }
                let grown = Effort.residentKibibytes - memory
                if grown > most { defects.append("\(file): \(grown) KiB more") }
                tried += 1
            }
        }
        return (tried, defects)
    }

    /// What `replay` does, as the only thing that a process does: it prints defects and ends with 1 if there are any.
    ///
    /// What hangs is ended by the system, a trap by itself.
    package static func replayAlone(_ name: String, isCut: Bool) -> Never {
        var limit = rlimit(rlim_cur: 600, rlim_max: 600)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
        let talk = dup(2)
        let place = FileManager.default.temporaryDirectory.appending(path: "liaison-corpus-\(getpid())/inner")
        var isClean = false
        do {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            // Some targets print and write what people ask for; nobody is to see it.
            guard FileManager.default.changeCurrentDirectoryPath(place.path) else { throw Violation("no folder") }
            let nowhere = unsafe open("/dev/null", O_WRONLY)
            for file in [1, 2] as [CInt] { dup2(nowhere, file) }
            let (tried, defects) = try replay(name, isCut: isCut)
            dup2(talk, 2)
            for defect in defects { say(defect) }
            isClean = tried > 0 && defects.isEmpty
        } catch {
            dup2(talk, 2)
            say("\(name): \(error)")
        }
        try? FileManager.default.removeItem(at: place.deletingLastPathComponent())
        exit(isClean ? 0 : 1)
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
