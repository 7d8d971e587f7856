import Bytes
import Crypto

/// CBOR, JSON, base 32 and hexadecimal digits.
package struct FormsTarget: FuzzTarget {
    package static let name = "forms"

    package init() {}

    package mutating func run(_ input: [UInt8]) throws {
        var script = Script(input)
        switch script.byte() % 4 {
        case 0: try cbor(script.rest())
        case 1: try json(script.rest())
        case 2: try base32(script.rest())
        default: try hex(script.rest())
        }
    }

    private func cbor(_ bytes: [UInt8]) throws {
        guard let item = try? CBOR(decoding: bytes) else {
            var reader = CBORReader(bytes)
            while (try? reader.readItem()) != nil {}
            try require(reader.offset <= bytes.count, "a reader stands behind the end")
            return
        }
        try require(item.encoded == bytes, "an item has two encodings")
        try require(item.hashValue == (try CBOR(decoding: bytes)).hashValue, "equal items hash differently")
    }

    private func json(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do {
            let document = try JSONReader.read(text)
            for again in [JSONWriter.text(document), JSONWriter.compactText(document)] {
                try require(try JSONReader.read(again) == document, "a document is written as another one")
            }
            try require(try Document(decoding: document.encoded) == document, "a document travels as another one")
        } catch let error as JSONError {
            try require((0...bytes.count).contains(error.offset), "a fault lies outside of the text")
        }
    }

    private func base32(_ bytes: [UInt8]) throws {
        try require(Base32.decode(Base32.encode(bytes)) == bytes, "base 32 lost something")
        guard let text = String(validating: bytes, as: UTF8.self), let decoded = Base32.decode(text) else { return }
        try require(Base32.encode(decoded) == text.lowercased(), "two texts in base 32 mean the same")
    }

    private func hex(_ bytes: [UInt8]) throws {
        try require([UInt8](hex: bytes.hex) == bytes, "hexadecimal digits lost something")
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        if let decoded = [UInt8](hex: text) { try require(decoded.hex == text.lowercased(), "digits changed") }
        if let digest = Digest(hex: text) { try require(digest.hex == text.lowercased(), "digits of an id changed") }
        if let id = ShortID(hex: text) { try require(ShortID(id.bytes) == id, "an id changed") }
    }

    package static func seeds() -> [[UInt8]] {
        let items: [CBOR] = [
            .unsigned(.max >> 1), .int(.min), .int(-1), .bytes([1, 2, 3]), .text("é"), .null, .bool(true),
            .array([.unsigned(23), .unsigned(24), .unsigned(256), .unsigned(65_536), .unsigned(1 << 32)]),
            .map([.init(key: .text("a"), value: .bool(false)), .init(key: .text("b"), value: .null)]),
            .tag(4, .array([.int(-2), .unsigned(150)])), .tag(1004, .text("2027-03-01")),
        ]
        let deep = (0..<31).reduce(CBOR.null) { item, _ in .array([item]) }
        let texts = [
            #"{"a":[1,-2,3.50,true,false,null],"b":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}"#, "[]", "{}", " [ 1 , 2 ] ",
            #"{"a":{"a":{"a":[[[[[[[[[[[[1]]]]]]]]]]]]}}}"#, "9223372036854775807", "-9223372036854775808", "0.5", "01",
            "1e5", #""\ud800""#, #"{"a":1,"a":2}"#, "tru", "nul", "fals",
        ]
        let wrong: [[UInt8]] = [
            [0x18, 5], [0x9F, 0xFF], [0xF9, 0, 0], [0xA2, 1, 0, 0, 0], [0x62, 0xFF, 0xFF], [0x5B],
        ]
        return (items + [deep]).map { [0] + $0.encoded } + wrong.map { [0] + $0 } + texts.map { [1] + Array($0.utf8) }
            + [[2] + Array("mzxw6ytboi".utf8), [2] + Array("AAAA".utf8), [2, 0, 1, 2, 3, 255]]
            + [[3] + Array("00ff".utf8), [3] + Array(String(repeating: "aB", count: 32).utf8)]
            + [[3] + Array(String(repeating: "7", count: 32).utf8)]
    }

    package static func large() -> [[UInt8]] {
        let names = (0..<7_000).map { "\"n\($0)\":1" }.joined(separator: ",")
        let texts = [
            "{\(names)}", "[" + String(repeating: "1,", count: 30_000) + "1]", String(repeating: "[", count: 60_000),
        ]
        let pairs = CBOR.map((0..<60_000).map { CBOR.Pair(key: .unsigned(UInt64($0)), value: .null) })
        let flat = CBOR.array(Array(repeating: .text("é"), count: 100_000))
        return texts.map { [1] + Array($0.utf8) } + [pairs, flat].map { [0] + $0.encoded }
            + [[0] + [UInt8](repeating: 0x81, count: 1 << 20), [2] + [UInt8](repeating: 0x61, count: 1 << 18)]
            + [[3] + [UInt8](repeating: 0x61, count: 1 << 18)]
    }
}
