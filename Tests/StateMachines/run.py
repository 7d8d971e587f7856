#!/usr/bin/env python3
"""State machines of hypothesis against real nodes: run.py --binary PATH [--examples N] [--steps N] [--seed N]

Prints the seed; --seed repeats a run. A failing example is made as small as it can be and printed as the calls of the
rules that show it, with the line that repeats it.
"""

import argparse
import random
import sys
import tempfile

from hypothesis import configuration, HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from machine import Nodes
from nodes import found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="liaison-specimen")
    parser.add_argument("--examples", type=int, default=4)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    print(f"state machines: --examples {options.examples} --steps {options.steps} --seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        Nodes.homes = found(options.binary, folder, ["paris", "dakar", "hanoi"])
        try:
            run_state_machine_as_test(
                seed(options.seed)(Nodes),
                settings=settings(
                    max_examples=options.examples, stateful_step_count=options.steps, deadline=None, derandomize=False,
                    database=None, print_blob=True, verbosity=Verbosity.normal,
                    # The same nodes serve every example, so an example is no function of its choices alone.
                    suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
                ),
            )  # fmt: skip
        finally:
            for home in Nodes.homes:
                home.stop()
    print(f"state machines: {options.examples} examples, {Nodes.steps} commands, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
