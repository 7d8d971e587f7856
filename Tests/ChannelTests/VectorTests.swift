import Bytes
import Crypto
import Foundation
import Testing

@testable import Channel

/// `Protocol/vectors/channel`, which another implementation of Noise has made (`Interop/make_vectors.py`).
@Suite struct VectorTests {
    static let names = (try? FileManager.default.contentsOfDirectory(atPath: Vector.folder.path))?.sorted() ?? []

    @Test func `There are vectors of success and for each layer and error`() throws {
        let vectors = try Self.names.map { try Vector(name: $0) }
        #expect(
            Set(vectors.map { $0.first("expect") }) == [
                "success", "preface failure", "handshake failure", "frame failure", "stream failure",
            ])
        #expect(
            Set(vectors.compactMap { $0.first("error") }) == [
                "not-liaison", "other-handshake-version", "other-network", "frame-length", "low-order-key",
                "authentication", "truncated",
            ])
    }

    @Test(arguments: names, [Int.max, 1, 13])
    func `Each side does as the vector says`(name: String, pieceByteCount: Int) throws {
        let vector = try Vector(name: name)
        let (side, failure) = try vector.run(pieceByteCount: pieceByteCount)

        #expect(failure?.layer(isOpen: side.transcript != nil) ?? "success" == vector.first("expect"))
        #expect(failure?.name == vector.first("error"))
        #expect(side.written.hex == vector.first("writes"))
        #expect(side.frames.map(\.hex) == vector.all("frame"))
        #expect(side.transcript?.hex == vector.first("transcript"))
        #expect((side.events.last == .closedByPeer) == (failure == nil))
        guard case .peerPayload(let payload, let remoteStatic, let handshakeHash) = side.events.first else {
            #expect(vector.first("peer") == nil)
            return
        }
        #expect(remoteStatic.hex == vector.first("peer"))
        #expect(payload.hex == vector.first("peer-payload"))
        #expect(handshakeHash.hex == vector.first("handshake-hash"))
    }
}

/// One file: header lines, a blank line, flights of hexadecimal digits with blank lines between.
private struct Vector {
    static let folder = Package.root.appending(path: "Protocol/vectors/channel")
    static let keys: Set = [
        "spec", "expect", "error", "comment", "role", "hint", "static", "ephemeral", "payload", "peer", "peer-payload",
        "handshake-hash", "transcript", "send", "frame", "writes",
    ]

    private var lines: [(key: String, value: String)] = []
    private var flights: [[UInt8]] = []

    init(name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let parts = text.split(separator: "\n\n", omittingEmptySubsequences: false)
        for line in try #require(parts.first).split(separator: "\n") {
            let key = String(line.prefix { $0 != ":" })
            try #require(Self.keys.contains(key), "\(name): unknown line \(line)")
            lines.append((key, line.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces)))
        }
        for part in parts.dropFirst() {
            flights.append(try #require([UInt8](hex: part.filter { $0 != "\n" }), "\(name): not hexadecimal"))
        }
    }

    func first(_ key: String) -> String? { all(key).first }

    func all(_ key: String) -> [String] { lines.filter { $0.key == key }.map(\.value) }

    func bytes(_ key: String) throws -> [UInt8] {
        try #require(first(key).flatMap { [UInt8](hex: $0) }, "no \(key)")
    }

    /// The side with its keys, before it has started.
    private func makeSide() throws -> Side {
        var ephemeral = FixedEntropy(bytes: try bytes("ephemeral"))
        let key = try #require(AgreementKey(seed: try bytes("static")))
        let hint = try bytes("hint").reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let payload = try bytes("payload")
        let role: Channel.Role = first("role") == "initiator" ? .initiator : .responder(payload: payload)
        return Side(
            channel: Channel(role: role, staticKey: key, networkHint: hint, entropy: &ephemeral), payload: payload)
    }

    /// Receives everything, the owner answering after each flight, then the end of the stream.
    func run(pieceByteCount: Int) throws -> (side: Side, failure: ChannelError?) {
        var side = try makeSide()
        side.start()
        var unsent = try all("send").map { try #require([UInt8](hex: $0)) }
        for flight in flights {
            var actions: [ChannelAction] = []
            var failure: ChannelError?
            for piece in flight.pieces(of: pieceByteCount) where failure == nil {
                do {
                    try side.channel.received(piece, now: 0, actions: &actions)
                } catch {
                    failure = error
                }
            }
            side.carryOut(actions)
            if let failure { return (side, failure) }
            guard side.channel.isOpen else { continue }
            for plaintext in unsent { try side.send(plaintext) }
            unsent = []
        }
        do {
            try side.channel.streamEnded()
            return (side, nil)
        } catch {
            return (side, error)
        }
    }
}

extension ChannelError {
    /// The name in `Protocol/06-channel.md#errors`.
    fileprivate var name: String {
        switch self {
        case .notLiaison: "not-liaison"
        case .otherHandshakeVersion: "other-handshake-version"
        case .otherNetwork: "other-network"
        case .frameLength: "frame-length"
        case .lowOrderKey: "low-order-key"
        case .authentication: "authentication"
        case .truncated: "truncated"
        case .notOpen: "not open, which no peer can cause"
        }
    }

    /// The layer that refuses.
    fileprivate func layer(isOpen: Bool) -> String {
        switch self {
        case .notLiaison, .otherHandshakeVersion, .otherNetwork: "preface failure"
        case .truncated: "stream failure"
        default: isOpen ? "frame failure" : "handshake failure"
        }
    }
}
