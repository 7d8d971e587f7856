/// The commands on what waits for a person: mending, taking back, and records that are there twice.
extension Command {
    static let working: [Command] = [
        Command(
            name: "violations", arguments: "", count: 0...0,
            options: [Option("kind", "KIND"), Option("rule", "RULE"), Option("at", "DATE")],
            summary: "list what arrived and breaks a rule",
            about: """
                Lists what merging let through and the table of kinds forbids: nothing that arrives is refused. Rules
                are value (none that the field can hold), order (of two parts the first is greater), reference (an id
                that names no record that is here), fixed (several values where the first stays), unique, sum, frozen
                (changed after it was adopted), any-of, pair (a pair record that names other records than its id) and
                merge (records merged in a circle). Each row ends with a command that would mend it.
                """,
            example: """
                $ liaison violations --rule reference
                violations
                  id        kind    field  rule       why                       mend
                  7c01d9e4  action  owner  reference  3fa9c1d2 was deleted  liaison set 7c01d9e4 owner=…
                """),
        Command(
            name: "undo", arguments: "ENTRY", count: 1...1, options: [Option("because", "TEXT")],
            summary: "take back what one entry did",
            about: """
                Writes an entry that takes back what another one did, and leaves in place what was written later: fields
                get back what the entry replaced, members come and go, a deleted record is there again, a record that
                nobody else wrote to is deleted. What was changed since stays and is listed; exit code 5 when there is
                any. An undo can be undone. `liaison history ID` shows the entries of a record.
                """,
            example: """
                $ liaison undo 81c07f3e --because 'the wrong Amina'
                3fa9c1d2 changed by entry b60f21aa
                  set honorific: Ms
                """),
        Command(
            name: "why", arguments: "ID field", count: 2...2, summary: "tell where a value comes from",
            about: """
                Shows the value of a field, who wrote it and when by their own clock, the reason if one was given, what
                stands beside it, and everything that it replaced, back to the first. Of a workflow that is every step;
                `liaison why ID deleted` tells who deleted and restored a record.
                """,
            example: """
                $ liaison why 3fa9c1d2 honorific
                contact 3fa9c1d2 Amina Ndiaye: honorific
                  set Dr
                    Sector, paris, 2026-11-02T09:00:00Z, entry 81c07f3e
                  before
                    set Ms
                      Sector, paris, 2026-11-01T16:20:00Z, entry 0be18a27
                """),
        Command(
            name: "duplicates", arguments: "", count: 0...0,
            options: [Option("kind", "contact|organisation"), Option("certain"), Option("at", "DATE")],
            summary: "list records that seem to be there twice",
            about: """
                Lists contacts and organisations that seem to be the same, one group in a row. It is certain with the
                same UID, ORCID iD, ROR id or IATI organisation, or the same e-mail address or website and name; the
                same address or telephone alone, or nearly the same name in one country or organisation, is only likely.
                Marks, case and the order of words do not count in names.
                """,
            example: """
                $ liaison duplicates --certain
                duplicates
                  kind     certain  survivor                 others                   why
                  contact  yes      Amina Ndiaye (3fa9c1d2)  Amina Ndiaye (81c07f3e)  same e-mail address and name
                """),
        Command(
            name: "merge", arguments: "[SURVIVOR OTHER …]", count: 0...1_000,
            options: [
                Option("certain"), Option("kind", "contact|organisation"), Option("dry-run"), Option("because", "TEXT"),
            ],
            summary: "make records count as one",
            about: """
                Makes other records count as the first one: lists show one, references to the others mean it, and what
                it does not hold is filled from them. Nothing is moved or copied, so `liaison unmerge` brings everything
                back. With --certain all certain duplicates are merged, each group into its smallest id, or the record
                of a member of the network: two offices that do it apart do the same.
                """,
            example: """
                $ liaison merge 3fa9c1d2 81c07f3e --because 'she changed offices'
                3fa9c1d2 stands for 1 more
                  81c07f3e  entry 52d0c9aa
                """),
        Command(
            name: "unmerge", arguments: "ID", count: 1...1, options: [Option("because", "TEXT")],
            summary: "let merged records stand for themselves again",
            about: """
                Lets a record that was merged stand for itself again, or all that were merged into this one. Both are
                back with everything that refers to them.
                """,
            example: """
                $ liaison unmerge 81c07f3e
                81c07f3e stands for itself again, entry e9a4400b
                """),
    ]
}
