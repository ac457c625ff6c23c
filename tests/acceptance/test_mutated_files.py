"""Two thousand damaged files over all layouts: each gives rows that add up or a message, and the rest is imported."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.layouts.files import put
from tests.layouts.mutations import MUTATIONS
from tests.layouts.samples import all_samples

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.warehouse import FileResult

PARTS = 20
FILES = 100
SOUND = 5


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return an empty workspace."""
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    return open_workbench(tmp_path / "shop")


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_files_are_read_or_told(workbench: Workbench, tmp_path: Path, part: int) -> None:
    """A hundred damaged files among sound ones: no exception, counts that add up, and the sound ones all there."""
    chance = random.Random(part)
    samples = all_samples()
    sound = {f"sound-{sample.file}" for sample in chance.sample(samples, SOUND)}
    paths = [
        put(tmp_path, f"sound-{sample.file}", sample.data) for sample in samples if f"sound-{sample.file}" in sound
    ]
    for number in range(FILES):
        # Every layout gets its share: the parts go through the samples by turns.
        sample = samples[(part * FILES + number) % len(samples)]
        paths.append(put(tmp_path, f"{number}-{sample.file}", chance.choice(MUTATIONS)(sample.data, chance)))
    chance.shuffle(paths)
    report = workbench.import_files(paths)
    assert {result.file for result in report.files} == {path.name for path in paths}
    for result in report.files:
        check(result)
    assert all(result.error is None for result in report.files if result.file in sound)


def check(result: FileResult) -> None:
    """Assert that a file either says in both languages what is wrong or has counts that add up."""
    if result.error is not None:
        assert result.error.message.zh
        assert result.error.message.en
        assert result.problems.totals
        return
    for table in result.tables:
        parts = table.new + table.updated + table.unchanged + table.rejected + table.repeated
        assert parts == table.rows_read, (result.file, table)
