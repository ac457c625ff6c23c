"""Five hundred damaged files: each gives rows that add up or a message, in both languages, and the rest is imported."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.sources.test_fuzz import MUTATIONS, originals

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.warehouse import FileResult

PARTS = 5
FILES = 100


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return an empty workspace."""
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    return open_workbench(tmp_path / "shop")


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_files_are_read_or_told(workbench: Workbench, tmp_path: Path, part: int) -> None:
    """A hundred damaged files among sound ones: no exception, counts that add up, and the sound ones all there."""
    chance = random.Random(part)
    sound = originals(tmp_path)
    paths = [put(tmp_path / f"sound-{number}", data) for number, data in enumerate(sound)]
    for number in range(FILES):
        mutate = chance.choice(MUTATIONS)
        paths.append(put(tmp_path / f"damaged-{number}", mutate(chance.choice(sound), chance)))
    chance.shuffle(paths)
    report = workbench.import_files(paths)
    assert {result.file for result in report.files} == {path.name for path in paths}
    for result in report.files:
        check(result)
    assert all(result.error is None for result in report.files if result.file.startswith("sound"))
    again = workbench.import_files(paths)
    assert all(table.new == table.updated == 0 for result in again.files for table in result.tables)


def put(path: Path, data: bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(data)
    return path


def check(result: FileResult) -> None:
    """Assert that a file either says in both languages what is wrong or has counts that add up."""
    if result.error is not None:
        assert result.error.message.zh
        assert result.error.message.en
        assert result.problems.totals
        return
    for table in result.tables:
        parts = table.new + table.updated + table.unchanged + table.rejected + table.repeated
        assert parts == table.rows_read, table
