"""`--compare festival` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command, export

from duoshou.cli import main

LINES = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,A,LAMP,1,1/29/2025 8:26,10.00,1,China
2,A,LAMP,1,1/30/2025 8:26,5.00,1,China
3,A,LAMP,3,2/17/2026 8:26,10.00,1,China
4,A,LAMP,1,2/18/2026 8:26,7.00,2,China
5,A,LAMP,1,3/30/2026 8:26,7.00,2,China
"""
NEW_YEAR = ("--from", "2026-02-17", "--to", "2026-02-18")


@pytest.fixture(scope="module")
def shop_in_china(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with sales at two lunar new years; tests only read it."""
    folder = tmp_path_factory.mktemp("festival") / "shop"
    assert main(["init", str(folder)]) == 0
    assert main(["import", "--workspace", str(folder), str(export(folder.parent, LINES))]) in {0, 1}
    return folder


def test_new_year_is_held_against_new_year(shop_in_china: Path, duoshou: Command) -> None:
    """Each day has the amount of its own day of the year before, and the notes say which and why."""
    words = ("query", "pay_amount", "--grain", "day", "--compare", "festival", *NEW_YEAR, "--json")
    done = duoshou("--workspace", shop_in_china, *words)
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert answer["comparison"] == {"from": "2025-01-29", "to": "2025-01-30"}
    values = [row["values"]["pay_amount"] for row in answer["rows"]]
    assert [(one["value"], one["compare"]) for one in values] == [("30.00", "10.00"), ("7.00", "5.00")]
    (note,) = answer["notes"]
    assert "2025-01-29 – 2025-01-30" in note["zh"]
    assert "Spring Festival" in note["en"]


def test_days_left_out_are_told(shop_in_china: Path, duoshou: Command) -> None:
    """Over a longer time the heading counts the days, in the language asked for."""
    asked = ("query", "pay_amount", "--compare", "festival", "--from", "2026-01-10", "--to", "2026-02-20")
    for language, words in (("zh", "42 天"), ("en", "42 days")):
        shown = duoshou("--workspace", shop_in_china, "--lang", language, *asked)
        assert shown.code == 0, shown.err
        assert words in shown.out.splitlines()[0]
    answer = json.loads(duoshou("--workspace", shop_in_china, *asked, "--json").out)
    assert len(answer["comparison"]["aligned"]) > 1


def test_a_faulty_calendar_is_an_error_message(shop_in_china: Path, duoshou: Command) -> None:
    """The command says which file is wrong, and that is bad input."""
    path = shop_in_china / "calendar.toml"
    path.write_text("[[festival]]\nkey = 'a'\n", encoding="utf-8")
    try:
        done = duoshou("--workspace", shop_in_china, "query", "pay_amount", "--compare", "festival", *NEW_YEAR)
    finally:
        path.unlink()
    assert done.code == 2
    assert "calendar.toml" in done.err
