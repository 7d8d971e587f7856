import Bytes
import Foundation
import Glibc
import Testing

// Goal: keys are in their files and in locked memory, and nowhere else. Method: after a run of everything that uses
// them, every file, every output and the memory of a running node are searched for every spelling of every key.
@Suite(.serialized) struct SecretsTests {
    /// A file of keys begins with a line and its version, and ends with a checksum of eight bytes.
    private static let magicCount = 14

    /// The seeds, 32 bytes each, of a file of keys.
    private func seeds(_ path: String) throws -> [[UInt8]] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let body = Array(bytes.dropFirst(Self.magicCount).dropLast(8))
        try #require(!body.isEmpty && body.count % 32 == 0)
        return stride(from: 0, to: body.count, by: 32).map { Array(body[$0..<$0 + 32]) }
    }

    /// How 32 bytes may be written down; halves, too, as lines are broken.
    private func spellings(_ seed: [UInt8]) -> [Data] {
        let half = Data(seed.prefix(16))
        let texts = [
            half.map { String(format: "%02x", $0) }.joined(), half.map { String(format: "%02X", $0) }.joined(),
            String(Data(seed.prefix(15)).base64EncodedString()), Base32.encode(Array(seed.prefix(15))),
            seed.prefix(16).map { String($0) }.joined(separator: ", "),
        ]
        return [half] + texts.map { Data($0.utf8) } + [Data(texts[3].uppercased().utf8)]
    }

    @Test func `K4: no key leaves its file and its locked memory`() throws {
        let federation = try Federation([("dakar", "Institute")], .specimen)
        let (paris, dakar) = (federation.nodes[0], federation.nodes[1])
        let folder = federation.folder.path
        try dakar.serve()
        try paris.call("peer", "add", "dakar", dakar.address)
        let id = try paris.new("specimen", "soft=x")
        try eventually("the edit arrives") { try dakar.run(["show", id]).code == 0 }
        for words in [
            ["status"], ["device", "list"], ["peer", "list"], ["verify"], ["version"], ["history", id],
            ["export", "segments", folder + "/out"], ["sync"], ["invite", "--organisation", "Later"],
            ["sync", "nobody"],
            ["show", "zz"], ["help", "init"],
        ] {
            _ = try paris.run(words + ["--json"])
            _ = try paris.run(words)
        }
        let secrets = try [paris.home + "/device.key", paris.home + "/root.key", dakar.home + "/device.key"]
            .flatMap { try seeds($0) }
        #expect(secrets.count == 5 && Set(secrets).count == 5)
        for node in [paris, dakar] {
            let server = try #require(node.server)
            for name in ["cmdline", "environ"] {
                let text = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(server.id)/\(name)"))
                for form in secrets.flatMap(spellings) { #expect(text.range(of: form) == nil, "in \(name)") }
            }
        }
        try requireLockedOnly(secrets, paris)
        for node in [paris, dakar] { try node.stop() }
        var searched = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder),
                !isFolder.boolValue, !path.hasSuffix(".key")
            else { continue }
            let content = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))
            searched += 1
            for form in secrets.flatMap(spellings) { #expect(content.range(of: form) == nil, "in \(path)") }
        }
        #expect(searched > 20)
    }

    /// Requires that a running node has its keys only in pages that are locked and left out of core dumps.
    private func requireLockedOnly(_ secrets: [[UInt8]], _ node: Installation) throws {
        let server = try #require(node.server)
        // Foundation takes one read of such a file for all of it.
        let listing = unsafe Glibc.open("/proc/\(server.id)/smaps", O_RDONLY | O_CLOEXEC)
        try #require(listing >= 0)
        defer { close(listing) }
        let maps = String(decoding: content(of: listing, 0..<1 << 30), as: UTF8.self)
        let memory = unsafe Glibc.open("/proc/\(server.id)/mem", O_RDONLY | O_CLOEXEC)
        try #require(memory >= 0)
        defer { close(memory) }
        var (range, isReadable): (Range<UInt64>, Bool) = (0..<0, false)
        var (locked, open) = (0, [String]())
        for line in maps.split(separator: "\n") {
            if let head = line.prefixMatch(of: #/([0-9a-f]+)-([0-9a-f]+) (r?)/#),
                let first = UInt64(head.1, radix: 16), let end = UInt64(head.2, radix: 16)
            {
                (range, isReadable) = (first..<end, !head.3.isEmpty)
            }
            // Neither the kernel's own pages nor the shadow that a sanitizer reserves.
            guard isReadable, line.hasPrefix("VmFlags:"), range.upperBound < 1 << 47, range.count < 1 << 32 else {
                continue
            }
            let bytes = content(of: memory, range)
            // The runtime libraries of sanitizers take the call of mlock, and lock nothing.
            let isSafe = (line.contains(" lo") || Sanitizer.isThere) && line.contains(" dd")
            for seed in secrets where bytes.range(of: Data(seed)) != nil {
                if isSafe { locked += 1 } else { open.append("\(String(range.lowerBound, radix: 16)): \(line)") }
            }
        }
        // The search finds what must be there, so it would find what must not.
        #expect(locked >= 2)
        #expect(open.isEmpty, "\(open.joined(separator: "\n"))")
    }

    /// What of a range can be read.
    private func content(of memory: Int32, _ range: Range<UInt64>) -> Data {
        var result = Data()
        var block = [UInt8](repeating: 0, count: 1 << 20)
        var place = range.lowerBound
        while place < range.upperBound {
            let wanted = min(block.count, Int(range.upperBound - place))
            let count = unsafe pread(memory, &block, wanted, off_t(place))
            guard count > 0 else { break }
            result.append(contentsOf: block.prefix(count))
            place += UInt64(count)
        }
        return result
    }
}
