"""Runs one Python program at a time and reads its clock and its peak memory.

Every contender of a comparison is a program of its own, started fresh, so that none warms another's caches of code or
memory; contenders take turns, so that a slow minute of the machine hits them alike.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREAMBLE = """
import json, resource, sys, time
def report(seconds, **more):
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    json.dump({"seconds": seconds, "peak_mib": used.ru_maxrss / unit, "cpu": cpu, **more}, open(sys.argv[1], "w"))
"""


@dataclass(frozen=True)
class Measurement:
    """What one contender took.

    Attributes:
        name: Whose measurement it is.
        median: Seconds inside the program, median of the rounds.
        least: The same, least of the rounds.
        whole: Seconds of the whole process, median.
        cpu: Seconds of all processors, median.
        peak: Peak memory in MiB.
    """

    name: str
    median: float
    least: float
    whole: float
    cpu: float
    peak: float


def run_once(code: str) -> dict[str, float]:
    """Return what `code` reported: `seconds` of the part it timed, `peak_mib`, `cpu`; and `whole`, of the process."""
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", PREAMBLE + code, answer.name], check=True, stdout=subprocess.DEVNULL)
        whole = time.perf_counter() - began
        return {**json.loads(Path(answer.name).read_text()), "whole": whole}


def compare(contenders: Mapping[str, str], rounds: int) -> list[Measurement]:
    """Return one measurement a contender; the contenders take turns, `rounds` times."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, code in contenders.items():
            taken[name].append(run_once(code))
    return [
        Measurement(
            name,
            statistics.median(one["seconds"] for one in runs),
            min(one["seconds"] for one in runs),
            statistics.median(one["whole"] for one in runs),
            statistics.median(one["cpu"] for one in runs),
            max(one["peak_mib"] for one in runs),
        )
        for name, runs in taken.items()
    ]


def table(measurements: list[Measurement]) -> str:
    """Return the measurements as text, each with its ratio to the first."""
    base = measurements[0]
    lines = [f"{'':34}{'median s':>10}{'least s':>10}{'ratio':>8}{'process s':>11}{'cpu s':>8}{'peak MiB':>10}"]
    lines += [
        f"{one.name:34}{one.median:10.3f}{one.least:10.3f}{one.median / base.median:8.2f}"
        f"{one.whole:11.2f}{one.cpu:8.2f}{one.peak:10.0f}"
        for one in measurements
    ]
    return "\n".join(lines)


def machine() -> str:
    """Return one line about the machine."""
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {sys.platform}"
