"""Time and memory of figures: the first, another, the same again; and what the process that prints takes."""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from measure import machine

from duoshou.metrics import Unit
from duoshou.reports.figures import (
    Bars,
    Change,
    Event,
    Figure,
    Gallery,
    Look,
    Part,
    Press,
    Trend,
    Waterfall,
    sparkline,
    spec_of,
)
from duoshou.reports.figures.polish import polished


def trend_of(count: int) -> Trend:
    """A trend with everything in it."""
    days = tuple(date(2026, 11, 24) - timedelta(days=count - 1 - number) for number in range(count))
    expected = tuple(120_000 * (1 + 0.15 * math.sin(number * 0.9)) for number in range(count))
    return Trend(
        "支付金额",
        Unit.MONEY,
        days,
        tuple(None if number == 20 else value * 0.97 for number, value in enumerate(expected)),
        frozenset(days[-3:]),
        expected,
        tuple(value * 0.9 for value in expected),
        tuple(value * 1.1 for value in expected),
        0.9,
        tuple(value * 0.95 for value in expected),
        "上周同期",
        (Event(days[-14], "双11"), Event(days[-7], "改价")),
    )


FIGURES: dict[str, Figure] = {
    "trend, 60 days": trend_of(60),
    "trend, 548 days": trend_of(548),
    "waterfall": Waterfall(
        "支付金额", Unit.MONEY, 1.2e6, 1.1e6, "上周", "本周", (Change("访客数", -1.2e5), Change("客单价", 2e4))
    ),
    "bars, 20 parts": Bars("按商品", Unit.MONEY, tuple(Part(f"商品 {n}", (-1) ** n * 1e4 / n) for n in range(1, 21))),
}


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of one run."""
    began = clock()
    action()
    return clock() - began


def processor(press: Press) -> Callable[[], float]:
    """A clock of the processor time of this process and of the one that prints: what a busy machine cannot spoil."""

    def clock() -> float:
        words = Path(f"/proc/{press.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return time.process_time() + (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    return clock


def resident(process: int | str = "self") -> float:
    """Resident memory of a process in MiB (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def cold() -> tuple[float, float]:
    """Seconds of the first figure of a press that does not run yet, and of one that was warmed up before."""
    press = Press()
    first = seconds(lambda: Gallery(press).svg(FIGURES["trend, 60 days"], Look()))
    press.close()
    press.warm()
    press.svg(spec_of(FIGURES["waterfall"], Look()))
    warmed = seconds(lambda: Gallery(press).svg(FIGURES["trend, 60 days"], Look()))
    press.close()
    return first, warmed


def main() -> None:
    """Print figures about figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cpu", action="store_true", help="processor time, means, for a machine that is not idle")
    given = parser.parse_args()
    rounds = given.rounds
    print(machine())
    bare = resident()
    first = seconds(lambda: spec_of(FIGURES["waterfall"], Look()))
    print(f"memory of this process: {bare:.0f} MiB; after the first spec {resident():.0f} MiB, {first:.2f} s (Altair)")
    starts = [cold() for _ in range(max(3, rounds // 3))]
    print(f"first figure, press not running:  {statistics.median(one for one, _ in starts) * 1000:7.0f} ms")
    print(f"first figure, press warm:         {statistics.median(one for _, one in starts) * 1000:7.0f} ms")
    press = Press()
    press.svg(spec_of(FIGURES["waterfall"], Look()))
    clock = processor(press) if given.cpu else time.perf_counter
    heads = "".join(f"{head:>9}" for head in ("spec", "print", "polish", "again", "folder", "PNG"))
    print(f"{'':18}{heads}{'kB':>7}   ms, {'means of processor time' if given.cpu else 'medians'}")
    for name, figure in FIGURES.items():
        row = measured(press, figure, rounds, clock)
        print(f"{name:18}" + "".join(f"{value:9.2f}" for value in row[:-1]) + f"{row[-1]:7.0f}")
    print(f"memory of the press after all: {resident(press.pid or 0):.0f} MiB; of this process: {resident():.0f} MiB")
    press.close()
    print(f"memory of this process, press ended: {resident():.0f} MiB")
    small = statistics.median(seconds(lambda: sparkline([float(n % 9) for n in range(60)], "x")) for _ in range(rounds))
    print(f"sparkline of 60 days: {small * 1000:.2f} ms")


def measured(press: Press, figure: Figure, rounds: int, clock: Callable[[], float]) -> list[float]:
    """Milliseconds of each step of a figure, and its kB."""
    look = Look()
    steps: list[list[float]] = [[], [], [], [], [], []]
    size = 0
    for number in range(rounds):
        # A title of its own each round, so that nothing was drawn before.
        one = replace(figure, title=f"{figure.title} {number}")
        spec = spec_of(one, look)
        steps[0].append(seconds(lambda one=one: spec_of(one, look), clock))
        raw = press.svg(spec)
        steps[1].append(seconds(lambda spec=spec: press.svg(spec), clock))
        steps[2].append(seconds(lambda raw=raw, spec=spec: polished(raw, spec["usermeta"]), clock))
        with tempfile.TemporaryDirectory() as folder:
            gallery = Gallery(press, Path(folder))
            size = len(gallery.svg(one, look).encode())
            steps[3].append(seconds(lambda gallery=gallery, one=one: gallery.svg(one, look), clock))
            fresh = Gallery(press, Path(folder))
            steps[4].append(seconds(lambda fresh=fresh, one=one: fresh.svg(one, look), clock))
        svg = polished(raw, spec["usermeta"] | {"theme": "light"})
        steps[5].append(seconds(lambda svg=svg: press.png(svg, 2), clock))
    middle = statistics.median if clock is time.perf_counter else statistics.fmean
    return [middle(taken) * 1000 for taken in steps] + [size / 1000]


if __name__ == "__main__":
    main()
