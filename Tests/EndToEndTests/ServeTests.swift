import Foundation
import Glibc
import Testing

// Goal: a node that runs for weeks: it stops cleanly, comes back to its peers, hands edits over at once, and is not
// disturbed by whoever else talks to its ports.
@Suite(.serialized) struct ServeTests {
    /// Two nodes that serve and know each other.
    private static func neighbours() throws -> (Federation, Installation, Installation) {
        let federation = try Federation([("dakar", "Institute")], .specimen)
        let (paris, dakar) = (federation.nodes[0], federation.nodes[1])
        try dakar.serve()
        try paris.call("peer", "add", "dakar", dakar.address)
        try awaitEqual(federation)
        return (federation, paris, dakar)
    }

    private static func awaitEqual(_ federation: Federation, within seconds: Double = 60) throws {
        try eventually("all hold the same", within: seconds) {
            try Set(federation.nodes.map { try $0.digests() }).count == 1
        }
    }

    private static func isConnected(_ node: Installation, _ peer: String) throws -> Bool {
        try node.call("peer", "list")["peers"].items.contains {
            $0["name"].text == peer && $0["state"].text == "connected"
        }
    }

    @Test(arguments: [SIGTERM, SIGINT]) func aSignalEndsItCleanly(_ signal: Int32) throws {
        let federation = try Federation([])
        let paris = federation.nodes[0]
        try paris.call("new", "contact", "display=x")
        try paris.stop(signal)
        let socket = paris.home + "/control.sock"
        #expect(!FileManager.default.fileExists(atPath: socket))
        try #expect(paris.call("verify")["ok"].flag == true)
        let address = paris.address
        try paris.serve()
        #expect(paris.address == address)
    }

    @Test func editsAreHandedOverAtOnce() throws {
        let (federation, paris, dakar) = try Self.neighbours()
        try eventually("they are connected") { try Self.isConnected(paris, "dakar") }
        for (writer, reader) in [(paris, dakar), (dakar, paris)] {
            let id = try writer.new("specimen", "soft=pushed")
            try eventually("the edit arrives") { try reader.run(["show", id]).code == 0 }
        }
        // Through a node in between as well.
        let code = try #require(try paris.call("invite", "--organisation", "Third")["code"].text)
        let third = Installation("third", in: federation.folder, .specimen)
        try third.call("join", code, "--device", "third")
        try third.serve()
        try eventually("it is connected") { try Self.isConnected(third, "inviter") }
        let id = try third.new("specimen", "soft=from afar")
        try eventually("the edit arrives") { try dakar.run(["show", id]).code == 0 }
    }

    @Test func aPeerThatComesBackIsMetAgain() throws {
        let (federation, paris, dakar) = try Self.neighbours()
        for isCrash in [true, false] {
            if isCrash { dakar.crash() } else { try dakar.stop() }
            try eventually("the loss is noticed") { try !Self.isConnected(paris, "dakar") }
            let id = try paris.new("specimen", "soft=while away")
            try paris.miss("wait", "dakar", "--timeout", "1", code: 7, saying: "dakar does not answer")
            try dakar.serve()
            try eventually("the edit arrives") { try dakar.run(["show", id]).code == 0 }
        }
        try Self.awaitEqual(federation)
        try paris.call("wait", "--timeout", "60")
    }

    @Test(arguments: [false, true]) func `wait ends with 0, 7 or 1`(serving: Bool) throws {
        let federation = try Federation([("dakar", "Institute")], .specimen)
        let (paris, dakar) = (federation.nodes[0], federation.nodes[1])
        if serving { try dakar.serve() }
        try dakar.call("wait", "inviter", "--timeout", "60")
        try dakar.call("new", "specimen", "soft=x")
        try dakar.call("wait", "--timeout", "60")
        try federation.requireEqual()
        try paris.stop()
        try dakar.miss("wait", "--timeout", "2", code: 7, saying: "inviter does not answer")
        try dakar.miss("sync", code: 7, saying: "inviter does not answer")
        try dakar.refuse("wait", "nobody", "--timeout", "2", code: 3, saying: "there is no peer nobody")
        try dakar.refuse("wait", "--timeout", "soon", code: 2, saying: "--timeout")
        try dakar.refuse("wait", "--timeout", "-1", code: 2, saying: "--timeout")
        // Somebody answers there who is not the one expected.
        let other = Installation("other", in: federation.folder, .specimen)
        try other.call("init", "--network", "Other", "--organisation", "O", "--device", "other")
        let process = try other.start(["serve", "--listen", paris.address])
        defer { process.kill() }
        try eventually("it listens") { process.output.hasSuffix("\n") }
        let outcome = try dakar.run(["wait", "--timeout", "2"])
        #expect(outcome.code == 1, "\(outcome.talk)")
    }

    @Test func peersComeAndGoWhileItRuns() throws {
        let federation = try Federation([("dakar", "Institute"), ("hanoi", "Other")], .specimen)
        let (paris, dakar, hanoi) = (federation.nodes[0], federation.nodes[1], federation.nodes[2])
        for node in [dakar, hanoi] {
            try node.call("peer", "remove", "inviter")
            try node.serve()
        }
        try paris.call("peer", "add", "dakar", dakar.address, "--organisation", "Institute")
        try eventually("a new peer is dialled") {
            try Self.isConnected(paris, "dakar")
                || paris.call("peer", "list")
                    .description.contains("lastSync\":\"")
        }
        let id = try dakar.new("specimen", "soft=x")
        try eventually("the edit arrives") { try paris.run(["show", id]).code == 0 }
        try paris.call("peer", "remove", "dakar")
        try paris.refuse("peer", "remove", "dakar", code: 3, saying: "there is no peer dakar")
        try paris.refuse("sync", "dakar", code: 3, saying: "there is no peer dakar")
        // Somebody else answers where one organisation is expected.
        try paris.call("peer", "add", "wrong", hanoi.address, "--organisation", "Institute")
        let result = try paris.call("sync", "wrong", code: 1)["peers"][0]
        #expect(result["result"].text == "refused")
        try paris.call("peer", "remove", "wrong")
        try paris.refuse("peer", "add", "x", "no address", code: 6, saying: "HOST:PORT")
        try paris.refuse("peer", "add", "x", "127.0.0.1:1", "--device", "ffff", code: 3, saying: "ffff")
    }

    @Test func `N7: it dials itself, and two dial each other at once`() throws {
        let (federation, paris, dakar) = try Self.neighbours()
        let own = try paris.call("sync", paris.address, code: 1)["peers"][0]
        #expect(own["result"].text == "refused")
        try paris.call("peer", "add", "myself", paris.address)
        try dakar.call("peer", "add", "paris", paris.address)
        for round in 0..<4 {
            let id = try (round % 2 == 0 ? paris : dakar).new("specimen", "soft=\(round)")
            let flights = [try paris.start(["sync", "dakar"]), try dakar.start(["sync", "paris"])]
            for flight in flights { try #expect(flight.wait() == 0, "\(flight.talk)") }
            for node in [paris, dakar] { try #expect(node.run(["show", id]).code == 0) }
        }
        let after = try dakar.new("specimen", "soft=after")
        try eventually("edits are still handed over") { try paris.run(["show", after]).code == 0 }
        try Self.awaitEqual(federation)
        // Nobody spins: both servers rest while nothing happens.
        for node in [paris, dakar] {
            let server = try #require(node.server)
            let before = try Self.processorTicks(server.id)
            try #expect(paris.run(["wait", "myself", "--timeout", "2"]).code == 1)
            let used = try Self.processorTicks(server.id) - before
            #expect(used < 100, "\(node.name) used \(used) ticks in two seconds")
        }
    }

    /// Hundredths of a second that a process has computed.
    private static func processorTicks(_ id: pid_t) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        let fields = text.split(separator: " ").compactMap { Int($0) }
        return fields[10] + fields[11]
    }

    @Test func twoCommandsAtOnce() throws {
        let federation = try Federation([], .specimen)
        let paris = federation.nodes[0]
        for serving in [true, false] {
            if !serving { try paris.stop() }
            let before = try paris.call("list", "specimen")["records"].items.count
            let flights = try (0..<12).map { try paris.start(["new", "specimen", "soft=\($0)"]) }
            for flight in flights { try #expect(flight.wait() == 0, "\(flight.talk)") }
            try #expect(paris.call("list", "specimen")["records"].items.count == before + 12)
        }
    }

    // MARK: Strangers

    /// A raw connection; closed when nobody holds it any more.
    private final class Stranger {
        let descriptor: Int32

        /// - Parameter listener: HOST:PORT with four numbers as the host.
        init(to listener: String) throws {
            let parts = listener.split(separator: ":")
            let port = try #require(parts.last.flatMap { UInt16($0) })
            descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            let isHost = unsafe inet_pton(AF_INET, String(parts[0]), &address.sin_addr) == 1
            guard isHost else { throw HarnessError("\(listener) is no address") }
            let descriptor = descriptor
            // SAFETY: an address of the given family and size.
            let code = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard code == 0 else { throw HarnessError("cannot connect to \(listener): error \(errno)") }
        }

        init(path: String) throws {
            descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            guard bytes.count < 100 else { throw HarnessError("the path \(path) is too long") }
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
            let descriptor = descriptor
            // SAFETY: an address of the given family and size.
            let code = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard code == 0 else { throw HarnessError("cannot connect to \(path): error \(errno)") }
        }

        deinit { close(descriptor) }

        func write(_ bytes: [UInt8]) {
            _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    @Test func garbageOnThePortsDisturbsNobody() throws {
        let (_, paris, dakar) = try Self.neighbours()
        var generator = SeededGenerator(seed: 5)
        let socket = paris.home + "/control.sock"
        var open: [Stranger] = []
        for round in 0..<40 {
            try #require(paris.server?.poll() == nil, "\(round): \(paris.server?.talk ?? "")")
            let stranger = round.isMultiple(of: 2) ? try Stranger(to: paris.address) : try Stranger(path: socket)
            let count = [0, 1, 4, 5, 100, 70_000][round / 2 % 6]
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // Frames of a plausible length, too: their content is looked at.
            if round % 3 == 0, count > 4 { bytes.replaceSubrange(0..<4, with: [0, 0, 0, UInt8(min(count - 4, 90))]) }
            stranger.write(bytes)
            if round % 4 < 2 { open.append(stranger) }
        }
        // Requests that are well-formed and nonsense: an empty item, huge announced lengths, deep nesting.
        for bytes in [
            [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 1, 0xA0], [0, 0, 0, 1, 0x80],
            [0, 0, 1, 0]
                + [UInt8](repeating: 0x81, count: 256),
        ] as [[UInt8]] {
            let stranger = try Stranger(path: socket)
            stranger.write(bytes)
            open.append(stranger)
        }
        #expect(paris.server?.isRunning == true)
        let id = try paris.new("specimen", "soft=undisturbed")
        try eventually("the edit arrives") { try dakar.run(["show", id]).code == 0 }
        try #expect(paris.call("verify")["ok"].flag == true)
        #expect(!open.isEmpty)
        try paris.stop()
    }

    // MARK: Costs

    @Test func anIdleSyncCostsTheSameWithManyLogs() throws {
        let federation = try Federation([("laptop", nil)], .specimen)
        let (paris, laptop) = (federation.nodes[0], federation.nodes[1])
        let large = ProcessInfo.processInfo.environment["LIAISON_MANY_LOGS"].flatMap { Int($0) } ?? 120
        var costs: [(logs: Int, bytes: Int, roundTrips: Int)] = []
        var lives = 0
        for wanted in [10, large] {
            while lives < wanted {
                try FileManager.default.removeItem(atPath: laptop.home + "/life")
                try laptop.call("new", "specimen", "soft=\(lives)")
                lives += 1
            }
            for _ in 0..<2 { try laptop.call("sync", "inviter") }
            try paris.stop()
            try paris.serve()
            let peer = try laptop.call("sync", "inviter")["peers"][0]
            #expect(peer["identical"].flag == true)
            #expect(peer["sent"]["entries"].number == 0 && peer["received"]["entries"].number == 0)
            let bytes = try #require(peer["sent"]["bytes"].number) + #require(peer["received"]["bytes"].number)
            try costs.append((wanted, bytes, #require(peer["roundTrips"].number)))
        }
        print("ServeTests: idle sync \(costs)")
        #expect(abs(costs[0].bytes - costs[1].bytes) <= 8, "\(costs)")
        #expect(costs[1].roundTrips == 1)
        try federation.requireEqual()
    }
}
