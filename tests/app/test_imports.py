"""Which files are imported, and what becomes of the originals."""

from __future__ import annotations

from pathlib import Path

import pytest

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.model import DuoshouError

LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
{0},A1,LAMP,6,2011-03-01 08:26:00,2.55,17850,United Kingdom
{0},A1,LAMP,6,2011-03-01 08:26:00,2.55,17850,United Kingdom
C{0},A1,LAMP,-1,2011-03-02 09:00:00,2.55,17850,United Kingdom
"""


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return an empty workspace."""
    create_workspace(tmp_path / "shop", name="shop", currency="GBP", timezone="Europe/London", language="en")
    return open_workbench(tmp_path / "shop")


def write(folder: Path, name: str, invoice: int = 536365) -> Path:
    """Write a small invoice list and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(LINES.format(invoice), encoding="utf-8")
    return path


def test_an_imported_file_moves_out_of_the_inbox(workbench: Workbench) -> None:
    """The original is in imported/ afterwards, an unknown file stays in the inbox and is reported."""
    inbox = workbench.workspace.inbox
    write(inbox / "march", "lines.csv")
    (inbox / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    report = workbench.import_files()
    assert {result.file: result.error is None for result in report.files} == {"lines.csv": True, "notes.csv": False}
    assert [path.name for path in inbox.rglob("*") if path.is_file()] == ["notes.csv"]
    assert [path.name for path in workbench.workspace.imported.iterdir()] == ["lines.csv"]
    assert report.needs_person
    assert not report.failed


def test_leftovers_of_other_programs_are_no_files(workbench: Workbench) -> None:
    """Unfinished downloads and lock files of spreadsheets are passed over."""
    for name in (".DS_Store", "~$orders.xlsx", "orders.csv.crdownload", "orders.part"):
        write(workbench.workspace.inbox, name)
    assert workbench.import_files().files == ()


def test_a_file_of_the_same_name_gets_company(workbench: Workbench) -> None:
    """Another file of the same name is kept beside the first; the same file again is not kept twice."""
    for invoice in (1, 2, 2):
        write(workbench.workspace.inbox, "lines.csv", invoice)
        workbench.import_files()
    names = sorted(path.name for path in workbench.workspace.imported.iterdir())
    assert len(names) == 2
    assert names[1] == "lines.csv"
    assert names[0].startswith("lines-")


def test_files_from_elsewhere_are_left_alone(workbench: Workbench, tmp_path: Path) -> None:
    """A file that is named lies where it lay."""
    path = write(tmp_path / "downloads", "lines.csv")
    workbench.import_files([path])
    assert path.exists()
    assert not list(workbench.workspace.imported.iterdir())


def test_originals_can_be_deleted(workbench: Workbench) -> None:
    """With originals = "delete" nothing of the file remains but the archive."""
    write(workbench.workspace.inbox, "lines.csv")
    settings = workbench.workspace.settings_file
    text = settings.read_text(encoding="utf-8")
    assert 'originals = "keep"' in text
    settings.write_text(text.replace('originals = "keep"', 'originals = "delete"'), encoding="utf-8")
    again = open_workbench(workbench.workspace.directory)
    assert not again.import_files().needs_person
    assert not list(workbench.workspace.inbox.iterdir())
    assert not list(workbench.workspace.imported.iterdir())


def test_a_dry_run_counts_and_leaves_nothing(workbench: Workbench) -> None:
    """The counts are those of the import, but neither the archive nor the inbox changes."""
    path = write(workbench.workspace.inbox, "lines.csv")
    counted = workbench.import_files(dry_run=True)
    assert counted.files[0].main.new == 3
    assert path.exists()
    assert not list(workbench.workspace.archive.rglob("*.parquet"))
    assert workbench.import_files().files[0].main.new == 3


def test_a_file_that_is_not_there_is_named(workbench: Workbench, tmp_path: Path) -> None:
    """A missing file and a folder are errors that name the path."""
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(DuoshouError) as caught:
            workbench.import_files([path])
        assert caught.value.code == "no_such_file"
        assert caught.value.place.file == str(path)


def test_undo_takes_the_last_import_back_and_rebuild_finds_the_same(workbench: Workbench, tmp_path: Path) -> None:
    """After two imports, undo leaves the first; a rebuild from the archive has the same lines and lineage."""
    query = "SELECT * FROM order_line ORDER BY order_id, line_no"
    workbench.import_files([write(tmp_path, "first.csv", 1)])
    first = workbench.sql(query)
    workbench.import_files([write(tmp_path, "second.csv", 2)])
    assert workbench.sql(query).num_rows == 6
    assert workbench.undo().files == ("second.csv",)
    assert workbench.sql(query) == first
    assert workbench.rebuild().files == 1
    assert workbench.sql(query) == first


def test_a_reader_sees_the_new_snapshot(workbench: Workbench, tmp_path: Path) -> None:
    """A question after an import answers from it, also in a workspace that was open before."""
    workbench.import_files([write(tmp_path, "first.csv", 1)])
    other = open_workbench(workbench.workspace.directory)
    assert other.query(["orders"], last="1m").rows[0].values["orders"].value == 1
    workbench.import_files([write(tmp_path, "second.csv", 2)])
    assert other.query(["orders"], last="1m").rows[0].values["orders"].value == 2
