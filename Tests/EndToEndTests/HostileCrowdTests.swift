import Foundation
import Glibc
import Testing

/// A real server beside real hostile connections (`Tests/Hostile`); `Scripts/hostile` measures a thousand of them.
@Suite(.serialized) struct HostileCrowdTests {
    /// Hostile connections to a server, until nobody holds them any more.
    private static func attack(
        _ server: Installation, count: Int, seconds: Int, homes: [String: String], in folder: Folder
    ) throws -> ChildProcess {
        let network = try #require(try server.call("status")["network"]["id"].text)
        let program = URL(fileURLWithPath: Installation.Program.liaison.path).deletingLastPathComponent()
            .appendingPathComponent("liaison-hostile").path
        let process = try ChildProcess(
            program,
            [server.address, network, "\(count)", "\(seconds)"]
                + homes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            environment: ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"],
            outputPrefix: folder.path + "/hostile-\(UUID().uuidString)")
        try eventually("the hostile connections are there") {
            if let code = process.poll() { throw HarnessError("they ended with \(code): \(process.output)") }
            return process.output.contains("\n3 s: ")
        }
        return process
    }

    /// What `/proc` says of a process, KiB.
    private static func memory(_ key: String, of server: Installation) throws -> Int {
        let id = try #require(server.server?.id)
        let text = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(key):") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
    }

    @Test func `R1: beside a hundred hostile connections an honest peer loses nothing and memory stays bounded`() throws
    {
        let federation = try Federation([("dakar", "Institute"), ("bad1", "One"), ("bad2", "Two"), ("bad3", "Three")])
        let (paris, dakar) = (federation.nodes[0], federation.nodes[1])
        for node in federation.nodes.dropFirst() { try node.call("sync", "inviter") }
        let rest = try Self.memory("VmRSS", of: paris)
        let homes = [
            "withhold": federation.nodes[2].home, "deaf": federation.nodes[3].home, "forge": federation.nodes[4].home,
        ]
        let horde = try Self.attack(paris, count: 100, seconds: 600, homes: homes, in: federation.folder)
        for number in 0..<5 {
            _ = try dakar.new("contact", "display=Contact \(number)")
            let peer = try dakar.call("sync", "inviter")["peers"][0]
            #expect(peer["identical"].flag == true, "\(peer)")
        }
        let above = try Self.memory("VmHWM", of: paris) - rest
        #expect(above < (Sanitizer.isThere ? 1_024 : 64) << 10, "\(above) KiB above its rest")
        // All seven behaviours were there.
        let last = horde.output.split(separator: "\n").last ?? ""
        for behaviour in ["idle", "drip", "garbage", "flood", "withhold", "deaf", "forge"] {
            #expect(last.contains(" \(behaviour) "), "\(last)")
        }
        horde.kill()
        try dakar.call("sync", "inviter")
        try #expect(paris.digests() == dakar.digests())
        for node in [paris, dakar] { try #expect(node.call("verify")["ok"].flag == true) }
        try paris.stop()
    }

    @Test func `R13: a server prints nothing of what hostile peers do`() throws {
        let federation = try Federation([("bad1", "One")])
        let paris = federation.nodes[0]
        try federation.nodes[1].call("sync", "inviter")
        let server = try #require(paris.server)
        let horde = try Self.attack(
            paris, count: 40, seconds: 600, homes: ["forge": federation.nodes[1].home], in: federation.folder)
        horde.kill()
        _ = try paris.new("contact", "display=Undisturbed")
        try paris.stop()
        #expect(server.output == "listening on \(paris.address)\n")
        #expect(server.talk == "")
    }

    @Test func `R1: a server that is given few descriptors serves on`() throws {
        let federation = try Federation([("dakar", "Institute")])
        let (paris, dakar) = (federation.nodes[0], federation.nodes[1])
        try dakar.call("sync", "inviter")
        try paris.stop()
        paris.descriptors = 128
        try paris.serve()
        let horde = try Self.attack(paris, count: 200, seconds: 600, homes: [:], in: federation.folder)
        let id = try #require(paris.server?.id)
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count
        #expect(open < 128, "\(open) descriptors are open")
        // Its own user's commands find room, and so does a peer, if not always at once: it has but a handful of places.
        for number in 0..<3 {
            _ = try paris.new("contact", "display=Here \(number)")
            _ = try dakar.new("contact", "display=There \(number)")
            try eventually("a sync goes through") { try dakar.run(["sync", "inviter"]).code == 0 }
        }
        horde.kill()
        try #expect(paris.digests() == dakar.digests())
        try paris.stop()
    }
}
