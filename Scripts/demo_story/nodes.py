"""Nodes, checks and what is printed.

Every number and value that the demonstration prints was read back with --json; each `check` compares one of them with
what it must be.
"""

import json
import os
import selectors
import subprocess
import unicodedata

PATIENCE_SECONDS = 60


class Failure(Exception):
    """Something is not as it must be."""


class Checks:
    """How many comparisons were made."""

    count = 0


def check(actual, expected, what):
    Checks.count += 1
    if actual != expected:
        raise Failure(f"{what}: expected {expected!r}, and it is {actual!r}")


class Node:
    """One home, and the server process on it while there is one."""

    def __init__(self, program, title, folder):
        self.program = program
        self.title = title
        self.home = os.path.join(folder, title.lower())
        self.server = None
        self.address = None

    def run(self, *words, code=0):
        """Runs a command to its end and returns the document that it printed."""
        command = [self.program, *words, "--home", self.home, "--json"]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS)
        said = result.stderr.decode(errors="replace").strip()
        if result.returncode != code:
            raise Failure(f"{self.title}: liaison {words[0]} ended with {result.returncode} instead of {code}\n{said}")
        document = json.loads(result.stdout)
        check(document["schema"], 1, f"schema of {words[0]}")
        return document

    def serve(self):
        """Starts the server on any free port and waits until it listens."""
        command = [self.program, "serve", "--listen", "127.0.0.1:0", "--home", self.home]
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

    def count(self, kind, *conditions):
        """How many records of a kind it lists."""
        wanted = [word for condition in conditions for word in ("--where", condition)]
        return len(self.run("list", kind, *wanted)["records"])


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
