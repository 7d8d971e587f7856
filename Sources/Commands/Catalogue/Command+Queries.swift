/// The questions that people ask of all records.
extension Command {
    static let asking = meetingQueries + [changes]

    private static let changes =
        Command(
            name: "changes", arguments: "", count: 0...0,
            options: [Option("peer", "NAME"), Option("since", "DATE"), Option("session", "N")],
            summary: "list what a sync brought, and by whom",
            about: """
                Lists what the last sync that brought something has brought: records that are new, changed or deleted,
                fields that wait for a decision because of it, and who wrote each entry. --peer asks for the last one
                with a peer, --since for all that came from that day on, --session for the one of a number. The newest
                1,000 sessions are known.
                """,
            example: """
                $ liaison changes
                sessions
                  session  peer   device            began                 received  sent
                  12       paris  paris (09c3d5aa)  2026-11-02T09:00:00Z  1         0
                new          0
                changed      1
                deleted      0
                in conflict  0
                changes
                  what     kind     id        name          fields     organisation       device  entry
                  changed  contact  3fa9c1d2  Amina Ndiaye  honorific  Sector (a40b77e1)  paris   81c07f3e
                """)
}
