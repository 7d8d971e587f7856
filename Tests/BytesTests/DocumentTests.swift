import Bytes
import Testing

@Suite struct DocumentTests {
    static let documents: [Document] = [
        .null, .bool(false), .int(0), .int(.min), .int(.max), .string(""), .string("é\u{0}\u{10FFFF}"), .array([]),
        .object([]), .array([.array([]), .object([])]),
        .pairs(["z": .int(1), "a": .pairs(["b": .array([.null, .string("x")])]), "": .bool(true)]),
    ]

    @Test(arguments: documents) func travelsAsCBOR(_ document: Document) throws {
        #expect(try Document(decoding: document.encoded) == document)
    }

    @Test(arguments: documents) func readsBackFromJSON(_ document: Document) throws {
        #expect(try JSONReader.read(JSONWriter.text(document)) == document)
    }

    @Test(arguments: [
        CBOR.bytes([1]), .unsigned(.max), .map([]), .tag(40_700, .null),
        .tag(40_700, .array([.text("a")])), .tag(40_700, .array([.null, .null])), .array([.bytes([])]), .tag(1, .null),
    ])
    func otherItemsAreRefused(_ item: CBOR) {
        #expect(throws: DecodeError.self) { try Document(decoding: item.encoded) }
    }

    @Test func integersBeyondTheRangeAreRefused() {
        #expect(throws: DecodeError.self) { try Document(decoding: [0x3B] + [UInt8](repeating: 0xFF, count: 8)) }
    }

    @Test func whatNestsTooDeepIsRefused() throws {
        var document = Document.null
        for _ in 0..<31 { document = .array([document]) }
        #expect(try Document(decoding: document.encoded) == document)
        #expect(throws: DecodeError.self) { try Document(decoding: Document.array([document]).encoded) }
    }

    @Test(arguments: documents) func everyTruncationIsRefused(_ document: Document) {
        let bytes = document.encoded
        for count in bytes.indices {
            #expect(throws: DecodeError.self) { try Document(decoding: Array(bytes[..<count])) }
        }
    }

    @Test func membersAreFound() {
        let document = Document.pairs(["a": .int(1), "b": .strings(["x"]), "c": .bool(true)])
        #expect(document["a"]?.number == 1)
        #expect(document["b"]?.items == [.string("x")])
        #expect(document["c"]?.flag == true)
        #expect(document["d"] == nil && Document.null["a"] == nil)
        #expect(document.members?.map(\.name) == ["a", "b", "c"])
    }
}

@Suite struct JSONTests {
    @Test func writesOneFormInOrder() {
        let document = Document.pairs(["b": .array([.int(1), .null]), "a": .object([]), "c": .array([])])
        #expect(
            JSONWriter.text(document) == """
                {
                  "b": [
                    1,
                    null
                  ],
                  "a": {},
                  "c": []
                }
                """)
    }

    @Test(arguments: [
        ("\"\\", "\"\\\"\\\\\""), ("a\n\r\t\u{8}", "\"a\\n\\r\\t\\u0008\""),
        ("\u{1B}[0m\u{7F}\u{9B}", "\"\\u001b[0m\\u007f\\u009b\""),
        ("a\u{202E}b\u{2066}\u{200F}\u{2028}", "\"a\\u202eb\\u2066\\u200f\\u2028\""),
        ("\u{E0041}", "\"\\udb40\\udc41\""),
        ("نُحَّاس 教科文 😀", "\"نُحَّاس 教科文 😀\""),
    ])
    func escapesWhatCouldMoveTheText(_ text: String, _ written: String) throws {
        #expect(JSONWriter.text(.string(text)) == written)
        #expect(try JSONReader.read(written) == .string(text))
    }

    @Test(arguments: [
        (" [ 1 , -2 , 3.50 ] ", Document.array([.int(1), .int(-2), .string("3.50")])),
        ("\"\\u00e9\\ud83d\\ude00\\/\"", .string("é😀/")),
        (
            "{\"a\":{\"b\":[true,false,null]}}",
            .pairs(["a": .pairs(["b": .array([.bool(true), .bool(false), .null])])])
        ), ("0", .int(0)),
    ])
    func readsWhatPeopleType(_ text: String, _ document: Document) throws {
        #expect(try JSONReader.read(text) == document)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}",
        "{\"a\":1,\"a\":2}",
        "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
        "\"a\nb\"", "tru", "truex", "nul", "01", "-", "1.", "1e5", "+1", ".5", "9223372036854775808", "1 2", "'a'",
        "\u{FEFF}1",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(text) }
    }

    @Test func depthIsLimited() throws {
        let depth = JSONReader.maximumDepth
        let nested = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        _ = try JSONReader.read(nested(depth))
        #expect(throws: JSONError.self) { try JSONReader.read(nested(depth + 1)) }
        #expect(throws: JSONError.self) { try JSONReader.read(String(repeating: "[", count: 1_000_000)) }
    }
}
