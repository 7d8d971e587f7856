"""The main job: an import, edits apart, a meeting, one hard conflict, a decision."""

import json
import time

from nodes import PATIENCE_SECONDS, Failure, check, heading, table

TABLE = "Examples/contacts-fictional.csv"
MINH, YOLKINA, ZAGAR = "Nguyễn Đức Minh", "Ильяна Ёлкина", "Tomaž Žagar"
NAMES = [MINH, YOLKINA, "陈思远", "عادل الخالدي"]


def deadline(fields):
    check(len(fields["deadlines"]), 1, "deadlines of the grants")
    return fields["deadlines"][0]["date"]


class MainJob:
    """Three of the nodes edit while apart, meet over TCP, and agree; a person decides the one hard conflict."""

    def __init__(self, paris, dakar, apia, called):
        self.nodes = paris, dakar, apia
        # What the ids of organisations and devices are called.
        self.called = called

    def run(self):
        self.prepare()
        self.edit_apart()
        before = self.print_holdings()
        check(len({row["state"] for row in before}), 3, "different states while apart")
        self.meet()
        after = self.print_holdings()
        self.check_nothing_lost(after)
        number = self.show_conflict()
        self.resolve(number)

    def prepare(self):
        heading("3. An address book comes in, and a call")
        paris, dakar, apia = self.nodes
        before = paris.net()
        done = dakar.run("import", "csv", TABLE, "--kind", "contact")
        check((done["created"], done["updated"], done["refused"]), (24, 0, []), "import")
        print(f"  Dakar imports {done['created']} contacts from {TABLE}, all of them fictional")
        again = dakar.run("import", "csv", TABLE, "--kind", "contact", "--dry-run")
        check((again["created"], again["unchanged"]), (0, 24), "a second import")
        grant = paris.run("new", "opportunity", "title=Community media grants", deadlines("2027-03-01", "Europe/Paris"))
        self.opportunity = grant["id"]
        for node in (dakar, apia, dakar):
            check(node.run("sync")["peers"][0]["identical"], True, f"identical after the sync of {node.title}")
        paris.stop()
        spaces = [node.net() for node in self.nodes]
        # The contacts and the call.
        check([space["records"] - before["records"] for space in spaces], [25, 25, 25], "new records at the three nodes")
        check(len({(space["state"], space["frontier"]) for space in spaces}), 1, "digests after the sync")
        self.entries = spaces[0]["entries"]
        for node in self.nodes:
            ids = [self.imported(node, name) for name in NAMES]
            check(len(set(ids)), len(NAMES), f"different contacts at {node.title}")
        print(f"  each of the three holds {spaces[0]['records']} records, and the same state {spaces[0]['state'][:8]};")
        print(f"  among the new ones {', '.join(NAMES)}")
        self.minh, self.yolkina, self.zagar = [self.imported(paris, name) for name in (MINH, YOLKINA, ZAGAR)]

    def imported(self, node, name):
        """The contact of the table: some of the people stand in the year's records too, and these have tags."""
        found = [
            record["id"]
            for record in node.run("list", "contact", "--where", f"display={name}")["records"]
            if not any(tag.startswith("demo:") for tag in record["fields"].get("tags", []))
        ]
        check(len(found), 1, f"contacts called {name} at {node.title}")
        return found[0]

    def edit_apart(self):
        heading("4. Apart: no server runs, everybody edits")
        paris, dakar, apia = self.nodes
        march, february = deadlines("2027-03-08", "Europe/Paris"), deadlines("2027-02-26", "Africa/Dakar")
        edits = [
            (paris, f"{MINH}: honorific Dr", ["set", self.minh, "honorific=Dr"]),
            (dakar, f"{MINH}: speaks French too", ["add", self.minh, "languages=fr"]),
            (apia, f"{MINH}: when to call him", ["set", self.minh, "availability=mornings"]),
            (dakar, f"{YOLKINA}: availability until June", ["set", self.yolkina, "availability=until June"]),
            (apia, f"{YOLKINA}: availability away in May", ["set", self.yolkina, "availability=away in May"]),
            (paris, "the deadline of the grants: 8 March", ["set", self.opportunity, march]),
            (dakar, "the deadline of the grants: 26 February", ["set", self.opportunity, february]),
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
        heading("5. They meet over TCP")
        paris, dakar, apia = self.nodes
        paris.serve()
        for node in (dakar, apia):
            # A new port after each start: the peer that joining had added is of no more use.
            node.run("peer", "remove", "inviter")
            node.run("peer", "add", "paris", paris.address, "--organisation", "PAR")
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
        heading("6. The one real conflict, as each node lists it")
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
        check(sorted(seen), [("2027-02-26", "CCMS", "dakar"), ("2027-03-08", "PAR", "paris")], "both values")
        return next(number for number, value in enumerate(seen, 1) if value[0] == "2027-02-26")

    def resolve(self, number):
        heading("7. A person decides, and it reaches everybody at once")
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
                return check(
                    [space["entries"] - self.entries for space in spaces], [11, 11, 11], "new entries at the three nodes"
                )
            if time.monotonic() > end:
                raise Failure("the three nodes do not hold the same state")
            time.sleep(0.05)


def deadlines(date, zone):
    return "deadlines=" + json.dumps([{"stage": "full", "date": date, "zone": zone}])
