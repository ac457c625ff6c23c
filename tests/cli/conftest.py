"""A small shop for the tests of the command line: made once, read by many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from duoshou.cli import main

LINES = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,WHITE LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom
536370,22728,ALARM CLOCK,24,12/2/2010 8:45,3.75,12583,France
536371,22728,=CMD(),1,12/2/2010 8:45,1000.00,12583,=France
"""


@dataclass(frozen=True)
class Output:
    """What one command wrote, and its exit code."""

    code: int
    out: str
    err: str


Command = Callable[..., Output]


@pytest.fixture
def duoshou(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command line in this process."""

    def run(*words: object) -> Output:
        code = main([str(word) for word in words])
        written = capsys.readouterr()
        return Output(int(code), written.out, written.err)

    return run


def export(folder: Path, text: str = LINES, name: str = "invoices.csv") -> Path:
    """Write an export file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with five invoice lines; tests only read it."""
    folder = tmp_path_factory.mktemp("cli") / "shop"
    assert main(["init", str(folder), "--currency", "GBP", "--timezone", "Europe/London"]) == 0
    assert main(["import", "--workspace", str(folder), str(export(folder.parent))]) == 0
    return folder
