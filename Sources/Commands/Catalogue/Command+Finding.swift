/// Questions about who could do something with whom, and who waits for whom.
extension Command {
    static let findingQueries: [Command] = [
        Command(
            name: "fund match", arguments: "[OPPORTUNITY]", count: 0...1,
            options: [
                Option("for", "ORGANISATION"), Option("at", "DATE"), Option("lead-time", "DAYS"),
                Option("since", "DATE"), Option("limit", "N"), Option("all"),
            ],
            summary: "find organisations that could answer a call together",
            about: """
                First what a call demands: its next deadline lies --lead-time days ahead (14 if nothing is said),
                the organisations are of a type that may apply, none declined, and the one that leads sits in an
                eligible country. Then the smallest sets, of two organisations at least, that have as many partners
                and countries as the call asks for. A set has a point for each theme of the call that one of it works
                on (½ for a broader or narrower one), one for each organisation that serves an eligible country,
                speaks a language of the call or wants to take part (½ if it would only support), one if it declared
                enough for the co-funding, and one if two of it won a bid together (½ if they only submitted one).
                Every line says why. With an OPPORTUNITY its best sets are listed, else the best set of each open
                call. --since leaves out what was posted before, --all adds what fell out, and why. The size is always
                the smallest; where proved says no, a set of this size with more points may exist.
                """,
            example: """
                $ liaison fund match --for CCMS
                matches
                  deadline    days  opportunity              points  of  lead             partners
                  2027-03-01  98    Water grants (7c01d9e4)  7.5     9   CCMS (8f3a01bc)  IRIA (20b4c7d1)
                    ✓ deadline 2027-03-01 (full in 98 days, at least 14)
                    ✓ theme water (CCMS)
                    ✗ co-funding 20 % (4000 of 10000 EUR declared)
                """),
        Command(
            name: "coverage", arguments: "", count: 0...0,
            options: [Option("owner", "ORGANISATION"), Option("at", "DATE")],
            summary: "list which objectives have an advisor, and which have none",
            about: """
                An objective that was proposed or agreed is covered while an engagement that names it was proposed,
                accepted or is active, and its period holds the day. Lists the engagements, the objectives without one
                with up to three people who could take them on, and the advisors without an engagement: contacts that
                were ever engaged, or have the tag advisor.
                """,
            example: """
                $ liaison coverage --owner CCMS
                objective count  3
                covered count    2
                […]
                """),
        Command(
            name: "advisor suggest", arguments: "OBJECTIVE", count: 1...1,
            options: [Option("at", "DATE"), Option("limit", "N")],
            summary: "list who could advise on an objective, and why",
            about: """
                Ranks advisors, and contacts whose expertise is among the themes of the objective: a point for each
                theme (½ for a broader or narrower concept), one for a language of the organisation whose objective it
                is, one for the country (½ for its region), and one for having no engagement (½ with one). Every line
                says why.
                """,
            example: """
                $ liaison advisor suggest 5e01c2aa
                objective  Water quality (5e01c2aa)
                suggestions
                  contact                     points  of  advisor
                  Keletso Mokoena (91b0c3d4)  2.5     3   yes
                    ✓ theme water
                    ½ country SN (ZW in africa)
                    ✓ time (0 engagements)
                """),
        Command(
            name: "contact find", arguments: "", count: 0...0,
            options: [
                Option("expertise", "CONCEPT", isRepeated: true), Option("country", "CC", isRepeated: true),
                Option("region", "REGION", isRepeated: true), Option("language", "TAG", isRepeated: true),
                Option("text", "WORDS", isRepeated: true), Option("consent-ok"), Option("at", "DATE"),
            ],
            summary: "find people by what they know, where they are and what they speak",
            about: """
                Lists the contacts that have everything that is asked for; of several countries one is enough. A REGION
                is a number of the UN's M49, such as 011, or one of UNESCO's five: africa, arab-states, asia-pacific,
                europe-north-america, latin-america-caribbean. --text looks for words in names, affiliations, addresses,
                expertise and tags, whatever their case and marks. --consent-ok leaves out people of whom nobody knows
                whether they may be written to. Also says who introduced them, and when somebody last was in touch.
                """,
            example: """
                $ liaison contact find --expertise water --region africa --consent-ok
                contacts
                  contact                     country  languages  expertise  consent  last interaction
                  Keletso Mokoena (91b0c3d4)  ZW       en, fr     water      consent  2026-10-02
                """),
        Command(
            name: "introduction review", arguments: "", count: 0...0, options: [Option("at", "DATE"), Option("all")],
            summary: "list the introductions that wait, the longest first",
            about: """
                Lists the people and organisations that institutes introduced, by state: since when they wait by the
                clocks of those who wrote it, what they can help with, consent, the owner, and whether the next step is
                overdue. --all adds those that came to an end.
                """,
            example: """
                $ liaison introduction review
                states
                  state      count
                  suggested  1
                introductions
                  state      since       waiting days  introduction                    subject
                  suggested  2026-04-11  14            knows the archives (c2d4e6f8)   Nuhas Trust (77aa01c3)
                """),
        Command(
            name: "followups", arguments: "", count: 0...0,
            options: [Option("for", "CONTACT|ORGANISATION"), Option("at", "DATE")],
            summary: "list what you have to do, the first due first",
            about: """
                Lists open actions, interactions to follow up and next steps of introductions that you or your
                organisation own, engagements that were proposed to it, and support that was asked of it. Who you are
                says the field person of this device's record: liaison set DEVICE person=CONTACT. Until then it is your
                organisation. --for asks for somebody else.
                """,
            example: """
                $ liaison followups
                followups
                  due         overdue  kind    id        what                why          owner
                  2026-11-01  yes      action  3c4d5e6f  Send the programme  action open  CCMS (8f3a01bc)
                """),
        Command(
            name: "inbox", arguments: "", count: 0...0,
            options: [Option("for", "CONTACT|ORGANISATION"), Option("since", "DATE"), Option("at", "DATE")],
            summary: "list what others said, changed and want of you",
            about: """
                Lists comments on your organisation's records, those that mention you and answers to yours, records
                of your organisation whose newest change is somebody else's, requests to relay news that it has not
                answered, and proposals that wait for it; the newest first. --since goes back to another day than 30
                days ago, by the clocks of those who wrote. --for asks for somebody else.
                """,
            example: """
                $ liaison inbox
                since  2026-10-26
                inbox
                  when                  what     record                      on                       by
                  2026-11-20T10:00:00Z  comment  Shall we apply? (1a2b3c4d)  Water grants (7c01d9e4)  IRIA (20b4c7d1)
                """),
    ]
}
