import Bytes
import Crypto
import Records
import Replica

/// One table of the meeting pack: the same rows as JSON, on the page and as a file of comma-separated values.
struct PackTable {
    /// A column.
    struct Column {
        /// The member of each row in JSON.
        let name: String
        let label: Label

        init(_ name: String, _ label: Label) {
            self.name = name
            self.label = label
        }
    }

    /// A record with what people call it.
    struct Named: Hashable {
        let id: ShortID
        let name: String?
    }

    /// A word that is stored, with its labels where this version knows it.
    struct Coded: Hashable {
        let word: String
        let label: Label?

        func text(_ language: String) -> String { label?.text(language) ?? word }
    }

    /// What stands in a row below a column.
    enum Cell: Hashable {
        case nothing
        /// What people wrote, and in which language if that is known.
        case text(String, language: String?)
        case code(Coded)
        case codes([Coded])
        /// `YYYY-MM-DD`.
        case day(String)
        case number(Int64)
        case flag(Bool)
        case record(Named)
        case records([Named])
        /// The id of the row's own record.
        case id(ShortID)
        /// http or https.
        case link(String)
    }

    /// The member of the answer, and the name of the file.
    let name: String
    let heading: Label
    let columns: [Column]
    var rows: [[Cell]] = []
    /// Whether rows with the same first cell stand together on the page, below it.
    var isGrouped = false

    init(_ name: String, _ heading: Label, _ columns: [Column], isGrouped: Bool = false) {
        self.name = name
        self.heading = heading
        self.columns = columns
        self.isGrouped = isGrouped
    }

    /// The rows as objects.
    var document: Document {
        .array(rows.map { row in .object(zip(columns, row).map { .init($0.name, $1.document) }) })
    }

    /// How many rows, or how much in the column `total`, are of each organisation in the column `org`; what was
    /// declined does not count.
    var countByOrganisation: [ShortID: Int64] {
        guard let place = columns.firstIndex(where: { $0.name == "org" }) else { return [:] }
        let total = columns.firstIndex { $0.name == "total" }
        let declined = columns.firstIndex { $0.name == "declined" }
        var counts: [ShortID: Int64] = [:]
        for row in rows {
            guard case .record(let organisation) = row[place] else { continue }
            if let declined, row[declined] != .nothing { continue }
            var count: Int64 = 1
            if let total, case .number(let number) = row[total] { count = number }
            counts[organisation.id, default: 0] += count
        }
        return counts
    }

    /// The rows as a file, with the columns' labels on top.
    func csv(_ language: String) -> [UInt8] {
        CSVWriter.bytes(columns.map { $0.label.text(language) }, rows.map { row in row.map { $0.text(language) } })
    }
}

extension PackTable.Cell {
    /// What stands in JSON: words and ids as they are stored.
    var document: Document {
        switch self {
        case .nothing: .null
        case .text(let text, _), .day(let text), .link(let text): .string(text)
        case .code(let code): .string(code.word)
        case .codes(let codes): .strings(codes.map(\.word))
        case .number(let number): .int(number)
        case .flag(let flag): .bool(flag)
        case .record(let named): named.id.document
        case .records(let all): .ids(all.map(\.id))
        case .id(let id): id.document
        }
    }

    /// What people read.
    func text(_ language: String) -> String {
        switch self {
        case .nothing: ""
        case .text(let text, _), .day(let text), .link(let text): text
        case .code(let code): code.text(language)
        case .codes(let codes): codes.map { $0.text(language) }.joined(separator: "; ")
        case .number(let number): String(number)
        case .flag(let flag): (flag ? Heading.yes : Heading.no).text(language)
        case .record(let named): named.shown
        case .records(let all): all.map(\.shown).joined(separator: "; ")
        case .id(let id): id.hex
        }
    }

    /// Texts that nobody wrote are nothing.
    static func text(_ text: String?) -> PackTable.Cell { text.map { .text($0, language: nil) } ?? .nothing }

    static func day(_ day: String?) -> PackTable.Cell { day.map { PackTable.Cell.day($0) } ?? .nothing }

    static func number(_ number: Int64?) -> PackTable.Cell { number.map { PackTable.Cell.number($0) } ?? .nothing }
}

extension PackTable.Named {
    /// The name, else the beginning of the id.
    var shown: String { name ?? String(id.hex.prefix(8)) }
}
