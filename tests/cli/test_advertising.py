"""`duoshou advertising` in both languages, as JSON and as CSV."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.cockpit import PLAN_HEAD
from tests.layouts.files import delimited

from duoshou.cli import main


@pytest.fixture(scope="module")
def advertiser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with sixty days of two plans: one earns, one never sells."""
    folder = tmp_path_factory.mktemp("advertising") / "shop"
    days = [date(2026, 6, 1) + timedelta(days=number) for number in range(60)]
    rows = [
        [day.isoformat(), "1", "关键词", plan, name, 1000, 100, 50, orders, orders * 20]
        for day in days
        for plan, name, orders in (("77", "good", 10), ("78", "bad", 0))
    ]
    file = folder.parent / "plans.csv"
    file.write_bytes(delimited([PLAN_HEAD, *rows]))
    assert main(["init", str(folder), "--lang", "zh"]) == 0
    assert main(["import", "--workspace", str(folder), str(file)]) == 0
    return folder


def test_what_does_not_earn_is_told_in_both_languages(advertiser: Path, duoshou: Command) -> None:
    """The plan without orders is waste, with its break-even; without costs the margin is an assumed one."""
    chinese, english = (duoshou("advertising", "--workspace", advertiser, "--lang", one) for one in ("zh", "en"))
    assert (chinese.code, english.code) == (0, 0)
    assert "保本投产比" in chinese.out
    assert "1 个计划的花费收不回来" in chinese.out
    assert "wastes" in english.out
    assert "assumed margin" in english.out


def test_json_and_csv_hold_every_target(advertiser: Path, duoshou: Command, tmp_path: Path) -> None:
    """Both plans in both."""
    file = tmp_path / "ads.csv"
    told = json.loads(duoshou("advertising", "--json", "--csv", file, "--workspace", advertiser).out)
    assert told["schema_version"] == 1
    assert {one["name"]: one["verdict"] for one in told["levels"][0]["targets"]}["bad"] == "wastes"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["target"] for row in rows} == {"good", "bad"}
