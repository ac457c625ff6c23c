"""`duoshou targets` on the command line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Command, export

from duoshou.cli import main

FIRST, LAST = date(2026, 4, 13), date(2026, 6, 7)
ROWS = "".join(f"{FIRST + timedelta(days=n)},100,5,6,1000.00\n" for n in range((LAST - FIRST).days + 1))
SHOP_DAYS = f"统计日期,访客数,支付买家数,支付父订单数,支付金额\n{ROWS}"
TARGETS = "月份,指标,目标值\n2026-06,支付金额,29000\n2026-06,支付转化率,6%\n2026-06,访客数,3000\n2026-06,利闰,5\n"


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of eight steady weeks at 1,000 a day, with targets of June 2026; tests only read it."""
    folder = tmp_path_factory.mktemp("targets") / "shop"
    assert main(["init", str(folder)]) == 0
    for name, text in (("days.csv", SHOP_DAYS), ("目标.csv", TARGETS)):
        assert main(["import", "--workspace", str(folder), str(export(folder.parent, text, name))]) == 0
    return folder


def test_progress_in_words(steady: Path, duoshou: Command) -> None:
    """By hand: 7 of 30 days bring 7,000 of 29,000; 30,000 is to be expected, 22,000 ÷ 23 a day is needed."""
    shown = duoshou("targets", "--workspace", steady, "--month", "2026-06", "--date", "2026-06-07")
    assert shown.code == 1
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert "本月累计 7,000.00（完成 24.14%）" in lines
    assert "往常进度 23.33%（按每个星期几的平均），相差 +0.80pp" in lines
    assert "预计全月 30,000（90% 区间 30,000 – 30,000），很可能达成" in lines
    assert "余下每天要 956.52" in lines
    assert "目标 3,000" in lines
    assert "目标 6.00%" in lines
    assert lines.count("预计全月 各天不能相加，直接对比，不做预计") == 2
    assert "利闰" in lines[-1]
    english = duoshou("targets", "--workspace", steady, "--lang", "en", "--date", "2026-06-07").out
    assert "until 2026-06-07, 7 of 30 days of the month" in english


def test_a_month_without_targets(steady: Path, duoshou: Command) -> None:
    """There being none is said, and how to set one."""
    shown = duoshou("targets", "--workspace", steady, "--month", "2026-07", "--date", "2026-06-07")
    assert shown.code == 0
    assert "没有目标" in shown.out


def test_progress_as_json(steady: Path, duoshou: Command) -> None:
    """Amounts are texts, and a target that no metric has stands among the problems."""
    answer = json.loads(duoshou("targets", "--workspace", steady, "--date", "2026-06-07", "--json").out)
    assert (answer["month"], answer["as_of"]) == ("2026-06", "2026-06-07")
    (amount,) = [one for one in answer["targets"] if one["metric"] == "pay_amount"]
    assert (amount["target"], amount["value"]) == ("29000.00", "7000.00")
    assert [one["metric"] for one in answer["problems"]] == ["利闰"]


def test_a_month_is_a_month(steady: Path, duoshou: Command) -> None:
    """What is no month is bad usage."""
    for word in ("2026-13", "june"):
        shown = duoshou("targets", "--workspace", steady, "--month", word)
        assert shown.code == 2
        assert "--month" in shown.err
