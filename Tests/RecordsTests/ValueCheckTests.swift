import Bytes
import Crypto
import Records
import Replica
import Testing

@Suite struct ValueCheckTests {
    private func reasons(_ value: Value, _ kind: Kind, _ field: String) throws -> [String] {
        let type = try #require(kind.field(named: field)).type
        return ValueCheck.faults(value, type).map { $0.path.isEmpty ? $0.reason : "\($0.path): \($0.reason)" }
    }

    @Test func whatFitsItsFieldIsRight() throws {
        #expect(try reasons(.text("SN"), .contact, "country") == [])
        #expect(try reasons(.null, .contact, "country") == [])
        #expect(try reasons(.date("2028-02-29"), .contact, "review_by") == [])
        #expect(try reasons(.array([.text("Ndiaye"), .null]), .contact, "name") == [])
        // An older writer knew fewer parts, a later one more.
        #expect(try reasons(.array([.text("Ndiaye")]), .contact, "name") == [])
        #expect(try reasons(.array([.text("Ndiaye"), .null, .integer(3)]), .contact, "name") == [])
    }

    @Test func whatDoesNotIsNamed() throws {
        #expect(try reasons(.text("XX"), .contact, "country") == ["XX is no country code"])
        #expect(try reasons(.integer(7), .contact, "country") == ["the value has another form than text"])
        #expect(try reasons(.text("not an address"), .contact, "emails") == ["a code or address has no spaces"])
        #expect(try reasons(.text("two\nlines"), .contact, "display") == ["this field holds one line"])
        #expect(
            try reasons(.text(String(repeating: "a", count: 301)), .contact, "display")
                == ["301 characters are more than 300"])
        #expect(try reasons(.date("2027-02-29"), .contact, "review_by") == ["2027-02-29 is no date"])
        #expect(
            try reasons(.array([.text("later-basis"), .null, .null]), .contact, "consent")
                == ["basis: later-basis is a code that this version does not know"])
        #expect(
            try reasons(.array([.null, .text("Director")]), .contact, "affiliations")
                == ["organisation: the part is missing"])
        #expect(try reasons(.integer(-1), .opportunity, "min_partners") == ["-1 is not within 0 to 1000"])
        #expect(
            try reasons(.array([.array([.text("full"), .text("soon")])]), .opportunity, "deadlines")
                == ["1.date: the value has another form than a date"])
        #expect(
            try reasons(.instant(seconds: 0, zone: "nowhere"), .contribution, "embargo_until")
                == ["nowhere is no time zone"])
    }

    @Test func partsThatAscendAreHeldAgainstEachOther() throws {
        let award = try #require(Kind.opportunity.field(named: "award")).type
        let (one, ten) = (Value.decimal(mantissa: 1, exponent: 0), Value.decimal(mantissa: 1000, exponent: -2))
        #expect(ValueCheck.faults(.array([one, ten, .text("EUR")]), award).isEmpty)
        let faults = ValueCheck.faults(.array([ten, one, .text("EUR")]), award)
        #expect(faults.map(\.kind) == [.order] && faults.map(\.reason) == ["min is greater than max"])
    }

    /// Exponents that nobody can type may arrive all the same.
    @Test func hugeExponentsAreRefusedAndNothingTraps() throws {
        let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        let award = try #require(Kind.opportunity.field(named: "award")).type
        for exponent in extremes {
            for other in extremes {
                for (mantissa, otherMantissa) in [(Int64.min, Int64.max), (1, 1), (0, -1), (Int64.max, 0)] {
                    let low = Value.decimal(mantissa: mantissa, exponent: exponent)
                    let high = Value.decimal(mantissa: otherMantissa, exponent: other)
                    _ = ValueCheck.faults(.array([low, high, .text("EUR")]), award)
                }
            }
        }
        let strange = try reasons(.decimal(mantissa: 5, exponent: .max), .opportunity, "cofunding_pct")
        #expect(strange == ["5e9223372036854775807 is no decimal number"])
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `whatever arrives is judged and never traps`(seed: UInt64) throws {
        print("seed \(seed)")
        var random = Random(seed: seed)
        let types = Schema.standard.kinds.flatMap(\.fields).map(\.type)
        for _ in 0..<3_000 {
            let value = random.value(depth: 0)
            let type = try #require(types.randomElement(using: &random))
            let faults = ValueCheck.faults(value, type)
            #expect(value != .null || faults.isEmpty)
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `what the parser takes has no fault`(seed: UInt64) throws {
        print("seed \(seed)")
        var random = Random(seed: seed)
        let parser = ValueParser { _, _ throws(RecordError) in TestRecord.id }
        let texts = [
            "SN", "fr", "a@example.org", "+221 33 000 00 00", "https://www.example.org/", "3", "true", "12.50",
            "2027-03-01", "2027-03-01T09:00:00Z", "EUR", "Europe/Paris", "water-week", "node.example.org:7420",
            "0000-0002-1825-0097", "lead", "c2", "draft", "[]", "{\"value\":\"3\",\"currency\":\"EUR\"}",
            "{\"from\":\"2027-01-01\",\"to\":\"2026-01-01\"}", "-5", "1e3", "{\"family\":\"X\"}",
        ]
        var taken = 0
        for _ in 0..<4_000 {
            let type = try #require(Schema.standard.kinds.flatMap(\.fields).randomElement(using: &random)).type
            let text = try #require(texts.randomElement(using: &random))
            guard let value = try? parser.value(text, type, field: "x") else { continue }
            taken += 1
            #expect(ValueCheck.faults(value, type) == [], "\(text) as \(type)")
        }
        #expect(taken > 500)
    }
}

/// Numbers that follow from a seed (SplitMix64), and values made of them.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Any value, arrays of a few values among them.
    mutating func value(depth: Int) -> Value {
        switch Int.random(in: 0..<(depth < 3 ? 11 : 9), using: &self) {
        case 0: return .null
        case 1: return .text(["", "SN", "a b", "2027-01-01", "\u{0}", "é\u{301}"].randomElement(using: &self) ?? "")
        case 2: return .integer([.min, -1, 0, 3, .max].randomElement(using: &self) ?? 0)
        case 3: return .boolean(Bool.random(using: &self))
        case 4: return .bytes([1, 2])
        case 5:
            return .decimal(
                mantissa: [.min, -1, 0, 7, .max].randomElement(using: &self) ?? 0,
                exponent: [.min, -10, -2, 0, 3, .max].randomElement(using: &self) ?? 0)
        case 6: return .date(["2027-02-28", "2027-02-30", ""].randomElement(using: &self) ?? "")
        case 7:
            return .instant(
                seconds: [.min, 0, 1_800_000_000, .max].randomElement(using: &self) ?? 0,
                zone: [nil, "UTC", "x"].randomElement(using: &self) ?? nil)
        case 8: return .id([UInt8](repeating: UInt8.random(in: 0...3, using: &self), count: 16))
        default:
            return .array((0..<Int.random(in: 0...4, using: &self)).map { _ in value(depth: depth + 1) })
        }
    }
}
