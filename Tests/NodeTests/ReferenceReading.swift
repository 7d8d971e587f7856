import Bytes
import Crypto
import Foundation
import Replica
import Store
import Testing

/// What the Python implementation of Protocol/ makes of an export.
enum ReferenceReading {
    static func expect(_ folder: String, agreesWith store: ReplicaStore) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let python = root.appendingPathComponent(".venv/bin/python3")
        try #require(FileManager.default.fileExists(atPath: python.path), "no Python environment: run Scripts/setup")
        let process = Process()
        process.executableURL = python
        process.arguments = [
            root.appendingPathComponent("Protocol/reference/liaison_reference.py").path, "state", folder,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let answer = try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
        let spaces = try #require(answer["spaces"] as? [[String: Any]])
        for name in [SpaceName.policy, SpaceName.net] {
            let space = try #require(spaces.first { $0["space"] as? String == name })
            #expect(space["frontier"] as? String == store.frontier(of: name).hex, "\(name)")
            #expect(space["state"] as? String == store.state(of: name).hex, "\(name)")
            #expect(space["entries"] as? Int == store.totals(of: name).entries, "\(name)")
            #expect(space["records"] as? Int == store.totals(of: name).records, "\(name)")
        }
    }
}
