import Crypto
import Records

/// Writes the meeting pack as one HTML page that needs nothing else: for the screen, for paper, in both directions of
/// writing.
///
/// Everything that people wrote is escaped, and stands in an element of its own with its own direction.
struct PackPage {
    private var bytes: [UInt8] = []
    private let language: String

    private init(_ language: String) { self.language = language }

    /// The page of a pack.
    static func bytes(_ pack: MeetingPack.Pack) -> [UInt8] {
        var page = PackPage(pack.language)
        page.write(pack)
        return page.bytes
    }

    private mutating func write(_ pack: MeetingPack.Pack) {
        // The tag of the labels, which is not that of the pack where a language has none.
        let labels = Label.languages.first { $0 == language.prefix { $0 != "-" } } ?? "en"
        let title = pack.title?.text ?? Heading.pack.text(language)
        raw("<!DOCTYPE html>\n<html lang=\"\(labels)\" dir=\"\(labels == "ar" ? "rtl" : "ltr")\">\n<head>\n")
        raw("<meta charset=\"utf-8\">\n")
        raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
        raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        raw("<meta name=\"generator\" content=\"liaison \(Program.version)\">\n<title>")
        text(title)
        raw("</title>\n<style>\n\(PackPage.style)</style>\n</head>\n<body>\n<header>\n<p class=\"k\">")
        text(Heading.pack.text(language))
        raw("</p>\n<h1>")
        isolated(title, pack.title?.language)
        raw("</h1>\n")
        facts(pack.facts)
        raw("</header>\n<nav>\n<h2>")
        text(Heading.contents.text(language))
        raw("</h2>\n<ol>\n")
        for table in pack.tables {
            raw("<li><a href=\"#\(table.name)\">")
            text(table.heading.text(language))
            raw("</a> <span class=\"n\">\(table.rows.count)</span></li>\n")
        }
        raw("</ol>\n</nav>\n<main>\n")
        for table in pack.tables { section(table) }
        raw("</main>\n<footer>\n<h2>")
        text(Heading.provenance.text(language))
        raw("</h2>\n")
        facts(pack.provenance)
        raw("</footer>\n</body>\n</html>\n")
    }

    private mutating func facts(_ facts: [(label: Label, cell: PackTable.Cell)]) {
        raw("<dl>\n")
        for (label, cell) in facts where cell != .nothing {
            raw("<div><dt>")
            text(label.text(language))
            raw("</dt><dd")
            content(cell)
            raw("</dd></div>\n")
        }
        raw("</dl>\n")
    }

    private mutating func section(_ table: PackTable) {
        raw("<section id=\"\(table.name)\">\n<h2>")
        text(table.heading.text(language))
        raw("</h2>\n")
        defer { raw("</section>\n") }
        guard !table.rows.isEmpty else {
            raw("<p class=\"n\">")
            text(Heading.nothing.text(language))
            return raw("</p>\n")
        }
        let first = table.isGrouped ? 1 : 0
        raw("<table>\n<thead>\n<tr>")
        for column in table.columns.dropFirst(first) {
            raw("<th scope=\"col\">")
            text(column.label.text(language))
            raw("</th>")
        }
        raw("</tr>\n</thead>\n<tbody>\n")
        var group: PackTable.Cell?
        for row in table.rows {
            if table.isGrouped, row[0] != group {
                group = row[0]
                raw("<tr class=\"g\"><th scope=\"rowgroup\" colspan=\"\(table.columns.count - 1)\"")
                content(row[0] == .nothing ? .text("—", language: nil) : row[0])
                raw("</th></tr>\n")
            }
            raw("<tr>")
            for cell in row.dropFirst(first) {
                raw("<td")
                content(cell)
                raw("</td>")
            }
            raw("</tr>\n")
        }
        raw("</tbody>\n</table>\n")
    }

    /// What a cell adds to the opening tag that was begun, the end of the tag, and its content.
    ///
    /// What people wrote has its own direction inside, while the cell keeps that of the page: so columns stay even.
    private mutating func content(_ cell: PackTable.Cell) {
        switch cell {
        case .nothing: raw(">")
        case .text(let words, let tag):
            raw(">")
            isolated(words, tag)
        case .record(let named):
            raw(">")
            isolated(named.shown, nil)
        case .records(let all):
            raw(">")
            for (index, named) in all.enumerated() {
                if index > 0 { raw("; ") }
                isolated(named.shown, nil)
            }
        case .link(let address):
            raw("><bdi dir=\"ltr\">")
            if PackPage.isLink(address) {
                raw("<a")
                attribute("href", address)
                raw(">")
                text(address)
                raw("</a>")
            } else {
                text(address)
            }
            raw("</bdi>")
        case .id(let id): raw(" class=\"i\">\(id.hex.prefix(8))")
        case .number(let number): raw(" class=\"d\">\(number)")
        case .day(let day):
            raw(" class=\"d\">")
            text(day)
        case .code, .codes, .flag:
            raw(">")
            text(cell.text(language))
        }
    }

    /// Appends what people wrote, in a direction of its own.
    private mutating func isolated(_ words: String, _ tag: String?) {
        raw("<bdi")
        if let tag { attribute("lang", tag) }
        raw(">")
        text(words)
        raw("</bdi>")
    }

    private static func isLink(_ address: String) -> Bool {
        address.hasPrefix("https://") || address.hasPrefix("http://")
    }

    /// Appends what is markup.
    private mutating func raw(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    private mutating func attribute(_ name: String, _ value: String) {
        raw(" \(name)=\"")
        text(value)
        raw("\"")
    }

    /// Appends what people wrote.
    ///
    /// Controls are left out, as HTML has none of them.
    private mutating func text(_ words: String) {
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"": raw("&quot;")
            case "'": raw("&#39;")
            case "\n": raw("\n")
            case "\t": raw(" ")
            default:
                // Overrides and isolates of direction would reach beyond the words that they stand in.
                let turns = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                if scalar.value >= 0x20, !(0x7F..<0xA0).contains(scalar.value), !turns {
                    bytes.append(contentsOf: scalar.utf8)
                }
            }
        }
    }

    /// Logical properties only, so that one sheet serves both directions.
    private static let style = """
        :root { color-scheme: light; }
        body { font: 10.5pt/1.4 "Noto Sans", "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans CJK SC", "DejaVu Sans",
          system-ui, sans-serif; color: #111; background: #fff; max-width: 90rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.9em; line-height: 1.2; margin: 0 0 .6em; }
        h2 { font-size: 1.25em; margin: 1.8em 0 .5em; padding-bottom: .15em; border-bottom: 2px solid #225; }
        .k { margin: 0; color: #555; letter-spacing: .02em; }
        .n { color: #555; }
        dl { display: flex; flex-wrap: wrap; gap: .3em 2em; margin: 0; }
        dt { font-size: .85em; color: #555; }
        dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
        nav ol { columns: 2; margin: 0; padding-inline-start: 1.6em; }
        a { color: #113a7a; }
        table { border-collapse: collapse; width: 100%; font-size: .92em; }
        th, td { text-align: start; vertical-align: top; padding: .25em .5em; border-bottom: 1px solid #ccc;
          overflow-wrap: break-word; white-space: pre-line; }
        thead th { border-bottom: 1.5px solid #225; font-weight: 600; }
        .g th { background: #eef1f6; padding-top: .45em; }
        .d { font-variant-numeric: tabular-nums; white-space: nowrap; }
        .i { font-family: "DejaVu Sans Mono", monospace; font-size: .85em; color: #555; white-space: nowrap; }
        footer { margin-top: 2.5em; font-size: .85em; }
        footer dd { direction: ltr; font-family: "DejaVu Sans Mono", monospace; }
        @page { size: A4 landscape; margin: 14mm; }
        @media print {
          body { max-width: none; padding: 0; font-size: 9pt; }
          nav { break-after: page; }
          thead { display: table-header-group; }
          tr, dl > div { break-inside: avoid; }
          h2, .g { break-after: avoid; }
          a { color: inherit; text-decoration: none; }
        }

        """
}
