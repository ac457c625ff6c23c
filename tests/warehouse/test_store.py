"""Publishing: snapshots, the pointer, the lock, sudden deaths, rebuild and undo."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.warehouse.shop import Export, Shop, load_export

from duoshou.engine.duckdb import connect_reader
from duoshou.settings import Settings
from duoshou.settings.schema import ImportSettings
from duoshou.warehouse import UnknownBatch, UnreadableSnapshot, WarehouseLocked, rebuild, undo
from duoshou.warehouse.batches import next_batch_id

ROOT = Path(__file__).parents[2]


def orders(*numbers: int, exported: int = 1, paid: str = "10.00") -> Export:
    """Return an export of paid orders."""
    rows = tuple((str(number), "paid", paid, None, "title", "1") for number in numbers)
    return Export("header", rows, exported)


def test_a_new_warehouse_is_empty(shop: Shop) -> None:
    """A reader of a workspace without imports finds empty tables, and takes no lock."""
    assert shop.rows("SELECT count(*) FROM order_line") == [(0,)]
    assert not (shop.store.snapshots.folder / "lock").exists()


def test_a_failed_import_leaves_no_trace(shop: Shop) -> None:
    """When a session ends with an error, snapshot and archive are as before."""
    shop.load(orders(1))
    before, entries = shop.store.snapshot(), shop.store.archive.names()
    with pytest.raises(ZeroDivisionError):
        fail_after_loading(shop, orders(2))
    assert shop.store.snapshot() == before
    assert shop.store.archive.names() == entries
    left = {path.name for path in shop.store.snapshots.folder.iterdir()}
    assert not [name for name in left if "unfinished" in name or name.startswith(("staging", "pending"))]


def fail_after_loading(shop: Shop, export: Export) -> None:
    """Load `export`, then fail before it is published."""
    with shop.store.writer("test") as session:
        load_export(session, export, 1)
        raise ZeroDivisionError


def test_only_the_last_snapshots_are_kept(shop: Shop) -> None:
    """Old snapshots go; a reader that has one open goes on."""
    shop.load(orders(1))
    reader = connect_reader(shop.store.snapshot())
    for number in range(2, 6):
        shop.load(orders(number))
    assert len(shop.store.snapshots.kept()) == shop.store.settings.import_.kept_snapshots
    assert reader.execute("SELECT count(*) FROM order_header").fetchall() == [(1,)]
    reader.close()


def test_undo_of_the_last_import_returns_to_the_former_snapshot(shop: Shop) -> None:
    """The last import is taken back without replaying, and can be made again."""
    shop.load(orders(1))
    before = shop.tables(with_arrival=True)
    shop.load(orders(1, 2, exported=2, paid="20.00"))
    report = undo(shop.store)
    assert (report.way, report.files) == ("snapshot", ("header-2.csv",))
    assert shop.tables(with_arrival=True) == before
    (again,) = shop.load(orders(1, 2, exported=2, paid="20.00"))
    assert (again.main.new, again.main.updated) == (1, 1)


def test_undo_of_an_earlier_import_replays(shop: Shop, new_shop: Callable[[], Shop]) -> None:
    """An earlier import is taken out as if it had never come."""
    (first,) = shop.load(orders(1, exported=1))
    shop.load(orders(1, 2, exported=2, paid="20.00"))
    report = undo(shop.store, first.batch_id)
    assert report.way == "replay"
    other = new_shop()
    other.load(orders(1, 2, exported=2, paid="20.00"))
    assert shop.tables() == other.tables()
    assert len(list((shop.store.archive.folder / "undone").glob("*.parquet"))) == 1


def test_undo_without_imports(shop: Shop) -> None:
    """There is nothing to take back in a new workspace, nor a batch of another name."""
    with pytest.raises(UnknownBatch):
        undo(shop.store)
    with pytest.raises(UnknownBatch):
        undo(shop.store, "20200101T000000Z-0001")


def test_an_undo_that_was_cut_short_is_completed(shop: Shop) -> None:
    """Killed after publishing, before the entries moved: the next writer moves them."""
    shop.load(orders(1))
    former = shop.store.snapshot()
    (result,) = shop.load(orders(2))
    names = tuple(entry.name for entry in shop.store.archive.entries() if entry.batch_id == result.batch_id)
    note = {"batch_id": result.batch_id, "undo": True, "entries": names}
    (shop.store.snapshots.folder / "pending.json").write_bytes(msgspec.json.encode(note))
    shop.store.snapshots.point_to(former)
    shop.load(orders(3))
    assert shop.rows("SELECT order_id FROM order_header ORDER BY 1") == [("1",), ("3",)]
    assert not shop.store.archive.names() & set(names)


def test_losing_the_warehouse_loses_nothing(shop: Shop) -> None:
    """Without any snapshot the next writer replays the archive."""
    shop.load(orders(1), orders(2, exported=2))
    before = shop.tables(with_arrival=True)
    for path in shop.store.snapshots.folder.iterdir():
        path.unlink()
    with shop.store.writer("test") as session:
        assert session.changed
    assert shop.tables(with_arrival=True) == before


def test_a_missing_snapshot_is_named(shop: Shop) -> None:
    """A pointer to nothing is an error that says what to do, and `rebuild` mends it."""
    shop.load(orders(1))
    shop.store.snapshot().unlink()
    with pytest.raises(UnreadableSnapshot):
        shop.store.snapshot()
    assert rebuild(shop.store).files == 1
    assert shop.rows("SELECT count(*) FROM order_header") == [(1,)]


def test_rebuild_reports_progress(shop: Shop) -> None:
    """A rebuild tells each file before it reads it, in the order of export."""
    shop.load(orders(2, exported=2))
    shop.load(orders(1, exported=1))
    told: list[tuple[int, int, str]] = []
    report = rebuild(shop.store, progress=lambda *step: told.append(step))
    assert told == [(0, 2, "header-1.csv"), (1, 2, "header-2.csv")]
    assert (report.files, report.rows) == (2, 2)


def test_batch_ids_sort_and_differ(shop: Shop) -> None:
    """Ids sort by time, even when the clock is set back."""
    moment = datetime(2026, 11, 22, 14, 15, tzinfo=UTC)
    first = next_batch_id(moment, [])
    assert first == "20261122T141500Z-0001"
    assert next_batch_id(moment, [first]) == "20261122T141500Z-0002"
    assert next_batch_id(moment.replace(year=2020), [first]) == "20261122T141500Z-0002"
    assert shop.load(orders(1))[0].batch_id != shop.load(orders(2))[0].batch_id


CHILD = """
    import sys
    from pathlib import Path
    from tests.warehouse.shop import Export, Shop, load_export
    shop = Shop(Path(sys.argv[1]))
    count = int(sys.argv[2])
    rows = tuple((str(number), "paid", "10.00", None, "title", "1") for number in range(count))
    lines = tuple((row[0], "a", "1", "1.50") for row in rows)
    with shop.store.writer("child") as session:
        for minute in range(3):
            load_export(session, Export("header", rows[minute:], minute), minute + 1)
            load_export(session, Export("invoice", lines[minute:], minute), minute + 1)
        print("loaded", flush=True)
        if len(sys.argv) > 3:
            sys.stdin.read()
    print("published", flush=True)
"""


def child(shop: Shop, rows: int, *arguments: str) -> subprocess.Popen[str]:
    """Start a process that imports into `shop`; with an argument more it waits before publishing."""
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(shop.directory), str(rows), *arguments]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )


def holds(shop: Shop) -> Any:
    """Return how many order lines the current snapshot has."""
    return shop.rows("SELECT count(*) FROM order_line")[0][0]


@pytest.fixture(scope="module")
def duration(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return how many seconds the child takes when nothing disturbs it."""
    shop = Shop(tmp_path_factory.mktemp("measured") / "shop")
    began = time.perf_counter()
    child(shop, 300).communicate()
    return time.perf_counter() - began


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
@pytest.mark.parametrize("number", range(int(os.environ.get("DUOSHOU_KILLS", "5"))))
def test_killed_in_the_middle(shop: Shop, duration: float, number: int) -> None:
    """Killed at any moment, the warehouse is the one before or the one after, and the next import completes it."""
    shop.load(orders(100_001))
    process = child(shop, 300)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=duration * random.Random(number).uniform(0.15, 1.05))
    process.kill()
    process.communicate()
    assert holds(shop) in (1, 301)
    again = child(shop, 300)
    again.communicate()
    assert again.returncode == 0
    assert holds(shop) == 301
    left = [path.name for path in shop.store.snapshots.folder.iterdir()]
    assert not [name for name in left if "unfinished" in name or name.startswith(("staging", "pending"))]
    assert len(shop.store.archive.names()) == len(list(shop.store.archive.folder.rglob("*.parquet"))) == 7


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_killed_before_publishing(shop: Shop) -> None:
    """Killed with everything loaded but nothing published, the archive holds nothing of it afterwards."""
    shop.load(orders(1))
    process = child(shop, 10, "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "loaded\n"
    assert len(shop.store.archive.names()) == 7
    process.kill()
    process.communicate()
    shop.load(orders(1))
    assert len(shop.store.archive.names()) == 1
    assert shop.rows("SELECT order_id FROM order_header") == [("1",)]


def test_two_writers(shop: Shop) -> None:
    """The second writer is told who holds the workspace; a reader goes on meanwhile; then the second may write."""
    process = child(shop, 5, "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "loaded\n"
    shop.store.settings = Settings(import_=ImportSettings(lock_wait_seconds=0))
    told: list[dict[str, Any]] = []
    with pytest.raises(WarehouseLocked) as locked, shop.store.writer("second", waiting=told.append):
        pass
    assert locked.value.holder["pid"] == process.pid
    assert locked.value.holder["command"] == "child"
    assert told[0]["pid"] == process.pid
    assert shop.rows("SELECT count(*) FROM order_line") == [(0,)]
    shop.store.settings = Settings()
    process.communicate("go on")
    shop.load(orders(100))
    assert shop.rows("SELECT count(*) FROM order_line") == [(6,)]
