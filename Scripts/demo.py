"""What Scripts/demo shows, told by three nodes; started by it with the path of the program.

Every number and value that is printed was read back with --json; each `check` compares one of them with what it must be.
"""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata

PROGRAM = sys.argv[1]
TABLE = "Examples/contacts-fictional.csv"
MINH, YOLKINA, ZAGAR = "Nguyễn Đức Minh", "Ильяна Ёлкина", "Tomaž Žagar"
NAMES = [MINH, YOLKINA, "陈思远", "عادل الخالدي"]
PATIENCE_SECONDS = 30


class Failure(Exception):
    """Something is not as it must be."""


checks = 0


def check(actual, expected, what):
    global checks
    checks += 1
    if actual != expected:
        raise Failure(f"{what}: expected {expected!r}, and it is {actual!r}")


class Node:
    """One home, and the server process on it while there is one."""

    def __init__(self, title, folder):
        self.title = title
        self.home = os.path.join(folder, title.lower())
        self.server = None
        self.address = None

    def run(self, *words, code=0):
        """Runs a command to its end and returns the document that it printed."""
        command = [PROGRAM, *words, "--home", self.home, "--json"]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS)
        said = result.stderr.decode(errors="replace").strip()
        if result.returncode != code:
            raise Failure(f"{self.title}: liaison {words[0]} ended with {result.returncode} instead of {code}\n{said}")
        document = json.loads(result.stdout)
        check(document["schema"], 1, f"schema of {words[0]}")
        return document

    def serve(self):
        """Starts the server on any free port and waits until it listens."""
        command = [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--home", self.home]
        self.server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        with selectors.DefaultSelector() as ready:
            ready.register(self.server.stdout, selectors.EVENT_READ)
            line = self.server.stdout.readline().decode() if ready.select(PATIENCE_SECONDS) else ""
        if not line.startswith("listening on "):
            raise Failure(f"{self.title}: the server does not listen")
        self.address = line.split()[-1]

    def stop(self):
        """Asks the server to end, and waits for it."""
        if self.server is None:
            return
        server, self.server = self.server, None
        server.terminate()
        try:
            check(server.wait(PATIENCE_SECONDS), 0, f"exit code of the server of {self.title}")
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
            server.stdout.close()

    def net(self):
        return next(space for space in self.run("status")["spaces"] if space["space"] == "net")

    def show(self, record):
        return self.run("show", record)

    def contact(self, name):
        found = self.run("list", "contact", "--where", f"display={name}")["records"]
        check(len(found), 1, f"contacts called {name} at {self.title}")
        return found[0]["id"]


def heading(text):
    print(f"\n{text}\n")


def width(text):
    """Cells on a terminal."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def table(rows):
    columns = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (columns[column] - width(cell)) for column, cell in enumerate(row)]
        print(("  " + "  ".join(cells)).rstrip())


def deadline(fields):
    check(len(fields["deadlines"]), 1, "deadlines of the grants")
    return fields["deadlines"][0]["date"]


class Demo:
    def __init__(self, folder):
        self.paris, self.dakar, self.apia = self.nodes = [Node(title, folder) for title in ("Paris", "Dakar", "Apia")]
        # What ids are called, from the answers of init and join.
        self.called = {}

    def stop(self):
        for node in self.nodes:
            node.stop()

    def run(self):
        self.found()
        self.edit_apart()
        before = self.print_holdings()
        check(len({row["state"] for row in before}), 3, "different states while apart")
        self.meet()
        after = self.print_holdings()
        self.check_nothing_lost(after)
        number = self.show_conflict()
        self.resolve(number)

    def found(self):
        heading("1. A network of three nodes")
        paris, dakar, apia = self.nodes
        self.enter(paris, paris.run("init", "--network", "Demo", "--organisation", "Sector", "--device", "paris"))
        print("  Paris founds the network: the Sector's node")
        paris.serve()
        code = paris.run("invite", "--organisation", "CCMS Dakar")["code"]
        self.enter(dakar, dakar.run("join", code, "--device", "dakar", "--language", "fr"))
        print("  Dakar joins by a code: an institute's node, its first admin")
        code = paris.run("invite", "--organisation", "Sector")["code"]
        self.enter(apia, apia.run("join", code, "--device", "apia"))
        print("  Apia joins by a code: the laptop of a field advisor of the Sector")
        done = dakar.run("import", "csv", TABLE, "--kind", "contact")
        check((done["created"], done["updated"], done["refused"]), (24, 0, []), "import")
        print(f"  Dakar imports {done['created']} contacts from {TABLE}, all of them fictional")
        again = dakar.run("import", "csv", TABLE, "--kind", "contact", "--dry-run")
        check((again["created"], again["unchanged"]), (0, 24), "a second import")
        grant = paris.run("new", "opportunity", "title=Community media grants", deadlines("2027-03-01", "Europe/Paris"))
        self.opportunity = grant["id"]
        for node in (dakar, apia, dakar):
            check(node.run("sync")["peers"][0]["identical"], True, f"identical after the first sync of {node.title}")
        paris.stop()
        spaces = [node.net() for node in self.nodes]
        # Two organisations, three devices, the contacts and the opportunity.
        check([space["records"] for space in spaces], [30, 30, 30], "records at the three nodes")
        check(len({(space["state"], space["frontier"]) for space in spaces}), 1, "digests after the first sync")
        for node in self.nodes:
            ids = [node.contact(name) for name in NAMES]
            check(len(set(ids)), len(NAMES), f"different contacts at {node.title}")
        print(f"  each node holds {spaces[0]['records']} records, and the same state {spaces[0]['state'][:8]};")
        print(f"  among them {', '.join(NAMES)}")
        self.minh, self.yolkina, self.zagar = [paris.contact(name) for name in (MINH, YOLKINA, ZAGAR)]

    def enter(self, node, answer):
        for part in ("organisation", "device"):
            self.called[answer[part]["id"]] = answer[part]["name"]

    def edit_apart(self):
        heading("2. Apart: no server runs, everybody edits")
        paris, dakar, apia = self.nodes
        edits = [
            (paris, f"{MINH}: honorific Dr", ["set", self.minh, "honorific=Dr"]),
            (dakar, f"{MINH}: speaks French too", ["add", self.minh, "languages=fr"]),
            (apia, f"{MINH}: when to call him", ["set", self.minh, "availability=mornings"]),
            (dakar, f"{YOLKINA}: availability until June", ["set", self.yolkina, "availability=until June"]),
            (apia, f"{YOLKINA}: availability away in May", ["set", self.yolkina, "availability=away in May"]),
            (paris, "the deadline of the grants: 8 March", ["set", self.opportunity, deadlines("2027-03-08", "Europe/Paris")]),
            (dakar, "the deadline of the grants: 26 February", ["set", self.opportunity, deadlines("2027-02-26", "Africa/Dakar")]),
            (paris, f"deletes {ZAGAR}", ["delete", self.zagar]),
            (apia, f"{ZAGAR}: one more telephone", ["add", self.zagar, "phones=+386 1 000 0013"]),
        ]
        for node, text, words in edits:
            entry = node.run(*words)["entry"]
            check(entry is not None, True, f"an entry of {node.title}: {text}")
            print(f"  {node.title:5}  {text}")
        heading("   What each holds now")

    def print_holdings(self):
        holdings = [self.holding(node) for node in self.nodes]
        rows = [["", *(node.title for node in self.nodes)]]
        rows += [[name, *(holding[name] for holding in holdings)] for name in holdings[0]]
        table(rows)
        return holdings

    def holding(self, node):
        minh = node.show(self.minh)["fields"]
        zagar = node.show(self.zagar)
        net = node.net()
        return {
            f"{MINH}, honorific": minh.get("honorific", "-"),
            f"{MINH}, languages": " ".join(minh["languages"]),
            f"{MINH}, availability": minh.get("availability", "-"),
            f"{YOLKINA}, availability": node.show(self.yolkina)["fields"].get("availability", "-"),
            f"{ZAGAR}": "deleted" if zagar["deleted"] else f"telephones: {len(zagar['fields']['phones'])}",
            "grants, deadline": deadline(node.show(self.opportunity)["fields"]),
            "conflicts": str(net["conflicts"]),
            "entries": str(net["entries"]),
            "state": net["state"][:8],
        }

    def meet(self):
        heading("3. They meet over TCP")
        paris, dakar, apia = self.nodes
        paris.serve()
        for node in (dakar, apia):
            # A new port after each start: the peer that joining had added is of no more use.
            node.run("peer", "remove", "inviter")
            node.run("peer", "add", "paris", paris.address, "--organisation", "Sector")
        expected = [(3, 3), (3, 6), (0, 3)]
        for turn, node in enumerate((dakar, apia, dakar)):
            peer = node.run("sync", "paris")["peers"][0]
            sent, received = peer["sent"], peer["received"]
            check((peer["result"], peer["identical"]), ("complete", True), f"sync of {node.title}")
            check((sent["entries"], received["entries"]), expected[turn], f"entries in the sync of {node.title}")
            print(
                f"  {node.title} with Paris: sent {sent['entries']} entries in {sent['bytes']} bytes,"
                f" received {received['entries']} in {received['bytes']}"
            )
        heading("   What each holds after it")

    def check_nothing_lost(self, holdings):
        for name in holdings[0]:
            check(len({holding[name] for holding in holdings}), 1, f"values of {name} at the three nodes")
        expected = ["Dr", "en fr vi", "mornings"]
        check([holdings[0][f"{MINH}, {field}"] for field in ("honorific", "languages", "availability")], expected, MINH)
        check(holdings[0][ZAGAR], "telephones: 2", f"{ZAGAR}, deleted and edited")
        check(holdings[0]["conflicts"], "1", "conflicts")
        print()
        for node in self.nodes:
            yolkina = node.show(self.yolkina)
            soft = [value["value"] for value in yolkina["soft"]["availability"]]
            check((sorted(soft), yolkina["conflicts"]), (["away in May", "until June"], {}), f"soft values at {node.title}")
            check(len(node.show(self.zagar)["contested"]), 1, f"deletes of {ZAGAR} that are contested at {node.title}")
        print(f"  Edits of different fields are all there. {YOLKINA} shows one availability and keeps")
        print(f"  the other as a note. {ZAGAR} was edited while he was deleted: he is back, and says so.")

    def show_conflict(self):
        heading("4. The one real conflict, as each node lists it")
        listed = []
        for node in self.nodes:
            conflicts = node.run("conflicts", code=5)["conflicts"]
            check(len(conflicts), 1, f"conflicts at {node.title}")
            check((conflicts[0]["id"], conflicts[0]["field"]), (self.opportunity, "deadlines"), "the conflict")
            listed.append(conflicts[0]["values"])
        check(listed[1:], listed[:-1], "the conflict at the three nodes")
        seen = []
        for number, value in enumerate(listed[0], 1):
            date = value["value"][0]["date"]
            organisation, device = self.called[value["organisation"]], self.called[value["device"]]
            seen.append((date, organisation, device))
            print(f"  {number}  {date}  written by {organisation} on {device} at {value['claimedAt']}")
        check(sorted(seen), [("2027-02-26", "CCMS Dakar", "dakar"), ("2027-03-08", "Sector", "paris")], "both values")
        return next(number for number, value in enumerate(seen, 1) if value[0] == "2027-02-26")

    def resolve(self, number):
        heading("5. A person decides, and it reaches everybody at once")
        paris, dakar, apia = self.nodes
        dakar.serve()
        apia.serve()
        check(len({node.server.pid for node in self.nodes}), 3, "server processes")
        reason = "the web page of the funder says so"
        entry = dakar.run("resolve", self.opportunity, "deadlines", "--keep", str(number), "--because", reason)["entry"]
        print(f"  Dakar keeps value {number}: {reason}")
        dakar.run("restore", self.zagar)
        print(f"  Dakar takes the deletion of {ZAGAR} back")
        for node in (dakar, apia):
            check(node.run("wait", "paris", "--timeout", str(PATIENCE_SECONDS))["peers"][0]["identical"], True, "wait")
        self.wait_for_equal_states()
        for node in self.nodes:
            check(node.run("conflicts")["conflicts"], [], f"conflicts at {node.title}")
            record = node.show(self.opportunity)
            check((deadline(record["fields"]), record["conflicts"]), ("2027-02-26", {}), node.title)
            check(node.show(self.zagar)["contested"], [], f"contested deletes at {node.title}")
            last = next(item for item in node.run("history", self.opportunity)["entries"] if item["entry"] == entry)
            check([len(change["replaced"]) for change in last["changes"] if change["field"] == "deadlines"], [2], "replaced")
            check([change["value"] for change in last["changes"] if change["operation"] == "remark"], [reason], "reason")
            check(node.run("verify")["problems"], [], f"problems at {node.title}")
        net = [node.net() for node in self.nodes]
        print(
            f"  no conflict is left on any of the three; each holds {net[0]['entries']} entries,"
            f" and the same state {net[0]['state'][:8]}"
        )

    def wait_for_equal_states(self):
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            spaces = [node.net() for node in self.nodes]
            if len({(space["state"], space["frontier"]) for space in spaces}) == 1:
                return check([space["entries"] for space in spaces], [41, 41, 41], "entries at the three nodes")
            if time.monotonic() > end:
                raise Failure("the three nodes do not hold the same state")
            time.sleep(0.05)


def deadlines(date, zone):
    return "deadlines=" + json.dumps([{"stage": "full", "date": date, "zone": zone}])


def interrupted(number, frame):
    raise Failure(f"ended by signal {number}")


def main():
    keep = "--keep" in sys.argv[2:]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, interrupted)
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    began = time.monotonic()
    folder = tempfile.mkdtemp(prefix="liaison-demo-")
    demo = Demo(folder)
    code = 1
    try:
        try:
            demo.run()
        finally:
            demo.stop()
        print(f"\n{checks} checks passed in {time.monotonic() - began:.1f} seconds.")
        code = 0
    except (Failure, subprocess.TimeoutExpired, KeyError, ValueError, LookupError) as error:
        print(f"demo: error: {error if isinstance(error, Failure) else repr(error)}", file=sys.stderr)
    finally:
        if keep:
            print(f"The three homes are in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
