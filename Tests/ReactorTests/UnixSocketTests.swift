import Foundation
import Glibc
import Reactor
import Testing

@Suite struct UnixSocketTests {
    @Test func aRequestIsAnsweredUntilTheEndOfTheStream() throws {
        let folder = try TemporaryFolder()
        try withServer(at: folder.path + "/control") { path in
            let client = try UnixClient(path: path, timeoutMilliseconds: 10_000)
            try client.send([1, 2, 3])
            return try client.receiveAll(atMost: 10)
        } check: { answer, owner in
            #expect(answer == .success([1, 2, 3]))
            #expect(owner.remoteAddresses == [.local(user: geteuid())])
        }
    }

    @Test func pathsOfAnyLengthWork() throws {
        let folder = try TemporaryFolder()
        var path = folder.path
        for _ in 0..<8 { path += "/" + String(repeating: "d", count: 40) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        path += "/control"
        #expect(path.utf8.count > 300)
        try withServer(at: path) { path in
            let client = try UnixClient(path: path, timeoutMilliseconds: 10_000)
            try client.send([7])
            return try client.receive(exactly: 1) ?? []
        } check: { answer, _ in
            #expect(answer == .success([7]))
        }
    }

    @Test func framesAreReadWhole() throws {
        let folder = try TemporaryFolder()
        let frame = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        try withServer(at: folder.path + "/control", greeting: frame + [5]) { path in
            let client = try UnixClient(path: path, timeoutMilliseconds: 10_000)
            guard try client.receive(exactly: frame.count) == frame else { return [] }
            try client.send([6])
            guard try client.receive(exactly: 2) == [5, 6] else { return [] }
            return try client.receive(exactly: 1) == nil ? [1] : []
        } check: { answer, _ in
            #expect(answer == .success([1]))
        }
    }

    @Test func anAnswerThatIsTooLongOrTooShortIsRefused() throws {
        let folder = try TemporaryFolder()
        try withServer(at: folder.path + "/a") { path in
            let client = try UnixClient(path: path, timeoutMilliseconds: 10_000)
            try client.send([1, 2, 3])
            return try client.receiveAll(atMost: 2)
        } check: { answer, _ in
            #expect(answer == .failure(.tooLong(subject: folder.path + "/a", limit: 2)))
        }
        try withServer(at: folder.path + "/b") { path in
            let client = try UnixClient(path: path, timeoutMilliseconds: 10_000)
            try client.send([1, 2, 3])
            return try client.receive(exactly: 4) ?? []
        } check: { answer, _ in
            #expect(answer == .failure(.endedEarly(subject: folder.path + "/b")))
        }
    }

    @Test func aServerThatSaysNothingTimesOut() throws {
        let folder = try TemporaryFolder()
        let reactor = try Reactor()
        _ = try reactor.listenLocally(at: folder.path + "/control")
        let client = try UnixClient(path: folder.path + "/control", timeoutMilliseconds: 20)
        #expect(throws: ReactorError.timedOut(call: "recv", subject: folder.path + "/control")) {
            try client.receive()
        }
    }

    @Test func theFileIsOursAloneAndGoesWithTheListener() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/control"
        let reactor = try Reactor()
        let listener = try reactor.listenLocally(at: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        reactor.closeListener(listener)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: ReactorError.system(call: "connect", subject: path, number: ENOENT)) {
            _ = try UnixClient(path: path, timeoutMilliseconds: 10)
        }
    }

    @Test func onlyASocketThatNobodyListensOnIsReplaced() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/control"
        let reactor = try Reactor()
        let other = try Reactor()
        _ = try reactor.listenLocally(at: path)
        let inUse = ReactorError.system(call: "bind", subject: path, number: EADDRINUSE)
        #expect(throws: inUse) { try other.listenLocally(at: path) }

        let stale = folder.path + "/stale"
        try leaveSocketFile(at: stale)
        #expect(FileManager.default.fileExists(atPath: stale))
        _ = try other.listenLocally(at: stale)
        _ = try UnixClient(path: stale, timeoutMilliseconds: 10)

        let file = folder.path + "/file"
        #expect(FileManager.default.createFile(atPath: file, contents: Data([1])))
        #expect(throws: ReactorError.system(call: "bind", subject: file, number: EADDRINUSE)) {
            try other.listenLocally(at: file)
        }
        #expect(FileManager.default.contents(atPath: file) == Data([1]))
    }

    @Test(arguments: ["", "/tmp/", "/tmp/..", "a\0b", "/" + String(repeating: "n", count: 65)])
    func pathsWithoutANameAreRefused(path: String) throws {
        let reactor = try Reactor()
        #expect(throws: ReactorError.invalidPath(path)) { try reactor.listenLocally(at: path) }
        #expect(throws: ReactorError.invalidPath(path)) { _ = try UnixClient(path: path, timeoutMilliseconds: 10) }
    }
}

/// Runs an echo at `path` on this thread and a client on another, until the client has an answer.
private func withServer(
    at path: String, greeting: [UInt8] = [],
    client: @escaping @Sendable (String) throws -> [UInt8],
    check: (Result<[UInt8], ReactorError>, Recorder) -> Void
) throws {
    let reactor = try Reactor()
    let owner = Recorder(reactor)
    owner.isEchoing = true
    owner.isClosingAfterAnswer = true
    owner.greeting = greeting
    _ = try reactor.listenLocally(at: path)
    let answer = Answer()
    // A thread, as a client that waits must not keep one of the few that run tests.
    Thread.detachNewThread {
        answer.set(
            Result { try client(path) }.mapError { $0 as? ReactorError ?? .invalidPath("unexpected: \($0)") })
    }
    let isAnswered = reactor.run(for: owner) {
        // The other thread's answer is no event of the reactor: look again soon.
        reactor.setTimer(TimerID(1), at: reactor.now.monotonicMilliseconds + 5)
        return answer.value != nil
    }
    #expect(isAnswered)
    check(try #require(answer.value), owner)
}

/// What the client's thread leaves for the test's.
private final class Answer: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Result<[UInt8], ReactorError>?

    var value: Result<[UInt8], ReactorError>? { lock.withLock { stored } }

    func set(_ value: Result<[UInt8], ReactorError>) { lock.withLock { stored = value } }
}

/// A folder that goes with its owner.
private final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "reactor-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Leaves what a process that was killed leaves: a socket file without a listener.
private func leaveSocketFile(at path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    try #require(path.utf8.count < 108)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(result == 0)
}
