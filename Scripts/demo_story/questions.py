"""Some of the questions that people ask of all records, put to one node and checked against what the year holds."""

from nodes import check, heading, table


class Questions:
    def __init__(self, node, returned, day):
        self.node = node
        # One that was away, and has just come back.
        self.returned = returned
        self.day = day
        self.known = {command["name"] for command in node.run("help")["commands"]}
        self.names = {}

    def ask(self):
        heading(f"9. What people ask of it, as of {self.day}")
        for name, ask in [
            ("coverage", self.coverage),
            ("contact quiet", self.quiet),
            ("publicise pending", self.pending),
            ("deadlines", self.deadlines),
            ("fund match", self.match),
            ("meeting pack", self.pack),
            ("changes", self.changes),
            ("duplicates", self.duplicates),
            ("violations", self.violations),
        ]:
            if name in self.known:
                ask()

    def run(self, *words):
        return self.node.run(*words, "--at", self.day)

    def name(self, record):
        """What a record is called: its short name, display name or title in the node's language."""
        if record not in self.names:
            fields = self.node.show(record)["fields"]
            title = fields.get("title") or fields.get("name") or {}
            text = title.get("en") or next(iter(title.values()), "") if isinstance(title, dict) else title
            self.names[record] = fields.get("short") or fields.get("display") or fields.get("code") or text or record[:8]
        return self.names[record]

    def coverage(self):
        answer = self.run("coverage")
        check(answer["coveredCount"] + answer["uncoveredCount"], answer["objectiveCount"], "objectives")
        names = sorted(self.name(row["objective"]) for row in answer["uncovered"])
        check(len(names), answer["uncoveredCount"], "uncovered objectives")
        check("CCMS-1" in names or "MDHI-1" in names, False, "objectives with an advisor among those without")
        print(f"  Which objectives have no advisor?  {answer['uncoveredCount']} of {answer['objectiveCount']}:")
        print(f"    {', '.join(names)}")

    def quiet(self):
        rows = self.run("contact", "quiet", "--days", "60")["quiet"]
        institute = [row for row in rows if self.name(row["org"]) == "IRIA"]
        check([row["days"] for row in institute], [74], "days since a sign of IRIA")
        print(f"  Whom has nobody heard from for 60 days?  IRIA, for {institute[0]['days']} days;")
        print(f"    its node last wrote {institute[0]['nodeDays']} days ago, which is no sign of people")

    def pending(self):
        answer = self.run("publicise", "pending")
        rows = [row for row in answer["requests"] if row["relayed"] == 4]
        check([(row["declined"], row["pending"], row["daysLeft"]) for row in rows], [(1, 1, 20)], "the open request")
        silent = [self.name(row["org"]) for row in answer["pending"] if row["request"] == rows[0]["id"]]
        check(silent, ["IRIA"], "who has not answered")
        print(f"  Who has not relayed the Sector's news yet?  {silent[0]}, with {rows[0]['daysLeft']} days left;")
        print(f"    {rows[0]['relayed']} have, {rows[0]['declined']} declined")

    def deadlines(self):
        rows = self.run("deadlines", "--within", "30", "--kind", "opportunity")["deadlines"]
        check(all(self.day <= row["date"] <= "2027-02-14" for row in rows) and len(rows) > 1, True, "days of calls")
        check(rows, sorted(rows, key=lambda row: row["date"]), "order of deadlines")
        print("  What ends within 30 days?")
        table([["   ", row["date"], self.name(row["id"])] for row in rows])

    def match(self):
        rows = self.run("fund", "match", "--limit", "3")["matches"]
        check(len(rows), 3, "calls that can be met")
        print("  Which calls could be met together?")
        for row in rows:
            partners = [row["lead"], *row["partners"]]
            check(len(set(partners)) >= 2, True, "partners")
            checks = [line["check"] for line in row["checks"] if line["ok"] == "yes"]
            check(len(checks) > 3, True, "reasons")
            print(f"    {self.name(row['opportunity'])}, {row['deadline']}")
            print(f"      {' + '.join(self.name(id) for id in partners)}, {row['points']} of {row['of']} points")

    def pack(self):
        pack = self.run("meeting", "pack", "--language", "fr")
        check(pack["language"], "fr", "language of the pack")
        check(len(pack["agenda"]), 8, "items on the agenda")
        rows = {name: len(pack[name]) for name in ("activities", "contributions", "actions", "agreements") if name in pack}
        stale = [self.name(row["org"]) for row in pack["freshness"] if row["stale"]]
        print(f"  What does the annual meeting need?  {pack['title']}: {len(pack['agenda'])} points,")
        print(f"    {', '.join(f'{count} {name}' for name, count in rows.items())}; stale: {', '.join(stale) or 'nobody'}")

    def changes(self):
        answer = self.returned.run("changes")
        # The imported contacts and the call; Ёлкина, Minh, Žagar and the call were changed after that, and are new here.
        check((answer["new"], answer["deleted"], answer["inConflict"]), (25, 0, 0), "changes")
        writers = sorted({self.name(row["organisation"]) for row in answer["changes"]})
        check(writers, ["CCMS", "PAR"], "who has changed something")
        print(f"  What has the last sync brought to {self.returned.title}?  {answer['new']} new records,")
        print(f"    by {', '.join(writers)}")

    def duplicates(self):
        groups = self.node.run("duplicates")["duplicates"]
        certain = [group for group in groups if group["certain"]]
        check((len(groups) > 8, len(certain) > 0), (True, True), "groups of duplicates, and certain ones")
        people = sorted({self.name(group["survivor"]) for group in groups})
        print(f"  Who is there twice?  {len(groups)} groups, {len(certain)} of them certain, such as")
        print(f"    {', '.join(people[:5])}")

    def violations(self):
        found = self.node.run("violations")["violations"]
        check([row for row in found if row["rule"] not in ("reference", "any-of")], [], "broken rules")
        print(f"  What breaks a rule?  {len(found)} records")
