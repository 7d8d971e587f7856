import Crypto
import Foundation
import Replica
import Store

/// Runs the scenarios and prints a line for each figure.
struct Runner {
    let folder: String
    /// The names of the scenarios to run; all if empty.
    let only: [String]

    func run() throws {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try scenario("edits", "durable local edits per second, one transaction each") {
            try LocalEdits(folder: folder).rate(indexed: .none)
        }
        try scenario("edits", "the same where the field is indexed") {
            try LocalEdits(folder: folder).rate(indexed: .edited)
        }
        try ingest()
        try opening()
        try reading()
        try review()
    }

    func isWanted(_ name: String) -> Bool { only.isEmpty || only.contains(name) }

    /// Runs a scenario five times and prints the median.
    private func scenario(_ name: String, _ what: String, _ measure: () throws -> Double) throws {
        guard isWanted(name) else { return }
        var figures: [Double] = []
        for _ in 0..<5 { figures.append(try measure()) }
        print("\(what): \(Runner.median(figures))")
    }

    private func ingest() throws {
        guard isWanted("ingest") else { return }
        let history = try SharedHistory(writers: 100, records: 10_000, edits: 100_000)
        print("  \(history.edits.count) segments, \(Double(history.byteCount) / 100_000) bytes for each operation")
        try scenario(
            "ingest", "verified durable ingest, operations per second (100,000 edits of 10,000 records by 100 writers)"
        ) {
            try history.ingestRate(folder: folder, indexed: .none)
        }
        try scenario("ingest", "the same where the field that is edited is indexed") {
            try history.ingestRate(folder: folder, indexed: .edited)
        }
    }

    private func opening() throws {
        guard isWanted("open") else { return }
        let path = "\(folder)/million"
        if !FileManager.default.fileExists(atPath: path) { try LargeStore.make(path, writers: 1000, entries: 1000) }
        var times: [Double] = []
        var sizes: [Double] = []
        for _ in 0..<5 {
            let process = Process()
            process.executableURL = Bundle.main.executableURL
            process.arguments = ["open", path]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
            guard numbers.count == 2 else { throw BenchError.text("open printed \(output)") }
            times.append(numbers[0])
            sizes.append(numbers[1])
        }
        print("open a store of 1,000,000 operations to the first read, milliseconds: \(Runner.median(times))")
        print("memory of that, MiB: \(Runner.median(sizes))")
    }

    static func median(_ figures: [Double]) -> Int { Int(figures.sorted()[figures.count / 2].rounded()) }
}

/// What stops a benchmark.
enum BenchError: Error {
    case text(String)
}

extension ReplicaStore {
    /// A store in a new data folder; an old one of that name is removed.
    static func onDisk(
        _ path: String, charter: Charter?, identity: Identity?, seed: UInt64, indexed: IndexedFields = .none
    ) throws -> (ReplicaStore, Home) {
        if charter != nil {
            try? FileManager.default.removeItem(atPath: path)
            _ = try Home.create(path)
        }
        let home = try Home.open(path)
        let connection = try Connection.open(in: home, schema: ReplicaStore.schema)
        let store = try ReplicaStore(
            connection: connection, charter: charter, identity: identity, marker: nil,
            entropy: SeededEntropy(seed: seed), indexed: indexed)
        return (store, home)
    }
}

/// The seconds that something takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let (whole, part) = (ContinuousClock.now - start).components
    return Double(whole) + Double(part) / 1e18
}
