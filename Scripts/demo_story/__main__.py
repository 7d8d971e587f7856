"""What Scripts/demo shows, told by ten nodes; started by it with the path of the program."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time

from nodes import Checks, Failure
from story import Story


def interrupted(number, frame):
    raise Failure(f"ended by signal {number}")


def main():
    program, keep = sys.argv[1], "--keep" in sys.argv[2:]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, interrupted)
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    began = time.monotonic()
    folder = tempfile.mkdtemp(prefix="liaison-demo-")
    story = Story(program, folder)
    code = 1
    try:
        try:
            story.run()
        finally:
            story.stop()
        print(f"\n{Checks.count} checks passed in {time.monotonic() - began:.1f} seconds.")
        code = 0
    except (Failure, subprocess.TimeoutExpired, KeyError, ValueError, LookupError) as error:
        print(f"demo: error: {error if isinstance(error, Failure) else repr(error)}", file=sys.stderr)
    finally:
        if keep:
            print(f"The homes are in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
