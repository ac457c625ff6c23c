"""Time and peak memory of the simulated shop.

    python benchmarks/simulation.py year [--days 548] [--seed 7]
    python benchmarks/simulation.py lines [--lines 20000000] [--scratch DIR]
    python benchmarks/simulation.py demo

`year` runs the usual shop, writes all of its files, and works out its truth, which runs the shop again from the first
day of each incident. `lines` scales the shop to about so many order lines and writes its order reports, one month in
memory at a time; the files are counted and deleted. `demo` is what a newcomer waits for.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import machine, run_once

YEAR = """
from datetime import date
from pathlib import Path
import tempfile
from duoshou.demo.exports import write_exports
from duoshou.demo.simulation import simulate
began, busy = time.perf_counter(), time.process_time()
shop = simulate({seed}, date(2025, 12, 3), {days})
ran, ran_busy = time.perf_counter(), time.process_time()
with tempfile.TemporaryDirectory() as folder:
    files = write_exports(shop, Path(folder) / "inbox")
    size = sum(path.stat().st_size for path in files)
wrote, wrote_busy = time.perf_counter(), time.process_time()
if {truth}:
    shop.truth()
report(ran - began, write=wrote - ran, truth=time.perf_counter() - wrote, files=len(files), size=size,
       busy=ran_busy - busy, write_busy=wrote_busy - ran_busy, truth_busy=time.process_time() - wrote_busy,
       incidents=len(shop.world.incidents), lines=sum(len(one.line_order) for one in shop.order_chunks()))
"""
LINES = """
from datetime import date
from pathlib import Path
import tempfile
from duoshou.demo.exports import write_orders
from duoshou.demo.simulation import simulate
began, busy = time.perf_counter(), time.process_time()
shop = simulate(7, date(2025, 12, 3), 548, "none", orders={lines})
ran, ran_busy = time.perf_counter(), time.process_time()
counts = {{"lines": 0, "orders": 0, "size": 0}}
with tempfile.TemporaryDirectory(dir={scratch!r}) as folder:
    def chunks():
        for orders in shop.order_chunks():
            counts["lines"] += len(orders.line_order)
            counts["orders"] += len(orders.ids)
            yield orders
            for path in Path(folder).glob("*.csv"):
                counts["size"] += path.stat().st_size
                path.unlink()
    write_orders(shop.world, chunks(), Path(folder))
report(ran - began, write=time.perf_counter() - ran, busy=ran_busy - busy,
       write_busy=time.process_time() - ran_busy, **counts)
"""


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    year = commands.add_parser("year")
    year.add_argument("--days", type=int, default=548)
    year.add_argument("--seed", type=int, default=7)
    lines = commands.add_parser("lines")
    lines.add_argument("--lines", type=int, default=20_000_000)
    lines.add_argument("--scratch", default=None)
    commands.add_parser("demo")
    asked = parser.parse_args()
    print(machine())
    if asked.command == "year":
        measure_year(asked.seed, asked.days)
    elif asked.command == "lines":
        measure_lines(asked.lines, asked.scratch)
    else:
        measure_demo()


def measure_year(seed: int, days: int) -> None:
    """Print seconds of the days, the files and the truth, and the peak without and with the truth."""
    plain = run_once(YEAR.format(seed=seed, days=days, truth=False))
    told = run_once(YEAR.format(seed=seed, days=days, truth=True))
    print(f"{days} days, {plain['lines']:,} order lines, {plain['incidents']} incidents")
    print(f"days   {plain['seconds']:7.1f} s, {plain['busy']:.1f} s of the processor")
    print(
        f"files  {plain['write']:7.1f} s, {plain['write_busy']:.1f} s of the processor, {plain['files']} files, "
        f"{plain['size'] / 1e6:.0f} MB"
    )
    print(f"truth  {told['truth']:7.1f} s, {told['truth_busy']:.1f} s of the processor")
    print(f"peak   {plain['peak_mib']:7.0f} MiB, with the truth {told['peak_mib']:.0f} MiB")


def measure_lines(lines: int, scratch: str | None) -> None:
    """Print seconds and peak memory of a shop of about `lines` order lines that is streamed to disk."""
    done = run_once(LINES.format(lines=lines, scratch=scratch))
    print(f"{done['lines']:,} order lines of {done['orders']:,} orders, {done['size'] / 1e9:.1f} GB of order reports")
    print(
        f"books   {done['seconds']:7.0f} s, {done['busy']:.0f} s of the processor: the usual shop, then the large one"
    )
    print(
        f"orders  {done['write']:7.0f} s, {done['write_busy']:.0f} s of the processor: run again by month, and written"
    )
    print(f"peak    {done['peak_mib']:7.0f} MiB")


def measure_demo() -> None:
    """Print seconds of `duoshou demo` in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = [sys.executable, "-m", "duoshou", "demo", str(Path(folder) / "shop")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"duoshou demo  {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
