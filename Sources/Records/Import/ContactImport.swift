import Bytes
import Crypto
package import Replica

/// What an import would write, and what it refuses.
package struct ImportPlan: Hashable, Sendable {
    /// A line that cannot be imported.
    package struct Refusal: Hashable, Sendable {
        /// The line of the file on which the row begins, from 1.
        package let line: Int
        package let reason: String
    }

    /// One for each created or updated record, in the order of the file.
    package fileprivate(set) var drafts: [EntryDraft] = []
    package fileprivate(set) var created = 0
    package fileprivate(set) var updated = 0
    package fileprivate(set) var unchanged = 0
    /// The headers of columns that the import does not understand.
    package fileprivate(set) var ignored: [String] = []
    package fileprivate(set) var refused: [Refusal] = []
    /// Whoever waited wanted no more of it: it is not whole.
    package fileprivate(set) var isCancelled = false
}

/// Plans the import of an address book: which contacts are new, and which cells changed.
///
/// A row is the contact with the same UID, else with its first e-mail address in any case, else with exactly its
/// display name and organisation; several such contacts refuse the row. An import only adds and changes: empty cells
/// and members that a set has besides are left alone.
package struct ContactImport {
    private let editor: RecordEditor
    private let kind = Kind.contact
    private let book: ContactBook
    private var plan = ImportPlan()
    private var takenKeys: [ContactBook.Key: Int] = [:]
    private var takenRecords: [ShortID: Int] = [:]

    /// Plans the import of a text.
    /// - Parameters:
    ///   - existing: all contacts of the space; deleted ones never match.
    ///   - watcher: is told of every row, and may end the work.
    /// - Throws: `CSVError` when the text is no table or has no column that names people.
    package static func plan(
        _ text: String, existing: [RecordState], editor: RecordEditor, watcher: Watcher = { _ in true }
    ) throws(CSVError) -> ImportPlan {
        let rows = try CSVReader.rows(text)
        guard let header = rows.first else { throw CSVError(line: 1, reason: "the file is empty") }
        let columns = header.cells.map { ContactColumn(header: $0) }
        guard columns.contains(where: { [.display, .given, .family].contains($0) }) else {
            throw CSVError(line: header.line, reason: "no column is called Display name, Given name or Family name")
        }
        var planner = ContactImport(editor: editor, book: ContactBook(existing))
        planner.plan.ignored = zip(header.cells, columns).filter { $1 == nil && !$0.isEmpty }.map(\.0)
        for (index, row) in rows.enumerated().dropFirst() {
            guard watcher(WorkProgress("reading rows", done: index - 1, of: rows.count - 1)) else {
                planner.plan.isCancelled = true
                return planner.plan
            }
            if row.cells.count > columns.count {
                planner.refuse(row.line, "it has \(row.cells.count) cells, and the header has \(columns.count)")
                continue
            }
            planner.take(ContactRow(row, columns))
        }
        return planner.plan
    }

    private init(editor: RecordEditor, book: ContactBook) {
        self.editor = editor
        self.book = book
    }

    private mutating func refuse(_ line: Int, _ reason: String) {
        plan.refused.append(.init(line: line, reason: reason))
    }

    private mutating func take(_ row: ContactRow) {
        guard !row.display.isEmpty else { return refuse(row.line, "it names nobody") }
        if let column = row.doubled {
            return refuse(row.line, "two columns that mean \(column.headers[0]) have different values")
        }
        let hits = book.matches(row)
        guard hits.count <= 1 else {
            let ids = hits.map { $0.id.hex.prefix(8) }.joined(separator: ", ")
            return refuse(row.line, "\(hits.count) contacts could be meant: \(ids)")
        }
        if let earlier = hits.first.flatMap({ takenRecords[$0.id] }) ?? takenKeys[row.keys[0]] {
            return refuse(row.line, "it is the same contact as line \(earlier)")
        }
        do {
            if let state = hits.first {
                takenRecords[state.id] = row.line
                if let draft = try update(state, row) {
                    plan.drafts.append(draft)
                    plan.updated += 1
                } else {
                    plan.unchanged += 1
                }
            } else {
                plan.drafts.append(try editor.create(kind, row.registers + row.members + row.affiliation(known: nil)))
                plan.created += 1
            }
            takenKeys[row.keys[0]] = row.line
        } catch {
            refuse(row.line, error.message)
        }
    }

    private func update(_ state: RecordState, _ row: ContactRow) throws(RecordError) -> EntryDraft? {
        var operations = try editor.set(state, row.registers.filter { !isAmongDisputed($0, state) })?.operations ?? []
        operations += try editor.add(state, newMembers(state, row))?.operations ?? []
        operations += try affiliation(state, row)
        return editor.draft(state, operations)
    }

    /// The members of the row but for e-mail addresses that the contact has in another case.
    private func newMembers(_ state: RecordState, _ row: ContactRow) -> [Assignment] {
        let known = ContactBook.emails(state)
        return row.members.filter { $0.field != "emails" || !known.contains($0.text.lowercased()) }
    }

    /// Whether the cell says what one of the disputed values says: then the file decides nothing.
    private func isAmongDisputed(_ assignment: Assignment, _ state: RecordState) -> Bool {
        guard let field = kind.field(named: assignment.field), let reading = state.reading(field), reading.needsDecision
        else { return false }
        let place =
            if case .group(let group) = field.type {
                group.parts.firstIndex { $0.name == assignment.key }
            } else { Int?.none }
        return reading.present.contains { operation in
            switch operation.value {
            case .present(.text(let text)): text == assignment.text
            case .present(.array): place.map { ContactBook.part(operation, $0) } == assignment.text
            default: false
            }
        }
    }

    /// Adds the organisation, or changes the title in the only affiliation to it.
    private func affiliation(_ state: RecordState, _ row: ContactRow) throws(RecordError) -> [OperationDraft] {
        guard !row.organisation.isEmpty, let field = kind.field(named: "affiliations") else { return [] }
        let present = state.reading(field)?.present ?? []
        let same = present.filter { ContactBook.organisation($0) == row.organisation }
        let titles = same.map { ContactBook.part($0, 1) }
        if !same.isEmpty, row.jobTitle.isEmpty || titles.contains(row.jobTitle) { return [] }
        let old = same.count == 1 ? same.first : nil
        var operations = try editor.add(state, row.affiliation(known: old))?.operations ?? []
        if let old { operations += editor.removals(field, [old]) }
        return operations
    }
}
