import Records
import Testing

@Suite struct CSVReaderTests {
    private func cells(_ text: String) throws -> [[String]] { try CSVReader.rows(text).map(\.cells) }

    @Test(arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"])
    func delimitersAndLineBreaksAreFound(_ delimiter: String, _ lineBreak: String) throws {
        let text = ["a,b,c", "1,\"x\(delimiter)y\",", "2,,3"].map { $0.replacing(",", with: delimiter) }
            .joined(separator: lineBreak)
        #expect(try cells(text) == [["a", "b", "c"], ["1", "x\(delimiter)y", ""], ["2", "", "3"]])
        #expect(try cells("\u{FEFF}" + text + lineBreak) == cells(text))
    }

    @Test func delimitersInsideQuotesDoNotCount() throws {
        #expect(try cells("\"a,b,c\";d\n1;2") == [["a,b,c", "d"], ["1", "2"]])
    }

    @Test func quotesAndLinesInsideCells() throws {
        let rows = try CSVReader.rows("a,b\n\"one\r\ntwo\",\"say \"\"hi\"\"\"\n\nlast,\"\"\n")
        #expect(rows.map(\.cells) == [["a", "b"], ["one\ntwo", "say \"hi\""], ["last", ""]])
        #expect(rows.map(\.line) == [1, 2, 5])
    }

    @Test func oneColumnAndNoText() throws {
        #expect(try cells("name\nAmina") == [["name"], ["Amina"]])
        #expect(try cells("") == [])
        #expect(try cells("\n\r\n") == [])
    }

    @Test(arguments: [("a,b\n1,\"x", 2), ("a\n\"x\ny\" z\n", 3), ("\"", 1), ("a\n\"1\"2,3", 2)])
    func brokenQuotesNameTheirLine(_ text: String, _ line: Int) {
        #expect {
            try CSVReader.rows(text)
        } throws: { ($0 as? CSVError)?.line == line }
    }

    @Test func linesThatAreNotTextAreFound() {
        #expect(CSVReader.firstLineThatIsNotText([0x61, 0x0A, 0xE9, 0x0A]) == 2)
        #expect(CSVReader.firstLineThatIsNotText(Array("é\nأ".utf8)) == nil)
    }
}
