import Bytes
import Crypto
import Foundation
import Replica
import Simulator
import Store

/// The Python implementation of Protocol/, as one process that is asked about one small replica after the other.
final class ReferenceOracle {
    private let process = Process()
    private let (requests, answers) = (Pipe(), Pipe())

    /// - Parameter network: what all replicas hold.
    init(_ network: FixedNetwork) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let python = root.appendingPathComponent(".venv/bin/python3")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw Defect("no Python environment: run Scripts/setup")
        }
        process.executableURL = python
        process.arguments = [
            root.appendingPathComponent("Protocol/reference/liaison_reference.py").path, "serve",
        ]
        process.standardInput = requests
        process.standardOutput = answers
        try process.run()
        var base = [network.charter.encoded]
        let store = try FreshStores(network).make().store
        try store.exportSegments { (_, _, bytes) throws(StoreError) in base.append(bytes) }
        try send(base)
    }

    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What the reference says of whoever holds these explicit segments beside the statements of the network.
    func answer(to segments: [[UInt8]]) throws -> String {
        try send(segments)
        let head = try receive(4)
        let text = try receive(head.reduce(0) { $0 << 8 | Int($1) })
        return String(decoding: text, as: UTF8.self)
    }

    private func send(_ items: [[UInt8]]) throws {
        var writer = CBORWriter()
        writer.writeArray(count: items.count)
        for item in items { writer.write(bytes: item) }
        let length = (0..<4).map { UInt8(truncatingIfNeeded: writer.bytes.count >> (24 - 8 * $0)) }
        try requests.fileHandleForWriting.write(contentsOf: Data(length + writer.bytes))
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = try answers.fileHandleForReading.read(upToCount: count - bytes.count), !more.isEmpty
            else { throw Defect("the reference ended before it answered") }
            bytes += more
        }
        return bytes
    }
}

extension MergeTrial.Snapshot {
    /// The lines in which the reference says the same.
    /// - Parameter quarantined: entries outside of all frontiers.
    func lines(quarantined: Int) -> String {
        var lines = [
            "policy \(frontiers[0]) \(states[0]) \(counts[1])",
            "net \(frontiers[1]) \(states[1]) \(counts[4]) \(counts[3])",
            "quarantined \(quarantined) not understood \(counts[2] + counts[5])",
        ]
        for record in records.sorted(by: { $0.id < $1.id }) {
            let state = record.isDeleted ? "deleted" : record.standingDeletes.isEmpty ? "there" : "contested"
            lines.append("record \(record.id) \(state)")
            for field in record.fields { lines += field.left.map { "left \(Self.text($0))" } }
            for field in record.fields {
                if field.left.contains(where: { $0.type == .counter }) {
                    lines.append("counter \(field.field) \(CounterMerge.shown(CounterMerge.total(field.left)))")
                }
                for element in field.elements {
                    let values = element.values.map(Self.text).joined(separator: ", ")
                    lines.append("element \(field.field) \(element.position.hex) \(values)")
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ view: OperationView) -> String {
        let value =
            switch view.value {
            case .none: "none"
            case .erased: "erased"
            case .present(let value): value.encoded.hex
            }
        return "\(view.field) \(view.type.rawValue) \(view.id.entry) \(view.id.index) \(view.order) \(value)"
    }
}
