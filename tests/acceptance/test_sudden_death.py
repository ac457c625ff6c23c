"""An import that is killed leaves the warehouse that was there, and can always be done again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from duoshou.app import create_workspace, open_workbench
from duoshou.demo import CURRENCY, NAME, TIMEZONE, write_exports

ROUNDS = 10
PARTS = 5
DIGEST = """SELECT count(*), sum(paid_amount), bit_xor(hash(order_id, line_no, sku, quantity, unit_price, paid_amount,
    refund_amount, created_at, source_file, source_row)) FROM order_line"""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace that holds November, with December in its inbox."""
    directory = tmp_path_factory.mktemp("before") / "shop"
    workspace = create_workspace(directory, name=NAME, currency=CURRENCY, timezone=TIMEZONE, language="en")
    _, december = write_exports(workspace.inbox)
    outside = december.rename(directory.parent / december.name)
    open_workbench(directory).import_files([])
    shutil.move(outside, workspace.inbox)
    return directory


def digest(directory: Path) -> Any:
    """Return what the published snapshot holds, read by DuckDB alone."""
    pointed = directory / "warehouse" / (directory / "warehouse" / "current").read_text().strip()
    with duckdb.connect(str(pointed), read_only=True) as connection:
        return connection.execute(DIGEST).fetchall()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_a_random_moment(before: Path, tmp_path: Path, part: int) -> None:
    """Killed at ten random moments, the warehouse is as before or as after, and the next import completes it."""
    whole = tmp_path / "whole"
    shutil.copytree(before, whole)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "duoshou.cli", "--workspace", str(whole), "import"], check=True, capture_output=True
    )
    duration = time.perf_counter() - began
    states = (digest(before), digest(whole))
    dice = random.Random(part)
    for number in range(ROUNDS):
        shop = tmp_path / f"shop-{number}"
        shutil.copytree(before, shop)
        kill_import(shop, dice.uniform(0.2, 1.1) * duration)
        assert digest(shop) in states
        open_workbench(shop).import_files([])
        assert digest(shop) == states[1]
        assert not list((shop / "inbox").iterdir())
        shutil.rmtree(shop)


def kill_import(shop: Path, after: float) -> None:
    """Start an import of the inbox in a process of its own and kill it `after` seconds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "duoshou.cli", "--workspace", str(shop), "import"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
