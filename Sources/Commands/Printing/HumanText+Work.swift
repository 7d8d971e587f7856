import Bytes
import Records

/// What waits for a person, and what was taken back.
extension HumanText {
    // MARK: Conflicts

    /// By who is responsible, in the order in which they first appear.
    func conflicts(_ document: Document) -> [String] {
        let open = (document["conflicts"]?.items ?? []).map { ($0["responsible"] ?? .null, conflict($0)) }
        let contested = (document["contested"]?.items ?? []).map { ($0["responsible"] ?? .null, contest($0)) }
        var groups: [(who: Document, lines: [String])] = []
        for (who, lines) in open + contested {
            if let index = groups.firstIndex(where: { $0.who == who }) {
                groups[index].lines += lines
            } else {
                groups.append((who, lines))
            }
        }
        return groups.flatMap { group in
            let isNobody = group.who.items?.isEmpty ?? true
            return [isNobody ? "for nobody in particular" : "for \(inline(group.who))"] + group.lines.map { "  " + $0 }
        }
    }

    private func conflict(_ document: Document) -> [String] {
        let field = document["field"]?.text ?? ""
        let title = terminal.emphasised("\(heading(document)): \(Printable.line(field))", .undecided)
        let kind = schema.kinds.first { $0.name == document["kind"]?.text }
        let behaves = document["behavesAs"]?.text.map {
            ["  behaves as \(Printable.line($0)) until somebody decides"]
        }
        return [title] + values(document["values"] ?? .null, indentation: "  ", type: type(ofField: field, kind))
            + (behaves ?? [])
    }

    private func contest(_ document: Document) -> [String] {
        [terminal.emphasised("\(heading(document)): deleted while others wrote to it", .undecided)]
            + (document["deletes"]?.items ?? []).map { "  " + origin($0) }
    }

    // MARK: Undo and why

    func undo(_ document: Document) -> [String] {
        let entry = document["entry"] ?? .null
        let title = entry == .null ? ["\(short(document["id"])) stays as it is"] : changed(document)
        let undone = (document["undone"]?.items ?? []).map { "  " + change($0) }
        let left = (document["left"]?.items ?? []).map { rest in
            "  left \(Printable.line(rest["field"]?.text ?? "")): \(Printable.line(rest["why"]?.text ?? ""))"
        }
        return title + undone + left
    }

    /// `set country: SN`, or `restore`.
    private func change(_ document: Document) -> String {
        let verb = document["operation"]?.text ?? ""
        if verb == "restore" || verb == "delete" { return verb }
        let field = Printable.line(document["field"]?.text ?? "")
        let value = document["value"] ?? .null
        return "\(verb) \(field)" + (value == .null ? "" : ": \(inline(value))")
    }

    func why(_ document: Document) -> [String] {
        func told(_ operations: Document?, _ indentation: String) -> [String] {
            (operations?.items ?? []).flatMap { operation -> [String] in
                let value = operation["value"] ?? .null
                let text = (operation["operation"]?.text ?? "") + (value == .null ? "" : " \(inline(value))")
                let reason = operation["because"]?.text.map { ["\(indentation)  because: \(people($0))"] }
                return ["\(indentation)\(text)", "\(indentation)  \(origin(operation))"] + (reason ?? [])
            }
        }
        var lines = ["\(heading(document)): \(Printable.line(document["field"]?.text ?? ""))"]
        lines += told(document["written"], "  ")
        let beside = told(document["beside"], "    ")
        if !beside.isEmpty {
            let isHard = document["conflict"]?.text == "hard"
            lines += [isHard ? "  in conflict with" : "  beside it, and not shown"] + beside
        }
        let before = told(document["before"], "    ")
        return lines + (before.isEmpty ? [] : ["  before"] + before)
    }

    // MARK: Merges

    func merge(_ document: Document) -> [String] {
        let merged = document["merged"]?.items ?? []
        guard document["id"] != nil else {
            let groups = document["groups"]?.number ?? 0
            return ["merged \(merged.count) into \(groups)"]
                + Printable.table(
                    ["survivor", "id", "entry"],
                    merged.map { [inline($0["survivor"] ?? .null), short($0["id"]), short($0["entry"])] })
        }
        guard !merged.isEmpty else { return ["\(short(document["id"])) stands for them already"] }
        return ["\(short(document["id"])) stands for \(merged.count) more"]
            + merged.map { "  \(short($0["id"]))  entry \(short($0["entry"]))" }
    }

    func unmerge(_ document: Document) -> [String] {
        (document["unmerged"]?.items ?? []).map {
            "\(short($0["id"])) stands for itself again, entry \(short($0["entry"]))"
        }
    }

    /// What `show` says of records that count as one.
    func mergers(_ document: Document, of kind: Kind?) -> [String] {
        if let root = document["mergedInto"] { return ["  counts as \(inline(root))"] }
        guard let others = document["mergedFrom"] else { return [] }
        let own = document["fields"]?.members ?? []
        let filled = (document["combined"]?.members ?? []).filter { !own.contains($0) }
        let title = "  stands for \(inline(others)) too"
        guard !filled.isEmpty else { return [title] }
        return [title + ", with whom it holds:"] + fields(filled, of: kind).map { "  " + $0 }
    }

    /// What a list says of them.
    func mergeNotes(_ document: Document) -> [String] {
        if let root = document["mergedInto"] { return ["merged into \(short(root))"] }
        return document["mergedFrom"]?.items.map { ["stands for \($0.count) more"] } ?? []
    }
}
