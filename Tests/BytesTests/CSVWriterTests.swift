import Bytes
import Testing

@Suite struct CSVWriterTests {
    private func text(_ rows: [[String]]) -> String {
        String(decoding: CSVWriter.bytes(["a", "b"], rows).dropFirst(3), as: UTF8.self)
    }

    @Test func cellsAreQuotedWhereTheyMustBe() {
        #expect(CSVWriter.bytes(["a", "b"], []) == [0xEF, 0xBB, 0xBF, 0x61, 0x2C, 0x62, 0x0D, 0x0A])
        #expect(text([["x", "é z"]]) == "a,b\r\nx,é z\r\n")
        #expect(text([["x,y", "say \"no\""]]) == "a,b\r\n\"x,y\",\"say \"\"no\"\"\"\r\n")
        #expect(text([["x\ny", "\r"]]) == "a,b\r\n\"x\ny\",\"'\r\"\r\n")
        #expect(text([["", ""]]) == "a,b\r\n,\r\n")
    }

    @Test func nothingIsComputed() {
        for cell in ["=1+1", "@SUM(A1)", "+cmd", "-2+3", "\tx"] {
            #expect(text([[cell, ""]]) == "a,b\r\n\"'\(cell)\",\r\n")
        }
        // Numbers are no formulas.
        #expect(text([["-12.50", "+221"]]) == "a,b\r\n-12.50,+221\r\n")
        #expect(text([["=\"x\"", ""]]) == "a,b\r\n\"'=\"\"x\"\"\",\r\n")
    }
}
