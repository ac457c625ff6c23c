"""Server time of every page, users at once, memory of the idle server, and the same table in Datasette.

    python benchmarks/cockpit.py [--rows 10000000] [--rounds 30] [--users 50] [--peer]

The workspace holds `rows` order lines of two years and the shop's own daily figures. A page is asked `rounds` times for
different days (cold: the answer is not remembered) and again for the same ones (warm). With --peer, Datasette serves
500,000 of the lines from SQLite (it must be installed: pip install datasette), and a page of 100 of them, sorted, is
asked of both in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import httpx
from measure import machine
from query_overhead import make_shop

PASSWORD = "long enough 2026"
DAYS = [date(2025, 12, 29) - timedelta(days=number) for number in range(60)]
SHOP_DAYS = """INSERT INTO shop_period BY NAME SELECT 'main' AS shop, 'day' AS grain, d::DATE AS period_start,
    'all' AS terminal, 3000 + hash(d) % 500 AS visitors, 9000 AS page_views, 200 AS buyers, 30000.00 AS paid_amount,
    'bench.csv' AS source_file, 1 AS source_row, TIMESTAMP '2026-01-01' AS exported_at, 'b' AS batch_id,
    TIMESTAMP '2026-01-01' AS loaded_at
    FROM range(TIMESTAMP '2024-01-01', TIMESTAMP '2025-12-31', INTERVAL 1 DAY) r(d)"""
PAGES = (
    "/today?date={day}",
    "/findings",
    "/explore?metric=pay_amount&from={week}&to={day}",
    "/number?metric=pay_amount&from={day}&to={day}",
    "/reports",
    "/data",
    "/glossary",
    "/glossary/pay_amount",
    "/settings",
    "/api/v1/today?date={day}",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    print(machine(), f"{options.rows:,} order lines")
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / "shop"
        prepare(directory, options.rows)
        with running(directory) as (address, server):
            print(f"idle server {memory_mib(server.pid):,.0f} MiB")
            client = signed_in(address)
            pages(client, options.rounds)
            print(f"after the pages {memory_mib(server.pid):,.0f} MiB")
            asyncio.run(crowd(address, client, options.users))
            print(f"after {options.users} users at once {memory_mib(server.pid):,.0f} MiB")
            if options.peer:
                peer(directory, Path(scratch), client, options.rounds)


def prepare(directory: Path, rows: int) -> None:
    """Make the workspace and its owner."""
    from duoshou.access import create_first_owner

    with make_shop(directory, rows) as workbench:
        with duckdb.connect(str(workbench.store.snapshot())) as connection:
            connection.execute(SHOP_DAYS)
        create_first_owner(workbench.state, "owner", "owner", PASSWORD)


class running:  # noqa: N801 - reads as a verb
    """A server process over a workspace."""

    def __init__(self, directory: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = [sys.executable, "-m", "duoshou", "serve", "--workspace", str(directory), "--port", str(self.port)]
        self.process = subprocess.Popen([*words, "--no-browser", "--no-jobs"], stdout=subprocess.DEVNULL)

    def __enter__(self) -> tuple[str, subprocess.Popen[bytes]]:
        address = f"http://127.0.0.1:{self.port}"
        for _ in range(600):
            try:
                httpx.get(address + "/health")
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return address, self.process
        raise RuntimeError("the server does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def memory_mib(process: int) -> float:
    """Return the memory that only this process and its children hold, in MiB."""
    total = 0.0
    for one in [process, *children(process)]:
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) / 1024
    return total


def children(process: int) -> list[int]:
    """Return the processes that a process started."""
    found = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return found + [deeper for one in found for deeper in children(one)]


def signed_in(address: str) -> httpx.Client:
    """Return the client of somebody who has signed in."""
    client = httpx.Client(base_url=address, timeout=120)
    client.post("/sign-in", data={"login": "owner", "password": PASSWORD})
    return client


def ask(client: httpx.Client, path: str) -> float:
    """Return the milliseconds that a page took."""
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return took


def told(name: str, cold: Sequence[float], warm: Sequence[float]) -> None:
    """Print one line."""
    p95 = sorted(warm)[int(len(warm) * 0.95)] if len(warm) > 1 else warm[0]
    print(f"{name:52}{statistics.median(cold):10.1f}{statistics.median(warm):10.1f}{p95:10.1f}")


def pages(client: httpx.Client, rounds: int) -> None:
    """Ask every page for several days, twice."""
    print(f"{'ms':52}{'cold':>10}{'warm':>10}{'warm p95':>10}")
    for page in PAGES:
        paths = [page.format(day=day, week=day - timedelta(days=6)) for day in DAYS[:rounds]]
        try:
            cold = [ask(client, path) for path in paths]
        except RuntimeError as error:
            print(f"{page:52}  {error}")
            continue
        told(page, cold, [ask(client, path) for path in paths])


async def crowd(address: str, client: httpx.Client, users: int) -> None:
    """Let many users read at once, each ten pages, and count errors."""
    took: list[float] = []
    errors = 0

    async def user(number: int) -> None:
        nonlocal errors
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(base_url=address, cookies=client.cookies, timeout=120, limits=limits) as one:
            for step in range(10):
                page = PAGES[(number + step) % len(PAGES)]
                day = DAYS[(number * 7 + step) % 30]
                began = time.perf_counter()
                answer = await one.get(page.format(day=day, week=day - timedelta(days=6)))
                took.append((time.perf_counter() - began) * 1000)
                errors += answer.status_code != 200

    began = time.perf_counter()
    await asyncio.gather(*(user(number) for number in range(users)))
    seconds = time.perf_counter() - began
    took.sort()
    print(
        f"{users} users at once, {len(took)} requests in {seconds:.1f} s ({len(took) / seconds:.0f}/s), "
        f"median {statistics.median(took):.0f} ms, p95 {took[int(len(took) * 0.95)]:.0f} ms, {errors} errors"
    )


def peer(directory: Path, scratch: Path, client: httpx.Client, rounds: int) -> None:
    """Ask a page of 100 sorted rows of one day of both, in turns."""
    import sqlite3

    from duoshou.app import open_workbench

    file = scratch / "peer.db"
    with open_workbench(directory) as workbench, duckdb.connect(str(workbench.store.snapshot()), read_only=True) as one:
        columns = "order_id, product_id, sku, title, quantity, paid_amount::DOUBLE, paid_on::VARCHAR, province"
        rows = one.execute(f"SELECT {columns} FROM order_line WHERE paid_on >= DATE '2025-11-25'").fetchall()
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE l (order_id, product_id, sku, title, quantity, paid_amount, paid_on, province)")
        made.executemany("INSERT INTO l VALUES (?,?,?,?,?,?,?,?)", rows)
        made.execute("CREATE INDEX day ON l (paid_on)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    words = [
        sys.executable,
        "-m",
        "datasette",
        str(file),
        "--port",
        str(port),
        "--setting",
        "sql_time_limit_ms",
        "9999",
    ]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, follow_redirects=True) as other:
            for _ in range(100):
                try:
                    other.get("/")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            theirs, ours = [], []
            for day in DAYS[:rounds]:
                theirs.append(ask(other, f"/peer/l?paid_on={day}&_sort_desc=quantity&_size=100"))
                ours.append(ask(client, f"/number?metric=pay_units&from={day}&to={day}&sort=quantity&order=desc"))
            they, we = statistics.median(theirs), statistics.median(ours)
            print(f"one day's lines: Datasette {they:.1f} ms over {len(rows):,} lines")
            print(f"the same of ours {we:.1f} ms over all lines, {we / they:.2f} times as long")
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
