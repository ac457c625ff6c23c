"""`duoshou basket` in both languages and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command, export

from duoshou.cli import main


@pytest.fixture(scope="module")
def grocer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with 240 invoices: bread and butter on a sixth of them, each alone with other things on a twelfth."""
    folder = tmp_path_factory.mktemp("basket") / "shop"
    lines = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"]
    for number in range(240):
        others = {f"OTHER {number * 7 % 11}", f"OTHER {number * 5 % 13}"}
        pair = {"BREAD", "BUTTER"}
        bought = {0: pair, 1: pair, 2: {"BREAD", *others}, 3: {"BUTTER", *others}}.get(number % 12, others)
        when = f"12/{number % 28 + 1}/2010 8:26"
        lines += [
            f"{536000 + number},{one},{one},1,{when},10.00,{17000 + number % 60},France" for one in sorted(bought)
        ]
    assert main(["init", str(folder), "--currency", "GBP", "--timezone", "Europe/London"]) == 0
    assert main(["import", "--workspace", str(folder), str(export(folder.parent, "\n".join(lines) + "\n"))]) == 0
    return folder


def test_pairs_and_bundles_are_told_in_both_languages(grocer: Path, duoshou: Command) -> None:
    """The pair stands in the table of pairs, and its bundle with what it would give away."""
    days = ("--from", "2010-12-01", "--to", "2010-12-28", "--margin", "0.5", "--workspace", grocer)
    chinese, english = (duoshou("basket", *days, "--lang", language) for language in ("zh", "en"))
    assert (chinese.code, english.code) == (0, 0)
    assert "一起买" in chinese.out
    assert "搭售（30 天）" in chinese.out
    assert "bought together" in english.out
    assert english.out.count("BREAD") >= 2


def test_the_json_tells_the_pair_with_its_interval(grocer: Path, duoshou: Command) -> None:
    """Forty invoices hold both; the lift has its interval and the false discovery rate."""
    days = ("--from", "2010-12-01", "--to", "2010-12-28", "--workspace", grocer)
    told = json.loads(duoshou("basket", *days, "--triples", "--json").out)
    pair = told["pairs"][0]
    assert (pair["left"]["id"], pair["right"]["id"], pair["together"]) == ("BREAD", "BUTTER", 40)
    assert 1 < pair["low"] < pair["shrunk"] < pair["high"]
    assert pair["false_rate"] <= 0.05
    assert told["attach"]["baskets"] == 240
    assert told["bundles"][0]["verdict"] == "cannot_tell"
    assert any("类目" in one["zh"] for one in told["caveats"])


def test_days_without_orders_cannot_be_told(grocer: Path, duoshou: Command) -> None:
    """Where no order was paid, that is said, and nothing else."""
    told = duoshou("basket", "--from", "2009-12-01", "--to", "2009-12-28", "--workspace", grocer, "--lang", "zh")
    assert told.code == 0
    assert "不能判断" in told.out
