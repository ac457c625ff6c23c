"""Every layout imports a file with the platform's real header and traps: the right rows, keys and sums."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.layouts.files import put
from tests.layouts.sample import Sample
from tests.layouts.samples import all_samples

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.sources import load_layouts


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return an empty workspace."""
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    return open_workbench(tmp_path / "shop")


@pytest.mark.parametrize("sample", all_samples(), ids=lambda sample: sample.label)
def test_a_sample_gives_its_rows_keys_and_sums(workbench: Workbench, tmp_path: Path, sample: Sample) -> None:
    """Import the file alone, compare with what is known of it, and import it again without any change."""
    path = put(tmp_path / "files", sample.file, sample.data)
    report = workbench.import_files([path])
    assert [(result.layout, result.error) for result in report.files] == [(sample.layout, None)] * len(report.files)
    told = {code for result in report.files for code in result.problems.totals}
    assert told == set(sample.problems)
    assert sum(result.main.rejected for result in report.files) == sample.rejected
    with workbench.reader() as connection:
        for table, count in sample.rows.items():
            (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
            assert found == count, table
        for question, truth in sample.facts.items():
            (value,) = connection.execute(question).fetchall()[0]
            assert value == truth, question
    again = workbench.import_files([path])
    assert all(table.new == table.updated == 0 for result in again.files for table in result.tables)


def test_every_layout_has_a_sample() -> None:
    """No layout is shipped that was never tried on a file with its own header."""
    assert {sample.layout for sample in all_samples()} == set(load_layouts())
