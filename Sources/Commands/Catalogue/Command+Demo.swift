/// What helps to try the program out.
extension Command {
    static let trying: [Command] = [
        Command(
            name: "demo", arguments: "", count: 0...0,
            options: [
                Option("records", "N", isRequired: true), Option("seed", "S"), Option("at", "DATE"),
                Option("only", "MEMBER"),
            ],
            summary: "fill this node with a fictional year",
            about: """
                Writes a year of a fictional network into this node: the Sector (PAR), six institutes and ten
                advisors, their contacts, objectives, activities, meetings, contributions, calls and bids, in six
                languages; 600 records are the story, more go on with further institutes. Equal --seed, --records and
                --at (today unless said otherwise) make the same records on every node. Each has a tag such as
                demo:1/contact-12; what is here already is not written again. With --only the node writes what one
                member would have: PAR, CCMS, GKAC, MDHI, ACAL, IRIA or CAJSI, or one of the advisors NDIAYE, CHEN,
                MOKOENA and TAUFA. It names records of others that it holds, and takes the next step of what they
                began: members fill and sync in turns. Never fill a node that is in real use: entries stay for ever.
                """,
            example: """
                $ liaison demo --records 600 --at 2027-03-01
                seed      1
                at        2027-03-01
                only      —
                created   599
                held      1
                left out  0
                […]
                """)
    ]
}
