/// The questions that people ask of all records.
extension Command {
    static let asking: [Command] = [
        Command(
            name: "deadlines", arguments: "", count: 0...0, options: [Option("at", "DATE")],
            summary: "list what ends soon",
            about: "Lists the deadlines that lie ahead, the nearest first. --at asks as of another day than today.",
            example: """
                $ liaison deadlines
                deadlines
                  date        kind         id        what
                  2027-03-01  opportunity  7c01d9e4  Water grants
                """)
    ]
}
