import Bytes
import Crypto
import Foundation
import Records
import Replica
import Store

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
    /// What people wait for at a hundred thousand records.
    func office() throws {
        guard isWanted("office") || isWanted("read") else { return }
        let office = Office(folder: folder)
        try office.make()
        if isWanted("read") { try reading(office) }
        guard isWanted("office") else { return }
        let asking = try Asking(office.path)
        let id = try asking.ask(["list", "contact", "--where", "emails=person4711@example.org"]).output
            .split(separator: "\n").dropFirst().first?.prefix(8)
        guard let id = id.map({ String($0) }) else { throw BenchError.text("a contact is missing") }
        let commands: [(name: String, words: [String])] = [
            ("a process that only starts", ["help", "show"]),
            ("show", ["show", id]), ("set", ["set", id]), ("add", ["add", id]),
            ("list 1,000 of 100,000", ["list", "contact", "--where", "country=SN"]),
            ("list 1,000 of 100,000 as JSON", ["list", "contact", "--where", "country=SN", "--json"]),
            ("list by two conditions", ["list", "contact", "--where", "country=SN", "--where", "languages=fr"]),
            ("list 1 of 100,000", ["list", "contact", "--where", "emails=person4711@example.org"]),
            ("list 10,000 of 100,000 as JSON", ["list", "opportunity", "--json"]),
            ("deadlines over 10,000 opportunities", ["deadlines", "--at", "2027-09-01"]),
        ]
        print("through a running node, milliseconds from the start of the process to its end:")
        print("  start of serve: \(try median { defer { asking.stop() }; return try asking.serve() })")
        _ = try asking.serve()
        for (name, words) in commands {
            print("  \(name): \(try median { try asking.ask(words + Runner.change(words[0])).milliseconds })")
        }
        asking.stop()
        print("without one:")
        for (name, words) in commands {
            print("  \(name): \(try median { try asking.ask(words + Runner.change(words[0])).milliseconds })")
        }
    }

    /// What a command changes, another thing each time.
    private static func change(_ verb: String) -> [String] {
        switch verb {
        case "set": ["honorific=\(UInt32.random(in: 0 ... .max))"]
        case "add": ["tags=\(UInt32.random(in: 0 ... .max))"]
        default: []
        }
    }

    private func reading(_ office: Office) throws {
        let connection = try Connection.open(in: try Home.open(office.path), schema: ReplicaStore.schema)
        defer { connection.close() }
        let store = try ReplicaStore(
            connection: connection, charter: nil, identity: nil, marker: nil, entropy: SeededEntropy(seed: 3),
            indexed: Schema.standard.indexed)
        let access = RecordAccess(store, time: 0)
        var count = 0
        let time = try median {
            count = 0
            return try seconds { try access.forEach(kind: Kind.opportunity.number) { count += $0.fields.count } } * 1e6
        }
        print("read 10,000 opportunities, microseconds for each: \(time / Office.opportunityCount)")
        let all = try median {
            count = 0
            return try seconds { try access.forEach(kind: Kind.contact.number) { count += $0.fields.count } } * 1e6
        }
        print("read 90,000 contacts, microseconds for each: \(all / Office.contactCount)")
    }

    func median(_ measure: () throws -> Double) throws -> Int {
        var figures: [Double] = []
        for _ in 0..<5 { figures.append(try measure()) }
        return Runner.median(figures)
    }
}
