"""Any order and any repetition of a set of files gives the same warehouse."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.layouts.files import put
from tests.layouts.sample import Sample
from tests.layouts.samples import all_samples

from duoshou.app import create_workspace, open_workbench
from duoshou.warehouse.schema import load_tables

_NUMBERS = itertools.count()
_NOT_COMPARED = "batch_id, loaded_at, exported_at"
"""When a file came is no part of what it says; without a time of its own, its export time is when it came."""


def contents(folder: Path, batches: Sequence[Sequence[Sample]]) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table after the batches were imported one after the other."""
    directory = folder / str(next(_NUMBERS))
    create_workspace(directory, name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    (directory / ".key").write_bytes(bytes(range(32)))
    with open_workbench(directory) as workbench:
        for batch in batches:
            paths = [put(folder / sample.label, sample.file, sample.data) for sample in batch]
            workbench.import_files(paths)
        with workbench.reader() as connection:
            return {
                name: connection.execute(f"SELECT * EXCLUDE ({_NOT_COMPARED}) FROM {name} ORDER BY ALL").fetchall()
                for name in load_tables()
            }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_gives_the_same_warehouse(tmp_path: Path, data: st.DataObject) -> None:
    """Take some samples of different layouts, shuffle and repeat them over several imports."""
    layouts = data.draw(
        st.lists(st.sampled_from(sorted({one.layout for one in all_samples()})), min_size=2, max_size=6, unique=True)
    )
    chosen = [next(sample for sample in all_samples() if sample.layout == layout) for layout in layouts]
    arrivals = data.draw(st.permutations([*chosen, *data.draw(st.lists(st.sampled_from(chosen), max_size=3))]))
    middle = data.draw(st.integers(0, len(arrivals)))
    batches = [batch for batch in (arrivals[:middle], arrivals[middle:]) if batch]
    assert contents(tmp_path, batches) == contents(tmp_path, [chosen])


def test_equal_bytes_of_two_days_are_two_files(tmp_path: Path) -> None:
    """Where only the name tells the day, the same table of the next day is not "imported before"."""
    sample = next(sample for sample in all_samples() if sample.layout == "qianniu_dsr")
    day = re.search(r"20\d{6}|20\d\d-\d\d-\d\d", sample.file)
    assert day is not None, sample.file
    next_day = (date.fromisoformat(day[0]) + timedelta(days=1)).isoformat()
    names = (sample.file, sample.file.replace(day[0], next_day if "-" in day[0] else next_day.replace("-", "")))
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    with open_workbench(tmp_path / "shop") as workbench:
        for _ in range(2):
            workbench.import_files([put(tmp_path, name, sample.data) for name in names])
        rows = workbench.sql("SELECT day, count(*) AS scores FROM service_score GROUP BY 1 ORDER BY 1").to_pylist()
    assert [row["day"].isoformat().replace("-", "") for row in rows] == [
        day[0].replace("-", ""),
        next_day.replace("-", ""),
    ]
    assert rows[0]["scores"] == rows[1]["scores"] > 0
