"""Medians of commands on a fictional network of 100,000 records, as a person waits for them: Scripts/bench commands.

What is measured is from the start of the process to its end, in milliseconds; first through a running node, then without
one. The home is made once and kept.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

PROGRAM = sys.argv[1]
FOLDER = sys.argv[2] if len(sys.argv) > 2 else ".build/bench"
RECORDS = sys.argv[3] if len(sys.argv) > 3 else "100000"
DAY = "2027-03-01"
TURNS = 7


def run(home, *words):
    """Runs a command; what it printed and its milliseconds."""
    began = time.monotonic()
    result = subprocess.run([PROGRAM, *words, "--home", home], stdin=subprocess.DEVNULL, capture_output=True)
    milliseconds = (time.monotonic() - began) * 1000
    if result.returncode not in (0, 5):
        sys.exit(f"bench: error: liaison {' '.join(words)}: {result.stderr.decode(errors='replace').strip()}")
    return result.stdout, milliseconds


def read(home, *words):
    return json.loads(run(home, *words, "--json")[0])


def make(home):
    """Fills the home, unless an earlier run has."""
    if os.path.exists(home):
        return
    unfinished = home + "-unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    run(unfinished, "init", "--network", "Bench", "--organisation", "PAR", "--device", "paris", "--language", "en")
    output, milliseconds = run(unfinished, "demo", "--records", RECORDS, "--at", DAY, "--json")
    done = json.loads(output)
    print(f"demo: {done['created']} records in {done['entries']} entries written in {milliseconds / 1000:.1f} seconds")
    os.rename(unfinished, home)


def serve(home):
    """Starts a node; the process and the milliseconds until it listened."""
    began = time.monotonic()
    server = subprocess.Popen(
        [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--home", home], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    line = server.stdout.readline()
    milliseconds = (time.monotonic() - began) * 1000
    if not line.startswith(b"listening on "):
        sys.exit("bench: error: the node does not listen")
    return server, milliseconds


def stop(server):
    server.terminate()
    server.wait()
    server.stdout.close()


def print_median(name, figures):
    print(f"  {name}: {statistics.median(figures):.0f}")


def scenarios(home):
    """What is measured, by name; commands that this version lacks are left out."""
    known = {command["name"] for command in read(home, "help")["commands"]}
    contact = read(home, "list", "contact", "--where", "display=Losaline Taufa")["records"][0]["id"]
    some = ["list", "interaction", "--where", "channel=visit", "--where", "formality=formal"]
    listed = len(read(home, *some)["records"])
    calls = len(read(home, "list", "opportunity", "--where", "state=open")["records"])
    institutes = len(read(home, "list", "organisation", "--where", "type=c2")["records"])
    print(f"a filtered list of {listed}; {calls} open calls, {institutes} institutes; milliseconds:")
    all_scenarios = [
        ("a process that only starts", "version", ["version"]),
        ("show", "show", ["show", contact]),
        ("set", "set", ["set", contact]),
        (f"list filtered to {listed}", "list", some),
        (f"list filtered to {listed}, as JSON", "list", [*some, "--json"]),
        ("deadlines within 30 days", "deadlines", ["deadlines", "--within", "30", "--at", DAY]),
        ("contact quiet", "contact quiet", ["contact", "quiet", "--days", "60", "--at", DAY]),
        ("publicise pending", "publicise pending", ["publicise", "pending", "--at", DAY]),
        ("coverage", "coverage", ["coverage", "--at", DAY]),
        (f"fund match of {calls} calls", "fund match", ["fund", "match", "--at", DAY]),
        ("meeting pack", "meeting pack", ["meeting", "pack", "--at", DAY, "--json"]),
        ("duplicates", "duplicates", ["duplicates"]),
        ("violations", "violations", ["violations"]),
        ("conflicts", "conflicts", ["conflicts"]),
        ("status", "status", ["status"]),
    ]
    return [(name, words) for name, command, words in all_scenarios if command in known]


def measure(home, chosen):
    for name, words in chosen:
        figures = []
        for _ in range(TURNS):
            change = [f"honorific={random.randrange(10**9)}"] if words[0] == "set" else []
            figures.append(run(home, *words, *change)[1])
        print_median(name, figures)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    home = os.path.join(FOLDER, f"year-{RECORDS}")
    make(home)
    chosen = scenarios(home)
    starts = []
    for _ in range(TURNS):
        server, milliseconds = serve(home)
        starts.append(milliseconds)
        stop(server)
    print_median("start of serve", starts)
    print("through a running node:")
    server, _ = serve(home)
    try:
        measure(home, chosen)
    finally:
        stop(server)
    print("without a running node:")
    measure(home, chosen)


if __name__ == "__main__":
    main()
