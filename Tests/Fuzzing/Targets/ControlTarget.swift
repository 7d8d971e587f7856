import Bytes
import Node
import Replica

/// What a command and a running node say to each other: requests, answers and progress in frames.
package struct ControlTarget: FuzzTarget {
    package static let name = "control"

    package init() {}

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        let kind = script.byte() % 4
        let bytes = script.rest()
        switch kind {
        case 0:
            guard let item = try? CBOR(decoding: bytes), let request = try? Request(item) else { return }
            try require(request.item.encoded == bytes, "a request has two encodings")
            for option in request.options {
                try require(request.has(option.name), "an option is not found")
                _ = (request.value(of: option.name), request.values(of: option.name))
            }
        case 1:
            guard let response = try? Response(decoding: bytes) else { return }
            try require(response.encoded == bytes, "an answer has two encodings")
        case 2:
            guard let document = try? Document(decoding: bytes) else { return }
            try require(document.encoded == bytes, "a document has two encodings")
            _ = JSONWriter.text(document)
        default:
            guard let length = ControlFrame.length(bytes) else { return }
            try require((0...0xFFFF_FFFF).contains(length), "a frame of \(length) bytes")
            let content = Array(bytes.dropFirst(4))
            try require(ControlFrame.length(ControlFrame.encode(content)) == content.count, "a frame's length")
            guard let progress = WorkProgress(decoding: content) else { return }
            try require(WorkProgress(decoding: progress.encoded) == progress, "progress changed on its way")
        }
    }

    package static func seeds() -> [[UInt8]] {
        let request = Request(
            verb: "list", arguments: ["contact"], options: [.init("where", "country=SN"), .init("deleted")],
            input: "a,b\n", wantsNames: true)
        let document = Document.pairs([
            "records": .array([.pairs(["id": .string("00"), "n": .int(-5), "ok": .bool(true), "none": .null])])
        ])
        var response = Response(
            document, exitCode: .undecided, error: "e", hint: "h", notes: ["n"],
            names: [.init(id: "00", prefix: "0", name: "x"), .init(id: "01", prefix: "0", name: nil)],
            files: [.init(name: "a.ics", bytes: [1]), .init(name: nil, bytes: [])])
        response.language = "fr"
        let progress = WorkProgress("reading rows", done: 3, of: 9, byteCount: nil)
        return [
            [0] + request.item.encoded, [0] + Request(verb: "status").item.encoded, [1] + response.encoded,
            [1] + Response(nil).encoded, [2] + document.encoded, [3] + ControlFrame.encode(progress.encoded),
            [3, 0xFF, 0xFF, 0xFF, 0xFF], [3, 0],
        ]
    }

    package static func large() -> [[UInt8]] {
        let request = Request(
            verb: "new", arguments: (0..<20_000).map { "a\($0)=b" }, options: [],
            input: String(repeating: "x", count: 1 << 18))
        let document = Document.array((0..<10_000).map { .pairs(["id": .string("\($0)"), "n": .int(Int64($0))]) })
        return [[0] + request.item.encoded, [1] + Response(document).encoded, [2] + document.encoded]
    }
}
