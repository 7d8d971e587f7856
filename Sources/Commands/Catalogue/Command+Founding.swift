/// The commands by which networks begin and grow.
extension Command {
    static let founding: [Command] = [
        Command(
            name: "init", arguments: "", count: 0...0,
            options: [
                Option("network", "NAME", isRequired: true), Option("organisation", "NAME", isRequired: true),
                Option("device", "NAME", isRequired: true), Option("language", "TAG"),
            ],
            summary: "found a network",
            about: """
                Founds a network on this device: its root key, the founding organisation with its record, and this
                device as the first admin's. The home folder must be new or empty. The language is the one that plain
                field names mean from now on; without --language it is taken from the environment.
                """,
            example: """
                $ liaison init --network Demo --organisation Sector --device paris --language en
                network       Demo (5d2f81c0)
                organisation  Sector (a40b77e1)
                device        paris (09c3d5aa)
                """),
        Command(
            name: "invite", arguments: "", count: 0...0,
            options: [
                Option("organisation", "NAME"), Option("address", "HOST:PORT"), Option("cancel", "CODE"),
            ],
            summary: "make a code by which one more device joins",
            about: """
                Prints a code of one line. With the name of a new organisation the joiner becomes its first admin, which
                only an admin of the founding organisation may ask for; with your own organisation's name the joiner is
                one more device of it. A code works once, here, until it is cancelled or 14 days old. --address is
                where the joiner reaches this node, when that is not where it listens.
                """,
            example: """
                $ liaison invite --organisation 'Institute of Water' --address 192.0.2.7:7420
                afrntdpbcviztmex4jblohmfcv36wdn4n46kl7bdoxbjgmebzncz2nlp5m43w25rjevh45nlrwr6fxqk…
                """),
        Command(
            name: "join", arguments: "CODE", count: 1...1,
            options: [Option("device", "NAME", isRequired: true), Option("language", "TAG")],
            summary: "join the network of a code",
            about: """
                Joins with a code from `liaison invite`. The inviting node must be running and reachable. Its address is
                kept as the first peer.
                """,
            example: """
                $ liaison join afrntdpbcviztmex4jblohmfcv… --device dakar --language fr
                network       Demo (5d2f81c0)
                organisation  Institute of Water (c81e0f52)
                device        dakar (77b0a9d3)
                """),
    ]

    static let meeting: [Command] = [
        Command(
            name: "serve", arguments: "", count: 0...0, options: [Option("listen", "HOST:PORT")],
            summary: "run the node: listen, reconnect, push",
            about: """
                Runs until SIGTERM or SIGINT. Listens on 127.0.0.1:7420 unless --listen says otherwise (port 0 = any
                free one), keeps connections to the known peers, and hands new entries over at once. Other commands
                on the same home speak to it.
                """,
            example: """
                $ liaison serve --listen 0.0.0.0:7420
                listening on 0.0.0.0:7420
                """),
        Command(
            name: "peer add", arguments: "NAME HOST:PORT", count: 2...2,
            options: [Option("device", "ID"), Option("organisation", "NAME")],
            summary: "remember where another node is",
            about: """
                Keeps an address under a name of your own. --device or --organisation say who must answer there;
                without them, the first certified device that answers is pinned and shown.
                """,
            example: """
                $ liaison peer add dakar 192.0.2.31:7420 --organisation 'Institute of Water'
                """),
        Command(
            name: "peer list", arguments: "", count: 0...0, summary: "list the peers and their state",
            about: "Lists the peers that were added, where they are, and when they were last met.",
            example: """
                $ liaison peer list
                peers
                  name   address          device            state  last sync
                  dakar  192.0.2.31:7420  dakar (77b0a9d3)  away   2026-03-02T08:15:00Z
                """),
        Command(
            name: "peer remove", arguments: "PEER", count: 1...1, summary: "forget a peer",
            about: "Forgets the address and the pin of a peer. What it has sent stays.",
            example: "$ liaison peer remove dakar"),
        Command(
            name: "sync", arguments: "[PEER | HOST:PORT]", count: 0...1, isLong: true,
            summary: "reconcile with peers now",
            about: """
                Meets one peer, or all that are known. Both sides hold the same afterwards. `sent` and `received` count
                entries and bytes; `identical` says that both computed the same state. Exit code 0 when all are
                complete, 7 when none was reachable, else 1.
                """,
            example: """
                $ liaison sync dakar
                peers
                  name   result    sent           received     round trips  identical
                  dakar  complete  3 (398 bytes)  12 (1.3 kB)  2            yes
                """),
        Command(
            name: "wait", arguments: "[PEER]", count: 0...1,
            options: [Option("timeout", "SECONDS", isRequired: true)], isLong: true,
            summary: "wait until a peer holds the same",
            about: """
                Returns as soon as the frontiers are equal: exit code 0; 7 when no peer answered in time, else 1.
                """,
            example: "$ liaison wait dakar --timeout 30"),
    ]
}
