"""Time of `duoshou --help` against `python -c pass`: the commands load only what they need."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from measure import machine

PROGRAMS = {
    "python -c pass": ["-c", "pass"],
    "import click": ["-c", "import click"],
    "duoshou --help": ["-m", "duoshou.cli", "--help"],
    "import duckdb": ["-c", "import duckdb"],
    "import ibis": ["-c", "import ibis"],
}


def main() -> None:
    """Run every program in turn and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, words in PROGRAMS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
            taken[name].append(time.perf_counter() - began)
    print(machine())
    base = statistics.median(taken["python -c pass"])
    for name, seconds in taken.items():
        print(f"{name:20}{statistics.median(seconds) * 1000:8.0f} ms{statistics.median(seconds) / base:8.1f}×")


if __name__ == "__main__":
    main()
