import Bytes
import Crypto
@testable import Records
import Replica
import Testing

@Suite struct ValueParserTests {
    static var parser: ValueParser {
        ValueParser { prefix, _ throws(RecordError) in
            guard prefix == "ab" else { throw .notFound(prefix, remedy: nil) }
            return ShortID(0xAB00_0000_0000_0000, 0)
        }
    }

    static let accepted: [(String, ValueType, String)] = [
        ("Нина", .line, "Нина"), ("", .line, ""), ("a\nb", .lines, "a\nb"), ("sn", .form(.country), "SN"),
        ("011", .form(.region), "011"), ("om", .form(.region), "OM"), ("FR", .form(.language), "fr"),
        ("zh-hans-cn", .form(.language), "zh-Hans-CN"), ("amina@example.org", .form(.email), "amina@example.org"),
        ("عادل@مثال.example", .form(.email), "عادل@مثال.example"),
        ("+221 33 000 00 00", .form(.phone), "+221 33 000 00 00"),
        ("https://www.example.org/a?b#c", .form(.web), "https://www.example.org/a?b#c"),
        ("https://orcid.org/0000-0002-1825-0097", .form(.orcid), "0000-0002-1825-0097"),
        ("000000021694233x", .form(.orcid), "0000-0002-1694-233X"),
        ("05dxps055", .form(.ror), "https://ror.org/05dxps055"), ("eur", .form(.currency), "EUR"),
        ("Africa/Dakar", .form(.zone), "Africa/Dakar"), ("UTC", .form(.zone), "UTC"),
        ("open-data-2", .form(.slug), "open-data-2"), ("[2001:db8::1]:7420", .form(.address), "[2001:db8::1]:7420"),
        ("none", .code(Code.draft(["none", "all"])), "none"), ("2028-02-29", .date, "2028-02-29"),
        ("12.50", .decimal(0...100), "12.50"), ("-0.05", .decimal(-1...1), "-0.05"), ("100", .decimal(0...100), "100"),
        ("2027-03-01T10:00:00+01:00[Europe/Paris]", .instant, "2027-03-01T09:00:00Z[Europe/Paris]"),
        ("2027-03-01T09:00Z", .instant, "2027-03-01T09:00:00Z"),
        ("ab", .id(kinds: []), "ab000000000000000000000000000000"),
    ]

    @Test(arguments: accepted) func acceptsAndShows(_ text: String, _ type: ValueType, _ shown: String) throws {
        let value = try ValueParserTests.parser.value(text, type, field: "field")
        #expect(ValueRendering.document(value, type) == .string(shown))
    }

    static let refused: [(String, ValueType)] = [
        ("a\nb", .line), ("a\u{1B}[31m", .line), ("a\u{85}b", .lines), (String(repeating: "x", count: 301), .line),
        ("Senegal", .form(.country)), ("XX", .form(.country)), ("", .form(.country)), ("01", .form(.region)),
        ("f", .form(.language)), ("fr_FR", .form(.language)), ("fr-", .form(.language)),
        ("no at", .form(.email)), ("a@b", .form(.email)), ("a..b@example.org", .form(.email)),
        ("a@-b.org", .form(.email)), ("12", .form(.phone)), ("call me", .form(.phone)),
        ("ftp://example.org", .form(.web)), ("https://a@example.org", .form(.web)), ("https:///x", .form(.web)),
        ("0000-0002-1825-0098", .form(.orcid)), ("05dxps056", .form(.ror)), ("15dxps055", .form(.ror)),
        ("EURO", .form(.currency)), ("Dakar", .form(.zone)), ("-slug", .form(.slug)), ("Slug", .form(.slug)),
        ("host", .form(.address)), ("host:0", .form(.address)), ("host:65536", .form(.address)),
        ("other", .code(Code.draft(["none", "all"]))), ("1.5", .integer(0...9)), ("10", .integer(0...9)),
        ("", .integer(0...9)),
        ("9223372036854775808", .integer(.min ... .max)), ("maybe", .boolean), ("100.01", .decimal(0...100)),
        ("-0.01", .decimal(0...100)), (".5", .decimal(0...1)), ("1e3", .decimal(0...9_999)),
        ("0.0000000001", .decimal(0...1)), ("99999999999999999999", .decimal(0...1)),
        ("2027-02-29", .date), ("2027-13-01", .date), ("0000-01-01", .date), ("1.3.2027", .date),
        ("2027-03-01T09:00:00", .instant), ("2027-03-01", .instant), ("2027-03-01T24:00:00Z", .instant),
        ("2027-03-01T09:00:00Z[Paris]", .instant), ("0001-01-01T00:00:00+01:00", .instant),
    ]

    @Test(arguments: refused) func refusesNamingTheField(_ text: String, _ type: ValueType) {
        #expect {
            try ValueParserTests.parser.value(text, type, field: "field")
        } throws: { error in
            guard case RecordError.invalidValue("field", let reason, _) = error else { return false }
            return !reason.isEmpty
        }
    }

    @Test func groupsAreReadFromJSON() throws {
        let type = try #require(Kind.opportunity.field(named: "deadlines")).type
        let text = #"[{"date":"2027-03-01","stage":"full"},{"stage":"concept","date":"2027-01-15","zone":"UTC"}]"#
        let value = try ValueParserTests.parser.value(text, type, field: "deadlines")
        #expect(
            value
                == .array([
                    .array([.text("full"), .date("2027-03-01"), .null]),
                    .array([.text("concept"), .date("2027-01-15"), .text("UTC")]),
                ]))
        #expect(
            ValueRendering.document(value, type)
                == .array([
                    .pairs(["stage": .string("full"), "date": .string("2027-03-01"), "zone": .null]),
                    .pairs(["stage": .string("concept"), "date": .string("2027-01-15"), "zone": .string("UTC")]),
                ]))
    }

    @Test(arguments: [
        #"[{"stage":"full"}]"#, #"[{"date":"2027-03-01"}]"#, #"[{"stage":"full","date":"2027-03-01","hour":"9"}]"#,
        #"{"stage":"full","date":"2027-03-01"}"#, #"[["full","2027-03-01"]]"#, "[", "full:2027-03-01", "[{}]",
        #"[{"stage":"full","date":"tomorrow"}]"#,
    ])
    func wrongGroupsAreRefused(_ text: String) throws {
        let type = try #require(Kind.opportunity.field(named: "deadlines")).type
        #expect(throws: RecordError.self) { try ValueParserTests.parser.value(text, type, field: "deadlines") }
    }

    @Test func partsAscend() throws {
        let type = try #require(Kind.opportunity.field(named: "award")).type
        let parser = ValueParserTests.parser
        let fits = try parser.value(#"{"min":"5000.50","max":90000,"currency":"eur"}"#, type, field: "award")
        #expect(
            fits
                == .array([
                    .decimal(mantissa: 500_050, exponent: -2), .decimal(mantissa: 90_000, exponent: 0), .text("EUR"),
                ]))
        #expect(throws: RecordError.invalidValue(field: "award", reason: "min is greater than max", remedy: nil)) {
            try parser.value(#"{"min":2,"max":"1.99","currency":"EUR"}"#, type, field: "award")
        }
    }
}

@Suite struct CivilTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_827_696, "2000-02-29T12:34:56Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func writesAndReads(_ seconds: Int64, _ text: String) {
        #expect(CivilTime.text(seconds) == text)
        #expect(CivilTime.seconds(text) == seconds)
    }

    @Test func everyDayOfFourHundredYearsReadsBack() {
        // One whole cycle of the calendar, from 1900 on.
        for day in -25_567..<(-25_567 + 146_097) {
            let seconds = Int64(day) * 86_400
            #expect(CivilTime.seconds(CivilTime.text(seconds)) == seconds)
        }
    }

    @Test func extremesAreShownAsTheNearest() {
        #expect(CivilTime.text(.min) == "0001-01-01T00:00:00Z")
        #expect(CivilTime.text(.max) == "9999-12-31T23:59:59Z")
    }
}
