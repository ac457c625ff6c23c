"""No person who stands in an export file is found again in the workspace."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path

import duckdb
import pytest
from tests.layouts.files import put
from tests.layouts.samples import all_samples

from duoshou.app import create_workspace, open_workbench

CONTACTS = re.compile(r"(?<![\d.])1[3-9]\d{9}(?![\d.])|[\w.]+@[\w-]+\.\w+")
NAMES = (
    "张三",
    "李四",
    "文一西路",
    "Jane",
    "Roe",
    "1 Main St",
    "555 0101",
    "zhao**",
    "某某贸易",
    "buyer_account",
    "wang88",
)
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16", "cp932")


def text_of(data: bytes) -> str:
    """Return all text of a file, whatever it is packed in."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(text_of(archive.read(name)) for name in archive.namelist())
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


@pytest.fixture(scope="module")
def originals() -> str:
    """The text of all samples; workbooks may write Chinese as character references."""
    return html.unescape("\n".join(text_of(sample.data) for sample in all_samples()))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace into which every sample was imported from outside."""
    folder = tmp_path_factory.mktemp("privacy")
    create_workspace(folder / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    with open_workbench(folder / "shop") as workbench:
        workbench.import_files([put(folder / sample.label, sample.file, sample.data) for sample in all_samples()])
    return folder / "shop"


def kept(workspace: Path) -> str:
    """Return every cell of the archive and of the tables."""
    cells: list[str] = []
    for path in sorted(workspace.rglob("*.parquet")):
        cells += (str(row) for row in duckdb.execute("SELECT * FROM read_parquet($1)", [str(path)]).fetchall())
    with open_workbench(workspace).reader() as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            cells += (str(row) for row in connection.execute(f'SELECT * FROM "{table}"').fetchall())
    return "\n".join(cells)


def test_no_person_is_kept(workspace: Path, originals: str) -> None:
    """Telephones, e-mails and names of the files are in neither archive nor tables."""
    contacts = set(CONTACTS.findall(originals))
    assert len(contacts) >= 8, "the samples hold contacts"
    assert all(name in originals for name in NAMES), "the samples hold names"
    stored = kept(workspace)
    assert len(stored) > 10_000
    assert {found for found in (*contacts, *NAMES) if found in stored} == set()


def test_no_bytes_of_a_person_are_on_the_disk(workspace: Path) -> None:
    """Neither plain nor in the engine's own files."""
    for path in workspace.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [name for name in NAMES if name.encode() in data], path
