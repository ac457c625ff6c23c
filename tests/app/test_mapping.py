"""A file of unknown kind is drafted, tried without a trace, and known from then on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.mapping import draft, keep_mapping, nearest, try_mapping
from duoshou.app.pages.mapping import mapping
from duoshou.model import DuoshouError
from duoshou.sources import LayoutError

ROWS = """流水单号,品名,件数,成交时刻,单价,客户手机
A-1,灯,2,2025-12-03 10:00:00,25.50,13800138000
A-2,椅,x,2025-12-03 11:00:00,125.50,13800138001
"""
MAPPING = """
key = "mine"
platform = "other"
title = { zh = "流水", en = "ledger" }
[recognise]
required = ["流水单号", "件数", "成交时刻"]
[[field]]
name = "order_id"
header = ["流水单号"]
type = "id"
required = true
[[field]]
name = "quantity"
header = ["件数"]
type = "integer"
required = true
[[field]]
name = "phone"
header = ["客户手机"]
type = "text"
personal = "drop"
[[field]]
name = "paid"
header = ["成交时刻"]
type = "instant"
[[table]]
name = "order_item"
[table.columns]
order_id = "order_id"
quantity = "quantity"
paid_at = "paid"
"""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """A workspace with an unknown file in its inbox."""
    create_workspace(tmp_path / "shop", name="shop")
    with open_workbench(tmp_path / "shop") as opened:
        unknown(opened).write_text(ROWS, encoding="utf-8")
        yield opened


def unknown(bench: Workbench) -> Path:
    """Return where the unknown file lies."""
    return bench.workspace.inbox / "流水.csv"


def test_the_nearest_layout_is_told(bench: Workbench) -> None:
    """What is missing is said where a layout comes near; a known file has nothing to be told."""
    found = nearest(bench, unknown(bench))
    assert found is not None
    assert found.why.zh
    keep_mapping(bench, unknown(bench), MAPPING)
    assert nearest(bench, unknown(bench)) is None


def test_a_draft_can_be_tried_as_it_is(bench: Workbench) -> None:
    """The draft loads and fills a table."""
    drafted = draft(bench, unknown(bench))
    assert drafted.startswith("key = ")
    trial = try_mapping(bench, unknown(bench), drafted)
    assert trial.tables
    assert trial.tables[0].rows_read == 2


def test_a_draft_takes_a_key_that_is_free(bench: Workbench) -> None:
    """The second unknown table does not collide with the first."""
    first = draft(bench, unknown(bench))
    key = keep_mapping(bench, unknown(bench), first)
    other = bench.workspace.inbox / "另一份.csv"
    other.write_text("完全不同的列,第二列\n1,2\n", encoding="utf-8")
    assert f'key = "{key}_2"' in draft(bench, other)


def test_a_trial_shows_typed_rows_and_writes_nothing(bench: Workbench) -> None:
    """Good rows as they would be loaded, the bad one counted and told, nobody's number shown, nothing on disk."""
    bench.workspace.secret()
    before = {path for path in bench.workspace.directory.rglob("*") if path.is_file()}
    trial = try_mapping(bench, unknown(bench), MAPPING)
    (table,) = trial.tables
    assert (table.rows_read, table.rejected) == (2, 1)
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["order_id"], row["quantity"], row["paid_at"]) == ("A-1", "2", "2025-12-03 02:00:00")
    assert [(one.column, one.count, one.example) for one in trial.problems] == [("件数", 1, "x")]
    assert "13800138000" not in repr(trial)
    assert {path for path in bench.workspace.directory.rglob("*") if path.is_file()} == before


def test_a_kept_mapping_is_a_layout(bench: Workbench) -> None:
    """The file and the next of its kind are imported without naming anything."""
    assert keep_mapping(bench, unknown(bench), MAPPING) == "mine"
    assert keep_mapping(bench, unknown(bench), MAPPING) == "mine"
    report = bench.import_files()
    assert [(one.layout, one.main.new, one.main.rejected) for one in report.files] == [("mine", 1, 1)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("key = ", "layout_invalid"),
        ("", "layout_invalid"),
        (MAPPING.replace('"mine"', '"../../evil"'), "mapping_key"),
        (MAPPING.replace('"mine"', '"uci_online_retail"'), "mapping_key"),
        (MAPPING.replace('= "quantity"\npaid', "= \"(FROM/**/'/etc/passwd')\"\npaid"), "layout_invalid"),
        (MAPPING.replace('"order_item"', '"nothing"'), "layout_misfit"),
        (MAPPING + "#" * 200_000, "mapping_too_long"),
    ],
)
def test_what_cannot_be_kept_is_refused(bench: Workbench, text: str, code: str) -> None:
    """Broken TOML, names that reach elsewhere, keys of the product's own layouts, reading of files, no such table."""
    with pytest.raises(LayoutError) as refused:
        keep_mapping(bench, unknown(bench), text)
    assert refused.value.code == code
    assert not list(bench.workspace.directory.glob("layouts/*"))


def test_another_mapping_does_not_take_a_key_over(bench: Workbench) -> None:
    """What was imported by a layout stays readable by it."""
    keep_mapping(bench, unknown(bench), MAPPING)
    with pytest.raises(DuoshouError):
        keep_mapping(bench, unknown(bench), MAPPING.replace("ledger", "another"))


def test_the_columns_that_can_be_filled_are_told(bench: Workbench) -> None:
    """The table that the mapping fills comes first; what an import fills by itself is not among the columns."""
    first, *others = mapping(bench, "流水.csv", MAPPING).targets
    assert (first.name, first.is_named) == ("order_item", True)
    assert "paid_at" in dict(first.columns)
    assert not {"shop", "line_no"} & set(dict(first.columns))
    assert not any(one.is_named for one in others)
    assert "order_line" not in {one.name for one in others}
