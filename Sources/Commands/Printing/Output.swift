import Foundation
import Glibc

/// Where the command line prints: data on standard output, talk on standard error.
struct Output {
    /// What standard output ends in.
    let terminal: Terminal
    private let errorTerminal: Terminal
    private let loss = Loss()

    /// What has become of the data.
    private final class Loss { var isKnown = false }

    /// Whether data could not be written, as on a full disk.
    var hasLostData: Bool { loss.isKnown }

    init(_ environment: [String: String]) {
        terminal = Terminal(descriptor: 1, environment: environment)
        errorTerminal = Terminal(descriptor: 2, environment: environment)
    }

    func data(_ text: String) { bytes(Array((text + "\n").utf8)) }

    /// Data that has a form of its own, as it is.
    func bytes(_ bytes: [UInt8]) {
        do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch { loss.isKnown = true }
    }

    /// A table with its own line ends.
    ///
    /// A spreadsheet that opens a file knows by the mark before the text that it is UTF-8; programs at the other end of
    /// a pipe would take the mark for a part of the first name.
    func table(_ text: String, forSpreadsheets: Bool) {
        guard !text.isEmpty else { return }
        let isFile = forSpreadsheets && Output.isFile(1)
        bytes(Array(((isFile ? "\u{FEFF}" : "") + text).utf8))
    }

    func note(_ text: String) { write("liaison: \(spoken(text))\n", to: .standardError) }

    func fail(_ error: String, hint: String?) {
        let head = errorTerminal.emphasised("error:", .error)
        write("liaison: \(head) \(spoken(error))\n", to: .standardError)
        if let hint { write("liaison: hint: \(spoken(hint))\n", to: .standardError) }
    }

    /// The line that says how far a command has come.
    func progressLine() -> ProgressLine {
        let beginning = ContinuousClock.now
        return ProgressLine(
            width: errorTerminal.isLively ? errorTerminal.width : nil, clock: { ContinuousClock.now - beginning }
        ) { write($0, to: .standardError) }
    }

    private func spoken(_ text: String) -> String { errorTerminal.isolatingRuns(Printable.line(text)) }

    private static func isFile(_ descriptor: Int32) -> Bool {
        var status = stat()
        // SAFETY: the call fills the value in while it is lent out.
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// What cannot be written has no reader any more.
    private func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}
