import Foundation

/// Commands on an office's node as a person types them, each a process of its own: what is measured is from the start
/// of that process to its end.
final class Asking {
    private let home: String
    private let program: URL
    private var server: Process?

    init(_ home: String) throws {
        self.home = home
        guard let own = Bundle.main.executableURL else { throw BenchError.text("this program has no place") }
        program = own.deletingLastPathComponent().appending(path: "liaison")
    }

    deinit { stop() }

    /// Starts a node on the home.
    /// - Returns: the milliseconds until it listened.
    func serve() throws -> Double {
        let (process, output) = make(["serve", "--listen", "127.0.0.1:0"])
        let time = try seconds {
            try process.run()
            _ = output.fileHandleForReading.availableData
        }
        server = process
        return time * 1_000
    }

    func stop() {
        server?.terminate()
        server?.waitUntilExit()
        server = nil
    }

    /// Runs a command.
    /// - Returns: its milliseconds and what it printed.
    func ask(_ words: [String]) throws -> (milliseconds: Double, output: String) {
        let (process, output) = make(words)
        var data = Data()
        let time = try seconds {
            try process.run()
            // It ends with the process; waiting for the process itself would round to the waiter's rests.
            data = output.fileHandleForReading.readDataToEndOfFile()
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchError.text("\(words) failed") }
        return (time * 1_000, String(decoding: data, as: UTF8.self))
    }

    private func make(_ words: [String]) -> (Process, Pipe) {
        let process = Process()
        process.executableURL = program
        process.arguments = words
        process.environment = ["LIAISON_HOME": home]
        let output = Pipe()
        process.standardOutput = output
        return (process, output)
    }
}

extension Runner {
    /// The median of five figures.
    func median(_ measure: () throws -> Double) throws -> Int {
        var figures: [Double] = []
        for _ in 0..<5 { figures.append(try measure()) }
        return Runner.median(figures)
    }
}
