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


WORD_HEAD = [
    *("日期", "计划ID", "计划名称", "单元ID", "单元名称", "主体ID", "主体名称", "推广类型", "关键词", "花费", "展现量"),
    *("点击量", "点击率", "平均点击花费", "总成交金额", "总成交笔数", "总购物车数", "收藏宝贝数", "投入产出比"),
]


@pytest.fixture(scope="module")
def buyer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a report of two keywords: one is cheap for what it sells, the other dear."""
    folder = tmp_path_factory.mktemp("bids") / "shop"
    days = [date(2026, 6, 1) + timedelta(days=number) for number in range(60)]
    rows = [
        [
            *(day.isoformat(), "77", "主推", "8", "单元", "1", "鞋", "标准", word, cost, 1000, 100, 0.1),
            *(cost / 100, orders * 50, orders, 0, 0, 1),
        ]
        for day in days
        for word, cost, orders in (("red shoe", 50, 10), ("shoe", 200, 4))
    ]
    file = folder.parent / "words.csv"
    file.write_bytes(delimited([WORD_HEAD, *rows]))
    assert main(["init", str(folder), "--lang", "zh"]) == 0
    assert main(["import", "--workspace", str(folder), str(file)]) == 0
    return folder


def test_bids_are_told_and_written(buyer: Path, duoshou: Command, tmp_path: Path) -> None:
    """The cheap keyword is raised and the dear one lowered; the sheet of today comes back with the new bids."""
    sheet, current = tmp_path / "new.csv", tmp_path / "now.csv"
    current.write_text("计划名称,关键词,出价\n主推,red shoe,0.70\n主推,shoe,2.60\n", encoding="utf-8")
    told = duoshou("advertising", "--bids", sheet, "--current", current, "--workspace", buyer, "--lang", "zh")
    assert told.code == 0
    assert "竞价模型" in told.out
    rows = {row["关键词"]: float(row["出价"]) for row in csv.DictReader(sheet.read_text("utf-8-sig").splitlines())}
    assert rows["red shoe"] > 0.7
    assert rows["shoe"] < 2.6


def test_a_goal_needs_an_amount(buyer: Path, duoshou: Command) -> None:
    """A goal without money is refused; one that is met by name has a price."""
    assert duoshou("advertising", "--goal", "主推", "--workspace", buyer).code == 2
    told = json.loads(duoshou("advertising", "--goal", "主推=1", "--budget", "500", "--json", "--workspace", buyer).out)
    assert told["bids"]["goals"][0]["keywords"] == 2


@pytest.mark.parametrize(
    "words",
    [
        *(("--budget", one) for one in ("0", "-5", "nan", "inf", "viel", "1e12", "")),
        *(("--step", one) for one in ("0", "nan", "inf", "x", "0.6")),
        *(("--goal", one) for one in ("主推=nan", "主推=inf", "=1", "主推=0")),
    ],
)
def test_what_cannot_be_wanted_is_refused_with_what_can(buyer: Path, duoshou: Command, words: tuple[str, str]) -> None:
    """As bad usage in both languages, with the bounds and without a traceback."""
    for language in ("zh", "en"):
        told = duoshou("advertising", *words, "--workspace", buyer, "--lang", language)
        assert told.code == 2
        assert "Traceback" not in told.err
        assert "→" in told.err


def test_without_keywords_no_sheet_is_written(advertiser: Path, duoshou: Command, tmp_path: Path) -> None:
    """It says so instead."""
    told = duoshou("advertising", "--bids", tmp_path / "none.csv", "--workspace", advertiser, "--lang", "en")
    assert "there is no plan" in told.err
    assert not (tmp_path / "none.csv").exists()


def test_creatives_and_hours_are_told_in_both_languages(
    tmp_path_factory: pytest.TempPathFactory, duoshou: Command
) -> None:
    """A sheet of the shop's own: a creative that wears out beside four that hold, and a night that sells little."""
    folder = tmp_path_factory.mktemp("parts") / "shop"
    rows: list[list[object]] = [
        ["日期", "计划", "推广维度", "名称", "归因天数", "展现量", "点击量", "花费", "成交笔数", "成交金额"]
    ]
    for number in range(80):
        day = (date(2026, 6, 1) + timedelta(days=number)).isoformat()
        for hour in range(24):
            orders = 1 if hour < 6 else 4
            rows.append([day, "主推", "时段", f"{hour}点", 15, 800, 40 + number % 3, 60, orders, orders * 100])
        for one in range(5):
            if number < 6 * one:
                continue
            clicks = round(4000 * 0.04 * (max((number + 1) / 7, 1.0) ** -0.5 if one == 0 else 1.0)) + number % (3 + one)
            rows.append([day, "主推", "创意", f"主图{one}", 15, 4000, clicks, clicks, clicks // 10, clicks // 10 * 100])
    file = folder.parent / "splits.csv"
    file.write_bytes(delimited(rows))
    assert main(["init", str(folder), "--lang", "zh"]) == 0
    assert main(["import", "--workspace", str(folder), str(file)]) == 0
    chinese, english = (duoshou("advertising", "--workspace", folder, "--lang", one) for one in ("zh", "en"))
    assert (chinese.code, english.code) == (0, 0)
    assert "看腻了" in chinese.out
    assert "该调的分时" in chinese.out
    assert "worn" in english.out
    assert "Coefficients of hours" in english.out


def test_a_day_of_the_past_knows_nothing_of_its_parts_after_it(tmp_path: Path, duoshou: Command) -> None:
    """Creatives and hours as of a day are the same whether later days were imported or not.

    Plans are not compared: a later export says of more of their days that the orders have settled.
    """
    day = date(2026, 7, 30)
    head = ["日期", "计划", "推广维度", "名称", "归因天数", "展现量", "点击量", "花费", "成交笔数", "成交金额"]
    rows: list[tuple[date, list[object]]] = []
    for number in range(80):
        on = date(2026, 6, 1) + timedelta(days=number)
        late = on > day
        for name, clicks in (("图A", 200 if late else 60), ("图B", 50), *((("图C", 90),) if late else ())):
            rows.append((on, [on, "主推", "创意", name, 15, 4000, clicks, clicks, clicks // 10, clicks]))
        for hour in range(0, 24, 6):
            orders = 1 if late else 4 + hour
            rows.append((on, [on, "主推", "时段", f"{hour}点", 15, 800, 40, 60, orders, orders * 100]))
    told = []
    for name, last in (("known", day), ("later", date.max)):
        folder, file = tmp_path / name, tmp_path / f"{name}.csv"
        file.write_bytes(delimited([head, *(row for on, row in rows if on <= last)]))
        assert duoshou("init", folder, "--lang", "zh").code == 0
        assert duoshou("import", "--workspace", folder, file).code == 0
        answer = duoshou("advertising", "--workspace", folder, "--as-of", day, "--json")
        assert answer.code == 0
        found = json.loads(answer.out)
        parts = [one for one in found["levels"] if one["level"] in {"creative", "hour"}]
        told.append((found["creatives"], found["splits"], parts))
    assert [bool(one) for one in told[0]] == [True] * 3
    assert told[0] == told[1]
