"""Rejected rows are given back with what is wrong with them, and count once they are mended."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.imports import import_mended
from duoshou.warehouse import RejectedRows, UnknownEntry, rejected_rows

HEAD = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
LINES = (
    ("1", "A0", "LAMP", "6", "2011-03-01 08:20:00", "2.55", "17850", "UK"),
    ("2", "A1", "LAMP", "6", "2011-03-01 08:26:00", "2.55", "17851", "UK"),
    ("2", "A2", "LAMP", "six", "2011-03-01 08:26:00", "2.55", "17851", "UK"),
    ("2", "A3", "LAMP", "6", "2011-03-01 08:26:00", "2.55", "17851", "UK"),
    ("3", "A1", "LAMP", "1", "nonsense", "2.55", "17852", "UK"),
    ("4", "A1", "LAMP", "1", "2011-03-02 09:00:00", "2.55", "17853", "UK"),
    ("4", "A4", "LAMP", "?", "2011-03-02 09:00:00", "2.55", "17853", "UK"),
)
MENDED = {"six": "7", "nonsense": "2011-03-01 10:00:00", "?": "8"}


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """A workspace with a list of order lines, three of which were rejected; the last ends the file."""
    create_workspace(tmp_path / "shop", name="shop", currency="GBP", timezone="Europe/London", language="en")
    bench = open_workbench(tmp_path / "shop")
    report = bench.import_files([written(tmp_path / "lines.csv", [HEAD, *LINES])])
    assert [one.main.rejected for one in report.files] == [3]
    return bench


def written(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def only_entry(bench: Workbench) -> str:
    """Return the name of the first entry of the archive."""
    return bench.store.archive.entries()[0].name


def lines(bench: Workbench) -> list[tuple[object, ...]]:
    """Return the lines of all orders."""
    with contextlib.closing(bench.reader()) as connection:
        return connection.execute("SELECT order_id, line_no, sku, quantity FROM order_line ORDER BY ALL").fetchall()


def mended_file(found: RejectedRows, folder: Path) -> Path:
    """Write the rows to mend with their faults mended, as a person would."""
    rows = [[MENDED.get(cell or "", cell or "") for cell in row.cells] for row in found.rows]
    return written(folder / "mended.csv", [list(found.entry.headers), *rows])


WHOLE = [
    ("1", 1, "A0", 6),
    ("2", 1, "A1", 6),
    ("2", 2, "A2", 7),
    ("2", 3, "A3", 6),
    ("3", 1, "A1", 1),
    ("4", 1, "A1", 1),
    ("4", 2, "A4", 8),
]


def test_rejected_rows_come_with_their_orders(workbench: Workbench) -> None:
    """Each row says where it stood and what is wrong; sound rows of the same orders come along, others do not."""
    found = rejected_rows(workbench.store, only_entry(workbench))
    assert (found.total, found.listed) == (3, 6)
    assert [row.row for row in found.rows] == [3, 4, 5, 6, 7, 8]
    assert [[(one.column, one.value) for one in row.faults] for row in found.rows] == [
        [],
        [("Quantity", "six")],
        [],
        [("InvoiceDate", "nonsense")],
        [],
        [("Quantity", "?")],
    ]


def test_no_person_is_among_the_cells(workbench: Workbench) -> None:
    """The buyer's column is named as left out, and its cells are unknown."""
    found = rejected_rows(workbench.store, only_entry(workbench))
    assert found.without == ("CustomerID",)
    assert {row.cells[HEAD.index("CustomerID")] for row in found.rows} == {None}


def test_a_part_can_be_asked_for(workbench: Workbench) -> None:
    """Offset and limit give the rows in the order of the file; the counts are of the whole."""
    found = rejected_rows(workbench.store, only_entry(workbench), offset=1, limit=2)
    assert [row.row for row in found.rows] == [4, 5]
    assert (found.total, found.listed) == (3, 6)


def test_mended_rows_complete_their_orders(workbench: Workbench, tmp_path: Path) -> None:
    """Mended rows make the orders whole, at the edges of both files too, and no line comes twice."""
    report = import_mended(
        workbench, only_entry(workbench), mended_file(rejected_rows(workbench.store, only_entry(workbench)), tmp_path)
    )
    assert [(one.main.rejected, one.error) for one in report.files] == [(0, None)]
    assert lines(workbench) == WHOLE
    workbench.rebuild()
    assert lines(workbench) == WHOLE


def test_the_buyer_of_an_order_stays_known(workbench: Workbench, tmp_path: Path) -> None:
    """Mended rows without the buyer do not take the buyer of an order away that had sound rows."""
    query = "SELECT count(buyer_key) FROM order_header WHERE order_id = '2'"
    with contextlib.closing(workbench.reader()) as connection:
        assert connection.execute(query).fetchall() == [(1,)]
    found = rejected_rows(workbench.store, only_entry(workbench))
    import_mended(workbench, only_entry(workbench), mended_file(found, tmp_path))
    with contextlib.closing(workbench.reader()) as connection:
        assert connection.execute(query).fetchall() == [(1,)]


def test_one_order_mended_alone_is_not_put_behind_itself(workbench: Workbench, tmp_path: Path) -> None:
    """The order that ended its file and is all of the mended one counts once, not as an order cut in two."""
    found = rejected_rows(workbench.store, only_entry(workbench))
    rows = [[MENDED.get(cell or "", cell or "") for cell in row.cells] for row in found.rows if row.cells[0] == "4"]
    import_mended(workbench, only_entry(workbench), written(tmp_path / "four.csv", [HEAD, *rows]))
    assert [row for row in lines(workbench) if row[0] == "4"] == [("4", 1, "A1", 1), ("4", 2, "A4", 8)]


def test_a_later_export_wins_over_mended_rows(workbench: Workbench, tmp_path: Path) -> None:
    """What the platform said afterwards stands, though the mended rows came last."""
    later = [("2", "A1", "LAMP", "9", "2011-03-01 08:26:00", "2.55", "17851", "UK")]
    later += [("9", "A1", "LAMP", "9", "2011-04-01 08:26:00", "2.55", "17851", "UK")]
    workbench.import_files([written(tmp_path / "later.csv", [HEAD, ("8", *LINES[0][1:]), *later])])
    entry = next(one.name for one in workbench.store.archive.entries() if one.file == "lines.csv")
    import_mended(workbench, entry, mended_file(rejected_rows(workbench.store, entry), tmp_path))
    assert [row for row in lines(workbench) if row[0] == "2"] == [("2", 1, "A1", 9)]


@pytest.mark.parametrize("name", ["", "nothing", "../../duoshou", "a" * 64, "../archive/x"])
def test_what_the_archive_does_not_hold_is_refused(workbench: Workbench, name: str) -> None:
    """A name that reaches out of the archive is as unknown as any other."""
    with pytest.raises(UnknownEntry):
        rejected_rows(workbench.store, name)
