"""Real nodes on loopback, one home each, driven by the command line."""

import json
import os
import pathlib
import subprocess
import time


class Home:
    """One home and the server on it."""

    def __init__(self, binary, folder, name, host):
        self.binary, self.name, self.host = binary, name, host
        self.path = pathlib.Path(folder) / name
        self.server = self.address = None
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": f"{self.path}.user", "LANG": "C.UTF-8"}
        # What Scripts/test --sanitize says to the sanitizers is meant for every process.
        for name in ("ASAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def words(self, arguments):
        return [self.binary, "--home", str(self.path), *arguments]

    def run(self, *arguments):
        """The exit code, what it printed as JSON, and what it said beside that."""
        done = subprocess.run(
            self.words([*arguments, "--json"]), capture_output=True, text=True, env=self.environment, timeout=120
        )
        return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else None, done.stderr

    def call(self, *arguments):
        code, document, said = self.run(*arguments)
        if code != 0:
            raise AssertionError(f"{self.name}: {' '.join(arguments)} ended with {code}: {said}")
        return document

    def text(self, *arguments):
        return subprocess.run(
            self.words(arguments), capture_output=True, text=True, env=self.environment, check=True
        ).stdout.strip()

    def serve(self):
        # Its words go to a file: a pipe that nobody reads would stop it.
        with open(f"{self.path}.talk", "ab") as talk:
            self.server = subprocess.Popen(
                self.words(["serve", "--listen", f"{self.host}:0"]), stdout=subprocess.PIPE, stderr=talk, text=True,
                env=self.environment,
            )  # fmt: skip
        self.address = self.server.stdout.readline().strip().removeprefix("listening on ")
        if not self.address:
            raise AssertionError(f"{self.name} does not serve: {pathlib.Path(f'{self.path}.talk').read_text()}")

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait(60)
            self.server.stdout.close()
            self.server = None

    def digests(self):
        return [(s["space"], s["frontier"], s["state"]) for s in self.call("status")["spaces"]]


def found(binary, folder, names):
    """A network of so many homes, each serving, none with a peer: they meet when they are told to."""
    homes = [Home(binary, folder, name, f"127.{os.getpid() % 200 + 20}.0.{i + 1}") for i, name in enumerate(names)]
    first = homes[0]
    first.call("init", "--network", "Machines", "--organisation", "Sector", "--device", first.name, "--language", "en")
    first.serve()
    for home in homes[1:]:
        code = first.text("invite", "--organisation", home.name)
        home.call("join", code, "--device", home.name, "--language", "en")
        home.call("peer", "remove", "inviter")
        home.serve()
    return homes


def sync(a, b):
    """One node meets another; both must then hold the same."""
    deadline = time.monotonic() + 60
    while True:
        code, document, said = a.run("sync", b.address)
        if code == 0:
            (peer,) = document["peers"]
            assert peer["identical"], f"{a.name} and {b.name} met and differ: {document}"
            return
        # Two who dial each other at once, or a server that is just coming up.
        if time.monotonic() > deadline:
            raise AssertionError(f"{a.name} does not reach {b.name}: {code}: {said}")
        time.sleep(0.2)
