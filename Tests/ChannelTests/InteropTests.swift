import Bytes
import Crypto
import Foundation
import Testing

@testable import Channel

/// The channel against `Interop/peer.py`, which speaks it through someone else's implementation of Noise.
@Suite(.serialized, .timeLimit(.minutes(2))) struct InteropTests {
    @Test func `We open the connection`() throws {
        let other = try PythonPeer(role: "responder", payload: [UInt8]("from Python".utf8))
        var entropy = SystemEntropy()
        let key = AgreementKey(from: &entropy)
        var side = Side(
            channel: Channel(role: .initiator, staticKey: key, networkHint: Pair.network, entropy: &entropy),
            payload: [UInt8]("from Swift".utf8))
        side.start()
        try converse(&side, with: other)
        try check(side, other, own: key, payload: [UInt8]("from Python".utf8), ownPayload: side.payload)
    }

    @Test func `The other opens the connection and proves the handshake hash`() throws {
        let other = try PythonPeer(role: "initiator", payload: [UInt8]("proof ".utf8))
        var entropy = SystemEntropy()
        let key = AgreementKey(from: &entropy)
        let payload = [UInt8](repeating: 7, count: ChannelLimits.payloadByteCount)
        var side = Side(
            channel: Channel(
                role: .responder(payload: payload), staticKey: key, networkHint: Pair.network, entropy: &entropy))
        side.start()
        try converse(&side, with: other)
        guard case .peerPayload(let proof, _, let handshakeHash) = side.events.first else {
            Issue.record("no payload")
            return
        }
        #expect(proof == [UInt8]("proof ".utf8) + handshakeHash)
        try check(side, other, own: key, payload: proof, ownPayload: payload)
    }

    @Test(arguments: ["initiator", "responder"])
    func `The other closes`(role: String) throws {
        let other = try PythonPeer(role: role, payload: [])
        var entropy = SystemEntropy()
        let key = AgreementKey(from: &entropy)
        var side = Side(
            channel: Channel(
                role: role == "initiator" ? .responder(payload: []) : .initiator, staticKey: key,
                networkHint: Pair.network, entropy: &entropy))
        side.start()
        try exchange(&side, with: other) { $0.frames.count == 1 }
        try side.send([UInt8]("bye".utf8))
        try exchange(&side, with: other) { $0.events.last == .closedByPeer }
        #expect(side.events.last == .closedByPeer)
        try side.channel.streamEnded()
        try other.end()
    }

    /// Sends frames of several sizes, takes each back turned around, and closes.
    private func converse(_ side: inout Side, with other: PythonPeer) throws {
        try exchange(&side, with: other) { $0.frames.count == 1 }
        var entropy = SeededEntropy(seed: 11)
        for (index, count) in [1, 2, 3_000, ChannelLimits.plaintextByteCount].enumerated() {
            let plaintext = entropy.fill(count)
            try side.send(plaintext)
            try exchange(&side, with: other) { $0.frames.count == index + 2 }
            #expect(side.frames.last == plaintext.reversed())
        }
        side.close()
        try exchange(&side, with: other) { _ in true }
        try other.end()
    }

    /// Compares what both sides think of their handshake.
    private func check(
        _ side: Side, _ other: PythonPeer, own: AgreementKey, payload: [UInt8], ownPayload: [UInt8]
    ) throws {
        guard case .peerPayload(let received, let remoteStatic, let handshakeHash) = side.events.first else {
            Issue.record("no payload")
            return
        }
        #expect(received == payload)
        #expect(remoteStatic == other.publicKey)
        let transcript = try #require(side.transcript)
        #expect(side.frames.first == handshakeHash + transcript + own.publicKey.bytes + ownPayload)
    }

    /// Carries bytes between channel and process until the condition holds.
    private func exchange(_ side: inout Side, with other: PythonPeer, until condition: (Side) -> Bool) throws {
        while true {
            try other.write(side.takeOutbox())
            if condition(side) { return }
            try side.receive(try other.read())
        }
    }
}

/// The Python process at the other end of two pipes.
private final class PythonPeer {
    let publicKey: AgreementPublicKey
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()

    init(role: String, payload: [UInt8]) throws {
        var entropy = SystemEntropy()
        let key = AgreementKey(from: &entropy)
        publicKey = key.publicKey
        process.executableURL = try Package.python()
        let hint = Preface(networkHint: Pair.network).bytes.suffix(8)
        process.arguments = [
            Package.root.appending(path: "Tests/ChannelTests/Interop/peer.py").path, role, hint.hex,
            key.withSeed { $0.hex }, payload.hex,
        ]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    func write(_ bytes: [UInt8]) throws {
        try input.fileHandleForWriting.write(contentsOf: bytes)
    }

    /// Waits for bytes; the end of the output is an error that says what Python said.
    func read() throws -> [UInt8] {
        let data = output.fileHandleForReading.availableData
        guard !data.isEmpty else { throw Failure(message: complaint()) }
        return [UInt8](data)
    }

    /// Ends the streams; Python must agree that this is the end.
    func end() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(complaint())")
        #expect(output.fileHandleForReading.availableData.isEmpty)
    }

    private func complaint() -> String {
        String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}

private struct Failure: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}

/// Where the package and its Python are.
enum Package {
    /// The folder of Package.swift, above this file.
    static var root: URL {
        var folder = URL(filePath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
        } while folder.path != "/"
            && !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        return folder
    }

    /// `LIAISON_PYTHON`, or the one that Scripts/setup has made.
    static func python() throws -> URL {
        let named = ProcessInfo.processInfo.environment["LIAISON_PYTHON"]
        let python = named.map { URL(filePath: $0) } ?? root.appending(path: ".venv/bin/python3")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw Failure(
                message: "No Python at \(python.path): run Scripts/setup, which installs Tests/requirements.txt "
                    + "there, or set LIAISON_PYTHON.")
        }
        return python
    }
}
