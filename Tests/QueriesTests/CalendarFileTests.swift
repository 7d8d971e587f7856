import Bytes
import Crypto
import Foundation
import Testing

@testable import Queries

@Suite struct CalendarFileTests {
    private func event(_ summary: String, _ change: (inout CalendarFile.Event) -> Void = { _ in }) -> String {
        var event = CalendarFile.Event(
            uid: "a@liaison", span: .day("2027-03-01"), stamp: 0, sequence: 3, summary: summary)
        change(&event)
        return String(decoding: CalendarFile.bytes([event], name: "x", language: "fr"), as: UTF8.self)
    }

    @Test func textsAreEscaped() {
        let calendar = event("a\\b;c,d:e\r\nf\ng\u{7}h\ti\u{2028}j\"k")
        #expect(calendar.contains("\r\nSUMMARY;LANGUAGE=fr:a\\\\b\\;c\\,d:e\\nf\\ngh i\\nj\"k\r\n"))
    }

    @Test func longLinesAreFoldedBetweenCharacters() throws {
        // 20 octets stand before the text; each letter has two, so that the 75th would cut one.
        let text = String(repeating: "é", count: 70)
        let lines = event(text).split(separator: "\r\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.hasPrefix("SUMMARY") })
        let folded = lines[first...].prefix(3)
        #expect(folded.map(\.utf8.count) == [74, 75, 13])
        #expect(lines[first] == "SUMMARY;LANGUAGE=fr:" + String(repeating: "é", count: 27))
        #expect(lines[first + 1] == " " + String(repeating: "é", count: 37))
        #expect(lines[first + 2].hasPrefix(" éé"))
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        // Exactly 75 octets stay on one line.
        #expect(
            event(String(repeating: "x", count: 55)).contains(
                "\r\nSUMMARY;LANGUAGE=fr:\(String(repeating: "x", count: 55))\r\n"))
    }

    @Test func timesAreInUTCAndNothingBreaksThem() {
        let calendar = event("x") { event in
            event.span = .time(start: 1_800_000_000, end: 1_800_003_600)
            event.stamp = .min
            event.sequence = -4
            event.status = .cancelled
        }
        #expect(calendar.contains("DTSTART:20270115T080000Z\r\nDTEND:20270115T090000Z\r\n"))
        #expect(calendar.contains("DTSTAMP:00010101T000000Z\r\nSEQUENCE:0\r\nSTATUS:CANCELLED\r\n"))
        let instant = event("x") { $0.span = .time(start: 5, end: 5) }
        #expect(!instant.contains("DTEND"))
    }

    @Test func linksThatCouldEndALineAreLeftOut() {
        #expect(event("x") { $0.link = "https://example.org/a?b=1" }.contains("\r\nURL:https://example.org/a?b=1\r\n"))
        for link in ["https://example.org/\r\nATTACH:x", "javascript:x", "https://example.org/ä", "https://a b"] {
            #expect(!event("x") { $0.link = link }.contains("URL:"))
        }
    }

    /// Another implementation reads what was written.
    @Test func anotherImplementationReadsTheSame() throws {
        let summary = "Größe; \\ \"نص\", 会议 \u{1F4C5} " + String(repeating: "ab é 中 ", count: 30)
        let calendar = event(summary) { event in
            event.description = "first\nsecond, third"
            event.location = "Dakar; Sénégal"
            event.link = "https://example.org/x"
            event.categories = ["A, B", "C"]
        }
        let script = """
            import sys, json, icalendar
            calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
            event = calendar.walk('VEVENT')[0]
            print(json.dumps([str(event['SUMMARY']), str(event['DESCRIPTION']), str(event['LOCATION']),
                str(event['URL']), event.decoded('DTSTART').isoformat(), int(event['SEQUENCE']), str(event['STATUS']),
                event['SUMMARY'].params['LANGUAGE'], [str(c) for c in event['CATEGORIES'].cats], str(event['UID']),
                len(calendar.walk('VEVENT'))]))
            """
        let output = try Python.run(script, input: calendar)
        let read = try JSONReader.read(output)
        #expect(
            read
                == .array([
                    .string(summary), .string("first\nsecond, third"), .string("Dakar; Sénégal"),
                    .string("https://example.org/x"), .string("2027-03-01"), .int(3), .string("CONFIRMED"),
                    .string("fr"), .strings(["A, B", "C"]), .string("a@liaison"), .int(1),
                ]))
    }

    @Test func theCalendarsOfQueriesAreReadByAnotherImplementation() throws {
        let network = try ReviewNetwork()
        let deadlines = try network.store.ask(
            Deadlines.self, options: [(name: "ics", value: nil)], today: "2026-01-01", language: "ar")
        let pack = try network.store.ask(
            MeetingPack.self, options: [(name: "directory", value: "x")], today: ReviewNetwork.today)
        let script = """
            import sys, icalendar
            calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
            events = calendar.walk('VEVENT')
            for event in events:
                assert not event.errors, event.errors
                assert event['DTSTAMP'].dt.utcoffset().total_seconds() == 0
            assert len({str(event['UID']) for event in events}) == len(events)
            print(len(events), calendar['PRODID'])
            """
        let count = try deadlines.rows("deadlines", "id").count
        #expect(count > 5)
        let settled = 1  // The action that is done, on a day to come.
        #expect(
            try Python.run(script, input: deadlines.file(nil))
                == "\(count + settled) -//liaison//liaison 0.1.0//EN\n")
        #expect(try Python.run(script, input: pack.file("meeting.ics")) == "1 -//liaison//liaison 0.1.0//EN\n")
    }
}

/// The Python of the tests, for what another implementation says.
enum Python {
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What a script prints.
    static func run(_ script: String, input: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["LIAISON_PYTHON"]
        let python = named.map { URL(filePath: $0) } ?? root.appending(path: ".venv/bin/python3")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw Failure(description: "no Python at \(python.path): run Scripts/setup, or set LIAISON_PYTHON")
        }
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", script]
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "the script ended with \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self)
    }
}
