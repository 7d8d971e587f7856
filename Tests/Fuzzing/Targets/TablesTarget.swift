import Bytes
import Crypto
import Records
import Replica
import Store

/// Files that are imported: tables of comma-separated values, and address books.
package struct TablesTarget: FuzzTarget {
    package static let name = "tables"

    private let contacts: [RecordState]

    package init() throws {
        var contacts: [RecordState] = []
        let store = try SmallNetwork(KeyRing()).stores[2]
        try RecordAccess(store, time: 0).forEach(kind: Kind.contact.number) { contacts.append($0) }
        self.contacts = contacts
    }

    package mutating func run(_ input: [UInt8]) throws {
        guard let text = String(validating: input, as: UTF8.self) else {
            let line = CSVReader.firstLineThatIsNotText(input)
            return try require(line != nil && line ?? 0 >= 1, "no line is wrong in a text that is none")
        }
        let rows: [CSVReader.Row]
        do { rows = try CSVReader.rows(text) } catch {
            return try require(error.line >= 1, "a fault on line \(error.line)")
        }
        try require(zip(rows, rows.dropFirst()).allSatisfy { $0.line < $1.line }, "lines do not ascend")
        try writeAgain(rows)
        let editor = RecordEditor(schema: .standard, language: "en") { (_, _) throws(RecordError) in ShortID(1, 1) }
        guard let plan = try? ContactImport.plan(text, existing: contacts, editor: editor) else { return }
        let counted = plan.created + plan.updated + plan.unchanged + plan.refused.count
        try require(counted == rows.count - 1, "\(counted) of \(rows.count - 1) rows were counted")
        try require(plan.drafts.count == plan.created + plan.updated, "\(plan.drafts.count) drafts")
        for draft in plan.drafts {
            try require((1...EntryLimits.operations).contains(draft.operations.count), "a draft's operations")
        }
    }

    /// What this program writes it reads again; cells that a spreadsheet would compute get an apostrophe.
    private func writeAgain(_ rows: [CSVReader.Row]) throws {
        let cells = rows.map { row in row.cells.map { $0.hasPrefix("\u{FEFF}") ? "x" + $0 : $0 } }
        guard let first = cells.first else { return }
        // Where semicolons or tabs are more frequent in the header than commas, it would be read with those.
        guard first.count > 1, first.allSatisfy({ cell in !cell.utf8.contains { [0x3B, 0x09, 0x2C].contains($0) } })
        else { return }
        let bytes = CSVWriter.bytes(first, Array(cells.dropFirst()))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Violation("a table is no text") }
        let again = try CSVReader.rows(text)
        try require(again.count == cells.count, "a table of \(cells.count) rows is read as \(again.count)")
        for (row, cells) in zip(again, cells) {
            try require(row.cells.count == cells.count, "a row changed its length")
            for (one, other) in zip(row.cells, cells) {
                try require(one == other || one == "'" + other, "a cell changed: \(other) became \(one)")
            }
        }
    }

    package static func seeds() -> [[UInt8]] {
        let tables = [
            "Display name,E-mail,Phone,Organisation,Job title,Country\nAmina Ndiaye,A@example.org,,CCMS,Editor,SN\n",
            "\u{FEFF}Nom complet;Courriel;Langues\r\n\"Žagar; Tomaž\";t@example.org;\"sl|fr\"\r\n",
            "Given name\tFamily name\tNative name\tLanguages\rÉmile\tDiop\tإميل\tar\r", "\"open,x\n", "a\"b,c\n",
            "\"a\"b\n", "Name,Name\na,b\n", "Nothing\nx\n", "Name\n\n\nx,y\n",
            "Name,E-mail,E-mail 2\nx,a@b.org,b@b.org\n",
            "Name,UID,ORCID,Availability,Tags,Honorific,Primary email\nX,u1,0000-0002-1825-0097,now,a|b,Dr,a@b.org\n",
            "Name,Expertise\nx,\"radio\n\"\"online\"\"\"\n", "=1,@x\n+1,-2\n", "Name,Phone\nx,+221 33 800 00 00\ny,1\n",
            "Name,Organisation,Title,E-mail\nAmina Ndiaye,CCMS,Director,A@EXAMPLE.org\nAmina Ndiaye,Other,,\n",
            "Name,Organisation,Country\nAmina Ndiaye,CCMS,SN\n", "E-mail,Name,Tags\na@example.org,Amina N.,x\n",
            "Name,Languages,Native name\nTomaž Žagar,sl,Tomaž\nTomaž Žagar,sl;de,\n", "Name,E-mail\n,a@example.org\n",
            "Name,E-mail,E-mail\nx,a@b.org,c@d.org\ny,z\nz,1,2,3\n", "Name,Email,Country\nA,not one,Nowhere\n",
            "Name,E-mail\nAmina Ndiaye,new@example.org\nAmina Ndiaye,new@example.org\n",
        ]
        return tables.map { Array($0.utf8) } + [[0x4E, 0x0A, 0xFF, 0xFE, 0], []]
    }

    package static func large() -> [[UInt8]] {
        let rows = (0..<300).map { "Person \($0),p\($0)@example.org,+221 33 \($0)\n" }.joined()
        let tables = [
            "Name,E-mail,Phone\n" + rows, "Name\n\"" + String(repeating: "x\"\"", count: 20_000) + "\"\n",
            "Name" + String(repeating: ",E-mail", count: 5_000) + "\nx" + String(repeating: ",a@b.org", count: 5_000),
            "Name\n" + String(repeating: "\r", count: 60_000), "Name\n" + String(repeating: "x\n", count: 3_000),
            "Name,Tags\nx," + String(repeating: "t|", count: 20_000), String(repeating: ",", count: 60_000) + "\n",
            "Name,Expertise\nx,\"" + (0..<3_000).map { "topic \($0)" }.joined(separator: "\n") + "\"\n",
        ]
        return tables.map { Array($0.utf8) }
    }
}
