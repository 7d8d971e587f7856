import Records

/// The manual: a page for the program, one for each group of commands, one for the kinds of records.
struct ManPages {
    private let table: CommandTable
    private let help: Help

    init(_ table: CommandTable) {
        self.table = table
        help = Help(table)
    }

    private static let kindsName = "liaison-kinds"
    private static let formsName = "liaison-forms"

    private static func name(_ group: Command.Group) -> String { "liaison-" + group.name }

    /// All pages, that of the program first.
    var all: [ManPage] { [main] + help.groups.map(page) + [kinds, forms] }

    private var names: [String] {
        ["liaison"] + help.groups.map(ManPages.name) + [ManPages.kindsName, ManPages.formsName]
    }

    /// The page of the program.
    var main: ManPage {
        var page = ManPage("liaison", "keep records together with others who write offline")
        page.section("SYNOPSIS")
        for line in [
            ".Nm liaison", ".Ar command ...", ".Op Fl -home Ar dir", ".Op Fl -json | -csv | -porcelain",
            ".Op Fl -section Ar name", ".Op Fl -columns Ar names",
        ] { page.macro(line) }
        page.section("DESCRIPTION")
        page.paragraphs(
            """
            The program keeps records of a network together with others: everybody writes offline, and nodes reconcile \
            when they meet. While a node runs on a home, commands on that home speak to it.
            """)
        for group in help.groups {
            page.paragraph()
            page.paragraphs("To \(group.title), see \(ManPages.name(group))(1):")
            page.list(group.commands.map { ($0.name, $0.summary + ".") })
        }
        page.paragraph()
        page.paragraphs("Each kind of record has commands of its own, see \(ManPages.kindsName)(1).")
        page.section("ENVIRONMENT")
        page.list([
            ("LIAISON_HOME", "The folder of the node, where --home does not name one; else ~/.liaison."),
            (
                "LC_ALL, LC_MESSAGES, LANG",
                "The language of names of countries, languages and currencies, and of labels."
            ),
            ("NO_COLOR", "Nothing is coloured when it is set and not empty."),
            ("COLUMNS", "The width of the terminal, where it does not tell."),
            ("TERM", "With dumb, nothing is coloured or written again."),
        ])
        page.section("FILES")
        page.list([("~/.liaison", "The home: keys, the store, and the socket of a running node.")])
        page.section("EXIT STATUS")
        page.list([
            ("0", "Done."), ("1", "Failed."), ("2", "The command line is wrong."), ("3", "Not found, or ambiguous."),
            ("4", "Not permitted."), ("5", "A person must decide between values."), ("6", "Invalid value."),
            ("7", "No peer could be reached."), ("8", "Something stored is not what was signed."),
        ])
        page.section("EXAMPLES")
        for name in ["init", "new", "sync"] {
            if let command = Command.all.first(where: { $0.name == name }) { page.literal(command.example) }
        }
        page.section("SEE ALSO")
        page.references(names.filter { $0 != "liaison" })
        return page
    }

    private func page(_ group: Command.Group) -> ManPage {
        var page = ManPage(ManPages.name(group), group.title)
        page.section("SYNOPSIS")
        for command in group.commands {
            page.macro(".Nm liaison")
            page.macro(".Ar \(ManPage.argument(String(command.usage.dropFirst("liaison ".count))))")
        }
        page.section("DESCRIPTION")
        for command in group.commands {
            page.subsection(command.name)
            page.paragraphs("\(command.summary.prefix(1).uppercased() + command.summary.dropFirst()).")
            page.paragraph()
            page.paragraphs(command.about)
            page.literal(command.example)
        }
        page.section("SEE ALSO")
        page.references(names.filter { $0 != page.name })
        return page
    }

    private var kinds: ManPage {
        var page = ManPage(ManPages.kindsName, "the kinds of records and their fields")
        page.section("SYNOPSIS")
        for command in CommandTable.generic {
            page.macro(".Nm liaison")
            let rest = command.arguments.hasPrefix("KIND") ? command.arguments.dropFirst(5) : command.arguments[...]
            page.macro(".Ar \(ManPage.argument("kind \(command.name) \(rest)"))")
        }
        page.section("DESCRIPTION")
        page.paragraphs(
            """
            These are the commands on records with the kind before them: a record of another kind is refused. A kind \
            of several words is typed with a hyphen.
            """)
        for kind in table.schema.kinds {
            page.subsection(kind.word)
            page.paragraphs("\(kind.label.english).")
            page.list(
                kind.fields.map { field in
                    let need = Help.need(field)
                    return (
                        field.name, "\(field.label.english): \(Help.form(field))\(need.isEmpty ? "" : "; \(need)")."
                    )
                })
            page.literal(table.commands(on: kind).prefix(2).map(\.example).joined(separator: "\n"))
        }
        page.section("SEE ALSO")
        page.references(names.filter { $0 != page.name })
        return page
    }

    private var forms: ManPage {
        var page = ManPage(ManPages.formsName, "the forms in which answers are printed")
        page.section("DESCRIPTION")
        page.literal(Help.forms)
        page.section("SEE ALSO")
        page.references(names.filter { $0 != page.name })
        return page
    }
}
