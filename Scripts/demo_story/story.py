"""The network of the story: the Sector, six institutes and three advisors, each on a node of its own, and their year."""

from main_job import MainJob
from nodes import Node, check, heading, table
from questions import Questions

# The day that counts as today for everything that is asked, so that the answers are the same whenever this runs.
DAY = "2027-01-15"
RECORDS = "600"
MOST_ROUNDS = 8

# Where a node stands, whose it is, and the language of plain fields there.
CAST = [
    ("Paris", "PAR", "en"),
    ("Dakar", "CCMS", "fr"),
    ("Muscat", "GKAC", "ar"),
    ("Vientiane", "MDHI", "en"),
    ("Ljubljana", "ACAL", "en"),
    ("Montevideo", "IRIA", "es"),
    ("Almaty", "CAJSI", "ru"),
    # Advisors of the Sector, each with a laptop.
    ("Apia", "TAUFA", "en"),
    ("Harare", "MOKOENA", "en"),
    ("Beijing", "CHEN", "zh"),
]
ADVISORS = {"TAUFA": "Losaline Taufa", "MOKOENA": "Keletso Mokoena", "CHEN": "陈思远"}


class Story:
    def __init__(self, program, folder):
        self.nodes = [Node(program, title, folder) for title, _, _ in CAST]
        self.paris = self.nodes[0]
        # What the ids of organisations and devices are called, from the answers of init and join.
        self.called = {}

    def stop(self):
        for node in self.nodes:
            node.stop()

    def run(self):
        self.found()
        self.fill()
        main = [node for node in self.nodes if node.title in ("Paris", "Dakar", "Apia")]
        MainJob(*main, self.called).run()
        self.return_home()
        muscat = next(node for node in self.nodes if node.title == "Muscat")
        Questions(self.paris, muscat, DAY).ask()

    def found(self):
        heading(f"1. A network of {len(CAST)} nodes")
        rows = []
        for node, (title, name, language) in zip(self.nodes, CAST):
            device = ["--device", title.lower(), "--language", language]
            if node is self.paris:
                answer = node.run("init", "--network", "Demo", "--organisation", "PAR", *device)
                node.serve()
                how = "founds the network: the Sector's node"
            else:
                organisation = "PAR" if name in ADVISORS else name
                answer = node.run("join", self.paris.run("invite", "--organisation", organisation)["code"], *device)
                how = f"joins by a code: the laptop of {ADVISORS[name]}" if name in ADVISORS else "joins by a code"
            for part in ("organisation", "device"):
                self.called[answer[part]["id"]] = answer[part]["name"]
            rows.append([title, name, language, how])
        table(rows)

    def fill(self):
        heading("2. A year of records: everybody writes their own and syncs with Paris, in turns")
        created = {node.title: 0 for node in self.nodes}
        entries = dict(created)
        for round in range(1, MOST_ROUNDS + 1):
            wrote = 0
            for node, (_, name, _) in zip(self.nodes, CAST):
                if node is not self.paris:
                    node.run("sync")
                done = node.run("demo", "--records", RECORDS, "--at", DAY, "--only", name)
                created[node.title] += done["created"]
                entries[node.title] += done["entries"]
                wrote += done["entries"]
                if node is not self.paris and done["entries"] > 0:
                    node.run("sync")
            if wrote == 0:
                break
        check(wrote, 0, "entries of the last round")
        self.meet()
        table([["", "new records", "entries"]] + [[title, str(created[title]), str(entries[title])] for title in created])
        held = {row["kind"]: row["held"] for row in done["kinds"]}
        for kind in ("contact", "objective", "activity", "contribution", "opportunity", "interaction"):
            check(self.paris.count(kind), held[kind], f"records of kind {kind} in Paris")
        # The Sector and the institutes were there before anybody wrote a year.
        check(sum(held.values()), sum(created.values()) + 7, "records of the year")
        net = self.paris.net()
        check(net["conflicts"], 0, "conflicts after the year")
        print(f"\n  after {round - 1} rounds each node holds {net['records']} records,")
        print(f"  and the same state {net['state'][:8]}:")
        print("  " + ", ".join(f"{held[kind]} of kind {kind}" for kind in ("contact", "activity", "contribution")) + " …")
        missing = sum(row["leftOut"] for row in done["kinds"])
        check(missing > 0, True, "records of an advisor who has no node")
        print(f"  {missing} more would be there if Aïssatou Ndiaye-Faye had brought her laptop.")

    def meet(self):
        """Everybody syncs with Paris until all hold the same."""
        for _ in range(2):
            for node in self.nodes[1:]:
                node.run("sync")
        spaces = [node.net() for node in self.nodes]
        check(len({(space["state"], space["frontier"]) for space in spaces}), 1, "states of all nodes")

    def return_home(self):
        heading("8. The others, who were away, come back")
        for node in self.nodes:
            if node is not self.paris and node.title not in ("Dakar", "Apia"):
                node.run("peer", "remove", "inviter")
                node.run("peer", "add", "paris", self.paris.address, "--organisation", "PAR")
                received = node.run("sync", "paris")["peers"][0]["received"]
                print(f"  {node.title:10}  received {received['entries']} entries in {received['bytes']} bytes")
        spaces = [node.net() for node in self.nodes]
        check(len({(space["state"], space["frontier"]) for space in spaces}), 1, "states of all nodes")
        for node in self.nodes:
            check(node.run("conflicts")["conflicts"], [], f"conflicts at {node.title}")
        print(f"  all {len(self.nodes)} hold the same state {spaces[0]['state'][:8]}, and none has a conflict")
