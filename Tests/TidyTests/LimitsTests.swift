import Testing

/// The limits in the code and in `Protocol/08-limits.md` are the same.
@Suite struct LimitsTests {
    private static let table = "Protocol/08-limits.md"

    @Test func everyLimitOfTheCodeStandsInTheSpecification() throws {
        let specified = try specifiedLimits()
        let coded = codedLimits()
        #expect(coded.count > 30)
        for (name, value) in coded.sorted(by: { $0.key < $1.key }) {
            let number = specified[name]
            #expect(number != nil, "\(name) has no line in \(LimitsTests.table)")
            // A value that is no plain number is left to the reader.
            if let value, let number { #expect(number == grouped(value), "\(name)") }
        }
    }

    @Test func theSpecificationNamesNoLimitThatTheCodeLost() throws {
        let coded = codedLimits()
        let types = Set(coded.keys.compactMap { $0.split(separator: ".").first })
        for name in try specifiedLimits().keys.sorted() {
            guard let type = name.split(separator: ".").first, types.contains(type) else { continue }
            #expect(coded.keys.contains(name), "\(name) is in \(LimitsTests.table) only")
        }
    }

    /// The rows of the table: name and number as written.
    private func specifiedLimits() throws -> [String: String] {
        var limits: [String: String] = [:]
        for match in try Tree.read(LimitsTests.table).matches(of: #/\| `(\w+\.\w+)` \| ([^|]+) \|/#) {
            limits[String(match.1)] = String(match.2)
        }
        return limits
    }

    /// The members of all types called `…Limits`; nil where the value is not a number or a shifted one.
    private func codedLimits() -> [String: Int?] {
        var limits: [String: Int?] = [:]
        for file in Tree.swiftSources {
            var type: Substring?
            for line in file.lines {
                // Asked first, as most lines are not worth the pattern.
                if line.contains("Limits"),
                    let match = line.firstMatch(of: #/^(?:package )?(?:enum|struct) (\w+Limits)\b/#)
                {
                    type = match.1
                }
                if line == "}" { type = nil }
                guard let type,
                    let match = line.firstMatch(of: #/^ {4}(?:package )?(?:static let|var) (\w+)(?:: [^=]+)? = (.+)$/#)
                else { continue }
                limits["\(type).\(match.1)"] = .some(value(of: match.2))
            }
        }
        return limits
    }

    private func value(of expression: Substring) -> Int? {
        let plain = expression.filter { $0 != "_" }
        guard let match = plain.wholeMatch(of: #/(\d+)(?: << (\d+))?/#), let number = Int(match.1) else { return nil }
        return number << (match.2.flatMap { Int($0) } ?? 0)
    }

    /// A number as the specification writes it: 65,536.
    private func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text = "," + text }
            text = String(digit) + text
        }
        return text
    }
}
