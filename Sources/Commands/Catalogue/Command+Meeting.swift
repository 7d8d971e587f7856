/// The questions around the annual meeting, how often people speak with each other, and what they pass on.
extension Command {
    static let meetingQueries: [Command] = [
        Command(
            name: "deadlines", arguments: "", count: 0...0,
            options: [
                Option("at", "DATE"), Option("within", "DAYS"), Option("kind", "KIND", isRepeated: true),
                Option("ics"),
            ],
            summary: "list what ends soon or is overdue",
            about: """
                Lists what ends or is to be done, the earliest first: deadlines of opportunities,
                actions, agreements and their evaluation, contacts to review, consents to photos,
                engagements, embargoes, publicity requests, follow-ups, support and introductions. What
                passes by itself is left out once it is over; what somebody owes stays, and is called
                overdue, until it is done, moved or unset. Where people disagree about a day the
                earliest counts. --at asks as of another day than today, --within for so many days
                ahead; --ics prints a calendar (iCalendar) instead, in which each change raises the
                number of the event.
                """,
            example: """
                $ liaison deadlines --within 60
                deadlines
                  date        days  overdue  disputed  kind         id        field      stage  what
                  2027-02-20  -4    yes      no        action       41c9d0f2  due               Send the figures
                  2027-03-01  5     no       no        opportunity  7c01d9e4  deadlines  full   Water grants
                """),
        Command(
            name: "contact quiet", arguments: "", count: 0...0,
            options: [Option("days", "N", isRequired: true), Option("at", "DATE")],
            summary: "list whom nobody has heard from",
            about: """
                Lists the organisations without a sign from people for more than so many days: no
                interaction, contribution, comment, pickup, answer to an invitation or meeting attended.
                Donors, media and those that have left are not expected to give one. That a node synced
                is no sign; `node seen` says when a device of theirs last wrote, by its own clock.
                """,
            example: """
                $ liaison contact quiet --days 60
                quiet
                  org              days  date        sign         id        what        node seen   node days
                  IRIA (c81e0f52)  74    2027-05-01  interaction  5be20c71  First call  2027-07-12  2
                """),
        Command(
            name: "contact timeline", arguments: "ORGANISATION | CONTACT", count: 1...1,
            options: [Option("since", "DATE"), Option("at", "DATE")],
            summary: "show what happened with somebody",
            about: """
                Lists everything that happened with an organisation and its people, or with one contact,
                the newest first: interactions, contributions, comments, meetings, activities,
                engagements, agreements, bids and so on. It is named by the beginning of its id, an
                organisation by its short name too.
                """,
            example: """
                $ liaison contact timeline IRIA --since 2027-01-01
                who  IRIA (c81e0f52)
                timeline
                  date        kind          field  id        what
                  2027-05-01  interaction          5be20c71  First call
                  2027-02-11  contribution         90d7ae14  A new archive opens
                """),
        Command(
            name: "publicise pending", arguments: "", count: 0...0,
            options: [Option("request", "ID"), Option("at", "DATE")],
            summary: "list who has not relayed yet",
            about: """
                Lists, for every publicity request that runs, the organisations that were asked and have
                not answered, with the days left; those that declined stand apart. A pickup with a
                channel or an address is an answer, and so is one with a reason for declining. A request
                to all asks the institutes that are designated or under renewal. --request shows one
                request, also after its end.
                """,
            example: """
                $ liaison publicise pending
                pending
                  org              request   what            until       days left
                  IRIA (c81e0f52)  3d0a6b19  A call is open  2027-04-30  12
                requests
                  id        item                       until       days left  asked  relayed  declined  pending
                  3d0a6b19  A call is open (8e44c0d5)  2027-04-30  12         6      4        1         1
                """),
        Command(
            name: "publicise by", arguments: "ORGANISATION", count: 1...1,
            options: [Option("year", "YYYY"), Option("at", "DATE")],
            summary: "list what an institute has relayed",
            about: """
                Lists what an organisation has passed on of the Sector's content in a year, this one
                unless --year says otherwise, and what it declined.
                """,
            example: """
                $ liaison publicise by IRIA --year 2027
                org      IRIA (c81e0f52)
                year     2027
                relayed  1
                reach    0
                pickups
                  date        id        what            channel     url
                  2027-04-02  66f1b0aa  A call is open  newsletter  https://example.org/news/7
                """),
        Command(
            name: "meeting pack", arguments: "[MEETING]", count: 0...1,
            options: [
                Option("since", "DATE"), Option("at", "DATE"), Option("language", "TAG"), Option("directory", "DIR"),
            ],
            summary: "put together what a review meeting needs",
            about: """
                Gathers what was done since the previous annual review meeting ended, or since --since:
                activities by organisation, objective and state, contributions, content relayed,
                interactions, engagements, introductions, bids, open actions and decisions of earlier
                meetings, agreements that expire within 18 months, plans for the next period, and how
                fresh the data of each organisation are. Without MEETING it is for the newest annual
                review meeting. With --directory it writes pack.html, meeting.ics and a CSV file for
                each table into a folder, and never over a file that holds something else. Texts and
                labels are in the language of --language, else in the node's. Nodes with equal frontiers
                make the same pack for equal --at and --language, byte for byte.
                """,
            example: """
                $ liaison meeting pack --language fr --at 2027-10-01 --directory pack
                meeting   Réunion annuelle 2027 (0f6d22b8)
                title     Réunion annuelle 2027
                [...]
                files
                  name         rows  bytes
                  pack.html    —     48211
                  meeting.ics  —     512
                  agenda.csv   12    1840
                [...]
                """),
    ]
}
