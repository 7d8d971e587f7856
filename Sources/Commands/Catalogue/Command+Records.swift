/// The commands on records.
extension Command {
    private static let fieldsAbout = """
        A value is text as typed; field=@FILE reads a file, field=@@x is @x, and field= is empty text. A field with
        several values is repeated, in the order of its elements where it has one. title.fr=… is one language, plain
        title=… the node's own. A group is set by its parts, name.family=… name.given=…, or as JSON, and a list that
        changes as one as JSON: deadlines='[{"stage":"full","date":"2027-03-01","zone":"Europe/Paris"}]'. Dates are
        2027-03-01, times 2027-03-01T09:00:00Z, countries ISO 3166 (SN), languages BCP 47 (fr). A record is named by the
        beginning of its id, or by its whole name or short name where exactly one record is called so: org=CCMS.
        """

    static let writing: [Command] = [
        Command(
            name: "new", arguments: "KIND field=value …", count: 1...1_000, content: .assignments,
            summary: "create a record",
            about: "Creates a record and prints its id.\n" + fieldsAbout,
            example: """
                $ liaison new contact display='Amina Ndiaye' emails=amina@example.org country=SN
                3fa9c1d2
                """),
        Command(
            name: "set", arguments: "ID field=value …", count: 2...1_000, content: .assignments,
            summary: "change fields of a record",
            about: """
                Gives fields new values, all in one entry; a set then has exactly the members given, a list these
                elements in this order, with as few changes as possible. agenda.2=… gives the second element of a list
                another value, sections.2.title=… a part of it. A counter is changed by the difference to what is shown
                here, so what others add at the same time is added too. Values that are shown already are not written
                again. A field whose values are in conflict waits for `liaison resolve`.

                """ + fieldsAbout,
            example: """
                $ liaison set 3fa9c1d2 honorific=Dr name.family=Ndiaye name.given=Amina
                3fa9c1d2 changed by entry 81c07f3e
                """),
        Command(
            name: "unset", arguments: "ID field …", count: 2...1_000, summary: "empty fields of a record",
            about: """
                Takes the value of each field away: of a set or a list all members, of a list also the one with a
                number (agenda.2), of a field with languages the node's own (title) or the one named (title.fr).
                """,
            example: """
                $ liaison unset 3fa9c1d2 honorific
                3fa9c1d2 changed by entry 0be18a27
                """),
        Command(
            name: "add", arguments: "ID field=value …", count: 2...1_000, content: .assignments,
            summary: "add to sets, lists and counters of a record",
            about: """
                Adds members to sets and elements to the end of lists. An add wins over a remove that has not seen it.
                To a counter it adds a number: what several add at the same time is all added.
                """,
            example: """
                $ liaison add 3fa9c1d2 languages=wo
                3fa9c1d2 changed by entry c2d9910f
                """),
        Command(
            name: "remove", arguments: "ID field=value …", count: 2...1_000, content: .assignments,
            summary: "take from sets, lists and counters of a record",
            about: """
                Takes members out of sets, every element with the value out of lists, and a number from counters. What
                others add at the same time stays, and so does an element that somebody edits or moves.
                """,
            example: """
                $ liaison remove 3fa9c1d2 emails=amina@example.org
                3fa9c1d2 changed by entry 6620be41
                """),
        Command(
            name: "move", arguments: "ID field N|VALUE", count: 3...3,
            options: [
                Option("before", "N|VALUE"), Option("after", "N|VALUE"), Option("first"), Option("last"),
            ],
            summary: "move an element of a list",
            about: """
                Moves one element of a list before or after another one, or to either end. Elements are named by their
                number as `liaison show` lists them, counted from 1, or by their value. What others do to the list at
                the same time stays; of two moves of one element the later counts, or else one of them everywhere.
                """,
            example: """
                $ liaison move 51b0c7e2 agenda 3 --before 1
                51b0c7e2 changed by entry 4417da90
                """),
        Command(
            name: "delete", arguments: "ID", count: 1...1, summary: "delete a record",
            about: """
                Deletes a record as it is known here. If somebody else writes to it at the same time, it comes back and
                says so under `contested`.
                """,
            example: """
                $ liaison delete 3fa9c1d2
                3fa9c1d2 changed by entry 9e50c6d8
                """),
        Command(
            name: "restore", arguments: "ID", count: 1...1, summary: "take a deletion back",
            about: "Replaces every deletion of a record that stands.",
            example: """
                $ liaison restore 3fa9c1d2
                3fa9c1d2 changed by entry 17fa02b9
                """),
        Command(
            name: "resolve", arguments: "ID field", count: 2...2,
            options: [Option("keep", "N|ENTRY|both"), Option("value", "V"), Option("because", "TEXT")],
            summary: "decide between values in conflict",
            about: """
                Replaces all values that are left of a field by one: the Nth that `liaison show` lists, counted from 1,
                the one of an entry, or a new value. Where the value is a list `--keep both` keeps the items of all; of
                elements agenda.2 is decided, the second one. The reason stays in the history.
                """,
            example: """
                $ liaison resolve 7c01d9e4 deadlines --keep 2 --because 'checked on the web page'
                7c01d9e4 changed by entry f30a66b5
                """),
        Command(
            name: "import csv", arguments: "FILE", count: 1...1, content: .file,
            options: [Option("kind", "contact", isRequired: true), Option("dry-run"), Option("skip-bad")],
            mainPart: .wholeDocument, isLong: true,
            summary: "import contacts from a table",
            about: """
                Reads UTF-8 with comma, semicolon or tab. Columns, in any order and case: Display name (or Name), Given
                name, Family name, Native name, Honorific, E-mail, Primary e-mail, Phone, Organisation, Job title,
                Country, Languages, Expertise, UID, ORCID, Availability, Tags; French headers such as Prénom, Nom and
                Courriel too. Several e-mail addresses, telephones or languages stand in one cell with ; between them.
                A row is the contact with the same UID, else the same first e-mail address, else the same display
                name and organisation. Only changed cells write; empty cells change nothing. If a line is refused,
                nothing is imported and the exit code is 6, unless --skip-bad leaves such lines out.
                """,
            example: """
                $ liaison import csv Examples/contacts-fictional.csv --kind contact --dry-run
                created    24
                updated    0
                unchanged  0
                ignored    Note
                """),
    ]

    static let reading: [Command] = [
        Command(
            name: "show", arguments: "ID", count: 1...1, options: [Option("labels")], summary: "show a record",
            about: """
                Shows the fields of a record, what is missing, and every value that is in conflict. With --labels each
                field and code has what people call it beside it, in the language of the environment, else the node's.
                """,
            example: """
                $ liaison show 3fa9c1d2
                contact 3fa9c1d2 in net
                  display  Amina Ndiaye
                  emails   amina@example.org
                  missing: name, consent
                """),
        Command(
            name: "list", arguments: "KIND", count: 1...1,
            options: [Option("where", "field=value", isRepeated: true), Option("deleted"), Option("merged")],
            summary: "list the records of a kind",
            about: """
                Lists the records of a kind that hold all of the values given, or with --deleted those that were
                deleted. Records that were merged count as part of another; --merged lists them too.
                """,
            example: """
                $ liaison list contact --where country=SN
                id        name          notes
                3fa9c1d2  Amina Ndiaye  2 missing
                """),
        Command(
            name: "conflicts", arguments: "", count: 0...0, options: [Option("for", "ID|me")],
            summary: "list what a person must decide",
            about: """
                Lists every field with several values, by who is responsible: the owner, lead or organisation that the
                record names, else the organisation that created it. Until somebody decides, a workflow behaves as its
                most cautious state. --for ID lists what waits for a contact, or for an organisation and its contacts;
                --for me what waits for whoever uses this device. Exit code 5 when there are any.
                """,
            example: """
                $ liaison conflicts
                for Sector (a40b77e1)
                  opportunity 7c01d9e4 Water grants: deadlines
                    1  stage full, date 2027-03-01, zone Europe/Paris
                       Sector, paris, 2026-11-02T09:00:00Z, entry 1d00a7c2
                    2  stage full, date 2027-03-15, zone Europe/Paris
                       Institute of Water, dakar, 2026-11-03T10:30:00Z, entry b7719e05
                """),
        Command(
            name: "history", arguments: "ID", count: 1...1, summary: "show who changed a record",
            about: "Shows every entry of a record: who wrote it, when by their own clock, and what it replaced.",
            example: """
                $ liaison history 3fa9c1d2
                81c07f3e  2026-11-02T09:00:00Z  Sector, paris
                  set honorific: Dr
                """),
        Command(
            name: "device list", arguments: "", count: 0...0, summary: "list the devices of the network",
            about: "Lists every device that was admitted, with its name and organisation.",
            example: """
                $ liaison device list
                devices
                  id        name   organisation
                  09c3d5aa  paris  Sector (a40b77e1)
                """),
        Command(
            name: "status", arguments: "", count: 0...0, summary: "say what this node holds and whom it met",
            about: """
                Shows who this node is, and for each space how much it holds, what waits for a decision, what is
                quarantined or not understood, and the digests: two nodes with the same entries print the same
                `frontier` and `state`.
                """,
            example: """
                $ liaison status
                network       Demo (5d2f81c0)
                organisation  Sector (a40b77e1)
                device        paris (09c3d5aa)
                """),
    ]

    static let keeping: [Command] = [
        Command(
            name: "export segments", arguments: "DIR", count: 1...1, content: .folder, isLong: true,
            summary: "write out every stored segment",
            about: """
                Writes the charter, the control entries and one file for each segment, in the explicit form that
                Protocol/ describes. The folder is made if need be; files of an earlier export are replaced.
                """,
            example: "$ liaison export segments backup"),
        Command(
            name: "verify", arguments: "", count: 0...0, isLong: true, summary: "check every stored byte",
            about: """
                Hashes every entry and checks every seal again, rebuilds what is derived aside and compares. Exit code 8
                and a list of what is wrong when anything is.
                """,
            example: """
                $ liaison verify
                ok  yes
                """),
        Command(
            name: "rebuild", arguments: "", count: 0...0, isLong: true,
            summary: "derive everything from the segments again",
            about: "Throws away what is derived from the segments and derives it again.",
            example: "$ liaison rebuild"),
        Command(
            name: "version", arguments: "", count: 0...0, summary: "print the version of the program and its formats",
            about: "Prints the version of the program and of each form that it writes and reads.",
            example: """
                $ liaison version
                version  0.1.0
                formats  charter 1, header 1, segment 1, handshake 1, protocol 1, store 2
                """),
        completion, man, help,
    ]

    static let completion = Command(
        name: "completion", arguments: "SHELL", count: 1...1,
        summary: "print what completes commands in bash, zsh or fish",
        about: """
            Prints a script for bash, zsh or fish. It completes commands, options, kinds, fields, codes, and records by
            the beginning of their id or of a word of their name. In ~/.bashrc: source <(liaison completion bash). In
            ~/.zshrc, after compinit: source <(liaison completion zsh). In ~/.config/fish/config.fish:
            liaison completion fish | source.
            """,
        example: """
            $ liaison completion bash
            # Completion of liaison for bash: source <(liaison completion bash)
            """)

    static let man = Command(
        name: "man", arguments: "", count: 0...0, options: [Option("directory", "DIR")],
        summary: "print the manual pages",
        about: """
            Prints liaison(1), or with --directory writes it and one page for each group of commands and for the kinds
            of records, in the form of mdoc(7).
            """,
        example: """
            $ liaison man --directory /usr/local/share/man/man1
            liaison.1
            liaison-begin.1
            """)

    static let help = Command(
        name: "help", arguments: "[COMMAND]", count: 0...2, summary: "explain a command",
        about: """
            Lists the commands, or explains one of them, one of the groups in which they are listed, or a kind of
            records.
            """,
        example: "$ liaison help peer add")
}
